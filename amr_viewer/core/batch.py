"""What a batch is about to do and what became of each recording; the work is left to `batch`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any


class Action(StrEnum):
    """What is to be done with a recording."""

    ANALYZE = "analyze"
    KEEP = "keep"


class ItemState(StrEnum):
    """What became of a recording."""

    ANALYZED = "analyzed"
    KEPT = "kept"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PlannedRecording:
    """A recording that a batch will look at.

    Attributes
    ----------
    name : str
        Path relative to the folder, with ``/``: the name of its result folder.
    path : Path
    size_bytes : int
    action : Action
    reason : str
        Why, in words: ``no result yet``, ``the recording has changed``, ``the result is current``.
    """

    name: str
    path: Path
    size_bytes: int
    action: Action
    reason: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the folder that cannot become a recording: one line, and its remedy.

    Attributes
    ----------
    path : Path
    message : str
        Fault and remedy.
    is_loss : bool
        Whether recordings may be missing because of it.
    """

    path: Path
    message: str
    is_loss: bool = True


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is no recording, and why it is taken for none.

    Attributes
    ----------
    name : str
        Path relative to the folder, with ``/``.
    reason : str
    """

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """What a batch would do.

    Attributes
    ----------
    folder, out : Path
    recordings : tuple of PlannedRecording
        In order of their names.
    faults : tuple of Fault
        Folders that cannot be read, links in circles, names that collide.
    n_left_out : int
        Files that are no recordings.
    n_linked_twice : int
        Recordings reached a second time through a link; they are analyzed once.
    left_out : tuple of LeftOut
        The files that are no recordings, in order of their names.
    vanished : tuple of str
        Names of result folders in `out` whose recordings are no longer in `folder`.
    """

    folder: Path
    out: Path
    recordings: tuple[PlannedRecording, ...]
    faults: tuple[Fault, ...] = ()
    n_left_out: int = 0
    n_linked_twice: int = 0
    left_out: tuple[LeftOut, ...] = ()
    vanished: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchItem:
    """What became of one recording.

    Attributes
    ----------
    name : str
        As `PlannedRecording.name`.
    path : Path
    state : ItemState
    row : Mapping
        Its row of summary.csv, keys as `core.tables.SUMMARY_COLUMNS`.
    error : str
        One line (fault, remedy) where it failed, else empty.
    answer : str
        The conclusion in words, else empty.
    seconds : float
        Time that the analysis took; 0 if kept.
    n_finished, n_total : int
        How far the batch is, this item included.
    """

    name: str
    path: Path
    state: ItemState
    row: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    error: str = ""
    answer: str = ""
    seconds: float = 0.0
    n_finished: int = 0
    n_total: int = 0
