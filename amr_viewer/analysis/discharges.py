"""Discharges within bursts of needle electrodes, and how far their rate can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, nan

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.envelopes import Track, conditioned_raw
from amr_viewer.analysis.free_filter import Plan, band_passed
from amr_viewer.core.recording import Recording

SPIKE_BAND_HZ = (300.0, 5000.0)
REFRACTORY_MS = 1.5
PART_OF_PEAK = 0.4
"""A discharge reaches 4 robust SD of the quiet signal and 40 % of the burst's largest."""

AGREEMENT = 0.15
"""The two rates may differ by so much to be called reliable."""

READ_S = 20.0
AROUND_S = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Discharges:
    """What was counted in each burst, shape (n_bursts,); NaN: could not be measured."""

    count: NDArray[np.float64]
    rate_hz: NDArray[np.float64]
    reliable: NDArray[np.bool_]
    isi_cv: NDArray[np.float64]


def none_counted(n: int) -> Discharges:
    """Return what a surface electrode says: nothing."""
    return Discharges(np.full(n, nan), np.full(n, nan), np.zeros(n, np.bool_), np.full(n, nan))


def discharges_in(
    recording: Recording,
    track: Track,
    start: NDArray[np.intp],
    stop: NDArray[np.intp],
    stimuli_s: NDArray[np.float64],
) -> Discharges:
    """Count discharges in the bursts of a needle.

    Parameters
    ----------
    recording : Recording
    track : Track
    start, stop : ndarray of int, shape (n_bursts,)
        Samples from the start of the stretch, in order of time.
    stimuli_s : ndarray

    Returns
    -------
    Discharges
    """
    out = none_counted(len(start))
    rate = track.plan.rate_hz
    high = min(SPIKE_BAND_HZ[1], 0.45 * rate)
    plan = Plan(rate, 1, 1, min(SPIKE_BAND_HZ[0], 0.3 * high), high)
    around = ceil(AROUND_S * rate)
    i = 0
    while i < len(start):
        reach = start[i] + READ_S * rate
        j = max(int(np.searchsorted(start, reach)), i + 1)
        first = int(start[i]) - around
        last = int(min(max(stop[i:j].max(), start[i] + 1), reach + READ_S * rate)) + around
        x, _, _ = conditioned_raw(recording, track, first, last - first, stimuli_s)
        y, _ = band_passed(x, plan)
        noise = float(np.quantile(np.abs(y[:: max(len(y) // 20000, 1)]), 0.3)) / 0.3853
        for k in range(i, j):
            piece = y[max(start[k] - first, 0) : stop[k] - first]
            _count(piece, noise, rate, out, k)
        i = j
    return out


def _count(piece: NDArray[np.float32], noise: float, rate: float, out: Discharges, k: int) -> None:
    """Count the discharges of one burst."""
    times = spike_times(piece, noise, rate)
    out.count[k] = len(times)
    if len(times) < 3:
        return
    intervals = np.diff(times)
    isi_rate = 1.0 / float(np.median(intervals))
    out.rate_hz[k] = isi_rate
    out.isi_cv[k] = float(intervals.std() / intervals.mean())
    check = autocorrelation_rate(piece, rate)
    regular = out.isi_cv[k] < AGREEMENT and len(times) >= 5
    agrees = abs(check / isi_rate - 1.0) <= AGREEMENT
    # Below 100 Hz the jitter of pacing makes the autocorrelation poor; it is no check there.
    out.reliable[k] = agrees or regular or (isi_rate < 100.0 and out.isi_cv[k] < 0.3)


def spike_times(piece: NDArray[np.float32], noise: float, rate: float) -> NDArray[np.float64]:
    """Return the times of discharges, seconds from the start of a burst."""
    if len(piece) < 3:
        return np.empty(0)
    size = np.abs(piece)
    limit = max(4.0 * noise, PART_OF_PEAK * float(size.max()))
    inner = size[1:-1]
    at = np.flatnonzero((inner > limit) & (inner >= size[:-2]) & (inner > size[2:])) + 1
    refractory = REFRACTORY_MS * 1e-3 * rate
    kept: list[int] = []
    for t in at:
        if kept and t - kept[-1] < refractory:
            if size[t] > size[kept[-1]]:
                kept[-1] = int(t)
            continue
        kept.append(int(t))
    # Where the largest phases differ in sign a discharge would seem to move; one sign is enough.
    peaks = np.array(kept, dtype=np.intp)
    if not len(peaks):
        return np.empty(0)
    a, b, c = (size[peaks + d].astype(np.float64) for d in (-1, 0, 1))
    bend = a - 2.0 * b + c
    shift = np.where(bend < 0.0, 0.5 * (a - c) / np.where(bend < 0.0, bend, -1.0), 0.0)
    return np.asarray((peaks + shift) / rate)


def autocorrelation_rate(piece: NDArray[np.float32], rate: float) -> float:
    """Return the rate of the earliest high peak of the autocorrelation at 2-40 ms, else NaN."""
    n = len(piece)
    if n < 0.02 * rate:
        return nan
    size = np.abs(piece).astype(np.float64)
    size -= size.mean()
    padded = np.fft.rfft(size, 2 * n)
    high = min(int(0.04 * rate), n - 2)
    r = np.fft.irfft(np.abs(padded) ** 2)[: high + 2] / (n - np.arange(high + 2))
    r /= max(r[0], 1e-20)
    width = max(int(0.0005 * rate), 1)
    r = np.convolve(r, np.full(width, 1.0 / width), mode="same")
    low = int(0.002 * rate)
    inside = r[low : high + 1]
    if len(inside) < 3:
        return nan
    tops = np.flatnonzero((inside[1:-1] >= inside[:-2]) & (inside[1:-1] > inside[2:])) + 1
    tops = tops[(inside[tops] >= 0.8 * inside.max()) & (inside[tops] >= 0.25)]
    return float(rate / (tops[0] + low)) if len(tops) else nan
