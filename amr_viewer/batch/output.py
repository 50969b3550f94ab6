"""The folder of the results: made, held against a second batch, rid of what killed batches left."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from amr_viewer.atomic import remove_leftovers
from amr_viewer.batch.discovery import RESULT_MARK
from amr_viewer.batch.faults import BatchError
from amr_viewer.batch.lock import TakenError, hold_folder


@contextmanager
def held_output(out: Path, folder: Path) -> Iterator[Path]:
    """Make the folder of the results and hold it while the block runs.

    Yields a file in it that exists for as long: whoever sees it sees the same folder. The folder of
    the recordings, should it lie within, is left alone.

    Raises
    ------
    BatchError
        It cannot be made or written, or another batch writes into it.
    """
    is_new = not out.exists()
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = hold_folder(out)
    except TakenError as error:
        raise BatchError(
            f"{out}: another batch writes there; wait for its end, or choose another --out"
        ) from error
    except FileExistsError as error:
        raise BatchError(f"{out}: is a file; choose another --out") from error
    except OSError as error:
        raise _unwritable(out, error) from error
    try:
        remove_leftovers(out, folder)
        with _token(out) as token:
            yield token
    finally:
        remove_leftovers(out, folder)
        if is_new:
            # Gone again if nothing was written.
            with suppress(OSError):
                out.rmdir()
        if lock is not None:
            os.close(lock)


@contextmanager
def _token(out: Path) -> Iterator[Path]:
    """Give a file that exists while the block runs; shows that the folder can be written."""
    # Named like a partial file, so that what a killed batch left is removed by the next.
    token = out / f".batch.partial-{secrets.token_hex(4)}"
    try:
        token.write_bytes(b"")
    except OSError as error:
        raise _unwritable(out, error) from error
    try:
        yield token
    finally:
        with suppress(OSError):
            token.unlink()


def result_names(out: Path) -> list[str]:
    """Return the names of the result folders in a tree, sorted; empty where there is none."""
    names = []
    places = [out]
    while places:
        place = places.pop()
        try:
            with os.scandir(place) as entries:
                inside = [(e.name, e.is_dir(follow_symlinks=False)) for e in entries]
        except OSError:
            continue
        if any(name == RESULT_MARK for name, _ in inside) and place != out:
            names.append(place.relative_to(out).as_posix())
            continue
        places += [place / n for n, is_dir in inside if is_dir and not n.startswith(".")]
    return sorted(names)


def _unwritable(out: Path, error: OSError) -> BatchError:
    """Say that results cannot be written."""
    why = error.strerror or str(error)
    return BatchError(f"{out}: cannot be written ({why}); choose another --out, or make room there")
