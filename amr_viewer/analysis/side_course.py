"""The course of one side at rest, its muscles together: short pieces, prolonged ones, their order.

A piece is where the side stands above a part of its own peak, so that noise between the discharges
of one contraction does not cut it, and bursts that touch are told apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from amr_viewer.analysis.sampled_envelopes import HZ, Sampled
from amr_viewer.core.parameters import BurstParameters

SMOOTH_S = 0.02
PART_OF_PEAK = 0.3
"""Bursts of a salvo are told apart by troughs below 30 % of their peak."""

NEAR_S = 1.0
"""The peak is that of the second around."""

FRAGMENT_S = 0.02
LEAST_S = 0.006
LEAST_PEAK = 0.4
"""Pieces below 40 % of the usual peak are left out: floor of docs/criteria.md 17."""

RUN_IN = 3
"""So many short pieces ahead of a prolonged one run into it."""


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Pieces of the activity of one side in order of time; arrays have shape (n_pieces,).

    Attributes
    ----------
    start_s, end_s : ndarray
    window : ndarray of int
        The window of the recording in which each lies.
    chain : ndarray of int
        Pieces that follow each other within the gap of a salvo.
    clonic, tonic : ndarray of bool
        Short ones; prolonged ones.
    n_sequences : int
        Chains in which three or more short pieces run into a prolonged one.
    n_alone : int
        Chains of short pieces alone.
    level : ndarray, shape (n_bins,)
        Mean of the muscles, each as part of what it usually reaches.
    """

    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]
    window: NDArray[np.intp]
    chain: NDArray[np.intp]
    clonic: NDArray[np.bool_]
    tonic: NDArray[np.bool_]
    n_sequences: int
    n_alone: int
    level: NDArray[np.float64]

    @property
    def duration_s(self) -> NDArray[np.float64]:
        """Length of the pieces."""
        return np.asarray(self.end_s - self.start_s)

    @property
    def tonic_share(self) -> float:
        """Part of the active time that is prolonged; NaN without any."""
        total = float(self.duration_s.sum())
        return float(self.duration_s[self.tonic].sum()) / total if total else nan


def course_of(
    sampled: Sampled,
    envelopes: list[NDArray[np.float32]],
    mask: NDArray[np.bool_],
    p: BurstParameters,
) -> Course:
    """Return the course of one side.

    Parameters
    ----------
    sampled : Sampled
    envelopes : list of ndarray
        Of its active muscles.
    mask : ndarray of bool
        Bins at rest that hold bursts.
    p : BurstParameters
    """
    side = _level(envelopes, mask)
    start, end = _pieces(side, mask, sampled)
    if not len(start):
        none, no = np.empty(0), np.empty(0, np.bool_)
        return Course(none, none, np.empty(0, np.intp), np.empty(0, np.intp), no, no, 0, 0, side)
    fresh = np.append(True, start[1:] - end[:-1] >= 1e-3 * p.salvo_gap_ms)
    chain = np.cumsum(fresh) - 1
    lasting = 1e3 * (end - start)
    tonic, clonic = lasting >= p.tonic_min_ms, lasting <= p.clonic_max_ms
    has_tonic = np.zeros(int(chain[-1]) + 1, dtype=np.bool_)
    has_tonic[chain[tonic]] = True
    sequences = 0
    for c in np.flatnonzero(has_tonic):
        inside = np.flatnonzero(chain == c)
        sequences += int(clonic[inside[: int(np.argmax(tonic[inside]))]].sum()) >= RUN_IN
    alone = np.unique(chain[clonic & ~has_tonic[chain]])
    window = sampled.window[np.clip(np.searchsorted(sampled.time_s, start), 0, len(mask) - 1)]
    return Course(start, end, window, chain, clonic, tonic, sequences, len(alone), side)


def _level(envelopes: list[NDArray[np.float32]], mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the mean of the muscles, each as part of what it usually reaches."""
    out = np.zeros(len(mask))
    for e in envelopes:
        if mask.any():
            out += np.minimum(e / max(float(np.quantile(e[mask], 0.95)), 1e-9), 2.0)
    return np.asarray(uniform_filter1d(out / max(len(envelopes), 1), round(SMOOTH_S * HZ)))


def _pieces(
    side: NDArray[np.float64], mask: NDArray[np.bool_], sampled: Sampled
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where the side stands above a part of the peak around."""
    if not mask.any():
        return np.empty(0), np.empty(0)
    usual = float(np.quantile(side[mask], 0.9))
    around = _upper(side)
    above = mask & (side >= PART_OF_PEAK * np.clip(around, 0.5 * usual, 2.0 * usual))
    edges = np.flatnonzero(np.diff(above, prepend=False, append=False))
    start, stop = edges[::2], edges[1::2]
    keep = np.append(True, start[1:] - stop[:-1] > FRAGMENT_S * HZ) if len(start) else above[:0]
    first = np.flatnonzero(keep)
    start, stop = (
        start[first],
        stop[np.append(first[1:] - 1, len(stop) - 1)] if len(first) else stop,
    )
    if len(start):
        tops = np.maximum.reduceat(side, np.column_stack([start, stop - 1]).ravel())[::2]
    else:
        tops = np.empty(0)
    long = ((stop - start) >= LEAST_S * HZ) & (tops >= LEAST_PEAK * usual)
    times = sampled.time_s
    return times[start[long]] - 0.5 / HZ, times[stop[long] - 1] + 0.5 / HZ


def _upper(side: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the highest level of the second around, smoothed."""
    from scipy.ndimage import maximum_filter1d

    width = round(0.5 * NEAR_S * HZ)
    return np.asarray(uniform_filter1d(maximum_filter1d(side, width), width))
