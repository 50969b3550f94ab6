"""The rows of the table, in the order and with the filter that a person chose.

Order and filter are kept here and not in a proxy: with thousands of rows a proxy that asks for
every value costs more than the whole table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from amr_viewer.core.batch import BatchItem
from amr_viewer.gui.batch.columns import COLUMNS, RECORDING, Key
from amr_viewer.gui.batch.rows import FINAL, BatchRow, RowState, finished_row, waiting_row
from amr_viewer.gui.batch.words import detail_words

Index = QModelIndex | QPersistentModelIndex
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class BatchModel(QAbstractTableModel):
    """Recordings of a batch; a row's place in the table is that in `shown`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[BatchRow] = []
        self.shown: list[int] = []
        self._places: dict[str, int] = {}
        self._where: dict[int, int] = {}
        self._sorted = (RECORDING, False)
        self._text, self._state = "", ""
        self._running: frozenset[str] = frozenset()
        # Kept from look to look: of thousands of rows only a few change at a time.
        self._keys: list[Key] = []
        self._passes: list[bool] = []
        self._spoken: list[str] = []
        self._counts = dict.fromkeys(RowState, 0)

    # ------------------------------------------------------------------ what Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        """Return how many rows are shown."""
        return 0 if parent.isValid() else len(self.shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(COLUMNS)

    def row_at(self, index: Index) -> BatchRow:
        """Return the recording of a cell."""
        return self.rows[self.shown[index.row()]]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return text, tip, spoken text and alignment of a cell."""
        if not index.isValid():
            return None
        column = COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(self.row_at(index))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if column.is_number else LEFT
        if role == Qt.ItemDataRole.ToolTipRole:
            row = self.row_at(index)
            return f"{detail_words(row, len(row.warnings))}\n{row.path}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.title}: {column.text(self.row_at(index)) or 'empty'}"
        return None

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return heading and tip of a column."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = COLUMNS[section]
        return {
            Qt.ItemDataRole.DisplayRole: column.title,
            Qt.ItemDataRole.ToolTipRole: column.tip,
            Qt.ItemDataRole.TextAlignmentRole: RIGHT if column.is_number else LEFT,
        }.get(Qt.ItemDataRole(role))

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order the rows by a column; the unknown comes last either way."""
        self._sorted = (column, order is Qt.SortOrder.DescendingOrder)
        self._keys = [COLUMNS[column].key(row) for row in self.rows]
        self._arrange()

    # ------------------------------------------------------------------ what happens

    def put(self, rows: Sequence[BatchRow]) -> None:
        """Show other recordings."""
        self.beginResetModel()
        self.rows = list(rows)
        self._places = {row.name: i for i, row in enumerate(self.rows)}
        self._running = frozenset()
        self._spoken = [""] * len(self.rows)
        self._keys = [COLUMNS[self._sorted[0]].key(row) for row in self.rows]
        self._passes = [self._is_wanted(i) for i in range(len(self.rows))]
        self._counts = dict.fromkeys(RowState, 0) | Counter(row.state for row in self.rows)
        self._take_order(self._ordered())
        self.endResetModel()

    def begin(self, names: Collection[str]) -> None:
        """Let recordings wait for their turn."""
        self._change({n: waiting_row(self.rows[self._places[n]]) for n in names})

    def take(self, items: Iterable[BatchItem], running: Collection[str]) -> None:
        """Take what has finished, and show what is running."""
        changed: dict[str, BatchRow] = {}
        for item in items:
            at = self._places.get(item.name)
            row = self.rows[at] if at is not None else self._added(item)
            changed[item.name] = finished_row(row, item)
        now = frozenset(running)
        for name in (now | self._running) & self._places.keys() - changed.keys():
            row = self.rows[self._places[name]]
            state = RowState.RUNNING if name in now else RowState.WAITING
            if row.state not in FINAL and row.state is not state:
                changed[name] = replace(row, state=state)
        self._running = now
        self._change(changed)

    def filter(self, text: str, state: str) -> None:
        """Show rows that hold a text, and are in a state (empty: any)."""
        self._text, self._state = text.casefold().strip(), state
        self._passes = [self._is_wanted(i) for i in range(len(self.rows))]
        self._arrange()

    def counts(self) -> dict[RowState, int]:
        """Return how many recordings are in each state."""
        return dict(self._counts)

    def failed(self) -> frozenset[str]:
        """Return the names of the recordings that failed."""
        return frozenset(r.name for r in self.rows if r.state is RowState.FAILED)

    # ------------------------------------------------------------------ order

    def _added(self, item: BatchItem) -> BatchRow:
        """Return the row of a recording that came after the plan was made."""
        row = BatchRow(item.name, item.path)
        at = self._places[item.name] = len(self.rows)
        self.rows.append(row)
        self._spoken.append("")
        self._keys.append(COLUMNS[self._sorted[0]].key(row))
        self._passes.append(self._is_wanted(at))
        self._counts[row.state] += 1
        return row

    def _change(self, changed: dict[str, BatchRow]) -> None:
        """Put rows in the place of former ones, and tell of it once."""
        if not changed:
            return
        column = self._sorted[0]
        for name, row in changed.items():
            at = self._places[name]
            self._counts[self.rows[at].state] -= 1
            self._counts[row.state] += 1
            self.rows[at] = row
            self._spoken[at] = ""
            self._keys[at] = COLUMNS[column].key(row)
            self._passes[at] = self._is_wanted(at)
        if column != RECORDING or self._text or self._state or len(self._where) < len(self.rows):
            self._arrange()
        seen = [self._where[p] for p in map(self._places.__getitem__, changed) if p in self._where]
        if seen:
            last = self.index(max(seen), len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(min(seen), 0), last)

    def _ordered(self) -> list[int]:
        """Return the places of the rows to show, in order."""
        keys = self._keys
        wanted = [i for i, passes in enumerate(self._passes) if passes]
        known = [i for i in wanted if not keys[i][0]]
        known.sort(key=keys.__getitem__, reverse=self._sorted[1])
        return known + [i for i in wanted if keys[i][0]]

    def _is_wanted(self, at: int) -> bool:
        """Whether a row passes the filter."""
        row = self.rows[at]
        if self._state and row.state != self._state:
            return False
        if not self._text:
            return True
        if not self._spoken[at]:
            self._spoken[at] = "\n".join(c.text(row) for c in COLUMNS if not c.is_number).casefold()
        return self._text in self._spoken[at]

    def _take_order(self, order: list[int]) -> None:
        """Remember which row stands where."""
        self.shown = order
        self._where = {place: at for at, place in enumerate(order)}

    def _arrange(self) -> None:
        """Order and filter anew; what is selected stays selected."""
        order = self._ordered()
        if order == self.shown:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        places = [self.shown[index.row()] for index in before]
        self._take_order(order)
        after = [
            self.index(self._where[place], index.column())
            if place in self._where
            else QModelIndex()
            for place, index in zip(places, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()
