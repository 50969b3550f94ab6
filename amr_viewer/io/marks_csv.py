"""Marks as a table that people edit in a spreadsheet; what becomes of them is left to others."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from math import isfinite, nan
from pathlib import Path

from amr_viewer.atomic import write_durably
from amr_viewer.core.recording import Mark
from amr_viewer.core.spreadsheet import neutral, restored
from amr_viewer.errors import ExportError, ReadError
from amr_viewer.io.text_encoding import decode, find_encoding

COLUMNS = ("time_s", "duration_s", "channel", "text")
DELIMITERS = (",", ";", "\t")
MOST_BYTES = 64 << 20
DECIMALS = 6
FURTHEST_S = 1e9


def write_marks(path: Path | str, marks: Iterable[Mark]) -> None:
    """Write marks as CSV (UTF-8, decimal point), whole or not at all; an existing file is replaced.

    An unknown duration and a mark for all channels are empty cells. A text that a spreadsheet would
    run as a formula gets an apostrophe in front, which `read_marks` takes away again.

    Parameters
    ----------
    path : Path or str
    marks : iterable of Mark

    Raises
    ------
    ExportError
        The file cannot be written.
    """
    path = Path(path)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for mark in marks:
        words = neutral(mark.channel or ""), neutral(mark.text.replace("\0", ""))
        writer.writerow((_number(mark.time_s), _number(mark.duration_s), *words))
    try:
        write_durably(path, buffer.getvalue().encode("utf-8", errors="replace"))
    except OSError as error:
        raise ExportError(
            f"{path.name}: cannot be written ({error.strerror}); choose another folder"
        ) from error


def read_marks(path: Path | str) -> tuple[Mark, ...]:
    """Read marks from a CSV file.

    The first line names the columns, in any order: ``time_s`` and ``text`` must be there,
    ``duration_s`` and ``channel`` may, others are ignored. Comma, semicolon and tab part the cells;
    where it is not the comma, numbers may have a decimal comma.

    Parameters
    ----------
    path : Path or str

    Returns
    -------
    tuple of Mark
        In order of time.

    Raises
    ------
    ReadError
        The file cannot be read, is no such table, or a line holds no number where one must be.
    """
    path = Path(path)
    text = _text(path)
    delimiter = _delimiter(text.partition("\n")[0])
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip().casefold() for name in next(rows, [])]
        _check_names(path, names)
        marks = [
            _mark(path, rows.line_num, dict(zip(names, row, strict=False)), delimiter)
            for row in rows
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        raise ReadError(f"{path.name}, line {rows.line_num}: {error}; check its quotes") from error
    return tuple(sorted(marks, key=lambda m: m.time_s))


def _number(value: float) -> str:
    """Return a number as a cell, empty where it is not known."""
    return f"{value:.{DECIMALS}f}" if isfinite(value) else ""


def _text(path: Path) -> str:
    """Return the whole text of a file."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ReadError(f"{path.name}: too large for a table of marks; choose the right file")
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(f"{path.name}: cannot be read ({error.strerror})") from error
    encoding = find_encoding(data) if data else "utf-8"
    if encoding is None:
        raise ReadError(f"{path.name}: is no text; save the marks as CSV (UTF-8)")
    return decode(data, encoding).lstrip("\ufeff")


def _delimiter(head: str) -> str:
    """Return what parts the cells of a line of names."""
    return max(DELIMITERS, key=head.count)


def _check_names(path: Path, names: list[str]) -> None:
    """Refuse a table without the columns that are needed."""
    missing = [name for name in ("time_s", "text") if name not in names]
    if missing:
        raise ReadError(
            f"{path.name}: column {' and '.join(missing)} missing; "
            f"the first line must read {','.join(COLUMNS)}"
        )
    twice = sorted({name for name in COLUMNS if names.count(name) > 1})
    if twice:
        raise ReadError(f"{path.name}: column {twice[0]} stands there twice; remove one of them")


def _mark(path: Path, line: int, cells: Mapping[str, str], delimiter: str) -> Mark:
    """Return the mark of one line."""
    time_s = _value(path, line, "time_s", cells.get("time_s", ""), delimiter)
    if time_s is None:
        raise ReadError(f"{path.name}, line {line}: time_s is empty; write seconds from the start")
    duration_s = _value(path, line, "duration_s", cells.get("duration_s", ""), delimiter)
    if duration_s is not None and duration_s < 0:
        raise ReadError(f"{path.name}, line {line}: duration_s is negative; write 0 or leave empty")
    channel = restored(cells.get("channel", "").strip())
    length = nan if duration_s is None else duration_s
    return Mark(time_s, length, restored(cells.get("text", "").strip()), channel or None)


def _value(path: Path, line: int, name: str, cell: str, delimiter: str) -> float | None:
    """Return the number in a cell, None where it is empty."""
    text = cell.strip()
    if not text:
        return None
    try:
        value = float(text if delimiter == "," else text.replace(",", "."))
    except ValueError:
        value = nan
    if not abs(value) < FURTHEST_S:
        raise ReadError(
            f"{path.name}, line {line}: {name} is {text[:40]!r}; write seconds as a number"
        )
    return value
