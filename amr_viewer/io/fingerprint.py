"""Hashes of the files that a recording is made of, a block at a time; values are left to others."""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from amr_viewer.errors import ReadError
from amr_viewer.io import bids_tree
from amr_viewer.io.readers import Reader, choose_reader
from amr_viewer.io.wfdb import ANNOTATORS
from amr_viewer.io.wfdb_header import header_of

BLOCK = 1 << 20

_HEADER_BYTES = 1 << 20
_NAMED = re.compile(
    rb"^(?:DataFile|MarkerFile|File)[ \t]*=[ \t]*(\S[^\r\n]*?)[ \t]*\r?$",
    re.MULTILINE | re.IGNORECASE,
)
"""How headers of BrainVision and Persyst name their other files."""

_BESIDE = {
    "BrainVision": (".vhdr", ".ahdr", ".vmrk", ".amrk", ".eeg", ".dat", ".avg", ".seg"),
    "WFDB": (".hea", ".dat", *(f".{annotator}" for annotator in ANNOTATORS)),
    "Persyst": (".dat",),
    "Nihon Kohden": (".21e", ".pnt", ".log", ".cmt"),
    "ANT Neuro CNT": (".evt", ".trg", ".seg"),
}
"""Suffixes of what a reader may look for beside a recording: rather one too many than too few."""

_PIECE = re.compile(r"-[0-9]+")
_BIDS_PIECE = re.compile(r"_split-[0-9]+")
_LIBRARIES = {"WFDB": "wfdb", "Spike2": "neo"}
"""Libraries besides MNE that read a format."""


def main_file(path: Path | str) -> Path:
    """Return the file that a recording is known by: its header, if it was named by another part.

    Raises
    ------
    ReadError
        There is no such recording.
    """
    path = Path(path)
    reader = choose_reader(path)
    if not reader.parts or reader.has_suffix(path):
        return path
    if reader.name == "WFDB":
        return header_of(path) or path
    headers = (path.with_suffix(s) for x in reader.suffixes for s in (x, x.upper()))
    return next((h for h in headers if h.is_file()), path)


def companions(path: Path | str) -> tuple[Path, ...]:
    """Return the other files that reading a recording depends on, sorted by name.

    Parts that lie beside it under its name, parts that its header names, further pieces of a split
    recording, everything in a recording that is a folder, and the sidecars of a BIDS data set.
    Reviews do not belong to it.

    Raises
    ------
    ReadError
        There is no such recording.
    """
    path = main_file(path)
    if path.is_dir():
        return tuple(sorted(p for p in path.rglob("*") if p.is_file()))
    reader = choose_reader(path)
    found = {*_beside(path, reader), *_named(path, reader), *bids_tree.companions(path)}
    return tuple(sorted(p for p in found if p.is_file() and not p.samefile(path)))


def _beside(path: Path, reader: Reader) -> set[Path]:
    """Return the files of the same name that belong to the format, and the pieces of a split."""
    suffixes = _BESIDE.get(reader.name, ())
    is_fif = reader.name == "FIF"
    if not suffixes and not is_fif:
        return set()
    return {
        other
        for other in path.parent.iterdir()
        if (other.stem == path.stem and other.suffix.lower() in suffixes)
        or (is_fif and _are_pieces(path, other))
    }


def _are_pieces(path: Path, other: Path) -> bool:
    """Whether a file is named like a further piece of a split FIF file."""
    if other.suffix != path.suffix:
        return False
    if _BIDS_PIECE.search(path.stem):
        return _BIDS_PIECE.sub("", other.stem) == _BIDS_PIECE.sub("", path.stem)
    beginning = other.stem[: len(path.stem)]
    return beginning == path.stem and bool(_PIECE.fullmatch(other.stem[len(path.stem) :]))


def _named(path: Path, reader: Reader) -> set[Path]:
    """Return the files that the header of a recording names."""
    if reader.name not in {"BrainVision", "Persyst", "WFDB"}:
        return set()
    with path.open("rb") as file:
        text = file.read(_HEADER_BYTES)
    if reader.name == "WFDB":
        lines = (line.split() for line in text.splitlines()[1:])
        names = [words[0] for words in lines if words]
    else:
        names = _NAMED.findall(text)
    # A header may be older than UTF-8, and name folders of the computer that wrote it.
    words = {w for n in names for w in (os.fsdecode(n), n.decode("latin-1"))}
    bare = {re.split(r"[\\/]", word.strip("\"'"))[-1].replace("$b", path.stem) for word in words}
    return {path.parent / word for word in bare if word and "\0" not in word}


def libraries(path: Path | str) -> str:
    """Return names and versions of the libraries that read a recording and compute.

    Raises
    ------
    ReadError
        There is no such recording.
    """
    names = {"numpy", "scipy", "mne"}
    own = _LIBRARIES.get(choose_reader(Path(path)).name)
    with suppress(PackageNotFoundError):
        return ", ".join(f"{n} {version(n)}" for n in sorted({*names, *([own] if own else [])}))
    return ", ".join(f"{n} {version(n)}" for n in sorted(names))


def recording_sha256(path: Path | str) -> str:
    """Return the hash of the content of a recording, of a folder that of all that it holds.

    Raises
    ------
    ReadError
        It cannot be read to its end.
    """
    path = Path(path)
    if path.is_dir():
        return _joined(path, tuple(sorted(p for p in path.rglob("*") if p.is_file())))
    return _sha256(path)


def parts_sha256(path: Path | str) -> str:
    """Return one hash of the companions of a recording, empty where there are none.

    Raises
    ------
    ReadError
        One of them cannot be read, or there is no such recording.
    """
    try:
        path = main_file(path)
        return "" if path.is_dir() else _joined(path.parent, companions(path))
    except OSError as error:
        raise _unreadable(Path(path), error) from error


def stamp(path: Path | str) -> tuple[tuple[str, int, int, int], ...]:
    """Return places, sizes and times of the files of a recording: unequal where one was changed.

    Raises
    ------
    ReadError
        One of them is gone.
    """
    try:
        files = (main_file(path), *companions(path))
        states = [(str(p), p.stat()) for p in files]
    except OSError as error:
        raise _unreadable(Path(path), error) from error
    return tuple((p, s.st_ino, s.st_size, s.st_mtime_ns) for p, s in states)


def _joined(folder: Path, files: tuple[Path, ...]) -> str:
    """Return one hash of several files: of their names and of what they hold."""
    digest = hashlib.sha256()
    for file in files:
        name = os.path.relpath(file, folder)
        digest.update(f"{_sha256(file)} {len(name)} ".encode() + os.fsencode(name) + b"\n")
    return digest.hexdigest() if files else ""


def _sha256(path: Path) -> str:
    """Return the hash of one file."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
    except OSError as error:
        raise _unreadable(path, error) from error
    return digest.hexdigest()


def _unreadable(path: Path, error: OSError) -> ReadError:
    """Say that a file cannot be read."""
    why = error.strerror or str(error)
    return ReadError(f"{path.name}: cannot be read to its end ({why}); check the file")
