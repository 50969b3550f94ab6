"""The scorecards of what is silent at rest: synkinesis, movements asked for, no activity."""

from __future__ import annotations

from math import isfinite, nan

from amr_viewer.analysis.face_facts import FaceFacts
from amr_viewer.analysis.pattern_points import (
    CARDINAL,
    CLEAR,
    SOME,
    rest_per_min,
    side_name,
)
from amr_viewer.analysis.provoked import LEAST_TRIGGERS, Answers
from amr_viewer.analysis.scorecard import Card, graded
from amr_viewer.core.anatomy import Side
from amr_viewer.core.parameters import PatternParameters
from amr_viewer.core.patterns import Conclusion

COPY_LAG_MS = 12.0
"""A companion follows within 10 ms; envelopes are measured to 2 ms."""

HIDDEN = 2.0 / 3.0
"""Part of the answers that is asked for where noise and blinks that were missed hide some."""

MUCH = 4.0
"""Events a minute at rest, in times of what is allowed, that no blink or cue left over makes."""


def synkinesis(face: FaceFacts, side: Side | None, p: PatternParameters) -> Card:
    """Score muscles of one side that join each blink or movement, and are silent at rest."""
    out = Card(Conclusion.SYNKINESIS, side_name(side))
    opposite = side.opposite if side is not None else None
    told = [
        (_companion(answers[side], answers.get(opposite), p), trigger, answers)
        for answers, trigger in ((face.cues, "movements asked for"), (face.lids, "blinks"))
        if answers[side].n >= LEAST_TRIGGERS
    ]
    if not told:
        out.need("contingent", False, "too few blinks or movements that were asked for")
        return out
    points, trigger, answers = max(told, key=lambda t: t[0])
    mine = answers[side]
    out.need("contingent", points > -0.5, _companion_words(mine, trigger))
    out.weigh("contingent", (CARDINAL + SOME) * points, _companion_words(mine, trigger))
    close = graded(mine.close_r, p.envelope_apart, p.envelope_together)
    if isfinite(close):
        at_once = abs(mine.close_lag_ms) <= COPY_LAG_MS
        out.weigh(
            "at once",
            CLEAR * max(close, 0.0) if at_once else 0.0,
            f"its envelope follows another muscle's with r {mine.close_r:.2f}, "
            f"{abs(mine.close_lag_ms):.0f} ms apart",
        )
    other = answers.get(opposite) if opposite else None
    if other is not None and isfinite(other.extra):
        out.weigh(
            "one side",
            SOME * graded(other.extra, 0.5, 0.2),
            f"the other side does so in {100 * other.extra:.0f} %",
        )
    _silent(out, face, p)
    return out


def _companion(answers: Answers, other: Answers | None, p: PatternParameters) -> float:
    """Return -1 for movements alike on both sides to 1 for a companion on one side alone."""
    if isfinite(answers.extra):
        less = other.extra if other is not None and isfinite(other.extra) else 0.0
        # Noise hides a part of the answers.
        return graded(answers.extra - less, 0.1, HIDDEN * p.contingent)
    close = graded(answers.close_r, p.envelope_apart, p.envelope_together)
    return close if abs(answers.close_lag_ms) <= COPY_LAG_MS else -1.0


def _companion_words(answers: Answers, trigger: str) -> str:
    """Return how often a companion joins, in words."""
    if isfinite(answers.extra):
        return (
            f"a muscle that the other side does not move joins {100 * answers.extra:.0f} % of "
            f"{answers.n} {trigger}"
        )
    return f"{answers.n} {trigger} move this side; the other side was not recorded"


def _silent(out: Card, face: FaceFacts, p: PatternParameters) -> None:
    """Ask for rest."""
    per_min = rest_per_min(face)
    tonic = max((f.n_tonic for f in face.sides.values()), default=0)
    words = f"{per_min:.1f} bursts/min at rest"
    limit = p.rest_rate_max
    # Parts of blinks and of movements that outlast their mark are no activity of their own.
    left_over = (face.n_blinks + face.n_cues) / max(face.units.total_s / 60.0, 1e-9)
    allowed = MUCH * limit + 0.25 * left_over
    out.need("silent at rest", per_min <= 2.0 * allowed, words)
    points = graded(per_min, allowed, limit)
    if tonic >= p.min_tonic:
        points = min(points, 0.0)
    out.weigh("silent at rest", CARDINAL * points, words)


def movements(face: FaceFacts, p: PatternParameters) -> Card:
    """Score movements that were asked for, alike on both sides, and nothing else."""
    out = Card(Conclusion.VOLUNTARY)
    n, k = face.n_cues, face.n_answered
    if n < LEAST_TRIGGERS:
        out.need("cued", False, "no movements were asked for, or too few")
        return out
    words = f"{k} of {n} movements asked for are made"
    out.need("cued", k >= 0.3 * n, words)
    out.weigh("cued", CLEAR * graded(k / n, 0.3, 0.7), words)
    apart = [_contrast(answers) for answers in (face.cues, face.lids)]
    known = [v for v in apart if isfinite(v)]
    if known:
        out.weigh(
            "both sides alike",
            CARDINAL * graded(max(known), HIDDEN * p.contingent, 0.1),
            f"the sides differ in {100 * max(known):.0f} % of movements or blinks at most",
        )
    close = [a.close_r for a in face.cues.values() if isfinite(a.close_r)]
    if close:
        out.weigh(
            "no common drive",
            SOME * graded(max(close), p.envelope_together, p.envelope_apart),
            f"envelopes of two muscles in movements correlate with r {max(close):.2f}",
        )
    _silent(out, face, p)
    used = [s for s, a in face.cues.items() if a.n >= 0.3 * n]
    out.side = "both" if len(used) > 1 else side_name(used[0]) if used else ""
    return out


def _contrast(answers: dict[Side | None, Answers]) -> float:
    """Return how much more often one side has a companion than the other."""
    known = [a.extra for a in answers.values() if isfinite(a.extra)]
    return max(known) - min(known) if len(known) > 1 else nan


def no_activity(face: FaceFacts, p: PatternParameters) -> Card:
    """Score rest: nothing but blinks."""
    out = Card(Conclusion.NO_ACTIVITY)
    tonic = max((f.n_tonic for f in face.sides.values()), default=0)
    _silent(out, face, p)
    out.need("no tonic bursts", tonic < p.min_tonic, f"{tonic} tonic bursts")
    if face.n_cues >= LEAST_TRIGGERS:
        part = face.n_answered / face.n_cues
        out.weigh(
            "no movements",
            CARDINAL * graded(part, 0.3, 0.05),
            f"{face.n_answered} of {face.n_cues} movements asked for are made",
        )
    extra = [a.extra for a in face.lids.values() if isfinite(a.extra)]
    if extra:
        out.weigh(
            "blinks of the eyes alone",
            SOME if max(extra) < 0.2 else -CARDINAL * max(graded(max(extra), 0.2, 0.7), 0.0),
            f"another muscle joins {100 * max(extra):.0f} % of the blinks on one side",
        )
    return out
