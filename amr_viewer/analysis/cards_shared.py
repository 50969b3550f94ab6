"""The scorecards of muscles that go together: blepharospasm, cortical jerks, effort."""

from __future__ import annotations

from math import isfinite

from amr_viewer.analysis.cards_single import ABRUPT_S, RAMP_S
from amr_viewer.analysis.face_facts import FaceFacts
from amr_viewer.analysis.pattern_points import (
    CARDINAL,
    CLEAR,
    SOME,
    active,
    joined,
    lag_of,
    length_words,
    number_words,
    one_sided,
    pair_words,
    rate_points,
    rate_words,
    rhythm_words,
    rhythmic,
    side_words,
    together_points,
    where,
)
from amr_viewer.analysis.scorecard import Card, graded, shown
from amr_viewer.analysis.side_facts import SideFacts
from amr_viewer.core.parameters import PatternParameters
from amr_viewer.core.patterns import Conclusion, Synchrony

EYES_LAG_MS = 20.0
EYES_MORE = 0.2
JERKS_S = (0.1, 3.4)
"""Intervals of cortical jerks: 0.3-10 Hz."""

LEAST_JERKS = 20
LEAST_RUN_S = 2.0
"""Salvos of spasm last less: docs/criteria.md 18."""

EFFORT_MS = (150.0, 500.0)
LEAST_LAGS = 5
SLOW_LAG_MS = (10.0, 25.0)
"""Voluntary muscles set in 20 ms and more after each other, or variably by 15."""


def blepharospasm(face: FaceFacts, main: SideFacts, p: PatternParameters) -> Card:
    """Score both eyes together, without frontalis."""
    out = Card(Conclusion.BLEPHAROSPASM, "both")
    if face.eyes is None:
        out.need("both eyes", False, "not both orbiculares oculi were recorded")
        return out
    drive = _eyes(face.eyes, p)
    words = f"orbiculares oculi: {pair_words(face.eyes)}"
    out.need("number", active(face, main, p), number_words(main))
    out.need("both eyes together", drive > -0.5, words)
    out.weigh("both eyes together", CARDINAL * drive, words)
    lag = lag_of(face.eyes)
    if drive > 0.0:
        out.weigh(
            "lag",
            SOME * graded(lag, 2.0 * EYES_LAG_MS, EYES_LAG_MS),
            f"orbiculares oculi within {lag:.0f} ms",
        )
    if isfinite(face.eyes_li):
        out.weigh(
            "bilateral",
            CLEAR * graded(abs(face.eyes_li), p.unilateral, 1.5 * p.bilateral),
            f"lateralization of the eyes {face.eyes_li:.2f}",
        )
    if isfinite(face.eyes_share):
        out.weigh(
            "eyes alone",
            SOME * graded(face.eyes_share, 0.3, 0.7),
            f"{100 * face.eyes_share:.0f} % of the activity around the eyes",
        )
    signs = [e for s, e in face.babinski.items() if s is not None and e.known and e.n >= 10]
    if signs:
        sign = max(signs, key=lambda e: e.value)
        present = graded(sign.value, p.babinski_absent, p.babinski_present)
        out.weigh(
            "no other Babinski sign",
            -CARDINAL * present if present > 0.0 else -SOME * present,
            f"other Babinski sign {shown(sign)}",
        )
    return out


def _eyes(pair: Synchrony, p: PatternParameters) -> float:
    """Return -1 for eyes each on their own to 1 for both as one.

    Effort of both sides begins nearly together too, so that more is asked than of one side.
    """
    low, high = p.envelope_apart + EYES_MORE, p.envelope_together + EYES_MORE
    by_envelope = graded(pair.envelope_r, low, high)
    return by_envelope if isfinite(by_envelope) else joined(pair, p)


def cortical(face: FaceFacts, main: SideFacts, p: PatternParameters) -> Card:
    """Score short jerks in a rhythm of 0.3-10 Hz."""
    out = Card(Conclusion.CORTICAL, where(face, main, p))
    beat, pieces = main.beat, main.course.duration_s
    middle_ms = 1e3 * float(sorted(pieces)[len(pieces) // 2]) if len(pieces) else 0.0
    out.need("number", main.n_clonic >= LEAST_JERKS, number_words(main))
    if not isfinite(beat.alike):
        out.need("rhythmic", False, "too few bursts for a rhythm")
        return out
    low, high = JERKS_S
    out.need("rate of jerks", 0.9 * low <= beat.period_s <= high, f"every {beat.period_s:.2f} s")
    out.need(
        "sustained rhythm",
        beat.run_s >= LEAST_RUN_S,
        f"runs of {beat.run_s:.1f} s; salvos of spasm are shorter",
    )
    out.weigh(
        "rhythmic",
        CARDINAL * rhythmic(main, p),
        rhythm_words(main),
    )
    out.weigh(
        "short",
        CLEAR * graded(middle_ms, 2.0 * p.jerk_max_ms, p.jerk_max_ms),
        f"median duration {middle_ms:.0f} ms",
    )
    out.weigh("together", SOME * together_points(main, p), pair_words(main.best))
    out.weigh("one side", SOME * one_sided(face, p), side_words(face))
    if main.n_tonic >= p.min_tonic:
        share = main.course.tonic_share
        out.weigh("no tonic bursts", -CLEAR * graded(share, 0.0, 0.2), number_words(main))
    return out


def effort(face: FaceFacts, main: SideFacts, p: PatternParameters) -> Card:
    """Score long contractions whose muscles set in one after the other, on both sides."""
    out = Card(Conclusion.VOLUNTARY, where(face, main, p))
    out.need("number", active(face, main, p), number_words(main))
    out.need(
        "not short",
        main.train_ms.median >= EFFORT_MS[0] and main.n_long >= p.min_tonic,
        length_words(main),
    )
    out.weigh(
        "long",
        CLEAR * graded(main.train_ms.median, *EFFORT_MS),
        length_words(main),
    )
    drive = together_points(main, p)
    out.weigh("no common drive", -CLEAR * drive, pair_words(main.best))
    if main.best is not None and main.best.lag_ms.n >= LEAST_LAGS:
        lag = main.best.lag_ms
        late = max(abs(lag.median), lag.iqr)
        out.weigh(
            "muscles set in apart",
            SOME * graded(late, *SLOW_LAG_MS),
            f"lag between muscles up to {late:.0f} ms",
        )
    both = -one_sided(face, p)
    # Functional spasm is often of one side: that says little against it.
    out.weigh("both sides", both * (CLEAR if both > 0.0 else SOME), side_words(face))
    out.weigh(
        "ramp", SOME * graded(main.rise_s, ABRUPT_S, RAMP_S), f"rise in {1e3 * main.rise_s:.0f} ms"
    )
    slow = rate_points(main, p.rate_hfs_low_hz, p.rate_voluntary_high_hz)
    out.weigh("rate", CLEAR * slow, rate_words(main))
    if main.n_long >= p.min_tonic:
        falls = graded(main.fall_share, 0.4, 0.8)
        out.weigh(
            "no decrement",
            -CLEAR * max(falls, 0.0),
            f"amplitude falls evenly in {100 * main.fall_share:.0f} % of {main.n_long} long bursts",
        )
    if isfinite(main.train_cv):
        regular = graded(main.train_cv, p.irregular_cv, p.regular_cv)
        out.weigh(
            "irregular", -CLEAR * max(regular, 0.0), f"variation of intervals {main.train_cv:.2f}"
        )
    return out
