"""Each recording in small: persistence by muscle, bursts by side; as many as fit some pages."""

from __future__ import annotations

from math import isfinite

from amr_viewer.core.cohort import Cohort, CohortRecording, MuscleResult, SideActivity
from amr_viewer.report.cohort_agreement import group_name
from amr_viewer.report.cohort_figures import TileRow, tile_figure
from amr_viewer.report.cohort_model import Tile, TileGroup
from amr_viewer.report.cohort_words import SYMBOLS, TONES, Words, pattern_name, place_name

MOST_TILES = 48
MOST_ROWS = 5
LATERAL = "lateral"
VERDICT_TONES = {"present": "present", "absent": "absent"}
FULL_RATE = 60.0
"""Bursts per minute that fill the width; more stand at its end, with their number beside."""


def tile_groups(cohort: Cohort, words: Words) -> tuple[tuple[TileGroup, ...], int]:
    """Return the recordings in small by group, and how many are left to the table.

    Every group gets its part of the room; what one does not need goes to the others.
    """
    members = {
        g: [r for r in cohort.recordings if r.group == g and (r.muscles or r.sides)]
        for g in cohort.groups
    }
    room = _shared({g: len(m) for g, m in members.items()})
    groups = []
    for group, found in members.items():
        if found:
            title = f"{group_name(group, cohort, words)} ({len(found)})"
            tiles = tuple(_tile(r, words) for r in found[: room[group]])
            groups.append(TileGroup(title if len(cohort.groups) > 1 else "", tiles))
    return tuple(groups), len(cohort.recordings) - sum(len(g.tiles) for g in groups)


def _shared(wanted: dict[str, int]) -> dict[str, int]:
    """Divide the room for tiles among the groups."""
    given, left = dict.fromkeys(wanted, 0), MOST_TILES
    while left and (asking := [g for g in wanted if given[g] < wanted[g]]):
        part = max(1, left // len(asking))
        for group in asking:
            more = min(part, wanted[group] - given[group], left)
            given[group] += more
            left -= more
    return given


def _tile(recording: CohortRecording, words: Words) -> Tile:
    """Return one recording in small."""
    lateral = [m for m in recording.muscles if m.role == LATERAL] or list(recording.muscles)
    rows = [_muscle_row(m, words) for m in lateral]
    rows += [_side_row(s, words) for s in recording.sides if isfinite(s.per_min)]
    more = len(rows) - MOST_ROWS
    if more > 0:
        nan = float("nan")
        text = words["tile_more"].format(n=more + 1)
        rows = [*rows[: MOST_ROWS - 1], TileRow(text, "none", nan, nan, nan, "")]
    verdict = words.own.outcomes[recording.outcome]
    pattern = pattern_name(recording.pattern, words) if recording.pattern else ""
    told = "; ".join(f"{r.name} {r.text}".strip() for r in rows) or words["tile_nothing"]
    return Tile(
        name=recording.name,
        tone=TONES[recording.outcome],
        symbol=SYMBOLS[recording.outcome],
        verdict=verdict,
        pattern=pattern,
        figure=tile_figure(tuple(rows)),
        alt=words["tile_alt"].format(name=recording.name, verdict=verdict, rows=told),
    )


def _muscle_row(result: MuscleResult, words: Words) -> TileRow:
    """Return the persistence of one muscle."""
    tone = VERDICT_TONES.get(result.verdict, "unsure")
    if tone == "present" and result.label != "AMR":
        tone = "late"
    return TileRow(
        place_name(result, words),
        tone,
        result.persistence,
        result.persistence_low,
        result.persistence_high,
        f"{result.n_present}/{result.n_valid}",
    )


def _side_row(side: SideActivity, words: Words) -> TileRow:
    """Return the bursts of one side."""
    name = words.common.sides.get(side.side, side.side)
    return TileRow(
        f"{name[0].upper()}{name[1:]}",
        "direct",
        side.per_min / FULL_RATE,
        side.low / FULL_RATE,
        side.high / FULL_RATE,
        f"{side.per_min:.0f}{words['per_min']}",
    )
