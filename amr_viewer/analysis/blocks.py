"""Blocks of stimuli, and the statistics of many short blocks at once; verdicts are in `trend`."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
LEAST_RESAMPLED = 3
"""Values below which a median gets no interval."""

PAUSE_MULTIPLE = 5.0
"""How many times longer than the usual interval a pause must at least be."""

SAME_S = 1e-4
"""A time that a file has rounded still is that of its stimulus."""

_CHUNK = 2_000_000

Floats = NDArray[np.float64]
Counts = NDArray[np.intp]


def cut_blocks(time_s: Floats, size: int, least: int, pause_s: float) -> Counts:
    """Return where blocks of about `size` stimuli begin, and the number of stimuli at the end.

    Stimulation in runs is cut at its pauses (longer than `pause_s` and 5 times the usual interval),
    since a block from both sides of a pause would mix two moments. A run is divided evenly; what
    is shorter than half a block, or than `least`, is joined to what follows, at the end to what
    went before. Blocks therefore hold from half to almost twice `size` stimuli.

    Parameters
    ----------
    time_s : ndarray, shape (n_stimuli,)
        In order.
    size, least : int
    pause_s : float

    Returns
    -------
    ndarray of int, shape (n_blocks + 1,)

    Examples
    --------
    >>> cut_blocks(np.arange(34.0), 10, 5, 30.0).tolist()
    [0, 11, 22, 34]
    """
    n = len(time_s)
    if n == 0:
        return np.zeros(1, dtype=np.intp)
    gaps = np.diff(time_s)
    limit = max(pause_s, PAUSE_MULTIPLE * float(np.median(gaps))) if n > 1 else pause_s
    edges = [0, *(np.flatnonzero(gaps > limit) + 1).tolist(), n]
    fine: list[int] = []
    for start, stop in pairwise(edges):
        length = stop - start
        parts = max(1, min(int(np.ceil(length / size - 0.5)), length // least))
        fine += (start + np.arange(parts) * length // parts).tolist()
    wanted = max(least, size / 2)
    starts = [0]
    for edge in fine[1:]:
        if edge - starts[-1] >= wanted:
            starts.append(edge)
    if len(starts) > 1 and n - starts[-1] < wanted:
        starts.pop()
    return np.array([*starts, n], dtype=np.intp)


def block_at(start_s: Floats, at_s: float) -> int:
    """Return the last block that begins no later than a time, else the first.

    Examples
    --------
    >>> [block_at(np.array([1.0, 11.0, 21.0]), at_s) for at_s in (0.0, 11.0, 20.9, 90.0)]
    [0, 1, 1, 2]
    """
    return max(int(np.searchsorted(start_s, at_s + SAME_S, side="right")) - 1, 0)


def gathered(values: NDArray[np.floating], edges: Counts) -> Floats:
    """Lay the blocks of a column below each other, shape (n_blocks, longest); NaN fills up."""
    lengths = np.diff(edges)
    place = edges[:-1, None] + np.arange(int(lengths.max(initial=0)))
    inside = place < edges[1:, None]
    return np.where(inside, values[np.minimum(place, len(values) - 1)], np.nan).astype(float)


def medians(table: Floats) -> Floats:
    """Return the median of what is finite in each row; NaN where nothing is."""
    ordered = np.sort(np.where(np.isfinite(table), table, np.nan), axis=1)
    n = np.isfinite(ordered).sum(axis=1)
    rows = np.arange(len(ordered))
    low, high = ordered[rows, np.maximum((n - 1) // 2, 0)], ordered[rows, n // 2 - (n == 0)]
    return np.asarray(0.5 * (low + high))


def resampled_medians(table: Floats, seed: int) -> Floats:
    """Return medians of resampled rows, shape (n_rows, `RESAMPLES`); NaN for fewer than 3 values.

    Neighbouring sweeps are alike, so runs of neighbours (cube root of their number, in a circle)
    are drawn rather than single sweeps [1]_. Rows of one length share their draws: the result
    of a row depends on nothing but the row.

    References
    ----------
    .. [1] Politis DN, Romano JP. A circular block-resampling procedure for stationary data. In:
       Exploring the limits of bootstrap. Wiley 1992:263-270.
    """
    finite = np.isfinite(table)
    order = np.argsort(~finite, axis=1, kind="stable")
    packed = np.take_along_axis(table, order, axis=1)
    n_values = finite.sum(axis=1)
    out = np.full((len(table), RESAMPLES), np.nan)
    for n in np.unique(n_values[n_values >= LEAST_RESAMPLED]):
        length = int(np.ceil(n ** (1 / 3)))
        starts = np.random.default_rng([seed, int(n)]).integers(0, n, (RESAMPLES, -(-n // length)))
        draws = (starts[:, :, None] + np.arange(length)).reshape(RESAMPLES, -1)[:, :n] % n
        rows = np.flatnonzero(n_values == n)
        step = max(1, _CHUNK // draws.size)
        for some in (rows[i : i + step] for i in range(0, len(rows), step)):
            out[some] = _medians_of_draws(packed[some, :n], draws)
    return out


def _medians_of_draws(values: Floats, draws: Counts) -> Floats:
    """Return the medians of draws (n_draws, n) from rows (n_rows, n), shape (n_rows, n_draws).

    A row is put in order once. Then its values are gone through from the smallest one on, counting
    for all draws how many they hold so far: the median is where half of them are reached.
    """
    n = values.shape[1]
    n_draws = len(draws)
    flat = (draws + n * np.arange(n_draws)[:, None]).ravel()
    times_drawn = np.bincount(flat, minlength=n_draws * n).reshape(n_draws, n).T.astype(np.int32)
    order = np.argsort(values, axis=1)
    held = np.zeros((len(values), n_draws), dtype=np.int32)
    low, high = np.zeros_like(held), np.zeros_like(held)
    for place in order.T:
        held += times_drawn[place]
        low += held <= (n - 1) // 2
        high += held <= n // 2
    ordered = np.take_along_axis(values, order, axis=1)
    lower, upper = (np.take_along_axis(ordered, at, axis=1) for at in (low, high))
    return np.asarray(0.5 * (lower + upper))


def middle_95(samples: Floats) -> tuple[Floats, Floats]:
    """Return the 2.5 and 97.5 % quantiles of each row; NaN where a row holds NaN."""
    low, high = np.full((2, len(samples)), np.nan)
    known = np.isfinite(samples).all(axis=1)
    if known.any():
        low[known], high[known] = np.quantile(samples[known], [0.025, 0.975], axis=1)
    return low, high


def proportion_interval(k: Counts, n: Counts) -> tuple[Floats, Floats]:
    """Return exact 95 % intervals of proportions (Clopper-Pearson); NaN where n is 0."""
    from scipy.special import betaincinv

    known, some = n > 0, np.maximum(n, 1)
    low = np.where(k == 0, 0.0, betaincinv(np.maximum(k, 1), some - k + 1, 0.025))
    high = np.where(k >= n, 1.0, betaincinv(k + 1, np.maximum(some - k, 1), 0.975))
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def chances(k: Counts, n: Counts, rate: float) -> Floats:
    """Return the binomial probability of `k` or more of `n` at a chance rate, for each block."""
    from scipy.special import bdtrc

    tail = bdtrc(np.maximum(k - 1, 0).astype(float), np.maximum(n, 1), rate)
    return np.where(k <= 0, 1.0, tail)


def fall(k: Counts, n: Counts, k_before: int, n_before: int) -> Floats:
    """Return Fisher's exact one-sided p that a proportion fell below an earlier one.

    Examples
    --------
    >>> fall(np.array([3]), np.array([10]), 10, 10).round(4).tolist()
    [0.0015]
    """
    from scipy.special import gammaln

    def chosen(total: Counts, part: Counts) -> Floats:
        """Return the logarithm of the number of ways to choose a part."""
        left_out = gammaln(np.maximum(total - part, 0) + 1.0)
        return np.asarray(gammaln(total + 1.0) - gammaln(part + 1.0) - left_out)

    count = np.arange(int(k.max(initial=0)) + 1)[None, :]
    positive, n_all = (k + k_before)[:, None], (n + n_before)[:, None]
    rest = positive - count
    size, before = n[:, None], np.full((1, 1), n_before)
    possible = (count <= k[:, None]) & (count <= size) & (rest >= 0) & (rest <= n_before)
    held = np.clip(rest, 0, n_before)
    drawn = np.minimum(count, size)
    weight = chosen(size, drawn) + chosen(before, held) - chosen(n_all, positive)
    return np.asarray(np.where(possible, np.exp(weight), 0.0).sum(axis=1).clip(0.0, 1.0))
