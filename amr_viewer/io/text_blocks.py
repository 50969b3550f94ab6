"""The rows of a text file to arrays, block by block, with a note of every line that is damaged."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from amr_viewer.errors import ReadError
from amr_viewer.io.text_dialect import Dialect
from amr_viewer.io.text_encoding import line_blocks
from amr_viewer.io.text_rows import count_fields, pad_ragged, plain
from amr_viewer.io.text_source import IN_MEMORY_BYTES, Spool

if TYPE_CHECKING:
    import pandas as pd

MAX_DAMAGED = 0.05
ABSURD = 1e30
_TRUTH = {"True": "1", "TRUE": "1", "true": "1", "False": "0", "FALSE": "0", "false": "0"}
_MISSING = ["", "nan", "NaN", "NAN", "NA", "N/A", "n/a", "null", "NULL", "None", "-", "--", "#N/A"]


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns are read, and as what.

    Attributes
    ----------
    keys : tuple of int
        Columns kept as float64 (time, indices).
    values : tuple of int
        Columns kept as float32.
    codes : int or None
        A column of names (channels of a long table), kept as codes behind the keys.
    texts : int or None
        A column of remarks.
    has_time : bool
        Whether the first key is time: a line without any number is no sample then.
    """

    keys: tuple[int, ...]
    values: tuple[int, ...]
    codes: int | None = None
    texts: int | None = None
    has_time: bool = True


@dataclass(slots=True)
class Damage:
    """Lines of which something was lost, by kind; the first few line numbers of each."""

    n_rows: int = 0
    ragged: list[int] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)
    missing: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A parsed table.

    Attributes
    ----------
    keys : ndarray of float64, shape (n_rows, n_keys)
    values : ndarray of float32, shape (n_rows, n_values)
    names : tuple of str
        What the codes mean.
    remarks : tuple of (int, str)
        Row and text.
    damage : Damage
    """

    keys: NDArray[np.float64]
    values: NDArray[np.float32]
    names: tuple[str, ...]
    remarks: tuple[tuple[int, str], ...]
    damage: Damage


@dataclass(slots=True)
class _Reader:
    """State of reading one file."""

    dialect: Dialect
    layout: Layout
    damage: Damage = field(default_factory=Damage)
    names: dict[str, int] = field(default_factory=dict)
    remarks: list[tuple[int, str]] = field(default_factory=list)

    def parse(self, block: bytes, first_line: int) -> tuple[NDArray[Any], NDArray[Any]] | None:
        """Return keys and values of the rows of a block; `first_line` counts from 1."""
        words = self.layout.codes is not None or self.layout.texts is not None
        block = plain(block, self.dialect, has_words=words)
        n_fields, lengths = count_fields(block, self.dialect.delimiter)
        filled = lengths > 0
        lines = first_line + np.flatnonzero(filled)
        ragged = (n_fields != self.dialect.n_fields)[filled]
        if not filled.any():
            return None
        if ragged.any():
            block = pad_ragged(block, ragged, self.dialect)
        frame = _parse(block, self.dialect)
        if len(frame) != len(lines):
            raise ReadError(
                f"lines {first_line} to {first_line + len(lengths)} cannot be told apart; "
                f"export the recording again"
            )
        return self._sort_out(frame, lines, ragged)

    def _sort_out(
        self, frame: pd.DataFrame, lines: NDArray[np.intp], ragged: NDArray[np.bool_]
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """Turn a block's frame into keys and values; note what is damaged."""
        layout = self.layout
        keys = np.column_stack(
            [_numbers(frame[c])[0] for c in layout.keys] or [np.empty((len(frame), 0))]
        )
        columns = [_numbers(frame[c]) for c in layout.values]
        wide = np.column_stack([v for v, _ in columns])
        wide[~(np.abs(wide) < ABSURD)] = np.nan
        values = wide.astype(np.float32)
        keys[~np.isfinite(keys)] = np.nan
        bad = np.zeros(len(frame), dtype=bool)
        for _, spoilt in columns:
            if spoilt is not None:
                bad |= spoilt
        # Which cell of a short or long row is missing cannot be known: none of them counts.
        values[ragged] = np.nan
        empty = np.isnan(values).all(axis=1)
        if layout.codes is not None:
            keys = np.column_stack([keys, self._encode(frame[layout.codes])])
        keep = np.ones(len(frame), dtype=bool)
        if layout.has_time:
            keep = ~(empty & np.isnan(keys[:, 0]))
        self._note(lines, ragged & keep, bad & ~ragged & keep, ~keep)
        keys, values = keys[keep], values[keep]
        if layout.texts is not None:
            self._collect(frame[layout.texts][keep])
        for j in np.flatnonzero(np.isnan(values).any(axis=0)):
            self.damage.missing[int(j)] = self.damage.missing.get(int(j), 0) + int(
                np.isnan(values[:, j]).sum()
            )
        self.damage.n_rows += len(values)
        return keys, values

    def _note(self, lines: NDArray[np.intp], *kinds: NDArray[np.bool_]) -> None:
        """Note the numbers of damaged lines."""
        damage = self.damage
        for noted, mask in zip(
            (damage.ragged, damage.unreadable, damage.left_out), kinds, strict=True
        ):
            noted.extend(lines[mask].tolist())

    def _encode(self, column: pd.Series[Any]) -> NDArray[np.float64]:
        """Give each name of a column a number, in the order in which they first appear."""
        codes, words = column.factorize()
        names = [re.sub(r"\.0$", "", str(w).strip()) for w in words]
        places = [float(self.names.setdefault(n, len(self.names))) for n in names]
        numbers: NDArray[np.float64] = np.array([*places, np.nan])[codes]
        return numbers

    def _collect(self, column: pd.Series[Any]) -> None:
        """Keep the remarks of a column with their rows."""
        rows = np.flatnonzero(column.notna())
        texts = [str(t).strip() for t in column.dropna()]
        self.remarks.extend(
            (self.damage.n_rows + int(i), t) for i, t in zip(rows, texts, strict=True) if t
        )


def read_table(
    path: Path, encoding: str, dialect: Dialect, layout: Layout, first_line: int
) -> Table:
    """Read the table of a text file; memory does not grow with the file.

    Parameters
    ----------
    path : Path
    encoding : str
    dialect : Dialect
    layout : Layout
    first_line : int
        Lines above the first row.

    Raises
    ------
    ReadError
        If more than `MAX_DAMAGED` of the lines are damaged, or a line is endless.
    """
    on_disk = path.stat().st_size > IN_MEMORY_BYTES
    n_keys = len(layout.keys) + (layout.codes is not None)
    keys = Spool(n_keys, np.float64, on_disk=on_disk)
    values = Spool(len(layout.values), np.float32, on_disk=on_disk)
    reader = _Reader(dialect, layout)
    try:
        for block_keys, block_values in _blocks(path, encoding, first_line, reader):
            keys.append(block_keys)
            values.append(block_values)
        _refuse_wrecks(reader.damage, path.name)
        return Table(
            keys.finish(),
            values.finish(),
            tuple(reader.names),
            tuple(reader.remarks),
            reader.damage,
        )
    finally:
        keys.close()
        values.close()


def _blocks(
    path: Path, encoding: str, first_line: int, reader: _Reader
) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
    """Parse all blocks of a file."""
    line = 0
    for block in line_blocks(path, encoding):
        n_lines = block.count(b"\n")
        skip = max(0, min(n_lines, first_line - line))
        rows = block.split(b"\n", skip)[-1]
        try:
            parsed = reader.parse(rows, line + skip + 1) if rows else None
        except ReadError as error:
            raise ReadError(f"{path.name}: {error}") from error
        if parsed is not None:
            yield parsed
        line += n_lines
        if line > 100_000:
            _refuse_wrecks(reader.damage, path.name)


def _refuse_wrecks(damage: Damage, name: str) -> None:
    """Refuse a file of which too much is damaged."""
    for lines, what in (
        (damage.ragged, "have another number of fields than the rest"),
        (damage.unreadable, "hold fields that are no numbers"),
        (damage.left_out, "hold no numbers"),
    ):
        if len(lines) > MAX_DAMAGED * max(damage.n_rows, 1) + 1:
            raise ReadError(
                f"{name}: {len(lines)} of {damage.n_rows + len(damage.left_out)} lines {what} "
                f"(first: line {lines[0]}); export the recording again"
            )


def _parse(block: bytes, dialect: Dialect) -> pd.DataFrame:
    """Parse a block whose rows all have the same number of fields."""
    import pandas as pd

    try:
        return pd.read_csv(
            io.BytesIO(block),
            sep=dialect.delimiter,
            header=None,
            names=list(range(dialect.n_fields)),
            index_col=False,
            quoting=3,
            encoding="latin-1",
            skipinitialspace=True,
            skip_blank_lines=True,
            na_values=_MISSING,
            keep_default_na=False,
            low_memory=False,
        )
    except (pd.errors.ParserError, ValueError) as error:
        raise ReadError(
            f"the table cannot be read ({error}); export the recording again"
        ) from error


def _numbers(column: pd.Series[Any]) -> tuple[NDArray[np.float64], NDArray[np.bool_] | None]:
    """Return a column as numbers, and where it held something that is none."""
    import pandas as pd

    if column.dtype.kind in "iufb":
        return column.to_numpy(dtype=np.float64), None
    texts = column.astype(str).str.strip().replace(_TRUTH)
    numbers = pd.to_numeric(texts, errors="coerce").to_numpy(dtype=np.float64)
    return numbers, np.isnan(numbers) & column.notna().to_numpy()


def line_list(lines: Sequence[int]) -> str:
    """Write line numbers, the first eight of many."""
    shown = ", ".join(str(n) for n in lines[:8])
    return f"line{'s' if len(lines) > 1 else ''} {shown}" + (", ..." if len(lines) > 8 else "")
