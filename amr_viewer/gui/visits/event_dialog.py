"""Asks what happened to the patient, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from amr_viewer.analysis.visit_order import check_when
from amr_viewer.errors import ParameterError
from amr_viewer.gui.theme import GAP
from amr_viewer.gui.visits.plan import PlannedEvent

USUAL = ("Microvascular decompression", "Botulinum toxin injection", "Change of medication")
DATE_HINT = "YYYY-MM-DD or YYYY-MM"


class EventDialog(QDialog):
    """Text and place of an event: its date, or the visit that it came after.

    Signals
    -------
    decided(event)
        A `PlannedEvent`.
    """

    decided = Signal(object)

    def __init__(
        self,
        event: PlannedEvent,
        visits: Sequence[tuple[Path, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._event = event
        self.setWindowTitle("Change the event" if event.text else "Add an event")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(420)
        self.what = QComboBox(editable=True)
        self.what.addItems(USUAL)
        # What a person types is not to be finished by another text.
        self.what.setCompleter(None)  # type: ignore[arg-type]  # None is allowed
        self.what.setCurrentText(event.text)
        self.by_date, self.by_visit = QRadioButton("On the &date"), QRadioButton("A&fter a visit")
        self.date = QLineEdit(event.date)
        self.after = QComboBox()
        self.after.addItem("before visit 1", None)
        for i, (path, name) in enumerate(visits):
            self.after.addItem(f"after visit {i + 1}  {name}".rstrip(), path)
        self.fault = QLabel()
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setText("Change" if event.text else "Add")
        self._lay_out()
        self._set_place(event, visits)
        self.buttons.accepted.connect(self._decide)
        self.buttons.rejected.connect(self.reject)
        self.what.editTextChanged.connect(self._check)
        self.date.textChanged.connect(self._check)
        self.date.textEdited.connect(lambda: self.by_date.setChecked(True))
        self.after.activated.connect(lambda: self.by_visit.setChecked(True))
        self.by_date.toggled.connect(self._check)
        self._check()
        self.what.setFocus()

    def _lay_out(self) -> None:
        """Lay the parts out."""
        self.date.setPlaceholderText(DATE_HINT)
        for part, name, tip in (
            (self.what, "What happened", "An operation, an injection, or anything else"),
            (self.by_date, "On the date", "The visits' own dates say where it stands"),
            (self.by_visit, "After a visit", "Where the date is not known"),
            (self.date, "Date of the event", f"Day or month: {DATE_HINT}"),
            (self.after, "Visit that it came after", "Where the event stands between the visits"),
        ):
            part.setAccessibleName(name)
            part.setToolTip(tip)
        self.fault.setProperty("role", "error")
        self.fault.setWordWrap(True)
        self.fault.setMinimumHeight(2 * self.fontMetrics().lineSpacing() + 2)
        form = QFormLayout()
        label = QLabel("&What")
        label.setBuddy(self.what)
        form.addRow(label, self.what)
        for button, part in ((self.by_date, self.date), (self.by_visit, self.after)):
            row = QHBoxLayout()
            row.addWidget(part, 1)
            form.addRow(button, row)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        outer.setSpacing(GAP)
        outer.addLayout(form)
        outer.addWidget(self.fault)
        outer.addWidget(self.buttons)

    def _set_place(self, event: PlannedEvent, visits: Sequence[tuple[Path, str]]) -> None:
        """Show where an event stands; a new one is asked for its date."""
        paths = [path for path, _ in visits]
        self.after.setCurrentIndex(paths.index(event.after) + 1 if event.after in paths else 0)
        by_visit = bool(event.text) and not event.date
        (self.by_visit if by_visit else self.by_date).setChecked(True)

    def _fault(self) -> str:
        """Return what is missing or wrong, empty if nothing."""
        if not self.what.currentText().strip():
            return "Say what happened."
        if self.by_visit.isChecked():
            return ""
        text = self.date.text().strip()
        if not text:
            return f"Say when: {DATE_HINT}, or the visit that it came after."
        try:
            if text.isdigit():
                raise ParameterError(f"no date; write {DATE_HINT}")
            check_when(text)
        except ParameterError:
            return f"{text} is no date; write {DATE_HINT}."
        return ""

    def _check(self) -> None:
        """Say what is in the way."""
        fault = self._fault()
        self.fault.setText(fault)
        self.ok.setEnabled(not fault)

    def _decide(self) -> None:
        """Tell of the event."""
        if self._fault():
            return
        text = " ".join(self.what.currentText().split())
        by_date = self.by_date.isChecked()
        date = self.date.text().strip() if by_date else ""
        after = None if by_date else self.after.currentData()
        self.decided.emit(replace(self._event, text=text, date=date, after=after))
        self.accept()
