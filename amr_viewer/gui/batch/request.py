"""What a person asks of a batch, and what can be said against it before anything begins."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amr_viewer.core.protocol import Protocol


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """A folder of recordings, where its results go, and how they are made.

    Attributes
    ----------
    folder, out : Path
    protocol : Protocol or None
        None: that of each recording's review, or the default one.
    protocol_name : str
        As a person calls it.
    jobs : int or None
        Recordings at once; None: as many as there are cores.
    scheduler : str or None
    resume : bool
        Whether results that are current are kept.
    use_review, free_running, parquet : bool
    only : frozenset of str or None
        Names of the recordings to do; None: all.
    """

    folder: Path
    out: Path
    protocol: Protocol | None = None
    protocol_name: str = ""
    jobs: int | None = None
    scheduler: str | None = None
    resume: bool = False
    use_review: bool = True
    free_running: bool = True
    parquet: bool = False
    only: frozenset[str] | None = None


def default_out(folder: Path) -> Path:
    """Return where results go unless a person says otherwise: beside the folder.

    Examples
    --------
    >>> default_out(Path("/data/2024")).name
    '2024 results'
    """
    whole = folder.absolute()
    return whole.with_name(f"{whole.name} results") if whole.name else whole / "results"


def fault_in(folder: Path, out: Path) -> str:
    """Return why a batch cannot begin, with the remedy; empty if it can."""
    if not folder.is_dir():
        return f"{folder}: there is no such folder any more. Choose the folder again."
    if not os.access(folder, os.R_OK | os.X_OK):
        return f"{folder}: cannot be read. Ask for the right to read it, or choose another folder."
    if out.exists() and not out.is_dir():
        return f"{out}: is a file. Choose another folder for the results."
    if out.exists() and out.samefile(folder):
        return "The results would lie among the recordings. Choose another folder for them."
    place = next((p for p in (out, *out.absolute().parents) if p.exists()), out)
    if not os.access(place, os.W_OK | os.X_OK):
        return f"{out}: cannot be written. Choose another folder for the results."
    return ""


def caution_about(folder: Path, out: Path) -> str:
    """Return what a person should know about the place of the results, empty if nothing."""
    if folder.absolute() in out.absolute().parents:
        return "The results lie inside the folder of the recordings."
    return ""
