"""Trains of one muscle at rest: how long, how regular, how they begin and fall off.

Discharges at 10 per second and more are one train, whatever the noise between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from amr_viewer.analysis.sampled_envelopes import HZ, Sampled

SLOW_S = 0.1
"""The slowest voluntary train has a discharge in it."""

PART = 0.3
LEAST_PEAK = 0.4
"""A train lasts while it is above 30 % of its peak; trains below 40 % of the usual peak are left
out: floor of docs/criteria.md 17."""

SINGLE_S = 0.03
"""A discharge alone is 5-15 ms long, and the envelope 10 ms more."""

LONG_S = 0.5
LEAST_INTERVALS = 8


@dataclass(frozen=True, slots=True, eq=False)
class MuscleTrains:
    """Trains of a muscle in order of time; arrays have shape (n_trains,).

    Attributes
    ----------
    start_s, duration_s : ndarray
    window : ndarray of int
        The window of the recording in which it lies.
    filled : ndarray
        Part of it in which the muscle is active, at 10 ms.
    fall : ndarray
        Change of the logarithm of the envelope from end to end, of trains of half a second and
        more; else NaN.
    steady_fall : ndarray
        Correlation of that logarithm with time: -1 is an even fall.
    rise_s : ndarray
        Time from 20 % to 80 % of the peak.
    """

    start_s: NDArray[np.float64]
    duration_s: NDArray[np.float64]
    window: NDArray[np.intp]
    filled: NDArray[np.float64]
    fall: NDArray[np.float64]
    steady_fall: NDArray[np.float64]
    rise_s: NDArray[np.float64]

    def __len__(self) -> int:
        """Return their number."""
        return len(self.start_s)

    @property
    def single(self) -> NDArray[np.bool_]:
        """Which of them are a discharge alone."""
        return np.asarray(self.filled * self.duration_s <= SINGLE_S)

    @property
    def long(self) -> NDArray[np.bool_]:
        """Which of them last half a second and more."""
        return np.asarray(self.duration_s >= LONG_S)

    @property
    def intervals_s(self) -> NDArray[np.float64]:
        """Onset to onset, within windows."""
        same = np.diff(self.window) == 0
        return np.asarray(np.diff(self.start_s)[same])


def trains_in(
    sampled: Sampled, envelope: NDArray[np.float32], mask: NDArray[np.bool_]
) -> MuscleTrains:
    """Return the trains of one channel within a mask."""
    power = uniform_filter1d(envelope.astype(np.float64) ** 2, round(SLOW_S * HZ))
    slow = np.sqrt(np.maximum(power, 0.0))
    usual = float(np.quantile(slow[mask], 0.9)) if mask.any() else 0.0
    spans = _spans(slow >= PART * usual, mask) if usual > 0.0 else []
    rows = [row for a, b in spans if (row := _train(sampled, envelope, slow, a, b, usual))]
    columns = np.array(rows, dtype=np.float64).reshape(-1, 7).T
    return MuscleTrains(
        columns[0], columns[1], columns[2].astype(np.intp), *(columns[k] for k in range(3, 7))
    )


def _spans(above: NDArray[np.bool_], mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return runs that hold something of the mask."""
    edges = np.flatnonzero(np.diff(above, prepend=False, append=False))
    held = np.concatenate([[0], np.cumsum(mask)])
    return [
        (int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if held[b] > held[a]
    ]


def _train(
    sampled: Sampled,
    envelope: NDArray[np.float32],
    slow: NDArray[np.float64],
    a: int,
    b: int,
    usual: float,
) -> tuple[float, ...] | None:
    """Return the columns of one train, None where it is too small."""
    top = float(slow[a:b].max())
    if top < LEAST_PEAK * usual:
        return None
    inside = np.flatnonzero(slow[a:b] >= PART * top) + a
    first, last = int(inside[0]), int(inside[-1]) + 1
    # The slow envelope is wider than the train; where the quick one is up, the train is.
    quick = envelope[first:last]
    active = np.flatnonzero(quick >= LEAST_PEAK * float(quick.max()))
    last, first = first + int(active[-1]) + 1, first + int(active[0])
    lasting = (last - first) / HZ
    fall = steady = nan
    if lasting >= LONG_S:
        fall, steady = _fall(slow[first:last])
    return (
        float(sampled.time_s[first]), lasting, float(sampled.window[first]),
        len(active) / (last - first), fall, steady, _rise(slow[first:last]),
    )  # fmt: skip


def _fall(slow: NDArray[np.float64]) -> tuple[float, float]:
    """Return how far the logarithm falls from end to end, and how evenly."""
    edge = round(0.5 * SLOW_S * HZ)
    y = np.log(np.maximum(slow[edge:-edge], 1e-3 * float(slow.max())))
    t = np.linspace(-0.5, 0.5, len(y))
    slope = float(t @ y) / float(t @ t)
    spread = float(y.std())
    return slope, float(np.corrcoef(t, y)[0, 1]) if spread > 0.0 else 0.0


def _rise(slow: NDArray[np.float64]) -> float:
    """Return the time from the start to 80 % of the peak."""
    return float(np.argmax(slow >= 0.8 * slow.max())) / HZ


def regular_cv(intervals_s: NDArray[np.float64]) -> float:
    """Return half the spread of the middle 68 % of intervals, part of their median.

    For normal intervals it is their coefficient of variation; a train that was missed or split does
    not make a rhythm irregular.
    """
    if len(intervals_s) < LEAST_INTERVALS:
        return nan
    low, middle, high = np.quantile(intervals_s, [0.16, 0.5, 0.84])
    return float(0.5 * (high - low) / max(middle, 1e-9))
