"""Pages made in threads: only the latest request counts, and a quick one is there at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject, Signal

from amr_viewer.errors import AmrViewerError
from amr_viewer.gui.traces.page import Page, PageRequest, PaintedTrace, Trace, paint_trace

N_THREADS = 2
PATIENCE_S = 0.02
"""How long the GUI thread waits for a page before it shows the former one."""


class _Job:
    """A request on its way."""

    def __init__(self, request: PageRequest) -> None:
        self.request = request
        self.painted: list[PaintedTrace | None] = [None] * len(request.traces)
        self.left = len(request.traces)
        self.came = threading.Condition()
        self.is_unwanted = False

    @property
    def is_done(self) -> bool:
        """Whether every trace is there."""
        return self.left == 0

    def put(self, index: int, painted: PaintedTrace) -> bool:
        """Take one trace; return whether it was the last."""
        with self.came:
            self.painted[index] = painted
            self.left -= 1
            self.came.notify()
            return self.is_done

    def wait(self, index: int, deadline: float) -> PaintedTrace | None:
        """Return a trace, None if it is not there at a time of `time.monotonic`."""
        with self.came:
            self.came.wait_for(
                lambda: self.painted[index] is not None, max(deadline - time.monotonic(), 0.0)
            )
            return self.painted[index]

    def page(self) -> Page:
        """Return the page, once it is done."""
        return Page(self.request, tuple(p for p in self.painted if p is not None))


class PageLoader(QObject):
    """Makes pages.

    Parameters
    ----------
    parent : QObject, optional
    patience_s : float
        How long `ask` waits for a page.

    Signals
    -------
    arrived()
        A page that was late is there now.
    """

    arrived = Signal()

    def __init__(self, parent: QObject | None = None, patience_s: float = PATIENCE_S) -> None:
        super().__init__(parent)
        self.patience_s = patience_s
        self._pool: ThreadPoolExecutor | None = None
        self._job: _Job | None = None
        self.page: Page | None = None
        """The page that was made last."""

    def begin(self, request: PageRequest) -> None:
        """Let threads make a page, unless it is there or on its way."""
        is_there = self.page is not None and self.page.request == request
        if not is_there and (self._job is None or self._job.request != request):
            self._begin(request)

    def arriving(self, request: PageRequest) -> Iterator[PaintedTrace]:
        """Yield the traces of a page from the top as they come; ends early if they are late."""
        self.begin(request)
        if self._job is None or self._job.request != request:
            assert self.page is not None
            yield from self.page.traces
            return
        deadline = time.monotonic() + self.patience_s
        for index in range(len(request.traces)):
            painted = self._job.wait(index, deadline)
            if painted is None:
                return
            yield painted

    def ask(self, request: PageRequest) -> Page | None:
        """Return a page, None if it is late: then `arrived` tells of it."""
        for _ in self.arriving(request):
            pass
        if self._job is not None and self._job.is_done and self._job.request == request:
            self.page, self._job = self._job.page(), None
        return self.page if self.page is not None and self.page.request == request else None

    def forget(self) -> None:
        """Make the page again when it is asked for next: more of the recording was read."""
        self.page = None

    def _begin(self, request: PageRequest) -> None:
        """Put a request in the place of the former one."""
        if self._job is not None:
            self._job.is_unwanted = True
        self._job = job = _Job(request)
        if self._pool is None:
            self._pool = ThreadPoolExecutor(N_THREADS, thread_name_prefix="traces")
        for index, trace in enumerate(request.traces):
            self._pool.submit(self._paint, job, index, trace)

    def _paint(self, job: _Job, index: int, trace: Trace) -> None:
        """Paint one trace, in a thread."""
        if job.is_unwanted:
            return
        try:
            painted = paint_trace(job.request, trace)
        except (AmrViewerError, OSError, MemoryError) as error:
            painted = PaintedTrace((), fault=" ".join(str(error).split()) or "not enough memory")
        if job.put(index, painted) and not job.is_unwanted:
            self.arrived.emit()

    def close(self) -> None:
        """Wait for the threads to end."""
        if self._job is not None:
            self._job.is_unwanted = True
            self._job = None
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None
