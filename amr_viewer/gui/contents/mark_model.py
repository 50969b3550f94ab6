"""The table of marks for Qt: ten thousand rows, sorted by time, filtered by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import nan
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from amr_viewer.core.recording import Mark
from amr_viewer.gui.contents.mark_rows import (
    ALL_CHANNELS,
    FROM_FILE,
    FROM_PERSON,
    STIMULUS,
    MarkRow,
    Named,
    chosen_marks,
    origin_of,
    parse_time,
    time_text,
)
from amr_viewer.gui.contents.rows import Index

TIME, TEXT, DURATION, CHANNEL, ORIGIN = range(5)
TITLES = ("Time", "Text", "Length, s", "Channel", "From")
FIXED = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
EDITABLE = FIXED | Qt.ItemFlag.ItemIsEditable
ORIGIN_TIPS = {
    FROM_FILE: "as in the recording",
    FROM_PERSON: "added or changed by a person; kept in the review file",
    STIMULUS: "a stimulus of the recording; it cannot be changed here",
}


class MarkModel(QAbstractTableModel):
    """Marks as rows; what a person writes into a cell is handed to `change`."""

    def __init__(self, change: Callable[[str, Mark], None], parent: QObject) -> None:
        super().__init__(parent)
        self._change = change
        self._all: tuple[Named, ...] = ()
        self._shown: list[Named] = []
        self._places: dict[str, int] | None = None
        self._words, self._stimuli = "", False
        self.n_stimuli = 0

    @property
    def n_marks(self) -> int:
        """How many marks there are without those of stimuli."""
        return len(self._all) - self.n_stimuli

    def row(self, place: int) -> MarkRow:
        """Return a row that is shown."""
        named = self._shown[place]
        return MarkRow(named[0], named[1], origin_of(named))

    def put(self, marks: tuple[Named, ...]) -> None:
        """Show other marks."""
        self._all = marks
        self.n_stimuli = sum(m[1].stimulus is not None for m in marks)
        self._filter()

    def search(self, words: str, *, stimuli: bool) -> None:
        """Show the marks that hold all words, and those of stimuli only if wanted."""
        if (words, stimuli) != (self._words, self._stimuli):
            self._words, self._stimuli = words, stimuli
            self._filter()

    def _filter(self) -> None:
        """Choose the rows that are shown."""
        shown = chosen_marks(self._all, self._words, stimuli=self._stimuli)
        first, gone, come = difference(self._shown, shown)
        nowhere, last = QModelIndex(), first + len(gone) - 1
        if not gone and not come:
            return
        if [m[0] for m in gone] == [m[0] for m in come]:
            self._shown = shown
            self.dataChanged.emit(self.index(first, 0), self.index(last, ORIGIN))
        elif not gone:
            self.beginInsertRows(nowhere, first, first + len(come) - 1)
            self._take(shown)
            self.endInsertRows()
        elif not come:
            self.beginRemoveRows(nowhere, first, last)
            self._take(shown)
            self.endRemoveRows()
        elif is_move(gone, come):
            self._move(shown, first, last, is_down=gone[0][0] == come[-1][0])
        else:
            self.beginResetModel()
            self._take(shown)
            self.endResetModel()

    def _take(self, shown: list[Named]) -> None:
        """Take rows in another order."""
        self._shown, self._places = shown, None

    def _move(self, shown: list[Named], first: int, last: int, *, is_down: bool) -> None:
        """Move the first row behind the last, or the last before the first."""
        nowhere, start, end = QModelIndex(), *((first, last) if is_down else (last, first))
        self.beginMoveRows(nowhere, start, start, nowhere, end + is_down)
        self._take(shown)
        self.endMoveRows()
        self.dataChanged.emit(self.index(end, 0), self.index(end, ORIGIN))

    def place_of(self, name: str | None) -> int:
        """Return the row of a mark, -1 if it is not shown."""
        if name is None:
            return -1
        if self._places is None:
            self._places = {m[0]: i for i, m in enumerate(self._shown)}
        return self._places.get(name, -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        """Return how many marks are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        """Return 5: time, text, length, channel, origin."""
        return 0 if parent.isValid() else len(TITLES)

    def headerData(  # noqa: N802
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return the titles of the columns."""
        wanted = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
        is_title = orientation is Qt.Orientation.Horizontal and role in wanted
        return TITLES[section] if is_title else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what stands in a cell."""
        if not index.isValid():
            return None
        row, column = self.row(index.row()), index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return _cell(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return ORIGIN_TIPS[row.origin] if column == ORIGIN else _cell(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in (TIME, DURATION):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Say which cells can be edited."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        is_stimulus = self._shown[index.row()][1].stimulus is not None
        return FIXED if is_stimulus or index.column() == ORIGIN else EDITABLE

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Hand over what a person wrote; what is no time or length changes nothing."""
        if not index.isValid() or role != Qt.ItemDataRole.EditRole:
            return False
        row = self.row(index.row())
        text = str(value).strip()
        mark = (
            changed(row.mark, index.column(), text) if text != _cell(row, index.column()) else None
        )
        if mark is None or not row.is_editable:
            return False
        self._change(row.name, mark)
        return True


def difference(
    before: Sequence[Named], after: Sequence[Named]
) -> tuple[int, Sequence[Named], Sequence[Named]]:
    """Return where two lists begin to differ, and the rows that only the former and latter have."""
    n = min(len(before), len(after))
    first = next((i for i in range(n) if before[i] is not after[i]), n)
    same = (i for i in range(n - first) if before[-1 - i] is not after[-1 - i])
    kept = next(same, n - first)
    return first, before[first : len(before) - kept], after[first : len(after) - kept]


def is_move(gone: Sequence[Named], come: Sequence[Named]) -> bool:
    """Whether one row, maybe with other values, went from one end to the other."""
    if len(gone) != len(come) or len(gone) < 2:
        return False
    down = gone[0][0] == come[-1][0] and _are_same(gone[1:], come[:-1])
    return down or (gone[-1][0] == come[0][0] and _are_same(gone[:-1], come[1:]))


def _are_same(a: Sequence[Named], b: Sequence[Named]) -> bool:
    """Whether two stretches hold the very same rows."""
    return all(x is y for x, y in zip(a, b, strict=True))


def changed(mark: Mark, column: int, text: str) -> Mark | None:
    """Return a mark with one cell written anew, None where the cell cannot hold that."""
    if column == TIME:
        time_s = parse_time(text)
        return None if time_s is None else replace(mark, time_s=time_s)
    if column == DURATION:
        length = parse_time(text) if text else nan
        is_length = length is not None and not length < 0
        return replace(mark, duration_s=length) if length is not None and is_length else None
    if column == CHANNEL:
        return replace(mark, channel=None if text in ("", ALL_CHANNELS) else text)
    return replace(mark, text=text)


def _cell(row: MarkRow, column: int) -> str:
    """Return the text of a cell."""
    if column == TIME:
        return time_text(row.mark.time_s)
    if column == DURATION:
        return row.duration
    if column == CHANNEL:
        return row.mark.channel or ALL_CHANNELS
    return row.mark.text if column == TEXT else row.origin
