"""Draws single sweeps and the middle of many as lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from shiboken6 import VoidPtr

from amr_viewer.core.responses import State
from amr_viewer.gui.plot.scale import Axis
from amr_viewer.gui.sweeps.look import Center, Mode
from amr_viewer.gui.sweeps.picture import FEW, line_alpha
from amr_viewer.gui.sweeps.scene import Scene

MOST_POINTS = 3
"""A line with more samples per pixel than this is drawn from least to largest value per pixel."""


def curve(times: NDArray[np.float64], values: NDArray[np.floating], x: Axis, y: Axis) -> QPolygonF:
    """Return a line through values, no peak lost where there are many to a pixel."""
    return polygon(*_points(times, values, x, y))


def _points(
    times: NDArray[np.float64], values: NDArray[np.floating], x: Axis, y: Axis
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the pixels of a line through values."""
    first = max(int(np.searchsorted(times, x.low)) - 1, 0)
    stop = min(int(np.searchsorted(times, x.high)) + 1, len(times))
    times, values = times[first:stop], np.asarray(values[first:stop], np.float64)
    known = np.isfinite(values)
    across, up = x.pixels(times[known]), y.pixels(values[known])
    width = abs(x.stop - x.start)
    if len(across) > MOST_POINTS * width:
        pixel = np.floor(across).astype(np.intp)
        starts = np.flatnonzero(np.diff(pixel, prepend=pixel[0] - 1))
        low, high = np.minimum.reduceat(up, starts), np.maximum.reduceat(up, starts)
        across = np.repeat(pixel[starts] + 0.5, 2)
        up = np.stack([low, high], axis=1).ravel()
    return across, up


def polygon(across: NDArray[np.float64], up: NDArray[np.float64]) -> QPolygonF:
    """Return points as Qt draws them, written into its memory: no object is made per point."""
    out = QPolygonF()
    out.resize(len(across))
    if len(across):
        memory = VoidPtr(out.data(), 16 * len(across), True)  # type: ignore[call-arg, arg-type]
        points = np.frombuffer(memory, np.float64).reshape(-1, 2)  # type: ignore[call-overload]
        points[:, 0], points[:, 1] = across, up
    return out


def draw_thick(painter: QPainter, line: QPolygonF, pen: QPen, *, vector: bool) -> None:
    """Draw a thick line; on a screen as thin ones side by side, fifty times as fast in Qt."""
    if vector:
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline(line)
        return
    apart = (pen.widthF() - 1.0) / 2.0
    pen.setWidthF(1.0)
    painter.setPen(pen)
    for dx, dy in ((-apart, -apart), (apart, -apart), (-apart, apart), (apart, apart)):
        painter.translate(dx, dy)
        painter.drawPolyline(line)
        painter.translate(-dx, -dy)


def can_be_lines(scene: Scene) -> bool:
    """Whether so few sweeps are in sight that a figure draws each."""
    if scene.look.mode is Mode.WATERFALL:
        return False
    return scene.rows[1] - scene.rows[0] <= FEW


def draw_lines(painter: QPainter, scene: Scene) -> None:
    """Draw every sweep in sight as a line."""
    assert scene.sweeps is not None
    first, stop = scene.rows
    alpha = line_alpha(stop - first, scene.look.mode)
    order = first + np.argsort(scene.panel.state[first:stop] == State.PRESENT, kind="stable")
    for row in order.tolist():
        pen = sweep_pen(scene, row, 0.7, alpha)
        if pen is not None:
            painter.setPen(pen)
            y = scene.y_of_row(row)
            painter.drawPolyline(curve(scene.sweeps.times_ms, scene.sweep_uv(row), scene.x, y))


def sweep_pen(scene: Scene, row: int, width: float, alpha: float) -> QPen | None:
    """Return how one of many sweeps is drawn, None if it is hidden."""
    state = int(scene.panel.state[row])
    colored = state == State.PRESENT or (scene.panel.is_direct and state == State.ABSENT)
    theme = scene.theme
    color = QColor(theme.muscle(scene.panel.finding.muscle) if colored else theme.sweep_gray)
    color.setAlphaF(min(alpha, 1.0))
    pen = QPen(color, width)
    if state == State.REJECTED:
        if not scene.look.rejected:
            return None
        pen.setStyle(Qt.PenStyle.DotLine)
    return pen


def draw_summary(painter: QPainter, scene: Scene) -> None:
    """Draw the middle of the sweeps thick, and its spread as a band."""
    summary, look = scene.summary, scene.look
    shown = look.mode is Mode.SUPERIMPOSED and look.center is not Center.OFF
    if not shown or summary is None or scene.sweeps is None or summary.n == 0:
        return
    times, x, y = scene.sweeps.times_ms, scene.x, scene.y
    color = QColor(scene.theme.muscle(scene.panel.finding.muscle))
    if scene.row is not None:
        color.setAlpha(150)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    if look.center is Center.MEDIAN and summary.n > 1:
        low = _points(times, summary.low_uv, x, y)
        high = _points(times, summary.high_uv, x, y)
        band = QColor(color)
        band.setAlpha(56)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(band)
        around = (np.concatenate([a, b[::-1]]) for a, b in zip(low, high, strict=True))
        painter.drawPolygon(polygon(*around))
    middle = summary.median_uv if look.center is Center.MEDIAN else summary.mean_uv
    thick = color.lighter(130) if scene.theme.is_dark else color.darker(118)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    draw_thick(painter, curve(times, middle, x, y), QPen(thick, 2.0), vector=scene.vector)
