"""The user's own table: any delimiter, encoding and decimal sign; its cells stay text."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from amr_viewer.core.spreadsheet import restored
from amr_viewer.errors import ReadError
from amr_viewer.io.text_encoding import decode, find_encoding

DELIMITERS = ("\t", ";", "|", ",")
MOST_BYTES = 64 << 20
_COMMA_NUMBER = re.compile(r"[-+]?\d+(?:,\d+)?")
_STATED = re.compile(r"(\s*\"?sep=([^\r\n])\"?)(?=\r?\n)", re.IGNORECASE)
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class UserTable:
    """A table as it stands in its file.

    Attributes
    ----------
    name : str
        Name of the file.
    encoding, delimiter : str
    columns : tuple of str
        As spelled in the file, each once whatever its case.
    rows : tuple of tuple of str
        As many cells as there are columns; rows without any text are left out.
    lines : tuple of int
        Where each row begins in the file, from 1.
    """

    name: str
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]

    def index(self, column: str, option: str) -> int:
        """Return the place of a column by its name, whatever its case.

        Raises
        ------
        ReadError
            There is none.
        """
        for i, name in enumerate(self.columns):
            if name.casefold() == column.strip().casefold():
                return i
        raise ReadError(
            f"{self.name}: no column {column}; give {option} one of: {', '.join(self.columns)}"
        )

    def values(self, index: int) -> list[str]:
        """Return the cells of a column."""
        return [row[index] for row in self.rows]


def read_table(path: Path | str) -> UserTable:
    """Read a table with a line of column names.

    Raises
    ------
    ReadError
        The file is no table, or can be read in two ways.
    """
    path = Path(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ReadError(f"{path.name}: larger than {MOST_BYTES >> 20} MB; give a smaller table")
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(f"{path.name}: cannot be read ({error.strerror}); check --table") from error
    encoding = find_encoding(data)
    if encoding is None:
        raise ReadError(f"{path.name}: is no text; save the table as CSV")
    text = decode(data, encoding)
    if _UNREADABLE in text:
        raise ReadError(
            f"{path.name}: holds bytes that are no letters in {encoding}; save it as CSV in UTF-8"
        )
    delimiter, numbered = _records(text, path.name)
    names = tuple(restored(cell) for cell in numbered[0][1])
    _check_names(names, path.name)
    width = len(names)
    rows = [(line, _fitted(cells, width, line, path.name)) for line, cells in numbered[1:]]
    columns = [_pointed([row[i] for _, row in rows], delimiter) for i in range(width)]
    return UserTable(
        path.name,
        encoding,
        delimiter,
        names,
        tuple(zip(*columns, strict=True)) if rows else (),
        tuple(line for line, _ in rows),
    )


def _records(text: str, name: str) -> tuple[str, list[tuple[int, list[str]]]]:
    """Return the delimiter and the filled records with their lines."""
    stated = _STATED.match(text)
    if stated:
        # A spreadsheet's own first line; the number of lines stays, as messages count them.
        text = text[: stated.start()] + text[stated.end(1) :]
    best: tuple[tuple[float, int], str, list[tuple[int, list[str]]]] | None = None
    for delimiter in (stated[2],) if stated else DELIMITERS:
        records = _split(text, delimiter)
        if not records:
            raise ReadError(f"{name}: is empty; the first line holds the names of the columns")
        counts = Counter(len(cells) for _, cells in records)
        width = len(records[0][1])
        score = (counts[width] / len(records), width)
        if width > 1 and (best is None or score > best[0]):
            best = score, delimiter, records
    if best is None:
        raise ReadError(
            f"{name}: only one column was found; divide the columns by semicolons, commas or tabs"
        )
    return best[1], best[2]


def _split(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """Split a text into records of cells; those without any text are left out."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    records, line = [], 1
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                records.append((line, stripped))
            line = reader.line_num + 1
    except csv.Error:
        return records
    return records


def _check_names(names: tuple[str, ...], file: str) -> None:
    """Refuse columns without a name or with the same one."""
    if not all(names):
        raise ReadError(
            f"{file}: column {names.index('') + 1} has no name; name every column in line 1"
        )
    twice = [n for n, k in Counter(n.casefold() for n in names).items() if k > 1]
    if twice:
        raise ReadError(f"{file}: column {twice[0]} stands there twice; rename one")


def _fitted(cells: list[str], width: int, line: int, file: str) -> list[str]:
    """Return a row of the width of the head; empty cells may be missing or too many at its end."""
    if any(cells[width:]):
        raise ReadError(
            f"{file}: line {line} has {len(cells)} cells, the head has {width}; put cells that "
            "hold the delimiter in quotes"
        )
    return [restored(cell) for cell in cells[:width]] + [""] * (width - len(cells))


def _pointed(cells: list[str], delimiter: str) -> list[str]:
    """Write a column of numbers with a decimal comma with a point."""
    filled = [cell for cell in cells if cell]
    if delimiter == "," or not any("," in cell for cell in filled):
        return cells
    if all(_COMMA_NUMBER.fullmatch(cell) for cell in filled):
        return [cell.replace(",", ".") for cell in cells]
    return cells
