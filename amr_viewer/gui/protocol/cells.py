"""How cells of an assignment are painted and edited."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    Qt,
)
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from amr_viewer.core.anatomy import Muscle
from amr_viewer.gui.protocol.choices import Column
from amr_viewer.gui.protocol.preparing import Preview
from amr_viewer.gui.protocol.tables import AssignmentModel
from amr_viewer.gui.theme import small_font

Index = QModelIndex | QPersistentModelIndex
EXTENT_WIDTH = 62


class CellDelegate(QStyledItemDelegate):
    """Edits cells with a box that takes part of a name, or with a line for a number."""

    def createEditor(  # noqa: N802 - Qt's name
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> QWidget:
        """Return what a cell is edited with."""
        column = _column(index)
        if not column.choices:
            line = QLineEdit(parent)
            line.setAccessibleName(column.title)
            return line
        box = QComboBox(parent)
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.addItems([c.text for c in column.choices])
        box.setAccessibleName(column.title)
        completer = QCompleter(box.model(), box)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        box.setCompleter(completer)
        widest = max(box.fontMetrics().horizontalAdvance(c.text) for c in column.choices)
        box.view().setMinimumWidth(widest + 40)
        box.activated.connect(lambda _: self._finish(box))
        return box

    def _finish(self, box: QComboBox) -> None:
        """Take what was chosen from the list at once."""
        self.commitData.emit(box)
        self.closeEditor.emit(box)

    def initStyleOption(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Let what is open stand out of a selected row too."""
        super().initStyleOption(option, index)
        if index.data(Qt.ItemDataRole.BackgroundRole) is not None:
            option.state &= ~QStyle.StateFlag.State_Selected

    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: N802 - Qt's name
        """Show the present value, all of it selected so that typing replaces it."""
        text = str(index.data(Qt.ItemDataRole.EditRole) or "")
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(editor.findText(text))
            editor.setEditText(text)
            line = editor.lineEdit()
            if line is not None:
                line.selectAll()
        elif isinstance(editor, QLineEdit):
            editor.setText(text)
            editor.selectAll()

    def setModelData(  # noqa: N802 - Qt's name
        self, editor: QWidget, model: QAbstractItemModel, index: Index
    ) -> None:
        """Hand over what was typed or chosen, if anything was."""
        text = editor.currentText() if isinstance(editor, QComboBox) else ""
        if isinstance(editor, QLineEdit):
            text = editor.text()
        if text != str(index.data(Qt.ItemDataRole.EditRole) or "") or self._is_guess(index):
            model.setData(index, text)

    def _is_guess(self, index: Index) -> bool:
        """Whether taking the value as it stands confirms a guess."""
        return str(index.data(Qt.ItemDataRole.DisplayRole)).endswith(" ?")

    def updateEditorGeometry(  # noqa: N802 - Qt's name
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Give the editor the cell, widened where its words need more."""
        rect = QRect(option.rect)
        if isinstance(editor, QComboBox):
            rect.setWidth(max(rect.width(), 110))
        editor.setGeometry(rect)


class SignalDelegate(QStyledItemDelegate):
    """Paints a stretch of each channel with its extent."""

    def __init__(
        self, preview_of: Callable[[int], Preview | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._preview_of = preview_of

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the ground of the cell and the signal."""
        super().paint(painter, option, index)
        model = index.model()
        assert isinstance(model, AssignmentModel)
        row = model.order[index.row()]
        preview = self._preview_of(row)
        if preview is None or model.look is None:
            return
        theme = model.appearance.theme
        area = QRectF(option.rect).adjusted(6, 4, -6, -4)
        drawn = area.adjusted(0, 0, -EXTENT_WIDTH, 0)
        value = model.cell(row, "muscle").value
        color = theme.muscle(value if isinstance(value, Muscle) else None)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(color), 1))
        painter.drawPolyline(_outline(preview, drawn))
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setPen(QColor(theme.text if is_selected else theme.muted))
        painter.setFont(small_font(option.font))
        unit = model.look.channels[row].guess.channel.unit
        align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, align, extent_words(preview.extent, unit))
        painter.restore()


def extent_words(extent: float, unit: str | None) -> str:
    """Return the extent of a signal, ``±120 µV``; empty where there is nothing."""
    if not math.isfinite(extent):
        return ""
    if unit != "uV":
        return f"±{extent:.3g} {unit or ''}".strip()
    power = min(int(math.log10(extent) + 1e-9) // 3, 2) if extent >= 1 else 0
    return f"±{extent / 1000**power:.3g} {('µV', 'mV', 'V')[power]}"


def _outline(preview: Preview, area: QRectF) -> QPolygonF:
    """Return lowest and highest values as one line over an area."""
    extent = preview.extent
    half = area.height() / 2
    scale = half / extent if math.isfinite(extent) and extent > 0 else 0.0
    middle, step = area.center().y(), area.width() / max(len(preview.low), 1)
    pairs = enumerate(zip(preview.low, preview.high, strict=True))
    return QPolygonF(
        [
            QPointF(
                area.left() + place * step, middle - max(min(float(value) * scale, half), -half)
            )
            for place, pair in pairs
            for value in pair
            if math.isfinite(value)
        ]
    )


def _column(index: Index) -> Column:
    """Return the column of a cell."""
    model = index.model()
    assert isinstance(model, AssignmentModel)
    return model.columns[index.column()]
