"""Faults of a batch as a whole, and any fault in one line; faults of one recording are items."""

from __future__ import annotations

import errno

from amr_viewer.errors import AmrViewerError

OUTPUT_LOST = frozenset({errno.ENOSPC, errno.EROFS, getattr(errno, "EDQUOT", errno.ENOSPC)})
"""What stands in the way of every further result, not of one."""


class BatchError(AmrViewerError):
    """A batch cannot begin or go on; the message names the fault and the remedy."""


def said(error: BaseException) -> str:
    """Say what went wrong, and the remedy, in one line."""
    if isinstance(error, AmrViewerError):
        return one_line(str(error))
    if isinstance(error, OSError):
        return f"{error.strerror or error}; check that the file is there and may be read"
    if isinstance(error, MemoryError):
        return "not enough memory; analyze fewer recordings at once with --jobs"
    kind = type(error).__name__
    return one_line(
        f"unexpected fault ({kind}: {error}); please report it with the output of --debug"
    )


def one_line(text: str) -> str:
    """Return a text without line breaks."""
    return " ".join(text.split())


def loses_output(error: BaseException) -> bool:
    """Whether a fault of writing will meet every further result: a full or read-only disk."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in OUTPUT_LOST:
            return True
        cause = cause.__cause__
    return False
