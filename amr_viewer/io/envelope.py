"""What a picture needs of a signal: extremes per column, or the samples where they are few.

Nothing is left out: every sample of the stretch is within the extremes of a column. Painting is
left to the window.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.arrays import freeze
from amr_viewer.core.recording import Recording
from amr_viewer.io.pyramid import Level, Pyramid, reduced
from amr_viewer.io.timeline import column_edges, timeline

BUCKETS_PER_COLUMN = 2
"""A level serves if a column holds so many buckets: edges of columns move by a quarter at most."""

RAW_SAMPLES = 4_000_000
"""Samples of one channel that are read at most where no pyramid serves."""

N_PROBES = 128
PROBE_SAMPLES = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Envelope:
    """Extremes of a signal in the columns of a picture.

    Attributes
    ----------
    low, high : ndarray of float32, shape (n_columns,)
        In the channel's unit; NaN where a column holds no sample (a gap, or missing in the file).
    is_cut : ndarray of bool, shape (n_columns,)
        Whether a gap lies between the column before and this one: no line may join them.
    is_preliminary : bool
        Whether parts were not read yet.
    """

    low: NDArray[np.float32]
    high: NDArray[np.float32]
    is_cut: NDArray[np.bool_]
    is_preliminary: bool = False

    def __post_init__(self) -> None:
        """Check the shapes and make the arrays read-only."""
        if not self.low.shape == self.high.shape == self.is_cut.shape:
            shapes = f"{self.low.shape}, {self.high.shape} and {self.is_cut.shape}"
            raise ValueError(f"low, high and is_cut have shapes {shapes}")
        for array in (self.low, self.high, self.is_cut):
            freeze(array)


def samples_per_column(
    recording: Recording, channel: int, start_s: float, stop_s: float, n_columns: int
) -> float:
    """Return how many samples of a channel a column of a picture holds."""
    return recording.channels[channel].sampling_hz * (stop_s - start_s) / n_columns


def read_envelope(
    recording: Recording,
    pyramid: Pyramid | None,
    channel: int,
    start_s: float,
    stop_s: float,
    n_columns: int,
) -> Envelope:
    """Return the extremes of a channel in columns of equal time.

    Parameters
    ----------
    recording : Recording
    pyramid : Pyramid or None
        Of the same recording. Without one, or with one that is being built, long stretches are
        preliminary.
    channel : int
    start_s, stop_s : float
        Seconds from the start of the recording; may reach beyond it.
    n_columns : int

    Returns
    -------
    Envelope
        Read from the samples, column i holds exactly those from its start to before its stop. Read
        from the pyramid, edges lie at the nearest bucket: at most a quarter of a column away.

    Raises
    ------
    ReadError
        The file can no longer be read.
    """
    info = recording.channels[channel]
    edges, is_cut = column_edges(
        recording, info.sampling_hz, info.n_samples, (start_s, stop_s), n_columns
    )
    per_column = samples_per_column(recording, channel, start_s, stop_s, n_columns)
    level = _serving(pyramid, channel, per_column)
    preliminary = False
    if level is not None:
        assert pyramid is not None
        low, high = _from_level(level, edges)
        preliminary = not pyramid.is_complete
    elif edges[-1] - edges[0] <= RAW_SAMPLES:
        low, high = _from_samples(recording, channel, edges)
    else:
        low, high = _probed(recording, channel, edges)
        preliminary = True
    return Envelope(low, high, is_cut, preliminary)


def read_lines(
    recording: Recording, channel: int, start_s: float, stop_s: float
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Return the samples of a stretch as a line, for stretches with few samples per column.

    Parameters
    ----------
    recording : Recording
    channel : int
    start_s, stop_s : float
        Seconds from the start of the recording; may reach beyond it.

    Returns
    -------
    times_s : ndarray of float64, shape (n,)
    values : ndarray of float32, shape (n,)
        In the channel's unit, with one sample before and one behind the stretch so that the line
        reaches its edges. Between the segments stands a NaN: a gap is no line.

    Raises
    ------
    ReadError
        The file can no longer be read.
    """
    info = recording.channels[channel]
    line = timeline(recording)
    around = np.array([start_s, stop_s])
    first, stop = line.samples_at(around, info.sampling_hz, info.n_samples)
    first, stop = max(int(first) - 1, 0), min(int(stop) + 1, info.n_samples)
    values = recording.source.read(channel, first, stop)
    times_s = line.times_at(np.arange(first, stop), info.sampling_hz, info.n_samples)
    cuts = line.first_samples(info.sampling_hz, info.n_samples)[1:-1]
    cuts = cuts[(cuts > first) & (cuts < stop)] - first
    return np.insert(times_s, cuts, times_s[cuts]), np.insert(values, cuts, np.nan)


def extremes(
    values: NDArray[np.float32], edges: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return least and greatest of ``values[edges[i]:edges[i + 1]]``, NaN where that is empty.

    Parameters
    ----------
    values : ndarray of float32, shape (n,)
    edges : ndarray of int, shape (n_columns + 1,)
        Not falling, from 0 to n.
    """
    return _column_extremes(values, values, edges)


def _column_extremes(
    lows: NDArray[np.float32], highs: NDArray[np.float32], edges: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the least of `lows` and the greatest of `highs` in every column."""
    held = edges[1:] > edges[:-1]
    if held.all() and len(held):
        starts = edges[:-1]
        return (
            reduced(lows, starts, np.minimum, np.fmin),
            reduced(highs, starts, np.maximum, np.fmax),
        )
    low = np.full(len(held), np.nan, np.float32)
    high = np.full(len(held), np.nan, np.float32)
    if held.any():
        starts = edges[:-1][held]
        low[held] = reduced(lows, starts, np.minimum, np.fmin)
        high[held] = reduced(highs, starts, np.maximum, np.fmax)
    return low, high


@runtime_checkable
class ColumnSource(Protocol):
    """A source that finds extremes quicker than by reading all samples (see `EdfSource`)."""

    def column_extremes(
        self, channel: int, edges: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
        """Return the least and the greatest sample of each column, None if it cannot."""


def _from_samples(
    recording: Recording, channel: int, edges: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the extremes of columns from the samples."""
    source = recording.source
    if isinstance(source, ColumnSource) and (edges[1:] > edges[:-1]).all():
        found = source.column_extremes(channel, edges)
        if found is not None:
            return found
    return extremes(source.read(channel, int(edges[0]), int(edges[-1])), edges - edges[0])


def _serving(pyramid: Pyramid | None, channel: int, per_column: float) -> Level | None:
    """Return the coarsest level that is fine enough, None if samples have to be read."""
    levels = pyramid.channels[channel] if pyramid else ()
    fine = [v for v in levels if v.grid.size * BUCKETS_PER_COLUMN <= per_column]
    return fine[-1] if fine else None


def _from_level(
    level: Level, edges: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the extremes of columns from buckets."""
    buckets = level.grid.nearest(edges)
    first, stop = int(buckets[0]), int(buckets[-1])
    return _column_extremes(level.low[first:stop], level.high[first:stop], buckets - first)


def _probed(
    recording: Recording, channel: int, edges: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Look at some stretches only, and let each stand for its neighbourhood."""
    n_columns = len(edges) - 1
    low = np.full(n_columns, np.nan, np.float32)
    high = np.full(n_columns, np.nan, np.float32)
    for columns in np.array_split(np.arange(n_columns), min(N_PROBES, n_columns)):
        start, end = int(edges[columns[0]]), int(edges[columns[-1] + 1])
        if end == start:
            continue
        values = recording.source.read(channel, start, min(end, start + PROBE_SAMPLES))
        held = edges[columns + 1] > edges[columns]
        known = values[~np.isnan(values)]
        if known.size:
            low[columns[held]], high[columns[held]] = known.min(), known.max()
    return low, high
