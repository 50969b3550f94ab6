"""Which sweeps and channels say nothing, and why."""

from __future__ import annotations

import numpy as np
import pytest

from amr_viewer.analysis.rejection import channel_is_off, rejections
from amr_viewer.core.responses import Rejection
from tests.analysis.builders import DEFAULT, changed, noise, stimuli_of, sweeps_of

N = 6
ROWS = np.arange(N)
NONE_FAILED = np.zeros(N, bool)
APART = stimuli_of(np.arange(N) * 0.4 + 0.5)


def reasons(off: str = "", failed: np.ndarray = NONE_FAILED, **replaced: object) -> list[int]:
    sweeps = sweeps_of(noise(N), **replaced)
    return rejections(sweeps, 0, APART, ROWS, failed, off, DEFAULT).tolist()


def test_good_sweeps_are_not_rejected() -> None:
    assert reasons() == [Rejection.NONE] * N


def test_a_failed_stimulus() -> None:
    assert reasons(failed=ROWS == 2)[2] == Rejection.DIRECT_RESPONSE_MISSING
    assert sum(reasons(failed=ROWS == 2)) == Rejection.DIRECT_RESPONSE_MISSING


def test_a_rail_counts_from_two_milliseconds_within_the_window() -> None:
    at = np.array([-np.inf, 3.0, 8.0, 8.6, 15.0, 2.0], np.float32)[:, None]
    expected = [0, 0, 0, Rejection.SATURATION, Rejection.SATURATION, 0]
    assert reasons(saturated_ms=at) == expected


def test_missing_samples() -> None:
    missing = (ROWS == 4)[:, None]
    assert reasons(missing=missing)[4] == Rejection.INCOMPLETE


def test_next_stimulus_within_the_search() -> None:
    stimuli = stimuli_of(np.array([0.5, 0.52, 0.9, 0.928, 1.5, 2.0]))
    found = rejections(sweeps_of(noise(N)), 0, stimuli, ROWS, NONE_FAILED, "", DEFAULT)
    # The search and half a response need 20 + 7 ms; the third stimulus leaves 28.
    assert found.tolist() == [Rejection.OVERLAP] + [Rejection.NONE] * 5
    longer = rejections(
        sweeps_of(noise(N)), 0, stimuli, ROWS, NONE_FAILED, "", changed(window_end_ms=25)
    )
    assert longer[2] == Rejection.OVERLAP


def test_next_stimulus_of_another_site_counts_too() -> None:
    stimuli = stimuli_of(np.array([0.5, 0.515, 0.9, 1.3]))
    found = rejections(
        sweeps_of(noise(2)), 0, stimuli, np.array([0, 2]), np.zeros(2, bool), "", DEFAULT
    )
    assert found.tolist() == [Rejection.OVERLAP, Rejection.NONE]


def test_a_channel_that_is_off_rejects_all() -> None:
    assert reasons(off="channel is flat") == [Rejection.ELECTRODE] * N


def test_flat_channel_is_off() -> None:
    assert channel_is_off(sweeps_of(np.zeros((N, 1, 1950))), 0, DEFAULT) == "channel is flat"


def test_open_electrode_is_off() -> None:
    sweeps = sweeps_of(noise(N), hum_uv=np.full((N, 1), 90.0, np.float32))
    assert "mains hum only (90 uV)" in channel_is_off(sweeps, 0, DEFAULT)


@pytest.mark.parametrize("hum_uv", [0.0, 20.0, 39.0])
def test_some_hum_is_no_open_electrode(hum_uv: float) -> None:
    sweeps = sweeps_of(noise(N), hum_uv=np.full((N, 1), hum_uv, np.float32))
    assert channel_is_off(sweeps, 0, DEFAULT) == ""


def test_hum_beside_strong_muscle_activity_is_no_open_electrode() -> None:
    sweeps = sweeps_of(noise(N, uv=40.0), hum_uv=np.full((N, 1), 90.0, np.float32))
    assert channel_is_off(sweeps, 0, DEFAULT) == ""
