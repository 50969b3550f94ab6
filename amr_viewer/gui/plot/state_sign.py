"""Signs of what a block of sweeps shows: full, half, hollow or hatched, as a disc or as a cell."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

ROUNDED_FROM = 9.0
"""Width of a cell, in pixels, from which its corners are rounded."""


class Sign(StrEnum):
    """The form of a sign."""

    FULL = "full"
    HALF = "half"
    HOLLOW = "hollow"
    HATCHED = "hatched"


def draw_disc(
    painter: QPainter, center: QPointF, radius: float, sign: Sign, color: QColor, ground: QColor
) -> None:
    """Draw a disc; the half one is full in its lower half, the hatched one is a diamond."""
    painter.setPen(QPen(color, 1.5))
    painter.setBrush(color if sign is Sign.FULL else ground)
    if sign is Sign.HATCHED:
        r = radius * 1.15
        x, y = center.x(), center.y()
        corners = [QPointF(x, y - r), QPointF(x + r, y), QPointF(x, y + r), QPointF(x - r, y)]
        painter.drawPolygon(corners)
        painter.drawLine(QPointF(x - r / 2, y - r / 2), QPointF(x + r / 2, y + r / 2))
        painter.drawLine(QPointF(x - r / 2, y + r / 2), QPointF(x + r / 2, y - r / 2))
        return
    painter.drawEllipse(center, radius, radius)
    if sign is Sign.HALF:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        box = QRectF(center.x() - radius, center.y() - radius, 2 * radius, 2 * radius)
        painter.drawChord(box, 180 * 16, 180 * 16)


def draw_cell(painter: QPainter, cell: QRectF, sign: Sign, color: QColor, ground: QColor) -> None:
    """Draw a cell of a ribbon, rounded where it is wide; the half one is full in its lower half."""
    corner = 2.5 if cell.width() >= ROUNDED_FROM else 0.0
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, corner > 0)
    painter.setPen(QPen(color, 1.2 if corner else 1.0))
    painter.setBrush(color if sign is Sign.FULL else ground)
    _draw_box(painter, cell, corner)
    if sign is Sign.HATCHED:
        painter.setBrush(QBrush(color, Qt.BrushStyle.DiagCrossPattern))
        _draw_box(painter, cell, corner)
    elif sign is Sign.HALF:
        painter.fillRect(cell.adjusted(0, cell.height() / 2, 0, 0), color)
    painter.restore()


def _draw_box(painter: QPainter, box: QRectF, corner: float) -> None:
    """Draw a box; sharp corners take a tenth of the time of round ones."""
    if corner:
        painter.drawRoundedRect(box, corner, corner)
    else:
        painter.drawRect(box)
