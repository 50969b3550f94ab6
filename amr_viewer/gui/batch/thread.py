"""Runs the engine in a thread of its own; what it yields waits here until it is fetched.

The thread touches nothing of Qt: the window fetches from it by a timer.
"""

from __future__ import annotations

from collections import deque
from threading import Thread
from typing import TYPE_CHECKING

from amr_viewer.core.batch import BatchItem
from amr_viewer.errors import AmrViewerError

if TYPE_CHECKING:
    from amr_viewer.batch import Steering
    from amr_viewer.gui.batch.request import BatchRequest

PATIENCE_S = 5.0
"""The engine ends within 2 s of being stopped; longer nobody waits for it."""


class BatchThread:
    """One run of the engine.

    Parameters
    ----------
    request : BatchRequest
    steering : Steering
        What the run obeys.
    """

    def __init__(self, request: BatchRequest, steering: Steering) -> None:
        self._request, self.steering = request, steering
        self._items: deque[BatchItem] = deque()
        self._fault = ""
        self._thread = Thread(target=self._work, name="amr-viewer-batch", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def has_ended(self) -> bool:
        """Whether the engine has ended and everything was fetched."""
        return not self._thread.is_alive() and not self._items

    @property
    def fault(self) -> str:
        """Why the batch as a whole ended, empty if it came to its end."""
        return self._fault

    def fetch(self) -> list[BatchItem]:
        """Return what has finished since the last time."""
        return [self._items.popleft() for _ in range(len(self._items))]

    def end(self) -> None:
        """Stop, and wait until nothing is written any more."""
        self.steering.stop()
        if self._thread.is_alive():
            self._thread.join(PATIENCE_S)

    def _work(self) -> None:
        """Let the engine work; in the thread."""
        from amr_viewer import batch

        asked = self._request
        try:
            items = batch.analyze_folder(
                asked.folder,
                asked.out,
                asked.protocol,
                jobs=asked.jobs,
                scheduler=asked.scheduler,
                resume=asked.resume,
                use_review=asked.use_review,
                free_running=asked.free_running,
                parquet=asked.parquet,
                only=asked.only,
                steering=self.steering,
            )
            for item in items:
                self._items.append(item)
        except (AmrViewerError, OSError) as error:
            self._fault = " ".join(str(error).split())
        except MemoryError:
            self._fault = "not enough memory; analyze fewer recordings at once"
        except Exception as error:  # the thread boundary: a fault must reach the person
            self._fault = f"unexpected fault ({type(error).__name__}: {error}); please report it"
