"""Pages made in a thread: only the latest request counts, and a quick one is there at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject, Signal

from amr_viewer.errors import AmrViewerError
from amr_viewer.gui.traces.page import Page, PageRequest, PageTrace, read_trace

PATIENCE_S = 0.02
"""How long the GUI thread waits for a page before it shows the former one."""


class _Job:
    """A request on its way."""

    def __init__(self, request: PageRequest) -> None:
        self.request = request
        self.page: Page | None = None
        self.came = threading.Event()
        self.is_unwanted = False

    def make(self) -> None:
        """Read the page; stops between two traces once nobody wants it."""
        traces = []
        for trace in self.request.traces:
            if self.is_unwanted:
                return
            try:
                traces.append(read_trace(self.request, trace))
            except (AmrViewerError, OSError, MemoryError) as error:
                words = " ".join(str(error).split()) or "not enough memory"
                traces.append(PageTrace(None, fault=words))
        self.page = Page(self.request, tuple(traces))
        self.came.set()


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
        """Let the thread make a page, unless it is there or on its way."""
        is_there = self.page is not None and self.page.request == request
        if not is_there and (self._job is None or self._job.request != request):
            self._begin(request)

    def ask(self, request: PageRequest) -> Page | None:
        """Return a page, None if it is late: then `arrived` tells of it."""
        self.begin(request)
        job = self._job
        if job is not None and job.request == request and job.came.wait(self.patience_s):
            self.page, self._job = job.page, None
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
            self._pool = ThreadPoolExecutor(1, thread_name_prefix="traces")
        self._pool.submit(self._make, job)

    def _make(self, job: _Job) -> None:
        """Make a page, in a thread."""
        job.make()
        if job.page is not None and not job.is_unwanted:
            self.arrived.emit()

    def close(self) -> None:
        """Wait for the thread to end."""
        if self._job is not None:
            self._job.is_unwanted = True
            self._job = None
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None
