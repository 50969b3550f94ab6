"""The right dock: from the answer to the matrix, the face and the numbers."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from amr_viewer.gui.actions import ActionSpec
from amr_viewer.gui.contents.section import heading
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.findings.face import FaceMap
from amr_viewer.gui.findings.headline import HeadlineCard, WarningList
from amr_viewer.gui.findings.inspector import Inspector
from amr_viewer.gui.findings.matrix import Matrix
from amr_viewer.gui.findings.words import SIDE_TITLES
from amr_viewer.gui.theme import GAP

WIDTH, HEIGHT = 320, 640


class FindingsDock(QWidget):
    """What was found in the current recording."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.headline = HeadlineCard(desk)
        self.warnings = WarningList(desk)
        self.matrix = Matrix(desk)
        self.face = FaceMap(desk)
        self.inspector = Inspector(desk)
        self.all_sites = QCheckBox("all sites")
        self.all_sites.setToolTip("Show the strongest answer of each muscle over all sites")
        self.all_sites.toggled.connect(self.face.show_all)
        self.findings_title = heading("Findings")
        self.face_panel = QWidget()
        self.area = QScrollArea()
        self._lay_out()
        self.matrix.opened.connect(self.show_sweeps)
        self.face.opened.connect(self.show_sweeps)
        for signal in (desk.session.analysis_changed, desk.session.current_changed):
            signal.connect(self._refresh)
        self._refresh()

    def _lay_out(self) -> None:
        """Put the parts below each other in an area that scrolls."""
        face = QVBoxLayout(self.face_panel)
        face.setContentsMargins(0, 0, 0, 0)
        face.setSpacing(2)
        switch = QHBoxLayout()
        switch.addWidget(heading("Face"))
        switch.addStretch(1)
        switch.addWidget(self.all_sites)
        face.addLayout(switch)
        face.addWidget(self.face)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.setSpacing(GAP)
        for widget in (
            self.headline,
            self.warnings,
            self.findings_title,
            self.matrix,
            self.face_panel,
            self.inspector,
        ):
            column.addWidget(widget)
        column.addStretch(1)
        self.area.setWidget(page)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.area)

    def _refresh(self) -> None:
        """Show matrix and face only where there is something to show."""
        document = self._desk.session.document
        has_findings = document is not None and document.analysis is not None
        tables = self.matrix.tables
        has_findings = has_findings and bool(tables)
        side = f", {SIDE_TITLES[tables[0].model_.block.side].lower()}" if len(tables) == 1 else ""
        self.findings_title.setText(f"Findings{side}")
        for widget in (self.findings_title, self.matrix, self.face_panel):
            widget.setVisible(has_findings)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size that suits a small screen."""
        return QSize(WIDTH, HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the least size at which nothing is cut."""
        return QSize(240, 240)

    def show_sweeps(self) -> None:
        """Show the sweeps of the selected finding."""
        self._desk.session.set_view("sweeps")

    def actions(self) -> tuple[ActionSpec, ...]:  # type: ignore[override]
        """Return what a person can do here."""
        return (*self._finding_actions(), *self._looking_actions())

    def _finding_actions(self) -> tuple[ActionSpec, ...]:
        """Return the verbs of the selected finding."""
        inspector = self.inspector
        return (
            ActionSpec(
                name="findings.why",
                text="Why this verdict?",
                run=self._show_why,
                menu="Findings",
                shortcut="Ctrl+I",
                icon="mdi6.help-circle-outline",
                tip="Show what the verdict rests on, and its sweeps",
                blocked=inspector.why_no_finding_selected,
            ),
            ActionSpec(
                name="findings.overrule",
                text="Overrule…",
                run=inspector.ask_overrule,
                menu="Findings",
                shortcut="Ctrl+Shift+V",
                icon="mdi6.account-check-outline",
                tip="Put your own verdict in the place of the program's",
                blocked=inspector.why_no_overrule,
            ),
            ActionSpec(
                name="findings.restore",
                text="Restore automatic verdict",
                run=inspector.restore_automatic,
                menu="Findings",
                icon="mdi6.restore",
                tip="Let the program's verdict count again",
                blocked=inspector.why_no_restore,
            ),
            ActionSpec(
                name="findings.copy",
                text="Copy numbers",
                run=inspector.copy_numbers,
                menu="Findings",
                shortcut="Ctrl+Alt+N",
                icon="mdi6.content-copy",
                tip="Copy all numbers of the selected finding and sweep as a table of text",
                blocked=inspector.why_no_finding_selected,
            ),
        )

    def _looking_actions(self) -> tuple[ActionSpec, ...]:
        """Return the verbs of face and matrix."""
        return (
            ActionSpec(
                name="findings.all_sites",
                text="Face: all sites",
                run=self.all_sites.toggle,
                menu="Findings",
                icon="mdi6.face-man-outline",
                tip="Show the strongest answer of each muscle over all sites",
                blocked=lambda: "" if self.matrix.tables else "There are no findings.",
                checked=self.all_sites.isChecked,
            ),
            ActionSpec(
                name="findings.matrix",
                text="Go to the matrix",
                run=self._focus_matrix,
                menu="Findings",
                shortcut="Ctrl+Shift+F",
                icon="mdi6.table-eye",
                tip="Move the keyboard to the matrix of findings; arrow keys go from cell to cell",
                blocked=lambda: "" if self.matrix.tables else "There are no findings.",
            ),
        )

    def _show_why(self) -> None:
        """Show what the verdict rests on, in sight."""
        self.inspector.show_why()
        self.area.ensureWidgetVisible(self.inspector.evidence)

    def _focus_matrix(self) -> None:
        """Move the keyboard to the matrix that is in sight."""
        for table in self.matrix.tables:
            if table.isVisible():
                table.setFocus(Qt.FocusReason.ShortcutFocusReason)
                self.area.ensureWidgetVisible(table)
                return
