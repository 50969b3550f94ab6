"""How far two channels burst together, beyond chance, and with what lag."""

from __future__ import annotations

from math import nan

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.intervals import wilson
from amr_viewer.analysis.set_aside import nearest
from amr_viewer.core.patterns import Estimate, Spread, Synchrony

SHIFTS = 40
LEAST = 5
LAG_WITHIN_S = 0.15
"""Onsets that lie further apart are not taken for one event of two muscles."""

COPY_SD = 0.2
COPY_LAG_MS = 3.0
COPY_RATIO = 0.45
"""A partner that is always so small, by the same ratio and at once, may be volume-conducted."""


def matched(
    a: NDArray[np.float64], b: NDArray[np.float64], tolerance_s: float
) -> tuple[float, float]:
    """Return the fraction of each train's onsets that have a partner in the other."""
    if not len(a) or not len(b):
        return nan, nan
    near_a = np.abs(b[nearest(a, b)] - a) <= tolerance_s
    near_b = np.abs(a[nearest(b, a)] - b) <= tolerance_s
    return float(near_a.mean()), float(near_b.mean())


def chance_of_match(
    a: NDArray[np.float64], b: NDArray[np.float64], tolerance_s: float, span: tuple[float, float]
) -> float:
    """Return the mean fraction with a partner after circular shifts of one train.

    Shifts are spread evenly over 0.5 s to the length less 0.5 s, so that an analysis gives the same
    numbers each time.
    """
    low, high = span
    length = high - low
    if length <= 1.5:
        return 0.0
    # An irrational step keeps shifts clear of any rhythm of the trains.
    parts = (np.arange(SHIFTS) * 0.6180339887) % 1.0
    shifts = 0.5 + parts * (length - 1.0)
    fractions = []
    for shift in shifts:
        moved = np.sort((b - low + shift) % length + low)
        fractions.append(min(matched(a, moved, tolerance_s)))
    return float(np.mean(fractions))


def synchrony_of(
    pair: tuple[int, int],
    onsets: tuple[NDArray[np.float64], NDArray[np.float64]],
    peaks: tuple[NDArray[np.float64], NDArray[np.float64]],
    tolerance_s: float,
    span: tuple[float, float],
) -> Synchrony:
    """Return how far two channels burst together.

    Parameters
    ----------
    pair : tuple of int
        The channels.
    onsets, peaks : tuple of ndarray
        Of their bursts, in order of time.
    tolerance_s : float
        Onsets within it are together.
    span : tuple of float
        From when to when was recorded.
    """
    a, b = onsets
    n = min(len(a), len(b))
    if n < LEAST:
        return Synchrony(*pair, Estimate(n=n))
    fraction = min(matched(a, b, tolerance_s))
    chance = chance_of_match(a, b, tolerance_s, span)
    low, high = wilson(fraction * n, n)
    index, low, high = ((v - chance) / max(1.0 - chance, 1e-9) for v in (fraction, low, high))
    lags, ratios = _pairs(a, b, *peaks)
    ratio_sd = float(np.std(ratios)) if len(ratios) >= LEAST else nan
    middle = float(np.median(ratios)) if len(ratios) else 0.0
    lag = spread(1e3 * lags)
    copy = ratio_sd < COPY_SD and abs(lag.median) <= COPY_LAG_MS
    copy = copy and abs(middle) >= -np.log(COPY_RATIO)
    return Synchrony(
        *pair, Estimate(index, max(low, -1.0), min(high, 1.0), n), chance, lag, nan, ratio_sd, copy
    )


def _pairs(
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    peak_a: NDArray[np.float64],
    peak_b: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return lag and logarithm of the ratio of peaks of onsets that are nearest to each other."""
    partner = nearest(a, b)
    mutual = nearest(b, a)[partner] == np.arange(len(a))
    lags = b[partner] - a
    rows = mutual & (np.abs(lags) <= LAG_WITHIN_S)
    return lags[rows], np.log(peak_b[partner[rows]] / peak_a[rows])


def spread(values: NDArray[np.float64]) -> Spread:
    """Return median and quartiles of what is finite."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        return Spread()
    q25, median, q75 = np.quantile(finite, [0.25, 0.5, 0.75])
    return Spread(float(median), float(q25), float(q75), len(finite))
