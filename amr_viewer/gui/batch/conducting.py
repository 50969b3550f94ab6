"""One batch on its way: looked for, checked, run, paused, stopped; tells the window by signals."""

from __future__ import annotations

import time
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from amr_viewer.core.batch import BatchPlan
from amr_viewer.gui.batch.ledger import Ledger
from amr_viewer.gui.batch.request import BatchRequest
from amr_viewer.gui.batch.thread import BatchThread

if TYPE_CHECKING:
    from amr_viewer.core.progress import Progress
    from amr_viewer.gui.session import Session

TICK_MS = 100
"""How often results are fetched: as often as one can read them, not as often as they come."""


class Stage(StrEnum):
    """How far a batch is."""

    EMPTY = "no folder is chosen"
    LOOKING = "looking for recordings"
    READY = "ready"
    CHECKING = "checking"
    RUNNING = "running"
    ENDED = "ended"


class Conductor(QObject):
    """Plans and runs batches, one at a time.

    Signals
    -------
    changed()
        The stage, the progress, or what is running differs.
    planned(plan, is_checked)
        Recordings were found.
    begun(names)
        These recordings wait for their turn.
    arrived(items)
        Recordings have finished.
    ran()
        A run has come to its end, or was stopped.
    failed(text)
        The batch as a whole cannot begin or go on.
    """

    changed = Signal()
    planned = Signal(object, bool)
    begun = Signal(object)
    arrived = Signal(object)
    ran = Signal()
    failed = Signal(str)

    def __init__(self, session: Session, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._lane = session, f"batch {name}"
        self.stage = Stage.EMPTY
        self.plan: BatchPlan | None = None
        self.ledger = Ledger()
        self.looked_at = ""
        self.last: BatchRequest | None = None
        self._thread: BatchThread | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._fetch)
        session.tasks.progressed.connect(self._looked)

    # ------------------------------------------------------------------ what holds

    @property
    def is_running(self) -> bool:
        """Whether recordings are being analyzed, or a pause lasts."""
        return self.stage is Stage.RUNNING

    @property
    def is_busy(self) -> bool:
        """Whether anything is at work."""
        return self.stage in (Stage.LOOKING, Stage.CHECKING, Stage.RUNNING)

    @property
    def is_paused(self) -> bool:
        """Whether nothing further is begun."""
        return self._thread is not None and self._thread.steering.is_paused

    @property
    def is_stopping(self) -> bool:
        """Whether the run was stopped and has not ended yet."""
        return self.is_running and self.was_stopped

    @property
    def was_stopped(self) -> bool:
        """Whether the present run, or the last one, was stopped by a person."""
        return self._thread is not None and self._thread.steering.is_stopped

    @property
    def has_broken_off(self) -> bool:
        """Whether the last run ended before its time."""
        return self._thread is not None and bool(self._thread.fault or self.was_stopped)

    @property
    def running(self) -> tuple[str, ...]:
        """Names of the recordings that are being analyzed now."""
        return self._thread.steering.running if self.is_running and self._thread else ()

    # ------------------------------------------------------------------ verbs

    def look(self, request: BatchRequest) -> None:
        """Look for the recordings in a folder; nothing is read to its end."""
        self._begin_planning(replace(request, resume=False), Stage.LOOKING)

    def forget(self) -> None:
        """Let go of the folder: there is none that can be analyzed."""
        self._session.tasks.cancel(self._lane)
        self.plan = self.last = self._thread = None
        self._settle()

    def check(self, request: BatchRequest) -> None:
        """Say what would be done, and why."""
        self._begin_planning(request, Stage.CHECKING)

    def _begin_planning(self, request: BatchRequest, stage: Stage) -> None:
        """Plan in a thread of the session's."""
        if self.is_running:
            return

        def work(progress: Progress) -> BatchPlan:
            from amr_viewer import batch

            return batch.plan_folder(
                request.folder,
                request.out,
                request.protocol,
                resume=request.resume,
                use_review=request.use_review,
                free_running=request.free_running,
                progress=progress,
            )

        def done(plan: BatchPlan) -> None:
            self.plan = plan
            self._settle()
            self.planned.emit(plan, stage is Stage.CHECKING)

        def failed(text: str) -> None:
            self._settle()
            self.failed.emit(text)

        self.looked_at, self.stage = "", stage
        if stage is Stage.LOOKING:
            self.plan = self.last = self._thread = None
        self._session.tasks.run(self._lane, str(stage), work, done, failed)
        self.changed.emit()

    def _settle(self) -> None:
        """Be at rest again."""
        self.looked_at = ""
        self.stage = Stage.READY if self.plan else Stage.EMPTY
        self.changed.emit()

    def _looked(self, lane: str, title: str, fraction: float) -> None:
        """Take note of what is being looked at."""
        if lane == self._lane and self.stage in (Stage.LOOKING, Stage.CHECKING):
            self.looked_at = title
            self.ledger = replace(self.ledger, looked=fraction)
            self.changed.emit()

    def start(self, request: BatchRequest) -> None:
        """Begin to analyze."""
        if self.is_busy or self.plan is None:
            return
        from amr_viewer import batch

        sizes = {r.name: r.size_bytes for r in self.plan.recordings}
        if request.only is not None:
            sizes = {name: size for name, size in sizes.items() if name in request.only}
        self.ledger = Ledger.of(sizes, time.monotonic())
        self.last = request
        self._thread = BatchThread(request, batch.Steering())
        self.stage = Stage.RUNNING
        self.begun.emit(frozenset(sizes))
        self._thread.start()
        self._timer.start()
        self.changed.emit()

    def pause(self) -> None:
        """Begin nothing further, or go on."""
        if not self.is_running or self._thread is None or self.is_stopping:
            return
        steering = self._thread.steering
        if steering.is_paused:
            steering.go_on()
        else:
            steering.pause()
        self.changed.emit()

    def stop(self) -> None:
        """End what is running; what is done stays."""
        if self.is_running and self._thread is not None:
            self._thread.steering.stop()
        elif self.is_busy:
            self._session.tasks.cancel(self._lane)
            self._settle()
        self.changed.emit()

    def end(self) -> None:
        """End everything, and wait for it."""
        self._timer.stop()
        self._session.tasks.cancel(self._lane)
        if self._thread is not None:
            self._thread.end()
        self.stage = Stage.ENDED if self.is_running else self.stage

    # ------------------------------------------------------------------ running

    def _fetch(self) -> None:
        """Fetch what has finished, and tell of it at once."""
        thread = self._thread
        if thread is None:
            return
        items = thread.fetch()
        for item in items:
            self.ledger = self.ledger.after(item)
        self.ledger = self.ledger.at(
            time.monotonic(), len(self.running), is_paused=self.is_paused and not self.running
        )
        if items:
            self.arrived.emit(items)
        if thread.has_ended:
            self._timer.stop()
            self.stage = Stage.ENDED
            self.ran.emit()
            if thread.fault:
                self.failed.emit(thread.fault)
        self.changed.emit()
