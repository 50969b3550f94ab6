"""Measure responses: onset, peaks, end, amplitude, area, phases, after-discharge.

A single sweep is too noisy for a threshold: it crosses one late (0.2 to 0.8 ms) and its extremes
hold the extremes of noise. So the run's sweeps are aligned by the lag that the detector found, the
onset is read from their mean as a change point and carried back to each sweep by its lag, and
amplitudes are read from sweeps freed of what a run of noise would show as well.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.conditioning import Sweeps
from amr_viewer.analysis.nuisance import Cleaned, clean_around
from amr_viewer.analysis.robust import pieces, robust_mean
from amr_viewer.analysis.shifting import turns
from amr_viewer.analysis.windows import BASELINE_END_MS, as_slice
from amr_viewer.core.parameters import Parameters

RISE_MS = 4.0
"""How much quiet signal ahead of the first rise the change point is judged by."""

RISE_POWER = 0.85
"""A motor unit potential leaves the baseline like a parabola; the mean of many, whose units jitter
by a tenth of a millisecond, leaves it earlier and rather like a straight line."""

FIRST_LOOK = 200
"""Sweeps that are enough to see how far a response extends."""

ROUGH_SHARE = 0.15
FINE_SHARE = 0.04
"""Parts of its peak by which a response is told from quiet: before and after the tail has been
fitted around it."""

BASELINE_MS = 4.0
MARGIN_MS = 1.2
"""Quiet on either side of a response that its baseline is read from, and how far off it."""

GAP_MS = 2.0
"""Quiet for longer than this is not within one response."""

PHASE_SHARE = 0.1
"""A phase counts from this part of the largest one."""

AFTERDISCHARGE_MULTIPLE = 9.0
"""Peak to peak over noise RMS that 40 ms of noise hold in one of some thousand windows."""


@dataclass(frozen=True, slots=True, eq=False)
class Measures:
    """Measurements of the sweeps of one channel, (n_stimuli,) each, NaN where not measured."""

    onset_ms: NDArray[np.float64]
    peak_ms: NDArray[np.float64]
    positive_peak_ms: NDArray[np.float64]
    end_ms: NDArray[np.float64]
    amplitude_uv: NDArray[np.float64]
    area_uv_ms: NDArray[np.float64]
    phases: NDArray[np.float64]
    afterdischarge: NDArray[np.bool_]


def measure_channel(
    sweeps: Sweeps,
    channel: int,
    cleaned: Cleaned,
    lag_ms: NDArray[np.float64],
    present: NDArray[np.bool_],
    noise_uv: NDArray[np.float64],
    parameters: Parameters,
) -> Measures:
    """Measure the sweeps in which a response is present.

    Parameters
    ----------
    sweeps : Sweeps
    channel : int
    cleaned : Cleaned
    lag_ms : ndarray, shape (n_stimuli,)
        Shift of each sweep against the run.
    present : ndarray of bool, shape (n_stimuli,)
    noise_uv : ndarray, shape (n_stimuli,)
    parameters : Parameters

    Returns
    -------
    Measures
    """
    nothing = _nothing(len(present))
    rows = np.flatnonzero(present)
    if not len(rows):
        return nothing
    times = sweeps.times_ms
    lag = lag_ms[rows] - np.average(lag_ms[rows])
    some = slice(None, None, max(len(rows) // FIRST_LOOK, 1))
    first = _aligned(cleaned.data_uv[rows[some]], times, lag[some])
    begin, end = _extent(
        robust_mean(first), times, cleaned, len(first), noise_uv, ROUGH_SHARE, parameters
    )
    if not np.isfinite(begin):
        return nothing
    # Measured again with the tail fitted around the response instead of through it.
    data = clean_around(sweeps, channel, cleaned, begin - 1.5, end + 1.5, parameters)
    shifted = _aligned(data[rows], times, lag)
    mean = robust_mean(shifted)
    baseline = _local_baseline(mean, times, cleaned, begin, end, parameters)
    shifted -= baseline
    mean -= baseline
    begin, end = _extent(mean, times, cleaned, len(rows), noise_uv, FINE_SHARE, parameters)
    if not np.isfinite(begin):
        return nothing
    body = as_slice((times >= begin - 0.3) & (times <= end + 0.3))
    pure = _denoised(shifted, times, body)
    return _values(
        nothing, rows, pure, times[body], lag, begin, end, data, times, noise_uv, mean[body]
    )


def _nothing(n: int) -> Measures:
    """Return measurements of `n` sweeps in which nothing was measured."""
    names = [name for name in Measures.__slots__ if name != "afterdischarge"]
    empty = {name: np.full(n, np.nan) for name in names}
    return Measures(afterdischarge=np.zeros(n, dtype=bool), **empty)


def _aligned(
    data: NDArray[np.float32], times: NDArray[np.float64], lag_ms: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Shift every sweep back by its lag, between samples as well."""
    from scipy.fft import irfft, rfft

    n = data.shape[1]
    shift = lag_ms / float(times[1] - times[0])
    out = np.empty(data.shape)
    for rows in pieces(out):
        spectrum = rfft(data[rows].astype(np.float64), axis=1)
        spectrum *= turns(shift[rows], n // 2 + 1, n)
        out[rows] = irfft(spectrum, n=n, axis=1)
    return out


def _local_baseline(
    mean: NDArray[np.float64],
    times: NDArray[np.float64],
    cleaned: Cleaned,
    begin: float,
    end: float,
    parameters: Parameters,
) -> NDArray[np.float64]:
    """Return the straight line through the quiet just before and after a response, (n_times,).

    A tail of hundreds of microvolts is never modelled to the last one, and the change point is
    looked for on what is left.
    """
    earliest = max(begin - MARGIN_MS - BASELINE_MS, parameters.detection.window_start_ms)
    before = (times > earliest) & (times < begin - MARGIN_MS)
    after = (times > end + MARGIN_MS) & (times < end + MARGIN_MS + BASELINE_MS)
    weight = (before | after) / (1.0 + (cleaned.envelope_uv / cleaned.noise_uv) ** 2)
    least = 0.5 / float(times[1] - times[0])
    if weight[before].sum() < least or weight[after].sum() < least:
        return np.zeros(len(times))
    basis = np.stack([np.ones_like(times), times - begin])
    solution = np.linalg.solve((basis * weight) @ basis.T, (basis * weight) @ mean)
    near = (times > earliest) & (times < end + MARGIN_MS + BASELINE_MS)
    return np.where(near, solution @ basis, 0.0)


def _extent(
    mean: NDArray[np.float64],
    times: NDArray[np.float64],
    cleaned: Cleaned,
    count: int,
    noise_uv: NDArray[np.float64],
    share: float,
    parameters: Parameters,
) -> tuple[float, float]:
    """Return onset and end of the mean response; NaN where it does not stand out."""
    d = parameters.detection
    noise = float(np.median(noise_uv)) / np.sqrt(count)
    window = (times >= d.window_start_ms - 0.3) & (times <= d.window_end_ms + d.response_ms)
    t, x = times[window], mean[window]
    doubt = cleaned.envelope_uv[window]
    limit = np.maximum(np.maximum(4.0 * noise, share * np.abs(x).max()), doubt)
    over = np.flatnonzero(np.abs(x) > limit)
    if not len(over):
        return float("nan"), float("nan")
    gap = max(int(GAP_MS / float(times[1] - times[0])), 1)
    breaks = np.flatnonzero(np.diff(over) > gap)
    groups = np.split(over, breaks + 1)
    # Of several stretches the largest that begins in the search window.
    early = [g for g in groups if t[g[0]] <= d.window_end_ms]
    group = max(early or groups, key=lambda g: float(np.max(np.abs(x[g]) / limit[g])))
    begin = _change_point(x, t, int(group[0]), np.hypot(noise, doubt))
    return min(begin, float(t[group[0]])), float(t[group[-1]])


def _change_point(
    x: NDArray[np.float64], t: NDArray[np.float64], crossing: int, noise: NDArray[np.float64]
) -> float:
    """Return the most likely moment at which the mean response leaves the baseline.

    Ahead of it the signal is noise, after it a parabola up to a third of the first peak; the
    likelihood is compared over all moments on a grid of a fifth of a sample.
    """
    step = float(t[1] - t[0])
    sign = np.sign(x[crossing])
    later = x[crossing:] * sign
    falls = np.flatnonzero(np.diff(later) < 0)
    peak = crossing + (int(falls[0]) if len(falls) else 0)
    rise = np.flatnonzero(x[crossing : peak + 1] * sign >= 0.35 * x[peak] * sign)
    stop = min(crossing + max(int(rise[0]) if len(rise) else 0, 1), len(x) - 1)
    start = max(crossing - int(RISE_MS / step), 0)
    piece, moments = x[start : stop + 1] * sign, t[start : stop + 1]
    grid = np.arange(t[max(crossing - int(1.5 / step), 0)] - step, t[crossing], 0.2 * step)
    if len(piece) < 4 or not len(grid):
        return float(t[crossing])
    weight = 1.0 / np.maximum(noise[start : stop + 1], 1e-9) ** 2
    ramp = np.maximum(moments[None] - grid[:, None], 0.0) ** RISE_POWER
    height = (ramp @ (weight * piece)) / np.maximum(ramp**2 @ weight, 1e-12)
    misfit = (piece[None] - height[:, None] * ramp) ** 2 @ weight
    likelihood = np.exp(-0.5 * (misfit - misfit.min()))
    return float((likelihood * grid).sum() / likelihood.sum())


def _denoised(
    shifted: NDArray[np.float64],
    times: NDArray[np.float64],
    body: slice | NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Keep of the aligned sweeps what a run of noise would not show as well.

    The singular values of the same sweeps' baselines say how large those of noise are.
    """
    block = shifted[:, body]
    width = block.shape[1]
    quiet = np.flatnonzero((times < BASELINE_END_MS - 1.0) & (times > times[0] + 2.0))
    if len(block) < 3:
        return block
    u, s, vt = np.linalg.svd(block, full_matrices=False)
    if len(quiet) >= width:
        noise = shifted[:, quiet[-1] + 1 - width : quiet[-1] + 1]
        edge = float(np.linalg.svd(noise, compute_uv=False)[0])
    else:
        edge = float(np.median(s)) * 2.0
    keep = np.sqrt(np.maximum(1.0 - (1.1 * edge / np.maximum(s, 1e-12)) ** 2, 0.0))
    keep[0] = max(keep[0], 0.5)
    out: NDArray[np.float64] = (u * (s * keep)) @ vt
    return out


def _values(
    nothing: Measures,
    rows: NDArray[np.intp],
    pure: NDArray[np.float64],
    t: NDArray[np.float64],
    lag: NDArray[np.float64],
    begin: float,
    end: float,
    data: NDArray[np.float32],
    times: NDArray[np.float64],
    noise_uv: NDArray[np.float64],
    mean: NDArray[np.float64],
) -> Measures:
    """Fill the measurements of the present sweeps."""
    step = float(times[1] - times[0])
    out = {name: getattr(nothing, name).copy() for name in Measures.__slots__}
    out["onset_ms"][rows] = begin + lag
    out["end_ms"][rows] = end + lag
    out["peak_ms"][rows] = t[pure.argmin(axis=1)] + lag
    out["positive_peak_ms"][rows] = t[pure.argmax(axis=1)] + lag
    out["amplitude_uv"][rows] = pure.max(axis=1) - pure.min(axis=1)
    out["area_uv_ms"][rows] = np.abs(pure).sum(axis=1) * step
    out["phases"][rows] = _phases(mean)
    after = (times > end + 2.0) & (times < min(60.0, float(times[-1]) - 2.0))
    if after.sum() * step > 5.0:
        piece = data[:, as_slice(after)][rows]
        span = piece.max(axis=1) - piece.min(axis=1)
        out["afterdischarge"][rows] = span > AFTERDISCHARGE_MULTIPLE * noise_uv[rows]
    return Measures(**out)


def _phases(mean: NDArray[np.float64]) -> float:
    """Count the phases of the mean response that are no ripple."""
    limit = PHASE_SHARE * np.abs(mean).max()
    signs = np.sign(mean[np.abs(mean) > limit])
    return float(1 + np.count_nonzero(np.diff(signs))) if len(signs) else float("nan")
