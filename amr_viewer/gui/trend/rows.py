"""Draws the rows of values of the Trend view: single sweeps, blocks with intervals, baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from amr_viewer.core.trend import BlockState
from amr_viewer.gui.plot.dense import draw_dense_band, draw_dense_line
from amr_viewer.gui.plot.frame import draw_tick_labels
from amr_viewer.gui.plot.interval import draw_dots, draw_intervals, draw_levels
from amr_viewer.gui.plot.scale import Axis
from amr_viewer.gui.plot.state_sign import Sign, draw_disc
from amr_viewer.gui.plot.time_axis import draw_time_lines
from amr_viewer.gui.theme import Theme
from amr_viewer.gui.trend.picture import Course, TrendPicture
from amr_viewer.gui.trend.places import Panel, Row
from amr_viewer.gui.trend.words import STATE_SIGNS

RADIUS = 3.6
DODGE = 5.0
"""How far the signs of several muscles stand beside each other, in pixels."""

LEAST_APART = 7.0
"""Blocks closer than this, in pixels, are drawn as a band with a line rather than one by one."""

MOST_SIGNS = 300
"""From so many blocks of all muscles in a row on, too: more signs would crowd and take long."""

DOT_ALPHA = 120
BAND_ALPHA = 45
DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)

EMPTY = {
    Row.PERSISTENCE: "no valid sweep in any block",
    Row.AMPLITUDE: "no response in any block",
    Row.ONSET: "no baseline to compare with",
    Row.M: "no direct response was measured",
}
"""What stands in a row that has nothing to draw."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """What one course shows in one row: blocks with interval, single sweeps, a level."""

    middle: Floats
    low: Floats
    high: Floats
    sweeps: Floats | None = None
    level: float = float("nan")


def values_of(course: Course, row: Row, percent: bool) -> Values:
    """Return what a course shows in a row."""
    t = course.trend
    if row is Row.PERSISTENCE:
        return Values(100 * t.persistence, 100 * t.persistence_low, 100 * t.persistence_high)
    if row is Row.ONSET:
        shift = course.onset_ms - course.baseline_ms
        return Values(t.onset_shift_ms, course.spread_low_ms, course.spread_high_ms, shift, 0.0)
    if row is Row.M:
        nothing = np.full(len(t), np.nan)
        return Values(t.m_amplitude_uv, nothing, nothing, course.m_uv)
    if percent:
        sweeps = 100.0 * course.amplitude_uv / course.baseline_uv
        low, high = t.amplitude_percent_low, t.amplitude_percent_high
        return Values(t.amplitude_percent, low, high, sweeps, 100.0)
    low, high = t.amplitude_low_uv, t.amplitude_high_uv
    return Values(t.amplitude_uv, low, high, course.amplitude_uv, course.baseline_uv)


def why_empty(row: Row, drawn: Sequence[Values]) -> str:
    """Say why a row shows nothing, empty if it shows something."""
    known = any(np.isfinite(v.middle).any() for v in drawn)
    dots = any(v.sweeps is not None and np.isfinite(v.sweeps).any() for v in drawn)
    return "" if known or dots else EMPTY[row]


def title_of(panel: Panel, picture: TrendPicture, percent: bool) -> tuple[str, str]:
    """Return the title of a row, and what explains it."""
    if panel.row is Row.PERSISTENCE:
        return "Persistence, %", "of valid sweeps; bar: 95 % interval"
    if panel.row is Row.ONSET:
        return "Onset shift, ms", "against baseline, later is up; bar: middle half of the sweeps"
    if panel.row is Row.M:
        name = picture.direct.full_name if picture.direct else ""
        return "M, µV", f"direct response of {name}: shows that the stimulus works"
    if percent:
        return "Amplitude, %", "of the baseline block; bar: 95 % interval; dots: sweeps"
    return (
        "Amplitude, µV",
        "median, peak to peak; bar: 95 % interval; dots: sweeps; dashed: baseline",
    )


def draw_panel(
    painter: QPainter,
    panel: Panel,
    x: Axis,
    picture: TrendPicture,
    courses: Sequence[Course],
    percent: bool,
    theme: Theme,
) -> None:
    """Draw one row with its title and scale."""
    _draw_ground(painter, panel, x, picture, percent, theme)
    direct = picture.direct
    shown = ((direct,) if direct else ()) if panel.row is Row.M else tuple(courses)
    painter.save()
    painter.setClipRect(panel.area.adjusted(-6, -6, 6, 6))
    n_visible = [len(_visible(x.pixels(c.middle_s), panel.area)) for c in shown]
    apart = panel.area.width() / max(n_visible, default=1) if any(n_visible) else LEAST_APART
    single = apart >= LEAST_APART and sum(n_visible) <= MOST_SIGNS
    drawn = [values_of(course, panel.row, percent) for course in shown]
    for i, (course, values) in enumerate(zip(shown, drawn, strict=True)):
        dodge = DODGE * (i - 0.5 * (len(shown) - 1)) if single else None
        _draw_course(painter, panel, x, course, values, dodge, theme)
    painter.setPen(QColor(theme.muted))
    painter.drawText(panel.area, Qt.AlignmentFlag.AlignCenter, why_empty(panel.row, drawn))
    if panel.row is Row.PERSISTENCE:
        _draw_returns(painter, panel.area, x, courses, theme)
    painter.restore()


def _draw_ground(
    painter: QPainter, panel: Panel, x: Axis, picture: TrendPicture, percent: bool, theme: Theme
) -> None:
    """Draw title, grid and scale of a row."""
    area = panel.area
    draw_time_lines(painter, x, area, theme)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for tick in panel.y.ticks(max(2.2 * painter.fontMetrics().height(), 32.0)):
        painter.setPen(QPen(QColor(theme.line if tick == 0 else theme.grid), 1))
        y = panel.y.pixel(tick)
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
    painter.restore()
    draw_tick_labels(painter, None, panel.y, area, theme)
    title, rest = title_of(panel, picture, percent)
    plain = painter.font()
    bold = QFont(plain)
    bold.setWeight(QFont.Weight.DemiBold)
    base = area.top() - 5
    painter.setFont(bold)
    painter.setPen(QColor(theme.text))
    painter.drawText(QPointF(area.left(), base), title)
    at = area.left() + painter.fontMetrics().horizontalAdvance(title) + 8
    painter.setFont(plain)
    painter.setPen(QColor(theme.muted))
    painter.drawText(QPointF(at, base), _fitting(painter, rest, area.right() - at))


def _fitting(painter: QPainter, text: str, width: float) -> str:
    """Return as many of the clauses of a text as fit into a width."""
    clauses = text.split("; ")
    while clauses and painter.fontMetrics().horizontalAdvance("; ".join(clauses)) > width:
        clauses.pop()
    return "; ".join(clauses)


def _draw_course(
    painter: QPainter,
    panel: Panel,
    x: Axis,
    course: Course,
    values: Values,
    dodge: float | None,
    theme: Theme,
) -> None:
    """Draw one muscle in a row; `dodge` None: as a band with a line."""
    color = QColor(theme.muscle(course.trend.muscle))
    area, middle_x = panel.area, x.pixels(course.middle_s)
    if values.sweeps is not None:
        faint = QColor(color)
        faint.setAlpha(DOT_ALPHA)
        dots_y = panel.y.pixels(values.sweeps)
        draw_dots(painter, x.pixels(course.time_s), dots_y, area, faint)
    if np.isfinite(values.level) and values.level != 0:
        soft = QColor(color)
        soft.setAlpha(140)
        draw_levels(painter, [panel.y.pixel(values.level)], area, soft)
    low, mid, high = (panel.y.pixels(v) for v in (values.low, values.middle, values.high))
    visible = _visible(middle_x, area)
    at, low, mid, high = (v[visible] for v in (middle_x, low, mid, high))
    if dodge is None:
        soft = QColor(color)
        soft.setAlpha(BAND_ALPHA)
        draw_dense_band(painter, at, low, high, area, soft)
        draw_dense_line(painter, at, mid, area, color)
        return
    at = at + dodge
    _draw_line(painter, at, mid, color, DASHES[course.twin % len(DASHES)])
    draw_intervals(painter, at, low, high, area, color)
    states = course.trend.state
    for i, place, y in zip(visible.tolist(), at.tolist(), mid.tolist(), strict=True):
        if np.isfinite(y):
            sign = Sign.FULL if panel.row is Row.M else STATE_SIGNS[states[i]]
            tint = QColor(theme.muted) if sign is Sign.HATCHED else color
            draw_disc(painter, QPointF(place, y), RADIUS, sign, tint, QColor(theme.surface))


def _visible(at: Floats, area: QRectF) -> NDArray[np.intp]:
    """Return the blocks that are visible, with a neighbour at either side for the line."""
    inside = np.flatnonzero((at >= area.left() - 6) & (at <= area.right() + 6))
    if not len(inside):
        return inside
    return np.arange(max(inside[0] - 1, 0), min(inside[-1] + 2, len(at)))


def _draw_line(painter: QPainter, at: Floats, y: Floats, color: QColor, dash: Qt.PenStyle) -> None:
    """Join neighbouring blocks that both have a value."""
    known = np.isfinite(y[:-1]) & np.isfinite(y[1:])
    ends = np.column_stack([at[:-1], y[:-1], at[1:], y[1:]])[known]
    soft = QColor(color)
    soft.setAlpha(170)
    painter.setPen(QPen(soft, 1.4, dash))
    painter.drawLines([QLineF(*end) for end in ends.tolist()])


def _draw_returns(
    painter: QPainter, area: QRectF, x: Axis, courses: Sequence[Course], theme: Theme
) -> None:
    """Point at the blocks in which a response is there again."""
    color = QColor(theme.tone(BlockState.PRESENT.value)[0])
    for course in courses:
        for block in course.returns():
            at = x.pixel(float(course.middle_s[block]))
            painter.setPen(QPen(color, 1, Qt.PenStyle.DotLine))
            painter.drawLine(QLineF(at, area.top(), at, area.bottom()))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            tip, base = area.bottom() - 9, area.bottom() - 1
            painter.drawPolygon([QPointF(at, tip), QPointF(at - 5, base), QPointF(at + 5, base)])
