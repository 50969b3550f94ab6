"""Table cells as rows of bytes, so that a block of rows is formatted without a loop over rows.

A column becomes a matrix of shape (n_rows, width); NUL bytes pad it and are dropped on writing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.spreadsheet import neutral

Bytes = NDArray[np.uint8]

_LIMIT = 1e17


def text_cell(text: str) -> str:
    """Return a text as a CSV cell: neutral to a spreadsheet, and in quotes where it needs them.

    Examples
    --------
    >>> print(text_cell("=1+1"), text_cell("a,b"))
    '=1+1 "a,b"
    """
    text = neutral(text.replace("\0", ""))
    if any(c in text for c in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text


def word_column(codes: NDArray[np.intp], words: Sequence[str | bool | None]) -> Bytes:
    """Return the cells ``words[codes]``, shape (n_rows, width); None is empty."""
    cells = [_word(word).encode(errors="replace") for word in words]
    width = max((len(c) for c in cells), default=0)
    table = np.zeros((len(cells), width), dtype=np.uint8)
    for row, cell in zip(table, cells, strict=True):
        row[: len(cell)] = np.frombuffer(cell, dtype=np.uint8)
    return np.asarray(table[codes])


def _word(word: str | bool | None) -> str:
    """Return one word as a cell."""
    if word is None:
        return ""
    return str(word).lower() if isinstance(word, bool) else text_cell(word)


def number_column(values: NDArray[np.generic], decimals: int) -> Bytes:
    """Return numbers with a fixed count of decimals, shape (n_rows, width).

    NaN and infinity give empty cells; so does, rather than a wrong number, a size beyond 1e17 units
    of the last decimal.
    """
    numbers = np.asarray(values, dtype=np.float64)
    scaled = np.rint(numbers * 10.0**decimals)
    known = np.isfinite(scaled) & (np.abs(scaled) < _LIMIT)
    rest = np.abs(np.where(known, scaled, 0.0)).astype(np.int64)
    n_digits = max(decimals + 1, len(str(rest.max(initial=0))))
    if n_digits < 10:
        rest = rest.astype(np.uint32)  # its division is several times faster than that of int64
    width = 1 + n_digits + (decimals > 0)
    cells = np.zeros((width, len(numbers)), dtype=np.uint8)
    digit = width - 1
    for place in range(n_digits):
        if place == decimals and decimals > 0:
            cells[digit] = ord(".")
            digit -= 1
        shown = known if place <= decimals else known & (rest > 0)
        quotient = rest // 10
        cells[digit] = np.where(shown, (rest - 10 * quotient).astype(np.uint8) + ord("0"), 0)
        rest = quotient
        digit -= 1
    cells[0] = np.where(known & (scaled < 0), ord("-"), 0)
    if decimals > 0:
        cells[width - 1 - decimals] *= known
    return cells.T


def joined(columns: Sequence[Bytes]) -> bytes:
    """Return CSV lines of columns that lie side by side."""
    n_rows = len(columns[0])
    width = sum(c.shape[1] + 1 for c in columns)
    rows = np.empty((n_rows, width), dtype=np.uint8)
    start = 0
    for column in columns:
        stop = start + column.shape[1]
        rows[:, start:stop] = column
        rows[:, stop] = ord(",")
        start = stop + 1
    rows[:, -1] = ord("\n")
    data: bytes = rows[rows != 0].tobytes()
    return data
