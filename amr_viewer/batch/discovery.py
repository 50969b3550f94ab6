"""The recordings in a tree of folders, and what in it is none; what to do with them is not said.

Links are followed. A file that is reached twice counts once, under its own name if it has one in
the tree.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from amr_viewer.batch.faults import BatchError
from amr_viewer.batch.recognizing import (
    is_named_like_recording,
    is_recording_folder,
    reason_against,
)
from amr_viewer.core.batch import Fault, LeftOut
from amr_viewer.core.progress import Progress, silent
from amr_viewer.errors import ReadError
from amr_viewer.io.fingerprint import companions
from amr_viewer.io.readers import READERS

RESULT_MARK = "analysis.json"
RESULT_TABLE = "findings.csv"

HEADERS = frozenset(suffix for reader in READERS if reader.parts for suffix in reader.suffixes)
"""Suffixes of files that name the other files of a recording."""

Identity = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A recording that was found.

    Attributes
    ----------
    name : str
        Path relative to the folder, with ``/``.
    path : Path
    size_bytes : int
    identity : tuple of int or None
        Device and number of the file, None where the system gives none.
    is_linked : bool
        Whether a link leads to it.
    """

    name: str
    path: Path
    size_bytes: int
    identity: Identity | None
    is_linked: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a folder.

    Attributes
    ----------
    recordings : tuple of Candidate
        In order of their names, each file once.
    faults : tuple of Fault
    left_out : tuple of LeftOut
        Files that are no recordings, in order of their names.
    n_linked_twice : int
    """

    recordings: tuple[Candidate, ...]
    faults: tuple[Fault, ...]
    left_out: tuple[LeftOut, ...]
    n_linked_twice: int


@dataclass(slots=True)
class _Walk:
    """What a walk has met so far."""

    root: Path
    out: Identity | None
    candidates: list[Candidate] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    seen: dict[Identity, Path] = field(default_factory=dict)
    seen_again: list[Path] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Place:
    """A folder to be looked into, the folders above it, and whether a link leads there."""

    path: Path
    above: frozenset[Identity]
    is_linked: bool


def discover(folder: Path, out: Path, progress: Progress = silent) -> Found:
    """Find the recordings in a folder and all folders in it.

    Parameters
    ----------
    folder : Path
    out : Path
        Folder of the results; it is left out if it lies in `folder`.
    progress : callable, optional
        May raise `Cancelled`.

    Returns
    -------
    Found

    Raises
    ------
    BatchError
        There is no such folder, or it cannot be read.
    """
    _check(folder, out)
    walk = _Walk(folder, _identity_of(out))
    own, linked = [_Place(folder, frozenset(), is_linked=False)], list[_Place]()
    while own or linked:
        # Folders get their own names before those of links.
        place = own.pop() if own else linked.pop(0)
        progress(0.0, f"looking for recordings: {len(walk.candidates)} found")
        for inner in _look_into(place, walk):
            (linked if inner.is_linked else own).append(inner)
    unique = _each_once(walk.candidates)
    n_twice = len(walk.candidates) - len(unique)
    unique = _without_parts(unique, walk)
    again = sum(c.path.is_relative_to(p) for p in walk.seen_again for c in unique)
    return Found(
        recordings=tuple(sorted(unique, key=lambda c: c.name)),
        faults=tuple(sorted(walk.faults, key=lambda f: str(f.path))),
        left_out=tuple(sorted(walk.left_out, key=lambda f: f.name)),
        n_linked_twice=n_twice + again,
    )


def _check(folder: Path, out: Path) -> None:
    """Raise where there is nothing to walk through."""
    if not os.path.lexists(folder):
        raise BatchError(f"{folder}: does not exist; check the path")
    if not folder.is_dir():
        raise BatchError(
            f"{folder}: is a file; name a folder, or analyze it with `amr-viewer analyze`"
        )
    if out.exists() and out.samefile(folder):
        raise BatchError(f"{out}: holds the recordings; name another folder for the results")
    try:
        with os.scandir(folder):
            pass
    except OSError as error:
        raise BatchError(f"{folder}: cannot be read ({error.strerror}); check it") from error


def _look_into(place: _Place, walk: _Walk) -> Iterator[_Place]:
    """Sort what lies in a folder, and yield the folders in it."""
    try:
        identity = _identity(place.path.stat())
        if identity is not None and identity == walk.out:
            return
        if identity is not None and identity in place.above:
            walk.faults.append(_circle(place.path))
            return
        if identity is not None and identity in walk.seen:
            walk.seen_again.append(walk.seen[identity])
            return
        with os.scandir(place.path) as entries:
            names = sorted(entry.name for entry in entries)
    except OSError as error:
        walk.faults.append(_unreadable(place.path, error))
        return
    if identity is not None:
        walk.seen[identity] = place.path
    if RESULT_MARK in names and RESULT_TABLE in names:
        # Results of another batch lie among the recordings.
        walk.left_out.append(LeftOut(_name(place.path, walk), "is a folder of results"))
        return
    above = place.above | {identity} if identity is not None else place.above
    siblings = frozenset(names)
    for name in names:
        if not name.startswith("."):
            yield from _look_at(place, place.path / name, above, siblings, walk)


def _look_at(
    place: _Place,
    path: Path,
    above: frozenset[Identity],
    siblings: frozenset[str],
    walk: _Walk,
) -> Iterator[_Place]:
    """Sort a file, or yield a folder."""
    try:
        is_linked = place.is_linked or path.is_symlink()
        status = path.stat()
        if stat.S_ISDIR(status.st_mode) and not is_recording_folder(path.name):
            yield _Place(path, above, is_linked)
            return
        reason: str | None = "is no file"
        if stat.S_ISDIR(status.st_mode):
            reason = None
        elif stat.S_ISREG(status.st_mode):
            reason = reason_against(path, siblings)
    except OSError as error:
        if is_named_like_recording(path):
            # It fails, and has its row in the summary.
            name = _name(path, walk)
            walk.candidates.append(Candidate(name, path, 0, None, is_linked=False))
        else:
            walk.faults.append(_unreadable(path, error))
        return
    if reason is None:
        size = status.st_size if stat.S_ISREG(status.st_mode) else _folder_bytes(path)
        walk.candidates.append(
            Candidate(_name(path, walk), path, size, _identity(status), is_linked)
        )
    elif reason:
        walk.left_out.append(LeftOut(_name(path, walk), reason))


def _each_once(candidates: list[Candidate]) -> list[Candidate]:
    """Return each file once: under the name that no link leads to, else the first one."""
    chosen: dict[Identity | str, Candidate] = {}
    for candidate in sorted(candidates, key=lambda c: (c.is_linked, c.name)):
        chosen.setdefault(candidate.identity or candidate.name, candidate)
    return list(chosen.values())


def _without_parts(candidates: list[Candidate], walk: _Walk) -> list[Candidate]:
    """Leave out the files that the header of another recording names as its own."""
    owners: dict[Path, str] = {}
    for candidate in candidates:
        if candidate.path.suffix.lower() in HEADERS:
            with suppress(ReadError, OSError):
                owners |= dict.fromkeys(companions(candidate.path), candidate.path.name)
    parts = [c for c in candidates if c.path in owners]
    walk.left_out += [LeftOut(c.name, f"is part of {owners[c.path]}") for c in parts]
    return [c for c in candidates if c.path not in owners]


def _name(path: Path, walk: _Walk) -> str:
    """Return the path from the root of the walk."""
    return path.relative_to(walk.root).as_posix()


def _identity(status: os.stat_result) -> Identity | None:
    """Return what tells a file from all others."""
    return (status.st_dev, status.st_ino) if status.st_ino else None


def _identity_of(path: Path) -> Identity | None:
    """Return the identity of a path, None if it does not exist."""
    try:
        return _identity(path.stat())
    except OSError:
        return None


def _folder_bytes(path: Path) -> int:
    """Return the size of the files in a recording that is a folder."""
    return sum(p.stat().st_size for p in path.iterdir() if p.is_file())


def _circle(path: Path) -> Fault:
    """Say that a link leads back to where it lies."""
    return Fault(
        path, "is a link to a folder that holds it; its recordings are taken once", is_loss=False
    )


def _unreadable(path: Path, error: OSError) -> Fault:
    """Say that something cannot be looked at."""
    if path.is_symlink() and not path.exists():
        return Fault(path, "is a link to something that does not exist; correct or remove it")
    why = error.strerror or str(error)
    return Fault(path, f"cannot be read ({why}); check its permissions, then use --resume")
