"""The window of one comparison: puts list, drawings, table and statement together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QLabel,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from amr_viewer.gui.desk import Desk
from amr_viewer.gui.notice import Notice
from amr_viewer.gui.visits.alert_strip import AlertStrip
from amr_viewer.gui.visits.bar import ComparisonBar
from amr_viewer.gui.visits.chart import VisitChart
from amr_viewer.gui.visits.comparing import Comparing
from amr_viewer.gui.visits.copying import copy_drawing, copy_table
from amr_viewer.gui.visits.event_dialog import EventDialog
from amr_viewer.gui.visits.exporting import VisitsExporter
from amr_viewer.gui.visits.files import add_found, ask_for_files
from amr_viewer.gui.visits.list_values import EventEntry, VisitEntry, visits_in
from amr_viewer.gui.visits.plan import Plan, PlannedEvent
from amr_viewer.gui.visits.side import VisitSide
from amr_viewer.gui.visits.statement import SourcesDialog, Statement
from amr_viewer.gui.visits.table import VisitTable
from amr_viewer.gui.visits.verbs import make_actions, refresh_actions

SIDE_WIDTH = 316
LEAST_SIDE = 290


class ComparisonWindow(QDialog):
    """One comparison.

    Signals
    -------
    recording_wanted(path)
        A recording is to be shown in the main window.
    activated()
        A person turned to this window.
    """

    recording_wanted = Signal(Path)
    activated = Signal()

    def __init__(self, desk: Desk, name: str) -> None:
        # Without a parent: the main window must be able to come before it.
        super().__init__(None, Qt.WindowType.Window)
        self.desk, self.name = desk, name
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Compare visits - AMR Viewer")
        self.setAcceptDrops(True)
        self.setMinimumSize(900, 560)
        self.comparing = Comparing(desk.session, name, self)
        self.exporter = VisitsExporter(desk.session, name, self)
        self.actions_by_name: dict[str, QAction] = make_actions(self)
        self.bar = ComparisonBar(self.actions_by_name)
        self.notice, self.alerts = Notice(desk.appearance), AlertStrip(desk.appearance)
        self.heading, self.message = QLabel(), QLabel()
        self.side = VisitSide(desk.appearance, self.actions_by_name)
        self.chart, self.table = VisitChart(desk.appearance), VisitTable(desk.appearance)
        self.statement = Statement()
        self.file_dialog: QFileDialog | None = None
        self._lay_out()
        self._connect()
        self._show_plan()
        self._show_answer()

    # ------------------------------------------------------------------ building

    def _lay_out(self) -> None:
        """Put everything into its place."""
        self.message.setProperty("role", "muted")
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setWordWrap(True)
        self.message.setMargin(32)
        font = self.heading.font()
        font.setBold(True)
        self.heading.setFont(font)
        self.heading.setContentsMargins(12, 2, 12, 4)
        drawings = QScrollArea()
        drawings.setWidgetResizable(True)
        drawings.setWidget(self.chart)
        drawings.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.results = QSplitter(Qt.Orientation.Vertical)
        self.results.addWidget(drawings)
        self.results.addWidget(self.table)
        self.results.setChildrenCollapsible(False)
        self.results.setSizes([290, 320])
        self.stack = QStackedWidget()
        self.stack.addWidget(self.message)
        self.stack.addWidget(self.results)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 4, 8, 0)
        column.setSpacing(2)
        column.addWidget(self.heading)
        column.addWidget(self.stack, 1)
        middle = QSplitter(Qt.Orientation.Horizontal)
        middle.addWidget(self.side)
        middle.addWidget(right)
        middle.setChildrenCollapsible(False)
        middle.setStretchFactor(1, 1)
        middle.setSizes([SIDE_WIDTH, 1000])
        self.side.setMinimumWidth(LEAST_SIDE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (self.bar, self.notice, self.alerts):
            layout.addWidget(part)
        layout.addWidget(middle, 1)
        layout.addWidget(self.statement)

    def _connect(self) -> None:
        """Follow the comparison, and turn gestures into its verbs."""
        comparing, model = self.comparing, self.side.list.entry_model
        comparing.changed.connect(self._show_plan)
        comparing.compared.connect(self._show_answer)
        comparing.failed.connect(self.notice.add)
        self.exporter.failed.connect(self.notice.add)
        self.exporter.said.connect(self._say)
        self.desk.session.tasks.changed.connect(self._refresh_soon)
        self.bar.open_recordings = self._not_yet_added
        self.bar.open_wanted.connect(self.add)
        self.bar.former_wanted.connect(comparing.put)
        self.bar.order_chosen.connect(comparing.set_order)
        self.bar.reference_chosen.connect(comparing.set_reference)
        model.renamed.connect(comparing.rename)
        # Later: the list must not change while Qt still drops.
        model.dropped.connect(lambda path, row: QTimer.singleShot(0, self, self._drop(path, row)))
        self.side.list.opened.connect(lambda _row: self.run("open"))
        self.side.moved.connect(self._entry_chosen)
        for view in (self.chart, self.table):
            view.chosen.connect(self._visit_chosen)
            view.opened.connect(self._open_visit)
        self.statement.more.clicked.connect(lambda: self.run("sources"))
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(0)
        self._due.timeout.connect(self._refresh)

    # ------------------------------------------------------------------ showing

    def begin(self, plan: Plan) -> None:
        """Begin with recordings."""
        self.comparing.begin(plan)

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """Give the actions the keys that a person chose."""
        self._keys = keys
        self._refresh()

    def _show_plan(self) -> None:
        """Show list, order, reference and progress."""
        comparing = self.comparing
        entries = comparing.entries
        visits = visits_in(entries)
        self.side.show_entries(entries)
        self.bar.show_order(comparing.plan.order)
        self.bar.show_references(visits, comparing.plan.reference)
        gatherer = comparing.gatherer
        text = ""
        if comparing.is_working:
            text = f"Analyzing {round(100 * gatherer.fraction)} %"
        elif comparing.can_go_on:
            text = "Stopped"
        self.bar.show_work(text, gatherer.fraction, is_stopped=comparing.can_go_on)
        self._show_message(len(visits))
        self._refresh_soon()

    def _show_answer(self) -> None:
        """Show drawings, table and warnings."""
        shown = self.comparing.shown
        found = shown is not None and shown.comparison is not None
        self.stack.setCurrentWidget(self.results if found else self.message)
        self.alerts.show_alerts(shown.alerts if shown else ())
        self.heading.setText(shown.heading if shown else "")
        self.heading.setVisible(bool(self.heading.text()))
        if shown is not None and shown.drawing is not None:
            self.chart.show_drawing(shown.drawing)
            self.table.show_groups(shown.groups, shown.of, shown.longest)
        title = "Compare visits - AMR Viewer"
        self.setWindowTitle(f"{shown.heading}   {title}" if shown and shown.heading else title)
        self._entry_chosen()

    def _show_message(self, n_good: int) -> None:
        """Say what is missing for a comparison."""
        comparing = self.comparing
        if not comparing.plan.rows:
            text = "Add two or more recordings of one patient: their visits appear here."
        elif comparing.is_working:
            text = "The recordings are being analyzed; the comparison follows."
        elif comparing.can_go_on:
            text = "Stopped. Go on to analyze the recordings that are left."
        elif n_good == 1:
            text = "One recording is there. Add another one of the same patient to compare."
        else:
            text = "No recording of the list could be used; the list says why."
        self.message.setText(text)

    def _say(self, text: str) -> None:
        """Tell what was done."""
        self.notice.say(text, "absent")

    def _refresh_soon(self) -> None:
        """Look again what can be done, once the present change is through."""
        self._due.start()

    def _refresh(self) -> None:
        """Look again what can be done."""
        refresh_actions(self, self._keys)

    _keys: Mapping[str, str] = {}

    # ------------------------------------------------------------------ selecting

    def _entry_chosen(self) -> None:
        """Shade the visit that is selected in the list."""
        entry = self.side.current
        number = entry.number if isinstance(entry, VisitEntry) else ""
        self.chart.set_current(int(number) - 1 if number else -1)
        self._refresh_soon()

    def _visit_chosen(self, visit: int) -> None:
        """Select a visit everywhere."""
        self.side.select_visit(visit + 1)
        self.chart.set_current(visit)
        self._refresh_soon()

    def _open_visit(self, visit: int) -> None:
        """Show the recording of a visit."""
        shown = self.comparing.shown
        if shown is not None and visit < len(shown.paths):
            self.recording_wanted.emit(shown.paths[visit])

    # ------------------------------------------------------------------ verbs

    def add(self, paths: Iterable[Path]) -> None:
        """Add recordings, and those in folders."""
        add_found(self, list(paths))

    def take(self, paths: list[Path]) -> None:
        """Take recordings that were found."""
        if not paths:
            self.notice.say("No recording was found in this folder.", "late")
        elif not self.comparing.add(paths):
            self.notice.say("These recordings are in the comparison already.", "late")

    def ask_for_files(self) -> None:
        """Ask which recordings to add."""
        self.file_dialog = ask_for_files(self)

    def _not_yet_added(self) -> list[Path]:
        """Return the open recordings that are not in the comparison."""
        known = set(self.comparing.plan.paths)
        paths = (d.path.absolute() for d in self.desk.session.documents)
        return [p for p in dict.fromkeys(paths) if p not in known]

    def _drop(self, path: Path, row: int) -> Callable[[], None]:
        """Return what puts a visit before the entry of a row."""
        above = self.comparing.entries[:row]
        n_above = sum(isinstance(e, VisitEntry) for e in above)
        return lambda: self.comparing.move_before(path, n_above)

    def edit_event(self, event: PlannedEvent) -> None:
        """Ask what happened and when."""
        dialog = EventDialog(event, self.comparing.visits, self)
        dialog.decided.connect(self.comparing.put_event)
        dialog.open()

    def add_event(self) -> None:
        """Ask for an event; after the selected visit, if its date is not known."""
        entry = self.side.current
        after = entry.path if isinstance(entry, VisitEntry) and entry.number else None
        self.edit_event(PlannedEvent(self.comparing.plan.next_key, "", after=after))

    def rename(self) -> None:
        """Name the selected visit in the list, or change the selected event."""
        entry = self.side.current
        if isinstance(entry, VisitEntry):
            self.side.list.setFocus()
            self.side.list.rename(self.side.list.currentIndex().row())
        elif isinstance(entry, EventEntry) and entry.key is not None:
            event = self.comparing.plan.event(entry.key)
            if event is not None:
                self.edit_event(event)

    def open_current(self) -> None:
        """Show the recording of the selected visit; change the selected event."""
        entry = self.side.current
        if isinstance(entry, VisitEntry):
            self.recording_wanted.emit(entry.path)
        else:
            self.rename()

    def show_sources(self) -> None:
        """Show what limits the comparison, and its sources."""
        shown = self.comparing.shown
        SourcesDialog(shown.cautions if shown else (), self).open()

    def copy(self, what: str) -> None:
        """Copy the drawings (``png``, ``svg``) or the ``table``."""
        shown = self.comparing.shown
        if shown is None or shown.drawing is None:
            return
        if what == "table":
            copy_table(shown)
        else:
            copy_drawing(shown, "svg" if what == "svg" else "png", self.chart.font())
        self._say("Table copied" if what == "table" else f"Figure copied as {what.upper()}")

    def export(self, kind: str) -> None:
        """Ask where to write the comparison."""
        shown = self.comparing.shown
        if shown is not None and shown.comparison is not None:
            self.exporter.ask(kind, shown.comparison, self.comparing.plan.paths)

    def run(self, name: str) -> None:
        """Do what an action of the table does."""
        action = self.actions_by_name[name]
        self._refresh()
        if action.isEnabled():
            action.trigger()

    def blocked(self, name: str) -> str:
        """Return why an action cannot be done now, empty if it can."""
        self._refresh()
        action = self.actions_by_name[name]
        return "" if action.isEnabled() else str(action.data() or "not possible now")

    # ------------------------------------------------------------------ events

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Tell that a person turned to this window."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            self.activated.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take files and folders."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Add what was dropped."""
        self.add(Path(u.toLocalFile()) for u in event.mimeData().urls() if u.isLocalFile())
        event.acceptProposedAction()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Keep Escape and Enter from closing the window: what was entered would be lost."""
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go of what runs."""
        self.comparing.end()
        super().closeEvent(event)

    def done(self, result: int) -> None:
        """Let go of what runs."""
        self.comparing.end()
        super().done(result)
