"""Draws cards for a figure: black on white, every sweep as a line where there are few enough."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from amr_viewer.gui.sweeps.card import Card
from amr_viewer.gui.sweeps.overlay import draw_overlay
from amr_viewer.gui.sweeps.paint import draw_paper
from amr_viewer.gui.sweeps.words import muscle_words
from amr_viewer.gui.theme import LIGHT, small_font

HEAD = 24
LEAST = QSize(360, 240)


def figure_size(sizes: list[QSize]) -> QSize:
    """Return the size of each panel of a figure, head included."""
    width = max(LEAST.width(), *(s.width() for s in sizes))
    height = max(LEAST.height(), *(s.height() for s in sizes))
    return QSize(width, height + HEAD)


def draw_cards(painter: QPainter, rows: list[list[Card]], cell: QSize) -> None:
    """Draw cards in rows, each in a cell of one size."""
    whole = QRectF(0, 0, cell.width() * max(len(r) for r in rows), cell.height() * len(rows))
    painter.fillRect(whole, QColor("white"))
    font = QFont(painter.font())
    for k, row in enumerate(rows):
        for c, card in enumerate(row):
            painter.save()
            painter.translate(QPointF(c * cell.width(), k * cell.height()))
            _draw_card(painter, card, cell, font)
            painter.restore()


def _draw_card(painter: QPainter, card: Card, cell: QSize, font: QFont) -> None:
    """Draw one card: head, sweeps, and what is selected."""
    panel = card.panel
    name, role = muscle_words(panel.finding)
    if panel.is_block:
        first = panel.before + 1
        role = f"{role} · sweeps {first}–{first + len(panel.stimuli) - 1} of {len(panel.run)}"
    bold = QFont(font)
    bold.setBold(True)
    painter.setPen(QColor("black"))
    painter.setFont(bold)
    area = QRectF(8, 2, cell.width() - 16, HEAD - 2)
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, name)
    wide = painter.fontMetrics().horizontalAdvance(name)
    painter.setFont(font)
    painter.setPen(QColor(LIGHT.muted))
    painter.drawText(area.adjusted(wide + 8, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, role)
    painter.setPen(QColor(LIGHT.tone(card.chip.tone)[0]))
    right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
    painter.drawText(area, int(right), card.chip.text)
    painter.translate(0, HEAD)
    painter.setFont(small_font(font))
    scene = card.canvas.scene(QSize(cell.width(), cell.height() - HEAD), printed=True)
    draw_paper(painter, scene)
    draw_overlay(painter, scene)
