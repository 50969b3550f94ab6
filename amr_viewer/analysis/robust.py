"""Averages and spreads that a burst or an electrode pop cannot pull away."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

PIECE_MS = 25.0
"""Drift slower than this (below 20 Hz, the usual high-pass corner) is not noise."""

ENOUGH = 128
"""Values that fix a median to a tenth of a standard deviation."""

CACHED_BYTES = 1 << 19
"""Of an array that is worked on step by step: it and two more of its size stay in the cache."""

WINSOR = 3.0
"""Deviations, in robust standard deviations, beyond which a sweep counts no more."""


def robust_mean(sweeps: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the winsorized mean over the first axis: n_sweeps x n_times -> n_times."""
    if len(sweeps) < 5:
        return np.asarray(sweeps.mean(axis=0), dtype=np.float64)
    some = np.ascontiguousarray(sweeps[:: max(len(sweeps) // (ENOUGH // 2), 1)].T)
    middle = median(some)
    limit = WINSOR * 1.4826 * median(np.abs(some - middle[:, None]))
    total = np.zeros(sweeps.shape[1])
    for rows in pieces(sweeps):
        off = sweeps[rows] - middle
        total += np.clip(off, -limit, limit, out=off).sum(axis=0)
    return np.asarray(middle + total / len(sweeps), dtype=np.float64)


def detrended(sweeps: NDArray[np.float32], sampling_hz: float) -> NDArray[np.float32]:
    """Remove a straight line from every stretch of `PIECE_MS`; the last axis is time."""
    n = sweeps.shape[-1]
    width = max(int(PIECE_MS * 1e-3 * sampling_hz), 8)
    n_pieces = max(n // width, 1)
    out = np.empty_like(sweeps)
    edges = np.cumsum([0, *(len(part) for part in np.array_split(np.arange(n), n_pieces))])
    for low, high in pairwise(edges.tolist()):
        t = np.linspace(-1.0, 1.0, high - low, dtype=np.float32)
        part = sweeps[..., low:high]
        slope = (part @ t) / max(float(t @ t), 1e-12)
        line = slope[..., None] * t
        line += part.mean(axis=-1, keepdims=True)
        np.subtract(part, line, out=out[..., low:high])
    return out


def median(values: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return the median over the last axis, as `np.median` does for values that hold no NaN.

    It looks for one place of the order rather than for three, in less than half the time.
    """
    n = values.shape[-1]
    ordered = np.partition(values, n // 2, axis=-1)
    high = ordered[..., n // 2]
    if n % 2:
        return high
    return np.asarray((ordered[..., : n // 2].max(axis=-1) + high) / 2, dtype=values.dtype)


def pieces(sweeps: NDArray[np.generic]) -> Iterator[slice]:
    """Yield the rows of sweeps some at a time: as many as stay in the processor's cache."""
    step = max(CACHED_BYTES // max(sweeps[:1].nbytes, 1), 1)
    for low in range(0, len(sweeps), step):
        yield slice(low, low + step)


def quick_median(values: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return the median over the last axis, of at most `ENOUGH` evenly taken values."""
    stride = max(values.shape[-1] // ENOUGH, 1)
    some = values[..., ::stride]
    return np.where(np.isnan(some.max(axis=-1)), np.nan, median(some))


def robust_sigma(values: NDArray[np.floating]) -> float:
    """Return the standard deviation of normal noise with the same median deviation."""
    return float(np.median(np.abs(values))) / 0.6745 if values.size else 0.0
