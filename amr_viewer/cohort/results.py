"""A tree of results back to values: summary.csv and the folder of each recording."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping
from math import isfinite, nan
from pathlib import Path
from typing import Any

from amr_viewer.core.cohort import (
    CohortRecording,
    MuscleResult,
    Outcome,
    Remark,
    RemarkKind,
    SideActivity,
)
from amr_viewer.core.spreadsheet import restored
from amr_viewer.errors import ReadError
from amr_viewer.report.results import ANALYSIS
from amr_viewer.report.stored import StoredResult, find_stored, read_stored

SUMMARY = "summary.csv"
LATERAL = frozenset({"lateral", "contralateral", "other"})
AMR = "AMR"
_MUSCLE_WORDS = ("site", "side", "channel", "muscle", "muscle_side", "role", "label", "verdict")
_MUSCLE_NUMBERS = ("persistence", "persistence_low", "persistence_high", "amr_to_m")
NO_FOLDER = "summary.csv names it, its result folder is not there; analyze it again"


def read_results(root: Path) -> tuple[tuple[CohortRecording, ...], tuple[Remark, ...]]:
    """Read all recordings of a tree of results, failed ones included, in order of their names.

    Raises
    ------
    ReadError
        There are none, or summary.csv cannot be used.
    """
    _check_root(root)
    rows = _read_summary(root / SUMMARY)
    folders = {f.relative_to(root).as_posix(): f for f in find_stored(root)}
    names = sorted({*rows, *folders})
    if not names:
        raise ReadError(
            f"{root.name}: holds no results; name the folder that `amr-viewer analyze --out` wrote"
        )
    recordings = tuple(_recording(name, rows.get(name), folders.get(name)) for name in names)
    return recordings, tuple(_remarks(recordings, rows, folders, (root / SUMMARY).exists()))


def _check_root(root: Path) -> None:
    """Refuse what is no folder of several results."""
    if not root.is_dir():
        raise ReadError(f"{root.name}: no such folder; name the one that holds {SUMMARY}")
    if (root / ANALYSIS).is_file():
        raise ReadError(f"{root.name}: is the result of one recording; name the folder above it")


def _read_summary(path: Path) -> dict[str, Mapping[str, str]]:
    """Return the rows of summary.csv by recording; none where there is no such file."""
    if not path.exists():
        return {}
    rows: dict[str, Mapping[str, str]] = {}
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            for row in csv.DictReader(file):
                name = restored(row.get("recording") or "")
                if not name or "amr" not in row:
                    raise ReadError(f"{path.name}: is no summary of this program; take it away")
                if name in rows:
                    raise ReadError(f"{path.name}: {name} stands there twice; make it again")
                rows[name] = {str(k): restored(v or "") for k, v in row.items() if k}
    except (OSError, csv.Error) as error:
        raise ReadError(f"{path.name}: cannot be read ({error}); make it again") from error
    return rows


def _recording(name: str, row: Mapping[str, str] | None, folder: Path | None) -> CohortRecording:
    """Return one recording: from its folder; else from its row, as failed."""
    if folder is None or (row and row["error"]):
        error = (row or {}).get("error", "") or NO_FOLDER
        return CohortRecording(name, Outcome.FAILED, error)
    try:
        return recording_of(name, read_stored(folder))
    except ReadError as error:
        return CohortRecording(name, Outcome.FAILED, str(error))
    except (KeyError, TypeError, ValueError, AttributeError):
        fault = f"{folder.name}: {ANALYSIS} is no whole result; analyze the recording again"
        return CohortRecording(name, Outcome.FAILED, fault)


def recording_of(name: str, stored: StoredResult) -> CohortRecording:
    """Return a recording from what its result folder holds."""
    values, key = stored.values, stored.key
    findings = sorted(
        (f for f in values["findings"] if f["label"] == AMR and f["verdict"] == "present"),
        key=lambda f: (-_number(f["persistence"]), _number(f["p_value"])),
    )
    first = findings[0] if findings else {}
    whole = values["patterns"][0] if values["patterns"] else {}
    protocol = values["protocol"]
    return CohortRecording(
        name=name,
        outcome=Outcome(values["amr"]),
        duration_s=_number(values["recording"]["duration_s"]),
        n_stimuli=int(values["stimuli"]["n"]),
        where="; ".join(_where(f) for f in findings),
        amr_side=_side_of(findings),
        persistence=_number(first.get("persistence")),
        onset_ms=_number(first.get("onset_ms")),
        amplitude_uv=_number(first.get("amplitude_uv")),
        amr_to_m=_number(first.get("amr_to_m")),
        pattern=whole.get("conclusion") or "",
        pattern_side=whole.get("pattern_side") or "",
        confidence=whole.get("confidence") or "",
        runner_up=whole.get("runner_up") or "",
        bursts_per_min=_number(whole.get("bursts_per_min", {}).get("value")),
        muscles=tuple(_muscle(f) for f in values["findings"] if f["role"] in LATERAL),
        sides=tuple(_activity(p) for p in values["patterns"] if p["side"]),
        warnings=tuple(map(str, values["warnings"])),
        version=str(values["program"]["version"]),
        protocol=str(protocol["name"]),
        protocol_sha256=key.protocol_sha256 if key else _hash(protocol),
        sha256=values["recording"]["sha256"] or "",
        is_reviewed=values["review"] is not None,
        free_running=key.free_running if key else None,
    )


def _hash(values: Any) -> str:
    """Return what a protocol is known by, as `core.result_key` does of one that is at hand."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _number(value: Any) -> float:
    """Return a number, NaN where there is none."""
    return nan if value is None else float(value)


def _where(finding: Mapping[str, Any]) -> str:
    """Name a finding as summary.csv does."""
    muscle = (finding["muscle"] or "").replace("_", " ") or finding["channel"]
    site = (finding["site"] or "unknown branch").replace("_", " ")
    words = [finding["muscle_side"], muscle, "on", finding["side"], site]
    return " ".join(str(w) for w in words if w)


def _side_of(findings: list[Any]) -> str:
    """Return the side of the responses; empty where it is not known of all."""
    sides = {f["muscle_side"] for f in findings}
    if not sides or None in sides:
        return ""
    return "both" if len(sides) > 1 else str(sides.pop())


def _muscle(finding: Mapping[str, Any]) -> MuscleResult:
    """Return one stimulated branch and channel."""
    words: dict[str, Any] = {name: finding[name] or "" for name in _MUSCLE_WORDS}
    numbers: dict[str, Any] = {name: _number(finding[name]) for name in _MUSCLE_NUMBERS}
    counts: dict[str, Any] = {name: int(finding[name]) for name in ("n_present", "n_valid")}
    return MuscleResult(**words, **numbers, **counts)


def _activity(pattern: Mapping[str, Any]) -> SideActivity:
    """Return the bursts at rest of one side."""
    rate = pattern["bursts_per_min"]
    return SideActivity(
        pattern["side"], _number(rate["value"]), _number(rate["low"]), _number(rate["high"])
    )


def _remarks(
    recordings: tuple[CohortRecording, ...],
    rows: Mapping[str, Mapping[str, str]],
    folders: Mapping[str, Path],
    has_summary: bool,
) -> Iterator[Remark]:
    """Yield what does not fit together in a tree of results."""
    if not has_summary:
        yield Remark(RemarkKind.NO_SUMMARY)
    else:
        outside = tuple(name for name in folders if name not in rows)
        lost = tuple(n for n, row in rows.items() if not row["error"] and n not in folders)
        found = {r.name: r for r in recordings}
        failed = tuple(n for n, row in rows.items() if row["error"] and n in folders)
        both = (n for n, row in rows.items() if not row["error"] and n in folders)
        differing = tuple(n for n in both if _differs(found[n], rows[n]))
        for kind, names in (
            (RemarkKind.NOT_IN_SUMMARY, outside),
            (RemarkKind.NO_FOLDER, lost),
            (RemarkKind.DIFFERS, differing),
            (RemarkKind.FAILED_WITH_FOLDER, failed),
        ):
            if names:
                yield Remark(kind, len(names), names)
    yield from _mixtures([r for r in recordings if r.version])


def _differs(recording: CohortRecording, row: Mapping[str, str]) -> bool:
    """Whether the summary tells something else than the result folder."""
    said = (row["amr"], row["n_stimuli"], row["pattern"], row["pattern_side"])
    is_ = (recording.outcome, str(recording.n_stimuli), recording.pattern, recording.pattern_side)
    if said != is_:
        return True
    told = float(row["amr_persistence"] or nan)
    both = isfinite(told) and isfinite(recording.persistence)
    return both and abs(told - recording.persistence) > 1e-3


def _equal(names: list[str]) -> str:
    """Write the names of one and the same recording."""
    return " = ".join([*names[:3], *(["…"] if len(names) > 3 else [])])


def _mixtures(analyzed: list[CohortRecording]) -> Iterator[Remark]:
    """Yield what results of different origin were put together."""
    versions = tuple(sorted({r.version for r in analyzed}))
    if len(versions) > 1:
        yield Remark(RemarkKind.VERSIONS, len(versions), versions)
    protocols = {r.protocol_sha256: r.protocol for r in analyzed}
    if len(protocols) > 1:
        names = tuple(sorted(f"{name} {sha[:8]}" for sha, name in protocols.items()))
        yield Remark(RemarkKind.PROTOCOLS, len(protocols), names)
    same: dict[str, list[str]] = {}
    for recording in analyzed:
        if recording.sha256:
            same.setdefault(recording.sha256, []).append(recording.name)
    repeated = [names for names in same.values() if len(names) > 1]
    if repeated:
        extra = sum(len(names) - 1 for names in repeated)
        yield Remark(RemarkKind.SAME_SIGNAL, extra, tuple(map(_equal, repeated)))
    without = tuple(r.name for r in analyzed if r.free_running is False)
    if 0 < len(without) < len(analyzed):
        yield Remark(RemarkKind.FREE_RUNNING, len(without), without)
    reviewed = tuple(r.name for r in analyzed if r.is_reviewed)
    if reviewed:
        yield Remark(RemarkKind.REVIEWED, len(reviewed), reviewed)
