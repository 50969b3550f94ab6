"""Files and folders that appear whole or not at all.

A process that is killed at any moment leaves what stood there before, or the new, or nothing beside
leftovers that `remove_leftovers` knows by their names. A loss of power may damage what was written
last by `whole_file` and `whole_folder`, which do not wait for the disk; results hold hashes of the
files in them, so that it is seen. `write_durably` waits: it keeps what a person decided.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from amr_viewer.errors import ExportError

LONGEST_NAME = 220
"""Bytes of a name that leave room for what is added to it; file systems allow 255."""

STALE_S = 60.0
"""Age of a partial file that nobody writes any more: its process was killed."""

_LEFT = re.compile(r"\.(?P<name>.+)\.(?P<word>partial|former)-[0-9a-f]{8}", re.DOTALL)
_HASHED = re.compile(r"~[0-9a-f]{16}")

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT}


def write_durably(path: Path, data: bytes) -> None:
    """Replace a file by other content that survives a kill or a loss of power at any moment.

    Raises
    ------
    OSError
        The file cannot be written there; what stood there stands.
    """
    temporary = _sibling(path, "partial")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        with suppress(OSError):
            temporary.unlink()
    with suppress(OSError):
        _sync_folder(path.parent)
        _remove_stale(path)


def _sync_folder(folder: Path) -> None:
    """Let the new name of a file reach the disk, where the system has a way to ask for it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove_stale(path: Path) -> None:
    """Remove what killed processes left of the same file."""
    beginning, now = f"{_hidden(path)}.partial-", time.time()
    with os.scandir(path.parent) as entries:
        left = [e for e in entries if e.name.startswith(beginning)]
    for entry in left:
        with suppress(OSError):
            if now - entry.stat().st_mtime > STALE_S:
                Path(entry.path).unlink()


def _sibling(path: Path, word: str) -> Path:
    """Return a hidden name beside `path` that nobody else uses."""
    return path.with_name(f"{_hidden(path)}.{word}-{secrets.token_hex(4)}")


def _hidden(path: Path) -> str:
    """Return the beginning of temporary names: the name itself, or a hash where it is too long."""
    name = os.fsencode(path.name)
    if len(name) <= LONGEST_NAME:
        return f".{path.name}"
    return f".~{hashlib.sha256(name).hexdigest()[:16]}"


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`, renamed to it when the block ends well.

    Raises
    ------
    ExportError
        The folder cannot be made, or the file cannot be written there.
    """
    temporary = _sibling(path, "partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise ExportError(_fault(path, error)) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Give a temporary folder beside `path` that takes its place when the block ends well.

    A folder that stands at `path` is replaced; whether it may be is the caller's to decide before.

    Raises
    ------
    ExportError
        The folder cannot be made, written or put into place.
    """
    temporary, former = _sibling(path, "partial"), _sibling(path, "former")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.mkdir()
        yield temporary
        if path.exists():
            path.rename(former)
        temporary.rename(path)
    except OSError as error:
        raise ExportError(_fault(path, error)) from error
    finally:
        _put_back(former, path)
        shutil.rmtree(temporary, ignore_errors=True)


def _put_back(former: Path, path: Path) -> None:
    """Remove what stood there before, or let it stand there again if nothing took its place."""
    if path.exists():
        shutil.rmtree(former, ignore_errors=True)
    else:
        with suppress(OSError):
            former.rename(path)


def remove_leftovers(folder: Path, apart_from: Path | None = None) -> int:
    """Remove from a tree of results what killed processes left in it; return how much that was.

    A folder that was about to be replaced is put back if nothing took its place; where its name was
    too long to be kept it is removed. What cannot be removed stays.

    Parameters
    ----------
    folder : Path
        Nobody else may write into it meanwhile. Hidden folders and links in it are left alone.
    apart_from : Path, optional
        A folder in it that is left alone, because others may be writing there.
    """
    n_left = 0
    for place, folders, files in os.walk(folder):
        if apart_from is not None and _is_same(place, apart_from):
            folders.clear()
            continue
        left = {name: match for name in (*folders, *files) if (match := _LEFT.fullmatch(name))}
        for name, match in left.items():
            _remove_left(Path(place, name), match)
        n_left += len(left)
        folders[:] = [name for name in folders if not name.startswith(".")]
    return n_left


def _is_same(place: str, other: Path) -> bool:
    """Whether two paths lead to one folder."""
    try:
        return other.samefile(place)
    except OSError:
        return False


def _remove_left(path: Path, left: re.Match[str]) -> None:
    """Remove one leftover, or put it back."""
    if path.is_symlink() or not path.is_dir():
        with suppress(OSError):
            path.unlink()
    elif left["word"] == "former" and not _HASHED.fullmatch(left["name"]):
        _put_back(path, path.with_name(left["name"]))
    else:
        shutil.rmtree(path, ignore_errors=True)


def _fault(path: Path, error: OSError) -> str:
    """Say in one line what stood in the way."""
    if error.errno in _NO_SPACE:
        remedy = "make room on the disk, or choose another place with --out"
    else:
        remedy = "choose another place with --out"
    return f"{path.name}: cannot be written ({error.strerror or error}); {remedy}"
