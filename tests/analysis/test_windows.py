"""How much time around a stimulus is looked at."""

from __future__ import annotations

import numpy as np
import pytest

from amr_viewer.analysis.windows import Window, quiet_stretch, sweep_window
from amr_viewer.core.recording import Recording, Segment
from tests.analysis.builders import DEFAULT, changed, recording_of


def recording(segments: tuple[Segment, ...] | None = None, n: int = 100_000) -> Recording:
    return recording_of({"A": np.zeros(n)}, [], segments=segments)


def window(interval_s: float) -> Window:
    times = 0.5 + np.arange(0.0, 9.0, interval_s)
    return sweep_window(recording(), times, DEFAULT)


def test_slow_stimulation_leaves_room_before_and_after() -> None:
    assert window(1.0) == Window(120.0, 75.0)


@pytest.mark.parametrize("interval_s", [0.5, 0.2, 0.15, 0.1])
def test_sweeps_do_not_overlap(interval_s: float) -> None:
    found = window(interval_s)
    assert found.before_ms + found.after_ms <= 1e3 * interval_s
    assert found.after_ms >= 37.0


def test_sweep_holds_the_whole_search() -> None:
    parameters = changed(window_end_ms=60)
    found = sweep_window(recording(), 0.5 + np.arange(9.0), parameters)
    assert found.after_ms >= 60.0 + 14.0


def test_stored_sweeps_limit_the_window() -> None:
    segments = tuple(Segment(i * 1.0, 0.1, i * 0.1) for i in range(10))
    found = sweep_window(recording(segments, 10_000), np.arange(10) + 0.02, DEFAULT)
    assert found.before_ms == pytest.approx(19.5)
    assert found.after_ms <= 80.0


def test_quiet_is_before_the_stimulus() -> None:
    times = np.arange(-120.0, 75.0, 0.1)
    quiet = times[quiet_stretch(times, DEFAULT)]
    assert quiet[0] == pytest.approx(-118.0, abs=0.2)
    assert quiet[-1] == pytest.approx(-1.5, abs=0.2)


def test_without_a_baseline_quiet_is_late() -> None:
    times = np.arange(-5.0, 95.0, 0.1)
    quiet = times[quiet_stretch(times, DEFAULT)]
    assert quiet[0] > 37.0
    assert quiet[-1] < 93.1


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_stimuli_have_a_window(n: int) -> None:
    found = sweep_window(recording(), 0.5 + np.arange(float(n)), DEFAULT)
    assert found.before_ms > 0.0
    assert found.after_ms >= 37.0
