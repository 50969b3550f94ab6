"""Lays the cards of a site out in columns and keeps their pictures up to date."""

from __future__ import annotations

from math import ceil, log

from PySide6.QtCore import QRect, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from amr_viewer.gui.sweeps.artist import Made
from amr_viewer.gui.sweeps.card import Card
from amr_viewer.gui.sweeps.model import Model
from amr_viewer.gui.sweeps.panels import Panel
from amr_viewer.gui.sweeps.scene import WHY
from amr_viewer.gui.sweeps.verdicts import Verdicts
from amr_viewer.gui.theme import GAP

LEAST_WIDTH, LEAST_HEIGHT = 300, 184
MOST_COLUMNS = 4
BEST_ASPECT = 1.45


def columns_for(groups: list[int], width: int, height: int) -> int:
    """Return in how many columns cards look best.

    Parameters
    ----------
    groups : list of int
        Sizes of the groups of cards that lie beside each other.
    width, height : int
        Room, in pixels.
    """
    pairs = max(groups, default=1) > 1
    best, least = 1, float("inf")
    for columns in range(1, MOST_COLUMNS + 1):
        if columns > 1 and (columns * (LEAST_WIDTH + GAP) > width + GAP or columns > sum(groups)):
            break
        if pairs and columns == 3:
            continue
        rows = len(places(groups, columns))
        rows = max((r for r, _ in places(groups, columns)), default=0) + 1
        cell = height / rows - GAP
        cost = abs(log(max(width / columns, 1) / max(cell, 1) / BEST_ASPECT))
        cost += 3.0 * max(0.0, 1 - cell / LEAST_HEIGHT)
        cost += 1.0 * (rows * columns - sum(groups)) / (rows * columns)
        if cost < least - 1e-9:
            best, least = columns, cost
    return best


def places(groups: list[int], columns: int) -> list[tuple[int, int]]:
    """Return row and column of every card; groups stay side by side.

    Examples
    --------
    >>> places([2, 1, 2], 2)
    [(0, 0), (0, 1), (1, 0), (2, 0), (2, 1)]
    """
    wide = min(max(groups, default=1), columns)
    out, at = [], 0
    for size in groups:
        for k in range(size):
            row, column = divmod(at + k, columns)
            out.append((row, column))
        at += ceil(size / wide) * wide
    return out


class Board(QScrollArea):
    """The cards of a site."""

    def __init__(self, model: Model, verdicts: Verdicts, parent: QWidget) -> None:
        super().__init__(parent)
        self._model, self._verdicts = model, verdicts
        model.artist.made.connect(self._take)
        self.cards: list[Card] = []
        self._inner = QWidget()
        self.setWidget(self._inner)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(0)
        self._due.timeout.connect(self._draw)
        self._stale: list[Card] = []
        self._was_why = False
        self._paint = QTimer(self)
        self._paint.setSingleShot(True)
        self._paint.setInterval(0)
        self._paint.timeout.connect(self._paint_next)
        model.panels_changed.connect(self._follow)
        model.size_changed.connect(self._refresh)
        model.sweeps_changed.connect(self._refresh)
        model.sweep_changed.connect(self._refresh)
        model.look_changed.connect(self._refresh)
        model.session.display_changed.connect(self._refresh)
        model.desk.appearance.changed.connect(self._refresh)
        self._follow()

    # ------------------------------------------------------------------ cards

    def _follow(self) -> None:
        """Show the panels as they are now; cards are used again."""
        panels = self._model.panels
        while len(self.cards) > len(panels):
            card = self.cards.pop()
            card.hide()
            card.setParent(None)
            card.deleteLater()
        for card, panel in zip(self.cards, panels, strict=False):
            card.show_panel(panel)
        for panel in panels[len(self.cards) :]:
            self.cards.append(self._card(panel))
        self._arrange()
        self._refresh()

    def _card(self, panel: Panel) -> Card:
        """Return a card for a panel."""
        card = Card(self._model, self._verdicts, panel, self._inner)
        card.show()
        return card

    def _refresh(self) -> None:
        """Show what is selected, once for all that changed in this turn of the event loop."""
        self._due.start()

    def _show_selected(self) -> None:
        """Scroll so that the selected card is in sight."""
        card = self.selected_card
        if card is not None and self._inner.height() > self.viewport().height():
            self.ensureWidgetVisible(card, 0, 0)

    @property
    def selected_card(self) -> Card | None:
        """The card that keys act on."""
        panel = self._model.panel
        return next((c for c in self.cards if c.panel is panel), None)

    @property
    def is_current(self) -> bool:
        """Whether everything is drawn as it is looked at."""
        waits = self._due.isActive() or bool(self._stale)
        return not waits and all(card.canvas.is_current for card in self.cards)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Lay the cards out in the room there is."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Put every card in its place."""
        groups = [len(group) for group in self._model.groups]
        if sum(groups) != len(self.cards):
            return  # Something above grew or shrank before the new cards are made.
        view = self.viewport().size()
        bar = self.verticalScrollBar().sizeHint().width()
        columns = columns_for(groups, self.width(), self.height())
        at = places(groups, columns)
        rows = max((row for row, _ in at), default=0) + 1
        least = LEAST_HEIGHT + (WHY if self._model.look.why else 0)
        scrolls = rows * (least + GAP) - GAP > self.height()
        width = self.width() - (bar + 2 if scrolls else 0)
        height = least if scrolls else (self.height() - GAP * (rows - 1)) // rows
        cell = (width - GAP * (columns - 1)) // columns
        self._inner.resize(max(width, view.width() - bar), rows * (height + GAP) - GAP)
        for card, (row, column) in zip(self.cards, at, strict=True):
            card.setGeometry(QRect(column * (cell + GAP), row * (height + GAP), cell, height))

    # ------------------------------------------------------------------ pictures

    def _draw(self) -> None:
        """Show what is selected, and have drawn what is missing, the selected card first."""
        if not self.isVisible():
            return
        if self._was_why != self._model.look.why:
            self._was_why = self._model.look.why
            self._arrange()
        for card in self.cards:
            card.refresh()
        self._show_selected()
        canvas = next((c.canvas for c in self.cards), None)
        if canvas is not None:
            self._model.plot_height = canvas.scene().frame.plot.height()
        selected = self.selected_card
        order = sorted(self.cards, key=lambda card: card is not selected)
        self._model.artist.want([wish for card in order for wish in card.canvas.wishes()])
        self._stale = order
        self._paint_next()

    def _paint_next(self) -> None:
        """Have one card painted per turn, so that many of them never hold the window up."""
        if self._stale:
            self._stale.pop(0).canvas.update()
            self._paint.start()

    def _take(self, made: Made) -> None:
        """Hand a picture to its card, if it is still the one that is wanted."""
        for card in self.cards:
            if card.panel.channel == made.channel and any(
                wish.key == made.key for wish in card.canvas.wishes()
            ):
                card.canvas.take(made)
                card.refresh_sign()
                self._stale = [c for c in self._stale if c is not card] + [card]
                self._paint.start()

    def showEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        """Draw what was put off while nobody looked."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._due.start()
