"""What the mouse means on the canvas: which gesture a press begins, what is clicked, the wheel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

from amr_viewer.errors import ReadError
from amr_viewer.gui.session import Session
from amr_viewer.gui.traces import gestures, margins
from amr_viewer.gui.traces.readout import pointed_words

if TYPE_CHECKING:
    from amr_viewer.gui.traces.canvas import TraceCanvas

NOTCH_DEGREES = 120.0
"""One notch of a usual wheel, in eighths of a degree."""

WHEEL_PAGES = 0.25


class Mouse:
    """Turns events of the canvas into gestures, and into calls of the session."""

    def __init__(self, canvas: TraceCanvas, session: Session) -> None:
        self._canvas, self._session = canvas, session
        self.gesture: gestures.Gesture | None = None
        self._turned = 0.0

    def press(self, event: QMouseEvent) -> None:
        """Begin a gesture."""
        if self._canvas.lanes is None or self._canvas.document is None:
            return
        self.gesture = self._gesture_at(event.position(), event)
        if self.gesture is not None:
            self._canvas.setCursor(self.gesture.shape)

    def move(self, at: QPointF) -> None:
        """Go on with a gesture, and say what is under the mouse."""
        if self.gesture is not None:
            self.gesture.move(at)
        elif self._canvas.lanes is not None:
            self._canvas.setCursor(self._shape_at(at))
        self._point(at)

    def release(self, at: QPointF) -> None:
        """End a gesture."""
        gesture, self.gesture = self.gesture, None
        if gesture is not None:
            gesture.move(at)
            gesture.end()
        self._canvas.unsetCursor()
        self._canvas.update()

    def drop(self) -> None:
        """Forget a gesture."""
        self.gesture = None

    def _gesture_at(self, at: QPointF, event: QMouseEvent) -> gestures.Gesture | None:
        """Return what a press begins."""
        assert self._canvas.lanes is not None
        if event.button() == Qt.MouseButton.MiddleButton:
            return gestures.Pan(self._canvas, at)
        if event.button() != Qt.MouseButton.LeftButton:
            return None
        place = margins.name_at(self._canvas.lanes, at)
        if place is not None:
            return gestures.MoveChannel(self._canvas, at, place)
        if at.x() < self._canvas.lanes.area.left():
            return None
        held = event.modifiers()
        if self._canvas.verbs.state.is_marking:
            alt = bool(held & Qt.KeyboardModifier.AltModifier)
            return gestures.MakeMark(self._canvas, at, for_channel=alt)
        if held & Qt.KeyboardModifier.ShiftModifier:
            return gestures.Ruler(self._canvas, at)
        which = self._cursor_near(at)
        if which is not None:
            return gestures.MoveCursor(self._canvas, at, which)
        return gestures.Zoom(self._canvas, at)

    def _cursor_near(self, at: QPointF) -> int | None:
        """Return the cursor within reach, None if there is none."""
        cursors = self._canvas.verbs.own.cursors_s
        if cursors is None or self._canvas.lanes is None:
            return None
        far = [abs(self._canvas.lanes.time.pixel(t) - at.x()) for t in cursors]
        nearest = int(np.argmin(far))
        return nearest if far[nearest] <= gestures.NEAR_PIXELS else None

    def _shape_at(self, at: QPointF) -> Qt.CursorShape:
        """Return the shape of the mouse."""
        if self._canvas.verbs.state.is_marking:
            return Qt.CursorShape.IBeamCursor
        near = self._cursor_near(at) is not None
        return Qt.CursorShape.SizeHorCursor if near else Qt.CursorShape.ArrowCursor

    def _point(self, at: QPointF) -> None:
        """Tell the session what is under the mouse."""
        recording, scene, lanes = self._canvas.recording, self._canvas.scene, self._canvas.lanes
        text = ""
        if recording is not None and scene is not None and lanes and lanes.area.contains(at):
            channel = (
                self._canvas.verbs.own.focus if lanes.is_butterfly else lanes.channel_at(at.y())
            )
            try:
                text = pointed_words(recording, channel, lanes.time.value(at.x()), scene.stimuli)
            except ReadError as error:
                text = str(error)
        self._session.pointed.emit(text)

    def click(self, at: QPointF) -> None:
        """Select what is under a click: a stimulus or mark in the head, else a channel."""
        lanes, scene = self._canvas.lanes, self._canvas.scene
        if lanes is None or scene is None:
            return
        time_s = lanes.time.value(at.x())
        near_s = gestures.NEAR_PIXELS / lanes.time.pixels_per_unit
        if at.y() >= lanes.area.top():
            self._canvas.verbs.focus(lanes.channel_at(at.y()))
            return
        stimuli, marks = scene.stimuli, scene.marks
        if at.y() >= lanes.area.top() - lanes.row_height - 4 and len(stimuli.times_s):
            nearest = int(np.argmin(np.abs(stimuli.times_s - time_s)))
            if abs(stimuli.times_s[nearest] - time_s) <= 4 * near_s:
                site = stimuli.kinds[stimuli.sites[nearest]]
                self._session.select(sweep=nearest, site=site)
            return
        before = np.flatnonzero(marks.starts_s <= time_s + near_s)
        if len(before):
            self._session.select(mark=marks.names[int(before[-1])])

    def wheel(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl zoom about the mouse, with Shift change the gain."""
        lanes = self._canvas.lanes
        delta = event.angleDelta()
        turned = (delta.y() or delta.x()) / NOTCH_DEGREES
        event.accept()
        if lanes is None or not turned:
            return
        held = event.modifiers()
        if not held & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier):
            self._canvas.verbs.scroll(-WHEEL_PAGES * turned)
            return
        self._turned += turned
        notches, self._turned = int(self._turned), self._turned - int(self._turned)
        part = (event.position().x() - lanes.area.left()) / lanes.area.width()
        for _ in range(abs(notches)):
            direction = 1 if notches > 0 else -1
            if held & Qt.KeyboardModifier.ControlModifier:
                self._canvas.verbs.step_time(-direction, min(max(part, 0.0), 1.0))
            else:
                self._canvas.verbs.step_gain(direction)
