"""A tree of results as `analyze` leaves it, made of a few words for each recording."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from amr_viewer.core.tables import SUMMARY_COLUMNS

PROTOCOL = {"name": "default", "parameters": {"detection": {"window_start_ms": 6.5}}}


STUDY: dict[str, dict[str, Any]] = {
    "a.edf": {"amr": "present", "onset_ms": 9.5},
    "b.edf": {"amr": "present", "side": "right"},
    "c.edf": {"amr": "absent"},
    "d.edf": {"amr": "absent"},
    "e.edf": {"amr": "indeterminate"},
    "f.edf": {"amr": "not_assessable"},
    "g.edf": {"amr": "no_stimuli", "pattern": "hfs_clonic"},
    "h.edf": {"amr": "no_stimuli", "pattern": "synkinesis"},
    "i.edf": {"error": "i.edf: is no EDF; copy it again"},
}
TABLE = (
    ("File", "Patient", "Group", "HFS", "Side", "Dx"),
    ("a", "p1", "hfs", "yes", "left", "hfs_clonic"),
    ("b", "p2", "hfs", "yes", "left", "hfs_clonic"),
    ("c", "p3", "control", "no", "", "no_activity"),
    ("d", "p4", "hfs", "yes", "right", "hfs_tonic"),
    ("e", "p5", "control", "no", "", "no_activity"),
    ("f", "p6", "hfs", "yes", "", "hfs_tonic"),
    ("g", "p7", "hfs", "yes", "left", "hfs_clonic"),
    ("h", "p7", "hfs", "", "", "synkinesis"),
    ("i", "p8", "control", "no", "", "no_activity"),
)  # fmt: skip


def analysis_values(name: str, amr: str, pattern: str = "", **other: Any) -> dict[str, Any]:
    """Return what analysis.json holds of a recording, as far as a batch reads it."""
    present = amr == "present"
    finding = {
        "site": "zygomatic", "side": "left", "channel": "EMG L Men", "muscle": "mentalis",
        "muscle_side": other.get("side", "left"), "role": "lateral", "label": "AMR",
        "verdict": amr, "n_present": 18 if present else 0, "n_valid": 20,
        "persistence": 0.9 if present else 0.0, "persistence_low": 0.68, "persistence_high": 0.99,
        "p_value": 1e-9, "onset_ms": other.get("onset_ms", 10.0), "amplitude_uv": 120.0,
        "amr_to_m": 0.1,
    }  # fmt: skip
    patterns = [
        {
            "side": side, "conclusion": pattern, "confidence": "low", "runner_up": None,
            "pattern_side": other.get("side", "left"),
            "bursts_per_min": {"value": 30.0, "low": 20.0, "high": 40.0, "n": 30},
        }
        for side in (None, "left", "right")
    ]  # fmt: skip
    return {
        "schema_version": 1,
        "program": {"name": "AMR Viewer", "version": other.get("version", "0.1.0")},
        "recording": {
            "name": Path(name).name, "sha256": other.get("sha256", name), "duration_s": 90.0
        },
        "protocol": other.get("protocol", PROTOCOL),
        "amr": amr,
        "stimuli": {"n": 0 if amr == "no_stimuli" else 20},
        "findings": [] if amr == "no_stimuli" else [finding],
        "patterns": patterns if pattern else [],
        "review": None,
        "warnings": list(other.get("warnings", ())),
    }  # fmt: skip


def write_tree(
    root: Path, recordings: Mapping[str, Mapping[str, Any]], *, summary: bool = True
) -> Path:
    """Write results; a recording with ``error`` stands in the summary only."""
    rows = []
    root.mkdir(parents=True, exist_ok=True)
    for name, how in recordings.items():
        row: dict[str, Any] = dict.fromkeys(SUMMARY_COLUMNS, "")
        row["recording"] = name
        if "error" in how:
            row["error"] = how["error"]
        else:
            values = analysis_values(name, **how)
            (root / name).mkdir(parents=True)
            (root / name / "analysis.json").write_text(json.dumps(values), encoding="utf-8")
            row |= {"amr": how["amr"], "n_stimuli": values["stimuli"]["n"]}
            if values["patterns"]:
                row |= {"pattern": how["pattern"], "pattern_side": how.get("side", "left")}
        rows.append(row)
    if summary:
        with (root / "summary.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, SUMMARY_COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
    return root


def write_csv(
    path: Path, rows: Sequence[Sequence[str]], delimiter: str = ",", encoding: str = "utf-8"
) -> Path:
    """Write a table."""
    text = "\r\n".join(delimiter.join(row) for row in rows) + "\r\n"
    path.write_bytes(text.encode(encoding))
    return path
