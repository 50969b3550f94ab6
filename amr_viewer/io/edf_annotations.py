"""Annotations of EDF+ and BDF+: when each data record starts, and what is written about it.

References
----------
.. [1] Kemp B, Olivan J. Clin Neurophysiol 2003;114:1755, section 2.2 (time-stamped lists).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.recording import Mark
from amr_viewer.io.edf_header import EdfHeader, EdfSignal
from amr_viewer.io.edf_source import RecordFile

CHUNK_BYTES = 1 << 22
"""Annotation bytes looked at together."""

_LIST = re.compile(rb"[^\0]+")
_STAMP = re.compile(
    rb"([+-]?[0-9]{1,12}(?:\.[0-9]*)?)(?:\x15([0-9]{0,12}(?:\.[0-9]*)?))?\x14(.*)", re.DOTALL
)
_CHANNEL_MARKER = "@@"


@dataclass(frozen=True, slots=True, eq=False)
class Annotations:
    """What the annotation signals of a file hold.

    Attributes
    ----------
    starts_s : ndarray, shape (n_records,)
        Start of each data record after the start that the header gives; NaN where unreadable.
    marks : tuple of Mark
        In the order of the file, on the clock of `starts_s`.
    n_garbled : int
        Pieces of text that are no time-stamped list.
    n_foreign : int
        Annotations that are not UTF-8 and were read as Windows-1252.
    """

    starts_s: NDArray[np.float64]
    marks: tuple[Mark, ...]
    n_garbled: int
    n_foreign: int


def read_annotations(header: EdfHeader, labels: Sequence[str]) -> Annotations:
    """Read all annotation signals of a file.

    Parameters
    ----------
    header : EdfHeader
    labels : sequence of str
        Channels that an annotation may name, as ``text@@label``.
    """
    scan = _Scan(np.full(header.n_records, np.nan), frozenset(labels))
    signals = [s for s in header.signals if s.is_annotations and s.samples]
    for order, signal in enumerate(signals):
        for first, width, data in _pieces(header, signal):
            scan.add(first, width, data, keeps_time=order == 0)
    return Annotations(scan.starts_s, tuple(scan.marks), scan.n_garbled, scan.n_foreign)


def _pieces(header: EdfHeader, signal: EdfSignal) -> Iterator[tuple[int, int, bytes]]:
    """Yield first record, bytes per record and the bytes of some records, NUL after each."""
    records = RecordFile(header)
    width = signal.samples * header.sample_bytes
    step = max(1, CHUNK_BYTES // width)
    with records.open() as file:
        for first in range(0, header.n_records, step):
            stop = min(first + step, header.n_records)
            flat = np.empty((stop - first) * width, np.uint8)
            records.fill(file, signal, first * signal.samples, stop * signal.samples, flat)
            ended = np.zeros((stop - first, width + 1), np.uint8)
            ended[:, :width] = flat.reshape(-1, width)
            yield first, width + 1, ended.tobytes()


class _Scan:
    """Collects what the time-stamped lists say."""

    def __init__(self, starts_s: NDArray[np.float64], labels: frozenset[str]) -> None:
        self.starts_s = starts_s
        self.marks: list[Mark] = []
        self.n_garbled = 0
        self.n_foreign = 0
        self._labels = labels

    def add(self, first: int, width: int, data: bytes, *, keeps_time: bool) -> None:
        """Take in the lists of some records; the first list of a record keeps its time."""
        record = -1
        for piece in _LIST.finditer(data):
            before, record = record, piece.start() // width
            stamp = _STAMP.fullmatch(piece[0])
            if stamp is None:
                self.n_garbled += bool(piece[0].strip())
                continue
            texts = stamp[3].removesuffix(b"\x14").split(b"\x14")
            onset_s = float(stamp[1])
            if keeps_time and record != before and texts[0] == b"":
                self.starts_s[first + record] = onset_s
                texts = [t for t in texts if t]
            if texts:
                duration_s = float(stamp[2]) if stamp[2] not in {None, b"", b"."} else np.nan
                self.marks.extend(self._mark(onset_s, duration_s, text) for text in texts)

    def _mark(self, onset_s: float, duration_s: float, raw: bytes) -> Mark:
        """Return the mark of one annotation."""
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            text = raw.decode("cp1252", errors="replace")
            self.n_foreign += 1
        body, marker, label = text.rpartition(_CHANNEL_MARKER)
        if marker and label in self._labels:
            return Mark(onset_s, duration_s, body, label)
        return Mark(onset_s, duration_s, text)
