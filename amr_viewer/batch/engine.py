"""A whole batch: recordings in, items out as they finish, summary.csv kept up to date."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from amr_viewer.batch.crew import Crew, local_crew, remote_crew, usable_cores
from amr_viewer.batch.discovery import RESULT_MARK, Candidate, Found, discover
from amr_viewer.batch.dispatch import Dispatch, Proof
from amr_viewer.batch.faults import BatchError
from amr_viewer.batch.job import Job
from amr_viewer.batch.output import held_output, result_names
from amr_viewer.batch.resuming import failed_row, kept_row
from amr_viewer.batch.settings import BatchSettings
from amr_viewer.batch.steering import Steering
from amr_viewer.batch.summary import CSV_NAME, PARQUET_NAME, Summary, check_parquet, stored_errors
from amr_viewer.batch.work import Ending, Outcome
from amr_viewer.core.batch import BatchItem, ItemState
from amr_viewer.errors import ExportError, ReadError

if TYPE_CHECKING:
    from amr_viewer.core.protocol import Protocol

_STATES = {Ending.ANALYZED: ItemState.ANALYZED, Ending.KEPT: ItemState.KEPT}

MOST_JOBS_PER_CORE = 2
"""More would only wait for each other, and each takes its memory."""

logger = logging.getLogger(__name__)


def analyze_folder(
    folder: Path | str,
    out: Path | str,
    protocol: Protocol | None = None,
    *,
    jobs: int | None = None,
    scheduler: str | None = None,
    resume: bool = False,
    use_review: bool = True,
    free_running: bool = True,
    parquet: bool = False,
    only: Collection[str] | None = None,
    steering: Steering | None = None,
    timeout_s: float | None = None,
) -> Iterator[BatchItem]:
    """Analyze every recording in a folder and all folders in it, several at once.

    Parameters
    ----------
    folder : Path or str
    out : Path or str
        Folder of the results: a folder for each recording, and summary.csv.
    protocol : Protocol, optional
        Otherwise that of each recording's review, or the default one.
    jobs : int, optional
        Recordings that are analyzed at once; as many as there are usable cores if not given.
    scheduler : str, optional
        Address of a Dask scheduler that runs already; its workers must reach both folders under
        the same paths and have this version of the program.
    resume : bool
        Whether results that are current are kept; otherwise all are made anew.
    use_review, free_running : bool
        As for `workflow.analyze_file`.
    parquet : bool
        Whether summary.parquet is written too.
    only : collection of str, optional
        Names of the recordings to do; the rows of the others stay in the summary.
    steering : Steering, optional
        Pauses and stops the batch from another thread.
    timeout_s : float, optional
        How long one recording may take before it is given up.

    Returns
    -------
    iterator of BatchItem
        Each recording as it finishes, kept ones first. A recording that fails is an item. To leave
        the iterator ends the batch.

    Raises
    ------
    BatchError
        There is no such folder or no recording in it, the results cannot be written, or the
        workers cannot be reached; also later, from the iterator.

    Examples
    --------
    >>> for item in analyze_folder("recordings", "results"):  # doctest: +SKIP
    ...     print(item.name, item.state, item.answer or item.error)
    """
    settings = BatchSettings(
        Path(folder),
        Path(out),
        protocol,
        jobs=jobs,
        scheduler=scheduler,
        resume=resume,
        use_review=use_review,
        free_running=free_running,
        parquet=parquet,
        only=None if only is None else frozenset(only),
        timeout_s=timeout_s,
    )
    found = discover(settings.folder, settings.out)
    for fault in found.faults:
        logger.warning("%s: %s", fault.path, fault.message)
    return run_batch(settings, found, steering or Steering())


def run_batch(settings: BatchSettings, found: Found, steering: Steering) -> Iterator[BatchItem]:
    """Analyze the recordings that were found; see `analyze_folder`.

    Raises
    ------
    BatchError
        As for `analyze_folder`.
    """
    if settings.jobs is not None and settings.jobs < 1:
        raise BatchError(f"--jobs {settings.jobs}: at least one recording at once")
    if settings.jobs is not None and settings.scheduler is not None:
        raise BatchError("--jobs: the scheduler's workers do the work; leave --jobs out")
    if not found.recordings and settings.only is None:
        raise BatchError(
            f"{settings.folder}: holds no recording that can be read; `amr-viewer formats` lists "
            "the formats"
        )
    if settings.parquet:
        check_parquet()
    return _items(settings, found, steering)


def _items(settings: BatchSettings, found: Found, steering: Steering) -> Iterator[BatchItem]:
    """Yield the items of a batch, numbered; hold the output meanwhile."""
    wanted, missing = _wanted(settings, found)
    n_total = len(wanted) + len(missing)
    with held_output(settings.out, settings.folder) as token:
        summary = Summary(settings.out, is_parquet=settings.parquet)
        _take_over(summary, settings, found)
        try:
            finished = _finished(settings, wanted, missing, token, steering)
            for n_finished, (job, outcome) in enumerate(finished, 1):
                item = _item(job, outcome, n_finished, n_total)
                summary.add(item.name, item.row)
                yield item
        except BatchError:
            # A disk that is full need not be told of twice.
            with suppress(ExportError):
                summary.close()
            if not steering.is_stopped:
                raise
            return
        except GeneratorExit:
            summary.close()
            raise
        summary.close()


def _wanted(settings: BatchSettings, found: Found) -> tuple[list[Candidate], list[str]]:
    """Return the recordings to do, and the names that are asked for in vain."""
    if settings.only is None:
        return list(found.recordings), []
    wanted = [r for r in found.recordings if r.name in settings.only]
    return wanted, sorted(settings.only - {r.name for r in wanted})


def _take_over(summary: Summary, settings: BatchSettings, found: Found) -> None:
    """Give the summary the rows of the recordings that are not asked for."""
    if settings.only is None:
        return
    from amr_viewer.report.stored import read_stored

    errors = stored_errors(settings.out)
    for recording in found.recordings:
        name = recording.name
        if name in settings.only:
            continue
        if name in errors:
            summary.keep(name, failed_row(errors[name], settings.job(recording)))
            continue
        with suppress(ReadError):
            job = settings.job(recording)
            summary.keep(name, kept_row(read_stored(job.result), job))


def _finished(
    settings: BatchSettings,
    wanted: list[Candidate],
    missing: list[str],
    token: Path,
    steering: Steering,
) -> Iterator[tuple[Job, Outcome]]:
    """Yield what becomes of each recording, those first that cannot be begun."""
    for name in missing:
        job = settings.job(Candidate(name, settings.folder / name, 0, None, is_linked=False))
        yield job, _failed("is no longer among the recordings; look at its folder")
    jobs = []
    for recording in wanted:
        job = settings.job(recording)
        if recording.name.casefold() in {CSV_NAME, PARQUET_NAME}:
            text = f"its results would take the place of {recording.name.casefold()}; rename it"
            yield job, _failed(text)
        else:
            jobs.append((recording, job))
    if not jobs:
        return
    stored = frozenset(result_names(settings.out)) if settings.resume else frozenset()
    first = jobs[0][0]
    with _crew(settings, len(jobs), steering) as crew:
        proof = Proof(token.absolute(), first.path.absolute(), first.size_bytes)
        dispatch = Dispatch(crew, steering, proof, settings.timeout_s)
        to_check = [job for recording, job in jobs if recording.name in stored]
        to_analyze = [job for recording, job in jobs if recording.name not in stored]
        yield from dispatch.outcomes(to_check, to_analyze)


def _crew(settings: BatchSettings, n_jobs: int, steering: Steering) -> AbstractContextManager[Crew]:
    """Return the workers of a batch."""
    if settings.scheduler is not None:
        return remote_crew(settings.scheduler, lambda: steering.is_stopped)
    n_cores = usable_cores()
    return local_crew(min(settings.jobs or n_cores, MOST_JOBS_PER_CORE * n_cores, n_jobs))


def _failed(text: str) -> Outcome:
    """Return the outcome of a recording that was not begun."""
    return Outcome(Ending.FAILED, text=text)


def _item(job: Job, outcome: Outcome, n_finished: int, n_total: int) -> BatchItem:
    """Return an outcome as an item."""
    state = _STATES.get(outcome.ending, ItemState.FAILED)
    has_failed = state is ItemState.FAILED
    if outcome.trace:
        logger.debug("%s: %s", job.name, outcome.trace)
    text = outcome.text
    if has_failed and (job.result / RESULT_MARK).exists():
        text += "; its former result is left as it is and is not in the summary"
    row = failed_row(text, job) if has_failed else outcome.row
    return BatchItem(
        name=job.name,
        path=job.path,
        state=state,
        row=row,
        error=text if has_failed else "",
        answer="" if has_failed else text,
        seconds=outcome.seconds,
        n_finished=n_finished,
        n_total=n_total,
    )
