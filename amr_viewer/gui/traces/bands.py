"""Draws stimuli and marks as lines and bands under the traces, which stay readable over them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter

from amr_viewer.core.recording import Recording
from amr_viewer.gui.theme import Theme
from amr_viewer.gui.traces.colors import mixed, see_through, site_color
from amr_viewer.gui.traces.lanes import Lanes
from amr_viewer.gui.traces.scene import REJECTED, MarkRow, ResponseSpans, Scene, StimulusRow

LEAST_BAND_PIXELS = 3.0
DENSE_PIXELS = 5.0
"""Stimuli that are closer than this have no line through the traces."""

BAND_PART, MARK_PART, STIMULUS_PART = 0.10, 0.75, 0.45


def draw_columns(painter: QPainter, lanes: Lanes, scene: Scene, theme: Theme) -> None:
    """Draw what is the same in every row, into one row: marks of all channels, stimuli."""
    marks = scene.marks
    seen = marks.within(lanes.time.low, lanes.time.high)
    common = [i for i in seen.tolist() if marks.channels[i] is None]
    _draw_marks(painter, lanes, marks, np.array(common, np.intp), theme, (0, 1))
    _draw_stimuli(painter, lanes, scene.stimuli, theme)


def draw_bands(
    painter: QPainter, lanes: Lanes, scene: Scene, recording: Recording, theme: Theme
) -> None:
    """Draw what belongs to single lanes: responses, rejected sweeps, marks of a channel."""
    for spans in scene.responses:
        if spans.channel in lanes.channels and not lanes.is_butterfly:
            _draw_responses(painter, lanes, spans, theme)
    for place, seen in by_lane(lanes, scene.marks, recording):
        if place is not None:
            rows = (round(lanes.center(place) - lanes.height / 2), round(lanes.height))
            _draw_marks(painter, lanes, scene.marks, seen, theme, rows)


def by_lane(
    lanes: Lanes, marks: MarkRow, recording: Recording
) -> Iterator[tuple[int | None, NDArray[np.intp]]]:
    """Yield the marks of the page: first those of all channels (None), then those of each lane."""
    seen = marks.within(lanes.time.low, lanes.time.high)
    own = np.array([marks.channels[i] is not None for i in seen.tolist()], bool)
    yield None, seen[~own]
    if not own.any():
        return
    places = {recording.channels[c].label: k for k, c in reversed(list(enumerate(lanes.channels)))}
    found: dict[int, list[int]] = {}
    for i in seen[own].tolist():
        place = places.get(marks.channels[i] or "")
        if place is not None:
            found.setdefault(place, []).append(i)
    for place, indices in found.items():
        yield place, np.array(indices, np.intp)


def _draw_responses(painter: QPainter, lanes: Lanes, spans: ResponseSpans, theme: Theme) -> None:
    """Draw the ground of responses, and hatch rejected sweeps, where they are wide enough."""
    first = int(np.searchsorted(spans.stops_s, lanes.time.low))
    stop = int(np.searchsorted(spans.starts_s, lanes.time.high))
    if first >= stop:
        return
    place = lanes.channels.index(spans.channel)
    top, height = round(lanes.center(place) - lanes.height / 2), round(lanes.height)
    left = lanes.time.pixels(spans.starts_s[first:stop])
    right = lanes.time.pixels(spans.stops_s[first:stop])
    bounds = np.column_stack([left, right])[right - left >= LEAST_BAND_PIXELS]
    bounds = np.clip(bounds, lanes.area.left(), lanes.area.right())
    for a, b in np.round(bounds).astype(np.int64).tolist():
        if spans.tone == REJECTED:
            hatch(painter, QRectF(a, top, b - a, height), theme)
        else:
            painter.fillRect(a, top, b - a, height, QColor(theme.tone(spans.tone)[1]))


def hatch(painter: QPainter, area: QRectF, theme: Theme) -> None:
    """Draw an area that says nothing."""
    painter.fillRect(area, QBrush(see_through(theme.muted, 130), Qt.BrushStyle.BDiagPattern))


def _draw_marks(
    painter: QPainter,
    lanes: Lanes,
    marks: MarkRow,
    seen: NDArray[np.intp],
    theme: Theme,
    rows: tuple[int, int],
) -> None:
    """Draw marks in some rows (the first, and how many)."""
    left, right = lanes.area.left(), lanes.area.right()
    start, stop = lanes.time.pixels(marks.starts_s[seen]), lanes.time.pixels(marks.stops_s[seen])
    bounds = np.clip(np.column_stack([start, stop])[stop > start], left, right)
    color = mixed(theme.mark, theme.surface, BAND_PART)
    for a, b in dict.fromkeys(map(tuple, np.round(bounds).astype(np.int64).tolist())):
        painter.fillRect(a, rows[0], max(b - a, 1), rows[1], color)
    color = mixed(theme.mark, theme.surface, MARK_PART)
    for x in _columns(start, left, right):
        painter.fillRect(x, rows[0], 1, rows[1], color)


def _draw_stimuli(painter: QPainter, lanes: Lanes, stimuli: StimulusRow, theme: Theme) -> None:
    """Draw a line for every stimulus, into one row, unless they would hide the rest."""
    seen = stimuli.within(lanes.time.low, lanes.time.high)
    area = lanes.area
    if not seen or area.width() / len(seen) < DENSE_PIXELS:
        return
    x = lanes.time.pixels(stimuli.times_s[seen.start : seen.stop])
    sites = stimuli.sites[seen.start : seen.stop]
    for place in range(len(stimuli.kinds)):
        color = mixed(site_color(theme, place), theme.surface, STIMULUS_PART)
        for column in _columns(x[sites == place], area.left(), area.right()):
            painter.fillRect(column, 0, 1, 1, color)


def _columns(x: NDArray[np.float64], left: float, right: float) -> list[int]:
    """Return the columns of pixels that are touched, each once."""
    inside = x[(x >= left - 0.5) & (x <= right + 0.5)]
    columns: list[int] = np.unique(np.round(inside).astype(np.int64)).tolist()
    return columns
