"""A table of the assignment with its heading and with what acts on several rows at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from amr_viewer.gui.protocol.cells import CellDelegate
from amr_viewer.gui.protocol.choices import Column
from amr_viewer.gui.protocol.tables import AssignmentModel, AssignmentTable
from amr_viewer.gui.protocol.understanding import Look, Origin
from amr_viewer.gui.theme import GAP

EMPTY = {
    "Channels": "This recording has no channels.",
    "Markers": "This recording has no markers. Where stimuli come from a trigger channel or from "
    "their artefacts, state branch and side on the right.",
}


class TablePanel(QWidget):
    """Heading, bar and table.

    Signals
    -------
    wanted(rows, field, value)
        Some rows get a value.
    confirm_wanted(rows)
    pattern_wanted(pattern)
        The selected rows get one rule.
    """

    wanted = Signal(object, str, object)
    confirm_wanted = Signal(object)
    pattern_wanted = Signal(str)

    def __init__(
        self,
        title: str,
        model: AssignmentModel,
        quick: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.model = model
        self._pattern = ""
        self.table = AssignmentTable(model, title)
        self._delegate = CellDelegate(self)
        self.table.setItemDelegate(self._delegate)
        self.heading = QLabel(title)
        self.heading.setProperty("role", "heading")
        self.heading.setBuddy(self.table)
        self.empty = QLabel(EMPTY[title])
        self.empty.setProperty("role", "muted")
        self.empty.setWordWrap(True)
        self.quick = {
            column.field: self._quick_box(column)
            for column in model.columns
            if column.field in quick
        }
        letter = "c" if title == "Channels" else "m"
        self.confirm = QPushButton({"c": "&Confirm guesses", "m": "Confirm &guesses"}[letter])
        self.confirm.setToolTip("Take the guesses of the selected rows, all if these have none")
        self.pattern = QPushButton()
        self.pattern.setToolTip("One rule for the selected rows, also in other recordings")
        self.pattern.hide()
        for button in (self.confirm, self.pattern):
            button.setAutoDefault(False)
        self._lay_out()
        self.confirm.clicked.connect(self._confirm)
        self.pattern.clicked.connect(lambda: self.pattern_wanted.emit(self._pattern))
        self.table.selectionModel().selectionChanged.connect(self._show_selection)
        model.edited.connect(self._edited)
        self._show_selection()

    def _quick_box(self, column: Column) -> QComboBox:
        """Return a box that gives all selected rows a value."""
        box = QComboBox()
        box.setPlaceholderText(column.title)
        box.addItems([c.text for c in column.choices])
        box.setCurrentIndex(-1)
        box.setToolTip(f"{column.title} of all selected rows")
        box.setAccessibleName(f"{column.title} of all selected rows")
        widest = max(box.fontMetrics().horizontalAdvance(c.text) for c in column.choices)
        box.view().setMinimumWidth(widest + 40)
        box.setMinimumWidth(box.fontMetrics().horizontalAdvance(column.title) + 44)
        box.activated.connect(lambda place: self._set_selected(column, place, box))
        return box

    def _lay_out(self) -> None:
        """Put everything into place."""
        bar = QHBoxLayout()
        bar.setSpacing(GAP)
        bar.addWidget(self.heading)
        bar.addStretch(1)
        bar.addWidget(self.pattern)
        self.selected = QLabel()
        self.selected.setProperty("role", "muted")
        bar.addWidget(self.selected)
        for box in self.quick.values():
            bar.addWidget(box)
        bar.addWidget(self.confirm)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP // 2)
        layout.addLayout(bar)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.empty, 1)

    def show_look(self, look: Look) -> None:
        """Show a state."""
        self.model.show_look(look)
        n = self.model.rowCount()
        self.table.setVisible(n > 0)
        self.empty.setVisible(n == 0)
        n_open = sum(self.model.is_open(r) for r in range(n))
        title = self.table.accessibleName()
        self.heading.setText(f"{title}: {n_open} of {n} open" if n_open else f"{title}: {n}")
        self.confirm.setEnabled(any(self._has_guess(r) for r in range(n)))

    def _has_guess(self, row: int) -> bool:
        """Whether a guess of a row waits for confirmation."""
        fields = (c.field for c in self.model.columns if c.field)
        return any(self.model.cell(row, f).origin is Origin.GUESS for f in fields)

    def offer_pattern(self, pattern: str) -> None:
        """Offer to state one rule for the selected rows; empty: do not."""
        self._pattern = pattern
        self.pattern.setText(f'One rule for "{pattern}"')
        self.pattern.setVisible(bool(pattern))

    def _show_selection(self) -> None:
        """Say how many rows the boxes act on."""
        n = len(self.table.chosen)
        self.selected.setText(f"{n} selected:" if n else "none selected:")
        for box in self.quick.values():
            box.setEnabled(n > 0)

    def _edited(self, row: int, name: str, value: Any) -> None:
        """Give the edited cell a value, and with it those of all selected rows."""
        chosen = self.table.chosen
        self.wanted.emit(chosen if row in chosen else (row,), name, value)

    def _set_selected(self, column: Column, place: int, box: QComboBox) -> None:
        """Give all selected rows a value."""
        box.setCurrentIndex(-1)
        self.wanted.emit(self.table.chosen, column.field, column.choices[place].value)

    def _confirm(self) -> None:
        """Confirm the guesses of the selected rows; of all where none is selected."""
        rows = self.table.chosen
        if len(rows) < 2 and not any(self._has_guess(r) for r in rows):
            rows = tuple(range(self.model.rowCount()))
        self.confirm_wanted.emit(rows)
