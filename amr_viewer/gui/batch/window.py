"""The window of a batch: puts choices, progress and table together; computes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
)
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox

from amr_viewer.core.protocol import Protocol
from amr_viewer.gui.batch.asking import ask_about_closing, ask_for_folder
from amr_viewer.gui.batch.conducting import Conductor
from amr_viewer.gui.batch.filter_bar import FilterBar
from amr_viewer.gui.batch.form import BatchForm
from amr_viewer.gui.batch.laying import lay_out
from amr_viewer.gui.batch.procedure import Procedure
from amr_viewer.gui.batch.progress_strip import ProgressStrip
from amr_viewer.gui.batch.results import SUMMARY, Results
from amr_viewer.gui.batch.rows import BatchRow
from amr_viewer.gui.batch.table import BatchTable
from amr_viewer.gui.batch.telling import Told, message_of, told_of
from amr_viewer.gui.batch.verbs import blocked, make_actions, refresh_actions
from amr_viewer.gui.batch.words import count_words, detail_words
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.findings.text_label import TextLabel
from amr_viewer.gui.notice import Notice

TITLE = "Analyze a folder - AMR Viewer"


class BatchWindow(QDialog):
    """One batch.

    Signals
    -------
    recording_wanted(path, protocol)
        A recording is to be shown in the main window, under a protocol.
    told(told)
        How far the batch is.
    """

    recording_wanted = Signal(object, object)
    told = Signal(object)

    def __init__(self, desk: Desk, name: str, place: str = "") -> None:
        # Without a parent: the main window must be able to come before it.
        super().__init__(None, Qt.WindowType.Window)
        self.desk, self._first_place = desk, place
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptDrops(True)
        self.setMinimumSize(960, 560)
        self._keys: Mapping[str, str] = {}
        self._may_close = False
        self.question: QMessageBox | None = None
        self.file_dialog: QFileDialog | None = None
        self.conductor = Conductor(desk.session, name, self)
        self.form, self.filter = BatchForm(desk), FilterBar()
        self.notice, self.strip = Notice(desk.appearance), ProgressStrip()
        self.results = Results(desk.session, self.notice, self)
        self.table, self.detail = BatchTable(desk.appearance), TextLabel("Selected recording")
        self.procedure = Procedure(
            self.conductor, self.form, self.table.batch_model, self.notice, self
        )
        self.actions_by_name: dict[str, QAction] = make_actions(self)
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(0)
        self._due.timeout.connect(self._refresh)
        self.parts = lay_out(self)
        self._connect()
        self._refresh()

    def _connect(self) -> None:
        """Follow the batch, and turn gestures into its verbs."""
        conductor, form, procedure = self.conductor, self.form, self.procedure
        conductor.changed.connect(self._refresh_soon)
        conductor.ran.connect(self._ran)
        procedure.changed.connect(self._show_detail)
        procedure.begun.connect(self._begun)
        procedure.failed.connect(lambda: self.parts.show_form(on=True))
        self.parts.settings.toggled.connect(self._refresh_soon)
        form.folder_wanted.connect(self.choose)
        form.out_wanted.connect(self._choose_out)
        form.failed.connect(self.notice.add)
        self.filter.changed.connect(self._filter)
        self.table.moved.connect(self._show_detail)
        self.table.opened.connect(self._open)
        self.desk.session.tasks.changed.connect(self._refresh_soon)

    # ------------------------------------------------------------------ showing

    @property
    def out(self) -> Path | None:
        """The folder of the results that are shown."""
        request = self.conductor.last or self.form.request
        return request.out if request else None

    @property
    def progress(self) -> Told:
        """How far the batch is, in words."""
        counts = self.table.batch_model.counts()
        return told_of(self.conductor, counts, is_checked=self.procedure.is_checked)

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """Give the actions the keys that a person chose."""
        self._keys = keys
        self._refresh()

    def _refresh_soon(self) -> None:
        """Look again what holds, once the present change is through."""
        if not self._due.isActive():
            self._due.start()

    def _refresh(self) -> None:
        """Show how far it is, and what can be done."""
        told, model = self.progress, self.table.batch_model
        if self.conductor.is_running:
            model.take((), self.conductor.running)
        self.filter.show_counts(model.counts(), model.rowCount())
        self.strip.show_state(told.headline, told.times, told.now, told.fraction)
        self.strip.setVisible(bool(told.headline))
        request = self.form.request
        name = request.folder.name if request else ""
        running = told.percent if self.conductor.is_busy else ""
        self.setWindowTitle("   ".join(t for t in (running, name, TITLE) if t))
        self.parts.show_places(f"{request.folder}  →  {self.out}" if request else "")
        self.form.setEnabled(not self.conductor.is_running)
        self.parts.show_message(
            message_of(self.conductor, has_folder=request is not None) if not model.rows else ""
        )
        refresh_actions(self, self._keys)
        self.told.emit(told)

    def _show_detail(self) -> None:
        """Say everything about the current row."""
        row = self.table.current
        self.detail.setText(detail_words(row) if row else "")
        self.detail.setVisible(row is not None)
        self._refresh_soon()

    def _filter(self, text: str, state: str) -> None:
        """Show a part of the table."""
        self.table.batch_model.filter(text, state)
        self._refresh_soon()

    # ------------------------------------------------------------------ planning

    def choose_folder(self, folder: Path) -> None:
        """Take a folder, unless a batch is running."""
        if self.conductor.is_running:
            self.notice.say(f"A batch is running; {folder.name} must wait for its end.", "late")
        else:
            self.form.choose_folder(folder)

    def choose(self) -> None:
        """Ask for the folder of recordings."""
        place = self.form.folder.text() or self._first_place
        self.file_dialog = ask_for_folder(self, "Folder of recordings", place, self.choose_folder)

    def _choose_out(self) -> None:
        """Ask for the folder of results."""
        place = self.form.out.text()
        self.file_dialog = ask_for_folder(self, "Folder of results", place, self.form.choose_out)

    def _begun(self) -> None:
        """Make room for the table."""
        self.parts.show_form(on=False)
        self.table.setFocus()

    def _ran(self) -> None:
        """Close, if that was put off until the batch had ended."""
        if self._may_close:
            self.close()

    # ------------------------------------------------------------------ opening

    def open_current(self) -> None:
        """Open the current recording."""
        row = self.table.current
        if row is not None:
            self._open(row)

    def _open(self, row: BatchRow) -> None:
        """Open a recording under the protocol of the batch."""
        request = self.conductor.last or self.form.request
        if not row.path.exists():
            self.notice.say(f"{row.name}: the recording is no longer there.", "present")
        elif request is not None:
            self.recording_wanted.emit(row.path, request.protocol or Protocol())

    def copy(self) -> None:
        """Copy rows as text."""
        self.notice.say(f"{count_words(self.table.copy(), 'row')} copied", "absent")

    def look_up(self) -> None:
        """Type into the filter."""
        self.filter.box.setFocus()
        self.filter.box.selectAll()

    def open_results(self) -> None:
        """Open the folder of the results."""
        if self.out is not None:
            self.results.show(self.out)

    def open_summary(self) -> None:
        """Open the table of the results."""
        if self.out is not None:
            self.results.show(self.out / SUMMARY)

    def export_cohort(self) -> None:
        """Write the report over all recordings."""
        if self.out is not None:
            self.results.ask(self.out)

    # ------------------------------------------------------------------ actions, events

    def run(self, name: str) -> None:
        """Do what an action of the table does."""
        self._refresh()
        if self.actions_by_name[name].isEnabled():
            self.actions_by_name[name].trigger()

    def blocked(self, name: str) -> str:
        """Return why an action cannot be done now, empty if it can."""
        return blocked(self, name)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take a folder."""
        if any(Path(u.toLocalFile()).is_dir() for u in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Take the folder that was dropped."""
        folders = [p for u in event.mimeData().urls() if (p := Path(u.toLocalFile())).is_dir()]
        if folders:
            self.choose_folder(folders[0])
            event.acceptProposedAction()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Keep Escape and Enter from closing the window: a batch would end by it."""
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            return
        super().keyPressEvent(event)

    def end(self) -> None:
        """End what runs and close: the program ends."""
        self._due.stop()
        self.conductor.end()
        self._may_close = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Ask what is to become of a batch that is running."""
        if self._asks_first():
            event.ignore()
            return
        was_visible = self.isVisible()
        super().closeEvent(event)
        if not was_visible:
            self.done(0)  # Qt does it by itself for a window that is seen.

    def done(self, result: int) -> None:
        """Let go of what runs."""
        if not self._asks_first():
            self.conductor.end()
            super().done(result)

    def _asks_first(self) -> bool:
        """Whether a batch is running that a person must be asked about; ask."""
        if not self.conductor.is_running or self._may_close:
            return False
        if self.question is None:
            self.question = ask_about_closing(self, self._stop_and_close, self.hide)
            self.question.finished.connect(self._asked)
        return True

    def _asked(self) -> None:
        """Forget the question."""
        self.question = None

    def _stop_and_close(self) -> None:
        """Stop, and close once it has ended."""
        self._may_close = True
        self.hide()
        if self.conductor.is_running:
            self.conductor.stop()
        else:
            self.close()
