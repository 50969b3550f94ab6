"""Find the volume-conducted M response ahead of the search window.

There no lateral response can be: what bends is the artefact's tail, a smoothed and scaled copy of
the direct muscle's M, or early activity of another kind.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.parameters import Parameters

COPY_SMOOTHING_MS = (0.0, 0.3, 0.7, 1.4)

COPY_DELAY_MS = (0.0, 0.5)
"""Volume conduction smooths the M response and hardly delays it (at most 1 ms)."""

FAST_TAIL_MS = (0.4, 0.8, 1.5)

SLOW_TAIL_MS = (3.0, 8.0, 20.0)

GUARD_MS = 3.0
"""Stretch of the window in which the copy of M must leave less than there was before."""

RECENT_MS = 3.5
"""How far before the window unexplained activity matters; M begins at 1.5-4 ms."""

BENDLESS_MS = (1.5, 5.0)
"""Decays that are no sign of M within the window."""

M_LASTS_MS = 8.0
"""How far into the window a direct M reaches at most: it begins at 1.5-4 ms and lasts 5-10 ms."""

CONTINUED = 0.2
"""Part of what bends within the window that a copy of M may leave, if it is to explain it."""

COPY_GAIN = 25.0
"""Reduction of the misfit, in squares of the noise of the mean, that chance does not give."""

LEAST_SAMPLES = 15
"""Samples ahead of the window that a fit needs; it has up to a dozen coefficients."""

COPY_MISFIT = 0.25
"""A copy of M is believed if it leaves less than this part of the early activity (RMS)."""


def fit_conduction(
    mean: NDArray[np.float64],
    early: NDArray[np.bool_],
    direct_uv: NDArray[np.float64] | None,
    ringing: NDArray[np.float64],
    times: NDArray[np.float64],
    scale: float,
    parameters: Parameters,
) -> tuple[NDArray[np.float64], float]:
    """Fit the mean sweep before the window with tails and copies of M.

    Returns the copy of M to subtract, (n_times,), zero if none, and the size in uV of early
    activity that is neither tail nor copy.
    """
    none, step = np.zeros(len(times)), float(times[1] - times[0])
    if early.sum() < LEAST_SAMPLES:
        return none, _size_at_window(mean, times, parameters)
    values = mean[early].astype(np.float64)
    rings = ringing[:, early]
    rest = values - _best_fit(values, np.empty((0, len(values))), rings, times[early], scale)[0]
    best, copy = rest, none
    if direct_uv is not None:
        copies = _copies(direct_uv, times)
        for sign in (1.0, -1.0):
            one = sign * copies[:, early]
            fitted, weights = _best_fit(values, one, rings, times[early], scale)
            if ((values - fitted) ** 2).sum() < (best**2).sum():
                best, copy = values - fitted, sign * (weights @ copies)
    window = (times >= parameters.detection.window_start_ms) & (
        times < parameters.detection.window_start_ms + GUARD_MS
    )
    fits = (best**2).sum() < COPY_MISFIT**2 * (rest**2).sum()
    if not fits or _bend(mean[window] - copy[window], step, BENDLESS_MS) >= _bend(
        mean[window], step, BENDLESS_MS
    ):
        best, copy = rest, none
        if direct_uv is not None:
            continued = _continued(mean, early, direct_uv, times, scale, parameters)
            if continued.any():
                best, copy = values - continued[early], continued
                nothing = np.empty((0, len(values)))
                best = best - _best_fit(best, nothing, rings, times[early], scale)[0]
    recent = best[times[early] > parameters.detection.window_start_ms - RECENT_MS]
    size = float(np.abs(recent).max()) if len(recent) else 0.0
    return copy, size if size > 4.5 * scale else 0.0


def _continued(
    mean: NDArray[np.float64],
    early: NDArray[np.bool_],
    direct_uv: NDArray[np.float64],
    times: NDArray[np.float64],
    scale: float,
    parameters: Parameters,
) -> NDArray[np.float64]:
    """Return a copy of M that explains the window as well, (n_times,); zero if there is none.

    Ahead of the window the exponentials of a tail imitate the beginning of a slow M. So the copy is
    fitted here to the last milliseconds ahead of it, with hardly a tail beside it, and believed if
    it then explains nearly all that follows while the direct M lasts.
    """
    from scipy.optimize import nnls

    start, step = parameters.detection.window_start_ms, float(times[1] - times[0])
    recent = early & (times > start - RECENT_MS)
    lasting = np.flatnonzero((np.abs(direct_uv) > 0.05 * np.abs(direct_uv).max()) & (times > 0))
    end = np.clip(times[lasting[-1]] + 1.0, start + GUARD_MS, start + M_LASTS_MS)
    span = (times >= start) & (times < end)
    before = _bend(mean[span], step)
    out = np.zeros(len(times))
    if recent.sum() < LEAST_SAMPLES or before < COPY_GAIN * scale**2:
        return out
    t = times[recent] - times[recent][0]
    size = np.abs(mean[recent]).max() + scale
    level, decay = size * np.ones((1, len(t))), size * np.exp(-t / 2.0)[None]
    copies = _copies(direct_uv, times)
    least = CONTINUED * before
    for sign in (1.0, -1.0):
        for tails in (level[:0], level, np.concatenate([level, decay])):
            columns = np.concatenate([sign * copies[:, recent], tails, -tails])
            weights, _ = nnls(columns.T / scale, mean[recent] / scale)
            copy = sign * (weights[: len(copies)] @ copies)
            left = _bend(mean[span] - copy[span], step)
            if left < least:
                least, out = left, copy
    return out


def _size_at_window(
    mean: NDArray[np.float64], times: NDArray[np.float64], parameters: Parameters
) -> float:
    """Return how large the mean is where the window begins; nothing ahead of it explains it."""
    start = parameters.detection.window_start_ms
    edge = (times > start - 1.0) & (times < start + 0.5)
    return float(np.abs(mean[edge]).max()) if edge.any() else 0.0


def _best_fit(
    values: NDArray[np.float64],
    copies: NDArray[np.float64],
    ringing: NDArray[np.float64],
    times: NDArray[np.float64],
    scale: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fit tails, ringing and copies; return the fit, (n_times,), and the weights of the copies.

    A tail decays in one direction, or fast in one and slowly in the other (an amplifier's
    undershoot). Exponentials of free sign would imitate any M response.
    """
    from scipy.optimize import nnls

    t = times - times[0]
    size = np.abs(values).max() + scale
    fast = size * np.stack([np.exp(-t / tau) for tau in FAST_TAIL_MS])
    slow = size * np.stack([np.exp(-t / tau) for tau in SLOW_TAIL_MS])
    free = size * np.concatenate([np.ones((1, len(t))), ringing])
    best, out = np.inf, (np.zeros(len(t)), np.zeros(len(copies)))
    for a, b in ((1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)):
        columns = np.concatenate([copies, a * fast, b * slow, free, -free])
        weights, misfit = nnls(columns.T / scale, values / scale)
        if misfit < best:
            best, out = misfit, (weights @ columns, weights[: len(copies)])
    return out


def _bend(values: NDArray[np.floating], step_ms: float, decays_ms: tuple[float, ...] = ()) -> float:
    """Return the energy that neither a straight line nor decays of a tail explain."""
    t = step_ms * np.arange(len(values))
    basis = np.stack([np.ones_like(t), t, *(np.exp(-t / tau) for tau in decays_ms)])
    solution = np.linalg.lstsq(basis.T, np.asarray(values, dtype=np.float64), rcond=None)[0]
    return float(np.sum((values - solution @ basis) ** 2))


def _copies(direct_uv: NDArray[np.float64], times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return smoothed and slightly delayed copies of M, shape (n_copies, n_times)."""
    from scipy.ndimage import gaussian_filter1d, shift

    step = float(times[1] - times[0])
    clean = np.where(times > 0.3, direct_uv, 0.0)
    rows = []
    for smoothing in COPY_SMOOTHING_MS:
        smooth = gaussian_filter1d(clean, smoothing / step) if smoothing else clean
        rows += [shift(smooth, delay / step, order=1) for delay in COPY_DELAY_MS]
    return np.stack(rows)
