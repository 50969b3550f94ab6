"""The shape of bursts in time, from an envelope of 10 ms that is kept only where bursts are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.burst_runs import Runs
from amr_viewer.analysis.envelopes import Block
from amr_viewer.core.bursts import BurstKind
from amr_viewer.core.parameters import BurstParameters

AROUND = 5
"""Coarse bins kept on either side of a burst."""

LONG_MS = 300.0
"""Shorter bursts have no slope and no fluctuation."""

MODULATED = 0.3
"""Troughs below this part of the peaks make a salvo of a burst of 250-500 ms."""

WINDOW_MS = 200.0
LONGEST = 1000
"""Coarse bins of a burst that are looked at: its first 10 s."""


@dataclass(frozen=True, slots=True, eq=False)
class Coarse:
    """Envelope of about 10 ms where bursts are.

    Attributes
    ----------
    index : ndarray of int, shape (n_kept,)
        Coarse bins from the start of the stretch, rising.
    envelope_uv : ndarray of float32, shape (n_kept,)
    """

    index: NDArray[np.intp]
    envelope_uv: NDArray[np.float32]


def coarse_of(block: Block, runs: Runs, on_sigma: float, width: int) -> Coarse:
    """Return the coarse envelope of a block where runs reach the upper level."""
    n = len(block.power) // width
    keep = np.zeros(n + 1, dtype=np.int32)
    rows = runs.height >= on_sigma
    low = np.clip((runs.start[rows] - block.first) // width - AROUND, 0, n)
    high = np.clip((runs.stop[rows] - block.first) // width + AROUND + 1, 0, n)
    np.add.at(keep, low, 1)
    np.add.at(keep, high, -1)
    chosen = np.flatnonzero(np.cumsum(keep[:n]) > 0)
    power = block.power[: n * width].reshape(n, width)[chosen].mean(axis=1)
    return Coarse(chosen + block.first // width, np.sqrt(power))


def joined_coarse(parts: list[Coarse]) -> Coarse:
    """Return the coarse envelope of following blocks as one."""
    if not parts:
        return Coarse(np.empty(0, np.intp), np.empty(0, np.float32))
    return Coarse(
        np.concatenate([p.index for p in parts]), np.concatenate([p.envelope_uv for p in parts])
    )


def profile(coarse: Coarse, start: int, stop: int, rest_uv: float) -> NDArray[np.float64]:
    """Return the coarse envelope from bin `start` to `stop`, at rest where it was not kept."""
    out = np.full(max(stop - start, 0), rest_uv)
    a, b = np.searchsorted(coarse.index, [start, stop])
    out[coarse.index[a:b] - start] = coarse.envelope_uv[a:b]
    return out


def shapes(
    runs: Runs, coarse: Coarse, width: int, coarse_ms: float, rest_uv: float
) -> dict[str, NDArray[np.float64]]:
    """Return slope_per_s, fluctuation, rise and trough of each burst; NaN where it is too short."""
    out = {n: np.full(len(runs), np.nan) for n in ("slope_per_s", "fluctuation", "rise", "trough")}
    lengths = (runs.stop - runs.start) / width
    for i in np.flatnonzero(lengths * coarse_ms >= 100.0):
        first = int(runs.start[i] // width)
        last = min(int(-(-runs.stop[i] // width)), first + LONGEST)
        e = profile(coarse, first, last, rest_uv)
        out["trough"][i] = _trough(e, coarse_ms, rest_uv)
        out["rise"][i] = _rise(e)
        if len(e) * coarse_ms >= LONG_MS:
            out["slope_per_s"][i], out["fluctuation"][i] = _course(e, coarse_ms, rest_uv)
    return out


def _smooth(e: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the envelope of 50 ms."""
    padded = np.pad(e**2, 2, mode="edge")
    return np.sqrt(np.convolve(padded, np.full(5, 0.2), mode="valid"))


def _rise(e: NDArray[np.float64]) -> float:
    """Return the time to 70 % of the peak of the 50 ms envelope, part of the duration."""
    slow = _smooth(e)
    return float(np.argmax(slow >= 0.7 * slow.max()) / len(slow))


def _course(e: NDArray[np.float64], coarse_ms: float, rest_uv: float) -> tuple[float, float]:
    """Return the slope of the logarithm (Theil and Sen) and the fluctuation about it."""
    slow = _smooth(e)
    edge = max(len(slow) // 10, 3)
    inner = np.maximum(slow[edge:-edge], 0.5 * rest_uv)
    if len(inner) < 8:
        return np.nan, np.nan
    fluctuation = float(inner.std() / inner.mean())
    step = max(len(inner) // 40, 1)
    y, t = np.log(inner[::step]), np.arange(0, len(inner), step) * coarse_ms * 1e-3
    a, b = np.triu_indices(len(y), 1)
    return float(np.median((y[b] - y[a]) / (t[b] - t[a]))), fluctuation


def _trough(e: NDArray[np.float64], coarse_ms: float, rest_uv: float) -> float:
    """Return how deep the envelope falls within 200 ms, as part of its peak, median; 1 if short.

    Bursts that touch leave a trough in every 200 ms; a tonic burst does not. Noise is taken off.
    """
    size = np.sqrt(np.maximum(e**2 - rest_uv**2, 0.0))[1:-1]
    width = round(WINDOW_MS / coarse_ms)
    if len(size) < width:
        return 1.0
    n = len(size) // width
    windows = size[: n * width].reshape(n, width)
    # Each window is compared with the larger of itself and its neighbours.
    tops = windows.max(axis=1)
    around = np.maximum(tops, np.maximum(np.append(tops[1:], 0.0), np.append(0.0, tops[:-1])))
    return float(np.median(windows.min(axis=1) / np.maximum(around, 1e-9)))


def kinds(
    duration_ms: NDArray[np.float64], trough: NDArray[np.float64], p: BurstParameters
) -> NDArray[np.int8]:
    """Return the kind of each burst.

    Up to `clonic_max_ms` a burst is clonic, from `tonic_min_ms` on tonic. Between the two it is
    clonic where its envelope shows a salvo: within 200 ms it falls below 30 % of its peaks.
    """
    out = np.full(len(duration_ms), BurstKind.CLONIC, dtype=np.int8)
    between = (duration_ms > p.clonic_max_ms) & ~(trough < MODULATED)
    out[between | (duration_ms >= p.tonic_min_ms)] = BurstKind.TONIC
    out[duration_ms < p.min_ms] = BurstKind.OTHER
    return out
