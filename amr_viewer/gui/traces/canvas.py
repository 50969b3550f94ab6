"""The canvas: all channels over a stretch of time, with what lies over and around them."""

from __future__ import annotations

import time
from math import nan

from PySide6.QtCore import QEvent, QRectF, QSize, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from amr_viewer.core.recording import Mark, Recording
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Document
from amr_viewer.gui.theme import Theme
from amr_viewer.gui.traces import margins, overlay
from amr_viewer.gui.traces.colors import see_through
from amr_viewer.gui.traces.gestures import Ruler
from amr_viewer.gui.traces.lanes import Lanes, lanes_of
from amr_viewer.gui.traces.loader import PageLoader
from amr_viewer.gui.traces.mouse import Mouse
from amr_viewer.gui.traces.page import Page
from amr_viewer.gui.traces.picture import Picture
from amr_viewer.gui.traces.readout import cursor_words
from amr_viewer.gui.traces.scene import Scene
from amr_viewer.gui.traces.steps import DIVISIONS, time_step
from amr_viewer.gui.traces.verbs import Verbs

TOLD_AFTER_S = 0.15
"""A page that is late is only told of after this: most come sooner."""


class TraceCanvas(QWidget):
    """Paints the current recording of a session.

    Signals
    -------
    mark_drawn(mark)
        A person drew a mark; its text is still empty.
    """

    mark_drawn = Signal(object)

    def __init__(self, desk: Desk, verbs: Verbs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.verbs = verbs
        self._picture = Picture(desk, verbs, PageLoader(self))
        self.loader.arrived.connect(self.update)
        self.lanes: Lanes | None = None
        self.mouse = Mouse(self, desk.session)
        self._new_mark: Mark | None = None
        self._sound_s = nan
        desk.session.played.connect(self._follow_sound)
        self._kept_names: tuple[object, QPixmap] | None = None
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self.update)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFont(margins.small(self.font()))
        self.setAccessibleName("Traces of all channels")

    # ------------------------------------------------------------------ what is shown

    @property
    def theme(self) -> Theme:
        """The theme in use."""
        return self._desk.theme

    @property
    def document(self) -> Document | None:
        """The current recording, None until it was read."""
        return self.verbs.document

    @property
    def recording(self) -> Recording | None:
        """The recording that is shown."""
        document = self.document
        return document.recording if document else None

    @property
    def page(self) -> Page | None:
        """The page that was painted last."""
        return self._picture.page

    @property
    def scene(self) -> Scene | None:
        """What lies over the traces."""
        document = self.document
        return self._picture.scene(document) if document else None

    @property
    def loader(self) -> PageLoader:
        """What makes the pages."""
        return self._picture.loader

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the least size at which traces can be read."""
        return QSize(360, 160)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Lay out again."""
        super().resizeEvent(event)
        self.lanes = None

    # ------------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint everything."""
        painter = QPainter(self)
        document = self.document
        if document is not None and document.recording is not None:
            self._paint(painter, document, document.recording)
        else:
            painter.fillRect(self.rect(), QColor(self.theme.surface))
        painter.end()

    def _paint(self, painter: QPainter, document: Document, recording: Recording) -> None:
        """Paint a recording."""
        size = (float(self.width()), float(self.height()))
        metrics = QFontMetricsF(self.font())
        step_s = time_step(document.selection.span_s / DIVISIONS)
        badge = margins.badge_lines(document.layout, self._desk.session.display, step_s)
        wide = margins.gutter_of(recording, document.layout, badge, metrics)
        lanes = lanes_of(document.layout, document.selection, size, wide, metrics)
        self.lanes = lanes
        offsets = self._picture.offsets(document)
        scene = self._picture.scene(document)
        ratio = self.devicePixelRatioF()
        request = self._picture.begin(lanes, document, ratio)
        for box in self._beside(lanes):
            painter.fillRect(box, QColor(self.theme.surface))
        painter.drawPixmap(0, 0, self._names(lanes, document, badge, offsets))
        margins.draw_time(painter, lanes, self.theme)
        self._picture.paint(painter, lanes, document, request, ratio)
        painter.save()
        painter.setClipRect(QRectF(lanes.area.left(), 0, lanes.area.width() + 1, self.height()))
        chosen = document.selection
        overlay.draw_gap_words(painter, lanes, recording, self.theme)
        overlay.draw_marks(painter, lanes, scene.marks, recording, self.theme, chosen.mark)
        overlay.draw_stimuli(painter, lanes, scene.stimuli, self.theme, chosen.sweep)
        cursors = self.verbs.own.cursors_s
        if cursors is not None:
            overlay.draw_cursors(painter, lanes, cursors, self.theme)
        overlay.draw_sound(painter, lanes, self._sound_s, self.theme)
        self._draw_note(painter, lanes, recording)
        if self.mouse.gesture is not None:
            self.mouse.gesture.draw(painter)
        if self._new_mark is not None:
            mark = self._new_mark
            labels = [recording.channels[c].label for c in lanes.channels]
            own = lanes.channels[labels.index(mark.channel)] if mark.channel in labels else None
            self.draw_new_mark(painter, mark.time_s, mark.time_s + mark.duration_s, own)
        painter.restore()

    def _follow_sound(self, time_s: float) -> None:
        """Show where the sound is."""
        self._sound_s = time_s
        self.update()

    def show_new_mark(self, mark: Mark | None) -> None:
        """Show a mark while its text is being written."""
        self._new_mark = mark
        self.update()

    def draw_new_mark(
        self, painter: QPainter, start_s: float, stop_s: float, channel: int | None
    ) -> None:
        """Draw a mark that is being made, in the lane of a channel or over all."""
        lanes = self.lanes
        assert lanes is not None
        top, height = lanes.area.top(), lanes.area.height()
        if channel in lanes.channels and not lanes.is_butterfly:
            height = lanes.height
            top = lanes.center(lanes.channels.index(channel)) - height / 2
        left, right = lanes.time.pixel(start_s), lanes.time.pixel(stop_s)
        band = QRectF(left, top, max(right - left, 1), height)
        painter.fillRect(band, see_through(self.theme.mark, 60))

    def _beside(self, lanes: Lanes) -> tuple[QRectF, ...]:
        """Return what lies around the traces; under them there is their picture."""
        area, wide, high = lanes.area, float(self.width()), float(self.height())
        left = area.left()
        return (
            QRectF(left, 0, wide - left, area.top()),
            QRectF(left, area.bottom(), wide - left, high - area.bottom()),
            QRectF(area.right(), area.top(), wide - area.right(), area.height()),
        )

    def _names(
        self,
        lanes: Lanes,
        document: Document,
        badge: tuple[str, ...],
        offsets: dict[int, float],
    ) -> QPixmap:
        """Return what stands left of the traces; kept, as it is the same on every page."""
        assert document.recording is not None
        size = QSizeF(lanes.area.left(), self.height())
        theme, ratio, focus = self.theme, self.devicePixelRatioF(), self.verbs.own.focus
        same = (document.recording, document.layout, badge, tuple(offsets.items()))
        basis = (*same, theme.name, ratio, focus, size, self.font().key())
        if self._kept_names is None or self._kept_names[0] != basis:
            picture = QPixmap((size * ratio).toSize())
            picture.setDevicePixelRatio(ratio)
            picture.fill(QColor(theme.surface))
            painter = QPainter(picture)
            painter.setFont(self.font())
            margins.draw_badge(painter, lanes, badge, theme)
            margins.draw_names(
                painter, lanes, document.recording, document.layout, offsets, focus, theme
            )
            painter.end()
            self._kept_names = (basis, picture)
        return self._kept_names[1]

    def _is_late(self) -> bool:
        """Whether the page has been late for so long that a person should know."""
        since = self._picture.late_since
        if since is None:
            return False
        left_s = since + TOLD_AFTER_S - time.monotonic()
        if left_s > 0 and not self._again.isActive():
            self._again.start(int(left_s * 1000) + 1)
        return left_s <= 0

    def _draw_note(self, painter: QPainter, lanes: Lanes, recording: Recording) -> None:
        """Write the cursors' numbers, or what a person must know of the picture."""
        own = self.verbs.own
        words: tuple[str, ...] = ()
        if self._is_late():
            words = ("Reading ...",)
        elif self.page is not None and self.page.fault:
            words = (self.page.fault,)
        elif isinstance(self.mouse.gesture, Ruler):
            return
        elif own.cursors_s is not None:
            words = cursor_words(recording, own.focus, *own.cursors_s)
        elif self.verbs.state.is_marking:
            words = ("Drag over the stretch to mark; with Alt for one channel; A ends",)
        elif self.page is not None and not self.page.is_filtered:
            words = ("This stretch is too long for the filters: shown without them",)
        elif self.page is not None and self.page.is_preliminary:
            words = ("Overview is being read",)
        if words:
            overlay.draw_note(painter, lanes, words, self.theme)

    # ------------------------------------------------------------------ mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Begin a gesture."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Go on with a gesture, and say what is under the mouse."""
        self.mouse.move(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """End a gesture."""
        self.mouse.release(event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Scroll, zoom or change the gain."""
        self.mouse.wheel(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Say that nothing is under the mouse."""
        self._desk.session.pointed.emit("")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Leave a gesture with Escape; all other keys are actions of the view."""
        is_busy = self.mouse.gesture is not None or self.verbs.state.is_marking
        if event.key() == Qt.Key.Key_Escape and is_busy:
            self.mouse.drop()
            self.verbs.state.set_marking(False)
            self.update()
            return
        super().keyPressEvent(event)
