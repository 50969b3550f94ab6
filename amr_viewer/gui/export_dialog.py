"""Asks what to export and where to; the writing is left to `exports`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from amr_viewer.gui.exports import (
    KIND,
    KINDS,
    Kind,
    is_taken,
    neutral_name,
    refusal,
    suggested_name,
    target,
)

WIDTH = 560


class ExportDialog(QDialog):
    """Kind, folder and name of an export; asks before something is replaced.

    Signals
    -------
    chosen(kind, path, anonymize)
        A person wants this written, maybe without what identifies the patient.
    """

    chosen = Signal(str, Path, bool)
    _told: ClassVar = {
        "tables": "Rows of stimuli, findings and blocks, with all decisions applied.",
        "edf": "Samples as recorded, without filters. The recording itself is never changed.",
        "anonymous": "Header, labels and notes without the patient; signals are not altered.",
    }

    def __init__(
        self,
        recording: Path,
        open_recordings: Sequence[Path],
        kind: str,
        folder: Path,
        about: str,
        parent: QWidget | None = None,
        told_by_name: Callable[[str], str] = lambda _: "",
    ) -> None:
        super().__init__(parent)
        self._told_by_name = told_by_name
        self._recording, self._open = recording, tuple(open_recordings)
        self.setWindowTitle(f"Export {recording.name}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(WIDTH)
        self.question: QMessageBox | None = None
        self.folder = _line(str(folder), "Folder", "Folder to write into")
        self.name = _line("", "Name", "Name of the file or folder; a missing suffix is added")
        self.state = QLabel()
        self.state.setWordWrap(True)
        self.state.setMinimumHeight(2 * self.fontMetrics().lineSpacing() + 4)
        self._about = about
        self.about = QLabel(about)
        self.about.setProperty("role", "muted")
        self.about.setWordWrap(True)
        self.kinds = {k.name: QRadioButton(k.title) for k in KINDS}
        self.anonymize = _anonymize_box()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.export = self.buttons.addButton("Export", QDialogButtonBox.ButtonRole.AcceptRole)
        self._lay_out()
        self.buttons.accepted.connect(self._ask)
        self.buttons.rejected.connect(self.reject)
        for line in (self.folder, self.name):
            line.textChanged.connect(self._check)
        self.kinds[kind if kind in self.kinds else "pdf"].setChecked(True)
        self._suggest()
        for button in self.kinds.values():
            button.toggled.connect(self._suggest)
        self.anonymize.toggled.connect(self._suggest)
        self.name.setFocus()

    def _lay_out(self) -> None:
        """Lay the parts out."""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        for kind in KINDS:
            button = self.kinds[kind.name]
            button.setToolTip(kind.about)
            button.setAccessibleName(f"{kind.title}: {kind.about}")
            row = QHBoxLayout()
            button.setMinimumWidth(160)
            row.addWidget(button)
            what = QLabel(kind.about)
            what.setProperty("role", "muted")
            row.addWidget(what, 1)
            layout.addLayout(row)
        layout.addWidget(self.anonymize)
        browse = QPushButton("Browse...")
        browse.setToolTip("Choose a folder")
        browse.setAccessibleName("Choose a folder")
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        place = QHBoxLayout()
        place.addWidget(self.folder, 1)
        place.addWidget(browse)
        form = QFormLayout()
        form.setContentsMargins(0, 8, 0, 0)
        for text, line, entry in (("&Folder", self.folder, place), ("&Name", self.name, None)):
            label = QLabel(text)
            label.setBuddy(line)
            form.addRow(label, entry or line)
        layout.addLayout(form)
        layout.addWidget(self.about)
        layout.addWidget(self.state)
        self.export.setProperty("primary", "true")
        self.export.setDefault(True)
        self.export.setToolTip("Write it (Enter)")
        layout.addWidget(self.buttons)

    @property
    def kind(self) -> Kind:
        """The kind that is chosen."""
        return next(KIND[name] for name, button in self.kinds.items() if button.isChecked())

    @property
    def path(self) -> Path:
        """The place that is chosen."""
        return target(self.folder.text(), self.name.text(), self.kind)

    @property
    def is_anonymous(self) -> bool:
        """Whether the patient is to be left out."""
        return self.kind.name == "edf" and self.anonymize.isChecked()

    def _suggest(self) -> None:
        """Suggest the usual name of the kind."""
        if any(button.isChecked() for button in self.kinds.values()):
            name = suggested_name(self._recording, self.kind)
            if self.is_anonymous:
                name = neutral_name(self._recording, self.folder.text())
            self.anonymize.setVisible(self.kind.name == "edf")
            self.name.setText(name)
            told = "anonymous" if self.is_anonymous else self.kind.name
            self.about.setText(self._told.get(told, self._about))
            self._check()

    def _check(self) -> None:
        """Say what stands in the way, or what is going to be replaced."""
        why = refusal(self.folder.text(), self.name.text(), self.kind, self._open)
        if not why and self.is_anonymous and (told := self._told_by_name(self.path.stem)):
            why = f"The name holds {told}; choose a neutral one."
        self.export.setEnabled(not why)
        text, role = why, "error"
        if not why:
            taken = is_taken(self.path)
            name = self.path.name
            text = f"{name} exists already; you are asked before it is replaced." if taken else ""
            role = "muted"
        self.state.setText(text)
        self.state.setProperty("role", role)
        self.state.style().unpolish(self.state)
        self.state.style().polish(self.state)

    def _browse(self) -> None:
        """Let a person choose a folder."""
        folder = QFileDialog.getExistingDirectory(self, "Export into", self.folder.text())
        if folder:
            self.folder.setText(folder)

    def _ask(self) -> None:
        """Ask before something is replaced, then hand over."""
        if not is_taken(self.path):
            self._done()
            return
        question = QMessageBox(
            QMessageBox.Icon.Question,
            "Replace?",
            f"{self.path.name} exists already. Replace it?",
            QMessageBox.StandardButton.NoButton,
            self,
        )
        replace = question.addButton("Replace", QMessageBox.ButtonRole.AcceptRole)
        keep = question.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(keep)
        question.setEscapeButton(keep)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        replace.clicked.connect(self._done)
        self.question = question
        question.open()

    def _done(self) -> None:
        """Hand over what is wanted."""
        self.chosen.emit(self.kind.name, self.path, self.is_anonymous)
        self.accept()


def _line(text: str, name: str, tip: str) -> QLineEdit:
    """Return a line to be filled in."""
    line = QLineEdit(text)
    line.setAccessibleName(name)
    line.setToolTip(tip)
    return line


def _anonymize_box() -> QCheckBox:
    """Return the box that leaves the patient out of a recording."""
    box = QCheckBox("Remove what identifies the patient")
    about = "Name, number, dates, equipment and free text are left out; times count from the start"
    box.setToolTip(about)
    box.setAccessibleName(f"{box.text()}: {about}")
    policy = box.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    box.setSizePolicy(policy)
    return box
