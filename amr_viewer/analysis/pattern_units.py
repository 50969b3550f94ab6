"""Which bursts are at rest, which answer a cue or go with a blink."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.free_marks import FreeMarks, span_of, within
from amr_viewer.analysis.set_aside import TRIGEMINAL, Lids, Place, Table, lids_of
from amr_viewer.core.anatomy import Side
from amr_viewer.core.bursts import BurstChannel, Bursts, Electrode, SetAside
from amr_viewer.core.parameters import Parameters

TRAIN_GAP_S = {Electrode.NEEDLE: 0.15, Electrode.SURFACE: 0.06}
SHORT_MS = 25.0
"""Events this short, or of at most two discharges, that follow each other within the gap may be the
discharges of one slow train."""

WITH_LIDS_S = 0.06
EYES_ALIKE = 0.1
"""Less than this part of one eye's activity in the other is conducted across the nose."""

OUTLASTS_S, PAUSE_S = 2.0, 0.25
"""A movement may outlast its cue by so long, with pauses of so much."""


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """Bursts with what a pattern asks of them.

    Attributes
    ----------
    bursts : Bursts
    channels : dict of int to BurstChannel
    facial, masticatory, other : tuple of int
        Channels of muscles of the facial nerve, of the trigeminal nerve, of neither.
    rows : ndarray of int
        Bursts that count, in order of time.
    rest : ndarray of bool, shape (n_bursts,)
        Those of them that neither answer a cue nor go with a blink.
    cue : ndarray of int, shape (n_bursts,)
        Index of the cue that a burst may answer, -1 for none.
    lids : Lids
        Events of both eyes, blinks included.
    lid_rows : ndarray of bool, shape (n_bursts,)
        Bursts that belong to single events of both eyes.
    marks : FreeMarks
    rest_s, total_s : float
        Time at rest, and all.
    span_s : tuple of float
    """

    bursts: Bursts
    channels: dict[int, BurstChannel]
    facial: tuple[int, ...]
    masticatory: tuple[int, ...]
    other: tuple[int, ...]
    rows: NDArray[np.intp]
    rest: NDArray[np.bool_]
    cue: NDArray[np.intp]
    lids: Lids
    lid_rows: NDArray[np.bool_]
    marks: FreeMarks
    rest_s: float
    total_s: float
    span_s: tuple[float, float]

    def side_channels(self, side: Side | None) -> tuple[int, ...]:
        """Return the facial channels of a side; of an unknown side for None."""
        return tuple(c for c in self.facial if self.channels[c].side is side)

    def of(self, channel: int, *, rest: bool = True) -> NDArray[np.intp]:
        """Return the bursts of a channel that count."""
        chosen = self.rest if rest else self.bursts.counted
        return np.flatnonzero((self.bursts.channel == channel) & chosen)


def units_of(bursts: Bursts, marks: FreeMarks, parameters: Parameters) -> Units:
    """Sort bursts by what they may answer."""
    channels = {c.index: c for c in bursts.channels}
    named = [c for c in bursts.channels if c.muscle is not None]
    facial = [c.index for c in named if c.muscle not in TRIGEMINAL]
    if not named:
        facial = [c.index for c in bursts.channels]
    masticatory = [c.index for c in named if c.muscle in TRIGEMINAL]
    other = [c.index for c in bursts.channels if c.index not in {*facial, *masticatory}]
    counted = bursts.counted
    marks = replace(marks, cues=_outlasting(marks.cues, bursts, facial))
    cue = span_of(bursts.start_s, marks.cues)
    maximal = within(bursts.start_s, marks.maximal)
    lids = _lids(bursts, parameters)
    with_lids = _with_lids(bursts, lids)
    rest = counted & (cue < 0) & ~maximal & ~with_lids
    first = min(
        (float(c.block_start_s[0]) for c in bursts.channels if len(c.block_start_s)), default=0.0
    )
    last = max(first + bursts.duration_s, float(bursts.end_s.max()) if len(bursts) else 0.0)
    taken = sum(float(b - a) for a, b in (*marks.cues, *marks.maximal))
    return Units(
        bursts,
        channels,
        tuple(facial),
        tuple(masticatory),
        tuple(other),
        np.flatnonzero(counted),
        rest,
        np.where(counted, cue, -1),
        lids,
        with_lids,
        marks,
        max(bursts.duration_s - taken, 0.0),
        bursts.duration_s,
        (first, last),
    )


def _outlasting(
    cues: NDArray[np.float64], bursts: Bursts, facial: list[int]
) -> NDArray[np.float64]:
    """Return cues that last as long as the movement that is on when they end."""
    rows = np.flatnonzero(bursts.counted & np.isin(bursts.channel, facial))
    start, end = bursts.start_s[rows], bursts.end_s[rows]
    out = cues.copy()
    for i, (_, until) in enumerate(cues):
        most = until + OUTLASTS_S
        if i + 1 < len(cues):
            most = min(most, max(float(cues[i + 1, 0]), until))
        for a, b in zip(start, end, strict=True):
            if a >= until + PAUSE_S:
                break
            if b > until:
                until = min(b, most)
        out[i, 1] = until
    return out


def _lids(bursts: Bursts, parameters: Parameters) -> Lids:
    """Return the events of both eyes, blinks included."""
    places = tuple(
        Place(c.index, c.muscle, c.side, c.electrode, c.noise_uv, 0.0) for c in bursts.channels
    )
    table = Table(bursts.channel, bursts.start_s, bursts.end_s, bursts.peak_uv, bursts.frequency_hz)
    # The eye of a blink may be small beside the muscle that joins it, and be taken for its copy.
    free = bursts.counted | np.isin(bursts.set_aside, (SetAside.BLINK, SetAside.BELOW_FLOOR))
    lids = lids_of(table, places, free, parameters.bursts)
    one, two = bursts.peak_uv[lids.left], bursts.peak_uv[lids.right]
    alike = np.minimum(one, two) >= EYES_ALIKE * np.maximum(one, two)
    return Lids(*(getattr(lids, f.name)[alike] for f in fields(Lids)))


def _with_lids(bursts: Bursts, lids: Lids) -> NDArray[np.bool_]:
    """Return which bursts go with single events of both eyes of at most half a second."""
    out = np.zeros(len(bursts), dtype=np.bool_)
    single = ~lids.in_run
    if not single.any():
        return out
    short = bursts.duration_ms[lids.left] <= 500.0
    rows = np.flatnonzero(single & short)
    out[lids.left[rows]] = True
    out[lids.right[rows]] = True
    starts = np.minimum(bursts.start_s[lids.left[rows]], bursts.start_s[lids.right[rows]])
    spans = np.column_stack([starts - WITH_LIDS_S, starts + WITH_LIDS_S])
    return np.asarray(out | within(bursts.start_s, spans))


@dataclass(frozen=True, slots=True, eq=False)
class Trains:
    """Bursts of one channel with slow trains of single discharges put together.

    Every array has shape (n_trains,); `interval_cv` is the variation of the intervals within.
    """

    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]
    n_parts: NDArray[np.intp]
    rate_hz: NDArray[np.float64]
    interval_cv: NDArray[np.float64]

    @property
    def duration_ms(self) -> NDArray[np.float64]:
        """Durations."""
        return np.asarray(1e3 * (self.end_s - self.start_s))


def trains_of(units: Units, channel: int, *, rest: bool = True) -> Trains:
    """Return the trains of a channel."""
    b = units.bursts
    rows = units.of(channel, rest=rest)
    if not len(rows):
        none = np.empty(0)
        return Trains(none, none, np.empty(0, np.intp), none, none)
    start, end = b.start_s[rows], b.end_s[rows]
    electrode = units.channels[channel].electrode
    small = b.duration_ms[rows] <= SHORT_MS
    if electrode is Electrode.NEEDLE:
        small = ~(b.n_discharges[rows] > 2)
    begins = np.ones(len(rows), dtype=np.bool_)
    begins[1:] = (start[1:] - end[:-1] > TRAIN_GAP_S[electrode]) | ~(small[1:] & small[:-1])
    first = np.flatnonzero(begins)
    count = np.diff(np.append(first, len(rows)))
    last = first + count - 1
    rate = np.where(count == 1, b.rate_hz[rows[first]], np.nan)
    if electrode is Electrode.NEEDLE:
        long = count >= 3
        lasting = start[last] - start[first]
        rate[long] = (count[long] - 1) / np.maximum(lasting[long], 1e-6)
    return Trains(start[first], end[last], count, rate, _interval_cv(start, first, last))


def _interval_cv(
    start: NDArray[np.float64], first: NDArray[np.intp], last: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return the variation of the intervals within trains of four parts and more."""
    out = np.full(len(first), np.nan)
    for i in np.flatnonzero(last - first >= 3):
        gaps = np.diff(start[first[i] : last[i] + 1])
        out[i] = gaps.std() / gaps.mean()
    return out
