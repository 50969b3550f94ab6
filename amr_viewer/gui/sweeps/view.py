"""The Sweeps view: composes headline, cards and bar; what they show is left to them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QFont, QHideEvent, QKeyEvent, QPainter, QShowEvent
from PySide6.QtWidgets import QLabel, QStackedLayout, QVBoxLayout, QWidget

from amr_viewer.gui.actions import ActionSpec
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.figure_copy import FigureKind, copy_figure
from amr_viewer.gui.sweeps.bar import Bar
from amr_viewer.gui.sweeps.block_strip import BlockStrip
from amr_viewer.gui.sweeps.board import Board
from amr_viewer.gui.sweeps.card import Card
from amr_viewer.gui.sweeps.commands import commands
from amr_viewer.gui.sweeps.figures import draw_cards, figure_size
from amr_viewer.gui.sweeps.headline import HeadlineStrip
from amr_viewer.gui.sweeps.model import VIEW, Model
from amr_viewer.gui.sweeps.scene import Scene
from amr_viewer.gui.sweeps.verdicts import Verdicts
from amr_viewer.gui.sweeps.walking import blocks_of, show_all, step
from amr_viewer.gui.sweeps.words import sweep_words
from amr_viewer.gui.theme import GAP

PLAY_MS = 250


class SweepsView(QWidget):
    """Every sweep of a site, muscle by muscle, with its verdict."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.model = Model(desk, self)
        self.verdicts = Verdicts(self.model)
        self._play = QTimer(self)
        self._play.setInterval(PLAY_MS)
        self._play.timeout.connect(self._play_on)
        self.headline = HeadlineStrip(desk.appearance, self)
        self.board = Board(self.model, self.verdicts, self)
        self.strip = BlockStrip(self.model, self)
        self.bar = Bar(self.model, self)
        self.message = QLabel(self)
        self.message.setProperty("role", "muted")
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setWordWrap(True)
        self._compose()
        self.setAccessibleName("Sweeps")
        self.model.panels_changed.connect(self._follow)
        self.model.sweep_changed.connect(self._say_sweep)
        desk.session.current_changed.connect(self._follow)
        desk.session.documents_changed.connect(self._follow)
        desk.session.view_changed.connect(self._follow)
        self._follow()

    def _compose(self) -> None:
        """Put the parts in their places."""
        pages = QWidget(self)
        self._pages = QStackedLayout(pages)
        self._pages.addWidget(self.board)
        self._pages.addWidget(self.message)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 12, 8)
        box.setSpacing(GAP)
        box.addWidget(self.headline)
        box.addWidget(self.strip)
        box.addWidget(pages, 1)
        box.addWidget(self.bar)

    def actions(self) -> tuple[ActionSpec, ...]:  # type: ignore[override]
        """Return what a person can do here."""
        return commands(self)

    # ------------------------------------------------------------------ following

    def _follow(self) -> None:
        """Show the answer, and cards or why there are none."""
        if self.desk.session.view != VIEW:
            return
        document = self.model.document
        self.headline.show_analysis(document.analysis if document else None)
        text = self.model.message
        self.message.setText(text)
        self._pages.setCurrentIndex(1 if text else 0)

    def _say_sweep(self) -> None:
        """Tell the status bar of the selected sweep."""
        panel, row = self.model.panel, self.model.row
        if not self.isVisible() or panel is None or row is None:
            return
        chosen = self.model.chosen
        many = f"{chosen[1] - chosen[0] + 1} sweeps chosen · " if chosen else ""
        self.desk.session.pointed.emit(many + sweep_words(panel, row, where=True))

    def without_panels(self) -> str:
        """Say why nothing can be done, empty if something can."""
        return self.model.message

    def without_block(self) -> str:
        """Say why there is no block to leave, empty if there is one."""
        return "" if self.model.block else "All sweeps of this branch are shown."

    def without_blocks(self) -> str:
        """Say why there are no blocks to show, empty if there are some."""
        if self.model.message or self.model.block:
            return self.model.message
        found = blocks_of(self.model.document, self.model.site)
        return "" if found else "The stimuli of this branch are not cut into blocks."

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Show all sweeps again by Escape."""
        if event.key() == Qt.Key.Key_Escape and self.model.block is not None:
            show_all(self.model)
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Take the keys where a block was opened from elsewhere."""
        super().showEvent(event)
        if self.model.block is not None:
            self.board.setFocus()

    def without_other_side(self) -> str:
        """Say why there is no other side to show, empty if there is one."""
        if self.model.message or self.model.has_other_side:
            return self.model.message
        return "No muscle of the other side was recorded."

    def without_row(self) -> str:
        """Say why nothing can be said of a sweep, empty if something can."""
        if self.model.message:
            return self.model.message
        if self.model.panel is None:
            return "Select a muscle first."
        if self.model.row is None:
            return "Select a sweep first: click a trace, or press Right."
        return ""

    def scene(self) -> Scene | None:
        """Return what the selected card draws."""
        card = self.board.selected_card
        return card.canvas.scene() if card else None

    # ------------------------------------------------------------------ playing

    @property
    def is_playing(self) -> bool:
        """Whether the sweeps go by on their own."""
        return self._play.isActive()

    def toggle_play(self) -> None:
        """Let the sweeps go by one after another, or stop."""
        if self.is_playing:
            self._play.stop()
            return
        if self.model.row == len(self.model.stimuli) - 1:
            self.model.select_row(0)
        else:
            step(self.model, 1)
        self._play.start()

    def _play_on(self) -> None:
        """Show the next sweep; stop at the last."""
        row = self.model.row
        if row is None or row + 1 >= len(self.model.stimuli):
            self._play.stop()
        else:
            step(self.model, 1)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Stop playing where nobody looks."""
        super().hideEvent(event)
        self._play.stop()

    # ------------------------------------------------------------------ figures

    def copy_panel(self, kind: FigureKind) -> None:
        """Copy the selected muscle as drawn."""
        card = self.board.selected_card or next(iter(self.board.cards), None)
        if card is not None:
            self._copy([card.canvas.size()], [[card]], kind)

    def copy_all(self, kind: FigureKind) -> None:
        """Copy all muscles as drawn."""
        rows: dict[int, list[Card]] = {}
        for card in self.board.cards:
            rows.setdefault(card.y(), []).append(card)
        self._copy([c.canvas.size() for c in self.board.cards], list(rows.values()), kind)

    def _copy(self, sizes: list[QSize], rows: list[list[Card]], kind: FigureKind) -> None:
        """Copy cards."""
        cell = figure_size(sizes)
        size = QSize(cell.width() * max(len(r) for r in rows), cell.height() * len(rows))
        font = QFont(self.font())

        def paint(painter: QPainter) -> None:
            painter.setFont(font)
            draw_cards(painter, rows, cell)

        copy_figure(paint, size, kind)
        self.desk.session.said.emit(f"copied as {kind.upper()}")
