"""The drawing of one panel: paints its scene and turns the mouse into selections and drags."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from amr_viewer.gui.sweeps.artist import Made, SummaryWish
from amr_viewer.gui.sweeps.dragging import Drag, dragged
from amr_viewer.gui.sweeps.look import Mode
from amr_viewer.gui.sweeps.markers import shown_markers
from amr_viewer.gui.sweeps.model import Model
from amr_viewer.gui.sweeps.overlay import draw_overlay
from amr_viewer.gui.sweeps.paint import draw_paper
from amr_viewer.gui.sweeps.panels import Panel
from amr_viewer.gui.sweeps.picture import Picture, Request
from amr_viewer.gui.sweeps.pointing import pointed_words
from amr_viewer.gui.sweeps.raster import Span
from amr_viewer.gui.sweeps.scene import Scene, frame_of, nearest_row, rows_in_sight
from amr_viewer.gui.sweeps.summary import Summary
from amr_viewer.gui.sweeps.verdicts import Verdicts
from amr_viewer.gui.sweeps.wishes import picture_wish, summary_wish
from amr_viewer.gui.sweeps.words import muscle_words
from amr_viewer.gui.theme import LIGHT, small_font

DRAG_PIXELS = 4
WHEEL_STEP = 120


class Canvas(QWidget):
    """Sweeps of one muscle."""

    def __init__(self, model: Model, verdicts: Verdicts, panel: Panel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model, self._verdicts, self._panel = model, verdicts, panel
        self._picture: Picture | None = None
        self._summary: tuple[tuple[object, ...], Summary] | None = None
        self._paper: QPixmap | None = None
        self._paper_key: tuple[object, ...] = ()
        self._drag: Drag | None = None
        self._pan_from: tuple[QPointF, float] | None = None
        self.setFont(small_font(self.font()))
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 100)
        self.show_panel(panel)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a comfortable size."""
        return QSize(400, 240)

    @property
    def panel(self) -> Panel:
        """What is shown."""
        return self._panel

    def show_panel(self, panel: Panel) -> None:
        """Show a panel; pictures of another site are dropped."""
        before, self._panel = self._panel.finding, panel
        now = panel.finding
        if (before.site, before.side, before.channel_index) != (
            now.site,
            now.side,
            now.channel_index,
        ):
            self.forget()
        self.setAccessibleName(f"Sweeps of {', '.join(muscle_words(now))}")

    def forget(self) -> None:
        """Drop pictures and summaries."""
        self._picture, self._summary, self._drag = None, None, None

    # ------------------------------------------------------------------ scene

    def scene(self, size: QSize | None = None, *, printed: bool = False) -> Scene:
        """Return what is drawn; `printed`: black on white, every sweep as a line."""
        model = self._model
        size = size or self.size()
        theme = LIGHT if printed else model.desk.theme
        frame = frame_of(size.width(), size.height(), model.look, self._panel.is_direct)
        gain = model.gain_of(self._panel.is_direct)
        sign = model.session.display.sign
        span: Span = model.look.span_of(gain, sign, model.times)
        markers, automatic, own = shown_markers(model, self._panel)
        if self._drag is not None:
            held = self._drag.marker
            markers, own = {**markers, held: self._drag.at_ms}, own | {held}
        return Scene(
            panel=self._panel,
            sweeps=model.sweeps,
            look=model.look,
            theme=theme,
            frame=frame,
            span=span,
            gain_uv=gain,
            rows=rows_in_sight(model.look, len(self._panel.stimuli), frame.plot.height()),
            window_ms=self._window(),
            row=model.row,
            chosen=model.chosen,
            markers=markers,
            automatic=automatic,
            own=own,
            picked=model.picked if self._is_selected() else "",
            marks=() if model.look.mode is Mode.SUPERIMPOSED else model.events,
            picture=self._picture,
            summary=self._summary[1] if self._summary else None,
            note=model.note,
            vector=printed,
        )

    def _is_selected(self) -> bool:
        """Whether this is the panel that keys act on."""
        return self._model.panel is self._panel

    def _window(self) -> tuple[float, float]:
        """Return the search window."""
        document = self._model.document
        assert document is not None
        d = document.protocol.parameters.detection
        return d.window_start_ms, d.window_end_ms

    # ------------------------------------------------------------------ pictures

    def wishes(self) -> list[SummaryWish | Request]:
        """Return what must be made before the panel is up to date."""
        sweeps = self._model.sweeps
        if sweeps is None or not len(sweeps) or self.width() < 60:
            return []
        scene = self.scene()
        out: list[SummaryWish | Request] = []
        summary = summary_wish(scene, sweeps)
        if summary and (self._summary is None or self._summary[0] != summary.key):
            out.append(summary)
        picture = picture_wish(scene, sweeps, self.devicePixelRatioF())
        if self._picture is None or self._picture.key != picture.key:
            out.append(picture)
        return out

    def take(self, made: Made) -> None:
        """Take a picture or summary made for this panel; painting it is left to the board."""
        if isinstance(made.what, Summary):
            self._summary = (made.key, made.what)
        else:
            self._picture = made.what

    @property
    def is_current(self) -> bool:
        """Whether everything that is shown was made for what is looked at."""
        return self._model.sweeps is not None and not self.wishes()

    # ------------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the paper if it changed, and what is selected over it."""
        self._model.artist.give_way()
        scene = self.scene()
        key = (
            self._panel, scene.look, scene.theme, scene.frame.plot.getRect(), scene.span,
            scene.rows, scene.picture, scene.summary, scene.note, scene.marks, scene.window_ms,
            scene.sweeps, scene.row if scene.frame.why is not None else scene.row is None,
            self.size().toTuple(), self.devicePixelRatioF(),
        )  # fmt: skip
        if self._paper is None or key != self._paper_key:
            self._paper = self._draw_paper(scene)
            self._paper_key = key
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._paper)
        draw_overlay(painter, scene, self._drag.words if self._drag else "")
        painter.end()

    def _draw_paper(self, scene: Scene) -> QPixmap:
        """Return everything but what is selected."""
        ratio = self.devicePixelRatioF()
        paper = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        paper.setDevicePixelRatio(ratio)
        paper.fill(QColor(scene.theme.surface))
        painter = QPainter(paper)
        painter.setFont(self.font())
        draw_paper(painter, scene)
        painter.end()
        return paper

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for a picture of the new size."""
        super().resizeEvent(event)
        self._model.size_changed.emit()

    # ------------------------------------------------------------------ mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold of a marker, or begin a click or a pan."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self._model.select_panel(self._panel.channel)
        scene, at = self.scene(), event.position()
        marker = scene.marker_at(at.x()) if self._can_drag(scene) else ""
        if marker and scene.frame.plot.contains(at):
            self._model.pick(marker)
            self._drag = Drag(marker, scene.markers[marker], scene.markers[marker], "")
        else:
            self._pan_from = (at, self._model.look.start_ms)

    def _can_drag(self, scene: Scene) -> bool:
        """Whether there are markers of one sweep to take hold of."""
        return scene.row is not None and scene.look.mode is Mode.SUPERIMPOSED

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Move a marker, pan, or say what is under the mouse."""
        at = event.position()
        if self._drag is not None:
            self._drag = dragged(self._drag, self.scene(), at.x(), event.modifiers())
            self._model.session.pointed.emit(self._drag.words)
            self.update()
            return
        if self._pan_from is not None and event.buttons() & Qt.MouseButton.LeftButton:
            begin, start = self._pan_from
            if abs(at.x() - begin.x()) > DRAG_PIXELS:
                moved = (begin.x() - at.x()) / self.scene().x.pixels_per_unit
                low, high = self._model.times
                self._model.set_look(start_ms=min(max(start + moved, low), high))
            return
        self._point(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Put a marker down, or select the sweep that was clicked."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        at = event.position()
        drag, self._drag = self._drag, None
        pan, self._pan_from = self._pan_from, None
        if drag is not None:
            row = self._model.row
            if row is not None and abs(drag.at_ms - drag.from_ms) > 1e-6:
                stimulus = int(self._panel.stimuli[row])
                self._verdicts.move(self._panel, stimulus, drag.marker, drag.at_ms)
            self.update()
        elif pan is not None and abs(at.x() - pan[0].x()) <= DRAG_PIXELS:
            row = nearest_row(self.scene(), at.x(), at.y())
            if row is not None:
                extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self._model.select_row(row, extend=extend)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Let go of a marker that is held, where it was, by Escape."""
        if self._drag is None or event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
            return
        self._drag = None
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom time with Ctrl, scroll it with Shift, else scroll rows or the panels."""
        model, delta = self._model, event.angleDelta()
        turns = (delta.y() or delta.x()) / WHEEL_STEP
        keys = event.modifiers()
        if not turns:
            event.ignore()
        elif keys & Qt.KeyboardModifier.ControlModifier:
            around = self.scene().x.value(event.position().x())
            look = model.look.zoomed(-1 if turns > 0 else 1, around, model.times)
            model.set_look(ms_per_division=look.ms_per_division, start_ms=look.start_ms)
        elif keys & Qt.KeyboardModifier.ShiftModifier or delta.x():
            model.set_look(start_ms=model.look.scrolled(-turns, model.times).start_ms)
        elif model.look.mode is not Mode.SUPERIMPOSED and not self._shows_all_rows():
            first, stop = self.scene().rows
            model.scroll_rows(-round(turns * max((stop - first) // 8, 1)))
        else:
            event.ignore()
            return
        event.accept()

    def _shows_all_rows(self) -> bool:
        """Whether every sweep is in sight."""
        first, stop = self.scene().rows
        return stop - first >= len(self._panel.stimuli)

    def _point(self, at: QPointF) -> None:
        """Say time and voltage under the mouse, and show what can be taken hold of."""
        scene = self.scene()
        if not scene.frame.plot.contains(at) or scene.sweeps is None:
            self.unsetCursor()
            return
        can_hold = self._can_drag(scene) and scene.marker_at(at.x())
        self.setCursor(Qt.CursorShape.SplitHCursor if can_hold else Qt.CursorShape.ArrowCursor)
        self._model.session.pointed.emit(pointed_words(scene, at))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Say nothing any more."""
        super().leaveEvent(event)
        self._model.session.pointed.emit("")
