"""Measure the direct response (M) and tell from it which stimuli failed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.conditioning import Sweeps
from amr_viewer.analysis.robust import detrended, robust_sigma
from amr_viewer.analysis.windows import quiet_stretch
from amr_viewer.core.parameters import Parameters

M_END_MS = 11.0
"""M begins at 1.5-4 ms and lasts 5-10 ms (docs/criteria.md 8)."""

M_LATEST_MS = 7.0
"""An onset later than this is no direct response."""

LEAST_MULTIPLE = 8.0
"""M must exceed the noise of a sweep by this factor (peak to peak / RMS) to judge stimuli by."""

LEAST_M_UV = 40.0

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
    times, data = sweeps.times_ms, sweeps.data_uv[:, channel].astype(np.float64)
    begin = float(np.median(sweeps.blank_end_ms[:, channel])) + 0.2
    zone = (times >= begin) & (times <= M_END_MS)
    slope = np.diff(data[:, zone], axis=1)
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
    mean = data[whole].mean(axis=0) if whole.any() else data.mean(axis=0)
    onset = _onset(mean, times, begin)
    body = (times >= (onset - 0.3 if np.isfinite(onset) else begin)) & (times <= M_END_MS)
    amplitude = data[:, body].max(axis=1) - data[:, body].min(axis=1)
    quiet = sweeps.data_uv[:, channel][:, quiet_stretch(times, parameters)]
    noise = robust_sigma(detrended(quiet, sweeps.sampling_hz))
    span = float(mean[body].max() - mean[body].min())
    multiple = span / max(noise, 1e-9) if span > LEAST_M_UV else 0.0
    return DirectResponse(mean, amplitude, onset, ratio, multiple)


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


def _onset(mean: NDArray[np.float64], times: NDArray[np.float64], begin: float) -> float:
    """Return where the steepest flank of M begins, NaN where there is none early enough."""
    step = float(times[1] - times[0])
    zone = (times >= begin) & (times <= M_END_MS)
    slope = np.gradient(mean[zone], step)
    t = times[zone]
    # The tail of the artefact is steepest at its beginning and only flattens.
    bend = np.abs(np.gradient(slope, step))
    late = t > begin + 0.4
    if late.sum() < 8:
        return float("nan")
    top = int(np.argmax(np.where(late & (t < M_LATEST_MS + 1.0), bend, 0.0)))
    low = np.flatnonzero(bend[: top + 1] < 0.1 * bend[top])
    onset = float(t[low[-1]]) if len(low) else float(t[max(top - 1, 0)])
    return onset if onset <= M_LATEST_MS else float("nan")
