"""Whether a result is still that of its recording, and why not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amr_viewer.core.result_key import ResultKey, difference
from amr_viewer.errors import ReadError

if TYPE_CHECKING:
    from amr_viewer.batch.job import Job
    from amr_viewer.report.stored import StoredResult

NO_RESULT = "no result yet"
NOT_WHOLE = "the result there is not whole"
TAKEN = "it will fail: something that is no folder stands where its result belongs"
REPLACED = "its result will be replaced"
CURRENT = "the result is current"


def reason_to_analyze(job: Job) -> tuple[StoredResult | None, str]:
    """Return the stored result of a recording, and why it is not current (empty: it is).

    The recording is read to its end.

    Raises
    ------
    ReadError
        The recording, or its review, cannot be read.
    """
    from amr_viewer import workflow
    from amr_viewer.report.stored import read_stored

    if not job.result.is_dir():
        return None, NO_RESULT
    try:
        stored = read_stored(job.result)
    except ReadError:
        return None, NOT_WHOLE
    expected = workflow.expected_key(
        job.path, job.protocol, use_review=job.use_review, free_running=job.free_running
    )
    return stored, _difference(stored.key, expected)


def kept_row(stored: StoredResult, job: Job) -> dict[str, Any]:
    """Return the row of summary.csv of a stored result, as analyzing it again would make it."""
    from amr_viewer import workflow

    command = workflow.command_of(
        job.path,
        job.protocol,
        use_review=job.use_review,
        free_running=job.free_running,
        key=stored.key,
    )
    return {**stored.row, "recording": job.name, "command": command}


def failed_row(text: str, job: Job) -> dict[str, Any]:
    """Return the row of summary.csv of a recording that failed."""
    from amr_viewer import workflow
    from amr_viewer.report.results import summary_row

    command = workflow.command_of(
        job.path, job.protocol, use_review=job.use_review, free_running=job.free_running
    )
    return {**summary_row(ReadError(text), job.name), "command": command}


def _difference(stored: ResultKey | None, expected: ResultKey) -> str:
    """Say in words what differs between two keys, empty if nothing does."""
    if stored is None:
        return "what its result was made from is not known"
    if stored == expected:
        return ""
    return difference(stored.short, expected) or "it was made otherwise"
