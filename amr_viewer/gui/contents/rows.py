"""Rows of the lists in the left dock: one line of text with signs, drawn alike everywhere."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.chips import draw_sign
from amr_viewer.gui.theme import Theme, small_font

Index = QModelIndex | QPersistentModelIndex
PAD = 8.0
RADIUS = 6.0
CENTER_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
CENTER_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class RowDelegate(QStyledItemDelegate):
    """Paints a row on its ground; what stands in it is painted by `paint_row`."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance

    @property
    def theme(self) -> Theme:
        """The theme in use."""
        return self._appearance.theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """Return the height of a row; its width is that of the list."""
        height = QFontMetricsF(option.font).height() + PAD
        return QSize(40, int(height * self.lines(index) - PAD * (self.lines(index) - 1) * 0.75))

    def lines(self, index: Index) -> int:
        """Return how many lines a row has."""
        return 1

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the ground and what stands on it."""
        theme, state = self.theme, option.state
        area = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(option.font)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.selected if chosen else theme.hover))
            painter.drawRoundedRect(area, RADIUS, RADIUS)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(theme.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area, RADIUS, RADIUS)
        self.paint_row(painter, area.adjusted(PAD, 0, -PAD, 0), index)
        painter.restore()

    def paint_row(self, painter: QPainter, area: QRectF, index: Index) -> None:
        """Paint what stands in a row."""
        raise NotImplementedError


def draw_text(
    painter: QPainter,
    area: QRectF,
    text: str,
    color: str,
    *,
    right: bool = False,
    middle: bool = False,
) -> None:
    """Write one line, shortened by an ellipsis where it does not fit."""
    mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
    shown = painter.fontMetrics().elidedText(text, mode, max(int(area.width()), 0))
    painter.setPen(QColor(color))
    painter.drawText(area, CENTER_RIGHT if right else CENTER_LEFT, shown)


def text_width(font: QFont, text: str) -> float:
    """Return how wide a text is."""
    return QFontMetricsF(font).horizontalAdvance(text) + 1.0


def chip_width(font: QFont, text: str) -> float:
    """Return how wide a chip is."""
    return text_width(small_font(font), text) + 28.0


def draw_chip(painter: QPainter, area: QRectF, tone: str, text: str, theme: Theme) -> None:
    """Draw a verdict at the right end of an area: sign and word on a soft ground."""
    color, ground = theme.tone(tone)
    painter.save()
    width = chip_width(painter.font(), text)
    painter.setFont(small_font(painter.font()))
    height = QFontMetricsF(painter.font()).height() + 3.0
    box = QRectF(area.right() - width, area.center().y() - height / 2, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(box, height / 2, height / 2)
    draw_sign(painter, QPointF(box.left() + 12, box.center().y()), 4.0, tone, theme)
    painter.setPen(QColor(color))
    painter.drawText(box.adjusted(21, 0, 0, 0), CENTER_LEFT, text)
    painter.restore()


def draw_dot(
    painter: QPainter, center: QPointF, color: str | QColor, *, filled: bool = True
) -> None:
    """Draw a dot in the color of what a row is about."""
    painter.setPen(QPen(QColor(color), 1.5))
    painter.setBrush(QColor(color) if filled else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(center, 4.0, 4.0)


def draw_warning(painter: QPainter, center: QPointF, theme: Theme) -> None:
    """Draw the sign of something that is not known: a triangle with an exclamation mark."""
    color, x, y = QColor(theme.late), center.x(), center.y()
    painter.setPen(QPen(color, 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    corners = [QPointF(x, y - 5), QPointF(x + 6, y + 5), QPointF(x - 6, y + 5)]
    painter.drawPolygon(corners)
    painter.drawLine(QPointF(x, y - 1.5), QPointF(x, y + 1.5))
    painter.drawPoint(QPointF(x, y + 3.5))


def draw_eye(painter: QPainter, center: QPointF, color: str, *, is_open: bool) -> None:
    """Draw an eye: what is seen, or struck through what is not."""
    x, y = center.x(), center.y()
    painter.setPen(QPen(QColor(color), 1.3))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    box = QRectF(x - 7, y - 5.5, 14, 14)
    painter.drawArc(box, 35 * 16, 110 * 16)
    painter.drawArc(box.translated(0, -3), 215 * 16, 110 * 16)
    if is_open:
        painter.setBrush(QColor(color))
        painter.drawEllipse(center, 1.8, 1.8)
    else:
        painter.drawLine(QPointF(x - 5, y + 5), QPointF(x + 5, y - 5))
