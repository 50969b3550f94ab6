"""The Traces view: canvas, bar and overview, put together; what is drawn is left to them."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QLabel, QStackedLayout, QVBoxLayout, QWidget

from amr_viewer.core.recording import Mark
from amr_viewer.gui.actions import ActionSpec
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Stage
from amr_viewer.gui.theme import GAP
from amr_viewer.gui.traces.actions import trace_actions
from amr_viewer.gui.traces.bar import ControlBar
from amr_viewer.gui.traces.canvas import TraceCanvas
from amr_viewer.gui.traces.mark_editor import MarkEditor
from amr_viewer.gui.traces.overview import Overview
from amr_viewer.gui.traces.preparing import Preparation
from amr_viewer.gui.traces.scene import Scene, analysis_channels
from amr_viewer.gui.traces.state import TraceState
from amr_viewer.gui.traces.verbs import Verbs

USUAL_DIVISIONS = 2.0


class TracesView(QWidget):
    """All channels of the current recording over time.

    Parameters
    ----------
    desk : Desk
    parent : QWidget, optional
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.state = TraceState(self)
        self.verbs = Verbs(desk, self.state)
        self.preparation = Preparation(desk, self.state, self)
        self.canvas = TraceCanvas(desk, self.verbs)
        self.overview = Overview(desk, self.verbs, self.canvas)
        self.bar = ControlBar(desk, self.verbs)
        self.mark_editor = MarkEditor(desk, self.canvas)
        self.empty = QLabel()
        self._lay_out()
        self._connect()
        self._followed: tuple[object, ...] = ()
        self.preparation.begin()
        self._follow()
        self._show_stage()

    def _lay_out(self) -> None:
        """Put the parts into their places."""
        shown = QWidget()
        column = QVBoxLayout(shown)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.setSpacing(GAP)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.bar)
        column.addWidget(self.overview)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setProperty("role", "muted")
        self.empty.setMargin(3 * GAP)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(shown)
        self.setFocusProxy(self.canvas)

    def _connect(self) -> None:
        """Follow the session."""
        session = self._desk.session
        session.ending.connect(self.end)
        for signal in (
            session.current_changed,
            session.recording_changed,
            session.documents_changed,
            session.analysis_changed,
        ):
            signal.connect(self._show_stage)
        for signal in (
            session.recording_changed,
            session.analysis_changed,
            session.selection_changed,
            session.layout_changed,
            session.display_changed,
            self.state.changed,
            self._desk.appearance.changed,
        ):
            signal.connect(self.canvas.update)
            signal.connect(self.overview.update)
        session.selection_changed.connect(self._follow)
        session.analysis_changed.connect(self._follow)
        self.preparation.grown.connect(self._grow)
        self.preparation.rested.connect(lambda: self.verbs.fit_others(self._divisions()))
        self.canvas.mark_drawn.connect(self._ask_for_mark)
        self.mark_editor.changed.connect(self.canvas.show_new_mark)
        self.destroyed.connect(self.canvas.loader.close)
        self.destroyed.connect(self.overview.loader.close)

    # ------------------------------------------------------------------ what is shown

    @property
    def scene(self) -> Scene | None:
        """Stimuli, marks and responses of the current recording."""
        return self.canvas.scene

    def actions(self) -> tuple[ActionSpec, ...]:  # type: ignore[override]
        """Return what can be done here."""
        return trace_actions(self)

    def none_shown(self) -> str:
        """Say that nothing is shown, empty if something is."""
        return "" if self.verbs.document else "no recording is open"

    def is_butterfly(self) -> bool:
        """Whether channels are drawn over each other."""
        document = self.verbs.document
        return bool(document and document.layout.butterfly)

    def _show_stage(self) -> None:
        """Show the traces, or what is in their place and what to do."""
        document = self._desk.session.document
        if document is not None and document.recording is not None:
            self._stack.setCurrentIndex(1)
            return
        if document is None:
            text = "Drop a recording here, or open one (Ctrl+O)."
        elif document.stage is Stage.FAILED:
            fault = document.fault.removeprefix(f"{document.path.name}: ")
            text = f"{document.path.name} cannot be shown: {fault}"
        else:
            text = f"Reading {document.path.name} ..."
        self.empty.setText(text)
        self._stack.setCurrentIndex(0)

    def _grow(self) -> None:
        """Paint more of a recording that is being read."""
        page = self.canvas.page
        if page is not None and page.is_preliminary:
            self.canvas.loader.forget()
            self.canvas.update()
        self.overview.loader.forget()
        self.overview.update()

    def _follow(self) -> None:
        """Go to the sweep, mark or channel that was selected elsewhere."""
        document = self.verbs.document
        if document is None or document.recording is None:
            return
        s, analysis = document.selection, document.analysis
        former, now = self._followed, (document.key, s.channel, s.sweep, s.mark)
        self._followed = now
        if former == now:
            return
        channels = analysis.responses.channels if analysis else ()
        known = analysis_channels(document.recording, channels)
        if s.channel is not None and s.channel < len(known) and former[1:2] != now[1:2]:
            self.verbs.focus(known[s.channel])
        if not former or former[0] != document.key:
            return
        n = len(analysis.stimuli) if analysis else 0
        if analysis and s.sweep is not None and s.sweep < n and former[2] != s.sweep:
            self.verbs.show_time(float(analysis.stimuli.time_s[s.sweep]))
        marks = document.mark_columns
        if former[3] != s.mark and s.mark in marks.names:
            self.verbs.show_time(float(marks.starts_s[marks.names.index(s.mark)]))

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the making of marks."""
        self.state.set_marking(False)
        super().hideEvent(event)

    # ------------------------------------------------------------------ verbs that need the canvas

    def _divisions(self) -> float:
        """Return how many divisions a lane has above its base line."""
        lanes = self.canvas.lanes
        return lanes.height / lanes.division / 2 if lanes else USUAL_DIVISIONS

    def fit_gains(self) -> None:
        """Let the traces fill their lanes."""
        self.verbs.fit_gains(self._divisions())

    def step_own_gain(self, direction: int) -> None:
        """Draw the selected channel larger or smaller."""
        focus = self.verbs.own.focus
        if focus is None:
            self._desk.session.said.emit("select a channel first (Up, Down)")
        else:
            self.verbs.step_gain(direction, [focus])

    def switch_marking(self) -> None:
        """Let the next drag make a mark, or not."""
        self.state.set_marking(not self.state.is_marking)

    def mark_between(self) -> None:
        """Mark the stretch between the cursors."""
        cursors = self.verbs.own.cursors_s
        if cursors is None:
            self._desk.session.said.emit("show the cursors first (C)")
            return
        first, last = sorted(cursors)
        self._ask_for_mark(Mark(first, last - first, ""))

    def _ask_for_mark(self, mark: Mark) -> None:
        """Ask for the text of a mark, where it is."""
        self.state.set_marking(False)
        lanes = self.canvas.lanes
        x = lanes.time.pixel(mark.time_s) if lanes else 0.0
        top = lanes.area.top() if lanes else 0.0
        self.mark_editor.ask(mark, QPoint(round(x), round(top)))

    def end(self) -> None:
        """Wait for the threads that paint."""
        self.canvas.loader.close()
        self.overview.loader.close()
