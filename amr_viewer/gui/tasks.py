"""Work off the GUI thread: a request leaves, a value comes back, only the latest counts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from amr_viewer.core.progress import Progress
from amr_viewer.errors import AmrViewerError, Cancelled

THREADS = 3
"""Reading, analyzing and saving go on side by side; numpy works outside the interpreter's lock."""

T = TypeVar("T")


@dataclass(eq=False)
class Task:
    """One piece of work on its way; `lane` is what it works for."""

    lane: str
    title: str
    done: Callable[[Any], None]
    failed: Callable[[str], None]
    stop: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        """Ask the work to end; neither its value nor its fault will arrive."""
        self.stop.set()


class Tasks(QObject):
    """Runs work in threads; a new piece in a lane takes the place of the former.

    Signals
    -------
    progressed(lane, title, fraction)
        From 0 to 1.
    changed()
        Work began or ended: `running` differs.
    """

    progressed = Signal(str, str, float)
    changed = Signal()
    _ended = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="amr-viewer")
        self._lanes: dict[str, Task] = {}
        self._ended.connect(self._arrive)

    @property
    def running(self) -> tuple[str, ...]:
        """Lanes that are at work."""
        return tuple(self._lanes)

    def title_of(self, lane: str) -> str:
        """Return what a lane is at work on, empty if it is not."""
        task = self._lanes.get(lane)
        return task.title if task else ""

    def run(
        self,
        lane: str,
        title: str,
        work: Callable[[Progress], T],
        done: Callable[[T], None],
        failed: Callable[[str], None],
    ) -> Task:
        """Begin work.

        Parameters
        ----------
        lane : str
            What it is for; work that is on its way in the same lane is cancelled.
        title : str
            What a person reads while it runs.
        work : callable
            Gets a `Progress` that raises `Cancelled` when the work is no longer wanted.
        done, failed : callable
            Called in the GUI thread with the value, or with the fault in one line; neither is
            called for work that was cancelled.
        """
        self.cancel(lane)
        task = Task(lane, title, done, failed)
        self._lanes[lane] = task
        self.changed.emit()

        def progress(fraction: float, message: str) -> None:
            if task.stop.is_set():
                raise Cancelled(title)
            self.progressed.emit(lane, message or title, fraction)

        self._pool.submit(self._work, task, work, progress)
        return task

    def _work(self, task: Task, work: Callable[[Progress], Any], progress: Progress) -> None:
        """Do one piece of work, in a thread of the pool."""
        try:
            progress(0.0, task.title)
            value, fault = work(progress), None
        except Cancelled:
            value, fault = None, ""
        except (AmrViewerError, OSError) as error:
            value, fault = None, " ".join(str(error).split())
        except MemoryError:
            value, fault = None, "not enough memory; close other recordings and try again"
        except Exception as error:  # the thread boundary: a fault must reach the person, not stderr
            value, fault = None, f"unexpected fault ({type(error).__name__}: {error})"
        self._ended.emit(task, value, fault)

    @Slot(object, object, object)
    def _arrive(self, task: Task, value: Any, fault: str | None) -> None:
        """Hand over what a piece of work brought, in the GUI thread."""
        if self._lanes.get(task.lane) is task:
            del self._lanes[task.lane]
            self.changed.emit()
        if task.stop.is_set():
            return
        if fault is None:
            task.done(value)
        elif fault:
            task.failed(fault)

    def cancel(self, lane: str) -> None:
        """Cancel the work of a lane."""
        task = self._lanes.pop(lane, None)
        if task is not None:
            task.cancel()
            self.changed.emit()

    def close(self) -> None:
        """Cancel everything and wait for the threads to end."""
        for lane in self.running:
            self.cancel(lane)
        self._pool.shutdown(wait=True, cancel_futures=True)
