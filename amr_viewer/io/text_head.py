"""The heading of a text file: where its table starts, the names and units of its columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from amr_viewer.errors import ReadError
from amr_viewer.io.text_dialect import Dialect, find_dialect, is_number, split_fields
from amr_viewer.io.text_encoding import HEAD_BYTES, decode, find_encoding, split_lines
from amr_viewer.io.text_start import closing_delimiter, first_row, numeric_columns
from amr_viewer.io.text_words import (
    Meaning,
    is_unit,
    stated_rate_hz,
    stated_unit,
    understand_column,
    understand_sweep,
)

_COMMENT = re.compile(r"^\s*(?:#+|%+|//)\s?")
_CHANNEL_TITLES = re.compile(r"^\s*channel\s*title\s*=", re.IGNORECASE)
_UNIT_NAMES = re.compile(r"^\s*unit\s*name\s*=", re.IGNORECASE)
_ACQ_CHANNELS = re.compile(r"^\s*(\d+)\s+channels?\s*$", re.IGNORECASE)
_ACQ_COLUMN = re.compile(r"CH\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the table, and how the table is written.

    Attributes
    ----------
    encoding : str
    dialect : Dialect
    first_line : int
        Lines above the first row.
    names, units : tuple of str or None
        One per column.
    intensities : tuple of float or None
        A row of stimulus intensities, one per column (the first is of no meaning).
    intensity_unit : str or None
    rate_hz : float or None
        The sampling rate that the heading states.
    claimed_rows : int or None
        How many samples the heading says there are.
    numeric : tuple of bool or None
        Whether a column held numbers or words in the sampled lines; None: nothing.
    rows : tuple of tuple of str
        The first rows, as text.
    """

    encoding: str
    dialect: Dialect
    first_line: int
    names: tuple[str, ...] | None
    units: tuple[str, ...] | None
    numeric: tuple[bool | None, ...]
    rows: tuple[tuple[str, ...], ...]
    intensities: tuple[float, ...] | None = None
    intensity_unit: str | None = None
    rate_hz: float | None = None
    claimed_rows: int | None = None
    common_unit: str | None = None

    @property
    def n_columns(self) -> int:
        """Columns of the table, without the empty one that a closing delimiter makes."""
        return len(self.numeric)


def read_lines(path: Path) -> tuple[str, list[str]]:
    """Return the encoding and the lines of a file's beginning.

    Raises
    ------
    ReadError
        If the file is empty or no text.
    """
    with path.open("rb") as file:
        data = file.read(HEAD_BYTES)
        complete = not file.read(1)
    if not data.strip():
        raise ReadError(f"{path.name}: the file is empty; export the recording again")
    encoding = find_encoding(data)
    if encoding is None:
        raise ReadError(f"{path.name}: this is no text file; give it the suffix of its format")
    lines = split_lines(decode(data, encoding))
    if not complete:
        lines.pop()
    if not lines:
        raise ReadError(f"{path.name}: the first line is longer than 1 MB; this is no table")
    return encoding, lines


def understand_head(encoding: str, lines: Sequence[str], name: str) -> Head:
    """Find the table of a text file and the heading above it.

    Raises
    ------
    ReadError
        If there is no table, or its line of names does not fit its columns.
    """
    dialect = find_dialect(lines, name)
    pattern = numeric_columns(lines, dialect)
    first = first_row(lines, dialect, pattern, name)
    if dialect.n_fields > 1 and pattern[-1] is None and closing_delimiter(lines, first, dialect):
        pattern = pattern[:-1]
    above = [_COMMENT.sub("", line).strip(" ") for line in lines[:first]]
    rows = tuple(
        tuple(split_fields(line, dialect.delimiter)) for line in lines[first : first + 64] if line
    )
    head = Head(encoding, dialect, first, None, None, tuple(pattern), rows)
    head = _row_of_intensities(_read_titles(head, above, name))
    stated = tuple(above)
    return replace(head, rate_hz=stated_rate_hz(stated), common_unit=stated_unit(stated))


def _read_titles(head: Head, above: Sequence[str], name: str) -> Head:
    """Read names, units, intensities and counts from the lines above the table."""
    if (count := _line_matching(_ACQ_CHANNELS, above)) is not None:
        return _acqknowledge(head, above, count)
    if (titles := _line_matching(_CHANNEL_TITLES, above)) is not None:
        return _labchart(head, above, titles)
    for line in reversed([a for a in above if a and stated_rate_hz((a,)) is None]):
        cells = split_fields(line, head.dialect.delimiter)
        if head.dialect.delimiter == " " and len(cells) != head.n_columns:
            cells = re.split(r"\s{2,}|\t+", line)
        if len(cells) == head.n_columns + 1 and not cells[-1]:
            cells = cells[:-1]
        if len(cells) != head.n_columns:
            _check_names_fit(head, cells, name)
            break
        numbers = [_number(c, head.dialect) for c in cells]
        values = tuple(n for n in numbers[1:] if n is not None)
        if head.n_columns > 2 and numbers[0] is None and len(values) == len(cells) - 1:
            first = understand_column(cells[0])
            if first.meaning is Meaning.TIME:
                return _numbered_columns(head, cells, values)
            head = replace(head, intensities=(0.0, *values), intensity_unit=first.unit)
        elif _is_row_of_units(cells) and head.units is None:
            head = replace(head, units=tuple(cells))
        else:
            return replace(head, names=tuple(cells))
    return head


def _numbered_columns(head: Head, cells: Sequence[str], values: tuple[float, ...]) -> Head:
    """Take 'time, 1, 2, 3' for numbers of columns, 'time, 2.5, 3, 3.5' for intensities."""
    head = replace(head, names=tuple(cells))
    counted = all(b - a == 1.0 for a, b in pairwise(values)) and values[0] in (0.0, 1.0)
    return head if counted else replace(head, intensities=(0.0, *values))


def _row_of_intensities(head: Head) -> Head:
    """Take the first row as stimulus intensities where its time does not precede the second's."""
    if head.intensities is not None or len(head.rows) < 3 or head.n_columns < 3:
        return head
    if head.names is not None and any(understand_sweep(n) is None for n in head.names[1:]):
        return head
    rows = [[_number(c, head.dialect) for c in r[: head.n_columns]] for r in head.rows[:3]]
    (t0, *values), t1, t2 = rows[0], rows[1][0], rows[2][0]
    filled = tuple(v for v in values if v is not None and v >= 0.0)
    if t1 is None or t2 is None or t2 <= t1 or (t0 is not None and t0 < t1):
        return head
    if len(filled) != len(values):
        return head
    return replace(
        head, intensities=(0.0, *filled), first_line=head.first_line + 1, rows=head.rows[1:]
    )


def _is_row_of_units(cells: Sequence[str]) -> bool:
    """Whether all filled cells are units."""
    filled = [c for c in cells if c]
    return bool(filled) and all(is_unit(c) for c in filled)


def _check_names_fit(head: Head, cells: Sequence[str], name: str) -> None:
    """Refuse a line of names that is too short or too long; a sentence is no line of names."""
    dialect = head.dialect
    if dialect.delimiter == " " or head.names is not None or len(cells) < 2:
        return
    words = [c for c in cells if c and not is_number(c, dialect)]
    if len(words) > 0.5 * len(cells) and len(cells) >= 0.5 * head.n_columns:
        raise ReadError(
            f"{name}: the line of names has {len(cells)} fields, the rows have {head.n_columns}; "
            f"which name belongs to which column is unknown: correct that line"
        )


def _number(cell: str, dialect: Dialect) -> float | None:
    """Read one number of the heading, None if it is none."""
    if not is_number(cell, dialect) or cell.lower() in {"true", "false"}:
        return None
    if dialect.thousands:
        cell = cell.replace(dialect.thousands, "")
    return float(cell.replace(dialect.decimal, "."))


def _line_matching(pattern: re.Pattern[str], lines: Sequence[str]) -> int | None:
    """Return the index of the first line that a pattern matches."""
    return next((i for i, line in enumerate(lines) if pattern.match(line)), None)


def _labchart(head: Head, above: Sequence[str], titles: int) -> Head:
    """Read the keys of a LabChart export: 'ChannelTitle=' and 'UnitName=' lack the time column."""
    delimiter = head.dialect.delimiter
    names = split_fields(above[titles], delimiter)[1:]
    at = _line_matching(_UNIT_NAMES, above)
    units = split_fields(above[at], delimiter)[1:] if at is not None else []
    n = head.n_columns - 1
    return replace(
        head,
        names=("time", *(names + [""] * n)[:n]),
        units=("", *(units + [""] * n)[:n]),
    )


def _acqknowledge(head: Head, above: Sequence[str], count: int) -> Head:
    """Read the heading of an AcqKnowledge export.

    'N channels' is followed by N pairs of lines (name, unit), a line of columns ('CH1,CH2,...',
    maybe with a time column before them) and a line with the number of samples of each.
    """
    match = _ACQ_CHANNELS.match(above[count])
    n = int(match[1]) if match else 0
    pairs = above[count + 1 : count + 1 + 2 * n]
    labels, units = pairs[0::2], pairs[1::2]
    delimiter = head.dialect.delimiter
    tail = [split_fields(line, delimiter) for line in above[count + 1 + 2 * n :] if line]
    columns = next((t for t in tail if any(_ACQ_COLUMN.fullmatch(c) for c in t)), [])
    lead = [c for c in columns if c and not _ACQ_COLUMN.fullmatch(c)]
    if len(lead) + n != head.n_columns or len(units) != n:
        return head
    sizes = [int(c) for t in tail if t is not columns for c in t if c.isdigit()]
    head = _skip_counts(head, n)
    if head.first_line > len(above):
        sizes += [int(float(c)) for c in head.rows[0] if c]
        head = replace(head, rows=head.rows[1:])
    return replace(
        head,
        names=(*lead, *labels),
        units=(*("" for _ in lead), *units),
        claimed_rows=max(sizes, default=None) if sizes else None,
    )


def _skip_counts(head: Head, n_channels: int) -> Head:
    """Step over the line of sample counts, which looks like a row of samples."""
    filled = [c for c in head.rows[0] if c]
    counts = len(filled) == n_channels and all(c.isdigit() and int(c) > 1 for c in filled)
    return replace(head, first_line=head.first_line + 1) if counts else head
