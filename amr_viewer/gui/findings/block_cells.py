"""How a cell of the matrix is painted: sign, count and onset, in fewer words where it is narrow."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.chips import draw_sign
from amr_viewer.gui.findings.block_model import BlockModel, Index
from amr_viewer.gui.findings.words import Cell, compact_lines
from amr_viewer.gui.theme import small_font

PAD, SIGN = 3.0, 10.0
NARROW_MARGIN, SIGN_LINE = 5.0, 11.0
CORNER = 6.0


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
            level = model.level if isinstance(model, BlockModel) else 0
            if level:
                self._write_narrow(painter, area, cell, level)
            else:
                self._write(painter, area.adjusted(PAD, 3, -PAD + 1, -3), cell)
        painter.restore()

    def _write_narrow(self, painter: QPainter, area: QRectF, cell: Cell, level: int) -> None:
        """Write the lines of a narrow cell below its sign; a corner tells of a person."""
        theme = self._appearance.theme
        font = cell_font(painter.font())
        bold = QFont(font)
        bold.setBold(True)
        height, y = QFontMetricsF(font).height(), area.top() + 3
        if cell.tone != "direct":
            at = QPointF(area.center().x(), y + SIGN_LINE / 2)
            draw_sign(painter, at, 3.6, cell.tone, theme)
        y += SIGN_LINE
        for place, line in enumerate(compact_lines(cell, level)):
            painter.setFont(bold if place == 1 else font)
            box = QRectF(area.left(), y, area.width(), height)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, line)
            y += height
        if cell.is_manual:
            tip = area.topRight()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent))
            painter.drawPolygon(
                QPolygonF([tip, tip - QPointF(CORNER, 0), tip + QPointF(0, CORNER)])
            )

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


def least_column(font: QFont, cells: list[Cell], heads: list[str], level: int) -> int:
    """Return the width at which no word of cells is cut, nor of their heads in full."""
    bold = QFont(cell_font(font))
    bold.setBold(True)
    metrics, strong = QFontMetricsF(cell_font(font)), QFontMetricsF(bold)
    names = QFontMetricsF(small_font(font))
    if level:
        words = [x for cell in cells for x in compact_lines(cell, level)]
        widths = [strong.horizontalAdvance(x) for x in words]
        return int(max([SIGN, *widths]) + NARROW_MARGIN)
    widest = 36.0
    for cell in cells:
        before = SIGN * (cell.tone != "direct") + 13.0 * cell.is_manual
        first = [before + metrics.horizontalAdvance(w) for w in cell.word.split(" ")]
        parts = [x if x.endswith("ms") else w for x in cell.lines for w in x.split(" ")]
        rest = [metrics.horizontalAdvance(x) for x in parts]
        widest = max([widest, strong.horizontalAdvance(cell.count), *first, *rest])
    named = max((names.horizontalAdvance(x) + 4 for x in heads), default=0.0)
    return int(max(widest + 2 * PAD + 3, named) + 0.5)


def row_height(font: QFont, cells: list[Cell], column: int, level: int) -> int:
    """Return the height that the cells of a row need."""
    metrics = QFontMetricsF(cell_font(font))
    if level:
        n = max((len(compact_lines(cell, level)) for cell in cells), default=1)
        return int(SIGN_LINE + n * metrics.height() + 8)
    width = column - 2 * PAD - 2
    n = max((len(cell_lines(metrics, cell, width)) for cell in cells), default=2)
    return int(n * metrics.height() + 10)
