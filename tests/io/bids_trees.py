"""Small BIDS data sets."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.io.edf_builder import Edf, Signal, ramp, stamp

STEM = "sub-01_task-blink"
SECONDS = 4


def make_tree(
    root: Path,
    labels: Sequence[str] = ("EMG1", "EMG2"),
    *,
    units: Sequence[str] | None = None,
    notes: Sequence[tuple[str, str]] = (),
    stem: str = STEM,
) -> Path:
    """Write a data set with one recording of 4 s at 1,000 Hz and return the recording.

    `notes` are its annotations: time and text.
    """
    folder = root / "sub-01" / "emg"
    folder.mkdir(parents=True, exist_ok=True)
    fields(root / "dataset_description.json", {"Name": "Small", "BIDSVersion": "1.11.1"})
    signals = [
        Signal(ramp(SECONDS, 1000, start=place), label, unit)
        for place, (label, unit) in enumerate(
            zip(labels, units or ["uV"] * len(labels), strict=True)
        )
    ]
    first = stamp("+0") + b"".join(stamp(time, text) for time, text in notes)
    records = [first, *(stamp(f"+{second}") for second in range(1, SECONDS))]
    annotated = Edf(signals, reserved="EDF+C", lists=[records])
    return (annotated if notes else Edf(signals)).write(folder / f"{stem}_emg.edf")


def table(path: Path, *rows: str) -> None:
    """Write a table: one text per line, its cells parted by ``|``."""
    path.write_text("\n".join(r.replace("|", "\t") for r in rows) + "\n", encoding="utf-8")


def fields(path: Path, values: Mapping[str, Any]) -> None:
    """Write a JSON file."""
    path.write_text(json.dumps(values), encoding="utf-8")
