"""What one side shows at rest: counts, synchrony, course, trains of its muscles, rhythm, rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import nan

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.burst_groups import episodes_of, salvos_of
from amr_viewer.analysis.free_marks import within
from amr_viewer.analysis.muscle_envelopes import (
    COPY_RATIO,
    NEEDLE_RATIO,
    cleaned,
    together,
)
from amr_viewer.analysis.muscle_trains import MuscleTrains, regular_cv, trains_in
from amr_viewer.analysis.pattern_units import Trains, Units, trains_of
from amr_viewer.analysis.rhythm import Beat, beat_of, rhythm_of
from amr_viewer.analysis.sampled_envelopes import HZ, Sampled
from amr_viewer.analysis.side_course import Course, course_of
from amr_viewer.analysis.synchrony import LEAST, spread, synchrony_of
from amr_viewer.core.anatomy import Side
from amr_viewer.core.bursts import Electrode, SetAside
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.patterns import Rhythm, Spread, Synchrony

CLUSTER_S = 0.02
"""Onsets of several muscles within this are one event of a side."""

PART_OF_BUSIEST = 0.2
"""A channel with fewer bursts than this part of the busiest one is not active."""

STRONG_SD, STRONG_PART = 3.0, 3.0
"""Bursts that rise so much further above rest than the upper level, or to thrice the level of rest,
are no chance of the noise."""

FRAGMENT_S = 0.04
"""Onsets of one muscle within this are parts of one burst: no pattern recurs faster."""

AROUND_S = 0.05
TRUSTED_RATES = 0.3
"""Rates count where two ways of measuring them agree in so many bursts at least."""

EVEN_CV = 0.35
"""A unit of a slow train fires evenly; what noise leaves of a fluctuating spasm does not."""

FALLING = -0.22
EVEN = -0.6
"""Amplitude falls by a fifth and more (logarithm), evenly: decrement of 20 % and more."""


@dataclass(frozen=True, slots=True, eq=False)
class SideFacts:
    """What one side shows at rest; NaN: could not be measured.

    Attributes
    ----------
    side : Side or None
    channels, active : tuple of int
        Facial channels; those with bursts to speak of.
    rows : ndarray of int
        Bursts at rest.
    events_s : ndarray
        Onsets, those of several muscles at once counted once.
    n_strong : int
        Events that no noise makes.
    pairs : tuple of Synchrony
        Of active muscles, and of these with the others of the side.
    best : Synchrony or None
        The pair that goes together most, copies left out.
    all_copies : bool
        Whether each pair may be one muscle and what is conducted from it.
    course : Course
    trains : dict of int to MuscleTrains
        Of active muscles.
    train_ms : Spread
    train_cv : float
        Variation of the intervals from train to train, median of the muscles.
    single_share : float
        Part of the trains that are a discharge alone.
    long_share : float
        Part of the time in trains that is in those of half a second and more.
    n_long : int
    fall_share : float
        Part of the long trains whose amplitude falls evenly.
    rise_s : float
    beat : Beat
        Of the pieces of the side.
    rhythm : Rhythm
    rate_hz : Spread
        Within trains, needle electrodes only; of rates to be trusted.
    reliable : float
    fluctuation : float
        Of prolonged bursts.
    needle : bool
    """

    side: Side | None
    channels: tuple[int, ...]
    active: tuple[int, ...]
    rows: NDArray[np.intp]
    events_s: NDArray[np.float64]
    n_strong: int
    pairs: tuple[Synchrony, ...]
    best: Synchrony | None
    all_copies: bool
    course: Course
    trains: dict[int, MuscleTrains]
    train_ms: Spread
    train_cv: float
    single_share: float
    long_share: float
    n_long: int
    fall_share: float
    rise_s: float
    beat: Beat
    rhythm: Rhythm
    rate_hz: Spread
    reliable: float
    fluctuation: float
    needle: bool

    @property
    def n(self) -> int:
        """Number of events."""
        return len(self.events_s)

    @property
    def n_clonic(self) -> int:
        """Short pieces."""
        return int(self.course.clonic.sum())

    @property
    def n_tonic(self) -> int:
        """Prolonged pieces."""
        return int(self.course.tonic.sum())


def clustered(start_s: NDArray[np.float64], within_s: float = CLUSTER_S) -> NDArray[np.float64]:
    """Return the first onset of each cluster of sorted onsets.

    Examples
    --------
    >>> clustered(np.array([0.0, 0.01, 0.5, 0.515, 0.53])).tolist()
    [0.0, 0.5, 0.53]
    """
    out: list[float] = []
    for t in start_s.tolist():
        if not out or t - out[-1] > within_s:
            out.append(t)
    return np.array(out)


def facts_of_side(
    units: Units,
    sampled: Sampled,
    side: Side | None,
    channels: tuple[int, ...],
    parameters: Parameters,
) -> SideFacts:
    """Return what the bursts of some channels of one side show at rest."""
    b = units.bursts
    per_channel = {c: units.of(c) for c in channels}
    most = max((len(r) for r in per_channel.values()), default=0)
    active = tuple(
        c for c, r in per_channel.items() if len(r) >= max(LEAST, PART_OF_BUSIEST * most)
    )
    rows = np.sort(np.concatenate([*per_channel.values(), np.empty(0, np.intp)]).astype(np.intp))
    shown = active or channels
    mask = resting(units, sampled, shown)
    free = _free(units, sampled)
    trains = {
        c: trains_in(sampled, sampled.envelope_uv[c], resting(units, sampled, (c,))) for c in shown
    }
    course = course_of(sampled, [sampled.envelope_uv[c] for c in shown], mask, parameters.bursts)
    asked = _asked(units, active, channels, parameters)
    pairs = _with_envelopes(units, sampled, asked, active)
    usable = [p for p in pairs if not p.crosstalk and _closeness(p) > -1.0]
    needle = bool(active) and all(units.channels[c].electrode is Electrode.NEEDLE for c in active)
    rates, reliable = _rates(units, active) if needle else (Spread(), nan)
    lasting = _joined([t.duration_s for t in trains.values()])
    falls = _joined([t.fall for t in trains.values()])
    even = _joined([t.steady_fall for t in trains.values()])
    known = np.isfinite(falls)
    busiest = max(per_channel, key=lambda c: len(per_channel[c]), default=None)
    long = _long_rows(units, per_channel)
    return SideFacts(
        side=side,
        channels=channels,
        active=active,
        rows=rows,
        events_s=clustered(b.start_s[rows]),
        n_strong=_strong(units, rows),
        pairs=pairs,
        best=max(usable, key=_closeness, default=None),
        all_copies=bool(pairs) and all(p.crosstalk for p in pairs),
        course=course,
        trains=trains,
        train_ms=spread(1e3 * lasting),
        train_cv=_middle(np.array([regular_cv(t.intervals_s) for t in trains.values()])),
        single_share=_share(_joined([t.single for t in trains.values()])),
        long_share=float(lasting[lasting >= 0.5].sum() / lasting.sum()) if len(lasting) else nan,
        n_long=int(known.sum()),
        fall_share=_share((falls < FALLING)[known] & (even < EVEN)[known]),
        rise_s=_middle(_joined([t.rise_s[t.long] for t in trains.values()])),
        beat=beat_of(course.start_s, course.window, np.where(free, course.level, 0.0), HZ),
        rhythm=_rhythm(units, per_channel[busiest], parameters)
        if busiest is not None
        else Rhythm(),
        rate_hz=rates,
        reliable=reliable,
        fluctuation=_middle(b.fluctuation[long]),
        needle=needle,
    )


def resting(units: Units, sampled: Sampled, channels: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return which bins hold, or lie beside, bursts at rest of some channels."""
    b = units.bursts
    rows = np.flatnonzero(units.rest & np.isin(b.channel, channels))
    near = sampled.inside(b.start_s[rows] - AROUND_S, b.end_s[rows] + AROUND_S)
    asked = within(sampled.time_s, units.marks.cues) | within(sampled.time_s, units.marks.maximal)
    return np.asarray(near & ~asked)


def _free(units: Units, sampled: Sampled) -> NDArray[np.bool_]:
    """Return which bins hold neither a movement that was asked for nor a blink."""
    b = units.bursts
    rows = np.flatnonzero(units.lid_rows | (b.set_aside == SetAside.BLINK))
    blinks = sampled.inside(b.start_s[rows] - AROUND_S, b.end_s[rows] + AROUND_S)
    asked = within(sampled.time_s, units.marks.cues) | within(sampled.time_s, units.marks.maximal)
    return np.asarray(~asked & ~blinks)


def pairs_of(
    units: Units, channels: tuple[int, ...], parameters: Parameters, *, rest: bool = True
) -> tuple[Synchrony, ...]:
    """Return the synchrony of every pair of channels."""
    b = units.bursts
    tolerance = 1e-3 * parameters.patterns.sync_ms
    rows = {c: _first_parts(units, units.of(c, rest=rest)) for c in channels}
    out = []
    for i, first in enumerate(channels):
        for second in channels[i + 1 :]:
            one, two = rows[first], rows[second]
            out.append(
                synchrony_of(
                    (first, second),
                    (b.start_s[one], b.start_s[two]),
                    (b.peak_uv[one], b.peak_uv[two]),
                    tolerance,
                    units.span_s,
                )
            )
    return tuple(out)


def _asked(
    units: Units, active: tuple[int, ...], channels: tuple[int, ...], parameters: Parameters
) -> list[Synchrony]:
    """Return the pairs with at least one active muscle."""
    every = pairs_of(units, channels, parameters)
    return [p for p in every if p.a in active or p.b in active]


def _with_envelopes(
    units: Units, sampled: Sampled, pairs: list[Synchrony], active: tuple[int, ...]
) -> tuple[Synchrony, ...]:
    """Return pairs with the correlation of their envelopes.

    A muscle without bursts of its own that stays small may hold no more than is conducted into it.
    """
    out = []
    every = tuple(sorted({c for pair in pairs for c in (pair.a, pair.b)}))
    needle = all(units.channels[c].electrode is Electrode.NEEDLE for c in every)
    limit = NEEDLE_RATIO if needle else COPY_RATIO
    clean = cleaned(sampled, every, resting(units, sampled, every), limit)
    for pair in pairs:
        mask = resting(units, sampled, (pair.a, pair.b))
        found = together(sampled, pair.a, pair.b, mask, clean, limit)
        out.append(
            replace(
                pair,
                envelope_r=found.r,
                envelope_lag_ms=found.lag_ms,
                crosstalk=(pair.crosstalk and not needle)
                or found.copy
                or (found.faint and not {pair.a, pair.b} <= set(active)),
            )
        )
    return tuple(out)


def _closeness(pair: Synchrony) -> float:
    """Return how far a pair goes together, by the mean of what is known."""
    known = [v for v in (pair.envelope_r, pair.index.value) if v == v]
    return sum(known) / len(known) if known else -1.0


def _joined(
    parts: Sequence[NDArray[np.float64] | NDArray[np.bool_]],
) -> NDArray[np.float64]:
    """Return arrays as one, of numbers."""
    return np.concatenate([*parts, np.empty(0)]).astype(np.float64)


def _share(values: NDArray[np.bool_] | NDArray[np.float64]) -> float:
    """Return the part that is true, NaN without any."""
    return float(np.mean(values)) if len(values) else nan


def _long_rows(units: Units, rows: dict[int, NDArray[np.intp]]) -> NDArray[np.intp]:
    """Return the bursts of half a second and more."""
    every = np.concatenate([*rows.values(), np.empty(0, np.intp)]).astype(np.intp)
    return every[units.bursts.duration_ms[every] >= 500.0]


def _strong(units: Units, rows: NDArray[np.intp]) -> int:
    """Return how many events rise so far above rest that noise cannot make them."""
    b = units.bursts
    limit = np.zeros(len(rows))
    for c in units.facial:
        channel = units.channels[c]
        mine = b.channel[rows] == c
        if not mine.any() or not len(channel.on_uv):
            continue
        step = np.clip(np.searchsorted(channel.block_start_s, b.start_s[rows[mine]]) - 1, 0, None)
        sd = (channel.on_uv - channel.off_uv)[step]
        # Where a rhythm leaves no rest, its level is too high to ask for more than thrice of it.
        limit[mine] = np.minimum(
            channel.on_uv[step] + STRONG_SD * sd / 2.5, STRONG_PART * channel.baseline_uv[step]
        )
    strong = (b.peak_uv[rows] >= limit) | b.manual[rows]
    return len(clustered(b.start_s[rows[strong]]))


def _rates(units: Units, channels: tuple[int, ...]) -> tuple[Spread, float]:
    """Return the rate within trains of needle electrodes, and how many are reliable."""
    b = units.bursts
    rated = np.isin(b.channel, channels) & units.rest & np.isfinite(b.rate_hz)
    reliable = float(b.rate_reliable[rated].mean()) if rated.any() else nan
    slow = [_slow_rates(trains_of(units, c)) for c in channels]
    fast = b.rate_hz[rated & b.rate_reliable] if reliable >= TRUSTED_RATES else np.empty(0)
    return spread(np.concatenate([fast, *slow])), reliable


def _slow_rates(trains: Trains) -> NDArray[np.float64]:
    """Return the rates of trains whose discharges stand apart, which need no second method."""
    even = trains.interval_cv < EVEN_CV
    return np.asarray(trains.rate_hz[even & np.isfinite(trains.rate_hz)])


def _rhythm(units: Units, rows: NDArray[np.intp], parameters: Parameters) -> Rhythm:
    """Return the rhythm of one channel."""
    b = units.bursts
    start, end = b.start_s[rows], b.end_s[rows]
    if not len(rows):
        return Rhythm()
    episode = episodes_of(start, end, parameters.bursts)
    first = np.flatnonzero(np.diff(episode, prepend=-1))
    whole = clustered(start, FRAGMENT_S)
    return rhythm_of(start[first], whole, salvos_of(whole, parameters.bursts))


def _first_parts(units: Units, rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the bursts of one channel without the later fragments of each."""
    start = units.bursts.start_s[rows]
    return rows[np.searchsorted(start, clustered(start, FRAGMENT_S))]


def _middle(values: NDArray[np.float64]) -> float:
    """Return the median of what is finite."""
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if len(finite) else nan
