"""Where the results of each recording stand in a BIDS data set."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from amr_viewer.core.bids_name import BidsName, parse_bids_name
from amr_viewer.errors import ExportError, ReadError

DESC = "amr"
TASK = "emg"
"""Label of the task where a recording's name tells none."""

KEPT, MADE, HIDDEN = "kept", "made", "hash"
"""Where the labels of a recording come from."""


@dataclass(frozen=True, slots=True)
class Place:
    """The results of one recording and their place.

    Attributes
    ----------
    folder : Path
        Where they are.
    recording : str
        The recording's path relative to what was analyzed, with ``/``.
    name : BidsName
        Entities, and as suffix the folder of its kind of data.
    labels : str
        ``kept``: the recording's own BIDS name; ``made``: from its other name; ``hash``: from its
        content.
    values : Mapping
        Its analysis.json.
    """

    folder: Path
    recording: str
    name: BidsName
    labels: str
    values: Mapping[str, Any]

    @property
    def participant(self) -> str:
        """``sub-01``."""
        return f"sub-{self.name.label('sub')}"

    @property
    def home(self) -> PurePosixPath:
        """Folder of the participant, or of the session."""
        session = self.name.label("ses")
        home = PurePosixPath(self.participant)
        return home / f"ses-{session}" if session else home

    @property
    def source(self) -> PurePosixPath:
        """Where the recording itself stands in its own data set, if it has a BIDS name."""
        return self.home / self.name.suffix / PurePosixPath(self.recording).name

    def path(self, suffix: str, extension: str) -> PurePosixPath:
        """Return the place of one of its tables."""
        stem = f"{self.name.stem}_desc-{DESC}_{suffix}{extension}"
        return self.home / self.name.suffix / stem


def find_places(results: Path, failed: Collection[str] = ()) -> tuple[Place, ...]:
    """Return the results in a tree, in order of their places.

    Parameters
    ----------
    results : Path
    failed : collection of str
        Recordings whose former results no longer hold.

    Raises
    ------
    ReadError
        There are none, or one of them is damaged.
    ExportError
        Two recordings would stand in the same place.
    """
    places = [_place(results, folder) for folder in _folders(results)]
    places = [p for p in places if p.recording not in failed]
    if not places:
        raise ReadError(
            f"{results.name}: holds no results; name a folder that `amr-viewer batch` or "
            "`amr-viewer analyze` wrote"
        )
    _refuse_collisions(places)
    return tuple(sorted(places, key=lambda p: str(p.path("events", ".tsv"))))


def _folders(results: Path) -> Iterator[Path]:
    """Yield the folders of results, none that is being written."""
    for file in sorted(results.rglob("analysis.json")):
        folder = file.parent
        if not any(part.startswith(".") for part in folder.relative_to(results).parts):
            yield folder


def _place(results: Path, folder: Path) -> Place:
    """Return the place of the results in a folder."""
    try:
        values = json.loads((folder / "analysis.json").read_text(encoding="utf-8"))
        digest = values["recording"]["sha256"] or ""
    except (OSError, ValueError, RecursionError, KeyError, TypeError) as error:
        raise ReadError(
            f"{folder.name}/analysis.json: missing or damaged; analyze the recording again"
        ) from error
    inside = folder.relative_to(results).as_posix()
    recording = folder.name if inside == "." else inside
    name = parse_bids_name(PurePosixPath(recording).name)
    if name is not None and name.is_recording:
        return Place(folder, recording, _in_order(name), KEPT, values)
    label = sanitized(recording)
    labels = MADE if label else HIDDEN
    label = label or f"rec{digest[:8]}"
    made = BidsName((("sub", label), ("task", TASK)), "emg", ".edf")
    return Place(folder, recording, made, labels, values)


def _in_order(name: BidsName) -> BidsName:
    """Return a name with participant and session first, as their folders are, and no desc."""
    first = [e for key in ("sub", "ses") for e in name.entities if e[0] == key]
    rest = [e for e in name.entities if e[0] not in {"sub", "ses", "desc"}]
    return BidsName((*first, *rest), name.suffix, name.extension)


def sanitized(recording: str) -> str:
    """Return the path of a recording as a label; empty where letters would be lost.

    Examples
    --------
    >>> sanitized("clinic A/Patient-07.edf")
    'clinicAPatient07'
    >>> sanitized("Ж-7.edf")
    ''
    """
    path = PurePosixPath(recording)
    plain = unicodedata.normalize("NFKD", (path.parent / path.stem).as_posix())
    kept = [c for c in plain if c.isalnum()]
    return "".join(kept) if all(c.isascii() for c in kept) else ""


def _refuse_collisions(places: Sequence[Place]) -> None:
    """Raise where two recordings, or two participants, would be taken for one."""
    taken: dict[str, Place] = {}
    for place in places:
        key = str(place.path("events", ".tsv")).casefold()
        other = taken.setdefault(key, place)
        if other is not place:
            raise ExportError(
                f"{other.recording} and {place.recording} would both become "
                f"{place.name.stem}; rename one of them, or write them into two data sets"
            )
    spelled: dict[str, Place] = {}
    for place in places:
        other = spelled.setdefault(place.participant.casefold(), place)
        if other.participant != place.participant or (
            MADE in {other.labels, place.labels} and other is not place
        ):
            raise ExportError(
                f"{other.recording} and {place.recording} would share the participant "
                f"{place.participant}; rename one of them, or write them into two data sets"
            )
