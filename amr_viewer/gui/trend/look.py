"""How the Trend view is looked at: stretch of time, muscles, unit, lines of events; values only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import nan

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.arrays import freeze
from amr_viewer.core.recording import Mark
from amr_viewer.gui.trend.picture import Course, TrendPicture

MARGIN = 0.03
"""What is left free at either end of the whole, as a fraction of it."""

LEAST_SPAN_S = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """Marks that are no stimuli, as lines in order of time, lettered A, B, C.

    Attributes
    ----------
    time_s : ndarray, shape (n_events,)
    manual : ndarray of bool, shape (n_events,)
        Whether a person made or changed it.
    texts : tuple of str
    """

    time_s: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    manual: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, bool))
    texts: tuple[str, ...] = field(default=(), repr=False)

    def __len__(self) -> int:
        """Return the number of lines."""
        return len(self.texts)

    def within(self, start_s: float, stop_s: float) -> range:
        """Return the numbers of the lines in a stretch of time."""
        first = int(np.searchsorted(self.time_s, start_s, side="left"))
        return range(first, max(first, int(np.searchsorted(self.time_s, stop_s, side="right"))))

    def label(self, index: int) -> str:
        """Return letter and text of a line."""
        text = " ".join(self.texts[index].split()) or "mark"
        return f"{letters(index)}  {text}"


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What of a picture is drawn.

    Attributes
    ----------
    start_s, stop_s : float
        Stretch of time; NaN: the whole.
    channels : frozenset of int
        Muscles that are shown.
    percent : bool
        Whether amplitude is drawn in percent of the baseline block.
    events : Events
    """

    start_s: float = nan
    stop_s: float = nan
    channels: frozenset[int] = frozenset()
    percent: bool = False
    events: Events = field(default_factory=Events, repr=False)

    def courses(self, picture: TrendPicture) -> tuple[Course, ...]:
        """Return the courses that are drawn."""
        return tuple(c for c in picture.courses if c.channel in self.channels)


def events_of(marks: Iterable[tuple[str, Mark, bool]]) -> Events:
    """Return the marks that are no stimuli.

    Parameters
    ----------
    marks : iterable of (str, Mark, bool)
        As `Document.marks`.
    """
    lines = [(mark, manual) for _, mark, manual in marks if mark.stimulus is None]
    return Events(
        freeze(np.array([mark.time_s for mark, _ in lines], np.float64)),
        freeze(np.array([manual for _, manual in lines], np.bool_)),
        tuple(mark.text for mark, _ in lines),
    )


def letters(index: int) -> str:
    """Return the letters of the line with this number.

    Examples
    --------
    >>> letters(0), letters(25), letters(26), letters(701), letters(702)
    ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    text = ""
    index += 1
    while index > 0:
        index, digit = divmod(index - 1, 26)
        text = chr(ord("A") + digit) + text
    return text


def whole(picture: TrendPicture, events: Events) -> tuple[float, float]:
    """Return the stretch of time that holds all stimuli of a branch and all lines."""
    times = [float(t) for t in events.time_s[[0, -1]]] if len(events) else []
    for course in picture.courses:
        times += [float(course.trend.start_s[0]), float(course.trend.end_s[-1])]
    if not times:
        return 0.0, LEAST_SPAN_S
    low, high = min(times), max(times)
    free = max(MARGIN * (high - low), LEAST_SPAN_S / 2)
    return low - free, high + free
