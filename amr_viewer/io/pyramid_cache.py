"""Pyramids kept on disk between runs: named by a hash, checked, bounded, never beside a recording.

A cache that cannot be written, or holds rubbish, is no fault: the pyramid is built again.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.progress import Progress, silent
from amr_viewer.core.recording import Recording
from amr_viewer.io.pyramid import (
    Grid,
    Level,
    Pyramid,
    base_grid,
    build_pyramid,
    grids,
)
from amr_viewer.io.readers import formats
from amr_viewer.io.text_source import release

SCHEMA = 1
"""To be raised whenever the layout of the files or the meaning of their numbers changes."""

FOLDER_VARIABLE = "AMR_VIEWER_CACHE_DIR"
MOST_BYTES = 2 << 30
SMALL_BYTES = 1 << 20
"""Pyramids up to this size are built as quickly as they would be found."""

SUFFIX = ".pyramid"
HEAD_BYTES = 64
PROBE_SAMPLES = 256
ABANDONED_S = 86_400.0


def cache_folder() -> Path:
    """Return where pyramids are kept: AMR_VIEWER_CACHE_DIR, else the platform's place."""
    if named := os.environ.get(FOLDER_VARIABLE):
        return Path(named) / "pyramids"
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("amr-viewer", appauthor=False)) / "pyramids"


def cached_pyramid(
    recording: Recording,
    progress: Progress = silent,
    share: Callable[[Pyramid], None] | None = None,
    folder: Path | None = None,
    most_bytes: int = MOST_BYTES,
) -> Pyramid:
    """Return the pyramid of a recording from the cache, or build it and keep it there.

    Parameters
    ----------
    recording : Recording
        As read from a file that has not changed since.
    progress, share : callable, optional
        As for `build_pyramid`.
    folder : Path, optional
        Of the cache; `cache_folder` otherwise.
    most_bytes : int
        What the cache may hold; the pyramids that were not used for the longest time go first.

    Returns
    -------
    Pyramid
        Its arrays look into the file where there is one, so that memory does not grow with it.

    Raises
    ------
    ReadError
        The recording can no longer be read.
    Cancelled
        `progress` said so; nothing half-written stays.
    """
    key = _key(recording)
    layout = _layout(recording)
    is_worth_it = SMALL_BYTES < 4 * _size(layout) <= most_bytes - HEAD_BYTES
    if key is None or not is_worth_it:
        return build_pyramid(recording, progress, share)
    folder = folder or cache_folder()
    path = folder / f"{key}{SUFFIX}"
    found = _load(path, key, layout)
    if found is None:
        found = _build(recording, path, key, layout, (progress, share))
        _trim(folder, most_bytes, path)
    return found


def _key(recording: Recording) -> str | None:
    """Hash what a pyramid depends on; None if the recording is no file.

    The samples in the middle of each channel stand for unit and sign, which a protocol may change.
    """
    if not recording.path:
        return None
    path = Path(recording.path).absolute()
    try:
        files = [(p.name, p.stat().st_size, p.stat().st_mtime_ns) for p in _parts(path)]
    except OSError:
        return None
    if not files:
        return None
    digest = hashlib.sha256(json.dumps([SCHEMA, str(path), files]).encode())
    for i, channel in enumerate(recording.channels):
        middle = channel.n_samples // 2
        stop = min(middle + PROBE_SAMPLES, channel.n_samples)
        digest.update(f"{channel.unit} {channel.sampling_hz!r} {channel.n_samples}".encode())
        digest.update(recording.source.read(i, middle, stop).tobytes())
    return digest.hexdigest()


def _parts(path: Path) -> list[Path]:
    """Return the files that a recording consists of."""
    if path.is_dir():
        return sorted(p for p in path.rglob("*") if p.is_file())
    suffixes = {s for reader in formats() for s in (*reader.suffixes, *reader.parts)}
    beside = {path.with_suffix(s) for x in suffixes for s in (x, x.upper())} | {path}
    return sorted(p for p in beside if p.is_file())


def _layout(recording: Recording) -> tuple[tuple[Grid, ...], ...]:
    """Return the grids of all channels and levels."""
    return tuple(grids(base_grid(recording, c)) for c in range(len(recording.channels)))


def _size(layout: tuple[tuple[Grid, ...], ...]) -> int:
    """Count the numbers of a pyramid."""
    return sum(2 * grid.n_buckets for levels in layout for grid in levels)


class _Shelf:
    """Gives parts of a file one after the other, in the order in which `build_pyramid` asks."""

    def __init__(self, path: Path, n: int, mode: str) -> None:
        self._numbers = np.memmap(path, np.float32, mode, HEAD_BYTES, (n,))  # type: ignore[call-overload]
        self._at = 0

    def take(self, n: int) -> NDArray[np.float32]:
        """Return the next `n` numbers."""
        part: NDArray[np.float32] = np.asarray(self._numbers[self._at : self._at + n])
        self._at += n
        return part

    def settle(self) -> None:
        """Write what is still in memory to the disk, and give the memory back."""
        self._numbers.flush()
        release(self._numbers)


def _head(key: str, n: int) -> bytes:
    """Return the beginning of a file that holds `n` numbers."""
    text = f"AMR pyramid {SCHEMA} {n} ".encode()
    return text + hashlib.sha256(text + key.encode()).digest()[: HEAD_BYTES - len(text)]


def _load(path: Path, key: str, layout: tuple[tuple[Grid, ...], ...]) -> Pyramid | None:
    """Return a pyramid from its file, None if there is no sound one."""
    n = _size(layout)
    try:
        with path.open("rb") as file:
            is_sound = file.read(HEAD_BYTES) == _head(key, n).ljust(HEAD_BYTES, b"\0")
        if not is_sound or path.stat().st_size != HEAD_BYTES + 4 * n:
            return None
        shelf = _Shelf(path, n, "r")
    except OSError:
        return None
    with suppress(OSError):
        os.utime(path)
    bases = [Level(levels[0], *_pair(shelf, levels[0])) for levels in layout]
    rest = [[Level(grid, *_pair(shelf, grid)) for grid in levels[1:]] for levels in layout]
    return Pyramid(tuple((base, *more) for base, more in zip(bases, rest, strict=True)))


def _pair(shelf: _Shelf, grid: Grid) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Take the two arrays of a level."""
    return shelf.take(grid.n_buckets), shelf.take(grid.n_buckets)


def _build(
    recording: Recording,
    path: Path,
    key: str,
    layout: tuple[tuple[Grid, ...], ...],
    calls: tuple[Progress, Callable[[Pyramid], None] | None],
) -> Pyramid:
    """Build a pyramid straight into its file; in memory if that cannot be."""
    n = _size(layout)
    partial = path.with_name(f".{path.name}.partial-{secrets.token_hex(4)}")
    try:
        shelf = _reserve(partial, n)
    except OSError:
        return build_pyramid(recording, *calls)
    try:
        pyramid = build_pyramid(recording, *calls, shelf.take)
        with suppress(OSError):
            shelf.settle()
            # The head comes last: a file without it is never taken for a sound one.
            with partial.open("r+b") as file:
                file.write(_head(key, n))
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
    finally:
        with suppress(OSError):
            partial.unlink()
    return _load(path, key, layout) or pyramid


def _reserve(path: Path, n: int) -> _Shelf:
    """Make a file with room for `n` numbers; a disk that is full must show now, not later."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("xb") as file:
            size = HEAD_BYTES + 4 * n
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, size)
            file.truncate(size)
        return _Shelf(path, n, "r+")
    except (OSError, ValueError):
        with suppress(OSError):
            path.unlink()
        raise


def _trim(folder: Path, most_bytes: int, newest: Path) -> None:
    """Remove the pyramids that were not used for the longest time, and what was left half-made."""
    with suppress(OSError):
        for path in folder.glob(f".*{SUFFIX}.partial-*"):
            if time.time() - path.stat().st_mtime > ABANDONED_S:
                path.unlink()
        kept = [(p.stat().st_mtime_ns, p.stat().st_size, p) for p in folder.glob(f"*{SUFFIX}")]
        total = sum(size for _, size, _ in kept)
        for _, size, path in sorted(kept):
            if total <= most_bytes:
                break
            if path != newest:
                path.unlink()
                total -= size
