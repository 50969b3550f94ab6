"""EDF and BDF files made byte by byte, so that each field can be right, odd or broken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PLACES = {
    "patient": (8, 80), "recording": (88, 80), "date": (168, 8), "time": (176, 8),
    "header_bytes": (184, 8), "reserved": (192, 44), "n_records": (236, 8),
    "record_s": (244, 8), "n_signals": (252, 4),
}  # fmt: skip


@dataclass
class Signal:
    """A signal of a file; `data` has shape (n_records, samples per record), stored integers."""

    data: NDArray[np.integer]
    label: str | bytes = "EMG"
    unit: str | bytes = "uV"
    physical: tuple[str | float, str | float] = (-3276.8, 3276.7)
    digital: tuple[str | float, str | float] = (-32768, 32767)
    filters: str = ""


@dataclass
class Edf:
    """A file; `overrides` replaces fields of the general header by other bytes."""

    signals: Sequence[Signal]
    record_s: str | float = 1
    reserved: str = ""
    lists: Sequence[Sequence[bytes]] = ()
    bdf: bool = False
    overrides: Mapping[str, str | bytes] = field(default_factory=dict)
    tail: bytes = b""

    def write(self, path: Path) -> Path:
        """Write the file and return its path."""
        path.write_bytes(self.encode())
        return path

    def encode(self) -> bytes:
        """Return the bytes; `lists` holds those of annotations, per signal and record."""
        size = 3 if self.bdf else 2
        text = [_padded(records, size) for records in self.lists]
        n_records = len(self.signals[0].data) if self.signals else len(text[0])
        pieces = [_integers(s.data, size) for s in self.signals] + text
        records = b"".join(b"".join(p[r] for p in pieces) for r in range(n_records))
        return self._head(n_records) + self._signal_heads(text, size) + records + self.tail

    def _head(self, n_records: int) -> bytes:
        n_signals = len(self.signals) + len(self.lists)
        head = bytearray((b"\xffBIOSEMI" if self.bdf else b"0       ").ljust(256))
        fields: dict[str, str | bytes] = {
            "patient": "X X X X", "recording": "Startdate 20-NOV-2026 X X X",
            "date": "20.11.26", "time": "10.00.00", "header_bytes": str(256 * (n_signals + 1)),
            "reserved": self.reserved, "n_records": str(n_records),
            "record_s": str(self.record_s), "n_signals": str(n_signals), **self.overrides,
        }  # fmt: skip
        for key, value in fields.items():
            at, width = PLACES[key]
            head[at : at + width] = _field(value, width)
        return bytes(head)

    def _signal_heads(self, text: Sequence[Sequence[bytes]], size: int) -> bytes:
        label = "BDF Annotations" if self.bdf else "EDF Annotations"
        notes = [Signal(np.zeros((1, len(t[0]) // size), int), label, "", (-1, 1)) for t in text]
        signals = [*self.signals, *notes]
        columns: list[tuple[int, list[str | bytes]]] = [
            (16, [s.label for s in signals]), (80, [""] * len(signals)),
            (8, [s.unit for s in signals]),
            (8, [str(s.physical[0]) for s in signals]), (8, [str(s.physical[1]) for s in signals]),
            (8, [str(s.digital[0]) for s in signals]), (8, [str(s.digital[1]) for s in signals]),
            (80, [s.filters for s in signals]), (8, [str(s.data.shape[1]) for s in signals]),
            (32, [""] * len(signals)),
        ]  # fmt: skip
        return b"".join(_field(v, width) for width, values in columns for v in values)


def stamp(onset: str, *texts: str, duration: str = "") -> bytes:
    """Return a time-stamped list; without texts, the one that keeps the time of a record."""
    length = b"\x15" + duration.encode() if duration else b""
    body = b"".join(t.encode() + b"\x14" for t in texts or [""])
    return onset.encode() + length + b"\x14" + body + b"\0"


def ramp(n_records: int, samples: int, start: int = 0) -> NDArray[np.integer]:
    """Return stored integers that all differ, shape (n_records, samples)."""
    return np.arange(start, start + n_records * samples).reshape(n_records, samples)


def _field(value: str | bytes, width: int) -> bytes:
    raw = value if isinstance(value, bytes) else value.encode("latin-1")
    assert len(raw) <= width, (value, width)
    return raw.ljust(width)


def _integers(data: NDArray[np.integer], size: int) -> list[bytes]:
    return [row.astype("<i4").view(np.uint8).reshape(-1, 4)[:, :size].tobytes() for row in data]


def _padded(records: Sequence[bytes], size: int) -> list[bytes]:
    width = -(-max(len(r) for r in records) // size) * size
    return [r.ljust(width, b"\0") for r in records]
