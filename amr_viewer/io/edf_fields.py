"""Single fields of an EDF header: bytes to text, numbers and units.

References
----------
.. [1] Kemp B et al. Electroencephalogr Clin Neurophysiol 1992;82:391 (EDF).
.. [2] Kemp B, Olivan J. Clin Neurophysiol 2003;114:1755 (EDF+).
"""

from __future__ import annotations

import math
import re

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+(?:[eE][+-]?[0-9]+)?")
_MAYBE_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
_LETTERS = re.compile(r"[^\W\d_]")
_CYRILLIC_IN_LATIN_1 = re.compile("[À-ÿ]")

MICRO = re.compile(
    rb"(?:[uU]|mc|micro|\xb5|\xc2\xb5|\xce\xbc|\xc3\x82\xc2\xb5|\xe6|\xec|\x83\xca|\xa6\xcc)[vV]"
)
"""uV as vendors write it: ASCII, Latin-1, UTF-8 (micro sign or mu), UTF-8 encoded twice, DOS code
pages, Greek, Shift-JIS, GB 2312."""

_VOLTAGE_UV = {
    "V": 1e6, "v": 1e6, "Volt": 1e6, "Volts": 1e6, "volt": 1e6, "volts": 1e6,
    "mV": 1e3, "mv": 1e3, "nV": 1e-3, "nv": 1e-3,
    "мкВ": 1.0, "мВ": 1e3, "В": 1e6,
}  # fmt: skip


def trim(field: bytes) -> bytes:
    """Return a field without the spaces and NUL characters around it."""
    return field.strip(b" \0\t\r\n")


def text(field: bytes) -> str:
    """Decode a field: UTF-8 (ASCII is part of it), else Windows-1251 or Windows-1252.

    The standard allows ASCII only; vendors write the code page of their computer. Words whose
    letters are mostly in the upper half are Cyrillic: western words hold single accented letters.
    """
    field = trim(field)
    try:
        return field.decode("utf-8")
    except UnicodeDecodeError:
        western = field.decode("latin-1")
    n_letters = len(_LETTERS.findall(western))
    cyrillic = 2 * len(_CYRILLIC_IN_LATIN_1.findall(western)) > n_letters > 2
    return field.decode("cp1251" if cyrillic else "cp1252", errors="replace")


def is_foreign(field: bytes) -> bool:
    """Whether the encoding of a field had to be guessed."""
    try:
        field.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def number(field: bytes, what: str, warnings: list[str]) -> float | None:
    """Return the number in a field, None if there is none.

    A decimal comma is accepted with a warning, except where it may group thousands ("8,000").
    """
    word = text(field)
    if _DECIMAL_COMMA.fullmatch(word) and not _MAYBE_THOUSANDS.fullmatch(word):
        warnings.append(f"{what} is written with a decimal comma ({word}): read as a decimal point")
        word = word.replace(",", ".")
    value = float(word) if _NUMBER.fullmatch(word) else math.nan
    return value if math.isfinite(value) else None


def whole_number(field: bytes) -> int | None:
    """Return the whole number in a field, None if there is none ("2000.0" is one)."""
    word = text(field)
    if not _NUMBER.fullmatch(word):
        return None
    value = float(word)
    return int(value) if value.is_integer() else None


def microvolts_per(field: bytes) -> float | None:
    """Return how many uV one unit of a physical dimension is, None if it is no known voltage.

    ``MV`` stays unknown: megavolt by the letter, millivolt by intent.
    """
    if MICRO.fullmatch(trim(field)):
        return 1.0
    cyrillic = trim(field).decode("cp1251", errors="replace")
    return _VOLTAGE_UV.get(text(field), _VOLTAGE_UV.get(cyrillic))


def unit_word(field: bytes) -> str | None:
    """Return the unit as the file writes it, None if blank.

    A voltage in an encoding that text does not show is named in ASCII, so that its name means the
    same wherever it is read again.
    """
    word = text(field)
    factor = microvolts_per(field)
    if factor is not None and microvolts_per(word.encode()) != factor:
        return {1e6: "V", 1e3: "mV", 1.0: "uV", 1e-3: "nV"}[factor]
    return word or None
