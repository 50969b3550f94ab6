"""What foreign readers raise on damaged files, turned into errors that a user can act on."""

from __future__ import annotations

import struct
from collections.abc import Callable
from types import TracebackType

from amr_viewer.errors import ReadError

FOREIGN_ERRORS = (
    OSError, ValueError, RuntimeError, LookupError, TypeError, NameError, AttributeError,
    AssertionError, ArithmeticError, EOFError, MemoryError, ImportError, struct.error,
)  # fmt: skip


class Translated:
    """Context in which errors of a foreign library become a `ReadError`.

    Parameters
    ----------
    word : callable
        From the foreign error to the error that is raised instead, from it.
    """

    def __init__(self, word: Callable[[BaseException], ReadError]) -> None:
        self._word = word

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Translate what comes out; MNE also raises plain exceptions of no class at all."""
        if error is not None and (kind is Exception or isinstance(error, FOREIGN_ERRORS)):
            raise self._word(error) from error
