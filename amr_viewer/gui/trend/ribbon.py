"""Draws the states of each muscle, block by block: sign, word and color; returns are pointed at."""

from __future__ import annotations

from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from amr_viewer.core.trend import BlockState
from amr_viewer.gui.plot.frame import elided
from amr_viewer.gui.plot.scale import Axis
from amr_viewer.gui.plot.state_sign import draw_cell
from amr_viewer.gui.theme import Theme
from amr_viewer.gui.trend.picture import Course
from amr_viewer.gui.trend.places import CELL_HEIGHT
from amr_viewer.gui.trend.words import STATE_SIGNS, STATE_WORDS

WIDEST_CELL = 14.0
NARROWEST_CELL = 3.0
WORD_GAP = 6.0
RETURN_WORDS = "↑ present again"
TONES = {
    BlockState.PRESENT: "present",
    BlockState.REDUCED: "late",
    BlockState.ABSENT: "absent",
    BlockState.CANNOT_SAY: "muted",
}


def state_color(state: BlockState, theme: Theme) -> QColor:
    """Return the color of a state."""
    return QColor(getattr(theme, TONES[state]))


def cells(course: Course, x: Axis) -> NDArray[np.float64]:
    """Return the left and right edge of every block in pixels, shape (n_blocks, 2).

    Short blocks are widened so that they can be seen, yet never into their neighbours.
    """
    middle = x.pixels(course.middle_s)
    width = x.pixels(course.trend.end_s) - x.pixels(course.trend.start_s)
    apart = np.diff(middle, prepend=-np.inf, append=np.inf)
    room = np.minimum(apart[:-1], apart[1:]) - 1.5
    wide = np.clip(np.maximum(width, WIDEST_CELL), 0.0, np.maximum(room, width))
    half = 0.5 * np.maximum(wide, NARROWEST_CELL)
    return np.column_stack([middle - half, middle + half])


def draw_lane(painter: QPainter, course: Course, x: Axis, lane: QRectF, theme: Theme) -> None:
    """Draw name, cells and words of one muscle."""
    top = lane.bottom() - CELL_HEIGHT - 2
    edges = cells(course, x)
    painter.setPen(QColor(theme.muscle(course.trend.muscle)))
    name = QRectF(0, top - 6, lane.left() - 8, CELL_HEIGHT + 12)
    flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(name, flags, elided(painter, course.name, name.width()))
    painter.save()
    painter.setClipRect(lane.adjusted(-8, 0, 8, 0))
    y = top + CELL_HEIGHT / 2
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.drawLine(QLineF(lane.left(), y, lane.right(), y))
    _draw_cells(painter, course, edges, top, lane, theme)
    _draw_words(painter, course, edges, QRectF(lane.left(), lane.top(), lane.width(), top), theme)
    painter.restore()


def _draw_cells(
    painter: QPainter,
    course: Course,
    edges: NDArray[np.float64],
    top: float,
    lane: QRectF,
    theme: Theme,
) -> None:
    """Draw the visible cells; those too narrow to be told apart are joined to runs of a state."""
    ground = QColor(theme.surface)
    visible = np.flatnonzero((edges[:, 1] >= lane.left()) & (edges[:, 0] <= lane.right()))
    states = course.trend.state
    if len(visible) > lane.width() / 6:
        for _, run in groupby(visible.tolist(), key=lambda i: states[i]):
            blocks = list(run)
            left, right = edges[blocks[0], 0], edges[blocks[-1], 1]
            cell = QRectF(left, top, max(right - left, 2.0), CELL_HEIGHT)
            state = states[blocks[0]]
            draw_cell(painter, cell, STATE_SIGNS[state], state_color(state, theme), ground)
    else:
        for i in visible.tolist():
            cell = QRectF(edges[i, 0], top, edges[i, 1] - edges[i, 0], CELL_HEIGHT)
            color = state_color(states[i], theme)
            draw_cell(painter, cell, STATE_SIGNS[states[i]], color, ground)
    base = course.trend.baseline_block
    if base >= 0:
        cell = QRectF(edges[base, 0], top + CELL_HEIGHT + 1.5, edges[base, 1] - edges[base, 0], 2.5)
        painter.fillRect(cell, QColor(theme.accent))


def _draw_words(
    painter: QPainter,
    course: Course,
    edges: NDArray[np.float64],
    band: QRectF,
    theme: Theme,
) -> None:
    """Write the word of each run of a state above its cells, where there is room for it.

    Returns go before all others; other words may slide along their run.
    """
    states, returns = course.trend.state, set(course.returns())
    firsts = [i for i in range(len(states)) if i == 0 or states[i] is not states[i - 1]]
    lasts = dict(zip(firsts, [*(i - 1 for i in firsts[1:]), len(states) - 1], strict=True))
    metrics = painter.fontMetrics()
    taken: list[tuple[float, float]] = []
    for first in sorted(firsts, key=lambda i: (i not in returns, i)):
        begin, end = edges[first, 0], edges[lasts[first], 1]
        if end < band.left() or begin > band.right():
            continue
        text = RETURN_WORDS if first in returns else STATE_WORDS[states[first]]
        width = metrics.horizontalAdvance(text) + 2.0
        fitting = min(max(begin, band.left()), band.right() - width)
        left = _free_place(fitting, width, taken)
        if left > max(end, fitting) or left + width > band.right() + 1:
            continue
        taken.append((left, left + width))
        halo = QRectF(left - 1, band.top() + 1, width + 1, metrics.height() - 1)
        painter.fillRect(halo, QColor(theme.surface))
        painter.setPen(state_color(states[first], theme))
        painter.drawText(QPointF(left, band.top() + metrics.ascent()), text)


def _free_place(left: float, width: float, taken: list[tuple[float, float]]) -> float:
    """Return the first place from `left` on where a word meets no other."""
    for start, stop in sorted(taken):
        if left < stop + WORD_GAP and left + width + WORD_GAP > start:
            left = stop + WORD_GAP
    return left
