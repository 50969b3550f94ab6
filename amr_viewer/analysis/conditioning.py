"""Make sweeps comparable: blank the artefact, subtract mains, band-limit, align, resample.

Nothing here can invent a response: the artefact is cut out before any filter sees it, the filter
has no phase and rings for less than half a millisecond, and what is removed is estimated outside
the search window. The tails that outlast the blank are left to `nuisance`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.epoching import cut_raw
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.recording import Recording

TARGET_HZ = 10_000.0
"""Rate to which sweeps are reduced: AMR latencies need 0.1 ms (AMR specification 1.2)."""

BASELINE_END_MS = -1.5
"""The baseline ends here: a marker may come a little after the artefact's edge."""

MAX_BEFORE_MS = 120.0
MAX_AFTER_MS = 75.0
LEAST_BEFORE_MS = 4.0

EDGE_MS = 2.0
"""The band limit disturbs the ends of a sweep for this long."""

LEAST_QUIET_MS = 10.0
"""Baseline needed to measure noise by (AMR specification 3.2)."""


@dataclass(frozen=True, slots=True)
class Window:
    """Extent of a sweep in time, from the stimulus."""

    before_ms: float
    after_ms: float


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


def quiet_stretch(times_ms: NDArray[np.float64], parameters: Parameters) -> NDArray[np.bool_]:
    """Return where no stimulus acts: before it or, without room there, late; (n_times,)."""
    d = parameters.detection
    quiet = (times_ms < BASELINE_END_MS) & (times_ms > times_ms[0] + EDGE_MS)
    late = (times_ms > d.window_end_ms + d.response_ms + 3.0) & (times_ms < times_ms[-1] - EDGE_MS)
    step = float(times_ms[1] - times_ms[0])
    return quiet if quiet.sum() * step >= LEAST_QUIET_MS or not late.any() else late


def sweep_window(
    recording: Recording, all_times_s: NDArray[np.float64], parameters: Parameters
) -> Window:
    """Return how much time around each stimulus is looked at.

    It depends on how fast stimuli follow each other and, in a recording of separate sweeps, on
    where these begin and end. Sham windows lie before the stimulus; where there is no room for them
    they lie after the search window, and the sweep is then taken longer.
    """
    d = parameters.detection
    searched = d.window_end_ms + d.response_ms + 3.0
    room = d.window_end_ms + d.response_ms - d.window_start_ms + 12.0
    interval = 1e3 * float(np.quantile(np.diff(all_times_s), 0.1)) if len(all_times_s) > 2 else 1e4
    there_before, there_after = _room_in_segments(recording, all_times_s)
    usual_after = max(MAX_AFTER_MS, searched + 30.0)
    after = max(searched, min(usual_after, 0.6 * interval, there_after))
    before = max(MAX_BEFORE_MS, 2.0 * room)
    before = max(min(before, interval - after - 2.0, there_before), LEAST_BEFORE_MS)
    if before < room:
        longer = searched + 2.0 * room
        after = max(after, min(longer, interval - before - 2.0, there_after))
    return Window(before, after)


def _room_in_segments(recording: Recording, times_s: NDArray[np.float64]) -> tuple[float, float]:
    """Return how long before and after the stimuli most segments last, in ms."""
    index = recording.segment_at(times_s)
    inside = index >= 0
    if not inside.any():
        return 0.0, 0.0
    starts = np.array([s.start_s for s in recording.segments])[index[inside]]
    ends = np.array([s.end_s for s in recording.segments])[index[inside]]
    before, after = times_s[inside] - starts, ends - times_s[inside]
    return tuple(float(1e3 * np.quantile(x, 0.2)) - 0.5 for x in (before, after))  # type: ignore[return-value]


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
    times = -window.before_ms + np.arange(n_out * factor) * 1e3 / rate
    out_times = times[::factor]
    data, known_from, missing = _filled(raw.data, times, parameters)
    saturated = _saturation(raw.data, times)
    blank_end = _blank(data, times, saturated, parameters)
    out = _resampled(data, raw.fraction, factor, rate, parameters.conditioning.low_pass_hz)
    # 60 ms is where after-discharge and late reflexes of the stimulus before have died away.
    known_from = np.maximum(known_from, 1e3 * (previous_s - times_s) + 60.0)
    hum = _subtract_mains(out, out_times, parameters)
    return Sweeps(out, out_times, rate / factor, blank_end, saturated, missing, hum, known_from)


def _even(n: float) -> int:
    """Return the next length that the Fourier transform likes."""
    from scipy.fft import next_fast_len

    return int(next_fast_len(int(np.ceil(n)) + 1, real=True))


def _filled(
    raw: NDArray[np.float32], times: NDArray[np.float64], parameters: Parameters
) -> tuple[NDArray[np.float32], NDArray[np.float64], NDArray[np.bool_]]:
    """Fill missing samples with the nearest level and remove the offset of the baseline."""
    lost = np.isnan(raw)
    d = parameters.detection
    needed = (times > -5.0) & (times < d.window_end_ms + 0.5 * d.response_ms)
    missing = lost[..., needed].any(axis=-1)
    before = lost[:, :, times < 0].any(axis=1)
    last = before.shape[1] - 1 - before[:, ::-1].argmax(axis=1)
    known_from = np.where(before.any(axis=1), times[last], -np.inf)
    baseline = np.where(lost, np.nan, raw)[..., (times < BASELINE_END_MS) & (times > -60.0)]
    empty = np.isnan(baseline).all(axis=-1)
    level = np.zeros(raw.shape[:2], dtype=np.float32)
    if not empty.all():
        level[~empty] = np.nanmedian(baseline[~empty], axis=-1)
    if empty.any():
        level[empty] = _late_level(raw, times)[empty]
    data = raw - level[..., None]
    data[lost] = 0.0
    return data, known_from, missing


def _late_level(raw: NDArray[np.float32], times: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the level of the end of each sweep, for sweeps that begin at the stimulus."""
    late = raw[..., times > 0.7 * times[-1]]
    count = np.isfinite(late).sum(axis=-1)
    return (np.nansum(late, axis=-1) / np.maximum(count, 1)).astype(np.float32)


def _saturation(raw: NDArray[np.float32], times: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return when each sweep last stood at the amplifier's rail after its stimulus.

    A rail is the extreme value of a channel if the signal rests on it for three samples.
    """
    after = times > -0.5
    x = raw[..., after]
    rest = (x[..., 1:-1] == x[..., :-2]) & (x[..., 1:-1] == x[..., 2:])
    out = np.full(raw.shape[:2], -np.inf, dtype=np.float32)
    flat_times = times[after][1:-1]
    for j in range(raw.shape[1]):
        finite = raw[:, j][np.isfinite(raw[:, j])]
        if not len(finite) or finite.max() == finite.min():
            continue
        low, high = finite.min(), finite.max()
        middle = x[:, j, 1:-1]
        railed = rest[:, j] & ((middle == low) | (middle == high))
        if railed.any():
            last = railed.shape[1] - 1 - railed[:, ::-1].argmax(axis=1)
            out[:, j] = np.where(railed.any(axis=1), flat_times[last], -np.inf)
    return out


def _blank(
    data: NDArray[np.float32],
    times: NDArray[np.float64],
    saturated: NDArray[np.float32],
    parameters: Parameters,
) -> NDArray[np.float32]:
    """Cut the artefact out of `data`, in place, and return where each blank ends."""
    a = parameters.artefact
    end = _sharp_until(data, times, a.blank_min_ms, a.blank_max_ms)
    blank_end = np.broadcast_to(end, data.shape[:2]).astype(np.float32).copy()
    late = saturated > blank_end - 0.3
    blank_end[late] = saturated[late] + 0.5
    step = float(times[1] - times[0])
    start = int(np.searchsorted(times, -0.35)) - 1
    stop = np.searchsorted(times, blank_end.ravel() + step).reshape(blank_end.shape)
    stop = np.minimum(stop, len(times) - 1)
    n = int(stop.max()) - start
    k = np.arange(1, n + 1)
    rows, columns = np.indices(blank_end.shape)
    left = data[:, :, max(start - 2, 0) : start + 1].mean(axis=-1)
    right = data[rows, columns, stop]
    part = k / np.maximum(stop - start, 1)[..., None]
    line = left[..., None] + (right - left)[..., None] * part
    inside = k < (stop - start)[..., None]
    piece = data[:, :, start + 1 : start + 1 + n]
    piece[inside] = line[inside]
    return blank_end


def _sharp_until(
    data: NDArray[np.float32], times: NDArray[np.float64], low_ms: float, high_ms: float
) -> NDArray[np.float64]:
    """Return until when a channel's sweeps are typically sharper than any muscle; (n_channels,).

    The third difference over 0.1 ms tells the corners of a pulse from a smooth M response.
    """
    step = float(times[1] - times[0])
    stride = max(round(0.1 / step), 1)
    region = (times > low_ms - 0.3) & (times < high_ms + 4 * stride * step)
    zone = data[..., region]
    zone_times = times[region]
    sharp = np.abs(np.diff(zone[..., ::stride], n=3, axis=-1))
    quiet = data[..., (times > -20.0) & (times < BASELINE_END_MS)]
    noise = np.abs(np.diff(quiet[..., ::stride], n=3, axis=-1)) if quiet.shape[-1] > 8 else sharp
    usual = np.median(sharp, axis=0)
    limit = np.maximum(
        4.0 * np.median(noise, axis=(0, 2)), 0.1 * np.abs(zone).max(axis=-1).mean(axis=0)
    )
    out = np.full(data.shape[1], low_ms)
    ends = zone_times[::stride][: usual.shape[1]] + 1.5 * stride * step
    for j in range(data.shape[1]):
        over = np.flatnonzero((usual[j] > limit[j]) & (ends <= high_ms))
        if len(over):
            out[j] = max(low_ms, float(ends[over[-1]]) + stride * step)
    return out


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
    ends = data[..., :4].mean(axis=-1), data[..., -4:].mean(axis=-1)
    line = ends[0][..., None] + (ends[1] - ends[0])[..., None] * ramp
    spectrum = rfft(data - line, axis=-1, workers=2)[..., : n_out // 2 + 1]
    frequency = np.arange(spectrum.shape[-1]) * rate / n
    nyquist = 0.5 * rate / factor
    corner = min(low_pass_hz, 0.8 * nyquist)
    stop = min(corner * 1.35, nyquist)
    gain = np.interp(frequency, [corner, stop], [1.0, 0.0])
    gain = 0.5 - 0.5 * np.cos(np.pi * gain)
    phase = np.exp(2j * np.pi * frequency * fraction[:, None] / rate) * gain
    spectrum *= phase.astype(np.complex64)[:, None, :]
    out = irfft(spectrum, n=n_out, axis=-1, workers=2) / np.float32(factor)
    return np.asarray(out + line[..., ::factor], dtype=np.float32)


def _subtract_mains(
    data: NDArray[np.float32], times: NDArray[np.float64], parameters: Parameters
) -> NDArray[np.float32]:
    """Estimate mains and its harmonics before the stimulus and subtract it, in place.

    Returns the amplitude of the fundamental, (n_stimuli, n_channels).
    """
    choice = parameters.conditioning.mains_hz
    quiet = (times < BASELINE_END_MS) & (times > times[0] + 1.0)
    span_ms = float(times[quiet][-1] - times[quiet][0]) if quiet.any() else 0.0
    hum = np.zeros(data.shape[:2], dtype=np.float32)
    if choice == "off" or span_ms < 35.0:
        return hum
    candidates = (50.0, 60.0) if choice == "auto" else (float(choice),)
    for j in range(data.shape[1]):
        powers = [_line_power(data[:, j, quiet], times[quiet], f) for f in candidates]
        best = int(np.argmax([p[0] for p in powers]))
        for harmonic in (1, 2, 3, 5, 7):
            frequency = candidates[best] * harmonic
            ratio, coefficients = (
                powers[best]
                if harmonic == 1
                else _line_power(data[:, j, quiet], times[quiet], frequency)
            )
            if ratio > 4.0:
                if harmonic == 1:
                    hum[:, j] = np.hypot(*coefficients.T)
                data[:, j] -= coefficients @ _wave(times, frequency).astype(np.float32)
    return hum


def _wave(times: NDArray[np.float64], frequency: float) -> NDArray[np.float64]:
    """Return cosine and sine, shape (2, n_times)."""
    angle = 2e-3 * np.pi * frequency * times
    return np.stack([np.cos(angle), np.sin(angle)])


def _line_power(
    quiet: NDArray[np.float32], times: NDArray[np.float64], frequency: float
) -> tuple[float, NDArray[np.float32]]:
    """Return how far a line stands out of its neighbourhood, and its coefficients per sweep."""
    span_s = 1e-3 * float(times[-1] - times[0])
    power, kept = [], np.zeros((len(quiet), 2), dtype=np.float32)
    trend = np.stack([np.ones_like(times), (times - times.mean()) / (times[-1] - times[0])])
    for shift in (0.0, -1.5 / span_s, 1.5 / span_s):
        basis = np.concatenate([_wave(times, frequency + shift), trend])
        solve = np.linalg.pinv(basis).astype(np.float32)
        coefficients = (quiet @ solve)[:, :2]
        power.append(float(np.median((coefficients**2).sum(axis=1))))
        if shift == 0.0:
            kept = coefficients
    return power[0] / max(np.sqrt(power[1] * power[2]), 1e-12), kept
