"""Which row of the user's table belongs to which recording: one to one, or refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from amr_viewer.cohort.table import UserTable
from amr_viewer.errors import ReadError

KEY_NAMES = (
    "recording", "file", "filename", "file_name", "file name", "path", "name", "запись", "файл",
    "имя файла", "имя_файла",
)  # fmt: skip
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Joined:
    """What belongs together.

    Attributes
    ----------
    key : int
        Column by which the rows were matched.
    row_of : dict of str to int
        Row of each recording that has one.
    left : tuple of str
        Keys of rows that match no recording.
    """

    key: int
    row_of: dict[str, int]
    left: tuple[str, ...]


def join(table: UserTable, names: Sequence[str], key: str | None) -> Joined:
    """Match the rows of a table with recordings, by path, file name, or name without its ending.

    Parameters
    ----------
    table : UserTable
    names : sequence of str
        Recordings, as paths below the results.
    key : str, optional
        Name of the column; otherwise one called ``recording`` or ``file``, else the one whose cells
        match most recordings.

    Raises
    ------
    ReadError
        No column matches, a cell matches several recordings, or a recording has several rows.
    """
    places = _places(names)
    index = _key_column(table, places) if key is None else table.index(key, "--key")
    row_of: dict[str, int] = {}
    left = []
    for i, cell in enumerate(table.values(index)):
        found = matching(cell, places)
        if len(found) > 1:
            raise ReadError(
                f"{table.name}: {cell} in line {table.lines[i]} may be {_listed(found)}; write the "
                f"path of the recording in column {table.columns[index]}"
            )
        if not found:
            left.append(cell)
        elif found[0] in row_of:
            first = table.lines[row_of[found[0]]]
            raise ReadError(
                f"{table.name}: lines {first} and {table.lines[i]} both belong to {found[0]}; "
                "leave one row for each recording"
            )
        else:
            row_of[found[0]] = i
    if not row_of:
        raise ReadError(
            f"{table.name}: no cell of column {table.columns[index]} names a recording of the "
            "results; name the column that does with --key"
        )
    return Joined(index, row_of, tuple(left))


@dataclass(frozen=True, slots=True)
class Places:
    """Recordings by their paths, and by every end of a path; with the ending of the name or not."""

    whole: dict[tuple[str, ...], list[str]]
    ends: dict[tuple[str, ...], list[str]]


def _places(names: Sequence[str]) -> tuple[Places, Places]:
    """Return the recordings by their names and by their names without the ending."""
    return _placed(names, names), _placed(names, [_stem(name) for name in names])


def _placed(names: Sequence[str], paths: Sequence[str]) -> Places:
    """Return the recordings by paths of theirs."""
    places = Places({}, {})
    for name, path in zip(names, paths, strict=True):
        parts = _parts(path)
        places.whole.setdefault(parts, []).append(name)
        for start in range(len(parts)):
            places.ends.setdefault(parts[start:], []).append(name)
    return places


def _parts(text: str) -> tuple[str, ...]:
    """Return the parts of a path as they are compared; either slash divides them."""
    whole = text.strip().replace("\\", "/").casefold()
    return tuple(part for part in whole.split("/") if part not in {"", "."})


def _stem(name: str) -> str:
    """Return a path without the ending of its last part."""
    path = PurePosixPath(name)
    return str(path.with_suffix("")) if path.suffix else name


def matching(cell: str, places: tuple[Places, Places]) -> list[str]:
    """Return the recordings that a cell may mean; the closest kind of match alone counts."""
    wanted = _parts(cell)
    for kind in places if wanted else ():
        longer = (kind.whole.get(wanted[start:], []) for start in range(1, len(wanted)))
        found = (
            kind.whole.get(wanted)
            or kind.ends.get(wanted)
            or [name for names in longer for name in names]
        )
        if found:
            return found
    return []


def _key_column(table: UserTable, places: tuple[Places, Places]) -> int:
    """Return the column that names recordings."""
    spelled = [name.casefold() for name in table.columns]
    counts = [
        sum(len(matching(cell, places)) > 0 for cell in table.values(i))
        for i in range(len(spelled))
    ]
    for name in KEY_NAMES:
        if name in spelled and counts[spelled.index(name)]:
            return spelled.index(name)
    most = max(counts, default=0)
    if not most or counts.count(most) > 1:
        fault = "several columns name recordings" if most else "no column names a recording"
        raise ReadError(
            f"{table.name}: {fault}; choose with --key one of: {', '.join(table.columns)}"
        )
    return counts.index(most)


def _listed(names: Sequence[str]) -> str:
    """List a few names."""
    more = len(names) - SHOWN
    return " or ".join(names[:SHOWN]) + (f" or {more} more" if more > 0 else "")
