"""The tables of an assignment: values and their origins, edited in place, several rows at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QBrush, QColor, QFont, QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.protocol.choices import CHANNEL_COLUMNS, MARKER_COLUMNS, Column
from amr_viewer.gui.protocol.understanding import Cell, Cells, Look, Origin
from amr_viewer.gui.theme import small_font

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

_TONES = {Origin.UNKNOWN: "late", Origin.GUESS: "unsure"}
_SAID = {
    Origin.READ: "read from the file",
    Origin.STATED: "stated in the protocol",
    Origin.SET: "set here",
    Origin.GUESS: "a guess: confirm or change it",
    Origin.UNKNOWN: "not known: choose it",
    Origin.EMPTY: "",
}
ROW_HEIGHT = 34


class AssignmentModel(QAbstractTableModel):
    """Rows of a `Look`, those with something unknown first.

    Signals
    -------
    edited(row, field, value)
        A person gave a cell of this row a value.
    refused(text)
        What was typed means nothing.
    """

    edited = Signal(int, str, object)
    refused = Signal(str)

    def __init__(
        self, columns: Sequence[Column], appearance: Appearance, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.order: tuple[int, ...] = ()
        self.look: Look | None = None
        self.appearance = appearance

    def show_look(self, look: Look) -> None:
        """Show another state; rows keep their places."""
        is_first = self.look is None
        if is_first:
            self.beginResetModel()
        self.look = look
        if is_first:
            rows = range(self._n_rows())
            self.order = tuple(sorted(rows, key=lambda r: not self.is_open(r)))
            self.endResetModel()
        else:
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    # ------------------------------------------------------------------ left to the two tables

    def _n_rows(self) -> int:
        """Return how many rows there are."""
        raise NotImplementedError

    def is_open(self, row: int) -> bool:
        """Return whether a person is asked something about a row."""
        raise NotImplementedError

    def cell(self, row: int, name: str) -> Cell:
        """Return the value of a field."""
        raise NotImplementedError

    def told(self, row: int, title: str) -> str:
        """Return what a column that cannot be edited tells."""
        raise NotImplementedError

    def name_of(self, row: int) -> str:
        """Return label or text of a row."""
        raise NotImplementedError

    # ------------------------------------------------------------------ Qt's model

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Return how many rows there are."""
        return 0 if parent is not None and parent.isValid() else len(self.order)

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Return how many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        """Return titles and their tips."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Role.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return {Role.DisplayRole: column.title, Role.ToolTipRole: column.tip}.get(
            Role(role) if role in (Role.DisplayRole, Role.ToolTipRole) else Role.UserRole
        )

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return whether a cell can be edited."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        is_editable = bool(self.columns[index.column()].field)
        return flags | Qt.ItemFlag.ItemIsEditable if is_editable else flags

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return a cell as Qt asks for it."""
        if self.look is None or not index.isValid():
            return None
        row, column = self.order[index.row()], self.columns[index.column()]
        if not column.field:
            told = self.told(row, column.title)
            if role == Role.ForegroundRole and column.title != self.columns[0].title:
                return QBrush(QColor(self.appearance.theme.muted))
            if role == Role.FontRole and column.title == "Why":
                return small_font(QGuiApplication.font())
            return told if role in (Role.DisplayRole, Role.ToolTipRole) else None
        cell = self.cell(row, column.field)
        if role == Role.DisplayRole:
            return _words(column, cell)
        if role == Role.EditRole:
            return column.words(cell.value)
        if role in (Role.ToolTipRole, Role.AccessibleTextRole):
            said = _SAID[cell.origin]
            value = column.words(cell.value) or "nothing"
            return f"{column.title} of {self.name_of(row)}: {value}" + (
                f" ({said})" if said else ""
            )
        return self._look_of(cell, role)

    def _look_of(self, cell: Cell, role: int) -> Any:
        """Return color and font that tell where a value comes from."""
        theme = self.appearance.theme
        tone = _TONES.get(cell.origin)
        if role == Role.BackgroundRole and tone:
            return QBrush(QColor(theme.tone(tone)[1]))
        if role == Role.ForegroundRole:
            read = theme.text if cell.origin is Origin.READ else theme.accent
            return QBrush(QColor(theme.tone(tone)[0] if tone else read))
        if role == Role.FontRole and cell.origin in (Origin.SET, Origin.GUESS):
            font = QFont()
            font.setBold(cell.origin is Origin.SET)
            font.setItalic(cell.origin is Origin.GUESS)
            return font
        return None

    def setData(  # noqa: N802 - Qt's name
        self, index: Index, value: Any, role: int = Role.EditRole
    ) -> bool:
        """Take what a person typed or chose."""
        column = self.columns[index.column()]
        try:
            meant = column.value(str(value))
        except ValueError as error:
            self.refused.emit(str(error))
            return False
        row = self.order[index.row()]
        if meant == self.cell(row, column.field).value and meant is not None:
            origin = self.cell(row, column.field).origin
            if origin is not Origin.GUESS:
                return False
        self.edited.emit(row, column.field, meant)
        return True


class ChannelModel(AssignmentModel):
    """One row per channel."""

    def __init__(self, appearance: Appearance, parent: QObject | None = None) -> None:
        super().__init__(CHANNEL_COLUMNS, appearance, parent)

    def _n_rows(self) -> int:
        """Return how many channels there are."""
        return len(self.look.channels) if self.look else 0

    def is_open(self, row: int) -> bool:
        """Return whether a person is asked something about a channel."""
        return self.look is not None and self.look.channels[row].is_open

    def cell(self, row: int, name: str) -> Cell:
        """Return the value of a field."""
        assert self.look is not None
        return self.look.channels[row].cells[name]

    def told(self, row: int, title: str) -> str:
        """Return label or reason."""
        assert self.look is not None
        seen = self.look.channels[row]
        why = "set here" if _is_set(seen.cells) else seen.guess.why
        return {"Channel": seen.guess.channel.label, "Why": why}.get(title, "")

    def name_of(self, row: int) -> str:
        """Return the label."""
        return self.told(row, "Channel")


class MarkerModel(AssignmentModel):
    """One row per kind of markers."""

    def __init__(self, appearance: Appearance, parent: QObject | None = None) -> None:
        super().__init__(MARKER_COLUMNS, appearance, parent)

    def _n_rows(self) -> int:
        """Return how many kinds there are."""
        return len(self.look.markers) if self.look else 0

    def is_open(self, row: int) -> bool:
        """Return whether a person is asked something about a kind."""
        return self.look is not None and self.look.markers[row].is_open

    def cell(self, row: int, name: str) -> Cell:
        """Return the value of a field."""
        assert self.look is not None
        return self.look.markers[row].cells[name]

    def told(self, row: int, title: str) -> str:
        """Return text, count or reason."""
        assert self.look is not None
        seen = self.look.markers[row]
        guess = seen.guess
        why = "set here" if _is_set(seen.cells) else guess.why
        text = f"pulse {guess.kind.text}" if guess.kind.is_pulse else guess.kind.text
        return {"Marker": text, "Count": f"{guess.kind.count:,}", "Why": why}.get(title, "")

    def name_of(self, row: int) -> str:
        """Return the text."""
        return self.told(row, "Marker")


def _is_set(cells: Cells) -> bool:
    """Whether a person set something of a row in this dialog."""
    return any(c.origin is Origin.SET for c in cells.values())


def _words(column: Column, cell: Cell) -> str:
    """Return what a cell shows."""
    if cell.origin is Origin.UNKNOWN:
        return "choose"
    if cell.value is None and column.choices and cell.origin is not Origin.EMPTY:
        return ""
    words = column.words(cell.value)
    return f"{words} ?" if cell.origin is Origin.GUESS else words


class AssignmentTable(QTableView):
    """A table whose cells are edited by typing, F2 or a double click."""

    def __init__(self, model: AssignmentModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(
            triggers.DoubleClicked
            | triggers.SelectedClicked
            | triggers.EditKeyPressed
            | triggers.AnyKeyPressed
        )
        self.setAlternatingRowColors(False)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setStyleSheet("QHeaderView::section { padding: 4px 3px; }")
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for place, column in enumerate(model.columns):
            if column.width:
                self.setColumnWidth(place, column.width)

    @property
    def chosen(self) -> tuple[int, ...]:
        """Rows that are selected, as the look counts them."""
        model = self.model()
        assert isinstance(model, AssignmentModel)
        return tuple(model.order[i.row()] for i in self.selectionModel().selectedRows())

    def choose(self, rows: Sequence[int]) -> None:
        """Select rows, as the look counts them."""
        model = self.model()
        assert isinstance(model, AssignmentModel)
        flags = self.selectionModel().SelectionFlag
        self.clearSelection()
        for row in rows:
            place = model.index(model.order.index(row), 0)
            self.selectionModel().select(place, flags.Select | flags.Rows)
