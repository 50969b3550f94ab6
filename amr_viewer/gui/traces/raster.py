"""From columns of a signal to colored pixels, in numpy; what is read and where is left to `page`.

A trace is, in every column of pixels, one stretch from a top to a bottom. How far it covers each
pixel is counted in fifteenths, which makes edges smooth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PARTS = 15
"""Steps of coverage: 15 of 17/255 make a color opaque, so that a multiplication paints it."""

BAND_ROWS = 64
"""Rows painted at once: few enough to stay in the processor's cache."""

SPARSE = 0.3
"""With fewer touched columns in a band, only those are computed."""

STEEPEST = 3.0
"""Slope, in pixels per column, from which on a line grows no thicker from top to bottom."""

TINTED_WIDTH = 1.6

ROWS = np.arange(BAND_ROWS, dtype=np.int16)[:, None] * np.int16(PARTS)
BELOW = ROWS + np.int16(PARTS)
NONE, ALL = np.int16(0), np.int16(PARTS)


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """Some rows of a picture: premultiplied ARGB, shape (n_rows, width), from row `first_row`."""

    first_row: int
    pixels: NDArray[np.uint32]


def shade(argb: int) -> np.uint32:
    """Return the premultiplied color of one fifteenth of an opaque color.

    Each part is rounded to a seventeenth of its range: nobody sees the difference.
    """
    parts = (round(((argb >> shift) & 0xFF) / PARTS) for shift in (16, 8, 0))
    red, green, blue = parts
    return np.uint32((17 << 24) | (red << 16) | (green << 8) | blue)


def joined(
    top: NDArray[np.float32], bottom: NDArray[np.float32], is_cut: NDArray[np.bool_]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Lengthen columns so that each touches the one before, except across gaps.

    The line from the last sample of a column to the first of the next one fills what lies between.
    """
    top, bottom = top.copy(), bottom.copy()
    apart = ~is_cut[1:]
    # NaN compares as false: nothing is joined to a column without samples.
    above = apart & (bottom[1:] < top[:-1])
    below = apart & (top[1:] > bottom[:-1])
    former_top, former_bottom = top[:-1].copy(), bottom[:-1].copy()
    bottom[1:][above] = former_top[above]
    top[1:][below] = former_bottom[below]
    return top, bottom


def line_columns(
    x: NDArray[np.float64], y: NDArray[np.float64], n_columns: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return top and bottom of a line in every column of pixels; NaN where it is not.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        Corners of the line in pixels, x not falling; a NaN in `y` parts it.
    n_columns : int

    Returns
    -------
    top, bottom : ndarray of float32, shape (n_columns,)
    """
    top = np.full(n_columns, np.nan)
    bottom = np.full(n_columns, np.nan)
    if len(x):
        at_edges = np.interp(np.arange(n_columns + 1), x, y, left=np.nan, right=np.nan)
        top = np.fmin(at_edges[:-1], at_edges[1:])
        bottom = np.fmax(at_edges[:-1], at_edges[1:])
        column = np.floor(x).astype(np.int64)
        inside = (column >= 0) & (column < n_columns) & ~np.isnan(y)
        np.fmin.at(top, column[inside], y[inside])
        np.fmax.at(bottom, column[inside], y[inside])
    return top.astype(np.float32), bottom.astype(np.float32)


def runs(is_so: NDArray[np.bool_]) -> tuple[tuple[int, int], ...]:
    """Return where something is so: the first column of each run, and the one behind its last.

    Examples
    --------
    >>> runs(np.array([True, False, True, True]))
    ((0, 1), (2, 4))
    """
    if not is_so.any():
        return ()
    edges = np.flatnonzero(np.diff(is_so.astype(np.int8), prepend=0, append=0))
    return tuple(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def thickened(
    top: NDArray[np.float32],
    bottom: NDArray[np.float32],
    width: float,
    *,
    is_line: bool,
    tint: NDArray[np.uint8] | None = None,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Give a trace its thickness, in pixels; more of it where it has a color of its own.

    A steep line needs more from top to bottom to look as thick as a flat one.
    """
    half: NDArray[np.float32] = np.full(len(top), width / 2, np.float32)
    if tint is not None:
        half[tint > 0] *= TINTED_WIDTH
    if not is_line:
        return top - half, bottom + half
    slope = np.minimum(bottom - top, np.float32(STEEPEST))
    more = half * np.sqrt(1 + slope * slope)
    return top - more, bottom + more


def painted(
    top: NDArray[np.float32],
    bottom: NDArray[np.float32],
    reach: tuple[int, int],
    palette: Sequence[np.uint32],
    tint: NDArray[np.uint8] | None = None,
) -> tuple[Strip, ...]:
    """Paint a trace.

    Parameters
    ----------
    top, bottom : ndarray of float32, shape (width,)
        Rows, from above; NaN where there is nothing to paint.
    reach : (int, int)
        First row, and the row behind the last one, that may be painted; a trace that leaves them
        runs along their edge, so that it is never lost.
    palette : sequence of uint32
        `shade` of each color.
    tint : ndarray of uint8, shape (width,), optional
        Which color of the palette each column has; the first one otherwise.

    Returns
    -------
    tuple of Strip
    """
    first, stop = reach
    is_there = ~(np.isnan(top) | np.isnan(bottom))
    if not is_there.any() or stop <= first:
        return ()
    low, high = np.clip(top, first, stop - 1), np.clip(bottom, first + 1, stop)
    first = int(low.min(where=is_there, initial=stop))
    stop = int(np.ceil(high.max(where=is_there, initial=first)))
    # A column of no height covers nothing.
    low, high = np.where(is_there, low, -1), np.where(is_there, high, -1)
    strips = []
    for row in range(first, stop, BAND_ROWS):
        n_rows = min(BAND_ROWS, stop - row)
        touched = (low < row + n_rows) & (high > row)
        n_touched = int(np.count_nonzero(touched))
        if n_touched:
            columns = np.flatnonzero(touched) if n_touched < SPARSE * len(touched) else None
            strips.append(Strip(row, _band(low, high, (row, n_rows), columns, palette, tint)))
    return tuple(strips)


def _band(
    low: NDArray[np.float32],
    high: NDArray[np.float32],
    rows: tuple[int, int],
    columns: NDArray[np.intp] | None,
    palette: Sequence[np.uint32],
    tint: NDArray[np.uint8] | None,
) -> NDArray[np.uint32]:
    """Paint some rows (the first, and how many) of a trace, of all columns or of some."""
    if columns is not None:
        pixels = np.zeros((rows[1], len(low)), np.uint32)
        part = None if tint is None else tint[columns]
        pixels[:, columns] = _band(low[columns], high[columns], rows, None, palette, part)
        return pixels
    covered = _coverage(low, high, *rows)
    colors = np.array(palette, np.uint32)
    covered *= colors[0] if tint is None else colors.take(tint)
    return covered


def _coverage(
    low: NDArray[np.float32], high: NDArray[np.float32], row: int, n_rows: int
) -> NDArray[np.uint32]:
    """Return how many fifteenths of each pixel are covered, shape (n_rows, width)."""
    most = np.float32(n_rows * PARTS)
    zero = np.float32(0)
    a = ((low - row) * np.float32(PARTS) + np.float32(0.5)).clip(zero, most).astype(np.int16)
    b = ((high - row) * np.float32(PARTS) + np.float32(0.5)).clip(zero, most).astype(np.int16)
    covered = np.minimum(b, BELOW[:n_rows])
    covered -= np.maximum(a, ROWS[:n_rows])
    # Clipping by constants is quicker in numpy than a maximum with one.
    covered.clip(NONE, ALL, out=covered)
    wide: NDArray[np.uint32] = covered.astype(np.uint32)
    return wide
