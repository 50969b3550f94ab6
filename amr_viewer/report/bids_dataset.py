"""What stands at the root of a data set of derivatives, and beside the tables of a participant."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from amr_viewer._version import __version__
from amr_viewer.errors import ExportError
from amr_viewer.report.bids_columns import SUMMARY, describe_columns
from amr_viewer.report.bids_places import DESC, HIDDEN, KEPT, MADE, Place
from amr_viewer.report.bids_tables import tsv

PROGRAM = "AMR Viewer"
BIDS_VERSION = "1.11.1"
LINK = "raw"
"""What addresses of files of the source data set begin with: ``bids:raw:sub-01/...``."""

IGNORED = f"*_desc-{DESC}_*"
"""Version 1.11 lists no derivatives of EMG yet: a validator is told so."""

README = f"""# Results of {PROGRAM}

Abnormal muscle responses (lateral spread) and patterns of free-running EMG of the face, found in
the recordings of the source data set by {PROGRAM}. Results that a person decided on say so in the
column `source`.

For every recording there are, beside each other and each with a JSON file that describes its
columns:

- `*_desc-{DESC}_events.tsv`: every stimulus, what was found in every channel after it
  (`trial_type` response, no_response or rejected_sweep), and every burst, in order of time;
- `*_desc-{DESC}_findings.tsv`: one row per site, side and channel, with the verdict and its reason;
- `*_desc-{DESC}_patterns.tsv`: one row per side of the face and one for both;
- `*_desc-{DESC}_trend.tsv` and `*_desc-{DESC}_changes.tsv`: the course over the recording.

`*_scans.tsv` of a participant (or session) holds one row per recording with the answer.

Times are seconds from the first sample of the recording, latencies milliseconds from the stimulus.
Nothing is known of the participants but their labels. `sourcedata/recordings.tsv` tells which
recording each label stands for: leave it out where names of files must not be known.

The BIDS schema of this version lists no derivatives of EMG; `.bidsignore` names the tables above,
whose names follow the general rule for derivatives: the entities of the source, `desc-{DESC}` and a
suffix.
"""

_RECORDINGS = {
    "filename": {"Description": "Table of events of the recording."},
    "recording": {"Description": "Path of the recording in the folder that was analyzed."},
    "labels": {
        "Description": "Where the labels of the recording come from.",
        "Levels": {
            KEPT: "Its own name.",
            MADE: "Made from its name, which is none of BIDS.",
            HIDDEN: "Made from its content: its name cannot be written in Latin letters.",
        },
    },
    "recording_sha256": {"Description": "SHA-256 of the recording."},
}


@dataclass(frozen=True, slots=True)
class Source:
    """The data set that was analyzed.

    Attributes
    ----------
    root : Path
    address : str
        Relative to the derivatives, as an address is written; empty where it would tell names of
        folders outside of both.
    description : Mapping
        Its dataset_description.json.
    """

    root: Path
    address: str
    description: Mapping[str, Any]


def open_source(root: Path, out: Path) -> Source:
    """Return the data set that was analyzed.

    Raises
    ------
    ExportError
        It is none, or `out` lies in it elsewhere than below ``derivatives``.
    """
    root, out = root.absolute(), out.absolute()
    try:
        description = json.loads((root / "dataset_description.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ExportError(
            f"{root.name}: holds no readable dataset_description.json; name the root of the BIDS "
            "data set with --dataset"
        ) from error
    if not isinstance(description, dict):
        raise ExportError(
            f"{root.name}: its dataset_description.json is no JSON object; correct it"
        )
    here, there = Path(os.path.realpath(root)), Path(os.path.realpath(out))
    if here == there or there in here.parents:
        raise ExportError(f"{out.name}: holds the recordings; choose another place with --out")
    if here in there.parents and there.relative_to(here).parts[0] != "derivatives":
        raise ExportError(
            f"{out.name}: lies among the recordings; choose {root.name}/derivatives/amr-viewer "
            "with --out"
        )
    return Source(root, _address(here, there), description)


def _address(root: Path, out: Path) -> str:
    """Return where a data set lies from the derivatives, empty where that tells other folders."""
    try:
        address = Path(os.path.relpath(root, out))
    except ValueError:
        return ""  # another drive
    names = [part for part in address.parts if part != ".."]
    return quote(address.as_posix()) if len(names) <= 1 else ""


def dataset_files(
    places: Sequence[Place], source: Source | None, name: str, rows: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[PurePosixPath, str]]:
    """Yield place and text of every file that is not about one recording alone.

    Parameters
    ----------
    places : sequence of Place
    source : Source or None
    name : str
        Of the data set; empty for the usual one.
    rows : mapping of str to mapping
        The row of summary.csv of each recording.
    """
    root = PurePosixPath()
    yield root / "dataset_description.json", as_json(_description(places, source, name))
    yield root / "README.md", README
    yield root / ".bidsignore", f"{IGNORED}\n"
    people = [{"participant_id": p} for p in sorted({p.participant for p in places})]
    yield root / "participants.tsv", tsv(["participant_id"], people)
    about = {"participant_id": {"Description": "Label of the participant."}}
    yield (
        root / "participants.json",
        as_json({"Description": "Labels of the participants.", **about}),
    )
    desc = [{"desc_id": f"desc-{DESC}", "description": f"Found by {PROGRAM} in the recording."}]
    yield root / "descriptions.tsv", tsv(["desc_id", "description"], desc)
    columns = {
        "desc_id": {"Description": "Label that names of files hold."},
        "description": {"Description": "What it stands for."},
    }
    yield (
        root / "descriptions.json",
        as_json({"Description": "What names of files say of the processing.", **columns}),
    )
    yield from _recordings(places)
    yield from _scans(places, rows)


def as_json(values: Mapping[str, Any]) -> str:
    """Return values as the text of a JSON file."""
    return json.dumps(values, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _description(places: Sequence[Place], source: Source | None, name: str) -> dict[str, Any]:
    """Return dataset_description.json."""
    of = source.description.get("Name") if source else None
    usual = f"{PROGRAM} results: {of}" if isinstance(of, str) and of else f"{PROGRAM} results"
    versions = sorted({str(p.values.get("program", {}).get("version", "")) for p in places} - {""})
    made = [
        {"Name": PROGRAM, "Version": v, "Description": "Analyzed the recordings."} for v in versions
    ]
    writer = {"Name": PROGRAM, "Version": __version__, "Description": "Wrote this data set."}
    values: dict[str, Any] = {
        "Name": name or usual,
        "BIDSVersion": BIDS_VERSION,
        "DatasetType": "derivative",
        "GeneratedBy": [*made, writer],
    }
    if source is not None:
        entry = {"URL": source.address} if source.address else {}
        doi = source.description.get("DatasetDOI")
        if isinstance(doi, str) and doi:
            entry["DOI"] = doi
        if entry:
            values["SourceDatasets"] = [entry]
        if source.address:
            values["DatasetLinks"] = {LINK: source.address}
    return values


def _recordings(places: Sequence[Place]) -> Iterator[tuple[PurePosixPath, str]]:
    """Yield the table that tells which recording each label stands for."""
    rows = [
        {
            "filename": str(p.path("events", ".tsv")),
            "recording": p.recording,
            "labels": p.labels,
            "recording_sha256": str(p.values["recording"]["sha256"] or ""),
        }
        for p in places
    ]
    home = PurePosixPath("sourcedata")
    yield home / "recordings.tsv", tsv(list(_RECORDINGS), rows)
    yield home / "recordings.json", as_json(_RECORDINGS)


def _scans(
    places: Sequence[Place], rows: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[PurePosixPath, str]]:
    """Yield the tables with one row per recording, one for each participant or session."""
    homes: dict[PurePosixPath, list[Place]] = {}
    for place in places:
        homes.setdefault(place.home, []).append(place)
    for home, members in homes.items():
        stem = "_".join(home.parts)
        lines = [
            {
                **rows.get(p.recording, {}),
                "filename": p.path("events", ".tsv").relative_to(home).as_posix(),
            }
            for p in members
        ]
        about = describe_columns("scans", list(SUMMARY))
        yield home / f"{stem}_scans.tsv", tsv(list(SUMMARY), lines)
        yield (
            home / f"{stem}_scans.json",
            as_json({"Description": "The answer of each recording.", **about}),
        )
