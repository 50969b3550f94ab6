"""What is shown of the table: a state, and a text that is looked for."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QLineEdit, QWidget

from amr_viewer.gui.batch.rows import RowState
from amr_viewer.gui.theme import GAP


class FilterBar(QFrame):
    """A box of states, a box to type into, and room for buttons.

    Signals
    -------
    changed(text, state)
    """

    changed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.states, self.box, self.count = QComboBox(), QLineEdit(), QLabel()
        self.states.addItem("All", "")
        for state in RowState:
            self.states.addItem(state.capitalize(), str(state))
        self.states.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.states.setAccessibleName("State of the recordings shown")
        self.states.setToolTip("Show recordings of one state")
        self.box.setPlaceholderText("Filter the table")
        self.box.setAccessibleName("Filter the table")
        self.box.setToolTip("Show the recordings of whose row a part reads like this (Ctrl+F)")
        self.box.setClearButtonEnabled(True)
        self.box.setMaximumWidth(320)
        self.count.setProperty("role", "muted")
        self.inside = QHBoxLayout(self)
        self.inside.setContentsMargins(12, 2, 12, 4)
        self.inside.setSpacing(GAP)
        self.inside.addWidget(self.states)
        self.inside.addWidget(self.box, 1)
        self.inside.addWidget(self.count)
        self.inside.addStretch(1)
        self.states.currentIndexChanged.connect(self._tell)
        self.box.textChanged.connect(self._tell)

    def _tell(self) -> None:
        """Tell what is to be shown."""
        self.changed.emit(self.box.text(), self.states.currentData())

    def clear(self) -> None:
        """Show everything."""
        self.box.clear()
        self.states.setCurrentIndex(0)

    def show_counts(self, counts: Mapping[RowState, int], n_shown: int) -> None:
        """Show how many recordings are in each state, and how many are shown."""
        total = sum(counts.values())
        with QSignalBlocker(self.states):
            for i, (word, n) in enumerate(
                [("All", total), *((s.capitalize(), n) for s, n in counts.items())]
            ):
                text = f"{word} ({n:,})"
                if self.states.itemText(i) != text:
                    self.states.setItemText(i, text)
        self.count.setText("" if n_shown == total else f"{n_shown:,} of {total:,} shown")
