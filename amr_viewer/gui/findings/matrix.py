"""The matrix of findings: one block per side of the face, side by side or behind tabs."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QTabBar, QVBoxLayout, QWidget

from amr_viewer.gui.contents.section import heading
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.findings.block_table import BlockTable
from amr_viewer.gui.findings.words import SIDE_TITLES, Block, blocks
from amr_viewer.gui.theme import GAP

SYMBOLS = {"present": "●", "late": "●", "unsure": "◐", "absent": "○", "direct": ""}
TONE_WORDS = {
    "present": "AMR present",
    "late": "late response",
    "unsure": "cannot say",
    "absent": "no response",
    "direct": "direct responses only",
}


class Matrix(QWidget):
    """All pairs of stimulated branch and muscle.

    Signals
    -------
    opened()
        A person wants to see the sweeps of the selected finding.
    """

    opened = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.tables: list[BlockTable] = []
        self._panels: list[QWidget] = []
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setAccessibleName("Side of the face")
        self.tabs.currentChanged.connect(self._arrange)
        self._row = QHBoxLayout()
        self._row.setSpacing(2 * GAP)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP // 2)
        layout.addWidget(self.tabs)
        layout.addLayout(self._row)
        session = desk.session
        session.analysis_changed.connect(self.refresh)
        session.current_changed.connect(self.refresh)
        session.selection_changed.connect(self.follow)
        self.refresh()

    def refresh(self) -> None:
        """Show the findings as they are now."""
        document = self._desk.session.document
        found = blocks(document.analysis if document else None)
        if [b.side for b in found] != [t.model_.block.side for t in self.tables]:
            self._build(found)
        for table, block in zip(self.tables, found, strict=True):
            table.put(block)
        for place, block in enumerate(found):
            self._name_tab(place, block)
        self.follow()
        self._arrange()

    def _build(self, found: tuple[Block, ...]) -> None:
        """Make one table per side."""
        for panel in self._panels:
            self._row.removeWidget(panel)
            panel.deleteLater()
        self.tables, self._panels = [], []
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        for block in found:
            table = BlockTable(block, self._desk.appearance)
            title = SIDE_TITLES[block.side]
            table.setAccessibleName(f"Findings, {title.lower()}")
            table.chosen.connect(self._desk.session.select_finding)
            table.opened.connect(self.opened)
            panel = QWidget()
            column = QVBoxLayout(panel)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(2)
            column.addWidget(heading(title))
            column.addWidget(table)
            column.addStretch(1)
            self._row.addWidget(panel, 1)
            self.tables.append(table)
            self._panels.append(panel)
            self.tabs.addTab(title)
        self.tabs.blockSignals(False)

    def _name_tab(self, place: int, block: Block) -> None:
        """Say on a tab what matters most in its block."""
        title = SIDE_TITLES[block.side]
        short = title.removesuffix(" face")
        self.tabs.setTabText(place, f"{SYMBOLS[block.tone]} {short}".strip())
        self.tabs.setTabToolTip(place, f"{title}: {TONE_WORDS[block.tone]}")

    def follow(self) -> None:
        """Mark the finding that is selected, and bring its side to the front."""
        document = self._desk.session.document
        if document is None:
            return
        for place, table in enumerate(self.tables):
            if table.show_finding(document.selection.site, document.selection.channel):
                self.tabs.setCurrentIndex(place)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Put the blocks side by side where there is room."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Show all blocks, or the one whose tab is in front."""
        needed = sum(t.least_width for t in self.tables) + 2 * GAP * (len(self.tables) - 1)
        side_by_side = len(self.tables) < 2 or needed <= self.width()
        self.tabs.setVisible(not side_by_side)
        for place, panel in enumerate(self._panels):
            panel.setVisible(side_by_side or place == self.tabs.currentIndex())
            label = panel.findChild(QLabel)
            if label is not None:
                label.setVisible(side_by_side and len(self.tables) > 1)
