"""The open recordings: how far each is, what was found in it, and whether it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QListView, QMenu, QWidget

from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.contents.rows import (
    PAD,
    Index,
    RowDelegate,
    chip_width,
    draw_chip,
    draw_dot,
    draw_text,
    text_width,
)
from amr_viewer.gui.contents.section import RowList, Section
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Document, Stage
from amr_viewer.gui.theme import GAP, small_font

ANSWERS = {
    "present": ("present", "present"),
    "absent": ("absent", "absent"),
    "indeterminate": ("unsure", "cannot say"),
    "not_assessable": ("unsure", "not assessable"),
    "no_stimuli": ("direct", "no stimuli"),
}
"""Tone and word of an answer over a recording."""

UNSAVED_WIDTH = 14
STAGES = {
    Stage.READING: "reading",
    Stage.WAITING: "waiting",
    Stage.ANALYZING: "analyzing",
    Stage.FAILED: "failed",
}


@dataclass(frozen=True, slots=True)
class RecordingRow:
    """What a row says of a recording."""

    key: int
    name: str
    tone: str
    word: str
    fault: str
    unsaved: bool
    is_current: bool
    tip: str

    @property
    def spoken(self) -> str:
        """The row as a screen reader says it."""
        parts = [self.name, self.word, self.fault, "not saved yet" if self.unsaved else ""]
        return ", ".join(p for p in parts if p)


def recording_row(document: Document, percent: int | None, is_current: bool) -> RecordingRow:
    """Return what a row says of a recording.

    Parameters
    ----------
    document : Document
    percent : int or None
        How far its reading or analysis is, None if that is not known.
    is_current : bool
    """
    tone, word = "", ""
    if document.analysis is not None and document.stage is Stage.READY:
        tone, word = ANSWERS[document.analysis.amr]
    else:
        word = STAGES.get(document.stage, "")
        if percent is not None and document.stage in (Stage.READING, Stage.ANALYZING):
            word = f"{word} {percent} %"
    fault = document.fault if document.stage is Stage.FAILED else ""
    fault = fault.removeprefix(f"{document.path.name}: ")
    facts = [str(document.path), fault, *document.notes]
    if not document.is_saved:
        facts.append("Decisions are not saved yet.")
    tip = "\n".join(f for f in facts if f)
    unsaved = not document.is_saved
    return RecordingRow(
        document.key, document.path.name, tone, word, fault, unsaved, is_current, tip
    )


class RecordingModel(QAbstractListModel):
    """The recordings as rows."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: tuple[RecordingRow, ...] = ()

    def put(self, rows: tuple[RecordingRow, ...]) -> None:
        """Show other rows."""
        if [r.key for r in rows] != [r.key for r in self.rows]:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
        elif rows != self.rows:
            self.rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            self.layoutChanged.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        """Return how many recordings are open."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return name, tip and spoken text of a row."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        return {
            Qt.ItemDataRole.DisplayRole: row.name,
            Qt.ItemDataRole.ToolTipRole: row.tip,
            Qt.ItemDataRole.AccessibleTextRole: row.spoken,
        }.get(Qt.ItemDataRole(role))


class RecordingDelegate(RowDelegate):
    """Paints the name with a verdict or the stage at its right, and a fault below.

    A verdict that would leave too little room for the name stands below it.
    """

    def __init__(self, appearance: Appearance, view: QListView) -> None:
        super().__init__(appearance, view)
        self._view = view

    def lines(self, index: Index) -> int:
        """Return 2 where a fault or a verdict stands below the name."""
        row: RecordingRow = index.model().rows[index.row()]  # type: ignore[attr-defined]
        return 2 if row.fault or self.is_verdict_below(row) else 1

    def is_verdict_below(self, row: RecordingRow) -> bool:
        """Whether name and verdict do not fit into one line."""
        if not row.tone:
            return False
        bold = QFont(self._view.font())
        bold.setBold(True)
        wanted = text_width(bold, row.name) + chip_width(self._view.font(), row.word)
        room = self._view.viewport().width() - 2 * PAD - 1
        return wanted + GAP + UNSAVED_WIDTH * row.unsaved > room

    def paint_row(self, painter: QPainter, area: QRectF, index: Index) -> None:
        """Paint a recording."""
        row: RecordingRow = index.model().rows[index.row()]  # type: ignore[attr-defined]
        theme, font = self.theme, painter.font()
        below = QRectF(area.left(), area.center().y(), area.width(), area.height() / 2 - 2)
        if self.lines(index) == 2:
            area = QRectF(area.left(), area.top() + 2, area.width(), area.height() / 2 - 2)
        if row.fault:
            painter.setFont(small_font(font))
            draw_text(painter, below, row.fault, theme.muted)
        painter.setFont(font)
        if row.tone and self.is_verdict_below(row):
            draw_chip(painter, below, row.tone, row.word, theme)
            taken = 0.0
        elif row.tone:
            draw_chip(painter, area, row.tone, row.word, theme)
            taken = chip_width(font, row.word)
        else:
            painter.setFont(small_font(font))
            taken = text_width(painter.font(), row.word)
            draw_text(
                painter, area, row.word, theme.present if row.fault else theme.muted, right=True
            )
        left = area.left()
        if row.unsaved:
            draw_dot(painter, QPointF(left + 4, area.center().y()), theme.accent)
            left += UNSAVED_WIDTH
        bold = QFont(font)
        bold.setBold(row.is_current)
        painter.setFont(bold)
        name = QRectF(left, area.top(), area.right() - taken - 6 - left, area.height())
        draw_text(painter, name, row.name, theme.text, middle=True)


class RecordingSection(Section):
    """The list of open recordings."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        view = RowList("Open recordings")
        super().__init__("Recordings", view, parent)
        self.list, self._desk = view, desk
        self.model = RecordingModel(self)
        view.setModel(self.model)
        view.setItemDelegate(RecordingDelegate(desk.appearance, view))
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.setToolTip("Open recordings; Enter shows one, the menu key offers more")
        self._percent: dict[int, int] = {}
        session = desk.session
        session.documents_changed.connect(self.refresh)
        session.current_changed.connect(self.refresh)
        session.tasks.progressed.connect(self._progressed)
        desk.appearance.changed.connect(view.viewport().update)
        view.chosen.connect(lambda row: session.show(self.model.rows[row].key))
        view.customContextMenuRequested.connect(self._offer)
        self.refresh()

    def refresh(self) -> None:
        """Show what is open."""
        session = self._desk.session
        busy = {d.key for d in session.documents if d.stage in (Stage.READING, Stage.ANALYZING)}
        self._percent = {k: v for k, v in self._percent.items() if k in busy}
        current = session.document.key if session.document else None
        rows = tuple(
            recording_row(d, self._percent.get(d.key), d.key == current) for d in session.documents
        )
        self.model.put(rows)
        self.say("" if rows else "Drop a recording into the window, or open one.")
        self.list.show_row(next((i for i, r in enumerate(rows) if r.is_current), -1))

    def _progressed(self, lane: str, title: str, fraction: float) -> None:
        """Write how far a recording is."""
        word, _, key = lane.partition(" ")
        if word in ("read", "analyze") and key.isdigit():
            percent = round(100 * min(max(fraction, 0.0), 1.0))
            if self._percent.get(int(key)) != percent:
                self._percent[int(key)] = percent
                self.refresh()

    def menu_of(self, row: int) -> QMenu:
        """Return the menu of a row: show, close, show the fault."""
        menu, session, entry = QMenu(self), self._desk.session, self.model.rows[row]
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Show", lambda: session.show(entry.key))
        if entry.fault:
            menu.addAction(
                "Show fault", lambda: session.failed.emit(f"{entry.name}: {entry.fault}")
            )
        menu.addAction("Close recording", lambda: session.close(entry.key))
        return menu

    def _offer(self, at: QPoint) -> None:
        """Open the menu of the row under the mouse, or of the current one."""
        index = self.list.indexAt(at)
        index = index if index.isValid() else self.list.currentIndex()
        if index.isValid():
            self.menu_of(index.row()).popup(self.list.viewport().mapToGlobal(at))
