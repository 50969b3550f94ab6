"""Stimuli that leave no time without any are refused in words."""

from __future__ import annotations

import pytest

from amr_viewer.errors import StimulusError
from amr_viewer.workflow import analyze
from tests.analysis.stimulation import noise, recording

RATE = 1000.0


def test_stimuli_without_a_baseline_between_them() -> None:
    times = [0.486, 0.496, 1.769, 1.779, 3.253, 3.263, 4.935, 4.945]
    crowded = recording(noise(8.0, 2, rate=RATE), times, rate=RATE)
    with pytest.raises(StimulusError, match=r"no baseline is left .* ignore = true"):
        analyze(crowded)


def test_the_same_with_room_between_them() -> None:
    times = [0.486, 1.0, 1.769, 2.3, 3.253, 3.8, 4.435, 4.945]
    assert len(analyze(recording(noise(8.0, 2, rate=RATE), times, rate=RATE)).stimuli) == 8
