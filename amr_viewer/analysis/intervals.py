"""Intervals and tests for small numbers."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.robust import median

RESAMPLES = 1000


@lru_cache(maxsize=4096)
def clopper_pearson(k: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Return the exact two-sided interval of a proportion.

    Examples
    --------
    >>> [round(v, 3) for v in clopper_pearson(0, 20)]
    [0.0, 0.168]
    """
    from scipy.special import betaincinv

    if n == 0:
        return float("nan"), float("nan")
    tail = 0.5 * (1.0 - level)
    low = 0.0 if k == 0 else float(betaincinv(k, n - k + 1, tail))
    high = 1.0 if k == n else float(betaincinv(k + 1, n - k, 1.0 - tail))
    return low, high


def upper_bound(k: int, n: int, level: float = 0.95) -> float:
    """Return the exact one-sided upper bound of a proportion; 0 of 20 gives 13.9 %."""
    return clopper_pearson(k, n, 2.0 * level - 1.0)[1]


def wilson(k: float, n: int, z: float = 1.959964) -> tuple[float, float]:
    """Return Wilson's two-sided 95 % interval of a proportion; NaN without trials.

    Examples
    --------
    >>> [round(v, 3) for v in wilson(9, 10)]
    [0.596, 0.982]
    """
    if n == 0:
        return float("nan"), float("nan")
    part = k / n
    middle = (part + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(part * (1 - part) / n + z * z / (4 * n * n))
    return float(max(middle - half, 0.0)), float(min(middle + half, 1.0))


def poisson_interval(k: int, level: float = 0.95) -> tuple[float, float]:
    """Return the exact two-sided interval of the mean of a Poisson count.

    Examples
    --------
    >>> [round(v, 2) for v in poisson_interval(10)]
    [4.8, 18.39]
    """
    from scipy.special import gammaincinv

    tail = 0.5 * (1.0 - level)
    low = 0.0 if k == 0 else float(gammaincinv(k, tail))
    return low, float(gammaincinv(k + 1, 1.0 - tail))


def chance_of_at_least(k: int, n: int, rate: float) -> float:
    """Return the binomial probability of `k` or more of `n` at a chance rate."""
    from scipy.special import bdtrc

    return 1.0 if k <= 0 else float(bdtrc(k - 1, n, rate))


def holm(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Correct p-values for their number (Holm's step-down), NaN left out."""
    out = np.full(len(p_values), np.nan)
    rows = np.flatnonzero(np.isfinite(p_values))
    order = rows[np.argsort(p_values[rows])]
    factors = np.arange(len(order), 0, -1)
    out[order] = np.minimum(np.maximum.accumulate(p_values[order] * factors), 1.0)
    return out


def median_interval(values: NDArray[np.floating]) -> tuple[float, float, float]:
    """Return the median and its 95 % bootstrap interval; NaN without values.

    The resampling is seeded, so that an analysis gives the same numbers each time.
    """
    values = values[np.isfinite(values)]
    if not len(values):
        return float("nan"), float("nan"), float("nan")
    middle = float(np.median(values))
    if len(values) < 3:
        return middle, float("nan"), float("nan")
    some = values if len(values) <= 500 else values[:: len(values) // 500]
    # Fewer values than there are make the interval wider; it shrinks with the root of their number.
    shrink = np.sqrt(len(some) / len(values))
    low, high = _resampled(some.tobytes(), some.dtype.str)
    return middle, middle - (middle - low) * shrink, middle + (high - middle) * shrink


@lru_cache(maxsize=1024)
def _resampled(values: bytes, dtype: str) -> tuple[float, float]:
    """Return the bootstrap interval of a median; remembered, as a review changes few of many."""
    some = np.frombuffer(values, dtype=dtype)
    draws = np.random.default_rng(0).integers(0, len(some), (RESAMPLES, len(some)))
    low, high = np.quantile(median(some[draws]), [0.025, 0.975])
    return low, high
