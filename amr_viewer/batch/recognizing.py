"""Whether a file or folder is a recording; walking the tree is left to `discovery`.

A file counts as a recording if its content shows a known format, or if it is named like one (it may
be damaged, and a person must learn that). Of text files only those count which the text reader
takes for a table of samples.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path

from amr_viewer.errors import ReadError
from amr_viewer.io.marks_csv import read_marks
from amr_viewer.io.natus_text import looks_like_natus
from amr_viewer.io.readers import HEAD_BYTES, READERS, TEXT, Reader
from amr_viewer.io.text import looks_like_text
from amr_viewer.io.text_columns import understand_columns
from amr_viewer.io.text_encoding import decode, find_encoding, split_lines
from amr_viewer.io.text_head import understand_head

TEXT_HEAD_BYTES = 1 << 16
"""How much of a text file is looked at; a table of numbers that is larger can only be samples."""

NUMERIC_SHARE = 0.8
"""Share of the lines of such a table that must hold numbers."""

_SIDECAR = re.compile(
    r"(?:.*_)?(?:events|channels|electrodes|scans|sessions|participants)\.tsv|.*\.amr\.json(?:\..*)?",
    re.IGNORECASE,
)
_NO_TABLE = frozenset({".json", ".toml", ".md", ".xml", ".html", ".yaml", ".yml", ".py", ".log"})
_NUMBERS = re.compile(r"(?:[-+0-9.,;:\s\"eE]|nan|NaN)*[0-9](?:[-+0-9.,;:\s\"eE]|nan|NaN)*")
_SPLIT_FIF = re.compile(r"(.+)-[0-9]+(\.fif)|(.+_split-)(?!01)[0-9]+(_.*\.fif)", re.IGNORECASE)


def is_recording_folder(name: str) -> bool:
    """Whether a folder is a recording as a whole."""
    return any(r.is_folder and r.has_suffix(Path(name)) for r in READERS)


def is_named_like_recording(path: Path) -> bool:
    """Whether a file has the suffix of a format that no other files have."""
    return any(r.has_suffix(path) for r in READERS if r is not TEXT)


def reason_against(path: Path, siblings: Collection[str]) -> str | None:
    """Say why a file is no recording of its own; None if it is one, empty if it is part of one.

    Parameters
    ----------
    path : Path
        A regular file.
    siblings : collection of str
        Names of all files in its folder.

    Raises
    ------
    OSError
        It cannot be read.
    """
    if _SIDECAR.fullmatch(path.name):
        return "describes a recording"
    if is_part(path, siblings):
        return ""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if any(_is_shown_by(reader, head, path) for reader in READERS):
        return None
    if is_named_like_recording(path):
        return None
    if any(path.suffix.lower() in r.parts for r in READERS) and not looks_like_text(head, path):
        return "is part of a recording whose header is missing beside it"
    if not head:
        return "is empty"
    if path.suffix.lower() in _NO_TABLE:
        return "is no table of samples"
    if not looks_like_text(head, path):
        return "its format is unknown"
    return _reason_against_table(path)


def is_part(path: Path, siblings: Collection[str]) -> bool:
    """Whether a file belongs to a recording that is opened by another file beside it."""
    suffix = path.suffix.lower()
    for reader in READERS:
        if suffix in reader.parts and _has_sibling(path, reader, siblings):
            return True
    split = _SPLIT_FIF.fullmatch(path.name)
    if split is None:
        return False
    first = f"{split[1]}{split[2]}" if split[1] else f"{split[3]}01{split[4]}"
    return first in siblings


def _has_sibling(path: Path, reader: Reader, siblings: Collection[str]) -> bool:
    """Whether a file of the same stem that opens the recording lies beside."""
    return any(
        path.stem + written in siblings for s in reader.suffixes for written in (s, s.upper())
    )


def _is_shown_by(reader: Reader, head: bytes, path: Path) -> bool:
    """Whether the beginning of a file shows a format, and the file is no side file of it."""
    if reader.signature is None or not reader.signature.match(head):
        return False
    if path.suffix.lower() in reader.parts:
        return False
    # Devices begin their log and marker files like the recording itself.
    beside = (path.with_suffix(suffix) for suffix in reader.suffixes)
    return reader.has_suffix(path) or not any(other.is_file() for other in beside)


def _reason_against_table(path: Path) -> str | None:
    """Say why a text file is no table of samples; None if it is one."""
    with path.open("rb") as file:
        head = file.read(TEXT_HEAD_BYTES)
        is_whole = not file.read(1)
    encoding = find_encoding(head)
    if encoding is None:
        return "its format is unknown"
    lines = split_lines(decode(head, encoding))
    if not is_whole:
        lines.pop()
    if looks_like_natus(lines):
        return None
    if is_whole and _is_table_of_marks(path):
        return "is a table of marks"
    is_large = not is_whole and _is_of_numbers(lines)
    try:
        table = understand_head(encoding, lines, path.name)
        columns = understand_columns(table, path.name)
    except ReadError as error:
        return None if is_large else _short(error, path)
    has_time = columns.time is not None or table.rate_hz is not None or columns.is_long
    return None if has_time or is_large else "is a table without times and sampling rate"


def _is_of_numbers(lines: Sequence[str]) -> bool:
    """Whether nearly all lines hold numbers and nothing else."""
    filled = [line for line in lines if line.strip()]
    return sum(map(bool, map(_NUMBERS.fullmatch, filled))) >= NUMERIC_SHARE * max(1, len(filled))


def _is_table_of_marks(path: Path) -> bool:
    """Whether a file holds marks that a person edits beside a recording."""
    try:
        read_marks(path)
    except ReadError:
        return False
    return True


def _short(error: ReadError, path: Path) -> str:
    """Return the fault without file and remedy."""
    return str(error).removeprefix(f"{path.name}: ").split(";")[0]
