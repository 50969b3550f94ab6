"""Where channels, time and texts lie on the canvas, in pixels of the window."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF

from amr_viewer.gui.document import Selection, TraceLayout
from amr_viewer.gui.plot.scale import Axis
from amr_viewer.gui.theme import GAP

LEAST_DIVISION = 24.0
MOST_DIVISIONS = 10
HEAD_ROWS = 3
"""Rows of text above the traces: stimuli, then two of marks."""


@dataclass(frozen=True, slots=True, eq=False)
class Lanes:
    """The geometry of one picture.

    Attributes
    ----------
    area : QRectF
        Where the traces are.
    channels : tuple of int
        From the top.
    time : Axis
        Seconds to pixels.
    row_height : float
        Of a row of text.
    is_butterfly : bool
        All channels over each other.
    """

    area: QRectF
    channels: tuple[int, ...]
    time: Axis
    row_height: float
    is_butterfly: bool

    @property
    def height(self) -> float:
        """Height of one lane."""
        n = 1 if self.is_butterfly else max(len(self.channels), 1)
        return self.area.height() / n

    @property
    def division(self) -> float:
        """Height of one division: an even number of them fills a lane."""
        pairs = int(self.height / LEAST_DIVISION / 2)
        return self.height / (2 * min(max(pairs, 1), MOST_DIVISIONS // 2))

    def center(self, place: int) -> float:
        """Return the height of the base line of the lane at a place."""
        if self.is_butterfly:
            return self.area.center().y()
        return self.area.top() + (place + 0.5) * self.height

    def place_at(self, y: float) -> int | None:
        """Return the place of the lane at a height, None if there is none."""
        if not self.channels or not self.area.top() <= y < self.area.bottom():
            return None
        if self.is_butterfly:
            return None
        return min(int((y - self.area.top()) / self.height), len(self.channels) - 1)

    def channel_at(self, y: float) -> int | None:
        """Return the channel of the lane at a height, None if there is none."""
        place = self.place_at(y)
        return None if place is None else self.channels[place]


def lanes_of(
    layout: TraceLayout,
    selection: Selection,
    size: tuple[float, float],
    gutter: float,
    metrics: QFontMetricsF,
) -> Lanes:
    """Lay out a canvas of a size (width, height) with room for names at the left."""
    row = metrics.height() + 2
    top, bottom = round(HEAD_ROWS * row + GAP / 2), round(row + GAP / 2)
    area = QRectF(gutter, top, max(size[0] - gutter - 1, 1), max(size[1] - top - bottom, 1))
    stop_s = selection.start_s + selection.span_s
    time = Axis(selection.start_s, stop_s, area.left(), area.right())
    return Lanes(area, layout.visible, time, row, layout.butterfly)
