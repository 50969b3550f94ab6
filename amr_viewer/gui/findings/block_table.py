"""One side's matrix as a table: cells with sign, count, word and onset; arrow keys move."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.document import Site
from amr_viewer.gui.findings.block_cells import CellDelegate, least_column, row_height, wrapped
from amr_viewer.gui.findings.block_model import BlockModel, Index
from amr_viewer.gui.findings.words import LEVELS, Block, Cell
from amr_viewer.gui.theme import small_font

WIDEST_COLUMN = 120
MOST_ROWS = 6
CENTER = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter


class WrappedHeader(QHeaderView):
    """A header whose names wrap at spaces, and end in an ellipsis only where a word is too long."""

    def __init__(
        self, orientation: Qt.Orientation, appearance: Appearance, parent: QWidget
    ) -> None:
        super().__init__(orientation, parent)
        self._appearance = appearance
        self.setFont(small_font(self.font()))
        self.setMinimumSectionSize(14)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setHighlightSections(False)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:  # noqa: N802
        """Write a name."""
        text = str(self.model().headerData(section, self.orientation()))
        painter.save()
        painter.setFont(self.font())
        painter.setPen(QColor(self._appearance.theme.muted))
        metrics = QFontMetricsF(self.font())
        across = self.orientation() is Qt.Orientation.Horizontal
        model = self.model()
        if across and isinstance(model, BlockModel) and model.level and self.turned(rect.width()):
            painter.translate(rect.center().x() + 1, rect.bottom() - 2)
            painter.rotate(-90)
            box = QRectF(0, -rect.width() / 2, rect.height(), rect.width())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)
            painter.restore()
            return
        area = QRectF(rect).adjusted(2 if across else 0, 0, -2 if across else -4, 0)
        lines = [
            metrics.elidedText(line, Qt.TextElideMode.ElideRight, area.width())
            for line in wrapped(metrics, text, area.width())
        ]
        flags = CENTER if across else Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, flags, "\n".join(lines))
        painter.restore()

    def turned(self, column: float) -> bool:
        """Whether abbreviations stand upright: lying they would not fit a column."""
        return self.widest > column - 2

    @property
    def widest(self) -> float:
        """The width of the longest name."""
        metrics, model = QFontMetricsF(self.font()), self.model()
        names = [str(model.headerData(i, self.orientation())) for i in range(model.columnCount())]
        return max((metrics.horizontalAdvance(x) for x in names), default=0.0)


class BlockTable(QTableView):
    """The matrix of one side.

    Signals
    -------
    chosen(site, channel)
        A person moved to a finding.
    opened()
        A person wants to see its sweeps.
    """

    chosen = Signal(object, int)
    opened = Signal()

    def __init__(self, block: Block, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model_ = BlockModel(block, self)
        self._is_told = False
        self.setModel(self.model_)
        self.setItemDelegate(CellDelegate(appearance, self))
        self.setHorizontalHeader(WrappedHeader(Qt.Orientation.Horizontal, appearance, self))
        self.setVerticalHeader(WrappedHeader(Qt.Orientation.Vertical, appearance, self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setStyleSheet(
            "QTableView { border: none; background: transparent; }"
            "QHeaderView { background: transparent; border: none; }"
            "QTableView::item { border: none; }"
            "QTableCornerButton::section { background: transparent; border: none; }"
        )
        self.activated.connect(lambda _index: self.opened.emit())
        appearance.changed.connect(self.viewport().update)

    def put(self, block: Block) -> None:
        """Show other findings."""
        self.model_.put(block)
        self.fit()

    def show_finding(self, site: Site | None, channel: int | None) -> bool:
        """Mark a finding without telling that a person chose it; return whether it is here."""
        index = self.model_.place_of(site, channel)
        self._is_told = True
        if not index.isValid():
            self.selectionModel().clear()
        elif self.currentIndex() != index or not self.selectionModel().hasSelection():
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(index, flag)
            self.scrollTo(index)
        self._is_told = False
        return index.isValid()

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802
        """Tell which finding a person moved to."""
        super().currentChanged(current, previous)
        cell = self.model_.cell(current)
        if cell is not None and not self._is_told:
            f = cell.finding
            self.chosen.emit((f.site, f.side), f.channel_index)

    # ------------------------------------------------------------------ sizes

    @property
    def least_width(self) -> int:
        """The width at which every cell is written in full and nothing has to be scrolled."""
        return self._head_width() + self.model_.columnCount() * self._least_column(0) + 2

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Share the width among the columns."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Give rows and columns the sizes that their words need."""
        n_columns, n_rows = self.model_.columnCount(), self.model_.rowCount()
        if not n_columns or not n_rows:
            return
        head = self._head_width()
        room = (self.width() - head - 2) // n_columns
        fitting = (x for x in range(LEVELS) if self._least_column(x) <= room)
        level = next(fitting, LEVELS - 1)
        column = max(self._least_column(level), min(room, WIDEST_COLUMN))
        self.model_.level = level
        self.verticalHeader().setFixedWidth(head)
        top = self._head_height(column)
        self.horizontalHeader().setFixedHeight(top)
        for c in range(n_columns):
            self.setColumnWidth(c, column)
        font = self.font()
        heights = [row_height(font, self._cells(r), column, level) for r in range(n_rows)]
        for r, height in enumerate(heights):
            self.setRowHeight(r, height)
        scrolls = head + n_columns * column > self.width()
        bar = self.horizontalScrollBar().sizeHint().height() if scrolls else 0
        self.setFixedHeight(top + sum(heights[:MOST_ROWS]) + bar + 2)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size at which nothing is cut."""
        return QSize(self.least_width, self.height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return a size at which the table can still be scrolled."""
        return QSize(120, 40)

    def _head_height(self, column: int) -> int:
        """Return the height of the names of the columns."""
        header = self.horizontalHeader()
        names = QFontMetricsF(header.font())
        assert isinstance(header, WrappedHeader)
        if self.model_.level:
            return int((header.widest if header.turned(column) else names.height()) + 6)
        lines = max(len(wrapped(names, m, column - 4)) for m in self.model_.heads)
        return int(lines * names.height() + 6)

    def _head_width(self) -> int:
        """Return the width of the names of the rows."""
        metrics = QFontMetricsF(self.verticalHeader().font())
        words = [w for name in self.model_.block.site_names for w in wrapped(metrics, name, 60)]
        return int(max((metrics.horizontalAdvance(w) for w in words), default=0) + 6)

    def _cells(self, row: int) -> list[Cell]:
        """Return the cells of a row."""
        return [cell for cell in self.model_.block.cells[row] if cell]

    def _least_column(self, level: int | None = None) -> int:
        """Return the width at which no word is cut, as cells are written now or at a level."""
        level = self.model_.level if level is None else level
        block = self.model_.block
        cells = [cell for row in block.cells for cell in row if cell]
        heads = block.abbreviations if level else [w for m in block.muscles for w in m.split(" ")]
        return min(least_column(self.font(), cells, list(heads), level), WIDEST_COLUMN)
