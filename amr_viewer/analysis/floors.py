"""The least size that counts in a muscle, and which events are smaller copies of others.

Whether an event is a copy is seen in the signals (`crosstalk`); where these cannot tell, the size
decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.set_aside import Place, Table
from amr_viewer.core.parameters import BurstParameters

USUAL_PEAK = 0.9
"""Quantile of a channel's peaks that stands for a maximal contraction where none was asked for."""

COPY, HALF = 0.5, 0.5
"""A volume-conducted copy is at most this part of its source, which lasts at least half as long."""

COPY_SHARE = 0.9
LEAST_COPIES = 5
"""A channel in which nearly all events are copies holds nothing else."""


@dataclass(frozen=True, slots=True, eq=False)
class Conducted:
    """What comparing the signals said of events; arrays have shape (n_events,).

    Attributes
    ----------
    copy : ndarray of bool
        Nothing but the signal of another muscle.
    own : ndarray of bool
        Not explained by any. Neither: not compared, or nobody can tell.
    source : ndarray of int
        Index of the channel that a copy comes from, -1 for others.
    """

    copy: NDArray[np.bool_]
    own: NDArray[np.bool_]
    source: NDArray[np.intp]


def floors(
    table: Table,
    places: tuple[Place, ...],
    free: NDArray[np.bool_],
    maximal: NDArray[np.float64],
    p: BurstParameters,
) -> dict[int, tuple[float, bool]]:
    """Return for each channel the least peak that counts, and whether it was calibrated.

    It is a part of the largest envelope of a maximal contraction, else of the 90th percentile of
    the channel's own peaks.
    """
    out = {}
    for place in places:
        rows = table.rows_of(place.index, free)
        asked = np.zeros(len(rows), dtype=np.bool_)
        for a, b in maximal:
            asked |= (table.start_s[rows] < b) & (table.end_s[rows] > a)
        if asked.any():
            # The usual RMS of a contraction lies below the highest 10 ms of it.
            reference = 0.8 * float(np.quantile(table.peak_uv[rows[asked]], 0.95))
        elif len(rows):
            reference = float(np.quantile(table.peak_uv[rows], USUAL_PEAK))
        else:
            reference = nan
        out[place.index] = (p.floor * reference, bool(asked.any()))
    return out


def sources_of(places: tuple[Place, ...]) -> dict[int, list[int]]:
    """Return the channels that each channel may see something of.

    Those of its side or of none, and the same muscle of the other side, which may meet it in the
    midline.
    """
    return {
        one.index: [
            p.index
            for p in places
            if p.index != one.index
            and (
                p.side is one.side
                or None in {p.side, one.side}
                or (p.muscle is not None and p.muscle is one.muscle)
            )
        ]
        for one in places
    }


def below_floor(
    table: Table,
    places: tuple[Place, ...],
    free: NDArray[np.bool_],
    found: Conducted,
    levels: dict[int, tuple[float, bool]],
) -> NDArray[np.bool_]:
    """Return which events may be volume-conducted where the signals themselves cannot tell.

    An event is one if it is below the floor of its muscle and at most half as large as what a
    channel that it may see something of shows at the same time.
    """
    largest = np.zeros(len(table.start_s))
    for channel, sources in sources_of(places).items():
        mine = table.rows_of(channel, free)
        for source in sources:
            peak, covered = beside(table, mine, table.rows_of(source, free))
            largest[mine] = np.maximum(largest[mine], np.where(covered >= HALF, peak, 0.0))
    floor = np.array([levels[c][0] for c in table.channel.tolist()]).reshape(len(free))
    unknown = free & ~found.copy & ~found.own
    return np.asarray(unknown & (table.peak_uv <= COPY * largest) & (table.peak_uv < floor))


def beside(
    table: Table, mine: NDArray[np.intp], theirs: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what another channel shows during events: its highest peak, and for how much of them.

    Parameters
    ----------
    table : Table
    mine, theirs : ndarray of int
        Rows of one channel each, in order of time.

    Returns
    -------
    peak_uv, covered : ndarray, shape (n_mine,)
        0 where the other channel is silent; part of the time of each event.
    """
    start, end = table.start_s[mine], table.end_s[mine]
    if not len(theirs) or not len(mine):
        return np.zeros(len(mine)), np.zeros(len(mine))
    # Events of one channel do not overlap, so that their ends are in order as well.
    low = np.searchsorted(table.end_s[theirs], start, side="right")
    high = np.searchsorted(table.start_s[theirs], end, side="left")
    peaks = np.append(table.peak_uv[theirs], 0.0)
    edges = np.stack([low, np.maximum(high, low)], axis=1).ravel()
    peak = np.where(high > low, np.maximum.reduceat(peaks, edges)[::2], 0.0)
    at = np.stack([table.start_s[theirs], table.end_s[theirs]], axis=1).ravel()
    lasting = table.end_s[theirs] - table.start_s[theirs]
    total = np.stack([np.cumsum(lasting) - lasting, np.cumsum(lasting)], axis=1).ravel()
    shared = np.interp(end, at, total) - np.interp(start, at, total)
    return peak, shared / np.maximum(end - start, 1e-9)


def only_copies(
    table: Table, places: tuple[Place, ...], free: NDArray[np.bool_], copies: NDArray[np.bool_]
) -> list[int]:
    """Return the channels that hold hardly anything but copies of others."""
    out = []
    for place in places:
        rows = table.rows_of(place.index, free)
        n = int(copies[rows].sum())
        if n >= LEAST_COPIES and n >= COPY_SHARE * len(rows):
            out.append(place.index)
    return out
