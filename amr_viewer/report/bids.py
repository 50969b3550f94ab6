"""Results as a BIDS data set of derivatives.

Where each recording's tables stand is `bids_places`', how they are written `bids_tables`', what
their columns mean `bids_columns`', and what stands at the root `bids_dataset`'s.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from amr_viewer.atomic import whole_folder
from amr_viewer.core.progress import Progress, silent
from amr_viewer.errors import ExportError, ReadError
from amr_viewer.report.bids_columns import describe_columns
from amr_viewer.report.bids_dataset import (
    LINK,
    PROGRAM,
    Source,
    as_json,
    dataset_files,
    open_source,
)
from amr_viewer.report.bids_places import DESC, KEPT, Place, find_places
from amr_viewer.report.bids_tables import TABLES, Listed, events, public, read_listed, tsv

SUFFIXES = ("events", *TABLES)

ABOUT = {
    "events": "Stimuli, responses to them and bursts of free-running EMG.",
    "findings": "What was found in each channel on stimulation of each branch.",
    "patterns": "Pattern of the free-running EMG of each side of the face, and of both.",
    "trend": "Course of the responses over the recording, in blocks of stimuli.",
    "changes": "When responses vanished, shrank or came again.",
}

_OWN = re.compile(
    r"(?:dataset_description\.json|README\.md|\.bidsignore|(?:participants|descriptions)\.(?:tsv|json)"
    r"|sourcedata/recordings\.(?:tsv|json)"
    r"|sub-[0-9a-zA-Z+]+/(?:ses-[0-9a-zA-Z+]+/)?(?:sub-[^/]+_scans"
    rf"|[a-z]+/sub-[^/]+_desc-{DESC}_(?:{'|'.join(SUFFIXES)}))\.(?:tsv|json))"
)
"""Every file that this program writes into derivatives."""


@dataclass(frozen=True, slots=True)
class Derivatives:
    """A data set that was written.

    Attributes
    ----------
    folder : Path
    recordings : tuple of str
        Those whose results are in it.
    notes : tuple of str
        What a person should know: recordings that failed, or are not in the source data set.
    """

    folder: Path
    recordings: tuple[str, ...]
    notes: tuple[str, ...]


def write_derivatives(
    results: Path | str,
    out: Path | str,
    *,
    dataset: Path | str | None = None,
    name: str = "",
    progress: Progress = silent,
) -> Derivatives:
    """Write results as a BIDS data set of derivatives, whole or not at all.

    Recordings with a BIDS name keep its entities; others get a participant's label from their
    path. What people wrote about a finding stays out, and no path of this computer gets in. Equal
    results give equal files.

    Parameters
    ----------
    results : Path or str
        Folder that ``batch`` or ``analyze`` wrote.
    out : Path or str
        Root of the data set, usually ``DATASET/derivatives/amr-viewer``; derivatives of this
        program that stand there are replaced.
    dataset : Path or str, optional
        Root of the BIDS data set that was analyzed, for the addresses of the sources.
    name : str
        Name of the data set of derivatives.
    progress : callable, optional
        May raise `Cancelled`.

    Returns
    -------
    Derivatives

    Raises
    ------
    ReadError
        There are no results, or some are damaged.
    ExportError
        Two recordings would get the same name, `out` holds what this program did not write, or
        cannot be written.
    """
    results, out = Path(results).absolute(), Path(out).absolute()
    if not results.is_dir():
        raise ReadError(f"{results.name}: is no folder; name the folder of the results")
    _refuse_overlap(results, out)
    source = open_source(Path(dataset), out) if dataset is not None else None
    _refuse_foreign(out)
    rows, failed = _summary(results)
    places = find_places(results, failed)
    rows = {p.recording: _stored_row(p) for p in places} | rows
    notes = [f"{name}: failed and is left out ({why})" for name, why in failed.items()]
    notes += _strangers(places, source)
    with whole_folder(out) as folder:
        for file, text in dataset_files(places, source, name, rows):
            _write(folder / file, text)
        for number, place in enumerate(places):
            progress(number / len(places), place.recording)
            for file, text in _files(place, source):
                _write(folder / file, text)
    return Derivatives(out, tuple(p.recording for p in places), tuple(notes))


def _refuse_overlap(results: Path, out: Path) -> None:
    """Raise where the derivatives would lie among the results, or replace them."""
    here, there = Path(os.path.realpath(results)), Path(os.path.realpath(out))
    if here == there or here in there.parents or there in here.parents:
        raise ExportError(
            f"{out.name}: lies in the folder of the results or holds it; choose another place with "
            "--out"
        )


def _refuse_foreign(out: Path) -> None:
    """Raise where replacing the folder would delete what this program did not write."""
    if not out.exists() and not out.is_symlink():
        return
    if out.is_symlink() or not out.is_dir():
        raise ExportError(f"{out.name}: is no folder; choose another place with --out")
    files = sorted(p for p in out.rglob("*") if p.is_symlink() or not p.is_dir())
    foreign = [f for f in files if not _OWN.fullmatch(f.relative_to(out).as_posix())]
    if foreign or (files and not _is_own(out)):
        what = foreign[0].relative_to(out).as_posix() if foreign else "a data set"
        raise ExportError(
            f"{out.name}: holds {what}, which this program did not write, and is left as it is; "
            "choose another place with --out"
        )


def _is_own(out: Path) -> bool:
    """Whether a data set says that this program wrote it."""
    try:
        values = json.loads((out / "dataset_description.json").read_text(encoding="utf-8"))
        return bool(values["GeneratedBy"][0]["Name"] == PROGRAM)
    except (OSError, ValueError, LookupError, TypeError):
        return False


def _summary(results: Path) -> tuple[dict[str, Mapping[str, str]], dict[str, str]]:
    """Return the row of each recording of summary.csv, and why others failed."""
    rows: dict[str, Mapping[str, str]] = {}
    failed: dict[str, str] = {}
    if (results / "summary.csv").is_file():
        for row in read_listed(results, "summary").rows:
            if row.get("error"):
                failed[row.get("recording", "")] = row["error"]
            else:
                rows[row.get("recording", "")] = row
    return rows, failed


def _stored_row(place: Place) -> Mapping[str, str]:
    """Return the row of summary.csv that stands in the results of a recording, if any does."""
    stored = place.values.get("summary")
    if not isinstance(stored, dict):
        return {}
    return {k: "" if v is None else str(v) for k, v in stored.items()}


def _strangers(places: tuple[Place, ...], source: Source | None) -> Iterator[str]:
    """Yield a note for each recording that is not in the source data set as it was analyzed."""
    if source is None:
        return
    if not source.address:
        yield (
            f"{source.root.name}: lies far from the derivatives, which do not name it; write them "
            "into its folder derivatives"
        )
    for place in places:
        file = source.root / place.source
        if not _is_in(place, source):
            yield f"{place.recording}: is not in the data set; its tables name no source"
        elif file.stat().st_size != place.values["recording"].get("size_bytes"):
            yield f"{place.recording}: has changed since it was analyzed; analyze it again"


def _is_in(place: Place, source: Source) -> bool:
    """Whether a recording stands in the source data set."""
    return place.labels == KEPT and (source.root / place.source).is_file()


def _files(place: Place, source: Source | None) -> Iterator[tuple[PurePosixPath, str]]:
    """Yield place and text of every table of a recording, and of the JSON file beside it."""
    for suffix in SUFFIXES:
        table = _table(place.folder, suffix)
        yield place.path(suffix, ".tsv"), tsv(table.columns, table.rows)
        about = _about(place, suffix, source) | describe_columns(suffix, table.columns)
        yield place.path(suffix, ".json"), as_json(about)


def _table(folder: Path, suffix: str) -> Listed:
    """Return a table of a recording."""
    return events(folder) if suffix == "events" else public(read_listed(folder, suffix))


def _about(place: Place, suffix: str, source: Source | None) -> dict[str, Any]:
    """Return what holds for a whole table."""
    values = place.values
    about: dict[str, Any] = {"Description": ABOUT[suffix]}
    task = place.name.label("task")
    if task and suffix != "events":
        about["TaskName"] = task
    if source is not None and source.address and _is_in(place, source):
        about["Sources"] = [f"bids:{LINK}:{place.source}"]
    about["RecordingSHA256"] = values["recording"]["sha256"] or "n/a"
    about["Answer"] = str(values.get("headline") or "n/a")
    about["ParametersChanged"] = values.get("parameters_changed") or []
    return about


def _write(path: Path, text: str) -> None:
    """Write one file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", errors="replace", newline="\n")
