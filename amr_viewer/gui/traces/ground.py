"""Draws what lies under the traces, and the traces themselves, into a picture."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from amr_viewer.gui.plot.scale import Axis
from amr_viewer.gui.theme import Theme
from amr_viewer.gui.traces.bands import draw_bands, draw_columns, hatch
from amr_viewer.gui.traces.lanes import Lanes
from amr_viewer.gui.traces.page import Page, PageRequest, PageTrace
from amr_viewer.gui.traces.raster import Brush
from amr_viewer.gui.traces.scene import Scene
from amr_viewer.gui.traces.steps import DIVISIONS, time_step
from amr_viewer.io.timeline import timeline

LEAST_GAP_PIXELS = 3.0


def paint_ground(
    lanes: Lanes, request: PageRequest, scene: Scene, theme: Theme, ratio: float
) -> QImage:
    """Return a picture of the area of the traces, still without them.

    What is the same in every row (the grid of time, stimuli, marks of all channels) is drawn into
    one row and copied: a thousand rows of a hundred lines would cost milliseconds. `ratio` is
    pixels of the device per pixel of the window.
    """
    row = QImage(request.width, 1, QImage.Format.Format_RGB32)
    row.fill(QColor(theme.surface))
    with _painting(row, ratio, lanes.area.left(), 0.0) as painter:
        _draw_times(painter, lanes, theme)
        draw_columns(painter, lanes, scene, theme)
    height = max(round(lanes.area.height() * ratio), 1)
    picture = QImage(request.width, height, QImage.Format.Format_RGB32)
    pixels_of(picture)[:] = pixels_of(row)
    with _painting(picture, ratio, lanes.area.left(), lanes.area.top()) as painter:
        _draw_values(painter, lanes, theme)
        draw_bands(painter, lanes, scene, request.recording, theme)
        gaps_s = timeline(request.recording).gaps_between(request.start_s, request.stop_s)
        _draw_gaps(painter, lanes, gaps_s, theme)
    return picture


def draw_page(picture: QImage, lanes: Lanes, page: Page, theme: Theme) -> None:
    """Draw the traces of a page, and hatch where one is missing, in pixels of the device."""
    if not lanes.is_butterfly:
        for place, trace in enumerate(page.traces):
            if trace.holes:
                _draw_holes(picture, lanes, place, trace, theme)
    draw_traces(picture, page)


def draw_traces(picture: QImage, page: Page) -> None:
    """Draw the traces of a page into an opaque picture of its size."""
    brush = Brush(pixels_of(picture))
    for trace in page.traces:
        if trace.columns is not None:
            brush.paint(trace.columns)


def _draw_holes(picture: QImage, lanes: Lanes, place: int, trace: PageTrace, theme: Theme) -> None:
    """Hatch where a channel has no samples."""
    wide = lanes.area.width() / picture.width()
    top = lanes.center(place) - lanes.height / 2 - lanes.area.top()
    with _painting(picture, 1 / wide, 0.0, 0.0) as painter:
        for start, stop in trace.holes:
            hatch(painter, QRectF(start * wide, top, (stop - start) * wide, lanes.height), theme)


@contextmanager
def _painting(picture: QImage, ratio: float, left: float, top: float) -> Iterator[QPainter]:
    """Give a painter that draws a part of the window, beginning at a point, into a picture."""
    painter = QPainter(picture)
    painter.scale(ratio, ratio)
    painter.translate(-left, -top)
    yield painter
    painter.end()


def pixels_of(picture: QImage) -> NDArray[np.uint32]:
    """Return the pixels of a picture, to be read and written; shape (height, width)."""
    raw = np.frombuffer(picture.bits(), np.uint32)
    return raw.reshape(picture.height(), picture.width())


def time_ticks(time: Axis) -> tuple[float, list[float]]:
    """Return the division of time and the times of the grid."""
    step = time_step((time.high - time.low) / DIVISIONS)
    first, last = ceil(time.low / step - 1e-6), floor(time.high / step + 1e-6)
    return step, [k * step for k in range(first, last + 1)]


def _draw_times(painter: QPainter, lanes: Lanes, theme: Theme) -> None:
    """Draw the grid of time, into one row."""
    for x in map(lanes.time.pixel, time_ticks(lanes.time)[1]):
        painter.fillRect(round(x), 0, 1, 1, QColor(theme.grid))


def _draw_values(painter: QPainter, lanes: Lanes, theme: Theme) -> None:
    """Draw the grid of values: the same division in every lane, stronger on the base line."""
    left, wide = round(lanes.area.left()), round(lanes.area.width()) + 1
    fine, strong = QColor(theme.grid), QColor(theme.line)
    height, division = lanes.height, lanes.division
    per_side = round(height / division / 2)
    n_lanes = 1 if lanes.is_butterfly else len(lanes.channels)
    centers = [lanes.center(place) for place in range(n_lanes if lanes.channels else 0)]
    for center in centers:
        for k in range(-per_side, per_side + 1):
            if k:
                painter.fillRect(left, floor(center + k * division), wide, 1, fine)
    for center in centers:
        painter.fillRect(left, floor(center), wide, 1, strong)


def _draw_gaps(painter: QPainter, lanes: Lanes, gaps_s: NDArray[np.float64], theme: Theme) -> None:
    """Hatch what was not recorded; even the shortest gap is seen."""
    left, right = lanes.area.left(), lanes.area.right()
    pixels = lanes.time.pixels(gaps_s.reshape(-1)).reshape(-1, 2).clip(left, right)
    for start, stop in _merged(pixels):
        wide = max(stop - start, LEAST_GAP_PIXELS)
        band = QRectF(start, lanes.area.top(), wide, lanes.area.height())
        painter.fillRect(band, QColor(theme.ground))
        hatch(painter, band, theme)


def _merged(bands: NDArray[np.float64]) -> list[tuple[float, float]]:
    """Join bands that are closer than a pixel: thousands of gaps become few."""
    out: list[tuple[float, float]] = []
    for start, stop in bands.tolist():
        if out and start - out[-1][1] < 1:
            out[-1] = (out[-1][0], max(stop, out[-1][1]))
        else:
            out.append((start, stop))
    return out
