"""The header of a WFDB record, as far as the wfdb package does not tell it.

References
----------
.. [1] Moody G. WFDB Applications Guide, header(5).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amr_viewer.core.recording import Channel
from amr_viewer.errors import ReadError
from amr_viewer.io.vendor_units import Unit, understand_unit

MAX_HEADERS = 200
MAX_HEADER_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class Calibration:
    """Unit of a signal, and how the header comes to it; without a gain there is no unit."""

    unit: Unit
    file_unit: str | None
    is_default: bool


def header_of(path: Path) -> Path | None:
    """Return the header beside a signal file: of its name, else one that names it."""
    for suffix in (".hea", ".HEA"):
        if path.with_suffix(suffix).is_file():
            return path.with_suffix(suffix)
    for candidate in sorted(path.parent.glob("*.hea"))[:MAX_HEADERS]:
        if any(line.split()[0] == path.name for line in lines(candidate)):
            return candidate
    return None


def lines(header: Path) -> list[str]:
    """Return the lines of a header that are no comments.

    Raises
    ------
    ReadError
        It cannot be opened.
    """
    try:
        with header.open("rb") as file:
            text = file.read(MAX_HEADER_BYTES).decode("utf-8", errors="replace")
    except OSError as error:
        raise ReadError(f"{header.name}: cannot be opened ({error.strerror})") from error
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def calibrations_of(record: Any, header: Path) -> tuple[Calibration, ...]:
    """Return the units of the signals, none without a gain (wfdb would fill one in)."""
    signals = lines(header)[1:]
    found = []
    for i, unit in enumerate(record.units):
        fields = signals[i].split() if i < len(signals) else []
        gain = fields[2] if len(fields) > 2 else ""
        if (
            not gain
            or float(record.adc_gain[i]) == 0
            or gain.startswith(("0/", "0("))
            or gain == "0"
        ):
            found.append(Calibration(Unit(None), None, is_default=False))
        else:
            found.append(Calibration(understand_unit(unit), unit, is_default="/" not in gain))
    return tuple(found)


def default_units(
    channels: tuple[Channel, ...], calibrations: tuple[Calibration, ...]
) -> list[str]:
    """Say which channels have the format's default unit."""
    pairs = zip(channels, calibrations, strict=True)
    blank = ", ".join(f'"{c.label}"' for c, calibration in pairs if calibration.is_default)
    return [f"no unit is written for {blank}; mV, the format's default, was taken"] if blank else []
