"""Result folders back to values: what stands in them, and whether it is whole."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from amr_viewer.core.result_key import ResultKey, key_from
from amr_viewer.core.tables import SUMMARY_COLUMNS
from amr_viewer.errors import ReadError
from amr_viewer.report.results import ANALYSIS, SCHEMA_VERSION, is_sealed

LARGEST = 1e15
"""No number of a summary is as large."""


@dataclass(frozen=True, slots=True)
class StoredResult:
    """The result of one recording as it stands on the disk.

    Attributes
    ----------
    folder : Path
    name : str
        Of the recording.
    key : ResultKey or None
        What it was made from; None where that is not known.
    row : Mapping
        Its row of summary.csv; `recording` is the name, without folders, and `command` is None,
        because results hold no places.
    values : Mapping
        analysis.json.
    """

    folder: Path
    name: str
    key: ResultKey | None
    row: Mapping[str, Any] = field(repr=False)
    values: Mapping[str, Any] = field(repr=False)


def read_stored(folder: Path | str) -> StoredResult:
    """Read a result folder, and look whether its tables are those that were written.

    Raises
    ------
    ReadError
        It is no result, not whole, was changed, or was made by a newer version of this program.
    """
    folder = Path(folder)
    values, is_intact = _values(folder)
    version = values.get("schema_version")
    if not isinstance(version, int) or version > SCHEMA_VERSION:
        raise ReadError(
            f"{folder.name}: its results were written by a newer version of this program; "
            "install that version, or analyze the recording again"
        )
    # Versions before the first with a key had no seal either; their results are never current.
    if "key" in values and not is_intact:
        raise _not_whole(folder, f"{ANALYSIS} was changed")
    name = str(_mapping(values.get("recording")).get("name") or folder.name)
    _check_files(folder, _mapping(values.get("files")))
    row = _row(folder, _mapping(values.get("summary")))
    return StoredResult(folder, name, key_from(values.get("key")), row, values)


def find_stored(out: Path | str) -> Iterator[Path]:
    """Yield the result folders in a tree, in order of their names; hidden ones are left out.

    Nothing is yielded for folders that cannot be listed.
    """
    for place, folders, files in os.walk(out):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        if ANALYSIS in files:
            folders.clear()
            yield Path(place)


def _values(folder: Path) -> tuple[Mapping[str, Any], bool]:
    """Return what analysis.json holds, and whether it is as it was written."""
    try:
        text = (folder / ANALYSIS).read_bytes()
        values = json.loads(text)
    except OSError as error:
        why = error.strerror or str(error)
        raise _not_whole(folder, f"{ANALYSIS} cannot be read ({why})") from error
    except (ValueError, RecursionError) as error:
        raise _not_whole(folder, f"{ANALYSIS} is damaged") from error
    if not isinstance(values, dict):
        raise _not_whole(folder, f"{ANALYSIS} is damaged")
    return values, is_sealed(text)


def _row(folder: Path, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row of summary.csv; raise where a cell is neither text, a number nor nothing."""
    row = {column: stored.get(column) for column in SUMMARY_COLUMNS}
    for column, cell in row.items():
        is_number = isinstance(cell, int | float) and abs(cell) < LARGEST
        if not (cell is None or is_number or isinstance(cell, str)):
            raise _not_whole(folder, f"{ANALYSIS} holds no possible {column}")
    return row


def _check_files(folder: Path, files: Mapping[str, Any]) -> None:
    """Raise where a table is missing or is not the one that was written."""
    for name, digest in files.items():
        try:
            content = (folder / Path(name).name).read_bytes()
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise _not_whole(folder, f"{name} cannot be read ({why})") from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise _not_whole(folder, f"{name} was changed")


def _mapping(value: object) -> Mapping[str, Any]:
    """Return a JSON object, empty where it is none."""
    return value if isinstance(value, dict) else {}


def _not_whole(folder: Path, why: str) -> ReadError:
    """Say that a result cannot be used."""
    return ReadError(f"{folder.name}: {why}; analyze the recording again")
