"""From a path to what the window shows of it: the recording, its review, its protocol."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from amr_viewer.core.progress import Progress
from amr_viewer.core.protocol import Protocol
from amr_viewer.core.recording import Recording
from amr_viewer.core.review import Review


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A recording with what a person decided about it before."""

    recording: Recording
    protocol: Protocol
    review: Review
    notes: tuple[str, ...]


def open_recording(path: Path, protocol: Protocol, progress: Progress) -> Opened:
    """Read a recording and the review that belongs to it.

    Raises
    ------
    ReadError
        The recording or its review cannot be read.
    """
    from amr_viewer.io import read_recording
    from amr_viewer.io.review_file import find_review
    from amr_viewer.workflow import protocol_of

    progress(0.1, f"reading {path.name}")
    found = find_review(path)
    if found.review is not None:
        protocol = protocol_of(found.review, path.name) or protocol
    recording = read_recording(path, protocol)
    return Opened(recording, protocol, found.review or Review(), found.warnings)


def read_again(path: Path, protocol: Protocol, progress: Progress) -> Recording:
    """Read a recording under another protocol.

    Raises
    ------
    ReadError
        It can no longer be read.
    """
    from amr_viewer.io import read_recording

    progress(0.1, f"reading {path.name}")
    return read_recording(path, protocol)


def recordings_in(paths: list[Path], most: int) -> list[Path]:
    """Return the recordings among files and folders, sorted within folders, at most so many.

    Of a folder, files whose suffix a reader knows; hidden ones and links to folders are left out.
    """
    from amr_viewer.io.readers import formats

    suffixes = {suffix for reader in formats() for suffix in reader.suffixes}
    found: list[Path] = []
    for path in paths:
        if not path.is_dir() or path.suffix.lower() in suffixes:
            found.append(path)
            continue
        inside = (p for p in path.rglob("*") if p.suffix.lower() in suffixes and p.is_file())
        found += sorted(p for p in inside if not p.name.startswith("."))
    return list(dict.fromkeys(found))[:most]
