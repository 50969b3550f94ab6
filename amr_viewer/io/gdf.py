"""General Data Format for biosignals (GDF 1.x and 2.x), memory-mapped.

MNE cannot read GDF files of version 2.21 and later, nor such without an event table, so this
reader is our own.

References
----------
.. [1] Schloegl A. GDF - a general data format for biosignals. arXiv:cs/0608052, 2006-2013.
"""

from __future__ import annotations

from itertools import pairwise
from math import nan
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.recording import Channel, Mark, Recording, Segment
from amr_viewer.errors import ReadError
from amr_viewer.io import gdf_header
from amr_viewer.io.gdf_header import FIXED_BYTES, GdfHeader
from amr_viewer.io.vendor_units import missing_unit_warning, understand_unit

SAMPLE_TYPES = {
    0: "i1", 1: "i1", 2: "u1", 3: "<i2", 4: "<u2", 5: "<i4", 6: "<u4", 7: "<i8", 8: "<u8",
    16: "<f4", 17: "<f8",
}  # fmt: skip
THREE_BYTE_TYPES = {255 + 24: "<i4", 511 + 24: "<u4"}
EVENT_MODES = (1, 3, 5, 7)
NEW_SEGMENT = 0x7FFE
SPARSE_SAMPLE = 0x7FFF
END_OF_EVENT = 0x8000


class GdfEvent(NamedTuple):
    """An entry of the event table; `channel` counts from 1, 0 means all; NaN: no duration."""

    time_s: float
    duration_s: float
    code: int
    channel: int


def recognizes_gdf(head: bytes, path: str | Path) -> bool:
    """Tell whether a file that starts with `head` is GDF."""
    return head[:4] == b"GDF "


def read_gdf(path: str | Path) -> Recording:
    """Open a GDF file.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    Recording
        Samples in uV where the unit is a voltage; events as marks, their text from the file's own
        table of event descriptions, else the code in decimal.

    Raises
    ------
    ReadError
        The file is damaged, or its scale or its sample type cannot be known.
    """
    path = Path(path)
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            fixed = file.read(FIXED_BYTES)
            header_bytes = gdf_header.header_length(fixed, size, path)
            raw = fixed + file.read(header_bytes - len(fixed))
    except OSError as error:
        raise ReadError(f"{path.name}: cannot be opened ({error.strerror})") from error
    return _assemble(path, size, raw)


def _assemble(path: Path, size: int, raw: bytes) -> Recording:
    """Make the recording out of the header's bytes and the file."""
    warnings: list[str] = []
    header = gdf_header.parse_header(raw, path)
    layout = _record_dtype(header, path)
    n_records = _whole_records(header, layout.itemsize, size, path, warnings)
    kept = np.flatnonzero(header.samples_per_record > 0).tolist()
    if len(kept) < len(header.labels):
        warnings.append("channels without regular samples were left out")
    channels = tuple(_channel(header, i, n_records) for i in kept)
    warnings += missing_unit_warning(channels)
    offset = header.n_bytes + n_records * layout.itemsize
    fastest_hz = max(c.sampling_hz for c in channels)
    events = _events(path, offset, header, fastest_hz, warnings)
    segments = _segments(events, n_records * header.record_s)
    if len(segments) > 1:
        warnings.append("has breaks of unknown length; they count as no time")
    return Recording(
        name=path.name,
        path=str(path),
        format=f"GDF {header.version:.2f}",
        channels=channels,
        segments=segments,
        marks=_marks(events, gdf_header.event_texts(raw, header), header.labels),
        source=GdfSource(path, header, n_records, layout, kept),
        start=gdf_header.start_time(raw, header.version),
        patient=gdf_header.patient_of(raw, header.version),
        size_bytes=size,
        warnings=tuple(warnings),
    )


def _channel(header: GdfHeader, index: int, n_records: int) -> Channel:
    """Describe a channel."""
    n_per_record = int(header.samples_per_record[index])
    return Channel(
        label=header.labels[index],
        unit=understand_unit(header.units[index]).unit,
        sampling_hz=gdf_header.sampling_rate(n_per_record, header.record_s),
        n_samples=n_records * n_per_record,
        file_unit=header.units[index] or None,
        filters=header.filters[index] or None,
    )


class GdfSource:
    """Samples of a GDF file, through a memory map; `kept` are the channels that have samples."""

    def __init__(
        self, path: Path, header: GdfHeader, n_records: int, layout: np.dtype[Any], kept: list[int]
    ) -> None:
        self._records = (
            np.memmap(path, dtype=layout, mode="r", offset=header.n_bytes, shape=(n_records,))
            if n_records
            else np.empty(0, layout)
        )
        self._fields = [f"c{i}" for i in kept]
        self._widened = [THREE_BYTE_TYPES.get(int(header.types[i])) for i in kept]
        self._scales = [_scale(header, i, path) for i in kept]

    def read(self, channel: int, start: int, stop: int) -> NDArray[np.float32]:
        """Return samples `start` to `stop` of a channel, shape (stop - start,), in its unit."""
        field = self._records[self._fields[channel]]
        n_per_record = field.shape[1]
        first = start // n_per_record
        block = np.asarray(field[first : -(-stop // n_per_record)])
        if widened := self._widened[channel]:
            # The sign must come down from the highest of four bytes.
            wide = np.zeros((*block.shape[:2], 4), np.uint8)
            wide[..., 1:] = block
            block = wide.view(widened)[..., 0] >> 8
        digital = block.reshape(-1)[start - first * n_per_record : stop - first * n_per_record]
        gain, offset = self._scales[channel]
        return (digital * gain + offset).astype(np.float32)


def _record_dtype(header: GdfHeader, path: Path) -> np.dtype[Any]:
    """Layout of one record; channels without regular samples take no room."""
    fields: list[Any] = []
    for i, (kind, n) in enumerate(zip(header.types, header.samples_per_record, strict=True)):
        if n == 0:
            continue
        if int(kind) in THREE_BYTE_TYPES:
            fields.append((f"c{i}", "u1", (int(n), 3)))
        elif int(kind) in SAMPLE_TYPES:
            fields.append((f"c{i}", SAMPLE_TYPES[int(kind)], (int(n),)))
        else:
            raise ReadError(
                f'{path.name}: channel "{header.labels[i]}" has the unknown sample type {kind}'
            )
    if not fields:
        raise ReadError(f"{path.name}: holds no signal")
    try:
        return np.dtype(fields)
    except ValueError as error:
        raise ReadError(f"{path.name}: impossible record size; damaged header") from error


def _whole_records(
    header: GdfHeader, record_bytes: int, size: int, path: Path, warnings: list[str]
) -> int:
    """Count the whole records that are there, whatever the header claims."""
    there = (size - header.n_bytes) // record_bytes
    if header.n_records < 0:
        warnings.append(f"number of records not given; counted {there} from its size")
        return there
    if there == 0:
        raise ReadError(f"{path.name}: holds a header but no signal; get the whole file")
    if there < header.n_records:
        warnings.append(f"is cut off: {there} of {header.n_records} records are there; events lost")
    return min(there, header.n_records)


def _scale(header: GdfHeader, index: int, path: Path) -> tuple[float, float]:
    """Gain and offset from digital values to the channel's unit."""
    low, high = float(header.physical_min[index]), float(header.physical_max[index])
    digital_low, digital_high = float(header.digital_min[index]), float(header.digital_max[index])
    if not (np.isfinite(high - low) and digital_high > digital_low and high != low):
        raise ReadError(
            f'{path.name}: channel "{header.labels[index]}" has no scale (physical {low:g} to '
            f"{high:g}, digital {digital_low:g} to {digital_high:g}); correct the header"
        )
    gain = (high - low) / (digital_high - digital_low)
    to_unit = understand_unit(header.units[index]).scale
    return gain * to_unit, (low - digital_low * gain) * to_unit


def _events(
    path: Path, offset: int, header: GdfHeader, default_hz: float, warnings: list[str]
) -> list[GdfEvent]:
    """Read the event table behind the samples; positions count from 1."""
    with path.open("rb") as file:
        file.seek(offset)
        table = file.read()
    if len(table) < 8:
        return []
    old = header.version < 1.94
    mode = table[0]
    count = int.from_bytes(table[4:8] if old else table[1:4], "little")
    rate = (
        int.from_bytes(table[1:4], "little") if old else float(np.frombuffer(table, "<f4", 1, 4)[0])
    )
    rate_hz = rate if rate > 0 else default_hz
    sizes = 6 + (6 if mode & 2 else 0)
    if mode not in EVENT_MODES or len(table) < 8 + count * sizes:
        warnings.append("event table is damaged; its events were left out")
        return []
    positions = np.frombuffer(table, "<u4", count, 8).astype(np.int64)
    codes = np.frombuffer(table, "<u2", count, 8 + 4 * count)
    channels, durations_s = np.zeros(count, np.int64), np.full(count, nan)
    if mode & 2:
        channels = np.frombuffer(table, "<u2", count, 8 + 6 * count).astype(np.int64)
        durations_s = np.frombuffer(table, "<u4", count, 8 + 8 * count) / rate_hz
    times_s = (positions - 1) / rate_hz
    columns = (times_s.tolist(), durations_s.tolist(), codes.tolist(), channels.tolist())
    return sorted(GdfEvent(*row) for row in zip(*columns, strict=True))


def _segments(events: list[GdfEvent], duration_s: float) -> tuple[Segment, ...]:
    """Cut the recording where the event table says that a new segment begins."""
    starts = {e.time_s for e in events if e.code == NEW_SEGMENT and 0 < e.time_s < duration_s}
    edges = [0.0, *sorted(starts), duration_s]
    return tuple(Segment(a, b - a, a) for a, b in pairwise(edges))


def _marks(
    events: list[GdfEvent], texts: dict[int, str], labels: tuple[str, ...]
) -> tuple[Mark, ...]:
    """Turn events into marks; the ends of events are marks of their own."""
    marks = []
    for event in events:
        if event.code in (SPARSE_SAMPLE, NEW_SEGMENT):
            continue
        code = event.code & ~END_OF_EVENT
        text = texts.get(code, str(code))
        marks.append(
            Mark(
                event.time_s,
                event.duration_s if event.duration_s > 0 else nan,
                f"end of {text}" if event.code & END_OF_EVENT else text,
                labels[event.channel - 1] if 0 < event.channel <= len(labels) else None,
            )
        )
    return tuple(marks)
