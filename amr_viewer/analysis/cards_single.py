"""The scorecards of muscles on their own: fasciculation, myokymia, neuromyotonia."""

from __future__ import annotations

from math import isfinite

from amr_viewer.analysis.face_facts import FaceFacts
from amr_viewer.analysis.pattern_points import (
    CARDINAL,
    CLEAR,
    SLIGHT,
    SOME,
    pair_words,
    rate_points,
    rate_words,
    single_words,
    together_points,
    where,
)
from amr_viewer.analysis.scorecard import Card, graded
from amr_viewer.analysis.side_facts import SideFacts
from amr_viewer.core.parameters import PatternParameters
from amr_viewer.core.patterns import Conclusion

GROUP_MS = (40.0, 1200.0)
"""A myokymic group lasts 50-900 ms; single discharges recur as uniformly."""

SINGLE = 0.8
UNIFORM_CV = 0.2
"""Continuous myokymia: single discharges at intervals that vary by less (docs/criteria.md 18)."""

ABRUPT_S = 0.08
RAMP_S = 0.25
"""Trains that begin at once, and those that are recruited; the envelope adds 50 ms."""


def apart(out: Card, main: SideFacts, p: PatternParameters) -> None:
    """Weigh that each muscle goes its own way; nothing is said where one alone is active."""
    drive = together_points(main, p)
    if isfinite(drive):
        out.weigh("asynchronous", -CLEAR * drive, pair_words(main.best))


def _many(face: FaceFacts, main: SideFacts, p: PatternParameters) -> bool:
    """Whether there are single events enough, and more than no activity allows."""
    per_min = main.n_strong / max(face.units.rest_s / 60.0, 1e-9)
    return main.n_strong >= p.min_clonic and per_min >= p.rest_rate_max


def fasciculation(face: FaceFacts, main: SideFacts, p: PatternParameters) -> Card:
    """Score single discharges at random, no two muscles together."""
    out = Card(Conclusion.FASCICULATION, where(face, main, p))
    words = single_words(main)
    out.need("number", _many(face, main, p), f"{main.n_strong} events that no noise makes")
    out.need("single discharges", main.single_share >= 0.5, words)
    out.weigh("single discharges", CARDINAL * graded(main.single_share, 0.5, SINGLE), words)
    apart(out, main, p)
    out.weigh(
        "random",
        CLEAR * graded(main.train_cv, UNIFORM_CV, p.irregular_cv),
        f"variation of intervals {main.train_cv:.2f}",
    )
    return out


def myokymia(face: FaceFacts, main: SideFacts, p: PatternParameters) -> Card:
    """Score groups of slow discharges, regular in each muscle, no two muscles together."""
    out = Card(Conclusion.MYOKYMIA, where(face, main, p))
    single = main.single_share >= SINGLE
    limit = UNIFORM_CV if single else p.regular_cv
    out.need("number", _many(face, main, p), f"{main.n_strong} events that no noise makes")
    out.need(
        "regular", main.train_cv < 2.0 * limit, f"variation of intervals {main.train_cv:.2f}"
    ) if isfinite(main.train_cv) else out.need("regular", False, "too few groups in any muscle")
    out.weigh(
        "regular",
        CARDINAL * graded(main.train_cv, 1.6 * limit, limit),
        f"variation of intervals {main.train_cv:.2f}",
    )
    apart(out, main, p)
    low, high = GROUP_MS
    grouped = single or low <= main.train_ms.median <= high
    out.weigh(
        "grouped",
        SOME if grouped else -CLEAR,
        f"median duration of a group {main.train_ms.median:.0f} ms",
    )
    if not single:
        slow = rate_points(main, 2.0 * p.rate_myokymia_high_hz, p.rate_myokymia_high_hz)
        fits = main.rate_hz.median >= p.rate_myokymia_low_hz
        out.weigh(
            "rate", CLEAR * (slow if fits else -1.0) if isfinite(slow) else slow, rate_words(main)
        )
        out.weigh("abrupt", *_abrupt(main))
    _falls(out, main, p, -CLEAR)
    return out


def _abrupt(main: SideFacts) -> tuple[float, str]:
    """Return points and words of how trains begin."""
    return SLIGHT * graded(main.rise_s, RAMP_S, ABRUPT_S), f"rise in {1e3 * main.rise_s:.0f} ms"


def _falls(out: Card, main: SideFacts, p: PatternParameters, points: float) -> None:
    """Weigh that the amplitude of long bursts falls evenly; points below 0 only oppose."""
    if main.n_long < p.min_tonic:
        return
    share = graded(main.fall_share, 0.3, 0.7)
    words = f"amplitude falls evenly in {100 * main.fall_share:.0f} % of {main.n_long} long bursts"
    out.weigh("decrement", points * (share if points > 0.0 else max(share, 0.0)), words)


def neuromyotonia(face: FaceFacts, main: SideFacts, p: PatternParameters) -> Card:
    """Score long trains at high rate whose amplitude falls, no two muscles together."""
    out = Card(Conclusion.NEUROMYOTONIA, where(face, main, p))
    words = (
        f"{100 * main.long_share:.0f} % of the active time in bursts of 500 ms and more"
        if isfinite(main.long_share)
        else "no bursts"
    )
    out.need("long", main.n_long >= p.min_tonic and main.long_share >= 0.4, words)
    out.weigh("long", SOME * graded(main.long_share, 0.4, 0.8), words)
    _falls(out, main, p, CARDINAL)
    apart(out, main, p)
    fast = rate_points(main, p.rate_myokymia_high_hz, p.rate_neuromyotonia_low_hz)
    out.weigh("rate", CLEAR * fast, rate_words(main))
    out.weigh("abrupt", *_abrupt(main))
    if isfinite(main.train_cv):
        regular = graded(main.train_cv, p.irregular_cv, p.regular_cv)
        out.weigh(
            "irregular", -SOME * max(regular, 0.0), f"variation of intervals {main.train_cv:.2f}"
        )
    return out
