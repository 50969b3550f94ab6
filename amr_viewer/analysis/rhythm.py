"""How regularly bursts recur, against what chance would make of as many."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.patterns import Estimate, Rhythm

LAGS_S = np.geomspace(0.05, 3.0, 120)
WIDTH = 0.1
LEAST_WIDTH_S = 0.01
"""A lag is counted within 10 % of itself, and 10 ms at least."""

SURROGATES = 40
DEAD_S = 0.03
LEAST = 6
RESAMPLES = 400
LIKE = 0.25
PAUSE = 2.5
SHORTEST_S, LONGEST_S = 0.09, 3.4
"""Intervals within a quarter of their median are alike; a pause of 2.5 intervals ends a run."""


@dataclass(frozen=True, slots=True)
class Beat:
    """How onsets follow each other; NaN: too few.

    Attributes
    ----------
    interval_s : float
        Median.
    cv2 : float
        Local variation of the intervals, median.
    alike : float
        Part of all intervals within a quarter of the median.
    run_s : float
        How long the run lasts that a typical onset belongs to.
    index, period_s : float
        Highest peak of the autocorrelation of the envelope at 0.1-3.4 s, and where it lies.
    """

    interval_s: float = nan
    cv2: float = nan
    alike: float = nan
    run_s: float = nan
    index: float = nan
    period_s: float = nan


def beat_of(
    onsets: NDArray[np.float64],
    window: NDArray[np.intp],
    level: NDArray[np.float64],
    hz: float,
) -> Beat:
    """Return how onsets follow each other within windows.

    Parameters
    ----------
    onsets : ndarray
        In order of time.
    window : ndarray of int
        Intervals across windows are left out.
    level : ndarray
        Envelope of the side, 0 where it is at rest; windows follow one another.
    hz : float
        Its rate.
    """
    if len(onsets) < LEAST:
        return Beat()
    gaps, same = np.diff(onsets), np.diff(window) == 0
    if same.sum() < LEAST - 1:
        return Beat()
    middle = float(np.median(gaps[same]))
    alike = float(np.mean(np.abs(gaps[same] / middle - 1.0) <= LIKE))
    run = np.cumsum(np.append(True, gaps > PAUSE * middle))
    first = np.flatnonzero(np.diff(run, prepend=0))
    last = np.append(first[1:], len(onsets)) - 1
    lasting = np.repeat(onsets[last] - onsets[first], last - first + 1)
    cv2 = local_cv(gaps[same])
    index, period = _periodic(level, hz)
    return Beat(middle, float(np.median(cv2)), alike, float(np.median(lasting)), index, period)


def _periodic(level: NDArray[np.float64], hz: float) -> tuple[float, float]:
    """Return the highest secondary peak of an autocorrelation at 0.1-3.4 s, and its lag."""
    from scipy.fft import irfft, next_fast_len, rfft

    x = level - level.mean()
    reach = round(LONGEST_S * hz)
    if len(x) < 2 * reach:
        return nan, nan
    n = next_fast_len(len(x) + reach)
    r = irfft(np.abs(rfft(x, n)) ** 2, n)[: reach + 1]
    r = r / max(float(r[0]), 1e-12)
    # The peak at no lag ends where the curve first turns up.
    turn = int(np.argmax(np.diff(r) > 0.0)) if (np.diff(r) > 0.0).any() else reach
    first = max(turn, round(SHORTEST_S * hz))
    if first >= reach - 1:
        return 0.0, nan
    best = first + int(np.argmax(r[first:]))
    return max(
        float(r[best] - r[turn : best + 1].min()) * 0.5 + 0.5 * float(r[best]), 0.0
    ), best / hz


def cv_of(intervals: NDArray[np.float64]) -> Estimate:
    """Return the coefficient of variation with a seeded bootstrap interval."""
    n = len(intervals)
    if n < 3:
        return Estimate(n=n)
    value = float(intervals.std(ddof=1) / intervals.mean())
    some = intervals[:: max(n // 500, 1)]
    draws = some[np.random.default_rng(0).integers(0, len(some), (RESAMPLES, len(some)))]
    means = np.maximum(draws.mean(axis=1), 1e-12)
    low, high = np.quantile(draws.std(axis=1, ddof=1) / means, [0.025, 0.975])
    return Estimate(value, float(low), float(high), n)


def local_cv(intervals: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 2 |I' - I| / (I' + I) of neighbouring intervals."""
    a, b = intervals[:-1], intervals[1:]
    return np.asarray(2.0 * np.abs(b - a) / np.maximum(a + b, 1e-12))


def cv2_of(intervals: NDArray[np.float64]) -> Estimate:
    """Return the mean local variation of intervals with a seeded bootstrap interval."""
    values = local_cv(intervals)
    n = len(values)
    if n < 3:
        return Estimate(n=n)
    some = values[:: max(n // 500, 1)]
    draws = some[np.random.default_rng(0).integers(0, len(some), (RESAMPLES, len(some)))]
    low, high = np.quantile(draws.mean(axis=1), [0.025, 0.975])
    return Estimate(float(values.mean()), float(low), float(high), n)


def rhythm_index(onsets: NDArray[np.float64]) -> tuple[float, float]:
    """Return how rhythmic onsets are, and at what rate.

    The index is the part of the onsets that are followed by another at one lag of 0.05-3 s, less
    the 95th percentile of the same in surrogates, at the lag where that is most: as many onsets
    with as many pauses, whose intervals up to 3 s are drawn anew, exponential above 30 ms.
    (Shuffled intervals would keep a perfect rhythm.)
    """
    if len(onsets) < LEAST:
        return nan, nan
    some = onsets[:2000]
    found = _followed(some)
    intervals = np.diff(some)
    short = intervals[intervals <= LAGS_S[-1]]
    if len(short) < LEAST - 1:
        return 0.0, nan
    spare = max(float(short.mean()) - DEAD_S, 0.5 * DEAD_S)
    rng = np.random.default_rng(0)
    by_chance = []
    for _ in range(SURROGATES):
        made = rng.permutation(intervals)
        near = made <= LAGS_S[-1]
        made[near] = DEAD_S + rng.exponential(spare, int(near.sum()))
        by_chance.append(_followed(np.cumsum(made)))
    above = found - np.quantile(by_chance, 0.95, axis=0)
    best = int(np.argmax(above))
    index = float(above[best])
    return max(index, 0.0), float(1.0 / LAGS_S[best])


def _followed(onsets: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the part of onsets followed by another at each lag."""
    width = np.maximum(WIDTH * LAGS_S, LEAST_WIDTH_S)
    low = np.searchsorted(onsets, onsets[:, None] + LAGS_S - width)
    high = np.searchsorted(onsets, onsets[:, None] + LAGS_S + width)
    return np.asarray(np.mean(high > low, axis=0))


def rhythm_of(
    groups_s: NDArray[np.float64], bursts_s: NDArray[np.float64], salvo: NDArray[np.intp]
) -> Rhythm:
    """Return the rhythm of groups of bursts, and of bursts within salvos.

    Parameters
    ----------
    groups_s : ndarray
        Onsets of episodes.
    bursts_s : ndarray
        Onsets of bursts, in order of time.
    salvo : ndarray of int
        The salvo of each burst.
    """
    between = np.diff(groups_s)
    inner = np.diff(bursts_s)[np.diff(salvo) == 0] if len(bursts_s) > 1 else np.empty(0)
    index, hz = rhythm_index(bursts_s)
    return Rhythm(cv_of(between), cv2_of(between), cv_of(inner), index, hz)
