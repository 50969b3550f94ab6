"""The burst raster: turns what mouse and wheel do into signals and windows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from amr_viewer.gui.desk import Desk
from amr_viewer.gui.patterns.canvas import LEAST_DRAG, RasterCanvas
from amr_viewer.gui.patterns.windows import Windows
from amr_viewer.gui.patterns.words import burst_words
from amr_viewer.gui.plot.scale import clock

NOTCH_DEGREES = 120.0
WHEEL_PAGES = 0.25
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class BurstRaster(RasterCanvas):
    """Bars of all bursts in the visible stretch.

    Signals
    -------
    chosen(burst)
        A burst was clicked.
    added_to(burst)
        A burst was clicked with Ctrl.
    opened(burst)
        A burst was clicked twice.
    drawn(channel, start_s, end_s)
        A burst was drawn in a lane, with Shift.
    menu_wanted(channel, time_s, place)
        The menu is wanted, of the burst that is selected; -1 and NaN: not at a point in a lane.
    pointed(text)
    """

    chosen = Signal(int)
    added_to = Signal(int)
    opened = Signal(int)
    drawn = Signal(int, float, float)
    menu_wanted = Signal(int, float, QPoint)
    pointed = Signal(str)

    def __init__(self, desk: Desk, windows: Windows, parent: QWidget | None = None) -> None:
        super().__init__(desk, windows, parent)
        self._turned = 0.0
        self.setMouseTracking(True)

    # ------------------------------------------------------------------ buttons

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Begin a stretch to zoom to, a burst to add (Shift), or a click."""
        places = self.places
        if places is None or event.button() != Qt.MouseButton.LeftButton:
            return
        x = event.position().x()
        if x >= places.plot.left():
            self.drag = x, x
            is_adding = bool(event.modifiers() & SHIFT)
            self.lane_drawn = places.lane_at(event.position().y()) if is_adding else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the stretch, or say what lies under the mouse."""
        places = self.places
        if places is None:
            return
        at = event.position()
        if self.drag is not None:
            x = min(max(at.x(), places.plot.left()), places.plot.right())
            self.drag = self.drag[0], x
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
        """Zoom to a stretch, add a burst, or select the burst that was clicked."""
        drag, self.drag = self.drag, None
        lane, self.lane_drawn = self.lane_drawn, None
        places = self.places
        self.update()
        if drag is None or places is None or self.picture is None:
            return
        left, right = sorted(drag)
        if right - left >= LEAST_DRAG:
            start, stop = places.time.value(left), places.time.value(right)
            if lane is not None:
                self.drawn.emit(self.picture.lanes[lane].channel.index, start, stop)
            else:
                self._windows.show(start, stop - start)
            return
        burst = self.burst_at(event.position())
        if burst is not None:
            more = event.modifiers() & CONTROL
            (self.added_to if more else self.chosen).emit(burst)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Show the selected burst in Traces; the first click may have moved it from here."""
        if self.current is not None and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(self.current)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Offer what can be done with the burst under the mouse, or with the selected one."""
        places, at = self.places, QPointF(event.pos())
        if places is None or self.picture is None:
            return
        lane = places.lane_at(at.y())
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        if by_key or lane is None or at.x() < places.plot.left():
            self.menu_wanted.emit(-1, float("nan"), event.globalPos())
            return
        time_s, burst = places.time.value(at.x()), self.burst_at(at)
        if burst is not None and burst not in self.picked:
            self.chosen.emit(burst)
        channel = self.picture.lanes[lane].channel.index
        self.menu_wanted.emit(channel, time_s, event.globalPos())

    # ------------------------------------------------------------------ wheel and tips

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Scroll as in Traces; with Ctrl zoom about the mouse."""
        places = self.places
        delta = event.angleDelta()
        turned = (delta.y() or delta.x()) / NOTCH_DEGREES
        event.accept()
        if places is None or not turned:
            return
        if not event.modifiers() & CONTROL:
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
