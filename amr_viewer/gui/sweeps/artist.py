"""Makes pictures and summaries off the GUI thread; only what was asked for last arrives."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from amr_viewer.core.progress import Progress
from amr_viewer.gui.session import Session
from amr_viewer.gui.sweeps.picture import Picture, Request, paint_picture
from amr_viewer.gui.sweeps.summary import Summary, summarize
from amr_viewer.gui.sweeps.sweepset import SweepSet

LANE = "sweeps pictures"
CHECK_S = 0.02
"""The least time between two questions whether the work is still wanted."""

MOST_REST_S = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class SummaryWish:
    """A summary that is wanted; `key` is equal where summaries are equal."""

    sweeps: SweepSet = field(repr=False)
    channel: int
    state: NDArray[np.int8] = field(repr=False)
    key: tuple[object, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """What arrives for a channel."""

    channel: int
    key: tuple[object, ...]
    what: Picture | Summary


class Artist(QObject):
    """Draws the panels' sweeps in a thread.

    Signals
    -------
    made(made)
        A picture or summary is ready.
    """

    made = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._tasks = session.tasks
        self._free = threading.Event()
        self._free.set()
        self._resume = QTimer(self)
        self._resume.setSingleShot(True)
        self._resume.setInterval(0)
        self._resume.timeout.connect(self._free.set)

    def give_way(self) -> None:
        """Let the GUI thread paint undisturbed: the work rests until this turn's end."""
        self._free.clear()
        self._resume.start()

    def want(self, wishes: Sequence[SummaryWish | Request]) -> None:
        """Make these, in their order; what was asked for before and is not made is dropped."""
        if not wishes:
            self._tasks.cancel(LANE)
            return

        def work(progress: Progress) -> None:
            check = _Check(progress, self._free)
            for wish in wishes:
                check()
                if isinstance(wish, Request):
                    what: Picture | Summary = paint_picture(wish, check)
                else:
                    what = summarize(wish.sweeps, wish.channel, wish.state, check)
                self.made.emit(Made(wish.channel, wish.key, what))

        self._tasks.run(LANE, "drawing sweeps", work, lambda _: None, lambda _: None)


class _Check:
    """Asks now and then whether the work is still wanted; raises `Cancelled` if it is not."""

    def __init__(self, progress: Progress, free: threading.Event) -> None:
        self._progress = progress
        self._free = free
        self._last = time.perf_counter()

    def __call__(self) -> None:
        """Rest while the window is painted; ask, if the last question is some time ago."""
        self._free.wait(MOST_REST_S)
        now = time.perf_counter()
        if now - self._last > CHECK_S:
            self._last = now
            self._progress(0.5, "")
