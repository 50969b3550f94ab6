"""The heat map of synchrony: how far each pair of muscles bursts together, and with what lag."""

from __future__ import annotations

from math import isfinite

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from amr_viewer.core.bursts import BurstChannel, Bursts
from amr_viewer.core.patterns import Synchrony
from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.key_guard import OWN_KEYS
from amr_viewer.gui.patterns.colors import mixed
from amr_viewer.gui.patterns.lanes import ordered_channels
from amr_viewer.gui.patterns.words import code_of, number, pair_words
from amr_viewer.gui.plot.frame import elided
from amr_viewer.gui.theme import Theme, small_font

MOST_CELL = 80.0
KEY = "Index 0 by chance, 1 always; lag"
KEY_CROSSTALK = "; hatched: crosstalk?"

STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


STRONGEST = 0.5
"""How much of the accent the strongest cell holds: its text must stay readable."""


def cell_color(theme: Theme, index: float) -> QColor:
    """Return the ground of a cell, on which the theme's text can be read."""
    return mixed(theme.ground, theme.accent, STRONGEST * min(max(index, 0.0), 1.0))


class SynchronyMap(QWidget):
    """A triangle of cells, one per pair of muscles.

    Signals
    -------
    pointed(text)
        The pair under the mouse, or the one that was gone to by the keys.
    """

    pointed = Signal(str)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.channels: tuple[BurstChannel, ...] = ()
        self.pairs: dict[tuple[int, int], Synchrony] = {}
        self.current: tuple[int, int] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty(OWN_KEYS, True)
        self.setFont(small_font(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(200, 160))
        self.setAccessibleName("Synchrony of pairs of muscles; arrow keys go from pair to pair")
        appearance.changed.connect(self.update)

    def show_pairs(self, bursts: Bursts, pairs: tuple[Synchrony, ...]) -> None:
        """Show other pairs, of the channels that are in any of them."""
        known = {i for p in pairs for i in (p.a, p.b)}
        self.channels = tuple(c for c in ordered_channels(bursts) if c.index in known)
        self.pairs = {(p.a, p.b): p for p in pairs}
        self.current = None
        self.setAccessibleDescription("")
        self.update()

    def pair(self, row: int, column: int) -> Synchrony | None:
        """Return the pair of two channels by their places."""
        a, b = self.channels[row].index, self.channels[column].index
        return self.pairs.get((a, b)) or self.pairs.get((b, a))

    def words(self, row: int, column: int) -> str:
        """Return what is known of a pair; empty if it was not looked at."""
        pair = self.pair(row, column)
        if pair is None:
            return ""
        names = {c.index: c.name for c in self.channels}
        return pair_words(pair, names[pair.a], names[pair.b])

    # ------------------------------------------------------------------ where things lie

    def _margins(self) -> tuple[float, float]:
        """Return the room for names, on the left and below."""
        widths = [self.fontMetrics().horizontalAdvance(self._code(c)) for c in self.channels]
        wide = min(max([*widths, 20]), 110) + 10.0
        return wide, min(wide, 90.0)

    def cell(self) -> tuple[float, float]:
        """Return width and height of a cell in pixels."""
        left, low = self._margins()
        n = max(len(self.channels) - 1, 1)
        foot = self.fontMetrics().height() + 6
        wide, high = (self.width() - left - 6) / n, (self.height() - low - foot - 8) / n
        return max(min(wide, MOST_CELL), 8.0), max(min(high, MOST_CELL), 8.0)

    def box(self, row: int, column: int) -> QRectF:
        """Return the place of a pair; the row is the later of the two channels."""
        (wide, high), left = self.cell(), self._margins()[0]
        return QRectF(left + column * wide, 4 + (row - 1) * high, wide, high)

    def at(self, point: QPointF) -> tuple[int, int] | None:
        """Return the pair at a point."""
        (wide, high), left = self.cell(), self._margins()[0]
        row, column = int((point.y() - 4) // high) + 1, int((point.x() - left) // wide)
        inside = 0 <= column < row < len(self.channels)
        return (row, column) if inside else None

    def _code(self, channel: BurstChannel) -> str:
        """Return the short name of a channel."""
        return code_of(channel.muscle, channel.side, channel.label)

    # ------------------------------------------------------------------ drawing

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw cells, names and the key of colors, and where the keys are."""
        painter, theme = QPainter(self), self._appearance.theme
        self.draw(painter)
        if self.current is not None and self.hasFocus():
            painter.setPen(QPen(QColor(theme.text), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.box(*self.current).adjusted(1, 1, -2, -2))
        elif self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def draw(self, painter: QPainter) -> None:
        """Draw everything but what has the focus."""
        theme = self._appearance.theme
        painter.fillRect(self.rect(), QColor(theme.surface))
        if len(self.channels) < 2:
            painter.setPen(QColor(theme.muted))
            text = "Too few bursts to compare muscles"
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)
            return
        for row in range(1, len(self.channels)):
            for column in range(row):
                self._draw_cell(painter, row, column)
        self._draw_names(painter)
        self._draw_key(painter)

    def _draw_cell(self, painter: QPainter, row: int, column: int) -> None:
        """Draw a cell: its color is the index; a copy of another channel is hatched."""
        theme, box = self._appearance.theme, self.box(row, column).adjusted(0, 0, -1, -1)
        pair = self.pair(row, column)
        if pair is None or not pair.index.known:
            painter.fillRect(box, QColor(theme.ground))
            painter.setPen(QColor(theme.muted))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "–")
            return
        value = pair.index.value
        ground = cell_color(theme, value)
        painter.fillRect(box, ground)
        if pair.crosstalk:
            painter.fillRect(box, QBrush(QColor(theme.late), Qt.BrushStyle.FDiagPattern))
            painter.fillRect(box.adjusted(4, 4, -4, -4), ground)
        painter.setPen(QColor(theme.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._cell_words(pair, box))

    def _cell_words(self, pair: Synchrony, box: QRectF) -> str:
        """Return as much of index and lag as a cell has room for."""
        metrics = self.fontMetrics()
        index, lag = (
            f"{round(pair.index.value, 2) + 0.0:.2f}".replace("-", "−"),
            abs(pair.lag_ms.median),
        )
        wanted = [index, index.replace("0.", ".")]
        if isfinite(lag):
            time = f"{number(lag, 2)} ms"
            wanted = [f"{index}\n{time}", f"{index}\n{number(lag, 2)}", f"{index}, {time}", *wanted]
        for text in wanted:
            lines = text.split("\n")
            is_low = len(lines) * metrics.height() <= box.height() + 2
            if is_low and max(metrics.horizontalAdvance(x) for x in lines) + 4 <= box.width():
                return text
        return ""

    def _draw_names(self, painter: QPainter) -> None:
        """Write the channels beside the rows and, turned, below the columns."""
        (wide, high), (left, low) = self.cell(), self._margins()
        painter.setPen(QColor(self._appearance.theme.text))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for row, channel in enumerate(self.channels):
            text = elided(painter, self._code(channel), left - 8)
            if row:
                box = QRectF(0, self.box(row, 0).top(), left - 6, high)
                painter.drawText(box, right, text)
            if row < len(self.channels) - 1:
                painter.save()
                bottom = self.box(len(self.channels) - 1, 0).bottom()
                painter.translate(left + (row + 0.5) * wide, bottom + 4)
                painter.rotate(-90)
                below = elided(painter, self._code(channel), low - 6)
                painter.drawText(QRectF(-low, -wide / 2, low, wide), right, below)
                painter.restore()

    def _draw_key(self, painter: QPainter) -> None:
        """Say below the cells what they hold."""
        text = KEY + (KEY_CROSSTALK if any(p.crosstalk for p in self.pairs.values()) else "")
        painter.setPen(QColor(self._appearance.theme.muted))
        height = painter.fontMetrics().height()
        place = QRectF(2, self.height() - height - 2, self.width() - 4, height)
        painter.drawText(place, elided(painter, text, place.width()))

    # ------------------------------------------------------------------ gestures

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Say which pair is under the mouse."""
        found = self.at(event.position())
        self.pointed.emit(self.words(*found).replace("\n", "; ") if found else "")

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Go to the pair under the mouse."""
        found = self.at(event.position())
        if found:
            self.go_to(*found)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go from pair to pair."""
        step = STEPS.get(Qt.Key(event.key()))
        if step is None or len(self.channels) < 2:
            super().keyPressEvent(event)
            return
        row, column = self.current or (1, 0)
        if self.current is not None:
            row = min(max(row + step[0], 1), len(self.channels) - 1)
            column = min(max(column + step[1], 0), row - 1)
        self.go_to(row, column)

    def go_to(self, row: int, column: int) -> None:
        """Mark a pair and say what is known of it."""
        self.current = row, column
        words = self.words(row, column).replace("\n", "; ")
        self.setAccessibleDescription(words)
        self.pointed.emit(words)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Nothing is under the mouse any more."""
        self.pointed.emit("")
        super().leaveEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show a pair's values as a tip."""
        if isinstance(event, QHelpEvent):
            found = self.at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self.words(*found) if found else "", self)
            return True
        return super().event(event)
