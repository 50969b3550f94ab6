"""Which parts of a recording are free-running EMG, and where stimuli lie in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.parameters import Parameters
from amr_viewer.core.recording import Recording
from amr_viewer.core.stimuli import Stimuli

FREE_S = 2.0
"""Stimuli that follow each other faster leave no free-running EMG between them."""

LEAST_S = 10.0
LEAST_BESIDE_S = 30.0
"""Less than this in all is not looked at, alone or beside trains of stimuli: a level of rest needs
some seconds, and what is left between trains says nothing of patterns."""

STRETCH_S = 5.0
"""Shorter stretches between trains are left out."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Unbroken EMG without trains of stimuli.

    Attributes
    ----------
    start_s, end_s : float
        Seconds from the start of the recording.
    segment : int
        Index into ``Recording.segments``.
    """

    start_s: float
    end_s: float
    segment: int

    @property
    def duration_s(self) -> float:
        """Length."""
        return self.end_s - self.start_s


def free_stretches(
    recording: Recording, stimuli: Stimuli, parameters: Parameters
) -> tuple[list[Stretch], str]:
    """Return the stretches in which bursts are looked for, and why there are none.

    Trains of stimuli less than 2 s apart are left out with what they evoke; a single stimulus stays
    inside, and what follows it is set aside later.

    Returns
    -------
    stretches : list of Stretch
        In order of time; empty if too little would be left.
    reason : str
        In words, empty if there are stretches.
    """
    after_s = 1e-3 * parameters.bursts.stimulus_after_ms
    found = []
    for index, segment in enumerate(recording.segments):
        inside = (stimuli.time_s >= segment.start_s) & (stimuli.time_s < segment.end_s)
        edge = segment.start_s
        for first, last in _trains(np.sort(stimuli.time_s[inside])):
            found.append(Stretch(edge, first, index))
            edge = last + after_s
        found.append(Stretch(edge, segment.end_s, index))
    stretches = [s for s in found if s.duration_s >= STRETCH_S]
    total_s = sum(s.duration_s for s in stretches)
    trains = len(found) > len(recording.segments)
    if total_s >= (LEAST_BESIDE_S if trains else LEAST_S):
        return stretches, ""
    if trains:
        return [], "stimulated throughout: no free-running EMG of 30 s or more"
    return [], "no continuous EMG of 10 s or more"


def _trains(times_s: NDArray[np.float64]) -> list[tuple[float, float]]:
    """Return first and last stimulus of each train of at least two that are close together."""
    if len(times_s) < 2:
        return []
    parts = np.split(times_s, np.flatnonzero(np.diff(times_s) >= FREE_S) + 1)
    return [(float(p[0]), float(p[-1])) for p in parts if len(p) > 1]
