"""The key of the raster: what the bars and brackets mean, and how time is moved."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from amr_viewer.core.bursts import BurstKind
from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.patterns.colors import HEIGHTS, kind_color
from amr_viewer.gui.theme import small_font

BAR = 10.0
ENTRIES = (
    ("clonic", BurstKind.CLONIC),
    ("tonic", BurstKind.TONIC),
    ("other", BurstKind.OTHER),
    ("set aside", None),
    ("salvo, episode", None),
)


class RasterKey(QWidget):
    """One line of signs and words."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setFont(small_font(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Key: " + ", ".join(text for text, _ in ENTRIES))
        self.setToolTip(
            "Hollow bars are set aside: they count for no pattern; their tip says why. "
            "Brackets join the bursts of a salvo and, longer, of an episode"
        )
        appearance.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of the line."""
        metrics = self.fontMetrics()
        width = sum(metrics.horizontalAdvance(text) + 30 for text, _ in ENTRIES)
        return QSize(width, metrics.height() + 6)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of the line."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw signs and words."""
        painter, theme = QPainter(self), self._appearance.theme
        low, x = self.height() - 4.0, 0.0
        high = self.height() - 8.0
        for text, kind in ENTRIES:
            if kind is not None:
                tall = high * HEIGHTS[kind]
                painter.fillRect(QRectF(x + 2, low - tall, BAR, tall), kind_color(theme, kind))
            elif text == "set aside":
                painter.setPen(QPen(QColor(theme.sweep_gray), 1))
                painter.drawRect(QRectF(x + 2.5, low - high * 0.66, BAR, high * 0.66))
            else:
                painter.setPen(QPen(QColor(theme.muted), 1))
                y = round(low - high / 2)
                painter.drawLines(
                    [
                        QLineF(x + 1, y, x + 13, y),
                        QLineF(x + 1, y, x + 1, y + 4),
                        QLineF(x + 13, y, x + 13, y + 4),
                    ]
                )
            painter.setPen(QColor(theme.muted))
            width = painter.fontMetrics().horizontalAdvance(text)
            painter.drawText(QRectF(x + 17, 2, width + 2, self.height() - 4), text)
            x += width + 30
