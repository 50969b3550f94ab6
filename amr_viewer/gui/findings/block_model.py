"""One side's matrix for Qt: a row per stimulated branch, a column per muscle."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from amr_viewer.gui.document import Site
from amr_viewer.gui.findings.words import Block, Cell, spoken

Index = QModelIndex | QPersistentModelIndex


class BlockModel(QAbstractTableModel):
    """The findings of one side."""

    def __init__(self, block: Block, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.block = block
        self.level = 0
        """How much of a cell is written; see `words.LEVELS`."""

    @property
    def heads(self) -> tuple[str, ...]:
        """Heads of the columns as they are written."""
        return self.block.abbreviations if self.level else self.block.muscles

    def put(self, block: Block) -> None:
        """Show other findings."""
        former, self.block = self.block, block
        if (former.sites, former.channels) != (block.sites, block.channels):
            self.beginResetModel()
            self.endResetModel()
        elif block.cells:
            last = self.index(len(block.sites) - 1, len(block.channels) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def cell(self, index: Index) -> Cell | None:
        """Return a cell, None where the pair was not judged."""
        return self.block.cells[index.row()][index.column()] if index.isValid() else None

    def place_of(self, site: Site | None, channel: int | None) -> QModelIndex:
        """Return where a finding stands, an invalid index if it does not."""
        block = self.block
        if site not in block.sites or channel not in block.channels:
            return QModelIndex()
        return self.index(block.sites.index(site), block.channels.index(channel))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        """Return how many branches were stimulated."""
        return 0 if parent.isValid() else len(self.block.sites)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        """Return how many muscles were recorded."""
        return 0 if parent.isValid() else len(self.block.channels)

    def headerData(  # noqa: N802
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return short names, and full ones as tips."""
        across = orientation is Qt.Orientation.Horizontal
        if role == Qt.ItemDataRole.DisplayRole:
            return (self.heads if across else self.block.site_names)[section]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return (self.block.muscle_tips if across else self.block.site_tips)[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the words of a cell."""
        found = self.cell(index)
        if found is None:
            return "not judged" if role == Qt.ItemDataRole.AccessibleTextRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            return " ".join((found.word, found.count, *found.lines))
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return spoken(found.finding)
        return None
