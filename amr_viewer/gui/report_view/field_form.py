"""The head of the report to be filled in: what the file says stands there first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field: its key in `Review.fields`, what it is called, what may be chosen."""

    key: str
    title: str
    hint: str = ""
    choices: tuple[str, ...] = ()


FIELDS = (
    FieldSpec("name", "Patient", "Name as it is to be printed"),
    FieldSpec("birthdate", "Born", "Date of birth, e.g. 1961-04-23"),
    FieldSpec("sex", "Sex", "Sex of the patient", ("F", "M")),
    FieldSpec("id", "ID", "Number of the patient or of the case"),
    FieldSpec("study", "Recorded", "Date and time of the recording"),
    FieldSpec("device", "Equipment", "Amplifier, electrodes"),
    FieldSpec("spasm", "Side of spasm", "Side of the spasm", ("left", "right", "both")),
    FieldSpec("palsy", "Facial palsy", "Earlier facial palsy: side and year, or none"),
    FieldSpec("botulinum", "Botulinum", "Botulinum toxin: date of the last injection, muscles"),
    FieldSpec("examiner", "Examiner", "Who made the examination"),
    FieldSpec("referred", "Referred by", "Who asked for the examination"),
    FieldSpec("institution", "Institution", "Printed at the head of the report"),
)


class Choice(QComboBox):
    """A box that the wheel scrolls past: nothing changes by the way."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the wheel to the panel."""
        event.ignore()


class FieldRow(QWidget):
    """One field with its title; below it what the file says, where that is something else.

    Signals
    -------
    filled(key, value, was)
        A person is done with the field.
    """

    filled = Signal(str, str, str)

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec = spec
        self._known = self._file = ""
        self.edit = QLineEdit()
        self._box = self._with_choices() if spec.choices else None
        entry: QWidget = self._box or self.edit
        self.title = QLabel(spec.title)
        self.title.setBuddy(entry)
        self.title.setToolTip(spec.hint or spec.title)
        for widget in (entry, self.edit):
            widget.setToolTip(spec.hint or spec.title)
            widget.setAccessibleName(spec.title)
        self.edit.editingFinished.connect(self.commit)
        self.note = QLabel()
        self.note.setProperty("role", "muted")
        self.note.setWordWrap(True)
        self.use_file = QToolButton()
        self.use_file.setText("Use")
        self.use_file.setToolTip(f"{spec.title}: take what the file says")
        self.use_file.setAccessibleName(f"{spec.title}: take what the file says")
        self.use_file.clicked.connect(self._take_file)
        below = QHBoxLayout()
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self.note, 1)
        below.addWidget(self.use_file)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(entry)
        layout.addLayout(below)
        self.show_value("", None)

    def _with_choices(self) -> QComboBox:
        """Return a box that offers what is usual and takes anything."""
        box = Choice()
        box.setEditable(True)
        box.setLineEdit(self.edit)
        box.addItems(["", *self.spec.choices])
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.activated.connect(self.commit)
        return box

    @property
    def value(self) -> str:
        """What stands in the field."""
        return self.edit.text().strip()

    def show_value(self, of_file: str, own: str | None, *, anew: bool = False) -> None:
        """Show what a person filled in, or what the file says where there is nothing.

        `anew`: it is another recording; what was being typed does not belong to it.
        """
        self._file = of_file
        known = of_file if own is None else own
        if anew or known != self._known or not self.edit.hasFocus():
            self._known = known
            if self.value != known:
                self.edit.setText(known)
                self.edit.setCursorPosition(0)
        differs = own is not None and bool(of_file) and own != of_file
        self.note.setText(f"In the file: {of_file}" if differs else "")
        self.note.setVisible(differs)
        self.use_file.setVisible(differs)

    def commit(self) -> None:
        """Hand over what stands in the field, once."""
        if self.value != self._known:
            self._known = self.value
            self.filled.emit(self.spec.key, self._known, self._file)

    def _take_file(self) -> None:
        """Take what the file says."""
        self.edit.setText(self._file)
        self.commit()


class FieldForm(QWidget):
    """All fields of the head of the report."""

    def __init__(
        self, filled: Callable[[str, str, str], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.rows = {spec.key: FieldRow(spec) for spec in FIELDS}
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(8)
        layout.setVerticalSpacing(4)
        layout.setColumnStretch(1, 1)
        for number, row in enumerate(self.rows.values()):
            row.filled.connect(filled)
            row.title.setMinimumHeight(row.edit.sizeHint().height())
            layout.addWidget(row.title, number, 0, Qt.AlignmentFlag.AlignTop)
            layout.addWidget(row, number, 1)

    def show_values(
        self, of_file: Mapping[str, str], own: Mapping[str, str], *, anew: bool = False
    ) -> None:
        """Show the fields of a recording; `anew`: of another one than before."""
        for key, row in self.rows.items():
            row.show_value(of_file.get(key, ""), own.get(key), anew=anew)
