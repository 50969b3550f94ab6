"""Paints bursts from arrays into the pixels of a picture: thousands cost a few milliseconds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from amr_viewer.core.bursts import BurstKind, Bursts
from amr_viewer.gui.patterns.colors import HEIGHTS, kind_color
from amr_viewer.gui.patterns.lanes import Lane, Span
from amr_viewer.gui.plot.scale import Axis
from amr_viewer.gui.theme import Theme

Pixels = NDArray[np.uint32]
BRACKET_ROOM = 9.0
"""Room above the bars for brackets, in pixels of the window."""

LOW_LANE = 24.0
"""Below this height a lane has less room for brackets."""

FOOT = 2.0
LEAST_BRACKET = 5


@dataclass(frozen=True, slots=True)
class Brush:
    """Where painting goes: pixels of the device, `ratio` of them per pixel of the window."""

    pixels: Pixels
    time: Axis
    ratio: float
    theme: Theme

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return int(self.pixels.shape[1])

    def columns(self, start_s: NDArray[np.float64], end_s: NDArray[np.float64]) -> Columns:
        """Return the columns of stretches that are visible, at least one for each."""
        seen = (end_s >= self.time.low) & (start_s <= self.time.high)
        first = np.floor(self.time.pixels(start_s[seen])).astype(np.intp)
        last = np.maximum(np.ceil(self.time.pixels(end_s[seen])).astype(np.intp), first + 1)
        return Columns(np.clip(first, 0, self.width - 1), np.clip(last, 1, self.width), seen)


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Columns of stretches, `last` excluded; `seen` says which stretches they are of."""

    first: NDArray[np.intp]
    last: NDArray[np.intp]
    seen: NDArray[np.bool_]

    def covered(self, width: int) -> NDArray[np.bool_]:
        """Return which columns any stretch covers."""
        steps = np.zeros(width + 1, np.intp)
        np.add.at(steps, self.first, 1)
        np.add.at(steps, self.last, -1)
        return np.cumsum(steps[:width]) > 0


def pixels_of(picture: QImage) -> Pixels:
    """Return the pixels of a picture of 32 bits, to be read and written; (height, width)."""
    return np.frombuffer(picture.bits(), np.uint32).reshape(picture.height(), picture.width())


def paint_lane(brush: Brush, bursts: Bursts, lane: Lane, top: float, bottom: float) -> None:
    """Paint bars and brackets of a lane between two heights, in pixels of the window."""
    is_low = bottom - top < LOW_LANE
    high = top + (6.0 if is_low else BRACKET_ROOM)
    low = bottom - FOOT
    start, end = bursts.start_s[lane.rows], bursts.end_s[lane.rows]
    counted, kind = bursts.counted[lane.rows], bursts.kind[lane.rows]
    _hollow(brush, start[~counted], end[~counted], high, low)
    for which in (BurstKind.OTHER, BurstKind.TONIC, BurstKind.CLONIC):
        rows = counted & (kind == which)
        covered = brush.columns(start[rows], end[rows]).covered(brush.width)
        first, last = _rows(brush, low - HEIGHTS[which] * (low - high), low)
        brush.pixels[first:last, covered] = kind_color(brush.theme, which).rgb()
    line = QColor(brush.theme.muted).rgb()
    _brackets(brush, lane.episodes, top + 1, 3.0 if is_low else 5.0, line)
    _brackets(brush, lane.salvos, top + (3 if is_low else 5), 2.0, line)


def _rows(brush: Brush, top: float, bottom: float) -> tuple[int, int]:
    """Return the rows of pixels between two heights, at least one."""
    first = max(round(top * brush.ratio), 0)
    return first, max(round(bottom * brush.ratio), first + 1)


def _hollow(
    brush: Brush, start: NDArray[np.float64], end: NDArray[np.float64], high: float, low: float
) -> None:
    """Paint the outlines of bursts that are set aside."""
    columns = brush.columns(start, end)
    color = QColor(brush.theme.sweep_gray).rgb()
    first, last = _rows(brush, low - 0.66 * (low - high), low)
    thick = max(round(brush.ratio), 1)
    covered = columns.covered(brush.width)
    brush.pixels[first : first + thick, covered] = color
    brush.pixels[last - thick : last, covered] = color
    for k in range(thick):
        brush.pixels[first:last, np.minimum(columns.first + k, brush.width - 1)] = color
        brush.pixels[first:last, np.maximum(columns.last - 1 - k, 0)] = color


def _brackets(brush: Brush, spans: Span, top: float, height: float, color: int) -> None:
    """Paint a line over each group, and short strokes down at its ends."""
    columns = brush.columns(*spans)
    wide = columns.last - columns.first >= LEAST_BRACKET * brush.ratio
    kept = Columns(columns.first[wide], columns.last[wide], columns.seen)
    thick = max(round(brush.ratio), 1)
    row, foot = _rows(brush, top, top + height)
    brush.pixels[row : row + thick, kept.covered(brush.width)] = color
    for at in (kept.first, kept.last - 1):
        brush.pixels[row:foot, at] = color
