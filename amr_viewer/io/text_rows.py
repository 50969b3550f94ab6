"""The bytes of a table's rows, before they are parsed: plain numbers, counted fields."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from amr_viewer.errors import ReadError
from amr_viewer.io.text_dialect import Dialect

_QUOTED = re.compile(rb'"([^"\n]*)"')


def plain(block: bytes, dialect: Dialect, *, has_words: bool) -> bytes:
    """Write numbers with a decimal point and one byte between fields.

    Where a column holds words, their points say nothing of the numbers.
    """
    delimiter = dialect.delimiter.encode()
    if b'"' in block:
        block = _unquote(block, dialect)
    if delimiter == b" ":
        block = re.sub(rb"[ \t]+", b" ", block)
        block = re.sub(rb"(?m)^ | $", b"", block)
    elif b" " in block:
        block = re.sub(rb"(?m)^ +$", b"", block)
    if delimiter == b",":
        return block
    if dialect.decimal == ",":
        if b"." in block:
            if dialect.thousands or not has_words:
                _check_points(block, dialect)
            block = block.replace(b".", b"") if dialect.thousands else block
        block = block.replace(b",", b".")
    elif dialect.thousands and b"," in block:
        block = re.sub(rb"(?<=\d),(?=\d{3}(?!\d))", b"", block)
    return block


def _check_points(block: bytes, dialect: Dialect) -> None:
    """Refuse a decimal point in a file that writes decimal commas: 1.5 must not become 15."""
    if not dialect.thousands:
        match = re.search(rb"[-+]?\d*\.\d+", block)
    else:
        match = re.search(rb"(?<![\d.,])\d*\.(?!\d{3}(?!\d))\d*|\d{4,}\.\d+", block)
    if match:
        text = match[0].decode("ascii", errors="replace")
        raise ReadError(
            f"'{text}' has a decimal point where other numbers have a decimal comma; export it "
            f"with one of them"
        )


def _unquote(block: bytes, dialect: Dialect) -> bytes:
    """Take quotes away; in a table divided by commas, those inside quotes belong to numbers."""
    delimiter = dialect.delimiter.encode()
    thousands = dialect.thousands.encode()

    def bare(match: re.Match[bytes]) -> bytes:
        inside = match[1].replace(thousands, b"") if thousands else match[1]
        return inside.replace(delimiter, b"." if delimiter == b"," else b" ")

    return _QUOTED.sub(bare, block)


def count_fields(block: bytes, delimiter: str) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the number of fields and the length in bytes of each line of a block."""
    data = np.frombuffer(block, dtype=np.uint8)
    ends = np.flatnonzero(data == ord("\n"))
    delimiters = np.flatnonzero(data == ord(delimiter))
    n_fields = np.diff(np.searchsorted(delimiters, ends), prepend=0) + 1
    lengths = np.diff(ends, prepend=-1) - 1
    return n_fields, lengths


def pad_ragged(block: bytes, ragged: NDArray[np.bool_], dialect: Dialect) -> bytes:
    """Keep the first field of ragged rows, as the time of a sample that is lost."""
    delimiter = dialect.delimiter.encode()
    lines = [line for line in block.split(b"\n") if line]
    for i in np.flatnonzero(ragged):
        lines[i] = lines[i].split(delimiter)[0] + delimiter * (dialect.n_fields - 1)
    return b"\n".join(lines) + b"\n"
