"""What a batch would do, and why; nothing is written."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from amr_viewer.batch.crew import usable_cores
from amr_viewer.batch.discovery import Candidate, Found, discover
from amr_viewer.batch.faults import said
from amr_viewer.batch.output import result_names
from amr_viewer.batch.resuming import CURRENT, NO_RESULT, REPLACED, TAKEN, reason_to_analyze
from amr_viewer.batch.settings import BatchSettings
from amr_viewer.core.batch import Action, BatchPlan, PlannedRecording
from amr_viewer.core.progress import Progress, silent
from amr_viewer.errors import AmrViewerError

if TYPE_CHECKING:
    from amr_viewer.core.protocol import Protocol


def plan_folder(
    folder: Path | str,
    out: Path | str,
    protocol: Protocol | None = None,
    *,
    resume: bool = False,
    use_review: bool = True,
    free_running: bool = True,
    progress: Progress = silent,
) -> BatchPlan:
    """Find the recordings in a folder and say what `analyze_folder` would do with each.

    Parameters
    ----------
    folder : Path or str
    out : Path or str
        Folder of the results; it need not exist, and is not made.
    protocol : Protocol, optional
    resume : bool
        Whether results that are current would be kept; recordings that have a result are read to
        their end for it.
    use_review, free_running : bool
        As for `workflow.analyze_file`.
    progress : callable, optional
        May raise `Cancelled`.

    Returns
    -------
    BatchPlan

    Raises
    ------
    BatchError
        There is no such folder, or it cannot be read.
    """
    settings = BatchSettings(
        Path(folder),
        Path(out),
        protocol,
        resume=resume,
        use_review=use_review,
        free_running=free_running,
    )
    return plan(settings, discover(settings.folder, settings.out, progress), progress)


def plan(settings: BatchSettings, found: Found, progress: Progress = silent) -> BatchPlan:
    """Say what would be done with the recordings that were found."""
    stored = frozenset(result_names(settings.out))
    recordings = []
    total = max(1, len(found.recordings))
    pool = ThreadPoolExecutor(usable_cores())
    try:
        reasons = pool.map(lambda r: _reason(r, settings, stored), found.recordings)
        for i, (recording, reason) in enumerate(zip(found.recordings, reasons, strict=True)):
            progress(i / total, recording.name)
            action = Action.KEEP if reason == CURRENT else Action.ANALYZE
            recordings.append(
                PlannedRecording(
                    recording.name, recording.path, recording.size_bytes, action, reason
                )
            )
    finally:
        pool.shutdown(cancel_futures=True)
    return BatchPlan(
        folder=settings.folder,
        out=settings.out,
        recordings=tuple(recordings),
        faults=found.faults,
        n_left_out=len(found.left_out),
        n_linked_twice=found.n_linked_twice,
        left_out=found.left_out,
        vanished=vanished(stored, found.recordings),
    )


def vanished(stored: Iterable[str], recordings: Iterable[Candidate]) -> tuple[str, ...]:
    """Return the names of results whose recordings are no longer there."""
    return tuple(sorted(frozenset(stored) - {r.name for r in recordings}))


def _reason(recording: Candidate, settings: BatchSettings, stored: frozenset[str]) -> str:
    """Say why a recording is to be analyzed, or that its result is current."""
    if recording.name not in stored:
        place = settings.out / recording.name
        return TAKEN if os.path.lexists(place) and not place.is_dir() else NO_RESULT
    if not settings.resume:
        return REPLACED
    try:
        _, reason = reason_to_analyze(settings.job(recording))
    except (AmrViewerError, OSError) as error:
        return said(error)
    return reason or CURRENT
