"""Who does what next: hands recordings to workers one by one, and sees to those that die.

Each worker has one recording at a time. A recording with which a worker died is tried again when
nothing else runs, so that only what kills a worker by itself is blamed.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from amr_viewer._version import __version__
from amr_viewer.batch.crew import Crew, scheduler_lost
from amr_viewer.batch.faults import BatchError, said
from amr_viewer.batch.job import Job
from amr_viewer.batch.steering import Steering
from amr_viewer.batch.work import Ending, Introduction, Outcome, analyze, check, introduce

WAKE_S = 0.1
LOOK_EVERY_S = 0.25
NOBODY_S = 10.0
"""How long a batch waits for workers when there are none."""

MOST_DEATHS = 2


@dataclass(frozen=True, slots=True)
class Proof:
    """What a worker must see before it is given work: a file of the output, and a recording."""

    token: Path
    sample: Path
    size_bytes: int


@dataclass(frozen=True, slots=True)
class _Task:
    """A recording that waits, what is to be done with it, and how often a worker died of it."""

    job: Job
    is_check: bool
    n_deaths: int = 0


@dataclass(frozen=True, slots=True)
class _Flight:
    """Work that a worker has; no task: it introduces itself."""

    future: Any
    worker: str
    task: _Task | None
    began: float


class Dispatch:
    """The recordings of a batch on their way through the workers.

    Parameters
    ----------
    crew : Crew
    steering : Steering
    proof : Proof
    timeout_s : float or None
        How long one recording may take.
    """

    def __init__(
        self, crew: Crew, steering: Steering, proof: Proof, timeout_s: float | None = None
    ) -> None:
        self._crew = crew
        self._steering = steering
        self._proof = proof
        self._timeout_s = timeout_s
        self._checks: deque[_Task] = deque()
        self._due: deque[_Task] = deque()
        self._suspects: deque[_Task] = deque()
        self._flights: dict[str, _Flight] = {}
        self._inbox: SimpleQueue[str] = SimpleQueue()
        self._pids: dict[str, int] = {}
        self._busy_for_ever: set[str] = set()
        self._looked = float("-inf")
        self._nobody_since: float | None = None

    def outcomes(
        self, to_check: Iterable[Job], to_analyze: Iterable[Job]
    ) -> Iterator[tuple[Job, Outcome]]:
        """Yield what becomes of each recording, in order of finishing; ends early when stopped.

        Raises
        ------
        BatchError
            There are no workers, or they are not fit for this batch.
        """
        self._checks.extend(_Task(job, is_check=True) for job in to_check)
        self._due.extend(_Task(job, is_check=False) for job in to_analyze)
        try:
            while self._is_work_left() and not self._steering.is_stopped:
                yield from self._look_after_workers()
                self._hand_out()
                yield from self._receive()
        finally:
            self._steering.report_running(())
            self._crew.cancel([flight.future for flight in self._flights.values()])

    def _is_work_left(self) -> bool:
        """Whether a recording waits or is being worked on."""
        flying = any(flight.task is not None for flight in self._flights.values())
        return flying or bool(self._checks or self._due or self._suspects)

    def _look_after_workers(self) -> Iterator[tuple[Job, Outcome]]:
        """Greet new workers, take back what dead ones had, and end what takes too long."""
        now = time.monotonic()
        if now - self._looked < LOOK_EVERY_S:
            return
        self._looked = now
        present = self._crew.present()
        if not self._crew.is_connected():
            raise scheduler_lost()
        self._wait_for_somebody(present, now)
        for key, flight in list(self._flights.items()):
            if flight.worker not in present:
                del self._flights[key]
                yield from self._after_death(flight)
            elif flight.task is not None and self._takes_too_long(flight, now):
                del self._flights[key]
                yield self._give_up(flight, flight.task)
        for worker in self._pids.keys() - present:
            del self._pids[worker]
        greeted = {f.worker for f in self._flights.values() if f.task is None}
        for worker in sorted(present - self._pids.keys() - greeted):
            proof = self._proof
            self._launch(worker, None, introduce, proof.token, proof.sample, proof.size_bytes)

    def _wait_for_somebody(self, present: frozenset[str], now: float) -> None:
        """Raise where no worker has been there for long."""
        if present - self._busy_for_ever:
            self._nobody_since = None
            return
        self._nobody_since = self._nobody_since or now
        if now - self._nobody_since > NOBODY_S:
            raise BatchError(
                "the scheduler has no workers; start some with `dask worker`, then use --resume"
            )

    def _hand_out(self) -> None:
        """Give each idle worker its next recording."""
        busy = {flight.worker for flight in self._flights.values()} | self._busy_for_ever
        for worker in sorted(self._pids.keys() - busy):
            task = None if self._steering.is_paused else self._next()
            if task is None:
                break
            self._launch(worker, task, check if task.is_check else analyze, task.job)
        self._report_running()

    def _report_running(self) -> None:
        """Tell the steering what is being analyzed."""
        flying = (f.task for f in self._flights.values())
        names = tuple(t.job.name for t in flying if t is not None and not t.is_check)
        self._steering.report_running(names)

    def _next(self) -> _Task | None:
        """Return what is to be done next; suspects come last, each alone."""
        tasks = [f.task for f in self._flights.values() if f.task is not None]
        if any(task.n_deaths for task in tasks):
            return None
        if self._checks:
            return self._checks.popleft()
        if self._due:
            return self._due.popleft()
        return self._suspects.popleft() if self._suspects and not tasks else None

    def _launch(self, worker: str, task: _Task | None, work: Any, *what: Any) -> None:
        """Give work to a worker."""
        future = self._crew.submit(work, *what, to=worker)
        self._flights[future.key] = _Flight(future, worker, task, time.monotonic())
        future.add_done_callback(lambda done: self._inbox.put(done.key))

    def _receive(self) -> Iterator[tuple[Job, Outcome]]:
        """Wait a moment for work that is done."""
        try:
            flight = self._flights.pop(self._inbox.get(timeout=WAKE_S), None)
        except Empty:
            return
        if flight is None:
            return
        self._report_running()
        try:
            answer = self._crew.result(flight.future)
        except Exception as error:
            yield from self._after_fault(flight, error)
            return
        if isinstance(answer, Introduction):
            self._admit(flight.worker, answer)
        elif flight.task is not None:
            yield from self._after_outcome(flight.task, answer)

    def _after_outcome(self, task: _Task, outcome: Outcome) -> Iterator[tuple[Job, Outcome]]:
        """Pass on what became of a recording, unless it is still to be analyzed."""
        if outcome.ending is Ending.OUTPUT_LOST:
            raise BatchError(f"{outcome.text}; then go on with --resume")
        if outcome.ending is Ending.DUE:
            self._due.append(replace(task, is_check=False))
        elif outcome.ending is Ending.CANCELLED:
            yield from self._again(task)
        else:
            yield task.job, outcome

    def _admit(self, worker: str, introduction: Introduction) -> None:
        """Take a worker into service."""
        if introduction.version != __version__:
            raise BatchError(
                f"worker {worker}: has AMR Viewer {introduction.version}, this is {__version__}; "
                "install the same version there"
            )
        if not (introduction.sees_output and introduction.sees_recordings):
            folder = self._proof.sample if introduction.sees_output else self._proof.token.parent
            raise BatchError(
                f"worker {worker}: cannot see {folder} as this computer does; let all workers "
                "reach the recordings and the results under the same paths"
            )
        self._pids[worker] = introduction.pid
        self._crew.know(introduction.pid)

    def _after_fault(self, flight: _Flight, error: Exception) -> Iterator[tuple[Job, Outcome]]:
        """See to work that ended without an answer."""
        if not self._crew.is_connected():
            raise scheduler_lost() from error
        if _is_death(error):
            yield from self._after_death(flight)
        elif flight.task is None:
            raise BatchError(
                f"worker {flight.worker}: cannot run AMR Viewer ({said(error)}); install it there"
            ) from error
        else:
            yield flight.task.job, _failed(said(error))

    def _after_death(self, flight: _Flight) -> Iterator[tuple[Job, Outcome]]:
        """See to a recording whose worker is gone."""
        self._crew.cancel([flight.future])
        self._pids.pop(flight.worker, None)
        if flight.task is not None:
            yield from self._again(flight.task)

    def _again(self, task: _Task) -> Iterator[tuple[Job, Outcome]]:
        """Put a recording aside for a second try, or give it up."""
        task = replace(task, n_deaths=task.n_deaths + 1)
        if task.n_deaths < MOST_DEATHS:
            self._suspects.append(task)
            return
        yield (
            task.job,
            _failed(
                f"the process that analyzed it was killed {task.n_deaths} times, the last time "
                "with nothing else running (a fault of the reader, or too little memory); look at "
                "it with `amr-viewer info`"
            ),
        )

    def _takes_too_long(self, flight: _Flight, now: float) -> bool:
        """Whether work has gone on for longer than a recording may take."""
        return self._timeout_s is not None and now - flight.began > self._timeout_s

    def _give_up(self, flight: _Flight, task: _Task) -> tuple[Job, Outcome]:
        """End work that takes too long."""
        self._crew.cancel([flight.future])
        if self._crew.is_local:
            self._crew.kill(self._pids.pop(flight.worker))
        else:
            self._busy_for_ever.add(flight.worker)
        return task.job, _failed(
            f"takes longer than {self._timeout_s:g} s and was given up; allow more with --timeout"
        )


def _is_death(error: Exception) -> bool:
    """Whether work was lost with its worker."""
    from distributed import KilledWorker
    from distributed.client import FutureCancelledError

    return isinstance(error, (KilledWorker, FutureCancelledError, TimeoutError, OSError))


def _failed(text: str) -> Outcome:
    """Return the outcome of a recording that no worker could report of."""
    return Outcome(Ending.FAILED, text=text)
