"""What the two sides show together: lateralization, the eyes, other Babinski sign, sleep."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, nan

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.burst_groups import episodes_of
from amr_viewer.analysis.free_marks import within
from amr_viewer.analysis.intervals import wilson
from amr_viewer.analysis.muscle_envelopes import together
from amr_viewer.analysis.pattern_units import Units
from amr_viewer.analysis.provoked import Answers, answers_of, blink_trials, cue_trials, moved
from amr_viewer.analysis.sampled_envelopes import Sampled
from amr_viewer.analysis.set_aside import nearest
from amr_viewer.analysis.side_facts import SideFacts, facts_of_side, resting
from amr_viewer.analysis.synchrony import synchrony_of
from amr_viewer.core.anatomy import Muscle, Side
from amr_viewer.core.bursts import SetAside
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.patterns import Estimate, Synchrony

RESAMPLES = 400
OVERLAP = 0.5
LID_GAP_S = 0.06


@dataclass(frozen=True, slots=True, eq=False)
class FaceFacts:
    """What a whole recording shows.

    Attributes
    ----------
    units : Units
    sides : dict of Side or None to SideFacts
        Those that were recorded.
    masticatory : dict of Side or None to SideFacts
    lateralization : Estimate
    lateralization_area : float
    eyes : Synchrony or None
        The two orbiculares oculi against each other, at rest, with their envelopes.
    eyes_li : float
        Lateralization of their closures alone.
    eyes_share : float
        Time that a muscle around the eyes is active, as part of that and of the busiest other
        muscle's; NaN where no other was recorded.
    across : tuple of Synchrony
        Each muscle with its fellow of the other side.
    babinski : dict of Side or None to Estimate
    cues, lids : dict of Side or None to Answers
    facial_part : float
        Area of bursts of the busiest facial muscle, as part of that of the busiest masticatory
        muscle; infinite without one.
    n_cues, n_answered, n_blinks : int
    sleep : Estimate
    """

    units: Units
    sides: dict[Side | None, SideFacts]
    masticatory: dict[Side | None, SideFacts]
    lateralization: Estimate
    lateralization_area: float
    eyes: Synchrony | None
    eyes_li: float
    eyes_share: float
    across: tuple[Synchrony, ...]
    babinski: dict[Side | None, Estimate]
    cues: dict[Side | None, Answers]
    lids: dict[Side | None, Answers]
    facial_part: float
    n_cues: int
    n_answered: int
    n_blinks: int
    sleep: Estimate

    @property
    def both_sides(self) -> bool:
        """Whether both sides were recorded."""
        return Side.LEFT in self.sides and Side.RIGHT in self.sides


def facts_of_face(units: Units, sampled: Sampled, parameters: Parameters) -> FaceFacts:
    """Return what a recording shows."""
    known: list[Side | None] = [*Side, None]
    sides = {
        s: facts_of_side(units, sampled, s, units.side_channels(s), parameters)
        for s in known
        if units.side_channels(s)
    }
    chewing = {s: tuple(c for c in units.masticatory if units.channels[c].side is s) for s in known}
    masticatory = {
        s: facts_of_side(units, sampled, s, c, parameters) for s, c in chewing.items() if c
    }
    li, area = _lateralization(units, sides, parameters)
    cues, lids = cue_trials(units, sampled), blink_trials(units, sampled, parameters)
    stirred = np.any([*moved(units, cues).values()], axis=0) if len(cues) else np.zeros(0, bool)
    blinks = units.bursts.set_aside == SetAside.BLINK
    return FaceFacts(
        units,
        sides,
        masticatory,
        li,
        area,
        _eyes(units, sampled, parameters),
        _eyes_li(units),
        _eyes_share(units),
        _across(units, sampled, parameters),
        {s: _babinski(units, s, parameters) for s in sides},
        {s: answers_of(units, sampled, cues, s, blinks=False) for s in sides},
        {s: answers_of(units, sampled, lids, s, blinks=True) for s in sides},
        _facial_part(units),
        len(cues),
        int(stirred.sum()),
        int(blinks.sum()) // 2,
        _sleep(units, parameters),
    )


def _lateralization(
    units: Units, sides: dict[Side | None, SideFacts], parameters: Parameters
) -> tuple[Estimate, float]:
    """Return (left - right) / (left + right) of bursts per channel, bootstrapped over episodes."""
    if Side.LEFT not in sides or Side.RIGHT not in sides:
        return Estimate(), nan
    b = units.bursts
    weight = {s: 1.0 / len(sides[s].channels) for s in Side}
    rows = np.sort(np.concatenate([sides[s].rows for s in Side]))
    if not len(rows):
        return Estimate(), nan
    left = np.isin(b.channel[rows], sides[Side.LEFT].channels)
    size = np.where(left, weight[Side.LEFT], -weight[Side.RIGHT])
    area = size * b.area_uv_s[rows]
    episode = episodes_of(b.start_s[rows], b.end_s[rows], parameters.bursts)
    value = float(size.sum() / np.abs(size).sum())
    total = np.bincount(episode, np.abs(size))
    signed = np.bincount(episode, size)
    n = len(total)
    draws = np.random.default_rng(0).integers(0, n, (RESAMPLES, n)) if n <= 2000 else None
    if draws is None or n < 3:
        low = high = nan
    else:
        made = signed[draws].sum(axis=1) / np.maximum(total[draws].sum(axis=1), 1e-12)
        low, high = (float(v) for v in np.quantile(made, [0.025, 0.975]))
    in_area = float(area.sum() / max(float(np.abs(area).sum()), 1e-12))
    return Estimate(value, low, high, len(rows)), in_area


def _of_muscle(units: Units, muscle: Muscle, side: Side | None) -> list[int]:
    """Return the channels of a muscle."""
    return [
        c for c in units.facial
        if units.channels[c].muscle is muscle and units.channels[c].side is side
    ]  # fmt: skip


def _synchrony(units: Units, sampled: Sampled, a: int, b: int, parameters: Parameters) -> Synchrony:
    """Return the synchrony of two channels at rest."""
    t = units.bursts
    one, two = units.of(a), units.of(b)
    found = synchrony_of(
        (a, b),
        (t.start_s[one], t.start_s[two]),
        (t.peak_uv[one], t.peak_uv[two]),
        1e-3 * parameters.patterns.babinski_ms,
        units.span_s,
    )
    return _with_envelope(units, sampled, found)


def _with_envelope(units: Units, sampled: Sampled, pair: Synchrony) -> Synchrony:
    """Return a pair with the correlation of its envelopes."""
    found = together(sampled, pair.a, pair.b, resting(units, sampled, (pair.a, pair.b)))
    return replace(pair, envelope_r=found.r, envelope_lag_ms=found.lag_ms)


def _eyes(units: Units, sampled: Sampled, parameters: Parameters) -> Synchrony | None:
    """Return the synchrony of the two orbiculares oculi."""
    left = _of_muscle(units, Muscle.ORBICULARIS_OCULI, Side.LEFT)
    right = _of_muscle(units, Muscle.ORBICULARIS_OCULI, Side.RIGHT)
    if not left or not right:
        return None
    (a, peak_a), (c, peak_c) = (_whole(units, units.of(eye[0])) for eye in (left, right))
    tolerance_s = 1.25e-3 * parameters.patterns.babinski_ms
    pair = (left[0], right[0])
    found = synchrony_of(pair, (a, c), (peak_a, peak_c), tolerance_s, units.span_s)
    return _with_envelope(units, sampled, found)


def _eyes_li(units: Units) -> float:
    """Return the lateralization of closures of the lids, NaN without any."""
    n = {
        side: sum(
            len(_whole(units, units.of(c))[0])
            for c in _of_muscle(units, Muscle.ORBICULARIS_OCULI, side)
        )
        for side in Side
    }
    total = sum(n.values())
    return (n[Side.LEFT] - n[Side.RIGHT]) / total if total else nan


def _eyes_share(units: Units) -> float:
    """Return how far activity at rest is around the eyes."""
    around: dict[bool, float] = {}
    for c in units.facial:
        eye = units.channels[c].muscle in {Muscle.ORBICULARIS_OCULI, Muscle.CORRUGATOR}
        lasting = float(units.bursts.duration_ms[units.of(c)].sum())
        around[eye] = max(around.get(eye, 0.0), lasting)
    total = sum(around.values())
    return around[True] / total if len(around) == 2 and total > 0.0 else nan


def _facial_part(units: Units) -> float:
    """Return the area of the busiest facial muscle as part of that of the busiest masticatory."""
    area = {c: float(units.bursts.area_uv_s[units.of(c)].sum()) for c in units.channels}
    jaw = max((area[c] for c in units.masticatory), default=0.0)
    face = max((area[c] for c in units.facial), default=0.0)
    return face / jaw if jaw > 0.0 else inf


def _whole(units: Units, rows: NDArray[np.intp]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return onset and peak of closures of the lid, whose parts lie less than 60 ms apart."""
    b = units.bursts
    if not len(rows):
        return np.empty(0), np.empty(0)
    gap = b.start_s[rows[1:]] - np.maximum.accumulate(b.end_s[rows])[:-1]
    first = np.flatnonzero(np.append(True, gap > LID_GAP_S))
    return b.start_s[rows[first]], np.maximum.reduceat(b.peak_uv[rows], first)


def _across(units: Units, sampled: Sampled, parameters: Parameters) -> tuple[Synchrony, ...]:
    """Return the synchrony of each muscle with its fellow of the other side."""
    out = []
    for c in units.side_channels(Side.LEFT):
        muscle = units.channels[c].muscle
        fellows = _of_muscle(units, muscle, Side.RIGHT) if muscle is not None else []
        out += [_synchrony(units, sampled, c, d, parameters) for d in fellows[:1]]
    return tuple(out)


def _babinski(units: Units, side: Side | None, parameters: Parameters) -> Estimate:
    """Return the part of bursts of the eye that frontalis joins on this side alone."""
    p = parameters.patterns
    eye = _of_muscle(units, Muscle.ORBICULARIS_OCULI, side)
    brow = _of_muscle(units, Muscle.FRONTALIS, side)
    if not eye or not brow or side is None:
        return Estimate()
    b = units.bursts
    eyes, brows = units.of(eye[0]), units.of(brow[0])
    if not len(eyes):
        return Estimate()
    joined = _joins(b.start_s[eyes], b.end_s[eyes], b.start_s[brows], b.end_s[brows], p.babinski_ms)
    for other in _of_muscle(units, Muscle.FRONTALIS, side.opposite):
        rows = units.of(other)
        joined &= ~_joins(
            b.start_s[eyes], b.end_s[eyes], b.start_s[rows], b.end_s[rows], p.babinski_ms
        )
    k, n = int(joined.sum()), len(eyes)
    return Estimate(k / n, *wilson(k, n), n)


def _joins(
    start: NDArray[np.float64],
    end: NDArray[np.float64],
    other_start: NDArray[np.float64],
    other_end: NDArray[np.float64],
    within_ms: float,
) -> NDArray[np.bool_]:
    """Return which bursts another one joins: onset within the time, over half of it."""
    if not len(other_start):
        return np.zeros(len(start), dtype=np.bool_)
    near = nearest(start, other_start)
    lag = np.abs(other_start[near] - start)
    shared = np.minimum(end, other_end[near]) - np.maximum(start, other_start[near])
    return np.asarray((lag <= 1e-3 * within_ms) & (shared >= OVERLAP * (end - start)))


def _sleep(units: Units, parameters: Parameters) -> Estimate:
    """Return episodes per hour asleep as part of those awake."""
    marks = units.marks
    if not len(marks.asleep) or not len(marks.awake):
        return Estimate()
    b = units.bursts
    rows = np.flatnonzero(units.rest & np.isin(b.channel, units.facial))
    episode = episodes_of(b.start_s[rows], b.end_s[rows], parameters.bursts)
    start = b.start_s[rows][np.flatnonzero(np.diff(episode, prepend=-1))]
    slept, woke = (float(np.sum(s[:, 1] - s[:, 0])) for s in (marks.asleep, marks.awake))
    asleep, awake = int(within(start, marks.asleep).sum()), int(within(start, marks.awake).sum())
    if not awake or not slept or not woke:
        return Estimate(n=asleep)
    ratio = (asleep / slept) / (awake / woke)
    half = 1.96 * np.sqrt(1.0 / max(asleep, 0.5) + 1.0 / awake)
    return Estimate(ratio, float(ratio * np.exp(-half)), float(ratio * np.exp(half)), asleep)
