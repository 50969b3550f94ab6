"""What analysis.json holds of an analysis; writing it is left to `results`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from math import isfinite
from typing import Any

import numpy as np

from amr_viewer._version import __version__
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.decisions import Change
from amr_viewer.core.findings import Finding
from amr_viewer.core.pattern_tables import burst_values, pattern_values
from amr_viewer.core.recording import Channel, Recording
from amr_viewer.core.review import Review
from amr_viewer.core.review_log import REPORT_ENTRY
from amr_viewer.core.trend import Trend
from amr_viewer.report.summary import summary_row

SCHEMA_VERSION = 1


def analysis_values(analysis: Analysis) -> dict[str, Any]:
    """Return analysis.json as values: names, numbers (NaN: not measurable), lists; no paths.

    Therefore the command of its row in summary.csv is left out.
    """
    recording, protocol = analysis.recording, analysis.protocol
    described = list(protocol.parameters.describe())
    return {
        "schema_version": SCHEMA_VERSION,
        "program": {"name": "AMR Viewer", "version": __version__},
        "versions": dict(analysis.versions),
        "recording": _recording_values(recording),
        "protocol": protocol.model_dump(mode="json"),
        "parameters_changed": [
            {"name": f"{d.group}.{d.name}", "value": d.value, "default": d.default, "unit": d.unit}
            for d in described
            if d.changed
        ],
        "key": analysis.key.values() if analysis.key else None,
        "summary": summary_row(analysis, recording.name) | {"command": None},
        "amr": analysis.amr,
        "headline": analysis.headline,
        "answer": analysis.answer,
        "stimuli": _stimuli_values(analysis),
        "findings": [_finding_values(f) for f in analysis.findings],
        "trends": [_trend_values(t) for t in analysis.trends],
        "bursts": burst_values(analysis.bursts),
        "patterns": [pattern_values(p) for p in analysis.patterns],
        "n_manual": int(analysis.responses.manual.sum()),
        "review": _review_values(analysis.review),
        "warnings": list(analysis.warnings),
    }


def _recording_values(recording: Recording) -> dict[str, Any]:
    """Return what identifies a recording, without patient and place."""
    return {
        "name": recording.name,
        "format": recording.format,
        "size_bytes": recording.size_bytes,
        "sha256": recording.sha256 or None,
        "duration_s": recording.duration_s,
        "start": recording.start,
        "equipment": recording.equipment,
        "segments": {
            "n": len(recording.segments),
            "recorded_s": sum(s.duration_s for s in recording.segments),
        },
        "channels": [
            {f.name: getattr(c, f.name) for f in fields(Channel)} for c in recording.channels
        ],
    }


def _stimuli_values(analysis: Analysis) -> dict[str, Any]:
    """Return counts and currents of the stimuli, per site and side."""
    stimuli = analysis.stimuli
    pairs = list(zip(stimuli.site, stimuli.side, strict=True))
    sites = []
    for site, side in dict.fromkeys(pairs):
        chosen = np.array([pair == (site, side) for pair in pairs])
        current = stimuli.intensity_ma[chosen & np.isfinite(stimuli.intensity_ma)]
        sites.append(
            {
                "site": site,
                "side": side,
                "n": int(chosen.sum()),
                "intensity_low_ma": float(current.min()) if current.size else None,
                "intensity_high_ma": float(current.max()) if current.size else None,
            }
        )
    sources = [s.value for s in stimuli.source]
    return {
        "n": len(stimuli),
        "sources": {s: sources.count(s) for s in dict.fromkeys(sources)},
        "sites": sites,
    }


def _finding_values(finding: Finding) -> dict[str, Any]:
    """Return a finding; its stimuli stand in responses.csv."""
    names = (f.name for f in fields(Finding) if f.name != "stimulus_indices")
    return {name: getattr(finding, name) for name in names}


def _review_values(review: Review | None) -> dict[str, Any] | None:
    """Return what a person decided, without what was filled in or written of the patient."""
    if review is None:
        return None
    kept = (
        "schema_version", "program_version", "sweeps", "findings", "marks", "bursts", "baselines",
        "hidden_sections",
    )  # fmt: skip
    values = review.model_dump(mode="json", by_alias=True, include=set(kept))
    return values | {"log": [_log_values(entry) for entry in review.log]}


def _log_values(entry: Change) -> dict[str, str]:
    """Return an entry of the log in words."""
    is_written = entry.subject.code == REPORT_ENTRY
    was, now = ("", "") if is_written else (entry.was, entry.is_)
    return {"what": entry.what, "was": was, "is": now, "author": entry.author, "at": entry.at}


def _trend_values(trend: Trend) -> dict[str, Any]:
    """Return the course of a channel, block by block."""
    names = (
        "site", "side", "channel", "muscle", "muscle_side", "role", "baseline_block",
        "baseline_is_own",
    )  # fmt: skip
    values = {name: getattr(trend, name) for name in names}
    return values | {"blocks": [trend.block(i) for i in range(len(trend))]}


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: what is not a finite number becomes None."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not isfinite(value):
        return None
    return value
