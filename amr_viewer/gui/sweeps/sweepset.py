"""All sweeps of one site, held compactly; how they are drawn is left to `raster`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import count

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.arrays import freeze
from amr_viewer.core.epochs import Epochs
from amr_viewer.gui.document import Site

BLOCK = 256
"""Sweeps that are worked on at once: they stay in the processor's cache."""

FULL = 32000
LOST = -32768
"""Stored where a sample lies outside the recording."""

FINEST_UV = 0.002
"""A sample is never stored finer than this."""

FIRST_MS = 1.5
"""Before this the stimulus artefact is taken to last, also where no end of it is known."""

BEFORE_MS = -0.5
"""Until this nothing of the stimulus artefact is taken to be there."""


_serials = count(1)


@dataclass(frozen=True, slots=True, eq=False)
class SweepSet:
    """The sweeps of one site and every analyzed channel.

    Attributes
    ----------
    site : (Branch or None, Side or None)
    times_ms : ndarray, shape (n_times,)
        Evenly spaced.
    stimuli : ndarray of int, shape (n_sweeps,)
        In order of time.
    counts : ndarray of int16, shape (n_channels, n_sweeps, n_times)
        In steps of `step_uv`; `LOST` outside the recording. Values within the stimulus artefact
        that lie beyond the scale are cut to it, later ones never.
    step_uv : ndarray, shape (n_channels,)
    blank_end_ms : ndarray of float32, shape (n_channels, n_sweeps)
    peak_uv : ndarray of float32, shape (n_channels, n_sweeps)
        Largest absolute value outside the artefact.
    late_uv : ndarray of float32, shape (n_channels, n_sweeps)
        The same from the start of the search window on.
    serial : int
        Another one for every set, so that pictures are told apart without holding the sweeps.
    """

    site: Site
    times_ms: NDArray[np.float64] = field(repr=False)
    stimuli: NDArray[np.intp]
    counts: NDArray[np.int16] = field(repr=False)
    step_uv: NDArray[np.float64]
    blank_end_ms: NDArray[np.float32] = field(repr=False)
    peak_uv: NDArray[np.float32] = field(repr=False)
    late_uv: NDArray[np.float32] = field(repr=False)
    serial: int = field(default_factory=lambda: next(_serials))

    def __post_init__(self) -> None:
        """Check shapes and make the arrays read-only."""
        shape = (len(self.step_uv), len(self.stimuli), len(self.times_ms))
        if self.counts.shape != shape:
            raise ValueError(f"counts has shape {self.counts.shape}, expected {shape}")
        for name in (
            "times_ms",
            "stimuli",
            "counts",
            "step_uv",
            "blank_end_ms",
            "peak_uv",
            "late_uv",
        ):
            freeze(getattr(self, name))

    def __len__(self) -> int:
        """Return the number of sweeps."""
        return len(self.stimuli)

    @property
    def n_bytes(self) -> int:
        """Memory held."""
        return int(self.counts.nbytes + self.blank_end_ms.nbytes + self.peak_uv.nbytes)

    def sweep_uv(self, channel: int, row: int) -> NDArray[np.float32]:
        """Return one sweep, NaN outside the recording, shape (n_times,)."""
        return to_uv(self.counts[channel, row], float(self.step_uv[channel]))

    def between(self, first: int, last: int) -> SweepSet:
        """Return the sweeps from one stimulus to another; these hold no samples of their own."""
        rows = slice(*np.searchsorted(self.stimuli, [first, last + 1]).tolist())
        return replace(
            self,
            stimuli=self.stimuli[rows],
            counts=self.counts[:, rows],
            blank_end_ms=self.blank_end_ms[:, rows],
            peak_uv=self.peak_uv[:, rows],
            late_uv=self.late_uv[:, rows],
            serial=next(_serials),
        )

    def row_of(self, stimulus: int | None) -> int | None:
        """Return the row of a stimulus, None if it is not of this site."""
        if stimulus is None:
            return None
        row = int(np.searchsorted(self.stimuli, stimulus))
        return row if row < len(self) and self.stimuli[row] == stimulus else None

    def blank_ms(self, channel: int) -> float:
        """Return the usual end of the stimulus artefact, NaN if it is not known."""
        ends = self.blank_end_ms[channel]
        ends = ends[np.isfinite(ends)]
        return float(np.median(ends)) if len(ends) else float("nan")


def to_uv(counts: NDArray[np.int16], step_uv: float) -> NDArray[np.float32]:
    """Return stored samples in uV, shape as `counts`."""
    values = counts.astype(np.float32)
    values *= np.float32(step_uv)
    lost = counts == LOST
    if lost.any():
        values[lost] = np.nan
    return values


def packed(
    site: Site, pieces: Iterable[Epochs], n_channels: int, window_start_ms: float = 0.0
) -> SweepSet:
    """Return sweeps as they are held for drawing.

    Parameters
    ----------
    site : (Branch or None, Side or None)
    pieces : iterable of Epochs
        The same sweeps, some channels at a time, on one time axis.
    n_channels : int
        Channels of all pieces together.
    window_start_ms : float
        Start of the search window.

    Returns
    -------
    SweepSet
    """
    steps = np.full(n_channels, FINEST_UV)
    counts = np.empty((n_channels, 0, 0), dtype=np.int16)
    ends = peaks = late = np.zeros((n_channels, 0), dtype=np.float32)
    times, stimuli, at = np.array([0.0, 1.0]), np.empty(0, np.intp), 0
    for epochs in pieces:
        if at == 0:
            n, _, n_times = epochs.data_uv.shape
            counts = np.empty((n_channels, n, n_times), dtype=np.int16)
            ends, peaks, late = np.zeros((3, n_channels, n), dtype=np.float32)
            times, stimuli = epochs.times_ms, epochs.stimuli
        for k in range(epochs.data_uv.shape[1]):
            sweeps, ends[at] = epochs.data_uv[:, k], epochs.blank_end_ms[:, k]
            peaks[at] = _peaks(sweeps, times, ends[at])
            late[at] = _peaks(sweeps, times, np.maximum(ends[at], np.float32(window_start_ms)))
            steps[at] = max(float(peaks[at].max(initial=0.0)) / FULL, FINEST_UV)
            _store(sweeps, steps[at], counts[at])
            at += 1
    return SweepSet(
        site,
        np.array(times, dtype=np.float64),
        np.array(stimuli, dtype=np.intp),
        counts,
        steps,
        ends,
        peaks,
        late,
    )


def _peaks(
    sweeps: NDArray[np.float32], times: NDArray[np.float64], blank_end: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the largest absolute value outside the artefact of each sweep, (n_sweeps,)."""
    first = np.searchsorted(times, np.maximum(np.nan_to_num(blank_end, nan=0.0), FIRST_MS))
    before = int(np.searchsorted(times, BEFORE_MS))
    at = np.arange(len(times))
    peaks = np.zeros(len(sweeps), dtype=np.float32)
    for begin in range(0, len(sweeps), BLOCK):
        part = np.abs(sweeps[begin : begin + BLOCK])
        outside = (at < before) | (at >= first[begin : begin + BLOCK, None])
        part[~outside | ~np.isfinite(part)] = 0.0
        peaks[begin : begin + BLOCK] = part.max(axis=1, initial=0.0)
    return peaks


def _store(sweeps: NDArray[np.float32], step: float, out: NDArray[np.int16]) -> None:
    """Store sweeps in steps."""
    for first in range(0, len(sweeps), BLOCK):
        part = sweeps[first : first + BLOCK] / np.float32(step)
        lost = ~np.isfinite(part)
        np.clip(np.rint(part), -FULL - 700, FULL + 700, out=part)
        part[lost] = LOST
        out[first : first + BLOCK] = part.astype(np.int16)
