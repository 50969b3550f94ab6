"""The row that a recording has in summary.csv; writing it is left to `results`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.core.pattern_tables import pattern_summary
from amr_viewer.core.tables import SUMMARY_COLUMNS


def summary_row(result: Analysis | Exception, recording_path: str) -> dict[str, Any]:
    """Return the row of summary.csv of a recording that was analyzed, or that failed.

    `amr_where` names every muscle with an abnormal muscle response, the most persistent first; the
    numbers are those of the first. `recording_path` is printed as it is given.
    """
    row: dict[str, Any] = dict.fromkeys(SUMMARY_COLUMNS)
    row["recording"] = Path(recording_path).as_posix()
    if isinstance(result, Exception):
        return row | {"error": " ".join(str(result).split()) or type(result).__name__}
    row |= {
        "duration_s": result.recording.duration_s,
        "n_channels": len(result.recording.channels),
        "n_stimuli": len(result.stimuli),
        "amr": result.amr,
        "warnings": " | ".join(result.warnings),
        "command": result.command,
        **pattern_summary(result.patterns),
    }
    present = sorted(
        (f for f in result.findings if f.label == "AMR" and f.verdict is Verdict.PRESENT),
        key=lambda f: (-f.persistence, f.p_value),
    )
    if present:
        row |= {
            "amr_where": "; ".join(map(_where, present)),
            "amr_persistence": present[0].persistence,
            "amr_onset_ms": present[0].onset_ms,
            "amr_amplitude_uv": present[0].amplitude_uv,
        }
    return row


def _where(finding: Finding) -> str:
    """Name a finding in a few words: ``left mentalis on left zygomatic``."""
    muscle = finding.muscle.title if finding.muscle else finding.channel
    words = [finding.muscle_side, muscle, "on", finding.side, finding.site or "unknown branch"]
    return " ".join(str(w) for w in words if w)
