"""What the bursts of one side show at rest: counts, durations, synchrony, rhythm, rates."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.burst_groups import episodes_of, salvos_of
from amr_viewer.analysis.pattern_units import Trains, Units, trains_of
from amr_viewer.analysis.rhythm import local_cv, rhythm_of
from amr_viewer.analysis.synchrony import LEAST, spread, synchrony_of
from amr_viewer.core.anatomy import Side
from amr_viewer.core.bursts import BurstKind, Electrode
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.patterns import Rhythm, Spread, Synchrony

CLUSTER_S = 0.02
"""Onsets of several muscles within this are one event of a side."""

PART_OF_BUSIEST = 0.2
"""A channel with fewer bursts than this part of the busiest one is not active."""

STRONG_SD = 3.0
"""Bursts that rise so much further above rest than the upper level are no chance of the noise."""

LONG_MS = 500.0
DECREMENT_PER_S = -0.2
LEAST_FALL = -0.3
"""Amplitude falls in a burst by 20 %/s, or by a quarter from end to end (in logarithms)."""

FRAGMENT_S = 0.04
"""Onsets of one muscle within this are parts of one burst: no pattern recurs faster."""

CHAIN_S = 0.25
SUSTAINED = 1.6
"""A tonic burst of 800 ms or more is no run of clonic bursts that touch each other."""

GROUP_GAP_S = 0.25


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
    n_clonic, n_tonic, n_sustained, n_sequences, n_salvos : int
        Of the busiest muscle: clonic bursts apart from tonic ones, tonic ones, those of 800 ms and
        more, clonic bursts that run into a tonic one, salvos without a tonic burst.
    n_strong : int
        Events that no noise makes.
    pairs : tuple of Synchrony
        Of active channels.
    best : Synchrony or None
        The most synchronous pair.
    duration_ms : Spread
        Of trains (single discharges of a slow train put together).
    long_share : float
        Part of the time in trains that is in those of 500 ms or more.
    train_cv, burst_cv2 : float
        Variation of the intervals between trains; local variation of those between bursts.
    interval_s : float
        Median interval between bursts.
    run_s : float
        How long the run lasts that a typical burst belongs to; a pause of 2.5 intervals ends it.
    rhythm : Rhythm
    rate_hz : Spread
        Within trains, needle electrodes only.
    reliable : float
    decrement : float
        Part of the long bursts whose amplitude falls.
    slope_per_s, fluctuation, rise_ms : float
        Medians of long bursts.
    short_share : float
        Part of the trains that are single discharges.
    """

    side: Side | None
    channels: tuple[int, ...]
    active: tuple[int, ...]
    rows: NDArray[np.intp]
    events_s: NDArray[np.float64]
    n_clonic: int
    n_tonic: int
    n_sustained: int
    n_sequences: int
    n_salvos: int
    n_strong: int
    pairs: tuple[Synchrony, ...]
    best: Synchrony | None
    duration_ms: Spread
    long_share: float
    train_cv: float
    burst_cv2: float
    interval_s: float
    run_s: float
    rhythm: Rhythm
    rate_hz: Spread
    reliable: float
    decrement: float
    n_long: int
    slope_per_s: float
    fluctuation: float
    rise_ms: float
    short_share: float
    needle: bool

    @property
    def n(self) -> int:
        """Number of events."""
        return len(self.events_s)


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
    units: Units, side: Side | None, channels: tuple[int, ...], parameters: Parameters
) -> SideFacts:
    """Return what the bursts of some channels of one side show at rest."""
    b = units.bursts
    per_channel = {c: units.of(c) for c in channels}
    most = max((len(r) for r in per_channel.values()), default=0)
    least = max(LEAST, PART_OF_BUSIEST * most)
    active = tuple(c for c, r in per_channel.items() if len(r) >= least)
    rows = np.sort(np.concatenate([*per_channel.values(), np.empty(0, np.intp)]).astype(np.intp))
    events = clustered(b.start_s[rows])
    trains = {c: trains_of(units, c) for c in (active or channels)}
    pairs = pairs_of(units, active, parameters)
    usable = [p for p in pairs if p.index.known and not p.crosstalk]
    best = max(usable, key=lambda p: p.index.value, default=None)
    counts = [_kinds(units, r) for r in per_channel.values()]
    long_rows = _long_rows(units, {c: per_channel[c] for c in active or channels})
    slopes = b.slope_per_s[long_rows]
    falls = (slopes * 1e-3 * b.duration_ms[long_rows] < LEAST_FALL) | (slopes < DECREMENT_PER_S)
    falls, slopes = falls[np.isfinite(slopes)], slopes[np.isfinite(slopes)]
    busiest = max(per_channel, key=lambda c: len(per_channel[c]), default=None)
    needle = bool(active) and all(units.channels[c].electrode is Electrode.NEEDLE for c in active)
    rates, reliable = _rates(units, trains) if needle else (Spread(), nan)
    durations = np.concatenate([t.duration_ms for t in trains.values()] or [np.empty(0)])
    parts = np.concatenate([t.n_parts for t in trains.values()] or [np.empty(0, np.intp)])
    return SideFacts(
        side=side,
        channels=channels,
        active=active,
        rows=rows,
        events_s=events,
        n_clonic=max((c[0] for c in counts), default=0),
        n_tonic=max((c[1] for c in counts), default=0),
        n_sustained=max((c[2] for c in counts), default=0),
        n_sequences=max((c[3] for c in counts), default=0),
        n_salvos=max((c[4] for c in counts), default=0),
        n_strong=_strong(units, rows),
        pairs=pairs,
        best=best,
        duration_ms=spread(durations),
        long_share=float(durations[durations >= LONG_MS].sum() / max(durations.sum(), 1e-9))
        if len(durations)
        else nan,
        train_cv=_median([_train_cv(t) for t in trains.values()]),
        burst_cv2=_median([_burst_cv2(_onsets(units, per_channel[c])) for c in active]),
        interval_s=_median([_middle(np.diff(_onsets(units, per_channel[c]))) for c in active]),
        run_s=_median([_run_s(_onsets(units, per_channel[c])) for c in active]),
        rhythm=_rhythm(units, per_channel[busiest], parameters)
        if busiest is not None
        else Rhythm(),
        rate_hz=rates,
        reliable=reliable,
        decrement=float(np.mean(falls & (slopes < 0.0))) if len(slopes) else nan,
        n_long=len(slopes),
        slope_per_s=_middle(slopes),
        fluctuation=_middle(b.fluctuation[long_rows]),
        rise_ms=_middle(b.rise[rows] * b.duration_ms[rows]),
        short_share=float(np.mean((durations <= 30.0) & (parts <= 2))) if len(parts) else nan,
        needle=needle,
    )


def _long_rows(units: Units, rows: dict[int, NDArray[np.intp]]) -> NDArray[np.intp]:
    """Return the long bursts of channels that are at least half as large as is usual there."""
    b = units.bursts
    out = [np.empty(0, np.intp)]
    for mine in rows.values():
        long = mine[b.duration_ms[mine] >= LONG_MS]
        if len(long):
            usual = float(np.quantile(b.peak_uv[mine], 0.9))
            out.append(long[b.peak_uv[long] >= 0.5 * usual])
    return np.sort(np.concatenate(out))


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


def _kinds(units: Units, rows: NDArray[np.intp]) -> tuple[int, int, int, int, int]:
    """Return clonic bursts, tonic and sustained ones, sequences, and salvos without a tonic burst.

    Bursts that follow each other within 250 ms form a chain. Short ones in a chain with a tonic one
    are parts of it, or, three and more ahead of it, run into it: a sequence.
    """
    b = units.bursts
    kind, start, end = b.kind[rows], b.start_s[rows], b.end_s[rows]
    if not len(rows):
        return 0, 0, 0, 0, 0
    chain = np.cumsum(
        np.diff(start, prepend=start[0]) > CHAIN_S + np.append(0.0, (end - start)[:-1])
    )
    tonic = kind == BurstKind.TONIC
    sustained = tonic & (b.duration_ms[rows] >= SUSTAINED * LONG_MS)
    with_tonic = np.isin(chain, chain[tonic])
    clonic = (kind == BurstKind.CLONIC) & ~with_tonic
    sequences = 0
    for c in np.unique(chain[tonic]):
        inside = np.flatnonzero(chain == c)
        ahead = int(np.argmax(tonic[inside]))
        sequences += ahead >= 3
    return (
        int(clonic.sum()), int(tonic.sum()), int(sustained.sum()), sequences,
        len(np.unique(chain[clonic])),
    )  # fmt: skip


def _strong(units: Units, rows: NDArray[np.intp]) -> int:
    """Return how many events rise so far above rest, or in several muscles, that noise cannot."""
    b = units.bursts
    limit = np.empty(len(rows))
    for c in units.facial:
        channel = units.channels[c]
        mine = b.channel[rows] == c
        if not mine.any():
            continue
        if len(channel.on_uv):
            step = np.clip(
                np.searchsorted(channel.block_start_s, b.start_s[rows[mine]]) - 1, 0, None
            )
            sd = (channel.on_uv - channel.off_uv)[step]
            limit[mine] = channel.on_uv[step] + STRONG_SD * sd / 2.5
        else:
            limit[mine] = 0.0
    strong = (b.peak_uv[rows] >= limit) | b.manual[rows]
    return len(clustered(b.start_s[rows[strong]]))


def _rates(units: Units, trains: dict[int, Trains]) -> tuple[Spread, float]:
    """Return the rate within trains of needle electrodes, and how many are reliable."""
    rates = np.concatenate([t.rate_hz for t in trains.values()])
    b = units.bursts
    rated = np.isin(b.channel, list(trains)) & units.rest & np.isfinite(b.rate_hz)
    return spread(rates), float(b.rate_reliable[rated].mean()) if rated.any() else nan


def _train_cv(trains: Trains) -> float:
    """Return the robust variation of the intervals between groups of trains.

    Half the spread of the middle 68 % as part of the median: a group that was missed or split does
    not make a rhythm irregular.
    """
    if len(trains.start_s) < 6:
        return nan
    gaps = trains.start_s[1:] - np.maximum.accumulate(trains.end_s)[:-1]
    groups = trains.start_s[np.append(True, gaps > GROUP_GAP_S)]
    if len(groups) < 6:
        return nan
    low, middle, high = np.quantile(np.diff(groups), [0.16, 0.5, 0.84])
    return float(0.5 * (high - low) / middle)


def _burst_cv2(start_s: NDArray[np.float64]) -> float:
    """Return the local variation of the intervals between bursts, median."""
    return _middle(local_cv(np.diff(start_s))) if len(start_s) >= 6 else nan


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


def _run_s(onsets: NDArray[np.float64]) -> float:
    """Return how long the run lasts that the median burst belongs to."""
    if len(onsets) < LEAST:
        return nan
    gaps = np.diff(onsets)
    run = np.cumsum(np.append(True, gaps > 2.5 * np.median(gaps)))
    first = np.flatnonzero(np.diff(run, prepend=0))
    last = np.append(first[1:], len(onsets)) - 1
    lasting = onsets[last] - onsets[first]
    return float(np.median(np.repeat(lasting, last - first + 1)))


def _onsets(units: Units, rows: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the onsets of bursts, fragments of one burst counted once."""
    return clustered(units.bursts.start_s[rows], FRAGMENT_S)


def _first_parts(units: Units, rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the bursts of one channel without the later fragments of each."""
    start = units.bursts.start_s[rows]
    return rows[np.searchsorted(start, clustered(start, FRAGMENT_S))]


def _middle(values: NDArray[np.float64]) -> float:
    """Return the median of what is finite."""
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if len(finite) else nan


def _median(values: list[float]) -> float:
    """Return the median of what is finite."""
    return _middle(np.array(values, dtype=np.float64))
