"""Make sweeps comparable: blank the artefact, subtract mains, band-limit, align, resample.

Nothing here can invent a response: the artefact is cut out before any filter sees it, the filter
has no phase and rings for less than half a millisecond, and what is removed is estimated outside
the search window. The tails that outlast the blank are left to `nuisance`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.artefact import blank_artefact, last_saturation
from amr_viewer.analysis.epoching import cut_raw
from amr_viewer.analysis.mains import subtract_mains
from amr_viewer.analysis.robust import pieces, quick_median
from amr_viewer.analysis.shifting import turns
from amr_viewer.analysis.windows import BASELINE_END_MS, Window, as_slice
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.recording import Recording

TARGET_HZ = 10_000.0
"""Rate to which sweeps are reduced: AMR latencies need 0.1 ms (docs/criteria.md 4)."""


@dataclass(frozen=True, slots=True, eq=False)
class Sweeps:
    """Conditioned sweeps of some stimuli and channels.

    Attributes
    ----------
    data_uv : ndarray of float32, shape (n_stimuli, n_channels, n_times)
        Artefact blanked by a straight line, mains and offset removed, band-limited.
    times_ms : ndarray, shape (n_times,)
    sampling_hz : float
    blank_end_ms : ndarray, shape (n_stimuli, n_channels)
    saturated_ms : ndarray, shape (n_stimuli, n_channels)
        When the amplifier last was at its rail, -inf where never (after the stimulus).
    missing : ndarray of bool, shape (n_stimuli, n_channels)
        Samples are missing between the baseline and the end of the search.
    hum_uv : ndarray, shape (n_stimuli, n_channels)
        Amplitude of the mains that was subtracted.
    known_from_ms : ndarray, shape (n_stimuli,)
        Samples before this are missing or belong to the stimulus before.
    """

    data_uv: NDArray[np.float32]
    times_ms: NDArray[np.float64]
    sampling_hz: float
    blank_end_ms: NDArray[np.float32]
    saturated_ms: NDArray[np.float32]
    missing: NDArray[np.bool_]
    hum_uv: NDArray[np.float32]
    known_from_ms: NDArray[np.float64]


def condition(
    recording: Recording,
    channels: list[int],
    times_s: NDArray[np.float64],
    previous_s: NDArray[np.float64],
    window: Window,
    parameters: Parameters,
) -> Sweeps:
    """Cut and condition the sweeps of some stimuli in channels of one sampling rate.

    Parameters
    ----------
    recording : Recording
    channels : list of int
    times_s, previous_s : ndarray, shape (n_stimuli,)
        Each stimulus, and the one before it (-inf for the first).
    window : Window
    parameters : Parameters

    Returns
    -------
    Sweeps
    """
    rate = recording.channels[channels[0]].sampling_hz
    factor = max(int(rate / TARGET_HZ), 1)
    n_out = _even((window.before_ms + window.after_ms) * 1e-3 * rate / factor)
    raw = cut_raw(recording, channels, times_s, window.before_ms, n_out * factor)
    times = np.asarray(np.arange(n_out * factor) * 1e3 / rate, dtype=np.float64) - window.before_ms
    out_times = times[::factor]
    data, known_from, missing = _filled(raw.data, times, parameters)
    saturated = last_saturation(raw.data, times, parameters.detection.window_end_ms)
    blank_end = blank_artefact(data, times, saturated, parameters)
    out = _resampled(data, raw.fraction, factor, rate, parameters.conditioning.low_pass_hz)
    # 60 ms is where after-discharge and late reflexes of the stimulus before have died away.
    known_from = np.maximum(known_from, 1e3 * (previous_s - times_s) + 60.0)
    hum = subtract_mains(out, out_times, parameters)
    return Sweeps(out, out_times, rate / factor, blank_end, saturated, missing, hum, known_from)


def _even(n: float) -> int:
    """Return the next length that the Fourier transform likes."""
    from scipy.fft import next_fast_len

    return int(next_fast_len(int(np.ceil(n)) + 1, real=True))


def _filled(
    raw: NDArray[np.float32], times: NDArray[np.float64], parameters: Parameters
) -> tuple[NDArray[np.float32], NDArray[np.float64], NDArray[np.bool_]]:
    """Fill missing samples with the nearest level and remove the offset of the baseline.

    Returns the sweeps, from when on each stimulus is known, and which sweeps are incomplete.
    """
    # The largest of some values is NaN if one of them is.
    lost = np.isnan(raw) if np.isnan(raw.max()) else None
    known_from, missing = np.full(len(raw), -np.inf), np.zeros(raw.shape[:2], dtype=bool)
    if lost is not None:
        known_from, missing = _known(lost, times, parameters)
    baseline = raw[..., as_slice((times < BASELINE_END_MS) & (times > -60.0))]
    level = quick_median(baseline) if baseline.shape[-1] else np.full(raw.shape[:2], np.nan)
    holes = np.isnan(level)
    if holes.any():
        level[holes] = _level_of_rest(baseline, raw, times)[holes]
    data = np.asarray(raw - level[..., None], dtype=np.float32)
    if lost is not None:
        data[lost] = 0.0
    return data, known_from, missing


def _known(
    lost: NDArray[np.bool_], times: NDArray[np.float64], parameters: Parameters
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return from when on each stimulus is known, and which sweeps lack samples that are needed."""
    d = parameters.detection
    needed = (times > -5.0) & (times < d.window_end_ms + 0.5 * d.response_ms)
    missing = np.any(lost[..., needed], axis=-1)
    # A channel that has no samples at all leaves the baseline of the others known.
    whole = np.all(lost, axis=-1, keepdims=True)
    before = np.any((lost & ~whole)[:, :, times < 0], axis=1)
    last = before.shape[1] - 1 - before[:, ::-1].argmax(axis=1)
    known_from = np.where(np.any(before, axis=1), times[last], -np.inf)
    return np.asarray(known_from, dtype=np.float64), np.asarray(missing, dtype=np.bool_)


def _level_of_rest(
    baseline: NDArray[np.float32], raw: NDArray[np.float32], times: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Return the mean of what there is of the baseline, of the sweep's end where there is none."""
    late = raw[..., times > 0.7 * times[-1]]
    n_before, n_late = (np.isfinite(x).sum(axis=-1) for x in (baseline, late))
    before = np.nansum(baseline, axis=-1) / np.maximum(n_before, 1)
    after = np.nansum(late, axis=-1) / np.maximum(n_late, 1)
    return np.asarray(np.where(n_before > 3, before, after), dtype=np.float32)


def _resampled(
    data: NDArray[np.float32],
    fraction: NDArray[np.float64],
    factor: int,
    rate: float,
    low_pass_hz: float,
) -> NDArray[np.float32]:
    """Low-pass, shift by the fraction of a sample, and keep every `factor`-th sample."""
    from scipy.fft import irfft, rfft

    n = data.shape[-1]
    n_out = n // factor
    ramp = np.linspace(0.0, 1.0, n, dtype=np.float32)
    gain = _low_pass(np.arange(n_out // 2 + 1) * rate / n, low_pass_hz, 0.5 * rate / factor)
    phase = (turns(fraction, len(gain), n) * (gain / factor)).astype(np.complex64)
    out = np.empty((*data.shape[:2], n_out), dtype=np.float32)
    for rows in pieces(data):
        part = data[rows]
        first, last = part[..., :4].mean(axis=-1), part[..., -4:].mean(axis=-1)
        line = (last - first)[..., None] * ramp
        line += first[..., None]
        spectrum = rfft(part - line, axis=-1)[..., : len(gain)]
        spectrum *= phase[rows, None]
        np.add(irfft(spectrum, n=n_out, axis=-1), line[..., ::factor], out=out[rows])
    return out


def _low_pass(
    frequency: NDArray[np.float64], corner_hz: float, nyquist: float
) -> NDArray[np.float64]:
    """Return the gain at each frequency: one up to the corner, none a little above it."""
    corner = min(corner_hz, 0.8 * nyquist)
    stop = min(corner * 1.35, nyquist)
    gain = np.interp(frequency, [corner, stop], [1.0, 0.0])
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * gain))
