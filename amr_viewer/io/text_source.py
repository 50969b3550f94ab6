"""Where the numbers of a text file stay once they are parsed, and how they are handed out."""

from __future__ import annotations

import mmap
import tempfile
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from amr_viewer.errors import ReadError

IN_MEMORY_BYTES = 50 << 20


class Spool:
    """Rows of numbers that come block by block; large ones go to a nameless temporary file.

    The file has no name, or is opened to be deleted on closing: it goes with the last array that
    looks into it, also when the program is killed.

    Parameters
    ----------
    width : int
        Numbers per row.
    dtype : dtype
    on_disk : bool
    """

    def __init__(self, width: int, dtype: DTypeLike, *, on_disk: bool) -> None:
        self._width = width
        self._dtype = np.dtype(dtype)
        self._blocks: list[NDArray[Any]] = []
        # The file outlives this call: `close` is the counterpart.
        self._file = (
            tempfile.TemporaryFile(prefix="amr-viewer-")  # noqa: SIM115
            if on_disk
            else None
        )
        self._n_rows = 0

    def append(self, rows: NDArray[Any]) -> None:
        """Add rows, shape (n, width)."""
        rows = np.ascontiguousarray(rows, dtype=self._dtype)
        self._n_rows += len(rows)
        if self._file is None:
            self._blocks.append(rows)
            return
        try:
            self._file.write(rows.data if rows.size else b"")
        except OSError as error:
            raise ReadError(
                f"{tempfile.gettempdir()}: the samples cannot be stored for reading "
                f"({error.strerror}); make room there or let TMPDIR name another folder"
            ) from error

    def finish(self) -> NDArray[Any]:
        """Return all rows, read-only, shape (n_rows, width)."""
        shape = (self._n_rows, self._width)
        if self._file is None:
            table = np.concatenate(self._blocks) if self._blocks else np.empty(shape, self._dtype)
            self._blocks = []
        elif self._n_rows * self._width == 0:
            table = np.empty(shape, self._dtype)
        else:
            self._file.flush()
            table = np.memmap(self._file, dtype=self._dtype, mode="r", shape=shape)
        self.close()
        table.setflags(write=False)
        return table

    def close(self) -> None:
        """Let go of the file; arrays that look into it stay valid."""
        if self._file is not None:
            self._file.close()


@dataclass(frozen=True, slots=True, eq=False)
class ColumnSource:
    """Channels that are columns of one or several tables.

    Attributes
    ----------
    columns : tuple of ndarray, each of shape (n_samples,)
        May look into a memory map with a stride.
    scales : tuple of float
        What brings each to the channel's unit.
    """

    columns: tuple[NDArray[Any], ...]
    scales: tuple[float, ...]

    def read(self, channel: int, start: int, stop: int) -> NDArray[np.float32]:
        """Return samples `start` to `stop` of one channel, in its unit."""
        column = self.columns[channel]
        samples = _scaled(column[start:stop], self.scales[channel])
        release(column)
        return samples


@dataclass(frozen=True, slots=True, eq=False)
class SweepSource:
    """One channel whose sweeps are the columns of a table, one behind the other.

    Attributes
    ----------
    table : ndarray, shape (n_times, n_columns)
    scale : float
    """

    table: NDArray[Any]
    scale: float

    def read(self, channel: int, start: int, stop: int) -> NDArray[np.float32]:
        """Return samples `start` to `stop`, counted over all sweeps, in the channel's unit."""
        n_times = len(self.table)
        index = np.arange(start, stop)
        values = self.table[index % n_times, index // n_times]
        release(self.table)
        return _scaled(values, self.scale)


def release(array: NDArray[Any]) -> None:
    """Give the memory behind a mapped array back to the system; the array stays valid.

    Pages that were looked at count as memory of the program until they are given back.
    """
    owner: object = array
    while owner is not None and not isinstance(owner, mmap.mmap):
        owner = getattr(owner, "base", None)
    if isinstance(owner, mmap.mmap) and hasattr(owner, "madvise"):
        owner.madvise(mmap.MADV_DONTNEED)


def _scaled(values: NDArray[Any], scale: float) -> NDArray[np.float32]:
    """Return a scaled copy, so that nobody writes into the store."""
    result = np.array(values, dtype=np.float32)
    result *= np.float32(scale)
    return result
