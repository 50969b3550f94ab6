"""Bytes to lines of plain text: encodings, byte-order marks, line ends, and nothing else."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from amr_viewer.errors import ReadError

HEAD_BYTES = 1 << 20
BLOCK_BYTES = 8 << 20
MAX_LINE_BYTES = 64 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ABOVE_ASCII = re.compile(rb"[\x80-\xff]")
_CYRILLIC_WORD = re.compile(rb"[\xa8\xb8\xc0-\xff]{3,}")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def byte_order_mark(head: bytes) -> bytes:
    """Return the byte-order mark that a file starts with, maybe empty."""
    return next((bom for bom, _ in _BOMS if head.startswith(bom)), b"")


def find_encoding(head: bytes) -> str | None:
    """Return the encoding of a text file from its first bytes, None if it is no text.

    A byte-order mark decides; else zero bytes on every second place tell UTF-16; else text that is
    no valid UTF-8 counts as Windows-1252 (Latin letters and the micro sign are alike in Latin-1),
    or as Windows-1251 if its letters above 127 stand in words of their own, as Cyrillic ones do.
    """
    encoding = next((name for bom, name in _BOMS if head.startswith(bom)), None)
    if encoding is None:
        encoding = _utf16_without_mark(head) or _utf8_or_windows(head)
    text = decode(head, encoding)
    if not text or len(_CONTROL.findall(text)) > 0.001 * len(text):
        return None
    return encoding


def _utf16_without_mark(head: bytes) -> str | None:
    """Tell UTF-16 by its zero bytes: digits and delimiters all lie below 256."""
    sample = head[: min(len(head), 4096) & ~1]
    if len(sample) < 4:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 * half and odd < 0.1 * half else None


def _utf8_or_windows(head: bytes) -> str:
    """Return utf-8 if the bytes are valid, but for a letter cut at their end, else a code page."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=False)
    except UnicodeDecodeError:
        above = len(_ABOVE_ASCII.findall(head))
        cyrillic = sum(len(word) for word in _CYRILLIC_WORD.findall(head))
        return "cp1251" if 2 * cyrillic > above else "cp1252"
    return "utf-8"


def decode(data: bytes, encoding: str) -> str:
    """Decode, with U+FFFD for what cannot be; without the byte-order mark."""
    return data[len(byte_order_mark(data)) :].decode(encoding, errors="replace")


def split_lines(text: str) -> list[str]:
    """Split at CR, LF and CR LF alike, and at nothing else."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def line_blocks(path: Path, encoding: str) -> Iterator[bytes]:
    """Yield a text file in blocks of whole lines, each ending with LF, in an ASCII-compatible code.

    Raises
    ------
    ReadError
        If a line is longer than `MAX_LINE_BYTES`.
    """
    decoder = None
    if encoding.startswith("utf-16"):
        decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    rest = b""
    with path.open("rb") as file:
        file.seek(len(byte_order_mark(file.read(4))))
        while data := file.read(BLOCK_BYTES):
            if decoder is not None:
                data = decoder.decode(data).encode("utf-8")
            data = rest + data
            # A CR at the very end may be the first half of a CR LF: it waits for the next block.
            end = max(data.rfind(b"\n"), data.rfind(b"\r", 0, len(data) - 1)) + 1
            rest = data[end:]
            if len(rest) > MAX_LINE_BYTES:
                raise ReadError(
                    f"{path.name}: a line is longer than {MAX_LINE_BYTES >> 20} MB; this is no "
                    f"table of samples: export the recording again, one line per sample"
                )
            if end:
                yield _unix_lines(data[:end])
    if rest.strip():
        yield _unix_lines(rest + b"\n")


def _unix_lines(data: bytes) -> bytes:
    """Write every line end as LF, and zero bytes, which end a parser's string, as a bad letter."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data.replace(b"\0", b"?") if b"\0" in data else data
