"""Bursts that count for no pattern: after stimuli, of the heart, of blinks.

What is set aside stays in the list with its reason. What is volume-conducted is left to `crosstalk`
and `floors`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.anatomy import Muscle, Side
from amr_viewer.core.bursts import Electrode, SetAside
from amr_viewer.core.parameters import BurstParameters

EYELID_MS = 40.0
"""A shorter event of both eyes is no blink."""

ALONE_S = 0.75
RUN = 4
"""So many events of both eyes that follow each other more closely are a run, not blinks."""

TOGETHER_MS = 50.0
"""Muscles that begin within this of a blink take part in it."""

SHARED_S = 0.02
SLOW_PART = 0.4
LEAST_BEATS = 15
BEAT_S = (0.35, 1.6)
DOUBTFUL = 3.0
"""Events so close together are one of the heart or of movement if half of them are slow, and the
others no faster than this many times the limit."""

CONDUCTED = 0.4
"""Less than this part of an eye's peak may be conducted from it."""

BLINKERS = frozenset({Muscle.ORBICULARIS_OCULI})
TRIGEMINAL = frozenset({Muscle.MASSETER, Muscle.TEMPORALIS})


@dataclass(frozen=True, slots=True)
class Place:
    """What setting aside needs to know of a channel."""

    index: int
    muscle: Muscle | None
    side: Side | None
    electrode: Electrode
    noise_uv: float
    sd_uv: float


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Events of all channels in order of time."""

    channel: NDArray[np.intp]
    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]
    peak_uv: NDArray[np.float64]
    frequency_hz: NDArray[np.float64]

    def rows_of(self, channel: int, free: NDArray[np.bool_]) -> NDArray[np.intp]:
        """Return the rows of a channel among those that are free."""
        return np.flatnonzero((self.channel == channel) & free)


def after_stimuli(
    table: Table, stimuli_s: NDArray[np.float64], p: BurstParameters
) -> NDArray[np.bool_]:
    """Return which events begin around a stimulus, or are on when it is given."""
    times = np.sort(stimuli_s)
    first = np.searchsorted(times, table.start_s - 1e-3 * p.stimulus_after_ms)
    last = np.searchsorted(times, table.start_s + 1e-3 * p.stimulus_before_ms, side="right")
    return np.asarray(last > first)


def no_muscle(table: Table, stimuli_s: NDArray[np.float64], p: BurstParameters) -> NDArray[np.int8]:
    """Return which events are artefacts or follow stimuli, as `SetAside`."""
    out = np.full(len(table.start_s), SetAside.NONE, dtype=np.int8)
    out[slow_ones(table, p)] = SetAside.ARTEFACT
    out[after_stimuli(table, stimuli_s, p)] = SetAside.STIMULUS_LOCKED
    return out


def slow_ones(table: Table, p: BurstParameters) -> NDArray[np.bool_]:
    """Return which events are slower than muscle, or share such an event of most channels.

    The heart and movements of the head reach many channels at once; where noise or a small size
    hides in one of them how slow it is, the others tell.
    """
    slow = table.frequency_hz < p.muscle_min_hz
    doubtful = table.frequency_hz < DOUBTFUL * p.muscle_min_hz
    middle = 0.5 * (table.start_s + table.end_s)
    order = np.argsort(middle, kind="stable")
    low = np.searchsorted(middle[order], middle - SHARED_S)
    high = np.searchsorted(middle[order], middle + SHARED_S, side="right")
    total = np.concatenate([[0], np.cumsum(slow[order])])
    n_slow, n = total[high] - total[low], high - low
    shared = (n >= 3) & (n_slow >= SLOW_PART * n)
    return np.asarray(slow | (shared & doubtful) | _on_beat(table, middle, slow & (n >= 3)))


def _on_beat(
    table: Table, middle: NDArray[np.float64], slow: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return which short events fall on the beat that slow events of many channels keep."""
    beats = np.sort(middle[slow])
    none = np.zeros(len(middle), dtype=np.bool_)
    if len(beats) < LEAST_BEATS:
        return none
    beats = beats[np.append(True, np.diff(beats) > 2.0 * SHARED_S)]
    intervals = np.diff(beats)
    usual = float(np.median(intervals)) if len(intervals) >= LEAST_BEATS else 0.0
    even = np.abs(intervals / usual - 1.0) < 0.2 if usual > 0.0 else np.zeros(0)
    if not BEAT_S[0] <= usual <= BEAT_S[1] or even.mean() < 0.5:
        return none
    # Beats that were missed lie at even parts of the pause.
    parts = np.clip(np.rint(intervals / usual), 1, 20).astype(np.intp)
    made = [a + g * np.arange(n) / n for a, g, n in zip(beats, intervals, parts, strict=False)]
    every = np.append(np.concatenate(made), beats[-1])
    near = np.abs(every[nearest(middle, every)] - middle) <= 2.0 * SHARED_S
    short = table.end_s - table.start_s <= 0.08
    return np.asarray(near & short & (table.frequency_hz < 2.0 * DOUBTFUL * 40.0))


@dataclass(frozen=True, slots=True, eq=False)
class Lids:
    """Events of both eyes at once; every array has shape (n_events,).

    Attributes
    ----------
    left, right : ndarray of int
        Their rows.
    in_run : ndarray of bool
        Whether others follow so closely that this is no blink.
    companions : ndarray of int
        Bits: 1 a muscle of the left side takes part, 2 of the right side.
    """

    left: NDArray[np.intp]
    right: NDArray[np.intp]
    in_run: NDArray[np.bool_]
    companions: NDArray[np.int8]


def lids_of(
    table: Table, places: tuple[Place, ...], free: NDArray[np.bool_], p: BurstParameters
) -> Lids:
    """Find the events that both orbiculares oculi begin together."""
    sides = {
        side: [c.index for c in places if c.muscle in BLINKERS and c.side is side] for side in Side
    }
    left = np.flatnonzero(np.isin(table.channel, sides[Side.LEFT]) & free)
    right = np.flatnonzero(np.isin(table.channel, sides[Side.RIGHT]) & free)
    if not len(left) or not len(right):
        none = np.empty(0, np.intp)
        return Lids(none, none, np.empty(0, np.bool_), np.empty(0, np.int8))
    pairs = nearest(table.start_s[left], table.start_s[right])
    lag = np.abs(table.start_s[left] - table.start_s[right[pairs]])
    middle = 0.5 * (table.start_s + table.end_s)
    centred = np.abs(middle[left] - middle[right[pairs]])
    shared = np.minimum(table.end_s[left], table.end_s[right[pairs]]) - np.maximum(
        table.start_s[left], table.start_s[right[pairs]]
    )
    longer = np.maximum(
        table.end_s[left] - table.start_s[left],
        table.end_s[right[pairs]] - table.start_s[right[pairs]],
    )
    # Lids close gradually: a lower level of one side sees its onset later.
    together = (np.minimum(lag, centred) <= 1e-3 * p.blink_lag_ms) | (shared >= 0.5 * longer)
    together &= lag <= 3e-3 * p.blink_lag_ms
    left, right = left[together], right[pairs[together]]
    start = np.minimum(table.start_s[left], table.start_s[right])
    in_run = _runs(start, np.maximum(table.end_s[left], table.end_s[right]))
    peaks = {Side.LEFT: table.peak_uv[left], Side.RIGHT: table.peak_uv[right]}
    return Lids(left, right, in_run, _companions(table, places, free, start, peaks))


def _runs(start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which events belong to a run of `RUN` or more."""
    if not len(start):
        return np.zeros(0, dtype=np.bool_)
    close = np.zeros(len(start), dtype=np.intp)
    close[1:] = start[1:] - start[:-1] > ALONE_S
    group = np.cumsum(close)
    return np.asarray(np.bincount(group)[group] >= RUN)


def _companions(
    table: Table,
    places: tuple[Place, ...],
    free: NDArray[np.bool_],
    start: NDArray[np.float64],
    peaks: dict[Side, NDArray[np.float64]],
) -> NDArray[np.int8]:
    """Return which sides have another facial muscle that begins with each event.

    A muscle whose activity is smaller than what the eye's may conduct into it does not count.
    """
    out = np.zeros(len(start), dtype=np.int8)
    for bit, side in ((1, Side.LEFT), (2, Side.RIGHT)):
        for place in places:
            other = place.muscle not in BLINKERS | TRIGEMINAL and place.muscle is not None
            rows = table.rows_of(place.index, free)
            if place.side is not side or not other or not len(rows):
                continue
            near = rows[nearest(start, table.start_s[rows])]
            joins = np.abs(table.start_s[near] - start) <= 1e-3 * TOGETHER_MS
            joins &= table.peak_uv[near] >= CONDUCTED * peaks[side]
            out |= (bit * joins).astype(np.int8)
    return out


def nearest(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return for each of `a` the index of the nearest of `b`, which is sorted and not empty."""
    right = np.clip(np.searchsorted(b, a), 0, len(b) - 1)
    left = np.maximum(right - 1, 0)
    return np.asarray(np.where(np.abs(b[left] - a) <= np.abs(b[right] - a), left, right))


def blinks(table: Table, lids: Lids, p: BurstParameters) -> NDArray[np.bool_]:
    """Return which events are blinks: of both eyes, short, single, and of nothing else."""
    out = np.zeros(len(table.start_s), dtype=np.bool_)
    duration_ms = 1e3 * (table.end_s - table.start_s)
    for rows in (lids.left, lids.right):
        fits = (duration_ms[rows] >= 0.5 * EYELID_MS) & (duration_ms[rows] <= 1.2 * p.blink_max_ms)
        out[rows[fits & ~lids.in_run & (lids.companions == 0)]] = True
    # One lid alone is no blink.
    both = out[lids.left] & out[lids.right]
    out[:] = False
    out[lids.left[both]] = True
    out[lids.right[both]] = True
    return out


def hidden_blinks(
    table: Table, places: tuple[Place, ...], free: NDArray[np.bool_], p: BurstParameters
) -> NDArray[np.bool_]:
    """Return which events of one eye may be half of a blink that a spasm of the other eye hides.

    They last as long as a blink, no other muscle of the side takes part, and the other eye is
    active at the time.
    """
    out = np.zeros(len(table.start_s), dtype=np.bool_)
    for side in Side:
        mine = [c.index for c in places if c.muscle in BLINKERS and c.side is side]
        eyes = [c.index for c in places if c.muscle in BLINKERS and c.side is side.opposite]
        rows = np.flatnonzero(np.isin(table.channel, mine) & free)
        theirs = np.flatnonzero(np.isin(table.channel, eyes) & free)
        if not len(rows) or not len(theirs):
            continue
        at = np.clip(
            np.searchsorted(table.start_s[theirs], table.end_s[rows]) - 1, 0, len(theirs) - 1
        )
        other = theirs[at]
        shared = np.minimum(table.end_s[rows], table.end_s[other]) - np.maximum(
            table.start_s[rows], table.start_s[other]
        )
        duration_s = table.end_s[rows] - table.start_s[rows]
        fits = (duration_s >= 0.5e-3 * EYELID_MS) & (duration_s <= 1.2e-3 * p.blink_max_ms)
        longer = table.end_s[other] - table.start_s[other] > 1.5 * duration_s
        peaks = {side: table.peak_uv[rows], side.opposite: np.full(len(rows), np.inf)}
        joins = _companions(table, places, free, table.start_s[rows], peaks) > 0
        chosen = (shared >= 0.5 * duration_s) & fits & longer & ~joins
        out[rows[chosen & ~_runs(table.start_s[rows], table.end_s[rows])]] = True
    return out


def lone_eye(
    table: Table, places: tuple[Place, ...], free: NDArray[np.bool_], p: BurstParameters
) -> NDArray[np.bool_]:
    """Return which events may be blinks where only one eye was recorded.

    They last as long as a blink, are single, and no other muscle of the side takes part.
    """
    out = np.zeros(len(table.start_s), dtype=np.bool_)
    eyes = [c for c in places if c.muscle in BLINKERS]
    if len({c.side for c in eyes}) != 1 or len(places) < 2:
        return out
    for eye in eyes:
        rows = table.rows_of(eye.index, free)
        others = np.sort(table.start_s[free & (table.channel != eye.index)])
        start, end = table.start_s[rows], table.end_s[rows]
        duration_ms = 1e3 * (end - start)
        alone = np.ones(len(rows), dtype=np.bool_)
        if len(others):
            alone = np.abs(others[nearest(start, others)] - start) > 1e-3 * TOGETHER_MS
        fits = (duration_ms >= 0.5 * EYELID_MS) & (duration_ms <= p.blink_max_ms)
        out[rows[alone & fits & ~_runs(start, end)]] = True
    return out


def all_blinks(
    table: Table,
    places: tuple[Place, ...],
    free: NDArray[np.bool_],
    p: BurstParameters,
) -> NDArray[np.bool_]:
    """Return which of the free events are blinks, or may be."""
    lids = lids_of(table, places, free, p)
    found = blinks(table, lids, p) | lone_eye(table, places, free, p)
    return np.asarray(found | hidden_blinks(table, places, free & ~found, p))
