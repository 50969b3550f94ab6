"""What a person asks of a batch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from amr_viewer.batch.discovery import Candidate
from amr_viewer.batch.job import Job

if TYPE_CHECKING:
    from amr_viewer.core.protocol import Protocol


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """A folder of recordings, where its results go, and how they are made.

    Attributes
    ----------
    folder, out : Path
    protocol : Protocol or None
        Otherwise that of each recording's review, or the default one.
    jobs : int or None
        Recordings that are analyzed at once on this computer; the usable cores if not given.
    scheduler : str or None
        Address of a Dask scheduler that runs already.
    resume : bool
        Whether results that are current are kept.
    use_review, free_running : bool
        As for `workflow.analyze_file`.
    parquet : bool
        Whether summary.parquet is written too.
    only : frozenset of str or None
        Names of the recordings to do; the rows of the others stay in the summary.
    timeout_s : float or None
        How long one recording may take.
    """

    folder: Path
    out: Path
    protocol: Protocol | None = None
    jobs: int | None = None
    scheduler: str | None = None
    resume: bool = False
    use_review: bool = True
    free_running: bool = True
    parquet: bool = False
    only: frozenset[str] | None = None
    timeout_s: float | None = None

    def job(self, recording: Candidate) -> Job:
        """Return the work that one recording makes."""
        return Job(
            name=recording.name,
            path=recording.path.absolute(),
            result=self.out.absolute() / recording.name,
            protocol=self.protocol,
            use_review=self.use_review,
            free_running=self.free_running,
        )
