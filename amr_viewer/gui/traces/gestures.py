"""What the mouse does on the canvas between press and release, one class per gesture.

A plain click edits nothing: marks are made only after the key for it was pressed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from amr_viewer.core.recording import Mark
from amr_viewer.gui.traces.colors import see_through
from amr_viewer.gui.traces.overlay import draw_note
from amr_viewer.gui.traces.readout import cursor_words, duration_words

if TYPE_CHECKING:
    from amr_viewer.gui.traces.canvas import TraceCanvas

CLICK_PIXELS = 5.0
NEAR_PIXELS = 4.0
LEAST_ZOOM_PIXELS = 8.0


class Gesture:
    """A drag; `start` is where it began."""

    shape = Qt.CursorShape.ArrowCursor

    def __init__(self, canvas: TraceCanvas, start: QPointF) -> None:
        self.canvas, self.start, self.at = canvas, start, start
        self.is_drag = False

    def move(self, at: QPointF) -> None:
        """Follow the mouse."""
        self.at = at
        if (at - self.start).manhattanLength() > CLICK_PIXELS:
            self.is_drag = True
        if self.is_drag:
            self.dragged()
        self.canvas.update()

    def dragged(self) -> None:
        """Act while the mouse moves."""

    def end(self) -> None:
        """Act when the button is released."""

    def draw(self, painter: QPainter) -> None:
        """Show what is going on."""

    def time_at(self, at: QPointF) -> float:
        """Return the time at a point, within the page."""
        lanes = self.canvas.lanes
        assert lanes is not None
        return lanes.time.value(min(max(at.x(), lanes.area.left()), lanes.area.right()))


class Zoom(Gesture):
    """A rectangle zooms in; within one lane it also raises the gain. A click selects."""

    shape = Qt.CursorShape.CrossCursor

    def end(self) -> None:
        """Zoom, or select what was clicked."""
        lanes = self.canvas.lanes
        if lanes is None:
            return
        if abs(self.at.x() - self.start.x()) < LEAST_ZOOM_PIXELS:
            if not self.is_drag:
                self.canvas.mouse.click(self.start)
            return
        first, last = sorted((self.time_at(self.start), self.time_at(self.at)))
        places = {lanes.place_at(self.start.y()), lanes.place_at(self.at.y())}
        height = abs(self.at.y() - self.start.y())
        place = places.pop()
        if not places and place is not None and 8 <= height <= lanes.height / 2:
            self.canvas.verbs.step_gain(1, [lanes.channels[place]])
        self.canvas.verbs.show_window(first, last - first)

    def draw(self, painter: QPainter) -> None:
        """Draw the rectangle."""
        lanes = self.canvas.lanes
        if lanes is None or not self.is_drag:
            return
        color = QColor(self.canvas.theme.accent)
        box = QRectF(self.start, self.at).normalized().intersected(lanes.area)
        painter.setPen(QPen(color, 1))
        painter.setBrush(see_through(color, 36))
        painter.drawRect(box)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        span_s = abs(self.time_at(self.at) - self.time_at(self.start))
        draw_note(painter, lanes, (duration_words(span_s),), self.canvas.theme)


class Pan(Gesture):
    """The page follows the mouse."""

    shape = Qt.CursorShape.ClosedHandCursor

    def __init__(self, canvas: TraceCanvas, start: QPointF) -> None:
        super().__init__(canvas, start)
        self._time_s = self.time_at(start)

    def dragged(self) -> None:
        """Keep the time that was grasped under the mouse."""
        lanes = self.canvas.lanes
        assert lanes is not None
        shift_s = self._time_s - lanes.time.value(self.at.x())
        self.canvas.verbs.scroll_to(lanes.time.low + shift_s)


class Ruler(Gesture):
    """Measures between two points: dt, 1/dt, dV."""

    shape = Qt.CursorShape.CrossCursor

    def draw(self, painter: QPainter) -> None:
        """Draw the ruler and its numbers."""
        lanes, recording = self.canvas.lanes, self.canvas.recording
        if lanes is None or recording is None or not self.is_drag:
            return
        color = QColor(self.canvas.theme.accent)
        painter.setPen(QPen(color, 1.5))
        painter.drawLine(QLineF(self.start, self.at))
        for x in (self.start.x(), self.at.x()):
            painter.setPen(QPen(see_through(color, 120), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QLineF(x, lanes.area.top(), x, lanes.area.bottom()))
        channel = lanes.channel_at(self.start.y())
        times = (self.time_at(self.start), self.time_at(self.at))
        words = cursor_words(recording, channel, *times)
        draw_note(painter, lanes, words, self.canvas.theme)


class MoveCursor(Gesture):
    """Drags cursor A (0) or B (1)."""

    shape = Qt.CursorShape.SizeHorCursor

    def __init__(self, canvas: TraceCanvas, start: QPointF, which: int) -> None:
        super().__init__(canvas, start)
        self._which = which

    def dragged(self) -> None:
        """Put the cursor under the mouse."""
        self.canvas.verbs.put_cursor(self._which, self.time_at(self.at))


class MakeMark(Gesture):
    """Makes a mark from press to release: for all channels, with Alt for the one below."""

    shape = Qt.CursorShape.IBeamCursor

    def __init__(self, canvas: TraceCanvas, start: QPointF, *, for_channel: bool) -> None:
        super().__init__(canvas, start)
        lanes = canvas.lanes
        self._channel = lanes.channel_at(start.y()) if lanes and for_channel else None

    def end(self) -> None:
        """Ask for the text of the mark."""
        recording = self.canvas.recording
        if recording is None:
            return
        first, last = sorted((self.time_at(self.start), self.time_at(self.at)))
        duration_s = last - first if self.is_drag else 0.0
        label = None if self._channel is None else recording.channels[self._channel].label
        self.canvas.mark_drawn.emit(Mark(first, duration_s, "", label))

    def draw(self, painter: QPainter) -> None:
        """Draw the stretch."""
        first, last = sorted((self.time_at(self.start), self.time_at(self.at)))
        self.canvas.draw_new_mark(painter, first, last, self._channel)


class MoveChannel(Gesture):
    """Drags a channel's name to another place."""

    shape = Qt.CursorShape.SizeVerCursor

    def __init__(self, canvas: TraceCanvas, start: QPointF, place: int) -> None:
        super().__init__(canvas, start)
        assert canvas.lanes is not None
        self._channel = canvas.lanes.channels[place]

    def _target(self) -> int:
        """Return the place under the mouse."""
        lanes = self.canvas.lanes
        assert lanes is not None
        return int(min(max(self.at.y() - lanes.area.top(), 0) / lanes.height, len(lanes.channels)))

    def end(self) -> None:
        """Move the channel, or focus it."""
        lanes = self.canvas.lanes
        if lanes is None:
            return
        self.canvas.verbs.focus(self._channel)
        if self.is_drag and not lanes.is_butterfly:
            self.canvas.verbs.move_channel(self._channel, self._target())

    def draw(self, painter: QPainter) -> None:
        """Show where the channel will be."""
        lanes = self.canvas.lanes
        if lanes is None or not self.is_drag or lanes.is_butterfly:
            return
        place = min(self._target(), len(lanes.channels) - 1)
        top = lanes.area.top() + place * lanes.height
        band = QRectF(0, top, lanes.area.right(), lanes.height)
        painter.fillRect(band, see_through(self.canvas.theme.accent, 40))
