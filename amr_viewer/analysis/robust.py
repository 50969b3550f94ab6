"""Averages and spreads that a burst or an electrode pop cannot pull away."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PIECE_MS = 25.0
"""Drift slower than this (below 20 Hz, the usual high-pass corner) is not noise."""

ENOUGH = 128
"""Values that fix a median to a tenth of a standard deviation."""

WINSOR = 3.0
"""Deviations, in robust standard deviations, beyond which a sweep counts no more."""


def robust_mean(sweeps: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the winsorized mean over the first axis: n_sweeps x n_times -> n_times."""
    if len(sweeps) < 5:
        return np.asarray(sweeps.mean(axis=0), dtype=np.float64)
    some = sweeps[:: max(len(sweeps) // (ENOUGH // 2), 1)]
    middle = np.median(some, axis=0)
    limit = WINSOR * 1.4826 * np.median(np.abs(some - middle), axis=0)
    off = sweeps - middle
    return np.asarray(middle + np.clip(off, -limit, limit).mean(axis=0), dtype=np.float64)


def detrended(sweeps: NDArray[np.float32], sampling_hz: float) -> NDArray[np.float32]:
    """Remove a straight line from every stretch of `PIECE_MS`; the last axis is time."""
    n = sweeps.shape[-1]
    width = max(int(PIECE_MS * 1e-3 * sampling_hz), 8)
    n_pieces = max(n // width, 1)
    out = np.empty_like(sweeps)
    for piece in np.array_split(np.arange(n), n_pieces):
        t = np.linspace(-1.0, 1.0, len(piece), dtype=np.float32)
        part = sweeps[..., piece]
        slope = (part @ t) / max(float(t @ t), 1e-12)
        out[..., piece] = part - part.mean(axis=-1, keepdims=True) - slope[..., None] * t
    return out


def quick_median(values: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return the median over the last axis, of at most `ENOUGH` evenly taken values."""
    stride = max(values.shape[-1] // ENOUGH, 1)
    return np.asarray(np.median(values[..., ::stride], axis=-1))


def robust_sigma(values: NDArray[np.floating]) -> float:
    """Return the standard deviation of normal noise with the same median deviation."""
    return float(np.median(np.abs(values))) / 0.6745 if values.size else 0.0
