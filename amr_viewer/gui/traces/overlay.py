"""Draws what lies over the traces: texts of stimuli and marks, what is selected, cursors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from amr_viewer.core.recording import Recording
from amr_viewer.gui.plot.frame import elided
from amr_viewer.gui.theme import Theme
from amr_viewer.gui.traces.bands import by_lane
from amr_viewer.gui.traces.colors import site_color
from amr_viewer.gui.traces.lanes import HEAD_ROWS, Lanes
from amr_viewer.gui.traces.readout import duration_words
from amr_viewer.gui.traces.scene import MarkRow, StimulusRow
from amr_viewer.gui.traces.texts import Placed, place_texts
from amr_viewer.io.timeline import timeline

TRIANGLE = 4.0
LEAST_WORDS_PIXELS = 60.0
MARK_ROWS = HEAD_ROWS - 1
LEFT_MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def draw_stimuli(
    painter: QPainter, lanes: Lanes, stimuli: StimulusRow, theme: Theme, selected: int | None
) -> None:
    """Draw a tick for every stimulus, and what was stimulated where there is room."""
    seen = stimuli.within(lanes.time.low, lanes.time.high)
    if not seen:
        return
    x = lanes.time.pixels(stimuli.times_s[seen.start : seen.stop])
    sites = stimuli.sites[seen.start : seen.stop]
    area, base = lanes.area, lanes.area.top()
    for place in range(len(stimuli.kinds)):
        columns = np.unique(np.round(x[sites == place]))
        painter.setPen(QPen(site_color(theme, place), 1.2))
        painter.drawLines([QLineF(c, base - 5, c, base) for c in columns.tolist()])
    metrics = QFontMetricsF(painter.font())
    for text in place_texts(
        x + TRIANGLE,
        lambda k: metrics.horizontalAdvance(stimuli.texts[seen.start + k]) + 2,
        1,
        area.right(),
    ):
        color = site_color(theme, int(sites[text.index]))
        at = QPointF(float(x[text.index]), _row_top(lanes, HEAD_ROWS - 1) + lanes.row_height / 2)
        _draw_triangle(painter, at, color)
        _draw_text(
            painter, lanes, text, HEAD_ROWS - 1, stimuli.texts[seen.start + text.index], color
        )
    if selected is not None and selected in seen:
        painter.setPen(QPen(site_color(theme, int(stimuli.sites[selected])), 2))
        at_x = float(x[selected - seen.start])
        painter.drawLine(QLineF(at_x, base, at_x, area.bottom()))


def draw_marks(
    painter: QPainter,
    lanes: Lanes,
    marks: MarkRow,
    recording: Recording,
    theme: Theme,
    selected: str | None,
) -> None:
    """Write the texts of marks above the traces, or into the lane that they belong to."""
    for place, seen in by_lane(lanes, marks, recording):
        if place is None:
            _write_marks(painter, lanes, marks, seen, theme, (_row_top(lanes, 0), MARK_ROWS))
        elif not lanes.is_butterfly:
            top = lanes.center(place) - lanes.height / 2
            _write_marks(painter, lanes, marks, seen, theme, (top + 1, 1))
    if selected is not None and selected in marks.names:
        _outline(painter, lanes, marks, marks.names.index(selected), theme)


def _write_marks(
    painter: QPainter,
    lanes: Lanes,
    marks: MarkRow,
    seen: NDArray[np.intp],
    theme: Theme,
    rows: tuple[float, int],
) -> None:
    """Write the texts of marks in rows below a height."""
    top, n_rows = rows
    metrics = QFontMetricsF(painter.font())
    x = np.maximum(lanes.time.pixels(marks.starts_s[seen]), lanes.area.left())
    order = np.argsort(x, kind="stable")
    chosen = seen[order].tolist()
    placed = place_texts(
        x[order] + 3,
        lambda k: metrics.horizontalAdvance(marks.texts[chosen[k]]) + 2,
        n_rows,
        lanes.area.right(),
    )
    painter.setPen(QColor(theme.mark))
    for text in placed:
        box = QRectF(text.left, top + text.row * lanes.row_height, text.width, lanes.row_height)
        words = marks.texts[chosen[text.index]]
        painter.drawText(
            box, LEFT_MIDDLE, elided(painter, words, text.width) if text.is_cut else words
        )


def _outline(painter: QPainter, lanes: Lanes, marks: MarkRow, index: int, theme: Theme) -> None:
    """Show which mark is selected."""
    start = lanes.time.pixel(float(marks.starts_s[index]))
    stop = lanes.time.pixel(float(marks.stops_s[index]))
    painter.setPen(QPen(QColor(theme.mark), 2))
    for x in dict.fromkeys((start, stop)):
        if lanes.area.left() <= x <= lanes.area.right():
            painter.drawLine(QLineF(x, lanes.area.top(), x, lanes.area.bottom()))


def draw_sound(painter: QPainter, lanes: Lanes, time_s: float, theme: Theme) -> None:
    """Draw a line where the sound is; nothing in silence (NaN) or out of sight."""
    if lanes.time.low <= time_s <= lanes.time.high:
        x = lanes.time.pixel(time_s)
        painter.setPen(QPen(QColor(theme.accent), 1.5, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(x, lanes.area.top(), x, lanes.area.bottom()))


def draw_cursors(
    painter: QPainter, lanes: Lanes, cursors_s: tuple[float, float], theme: Theme
) -> None:
    """Draw cursors A and B."""
    colors = (theme.cursor_a, theme.cursor_b)
    for name, time_s, color in zip("AB", cursors_s, colors, strict=True):
        x = lanes.time.pixel(time_s)
        if not lanes.area.left() <= x <= lanes.area.right():
            continue
        painter.setPen(QPen(QColor(color), 1.5))
        painter.drawLine(QLineF(x, lanes.area.top(), x, lanes.area.bottom()))
        width = lanes.row_height
        left = min(max(x - width / 2, lanes.area.left()), lanes.area.right() - width)
        flag = QRectF(left, lanes.area.bottom() - width, width, width)
        painter.setBrush(QColor(color))
        painter.drawRoundedRect(flag, 3, 3)
        painter.setPen(QColor(theme.surface))
        painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, name)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def draw_gap_words(painter: QPainter, lanes: Lanes, recording: Recording, theme: Theme) -> None:
    """Say in every gap that is wide enough how long nothing was recorded."""
    metrics = QFontMetricsF(painter.font())
    for start_s, stop_s in timeline(recording).gaps_between(lanes.time.low, lanes.time.high):
        left = max(lanes.time.pixel(float(start_s)), lanes.area.left())
        right = min(lanes.time.pixel(float(stop_s)), lanes.area.right())
        if right - left < LEAST_WORDS_PIXELS:
            continue
        text = f"not recorded: {duration_words(float(stop_s - start_s))}"
        width = metrics.horizontalAdvance(text) + 12
        if width <= right - left:
            box = QRectF(0, 0, width, lanes.row_height + 4)
            box.moveCenter(QPointF((left + right) / 2, lanes.area.top() + lanes.row_height))
            painter.fillRect(box, QColor(theme.ground))
            painter.setPen(QColor(theme.muted))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def draw_note(painter: QPainter, lanes: Lanes, words: tuple[str, ...], theme: Theme) -> None:
    """Write words on a card in the upper right corner of the traces."""
    text = "    ".join(words)
    metrics = QFontMetricsF(painter.font())
    width = min(metrics.horizontalAdvance(text) + 18, lanes.area.width())
    card = QRectF(0, 0, width, lanes.row_height + 8)
    card.moveTopRight(lanes.area.topRight() + QPointF(-6, 6))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.setBrush(QColor(theme.raised))
    painter.drawRoundedRect(card, 6, 6)
    painter.setPen(QColor(theme.text))
    painter.drawText(card, Qt.AlignmentFlag.AlignCenter, elided(painter, text, card.width() - 12))
    painter.restore()


def _row_top(lanes: Lanes, row: int) -> float:
    """Return where a row of text above the traces begins."""
    return lanes.area.top() - 4 - (HEAD_ROWS - row) * lanes.row_height


def _draw_text(
    painter: QPainter, lanes: Lanes, placed: Placed, row: int, text: str, color: QColor
) -> None:
    """Write a text above the traces."""
    box = QRectF(placed.left + 2, _row_top(lanes, row), placed.width, lanes.row_height)
    painter.setPen(color)
    words = elided(painter, text, placed.width) if placed.is_cut else text
    painter.drawText(box, LEFT_MIDDLE, words)


def _draw_triangle(painter: QPainter, at: QPointF, color: QColor) -> None:
    """Draw the head of a stimulus."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    corners = [(-TRIANGLE, -3.0), (TRIANGLE, -3.0), (0.0, 4.0)]
    painter.drawPolygon(QPolygonF([at + QPointF(x, y) for x, y in corners]))
    painter.restore()
