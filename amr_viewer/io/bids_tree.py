"""Which files of a BIDS data set describe a recording: the inheritance principle.

References
----------
.. [1] Brain Imaging Data Structure 1.11, common principles, "The Inheritance Principle".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from amr_viewer.core.bids_name import BidsName, parse_bids_name

DESCRIPTION = "dataset_description.json"
"""Stands in the root of every data set."""

MOST_LEVELS = 4
"""Root, participant, session and kind of data: a recording lies no deeper."""

LISTS = ("channels", "electrodes", "events")
"""Tables that are read, each with the JSON file that describes its columns."""

FREE_ENTITIES = ("space",)
"""Entities that a table of electrodes has of its own."""


@dataclass(frozen=True, slots=True)
class Sidecars:
    """The files that describe a recording, by their suffix (``"channels"``, ``"emg"``).

    Attributes
    ----------
    tables : dict of str to Path
        The nearest table of each suffix.
    texts : dict of str to tuple of Path
        JSON files from the root down: a later one has the last word.
    unclear : tuple of tuple of Path
        Tables of which none is nearer than the others, so that none is used.
    """

    tables: dict[str, Path]
    texts: dict[str, tuple[Path, ...]]
    unclear: tuple[tuple[Path, ...], ...] = ()

    @property
    def paths(self) -> tuple[Path, ...]:
        """Every file, in order of suffix and place."""
        texts = (p for paths in self.texts.values() for p in paths)
        return tuple(sorted({*self.tables.values(), *texts}))


def dataset_root(path: Path) -> Path | None:
    """Return the folder of the data set that a file lies in, None if it lies in none."""
    above = path.absolute().parents[:MOST_LEVELS]
    return next((folder for folder in above if (folder / DESCRIPTION).is_file()), None)


def find_sidecars(path: Path) -> Sidecars | None:
    """Return the files that describe a recording.

    A file describes the recording if it lies in the same folder or above it, up to the root of the
    data set, and its name says nothing that the name of the recording does not. Of tables the one
    in the nearest folder counts, there the one whose name says most; JSON files are joined.

    Parameters
    ----------
    path : Path
        A recording.

    Returns
    -------
    Sidecars or None
        None where the file has no BIDS name or lies in no data set.
    """
    name = parse_bids_name(path.name)
    if name is None or not name.is_recording:
        return None
    root = dataset_root(path)
    if root is None:
        return None
    found = list(_applicable(path.absolute(), root, name))
    tables: dict[str, Path] = {}
    unclear = []
    for suffix in LISTS:
        nearest = _nearest([f for f in found if (f[2].suffix, f[2].extension) == (suffix, ".tsv")])
        if len(nearest) == 1:
            tables[suffix] = nearest[0]
        elif nearest:
            unclear.append(nearest)
    texts = {}
    for suffix in (*LISTS, name.suffix):
        chosen = sorted(f for f in found if (f[2].suffix, f[2].extension) == (suffix, ".json"))
        if chosen:
            texts[suffix] = tuple(p for _, p, _ in chosen)
    return Sidecars(tables, texts, tuple(unclear))


def companions(path: Path | str) -> tuple[Path, ...]:
    """Return the sidecar files that the reading of a recording depends on, sorted."""
    sidecars = find_sidecars(Path(path))
    if sidecars is None:
        return ()
    return tuple(sorted({*sidecars.paths, *(p for paths in sidecars.unclear for p in paths)}))


Found = tuple[tuple[int, int], Path, BidsName]
"""How near a file is (level of its folder, number of its entities), where, and its name."""


def _applicable(path: Path, root: Path, name: BidsName) -> Iterator[Found]:
    """Yield the files that describe a recording."""
    suffixes = {*LISTS, name.suffix}
    folders = [f for f in path.parents if f == root or root in f.parents]
    for level, folder in enumerate(reversed(folders)):
        for file in _listed(folder):
            other = parse_bids_name(file.name)
            if other is None or other.suffix not in suffixes:
                continue
            free = FREE_ENTITIES if other.suffix == "electrodes" else ()
            is_text = other.extension == ".json" or (
                other.extension == ".tsv" and other.suffix in LISTS
            )
            if is_text and other.without(*free).applies_to(name) and file.is_file():
                yield (level, len(other.entities)), file, other


def _listed(folder: Path) -> list[Path]:
    """Return what lies in a folder, nothing where it may not be looked into."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _nearest(found: list[Found]) -> tuple[Path, ...]:
    """Return the nearest of several tables; more than one where it is not clear."""
    best = max((rank for rank, _, _ in found), default=None)
    return tuple(path for rank, path, _ in found if rank == best)
