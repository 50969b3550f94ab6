"""Files and folders that appear whole or not at all."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from amr_viewer.errors import ExportError


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
