"""Draws the panels of a comparison: on the screen, and as a figure that is copied."""

from __future__ import annotations

from math import isfinite

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.gui.plot.frame import draw_tick_labels, elided
from amr_viewer.gui.plot.interval import draw_intervals, draw_levels
from amr_viewer.gui.theme import LIGHT, Theme
from amr_viewer.gui.visits.panel_values import Curve, Drawing
from amr_viewer.gui.visits.places import PanelPlace, Places, least_height, place
from amr_viewer.report.visits_figures import HOLLOW, LIMIT, MEASURED, MISSING, SeriesPoint

RADIUS = 4.0
SIDE_SHADES = {Side.LEFT: ("#0072b2", "#5cb3ec"), Side.RIGHT: ("#c25100", "#f08a45")}
FIGURE_WIDTH = 1000
FIGURE_ROOM = 110.0
"""Height of a figure's plots beyond the least, in pixels."""


def curve_color(curve: Curve, theme: Theme) -> str:
    """Return the color of a curve: that of its muscle, or of its side."""
    if curve.is_side:
        return SIDE_SHADES.get(curve.side or Side.LEFT, SIDE_SHADES[Side.LEFT])[theme.is_dark]
    return theme.muscle(curve.muscle)


def paint_panels(painter: QPainter, drawing: Drawing, places: Places, theme: Theme) -> None:
    """Draw all panels.

    Parameters
    ----------
    painter : QPainter
        Its font is the one that `places` was made with.
    drawing : Drawing
    places : Places
    theme : Theme
    """
    painter.fillRect(QRectF(QPointF(0, 0), places.size), QColor(theme.surface))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for at in places.panels:
        paint_panel(painter, at, drawing, places.line, theme)


def paint_panel(
    painter: QPainter, at: PanelPlace, drawing: Drawing, line: float, theme: Theme
) -> None:
    """Draw one panel; `line` is the height of a line of text."""
    _draw_ground(painter, at, drawing, line, theme)
    for i, curve in enumerate(at.panel.curves):
        _draw_curve(painter, at, i, curve, theme)
    _draw_legend(painter, at, line, theme)


def _draw_ground(
    painter: QPainter, at: PanelPlace, drawing: Drawing, line: float, theme: Theme
) -> None:
    """Draw title, grid, scale, visits and events of a panel."""
    area = at.area
    plain = painter.font()
    bold = QFont(plain)
    bold.setWeight(QFont.Weight.DemiBold)
    painter.setFont(bold)
    painter.setPen(QColor(theme.text))
    title = QRectF(at.box.left() + 4, at.box.top(), at.box.width() - 8, line)
    text = elided(painter, at.panel.title, title.width())
    painter.drawText(title, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
    painter.setFont(plain)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for tick in at.y.ticks(max(2.2 * line, 32.0)):
        painter.setPen(QPen(QColor(theme.line if tick == 0 else theme.grid), 1))
        y = at.y.pixel(tick)
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
    painter.restore()
    painter.save()
    painter.translate(at.box.left(), 0)
    draw_tick_labels(painter, None, at.y, area.translated(-at.box.left(), 0), theme)
    painter.restore()
    if at.panel.whole:
        draw_levels(painter, [at.y.pixel(100.0)], area, QColor(theme.muted))
    _draw_visits(painter, at, drawing, line, theme)
    _draw_events(painter, at, drawing, line, theme)


def _draw_visits(
    painter: QPainter, at: PanelPlace, drawing: Drawing, line: float, theme: Theme
) -> None:
    """Write number and date of every visit below a panel; dates that would touch are left out."""
    area, metrics = at.area, QFontMetricsF(painter.font())
    apart = area.width() / max(len(drawing.ticks), 1)
    dates = [date for _, date in drawing.ticks]
    widest = max((metrics.horizontalAdvance(d) for d in dates), default=0.0)
    if widest + 4 > apart:
        dates = [d[2:7].replace("-", "/") if len(d) >= 7 else d for d in dates]
        widest = max(metrics.horizontalAdvance(d) for d in dates)
    every = 1 if widest + 4 <= apart else int((widest + 4) // apart) + 1
    for i, (number, _) in enumerate(drawing.ticks):
        x = at.x.pixel(i)
        box = QRectF(x - apart, area.bottom() + 3, 2 * apart, line)
        if i % max(1, int(18 // apart) + 1) == 0:
            painter.setPen(QColor(theme.text))
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, number)
        if i % every == 0:
            painter.setPen(QColor(theme.muted))
            wide = QRectF(x - widest, box.top() + line, 2 * widest, line)
            painter.drawText(wide, Qt.AlignmentFlag.AlignHCenter, dates[i])


def _draw_events(
    painter: QPainter, at: PanelPlace, drawing: Drawing, line: float, theme: Theme
) -> None:
    """Draw a dashed line at every event; letters of one place stand side by side."""
    letters: dict[float, list[str]] = {}
    for position, letter, _ in drawing.events:
        letters.setdefault(position, []).append(letter)
    for position, own in letters.items():
        x = at.x.pixel(position)
        painter.setPen(QPen(QColor(theme.mark), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(x, at.area.top(), x, at.area.bottom()))
        painter.setPen(QColor(theme.mark))
        text = " ".join(own)
        width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 2
        left = min(max(x - width / 2, at.area.left()), at.area.right() - width)
        painter.drawText(QRectF(left, at.area.top() - line - 1, width, line),
                         Qt.AlignmentFlag.AlignCenter, text)  # fmt: skip


def _draw_curve(painter: QPainter, at: PanelPlace, number: int, curve: Curve, theme: Theme) -> None:
    """Draw one curve: a line between visits that follow each other, intervals, signs."""
    color = QColor(curve_color(curve, theme))
    x = [at.x.pixel(i + at.step(number)) for i in range(len(curve.points))]
    y = [at.y.pixel(p.value if isfinite(p.value) else 0.0) for p in curve.points]
    solid = [p.kind in {MEASURED, HOLLOW} for p in curve.points]
    painter.save()
    painter.setClipRect(at.area.adjusted(-RADIUS - 2, -RADIUS - 2, RADIUS + 2, RADIUS + 2))
    painter.setPen(QPen(color, 1.4, _dash(curve)))
    for i in range(1, len(x)):
        if solid[i - 1] and solid[i]:
            painter.drawLine(QLineF(x[i - 1], y[i - 1], x[i], y[i]))
    ends = [(p.low, p.high) if p.kind != MISSING else (np.nan, np.nan) for p in curve.points]
    low, high = (at.y.pixels(np.array([e[k] for e in ends], np.float64)) for k in (0, 1))
    draw_intervals(painter, np.array(x), low, high, at.area, color)
    for place_x, place_y, point in zip(x, y, curve.points, strict=True):
        if point.kind != MISSING:
            draw_mark(painter, QPointF(place_x, place_y), curve.site, point, color, theme)
    painter.restore()


def _dash(curve: Curve) -> Qt.PenStyle:
    """Return solid for the left side, dashed for the right."""
    return Qt.PenStyle.DashLine if curve.side is Side.RIGHT else Qt.PenStyle.SolidLine


def draw_mark(
    painter: QPainter,
    at: QPointF,
    site: Branch | None,
    point: SeriesPoint,
    color: QColor,
    theme: Theme,
) -> None:
    """Draw the sign of a visit.

    Full: measured; hollow: none found; a triangle downward: at most so much; a cross: cannot say.
    """
    painter.setPen(QPen(color, 1.4))
    painter.setBrush(color if point.kind == MEASURED else QColor(theme.surface))
    x, y, r = at.x(), at.y(), RADIUS
    if point.kind == LIMIT:
        corners = [QPointF(x - r, y - r), QPointF(x + r, y - r), QPointF(x, y + r)]
        painter.drawPolygon(QPolygonF(corners))
    elif point.kind not in {MEASURED, HOLLOW}:
        painter.drawLine(QLineF(x - r, y - r, x + r, y + r))
        painter.drawLine(QLineF(x - r, y + r, x + r, y - r))
    elif site is Branch.MANDIBULAR:
        painter.drawRect(QRectF(x - r, y - r, 2 * r, 2 * r))
    elif site is Branch.TEMPORAL:
        d = 1.25 * r
        corners = [QPointF(x, y - d), QPointF(x + d, y), QPointF(x, y + d), QPointF(x - d, y)]
        painter.drawPolygon(QPolygonF(corners))
    elif site in (Branch.ZYGOMATIC, None):
        painter.drawEllipse(at, r, r)
    else:
        corners = [QPointF(x - r, y + r), QPointF(x + r, y + r), QPointF(x, y - r)]
        painter.drawPolygon(QPolygonF(corners))


def _draw_legend(painter: QPainter, at: PanelPlace, line: float, theme: Theme) -> None:
    """Name the curves below a panel, one a line."""
    top = at.area.bottom() + 2 * line + 7
    for i, curve in enumerate(at.panel.curves):
        y = top + (i + 0.5) * line
        color = QColor(curve_color(curve, theme))
        left = at.box.left() + 8
        painter.setPen(QPen(color, 1.4, _dash(curve)))
        painter.drawLine(QLineF(left, y, left + 22, y))
        point = SeriesPoint(MEASURED)
        draw_mark(painter, QPointF(left + 11, y), curve.site, point, color, theme)
        painter.setPen(QColor(theme.text))
        box = QRectF(left + 28, y - line / 2, at.box.right() - left - 32, line)
        text = elided(painter, curve.name, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)
    if at.panel.n_hidden:
        y = top + len(at.panel.curves) * line
        painter.setPen(QColor(theme.muted))
        box = QRectF(at.box.left() + 8, y, at.box.width() - 12, line)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter,
                         f"{at.panel.n_hidden} more in the table")  # fmt: skip


# ---------------------------------------------------------------------- the figure


def figure_size(drawing: Drawing, font: QFont) -> QSize:
    """Return the size of a figure that stands alone."""
    metrics = QFontMetricsF(font)
    rows = least_height(drawing, FIGURE_WIDTH, metrics) + FIGURE_ROOM
    return QSize(FIGURE_WIDTH, round(rows + (2 + len(drawing.events)) * metrics.height() + 16))


def paint_figure(painter: QPainter, drawing: Drawing, heading: str, size: QSize) -> None:
    """Draw a figure, black on white: a heading, the panels, and what the letters mean."""
    metrics = QFontMetricsF(painter.font())
    line = metrics.height()
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), QColor(LIGHT.surface))
    painter.setPen(QColor(LIGHT.text))
    painter.drawText(QPointF(10, 6 + metrics.ascent()),
                     elided(painter, heading, size.width() - 20))  # fmt: skip
    foot = len(drawing.events) * line + 8
    inside = QSizeF(size.width(), size.height() - 1.5 * line - foot)
    painter.save()
    painter.translate(0, 1.5 * line)
    paint_panels(painter, drawing, place(drawing, inside, metrics), LIGHT)
    painter.restore()
    for i, (_, _, words) in enumerate(drawing.events):
        y = size.height() - foot + i * line + metrics.ascent()
        painter.setPen(QColor(LIGHT.mark))
        painter.drawText(QPointF(10, y), elided(painter, words, size.width() - 20))
