"""Draws what stands around the traces: names and gains at the left, time below, the badge."""

from __future__ import annotations

from math import floor, log10

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from amr_viewer.core.recording import Recording
from amr_viewer.gui.display import Display
from amr_viewer.gui.document import TraceLayout
from amr_viewer.gui.plot.frame import elided
from amr_viewer.gui.plot.scale import clock
from amr_viewer.gui.theme import GAP, Theme
from amr_viewer.gui.traces.colors import channel_color
from amr_viewer.gui.traces.ground import time_ticks
from amr_viewer.gui.traces.lanes import HEAD_ROWS, Lanes
from amr_viewer.gui.traces.steps import gain_words, time_words, value_words

DOT = 4.0
LEAST_GUTTER = 104.0
MOST_GUTTER = 216.0
RIGHT_MIDDLE = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT_MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def badge_lines(layout: TraceLayout, display: Display, time_division_s: float) -> tuple[str, ...]:
    """Return in words gain, time base with polarity, and the filters of the picture."""
    polarity = "neg ↑" if display.negative_up else "pos ↑"
    time = f"{time_words(time_division_s)}/div, {polarity}"
    return (gain_words(layout.gain_uv, "uV"), time, display.filters or "no filters")


def gutter_of(
    recording: Recording, layout: TraceLayout, badge: tuple[str, ...], metrics: QFontMetricsF
) -> float:
    """Return how much room names and badge need at the left."""
    labels = [recording.channels[c].label for c in layout.visible]
    names = max((metrics.horizontalAdvance(text) for text in labels), default=0.0) + 4 * GAP + 4
    lines = max(metrics.horizontalAdvance(line) for line in badge) + 2 * GAP
    return float(round(min(max(names, lines, LEAST_GUTTER), MOST_GUTTER)))


def draw_badge(painter: QPainter, lanes: Lanes, lines: tuple[str, ...], theme: Theme) -> None:
    """Write the badge in the corner above the names."""
    painter.setPen(QColor(theme.text))
    for row, line in enumerate(lines[:HEAD_ROWS]):
        top = lanes.area.top() - 4 - (HEAD_ROWS - row) * lanes.row_height
        box = QRectF(GAP, top, lanes.area.left() - 2 * GAP, lanes.row_height)
        painter.drawText(box, LEFT_MIDDLE, elided(painter, line, box.width()))


def draw_names(
    painter: QPainter,
    lanes: Lanes,
    recording: Recording,
    layout: TraceLayout,
    offsets: dict[int, float],
    focus: int | None,
    theme: Theme,
) -> None:
    """Write the name of every channel beside its lane; its gain where it is not that of all."""
    for place, channel in enumerate(lanes.channels):
        center, height = name_row(lanes, place)
        if center > lanes.area.bottom() - lanes.row_height / 2:
            return
        band = QRectF(GAP / 2, center - height / 2, lanes.area.left() - GAP, height)
        info = recording.channels[channel]
        if channel == focus:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.selected))
            painter.drawRoundedRect(band.adjusted(0, 1, 0, -1), 4, 4)
        below = _lines_below(recording, layout, channel, offsets.get(channel, 0.0))
        below = below[: max(int(height / lanes.row_height) - 1, 0)]
        top = center - lanes.row_height * (1 + len(below)) / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(channel_color(theme, info))
        painter.drawEllipse(QPointF(band.left() + GAP, top + lanes.row_height / 2), DOT, DOT)
        left = band.left() + 2 * GAP
        box = QRectF(left, top, band.right() - left - 2, lanes.row_height)
        painter.setPen(QColor(theme.text))
        painter.drawText(box, LEFT_MIDDLE, elided(painter, info.label, box.width()))
        painter.setPen(QColor(theme.muted))
        for line in below:
            box.translate(0, lanes.row_height)
            painter.drawText(box, LEFT_MIDDLE, elided(painter, line, box.width()))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def name_row(lanes: Lanes, place: int) -> tuple[float, float]:
    """Return center and height of the row of a channel's name."""
    if not lanes.is_butterfly:
        return lanes.center(place), lanes.height
    height = lanes.row_height + 4
    return lanes.area.top() + (place + 0.5) * height, height


def name_at(lanes: Lanes, at: QPointF) -> int | None:
    """Return the place of the name at a point, None if there is none."""
    if at.x() >= lanes.area.left():
        return None
    for place in range(len(lanes.channels)):
        center, height = name_row(lanes, place)
        if abs(at.y() - center) <= height / 2:
            return place
    return None


def draw_time(painter: QPainter, lanes: Lanes, theme: Theme) -> None:
    """Write the time below the grid; labels that would touch are left out."""
    step, ticks = time_ticks(lanes.time)
    decimals = max(0, -floor(log10(step) + 1e-9))
    metrics = painter.fontMetrics()
    painter.setPen(QColor(theme.muted))
    taken = -1e9
    for tick in ticks:
        text = clock(tick, decimals)
        width = metrics.horizontalAdvance(text) + 2
        left = lanes.time.pixel(tick) - width / 2
        if (
            left < taken + GAP
            or left < lanes.area.left() - width
            or left + width > lanes.area.right()
        ):
            continue
        taken = left + width
        box = QRectF(left, lanes.area.bottom() + GAP / 4, width, lanes.row_height)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _lines_below(
    recording: Recording, layout: TraceLayout, channel: int, offset: float
) -> list[str]:
    """Return what stands under a name: a gain and a base line of its own."""
    info = recording.channels[channel]
    lines = []
    if channel in layout.gains_uv or info.unit != "uV":
        lines.append(gain_words(layout.gain_of(channel), info.unit))
    if offset:
        lines.append(f"0 = {value_words(offset, info.unit)}")
    return lines


def small(font: QFont, points: float = 8.5) -> QFont:
    """Return the font of names and times."""
    out = QFont(font)
    out.setPointSizeF(min(max(font.pointSizeF() * 0.92, 8.0), max(points, 8.0)))
    return out
