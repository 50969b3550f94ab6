"""The table of a comparison: places, and below each its visits; a value with its change below."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSignalBlocker,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.chips import draw_sign
from amr_viewer.gui.contents.rows import draw_text, text_width
from amr_viewer.gui.theme import Theme, small_font
from amr_viewer.gui.visits.table_values import Cell, Column, Group, columns

Index = QModelIndex | QPersistentModelIndex
PAD = 6.0
SIGN = 15.0
WIDEST = 250
AT_ONCE_S = 0.012
RESTING = 2
"""The column from which a line is one text, where it has a `rest`."""

TOP = 0
"""Internal number of the indices of groups; those of lines have the group's number from 1."""


class TableModel(QAbstractItemModel):
    """Groups and their lines."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.groups: tuple[Group, ...] = ()
        self.columns: tuple[Column, ...] = columns("the first")

    def put(self, groups: tuple[Group, ...], of: str) -> None:
        """Show another table."""
        self.beginResetModel()
        self.groups, self.columns = groups, columns(of or "the first")
        self.endResetModel()

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        """Return the index of a group or of a line."""
        number = parent.row() + 1 if parent.isValid() else TOP
        lines = self.groups[number - 1].lines if number else self.groups
        if not (0 <= row < len(lines) and 0 <= column < len(self.columns)):
            return QModelIndex()
        return self.createIndex(row, column, number)

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        """Return the group of a line."""
        number = index.internalId() if index.isValid() else TOP
        return self.createIndex(number - 1, 0, TOP) if number else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        """Return the number of groups, or of a group's lines."""
        if not parent.isValid():
            return len(self.groups)
        if parent.internalId() or parent.column():
            return 0
        return len(self.groups[parent.row()].lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        """Return the number of columns."""
        return len(self.columns)

    def cell(self, index: Index) -> Cell:
        """Return what a cell says; that of a group is its title."""
        number = index.internalId()
        if number:
            return self.groups[number - 1].lines[index.row()].cells[index.column()]
        group = self.groups[index.row()]
        return Cell(group.title, group.summary) if index.column() == 0 else Cell()

    def rest(self, index: Index) -> Cell | None:
        """Return what stands over the rest of a line instead of cells."""
        number = index.internalId()
        return self.groups[number - 1].lines[index.row()].rest if number else None

    def visit_of(self, index: Index) -> int:
        """Return the visit of a line, -1 for a group."""
        if not index.isValid() or not index.internalId():
            return -1
        return self.groups[index.internalId() - 1].lines[index.row()].visit

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the words of a cell."""
        if not index.isValid():
            return None
        cell = self.cell(index)
        if index.column() == RESTING:
            cell = self.rest(index) or cell
        words = "  ".join(t for t in (cell.text, cell.change) if t)
        if role == Qt.ItemDataRole.DisplayRole:
            return words
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(t for t in (words, cell.tip) if t)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            resting = index.column() == RESTING and self.rest(index) is not None
            title = "Pattern" if resting else self.columns[index.column()].title
            return f"{title}: {words}" if index.internalId() else words
        return None

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the head of a column."""
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{column.title}\n{column.below}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None


class CellDelegate(QStyledItemDelegate):
    """Paints a value, below it the change, and the title of a group over all columns."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """Return the height of two lines."""
        small = QFontMetricsF(small_font(option.font)).height()
        return QSize(40, round(QFontMetricsF(option.font).height() + small + 6))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell."""
        theme = self._appearance.theme
        area, font = QRectF(option.rect), QFont(option.font)
        model = index.model()
        assert isinstance(model, TableModel)
        cell, is_group = model.cell(index), not index.internalId()
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        ground = theme.selected if chosen else theme.ground if is_group else theme.surface
        painter.fillRect(area, QColor(ground))
        painter.setPen(QColor(theme.grid))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        inside = area.adjusted(PAD, 2, -PAD, -2)
        if is_group:
            _paint_group(painter, inside, cell, font, theme.text, theme.muted)
            painter.restore()
            return
        paint_cell(painter, inside, cell, font, theme)
        painter.restore()


def paint_cell(painter: QPainter, area: QRectF, cell: Cell, font: QFont, theme: Theme) -> None:
    """Paint a value with its sign, and the change below it."""
    height = QFontMetricsF(font).height()
    above = QRectF(area.left(), area.top(), area.width(), height) if cell.change else QRectF(area)
    painter.setFont(font)
    color = theme.text
    if cell.tone:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_sign(painter, QPointF(above.left() + 5, above.center().y()), 4.0, cell.tone, theme)
        above = above.adjusted(SIGN, 0, 0, 0)
        color = theme.tone(cell.tone)[0]
    draw_text(painter, above, cell.text, color)
    if cell.change:
        painter.setFont(small_font(font))
        below = QRectF(area)
        below.setTop(above.bottom())
        draw_text(painter, below, cell.change, theme.muted)


def _paint_group(
    painter: QPainter, area: QRectF, cell: Cell, font: QFont, text: str, muted: str
) -> None:
    """Paint title and summary of a group in one line."""
    bold = QFont(font)
    bold.setBold(True)
    painter.setFont(bold)
    draw_text(painter, area, cell.text, text)
    rest = area.adjusted(text_width(bold, cell.text) + 16, 0, 0, 0)
    painter.setFont(font)
    draw_text(painter, rest, cell.change, muted)


class VisitTable(QTreeView):
    """The table.

    Signals
    -------
    chosen(visit)
        A person moved to a line.
    opened(visit)
        A person wants the recording of a visit.
    """

    chosen = Signal(int)
    opened = Signal(int)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._to_unfold: list[int] = []
        self._kept = (0, "", -1)
        self.table = TableModel(self)
        self.setModel(self.table)
        self.setItemDelegate(CellDelegate(appearance, self))
        self.setUniformRowHeights(True)
        self.setIndentation(14)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setExpandsOnDoubleClick(False)
        self.setAccessibleName("Numbers by place and visit, with changes")
        header = self.header()
        header.setSectionsMovable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        self.doubleClicked.connect(self._double)
        appearance.changed.connect(self.viewport().update)

    def show_groups(
        self, groups: tuple[Group, ...], of: str, longest: tuple[tuple[Cell, ...], ...]
    ) -> None:
        """Show another table; what was folded stays folded, and the place stays in sight.

        Parameters
        ----------
        groups : tuple of Group
        of : str
            Names the reference.
        longest : tuple of tuple of Cell
            For every column the cells that need the most room.
        """
        folded = {
            g.title: self.isExpanded(self.table.index(i, 0))
            for i, g in enumerate(self.table.groups)
            if i not in self._to_unfold
        }
        self._kept = self._place()
        self.table.put(groups, of)
        self._fit_columns(longest)
        self._to_unfold = [
            i for i, g in enumerate(groups) if folded.get(g.title, g.is_open)
        ]  # fmt: skip
        for i in range(len(groups)):
            self.setFirstColumnSpanned(i, QModelIndex(), True)
        self._unfold_on()

    def _unfold_on(self) -> None:
        """Unfold groups for a while; the rest is unfolded when the window has answered."""
        began = time.perf_counter()
        while self._to_unfold and time.perf_counter() - began < AT_ONCE_S:
            self.setExpanded(self.table.index(self._to_unfold.pop(0), 0), True)
        if self._to_unfold:
            QTimer.singleShot(0, self, self._unfold_on)
        else:
            self._return()

    def _place(self) -> tuple[int, str, int]:
        """Return what is in sight and selected: scrolled to, title of a group, visit."""
        index = self.currentIndex()
        number = index.internalId() if index.isValid() else TOP
        title = self.table.groups[number - 1].title if number else ""
        return self.verticalScrollBar().value(), title, self.table.visit_of(index)

    def _return(self) -> None:
        """Go back to what was in sight and selected."""
        at, title, visit = self._kept
        for i, group in enumerate(self.table.groups):
            rows = [r for r, line in enumerate(group.lines) if line.visit == visit]
            if group.title == title and rows and not self.currentIndex().isValid():
                index = self.table.index(rows[0], 0, self.table.index(i, 0))
                with QSignalBlocker(self):
                    self.setCurrentIndex(index)
        self.verticalScrollBar().setValue(at)

    def drawRow(  # noqa: N802 - Qt's name
        self, painter: QPainter, options: QStyleOptionViewItem, index: Index
    ) -> None:
        """Draw a row; what stands over the rest of it is drawn above its empty cells."""
        super().drawRow(painter, options, index)
        rest = self.table.rest(index)
        if rest is None:
            return
        left = self.columnViewportPosition(RESTING)
        area = QRectF(options.rect)
        area.setLeft(max(left, 0))
        area.setRight(max(self.viewport().width(), left + WIDEST))
        painter.save()
        paint_cell(
            painter, area.adjusted(PAD, 2, -PAD, -2), rest, options.font, self._appearance.theme
        )
        painter.restore()

    def _fit_columns(self, longest: tuple[tuple[Cell, ...], ...]) -> None:
        """Make each column as wide as what stands in it."""
        font, small = QFontMetricsF(self.font()), QFontMetricsF(small_font(self.font()))
        head = QFont(self.font())
        head.setWeight(QFont.Weight.DemiBold)
        heads = QFontMetricsF(head)
        for c, (column, cells) in enumerate(zip(self.table.columns, longest, strict=True)):
            sign = SIGN if any(cell.tone for cell in cells) else 0.0
            widths = [font.horizontalAdvance(t) + sign for t in {cell.text for cell in cells}]
            widths += [small.horizontalAdvance(t) for t in {cell.change for cell in cells}]
            widths += [heads.horizontalAdvance(t) + 4 for t in (column.title, column.below)]
            indent = self.indentation() * 2 if c == 0 else 0
            self.setColumnWidth(c, round(min(max(widths), WIDEST) + 2 * PAD + 2) + indent)

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802
        """Tell which visit a person moved to."""
        super().currentChanged(current, previous)
        visit = self.table.visit_of(current)
        if visit >= 0:
            self.chosen.emit(visit)

    def _double(self, index: QModelIndex) -> None:
        """Open the recording of a line; fold a group."""
        visit = self.table.visit_of(index)
        if visit >= 0:
            self.opened.emit(visit)
        else:
            self.setExpanded(index.siblingAtColumn(0), not self.isExpanded(index))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Open with Enter."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self.currentIndex().isValid():
            self._double(self.currentIndex())
            return
        super().keyPressEvent(event)
