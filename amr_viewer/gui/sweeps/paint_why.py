"""Draws why sweeps were called: their evidence beside that of windows that hold no response."""

from __future__ import annotations

from math import isfinite

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from amr_viewer.gui.plot.frame import elided
from amr_viewer.gui.plot.scale import Axis, tick_label
from amr_viewer.gui.sweeps.scene import Scene
from amr_viewer.gui.sweeps.words import why_words

BINS = 48
LOWEST, HIGHEST = -12.0, 30.0
"""Evidence (log Bayes factors) beyond these is counted into the outermost bins."""


def draw_why(painter: QPainter, scene: Scene) -> None:
    """Draw the evidence of sham windows and of sweeps, and the limit of a call."""
    area, theme, e = scene.frame.why, scene.theme, scene.panel.evidence
    assert area is not None
    painter.save()
    metrics = painter.fontMetrics()
    height = metrics.height()
    painter.setPen(QColor(theme.text))
    flags = int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)
    full = QRectF(4, area.top(), scene.frame.width - 8, area.height())
    text = why_words(scene.panel)
    if e is None or scene.panel.is_direct or e.off or not len(e.evidence):
        painter.drawText(full, flags, text)
        painter.restore()
        return
    wanted = painter.boundingRect(full.toRect(), flags, text).height()
    shown = min(wanted, 2 * height)
    painter.drawText(QRectF(4, area.top(), full.width(), shown), flags, text)
    plot = QRectF(area.left(), area.top() + shown + 2, area.width(), 0)
    plot.setBottom(area.bottom() - height)
    _histograms(painter, scene, plot)
    painter.restore()


def _histograms(painter: QPainter, scene: Scene, plot: QRectF) -> None:
    """Draw both distributions, the limit, the selected sweep and the scale."""
    e, theme = scene.panel.evidence, scene.theme
    assert e is not None
    sham, own = e.sham_evidence, e.evidence[np.isfinite(e.evidence)]
    low, high = _range(sham, own, e.call_limit)
    x = Axis(low, high, plot.left(), plot.right())
    edges = np.linspace(low, high, BINS + 1)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    gray, color = QColor(theme.sweep_gray), QColor(theme.muscle(scene.panel.finding.muscle))
    _steps(painter, x, edges, sham, plot, gray, filled=True)
    _steps(painter, x, edges, own, plot, color, filled=False)
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.drawLine(plot.bottomLeft(), plot.bottomRight())
    if isfinite(e.call_limit) and low <= e.call_limit <= high:
        at = x.pixel(e.call_limit)
        painter.setPen(QPen(QColor(theme.text), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(at, plot.top()), QPointF(at, plot.bottom()))
    if scene.row is not None and scene.row < len(e.evidence) and isfinite(e.evidence[scene.row]):
        at = x.pixel(float(np.clip(e.evidence[scene.row], low, high)))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.text))
        tip = QPointF(at, plot.bottom())
        painter.drawPolygon(QPolygonF([tip, tip + QPointF(-4, -7), tip + QPointF(4, -7)]))
    beyond = any(np.any((v < low) | (v > high)) for v in (sham, own))
    _labels(painter, scene, plot, x, beyond=bool(beyond))


def _range(
    sham: NDArray[np.float32], own: NDArray[np.float32], limit: float
) -> tuple[float, float]:
    """Return the evidence from left to right."""
    every = np.concatenate([sham[np.isfinite(sham)], own, [limit if isfinite(limit) else 0.0]])
    low = max(float(every.min()), LOWEST)
    high = min(float(every.max()), HIGHEST)
    margin = max((high - low) * 0.04, 0.5)
    return low - margin, max(high + margin, low + 4.0)


def _steps(
    painter: QPainter,
    x: Axis,
    edges: NDArray[np.float64],
    values: NDArray[np.float32],
    plot: QRectF,
    color: QColor,
    *,
    filled: bool,
) -> None:
    """Draw a histogram as high as the area, whatever the number of values."""
    if not len(values):
        return
    counts, _ = np.histogram(np.clip(values, edges[0], edges[-1]), edges)
    # A square root keeps the few shams beyond the limit visible beside the many below it.
    heights = np.sqrt(counts / counts.max()) * (plot.height() - 2)
    points = [QPointF(plot.left(), plot.bottom())]
    for k, height in enumerate(heights.tolist()):
        y = plot.bottom() - height
        points += [QPointF(x.pixel(edges[k]), y), QPointF(x.pixel(edges[k + 1]), y)]
    points.append(QPointF(plot.right(), plot.bottom()))
    fill = QColor(color)
    fill.setAlpha(110 if filled else 60)
    painter.setBrush(fill)
    painter.setPen(QPen(color, 1.0 if filled else 1.4))
    painter.drawPolygon(QPolygonF(points))


def _labels(painter: QPainter, scene: Scene, plot: QRectF, x: Axis, *, beyond: bool) -> None:
    """Write the scale, and which is which."""
    theme, metrics = scene.theme, QFontMetricsF(painter.font())
    e = scene.panel.evidence
    assert e is not None
    painter.setPen(QColor(theme.muted))
    base = plot.bottom() + 2 + metrics.ascent()
    name = "log Bayes factor" + (" (beyond: outermost bars)" if beyond else "")
    painter.drawText(QPointF(plot.right() - metrics.horizontalAdvance(name), base), name)
    end = plot.right() - metrics.horizontalAdvance(name) - 10
    for tick in x.ticks(48.0):
        text = tick_label(tick)
        left = x.pixel(tick) - metrics.horizontalAdvance(text) / 2
        if left + metrics.horizontalAdvance(text) < end and left > plot.left() - 8:
            painter.drawText(QPointF(left, base), text)
    words = "limit of a call" if isfinite(e.call_limit) else ""
    if words and x.low <= e.call_limit <= x.high:
        at = x.pixel(e.call_limit) + 4
        if at + metrics.horizontalAdvance(words) > plot.right():
            at -= metrics.horizontalAdvance(words) + 8
        painter.setPen(QColor(theme.text))
        painter.drawText(QPointF(at, plot.top() + metrics.ascent()), words)
    if plot.left() < 10:
        return
    legend = QRectF(0, plot.top(), plot.left() - 6, metrics.height())
    right = int(Qt.AlignmentFlag.AlignRight)
    painter.setPen(QColor(theme.muted))
    painter.drawText(legend, right, elided(painter, "sham", legend.width()))
    painter.setPen(QColor(theme.muscle(scene.panel.finding.muscle)))
    painter.drawText(
        legend.translated(0, metrics.height()), right, elided(painter, "sweeps", legend.width())
    )
