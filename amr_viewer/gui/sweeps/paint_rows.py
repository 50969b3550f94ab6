"""Draws what belongs to rows: numbers, marks of surgery, dots of decisions, the color bar."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from amr_viewer.core.responses import State
from amr_viewer.gui.plot.frame import elided
from amr_viewer.gui.plot.scale import tick_label
from amr_viewer.gui.sweeps.look import Mode
from amr_viewer.gui.sweeps.picture import STACK_DIVISIONS
from amr_viewer.gui.sweeps.scene import Scene
from amr_viewer.gui.sweeps.waterfall import color_table, waterfall_full_uv
from amr_viewer.gui.sweeps.words import microvolts

MOST_DOTS = 2000


def draw_rows(painter: QPainter, scene: Scene) -> None:
    """Draw numbers and dots left of the rows, marks between them, and where the rows are."""
    painter.save()
    _numbers(painter, scene)
    _manual_dots(painter, scene)
    _marks(painter, scene)
    _position(painter, scene)
    if scene.look.mode is Mode.STACKED:
        _scale_bar(painter, scene)
    painter.restore()


def _numbers(painter: QPainter, scene: Scene) -> None:
    """Write the numbers of sweeps, as many as have room."""
    metrics = painter.fontMetrics()
    every = 1
    for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000):
        every = step
        if step * scene.pitch >= metrics.height():
            break
    painter.setPen(QColor(scene.theme.muted))
    first, stop = scene.rows
    before = scene.panel.before
    rows = list(range(first + -(before + first + 1) % every, stop, every))
    if first == 0 and rows and rows[0] > 0 and scene.pitch * rows[0] >= metrics.height():
        rows.insert(0, 0)
    for row in rows:
        at = scene.row_center(row)
        if at + metrics.height() / 2 > scene.frame.plot.bottom() + 8:
            continue
        box = QRectF(0, at - metrics.height() / 2, scene.frame.plot.left() - 12, metrics.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignRight, str(before + row + 1))


def _manual_dots(painter: QPainter, scene: Scene) -> None:
    """Mark the sweeps that a person decided on, and in the waterfall those rejected."""
    first, stop = scene.rows
    left = scene.frame.plot.left()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(Qt.PenStyle.NoPen)
    size = float(np.clip(scene.pitch / 3, 1.0, 3.0))
    painter.setBrush(QColor(scene.theme.accent))
    rows = first + np.flatnonzero(scene.panel.manual[first:stop])
    for row in rows[:: max(1, len(rows) // MOST_DOTS)].tolist():
        painter.drawEllipse(QPointF(left - 5, scene.row_center(row)), size, size)
    if scene.look.mode is not Mode.WATERFALL:
        return
    painter.setBrush(QColor(scene.theme.sweep_gray))
    rows = first + np.flatnonzero(scene.panel.state[first:stop] == State.REJECTED)
    height = max(scene.pitch - 0.5, 1.0)
    for row in rows[:: max(1, len(rows) // MOST_DOTS)].tolist():
        painter.drawRect(QRectF(left - 2, scene.row_center(row) - height / 2, 2, height))


def _marks(painter: QPainter, scene: Scene) -> None:
    """Draw events of surgery as lines between the sweeps, with their text."""
    theme, plot, metrics = scene.theme, scene.frame.plot, painter.fontMetrics()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    last_bottom = last = -1e9
    for before, text in scene.marks:
        at = plot.top() + (before - scene.rows[0]) * scene.pitch
        if not scene.rows[0] <= before <= scene.rows[1] or at < last + 2:
            continue
        last = at
        painter.setPen(QPen(QColor(theme.mark), 1, Qt.PenStyle.DashLine))
        _mark_line(painter, scene, at)
        shown = elided(painter, text, scene.beside - 10)
        wide = metrics.horizontalAdvance(shown)
        top = at - metrics.height() - 1
        if top < plot.top():
            top = at + 1
        if top < last_bottom:
            continue
        box = QRectF(plot.right() - wide - 8, top, wide + 8, metrics.height())
        ground = QColor(theme.surface)
        ground.setAlpha(215)
        painter.fillRect(box, ground)
        painter.setPen(QColor(theme.mark))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)
        last_bottom = box.bottom()


def _mark_line(painter: QPainter, scene: Scene, at: float) -> None:
    """Draw the line of an event; in the waterfall the search window is left free."""
    plot, x = scene.frame.plot, scene.x
    if scene.look.mode is not Mode.WATERFALL:
        painter.drawLine(QPointF(plot.left(), at), QPointF(plot.right(), at))
        return
    low, high = (min(max(x.pixel(t), plot.left()), plot.right()) for t in scene.window_ms)
    painter.drawLine(QPointF(plot.left(), at), QPointF(low, at))
    painter.drawLine(QPointF(high, at), QPointF(plot.right(), at))


def _position(painter: QPainter, scene: Scene) -> None:
    """Show at the right edge which part of the sweeps is in sight."""
    n = len(scene.panel.stimuli)
    if not n or scene.rows[1] - scene.rows[0] >= n:
        return
    plot = scene.frame.plot
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(scene.theme.line))
    painter.drawRoundedRect(QRectF(plot.right() + 3, plot.top(), 4, plot.height()), 2, 2)
    painter.setBrush(QColor(scene.theme.muted))
    top = plot.top() + plot.height() * scene.rows[0] / n
    height = max(plot.height() * (scene.rows[1] - scene.rows[0]) / n, 8.0)
    top = min(top, plot.bottom() - height)
    painter.drawRoundedRect(QRectF(plot.right() + 3, top, 4, height), 2, 2)


def _scale_bar(painter: QPainter, scene: Scene) -> None:
    """Draw how much the distance of two rows is."""
    plot, theme = scene.frame.plot, scene.theme
    text = microvolts(STACK_DIVISIONS * scene.gain_uv)
    x, bottom = plot.right() - 6, plot.bottom() - 6
    metrics = painter.fontMetrics()
    wide = metrics.horizontalAdvance(text)
    height = min(scene.pitch, plot.height() / 2)
    ground = QColor(theme.surface)
    ground.setAlpha(215)
    tall = max(height, metrics.height())
    painter.fillRect(QRectF(x - wide - 10, bottom - tall - 1, wide + 14, tall + 3), ground)
    painter.setPen(QPen(QColor(theme.text), 2))
    painter.drawLine(QPointF(x, bottom - height), QPointF(x, bottom))
    painter.setPen(QColor(theme.text))
    box = QRectF(x - wide - 8, bottom - tall, wide + 2, tall)
    painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)


def draw_color_bar(painter: QPainter, scene: Scene) -> None:
    """Draw which color stands for which voltage."""
    plot, theme = scene.frame.plot, scene.theme
    bar = QRectF(plot.right() + 12, plot.top() + 4, 8, min(plot.height() - 8, 160.0))
    levels = np.rint(np.linspace(255, 1, 128)).astype(np.intp)
    up = scene.span.top_uv < 0
    pixels = color_table(theme.is_dark, theme.surface)[levels[::-1] if up else levels]
    pixels = np.ascontiguousarray(pixels[:, None])
    image = QImage(pixels.data, 1, 128, 4, QImage.Format.Format_ARGB32_Premultiplied).copy()
    painter.save()
    painter.drawImage(bar, image)
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(bar)
    painter.setPen(QColor(theme.muted))
    full = waterfall_full_uv(scene.span)
    in_mv = full >= 1500
    height = painter.fontMetrics().height()
    for share in (0.0, 0.5, 1.0):
        value = full * (2 * share - 1) * (1 if up else -1)
        text = tick_label(round(value / 1e3 if in_mv else value, 3) + 0.0)
        at = bar.top() + share * bar.height()
        at = min(max(at, bar.top() + height / 2 - 2), bar.bottom() - height / 2 + 2)
        painter.drawText(QPointF(bar.right() + 4, at + height / 2 - 3), text)
    painter.drawText(QPointF(bar.left(), bar.bottom() + height), "mV" if in_mv else "µV")
    painter.restore()
