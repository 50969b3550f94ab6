"""One recording of a batch as it is given to a worker."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from amr_viewer.core.protocol import Protocol


@dataclass(frozen=True, slots=True)
class Job:
    """A recording, and how it is to be analyzed.

    Attributes
    ----------
    name : str
        As `core.batch.PlannedRecording.name`.
    path : Path
    result : Path
        Folder of its results.
    protocol : Protocol or None
    use_review, free_running : bool
    """

    name: str
    path: Path
    result: Path
    protocol: Protocol | None
    use_review: bool
    free_running: bool
