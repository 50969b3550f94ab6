"""Where the table of a text file starts, and which of its columns hold numbers."""

from __future__ import annotations

from collections.abc import Sequence

from amr_viewer.errors import ReadError
from amr_viewer.io.text_dialect import Dialect, is_missing, is_number, split_fields


def numeric_columns(lines: Sequence[str], dialect: Dialect) -> list[bool | None]:
    """Say for each column whether it holds numbers (True), text (False) or nothing (None)."""
    rows = [split_fields(line, dialect.delimiter) for line in lines[-200:] if line.strip()]
    rows = [r for r in rows if len(r) == dialect.n_fields]
    columns: list[bool | None] = []
    for column in zip(*rows, strict=True):
        filled = [f for f in column if not is_missing(f)]
        n_numbers = sum(is_number(f, dialect) for f in filled)
        columns.append(2 * n_numbers > len(filled) if filled else None)
    return columns


def first_row(
    lines: Sequence[str], dialect: Dialect, pattern: Sequence[bool | None], name: str
) -> int:
    """Return the index of the first line of the table.

    It is the first row of numbers that half of the next ten lines are like; a damaged row right
    above it belongs to the table too.
    """
    filled = [i for i, line in enumerate(lines) if line.strip()]
    rows = [split_fields(lines[i], dialect.delimiter) for i in filled]
    fits = [_is_data(row, dialect, pattern) for row in rows]
    for k, fit in enumerate(fits):
        following = fits[k + 1 : k + 11]
        if fit and 2 * sum(following) >= len(following):
            while k and _is_damaged_data(rows[k - 1], dialect):
                k -= 1
            return filled[k]
    raise ReadError(f"{name}: the table holds no rows of numbers; export it again")


def _is_data(row: Sequence[str], dialect: Dialect, pattern: Sequence[bool | None]) -> bool:
    """Whether a row has numbers, or nothing, where the table has numbers."""
    return (
        len(row) == dialect.n_fields
        and all(
            is_missing(f) or is_number(f, dialect) for f, p in zip(row, pattern, strict=True) if p
        )
        and any(is_number(f, dialect) for f in row)
    )


def _is_damaged_data(row: Sequence[str], dialect: Dialect) -> bool:
    """Whether a row is one of samples though a field is spoilt: a line of names has no numbers."""
    return (
        len(row) == dialect.n_fields
        and len(row) > 1
        and is_number(row[0], dialect)
        and 2 * sum(is_number(f, dialect) for f in row) >= len(row)
    )


def closing_delimiter(lines: Sequence[str], first: int, dialect: Dialect) -> bool:
    """Whether the rows end with a delimiter, behind which there is no column."""
    named = any(
        len(cells) == dialect.n_fields and cells[-1]
        for cells in (split_fields(line, dialect.delimiter) for line in lines[:first])
    )
    return not named and lines[first].rstrip(" ").endswith(dialect.delimiter)
