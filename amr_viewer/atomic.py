"""Files and folders that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from amr_viewer.errors import ExportError

STALE_S = 60.0
"""Age of a partial file that nobody writes any more: its process was killed."""


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
    beginning, now = f".{path.name}.partial-", time.time()
    with os.scandir(path.parent) as entries:
        left = [e for e in entries if e.name.startswith(beginning)]
    for entry in left:
        with suppress(OSError):
            if now - entry.stat().st_mtime > STALE_S:
                Path(entry.path).unlink()


def _sibling(path: Path, word: str) -> Path:
    """Return a hidden name beside `path` that nobody else uses."""
    return path.with_name(f".{path.name}.{word}-{secrets.token_hex(4)}")


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
        try:
            temporary.rename(path)
        except OSError:
            if former.exists():
                former.rename(path)
            raise
    except OSError as error:
        raise ExportError(_fault(path, error)) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        shutil.rmtree(former, ignore_errors=True)


def _fault(path: Path, error: OSError) -> str:
    """Say in one line what stood in the way."""
    why = error.strerror or str(error)
    return f"{path.name}: cannot be written ({why}); choose another place with --out"
