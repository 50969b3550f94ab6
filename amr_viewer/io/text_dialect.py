"""How the numbers of a text file are written: delimiter, decimal sign, thousands."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from amr_viewer.errors import ReadError

DELIMITERS = ("\t", ";", "|", ",", " ")
SAMPLE_LINES = 200
MAX_COLUMNS = 20_000
_MISSING = frozenset({"", "nan", "na", "n/a", "null", "none", "-", "--", "-nan", "#n/a"})
_POINT = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?inf|true|false", re.IGNORECASE)
_COMMA = re.compile(r"[-+]?(?:\d+,?\d*|,\d+)(?:[eE][-+]?\d+)?")
_POINT_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_COMMA_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:\.\d{3})+(?:,\d*)?")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written.

    Attributes
    ----------
    delimiter : str
        One of `DELIMITERS`; a space stands for any run of spaces and tabs.
    decimal : str
        ``"."`` or ``","``.
    thousands : str
        Sign between thousands, empty for none.
    n_fields : int
        Fields of a row, also the empty one behind a delimiter that ends the line.
    """

    delimiter: str
    decimal: str
    thousands: str
    n_fields: int


def split_fields(line: str, delimiter: str) -> list[str]:
    """Split one line, quotes respected."""
    if delimiter == " ":
        return line.split()
    if '"' in line:
        return [f.strip() for f in next(csv.reader([line], delimiter=delimiter), [])]
    return [f.strip() for f in line.split(delimiter)]


def is_missing(field: str) -> bool:
    """Whether a field says that there is no value."""
    return field.lower() in _MISSING


def is_number(field: str, dialect: Dialect) -> bool:
    """Whether a field is a number in the dialect."""
    plain, grouped = (
        (_POINT, _POINT_THOUSANDS) if dialect.decimal == "." else (_COMMA, _COMMA_THOUSANDS)
    )
    if plain.fullmatch(field):
        return True
    return bool(dialect.thousands) and bool(grouped.fullmatch(field))


def find_dialect(lines: Sequence[str], name: str) -> Dialect:
    """Find how the table of a file is written, from its last lines that are at hand.

    Raises
    ------
    ReadError
        If there is no table of numbers, or if its commas can be read in two ways.
    """
    sample = [line for line in lines if line.strip()][-SAMPLE_LINES:]
    best, best_score = None, 0.3
    for delimiter in DELIMITERS:
        rows = [split_fields(line, delimiter) for line in sample]
        n_fields = Counter(len(r) for r in rows).most_common(1)[0][0] if rows else 0
        if n_fields < 2 and delimiter != " ":
            continue
        rows = [r for r in rows if len(r) == n_fields]
        dialect = _decimal_of(rows, delimiter, n_fields)
        score = sum(_share_of_numbers(r, dialect) for r in rows) / len(sample) if rows else 0.0
        if score > best_score + 0.02:
            best, best_score = dialect, score
    if best is None:
        raise ReadError(
            f"{name}: no table of numbers found; expected one line per sample, columns divided by "
            f"comma, semicolon, tab or spaces"
        )
    if best.n_fields > MAX_COLUMNS:
        raise ReadError(
            f"{name}: the table has {best.n_fields} columns; write one line per sample, one column "
            f"per channel or sweep"
        )
    _refuse_ambiguous_commas(sample, best, name)
    return best


def _decimal_of(rows: Sequence[Sequence[str]], delimiter: str, n_fields: int) -> Dialect:
    """Tell the decimal sign and the thousands of the fields of one delimiter."""
    fields = [f for r in rows for f in r if "," in f or "." in f]
    commas = [f for f in fields if "," in f]
    points = [f for f in fields if "." in f]
    if not commas:
        return Dialect(delimiter, ".", "", n_fields)
    both = [f for f in commas if "." in f]
    if both:
        comma_last = sum(f.rfind(",") > f.rfind(".") for f in both) * 2 > len(both)
        decimal, thousands = (",", ".") if comma_last else (".", ",")
        return Dialect(delimiter, decimal, thousands, n_fields)
    if points and all(_POINT_THOUSANDS.fullmatch(f) for f in commas) and len(points) > len(commas):
        return Dialect(delimiter, ".", ",", n_fields)
    return Dialect(delimiter, ",", "", n_fields)


def _share_of_numbers(row: Sequence[str], dialect: Dialect) -> float:
    """Fraction of the fields that hold something which are numbers."""
    filled = [f for f in row if not is_missing(f)]
    if not filled:
        return 0.0
    return sum(is_number(f, dialect) for f in filled) / len(filled)


def _refuse_ambiguous_commas(sample: Sequence[str], dialect: Dialect, name: str) -> None:
    """Refuse commas that may be decimal signs or something else."""
    rows = [split_fields(line, dialect.delimiter) for line in sample]
    fields = [f for r in rows for f in r if is_number(f, dialect)]
    if dialect.delimiter == ",":
        names = [
            r for r in rows if len(r) == dialect.n_fields and not _share_of_numbers(r, dialect)
        ]
        whole = not any("." in f or "e" in f.lower() for f in fields)
        signed = any(f.startswith(("-", "+")) for r in rows for f in r[1::2])
        if whole and not signed and not names and dialect.n_fields % 2 == 0 and not _quoted(sample):
            raise ReadError(
                f"{name}: commas may divide columns or decimals here; export it with semicolons or "
                f"tabs between the columns, or with a line of column names"
            )
        return
    commas = [f for f in fields if "," in f]
    if dialect.decimal == "," and not dialect.thousands and commas:
        grouped = [f for f in commas if _POINT_THOUSANDS.fullmatch(f)]
        if len(grouped) == len(commas) and not any(f.lstrip("+-").startswith("0") for f in grouped):
            raise ReadError(
                f"{name}: '{grouped[0]}' may be {grouped[0].replace(',', '.')} or "
                f"{grouped[0].replace(',', '')}; export it with a decimal point, without a sign "
                f"between thousands"
            )


def _quoted(sample: Sequence[str]) -> bool:
    """Whether the fields stand in quotes."""
    return any('"' in line for line in sample)
