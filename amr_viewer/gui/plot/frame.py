"""Draws what lies under curves: ground, grid and tick labels."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from amr_viewer.gui.plot.scale import Axis, tick_label
from amr_viewer.gui.theme import Theme

LABEL_GAP = 4.0


def draw_grid(painter: QPainter, x: Axis, y: Axis, area: QRectF, theme: Theme) -> None:
    """Draw grid lines at the ticks of both scales, the zero lines a little stronger."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for axis, is_x in ((x, True), (y, False)):
        for tick in axis.ticks():
            painter.setPen(QPen(QColor(theme.line if tick == 0 else theme.grid), 1))
            at = axis.pixel(tick)
            if is_x:
                painter.drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()))
            else:
                painter.drawLine(QPointF(area.left(), at), QPointF(area.right(), at))
    painter.restore()


def draw_tick_labels(
    painter: QPainter, x: Axis | None, y: Axis | None, area: QRectF, theme: Theme
) -> None:
    """Write the ticks' numbers below and left of an area; labels that would touch are left out."""
    painter.save()
    painter.setPen(QColor(theme.muted))
    metrics = painter.fontMetrics()
    height = metrics.height()
    if x is not None:
        right_of_last = -1e9
        for tick in x.ticks():
            text = tick_label(tick)
            width = metrics.horizontalAdvance(text)
            left = x.pixel(tick) - width / 2
            if left < right_of_last + 6 or left + width > area.right() + width / 2 + 1:
                continue
            right_of_last = left + width
            box = QRectF(left, area.bottom() + LABEL_GAP, width + 2, height)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft, text)
    if y is not None:
        for tick in y.ticks(max(2.2 * height, 32.0)):
            at = y.pixel(tick)
            if not area.top() - 1 <= at <= area.bottom() + 1:
                continue
            box = QRectF(0, at - height / 2, area.left() - LABEL_GAP - 2, height)
            painter.drawText(
                box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tick_label(tick)
            )
    painter.restore()


def elided(painter: QPainter, text: str, width: float) -> str:
    """Return a text cut to a width with an ellipsis."""
    return painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, max(int(width), 0))
