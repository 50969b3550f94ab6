"""The table of marks as a widget: its columns, and the editor of a mark's channel."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from amr_viewer.gui.contents.mark_model import CHANNEL, DURATION, ORIGIN, TEXT, TIME, MarkModel
from amr_viewer.gui.contents.mark_rows import ALL_CHANNELS
from amr_viewer.gui.contents.rows import Index
from amr_viewer.gui.desk import Desk

NARROW_TEXT, WIDE_TEXT = 96, 160


class ChannelEditor(QStyledItemDelegate):
    """Edits the channel of a mark by choosing among those of the recording."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk

    def createEditor(  # noqa: N802
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> QWidget:
        """Return a list of the channels."""
        box = QComboBox(parent)
        document = self._desk.session.document
        channels = document.recording.channels if document and document.recording else ()
        box.addItems([ALL_CHANNELS, *dict.fromkeys(c.label for c in channels)])
        box.setAccessibleName("Channel of the mark")
        box.activated.connect(lambda _row: self.commitData.emit(box))
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: N802
        """Show the channel that the mark has."""
        if isinstance(editor, QComboBox):
            editor.setCurrentText(str(index.data()))

    def setModelData(  # noqa: N802
        self, editor: QWidget, model: QAbstractItemModel, index: Index
    ) -> None:
        """Hand over the channel that was chosen."""
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentText())


class MarkTable(QTableView):
    """The table itself: rows of one height, the text column takes the room that is left."""

    def __init__(self, model: MarkModel, desk: Desk) -> None:
        super().__init__()
        self.setModel(model)
        self.setAccessibleName("Marks")
        self.setToolTip("Marks; Enter goes there, F2 edits, Del removes")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setItemDelegateForColumn(CHANNEL, ChannelEditor(desk, self))
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + 8)
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        columns.setMinimumSectionSize(24)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Give each column the width that it needs, and the text what is left."""
        super().resizeEvent(event)
        width, columns = self.fontMetrics().horizontalAdvance, self.horizontalHeader()
        needed = {
            TIME: width("0:00:00.000") + 14,
            DURATION: width("Length, s") + 24,
            CHANNEL: width("EMG L Mentalis") + 16,
            ORIGIN: width("stimulus") + 16,
        }
        room = self.viewport().width() - needed[TIME]
        others = sum(needed.values()) - needed[TIME]
        needed[TEXT] = max(room - others if room > others + WIDE_TEXT else room, NARROW_TEXT)
        for column, size in needed.items():
            columns.resizeSection(column, size)
