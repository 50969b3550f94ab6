"""The patterns as ordered rules: what must hold for each, and what supports it.

Which rule stops the search, and how sure that is, is left to `patterns`.
"""

from __future__ import annotations

from math import isfinite

from amr_viewer.analysis.face_facts import Answers, FaceFacts
from amr_viewer.analysis.pattern_checks import Candidate, shown
from amr_viewer.analysis.side_facts import SideFacts
from amr_viewer.core.anatomy import Side
from amr_viewer.core.parameters import PatternParameters
from amr_viewer.core.patterns import Conclusion, Estimate, Synchrony

EYES_LAG_MS = 20.0
LOCAL_CV = 0.3
JERKS_S = (0.1, 3.4)
"""Intervals of cortical jerks: 0.3-10 Hz."""

LEAST_JERKS = 20
LEAST_RUN_S = 2.0
GROUP_MS = (40.0, 1200.0)
"""Length of a myokymic burst."""

UNILATERAL_AREA = 0.9
RAMP_MS = 100.0
SINGLE = 0.8
SPARSE = 0.7
FEW = 0.2
LEAST_TRIGGERS = 5
COPY_LAG_MS = 15.0
COPY_IQR_MS = 20.0
STEADY_IQR_MS = 15.0
SLOW_LAG_MS = 15.0
ACCEPTED_HZ = 100.0
SOME_SYNCHRONY = 0.35
"""Between asynchronous and this a pattern of independent muscles is not refuted."""


def side_name(side: Side | None) -> str:
    """Return the word of a side, empty for an unknown one."""
    return side.value if side is not None else ""


def one_side(face: FaceFacts, p: PatternParameters) -> bool | None:
    """Whether the activity is on one side; None where only one was recorded."""
    if not face.both_sides:
        return None
    if not face.lateralization.known:
        return False
    value, area = face.lateralization.value, face.lateralization_area
    # Many small bursts of one side, blinks for instance, weigh little in area.
    return abs(value) >= p.unilateral or (area * value > 0.0 and abs(area) >= UNILATERAL_AREA)


def where(face: FaceFacts, main: SideFacts, p: PatternParameters) -> str:
    """Return where the activity is."""
    if one_side(face, p) is False:
        return "both"
    return side_name(main.side)


def synchronous(main: SideFacts, p: PatternParameters) -> bool | None:
    """Whether muscles of the side burst together; None where fewer than two are active."""
    if main.best is None:
        return None
    return main.best.index.value >= p.synchronous


def independent(main: SideFacts, p: PatternParameters) -> bool | None:
    """Whether no muscles of the side burst together; None where fewer than two are active."""
    if main.best is None:
        return None
    return main.best.index.value < max(p.asynchronous, SOME_SYNCHRONY)


def _pair_words(pair: Synchrony | None) -> str:
    """Return a pair's synchrony and lag in words."""
    if pair is None:
        return "fewer than two active muscles"
    lag = pair.lag_ms
    return (
        f"synchrony index {shown(pair.index)}, lag {lag.median:.1f} ms "
        f"(quartiles {lag.q25:.1f} to {lag.q75:.1f})"
    )


def _li_words(face: FaceFacts) -> str:
    """Return the lateralization in words."""
    if not face.both_sides:
        return "only one side was recorded"
    return f"lateralization {shown(face.lateralization)}"


def _lag_limit(main: SideFacts, p: PatternParameters) -> float:
    """Return the largest lag within one spasm."""
    return p.lag_needle_ms if main.needle else p.lag_surface_ms


def _rate(main: SideFacts, low: float, high: float) -> bool | None:
    """Whether the usual rate lies within limits; None on surface electrodes."""
    if not main.needle or main.rate_hz.n < 3:
        return None
    return low <= main.rate_hz.median <= high


def _rate_words(main: SideFacts) -> str:
    """Return the rate of discharges in words."""
    r = main.rate_hz
    return f"discharges at {r.median:.0f} Hz (quartiles {r.q25:.0f} to {r.q75:.0f}) within bursts"


def enough(main: SideFacts, p: PatternParameters) -> bool:
    """Whether there are bursts enough for a statement."""
    return (
        main.n_clonic >= p.min_clonic or main.n_tonic >= p.min_tonic or main.n >= 2 * p.min_clonic
    )


def hemimasticatory(face: FaceFacts, p: PatternParameters) -> Candidate:
    """Ask for bursts of masseter or temporalis of one side, without muscles of the facial nerve."""
    out = Candidate(Conclusion.HEMIMASTICATORY)
    if not face.masticatory:
        out.need("masseter", False, "no masseter or temporalis was recorded")
        return out
    main = max(face.masticatory.values(), key=lambda f: f.n)
    others = [f.n for s, f in face.masticatory.items() if s is not main.side]
    out.side = side_name(main.side)
    facial = face.sides.get(main.side)
    n_facial = facial.n_strong if facial else 0
    out.need(
        "masticatory bursts",
        enough(main, p),
        f"{main.n} bursts of masseter or temporalis ({main.n_clonic} clonic, {main.n_tonic} tonic)",
    )
    out.need(
        "facial muscles silent",
        n_facial <= FEW * main.n,
        f"{n_facial} bursts of muscles of the facial nerve on that side",
    )
    if others:
        out.need("one side", max(others) <= FEW * main.n, f"{max(others)} on the other side")
    out.ask(
        "irregular",
        not main.train_cv < p.regular_cv if isfinite(main.train_cv) else None,
        f"variation of intervals {main.train_cv:.2f}",
    )
    return out


def fasciculation(face: FaceFacts, main: SideFacts, p: PatternParameters) -> Candidate:
    """Ask for single discharges at random, no two muscles together."""
    out = Candidate(Conclusion.FASCICULATION, where(face, main, p))
    out.need(
        "single discharges",
        main.short_share >= SINGLE,
        f"{100 * main.short_share:.0f} % of the events are single discharges "
        f"(median {main.duration_ms.median:.0f} ms)",
    )
    out.need("asynchronous", independent(main, p), _pair_words(main.best))
    out.need(
        "random",
        main.train_cv >= p.irregular_cv if isfinite(main.train_cv) else None,
        f"variation of intervals {main.train_cv:.2f}",
    )
    out.need("number", main.n >= p.min_clonic, f"{main.n} events")
    return out


def _copies(answers: Answers, p: PatternParameters) -> bool:
    """Whether a muscle of one side copies what triggers it."""
    lag = answers.lag_ms
    return bool(
        answers.contingency.n >= LEAST_TRIGGERS
        and answers.contingency.value >= p.contingent
        and abs(lag.median) <= COPY_LAG_MS
        and lag.iqr <= (2.0 if answers.other_side < FEW else 1.0) * COPY_IQR_MS
        and not answers.other_side >= 0.5
    )


def synkinesis(face: FaceFacts, side: Side | None, p: PatternParameters) -> Candidate:
    """Ask for a muscle of one side that moves with each blink or cue, and hardly at rest."""
    out = Candidate(Conclusion.SYNKINESIS, side_name(side))
    cues, lids = face.cues[side], face.lids[side]
    by_cue, by_lid = _copies(cues, p), _copies(lids, p)
    used = lids if by_lid and not by_cue else cues if cues.contingency.n else lids
    trigger = "blinks" if used is lids else "cued movements"
    out.need(
        "contingent",
        by_cue or by_lid,
        f"another muscle joins {100 * used.contingency.value:.0f} % of "
        f"{used.contingency.n} {trigger}, lag {used.lag_ms.median:.1f} ms"
        if used.contingency.n and used.lag_ms.n
        else "no muscle joins blinks or cued movements",
    )
    facts = face.sides[side]
    per_min = facts.n_strong / max(face.units.rest_s / 60.0, 1e-9)
    # Copies that were missed beside their blink are no activity of their own.
    allowed = p.rest_rate_max + 0.1 * used.contingency.n / max(face.units.total_s / 60.0, 1e-9)
    out.need("silent at rest", per_min < allowed, f"{per_min:.1f} bursts/min at rest")
    if face.both_sides and side is not None:
        out.ask(
            "one side",
            not used.other_side >= 0.5,
            "the other side does not join" if not used.other_side >= 0.5 else "both sides join",
        )
    return out


def cued(face: FaceFacts, p: PatternParameters) -> Candidate:
    """Ask for movements that were asked for, and nothing else."""
    out = Candidate(Conclusion.VOLUNTARY)
    n, k = face.n_cues, face.n_answered
    out.need(
        "cued",
        n >= 3 and k >= 0.5 * n,
        f"{k} of {n} cues are answered" if n else "no movement was asked for",
    )
    strong = sum(f.n_strong for f in face.sides.values())
    per_min = strong / max(face.units.rest_s / 60.0, 1e-9)
    answers_per_min = k / max(face.units.total_s / 60.0, 1e-9)
    allowed = max(2.0 * p.rest_rate_max, 0.4 * answers_per_min)
    out.need("silent at rest", per_min < allowed, f"{per_min:.1f} bursts/min at rest")
    moved = [s for s, a in face.cues.items() if a.contingency.n >= 0.3 * n and n]
    out.side = "both" if len(moved) > 1 else side_name(moved[0]) if moved else ""
    return out


def _even(li: Estimate, limit: float) -> bool:
    """Whether a lateralization allows for both sides alike."""
    return li.known and (abs(li.value) <= limit or (li.low <= limit and li.high >= -limit))


def blepharospasm(face: FaceFacts, main: SideFacts, p: PatternParameters) -> Candidate:
    """Ask for both eyes together, without frontalis."""
    out = Candidate(Conclusion.BLEPHAROSPASM, "both")
    eyes, li = face.eyes, face.lateralization
    out.need(
        "bilateral",
        face.both_sides and (_even(li, p.bilateral) or abs(face.eyes_li) <= 1.5 * p.bilateral),
        f"{_li_words(face)}, of the eyes {face.eyes_li:.2f}",
    )
    out.need(
        "both eyes together",
        eyes is not None
        and eyes.index.known
        and eyes.index.value >= p.synchronous
        and abs(eyes.lag_ms.median) <= EYES_LAG_MS
        and eyes.lag_ms.iqr <= EYES_LAG_MS,
        f"orbiculares oculi: {_pair_words(eyes)}",
    )
    signs = [e for s, e in face.babinski.items() if s is not None and e.known]
    positive = [e for e in signs if e.value >= p.babinski_present]
    out.need(
        "no other Babinski sign",
        not positive if signs else None,
        f"other Babinski sign {shown(max(signs, key=lambda e: e.value))}" if signs else "",
    )
    out.need("number", enough(main, p), f"{main.n} events")
    return out


def cortical(face: FaceFacts, main: SideFacts, p: PatternParameters) -> Candidate:
    """Ask for short jerks in a rhythm of 0.3-10 Hz."""
    out = Candidate(Conclusion.CORTICAL, where(face, main, p))
    index = main.rhythm.index
    steady = main.burst_cv2 < LOCAL_CV
    out.need(
        "rhythmic",
        (index >= p.rhythmic or steady) and main.burst_cv2 < 2.0 * LOCAL_CV,
        f"rhythm index {index:.2f}, local variation of intervals {main.burst_cv2:.2f}",
    )
    out.need(
        "rate of jerks",
        JERKS_S[0] <= main.interval_s <= JERKS_S[1],
        f"every {main.interval_s:.2f} s",
    )
    out.need(
        "short",
        main.duration_ms.median < p.jerk_max_ms and main.short_share < 1.0,
        f"median duration {main.duration_ms.median:.0f} ms",
    )
    out.need(
        "sustained rhythm",
        main.run_s >= LEAST_RUN_S,
        f"runs of {main.run_s:.1f} s; salvos of spasm are shorter",
    )
    out.need("no tonic bursts", main.n_tonic < p.min_tonic, f"{main.n_tonic} tonic bursts")
    out.need("number", main.n >= LEAST_JERKS, f"{main.n} events")
    out.need("together", _not_refuted(synchronous(main, p), main), _pair_words(main.best))
    out.need("one side", one_side(face, p), _li_words(face))
    return out


def _not_refuted(holds: bool | None, main: SideFacts) -> bool | None:
    """Return a rule's answer, unless a single active muscle leaves it open."""
    return holds if len(main.active) > 1 else None


def myokymia(face: FaceFacts, main: SideFacts, p: PatternParameters) -> Candidate:
    """Ask for groups of slow discharges, regular in each muscle, no two muscles together."""
    out = Candidate(Conclusion.MYOKYMIA, where(face, main, p))
    single = main.short_share >= SINGLE
    limit = 0.2 if single else p.regular_cv + 0.1
    out.need(
        "regular",
        main.train_cv < limit,
        f"variation of intervals {main.train_cv:.2f}",
    )
    out.need("asynchronous", independent(main, p), _pair_words(main.best))
    out.need(
        "abrupt",
        main.rise_ms < RAMP_MS if isfinite(main.rise_ms) else None,
        f"rise in {main.rise_ms:.0f} ms",
    )
    low, high = GROUP_MS
    out.need(
        "grouped",
        single or low <= main.duration_ms.median <= high,
        f"median duration {main.duration_ms.median:.0f} ms",
    )
    out.need(
        "rate",
        None if single else _rate(main, p.rate_myokymia_low_hz, 1.2 * p.rate_myokymia_high_hz),
        _rate_words(main),
    )
    out.need("number", main.n >= p.min_clonic, f"{main.n} events")
    return out


def neuromyotonia(face: FaceFacts, main: SideFacts, p: PatternParameters) -> Candidate:
    """Ask for long trains at high rate whose amplitude falls, no two muscles together."""
    out = Candidate(Conclusion.NEUROMYOTONIA, where(face, main, p))
    out.need(
        "long",
        main.long_share >= 0.6,
        f"{100 * main.long_share:.0f} % of the active time in bursts of 500 ms and more",
    )
    out.need(
        "decrement",
        main.decrement >= 0.7 if main.n_long >= p.min_tonic else False,
        f"amplitude falls in {100 * main.decrement:.0f} % of {main.n_long} long bursts "
        f"({100 * main.slope_per_s:.0f} %/s)"
        if main.n_long
        else "no long bursts",
    )
    out.need("asynchronous", independent(main, p), _pair_words(main.best))
    out.need("rate", _rate(main, 0.8 * p.rate_neuromyotonia_low_hz, 400.0), _rate_words(main))
    return out


def spasm(face: FaceFacts, main: SideFacts, p: PatternParameters, amr: str) -> Candidate:
    """Ask for synchronous, unilateral, irregular bursts: hemifacial spasm."""
    out = Candidate(spasm_kind(main, p), side_name(main.side))
    limit = _lag_limit(main, p)
    out.need("synchrony", synchronous(main, p) is True, _pair_words(main.best))
    lag = main.best.lag_ms if main.best else None
    out.need(
        "lag",
        abs(lag.median) <= limit and lag.iqr <= STEADY_IQR_MS if lag and lag.n else None,
        f"lag within {limit:g} ms"
        if lag and abs(lag.median) <= limit
        else f"lag above {limit:g} ms",
    )
    unilateral = one_side(face, p)
    apart = unilateral is False and _sides_apart(face, p)
    if apart:
        out.side = "both"
    out.need("one side", None if unilateral is None else unilateral or apart, _li_words(face))
    out.need(
        "number",
        main.n_clonic >= p.min_clonic or main.n_tonic >= p.min_tonic or main.n_sequences >= 3,
        f"{main.n_clonic} clonic and {main.n_tonic} tonic bursts, {main.n_sequences} of them "
        "clonic running into tonic",
    )
    regular = main.burst_cv2 < LOCAL_CV and not main.n_tonic >= p.min_tonic
    out.need(
        "irregular",
        not regular and not main.train_cv < 0.5 * p.regular_cv,
        f"variation of intervals {main.train_cv:.2f}, from one to the next {main.burst_cv2:.2f}",
    )
    out.need(
        "no single discharges",
        main.short_share < SPARSE,
        f"{100 * main.short_share:.0f} % of the events are single discharges",
    )
    out.need(
        "rate not slow",
        _rate(main, p.rate_myokymia_high_hz, 1000.0) if main.n_clonic > main.n_tonic else None,
        _rate_words(main),
    )
    _support(out, face, main, p, amr)
    return out


def _sides_apart(face: FaceFacts, p: PatternParameters) -> bool:
    """Whether both sides have synchronous bursts of their own, at different times."""
    both = [face.sides[s] for s in Side if s in face.sides]
    alone = all(synchronous(f, p) and enough(f, p) for f in both) and len(both) == 2
    return alone and all(a.index.value < p.asynchronous for a in face.across if a.index.known)


def _support(
    out: Candidate, face: FaceFacts, main: SideFacts, p: PatternParameters, amr: str
) -> None:
    """Add what supports hemifacial spasm without deciding."""
    fast = _rate(main, p.rate_hfs_low_hz, p.rate_hfs_high_hz)
    out.ask("rate 150-400 Hz", fast, _rate_words(main))
    sign = face.babinski.get(main.side, Estimate())
    if sign.known and sign.n >= 10:
        clear = sign.value >= p.babinski_present or sign.value <= p.babinski_absent
        words = f"other Babinski sign {shown(sign)}, {sign.n} bursts"
        if clear:
            out.ask("other Babinski sign", sign.value >= p.babinski_present, words)
        else:
            out.tell("other Babinski sign", words)
    if amr == "present":
        out.ask("AMR", True, "abnormal muscle response present, as also in 4 of 5 with synkinesis")
    elif amr == "absent":
        out.ask("AMR", False, "no abnormal muscle response, as in 4 % of those operated on")
    if face.sleep.known and face.sleep.n:
        out.ask("sleep", face.sleep.n >= 5, f"{face.sleep.n} episodes asleep")
    if main.n_tonic >= p.min_tonic and isfinite(main.fluctuation):
        out.ask(
            "fluctuation",
            main.fluctuation >= 0.25,
            f"envelope of tonic bursts fluctuates by {100 * main.fluctuation:.0f} %",
        )


def spasm_kind(main: SideFacts, p: PatternParameters) -> Conclusion:
    """Return which of the two patterns of hemifacial spasm there is.

    Salvos of clonic bursts that touch are longer than a clonic burst; tonic bursts count only where
    a good part of them is sustained.
    """
    tonic = main.n_tonic >= p.min_tonic and main.n_sustained >= max(2, 0.35 * main.n_tonic)
    clonic = main.n_clonic >= p.min_clonic and main.n_salvos >= max(4, 0.6 * main.n_tonic)
    if main.n_tonic >= p.min_tonic and main.n_clonic < p.min_clonic and not main.n_sequences:
        return Conclusion.HFS_TONIC
    if tonic and (clonic or main.n_sequences >= max(2, 0.25 * main.n_tonic)):
        return Conclusion.HFS_CLONIC_TONIC
    return Conclusion.HFS_TONIC if tonic else Conclusion.HFS_CLONIC


def voluntary(face: FaceFacts, main: SideFacts, p: PatternParameters) -> Candidate:
    """Ask for long contractions whose muscles set in one after the other."""
    out = Candidate(Conclusion.VOLUNTARY, where(face, main, p))
    out.need(
        "long",
        main.duration_ms.median >= 150.0 or main.long_share >= 0.7,
        f"median duration {main.duration_ms.median:.0f} ms, {100 * main.long_share:.0f} % of the "
        "active time in bursts of 500 ms and more",
    )
    pair = main.best
    lagging = None
    if pair is not None:
        lagging = (
            pair.index.value < p.synchronous
            or pair.lag_ms.iqr >= SLOW_LAG_MS
            or abs(pair.lag_ms.median) >= SLOW_LAG_MS
        )
    out.need("muscles set in apart", lagging, _pair_words(pair))
    out.need("rate", _rate(main, 0.0, 1.2 * p.rate_voluntary_high_hz), _rate_words(main))
    out.need(
        "no decrement",
        not main.decrement >= 0.7 if main.n_long else None,
        "amplitude does not fall steadily",
    )
    out.ask(
        "both sides", None if one_side(face, p) is None else not one_side(face, p), _li_words(face)
    )
    out.ask("ramp", main.rise_ms >= RAMP_MS, f"rise in {main.rise_ms:.0f} ms")
    return out
