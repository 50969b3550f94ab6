"""Draws thousands of sweeps into arrays of pixels; knows numbers only, no Qt.

Every sweep is drawn as it is: in each column of pixels from its least to its largest value there,
so that no peak is lost whatever the scale.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amr_viewer.gui.sweeps.sweepset import to_uv

BLOCK = 256
"""Sweeps drawn at once: little enough that a thread gives way often."""


@dataclass(frozen=True, slots=True)
class Span:
    """What a picture shows: time from left to right, voltage from bottom to top."""

    start_ms: float
    stop_ms: float
    bottom_uv: float
    top_uv: float


class Columns:
    """How samples fall into columns of pixels."""

    def __init__(self, times_ms: NDArray[np.float64], start: float, stop: float, width: int):
        step = (times_ms[-1] - times_ms[0]) / (len(times_ms) - 1)
        edges = (start + (stop - start) * np.arange(width + 1) / width - times_ms[0]) / step
        last = len(times_ms) - 1
        self.width = width
        self.inside = (edges[1:] > 0) & (edges[:-1] < last)
        edges = np.clip(edges, 0, last)
        # Only the samples in sight are converted.
        self.first = int(np.floor(edges[0]))
        self.stop = int(np.ceil(edges[-1])) + 1
        self._left = np.minimum(np.floor(edges).astype(np.intp), last - 1) - self.first
        self._left = np.maximum(self._left, 0)
        self._share = (edges - self.first - self._left).astype(np.float32)
        low = np.ceil(edges[:-1]).astype(np.intp) - self.first
        high = np.floor(edges[1:]).astype(np.intp) - self.first
        self._low, self._high = low, high
        self._most = int((high - low).max(initial=-1)) + 1
        self.centers = np.clip(np.rint((edges[:-1] + edges[1:]) / 2).astype(np.intp), 0, last)

    def extremes(
        self, counts: NDArray[np.int16], step_uv: float
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return least and largest value of each sweep in each column, NaN where there is none."""
        stop = max(self.stop, self.first + 2)
        x = to_uv(counts[:, self.first : stop], step_uv)
        if x.shape[1] < 2:
            x = np.repeat(x, 2, axis=1)
        right = np.minimum(self._left + 1, x.shape[1] - 1)
        left = np.minimum(self._left, x.shape[1] - 1)
        # `take` gives other threads way, indexing with an array does not.
        a = np.take(x, left, axis=1)
        edge = np.take(x, right, axis=1)
        edge -= a
        edge *= self._share
        edge += a
        low = np.minimum(edge[:, :-1], edge[:, 1:])
        high = np.maximum(edge[:, :-1], edge[:, 1:])
        for m in range(self._most):
            at = np.clip(np.minimum(self._low + m, self._high), 0, x.shape[1] - 1)
            within = np.flatnonzero(self._low + m <= self._high)
            if len(within) == self.width:
                value = np.take(x, at, axis=1)
                np.fmin(low, value, out=low)
                np.fmax(high, value, out=high)
            elif len(within):
                value = np.take(x, at[within], axis=1)
                low[:, within] = np.fmin(low[:, within], value)
                high[:, within] = np.fmax(high[:, within], value)
        if not self.inside.all():
            low[:, ~self.inside] = np.nan
            high[:, ~self.inside] = np.nan
        return low, high


@dataclass(frozen=True, slots=True, eq=False)
class Density:
    """How many sweeps cover each pixel, and where some leave the picture.

    Attributes
    ----------
    count : ndarray of float32, shape (height, width)
    above, below : ndarray of bool, shape (width,)
    """

    count: NDArray[np.float32]
    above: NDArray[np.bool_]
    below: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """How sweeps are drawn as lines.

    Attributes
    ----------
    height : int
        Pixels from top to bottom.
    zero, scale : float
        Pixel of 0 uV, counted from the top, and pixels per uV.
    offsets : ndarray or None, shape (n_rows,)
        Pixels by which each sweep is moved down.
    thickness : float
        In pixels.
    dotted : int
        Length of dashes and gaps in pixels; 0 draws through.
    """

    height: int
    zero: float
    scale: float
    offsets: NDArray[np.float64] | None = None
    thickness: float = 1.1
    dotted: int = 0


def line_density(
    counts: NDArray[np.int16],
    step_uv: float,
    rows: NDArray[np.intp],
    columns: Columns,
    lines: Lines,
    check: Callable[[], None],
) -> Density:
    """Draw sweeps as lines over each other.

    Parameters
    ----------
    counts : ndarray of int16, shape (n_sweeps, n_times)
    step_uv : float
    rows : ndarray of int, shape (n_rows,)
        The sweeps to draw.
    columns : Columns
    lines : Lines
    check : callable
        Called between blocks; may raise `Cancelled`.

    Returns
    -------
    Density
    """
    width, height = columns.width, lines.height
    change = np.zeros((height + 1) * width, dtype=np.intp)
    highest, lowest = np.full(width, np.inf), np.full(width, -np.inf)
    at = np.arange(width, dtype=np.intp)
    drawn = np.flatnonzero((at // lines.dotted) % 2 == 0) if lines.dotted else None
    offsets = np.zeros(len(rows)) if lines.offsets is None else lines.offsets
    for first, part in _blocks(rows):
        check()
        low, high = columns.extremes(counts[part], step_uv)
        shift = (lines.zero + offsets[first : first + len(part), None]).astype(np.float32)
        for edge in (low, high):
            edge *= np.float32(lines.scale)
            edge += shift
        top, bottom = (low, high) if lines.scale >= 0 else (high, low)
        np.fmin(highest, np.fmin.reduce(top, axis=0), out=highest)
        np.fmax(lowest, np.fmax.reduce(bottom, axis=0), out=lowest)
        top -= np.float32(lines.thickness / 2)
        bottom += np.float32(lines.thickness / 2)
        for edge, sign in ((top, 1), (bottom, -1)):
            place = _places(edge, height, at, drawn)
            change += sign * np.bincount(place, minlength=len(change))
    count = np.cumsum(change.reshape(height + 1, width), axis=0)[:height]
    return Density(count.astype(np.float32), highest < 0, lowest > height)


def _places(
    edge: NDArray[np.float32], height: int, at: NDArray[np.intp], drawn: NDArray[np.intp] | None
) -> NDArray[np.intp]:
    """Return the pixel of every edge of a line, counted through; unknown ones at the top."""
    edge += np.float32(0.5)
    # What is not a number becomes 0 at both edges and cancels out.
    np.fmax(edge, np.float32(0), out=edge)
    np.fmin(edge, np.float32(height), out=edge)
    place = edge.astype(np.intp)
    place *= len(at)
    place += at
    return place.ravel() if drawn is None else np.take(place, drawn, axis=1).ravel()


def _blocks(rows: NDArray[np.intp]) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """Yield rows in blocks, with the place of the first of each."""
    for first in range(0, len(rows), BLOCK):
        yield first, rows[first : first + BLOCK]


def opacity(density: Density, alpha: float, pool: int) -> NDArray[np.float32]:
    """Return how opaque each pixel is, 0 to 1, from the pixels of a raster `pool` times as fine."""
    most = int(density.count.max(initial=0))
    table = (1.0 - (1.0 - alpha) ** np.arange(most + 1)).astype(np.float32)
    out = table[density.count.astype(np.intp)]
    if pool > 1:
        h, w = out.shape
        out = out.reshape(h // pool, pool, w // pool, pool).mean(axis=(1, 3))
    return np.asarray(out, dtype=np.float32)


def layered(
    layers: list[tuple[NDArray[np.float32], tuple[int, int, int]]],
) -> NDArray[np.uint8]:
    """Lay colors over each other, the last on top.

    Parameters
    ----------
    layers : list of (ndarray of float32, shape (height, width), (red, green, blue))

    Returns
    -------
    ndarray of uint8, shape (height, width, 4)
        Blue, green, red, alpha, premultiplied: Qt's ``ARGB32_Premultiplied``.
    """
    h, w = layers[0][0].shape
    out = np.zeros((h, w, 4), dtype=np.float32)
    for alpha, (red, green, blue) in layers:
        out *= (1.0 - alpha)[..., None]
        out += alpha[..., None] * np.array([blue, green, red, 255], np.float32)
    return np.ascontiguousarray(np.rint(out).astype(np.uint8))


def extreme_rows(
    counts: NDArray[np.int16],
    step_uv: float,
    rows: tuple[int, int],
    columns: Columns,
    height: int,
    check: Callable[[], None],
) -> NDArray[np.float32]:
    """Return sweeps as an image: in each pixel the value farthest from zero that falls there.

    Parameters
    ----------
    counts : ndarray of int16, shape (n_sweeps, n_times)
    step_uv : float
    rows : (int, int)
        First sweep, and the one after the last.
    columns : Columns
    height : int
    check : callable

    Returns
    -------
    ndarray of float32, shape (height, width)
        uV; NaN where nothing was recorded.
    """
    first, stop = rows
    n = stop - first
    out = np.full((max(n, 1), columns.width), np.nan, dtype=np.float32)
    for begin in range(first, stop, BLOCK):
        check()
        part = counts[begin : min(begin + BLOCK, stop)]
        low, high = columns.extremes(part, step_uv)
        out[begin - first : begin - first + len(part)] = _farther(low, high)
    if n > height:
        bounds = np.linspace(0, n, height + 1).astype(np.intp)[:-1]
        low = np.fmin.reduceat(out, bounds, axis=0)
        high = np.fmax.reduceat(out, bounds, axis=0)
        return _farther(low, high)
    return out[np.minimum((np.arange(height) * max(n, 1)) // height, max(n, 1) - 1)]


def _farther(low: NDArray[np.float32], high: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return of two values the one that lies farther from zero."""
    with np.errstate(invalid="ignore"):
        return np.where(np.abs(high) >= np.abs(low), high, low)
