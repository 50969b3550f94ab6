"""Places texts in rows so that none touches another; what finds no room is left out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BETWEEN = 6.0
LEAST_WIDTH = 28.0
MOST_WIDTH = 200.0


@dataclass(frozen=True, slots=True)
class Placed:
    """Text number `index` begins at `left` in a row; `is_cut` if it needs more than `width`."""

    index: int
    row: int
    left: float
    width: float
    is_cut: bool


def place_texts(
    lefts: NDArray[np.float64],
    width_of: Callable[[int], float],
    n_rows: int,
    right: float,
    most_width: float = MOST_WIDTH,
) -> list[Placed]:
    """Place texts from left to right, each in the first row that is free.

    Parameters
    ----------
    lefts : ndarray of float64, shape (n,)
        Where each text would begin, not falling.
    width_of : callable
        Width of a text by its number; asked only for those that may find room.
    n_rows : int
    right : float
        Where all rows end; a text that does not fit before it is shortened.
    most_width : float

    Returns
    -------
    list of Placed
    """
    free_from = [-np.inf] * n_rows
    placed: list[Placed] = []
    at: list[float] = lefts.tolist()
    k = 0
    while n_rows and k < len(at):
        left = at[k]
        row = next((r for r in range(n_rows) if free_from[r] <= left), None)
        if row is None:
            k = bisect_left(at, min(free_from), k + 1)
            continue
        wanted = width_of(k)
        width = min(wanted, most_width, right - left)
        if width >= LEAST_WIDTH or width >= wanted:
            placed.append(Placed(k, row, left, width, width < wanted))
            free_from[row] = left + width + BETWEEN
        k += 1
    return placed
