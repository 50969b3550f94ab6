"""Samples of an EDF or BDF file: any stretch of any channel, read when it is asked for.

Only the bytes asked for are read, in bounded pieces, and no mapping or file handle is kept: memory
does not grow with the file, and a source may be shared by threads and sent to other processes.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from amr_viewer.errors import ReadError
from amr_viewer.io.edf_header import EdfHeader, EdfSignal
from amr_viewer.io.edf_scaling import Scaling

CHUNK_SAMPLES = 1 << 17
"""Samples converted at once: raw and converted ones stay in the processor's cache."""

BLOCK_BYTES = 1 << 19
"""Whole records read at once where their pieces are too small to be fetched one by one."""

KEPT_BLOCKS = 32
"""Blocks kept, so that reading channel after channel of a window reads the file once."""

SPARSE_PIECE_BYTES = 1 << 10
SPARSE_RECORD_BYTES = 1 << 14
"""From these sizes on, a channel's piece is fetched from each record on its own: a call costs as
much as copying some kB."""


class RecordFile:
    """The data records of a file as bytes."""

    def __init__(self, header: EdfHeader) -> None:
        self._header = header
        self._records_per_block = max(1, BLOCK_BYTES // header.record_bytes)
        self._blocks: OrderedDict[int, NDArray[np.uint8]] = OrderedDict()
        self._lock = threading.Lock()

    def open(self) -> BinaryIO:
        """Open the file, unbuffered.

        Raises
        ------
        ReadError
            If it is no longer there.
        """
        try:
            return self._header.path.open("rb", buffering=0)
        except OSError as error:
            raise ReadError(
                f"{self._header.path.name}: cannot be read ({error.strerror}); check the file"
            ) from error

    def fill(
        self, file: BinaryIO, signal: EdfSignal, start: int, stop: int, out: NDArray[np.uint8]
    ) -> None:
        """Write the bytes of a signal's samples `start` to `stop` into `out`."""
        size = self._header.sample_bytes
        piece = signal.samples * size
        if piece >= SPARSE_PIECE_BYTES or self._header.record_bytes >= SPARSE_RECORD_BYTES:
            self._fill_sparse(file, signal, start, stop, out)
            return
        at = 0
        for block, first in self._blocks_of(file, start // signal.samples, stop, signal.samples):
            flat = block[:, signal.offset : signal.offset + piece].reshape(-1)
            low = max(start - first * signal.samples, 0) * size
            high = min((stop - first * signal.samples) * size, flat.size)
            out[at : at + high - low] = flat[low:high]
            at += high - low

    def _fill_sparse(
        self, file: BinaryIO, signal: EdfSignal, start: int, stop: int, out: NDArray[np.uint8]
    ) -> None:
        """Fetch the samples record by record."""
        header = self._header
        size = header.sample_bytes
        view = out.data
        at = 0
        for record in range(start // signal.samples, (stop - 1) // signal.samples + 1):
            low = max(start - record * signal.samples, 0)
            n_bytes = (min(stop - record * signal.samples, signal.samples) - low) * size
            position = header.data_offset + record * header.record_bytes + signal.offset
            self._read(file, position + low * size, view[at : at + n_bytes])
            at += n_bytes

    def _blocks_of(
        self, file: BinaryIO, record: int, stop: int, samples: int
    ) -> Iterator[tuple[NDArray[np.uint8], int]]:
        """Yield the blocks of whole records up to sample `stop`, each with its first record."""
        last = (stop - 1) // samples
        step = self._records_per_block
        for index in range(record // step, last // step + 1):
            yield self._block(file, index), index * step

    def _block(self, file: BinaryIO, index: int) -> NDArray[np.uint8]:
        """Return a block of records, shape (n_records, record_bytes), from memory if it is kept."""
        with self._lock:
            if index in self._blocks:
                self._blocks.move_to_end(index)
                return self._blocks[index]
        header = self._header
        first = index * self._records_per_block
        stop = min(first + self._records_per_block, header.n_records)
        block = np.empty((stop - first, header.record_bytes), np.uint8)
        position = header.data_offset + first * header.record_bytes
        self._read(file, position, block.reshape(-1).data)
        with self._lock:
            self._blocks[index] = block
            while len(self._blocks) > KEPT_BLOCKS:
                self._blocks.popitem(last=False)
        return block

    def _read(self, file: BinaryIO, position: int, view: memoryview) -> None:
        """Fill `view` with the bytes at `position`."""
        name = self._header.path.name
        try:
            file.seek(position)
            at = 0
            while at < len(view):
                count = file.readinto(view[at:])  # type: ignore[attr-defined]
                if not count:
                    raise ReadError(f"{name}: became shorter while it was read; open it again")
                at += count
        except OSError as error:
            raise ReadError(f"{name}: cannot be read ({error.strerror}); check the file") from error


class EdfSource:
    """The `SignalSource` of an EDF or BDF file.

    Parameters
    ----------
    header : EdfHeader
    signals : sequence of (EdfSignal, Scaling)
        One per channel of the recording.
    """

    def __init__(self, header: EdfHeader, signals: Sequence[tuple[EdfSignal, Scaling]]) -> None:
        self._header = header
        self._signals = tuple(signals)
        self._file = RecordFile(header)

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        """Send only the header to another process; it opens the file itself."""
        return type(self), (self._header, self._signals)

    def read(self, channel: int, start: int, stop: int) -> NDArray[np.float32]:
        """Return samples `start` to `stop` of one channel, shape (stop - start,), in its unit.

        Raises
        ------
        IndexError
            If the samples are not all in the file.
        ReadError
            If the file can no longer be read.
        """
        signal, scaling = self._signals[channel]
        n_samples = signal.samples * self._header.n_records
        if not 0 <= start <= stop <= n_samples:
            raise IndexError(
                f"{signal.label}: samples {start} to {stop} asked for, it has {n_samples}"
            )
        size = self._header.sample_bytes
        out = np.empty(stop - start, np.float32)
        # One byte in front, so that a 24-bit sample is the upper part of an unaligned 32-bit one.
        raw = np.empty(1 + min(stop - start, CHUNK_SAMPLES) * size, np.uint8)
        with self._file.open() as file:
            for first in range(start, stop, CHUNK_SAMPLES):
                last = min(first + CHUNK_SAMPLES, stop)
                chunk = raw[: 1 + (last - first) * size]
                self._file.fill(file, signal, first, last, chunk[1:])
                convert(chunk, size, scaling, out[first - start : last - start])
        return out

    def column_extremes(
        self, channel: int, edges: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
        """Return the least and the greatest sample of each column, in its unit.

        The same as from `read`, in half the time: only what was found is converted. None where
        samples are no plain 16-bit numbers, or too many to be read at once.

        Parameters
        ----------
        channel : int
        edges : ndarray of int64, shape (n_columns + 1,)
            Column i holds samples ``edges[i]`` to before ``edges[i + 1]``, one at least.

        Raises
        ------
        ReadError
            If the file can no longer be read.
        """
        signal, scaling = self._signals[channel]
        start, stop = int(edges[0]), int(edges[-1])
        is_plain = self._header.sample_bytes == 2 and scaling.mask == -1
        if not is_plain or stop - start > CHUNK_SAMPLES:
            return None
        raw = np.empty((stop - start) * 2, np.uint8)
        with self._file.open() as file:
            self._file.fill(file, signal, start, stop, raw)
        stored, first = raw.view("<i2"), edges[:-1] - start
        ends = [np.minimum.reduceat(stored, first), np.maximum.reduceat(stored, first)]
        if scaling.gain < 0:
            ends.reverse()
        low, high = (end * np.float32(scaling.gain) + np.float32(scaling.offset) for end in ends)
        return low, high


def convert(
    raw: NDArray[np.uint8], sample_bytes: int, scaling: Scaling, out: NDArray[np.float32]
) -> None:
    """Convert little-endian samples to float32.

    Parameters
    ----------
    raw : ndarray of uint8, shape (1 + n * sample_bytes,)
        The first byte is no part of the samples and not looked at.
    sample_bytes : int
        2 or 3.
    scaling : Scaling
    out : ndarray of float32, shape (n,)
    """
    integers: NDArray[np.signedinteger]
    if sample_bytes == 2:
        integers = raw[1:].view("<i2")
    else:
        upper = np.ndarray((out.size,), "<i4", raw.data, strides=(3,))
        integers = np.right_shift(upper, 8)
    if scaling.mask != -1:
        integers = integers & scaling.mask
    np.multiply(integers, np.float32(scaling.gain), out=out)
    if scaling.offset:
        out += np.float32(scaling.offset)
