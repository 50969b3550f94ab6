"""What each finding may weigh in a pattern's scorecard, and the words that findings are told in.

A point is about a factor of e in likelihood, where a published or simulated figure allows one, and
a ranking of findings by how particular they are where none does. None is fitted to recordings.
"""

from __future__ import annotations

from math import isfinite, log, nan

from amr_viewer.analysis.face_facts import FaceFacts
from amr_viewer.analysis.scorecard import graded, shown
from amr_viewer.analysis.side_facts import SideFacts
from amr_viewer.core.anatomy import Side
from amr_viewer.core.parameters import PatternParameters
from amr_viewer.core.patterns import Synchrony

CARDINAL = 3.0
"""The finding by which a pattern is defined."""

CLEAR = 2.0
"""A finding that few other patterns share."""

SOME = 1.0
"""A finding that several patterns share."""

SLIGHT = 0.5

AMR_PRESENT, AMR_ABSENT = 1.5, -2.0
"""Present in nearly all with hemifacial spasm, in no healthy side, yet in 4 of 5 with synkinesis;
absent in 4 % of those operated on (docs/criteria.md 18)."""

BABINSKI_PRESENT, BABINSKI_ABSENT = 2.0, -0.7
"""Likelihood ratios of 22-56 and 0.15-0.32 against blepharospasm as a clinical sign; less is given
to an index of EMG, of which no accuracy is published (docs/criteria.md 18)."""


def side_name(side: Side | None) -> str:
    """Return the word of a side, empty for an unknown one."""
    return side.value if side is not None else ""


def lateralization(face: FaceFacts) -> float:
    """Return how one-sided the activity is, +1 only left; NaN unless both sides were recorded.

    Of bursts or of their area, whichever is clearer: many small bursts, of blinks for instance,
    weigh little in area, and one large contraction little in number.
    """
    count, area = face.lateralization.value, face.lateralization_area
    if not isfinite(count) or not isfinite(area):
        return nan
    if count * area < 0.0:
        return area
    return max(count, area, key=abs)


def one_sided(face: FaceFacts, p: PatternParameters) -> float:
    """Return -1 for both sides alike to 1 for one side; NaN unless both were recorded."""
    return graded(abs(lateralization(face)), p.bilateral, p.unilateral)


def where(face: FaceFacts, main: SideFacts, p: PatternParameters) -> str:
    """Return where the activity is."""
    return "both" if one_sided(face, p) < 0.0 else side_name(main.side)


def joined(pair: Synchrony | None, p: PatternParameters) -> float:
    """Return -1 for muscles that go each their own way to 1 for muscles driven together.

    Envelopes tell it whatever the length of the bursts; onsets where there are no envelopes, and
    a little beside them.
    """
    if pair is None:
        return nan
    by_envelope = graded(pair.envelope_r, p.envelope_apart, p.envelope_together)
    by_onset = graded(pair.index.value, p.asynchronous, p.synchronous)
    if not isfinite(by_envelope):
        return by_onset
    if not isfinite(by_onset):
        return by_envelope
    return 0.7 * by_envelope + 0.3 * max(by_onset, by_envelope)


def together_points(main: SideFacts, p: PatternParameters) -> float:
    """Return the same for the muscles of a side; NaN where only one is active."""
    return joined(main.best, p)


def rate_points(main: SideFacts, slow_hz: float, fast_hz: float) -> float:
    """Return -1 for discharges at `slow_hz` to 1 at `fast_hz`; NaN on surface electrodes."""
    if not main.needle or main.rate_hz.n < 3:
        return nan
    return graded(log(max(main.rate_hz.median, 0.1)), log(slow_hz), log(fast_hz))


def rate_words(main: SideFacts) -> str:
    """Return the rate of discharges in words."""
    r = main.rate_hz
    return f"discharges at {r.median:.0f} Hz (quartiles {r.q25:.0f} to {r.q75:.0f}) within bursts"


def pair_words(pair: Synchrony | None) -> str:
    """Return how a pair goes together, in words."""
    if pair is None:
        return "fewer than two active muscles"
    parts = []
    if pair.index.known:
        parts.append(f"synchrony index {shown(pair.index)}")
    if isfinite(pair.envelope_r):
        parts.append(f"correlation of envelopes {pair.envelope_r:.2f}")
    return ", ".join(parts) or "too few bursts for a synchrony index"


def lag_of(pair: Synchrony | None) -> float:
    """Return the size of the lag of a pair, by envelopes or else by onsets."""
    if pair is None or not pair.envelope_r > 0.0:
        return nan
    lag = pair.envelope_lag_ms if isfinite(pair.envelope_lag_ms) else pair.lag_ms.median
    return abs(lag)


def lag_words(pair: Synchrony | None) -> str:
    """Return the lag of a pair in words."""
    return f"lag between muscles {lag_of(pair):.1f} ms"


def side_words(face: FaceFacts) -> str:
    """Return the lateralization in words."""
    if not isfinite(lateralization(face)):
        return "only one side was recorded" if not face.both_sides else "no bursts on either side"
    return f"lateralization {shown(face.lateralization)}, of area {face.lateralization_area:.2f}"


def rhythmic(main: SideFacts, p: PatternParameters) -> float:
    """Return -1 for bursts at irregular times to 1 for rhythmic ones; NaN: too few.

    By the autocorrelation of the side's envelope, or by intervals that are alike: either suffices.
    """
    by_course = graded(main.beat.index, 0.4 * p.rhythmic, p.rhythmic)
    by_interval = graded(main.beat.alike, 0.4, 0.8)
    known = [v for v in (by_course, by_interval) if isfinite(v)]
    return max(known, default=nan)


def rhythm_words(main: SideFacts) -> str:
    """Return how bursts recur in words."""
    beat = main.beat
    index = beat.index if isfinite(beat.index) else 0.0
    return (
        f"{100 * beat.alike:.0f} % of the intervals between bursts are alike, rhythm index "
        f"{index:.2f}, runs of {beat.run_s:.0f} s"
    )


def length_words(main: SideFacts) -> str:
    """Return how long the trains of muscles are, in words."""
    middle = main.train_ms.median
    return f"median duration {middle:.0f} ms" if isfinite(middle) else "no bursts"


def single_words(main: SideFacts) -> str:
    """Return how many events are single discharges, in words."""
    if not isfinite(main.single_share):
        return "no bursts"
    return f"{100 * main.single_share:.0f} % of the events are single discharges"


def rest_per_min(face: FaceFacts) -> float:
    """Return events per minute at rest that no noise makes, over all facial muscles."""
    strong = sum(f.n_strong for f in face.sides.values())
    return strong / max(face.units.rest_s / 60.0, 1e-9)


def active(face: FaceFacts, main: SideFacts, p: PatternParameters) -> bool:
    """Whether a side has bursts enough for a statement, and more than no activity allows."""
    per_min = main.n_strong / max(face.units.rest_s / 60.0, 1e-9)
    return enough(main, p) and per_min >= p.rest_rate_max


def enough(main: SideFacts, p: PatternParameters) -> bool:
    """Whether there are bursts enough for a statement."""
    clonic = main.n_clonic >= p.min_clonic and main.n_strong >= p.min_clonic
    return clonic or (main.n_tonic >= p.min_tonic and main.n_strong >= p.min_tonic)


def number_words(main: SideFacts) -> str:
    """Return how many bursts a side has, in words."""
    return f"{main.n_clonic} clonic and {main.n_tonic} tonic bursts"
