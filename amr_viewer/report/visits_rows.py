"""The tables of numbers of a comparison: responses, direct responses and bursts, by place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from math import isfinite

from amr_viewer.core.findings import Verdict
from amr_viewer.core.visit_points import (
    Change,
    Doubt,
    Place,
    Point,
    PointState,
    Quantity,
    Reason,
    Track,
)
from amr_viewer.core.visits import Comparison
from amr_viewer.report import numbers
from amr_viewer.report.names import SYMBOLS
from amr_viewer.report.visits_model import MeasureGroup, MeasureRow, MeasureTable
from amr_viewer.report.visits_words import (
    ARROWS,
    TONES,
    Words,
    amplitude,
    caution_words,
    condition_words,
    difference,
    measured,
    millivolts,
    part_of_m,
    place_name,
    ratio,
)

RESPONSE_WEIGHTS = (18.5, 20.5, 22.0, 34.0, 19.5, 27.0, 12.0, 22.0)
REST_WEIGHTS = (18.0, 9.0, 21.0, 28.0, 22.0, 28.0, 22.0, 28.0)
DIRECT_WEIGHTS = (1.4, 1.0)
"""Of the muscle and of each visit."""

NEVER_LISTED = 12
MOST_COLUMNS = 5


def response_table(comparison: Comparison, words: Words) -> MeasureTable:
    """Return the abnormal muscle responses by pair of branch and muscle."""
    groups, never = [], []
    shown: list[Track] = []
    for track in comparison.of(Quantity.AMR_PERSISTENCE):
        if never_present(track):
            never.append(track)
            continue
        shown += _tracks_at(comparison, track.place)
        groups.append(_response_group(comparison, track, words))
    notes = [words["responses_note"]] if groups else []
    if never:
        notes.append(words["never"].format(list=_never(never, words)))
    h = words.own.headings
    columns = ("visit", "verdict", "persistence", "points", "amplitude", "of_earlier")
    return MeasureTable(
        h["responses"],
        tuple(h[key] for key in (*columns, "amr_to_m", "onset")),
        RESPONSE_WEIGHTS,
        tuple(groups),
        tuple(notes),
        cautions(shown, words),
    )


def never_present(track: Track) -> bool:
    """Whether an AMR was looked for and not found at every visit that tested the pair."""
    tested = [p for p in track.points if p.state is not PointState.NOT_RECORDED]
    return all(p.verdict is Verdict.ABSENT for p in tested)


def _never(tracks: list[Track], words: Words) -> str:
    """List pairs without a response, each with its counts."""
    items = []
    for track in tracks[:NEVER_LISTED]:
        counts = ", ".join(f"{p.k}/{p.n}" for p in track.points if p.n)
        items.append(f"{place_name(track.place, words)} ({counts})")
    if len(tracks) > NEVER_LISTED:
        items.append(words["more_series"].format(n=len(tracks) - NEVER_LISTED))
    return "; ".join(items)


def _tracks_at(comparison: Comparison, place: Place) -> list[Track]:
    """Return everything that is followed at a place."""
    return [t for t in comparison.tracks if t.place == place]


def _response_group(comparison: Comparison, persistence: Track, words: Words) -> MeasureGroup:
    """Return the visits of one pair of branch and muscle."""
    place = persistence.place
    found = {t.quantity: t for t in _tracks_at(comparison, place)}
    size, part, onset = (
        found[q] for q in (Quantity.AMR_AMPLITUDE, Quantity.AMR_TO_M, Quantity.AMR_ONSET)
    )
    rows = []
    for i, point in enumerate(persistence.points):
        if point.state is PointState.NOT_RECORDED:
            continue
        verdict = point.verdict or Verdict.NOT_ASSESSABLE
        shown = point.value if isfinite(point.value) else 0.0
        cells = (
            _visit_name(comparison, i),
            _verdict(point, verdict, words),
            numbers.persistence(point.k, point.n, point.low, point.high)
            if point.n and isfinite(shown)
            else "",
            _changes(persistence, i, lambda c: difference(c, 100.0, 0, words), words, arrows=True),
            amplitude(size.points[i], words),
            _changes(size, i, lambda c: ratio(c, words), words),
            part_of_m(part.points[i], words),
            numbers.interval(onset.points[i].value, onset.points[i].low, onset.points[i].high, 1),
        )
        rows.append(MeasureRow(cells, TONES[verdict], SYMBOLS[verdict]))
    return MeasureGroup(
        place_name(place, words), tuple(rows), _remark([persistence, size, part], words)
    )


def _verdict(point: Point, verdict: Verdict, words: Words) -> str:
    """Return the verdict of a visit; what the visit cannot say is said so."""
    shown = verdict
    if point.reason is Reason.NO_DIRECT_RESPONSE:
        shown = Verdict.INDETERMINATE
    text = words.common.verdicts[shown]
    if point.overruled:
        text = words["by_hand"].format(verdict=text)
    if point.end_state is not None:
        state = words[f"end_{point.end_state}"]
        text = words["at_end"].format(verdict=text, state=state)
    return text


def direct_tables(comparison: Comparison, words: Words) -> Iterator[MeasureTable]:
    """Yield the direct responses, a line for each muscle and a column for each visit."""
    h, tracks = words.own.headings, comparison.of(Quantity.M_AMPLITUDE)
    n = len(comparison.visits)
    if not tracks:
        return
    for start in range(0, n, MOST_COLUMNS):
        visits = range(start, min(start + MOST_COLUMNS, n))
        rows = tuple(
            MeasureRow((place_name(t.place, words), *(_direct_cell(t, i, words) for i in visits)))
            for t in tracks
        )
        last = visits.stop == n
        yield MeasureTable(
            h["direct"] if start == 0 else "",
            (h["muscle"], *(_visit_name(comparison, i) for i in visits)),
            (DIRECT_WEIGHTS[0], *(DIRECT_WEIGHTS[1] for _ in visits)),
            (MeasureGroup("", rows),),
            (words["direct_note"],) if last else (),
            cautions(tracks, words) if last else (),
        )


def _direct_cell(track: Track, visit: int, words: Words) -> str:
    """Return size, change and current of a direct response."""
    point = track.points[visit]
    if point.state is PointState.NOT_RECORDED:
        return "–"
    if not point.tells:
        reason = words.own.reasons[point.reason]
        return f"{words.common.verdicts['indeterminate']}: {reason}"
    current = point.conditions.intensity_ma
    lines = [
        f"{millivolts(point)} {words.common.sentences['mv']}",
        _changes(track, visit, lambda c: ratio(c, words, " %"), words),
        f"{current:g} {words.common.sentences['ma']}" if isfinite(current) else "",
    ]
    return "\n".join(line for line in lines if line)


def rest_table(comparison: Comparison, words: Words) -> MeasureTable:
    """Return the bursts at rest by side and muscle."""
    h, groups, shown = words.own.headings, [], []
    for track in comparison.of(Quantity.BURSTS):
        if not any(p.tells for p in track.points):
            continue
        found = {t.quantity: t for t in _tracks_at(comparison, track.place)}
        loads = [found[q] for q in (Quantity.LOAD_TIME, Quantity.LOAD_AREA)]
        shown += [track, *loads]
        rows = tuple(
            MeasureRow(tuple(_rest_cells(comparison, track, loads, i, words)))
            for i, point in enumerate(track.points)
            if point.state is not PointState.NOT_RECORDED
        )
        groups.append(MeasureGroup(place_name(track.place, words), rows, _remark([track], words)))
    columns = ("visit", "minutes", "bursts", "of_earlier", "time", "of_earlier", "area")
    return MeasureTable(
        h["rest"],
        (*(h[key] for key in columns), h["of_earlier"]),
        REST_WEIGHTS,
        tuple(groups),
        (words["rest_note"],) if groups else (),
        cautions(shown, words),
    )


def _rest_cells(
    comparison: Comparison, track: Track, loads: list[Track], index: int, words: Words
) -> Iterator[str]:
    """Yield the cells of one visit and muscle."""
    point = track.points[index]
    yield _visit_name(comparison, index)
    yield f"{point.conditions.minutes:.1f}" if isfinite(point.conditions.minutes) else ""
    for each in (track, *loads):
        said = each.points[index]
        yield measured(said) if said.tells else words.common.verdicts["indeterminate"]
        yield _changes(each, index, lambda c: ratio(c, words), words, arrows=True)


def _changes(
    track: Track,
    visit: int,
    text: Callable[[Change], str],
    words: Words,
    *,
    arrows: bool = False,
) -> str:
    """Return the changes that end at a visit, one a line, each with the visit that it is from."""
    here = [c for c in track.changes if c.visit == visit]
    lines = []
    for change in here:
        said = words["not_compared"] if change.refused else text(change)
        if not said:
            continue
        versus = words["versus"].format(n=change.reference + 1) if len(track.points) > 2 else ""
        lines.append(f"{versus}{said}{ARROWS[change.direction] if arrows else ''}")
    return "\n".join(lines)


def _visit_name(comparison: Comparison, index: int) -> str:
    """Return number and day of a visit."""
    return f"{index + 1}  {comparison.visits[index].date}".rstrip()


def _remark(tracks: list[Track], words: Words) -> str:
    """Say what visits cannot say, and which were not compared, each reason once."""
    lines: dict[str, None] = {}
    for track in tracks:
        for i, point in enumerate(track.points):
            if point.reason is not Reason.NONE:
                reason = words.own.reasons[point.reason]
                lines[words["cannot"].format(n=i + 1, reason=reason)] = None
        for change in track.changes:
            if change.refused:
                lines[
                    words["refused"].format(
                        a=change.reference + 1,
                        b=change.visit + 1,
                        reason=caution_words(change.refused, words),
                    )
                ] = None
    return " ".join(lines)


def cautions(tracks: Iterable[Track], words: Words) -> tuple[str, ...]:
    """Return what limits the comparisons of tracks, each once with the visits that it is about."""
    changes = [c for t in tracks for c in t.changes if not c.refused and c.known]
    everything = {(c.reference, c.visit) for c in changes}
    found: dict[Doubt, dict[str, set[tuple[int, int]]]] = {}
    for change in changes:
        for caution in change.cautions:
            details = found.setdefault(caution.doubt, {})
            pair = (change.reference, change.visit)
            details.setdefault(condition_words(caution, words), set()).add(pair)
    out = []
    for doubt in (d for d in Doubt if d in found):
        text = words.own.doubts[doubt]
        parts = [_where(detail, pairs, everything, words) for detail, pairs in found[doubt].items()]
        listed = "; ".join(part for part in parts if part)
        colon = ":" if any(found[doubt]) else ""
        out.append(f"{text[0].upper()}{text[1:]}{colon} {listed}".strip() + ".")
    return tuple(out)


def _where(
    detail: str,
    pairs: set[tuple[int, int]],
    everything: set[tuple[int, int]],
    words: Words,
) -> str:
    """Return what differed and between which visits; these are left out where it holds for all."""
    if pairs == everything:
        return detail
    named = ", ".join(f"{a + 1}–{b + 1}" for a, b in sorted(pairs))
    return f"{detail} {words['between'].format(pairs=named)}".strip()
