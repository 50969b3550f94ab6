"""The marks of a recording: searched, edited in place, added, removed, imported and exported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLineEdit, QToolButton, QWidget

from amr_viewer.core.progress import Progress
from amr_viewer.core.recording import Mark
from amr_viewer.core.review import Review
from amr_viewer.gui.contents.mark_model import TEXT, MarkModel
from amr_viewer.gui.contents.mark_rows import time_text
from amr_viewer.gui.contents.mark_table import MarkTable
from amr_viewer.gui.contents.section import Section
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Document, Stage

NEW_TEXT = "Mark"
FILE_KINDS = "Tables of marks (*.csv);;All files (*)"
LANE = "marks file"


class MarkSection(Section):
    """The table of marks with its search and buttons."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        self._desk = desk
        self.model = MarkModel(desk.editor.change_mark, desk.session)
        self.table = MarkTable(self.model, desk)
        super().__init__("Marks", self.table, parent)
        self.model.setParent(self)
        self.add = _button("+", "Add a mark at the current time (Ctrl+M)", "Add mark")
        self.remove = _button("−", "Remove the selected marks (Del)", "Remove marks")
        self.buttons.addWidget(self.add)
        self.buttons.addWidget(self.remove)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search marks")
        self.search.setAccessibleName("Search marks")
        self.search.setToolTip("Text, channel or time (2:41); all words must be found")
        self.search.setClearButtonEnabled(True)
        self.stimuli = QCheckBox("Stimuli")
        self.stimuli.setToolTip("List the markers of stimuli too")
        line = QHBoxLayout()
        line.addWidget(self.search, 1)
        line.addWidget(self.stimuli)
        self.layout().insertLayout(1, line)  # type: ignore[union-attr]
        self.search.textChanged.connect(self._search)
        self.stimuli.toggled.connect(self._search)
        self.add.clicked.connect(self.add_mark)
        self.remove.clicked.connect(self.remove_marks)
        self._shown: tuple[Any, Any] | None = None
        self._is_told = False
        self._connect()
        self.refresh()

    def _connect(self) -> None:
        """Follow the session, and tell it where a person goes."""
        session = self._desk.session
        session.recording_changed.connect(self.refresh)
        session.current_changed.connect(self.refresh)
        session.selection_changed.connect(self._follow)
        self.table.selectionModel().currentRowChanged.connect(self._go)
        self.table.activated.connect(lambda index: self._go(index, QModelIndex()))
        self.table.selectionModel().selectionChanged.connect(self._enable)

    # ------------------------------------------------------------------ showing

    def refresh(self) -> None:
        """Show the marks as they are now."""
        document = self._desk.session.document
        recording = document.recording if document else None
        state = (recording.marks, document.review.marks) if document and recording else None
        same = self._shown is not None and state is not None and _are_same(self._shown, state)
        if not same:
            self._shown, self._is_told = state, True
            self.model.put(document.marks if document is not None else ())
            if self.model.place_of(document.selection.mark if document else None) < 0:
                self.table.selectionModel().clear()
            self._is_told = False
        self._say(document)
        self._follow()
        self._enable()

    def _say(self, document: Document | None) -> None:
        """Say why no marks are shown, or show them."""
        for control in (self.search, self.stimuli, self.add):
            control.setEnabled(document is not None and document.recording is not None)
        self.stimuli.setText(f"Stimuli ({self.model.n_stimuli})")
        if document is None:
            self.say("No recording is open.")
        elif document.recording is None:
            self.say("Reading…" if document.stage is Stage.READING else "Not read.")
        elif self.model.rowCount():
            self.say("")
        elif self.search.text() and self.model.n_marks + self.model.n_stimuli:
            self.say("No mark holds these words.")
        else:
            self.say("No marks; add one at the current time with Ctrl+M.")

    def _search(self) -> None:
        """Show what is searched for."""
        self.model.search(self.search.text(), stimuli=self.stimuli.isChecked())
        self._say(self._desk.session.document)
        self._follow()

    def _follow(self) -> None:
        """Mark the row of the mark that is selected."""
        document = self._desk.session.document
        row = self.model.place_of(document.selection.mark if document else None)
        if row >= 0 and self.table.currentIndex().row() != row:
            flag = QItemSelectionModel.SelectionFlag
            index = self.model.index(row, max(self.table.currentIndex().column(), 0))
            self.table.selectionModel().setCurrentIndex(index, flag.ClearAndSelect | flag.Rows)

    def _enable(self) -> None:
        """Offer removing only where there is something to remove."""
        self.remove.setEnabled(not self.why_no_removal())

    # ------------------------------------------------------------------ going and changing

    def _go(self, current: QModelIndex, previous: QModelIndex) -> None:
        """Show the stretch of the recording that holds a mark."""
        document = self._desk.session.document
        if document is None or not current.isValid() or self._is_told:
            return
        row = self.model.row(current.row())
        selection = document.selection
        start, span = selection.start_s, selection.span_s
        session = self._desk.session
        if not start <= row.mark.time_s <= start + span:
            session.set_window(row.mark.time_s - span / 4, span)
        session.select(mark=row.name)

    def add_mark(self) -> None:
        """Add a mark at the current time and let its text be written."""
        document = self._desk.session.document
        if document is None or document.recording is None:
            return
        mark = Mark(round(current_time(document, self._desk.session.view), 6), 0.0, NEW_TEXT)
        (name,) = self._desk.editor.add_marks([mark])
        self.search.clear()
        self._desk.session.select(mark=name)
        row = self.model.place_of(name)
        if row >= 0 and self.table.isVisible():
            index = self.model.index(row, TEXT)
            self.table.setCurrentIndex(index)
            self.table.setFocus()
            self.table.edit(index)

    def _places(self) -> Iterator[int]:
        """Yield the rows that are selected in the table, else of the mark that is selected."""
        document = self._desk.session.document
        at = self.model.place_of(document.selection.mark if document else None)
        # Whole ranges: to ask for each selected row takes seconds where all of them are.
        selected = self.table.selectionModel().selection().toList()
        if not self.table.isVisible():
            selected = []
        stretches = sorted((s.top(), min(s.bottom() + 1, self.model.rowCount())) for s in selected)
        if stretches:
            yield from dict.fromkeys(row for top, stop in stretches for row in range(top, stop))
        elif at >= 0:
            yield at

    def why_no_removal(self) -> str:
        """Say why no mark can be removed, empty if one can."""
        why = "Select a mark first."
        for place in self._places():
            if self.model.row(place).is_editable:
                return ""
            why = "Markers of stimuli belong to the recording and stay."
        return why

    def remove_marks(self) -> None:
        """Remove the selected marks; the next one is selected then."""
        places = list(self._places())
        names = [row.name for row in map(self.model.row, places) if row.is_editable]
        if not names:
            return
        self.table.selectionModel().clear()
        self._desk.session.select(mark=None)
        self._desk.editor.remove_marks(names)
        left = self.model.rowCount()
        if left and self.model.place_of(names[0]) < 0:
            self._desk.session.select(mark=self.model.row(min(places[0], left - 1)).name)

    # ------------------------------------------------------------------ files

    def ask_import(self) -> None:
        """Ask for a table of marks to read."""
        dialog = QFileDialog(self, "Import marks", "", FILE_KINDS)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        self._ask(dialog, self.import_from)

    def ask_export(self) -> None:
        """Ask where to write the marks."""
        document = self._desk.session.document
        dialog = QFileDialog(self, "Export marks", "", FILE_KINDS)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        if document is not None:
            dialog.selectFile(f"{document.path.stem}.marks.csv")
        self._ask(dialog, self.export_to)

    def _ask(self, dialog: QFileDialog, then: Any) -> None:
        """Open a dialog for a file, without holding up the window."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: then(Path(path)))
        dialog.open()

    def import_from(self, path: Path) -> None:
        """Add the marks of a CSV file, as one step that can be undone."""
        session, document = self._desk.session, self._desk.session.document
        if document is None or document.recording is None:
            return
        key, former, editor = document.key, document.review, self._desk.editor
        of_file = document.recording.marks

        def work(progress: Progress) -> tuple[tuple[Mark, ...], Review, str]:
            from amr_viewer.io.marks_csv import read_marks

            marks = read_marks(path)
            review = editor.with_added(of_file, marks, former) if marks else former
            return marks, review, _imported(marks, document, path.name)

        def done(value: tuple[tuple[Mark, ...], Review, str]) -> None:
            marks, review, words = value
            now = session.document
            if now is None or now.key != key:
                session.failed.emit(f"{path.name}: not imported, another recording is shown now")
                return
            if now.review is not former:
                editor.add_marks(marks)
            elif marks:
                editor.take_added(now, review, len(marks))
            session.said.emit(words)

        session.tasks.run(LANE, f"reading {path.name}", work, done, session.failed.emit)

    def export_to(self, path: Path) -> None:
        """Write all marks but those of stimuli to a CSV file; what stands there is replaced."""
        session, document = self._desk.session, self._desk.session.document
        if document is None:
            return
        marks = [mark for _, mark, _ in document.marks if mark.stimulus is None]

        def work(progress: Progress) -> int:
            from amr_viewer.io.marks_csv import write_marks

            write_marks(path, marks)
            return len(marks)

        def done(n: int) -> None:
            session.said.emit(f"{n} marks written to {path.name}")

        session.tasks.run(LANE, f"writing {path.name}", work, done, session.failed.emit)


def current_time(document: Document, view: str) -> float:
    """Return the time that a person looks at: of the selected sweep, else the window's middle."""
    selection, analysis = document.selection, document.analysis
    if view != "traces" and selection.sweep is not None and analysis is not None:
        return float(analysis.stimuli.time_s[selection.sweep])
    duration = document.recording.duration_s if document.recording else 0.0
    return min(selection.start_s + selection.span_s / 2, duration)


def _imported(marks: tuple[Mark, ...], document: Document, name: str) -> str:
    """Say how many marks were read, and which of them fit the recording badly."""
    recording = document.recording
    assert recording is not None
    labels = {c.label for c in recording.channels}
    outside = [m for m in marks if not 0 <= m.time_s <= recording.duration_s]
    strange = {m.channel for m in marks if m.channel is not None} - labels
    said = [f"{len(marks)} marks added from {name}"]
    if outside:
        said.append(
            f"{len(outside)} outside the recording (first at {time_text(outside[0].time_s)})"
        )
    if strange:
        said.append(f"channel not in the recording: {', '.join(sorted(strange))}")
    return "; ".join(said)


def _are_same(a: tuple[Any, Any], b: tuple[Any, Any]) -> bool:
    """Whether two states hold the very same values."""
    return a[0] is b[0] and a[1] is b[1]


def _button(text: str, tip: str, name: str) -> QToolButton:
    """Return a small button."""
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(name)
    return button
