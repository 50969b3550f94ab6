"""What lies under the mouse in the Trend view: blocks and lines, and what is said of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF

from amr_viewer.gui.plot.scale import clock
from amr_viewer.gui.trend.look import Look
from amr_viewer.gui.trend.picture import Course, TrendPicture
from amr_viewer.gui.trend.places import Places, Row
from amr_viewer.gui.trend.ribbon import cells
from amr_viewer.gui.trend.rows import DODGE, values_of
from amr_viewer.gui.trend.words import block_words

REACH = 9.0
"""How near to a sign the mouse must be, in pixels; a third of it for cells and lines."""

MOST_LINES = 10

Block = tuple[Course, int]


def block_at(picture: TrendPicture, look: Look, places: Places, point: QPointF) -> Block | None:
    """Return the block under a point: a cell of a lane, or the nearest sign of a row."""
    courses = look.courses(picture)
    lane = places.lane_at(point.y())
    if lane is not None:
        edges = cells(courses[lane], places.x)
        off = np.maximum(edges[:, 0] - point.x(), point.x() - edges[:, 1])
        best = int(np.argmin(off))
        return (courses[lane], best) if off[best] <= REACH / 3 else None
    panel = places.panel_at(point.y())
    if panel is None:
        return None
    if panel.row is Row.M:
        courses = (picture.direct,) if picture.direct else ()
    nearest: tuple[float, Block] | None = None
    for i, course in enumerate(courses):
        x = places.x.pixels(course.middle_s) + DODGE * (i - 0.5 * (len(courses) - 1))
        y = panel.y.pixels(values_of(course, panel.row, look.percent).middle)
        far = np.hypot(x - point.x(), y - point.y())
        if np.isfinite(far).any():
            best = int(np.nanargmin(far))
            if far[best] <= REACH and (nearest is None or far[best] < nearest[0]):
                nearest = float(far[best]), (course, best)
    return nearest[1] if nearest else None


def block_tip(course: Course, block: int) -> str:
    """Return the numbers of a block, and the reason of its state."""
    reason = course.trend.reason[block]
    return f"{block_words(course, block)}.\n{reason[:1].upper()}{reason[1:]}."


def place_tip(picture: TrendPicture, look: Look, places: Places, point: QPointF) -> str:
    """Return what is said of a place beside the blocks: a muscle's name, texts of lines."""
    lane = places.lane_at(point.y())
    if lane is not None and point.x() < places.plot.left():
        course = look.courses(picture)[lane]
        return f"{course.full_name} (channel {course.trend.channel})"
    events: Sequence[int] = [i for i, box in places.legend if box.contains(point)]
    if point.y() < places.plot.top():
        x = places.x
        low, high = (x.value(point.x() + d) for d in (-REACH / 2, REACH / 2))
        events = look.events.within(low, high)
    lines = [f"{look.events.label(i)} ({clock(look.events.time_s[i])})" for i in events]
    return "\n".join(lines[:MOST_LINES])
