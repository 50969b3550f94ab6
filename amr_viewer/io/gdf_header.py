"""The header of a GDF file; events and samples belong to `gdf`.

References
----------
.. [1] Schloegl A. GDF - a general data format for biosignals. arXiv:cs/0608052, 2006-2013.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amr_viewer.errors import ReadError

FIXED_BYTES = 256
VOLT_CODE = 4256
DECIMAL_PREFIXES = {0: "", 3: "k", 16: "d", 17: "c", 18: "m", 19: "u", 20: "n", 21: "p"}
DAYS_TO_1970 = 719529
SEXES = {1: "M", 2: "F"}
MIN_RECORD_S, MAX_RECORD_S = 1e-9, 1e6


@dataclass(frozen=True, slots=True, eq=False)
class GdfHeader:
    """The fixed and the variable header, one array entry per channel.

    `n_bytes` is the length of the header, `record_s` the duration of a record, `n_records` as the
    file claims it (-1 unknown), `types` the codes of the sample types.
    """

    version: float
    n_bytes: int
    n_records: int
    record_s: float
    labels: tuple[str, ...]
    units: tuple[str, ...]
    filters: tuple[str | None, ...]
    physical_min: NDArray[np.float64]
    physical_max: NDArray[np.float64]
    digital_min: NDArray[np.float64]
    digital_max: NDArray[np.float64]
    samples_per_record: NDArray[np.int64]
    types: NDArray[np.int64]


def header_length(fixed: bytes, size: int, path: Path) -> int:
    """Return the length of the whole header in bytes.

    Raises
    ------
    ReadError
        The header does not hold its channels, or the file does not hold the header.
    """
    if len(fixed) < FIXED_BYTES:
        raise ReadError(f"{path.name}: ends within its GDF header; get the whole file")
    version = _version(fixed, path)
    if version < 1.9:
        n_bytes = int(np.frombuffer(fixed, "<i8", 1, 184)[0])
        n_channels = int(np.frombuffer(fixed, "<u4", 1, 252)[0])
    else:
        n_bytes = int(np.frombuffer(fixed, "<u2", 1, 184)[0]) * 256
        n_channels = int(np.frombuffer(fixed, "<u2", 1, 252)[0])
    needed = FIXED_BYTES * (n_channels + 1)
    if n_channels == 0 or n_bytes < needed or n_bytes > size:
        raise ReadError(
            f"{path.name}: GDF header of {n_bytes} bytes for {n_channels} channels does not fit a "
            f"file of {size} bytes; get an undamaged copy"
        )
    return n_bytes


def _version(fixed: bytes, path: Path) -> float:
    """Version number of the format."""
    try:
        return float(fixed[4:8].decode("ascii"))
    except ValueError as error:
        raise ReadError(f"{path.name}: GDF version {fixed[4:8]!r} is no number") from error


def parse_header(raw: bytes, path: Path) -> GdfHeader:
    """Parse the bytes of the fixed and the variable header.

    Raises
    ------
    ReadError
        Version or duration of a record cannot be true.
    """
    version = _version(raw, path)
    old = version < 1.9
    n = int(np.frombuffer(raw, "<u4" if old else "<u2", 1, 252)[0])

    def texts(offset: int, width: int) -> tuple[str, ...]:
        at = FIXED_BYTES + n * offset
        return tuple(_text(raw[at + i * width : at + (i + 1) * width]) for i in range(n))

    def numbers(offset: int, kind: str) -> NDArray[Any]:
        return np.frombuffer(raw, kind, n, FIXED_BYTES + n * offset)

    limits = "<i8" if old else "<f8"
    return GdfHeader(
        version=version,
        n_bytes=len(raw),
        n_records=int(np.frombuffer(raw, "<i8", 1, 236)[0]),
        record_s=_record_duration(raw, version, path),
        labels=texts(0, 16),
        units=texts(96, 8) if old else _coded_units(texts(96, 6), numbers(102, "<u2")),
        filters=texts(136, 80) if old else _filters(numbers(204, "<f4"), numbers(208, "<f4")),
        physical_min=numbers(104, "<f8"),
        physical_max=numbers(112, "<f8"),
        digital_min=numbers(120, limits).astype(np.float64),
        digital_max=numbers(128, limits).astype(np.float64),
        samples_per_record=numbers(216, "<u4").astype(np.int64),
        types=numbers(220, "<u4").astype(np.int64),
    )


def _record_duration(raw: bytes, version: float, path: Path) -> float:
    """Duration of a record in seconds: a fraction before version 2.21, then a number."""
    if version < 2.205:
        numerator, denominator = (int(v) for v in np.frombuffer(raw, "<u4", 2, 244))
        duration_s = numerator / denominator if denominator else 0.0
    else:
        duration_s = float(np.frombuffer(raw, "<f8", 1, 244)[0])
    if not MIN_RECORD_S < duration_s < MAX_RECORD_S:
        raise ReadError(
            f"{path.name}: record duration {duration_s} s is impossible; damaged header"
        )
    return duration_s


def _text(raw: bytes) -> str:
    """Text up to its NUL, trimmed."""
    raw = raw.split(b"\0", 1)[0]
    try:
        return raw.decode("utf-8").strip()
    except UnicodeDecodeError:
        return raw.decode("latin-1").strip()


def _coded_units(words: tuple[str, ...], codes: NDArray[np.uint16]) -> tuple[str, ...]:
    """Units of GDF 2: a code of the voltage family wins over the (obsolete) text."""
    units = []
    for word, code in zip(words, codes.tolist(), strict=True):
        prefix = DECIMAL_PREFIXES.get(code & 31)
        is_voltage = code & ~31 == VOLT_CODE and prefix is not None
        units.append(f"{prefix}V" if is_voltage else word or (f"code {code}" if code else ""))
    return tuple(units)


def _filters(low_pass: NDArray[Any], high_pass: NDArray[Any]) -> tuple[str | None, ...]:
    """Filter settings in words; NaN is unknown."""
    pairs = zip(low_pass.tolist(), high_pass.tolist(), strict=True)
    return tuple(
        " ".join(f"{name}:{value:g}Hz" for name, value in (("HP", hp), ("LP", lp)) if value > 0)
        or None
        for lp, hp in pairs
    )


def start_time(raw: bytes, version: float) -> str | None:
    """Return the start of the recording, ISO 8601; None where the header gives none."""
    if version < 1.9:
        digits = _text(raw[168:184])
        try:
            start = datetime.strptime(digits[:14], "%Y%m%d%H%M%S")
        except ValueError:
            return None
        return start.isoformat()
    ticks = int(np.frombuffer(raw, "<u8", 1, 168)[0])
    return _date(ticks, whole_days=False) if ticks else None


def patient_of(raw: bytes, version: float) -> dict[str, str]:
    """Return what the header says of the patient; "X" is the format's word for unknown."""
    identifier, _, name = _text(raw[8:88] if version < 1.9 else raw[8:74]).partition(" ")
    patient = {"id": identifier, "name": name.strip().replace("_", " ")}
    if version >= 1.9:
        patient["sex"] = SEXES.get(raw[87] & 3, "")
        birthday = int(np.frombuffer(raw, "<u8", 1, 176)[0])
        patient["birthdate"] = (_date(birthday, whole_days=True) or "") if birthday else ""
    return {k: v for k, v in patient.items() if v.strip("X _")}


def _date(ticks: int, *, whole_days: bool) -> str | None:
    """Date and time of 2**-32 days since the year 0, to the millisecond."""
    milliseconds = round(((ticks / 2**32) - DAYS_TO_1970) * 86400e3)
    try:
        moment = datetime(1970, 1, 1) + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None
    return moment.date().isoformat() if whole_days else moment.isoformat()


def event_texts(raw: bytes, header: GdfHeader) -> dict[int, str]:
    """Return the file's own names of its event codes (header 3, tag 1)."""
    at = FIXED_BYTES * (len(header.labels) + 1)
    while header.version >= 1.9 and at + 4 <= len(raw) and raw[at]:
        length = int.from_bytes(raw[at + 1 : at + 4], "little")
        if raw[at] == 1:
            names = raw[at + 4 : at + 4 + length].split(b"\0")
            return {code: _text(name) for code, name in enumerate(names) if name}
        at += 4 + length
    return {}


def sampling_rate(samples: Any, record_s: float) -> float:
    """Return the sampling rate, freed of the rounding of a duration such as 1/3000 s."""
    rate = int(samples) / record_s
    return float(round(rate)) if abs(rate - round(rate)) < 1e-9 * rate else rate
