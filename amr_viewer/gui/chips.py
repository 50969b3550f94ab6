"""Verdicts as small signs: shape, word and color, so that none of them carries it alone."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.theme import Theme, small_font

TONES = ("present", "late", "absent", "unsure", "direct")
"""Present: filled; absent: hollow; unsure (indeterminate, not assessable): hatched."""


def draw_sign(painter: QPainter, center: QPointF, radius: float, tone: str, theme: Theme) -> None:
    """Draw the sign of a verdict: a disc that is full, hollow or hatched."""
    color, _ = theme.tone(tone)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(color), max(radius / 4, 1.2)))
    fill = QBrush(QColor(color))
    if tone == "absent":
        fill = QBrush(Qt.BrushStyle.NoBrush)
    elif tone == "unsure":
        fill = QBrush(QColor(color), Qt.BrushStyle.BDiagPattern)
    elif tone == "direct":
        fill = QBrush(QColor(theme.tone("direct")[1]))
    painter.setBrush(fill)
    painter.drawEllipse(center, radius, radius)
    painter.restore()


class Chip(QWidget):
    """A sign and a word on a soft ground; shows nothing while its text is empty."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._tone, self._text = "direct", ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFont(small_font(self.font()))
        appearance.changed.connect(self.update)

    @property
    def text(self) -> str:
        """The word."""
        return self._text

    @property
    def tone(self) -> str:
        """The verdict's tone."""
        return self._tone

    def show_verdict(self, tone: str, text: str) -> None:
        """Show a verdict; see `TONES`."""
        self._tone, self._text = tone, text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.setVisible(bool(text))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size that the text needs."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._text) + 30, metrics.height() + 6)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size that the text needs."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint ground, sign and word."""
        if not self._text:
            return
        theme = self._appearance.theme
        color, ground = theme.tone(self._tone)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        area = QRectF(self.rect())
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        draw_sign(painter, QPointF(13, area.center().y()), 4.5, self._tone, theme)
        painter.setPen(QColor(color))
        painter.drawText(area.adjusted(22, 0, -6, 0), Qt.AlignmentFlag.AlignVCenter, self._text)
