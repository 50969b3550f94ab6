"""cohort.csv, one row per recording with the user's columns, and agreement.csv, one per number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from math import isfinite
from pathlib import Path
from typing import Any

from amr_viewer.atomic import whole_file
from amr_viewer.core.agreement import Proportion
from amr_viewer.core.cohort import Cohort, CohortRecording
from amr_viewer.errors import ExportError
from amr_viewer.report.cells import text_cell

RECORDINGS, AGREEMENT = "cohort.csv", "agreement.csv"
COLUMNS = (
    "recording", "patient", "group", "amr", "amr_side", "amr_where", "amr_persistence",
    "amr_onset_ms", "amr_amplitude_uv", "amr_to_m", "pattern", "pattern_side",
    "pattern_confidence", "pattern_runner_up", "bursts_per_min", "duration_s", "n_stimuli",
    "n_warnings", "reference", "reference_means", "reference_side", "program_version", "protocol",
    "protocol_sha256", "recording_sha256", "reviewed", "warnings", "error",
)  # fmt: skip
AGREEMENT_COLUMNS = (
    "analysis", "treatment", "group", "statistic", "value", "low", "high", "k", "n", "unit",
    "interval", "note",
)  # fmt: skip
TABLE_PREFIX = "table_"
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


def check_tables(cohort: Cohort, recordings: Path, agreement: Path) -> None:
    """Refuse to replace tables that this program did not write, or the user's own.

    Raises
    ------
    ExportError
        One stands there.
    """
    for path, columns in ((recordings, COLUMNS), (agreement, AGREEMENT_COLUMNS)):
        own = cohort.table is not None and cohort.table.name == path.name
        if path.exists() and own:
            raise ExportError(
                f"{path.name}: may be the table that was read and is left as it is; choose another "
                "folder with --out"
            )
        if path.exists() and not _is_ours(path, columns):
            raise ExportError(
                f"{path.name}: was not written by this report and is left as it is; choose another "
                "folder with --out"
            )


def _is_ours(path: Path, columns: tuple[str, ...]) -> bool:
    """Whether a file begins as the table does."""
    try:
        with path.open(encoding="utf-8", errors="replace") as stream:
            head = stream.readline(4096).strip().split(",")
    except OSError:
        return False
    return head[:4] == list(columns[:4])


def write_tables(cohort: Cohort, recordings: Path, agreement: Path) -> None:
    """Write both tables, each whole or not at all.

    Raises
    ------
    ExportError
        A file cannot be written.
    """
    taken = {name.casefold() for name in COLUMNS}
    theirs = cohort.table.columns if cohort.table else ()
    named: dict[str, str] = {}
    for column in theirs:
        name = column
        while name.casefold() in taken:
            name = TABLE_PREFIX + name
        taken.add(name.casefold())
        named[column] = name
    rows = (_recording_row(r, named) for r in cohort.recordings)
    _write((*COLUMNS, *named.values()), rows, recordings)
    _write(AGREEMENT_COLUMNS, agreement_rows(cohort), agreement)


def _write(columns: tuple[str, ...], rows: Iterator[Mapping[str, Any]], path: Path) -> None:
    """Write a table."""
    lines = [",".join(map(text_cell, columns))]
    lines += [",".join(_cell(row.get(name)) for name in columns) for row in rows]
    with whole_file(path) as temporary:
        temporary.write_text(
            "\n".join(lines) + "\n", encoding="utf-8", errors="replace", newline="\n"
        )


def _cell(value: Any) -> str:
    """Return one cell: six digits that count, texts that a spreadsheet does not run."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value if _NUMBER.fullmatch(value) else text_cell(value)
    return f"{value:.6g}" if isfinite(value) else "inf" if value > 0 else ""


def _recording_row(r: CohortRecording, named: Mapping[str, str]) -> dict[str, Any]:
    """Return the row of a recording with the user's columns."""
    return {
        "recording": r.name,
        "patient": r.patient,
        "group": r.group,
        "amr": r.outcome.value,
        "amr_side": r.amr_side,
        "amr_where": r.where,
        "amr_persistence": r.persistence,
        "amr_onset_ms": r.onset_ms,
        "amr_amplitude_uv": r.amplitude_uv,
        "amr_to_m": r.amr_to_m,
        "pattern": r.pattern,
        "pattern_side": r.pattern_side,
        "pattern_confidence": r.confidence,
        "pattern_runner_up": r.runner_up,
        "bursts_per_min": r.bursts_per_min,
        "duration_s": r.duration_s,
        "n_stimuli": None if r.error else r.n_stimuli,
        "n_warnings": None if r.error else len(r.warnings),
        "reference": r.reference_text,
        "reference_means": {None: "", True: "disease", False: "no_disease"}[r.reference],
        "reference_side": r.reference_side,
        "program_version": r.version,
        "protocol": r.protocol,
        "protocol_sha256": r.protocol_sha256,
        "recording_sha256": r.sha256,
        "reviewed": None if r.error else r.is_reviewed,
        "warnings": " | ".join(r.warnings),
        "error": r.error,
        **{name: r.columns.get(column) for column, name in named.items()},
    }


def agreement_rows(cohort: Cohort) -> Iterator[dict[str, Any]]:
    """Yield the rows of agreement.csv: every number of the report with its interval."""
    for share in cohort.verdicts:
        row = _share_row("amr_verdict", share.value, share.share)
        yield row | {"group": share.group or ("" if share.group is None else "(no group)")}
    for share in cohort.patterns:
        yield _share_row("pattern", share.value, share.share)
    if cohort.hfs:
        yield _share_row("pattern", "hfs", cohort.hfs)
    yield from _study_rows(cohort)
    if cohort.labels:
        for s in cohort.labels.statistics:
            yield _row("pattern_labels", s.name, s.value, s.low, s.high, s.method.value) | {
                "k": s.k if s.k >= 0 else None,
                "n": sum(map(sum, cohort.labels.matrix)),
                "unit": "recording",
                "note": f"without a pattern: {cohort.labels.n_no_result}",
            }
    for name, share_ in cohort.sides:
        yield _share_row("side", name, share_)
    yield from _group_rows(cohort)


def _row(
    analysis: str, statistic: str, value: float, low: float, high: float, interval: str
) -> dict[str, Any]:
    """Return the columns that every row has."""
    return {
        "analysis": analysis,
        "statistic": statistic,
        "value": value,
        "low": low,
        "high": high,
        "interval": interval,
    }


def _share_row(analysis: str, name: str, p: Proportion) -> dict[str, Any]:
    """Return the row of a proportion."""
    row = _row(analysis, name, p.value, p.low, p.high, p.method.value)
    return row | {"k": p.k, "n": p.n, "unit": "recording", "note": f"patients: {p.n_patients}"}


def _study_rows(cohort: Cohort) -> Iterator[dict[str, Any]]:
    """Yield counts and statistics of every table of two by two."""
    for study in cohort.studies:
        head = {"unit": "recording", "note": f"patients: {study.n_patients}"}
        for accuracy in study.accuracies:
            where = head | {"treatment": accuracy.treatment.value}
            for name in ("tp", "fp", "fn", "tn"):
                count = getattr(accuracy, name)
                nan = float("nan")
                yield where | _row(f"reference_{study.test}", name, count, nan, nan, "none")
            for s in accuracy.statistics:
                row = _row(
                    f"reference_{study.test}", s.name, s.value, s.low, s.high, s.method.value
                )
                counts = {"k": s.k, "n": s.n} if s.k >= 0 else {}
                yield where | row | counts
        for result, diseased, healthy in study.inconclusive:
            nan = float("nan")
            for kind, count in (("disease", diseased), ("no_disease", healthy)):
                row = _row(f"reference_{study.test}", result, count, nan, nan, "none")
                yield head | row | {"treatment": "inconclusive", "group": kind}


def _group_rows(cohort: Cohort) -> Iterator[dict[str, Any]]:
    """Yield medians of groups and their differences."""
    unit = "patient" if cohort.table and cohort.table.patient else "recording"
    for measure in cohort.measures:
        for g in measure.groups:
            row = _row(measure.measure, "median", g.median, g.q25, g.q75, "quartiles")
            yield row | {"group": g.group, "n": len(g.values), "unit": unit}
        for d in measure.differences:
            row = _row(measure.measure, "shift", d.value, d.low, d.high, d.method.value)
            yield row | {"group": f"{d.b} minus {d.a}", "unit": unit, "note": d.refused}
