"""Result files of an analysis: the tables and analysis.json; documents are left to `document`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from amr_viewer._version import __version__
from amr_viewer.atomic import whole_file, whole_folder
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Role
from amr_viewer.core.decisions import Change
from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.core.pattern_tables import (
    BURST_COLUMNS,
    COUNTS,
    PATTERN_COLUMNS,
    PATTERN_ESTIMATES,
    burst_rows,
    burst_values,
    pattern_row,
    pattern_summary,
    pattern_values,
)
from amr_viewer.core.recording import Channel, Recording
from amr_viewer.core.responses import Responses
from amr_viewer.core.review import Review
from amr_viewer.core.review_log import REPORT_ENTRY
from amr_viewer.core.tables import (
    CHANGE_COLUMNS,
    FINDING_COLUMNS,
    SUMMARY_COLUMNS,
    TREND_COLUMNS,
    Coded,
    Column,
    finding_row,
    response_table,
    trend_rows,
)
from amr_viewer.core.trend import Trend
from amr_viewer.errors import ExportError
from amr_viewer.report.cells import Bytes, joined, number_column, text_cell, word_column

SCHEMA_VERSION = 1
BLOCK_ROWS = 8192

EMPTY_TABLES = {"changes.csv": CHANGE_COLUMNS}
SET_ASIDE = "set_aside.csv"
TABLES = ("responses.csv", "findings.csv", "trend.csv", "bursts.csv", SET_ASIDE, "patterns.csv")
RESULT_FILES = frozenset({*TABLES, "analysis.json", *EMPTY_TABLES})

_DECIMALS_BY_UNIT = {"ms": 3, "uv": 2, "s": 6, "ma": 3, "db": 2}
_DECIMALS_BY_NAME = {"stimulus": 0, "n_stimuli": 0, "n_valid": 0, "n_present": 0, "n_sham": 0}
_DECIMALS_BY_NAME |= {"n_channels": 0, "phases": 1, "area_uv_ms": 2, "block": 0}
_DECIMALS_BY_NAME |= dict.fromkeys(("salvo", "episode", "n_discharges", *COUNTS), 0)
_DECIMALS_BY_NAME |= dict.fromkeys((f"{name}_n" for name in PATTERN_ESTIMATES), 0)
_DECIMALS_BY_NAME |= dict.fromkeys(
    ("amplitude_percent", "amplitude_percent_low", "amplitude_percent_high"), 2
)


def write_results(analysis: Analysis, directory: Path) -> None:
    """Write the result files of one recording into a folder, whole or not at all.

    A folder of results that stands there is replaced.

    Raises
    ------
    ExportError
        The place is taken by something that is not a result folder, or cannot be written.
    """
    directory = Path(directory).absolute()
    _refuse_foreign(directory)
    with whole_folder(directory) as folder:
        _write_responses(analysis.responses, folder / "responses.csv")
        _write_rows(FINDING_COLUMNS, map(finding_row, analysis.findings), folder / "findings.csv")
        _write_rows(TREND_COLUMNS, _trend_rows(analysis), folder / "trend.csv")
        _write_rows(BURST_COLUMNS, burst_rows(analysis.bursts), folder / "bursts.csv")
        set_aside = burst_rows(analysis.bursts, counted=False)
        _write_rows(BURST_COLUMNS, set_aside, folder / SET_ASIDE)
        _write_rows(PATTERN_COLUMNS, map(pattern_row, analysis.patterns), folder / "patterns.csv")
        for name, columns in EMPTY_TABLES.items():
            _write_rows(columns, (), folder / name)
        text = json.dumps(
            _plain(analysis_values(analysis)), ensure_ascii=False, allow_nan=False, indent=1
        )
        (folder / "analysis.json").write_text(
            text + "\n", encoding="utf-8", errors="replace", newline="\n"
        )


def _refuse_foreign(directory: Path) -> None:
    """Raise where replacing the folder would delete what this program did not write."""
    if not directory.exists():
        return
    if directory.is_symlink() or not directory.is_dir():
        raise ExportError(f"{directory.name}: is no folder; choose another place with --out")
    foreign = sorted(p.name for p in directory.iterdir() if p.name not in RESULT_FILES)
    if foreign:
        raise ExportError(
            f"{directory.name}: holds {foreign[0]}, which is no result of this program, and is "
            "left as it is; choose another place with --out"
        )


def _decimals(name: str) -> int:
    """Return the decimals of a column by its unit; 4 for fractions and probabilities."""
    return _DECIMALS_BY_NAME.get(name, _DECIMALS_BY_UNIT.get(name.rsplit("_", 1)[-1], 4))


def _write_responses(responses: Responses, path: Path) -> None:
    """Write responses.csv in blocks, so that memory does not grow with the recording."""
    header = ",".join(response_table(responses, slice(0)))
    step = max(1, BLOCK_ROWS // max(1, len(responses.channels)))
    with path.open("wb") as file:
        file.write(header.encode() + b"\n")
        for start in range(0, len(responses.stimuli) if responses.channels else 0, step):
            table = response_table(responses, slice(start, start + step))
            file.write(joined([_column(name, column) for name, column in table.items()]))


def _column(name: str, column: Column) -> Bytes:
    """Return the cells of one column."""
    if isinstance(column, Coded):
        return word_column(column.codes, column.values)
    return number_column(column, 0 if name == "phases" else _decimals(name))


def _write_rows(columns: tuple[str, ...], rows: Iterable[Mapping[str, Any]], path: Path) -> None:
    """Write a small table."""
    lines = [",".join(columns)]
    lines += [",".join(_cell(name, row.get(name)) for name in columns) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", errors="replace", newline="\n")


def _cell(name: str, value: Any) -> str:
    """Return one cell of a small table."""
    if value is None:
        return ""
    if isinstance(value, str):
        return text_cell(value)
    if not isfinite(value):
        return ""
    if name in {"p_value", "sham_rate"}:
        return f"{value:.4g}"
    return f"{value:.{_decimals(name)}f}"


def write_summary(rows: Iterable[Mapping[str, Any]], path: Path) -> None:
    """Write summary.csv, one row per recording as `summary_row` makes them, whole or not at all.

    Raises
    ------
    ExportError
        The file cannot be written.
    """
    with whole_file(Path(path)) as temporary:
        _write_rows(SUMMARY_COLUMNS, rows, temporary)


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


def analysis_values(analysis: Analysis) -> dict[str, Any]:
    """Return analysis.json as values: names, numbers (NaN: not measurable), lists; no paths."""
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
        "amr": analysis.amr,
        "headline": analysis.headline,
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


def _trend_rows(analysis: Analysis) -> Iterator[dict[str, Any]]:
    """Yield the rows of trend.csv; the M of direct channels stands beside the others."""
    for trend in analysis.trends:
        if trend.role is not Role.DIRECT:
            yield from trend_rows(trend)


def _trend_values(trend: Trend) -> dict[str, Any]:
    """Return the course of a channel, block by block."""
    names = (
        "site", "side", "channel", "muscle", "muscle_side", "role", "baseline_block",
        "baseline_is_own",
    )  # fmt: skip
    values = {name: getattr(trend, name) for name in names}
    return values | {"blocks": [trend.block(i) for i in range(len(trend))]}


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it: what is not a finite number becomes None."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float) and not isfinite(value):
        return None
    return value
