"""Draws lines and bands of very many points quickly, pixel by pixel; no point is left out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen

Pixels = NDArray[np.float64]


def draw_dense_line(painter: QPainter, x: Pixels, y: Pixels, area: QRectF, color: QColor) -> None:
    """Draw a line through many points; it is broken where a point is not finite.

    Parameters
    ----------
    painter : QPainter
    x, y : ndarray, shape (n,)
        Pixels; `x` rises.
    area : QRectF
        What lies outside is left out.
    color : QColor
    """
    columns = np.arange(area.left(), area.right(), 0.5, dtype=np.float64)
    at, height = np.append(columns, x), np.append(_interpolated(columns, x, y), y)
    order = np.argsort(at, kind="stable")
    at, height = at[order], height[order]
    known = np.isfinite(height)
    inside = known & (at >= area.left()) & (at <= area.right())
    step = np.where(known[:-1] & known[1:], np.diff(height), 0.0)
    n = np.where(inside[:-1], np.ceil(np.clip(np.abs(np.nan_to_num(step)), 1, 4096)), 0).astype(int)
    start = np.repeat(np.arange(len(n)), n)
    part = np.arange(len(start)) - np.repeat(np.cumsum(n) - n, n)
    filled = height[start] + step[start] * part / np.maximum(n[start], 1)
    within = (filled >= area.top()) & (filled <= area.bottom())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(color, 1))
    painter.drawPointsNp(*(at[start][within], filled[within]))
    painter.restore()


def draw_dense_band(
    painter: QPainter, x: Pixels, low: Pixels, high: Pixels, area: QRectF, color: QColor
) -> None:
    """Fill between two lines of many points; nothing where one is not finite.

    Parameters
    ----------
    painter : QPainter
    x, low, high : ndarray, shape (n,)
        Pixels; `x` rises.
    area : QRectF
    color : QColor
        Its alpha counts.
    """
    width, height = max(round(area.width()), 1), max(round(area.height()), 1)
    columns = area.left() + 0.5 + np.arange(width, dtype=np.float64)
    ends = np.stack([_interpolated(columns, x, v) for v in (low, high)]) - area.top()
    top, bottom = np.fmin(*ends), np.fmax(*ends)
    own = np.stack([low, high]) - area.top()
    place = np.floor(x - area.left()).astype(np.intp)
    there = np.isfinite(own).all(axis=0) & (place >= 0) & (place < width)
    np.fmin.at(top, place[there], own.min(axis=0)[there])
    np.fmax.at(bottom, place[there], own.max(axis=0)[there])
    rows = np.arange(height)[:, None] + 0.5
    _draw_pixels(painter, (rows >= top) & (rows <= bottom), area, color)


def draw_dense_dots(painter: QPainter, x: Pixels, y: Pixels, area: QRectF, color: QColor) -> None:
    """Draw very many dots, each of four pixels; where several meet the color is no stronger.

    Parameters
    ----------
    painter : QPainter
    x, y : ndarray, shape (n,)
        Pixels within the area.
    area : QRectF
    color : QColor
        Its alpha counts.
    """
    width, height = max(round(area.width()), 2), max(round(area.height()), 2)
    column = np.clip((x - area.left()).astype(np.intp), 0, width - 2)
    row = np.clip((y - area.top()).astype(np.intp), 0, height - 2)
    hit = np.zeros((height, width), bool)
    for right, down in ((0, 0), (1, 0), (0, 1), (1, 1)):
        hit[row + down, column + right] = True
    _draw_pixels(painter, hit, area, color)


def _draw_pixels(painter: QPainter, hit: NDArray[np.bool_], area: QRectF, color: QColor) -> None:
    """Color the pixels of an area."""
    height, width = hit.shape
    pixels = np.where(hit, np.uint32(color.rgba()), np.uint32(0))
    image = QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_ARGB32)
    painter.drawImage(area, image, QRectF(0, 0, width, height))


def _interpolated(columns: Pixels, x: Pixels, y: Pixels) -> Pixels:
    """Return the heights of a line in columns; NaN beyond its ends and beside what is not known."""
    return np.asarray(np.interp(columns, x, y, left=np.nan, right=np.nan), np.float64)
