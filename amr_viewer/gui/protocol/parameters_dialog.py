"""The dialog of the parameters: forms built from their declarations, staged until Apply."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from PySide6.QtCore import QPoint, QSignalBlocker, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from amr_viewer.core.protocol import Protocol
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.protocol import asking
from amr_viewer.gui.protocol.parameter_draft import Name, ParameterDraft, title_of
from amr_viewer.gui.protocol.parameter_group import ParameterGroup
from amr_viewer.gui.protocol.parameter_row import ParameterRow
from amr_viewer.gui.theme import GAP

SIZE = (1000, 656)
GROUPS_WIDTH = 196


class ParametersDialog(QDialog):
    """Every parameter of the analysis; nothing counts before Apply."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._key = desk.session.document.key if desk.session.document else None
        self.draft = ParameterDraft(self._protocol.parameters)
        self.reading = self.draft.read()
        described = list(self.draft.began.describe())
        self.groups = tuple(
            ParameterGroup(name, list(members))
            for name, members in groupby(described, key=lambda d: d.group)
        )
        self.setWindowTitle("Parameters")
        self.resize(*SIZE)
        self.setSizeGripEnabled(True)
        self.search = QLineEdit(placeholderText="Search parameters", clearButtonEnabled=True)
        self.search.setAccessibleName("Search parameters")
        self.list = QListWidget()
        self.list.setAccessibleName("Groups of parameters")
        self.count = QLabel()
        self.count.setAccessibleName("How many parameters differ from their defaults")
        self.nothing = QLabel("No parameter is named or described so.")
        self.nothing.setProperty("role", "muted")
        self.fault = QLabel()
        self.fault.setProperty("role", "error")
        self.fault.setWordWrap(True)
        self._lay_out()
        self._connect()
        self._show()

    @property
    def _protocol(self) -> Protocol:
        """The protocol whose parameters are shown: of the recording, else of those opened next."""
        session = self._desk.session
        document = session.document_of(self._key)
        return document.protocol if document else session.protocol

    @property
    def rows(self) -> dict[Name, ParameterRow]:
        """All rows by group and name."""
        return {row.name: row for group in self.groups for row in group.rows}

    # ------------------------------------------------------------------ building

    def _lay_out(self) -> None:
        """Put everything into place."""
        self._inside = inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, GAP, 0)
        column.setSpacing(GAP)
        for group in self.groups:
            column.addWidget(group)
        column.addWidget(self.nothing)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(inside)
        bar_width = self.area.verticalScrollBar().sizeHint().width()
        self.area.setMinimumWidth(inside.minimumSizeHint().width() + bar_width)
        self.list.setFixedWidth(GROUPS_WIDTH)
        self.list.setSpacing(GAP // 4)
        self.list.addItems([title_of(g.name) for g in self.groups])
        self.reset_all = QPushButton("&Reset all")
        self.reset_all.setToolTip("Every parameter back to its default")
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok
            | QDialogButtonBox.StandardButton.Apply
            | QDialogButtonBox.StandardButton.Cancel
        )
        self.ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.apply = self.buttons.button(QDialogButtonBox.StandardButton.Apply)
        self.apply.setText("&Apply")
        self.apply.setToolTip("Analyze again with these parameters")
        self.ok.setToolTip("Analyze again with these parameters and close")
        self.ok.setProperty("primary", True)
        head = QHBoxLayout()
        head.addWidget(self.search, 1)
        head.addWidget(self.count)
        middle = QHBoxLayout()
        middle.setSpacing(GAP * 2)
        middle.addWidget(self.list)
        middle.addWidget(self.area, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.reset_all)
        foot.addWidget(self.fault, 1)
        foot.addWidget(self.buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP * 2, GAP * 2, GAP * 2, GAP * 2)
        layout.setSpacing(GAP)
        layout.addLayout(head)
        layout.addLayout(middle, 1)
        layout.addLayout(foot)

    def _connect(self) -> None:
        """Follow fields and buttons."""
        for row in self.rows.values():
            row.typed.connect(self._typed)
            row.reset_wanted.connect(lambda name: self._reset((name,)))
        self.search.textChanged.connect(self._filter)
        self.list.currentRowChanged.connect(self._go_to)
        self.reset_all.clicked.connect(lambda: self._reset(tuple(self.rows)))
        self.ok.setAutoDefault(True)
        self.apply.clicked.connect(self._apply)
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Begin in the search box."""
        super().showEvent(event)
        self.search.setFocus()

    # ------------------------------------------------------------------ state

    @property
    def is_changed(self) -> bool:
        """Whether something is staged."""
        return self.reading.parameters != self.draft.began

    def _typed(self, name: Name, value: Any) -> None:
        """Take what a person typed."""
        self.draft = self.draft.with_value(name, value)
        self._show(typing=name)

    def _reset(self, names: tuple[Name, ...]) -> None:
        """Put parameters back to their defaults."""
        self.draft = self.draft.reset(names)
        self._show()

    def _show(self, typing: Name | None = None) -> None:
        """Show the draft; the text that is being typed stays as it is."""
        self.reading = self.draft.read()
        faults = self.reading.faults
        began = {(d.group, d.name): d.value for d in self.draft.began.describe()}
        if self.reading.parameters is not None:
            began = {(d.group, d.name): d.value for d in self.reading.parameters.describe()}
        for name, row in self.rows.items():
            value = self.draft.typed.get(name, began[name]) if faults else began[name]
            is_kept = name == typing or isinstance(value, str)
            row.show_value(value, faults.get(name, ""), keep_text=is_kept)
        for group in self.groups:
            group.show_faults(faults)
        self._count(len(faults))

    def _count(self, n_faults: int) -> None:
        """Say how many are changed, and what stands in the way of applying."""
        changed = {g.name: sum(r.changed.text() != "" for r in g.rows) for g in self.groups}
        with QSignalBlocker(self.list):
            for place, group in enumerate(self.groups):
                n = changed[group.name]
                self.list.item(place).setText(
                    title_of(group.name) + (f" ({n} changed)" if n else "")
                )
        self.count.setText(f"{sum(changed.values())} of {len(self.rows)} changed")
        self.reset_all.setEnabled(any(changed.values()))
        self.ok.setEnabled(not n_faults)
        self.apply.setEnabled(not n_faults and self.is_changed)
        to_mend = "1 fault to mend" if n_faults == 1 else f"{n_faults} faults to mend"
        self.fault.setText(to_mend if n_faults else "")

    # ------------------------------------------------------------------ verbs

    def _filter(self, words: str) -> None:
        """Show the parameters that a search looks for."""
        found = [group.filter(words) for group in self.groups]
        for place, n in enumerate(found):
            self.list.item(place).setHidden(n == 0)
        self.nothing.setVisible(not any(found))

    def _go_to(self, place: int) -> None:
        """Bring a group into view."""
        if place >= 0:
            top = self.groups[place].mapTo(self._inside, QPoint(0, 0)).y()
            self.area.verticalScrollBar().setValue(top)

    def _apply(self) -> None:
        """Analyze again with what is staged."""
        parameters = self.reading.parameters
        if parameters is None or not self.is_changed:
            return
        session = self._desk.session
        protocol = self._protocol.model_copy(update={"parameters": parameters})
        if self._key is None:
            session.protocol = protocol
        elif session.document and session.document.key == self._key:
            self._desk.editor.set_protocol(protocol)
        self.draft = ParameterDraft(parameters)
        self._show()

    def _accept(self) -> None:
        """Apply and close."""
        self._apply()
        self.accept()

    def reject(self) -> None:
        """Close; what is staged is lost only if that is wanted."""
        question = "Parameters were changed and not applied. Discard the changes?"
        if self.is_changed and not asking.agreed(self, "Discard?", question, "Discard"):
            return
        super().reject()
