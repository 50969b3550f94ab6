"""The view as a figure that stands alone: raster, synchrony and histograms, black on white."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, QSizeF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from amr_viewer.core.bursts import BurstKind, Bursts
from amr_viewer.core.patterns import Synchrony
from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.patterns.colors import HEIGHTS, kind_color
from amr_viewer.gui.patterns.lanes import Lane
from amr_viewer.gui.patterns.limits import Limits
from amr_viewer.gui.patterns.limits_panel import empty_histograms, show_histograms
from amr_viewer.gui.patterns.paint import BRACKET_ROOM, FOOT
from amr_viewer.gui.patterns.picture import Picture, draw_words
from amr_viewer.gui.patterns.places import Places, least_height, place
from amr_viewer.gui.patterns.synchrony import SynchronyMap
from amr_viewer.gui.plot.frame import elided
from amr_viewer.gui.plot.time_axis import time_ticks
from amr_viewer.gui.theme import LIGHT, small_font

WIDTH, LOWER = 960, 340
LANE = 24
FINE = 0.25
"""Bars that begin and end at the same quarter of a pixel are drawn once."""


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """What a figure shows."""

    title: str
    picture: Picture
    window: tuple[float, float]
    pairs: tuple[Synchrony, ...]
    limits: Limits


def figure_size(figure: Figure, font: QFont) -> QSize:
    """Return the size of a figure."""
    return QSize(WIDTH, round(_head(font) + _raster_height(figure, font) + LOWER))


def _head(font: QFont) -> float:
    """Return the room for the title."""
    return QFontMetricsF(font).height() + 10.0


def _raster_height(figure: Figure, font: QFont) -> float:
    """Return the height of the raster."""
    lanes = figure.picture.lanes
    least = least_height(lanes, QFontMetricsF(small_font(font)))
    return max(least, least + len(lanes) * (LANE - QFontMetricsF(small_font(font)).height()))


def paint_figure(painter: QPainter, figure: Figure, size: QSize) -> None:
    """Draw a figure with the painter's font."""
    font = painter.font()
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), QColor(LIGHT.surface))
    painter.setPen(QColor(LIGHT.text))
    line = QPointF(8, 6 + QFontMetricsF(font).ascent())
    painter.drawText(line, elided(painter, figure.title, size.width() - 16))
    painter.translate(0, _head(font))
    painter.setFont(small_font(font))
    height = _raster_height(figure, font)
    metrics = QFontMetricsF(painter.font())
    lanes = figure.picture.lanes
    places = place(lanes, figure.window, QSizeF(size.width(), height), metrics)
    _draw_raster(painter, figure.picture, places)
    painter.translate(0, height)
    _draw_lower(painter, figure, size.width())


def _draw_raster(painter: QPainter, picture: Picture, places: Places) -> None:
    """Draw grid, bars and words."""
    painter.setPen(QPen(QColor(LIGHT.grid), 1))
    plot = places.plot
    for tick in time_ticks(places.time):
        x = places.time.pixel(tick)
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
    for lane, top in zip(picture.lanes, places.tops, strict=True):
        low = top + places.lane_height - FOOT
        painter.setPen(QPen(QColor(LIGHT.grid), 1))
        painter.drawLine(QPointF(0, low + 1), QPointF(plot.right(), low + 1))
        _draw_bars(painter, picture.bursts, lane, places, (top + BRACKET_ROOM, low))
        painter.setPen(QPen(QColor(LIGHT.muted), 1))
        for spans, y in ((lane.episodes, top + 1), (lane.salvos, top + 5)):
            for a, b in _boxes(places, *spans):
                painter.drawLines(
                    [QLineF(a, y, b, y), QLineF(a, y, a, y + 3), QLineF(b, y, b, y + 3)]
                )
    draw_words(painter, picture, places, LIGHT)


def _draw_bars(
    painter: QPainter, bursts: Bursts, lane: Lane, places: Places, between: tuple[float, float]
) -> None:
    """Draw the bars of a lane; those set aside are hollow."""
    high, low = between
    rows = lane.rows
    aside = rows[~bursts.counted[rows]]
    painter.setPen(QPen(QColor(LIGHT.sweep_gray), 0.8))
    for a, b in _boxes(places, bursts.start_s[aside], bursts.end_s[aside]):
        tall = 0.66 * (low - high)
        painter.drawRect(QRectF(a, low - tall, b - a, tall))
    for kind in (BurstKind.OTHER, BurstKind.TONIC, BurstKind.CLONIC):
        own = rows[bursts.counted[rows] & (bursts.kind[rows] == kind)]
        tall = HEIGHTS[kind] * (low - high)
        for a, b in _boxes(places, bursts.start_s[own], bursts.end_s[own]):
            painter.fillRect(QRectF(a, low - tall, b - a, tall), kind_color(LIGHT, kind))


def _boxes(
    places: Places, start_s: NDArray[np.float64], end_s: NDArray[np.float64]
) -> list[tuple[float, float]]:
    """Return left and right of stretches in sight, equal ones once."""
    seen = (end_s >= places.time.low) & (start_s <= places.time.high)
    left = np.maximum(places.time.pixels(start_s[seen]), places.plot.left())
    right = np.minimum(places.time.pixels(end_s[seen]), places.plot.right())
    fine = np.column_stack([np.floor(left / FINE), np.ceil(right / FINE)])
    boxes = np.unique(fine, axis=0) * FINE
    return [(a, max(b, a + 2 * FINE)) for a, b in boxes.tolist()]


def _draw_lower(painter: QPainter, figure: Figure, width: int) -> None:
    """Draw synchrony beside the histograms, in the light theme whatever the window's is."""
    appearance = Appearance(LIGHT)
    synchrony = SynchronyMap(appearance)
    durations, intervals = empty_histograms(appearance)
    synchrony.resize(width // 2 - 8, LOWER - 8)
    synchrony.show_pairs(figure.picture.bursts, figure.pairs)
    show_histograms(durations, intervals, figure.picture.bursts, figure.limits, LIGHT)
    painter.save()
    painter.translate(4, 4)
    synchrony.draw(painter)
    painter.translate(width // 2, 0)
    for histogram in (durations, intervals):
        histogram.resize(width // 2 - 12, LOWER // 2 - 8)
        histogram.draw(painter)
        painter.translate(0, LOWER // 2)
    painter.restore()
