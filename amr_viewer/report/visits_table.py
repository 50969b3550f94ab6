"""visits.csv: every number of a comparison, one row per visit, quantity and place."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import Any

from amr_viewer.atomic import whole_file
from amr_viewer.core.visit_points import (
    Caution,
    Change,
    PointState,
    Track,
)
from amr_viewer.core.visits import Comparison
from amr_viewer.errors import ExportError
from amr_viewer.report.cells import text_cell

COLUMNS = (
    "visit", "label", "date", "recording", "order", "identity", "quantity", "site", "side",
    "channel", "muscle", "muscle_side", "role", "state", "verdict", "reason", "value", "low",
    "high", "k", "n", "end_state", "source", "electrode", "intensity_ma", "rest_min",
    "first_visit", "first_change", "first_low", "first_high", "first_kind", "first_cautions",
    "before_visit", "before_change", "before_low", "before_high", "before_kind",
    "before_cautions", "pattern", "pattern_side", "pattern_confidence", "events_before",
    "events_after",
)  # fmt: skip

PATTERN = "pattern"
"""The row of a visit that tells its pattern."""


def write_visits_table(comparison: Comparison, path: Path) -> None:
    """Write visits.csv, whole or not at all.

    Raises
    ------
    ExportError
        Another file stands there, or it cannot be written.
    """
    path = Path(path)
    head = ",".join(COLUMNS)
    if path.exists() and not _is_ours(path, head):
        raise ExportError(f"{path.name}: is no table of visits and is left as it is; move it away")
    lines = [
        head,
        *(",".join(_cell(row.get(c)) for c in COLUMNS) for row in visit_rows(comparison)),
    ]
    with whole_file(path) as temporary:
        temporary.write_text(
            "\n".join(lines) + "\n", encoding="utf-8", errors="replace", newline="\n"
        )


def visit_rows(comparison: Comparison) -> Iterator[dict[str, Any]]:
    """Yield the rows of visits.csv, visit by visit; what is not known is None or NaN."""
    last = len(comparison.visits) - 1
    for i, visit in enumerate(comparison.visits):
        head = {
            "visit": i + 1,
            "label": visit.label,
            "date": visit.date,
            "recording": visit.recording,
            "order": comparison.order.value,
            "identity": comparison.identity.state.value,
            "events_before": _events(comparison, i - 1, i),
            "events_after": _events(comparison, i, i + 1) if i == last else "",
        }
        first = visit.pattern
        yield head | {
            "quantity": PATTERN,
            "state": PointState.MEASURED if first else PointState.NOT_RECORDED,
            "reason": "" if first else visit.no_pattern,
            "rest_min": visit.rest_s / 60.0 if first else None,
            "pattern": first.conclusion if first else "",
            "pattern_side": first.pattern_side if first else "",
            "pattern_confidence": first.confidence if first else "",
        }
        for track in comparison.tracks:
            if track.points[i].state is not PointState.NOT_RECORDED:
                yield head | _row(track, i)


def _events(comparison: Comparison, after: float, until: float) -> str:
    """Return what happened after one visit until another, that in the latter included."""
    here = [e for e in comparison.events if after < e.position <= until]
    return "; ".join(f"{e.date} {e.text}".strip() for e in here)


def _row(track: Track, visit: int) -> dict[str, Any]:
    """Return the row of one quantity and place at a visit."""
    place, point = track.place, track.points[visit]
    how = point.conditions
    here = [c for c in track.changes if c.visit == visit]
    first = next((c for c in here if c.reference == track.reference), None)
    before = next((c for c in reversed(here) if c is not first), None)
    return {
        "quantity": track.quantity,
        "site": place.site,
        "side": place.side,
        "channel": how.channel,
        "muscle": place.muscle,
        "muscle_side": place.muscle_side,
        "role": place.role,
        "state": point.state,
        "verdict": point.verdict,
        "reason": point.reason,
        "value": point.value,
        "low": point.low,
        "high": point.high,
        "k": point.k,
        "n": point.n,
        "end_state": point.end_state,
        "source": "manual" if point.overruled else "auto",
        "electrode": how.electrode,
        "intensity_ma": how.intensity_ma,
        "rest_min": how.minutes,
        **_change("first", first),
        **_change("before", before or first),
    }


def _change(name: str, change: Change | None) -> dict[str, Any]:
    """Return the columns of a change; refused ones say why in the place of their cautions."""
    if change is None:
        return {}
    kind = "ratio" if change.is_ratio else "difference"
    cautions = (change.refused,) if change.refused else change.cautions
    return {
        f"{name}_visit": change.reference + 1,
        f"{name}_change": change.value,
        f"{name}_low": change.low,
        f"{name}_high": change.high,
        f"{name}_kind": "refused" if change.refused else kind,
        f"{name}_cautions": "; ".join(map(_caution, cautions)),
    }


def _caution(caution: Caution) -> str:
    """Return a caution as a word, with what differed."""
    if not (caution.was or caution.is_):
        return caution.doubt.value
    return f"{caution.doubt.value} ({caution.was or 'unknown'} to {caution.is_ or 'unknown'})"


def _cell(value: Any) -> str:
    """Return one cell: numbers with six digits that count."""
    if value is None:
        return ""
    if isinstance(value, str):
        return text_cell(str(value))
    return f"{value:.6g}" if isfinite(value) else ""


def _is_ours(path: Path, head: str) -> bool:
    """Whether a file is a table of visits, of this or an older version."""
    try:
        with path.open(encoding="utf-8", errors="replace") as stream:
            found = stream.readline(len(head) * 2).strip().split(",")
    except OSError:
        return False
    return found[:4] == list(COLUMNS[:4]) and PATTERN in found
