"""Ticks of a time axis at round times of the clock, and their labels."""

from __future__ import annotations

from math import ceil, floor

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from amr_viewer.gui.plot.scale import Axis, clock, nice_step
from amr_viewer.gui.theme import Theme

STEPS_S = (1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0)
LEAST_PIXELS = 72.0


def time_ticks(axis: Axis, least_pixels: float = LEAST_PIXELS) -> list[float]:
    """Return round times (seconds, minutes, quarters of an hour, hours) on a scale in seconds.

    Examples
    --------
    >>> time_ticks(Axis(0.0, 2400.0, 0.0, 400.0))
    [0.0, 600.0, 1200.0, 1800.0, 2400.0]
    """
    step = _step(least_pixels / abs(axis.pixels_per_unit))
    low, high = sorted((axis.low, axis.high))
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(k * step, 6) + 0.0 for k in range(first, last + 1)]


def _step(least_s: float) -> float:
    """Return the round step that is not below a number of seconds."""
    if least_s <= 1.0:
        return nice_step(least_s)
    fitting = next((s for s in STEPS_S if s >= least_s), None)
    return fitting or 3600.0 * ceil(nice_step(least_s / 3600.0))


def tick_clock(seconds: float, step_s: float) -> str:
    """Return a tick's time with as many decimals as its step asks for."""
    decimals = next((d for d in range(4) if abs(step_s * 10**d - round(step_s * 10**d)) < 1e-6), 3)
    return clock(seconds, decimals)


def draw_time_lines(painter: QPainter, axis: Axis, area: QRectF, theme: Theme) -> None:
    """Draw upright grid lines."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(QColor(theme.grid), 1))
    for tick in time_ticks(axis):
        x = axis.pixel(tick)
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
    painter.restore()


def draw_time_labels(painter: QPainter, axis: Axis, top: float, theme: Theme) -> None:
    """Write the times of the ticks below `top`; those that would touch are left out."""
    painter.save()
    painter.setPen(QColor(theme.muted))
    ticks = time_ticks(axis)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    metrics = painter.fontMetrics()
    free = -1e9
    for tick in ticks:
        text = tick_clock(tick, step)
        width = metrics.horizontalAdvance(text) + 2
        left = axis.pixel(tick) - width / 2
        if left >= free:
            box = QRectF(left, top, width, metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, text)
            free = left + width + 8
    painter.restore()
