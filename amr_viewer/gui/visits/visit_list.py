"""The list of visits and events: order by hand, names, and what a person asks for with the keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragMoveEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
)
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QStyleOptionViewItem, QWidget

from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.contents.rows import (
    Index,
    RowDelegate,
    chip_width,
    draw_chip,
    draw_text,
    text_width,
)
from amr_viewer.gui.contents.section import RowList
from amr_viewer.gui.theme import GAP, small_font
from amr_viewer.gui.visits.list_values import Entry, EventEntry, VisitEntry

ROW_TYPE = "application/x-amr-viewer-visit"
NUMBER_WIDTH = 22.0


class VisitModel(QAbstractListModel):
    """Visits and events as rows.

    Signals
    -------
    renamed(path, label)
    dropped(path, row)
        A visit was dragged to the place before the entry of this row.
    """

    renamed = Signal(Path, str)
    dropped = Signal(Path, int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.entries: tuple[Entry, ...] = ()

    def put(self, entries: tuple[Entry, ...]) -> None:
        """Show other rows."""
        if [_identity(e) for e in entries] != [_identity(e) for e in self.entries]:
            self.beginResetModel()
            self.entries = entries
            self.endResetModel()
        elif entries != self.entries:
            self.entries = entries
            self.dataChanged.emit(self.index(0), self.index(len(entries) - 1))
            self.layoutChanged.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        """Return how many visits and events there are."""
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return name, tip and spoken text of a row."""
        if not index.isValid():
            return None
        entry = self.entries[index.row()]
        name = entry.path.name if isinstance(entry, VisitEntry) else entry.text
        return {
            Qt.ItemDataRole.DisplayRole: name,
            Qt.ItemDataRole.EditRole: entry.label if isinstance(entry, VisitEntry) else name,
            Qt.ItemDataRole.ToolTipRole: entry.tip,
            Qt.ItemDataRole.AccessibleTextRole: entry.spoken,
        }.get(Qt.ItemDataRole(role))

    def setData(  # noqa: N802 - Qt's name
        self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """Take another name of a visit."""
        entry = self.entries[index.row()]
        if role != Qt.ItemDataRole.EditRole or not isinstance(entry, VisitEntry):
            return False
        self.renamed.emit(entry.path, str(value))
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let visits be named and dragged."""
        flag = Qt.ItemFlag
        if not index.isValid():
            return flag.ItemIsDropEnabled
        own = flag.ItemIsEnabled | flag.ItemIsSelectable
        if isinstance(self.entries[index.row()], VisitEntry):
            own |= flag.ItemIsEditable | flag.ItemIsDragEnabled
        return own

    def supportedDropActions(self) -> Qt.DropAction:  # noqa: N802 - Qt's name
        """Let rows be moved."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:  # noqa: N802 - Qt's name
        """Return what can be dropped between rows."""
        return [ROW_TYPE]

    def mimeData(self, indexes: Any) -> QMimeData:  # noqa: N802 - Qt's name
        """Return what is dragged."""
        data = QMimeData()
        entry = self.entries[indexes[0].row()]
        if isinstance(entry, VisitEntry):
            data.setData(ROW_TYPE, str(entry.path).encode())
        return data

    def dropMimeData(  # noqa: N802 - Qt's name
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Tell where a visit was dropped; the plan moves it."""
        if not data.hasFormat(ROW_TYPE):
            return False
        at = parent.row() if parent.isValid() else row if row >= 0 else len(self.entries)
        self.dropped.emit(Path(bytes(data.data(ROW_TYPE).data()).decode()), at)
        return False  # The view must not take the row out by itself.


def _identity(entry: Entry) -> object:
    """Return what makes an entry the same one."""
    return entry.path if isinstance(entry, VisitEntry) else (entry.key, entry.letter, entry.text)


class VisitDelegate(RowDelegate):
    """Paints a visit in two lines, an event in one, and edits the name of a visit."""

    def lines(self, index: Index) -> int:
        """Return 2 for a visit and for an event with a fault."""
        entry = _entry(index)
        return 1 if isinstance(entry, EventEntry) and not entry.fault else 2

    def paint_row(self, painter: QPainter, area: QRectF, index: Index) -> None:
        """Paint an entry."""
        entry = _entry(index)
        if isinstance(entry, EventEntry):
            self._paint_event(painter, area, entry)
        else:
            self._paint_visit(painter, area, entry)

    def _paint_visit(self, painter: QPainter, area: QRectF, entry: VisitEntry) -> None:
        """Paint number, date, name and verdict, and the file below."""
        theme, font = self.theme, painter.font()
        above, below = _halves(area)
        taken = 0.0
        if entry.tone and not entry.is_fault:
            draw_chip(painter, above, entry.tone, entry.word, theme)
            taken = chip_width(font, entry.word) + GAP
        elif entry.word:
            painter.setFont(small_font(font))
            color = theme.present if entry.is_fault else theme.muted
            draw_text(painter, above, entry.word, color, right=True)
            taken = text_width(painter.font(), entry.word) + GAP
        bold = QFont(font)
        bold.setBold(True)
        painter.setFont(bold)
        draw_text(painter, above, entry.number or "–", theme.accent)
        left = above.adjusted(NUMBER_WIDTH, 0, -taken, 0)
        painter.setFont(font)
        draw_text(painter, left, entry.date, theme.text)
        name = left.adjusted(text_width(font, entry.date) + GAP if entry.date else 0, 0, 0, 0)
        painter.setFont(bold)
        draw_text(painter, name, entry.label, theme.text)
        painter.setFont(small_font(font))
        color = theme.present if entry.is_fault else theme.muted
        draw_text(painter, below.adjusted(NUMBER_WIDTH, 0, 0, 0), entry.below, color)

    def _paint_event(self, painter: QPainter, area: QRectF, entry: EventEntry) -> None:
        """Paint letter, date and text, and what is wrong below."""
        theme, font = self.theme, painter.font()
        above = area
        if entry.fault:
            above, below = _halves(area)
            painter.setFont(small_font(font))
            draw_text(painter, below.adjusted(NUMBER_WIDTH, 0, 0, 0), entry.fault, theme.present)
        painter.setPen(QColor(theme.mark))
        bold = QFont(font)
        bold.setBold(True)
        painter.setFont(bold)
        draw_text(painter, above, entry.letter or "?", theme.mark)
        painter.setFont(font)
        rest = above.adjusted(NUMBER_WIDTH, 0, 0, 0)
        draw_text(painter, rest, entry.when, theme.muted)
        taken = text_width(font, entry.when) + GAP if entry.when else 0
        draw_text(painter, rest.adjusted(taken, 0, 0, 0), entry.text, theme.mark)

    def createEditor(  # noqa: N802 - Qt's name
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> QWidget:
        """Return the box in which a visit is named."""
        box = QLineEdit(parent)
        box.setPlaceholderText("Name of the visit")
        box.setAccessibleName("Name of the visit")
        return box

    def updateEditorGeometry(  # noqa: N802 - Qt's name
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Give the box the row."""
        row: QRect = option.rect
        height = min(editor.sizeHint().height(), row.height())
        middle = row.center().y() - height // 2
        editor.setGeometry(QRect(row.left() + 28, middle, row.width() - 32, height))

    def setModelData(  # noqa: N802 - Qt's name
        self, editor: QWidget, model: QAbstractItemModel, index: Index
    ) -> None:
        """Hand the name over."""
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text())


def _entry(index: Index) -> Entry:
    """Return the entry of a row."""
    entry: Entry = index.model().entries[index.row()]  # type: ignore[attr-defined]
    return entry


def _halves(area: QRectF) -> tuple[QRectF, QRectF]:
    """Return the upper and the lower line of a row."""
    half = area.height() / 2
    above = QRectF(area.left(), area.top() + 2, area.width(), half - 2)
    return above, QRectF(area.left(), area.top() + half, area.width(), half - 3)


class VisitList(RowList):
    """The list itself.

    Signals
    -------
    opened(row)
        A person wants the recording of a visit, or to change an event.
    """

    opened = Signal(int)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__("Visits and events", parent)
        self.entry_model = VisitModel(self)
        self.setModel(self.entry_model)
        self.setItemDelegate(VisitDelegate(appearance, self))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setToolTip("Visits in order; double-click or Enter opens the recording")
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        appearance.changed.connect(self.viewport().update)

    @property
    def current(self) -> Entry | None:
        """The entry that is selected."""
        row = self.currentIndex().row()
        entries = self.entry_model.entries
        return entries[row] if 0 <= row < len(entries) else None

    def rename(self, row: int) -> None:
        """Let a person name a visit."""
        self.edit(self.entry_model.index(row))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Open with Enter."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        is_editing = self.state() is QAbstractItemView.State.EditingState
        if enter and self.currentIndex().isValid() and not is_editing:
            self.opened.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take visits; files are for the window."""
        if event.mimeData().hasFormat(ROW_TYPE):
            super().dragEnterEvent(event)
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802 - Qt's name
        """Take visits; files are for the window."""
        if event.mimeData().hasFormat(ROW_TYPE):
            super().dragMoveEvent(event)
        else:
            event.ignore()


def least_width(font: QFont) -> int:
    """Return the width at which date and verdict of a visit fit into a line."""
    text = QFontMetricsF(font).horizontalAdvance("2024-03-04  after operation  cannot say")
    return round(text + NUMBER_WIDTH + 70)
