"""The whole recording in one line: where bursts are, and which stretch is visible."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from amr_viewer.core.bursts import BurstKind, Bursts
from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.patterns.colors import HEIGHTS, kind_color
from amr_viewer.gui.patterns.paint import Brush, pixels_of
from amr_viewer.gui.patterns.windows import Windows
from amr_viewer.gui.plot.scale import Axis

HEIGHT = 26
LEAST_FRAME = 4.0


class Strip(QWidget):
    """Bursts of all muscles over the whole recording; a click or drag moves what is visible."""

    def __init__(
        self, appearance: Appearance, windows: Windows, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._appearance, self._windows = appearance, windows
        self._bursts: Bursts | None = None
        self._image: tuple[object, QImage] | None = None
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName("Whole recording")
        self.setToolTip("The whole recording; click or drag to go there")
        appearance.changed.connect(self.update)

    def show_bursts(self, bursts: Bursts | None) -> None:
        """Draw other bursts."""
        self._bursts, self._image = bursts, None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the bursts, and the frame of what is visible."""
        painter, theme = QPainter(self), self._appearance.theme
        painter.fillRect(self.rect(), QColor(theme.surface))
        if self._bursts is None or self.width() < 10:
            return
        painter.drawImage(QRectF(self.rect()), self._painted(self._bursts))
        start, span = self._windows.shown
        per_s = self.width() / self._windows.duration_s
        wide = max(span * per_s, LEAST_FRAME)
        frame = QRectF(min(start * per_s, self.width() - wide), 0.5, wide, HEIGHT - 1)
        color = QColor(theme.window_band)
        painter.setPen(QPen(color, 1.4))
        color.setAlpha(36)
        painter.setBrush(color)
        painter.drawRect(frame)

    def _painted(self, bursts: Bursts) -> QImage:
        """Return the bursts, drawn anew only where something changed."""
        theme, ratio = self._appearance.theme, self.devicePixelRatioF()
        key = (id(bursts), self.width(), ratio, theme.name)
        if self._image is None or self._image[0] != key:
            width, height = round(self.width() * ratio), round(HEIGHT * ratio)
            image = QImage(width, height, QImage.Format.Format_RGB32)
            image.fill(QColor(theme.surface))
            axis = Axis(0.0, self._windows.duration_s, 0.0, float(width))
            brush = Brush(pixels_of(image), axis, ratio, theme)
            for kind in (BurstKind.OTHER, BurstKind.TONIC, BurstKind.CLONIC):
                rows = bursts.counted & (bursts.kind == kind)
                covered = brush.columns(bursts.start_s[rows], bursts.end_s[rows]).covered(width)
                tall = round((height - 6) * HEIGHTS[kind])
                brush.pixels[height - 3 - tall : height - 3, covered] = kind_color(
                    theme, kind
                ).rgb()
            self._image = key, image
        return self._image[1]

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Go to where was clicked."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._go(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the mouse."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position().x())

    def _go(self, x: float) -> None:
        """Show the stretch about a place."""
        span = self._windows.shown[1]
        self._windows.move_to(x / max(self.width(), 1) * self._windows.duration_s - span / 2)
