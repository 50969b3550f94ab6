"""What a worker does with one recording: look whether its result is current, or analyze it.

Results go to the disk; only a row of the summary travels back. Dask is not needed to run this: it
is asked, if it is there, whether the work is still wanted.
"""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import Any

from amr_viewer._version import __version__
from amr_viewer.analysis.threads import THREADS_VARIABLE
from amr_viewer.batch.faults import loses_output, said
from amr_viewer.batch.job import Job
from amr_viewer.batch.resuming import failed_row, kept_row, reason_to_analyze
from amr_viewer.errors import Cancelled

ASK_EVERY_S = 0.2
"""How often a worker asks whether its work is still wanted."""

_one_at_a_time = Lock()
"""Readers catch Python's warnings, which is right in one thread at a time only."""


class Ending(StrEnum):
    """How the work on a recording ended."""

    ANALYZED = "analyzed"
    KEPT = "kept"
    DUE = "due"
    FAILED = "failed"
    OUTPUT_LOST = "output_lost"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a worker reports of one recording.

    Attributes
    ----------
    ending : Ending
        DUE: its result is missing or not current.
    row : Mapping
        Its row of summary.csv.
    text : str
        The conclusion, the fault, or why it is due.
    seconds : float
    trace : str
        Traceback of an unexpected fault.
    """

    ending: Ending
    row: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    seconds: float = 0.0
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Introduction:
    """What a worker says of itself before it is given work."""

    pid: int
    version: str
    sees_output: bool
    sees_recordings: bool


def introduce(token: Path, sample: Path, size_bytes: int) -> Introduction:
    """Say who this worker is and whether it sees the same files.

    Parameters
    ----------
    token : Path
        A file in the folder of the results that exists for this question alone.
    sample : Path
        A recording, `size_bytes` long.
    """
    os.environ.setdefault(THREADS_VARIABLE, "1")
    try:
        sees_output = token.is_file() and os.access(token.parent, os.W_OK | os.X_OK)
        status = sample.stat()
        sees_recordings = sample.is_dir() or status.st_size == size_bytes
    except OSError:
        return Introduction(os.getpid(), __version__, token.is_file(), sees_recordings=False)
    return Introduction(os.getpid(), __version__, sees_output, sees_recordings)


def check(job: Job) -> Outcome:
    """Look whether the result of a recording is current; KEPT or DUE."""
    return _guarded(job, _check)


def analyze(job: Job) -> Outcome:
    """Analyze a recording and write its result; ANALYZED or why not."""
    return _guarded(job, _analyze)


def _guarded(job: Job, work: Callable[[Job], Outcome]) -> Outcome:
    """Run the work on one recording; a fault becomes its outcome."""
    began = time.perf_counter()
    try:
        with _one_at_a_time:
            return work(job)
    except Cancelled:
        return Outcome(Ending.CANCELLED)
    except Exception as error:
        ending = Ending.OUTPUT_LOST if loses_output(error) else Ending.FAILED
        text = said(error)
        return Outcome(
            ending,
            failed_row(text, job),
            text,
            time.perf_counter() - began,
            "".join(traceback.format_exception(error)),
        )


def _check(job: Job) -> Outcome:
    """Compare what a result was made from with what there is now."""
    stored, reason = reason_to_analyze(job)
    if stored is None or reason:
        return Outcome(Ending.DUE, text=reason)
    return Outcome(Ending.KEPT, kept_row(stored, job), str(stored.values.get("answer") or ""))


def _analyze(job: Job) -> Outcome:
    """Analyze and write."""
    from amr_viewer import workflow
    from amr_viewer.report.results import summary_row, write_results

    began = time.perf_counter()
    progress = _progress()
    progress(0.0, "reading")
    analysis = workflow.analyze_file(
        job.path,
        job.protocol,
        progress,
        use_review=job.use_review,
        free_running=job.free_running,
    )
    progress(1.0, "writing")
    write_results(analysis, job.result)
    row = summary_row(analysis, job.name)
    return Outcome(Ending.ANALYZED, row, analysis.answer, time.perf_counter() - began)


def _progress() -> Callable[[float, str], None]:
    """Return a progress that raises `Cancelled` once nobody wants the work any more."""
    is_wanted = _question()
    asked = [float("-inf")]

    def progress(fraction: float, message: str) -> None:
        now = time.monotonic()
        if now - asked[0] >= ASK_EVERY_S or fraction >= 1.0:
            asked[0] = now
            if not is_wanted():
                raise Cancelled("the batch was stopped")

    return progress


def _question() -> Callable[[], bool]:
    """Return what tells whether the work of this thread is still wanted."""
    try:
        from distributed import get_worker

        worker = get_worker()
        key = worker.get_current_task()
    except (ImportError, ValueError, AttributeError):
        return lambda: True

    def is_wanted() -> bool:
        task = worker.state.tasks.get(key)
        return task is not None and task.state in {"executing", "long-running"}

    return is_wanted
