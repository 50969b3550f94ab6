"""Where everything of the Trend view lies: lanes of states, rows of values, lines, legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QFontMetricsF

from amr_viewer.gui.plot.scale import Axis, nice_step
from amr_viewer.gui.trend.look import Events, Look, whole
from amr_viewer.gui.trend.picture import Course, TrendPicture

GAP = 8.0
CELL_HEIGHT = 12.0
LEAST_ROW = 46.0
WIDEST_NAME = 128.0
FLOOR_SHIFT_MS = 0.5
"""Shifts below this fill no more than half of their row: they are smaller than jitter."""


class Row(StrEnum):
    """A row of values."""

    PERSISTENCE = "persistence"
    AMPLITUDE = "amplitude"
    ONSET = "onset"
    M = "m"


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One row: what it shows, its area, the scale of its values; the title stands above it."""

    row: Row
    area: QRectF
    y: Axis


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """The places of a drawing.

    Attributes
    ----------
    size : QSizeF
    x : Axis
        Seconds.
    plot : QRectF
        From the top of the first lane to the bottom of the last row.
    letters_top : float
        Where the letters of the events stand.
    lanes : tuple of QRectF
        One per course that is drawn; words above, cells below.
    panels : tuple of Panel
    legend : tuple of (int, QRectF)
        Numbers of the visible events, and where their texts stand.
    hidden_events : int
        How many visible events found no room in the legend.
    """

    size: QSizeF
    x: Axis
    plot: QRectF
    letters_top: float
    lanes: tuple[QRectF, ...]
    panels: tuple[Panel, ...]
    legend: tuple[tuple[int, QRectF], ...]
    hidden_events: int

    def panel_at(self, y: float) -> Panel | None:
        """Return the row at a height."""
        return next((p for p in self.panels if p.area.top() <= y <= p.area.bottom()), None)

    def lane_at(self, y: float) -> int | None:
        """Return the number of the lane at a height."""
        found = (i for i, lane in enumerate(self.lanes) if lane.top() <= y < lane.bottom())
        return next(found, None)


def least_height(n_lanes: int, metrics: QFontMetricsF) -> int:
    """Return the height below which a drawing is scrolled rather than squeezed."""
    line = metrics.height()
    lanes = n_lanes * (line + CELL_HEIGHT + 4)
    return int(2 * line + lanes + 4 * (LEAST_ROW + line + 6) + 2 * line + 3 * GAP)


def place(picture: TrendPicture, look: Look, size: QSizeF, metrics: QFontMetricsF) -> Places:
    """Lay a drawing out."""
    courses = look.courses(picture)
    line = metrics.height()
    names = [metrics.horizontalAdvance(c.name) + 14 for c in courses]
    left = min(max([*names, metrics.horizontalAdvance("−0000") + 10]), WIDEST_NAME) + 4
    right = size.width() - 14
    start, stop = look.start_s, look.stop_s
    if not isfinite(start + stop):
        start, stop = whole(picture, look.events)
    x = Axis(start, stop, left, max(right, left + 40))
    legend, hidden, legend_height = _legend(look.events, x, size, metrics)
    top = line + 6 if len(look.events) else 4.0
    lane_height = line + CELL_HEIGHT + 4
    lanes = [
        QRectF(left, top + i * lane_height, x.stop - left, lane_height) for i in range(len(courses))
    ]
    first = top + len(courses) * lane_height + GAP
    bottom = size.height() - legend_height - line - 6
    kinds = [r for r in Row if r is not Row.M or picture.direct is not None]
    height = (bottom - first) / len(kinds)
    panels = []
    for i, row in enumerate(kinds):
        area = QRectF(left, first + i * height + line + 2, x.stop - left, height - line - 8)
        low, high = _range(row, picture, courses, look.percent)
        panels.append(Panel(row, area, Axis(low, high, area.bottom(), area.top())))
    plot = QRectF(left, top, x.stop - left, panels[-1].area.bottom() - top)
    rects = tuple((e, r.translated(0, size.height() - legend_height)) for e, r in legend)
    return Places(size, x, plot, 1.0, tuple(lanes), tuple(panels), rects, hidden)


def _legend(
    events: Events, x: Axis, size: QSizeF, metrics: QFontMetricsF
) -> tuple[list[tuple[int, QRectF]], int, float]:
    """Lay the texts of the visible events out in lines; return them, the rest, and the height."""
    visible = events.within(x.low, x.high)
    if not visible:
        return [], 0, 0.0
    line = metrics.height() + 2
    most = 3 if size.height() < 640 else 5
    widest = max((size.width() - 2 * GAP) / 2, 60.0)
    placed: list[tuple[int, QRectF]] = []
    at, row = GAP, 0
    for event in visible:
        width = min(metrics.horizontalAdvance(events.label(event)) + 2, widest)
        if at + width > size.width() - GAP and at > GAP:
            at, row = GAP, row + 1
        if row >= most:
            break
        placed.append((event, QRectF(at, row * line + GAP / 2, width, line)))
        at += width + 2 * GAP
    hidden = len(visible) - len(placed)
    rows = min(row + 1, most) + (1 if hidden else 0)
    return placed, hidden, rows * line + GAP


def _range(
    row: Row, picture: TrendPicture, courses: Sequence[Course], percent: bool
) -> tuple[float, float]:
    """Return the least and the largest value of a row's scale."""
    if row is Row.PERSISTENCE:
        return -4.0, 104.0
    if row is Row.ONSET:
        ends = [x for c in courses for x in (c.spread_low_ms, c.spread_high_ms)]
        ends += [c.trend.onset_shift_ms for c in courses]
        reach = max(_highest([np.abs(e) for e in ends]) * 1.15, FLOOR_SHIFT_MS)
        return -reach, reach
    if row is Row.M:
        assert picture.direct is not None
        return 0.0, _above(_highest([picture.direct.trend.m_amplitude_uv]))
    if percent:
        highs = [c.trend.amplitude_percent_high for c in courses]
        highs += [c.trend.amplitude_percent for c in courses] + [np.array([110.0])]
    else:
        highs = [c.trend.amplitude_high_uv for c in courses]
        highs += [c.trend.amplitude_uv for c in courses]
    return 0.0, _above(_highest(highs))


def _highest(values: Sequence[NDArray[np.float64]]) -> float:
    """Return the largest finite value, 0 if there is none."""
    known = [float(v[np.isfinite(v)].max()) for v in values if np.isfinite(v).any()]
    return max(known, default=0.0)


def _above(value: float) -> float:
    """Return an end of a scale with some room above a value."""
    if value <= 0:
        return 1.0
    step = nice_step(value / 8)
    return float(np.ceil(value * 1.08 / step) * step)
