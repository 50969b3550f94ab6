"""The list of visits with its heading, its buttons, and what to do while it is empty."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.contents.section import heading
from amr_viewer.gui.theme import GAP
from amr_viewer.gui.visits.list_values import Entry, VisitEntry
from amr_viewer.gui.visits.visit_list import VisitList

HINT = (
    "Drop recordings of one patient here, or add them: open ones and files. Two or more make a "
    "comparison; each is analyzed by itself, with its review."
)
ROW_ACTIONS = ("open", "rename", "earlier", "later", "remove")
BUTTONS = {"earlier": "↑", "later": "↓", "rename": "Name", "open": "Open", "remove": "Remove"}


class VisitSide(QWidget):
    """The list and what is done with its entries.

    Signals
    -------
    moved()
        Another entry is selected.
    """

    moved = Signal()

    def __init__(
        self,
        appearance: Appearance,
        actions: Mapping[str, QAction],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self.list = VisitList(appearance)
        self.hint = QLabel(HINT)
        self.hint.setProperty("role", "muted")
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.hint.setContentsMargins(GAP, GAP, GAP, GAP)
        row = QHBoxLayout()
        row.setSpacing(2)
        self.buttons = {}
        for name, text in BUTTONS.items():
            button = QToolButton()
            button.setDefaultAction(actions[name])
            button.setText(text)
            button.setAccessibleName(actions[name].text())
            actions[name].changed.connect(lambda b=button, t=text: b.setText(t))
            row.addWidget(button)
            self.buttons[name] = button
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP, GAP // 2, GAP // 2, GAP // 2)
        layout.setSpacing(GAP // 2)
        layout.addWidget(heading("Visits and events"))
        layout.addWidget(self.hint)
        layout.addWidget(self.list, 1)
        layout.addLayout(row)
        self.list.customContextMenuRequested.connect(self._offer)
        self.list.selectionModel().currentChanged.connect(lambda *_: self.moved.emit())

    @property
    def current(self) -> Entry | None:
        """The entry that is selected."""
        return self.list.current

    def show_entries(self, entries: tuple[Entry, ...]) -> None:
        """Show another list; what was selected stays selected."""
        kept = self.current
        self.list.entry_model.put(entries)
        self.hint.setVisible(not entries)
        if self.current is None and kept is not None:
            self.list.show_row(next((i for i, e in enumerate(entries) if _same(e, kept)), -1))

    def select_visit(self, number: int) -> None:
        """Select the visit with a number, from 1."""
        entries = self.list.entry_model.entries
        wanted = (
            i
            for i, e in enumerate(entries)
            if isinstance(e, VisitEntry) and e.number == str(number)
        )
        self.list.show_row(next(wanted, -1))

    def _offer(self, at: QPoint) -> None:
        """Open the menu of the entry under the mouse, or of the selected one."""
        index = self.list.indexAt(at)
        if index.isValid():
            self.list.setCurrentIndex(index)
        if self.current is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in ROW_ACTIONS:
            menu.addAction(self._actions[name])
        menu.popup(self.list.viewport().mapToGlobal(at))


def _same(a: Entry, b: Entry) -> bool:
    """Whether two entries are of one visit or of one event."""
    if isinstance(a, VisitEntry) or isinstance(b, VisitEntry):
        both = isinstance(a, VisitEntry) and isinstance(b, VisitEntry)
        return both and a.path == b.path  # type: ignore[union-attr]
    return (a.key, a.text) == (b.key, b.text)
