"""Draws intervals: a bar from the low to the high end of each value."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from amr_viewer.gui.plot.dense import draw_dense_dots

Pixels = NDArray[np.float64]

CAP = 3.0
"""Half the length of the strokes that close a bar, in pixels."""

MANY_DOTS = 1000


def draw_intervals(
    painter: QPainter, x: Pixels, low: Pixels, high: Pixels, area: QRectF, color: QColor
) -> None:
    """Draw upright bars, cut at the area; an end beyond it gets no closing stroke.

    Parameters
    ----------
    painter : QPainter
    x, low, high : ndarray, shape (n,)
        Pixels; what is not finite is left out.
    area : QRectF
    color : QColor
    """
    known = np.isfinite(x) & np.isfinite(low) & np.isfinite(high)
    lines: list[QLineF] = []
    for at, a, b in zip(x[known].tolist(), low[known].tolist(), high[known].tolist(), strict=True):
        top, bottom = max(min(a, b), area.top()), min(max(a, b), area.bottom())
        if bottom < top:
            continue
        lines.append(QLineF(at, top, at, bottom))
        lines += [
            QLineF(at - CAP, end, at + CAP, end)
            for end in (a, b)
            if area.top() <= end <= area.bottom()
        ]
    painter.save()
    painter.setPen(QPen(color, 1.2))
    painter.drawLines(lines)
    painter.restore()


def draw_dots(painter: QPainter, x: Pixels, y: Pixels, area: QRectF, color: QColor) -> None:
    """Draw many small dots quickly: each is four neighbouring pixels; those outside are left out.

    Parameters
    ----------
    painter : QPainter
    x, y : ndarray, shape (n,)
        Pixels; what is not finite is left out.
    area : QRectF
    color : QColor
    """
    inside = (x >= area.left()) & (x <= area.right()) & (y >= area.top()) & (y <= area.bottom())
    if not inside.any():
        return
    x, y = x[inside], y[inside]
    if len(x) > MANY_DOTS:
        draw_dense_dots(painter, x, y, area, color)
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(color, 1))
    for right, down in ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)):
        painter.drawPointsNp(x + right, y + down)  # type: ignore[arg-type]  # arrays, untyped there
    painter.restore()


def draw_levels(painter: QPainter, levels: Iterable[float], area: QRectF, color: QColor) -> None:
    """Draw dashed lines across an area at heights in pixels; those outside are left out."""
    painter.save()
    painter.setPen(QPen(color, 1, Qt.PenStyle.DashLine))
    for y in levels:
        if area.top() <= y <= area.bottom():
            painter.drawLine(QLineF(area.left(), y, area.right(), y))
    painter.restore()
