"""The channels: what each is, its role for the selected branch, whether Traces shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QEvent,
    QMimeData,
    QModelIndex,
    QObject,
    QPointF,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem, QToolButton, QWidget

from amr_viewer.gui.contents.channel_rows import (
    ROLES,
    ChannelRow,
    channel_rows,
    moved,
    with_visible,
)
from amr_viewer.gui.contents.rows import (
    Index,
    RowDelegate,
    draw_dot,
    draw_eye,
    draw_text,
    draw_warning,
    text_width,
)
from amr_viewer.gui.contents.section import RowList, Section
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Stage
from amr_viewer.gui.theme import small_font

MIME = "application/x-amr-viewer-channel"
EYE_WIDTH = 22.0
ASSIGN = "assign…"


class ChannelModel(QAbstractListModel):
    """The channels as rows that can be checked (visible) and dragged to another place."""

    assign_wanted = Signal()
    visible_wanted = Signal(int, bool)
    place_wanted = Signal(int, int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: tuple[ChannelRow, ...] = ()

    def put(self, rows: tuple[ChannelRow, ...]) -> None:
        """Show other rows."""
        if [r.channel for r in rows] != [r.channel for r in self.rows]:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
        elif rows != self.rows:
            self.rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        """Return how many channels there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return name, tip, spoken text and whether the channel is shown."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        checked = Qt.CheckState.Checked if row.visible else Qt.CheckState.Unchecked
        return {
            Qt.ItemDataRole.DisplayRole: row.name,
            Qt.ItemDataRole.ToolTipRole: row.tip,
            Qt.ItemDataRole.AccessibleTextRole: row.spoken,
            Qt.ItemDataRole.CheckStateRole: checked,
        }.get(Qt.ItemDataRole(role))

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Ask for a channel to be shown or hidden."""
        if not index.isValid() or role != Qt.ItemDataRole.CheckStateRole:
            return False
        shown = Qt.CheckState(value) is Qt.CheckState.Checked
        self.visible_wanted.emit(self.rows[index.row()].channel, shown)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Say that rows can be checked and dragged."""
        flag = Qt.ItemFlag
        if not index.isValid():
            return flag.ItemIsDropEnabled
        chosen = flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemNeverHasChildren
        return chosen | flag.ItemIsUserCheckable | flag.ItemIsDragEnabled

    def supportedDropActions(self) -> Qt.DropAction:  # noqa: N802
        """Say that rows are moved."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:  # noqa: N802
        """Say what a dragged row is."""
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:  # noqa: N802
        """Return the channel that is dragged."""
        data = QMimeData()
        data.setData(MIME, str(self.rows[indexes[0].row()].channel).encode())
        return data

    def dropMimeData(  # noqa: N802
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Ask for the channel's new place; the rows follow the layout, hence nothing is removed."""
        if data.hasFormat(MIME):
            place = parent.row() if parent.isValid() else row if row >= 0 else len(self.rows)
            self.place_wanted.emit(int(bytes(data.data(MIME).data())), place)
        return False


class ChannelDelegate(RowDelegate):
    """Paints eye, color, name, the label in the file and the role."""

    def paint_row(self, painter: QPainter, area: QRectF, index: Index) -> None:
        """Paint a channel."""
        row: ChannelRow = index.model().rows[index.row()]  # type: ignore[attr-defined]
        theme, font = self.theme, painter.font()
        text = theme.text if row.visible else theme.muted
        eye = QPointF(area.left() + 6, area.center().y())
        draw_eye(painter, eye, theme.muted, is_open=row.visible)
        sign = QPointF(area.left() + EYE_WIDTH + 6, area.center().y())
        if row.missing:
            draw_warning(painter, sign, theme)
        else:
            draw_dot(painter, sign, theme.muscle(row.muscle), filled=row.visible)
        painter.setFont(small_font(font))
        right = ASSIGN if row.missing else ROLES[row.role] if row.role else ""
        taken = text_width(painter.font(), right) + 6 if right else 0.0
        color = theme.accent if row.missing else theme.muted
        draw_text(painter, area, right, color, right=True)
        painter.setFont(font)
        name = area.adjusted(EYE_WIDTH + 18, 0, -taken, 0)
        draw_text(painter, name, row.name, text, middle=row.muscle is None)
        label = row.unit if row.label == row.name else f"{row.label} {row.unit}".strip()
        rest = name.adjusted(text_width(font, row.name) + 8, 0, 0, 0)
        painter.setFont(small_font(font))
        if label and rest.width() >= text_width(painter.font(), label):
            draw_text(painter, rest, label, theme.muted)

    def editorEvent(  # noqa: N802
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Switch the eye by a click on it, or by the space key."""
        if isinstance(event, QMouseEvent):
            if self._is_assign(event, option, index):
                index.model().assign_wanted.emit()  # type: ignore[attr-defined]
                return True
            at_eye = event.position().x() < option.rect.left() + EYE_WIDTH + 4
            if not at_eye or event.button() is not Qt.MouseButton.LeftButton:
                return False
            if event.type() is not QEvent.Type.MouseButtonRelease:
                return True
        elif not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_Space:
            return False
        was = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole))
        now = Qt.CheckState.Unchecked if was is Qt.CheckState.Checked else Qt.CheckState.Checked
        return model.setData(index, now, Qt.ItemDataRole.CheckStateRole)

    def _is_assign(self, event: QMouseEvent, option: QStyleOptionViewItem, index: Index) -> bool:
        """Whether a click ended on the word for assigning an unknown channel."""
        row: ChannelRow = index.model().rows[index.row()]  # type: ignore[attr-defined]
        width = text_width(small_font(option.font), ASSIGN) + 14
        at_word = event.position().x() > option.rect.right() - width
        is_release = event.type() is QEvent.Type.MouseButtonRelease
        return bool(row.missing) and at_word and is_release


class ChannelSection(Section):
    """The list of channels.

    Signals
    -------
    assign_wanted()
        A person wants to say what an unknown channel or marker is.
    """

    assign_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        view = RowList("Channels")
        super().__init__("Channels", view, parent)
        self.list, self._desk = view, desk
        self.model = ChannelModel(self)
        view.setModel(self.model)
        view.setItemDelegate(ChannelDelegate(desk.appearance, view))
        view.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        view.setToolTip(
            "Channels; Space shows or hides one in Traces, drag or Alt+Up/Down moves it"
        )
        self.assign = QToolButton()
        self.assign.setText("Assign…")
        self.assign.setToolTip("Say which muscle and side each channel is, and what markers mean")
        self.assign.setAccessibleName("Assign channels and markers")
        self.buttons.addWidget(self.assign)
        self.assign.clicked.connect(self.assign_wanted)
        self.model.visible_wanted.connect(self.set_visible)
        self.model.place_wanted.connect(self.move_to)
        view.chosen.connect(self._choose)
        view.activated.connect(self._activate)
        self.model.assign_wanted.connect(self.assign_wanted)
        session = desk.session
        for signal in (
            session.recording_changed,
            session.analysis_changed,
            session.layout_changed,
            session.current_changed,
        ):
            signal.connect(self.refresh)
        session.selection_changed.connect(self.refresh)
        desk.appearance.changed.connect(view.viewport().update)
        self.refresh()

    def refresh(self) -> None:
        """Show the channels as they are now."""
        document = self._desk.session.document
        was = self.current_channel()
        rows = channel_rows(document)
        self.model.put(rows)
        self.assign.setEnabled(bool(rows))
        if document is None:
            self.say("No recording is open.")
        elif not rows:
            reading = document.stage is Stage.READING
            self.say("Reading…" if reading else "The recording was not read.")
        else:
            self.say("")
            response = document.selection.channel
            chosen = [i for i, r in enumerate(rows) if r.response == response is not None]
            same = [i for i, r in enumerate(rows) if r.channel == was and r.response is None]
            self.list.show_row(next(iter(same or chosen), -1))

    def current_channel(self) -> int | None:
        """Return the channel of the current row, an index into `Recording.channels`."""
        row = self.list.currentIndex().row()
        return self.model.rows[row].channel if 0 <= row < len(self.model.rows) else None

    def set_visible(self, channel: int, visible: bool) -> None:
        """Show or hide a channel in Traces."""
        document = self._desk.session.document
        if document is not None:
            self._desk.session.set_layout(with_visible(document.layout, channel, visible))

    def move_to(self, channel: int, place: int) -> None:
        """Put a channel before another one."""
        document = self._desk.session.document
        if document is not None and channel in document.layout.order:
            self._desk.session.set_layout(moved(document.layout, channel, place))
            row = next(i for i, r in enumerate(self.model.rows) if r.channel == channel)
            self.list.show_row(row)

    def move_current(self, step: int) -> None:
        """Move the current channel up (-1) or down (1)."""
        document, channel = self._desk.session.document, self.current_channel()
        if document is not None and channel is not None:
            at = document.layout.order.index(channel)
            self.move_to(channel, at - 1 if step < 0 else at + 2)

    def _choose(self, row: int) -> None:
        """Select a channel, where it was analyzed."""
        response = self.model.rows[row].response
        if response is not None:
            self._desk.session.select(channel=response)

    def _activate(self, index: QModelIndex) -> None:
        """Ask what an unknown channel is."""
        if self.model.rows[index.row()].missing:
            self.assign_wanted.emit()
