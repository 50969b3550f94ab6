"""Where everything lies in the raster, in pixels of the window."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QFontMetricsF

from amr_viewer.gui.patterns.lanes import Lane
from amr_viewer.gui.plot.scale import Axis

LEAST_LANE, MOST_LANE = 17.0, 120.0
MOST_NAME = 190.0
EDGE = 8.0
RIGHT = 18.0
TRACE_FROM = 30.0
"""From this height on a lane holds the trace above its bars."""

LEAST_BARS, MOST_BARS = 14.0, 24.0
"""Height of the bars, with their brackets, below a trace."""

SIDE_GAP = 8.0
"""Between the lanes of the left and of the right side."""


@dataclass(frozen=True, slots=True)
class Places:
    """Head (marks, stimuli), lanes and time of the raster.

    Attributes
    ----------
    plot : QRectF
        Around all lanes.
    head : QRectF
        Above it, for marks and stimuli.
    time : Axis
        Seconds to pixels.
    tops : tuple of float
        Upper edges of the lanes.
    lane_height : float
    """

    plot: QRectF
    head: QRectF
    time: Axis
    tops: tuple[float, ...]
    lane_height: float

    @property
    def bars_height(self) -> float:
        """Height of bars and brackets, at the foot of a lane; the rest is for the trace."""
        if self.lane_height < TRACE_FROM:
            return self.lane_height
        return min(max(0.4 * self.lane_height, LEAST_BARS), MOST_BARS)

    def lane_at(self, y: float) -> int | None:
        """Return the lane at a height."""
        inside = (i for i, top in enumerate(self.tops) if top <= y < top + self.lane_height)
        return next(inside, None)


def head_height(metrics: QFontMetricsF) -> float:
    """Return the room for marks and stimuli."""
    return metrics.height() + 8.0


def gaps(lanes: tuple[Lane, ...]) -> int:
    """Return how often the side changes from lane to lane."""
    sides = [lane.channel.side for lane in lanes]
    return sum(a is not b for a, b in pairwise(sides))


def least_height(lanes: tuple[Lane, ...], metrics: QFontMetricsF) -> int:
    """Return the least height of a raster."""
    lane = max(LEAST_LANE, metrics.height() + 1)
    around = head_height(metrics) + metrics.height() + 6
    return round(len(lanes) * lane + gaps(lanes) * SIDE_GAP + around)


def place(
    lanes: tuple[Lane, ...], window: tuple[float, float], size: QSizeF, metrics: QFontMetricsF
) -> Places:
    """Return where everything lies."""
    names = [metrics.horizontalAdvance(lane.name) for lane in lanes]
    left = min(max([*names, 60.0]), MOST_NAME) + 3 * EDGE
    top = head_height(metrics)
    room = size.height() - top - metrics.height() - 6 - gaps(lanes) * SIDE_GAP
    least = max(LEAST_LANE, metrics.height() + 1)
    height = min(max(room / max(len(lanes), 1), least), MOST_LANE)
    tops, y = [], top
    for i, lane in enumerate(lanes):
        if i and lane.channel.side is not lanes[i - 1].channel.side:
            y += SIDE_GAP
        tops.append(y)
        y += height
    plot = QRectF(left, top, max(size.width() - left - RIGHT, 10.0), max(y - top, 10.0))
    start, span = window
    time = Axis(start, start + span, plot.left(), plot.right())
    return Places(plot, QRectF(left, 0, plot.width(), top), time, tuple(tops), height)
