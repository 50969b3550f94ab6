"""Measure the direct response (M) and tell from it which stimuli failed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.conditioning import Sweeps
from amr_viewer.analysis.robust import detrended, robust_sigma
from amr_viewer.analysis.windows import as_slice, quiet_stretch
from amr_viewer.core.parameters import Parameters

M_END_MS = 11.0
"""M begins at 1.5-4 ms and lasts 5-10 ms (docs/criteria.md 8)."""

M_LATEST_MS = 7.0
"""An onset later than this is no direct response."""

LEAST_MULTIPLE = 8.0
"""M must exceed the noise of a sweep by this factor (peak to peak / RMS) to judge stimuli by."""

RISE_MULTIPLE = 10.0
"""Rise of the slope, in multiples of the slope of noise, that noise on a tail does not make."""

RISE_SHARE = 0.25
"""Part of the largest rise of the slope from which a place is where M begins."""

LEAST_M_UV = 40.0
"""Peak to peak of what is left of M when exponentials, which fit an artefact's tail, are taken off.
"""

TAIL_MS = (0.5, 1.5, 5.0)
"""Time constants of the tail of an artefact beside M."""

RUNNING = 31
"""Sweeps over which the usual size of M is taken, so that it may drift or follow a ramp."""


@dataclass(frozen=True, slots=True, eq=False)
class DirectResponse:
    """M response of one channel.

    Attributes
    ----------
    mean_uv : ndarray, shape (n_times,)
        Mean of the sweeps with a full response.
    amplitude_uv : ndarray, shape (n_stimuli,)
        Peak to peak.
    onset_ms : float
        Of the mean; NaN if none.
    ratio : ndarray, shape (n_stimuli,)
        Size against the usual one of the sweeps around.
    multiple : float
        Peak to peak of the mean over the noise of one sweep.
    """

    mean_uv: NDArray[np.float64]
    amplitude_uv: NDArray[np.float64]
    onset_ms: float
    ratio: NDArray[np.float64]
    multiple: float

    @property
    def measurable(self) -> bool:
        """Whether there is a direct response to judge stimuli by."""
        return self.multiple > LEAST_MULTIPLE and bool(np.isfinite(self.onset_ms))


def measure_direct(sweeps: Sweeps, channel: int, parameters: Parameters) -> DirectResponse:
    """Measure the M response of a direct channel in every sweep.

    The size of a sweep's M is the projection of its slope on the slope of the run's M: slopes
    do not see the tail of the artefact.

    Parameters
    ----------
    sweeps : Sweeps
    channel : int
        Index into the sweeps.
    parameters : Parameters

    Returns
    -------
    DirectResponse
    """
    times, data = sweeps.times_ms, sweeps.data_uv[:, channel]
    begin = float(np.median(sweeps.blank_end_ms[:, channel])) + 0.2
    zone = as_slice((times >= begin) & (times <= M_END_MS))
    slope = np.diff(data[:, zone].astype(np.float64), axis=1)
    size = np.linalg.norm(slope - np.median(slope, axis=1, keepdims=True), axis=1)
    full = size >= np.quantile(size, 0.5)
    typical = np.median(slope[full], axis=0)
    energy = float(typical @ typical)
    projection = slope @ typical / max(energy, 1e-12)
    usual = _usual(projection)
    ratio = projection / np.maximum(usual, 1e-9)
    ratio[projection < 0.1 * np.quantile(projection, 0.9)] = 0.0
    # Sweeps of a whole response make the mean that others are compared with.
    whole = projection >= 0.5 * np.quantile(projection, 0.75)
    mean = (data[whole] if whole.any() else data).mean(axis=0, dtype=np.float64)
    quiet = quiet_stretch(times, parameters)
    onset = _onset(mean, times, begin, quiet)
    body = as_slice((times >= (onset - 0.3 if np.isfinite(onset) else begin)) & (times <= M_END_MS))
    amplitude = np.ptp(data[:, body].astype(np.float64), axis=1)
    noise = robust_sigma(detrended(data[:, as_slice(quiet)], sweeps.sampling_hz))
    span = float(mean[body].max() - mean[body].min())
    multiple = span / max(noise, 1e-9) if _bent(mean[zone], times[zone]) > LEAST_M_UV else 0.0
    return DirectResponse(mean, amplitude, onset, ratio, multiple)


def _bent(mean: NDArray[np.float64], times: NDArray[np.float64]) -> float:
    """Return the peak to peak of a mean sweep beside the exponentials that fit it best."""
    t = times - times[0]
    basis = np.stack([np.ones_like(t), *(np.exp(-t / tau) for tau in TAIL_MS)], axis=1)
    weights = np.linalg.lstsq(basis, mean, rcond=None)[0]
    return float(np.ptp(mean - basis @ weights))


def _usual(projection: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the running median of the sweeps that answered, (n_stimuli,)."""
    answered = projection > 0.3 * np.quantile(projection, 0.75)
    index = np.flatnonzero(answered)
    if len(index) < 3:
        return np.full(len(projection), max(float(np.median(projection)), 1e-9))
    half = RUNNING // 2
    values = np.pad(projection[index], half, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(values, RUNNING)
    return np.interp(np.arange(len(projection)), index, np.median(windows, axis=1))


def _onset(
    mean: NDArray[np.float64],
    times: NDArray[np.float64],
    begin: float,
    quiet: NDArray[np.bool_],
) -> float:
    """Return where M begins, NaN where nothing begins early enough.

    The slope of an artefact's tail only dies away. M begins where the slope has its least and then
    rises again: at the first such place whose rise is a good part of the largest one. The rise
    is extended back in a straight line, as the slope of a parabola is.
    """
    from scipy.ndimage import gaussian_filter1d

    step = float(times[1] - times[0])
    zone = (times >= begin) & (times <= M_END_MS)
    t = times[zone]
    every = np.abs(gaussian_filter1d(np.gradient(mean, step), max(0.06 / step, 0.5)))
    slope = every[zone]
    if len(slope) < 8:
        return float("nan")
    turns = np.flatnonzero((slope[1:-1] <= slope[:-2]) & (slope[1:-1] < slope[2:])) + 1
    lows = np.unique(np.concatenate([[0], turns]))
    tops = np.array([low + int(np.argmax(slope[low:end])) for low, end in
                     zip(lows, np.append(lows[1:], len(slope)), strict=True)])  # fmt: skip
    rises = slope[tops] - slope[lows]
    first = int(np.flatnonzero(rises >= RISE_SHARE * rises.max())[0])
    low, top = int(lows[first]), int(tops[first])
    if rises[first] <= RISE_MULTIPLE * float(np.median(every[quiet])) / 0.6745:
        return float("nan")
    level = (slope[low : top + 1] - slope[low]) / rises[first]
    tenth, third = (float(np.interp(x, level, t[low : top + 1])) for x in (0.1, 0.3))
    onset = max(tenth - 0.5 * (third - tenth), float(t[low]))
    return onset if onset <= M_LATEST_MS else float("nan")
