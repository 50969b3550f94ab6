"""From columns of a signal to colored pixels, in numpy; what is read and where is left to `page`.

A trace is, in every column of pixels, one stretch from a top to a bottom. Whole pixels of it are
filled; the pixels at its two ends are mixed with what lies under them, in sixteenths, which makes
edges smooth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PART_BITS = 4
PARTS = 1 << PART_BITS
"""Steps of coverage of a pixel."""

BAND_ROWS = 48
"""Rows painted at once: few enough to stay in the processor's cache."""

SPARSE = 0.2
"""With fewer touched columns in a band, only those are computed."""

STEEPEST = 3.0
"""Slope, in pixels per column, from which on a line grows no thicker from top to bottom."""

TINTED_WIDTH = 1.6

ROWS = np.arange(BAND_ROWS, dtype=np.uint8)[:, None]
EVEN, ODD = np.uint32(0x00FF00FF), np.uint32(0xFF00FF00)
WHOLE, BYTE, PART_OF_BYTE = np.uint32(256), np.uint32(8), np.uint32(8 - PART_BITS)


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """A trace in columns of pixels.

    Attributes
    ----------
    top, bottom : ndarray of float32, shape (width,)
        Rows, from above; NaN where there is nothing to paint.
    reach : (int, int)
        First row, and the row behind the last one, that may be painted; a trace that leaves them
        runs along their edge, so that it is never lost.
    palette : tuple of int
        Colors, opaque ARGB.
    tint : ndarray of uint8, shape (width,), optional
        Which color of the palette each column has; the first one otherwise.
    """

    top: NDArray[np.float32]
    bottom: NDArray[np.float32]
    reach: tuple[int, int]
    palette: tuple[int, ...]
    tint: NDArray[np.uint8] | None = None


def joined(
    top: NDArray[np.float32], bottom: NDArray[np.float32], is_cut: NDArray[np.bool_]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Lengthen columns so that each touches the one before, except across gaps.

    The line from the last sample of a column to the first of the next one fills what lies between.
    """
    if not (is_cut.any() or np.isnan(top).any()):
        long_top, long_bottom = top.copy(), bottom.copy()
        np.minimum(top[1:], bottom[:-1], out=long_top[1:])
        np.maximum(bottom[1:], top[:-1], out=long_bottom[1:])
        return long_top, long_bottom
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
    half: NDArray[np.float32] = np.full(1, width / 2, np.float32)
    if tint is not None:
        half = half * np.where(tint > 0, np.float32(TINTED_WIDTH), np.float32(1))
    if not is_line:
        return top - half, bottom + half
    slope = np.minimum(bottom - top, np.float32(STEEPEST))
    more = half * np.sqrt(1 + slope * slope)
    return top - more, bottom + more


class Brush:
    """Paints traces into a picture, one over the other.

    Parameters
    ----------
    pixels : ndarray of uint32, shape (height, width)
        Opaque RGB, rows one behind the other in memory; painted on.
    """

    def __init__(self, pixels: NDArray[np.uint32]) -> None:
        self._pixels = pixels
        self._flat = pixels.reshape(-1)
        assert np.shares_memory(self._flat, pixels) or not pixels.size
        self._columns = np.arange(pixels.shape[1])
        n = BAND_ROWS * pixels.shape[1]
        self._outside, self._kept = np.empty(n, np.int8), np.empty(n, np.int32)

    def paint(self, trace: Columns) -> None:
        """Paint a trace as wide as the picture."""
        first, stop = max(trace.reach[0], 0), min(trace.reach[1], len(self._pixels))
        is_there = ~(np.isnan(trace.top) | np.isnan(trace.bottom))
        if stop <= first or not is_there.any():
            return
        low = _parts(trace.top, is_there, first, stop - 1)
        high = np.maximum(_parts(trace.bottom, is_there, first + 1, stop), low)
        color = np.array(trace.palette, np.uint32)
        color = color[:1] if trace.tint is None else color.take(trace.tint)
        # Whole pixels; a column of no height has none.
        begin, end = (low + (PARTS - 1)) >> PART_BITS, high >> PART_BITS
        np.maximum(end, begin, out=end)
        self._mix((low, high), (begin, end), color)
        self._fill(begin, end, is_there, color)

    def _fill(
        self,
        begin: NDArray[np.int32],
        end: NDArray[np.int32],
        is_there: NDArray[np.bool_],
        color: NDArray[np.uint32],
    ) -> None:
        """Fill the whole pixels of all columns."""
        outer = (int(begin.min(where=is_there, initial=len(self._pixels))), int(end.max()))
        inner = (int(begin.max()), int(end.min()))
        if inner[0] < inner[1]:
            self._pixels[inner[0] : inner[1]] = color
        for row, n_rows in _bands(outer, inner):
            band = self._pixels[row : row + n_rows]
            a, b = _within(begin, row, n_rows), _within(end, row, n_rows)
            is_touched = b > a
            n_touched = np.count_nonzero(is_touched)
            if n_touched >= SPARSE * len(a):
                self._paint_band(band, a, b, color)
            elif n_touched:
                touched = np.flatnonzero(is_touched)
                part = band.take(touched, axis=1)
                hue = color if len(color) == 1 else color[touched]
                self._paint_band(part, a[touched], b[touched], hue)
                band[:, touched] = part

    def _paint_band(
        self,
        pixels: NDArray[np.uint32],
        begin: NDArray[np.uint8],
        end: NDArray[np.uint8],
        color: NDArray[np.uint32],
    ) -> None:
        """Fill rows `begin` to before `end` of each column of a band."""
        n_rows, n = len(pixels), pixels.size
        rows = ROWS[:n_rows]
        outside = self._outside[:n].reshape(pixels.shape)
        is_outside = outside.view(np.bool_)
        if not begin.any():
            np.greater_equal(rows, end, out=is_outside)
        else:
            np.less(rows, begin, out=is_outside)
            if end.min() < n_rows:
                np.logical_or(is_outside, rows >= end, out=is_outside)
        # A masked copy is slow in numpy; to keep all bits of a difference, or none, is not.
        np.negative(outside, out=outside)
        kept = self._kept[:n].reshape(pixels.shape)
        np.copyto(kept, outside)
        pixels ^= color
        pixels &= kept.view(np.uint32)
        pixels ^= color

    def _mix(
        self,
        ends: tuple[NDArray[np.int32], NDArray[np.int32]],
        whole: tuple[NDArray[np.int32], NDArray[np.int32]],
        color: NDArray[np.uint32],
    ) -> None:
        """Mix the color into the pixels that are covered in part, above and below the whole."""
        (low, high), (begin, end) = ends, whole
        at, covered = np.empty((2, len(low)), np.intp), np.empty((2, len(low)), np.int32)
        np.minimum((begin << PART_BITS) - low, high - low, out=covered[0])
        np.maximum(high - (end << PART_BITS), 0, out=covered[1])
        at[0], at[1] = begin - 1, end
        at *= len(low)
        at += self._columns
        part = np.flatnonzero(covered)
        where, weight = at.take(part), covered.take(part).astype(np.uint32) << PART_OF_BYTE
        hue = color if len(color) == 1 else np.tile(color, 2).take(part)
        rest, under = WHOLE - weight, self._flat.take(where)
        even = (under & EVEN) * rest + (hue & EVEN) * weight
        odd = ((under >> BYTE) & EVEN) * rest + ((hue >> BYTE) & EVEN) * weight
        self._flat[where] = ((even >> BYTE) & EVEN) | (odd & ODD)


def _parts(
    rows: NDArray[np.float32], is_there: NDArray[np.bool_], least: int, most: int
) -> NDArray[np.int32]:
    """Return rows in parts of pixels, within limits; 0 where nothing is."""
    found = np.maximum(rows, np.float32(least))
    np.minimum(found, np.float32(most), out=found)
    found *= np.float32(PARTS)
    found[~is_there] = 0
    return np.rint(found, out=found).astype(np.int32)


def _within(rows: NDArray[np.int32], first: int, n_rows: int) -> NDArray[np.uint8]:
    """Return rows as rows of a band, those beyond it at its edges."""
    within = np.maximum(rows, first)
    np.minimum(within, first + n_rows, out=within)
    within -= first
    return within.astype(np.uint8)


def _bands(outer: tuple[int, int], inner: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Yield the first row and the number of rows of bands of `outer` that leave `inner` out.

    They begin at the inside: far out, where few columns reach, bands are sparse.
    """
    first, stop = inner if inner[0] < inner[1] else (outer[0], outer[0])
    for row in range(first, outer[0], -BAND_ROWS):
        n_rows = min(BAND_ROWS, row - outer[0])
        yield row - n_rows, n_rows
    for row in range(stop, outer[1], BAND_ROWS):
        yield row, min(BAND_ROWS, outer[1] - row)
