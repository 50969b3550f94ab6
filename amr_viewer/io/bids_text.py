"""Tables and JSON files of a BIDS data set as plain text values; what they mean is left to others.

A file that is damaged becomes a warning and no value: the recording can be read without it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

MOST_BYTES = 64 << 20
MOST = 1e12
"""No setting of a device is larger."""

MISSING = frozenset({"", "n/a", "na", "nan"})


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: its number in the file, and its cells by the names of their columns."""

    line: int
    cells: dict[str, str]

    def text(self, *columns: str) -> str:
        """Return the first of some cells that says something, else an empty string."""
        return next((t for c in columns if (t := known(self.cells.get(c, "")))), "")

    def number(self, column: str) -> float | None:
        """Return the number in a cell, None where there is none."""
        return number(self.cells.get(column, ""))


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its file, the names of its columns in lower case, and its rows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def known(cell: str) -> str:
    """Return what a cell says, an empty string for ``n/a``."""
    text = cell.strip()
    return "" if text.casefold() in MISSING else text


def number(cell: str) -> float | None:
    """Return the number in a cell, None where there is none."""
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if isfinite(value) and "_" not in cell else None


def read_table(path: Path, needed: Sequence[str], warnings: list[str]) -> Table | None:
    """Read a table whose cells are parted by tabulators.

    Parameters
    ----------
    path : Path
    needed : sequence of str
        Columns without which the table says nothing.
    warnings : list of str
        Takes a line where the table is damaged.

    Returns
    -------
    Table or None
        None where the table cannot be used. Lines that hold another number of cells than the
        head are left out.
    """
    text = _text(path, warnings)
    if text is None:
        return None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    columns = tuple(name.strip().casefold() for name in lines[0].split("\t"))
    missing = [name for name in needed if name not in columns]
    if missing:
        warnings.append(
            f"{path.name}: has no column {' and '.join(missing)} and is left aside; correct it "
            "(columns are parted by tabulators)"
        )
        return None
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        warnings.append(f"{path.name}: column {twice[0]} stands there twice: it is left aside")
        return None
    rows, bad = [], []
    for number_of, line in enumerate(lines[1:], start=2):
        cells = line.split("\t")
        if not line.strip():
            continue
        if len(cells) == len(columns):
            rows.append(Row(number_of, dict(zip(columns, cells, strict=True))))
        else:
            bad.append(number_of)
    if bad:
        warnings.append(
            f"{path.name}: {of_lines(bad)} not as many cells as the first line and {is_are(bad)} "
            "left out; correct the table"
        )
    return Table(path.name, columns, tuple(rows))


def read_fields(paths: Sequence[Path], warnings: list[str]) -> dict[str, Any]:
    """Read JSON files that are joined; of a key that several hold the last one counts."""
    fields: dict[str, Any] = {}
    for path in paths:
        text = _text(path, warnings)
        if text is None:
            continue
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            values = None
        if isinstance(values, dict):
            fields |= values
        else:
            warnings.append(f"{path.name}: is no JSON object and is left aside; correct it")
    return fields


def of_lines(lines: Sequence[int]) -> str:
    """Begin a sentence on lines of a file: ``line 3 has``, ``lines 3, 5 and 2 more have``."""
    if len(lines) == 1:
        return f"line {lines[0]} has"
    shown = ", ".join(map(str, lines[:3]))
    more = len(lines) - 3
    return f"lines {shown}{f' and {more} more' if more > 0 else ''} have"


def is_are(things: Sequence[object]) -> str:
    """Return the verb for one or several things."""
    return "is" if len(things) == 1 else "are"


def words_of(value: Any) -> Iterator[str]:
    """Yield what a value of a JSON file says: texts and numbers, also those in lists."""
    if isinstance(value, str):
        if known(value):
            yield known(value)
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, (int, float)) and abs(value) < MOST:
        yield f"{value:g}"
    elif isinstance(value, list):
        for part in value:
            yield from words_of(part)


def _text(path: Path, warnings: list[str]) -> str | None:
    """Return the text of a file, None with a warning where there is none."""
    try:
        if path.stat().st_size > MOST_BYTES:
            warnings.append(f"{path.name}: is too large for a sidecar and is left aside")
            return None
        data = path.read_bytes()
    except OSError as error:
        warnings.append(f"{path.name}: cannot be read ({error.strerror}) and is left aside")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text or not text.strip():
        why = "is no text in UTF-8" if text.strip() else "is empty"
        warnings.append(f"{path.name}: {why} and is left aside; save it again")
        return None
    return text
