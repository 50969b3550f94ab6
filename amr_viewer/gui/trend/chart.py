"""The drawing of the Trend view: shows a picture and turns gestures into signals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import isfinite, nan

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetricsF,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.plot.scale import clock
from amr_viewer.gui.theme import Theme, small_font
from amr_viewer.gui.trend.hits import Block, block_at, block_tip, place_tip
from amr_viewer.gui.trend.look import LEAST_SPAN_S, Look, whole
from amr_viewer.gui.trend.painting import painted_parts
from amr_viewer.gui.trend.picture import Course, TrendPicture
from amr_viewer.gui.trend.places import Places, least_height, place
from amr_viewer.gui.trend.ribbon import cells
from amr_viewer.gui.trend.words import block_words

LEAST_DRAG = 6.0
ZOOM_STEP = 1.25
MANY_BLOCKS = 300
"""From so many on the drawing takes longer than a turn of the event loop may."""


class TrendChart(QWidget):
    """Draws a picture; holds what is looked at, and nothing else.

    Signals
    -------
    pointed(text)
        The block or the time under the mouse, in words.
    chosen(channel, block)
        A block was clicked.
    menu_wanted(channel, block, place)
        A block was clicked with the other button.
    look_changed()
        Another stretch of time is shown.
    """

    pointed = Signal(str)
    chosen = Signal(int, int)
    menu_wanted = Signal(int, int, QPoint)
    look_changed = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.picture: TrendPicture | None = None
        self.look = Look()
        self._current: tuple[int, int] | None = None
        self._hovered: Block | None = None
        self._drag: tuple[float, float] | None = None
        self._ground: QPixmap | None = None
        self._former: QPixmap | None = None
        self._parts: Iterator[QPixmap | None] | None = None
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.setInterval(0)
        self._next.timeout.connect(self._draw_part)
        self._places: Places | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFont(small_font(self.font()))
        self.setAccessibleName("Course of the responses, block by block")
        appearance.changed.connect(self._forget)

    # ------------------------------------------------------------------ what is shown

    def show_picture(self, picture: TrendPicture | None, look: Look) -> None:
        """Draw a picture, or nothing."""
        self.picture, self.look, self._hovered = picture, look, None
        n_lanes = len(look.courses(picture)) if picture else 0
        self.setMinimumHeight(least_height(n_lanes, QFontMetricsF(self.font())))
        self._forget()

    def set_current(self, channel: int | None, block: int | None) -> None:
        """Mark the block that is selected."""
        current = None if channel is None or block is None else (channel, block)
        if current != self._current:
            self._current = current
            found = self._block_of_current()
            self.setAccessibleDescription(block_words(*found) if found else "")
            self.update()

    @property
    def places(self) -> Places | None:
        """Where everything lies now."""
        if self.picture is None or self.width() < 80 or self.height() < 80:
            return None
        if self._places is None:
            size = QSizeF(self.width(), self.height())
            self._places = place(self.picture, self.look, size, QFontMetricsF(self.font()))
        return self._places

    @property
    def span(self) -> tuple[float, float]:
        """The stretch of time that is shown."""
        if isfinite(self.look.start_s + self.look.stop_s):
            return self.look.start_s, self.look.stop_s
        return whole(self.picture, self.look.events) if self.picture else (0.0, LEAST_SPAN_S)

    def zoom(self, factor: float, at_s: float | None = None) -> None:
        """Show a stretch of time longer by a factor, with one moment in its place."""
        start, stop = self.span
        at = 0.5 * (start + stop) if at_s is None else at_s
        self.show_span(at - (at - start) * factor, at + (stop - at) * factor)

    def shift(self, fraction: float) -> None:
        """Move along the time by a fraction of what is shown."""
        start, stop = self.span
        step = fraction * (stop - start)
        self.show_span(start + step, stop + step)

    def show_span(self, start_s: float, stop_s: float) -> None:
        """Show a stretch of time, kept within the whole; all of it shows the whole."""
        if self.picture is None:
            return
        low, high = whole(self.picture, self.look.events)
        span = max(stop_s - start_s, LEAST_SPAN_S)
        if span >= (high - low) * 0.999:
            self.show_whole()
            return
        start = min(max(start_s, low), high - span)
        self._set_look(replace(self.look, start_s=start, stop_s=start + span))

    def show_whole(self) -> None:
        """Show all stimuli and all marks."""
        self._set_look(replace(self.look, start_s=nan, stop_s=nan))

    def show_block(self, course: Course, block: int) -> None:
        """Bring a block into view."""
        start, stop = self.span
        at = float(course.middle_s[block])
        if not start <= at <= stop:
            half = 0.5 * (stop - start)
            self.show_span(at - half, at + half)

    def _set_look(self, look: Look) -> None:
        """Look differently."""
        self.look = look
        self._forget()
        self.look_changed.emit()

    def _forget(self) -> None:
        """Draw everything anew."""
        self._former = self._ground or self._former
        self._ground = self._places = self._parts = None
        self._next.stop()
        self.update()

    @property
    def is_drawn(self) -> bool:
        """Whether everything is drawn as it is looked at now."""
        return self._parts is None and not self._next.isActive()

    # ------------------------------------------------------------------ drawing

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Lay out anew."""
        self._forget()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Lay out anew under another font."""
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._forget()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the cached ground, and what moves with mouse and keys above it."""
        painter = QPainter(self)
        theme = self._appearance.theme
        places = self.places
        if self.picture is None or places is None:
            painter.fillRect(self.rect(), QColor(theme.surface))
            return
        if self._ground is None or self._ground.devicePixelRatio() != self.devicePixelRatioF():
            self._begin_ground(places, theme)
        if self._ground is None:
            # Drawn in the turns to come; until then what was there before stands.
            painter.fillRect(self.rect(), QColor(theme.surface))
            if self._former is not None:
                painter.drawPixmap(0, 0, self._former)
            return
        painter.drawPixmap(0, 0, self._ground)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = self._block_of_current()
        if current:
            self._draw_band(painter, places, current, QColor(theme.accent), 46)
        if self._hovered and self._hovered != current:
            self._draw_band(painter, places, self._hovered, QColor(theme.text), 22)
        if self._drag and abs(self._drag[1] - self._drag[0]) >= LEAST_DRAG:
            color = QColor(theme.window_band)
            painter.setPen(QPen(color, 1))
            color.setAlpha(40)
            left, right = sorted(self._drag)
            plot = places.plot
            painter.fillRect(QRectF(left, plot.top(), right - left, plot.height()), color)

    def _begin_ground(self, places: Places, theme: Theme) -> None:
        """Draw what does not move: at once, or part by part where it is much."""
        assert self.picture is not None
        if self._parts is not None:
            return
        parts = self._ground_parts(places, theme)
        if self.picture.n_blocks <= MANY_BLOCKS:
            self._ground = next((g for g in parts if g is not None), None)
        else:
            self._parts = parts
            self._next.start()

    def _draw_part(self) -> None:
        """Draw the next part; after the last one show them."""
        if self._parts is None:
            return
        ground = next(self._parts, None)
        if ground is None:
            self._next.start()
            return
        self._ground, self._former, self._parts = ground, None, None
        self.update()

    def _ground_parts(self, places: Places, theme: Theme) -> Iterator[QPixmap | None]:
        """Draw part by part; the whole comes last, None before."""
        ratio = self.devicePixelRatioF()
        ground = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        ground.setDevicePixelRatio(ratio)
        assert self.picture is not None
        painter = QPainter(ground)
        try:
            painter.setFont(self.font())
            for _ in painted_parts(painter, self.picture, self.look, places, theme):
                yield None
        finally:
            painter.end()
        yield ground

    def _draw_band(
        self, painter: QPainter, places: Places, block: Block, color: QColor, alpha: int
    ) -> None:
        """Shade a block from top to bottom and frame its cell."""
        course, i = block
        left, right = cells(course, places.x)[i]
        plot = places.plot
        left, right = max(left - 3, plot.left()), min(right + 3, plot.right())
        if right <= left:
            return
        soft = QColor(color)
        soft.setAlpha(alpha)
        painter.fillRect(QRectF(left, plot.top(), right - left, plot.height()), soft)
        shown = self.look.courses(self.picture) if self.picture else ()
        for at, lane in enumerate(places.lanes):
            if shown[at].channel == course.channel:
                painter.setPen(QPen(color, 1.4))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(left, lane.bottom() - 17, right - left, 18), 3, 3)

    def _block_of_current(self) -> Block | None:
        """Return the selected block."""
        if self._current is None or self.picture is None:
            return None
        channel, block = self._current
        course = self.picture.course(channel)
        return (course, block) if course and block < len(course.trend) else None

    # ------------------------------------------------------------------ gestures

    def block_at(self, point: QPointF) -> Block | None:
        """Return the block under a point."""
        places = self.places
        if self.picture is None or places is None:
            return None
        return block_at(self.picture, self.look, places, point)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Say what lies under the mouse; with the button down, draw the stretch to zoom to."""
        point = event.position()
        if self._drag and event.buttons() & Qt.MouseButton.LeftButton:
            self._drag = self._drag[0], self._within(point.x())
            self.update()
            return
        hovered = self.block_at(point)
        if hovered != self._hovered:
            self._hovered = hovered
            shape = Qt.CursorShape.PointingHandCursor if hovered else Qt.CursorShape.ArrowCursor
            self.setCursor(shape)
            self.update()
        self.pointed.emit(self._words_at(point, hovered))

    def _words_at(self, point: QPointF, hovered: Block | None) -> str:
        """Return what is under a point, in words."""
        if hovered:
            return block_words(*hovered)
        places = self.places
        if places is None or not places.plot.left() <= point.x() <= places.plot.right():
            return ""
        return clock(places.x.value(point.x()))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Forget what was under the mouse."""
        self._hovered = None
        self.pointed.emit("")
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Begin to drag."""
        if event.button() is Qt.MouseButton.LeftButton and self.places:
            at = self._within(event.position().x())
            self._drag = at, at

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom to what was dragged over, or choose the block that was clicked."""
        if event.button() is not Qt.MouseButton.LeftButton or self._drag is None:
            return
        (first, last), self._drag = self._drag, None
        places = self.places
        self.update()
        if places is None:
            return
        if abs(last - first) >= LEAST_DRAG:
            low, high = sorted((first, last))
            self.show_span(places.x.value(low), places.x.value(high))
            return
        found = self.block_at(event.position())
        if found:
            self.chosen.emit(found[0].channel, found[1])

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Show the whole."""
        self._drag = None
        if self.block_at(event.position()) is None:
            self.show_whole()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Offer what can be done with a block; by keyboard, with the selected one."""
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        found = self.block_at(QPointF(event.pos())) if by_mouse else self._block_of_current()
        if found:
            self.menu_wanted.emit(found[0].channel, found[1], event.globalPos())

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom the time around the mouse; with Shift, or sideways, move along it."""
        places = self.places
        if places is None:
            return
        turn = event.angleDelta()
        if turn.x() or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.shift(-(turn.x() or turn.y()) / 120 * 0.1)
        elif turn.y():
            self.zoom(ZOOM_STEP ** (-turn.y() / 120), places.x.value(event.position().x()))
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Show a tip with the reason of a state, or the text of a mark."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.tip_at(QPointF(event.pos()))
            if text:
                QToolTip.showText(event.globalPos(), text, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def tip_at(self, point: QPointF) -> str:
        """Return the tip of a place: numbers and reason of a block, or a mark's text."""
        found = self.block_at(point)
        if found:
            return block_tip(*found)
        if self.picture is None or self.places is None:
            return ""
        return place_tip(self.picture, self.look, self.places, point)

    def _within(self, x: float) -> float:
        """Return a place kept within the plot."""
        places = self.places
        return min(max(x, places.plot.left()), places.plot.right()) if places else x
