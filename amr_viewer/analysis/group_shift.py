"""How far two groups lie apart: Hodges and Lehmann's shift with a distribution-free interval.

References
----------
.. [1] Hodges JL, Lehmann EL. Ann Math Stat 1963;34:598-611.
.. [2] Hollander M, Wolfe DA. Nonparametric Statistical Methods, 2nd ed., 1999, sections 4.2, 4.3.
"""

from __future__ import annotations

from functools import lru_cache
from math import nan, sqrt

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.agreement import GroupDifference, GroupValues, Method

LEAST = 3
"""Values of a group below which nothing is said of its middle or its distance."""

EXACT_UP_TO = 50
Z95 = 1.959964


def group_values(group: str, values: NDArray[np.float64]) -> GroupValues:
    """Return the values of a group in order, with median and quartiles where there are enough."""
    ordered = np.sort(values[np.isfinite(values)])
    middle = low = high = nan
    if len(ordered) >= LEAST:
        middle, low, high = (float(q) for q in np.quantile(ordered, [0.5, 0.25, 0.75]))
    return GroupValues(group, tuple(map(float, ordered)), middle, low, high)


def shift(a: GroupValues, b: GroupValues) -> GroupDifference:
    """Return how much larger the values of `b` are than those of `a`, with a 95 % interval.

    The interval is made of ordered differences of pairs [2]_, exact up to 50 values in a group; it
    takes both groups to have one shape. With so few values that no interval of 95 % exists, none is
    stated.
    """
    if min(len(a.values), len(b.values)) < LEAST:
        return GroupDifference(a.group, b.group, refused="few")
    pairs = np.sort(np.subtract.outer(np.array(b.values), np.array(a.values)).ravel())
    value = float(np.median(pairs))
    m, n = len(a.values), len(b.values)
    if max(m, n) <= EXACT_UP_TO:
        rank, method = _exact_rank(m, n), Method.MOSES_EXACT
    else:
        rank = int(m * n / 2 - Z95 * sqrt(m * n * (m + n + 1) / 12))
        method = Method.MOSES_NORMAL
    if rank < 1:
        return GroupDifference(a.group, b.group, value)
    return GroupDifference(
        a.group, b.group, value, float(pairs[rank - 1]), float(pairs[-rank]), method
    )


@lru_cache(maxsize=256)
def _exact_rank(m: int, n: int) -> int:
    """Return the rank of the difference that ends the interval: the largest k, P(U < k) <= 2.5 %.

    0 where even the smallest and largest difference do not enclose 95 %.
    """
    counts = [1] + [0] * (m * n)
    # The generating function of U is the Gaussian binomial: product of (1 - q^(n+i)) / (1 - q^i).
    for i in range(1, m + 1):
        for u in range(m * n, n + i - 1, -1):
            counts[u] -= counts[u - n - i]
        for u in range(i, m * n + 1):
            counts[u] += counts[u - i]
    whole, below, rank = sum(counts), 0, 0
    while 40 * (below + counts[rank]) <= whole:
        below += counts[rank]
        rank += 1
    return rank
