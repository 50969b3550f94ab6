"""Spike2 recordings (.smr), whose structure neo knows; samples come from its memory map.

neo's own segments are not used: they take the pauses of the first channel for those of all.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import datetime
from math import nan
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.recording import Channel, Mark, Recording
from amr_viewer.errors import ReadError, UnsupportedFormatError
from amr_viewer.io.spike2_signal import Layout, Spike2Source, Wave, place, segments_of
from amr_viewer.io.vendor_errors import Translated
from amr_viewer.io.vendor_units import missing_unit_warning, understand_unit

MAGIC = b"(C) CED 87"
WAVE_KINDS = {1: "<i2", 9: "<f4"}
INTEGER_WAVE = 1
LEVEL, MARKER, TEXT = 4, 5, 8
INTEGER_SCALE = 6553.6  # SON library: value = integer * scale / 6553.6 + offset
MAX_BYTES = 2**31  # positions in the 32-bit format
MAX_SHIFT_S = 1e-4
LAST_TICK = 2**31 - 2
TIME_OF_DAY = struct.Struct("<6BH")
TIME_OFFSET = 52


def recognizes_spike2(head: bytes, path: str | Path) -> bool:
    """Tell whether a file that starts with `head` is a Spike2 recording."""
    return head[2:12] == MAGIC or Path(path).suffix.lower() in {".smr", ".smrx"}


def read_spike2(path: str | Path) -> Recording:
    """Open a Spike2 recording.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    Recording
        Waveform channels at their own rates; events, markers, text marks and sorted spikes as
        marks, with the channel's title or the mark's own text.

    Raises
    ------
    ReadError
        The file is damaged.
    UnsupportedFormatError
        It is of the 64-bit format, or neo is not installed.
    """
    path = Path(path)
    head = _checked_head(path)
    raw = _parse(path)
    tick_s = float(raw._time_factor)
    warnings: list[str] = []
    with Translated(lambda _: _damaged(path)):
        waves = _waves(raw, tick_s, path)
        marks = _marks(raw, tick_s, warnings)
    if not waves:
        raise ReadError(f"{path.name}: holds no waveform; record or export one")
    segments = segments_of(waves)
    placed = tuple(place(wave, segments) for wave in waves)
    warnings += _shift_warnings(waves, placed)
    channels = tuple(_channel(w, layout) for w, layout in zip(waves, placed, strict=True))
    return Recording(
        name=path.name,
        path=str(path),
        format="Spike2",
        channels=channels,
        segments=segments,
        marks=marks,
        source=Spike2Source(path, waves, placed),
        start=_start(head),
        size_bytes=path.stat().st_size,
        warnings=(*warnings, *missing_unit_warning(channels)),
    )


def _shift_warnings(waves: Sequence[Wave], placed: Sequence[Layout]) -> list[str]:
    """Name the voltages whose samples do not fall on the common time base."""
    return [
        f'channel "{wave.label}" was sampled {1e3 * layout.shift_s:.2f} ms off the common time base'
        for wave, layout in zip(waves, placed, strict=True)
        if wave.unit.unit == "uV" and layout.shift_s > MAX_SHIFT_S
    ]


def _channel(wave: Wave, layout: Layout) -> Channel:
    """Describe a waveform channel."""
    return Channel(
        label=wave.label,
        unit=wave.unit.unit,
        sampling_hz=wave.sampling_hz,
        n_samples=layout.n_samples,
        file_unit=wave.file_unit or None,
    )


def _checked_head(path: Path) -> bytes:
    """First bytes of the file, if it is of the kind that neo reads."""
    try:
        with path.open("rb") as file:
            head = file.read(512)
        size = path.stat().st_size
    except OSError as error:
        raise ReadError(f"{path.name}: cannot be opened ({error.strerror})") from error
    if head[2:12] != MAGIC:
        if path.suffix.lower() == ".smrx" or head[:3] == b"S64":
            raise UnsupportedFormatError(
                f"{path.name}: the 64-bit format of Spike2 is closed; export as .smr or EDF"
            )
        raise ReadError(f"{path.name}: is no Spike2 file, or its start is damaged")
    if len(head) < 512 or int.from_bytes(head[38:40], "little"):
        raise UnsupportedFormatError(f"{path.name}: is cut off or of a Macintosh; export it again")
    if size >= MAX_BYTES:
        raise UnsupportedFormatError(f"{path.name}: is larger than 2 GB; export a part of it")
    return head


def _parse(path: Path) -> Any:
    """Let neo parse the structure of the file."""
    try:
        from neo.rawio import Spike2RawIO
    except ImportError as error:
        raise UnsupportedFormatError(
            f"{path.name}: Spike2 files need neo; pip install amr-viewer[formats]"
        ) from error
    raw = Spike2RawIO(filename=str(path), try_signal_grouping=False)
    with Translated(lambda _: _damaged(path)):
        raw.parse_header()
    for info in raw._channel_infos:
        # The count of blocks has two more bytes, which neo passes over.
        if info["kind"] and (info["blocks"] < 0 or info["free0"] != 0):
            raise UnsupportedFormatError(
                f'{path.name}: channel "{info["title"]}" has too many blocks; export as EDF'
            )
    return raw


def _damaged(path: Path) -> ReadError:
    """Word the error of a file that ends too early or leads astray."""
    return ReadError(f"{path.name}: is cut off or damaged; get the whole file")


def _waves(raw: Any, tick_s: float, path: Path) -> tuple[Wave, ...]:
    """Describe the waveform channels."""
    rates = {int(c["id"]): float(c["sampling_rate"]) for c in raw.header["signal_channels"]}
    size = path.stat().st_size
    waves = []
    for number, rate_hz in rates.items():
        info, blocks = raw._channel_infos[number], raw._all_data_blocks[number]
        dtype = np.dtype(WAVE_KINDS[int(info["kind"])])
        ends = blocks["pos"].astype(np.int64) + blocks["size"].astype(np.int64) * dtype.itemsize
        if np.any(blocks["pos"] < 0) or np.any(blocks["size"] < 0) or np.any(ends > size):
            raise _damaged(path)
        if abs(rate_hz - round(rate_hz)) < 1e-9 * rate_hz:
            rate_hz = float(round(rate_hz))
        unit = understand_unit(info["unit"])
        is_integer = int(info["kind"]) == INTEGER_WAVE
        waves.append(
            Wave(
                label=info["title"].strip(),
                file_unit=info["unit"].strip(),
                unit=unit,
                sampling_hz=rate_hz,
                dtype=dtype,
                gain=(float(info["scale"]) / INTEGER_SCALE if is_integer else 1.0) * unit.scale,
                offset=(float(info["offset"]) if is_integer else 0.0) * unit.scale,
                positions=blocks["pos"].astype(np.int64),
                sizes=blocks["size"].astype(np.int64),
                starts_s=blocks["start_time"] * tick_s,
            )
        )
    return tuple(waves)


def _marks(raw: Any, tick_s: float, warnings: list[str]) -> tuple[Mark, ...]:
    """Turn events, markers, text marks and sorted spikes into marks."""
    found: list[tuple[float, str]] = []
    last_s = LAST_TICK * tick_s
    for i, header in enumerate(raw.header["event_channels"]):
        info = raw._channel_infos[int(header["id"])]
        title, kind = info["title"].strip(), int(info["kind"])
        ticks, _, labels = raw.get_event_timestamps(0, 0, i, t_start=0.0, t_stop=last_s)
        if kind == LEVEL and len(ticks):
            warnings.append(f'"{title}" records both edges of a level: each edge is a mark')
        texts = [_text(kind, title, str(label)) for label in labels]
        found += zip(_seconds(ticks, tick_s), texts, strict=True)
    titles = [str(c["name"]).strip() for c in raw.header["spike_channels"]]
    for i, header in enumerate(raw.header["spike_channels"]):
        title, code = titles[i], str(header["id"]).partition("#")[2]
        text = title if titles.count(title) == 1 else f"{title} #{code}"
        ticks = raw.get_spike_timestamps(0, 0, i, t_start=0.0, t_stop=last_s)
        found += ((time_s, text) for time_s in _seconds(ticks, tick_s))
    return tuple(Mark(time_s, nan, text) for time_s, text in sorted(found))


def _seconds(ticks: NDArray[Any], tick_s: float) -> list[float]:
    """Return times of ticks, freed of the rounding of a tick of 4.9999999999999996e-06 s."""
    return [float(t) for t in np.round(ticks.astype(np.float64) * tick_s, 9)]


def _text(kind: int, title: str, label: str) -> str:
    """Text of a mark: its own, or the key of a marker behind the channel's title, or the title."""
    if kind == TEXT:
        return label.split("\0")[0].strip() or title
    if kind == MARKER:
        code = int(label) & 0xFF
        return f"{title} {chr(code)}" if chr(code).isprintable() else f"{title} #{code}"
    return title


def _start(head: bytes) -> str | None:
    """Date and time of the start, to hundredths of a second; None where the fields are empty."""
    hundredths, second, minute, hour, day, month, year = TIME_OF_DAY.unpack_from(head, TIME_OFFSET)
    try:
        moment = datetime(year, month, day, hour, minute, second, hundredths * 10_000)
    except ValueError:
        return None
    return moment.isoformat()
