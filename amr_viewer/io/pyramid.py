"""A min/max pyramid of a recording, so that any stretch of it is drawn at once.

Level 0 holds the least and the greatest of every 128 samples, each further level those of 8 buckets
of the one below. Buckets never reach across a gap. Keeping a pyramid on disk is left to
`pyramid_cache`, reading columns of a picture from it to `envelope`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.arrays import freeze
from amr_viewer.core.progress import Progress, silent
from amr_viewer.core.recording import Recording, SignalSource
from amr_viewer.io.timeline import timeline

BASE_SAMPLES = 128
FACTOR = 8
FEW_BUCKETS = 4096
"""No level is made above one that has not more buckets: it is read whole in no time."""

BLOCK_BUCKETS = 1 << 13
"""Buckets of level 0 made at once: a million samples, 4 MB."""

N_THREADS = 2

Allocate = Callable[[int], NDArray[np.float32]]
"""Gives an array of so many numbers, in memory or mapped to a file."""


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """How the samples of a channel are cut into the buckets of one level.

    Attributes
    ----------
    size : int
        Samples per bucket; the last bucket of a segment may hold fewer.
    firsts : ndarray of int64, shape (n_segments + 1,)
        First stored sample of each segment, and the number of samples.
    offsets : ndarray of int64, shape (n_segments + 1,)
        First bucket of each segment, and the number of buckets.
    """

    size: int
    firsts: NDArray[np.int64]
    offsets: NDArray[np.int64]

    @property
    def n_buckets(self) -> int:
        """Number of buckets of the level."""
        return int(self.offsets[-1])

    def starts(self, first: int, stop: int) -> NDArray[np.int64]:
        """Return the first stored sample of buckets `first` to `stop`."""
        buckets = np.arange(first, stop)
        segment = np.searchsorted(self.offsets, buckets, side="right") - 1
        return self.firsts[segment] + (buckets - self.offsets[segment]) * self.size

    def nearest(self, samples: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the bucket whose start is nearest to each stored sample.

        The first sample is moved down and the last one up, so that no sample between is left out.
        """
        segment = np.searchsorted(self.firsts, samples, side="right") - 1
        segment = np.minimum(segment, len(self.firsts) - 2)
        exact = (samples - self.firsts[segment]) / self.size
        rounded = np.floor(exact + 0.5)
        rounded[0], rounded[-1] = np.floor(exact[0]), np.ceil(exact[-1])
        at_end = samples >= self.firsts[-1]
        buckets = np.where(at_end, self.n_buckets, self.offsets[segment] + rounded)
        return np.minimum(buckets.astype(np.int64), self.offsets[segment + 1])


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The buckets of one channel at one size.

    Attributes
    ----------
    grid : Grid
    low, high : ndarray of float32, shape (n_buckets,)
        In the channel's unit; NaN where the file holds no value (or none was read yet).
    """

    grid: Grid
    low: NDArray[np.float32]
    high: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Pyramid:
    """Least and greatest values of a recording at several sizes.

    Attributes
    ----------
    channels : tuple of tuple of Level
        For every channel its levels, the finest first.
    is_complete : bool
        False while it is being built: buckets not read yet are NaN.
    """

    channels: tuple[tuple[Level, ...], ...]
    is_complete: bool = True

    @property
    def size_bytes(self) -> int:
        """Memory or disk that the buckets take."""
        return sum(v.low.nbytes + v.high.nbytes for levels in self.channels for v in levels)


def base_grid(recording: Recording, channel: int) -> Grid:
    """Return the buckets of level 0 of a channel."""
    info = recording.channels[channel]
    firsts = timeline(recording).first_samples(info.sampling_hz, info.n_samples)
    return _grid(BASE_SAMPLES, firsts)


def grids(base: Grid) -> tuple[Grid, ...]:
    """Return the buckets of all levels over a level 0."""
    found = [base]
    while found[-1].n_buckets > FEW_BUCKETS and np.any(np.diff(found[-1].firsts) > found[-1].size):
        found.append(_grid(found[-1].size * FACTOR, base.firsts))
    return tuple(found)


def build_pyramid(
    recording: Recording,
    progress: Progress = silent,
    share: Callable[[Pyramid], None] | None = None,
    allocate: Allocate | None = None,
) -> Pyramid:
    """Read a recording once, in blocks, and return its pyramid.

    Parameters
    ----------
    recording : Recording
    progress : callable, optional
        Called from the calling thread; may raise `Cancelled`.
    share : callable, optional
        Called once before reading with a pyramid of level 0 that fills while the file is read, so
        that a long recording can be shown before the end is reached.
    allocate : callable, optional
        Where the numbers are put; in memory otherwise.

    Returns
    -------
    Pyramid

    Raises
    ------
    ReadError
        The file can no longer be read.
    Cancelled
        `progress` said so.
    """
    allocate = allocate or _in_memory
    channels = range(len(recording.channels))
    bases = [_empty(base_grid(recording, c), allocate) for c in channels]
    if share is not None:
        share(Pyramid(tuple((level,) for level in bases), is_complete=False))
    _fill(recording.source, bases, progress)
    pyramid = Pyramid(tuple(_levels(base, allocate) for base in bases))
    for level in (level for levels in pyramid.channels for level in levels):
        freeze(level.low)
        freeze(level.high)
    return pyramid


def reduced(
    values: NDArray[np.float32], starts: NDArray[np.int64], least: np.ufunc, least_known: np.ufunc
) -> NDArray[np.float32]:
    """Return the extremes of the pieces that begin at `starts`, NaN only where all is NaN.

    `least` is fast and spreads NaN (np.minimum); `least_known` is slow and skips it (np.fmin).
    """
    found = least.reduceat(values, starts)
    if np.isnan(found).any():
        found = least_known.reduceat(values, starts)
    return np.asarray(found)


def _grid(size: int, firsts: NDArray[np.int64]) -> Grid:
    """Cut segments into buckets."""
    counts = -(-np.diff(firsts) // size)
    return Grid(size, freeze(firsts), freeze(np.append(0, np.cumsum(counts))))


def _in_memory(n: int) -> NDArray[np.float32]:
    """Give memory."""
    return np.empty(n, np.float32)


def _empty(grid: Grid, allocate: Allocate) -> Level:
    """Make a level of which nothing is known."""
    low, high = allocate(grid.n_buckets), allocate(grid.n_buckets)
    low.fill(np.nan)
    high.fill(np.nan)
    return Level(grid, low, high)


def _fill(source: SignalSource, bases: list[Level], progress: Progress) -> None:
    """Fill level 0 of all channels from left to right, in two threads."""
    total = sum(level.grid.n_buckets for level in bases) or 1
    done = 0
    running: set[Future[int]] = set()
    pool = ThreadPoolExecutor(N_THREADS, thread_name_prefix="pyramid")
    try:
        for channel, first, stop in _blocks(bases):
            if len(running) > 2 * N_THREADS:
                finished, running = wait(running, return_when=FIRST_COMPLETED)
                done += sum(f.result() for f in finished)
                progress(done / total, "reading the overview")
            running.add(pool.submit(_fill_block, source, channel, bases[channel], first, stop))
        for future in running:
            done += future.result()
        progress(1.0, "reading the overview")
    finally:
        pool.shutdown(cancel_futures=True)


def _blocks(bases: list[Level]) -> Iterator[tuple[int, int, int]]:
    """Yield (channel, first bucket, stop), all channels forward in step."""

    def of_channel(channel: int) -> Iterator[tuple[int, int, int]]:
        n = bases[channel].grid.n_buckets
        for first in range(0, n, BLOCK_BUCKETS):
            yield channel, first, min(first + BLOCK_BUCKETS, n)

    for step in zip_longest(*(of_channel(c) for c in range(len(bases)))):
        yield from (block for block in step if block is not None)


def _fill_block(source: SignalSource, channel: int, level: Level, first: int, stop: int) -> int:
    """Read and reduce the samples of some buckets; return how many."""
    grid = level.grid
    starts = grid.starts(first, stop)
    # The next bucket may begin behind a gap, but samples are stored one behind the other.
    end = int(grid.starts(stop, stop + 1)[0]) if stop < grid.n_buckets else int(grid.firsts[-1])
    begin = int(starts[0])
    values = source.read(channel, begin, end)
    pieces = starts - begin
    level.low[first:stop] = reduced(values, pieces, np.minimum, np.fmin)
    level.high[first:stop] = reduced(values, pieces, np.maximum, np.fmax)
    return stop - first


def _levels(base: Level, allocate: Allocate) -> tuple[Level, ...]:
    """Build the levels above a level 0."""
    levels = [base]
    for grid in grids(base.grid)[1:]:
        below = levels[-1]
        buckets = np.arange(grid.n_buckets)
        segment = np.searchsorted(grid.offsets, buckets, side="right") - 1
        pieces = below.grid.offsets[segment] + (buckets - grid.offsets[segment]) * FACTOR
        low, high = allocate(grid.n_buckets), allocate(grid.n_buckets)
        low[:] = reduced(below.low, pieces, np.minimum, np.fmin)
        high[:] = reduced(below.high, pieces, np.maximum, np.fmax)
        levels.append(Level(grid, low, high))
    return tuple(levels)
