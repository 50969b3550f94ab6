"""The parameters of one group under their heading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from amr_viewer.core.parameters import ParameterDescription, Parameters
from amr_viewer.gui.protocol.parameter_draft import Name, title_of
from amr_viewer.gui.protocol.parameter_row import ParameterRow
from amr_viewer.gui.theme import GAP


class ParameterGroup(QFrame):
    """A card with the rows of a group."""

    def __init__(
        self, name: str, described: Sequence[ParameterDescription], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.name = name
        self.rows = tuple(ParameterRow(d) for d in described)
        self.setProperty("role", "card")
        heading = QLabel(title_of(name))
        heading.setProperty("role", "heading")
        group = Parameters.model_fields[name].annotation
        about = QLabel((getattr(group, "__doc__", "") or "").strip().splitlines()[0])
        about.setProperty("role", "muted")
        about.setWordWrap(True)
        self.fault = QLabel()
        self.fault.setProperty("role", "error")
        self.fault.setWordWrap(True)
        self.fault.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP * 2, GAP * 3 // 2, GAP * 2, GAP * 3 // 2)
        layout.setSpacing(GAP // 2)
        for widget in (heading, about, self.fault, *self.rows):
            layout.addWidget(widget)

    def show_faults(self, faults: Mapping[Name, str]) -> None:
        """Show what contradicts itself within the group."""
        text = faults.get((self.name, ""), "")
        self.fault.setText(text)
        self.fault.setVisible(bool(text))

    def filter(self, words: str) -> int:
        """Show the rows that a search looks for; return how many there are."""
        found = [row.answers(words) for row in self.rows]
        for row, is_found in zip(self.rows, found, strict=True):
            row.setVisible(is_found)
        self.setVisible(any(found))
        return sum(found)
