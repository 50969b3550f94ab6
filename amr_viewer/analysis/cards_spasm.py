"""The scorecards of spasm: hemifacial and hemimasticatory."""

from __future__ import annotations

from math import isfinite, log

from amr_viewer.analysis.face_facts import FaceFacts
from amr_viewer.analysis.pattern_points import (
    AMR_ABSENT,
    AMR_PRESENT,
    BABINSKI_ABSENT,
    BABINSKI_PRESENT,
    CARDINAL,
    CLEAR,
    SLIGHT,
    SOME,
    active,
    enough,
    joined,
    lag_of,
    lag_words,
    lateralization,
    number_words,
    one_sided,
    pair_words,
    rate_words,
    rhythm_words,
    rhythmic,
    side_name,
    side_words,
    single_words,
    together_points,
)
from amr_viewer.analysis.scorecard import Card, graded, shown
from amr_viewer.analysis.side_facts import SideFacts
from amr_viewer.core.anatomy import Side
from amr_viewer.core.parameters import PatternParameters
from amr_viewer.core.patterns import Conclusion, Estimate

LEAST_SIGNS = 10
"""Bursts that the other Babinski sign rests on: docs/criteria.md 18"""

LONGEST_SALVO_S = 2.0
FLUCTUATES = 0.25
TONIC_SHARE = 0.25
SEQUENCES = 0.25
SILENT = 0.2


def hemifacial(face: FaceFacts, main: SideFacts, p: PatternParameters, amr: str) -> Card:
    """Score muscles of one side that one focus drives at irregular times."""
    out = Card(spasm_kind(main, p), side_name(main.side))
    drive = together_points(main, p)
    apart = _sides_apart(face, p)
    if apart:
        out.side = "both"
    out.need("number", active(face, main, p), number_words(main))
    out.need(
        "several muscles",
        drive > -0.5 if isfinite(drive) else None if len(main.channels) < 2 else False,
        pair_words(main.best)
        if not main.all_copies
        else "one active muscle; the others hold no more than may be conducted from it",
    )
    sided = one_sided(face, p)
    out.need("one side", apart or not sided < 0.0, side_words(face))
    out.need(
        "no single discharges",
        main.single_share < 0.8,
        single_words(main),
    )
    out.weigh("synchrony", CARDINAL * drive, pair_words(main.best))
    limit = p.lag_needle_ms if main.needle else p.lag_surface_ms
    if drive > 0.0:
        out.weigh("lag", SOME * graded(lag_of(main.best), 2.5 * limit, limit), lag_words(main.best))
    if not apart:
        out.weigh("one side", CLEAR * sided, side_words(face))
    else:
        out.weigh("sides apart", SOME, "both sides burst, at different times")
    _course(out, main, p)
    _support(out, face, main, p, amr)
    return out


def _sides_apart(face: FaceFacts, p: PatternParameters) -> bool:
    """Whether both sides have synchronous bursts of their own, at different times."""
    both = [face.sides[s] for s in Side if s in face.sides]
    if len(both) < 2 or abs(lateralization(face)) >= p.unilateral:
        return False
    alone = all(together_points(f, p) >= 1.0 - 1e-6 and enough(f, p) for f in both)
    across = [joined(pair, p) for pair in face.across]
    return alone and all(not value > -1.0 for value in across)


def _course(out: Card, main: SideFacts, p: PatternParameters) -> None:
    """Weigh how spasms recur, how fast they are, and that they do not wane evenly."""
    beat = main.beat
    if isfinite(beat.alike):
        # Bursts may recur evenly within a salvo; it is over within two seconds.
        rhythm = rhythmic(main, p)
        points = -CLEAR * (rhythm if beat.run_s >= LONGEST_SALVO_S else min(rhythm, 0.0))
        out.weigh("irregular", points, rhythm_words(main))
    if isfinite(main.train_cv):
        regular = graded(main.train_cv, 0.5 * p.regular_cv, p.regular_cv)
        out.weigh(
            "recurrence", CLEAR * min(regular, 0.0), f"variation of intervals {main.train_cv:.2f}"
        )
    if main.needle and main.rate_hz.n >= 3:
        # A fluctuating spasm is fast for part of the time only.
        value = main.rate_hz.q75 if main.n_tonic >= p.min_tonic else main.rate_hz.median
        fast = graded(log(max(value, 0.1)), log(p.rate_myokymia_high_hz), log(p.rate_hfs_low_hz))
        fits = value <= 1.2 * p.rate_hfs_high_hz
        out.weigh("rate 150-400 Hz", CARDINAL * (fast if fits else 0.0), rate_words(main))
    if main.n_long >= p.min_tonic:
        out.weigh(
            "no decrement",
            CARDINAL * min(graded(main.fall_share, 0.8, 0.3), 0.0),
            f"amplitude falls evenly in {100 * main.fall_share:.0f} % of {main.n_long} long bursts",
        )


def _support(out: Card, face: FaceFacts, main: SideFacts, p: PatternParameters, amr: str) -> None:
    """Weigh what supports hemifacial spasm beside its definition."""
    sign = face.babinski.get(main.side, Estimate())
    if sign.known and sign.n >= LEAST_SIGNS:
        points = 0.0
        if sign.value >= p.babinski_present:
            points = BABINSKI_PRESENT
        elif sign.value <= p.babinski_absent:
            points = BABINSKI_ABSENT
        words = f"other Babinski sign {shown(sign)}, {sign.n} bursts"
        out.weigh("other Babinski sign", points, words)
    if amr == "present":
        words = "abnormal muscle response present, as also in 4 of 5 with synkinesis"
        out.weigh("AMR", AMR_PRESENT, words)
    elif amr == "absent":
        out.weigh("AMR", AMR_ABSENT, "no abnormal muscle response, as in 4 % of those operated on")
    if face.sleep.known and face.sleep.n >= 5:
        out.weigh("sleep", SLIGHT, f"{face.sleep.n} episodes asleep")
    if main.n_tonic >= p.min_tonic and isfinite(main.fluctuation):
        out.weigh(
            "fluctuation",
            SLIGHT * graded(main.fluctuation, 0.1, 2.0 * FLUCTUATES),
            f"envelope of tonic bursts fluctuates by {100 * main.fluctuation:.0f} %",
        )


def spasm_kind(main: SideFacts, p: PatternParameters) -> Conclusion:
    """Return which of the two patterns of hemifacial spasm there is, or both.

    Both: short bursts that run into prolonged ones in a quarter of these at least, or chains of
    short bursts of their own beside them.
    """
    course = main.course
    if main.n_tonic < p.min_tonic:
        return Conclusion.HFS_CLONIC
    runs = course.n_sequences >= max(2.0, SEQUENCES * main.n_tonic)
    alone = course.n_alone >= max(p.min_clonic, main.n_tonic)
    if course.tonic_share < TONIC_SHARE and not runs:
        return Conclusion.HFS_CLONIC
    return Conclusion.HFS_CLONIC_TONIC if runs or alone else Conclusion.HFS_TONIC


def hemimasticatory(face: FaceFacts, p: PatternParameters) -> Card:
    """Score bursts of masseter or temporalis of one side, without muscles of the facial nerve."""
    out = Card(Conclusion.HEMIMASTICATORY)
    main = max(face.masticatory.values(), key=lambda f: f.n, default=None)
    if main is None:
        out.need("masseter", False, "no masseter or temporalis was recorded")
        return out
    out.side = side_name(main.side)
    others = [f.n for s, f in face.masticatory.items() if s is not main.side]
    facial = max((f.n_strong for f in face.sides.values()), default=0)
    share = min(facial / max(main.n, 1), face.facial_part)
    out.need("number", enough(main, p), f"of masseter or temporalis {number_words(main)}")
    out.need(
        "facial muscles silent",
        share <= 0.8,
        f"{facial} bursts of muscles of the facial nerve on one side",
    )
    out.weigh("masticatory bursts", CARDINAL, f"{main.n} bursts of masseter or temporalis")
    out.weigh(
        "facial muscles silent",
        CARDINAL * graded(share, 0.8, 1.5 * SILENT),
        f"{facial} bursts of muscles of the facial nerve on one side"
        + (f", {100 * face.facial_part:.0f} % in area" if face.facial_part < 1.0 else ""),
    )
    if others:
        part = max(others) / max(main.n, 1)
        out.weigh("one side", CLEAR * graded(part, 0.6, SILENT), f"{max(others)} on the other side")
    if isfinite(main.beat.alike):
        out.weigh(
            "irregular",
            -SOME * rhythmic(main, p),
            rhythm_words(main),
        )
    return out
