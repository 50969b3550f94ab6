"""CSV, TSV and other text: one table of numbers, with or without a heading, wide or long."""

from __future__ import annotations

from pathlib import Path

from amr_viewer.core.recording import Recording
from amr_viewer.errors import ReadError
from amr_viewer.io.natus_text import looks_like_natus, read_natus_text
from amr_viewer.io.text_blocks import Damage, Layout, line_list, read_table
from amr_viewer.io.text_columns import Columns, ValueColumn, understand_columns
from amr_viewer.io.text_dialect import find_dialect
from amr_viewer.io.text_encoding import decode, find_encoding, split_lines
from amr_viewer.io.text_head import Head, read_lines, understand_head
from amr_viewer.io.text_layout import Content, build_wide
from amr_viewer.io.text_long import build_long
from amr_viewer.io.text_words import Meaning, understand_column

SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".asc", ".tab"})
_FORMATS = {"\t": "TSV", " ": "text"}


def looks_like_text(head: bytes, path: Path | str) -> bool:
    """Whether a file is text that may hold a table of samples.

    Parameters
    ----------
    head : bytes
        The first bytes of the file, some thousand if possible.
    path : path
        With a suffix of `SUFFIXES` any text will do, else it must show a table of numbers.
    """
    encoding = find_encoding(head) if head else None
    if encoding is None:
        return False
    if Path(path).suffix.lower() in SUFFIXES:
        return True
    lines = [line for line in split_lines(decode(head, encoding))[:-1] if line.strip()]
    if looks_like_natus(lines):
        return True
    try:
        return len(lines) > 5 and find_dialect(lines, Path(path).name).n_fields > 1
    except ReadError:
        return False


def read_text(path: Path | str) -> Recording:
    """Read a recording from a text file.

    Parameters
    ----------
    path : path

    Returns
    -------
    Recording
        Voltages in uV. Sweeps are segments, a second or more apart if the file does not say when
        they were recorded. The samples of large files stand in a temporary file, not in memory.

    Raises
    ------
    ReadError
        If the file is no table of numbers, its sampling rate or the unit of its times is unknown,
        its times are irregular, or too much of it is damaged.
    """
    path = Path(path)
    try:
        encoding, lines = read_lines(path)
        if looks_like_natus(lines):
            return read_natus_text(path, encoding)
        head = understand_head(encoding, lines, path.name)
        return _read(path, head)
    except OSError as error:
        raise ReadError(
            f"{path.name}: cannot be read ({error.strerror}); check the file"
        ) from error


def _read(path: Path, head: Head) -> Recording:
    """Read the table below a heading that is understood."""
    columns = understand_columns(head, path.name)
    keys = [columns.time, columns.sweep, columns.stimulus]
    layout = Layout(
        keys=tuple(k for k in keys if k is not None),
        values=tuple(v.index for v in columns.values),
        codes=columns.channel,
        texts=columns.remark,
        has_time=columns.time is not None,
    )
    table = read_table(path, head.encoding, head.dialect, layout, head.first_line)
    if not len(table.values):
        raise ReadError(f"{path.name}: the table is empty; export the recording again")
    build = build_long if columns.is_long else build_wide
    content = build(table, head, columns, path.name)
    warnings = (
        *content.warnings,
        *_unit_warnings(content),
        *_damage_warnings(table.damage, columns.values),
        *_other_warnings(head, columns, table.damage.n_rows),
    )
    return Recording(
        name=path.name,
        path=str(path),
        format=_FORMATS.get(head.dialect.delimiter, "CSV"),
        channels=content.channels,
        segments=content.segments,
        marks=content.marks,
        source=content.source,
        size_bytes=path.stat().st_size,
        warnings=warnings,
    )


def _unit_warnings(content: Content) -> list[str]:
    """Name the channels of which the unit is unknown."""
    triggers = {Meaning.STIMULUS, Meaning.EVENT}
    labels = [
        c.label
        for c in content.channels
        if c.unit is None and understand_column(c.label, first=False).meaning not in triggers
    ]
    if not labels:
        return []
    shown = ", ".join(f"'{label}'" for label in labels[:8]) + (", ..." if len(labels) > 8 else "")
    return [f"unit unknown for {shown}: state it in a protocol"]


def _damage_warnings(damage: Damage, values: tuple[ValueColumn, ...]) -> list[str]:
    """Say what of the table was lost, and where."""
    warnings = []
    if damage.ragged:
        warnings.append(
            f"{line_list(damage.ragged)}: wrong number of fields; all samples of "
            f"{'these lines' if len(damage.ragged) > 1 else 'this line'} are missing (NaN)"
        )
    if damage.unreadable:
        warnings.append(
            f"{line_list(damage.unreadable)}: fields that are no numbers; these samples are "
            f"missing (NaN)"
        )
    if damage.left_out:
        warnings.append(f"{line_list(damage.left_out)}: no numbers; left out")
    if damage.missing:
        total = sum(damage.missing.values())
        counts = [f"{values[j].label}: {n}" for j, n in sorted(damage.missing.items())]
        shown = ", ".join(counts[:8]) + (", ..." if len(counts) > 8 else "")
        warnings.append(f"{total} samples are missing (NaN) in {shown}")
    return warnings


def _other_warnings(head: Head, columns: Columns, n_rows: int) -> list[str]:
    """Say which columns were left out, and that the heading claims another size."""
    warnings = []
    if columns.left_out:
        warnings.append(f"columns without numbers left out: {', '.join(columns.left_out)}")
    if head.claimed_rows is not None and head.claimed_rows != n_rows:
        warnings.append(
            f"the heading claims {head.claimed_rows} samples, the file holds {n_rows}; "
            f"it may be cut"
        )
    return warnings
