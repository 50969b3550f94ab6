"""Sweeps on one time line: segments, and a mark at each stimulus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isfinite, nan

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.recording import Mark, Segment, StimulusLabel

SPACING_S = 1.0


@dataclass(frozen=True, slots=True)
class Stimulation:
    """What a file says of one stimulus."""

    intensity: float | None = None
    unit: str | None = None

    @property
    def intensity_ma(self) -> float | None:
        """The current, None if the file gives a voltage, a percentage or no unit."""
        known = self.unit is not None and self.unit.strip().lower() in {"ma", "ма"}
        return self.intensity if known else None

    @property
    def text(self) -> str:
        """What a mark says: 'Stim 3.5 V'."""
        if self.intensity is None or not isfinite(self.intensity):
            return "Stim"
        return f"Stim {self.intensity:g} {self.unit or ''}".strip()


def place(durations_s: Sequence[float]) -> list[float]:
    """Return starts of sweeps of which the times are unknown: a second apart, or more if longer."""
    longest = max(durations_s)
    spacing = SPACING_S if longest < SPACING_S else floor(longest) + SPACING_S
    return [i * spacing for i in range(len(durations_s))]


def segments_of(
    starts_s: Sequence[float], lengths: Sequence[int], rate_hz: float
) -> tuple[Segment, ...]:
    """Return one segment per sweep; `lengths` in samples."""
    stored = np.concatenate([[0], np.cumsum(lengths)])
    return tuple(
        Segment(float(start), n / rate_hz, float(before) / rate_hz)
        for start, n, before in zip(starts_s, lengths, stored[:-1], strict=True)
    )


def mark_stimuli(
    starts_s: Sequence[float],
    offsets_s: NDArray[np.float64],
    durations_s: Sequence[float],
    stimuli: Sequence[Stimulation],
) -> tuple[tuple[Mark, ...], list[str]]:
    """Return a mark at time zero of each sweep, and warnings.

    Parameters
    ----------
    starts_s : sequence of float
        Start of each sweep in the recording.
    offsets_s : ndarray, shape (n_sweeps,)
        Time of each sweep's first sample as its time column writes it; NaN if it has none.
    durations_s : sequence of float
    stimuli : sequence of Stimulation
    """
    marks, at_start = [], 0
    for start, offset, duration, stimulus in zip(
        starts_s, offsets_s, durations_s, stimuli, strict=True
    ):
        known = isfinite(offset) and -duration < offset <= 1e-9
        at_start += not known
        label = StimulusLabel(intensity_ma=stimulus.intensity_ma)
        time_s = float(start - offset) if known else float(start)
        marks.append(Mark(time_s, nan, stimulus.text, None, label))
    warnings = []
    if at_start:
        warnings.append(
            f"{at_start} sweeps do not say when the stimulus came; it is taken to be at their start"
        )
    return tuple(marks), warnings
