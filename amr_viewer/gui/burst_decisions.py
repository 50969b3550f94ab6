"""From what a person does with bursts to decisions that a review can hold; changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from amr_viewer.analysis.burst_deciding import match_bursts
from amr_viewer.analysis.burst_shape import kinds
from amr_viewer.core.bursts import SET_ASIDE_WORDS, BurstKind, Bursts, SetAside
from amr_viewer.core.decisions import BurstDecision, BurstKey, BurstSaid, burst_key, occurrences
from amr_viewer.core.parameters import BurstParameters
from amr_viewer.core.phrases import Phrase
from amr_viewer.core.review import Review

Who = tuple[str, str]
Measure = Callable[[int, float, float], tuple[float, float] | None]
"""Peak and area of a channel between two times, None where there is no signal."""

MOST_NAMED = 3
SAID: dict[int, BurstSaid] = {
    BurstKind.OTHER: "other", BurstKind.CLONIC: "clonic", BurstKind.TONIC: "tonic",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stretch:
    """A burst to be: its channel (index into ``Recording.channels``) and its limits."""

    channel: int
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Said:
    """Decisions, and what was there before a person decided."""

    decisions: tuple[BurstDecision, ...]
    was: dict[BurstKey, Phrase]


def named(bursts: Bursts, rows: Sequence[int], kind: BurstSaid, who: Who) -> Said:
    """Return that bursts are of another kind, or none; their limits stay."""
    names, made, was = _names(bursts), [], {}
    for row in rows:
        label, place = names[int(bursts.channel[row])]
        by_hand = bool(bursts.manual[row])
        peak, area = float(bursts.peak_uv[row]), float(bursts.area_uv_s[row])
        decision = BurstDecision(
            channel=label,
            occurrence=place,
            start_s=float(bursts.start_s[row]),
            duration_ms=float(bursts.duration_ms[row]),
            kind=kind,
            peak_uv=peak if by_hand and isfinite(peak) else None,
            area_uv_s=area if by_hand and isfinite(area) else None,
            author=who[0],
            at=who[1],
        )
        made.append(decision)
        was[decision.key] = row_words(bursts, row)
    return Said(tuple(made), was)


def made(
    bursts: Bursts,
    stretches: Sequence[Stretch],
    rows: Sequence[int],
    parameters: BurstParameters,
    measure: Measure,
    who: Who,
    kind: BurstSaid | None = None,
) -> Said:
    """Return that there are bursts in some stretches, in the place of those of some rows.

    Their kind follows from their duration, unless it is given.
    """
    names, out = _names(bursts), []
    words = rows_words(bursts, rows)
    for s in stretches:
        label, place = names[s.channel]
        size = measure(s.channel, s.start_s, s.end_s)
        duration_ms = 1e3 * (s.end_s - s.start_s)
        decision = BurstDecision(
            channel=label,
            occurrence=place,
            start_s=s.start_s,
            duration_ms=duration_ms,
            kind=kind or kind_of(duration_ms, parameters),
            peak_uv=size[0] if size else None,
            area_uv_s=size[1] if size else None,
            author=who[0],
            at=who[1],
        )
        out.append(decision)
    return Said(tuple(out), {d.key: words for d in out})


def kind_of(duration_ms: float, parameters: BurstParameters) -> BurstSaid:
    """Return the kind of a burst of some duration."""
    return SAID[int(kinds(np.array([duration_ms]), np.ones(1), parameters)[0])]


def around(bursts: Bursts, rows: Sequence[int]) -> Stretch:
    """Return the stretch from the first to the last of some bursts of one channel."""
    at = list(rows)
    start, end = float(bursts.start_s[at].min()), float(bursts.end_s[at].max())
    return Stretch(int(bursts.channel[at[0]]), start, end)


def parted(bursts: Bursts, row: int, at_s: float) -> tuple[Stretch, Stretch]:
    """Return the two stretches of a burst that is parted at a time within it."""
    channel = int(bursts.channel[row])
    start, end = float(bursts.start_s[row]), float(bursts.end_s[row])
    return Stretch(channel, start, at_s), Stretch(channel, at_s, end)


def row_words(bursts: Bursts, row: int) -> Phrase:
    """Return what a burst is, for the log."""
    reason = SetAside(int(bursts.set_aside[row]))
    by_hand = bool(bursts.manual[row])
    if reason is not SetAside.NONE:
        code = "burst_aside" if by_hand else "burst_aside_found"
        return Phrase(code=code, reason=SET_ASIDE_WORDS[reason])
    code = "burst_said" if by_hand else "burst_found"
    kind, duration_ms = SAID[int(bursts.kind[row])], float(bursts.duration_ms[row])
    return Phrase(code=code, kind=kind, duration_ms=duration_ms)


def rows_words(bursts: Bursts, rows: Sequence[int]) -> Phrase:
    """Return what some bursts are, for the log."""
    if not len(rows):
        return Phrase(code="no_burst")
    if len(rows) > MOST_NAMED:
        return Phrase(code="burst_count", n=len(rows))
    return Phrase(code="burst_several", parts=[row_words(bursts, row) for row in rows])


@dataclass(frozen=True, slots=True)
class Restored:
    """Decisions behind some bursts; `added` are those where the program found nothing."""

    keys: frozenset[BurstKey]
    added: frozenset[BurstKey]


def decided_on(automatic: Bursts, bursts: Bursts, rows: Iterable[int], review: Review) -> Restored:
    """Return the decisions behind some bursts, and which of these the program knows nothing of.

    Parts of a burst that was split go together: one without the other would stand for the whole.
    """
    match = match_bursts(automatic, review.bursts)
    owned = dict(zip((d.key for d in match.decisions), match.rows, strict=True))
    shown: dict[BurstKey, BurstKey] = {}
    sharing: dict[int, list[BurstKey]] = {}
    for d in match.decisions:
        for row in owned[d.key].tolist():
            sharing.setdefault(row, []).append(d.key)
            if d.kind == "none":
                at = burst_key(float(automatic.start_s[row]), d.channel, d.occurrence)
                shown[at] = d.key
        if d.kind != "none":
            shown[d.key] = d.key
    names = _names(bursts)
    told = (burst_key(float(bursts.start_s[r]), *names[int(bursts.channel[r])]) for r in rows)
    waiting = [shown[key] for key in told if key in shown]
    chosen: set[BurstKey] = set()
    while waiting:
        key = waiting.pop()
        if key not in chosen:
            chosen.add(key)
            waiting += [k for row in owned[key].tolist() for k in sharing[row]]
    return Restored(frozenset(chosen), frozenset(k for k in chosen if not len(owned[k])))


def _names(bursts: Bursts) -> dict[int, tuple[str, int]]:
    """Return label and place among namesakes of each channel."""
    labels = [c.label for c in bursts.channels]
    places = occurrences(labels)
    return {c.index: (c.label, n) for c, n in zip(bursts.channels, places, strict=True)}
