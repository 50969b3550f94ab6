"""One side's matrix as a table: cells with sign, count, word and onset; arrow keys move."""

from __future__ import annotations

from PySide6.QtCore import (
    QItemSelectionModel,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QResizeEvent
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
from amr_viewer.gui.chips import draw_sign
from amr_viewer.gui.document import Site
from amr_viewer.gui.findings.block_model import BlockModel, Index
from amr_viewer.gui.findings.words import Block, Cell
from amr_viewer.gui.theme import small_font

PAD, SIGN = 3.0, 10.0
WIDEST_COLUMN = 120
MOST_ROWS = 6
CENTER = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
WRAPPED = int(CENTER | Qt.TextFlag.TextWordWrap)


class WrappedHeader(QHeaderView):
    """A header whose names wrap at spaces, and end in an ellipsis only where a word is too long."""

    def __init__(
        self, orientation: Qt.Orientation, appearance: Appearance, parent: QWidget
    ) -> None:
        super().__init__(orientation, parent)
        self._appearance = appearance
        self.setFont(small_font(self.font()))
        self.setMinimumSectionSize(20)
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
        area = QRectF(rect).adjusted(2 if across else 0, 0, -2 if across else -4, 0)
        lines = [
            metrics.elidedText(line, Qt.TextElideMode.ElideRight, area.width())
            for line in wrapped(metrics, text, area.width())
        ]
        flags = CENTER if across else Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, flags, "\n".join(lines))
        painter.restore()


def wrapped(metrics: QFontMetricsF, text: str, width: float) -> list[str]:
    """Return the lines of a text that breaks at spaces."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and metrics.horizontalAdvance(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


class CellDelegate(QStyledItemDelegate):
    """Paints a cell: sign and count, then word, onset and what a person changed."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell."""
        model = index.model()
        cell = model.cell(index) if isinstance(model, BlockModel) else None
        area = QRectF(option.rect).adjusted(1.5, 1.5, -1.5, -1.5)
        theme = self._appearance.theme
        color, ground = theme.tone(cell.tone) if cell else (theme.muted, theme.ground)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setPen(QPen(QColor(theme.accent), 2) if is_chosen else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(area, 5, 5)
        if cell is not None:
            painter.setPen(QColor(color))
            self._write(painter, area.adjusted(PAD, 3, -PAD + 1, -3), cell)
        painter.restore()

    def _write(self, painter: QPainter, area: QRectF, cell: Cell) -> None:
        """Write the lines of a cell."""
        font = cell_font(painter.font())
        bold = QFont(font)
        bold.setBold(True)
        metrics, theme = QFontMetricsF(font), self._appearance.theme
        height, y, left = metrics.height(), area.top(), area.left()
        if cell.tone != "direct":
            draw_sign(painter, QPointF(left + 4, y + height / 2), 3.6, cell.tone, theme)
            left += SIGN
        for place, line in enumerate(cell_lines(metrics, cell, area.width())):
            is_strong = line in (cell.count, "M")
            painter.setFont(bold if is_strong else font)
            mark = " ✎" if place == 0 and cell.is_manual else ""
            painter.drawText(QPointF(left, y + metrics.ascent()), line + mark)
            left, y = area.left(), y + height


def cell_font(font: QFont) -> QFont:
    """Return the font of cells."""
    return small_font(font, 0.84)


def cell_lines(metrics: QFontMetricsF, cell: Cell, width: float) -> list[str]:
    """Return the lines of a cell; the sign stands before the first."""
    rest = [part for line in cell.lines for part in wrapped(metrics, line, width)]
    return [*wrapped(metrics, cell.word, width - SIGN), cell.count, *rest]


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
        """The width at which no word is cut and nothing has to be scrolled."""
        return self._head_width() + self.model_.columnCount() * self._least_column() + 2

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
        column = max(self._least_column(), min(room, WIDEST_COLUMN))
        self.verticalHeader().setFixedWidth(head)
        names = QFontMetricsF(self.horizontalHeader().font())
        name_lines = max(len(wrapped(names, m, column - 4)) for m in self.model_.block.muscles)
        top = int(name_lines * names.height() + 6)
        self.horizontalHeader().setFixedHeight(top)
        for c in range(n_columns):
            self.setColumnWidth(c, column)
        heights = [self._row_height(r, column) for r in range(n_rows)]
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

    def _head_width(self) -> int:
        """Return the width of the names of the rows."""
        metrics = QFontMetricsF(self.verticalHeader().font())
        words = [w for name in self.model_.block.site_names for w in wrapped(metrics, name, 60)]
        return int(max((metrics.horizontalAdvance(w) for w in words), default=0) + 6)

    def _least_column(self) -> int:
        """Return the width at which no word of a cell is cut."""
        font = cell_font(self.font())
        bold = QFont(font)
        bold.setBold(True)
        metrics, heads = QFontMetricsF(font), QFontMetricsF(bold)
        widest = 36.0
        for row in self.model_.block.cells:
            for cell in filter(None, row):
                before = SIGN * (cell.tone != "direct") + 13.0 * cell.is_manual
                first = [before + metrics.horizontalAdvance(w) for w in cell.word.split(" ")]
                parts = [x if x.endswith("ms") else w for x in cell.lines for w in x.split(" ")]
                rest = [metrics.horizontalAdvance(x) for x in parts]
                widest = max([widest, heads.horizontalAdvance(cell.count), *first, *rest])
        return int(widest + 2 * PAD + 2)

    def _row_height(self, row: int, column: int) -> int:
        """Return the height that the cells of a row need."""
        metrics = QFontMetricsF(cell_font(self.font()))
        width = column - 2 * PAD - 2
        lines = [len(cell_lines(metrics, c, width)) for c in self.model_.block.cells[row] if c]
        return int(max(lines, default=2) * metrics.height() + 10)
