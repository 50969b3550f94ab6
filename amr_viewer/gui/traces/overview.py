"""The overview bar: the whole recording, what was found in it, and the visible stretch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from amr_viewer.core.recording import ChannelKind, Recording
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Document
from amr_viewer.gui.plot.scale import Axis
from amr_viewer.gui.traces.canvas import TraceCanvas
from amr_viewer.gui.traces.colors import see_through, site_color
from amr_viewer.gui.traces.ground import draw_traces
from amr_viewer.gui.traces.loader import PageLoader
from amr_viewer.gui.traces.mouse import NOTCH_DEGREES, WHEEL_PAGES
from amr_viewer.gui.traces.page import Page, PageRequest, Trace
from amr_viewer.gui.traces.verbs import LEAST_SPAN_S, Verbs

HEIGHT = 52
PAD = 4.0
TICKS = 6.0
"""Height of the rows of ticks above and below the signal."""

FULL_SWINGS = 3.0
"""Half the height of the bar, in usual swings of the signals."""

EDGE_PIXELS = 5.0
LEAST_WINDOW_PIXELS = 3.0
PATIENCE_S = 0.005


class Overview(QWidget):
    """Paints the whole of the current recording; drags move or resize the visible stretch."""

    def __init__(self, desk: Desk, verbs: Verbs, canvas: TraceCanvas) -> None:
        super().__init__()
        self._desk, self._verbs, self._canvas = desk, verbs, canvas
        self.loader = PageLoader(self, PATIENCE_S)
        self.loader.arrived.connect(self.update)
        self._picture: tuple[tuple[Page | None, object, str, QSize], QImage] | None = None
        self._wanted: tuple[object, PageRequest] | None = None
        self._grasp: tuple[str, float] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Overview of the whole recording")
        self.setToolTip(
            "The whole recording: stimuli above, marks and responses below. "
            "Drag the frame to move it, its edges to resize it; click to go there."
        )

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the usual size."""
        return QSize(800, HEIGHT)

    @property
    def axis(self) -> Axis | None:
        """Seconds to pixels over the whole recording, None without one."""
        recording = self._canvas.recording
        if recording is None:
            return None
        return Axis(0.0, max(recording.duration_s, 1e-3), PAD, self.width() - PAD)

    # ------------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the recording, and over it the frame of the visible stretch."""
        painter = QPainter(self)
        document, axis = self._verbs.document, self.axis
        recording = document.recording if document else None
        page = None
        if document is not None and recording is not None and axis is not None:
            request = self._request(document, recording, axis)
            page = self.loader.ask(request) or self._former(recording)
        basis = (page, self._canvas.scene, self._desk.theme.name, self.size())
        if self._picture is None or self._picture[0] != basis:
            self._picture = (basis, self._paint_picture(page, axis))
        painter.drawImage(0, 0, self._picture[1])
        if document is not None and axis is not None:
            self._draw_frame(painter, document, axis)
        painter.end()

    def _former(self, recording: Recording) -> Page | None:
        """Return the page that is shown now, while a new one is late."""
        page = self._picture[0][0] if self._picture else None
        return page if page is not None and page.request.recording is recording else None

    def _paint_picture(self, page: Page | None, axis: Axis | None) -> QImage:
        """Return the bar without its frame."""
        theme, ratio = self._desk.theme, self.devicePixelRatioF()
        picture = QImage(self.size() * ratio, QImage.Format.Format_RGB32)
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(theme.ground))
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if page is not None:
            painter.drawImage(QPointF(PAD, PAD + TICKS), self._signal(page))
        if axis is not None:
            self._draw_ticks(painter, axis)
        painter.end()
        return picture

    def _signal(self, page: Page) -> QImage:
        """Return the signals of the whole recording, one over the other."""
        ratio = self.devicePixelRatioF()
        picture = QImage(page.request.width, _signal_rows(ratio), QImage.Format.Format_RGB32)
        picture.fill(QColor(self._desk.theme.surface))
        draw_traces(picture, page)
        picture.setDevicePixelRatio(ratio)
        return picture

    def _request(self, document: Document, recording: Recording, axis: Axis) -> PageRequest:
        """Return the page of the whole recording; the same one until something changes."""
        ratio, own, theme = self.devicePixelRatioF(), self._verbs.own, self._desk.theme.name
        basis = (
            *(recording, own.pyramid, own.baselines, document.layout, axis, ratio, theme),
            self._desk.session.display.sign,
        )
        if self._wanted is None or self._wanted[0] != basis:
            self._wanted = (basis, self._new_request(document, recording, axis))
        return self._wanted[1]

    def _new_request(self, document: Document, recording: Recording, axis: Axis) -> PageRequest:
        """Make the request."""
        ratio, own = self.devicePixelRatioF(), self._verbs.own
        height = _signal_rows(ratio)
        color = QColor(self._desk.theme.sweep_gray).rgba()
        swing = max((own.baseline(c).swing for c in document.layout.visible), default=0.0)
        traces = [
            Trace(
                c,
                height / 2,
                height / 2 / (FULL_SWINGS * (swing or 100.0)) * self._desk.session.display.sign,
                own.baseline(c).rest,
                (0, height),
                color,
            )
            for c in document.layout.visible
            if recording.channels[c].kind is ChannelKind.EMG
        ]
        width = max(round((axis.stop - axis.start) * ratio), 1)
        return PageRequest(recording, own.pyramid, 0.0, axis.high, width, ratio, tuple(traces))

    def _draw_ticks(self, painter: QPainter, axis: Axis) -> None:
        """Draw stimuli above the signal, marks and responses below."""
        scene, theme = self._canvas.scene, self._desk.theme
        if scene is None:
            return
        bottom = self.height() - PAD
        for place in range(len(scene.stimuli.kinds)):
            times = scene.stimuli.times_s[scene.stimuli.sites == place]
            color = site_color(theme, place)
            _draw_row(painter, axis, times, color, (PAD, PAD + TICKS - 1))
        for r in scene.responses:
            if r.tone in ("present", "late"):
                color = QColor(theme.tone(r.tone)[0])
                _draw_row(painter, axis, r.starts_s, color, (bottom - TICKS + 1, bottom))
        marks = see_through(theme.mark, 200)
        _draw_row(painter, axis, scene.marks.starts_s, marks, (PAD, bottom))

    def _draw_frame(self, painter: QPainter, document: Document, axis: Axis) -> None:
        """Draw the visible stretch."""
        accent = QColor(self._desk.theme.accent)
        box = self._frame(document, axis)
        painter.setPen(QPen(accent, 1))
        painter.setBrush(see_through(accent, 40))
        painter.drawRect(box)
        if box.width() > 4 * EDGE_PIXELS:
            painter.setPen(QPen(accent, 2))
            middle = box.center().y()
            for x in (box.left() + 3, box.right() - 3):
                painter.drawLine(QLineF(x, middle - 6, x, middle + 6))

    def _frame(self, document: Document, axis: Axis) -> QRectF:
        """Return where the visible stretch lies."""
        s = document.selection
        left, right = axis.pixel(s.start_s), axis.pixel(s.start_s + s.span_s)
        if right - left < LEAST_WINDOW_PIXELS:
            middle = (left + right) / 2
            left, right = middle - LEAST_WINDOW_PIXELS / 2, middle + LEAST_WINDOW_PIXELS / 2
        return QRectF(left, 1.5, right - left, self.height() - 3)

    # ------------------------------------------------------------------ mouse

    def _part_at(self, x: float) -> str:
        """Return what lies at a pixel: an edge, the inside, or the rest."""
        document, axis = self._verbs.document, self.axis
        if document is None or axis is None:
            return ""
        box = self._frame(document, axis)
        if box.width() > 3 * EDGE_PIXELS:
            if abs(x - box.left()) <= EDGE_PIXELS:
                return "left"
            if abs(x - box.right()) <= EDGE_PIXELS:
                return "right"
        return "inside" if box.left() - 2 <= x <= box.right() + 2 else "outside"

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Grasp the frame or an edge; a press elsewhere brings the frame there."""
        document, axis = self._verbs.document, self.axis
        if event.button() != Qt.MouseButton.LeftButton or document is None or axis is None:
            return
        time_s = axis.value(event.position().x())
        part, s = self._part_at(event.position().x()), document.selection
        if part == "outside":
            self._verbs.scroll_to(time_s - s.span_s / 2)
            part = "inside"
            s = (self._verbs.document or document).selection
        self._grasp = (part, time_s - s.start_s)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Move or resize the frame."""
        document, axis = self._verbs.document, self.axis
        if document is None or axis is None:
            return
        x = event.position().x()
        if self._grasp is None:
            is_edge = self._part_at(x) in ("left", "right")
            self.setCursor(
                Qt.CursorShape.SizeHorCursor if is_edge else Qt.CursorShape.PointingHandCursor
            )
            return
        part, within_s = self._grasp
        s, time_s = document.selection, axis.value(x)
        stop_s = s.start_s + s.span_s
        if part == "inside":
            self._verbs.scroll_to(time_s - within_s)
        elif part == "left":
            start_s = min(max(time_s, 0.0), stop_s - LEAST_SPAN_S)
            self._desk.session.set_window(start_s, stop_s - start_s)
        else:
            self._desk.session.set_window(s.start_s, min(time_s, axis.high) - s.start_s)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go."""
        self._grasp = None

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Scroll."""
        delta = event.angleDelta()
        self._verbs.scroll(-WHEEL_PAGES * (delta.y() or delta.x()) / NOTCH_DEGREES)
        event.accept()


def _signal_rows(ratio: float) -> int:
    """Return the height of the signal in pixels of the device."""
    return round((HEIGHT - 2 * PAD - 2 * TICKS) * ratio)


def _draw_row(
    painter: QPainter,
    axis: Axis,
    times_s: NDArray[np.float64],
    color: QColor,
    rows: tuple[float, float],
) -> None:
    """Draw ticks, at most one per pixel.

    As a row of pixels that is stretched: thousands of lines would each wait for threads at work.
    """
    width = round(axis.stop) + 1
    columns = np.round(axis.pixels(times_s)).astype(np.intp)
    row = np.zeros((1, width, 4), np.uint8)
    row[0, columns[(columns >= 0) & (columns < width)]] = np.array(color.getRgb())
    image = QImage(row.tobytes(), width, 1, 4 * width, QImage.Format.Format_RGBA8888)
    painter.drawImage(QRectF(0, rows[0], width, rows[1] - rows[0] + 1), image)
