"""The table of a batch: one row per recording, its verdict as a chip; rows are copied as text."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.batch.columns import AMR, COLUMNS, RECORDING, REMARK, STATE, answer_of
from amr_viewer.gui.batch.model import BatchModel
from amr_viewer.gui.batch.rows import BatchRow, RowState
from amr_viewer.gui.contents.rows import chip_width, draw_chip, draw_text
from amr_viewer.gui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
PAD = 6.0
ROW_EXTRA = 10


class CellDelegate(QStyledItemDelegate):
    """Paints the cells: chips for verdicts, colors for states, the middle of long names elided."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell."""
        model = index.model()
        if not isinstance(model, BatchModel):
            return
        theme, row, column = self._appearance.theme, model.row_at(index), index.column()
        painter.save()
        area = QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(area, QColor(theme.selected))
        painter.setPen(QPen(QColor(theme.grid), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.setFont(option.font)
        inside = area.adjusted(PAD, 0, -PAD, 0)
        if column == AMR and answer_of(row)[1]:
            _draw_verdict(painter, inside, row, theme)
        else:
            cell = COLUMNS[column]
            draw_text(
                painter,
                inside,
                cell.text(row),
                _color(row, column, theme),
                right=cell.is_number,
                middle=column == RECORDING,
            )
        painter.restore()


def _draw_verdict(painter: QPainter, area: QRectF, row: BatchRow, theme: Theme) -> None:
    """Draw the answer over a recording at the left of its cell."""
    tone, word = answer_of(row)
    width = min(chip_width(painter.font(), word), area.width())
    draw_chip(painter, QRectF(area.left(), area.top(), width, area.height()), tone, word, theme)


def _color(row: BatchRow, column: int, theme: Theme) -> str:
    """Return the color of a cell's text."""
    if row.state is RowState.FAILED and column in (STATE, REMARK):
        return theme.present
    if row.state is RowState.RUNNING and column == STATE:
        return theme.accent
    waits = row.state is RowState.WAITING
    return (
        theme.muted if column in (STATE, REMARK) or (waits and column != RECORDING) else theme.text
    )


class BatchTable(QTableView):
    """The view.

    Signals
    -------
    opened(row)
        A recording is to be shown in the main window.
    moved()
        Another row is current.
    """

    opened = Signal(object)
    moved = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.batch_model = BatchModel(self)
        self.setModel(self.batch_model)
        self.setItemDelegate(CellDelegate(appearance, self))
        self.setAccessibleName("Recordings of the batch")
        self.setToolTip("Double-click or Enter opens the recording")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._lay_out()
        self.doubleClicked.connect(lambda index: self.opened.emit(self.batch_model.row_at(index)))
        self.selectionModel().currentRowChanged.connect(lambda *_: self.moved.emit())
        appearance.changed.connect(self.viewport().update)

    def _lay_out(self) -> None:
        """Give rows their height and columns the width of their longest words."""
        metrics = QFontMetrics(self.font())
        heading = QFont(self.font())
        heading.setBold(True)
        bold = QFontMetrics(heading)
        rows = self.verticalHeader()
        rows.hide()
        rows.setMinimumSectionSize(1)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(metrics.height() + ROW_EXTRA)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setStretchLastSection(True)
        header.setMinimumSectionSize(40)
        for i, column in enumerate(COLUMNS[:REMARK]):
            words = max(
                bold.horizontalAdvance(column.title), metrics.horizontalAdvance(column.widest)
            )
            chip = chip_width(self.font(), column.widest) if i == AMR else 0
            self.setColumnWidth(i, round(max(words, chip) + 2 * PAD + 6))
        header.setSortIndicator(RECORDING, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    @property
    def current(self) -> BatchRow | None:
        """The recording that is current."""
        index = self.currentIndex()
        return self.batch_model.row_at(index) if index.isValid() else None

    def copy(self) -> int:
        """Copy the selected rows, all if there are none, with the headings; return how many."""
        chosen = sorted(i.row() for i in self.selectionModel().selectedRows())
        rows = chosen or range(self.batch_model.rowCount())
        lines = ["\t".join(c.title for c in COLUMNS)]
        for at in rows:
            row = self.batch_model.rows[self.batch_model.shown[at]]
            lines.append("\t".join(_plain(c.text(row)) for c in COLUMNS))
        QGuiApplication.clipboard().setText("\n".join(lines) + "\n")
        return len(rows)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Open with Enter."""
        row = self.current
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None:
            self.opened.emit(row)
            return
        super().keyPressEvent(event)


def _plain(text: str) -> str:
    """Return a text as one cell."""
    return " ".join(text.split())
