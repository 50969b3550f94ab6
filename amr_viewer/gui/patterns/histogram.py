"""A histogram over a logarithmic time scale, with limits as lines that can be dragged."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import log10

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.plot.frame import elided
from amr_viewer.gui.plot.scale import Axis
from amr_viewer.gui.theme import small_font

BINS_PER_DECADE = 12
NEAR = 6.0


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Values of one color: a kind of bursts, or all intervals; ms."""

    values_ms: NDArray[np.float64]
    color: QColor = field(default_factory=QColor)


@dataclass(frozen=True, slots=True)
class Line:
    """A limit that can be dragged.

    Attributes
    ----------
    name : str
        Of the parameter.
    value_ms : float
    words : str
        What it parts, one or two words.
    """

    name: str
    value_ms: float
    words: str


class Histogram(QWidget):
    """Stacked counts in bins of equal ratio, from `low_ms` to `high_ms`.

    Signals
    -------
    dragged(name, value_ms)
        A limit is being moved.
    pointed(text)
    """

    dragged = Signal(str, float)
    pointed = Signal(str)

    def __init__(
        self,
        appearance: Appearance,
        title: str,
        span_ms: tuple[float, float],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._appearance, self.title = appearance, title
        decades = log10(span_ms[1]) - log10(span_ms[0])
        self.edges = np.geomspace(*span_ms, round(BINS_PER_DECADE * decades) + 1)
        self.lines: tuple[Line, ...] = ()
        self._colors: tuple[QColor, ...] = ()
        self.counts: NDArray[np.intp] = np.zeros((0, len(self.edges) - 1), np.intp)
        self._held: str | None = None
        self.setMouseTracking(True)
        self.setFont(small_font(self.font()))
        self.setMinimumSize(QSize(220, 96))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(f"{title}; limits are set in the fields above")
        self.setToolTip("Drag a line to change its limit; the fields above take numbers")
        appearance.changed.connect(self.update)

    def show_parts(self, parts: tuple[Part, ...], lines: tuple[Line, ...]) -> None:
        """Show other values and limits; values beyond the scale count in its last bins."""
        low, high = self.edges[0] * 1.0001, self.edges[-1] * 0.9999
        counts = [np.histogram(np.clip(p.values_ms, low, high), self.edges)[0] for p in parts]
        self.counts = np.array(counts).reshape(len(parts), len(self.edges) - 1)
        self._colors, self.lines = tuple(p.color for p in parts), lines
        n = int(self.counts.sum())
        told = ", ".join(f"{x.words} {x.value_ms:g} ms" for x in lines)
        self.setAccessibleDescription(f"{n} values; {told}")
        self.update()

    @property
    def plot(self) -> QRectF:
        """Where the bars are."""
        line = self.fontMetrics().height()
        top = 2.0 * line + 8
        return QRectF(8, top, self.width() - 16, max(self.height() - top - line - 6, 8))

    @property
    def axis(self) -> Axis:
        """The logarithm of the time, to pixels."""
        low, high = np.log10(self.edges[[0, -1]])
        return Axis(float(low), float(high), self.plot.left(), self.plot.right())

    def pixel(self, value_ms: float) -> float:
        """Return where a time lies."""
        return self.axis.pixel(log10(max(value_ms, 1e-3)))

    def line_at(self, x: float) -> Line | None:
        """Return the limit within reach."""
        near = [(abs(self.pixel(line.value_ms) - x), line) for line in self.lines]
        found = min(near, key=lambda pair: pair[0], default=None)
        return found[1] if found and found[0] <= NEAR else None

    # ------------------------------------------------------------------ drawing

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw title, bars, scale and limits."""
        self.draw(QPainter(self))

    def draw(self, painter: QPainter) -> None:
        """Draw everything."""
        theme, plot = self._appearance.theme, self.plot
        painter.fillRect(self.rect(), QColor(theme.surface))
        painter.setPen(QColor(theme.muted))
        n = int(self.counts.sum())
        metrics = painter.fontMetrics()
        head = QRectF(8, 2, plot.width(), metrics.height())
        painter.drawText(head, elided(painter, f"{self.title}, {n}", head.width()))
        self._draw_scale(painter)
        total = self.counts.sum(axis=0) if len(self.counts) else np.zeros(1)
        per_count = plot.height() / max(int(total.max()), 1)
        x = [self.axis.pixel(v) for v in np.log10(self.edges).tolist()]
        base = np.full(len(self.edges) - 1, plot.bottom())
        for color, counts in zip(self._colors, self.counts, strict=True):
            for i in np.flatnonzero(counts).tolist():
                height = counts[i] * per_count
                base[i] -= height
                painter.fillRect(QRectF(x[i] + 0.5, base[i], x[i + 1] - x[i] - 1, height), color)
        self._draw_lines(painter)

    def _draw_scale(self, painter: QPainter) -> None:
        """Draw decades, with their times below."""
        theme, plot = self._appearance.theme, self.plot
        first, last = (int(np.round(v)) for v in np.log10(self.edges[[0, -1]]))
        height = painter.fontMetrics().height()
        for decade in range(first, last + 1):
            x = self.pixel(10.0**decade)
            painter.setPen(QColor(theme.grid))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
            text = f"{10**decade} ms" if decade < 3 else f"{10 ** (decade - 3)} s"
            width = painter.fontMetrics().horizontalAdvance(text)
            left = min(max(x - width / 2, plot.left()), plot.right() - width)
            painter.setPen(QColor(theme.muted))
            painter.drawText(QRectF(left, plot.bottom() + 3, width + 2, height), text)
        painter.setPen(QColor(theme.line))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())

    def _draw_lines(self, painter: QPainter) -> None:
        """Draw the limits, with their words above the bars."""
        theme, plot = self._appearance.theme, self.plot
        metrics = painter.fontMetrics()
        free = plot.left()
        for i, line in enumerate(self.lines):
            x = self.pixel(line.value_ms)
            painter.setPen(QPen(QColor(theme.text), 2 if line.name == self._held else 1.4))
            painter.drawLine(QPointF(x, plot.top() - 3), QPointF(x, plot.bottom()))
            text = f"{line.words} {line.value_ms:.0f} ms"
            width = metrics.horizontalAdvance(text)
            left = x - width - 3 if i == 0 and len(self.lines) > 1 else x + 3
            left = max(min(left, plot.right() - width), free)
            box = QRectF(left, plot.top() - metrics.height() - 3, width + 2, metrics.height())
            painter.drawText(box, text)
            free = left + width + 8

    # ------------------------------------------------------------------ gestures

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold of a limit."""
        line = self.line_at(event.position().x())
        if line is not None and event.button() == Qt.MouseButton.LeftButton:
            self._held = line.name
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Move a limit, or say how many values lie under the mouse."""
        x = event.position().x()
        value = 10.0 ** self.axis.value(x)
        if self._held is not None:
            self.dragged.emit(self._held, float(f"{value:.2g}"))
            return
        over = self.line_at(x) is not None
        self.setCursor(Qt.CursorShape.SizeHorCursor if over else Qt.CursorShape.ArrowCursor)
        i = int(np.searchsorted(self.edges, value)) - 1
        if 0 <= i < self.counts.shape[1]:
            low, high = self.edges[i], self.edges[i + 1]
            self.pointed.emit(f"{int(self.counts[:, i].sum())} of {low:.3g}–{high:.3g} ms")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go of a limit."""
        self._held = None
        self.update()
