"""A recording inside a BIDS data set, understood with the files that describe it there.

Which files those are is `bids_tree`'s, what each says `bids_channels`', `bids_events`' and
`bids_facts`'. A table of participants is never looked at.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from amr_viewer.core.recording import Recording
from amr_viewer.io.bids_channels import apply_channels
from amr_viewer.io.bids_events import event_marks
from amr_viewer.io.bids_facts import contradictions, equipment_of
from amr_viewer.io.bids_marks import joined_marks
from amr_viewer.io.bids_text import Row, Table, read_fields, read_table
from amr_viewer.io.bids_tree import Sidecars, companions, find_sidecars

__all__ = ["companions", "with_sidecars"]

NEEDED = {"channels": ("name",), "electrodes": ("name",), "events": ("onset",)}


def with_sidecars(recording: Recording, path: Path) -> Recording:
    """Return a recording with what the BIDS files beside it say.

    Parameters
    ----------
    recording : Recording
        As its reader made it.
    path : Path
        Where it was read from.

    Returns
    -------
    Recording
        Itself if it lies in no data set. Else its channels have kind, muscle and side as stated
        (they count before the labels, and a protocol before them), its marks the events, its
        equipment the devices and settings; its warnings name the files used and every
        contradiction. The recording's own samples, units and sampling rates always count.
    """
    sidecars = find_sidecars(path)
    if sidecars is None or not (sidecars.paths or sidecars.unclear):
        return recording
    warnings = [_used(sidecars)] if sidecars.paths else []
    warnings += _unclear(sidecars)
    tables = {
        suffix: table
        for suffix, file in sidecars.tables.items()
        if (table := read_table(file, NEEDED[suffix], warnings)) is not None
    }
    recording = _with_channels(recording, tables, warnings)
    recording = _with_events(recording, tables.get("events"), sidecars, warnings)
    recording = _with_facts(recording, path, sidecars, warnings)
    return replace(recording, warnings=tuple(dict.fromkeys((*recording.warnings, *warnings))))


def _used(sidecars: Sidecars) -> str:
    """Name the files that a recording was read with."""
    return f"read with the BIDS files {', '.join(dict.fromkeys(p.name for p in sidecars.paths))}"


def _unclear(sidecars: Sidecars) -> list[str]:
    """Name tables of which none is nearer than another."""
    return [
        f"{' and '.join(p.name for p in paths)} describe the recording alike: none of them is "
        "used; keep the one that holds"
        for paths in sidecars.unclear
    ]


def _with_channels(
    recording: Recording, tables: dict[str, Table], warnings: list[str]
) -> Recording:
    """Return a recording with its channels as the table describes them."""
    table = tables.get("channels")
    if table is None:
        return recording
    electrodes: dict[str, list[Row]] = {}
    if "electrodes" in tables:
        for row in tables["electrodes"].rows:
            electrodes.setdefault(row.cells["name"].strip(), []).append(row)
    single = {name: rows[0] for name, rows in electrodes.items() if len(rows) == 1}
    channels, source = apply_channels(recording.channels, recording.source, table, single, warnings)
    return replace(recording, channels=channels, source=source)


def _with_events(
    recording: Recording, table: Table | None, sidecars: Sidecars, warnings: list[str]
) -> Recording:
    """Return a recording with the events of the table among its marks."""
    if table is None:
        return recording
    fields = read_fields(sidecars.texts.get("events", ()), warnings)
    listed = event_marks(table, fields, recording, warnings)
    late = sum(not 0 <= m.time_s <= recording.duration_s for m in listed)
    if late:
        warnings.append(
            f"{table.name}: {late} of {len(listed)} events lie outside the recording; onsets count "
            "in seconds from its start"
        )
    return replace(recording, marks=joined_marks(recording.marks, listed, table.name, warnings))


def _with_facts(
    recording: Recording, path: Path, sidecars: Sidecars, warnings: list[str]
) -> Recording:
    """Return a recording with devices and settings, numbers compared."""
    suffix = path.name.partition(".")[0].rpartition("_")[2]
    files = sidecars.texts.get(suffix, ())
    fields = read_fields(files, warnings)
    if not fields:
        return recording
    warnings += contradictions(fields, recording, files[-1].name)
    known = "; ".join(t for t in (recording.equipment or "", equipment_of(fields)) if t)
    return replace(recording, equipment=known or None)
