"""A lock on a folder that leaves no file and ends with the process that holds it."""

from __future__ import annotations

import errno
import os
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows
    fcntl = None  # type: ignore[assignment]


class TakenError(Exception):
    """Another process holds the lock."""


def lock_folder(folder: Path) -> int | None:
    """Lock a folder and return what holds the lock until it is closed.

    Returns
    -------
    int or None
        A file descriptor; None where another process holds the lock, or the platform has none.
    """
    try:
        return hold_folder(folder)
    except TakenError:
        return None


def hold_folder(folder: Path) -> int | None:
    """Lock a folder as `lock_folder`; None only where the platform has no such lock.

    Raises
    ------
    TakenError
        Another process holds the lock.
    """
    if fcntl is None:
        return None
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            raise TakenError from error
        # Some network file systems cannot lock a folder.
        return None
    return handle
