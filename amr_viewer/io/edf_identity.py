"""Who, when and with what: the patient and recording fields of an EDF header."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from amr_viewer.io import edf_fields

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_LONG_DATE = re.compile(r"(\d{1,2})-([A-Za-z]{3})-(\d{4})")
_SHORT = re.compile(r"(\d{1,2})(\D)(\d{1,2})\2(\d{2})")
NO_DATE = "01.01.85"
_CENTURY_PIVOT = 85  # EDF: years 85-99 are 1985-1999, the others 2000-2084


def patient(field: bytes) -> dict[str, str]:
    """Return what a patient field says: id, sex, birthdate, name, comment; unknown (X) is left out.

    A field that has not the subfields of EDF+ is one free text, given as ``id``.
    """
    line = edf_fields.text(field)
    parts = line.split()
    if len(parts) < 4 or parts[1] not in {"F", "M", "X"}:
        return {"id": line} if line not in {"", "X"} else {}
    born = _iso_date(parts[2])
    values = {
        "id": _words(parts[0]),
        "sex": _words(parts[1]),
        "birthdate": born or _words(parts[2]),
        "name": _words(parts[3]),
        "comment": " ".join(_words(p) for p in parts[4:]).strip(),
    }
    return {key: value for key, value in values.items() if value}


def equipment(field: bytes) -> str | None:
    """Return the equipment of an EDF+ recording field, or the free text of an EDF one."""
    line = edf_fields.text(field)
    parts = line.split()
    if not parts or parts[0] != "Startdate":
        return line if line not in {"", "X"} else None
    return " ".join(_words(p) for p in parts[4:]).strip() or None


def start(
    recording: bytes, date: bytes, time: bytes, offset_s: float, warnings: list[str]
) -> str | None:
    """Return date and time of the first sample in ISO 8601, None where the header does not say.

    `offset_s` is the fraction of a second that EDF+ keeps in the first annotation. The date of the
    recording field counts before the two-digit one. A wrong separator is repaired with a warning.
    An EDF+ file without a date has ``Startdate X`` and, because a date must stand there, 01.01.85.
    """
    if edf_fields.text(recording).split()[:2] == ["Startdate", "X"] and (
        edf_fields.text(date) == NO_DATE
    ):
        return None
    short_day = _short_date(date, warnings)
    day = _long_start_date(recording) or short_day
    clock = _SHORT.fullmatch(edf_fields.text(time))
    if clock and clock[2] not in ".:":
        warnings.append(f"the start time is written {clock[0]}: read as hours, minutes, seconds")
    if day is None or clock is None:
        warnings.append("the start of the recording is not a date and time: left out")
        return None
    try:
        moment = datetime.fromisoformat(day).replace(
            hour=int(clock[1]), minute=int(clock[3]), second=int(clock[4])
        )
    except ValueError:
        warnings.append("the start of the recording is not a date and time: left out")
        return None
    return (moment + timedelta(seconds=offset_s)).isoformat()


def _words(part: str) -> str:
    """Return a subfield as text; X is unknown, underscores stand for spaces."""
    return "" if part == "X" else part.replace("_", " ").strip()


def _iso_date(word: str) -> str | None:
    """Return dd-MMM-yyyy as yyyy-mm-dd, None if it is no such date."""
    match = _LONG_DATE.fullmatch(word)
    if match is None or match[2].upper() not in _MONTHS:
        return None
    try:
        month = _MONTHS.index(match[2].upper()) + 1
        return datetime(int(match[3]), month, int(match[1])).date().isoformat()
    except ValueError:
        return None


def _long_start_date(recording: bytes) -> str | None:
    """Return the date of "Startdate dd-MMM-yyyy ...", None if it is missing or unknown."""
    parts = edf_fields.text(recording).split()
    return _iso_date(parts[1]) if len(parts) > 1 and parts[0] == "Startdate" else None


def _short_date(field: bytes, warnings: list[str]) -> str | None:
    """Return the date of dd.mm.yy, None if it is none."""
    match = _SHORT.fullmatch(edf_fields.text(field))
    if match is None:
        return None
    if match[2] != ".":
        warnings.append(f"the start date is written {match[0]}: read as day, month, year")
    short_year = int(match[4])
    year = short_year + (1900 if short_year >= _CENTURY_PIVOT else 2000)
    return f"{year:04d}-{int(match[3]):02d}-{int(match[1]):02d}"
