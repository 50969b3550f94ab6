"""The numbers of free-running EMG in words: per muscle, and over the side of the pattern."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Muscle, Side
from amr_viewer.core.bursts import BurstChannel, Electrode, SetAside
from amr_viewer.core.patterns import (
    Conclusion,
    Estimate,
    MuscleActivity,
    PatternFinding,
    Spread,
    Synchrony,
)
from amr_viewer.report import numbers
from amr_viewer.report.model import BurstRow, Field
from amr_viewer.report.wording import Wording

FACE = tuple(Muscle)
SIDES = (Side.LEFT, Side.RIGHT, None)
FEW_SIGNS = 10
SAME = 0.02
"""A pair is that of the finding if its index differs by less."""


def ordered(analysis: Analysis) -> tuple[BurstChannel, ...]:
    """Return the channels as they are printed: by side, from the brow down."""
    last = len(FACE)
    return tuple(
        sorted(
            analysis.bursts.channels,
            key=lambda c: (
                SIDES.index(c.side),
                FACE.index(c.muscle) if c.muscle else last,
                c.index,
            ),
        )
    )


def assessed(analysis: Analysis) -> bool:
    """Whether there was free-running EMG enough to say anything."""
    found = analysis.patterns
    return bool(found) and found[0].conclusion is not Conclusion.INSUFFICIENT


def channel_name(channel: BurstChannel | MuscleActivity, words: Wording) -> str:
    """Name a channel by its muscle with the letter of its side, by its label if that is unknown."""
    if channel.muscle is None:
        return channel.label
    letter = words.side_letters[channel.side or ""]
    return f"{words.muscle_short[channel.muscle]} {letter}".strip()


def pair_name(analysis: Analysis, pair: Synchrony, words: Wording) -> str:
    """Name two channels."""
    named = [channel_name(analysis.bursts.channel_of(i), words) for i in (pair.a, pair.b)]
    return " – ".join(named)


def focus(analysis: Analysis) -> PatternFinding:
    """Return the finding of the side where the pattern is, or of both."""
    first = analysis.patterns[0]
    return next((f for f in analysis.patterns if f.side == first.pattern_side), first)


@dataclass(frozen=True, slots=True)
class Together:
    """How the muscles that stand for a pattern burst together; `pair` may not be known."""

    pair: str
    index: Estimate
    lag_ms: Spread


def together(analysis: Analysis, finding: PatternFinding, words: Wording) -> Together | None:
    """Return the synchrony that a pattern rests on: of one side's muscles, or of the two eyes."""
    eyes = finding.conclusion is Conclusion.BLEPHAROSPASM
    pairs = [p for p in finding.synchrony if p.index.known and not p.crosstalk]
    if not eyes and not finding.synchrony_index.known:
        return None
    found = [p for p in (analysis.patterns[0].synchrony if eyes else pairs) if p.index.known]
    sides = [[analysis.bursts.channel_of(i) for i in (p.a, p.b)] for p in found]
    if eyes:
        chosen = [
            p
            for p, (a, b) in zip(found, sides, strict=True)
            if a.muscle is b.muscle is Muscle.ORBICULARIS_OCULI and a.side is not b.side
        ]
    else:
        value = finding.synchrony_index.value
        chosen = [
            p
            for p, (a, b) in zip(found, sides, strict=True)
            if a.side is b.side and abs(p.index.value - value) < SAME
        ]
        chosen.sort(key=lambda p: abs(p.index.value - value))
    if chosen:
        best = chosen[0]
        return Together(pair_name(analysis, best, words), best.index, best.lag_ms)
    if eyes:
        return None
    return Together("", finding.synchrony_index, finding.lag_ms)


def spread_words(spread: Spread, digits: int = 0) -> str:
    """Return a median with its quartiles.

    Examples
    --------
    >>> spread_words(Spread(62.0, 40.0, 88.4, 30)), spread_words(Spread())
    ('62 [40–88]', '–')
    """
    if not isfinite(spread.median):
        return "–"
    low, high = f"{spread.q25:.{digits}f}", f"{spread.q75:.{digits}f}"
    dash = " … " if spread.q25 < 0 else "–"
    return f"{spread.median:.{digits}f} [{low}{dash}{high}]".replace("-", "−")


def estimate_words(estimate: Estimate, digits: int = 2) -> str:
    """Return a value with its interval, with a true minus.

    Examples
    --------
    >>> estimate_words(Estimate(-0.5, -0.61, -0.4, 20))
    '−0.50 (−0.61 … −0.40)'
    """
    if not estimate.known:
        return "–"
    text = numbers.interval(estimate.value, estimate.low, estimate.high, digits)
    if estimate.low < 0:
        text = text.replace("–", " … ")
    return text.replace("-", "−")


def burst_rows(analysis: Analysis, words: Wording) -> tuple[BurstRow, ...]:
    """Return the table of bursts: one line per channel."""
    known = {m.channel: m for f in analysis.patterns for m in f.muscles}
    rows, last = [], None
    for channel in ordered(analysis):
        m = known.get(channel.index)
        if m is None:
            continue
        side = words.sides[channel.side or ""]
        rows.append(
            BurstRow(
                side="" if side == last else side,
                muscle=words.muscle_short[m.muscle] if m.muscle else m.label,
                per_min=estimate_words(m.bursts_per_min, 1),
                clonic=str(m.n_clonic),
                tonic=str(m.n_tonic),
                other=str(m.n_other),
                duration=spread_words(m.duration_ms),
                load=_plain(m.load_percent, 2 if m.load_percent < 1 else 1),
                area=_plain(m.load_uv_s_min, 1 if m.load_uv_s_min < 10 else 0),
                set_aside=str(m.n_set_aside),
            )
        )
        last = side
    return tuple(rows)


def _plain(value: float, digits: int) -> str:
    """Return a number, a dash where there is none."""
    return numbers.fixed(value, digits) or "–"


def measures(analysis: Analysis, words: Wording) -> tuple[Field, ...]:
    """Return the lines of what was measured, at the side of the pattern."""
    s, f = words.patterns, focus(analysis)
    lines = [
        Field(s["row_groups"], _groups(f, words)),
        Field(
            s["row_duration"],
            s["duration"].format(
                clonic=spread_words(f.clonic_duration_ms), tonic=spread_words(f.tonic_duration_ms)
            ),
        ),
        Field(
            s["row_load"],
            s["load"].format(percent=_plain(f.load_percent, 1), area=_plain(f.load_uv_s_min, 1)),
        ),
        Field(s["row_synchrony"], _synchrony(analysis, f, words)),
        Field(s["row_side"], _side(f, words)),
        Field(s["row_rhythm"], _rhythm(analysis, f, words)),
        Field(s["row_babinski"], _babinski(analysis, words)),
        Field(s["row_rate"], _rate(analysis, f, words)),
        Field(s["row_cues"], _contingency(f.cue_contingency, words)),
        Field(s["row_blinks"], _contingency(f.blink_contingency, words)),
        Field(s["row_sleep"], _sleep(f, words)),
        Field(s["row_amr"], words.verdicts.get(analysis.amr, "")),
        Field(s["row_aside"], _aside(analysis, words)),
        Field(s["row_manual"], _manual(analysis, words)),
    ]
    return tuple(line for line in lines if line.value)


def _groups(f: PatternFinding, words: Wording) -> str:
    """Say how bursts group."""
    return words.patterns["groups"].format(
        salvos=f.n_salvos,
        episodes=f.n_episodes,
        rate=estimate_words(f.episodes_per_min, 1),
        runs=f.n_clonic_tonic,
    )


def _synchrony(analysis: Analysis, f: PatternFinding, words: Wording) -> str:
    """Say how far the muscles burst together."""
    found = together(analysis, f, words)
    if found is None:
        return words.patterns["synchrony_none"]
    text = words.patterns["synchrony"].format(
        si=estimate_words(found.index),
        ms=f"{analysis.protocol.parameters.patterns.sync_ms:g}",
        n=found.index.n,
        lag=spread_words(found.lag_ms, 1),
    )
    return f"{found.pair}: {text}" if found.pair else text


def _side(f: PatternFinding, words: Wording) -> str:
    """Say on which side the bursts are."""
    if not f.lateralization.known:
        return words.patterns["side_none"]
    return words.patterns["side"].format(
        li=estimate_words(f.lateralization),
        area=_plain(f.lateralization_area, 2).replace("-", "−"),
    )


def _rhythm(analysis: Analysis, f: PatternFinding, words: Wording) -> str:
    """Say how regularly episodes recur."""
    s, p, r = words.patterns, analysis.protocol.parameters.patterns, f.rhythm
    index = f"{r.index:.2f}" if isfinite(r.index) else "–"
    if r.index > 0 and isfinite(r.peak_hz):
        index += s["at_hz"].format(hz=f"{r.peak_hz:.1f}")
    if not r.cv.known:
        only = s["rhythm_index"].format(index=index)
        return f"{s['rhythm_none']}; {only}" if isfinite(r.index) else s["rhythm_none"]
    word = "regular" if r.cv.value < p.regular_cv else "irregular"
    if p.regular_cv <= r.cv.value < p.irregular_cv:
        word = "neither"
    return s["rhythm"].format(
        word=s[word], cv=estimate_words(r.cv), cv2=estimate_words(r.cv2), index=index
    )


def _babinski(analysis: Analysis, words: Wording) -> str:
    """Say how often frontalis joins orbicularis oculi on each side."""
    s, p = words.patterns, analysis.protocol.parameters.patterns
    parts = []
    for f in analysis.patterns:
        sign = f.other_babinski
        if f.side is None or not sign.known:
            continue
        word = "positive" if sign.value >= p.babinski_present else "equivocal"
        word = "negative" if sign.value <= p.babinski_absent else word
        word = "few" if sign.n < FEW_SIGNS else word
        value = estimate_words(sign)
        parts.append(
            s["babinski"].format(side=words.sides[f.side], value=value, n=sign.n, word=s[word])
        )
    return "; ".join(parts) or s["babinski_none"]


def _rate(analysis: Analysis, f: PatternFinding, words: Wording) -> str:
    """Say how fast discharges come within bursts; of needles only."""
    s = words.patterns
    mine = {m.channel for m in f.muscles}
    kinds = {c.electrode for c in analysis.bursts.channels if c.index in mine}
    if Electrode.NEEDLE not in kinds:
        return s["rate_surface"]
    if not isfinite(f.rate_hz.median):
        return s["rate_none"]
    reliable = numbers.percent(f.rate_reliable, 0) or "–"
    return s["rate"].format(rate=spread_words(f.rate_hz), n=f.rate_hz.n, reliable=reliable)


def _contingency(estimate: Estimate, words: Wording) -> str:
    """Say how often another muscle joins cues or blinks; empty if there were none."""
    if not estimate.known or not estimate.n:
        return ""
    return words.patterns["cues"].format(value=estimate_words(estimate), n=estimate.n)


def _sleep(f: PatternFinding, words: Wording) -> str:
    """Say whether episodes persist in sleep."""
    if not f.sleep_persistence.known:
        return ""
    return words.patterns["sleep"].format(
        value=estimate_words(f.sleep_persistence), n=f.sleep_persistence.n
    )


def _aside(analysis: Analysis, words: Wording) -> str:
    """Count what was set aside, by reason."""
    counts = np.bincount(analysis.bursts.set_aside, minlength=len(SetAside))
    return ", ".join(
        words.patterns[f"aside_{why:d}"].format(n=int(counts[why]))
        for why in SetAside
        if why is not SetAside.NONE and counts[why]
    )


def _manual(analysis: Analysis, words: Wording) -> str:
    """Count what a person made or changed."""
    n = int(analysis.bursts.manual.sum())
    return words.patterns["manual"].format(n=n) if n else ""
