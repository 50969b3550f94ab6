"""What the burst raster shows: lanes over the visible time, the picked bursts, what is drawn."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from amr_viewer.core.pattern_words import minutes
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.patterns.lane_traces import LaneTraces, Wish, paint_page
from amr_viewer.gui.patterns.picture import Picture, draw_words, paint_picture
from amr_viewer.gui.patterns.places import Places, least_height, place
from amr_viewer.gui.patterns.windows import Windows
from amr_viewer.gui.patterns.words import burst_words
from amr_viewer.gui.theme import Theme, small_font

NEAR = 4.0
LEAST_DRAG = 6.0
MOST_FRAMES = 200
"""More picked bursts than that are not framed one by one."""

Drag = tuple[float, float]


class RasterCanvas(QWidget):
    """Bars of all bursts in the visible stretch; what the mouse does is left to `BurstRaster`."""

    def __init__(self, desk: Desk, windows: Windows, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._windows = desk, windows
        self.picture: Picture | None = None
        self.current: int | None = None
        self.picked: tuple[int, ...] = ()
        self.drag: Drag | None = None
        self.lane_drawn: int | None = None
        self.traces = LaneTraces(desk.session, self)
        self._image: tuple[object, QImage] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFont(small_font(self.font()))
        self.setAccessibleName("Bursts of all muscles over time")
        desk.appearance.changed.connect(self.update)
        desk.session.display_changed.connect(self.update)
        desk.session.ending.connect(self.traces.close)
        self.traces.arrived.connect(self.update)
        self.destroyed.connect(self.traces.close)

    # ------------------------------------------------------------------ values

    def show_picture(self, picture: Picture | None) -> None:
        """Draw other bursts, or none."""
        self.picture = picture
        lanes = picture.lanes if picture else ()
        self.setMinimumHeight(least_height(lanes, QFontMetricsF(self.font())))
        self._image = None
        self.update()

    def set_current(self, burst: int | None, picked: tuple[int, ...] = ()) -> None:
        """Mark the burst that is selected, and those that are picked with it."""
        self.current, self.picked = burst, picked
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
        painter, theme = QPainter(self), self._desk.theme
        places, picture = self.places, self.picture
        if places is None or picture is None:
            painter.fillRect(self.rect(), QColor(theme.surface))
            return
        painter.drawImage(QPointF(0, 0), self._painted(places, picture))
        self.draw_over(painter, places, picture, theme)
        self._draw_picked(painter, places, picture)
        self._draw_drag(painter, places)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def draw_over(self, painter: QPainter, places: Places, picture: Picture, theme: Theme) -> None:
        """Write names, scales, times and marks, and that there is nothing."""
        scales = picture.scales_uv if places.bars_height < places.lane_height else {}
        draw_words(painter, picture, places, theme, scales)
        if not len(picture.bursts):
            text = f"No bursts in {minutes(picture.bursts.duration_s)} of free-running EMG"
            painter.setPen(QColor(theme.muted))
            painter.drawText(places.plot, Qt.AlignmentFlag.AlignCenter, text)

    def _painted(self, places: Places, picture: Picture) -> QImage:
        """Return traces and bars, drawn anew only where something changed."""
        theme, ratio = self._desk.theme, self.devicePixelRatioF()
        document, size = self._windows.document, (self.width(), self.height())
        page = None
        if document is not None and document.recording is not None:
            up = self._desk.session.display.negative_up
            rests = self.traces.rests(document.recording)
            wish = Wish(document.recording, picture, places, ratio, theme, up, rests)
            page = self.traces.page(wish)
        key = (id(picture), id(page), self._windows.shown, size, ratio, theme.name)
        if self._image is None or self._image[0] != key:
            under = partial(paint_page, page=page) if page else None
            self._image = key, paint_picture(picture, places, size, ratio, theme, under)
        return self._image[1]

    def _draw_picked(self, painter: QPainter, places: Places, picture: Picture) -> None:
        """Frame the bursts that are picked, and shade the time of the selected one."""
        bursts, lanes = picture.bursts, {x.channel.index: i for i, x in enumerate(picture.lanes)}
        color = QColor(self._desk.theme.text)
        chosen = self.picked if self.current is None else (*self.picked, self.current)
        rows = np.unique(np.array(chosen, np.intp))
        rows = rows[rows < len(bursts)]
        seen = (bursts.end_s[rows] >= places.time.low) & (bursts.start_s[rows] <= places.time.high)
        for burst in rows[seen][:MOST_FRAMES].tolist():
            left = places.time.pixel(float(bursts.start_s[burst]))
            right = places.time.pixel(float(bursts.end_s[burst]))
            band = QRectF(
                left - 2, places.plot.top(), max(right - left, 1) + 4, places.plot.height()
            )
            if burst == self.current:
                soft = QColor(color)
                soft.setAlpha(24)
                painter.fillRect(band & places.plot, soft)
            painter.setPen(QPen(color, 1.4 if burst == self.current else 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            top = places.tops[lanes[int(bursts.channel[burst])]] + 1
            box = QRectF(band.left(), top, band.width(), places.lane_height - 3)
            painter.drawRect(box & places.plot)

    def _draw_drag(self, painter: QPainter, places: Places) -> None:
        """Shade the stretch that is being drawn: in all lanes to zoom, in one to add a burst."""
        if self.drag is None or abs(self.drag[1] - self.drag[0]) < LEAST_DRAG:
            return
        left, right = sorted(self.drag)
        theme = self._desk.theme
        color = QColor(theme.window_band if self.lane_drawn is None else theme.accent)
        painter.setPen(QPen(color, 1))
        color.setAlpha(40)
        painter.setBrush(color)
        top, height = places.plot.top(), places.plot.height()
        if self.lane_drawn is not None:
            top, height = places.tops[self.lane_drawn], places.lane_height
        painter.drawRect(QRectF(left, top, right - left, height))
