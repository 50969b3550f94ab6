"""What the two sides show together: lateralization, the eyes, other Babinski sign, cues, sleep."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.burst_groups import episodes_of
from amr_viewer.analysis.free_marks import within
from amr_viewer.analysis.intervals import wilson
from amr_viewer.analysis.pattern_units import Units
from amr_viewer.analysis.set_aside import nearest
from amr_viewer.analysis.side_facts import SideFacts, facts_of_side
from amr_viewer.analysis.synchrony import spread, synchrony_of
from amr_viewer.core.anatomy import Muscle, Side
from amr_viewer.core.bursts import SetAside
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.patterns import Estimate, Spread, Synchrony

RESAMPLES = 400
OVERLAP = 0.5
LID_GAP_S = 0.06
GRADUAL = 3.0
CONDUCTED = 0.3
"""Less than this part of the loudest muscle of a side is no movement of its own."""


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """How one side answers cues or blinks.

    Attributes
    ----------
    contingency : Estimate
        Part of them that another muscle of the side joins within the time allowed.
    lag_ms : Spread
        Of that pair of muscles.
    other_side : float
        Part of them in which the muscle that joins has its fellow of the other side active.
    """

    contingency: Estimate
    lag_ms: Spread
    other_side: float


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
        The two orbiculares oculi against each other, at rest and in runs.
    eyes_li : float
        Lateralization of their closures alone.
    across : tuple of Synchrony
        Each muscle with its fellow of the other side.
    babinski : dict of Side or None to Estimate
    cues, lids : dict of Side or None to Answers
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
    across: tuple[Synchrony, ...]
    babinski: dict[Side | None, Estimate]
    cues: dict[Side | None, Answers]
    lids: dict[Side | None, Answers]
    n_cues: int
    n_answered: int
    n_blinks: int
    sleep: Estimate

    @property
    def both_sides(self) -> bool:
        """Whether both sides were recorded."""
        return Side.LEFT in self.sides and Side.RIGHT in self.sides


def facts_of_face(units: Units, parameters: Parameters) -> FaceFacts:
    """Return what a recording shows."""
    known: list[Side | None] = [*Side, None]
    sides = {
        s: facts_of_side(units, s, units.side_channels(s), parameters)
        for s in known
        if units.side_channels(s)
    }
    chewing = {s: tuple(c for c in units.masticatory if units.channels[c].side is s) for s in known}
    masticatory = {s: facts_of_side(units, s, c, parameters) for s, c in chewing.items() if c}
    li, area = _lateralization(units, sides, parameters)
    answered = {int(c) for c in units.cue[np.isin(units.bursts.channel, units.facial)] if c >= 0}
    blinks = units.bursts.set_aside == SetAside.BLINK
    return FaceFacts(
        units,
        sides,
        masticatory,
        li,
        area,
        _eyes(units, parameters),
        _eyes_li(units),
        _across(units, parameters),
        {s: _babinski(units, s, parameters) for s in sides},
        {s: _cue_answers(units, s, parameters) for s in sides},
        {s: _lid_answers(units, s, parameters) for s in sides},
        len(units.marks.cues),
        len(answered),
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


def _synchrony(units: Units, a: int, b: int, parameters: Parameters) -> Synchrony:
    """Return the synchrony of two channels at rest."""
    t = units.bursts
    one, two = units.of(a), units.of(b)
    return synchrony_of(
        (a, b),
        (t.start_s[one], t.start_s[two]),
        (t.peak_uv[one], t.peak_uv[two]),
        1e-3 * parameters.patterns.babinski_ms,
        units.span_s,
    )


def _eyes(units: Units, parameters: Parameters) -> Synchrony | None:
    """Return the synchrony of the two orbiculares oculi."""
    left = _of_muscle(units, Muscle.ORBICULARIS_OCULI, Side.LEFT)
    right = _of_muscle(units, Muscle.ORBICULARIS_OCULI, Side.RIGHT)
    if not left or not right:
        return None
    (a, peak_a), (c, peak_c) = (_whole(units, units.of(eye[0])) for eye in (left, right))
    tolerance_s = 1.25e-3 * parameters.patterns.babinski_ms
    pair = (left[0], right[0])
    return synchrony_of(pair, (a, c), (peak_a, peak_c), tolerance_s, units.span_s)


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


def _whole(units: Units, rows: NDArray[np.intp]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return onset and peak of closures of the lid, whose parts lie less than 60 ms apart."""
    b = units.bursts
    if not len(rows):
        return np.empty(0), np.empty(0)
    gap = b.start_s[rows[1:]] - np.maximum.accumulate(b.end_s[rows])[:-1]
    first = np.flatnonzero(np.append(True, gap > LID_GAP_S))
    return b.start_s[rows[first]], np.maximum.reduceat(b.peak_uv[rows], first)


def _across(units: Units, parameters: Parameters) -> tuple[Synchrony, ...]:
    """Return the synchrony of each muscle with its fellow of the other side."""
    out = []
    for c in units.side_channels(Side.LEFT):
        muscle = units.channels[c].muscle
        fellows = _of_muscle(units, muscle, Side.RIGHT) if muscle is not None else []
        out += [_synchrony(units, c, d, parameters) for d in fellows[:1]]
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


def _cue_answers(units: Units, side: Side | None, parameters: Parameters) -> Answers:
    """Return how muscles of a side move together when a movement is asked for."""
    n = len(units.marks.cues)
    if not n:
        return Answers(Estimate(), Spread(), nan)
    first = {c: _first_in_cue(units, c, n) for c in units.facial}
    peak = {c: _peak_in_cue(units, c, n) for c in units.facial}
    loudest = np.max([peak[c] for c in units.side_channels(side)], axis=0)
    # What another muscle may conduct into a channel is no movement of its own.
    own = {c: np.isfinite(first[c]) & (peak[c] >= CONDUCTED * loudest) for c in units.facial}
    mine = [c for c in units.side_channels(side) if own[c].sum() >= 0.3 * n]
    # What another movement asked for may leave a muscle out: cues that moved the side count.
    moved = np.any([own[c] for c in mine], axis=0) if mine else np.zeros(n, bool)
    trials = int(moved.sum())
    best: Answers | None = None
    for i, a in enumerate(mine):
        for c in mine[i + 1 :]:
            lag = first[c] - first[a]
            # Movements begin gradually: the weaker muscle is seen later than it sets in.
            allowed_s = GRADUAL * 1e-3 * parameters.patterns.partner_ms
            joined = (np.abs(lag) <= allowed_s) & own[a] & own[c]
            k = int(joined.sum())
            part = Estimate(k / trials, *wilson(k, trials), trials)
            answer = Answers(
                part, spread(1e3 * lag[joined]), _fellow(units, (a, c), joined, first, peak)
            )
            if best is None or _closer(answer, best):
                best = answer
    return best or Answers(Estimate(0.0, *wilson(0, trials), trials), Spread(), nan)


def _closer(a: Answers, b: Answers) -> bool:
    """Whether one pair moves together more often than another."""
    return a.contingency.value > b.contingency.value


def _first_in_cue(units: Units, channel: int, n: int) -> NDArray[np.float64]:
    """Return the first onset of a channel after each cue, NaN where there is none."""
    b = units.bursts
    out = np.full(n, nan)
    rows = np.flatnonzero((b.channel == channel) & (units.cue >= 0))
    peak = _peak_in_cue(units, channel, n)
    # What stirs before the movement, much smaller, is not its onset.
    for row in rows[b.peak_uv[rows] >= CONDUCTED * peak[units.cue[rows]]][::-1]:
        out[units.cue[row]] = b.start_s[row]
    return out


def _peak_in_cue(units: Units, channel: int, n: int) -> NDArray[np.float64]:
    """Return the largest peak of a channel after each cue, 0 where there is none."""
    out = np.zeros(n)
    b = units.bursts
    rows = np.flatnonzero((b.channel == channel) & (units.cue >= 0))
    np.maximum.at(out, units.cue[rows], b.peak_uv[rows])
    return out


def _loudest(units: Units, side: Side, peak: dict[int, NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return the largest peak of a side after each cue."""
    return np.asarray(np.max([peak[c] for c in units.side_channels(side)], axis=0))


def _fellow(
    units: Units,
    pair: tuple[int, int],
    joined: NDArray[np.bool_],
    first: dict[int, NDArray[np.float64]],
    peak: dict[int, NDArray[np.float64]],
) -> float:
    """Return in which part of the joint movements the fellows of both muscles move as well."""
    if not joined.any():
        return nan
    both = np.ones(len(joined), dtype=np.bool_)
    known = False
    for c in pair:
        channel = units.channels[c]
        if channel.muscle is None or channel.side is None:
            continue
        fellows = _of_muscle(units, channel.muscle, channel.side.opposite)
        if fellows:
            loudest = _loudest(units, channel.side.opposite, peak)
            known = True
            both &= np.isfinite(first[fellows[0]]) & (peak[fellows[0]] >= CONDUCTED * loudest)
    return float(np.mean(both[joined])) if known else nan


def _lid_answers(units: Units, side: Side | None, parameters: Parameters) -> Answers:
    """Return how often another muscle of a side joins a blink of both eyes."""
    lids = units.lids
    rows = np.flatnonzero(~lids.in_run)
    if side is None or not len(rows):
        return Answers(Estimate(), Spread(), nan)
    bit, other_bit = (1, 2) if side is Side.LEFT else (2, 1)
    has = (lids.companions[rows] & bit) > 0
    other = (lids.companions[rows] & other_bit) > 0
    n, k = len(rows), int(has.sum())
    b = units.bursts
    eye = b.start_s[(lids.left if side is Side.LEFT else lids.right)[rows]]
    lags = _companion_lags(units, side, eye[has])
    part = Estimate(k / n, *wilson(k, n), n)
    return Answers(part, lags, float(other[has].mean()) if k else nan)


def _companion_lags(units: Units, side: Side, eye_s: NDArray[np.float64]) -> Spread:
    """Return the lags of the muscle that joins blinks most often."""
    b = units.bursts
    best = Spread()
    for c in units.side_channels(side):
        if units.channels[c].muscle is Muscle.ORBICULARIS_OCULI:
            continue
        onsets = b.start_s[np.flatnonzero((b.channel == c) & b.counted)]
        if not len(onsets) or not len(eye_s):
            continue
        lag = onsets[nearest(eye_s, onsets)] - eye_s
        found = spread(1e3 * lag[np.abs(lag) <= 0.05])
        if found.n > best.n:
            best = found
    return best


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
