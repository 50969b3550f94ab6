"""The burst raster: all muscles over the visible time; turns gestures into signals and windows."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.patterns.picture import Picture, draw_words, paint_picture
from amr_viewer.gui.patterns.places import Places, least_height, place
from amr_viewer.gui.patterns.windows import Windows
from amr_viewer.gui.patterns.words import burst_words, minutes
from amr_viewer.gui.plot.scale import clock
from amr_viewer.gui.theme import small_font

NEAR = 4.0
LEAST_DRAG = 6.0
NOTCH_DEGREES = 120.0
WHEEL_PAGES = 0.25


class BurstRaster(QWidget):
    """Bars of all bursts in the visible stretch.

    Signals
    -------
    chosen(burst)
        A burst was clicked.
    opened(burst)
        A burst was clicked twice.
    pointed(text)
    """

    chosen = Signal(int)
    opened = Signal(int)
    pointed = Signal(str)

    def __init__(
        self, appearance: Appearance, windows: Windows, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._appearance, self._windows = appearance, windows
        self.picture: Picture | None = None
        self.current: int | None = None
        self._image: tuple[object, QImage] | None = None
        self._drag: tuple[float, float] | None = None
        self._turned = 0.0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFont(small_font(self.font()))
        self.setAccessibleName("Bursts of all muscles over time")
        appearance.changed.connect(self.update)

    # ------------------------------------------------------------------ what is shown

    def show_picture(self, picture: Picture | None) -> None:
        """Draw other bursts, or none."""
        self.picture = picture
        lanes = picture.lanes if picture else ()
        self.setMinimumHeight(least_height(lanes, QFontMetricsF(self.font())))
        self._image = None
        self.update()

    def set_current(self, burst: int | None) -> None:
        """Mark the burst that is selected."""
        self.current = burst
        words = (
            burst_words(self.picture.bursts, burst) if self.picture and burst is not None else ""
        )
        self.setAccessibleDescription(words)
        self.update()

    @property
    def places(self) -> Places | None:
        """Where everything lies now."""
        if self.picture is None or self.width() < 120 or self.height() < 40:
            return None
        size = QSizeF(self.width(), self.height())
        return place(self.picture.lanes, self._windows.shown, size, QFontMetricsF(self.font()))

    def burst_at(self, at: QPointF) -> int | None:
        """Return the burst at a point, or the nearest within a few pixels."""
        places, picture = self.places, self.picture
        lane = places.lane_at(at.y()) if places else None
        if places is None or picture is None or lane is None or at.x() < places.plot.left():
            return None
        rows = picture.lanes[lane].rows
        time_s, near_s = places.time.value(at.x()), NEAR / places.time.pixels_per_unit
        start, end = picture.bursts.start_s[rows], picture.bursts.end_s[rows]
        far = np.maximum(np.maximum(start - time_s, time_s - end), 0.0)
        if not len(rows) or far.min() > near_s:
            return None
        return int(rows[np.argmin(far + np.abs(0.5 * (start + end) - time_s) * 1e-6)])

    # ------------------------------------------------------------------ drawing

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the cached picture, and above it what moves."""
        painter, theme = QPainter(self), self._appearance.theme
        places, picture = self.places, self.picture
        if places is None or picture is None:
            painter.fillRect(self.rect(), QColor(theme.surface))
            return
        painter.drawImage(QPointF(0, 0), self._painted(places, picture))
        draw_words(painter, picture, places, theme)
        if not len(picture.bursts):
            text = f"No bursts in {minutes(picture.bursts.duration_s)} of free-running EMG"
            painter.setPen(QColor(theme.muted))
            painter.drawText(places.plot, Qt.AlignmentFlag.AlignCenter, text)
        self._draw_current(painter, places, picture)
        self._draw_drag(painter, places)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _painted(self, places: Places, picture: Picture) -> QImage:
        """Return the bars, drawn anew only where something changed."""
        theme, ratio = self._appearance.theme, self.devicePixelRatioF()
        size = (self.width(), self.height())
        key = (id(picture), self._windows.shown, size, ratio, theme.name)
        if self._image is None or self._image[0] != key:
            self._image = key, paint_picture(picture, places, size, ratio, theme)
        return self._image[1]

    def _draw_current(self, painter: QPainter, places: Places, picture: Picture) -> None:
        """Frame the burst that is selected."""
        burst = self.current
        if burst is None or burst >= len(picture.bursts):
            return
        channel = int(picture.bursts.channel[burst])
        lane = next(i for i, x in enumerate(picture.lanes) if x.channel.index == channel)
        left = places.time.pixel(float(picture.bursts.start_s[burst]))
        right = places.time.pixel(float(picture.bursts.end_s[burst]))
        if right < places.plot.left() or left > places.plot.right():
            return
        color = QColor(self._appearance.theme.text)
        band = QRectF(left - 2, places.plot.top(), max(right - left, 1) + 4, places.plot.height())
        soft = QColor(color)
        soft.setAlpha(24)
        painter.fillRect(band & places.plot, soft)
        painter.setPen(QPen(color, 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        box = QRectF(band.left(), places.tops[lane] + 1, band.width(), places.lane_height - 3)
        painter.drawRect(box & places.plot)

    def _draw_drag(self, painter: QPainter, places: Places) -> None:
        """Shade the stretch that is being drawn."""
        if self._drag is None or abs(self._drag[1] - self._drag[0]) < LEAST_DRAG:
            return
        left, right = sorted(self._drag)
        color = QColor(self._appearance.theme.window_band)
        painter.setPen(QPen(color, 1))
        color.setAlpha(40)
        painter.setBrush(color)
        painter.drawRect(QRectF(left, places.plot.top(), right - left, places.plot.height()))

    # ------------------------------------------------------------------ gestures

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Begin a stretch to zoom to, or a click."""
        places = self.places
        if places and event.button() == Qt.MouseButton.LeftButton:
            x = event.position().x()
            if x >= places.plot.left():
                self._drag = x, x

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the stretch, or say what lies under the mouse."""
        places = self.places
        if places is None:
            return
        at = event.position()
        if self._drag is not None:
            x = min(max(at.x(), places.plot.left()), places.plot.right())
            self._drag = self._drag[0], x
            self.update()
            return
        burst = self.burst_at(at)
        hand = Qt.CursorShape.PointingHandCursor
        self.setCursor(hand if burst is not None else Qt.CursorShape.ArrowCursor)
        if burst is not None and self.picture:
            self.pointed.emit(burst_words(self.picture.bursts, burst))
        elif places.plot.left() <= at.x() <= places.plot.right():
            self.pointed.emit(clock(places.time.value(at.x()), 3))
        else:
            self.pointed.emit("")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom to a stretch, or select the burst that was clicked."""
        drag, self._drag = self._drag, None
        places = self.places
        self.update()
        if drag is None or places is None:
            return
        left, right = sorted(drag)
        if right - left >= LEAST_DRAG:
            start, stop = places.time.value(left), places.time.value(right)
            self._windows.show(start, stop - start)
            return
        burst = self.burst_at(event.position())
        if burst is not None:
            self.chosen.emit(burst)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Show the selected burst in Traces; the first click may have moved it from here."""
        if self.current is not None and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(self.current)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Scroll as in Traces; with Ctrl zoom about the mouse."""
        places = self.places
        delta = event.angleDelta()
        turned = (delta.y() or delta.x()) / NOTCH_DEGREES
        event.accept()
        if places is None or not turned:
            return
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._windows.scroll(-WHEEL_PAGES * turned)
            return
        self._turned += turned
        notches, self._turned = int(self._turned), self._turned - int(self._turned)
        part = (event.position().x() - places.plot.left()) / places.plot.width()
        for _ in range(abs(notches)):
            self._windows.step(-1 if notches > 0 else 1, min(max(part, 0.0), 1.0))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Nothing is under the mouse any more."""
        self.pointed.emit("")
        super().leaveEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show the values of a burst, or the whole name of a lane, as a tip."""
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def tip_at(self, at: QPointF) -> str:
        """Return the tip at a point."""
        places, picture = self.places, self.picture
        if places is None or picture is None:
            return ""
        burst = self.burst_at(at)
        if burst is not None:
            return burst_words(picture.bursts, burst).replace("; ", "\n")
        lane = places.lane_at(at.y())
        if lane is None or at.x() >= places.plot.left():
            return ""
        c = picture.lanes[lane].channel
        return f"{c.name} ({c.label}), {c.electrode} electrode"
