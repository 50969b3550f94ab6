"""What the raster is drawn from: bursts, lanes, marks and stimuli; values, and their drawing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from amr_viewer.core.anatomy import Muscle
from amr_viewer.core.bursts import Bursts
from amr_viewer.core.shown_marks import MarkColumns
from amr_viewer.core.stimuli import Stimuli, sites_in
from amr_viewer.gui.patterns.lanes import Lane
from amr_viewer.gui.patterns.paint import Brush, Pixels, paint_lane, pixels_of
from amr_viewer.gui.patterns.places import EDGE, Places
from amr_viewer.gui.plot.frame import elided
from amr_viewer.gui.plot.scale import Axis
from amr_viewer.gui.plot.site_colors import site_color
from amr_viewer.gui.plot.time_axis import draw_time_labels, time_ticks
from amr_viewer.gui.theme import Theme

STIMULUS_HEIGHT = 6.0
MOST_MARK_WORDS = 60
NO_SCALES: Mapping[Muscle | None, float] = {}


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """Stimuli and marks above the lanes.

    Attributes
    ----------
    stimuli_s : ndarray, shape (n_stimuli,)
    places : ndarray of int, shape (n_stimuli,)
        Of each stimulus' branch among those of the recording.
    marks : MarkColumns or None
    """

    stimuli_s: NDArray[np.float64] = field(default_factory=lambda: np.empty(0), repr=False)
    places: NDArray[np.intp] = field(default_factory=lambda: np.empty(0, np.intp), repr=False)
    marks: MarkColumns | None = None


def events_of(stimuli: Stimuli, marks: MarkColumns) -> Events:
    """Return the events of a recording."""
    order = {site: i for i, site in enumerate(sites_in(stimuli))}
    places = [order[site] for site in zip(stimuli.site, stimuli.side, strict=True)]
    return Events(stimuli.time_s, np.array(places, np.intp), marks)


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """Bursts as they are looked at, by lane, events, and the scales of the traces."""

    bursts: Bursts
    lanes: tuple[Lane, ...]
    events: Events
    scales_uv: Mapping[Muscle | None, float] = field(default_factory=dict)


def paint_picture(
    picture: Picture,
    places: Places,
    size: tuple[int, int],
    ratio: float,
    theme: Theme,
    under: Callable[[Pixels], None] | None = None,
) -> QImage:
    """Return the raster, `size` in pixels of the window; `under` paints the plot first."""
    image = QImage(round(size[0] * ratio), round(size[1] * ratio), QImage.Format.Format_RGB32)
    image.fill(QColor(theme.surface))
    _ground(image, places, theme, ratio)
    pixels = pixels_of(image)
    left = round(places.plot.left() * ratio)
    right = min(round(places.plot.right() * ratio), image.width())
    axis = Axis(places.time.low, places.time.high, 0.0, float(right - left))
    brush = Brush(pixels[:, left:right], axis, ratio, theme)
    if under is not None:
        under(brush.pixels)
    _stimuli(brush, picture.events, places)
    for lane, top in zip(picture.lanes, places.tops, strict=True):
        bottom = top + places.lane_height
        paint_lane(brush, picture.bursts, lane, bottom - places.bars_height, bottom)
    image.setDevicePixelRatio(ratio)
    return image


def _ground(image: QImage, places: Places, theme: Theme, ratio: float) -> None:
    """Draw grid and the lines between lanes."""
    painter = QPainter(image)
    painter.scale(ratio, ratio)
    painter.setPen(QPen(QColor(theme.grid), 1))
    plot = places.plot
    for tick in time_ticks(places.time):
        x = places.time.pixel(tick)
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
    for top in places.tops:
        low = top + places.lane_height - 1
        painter.drawLine(QPointF(0, low), QPointF(plot.right(), low))
    painter.end()


def _stimuli(brush: Brush, events: Events, places: Places) -> None:
    """Draw a stroke above the lanes for each stimulus, in the color of its branch."""
    low = round((places.plot.top() - 1) * brush.ratio)
    high = round((places.plot.top() - 1 - STIMULUS_HEIGHT) * brush.ratio)
    for place in np.unique(events.places):
        at = events.stimuli_s[events.places == place]
        covered = brush.columns(at, at).covered(brush.width)
        brush.pixels[high:low, covered] = site_color(brush.theme, int(place)).rgb()


def draw_words(
    painter: QPainter,
    picture: Picture,
    places: Places,
    theme: Theme,
    scales: Mapping[Muscle | None, float] = NO_SCALES,
) -> None:
    """Write the names of the lanes with the scales of their traces, times, and visible marks."""
    plot = places.plot
    left = Qt.AlignmentFlag.AlignLeft
    lines = painter.fontMetrics().height()
    two = bool(scales) and places.lane_height >= 2 * lines + 2
    for lane, top in zip(picture.lanes, places.tops, strict=True):
        box = QRectF(EDGE + 6, top, plot.left() - EDGE - 12, places.lane_height)
        painter.fillRect(
            QRectF(EDGE - 2, top + 3, 3, places.lane_height - 6),
            QColor(theme.muscle(lane.channel.muscle)),
        )
        painter.setPen(QColor(theme.text))
        name = elided(painter, lane.name, box.width())
        if not two:
            painter.drawText(box, left | Qt.AlignmentFlag.AlignVCenter, name)
            continue
        middle = box.center().y()
        painter.drawText(QRectF(box.left(), middle - lines, box.width(), lines), left, name)
        painter.setPen(QColor(theme.muted))
        scale = f"±{scales[lane.channel.muscle]:g} µV"
        painter.drawText(QRectF(box.left(), middle, box.width(), lines), left, scale)
    draw_time_labels(painter, places.time, plot.bottom() + 2, theme)
    _marks(painter, picture.events.marks, places, theme)


def _marks(painter: QPainter, marks: MarkColumns | None, places: Places, theme: Theme) -> None:
    """Draw the marks that are visible: a line, and the text where there is room."""
    if marks is None:
        return
    seen = marks.within(places.time.low, places.time.high)
    color, plot = QColor(theme.mark), places.plot
    lines = np.unique(np.round(places.time.pixels(marks.starts_s[seen])))
    painter.setPen(QPen(color, 1))
    for x in lines[lines >= plot.left()].tolist():
        painter.drawLine(QPointF(x, 4), QPointF(x, plot.bottom()))
    free = -1e9
    for i in seen[:MOST_MARK_WORDS].tolist():
        x = max(places.time.pixel(float(marks.starts_s[i])), plot.left())
        whole = painter.fontMetrics().horizontalAdvance(marks.texts[i])
        width = min(whole, plot.right() - x - 8)
        if x < free or width < min(whole, 24):
            continue
        box = QRectF(x + 4, 2, width + 2, places.head.height() - STIMULUS_HEIGHT - 4)
        painter.drawText(
            box, Qt.AlignmentFlag.AlignVCenter, elided(painter, marks.texts[i], width + 2)
        )
        free = x + width + 12
