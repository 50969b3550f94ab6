"""The two text files of a BrainVision recording: header and markers; samples are `brainvision`'s.

References
----------
.. [1] Brain Products GmbH. BrainVision Core Data Format 1.0, 2019.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from amr_viewer.errors import ReadError, UnsupportedFormatError

Sections = Mapping[str, Mapping[str, str]]

FORMATS = {
    "INT_16": "i2", "UINT_16": "u2", "INT_32": "i4", "IEEE_FLOAT_32": "f4", "IEEE_FLOAT_64": "f8",
}  # fmt: skip
MARKER = re.compile(r"[Mm]k\d+\s*=")
SECTION = re.compile(r"\[([^\]]+)\]\s*")
MAX_TEXT_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class HeaderChannel:
    """A channel line of the header; `unit` is empty where the line has none."""

    label: str
    resolution: float
    unit: str


@dataclass(frozen=True, slots=True)
class Marker:
    """A line of the marker file; `sample` counts from 0, `channel` from 1 (0 means all)."""

    kind: str
    text: str
    sample: int
    n_samples: int
    channel: int
    date: datetime | None


def read_sections(path: Path) -> Sections:
    """Read a header or marker file into sections of key and value, keys in lower case.

    The free text of ``[Comment]`` is left out.

    Raises
    ------
    ReadError
        The file cannot be opened, or is no BrainVision text.
    """
    sections: dict[str, dict[str, str]] = {}
    values: dict[str, str] = {}
    for line in _lines(path):
        if match := SECTION.fullmatch(line):
            if match[1].strip().lower() == "comment":
                break
            values = sections.setdefault(match[1].strip().lower(), {})
        elif "=" in line and not line.startswith(";"):
            key, _, value = line.partition("=")
            values[key.strip().lower()] = value.strip()
    return sections


def _lines(path: Path) -> list[str]:
    """Lines of a header or marker file behind the first, which must name the format."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_TEXT_BYTES)
    except OSError as error:
        raise ReadError(f"{path.name}: cannot be opened ({error.strerror})") from error
    lines = _decode(raw).splitlines()
    if not lines or not lines[0].lstrip("\ufeff").startswith(("Brain Vision", "BrainVision")):
        raise ReadError(f"{path.name}: is no BrainVision file (its first line does not say so)")
    return lines[1:]


def _decode(raw: bytes) -> str:
    """Decode by what the bytes are: files that claim UTF-8 are at times written in ANSI."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def channels_of(sections: Sections, path: Path) -> tuple[HeaderChannel, ...]:
    """Return the channels in the order of the data.

    Raises
    ------
    ReadError
        A channel is missing, or its resolution is no positive number.
    """
    lines = sections.get("channel infos", {})
    n_channels = whole_number(sections, "numberofchannels", path)
    return tuple(_channel(lines.get(f"ch{i}"), i, path) for i in range(1, n_channels + 1))


def _channel(line: str | None, number: int, path: Path) -> HeaderChannel:
    """Parse the line of one channel: name, reference, resolution, unit."""
    if line is None:
        raise ReadError(f"{path.name}: channel {number} is not described; correct the header")
    label, _, resolution, unit = [*_fields(line), "", "", ""][:4]
    try:
        step = float(resolution or "1")
    except ValueError:
        step = 0.0
    if not 0 < abs(step) < float("inf"):
        raise ReadError(
            f'{path.name}: channel "{label}" has the resolution "{resolution}"; correct the header'
        )
    return HeaderChannel(label or f"Ch{number}", step, unit)


def _fields(line: str) -> list[str]:
    r"""Split a line at its commas; ``\1`` is a comma within a field."""
    return [field.strip().replace("\\1", ",") for field in line.split(",")]


def whole_number(sections: Sections, key: str, path: Path) -> int:
    """Return a whole number above 0 out of ``[Common Infos]``.

    Raises
    ------
    ReadError
        It is missing or no such number.
    """
    word = sections.get("common infos", {}).get(key, "")
    if not re.fullmatch(r"\+?0*[1-9]\d{0,8}", word):
        raise ReadError(f'{path.name}: {key} is "{word}", no number above 0; correct the header')
    return int(word)


def read_markers(path: Path, warnings: list[str]) -> tuple[Marker, ...]:
    """Read a marker file, in its order; broken lines are left out with a warning.

    Raises
    ------
    ReadError
        The file cannot be opened, or is no BrainVision text.
    """
    markers: list[Marker] = []
    broken = 0
    for line in filter(MARKER.match, _lines(path)):
        fields = [*_fields(line.partition("=")[2]), "", "", "", "", ""]
        kind, text, position, points, channel, date = fields[:6]
        if not re.fullmatch(r"[1-9]\d*", position):
            broken += 1
            continue
        n_samples = int(points) if points.isdecimal() else 0
        number = int(channel) if channel.isdecimal() else 0
        markers.append(Marker(kind, text, int(position) - 1, n_samples, number, _date(date)))
    if broken:
        warnings.append(f"{path.name}: {broken} markers have no valid position; left out")
    return tuple(markers)


def _date(word: str) -> datetime | None:
    """Parse YYYYMMDDhhmmssuuuuuu; zeros mean unknown."""
    try:
        return datetime.strptime(word, "%Y%m%d%H%M%S%f")
    except ValueError:
        return None


def sample_dtype(sections: Sections, header: Path) -> np.dtype[Any]:
    """Return the type of the samples.

    Raises
    ------
    UnsupportedFormatError
        It is none of those that are known.
    """
    binary = sections.get("binary infos", {})
    name = binary.get("binaryformat", "").upper()
    if name not in FORMATS:
        raise UnsupportedFormatError(
            f'{header.name}: binary format "{name}" is not known; export as INT_16 or IEEE_FLOAT_32'
        )
    order = ">" if binary.get("usebigendianorder", "NO").upper() == "YES" else "<"
    return np.dtype(order + FORMATS[name])


def refuse_other_kinds(common: Mapping[str, str], header: Path) -> None:
    """Refuse spectra and samples written as text.

    Raises
    ------
    UnsupportedFormatError
        The file holds one of these.
    ReadError
        The header contradicts the format.
    """
    if common.get("dataformat", "BINARY").upper() != "BINARY":
        raise UnsupportedFormatError(f"{header.name}: holds its samples as text; export as BINARY")
    if common.get("datatype", "TIMEDOMAIN").upper() != "TIMEDOMAIN":
        raise UnsupportedFormatError(f"{header.name}: holds spectra; export the time series")
    if common.get("dataorientation", "MULTIPLEXED").upper() not in {"MULTIPLEXED", "VECTORIZED"}:
        raise ReadError(f"{header.name}: unknown DataOrientation; correct the header")


def sampling_hz(common: Mapping[str, str], header: Path) -> float:
    """Return the sampling rate.

    Raises
    ------
    ReadError
        The interval is missing or impossible.
    """
    word = common.get("samplinginterval", "")
    try:
        interval_us = float(word)
    except ValueError:
        interval_us = 0.0
    if not 0 < interval_us < 1e9:
        raise ReadError(f'{header.name}: sampling interval "{word}" is impossible; correct it')
    rate_hz = 1e6 / interval_us
    # Intervals such as 48.828125 us are exact, those of 30 kHz are rounded to some digits.
    return float(round(rate_hz)) if abs(rate_hz - round(rate_hz)) < 1e-6 * rate_hz else rate_hz
