"""Find the edge of the stimulus artefact near a marker.

An artefact is the one event that rises within a sample or two, "directly after the stimulus and
proportional to it" (NIM Vital manual). Looking for artefacts where no marker is, is left to
`artefact_search`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.epoching import cut_raw
from amr_viewer.core.parameters import StimulusParameters
from amr_viewer.core.recording import Recording

STEP_Z = 12.0
"""Steps between samples, in robust standard deviations, that may be the edge of an artefact."""

RISE_MS = 0.2
"""A stimulator's pulse rises within this, behind a low-pass of 2 kHz or more as well."""

SHARP_SHARE = 0.4
"""Part of its height that an artefact covers within `RISE_MS`: a pulse 0.8-1, behind a low-pass of
1 kHz 0.5; M responses and the QRS complex, which take 1 ms and more, at most 0.3."""

MAX_SHARP = 3
"""Channels that the edge is read from: those where it stands out most."""

FINE_HZ = 5_000.0
"""From this rate on, the edge is known better than a pulse on a sampled trigger channel."""

AGREEING = 0.9
"""Share of the markers with one lag against their artefact from which all are taken to have it."""

BATCH = 2_000
"""Stimuli that are cut at once."""


def sharpest_channels(
    recording: Recording,
    channels: list[int],
    times_s: NDArray[np.float64],
    parameters: StimulusParameters,
) -> list[int]:
    """Return up to `MAX_SHARP` channels of one rate in which the artefact has the sharpest edge.

    Empty where no channel shows an artefact at the markers: a response that is large but rises
    slowly is none.

    Parameters
    ----------
    recording : Recording
    channels : list of int
    times_s : ndarray, shape (n_stimuli,)
        Markers.
    parameters : StimulusParameters

    Returns
    -------
    list of int
        Sharpest first.
    """
    rate = max(recording.channels[i].sampling_hz for i in channels)
    channels = [i for i in channels if recording.channels[i].sampling_hz == rate]
    some = times_s[np.linspace(0, len(times_s) - 1, min(len(times_s), 40)).astype(int)]
    reach = max(parameters.align_ms, 1.0)
    n_times = round((4.0 * reach + 2.0) * 1e-3 * rate) + 2
    data = cut_raw(recording, channels, some, 3.0 * reach, n_times).data
    step = np.abs(np.diff(data, axis=-1))
    n_quiet = round((2.0 * reach) * 1e-3 * rate)
    with np.errstate(invalid="ignore"):
        quiet = _median_of_known(step[..., :n_quiet]) / 0.6745
        peak = np.nan_to_num(step[..., n_quiet:]).max(axis=-1)
        ratio = _middle(peak / np.maximum(quiet, noise_floor(quiet)))
        at = n_quiet + np.nan_to_num(step[..., n_quiet:]).argmax(axis=-1)
    sharp = _middle(sharpness(data, at, rate)) > SHARP_SHARE
    order = np.argsort(ratio)[::-1]
    return [channels[k] for k in order if ratio[k] > STEP_Z and sharp[k]][:MAX_SHARP]


def _median_of_known(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the median over the last axis of what is no NaN; NaN where all is."""
    known = np.isfinite(values).any(axis=-1)
    out = np.full(values.shape[:-1], np.nan)
    if known.any():
        out[known] = np.nanmedian(values[known], axis=-1)
    return out


def _middle(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the median over the stimuli, (n_channels,); 0 where nothing is known."""
    return np.nan_to_num(_median_of_known(np.asarray(values.T, dtype=np.float32)))


def noise_floor(quiet: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the least noise to divide by, so that a flat channel cannot look sharp."""
    known = quiet[quiet > 0]
    return np.asarray(0.2 * np.median(known) if len(known) else 1.0)


def sharpness(
    data: NDArray[np.float32], at: NDArray[np.intp], sampling_hz: float
) -> NDArray[np.float64]:
    """Return the part of an event's height that is covered within `RISE_MS`.

    Parameters
    ----------
    data : ndarray, shape (n_events, n_channels, n_times)
    at : ndarray of int, shape (n_events, n_channels)
        Sample of the steepest step of each event.
    sampling_hz : float

    Returns
    -------
    ndarray, shape (n_events, n_channels)
        0 to 1.
    """
    width = max(round(RISE_MS * 1e-3 * sampling_hz), 1)
    reach = max(round(1.5e-3 * sampling_hz), 3)
    index = np.clip(at[..., None] + np.arange(-reach, reach + 2), 0, data.shape[-1] - 1)
    piece = np.nan_to_num(np.take_along_axis(data, index, axis=-1))
    rise = np.abs(piece[..., width:] - piece[..., :-width]).max(axis=-1)
    return np.asarray(rise / np.maximum(np.ptp(piece, axis=-1), 1e-9), dtype=np.float64)


def edge_shifts(
    recording: Recording,
    channels: list[int],
    times_s: NDArray[np.float64],
    parameters: StimulusParameters,
) -> NDArray[np.float64]:
    """Return how far each moment lies ahead of the edge of its artefact.

    The edge is where the pulse leaves the baseline: a time between two samples.

    Parameters
    ----------
    recording : Recording
    channels : list of int
        Where the artefact is sharpest, one sampling rate.
    times_s : ndarray, shape (n_stimuli,)
    parameters : StimulusParameters

    Returns
    -------
    ndarray, shape (n_stimuli,)
        Milliseconds to add; NaN where no edge stands out within `align_ms`.
    """
    rate = recording.channels[channels[0]].sampling_hz
    reach = parameters.align_ms
    before = 2.0 * reach + 1.0
    n_times = round((before + reach + 1.0) * 1e-3 * rate) + 2
    shift = np.empty(len(times_s))
    for rows in np.array_split(np.arange(len(times_s)), len(times_s) // BATCH + 1):
        raw = cut_raw(recording, channels, times_s[rows], before, n_times)
        edge = steep_edges(raw.data, int(reach * 1e-3 * rate))
        edge = _refined(raw.data, edge, rate)
        shift[rows] = (edge - raw.fraction) * 1e3 / rate - before
    return np.where(np.abs(shift) <= reach, shift, np.nan)


def align_to_artefact(
    recording: Recording,
    channels: list[int],
    times_s: NDArray[np.float64],
    sampled: NDArray[np.bool_],
    parameters: StimulusParameters,
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return how far each marker is to be moved to the edge of its artefact.

    Shifts below one and a half samples are left alone: the marker is then better than the edge. A
    pulse of a trigger channel (`sampled`) is itself known to a sample only, so that at rates of
    `FINE_HZ` and more its edge counts. Where nearly all markers agree, one that does not is moved
    like the rest, and so is one without an edge of its own: something else stood near it.

    Parameters
    ----------
    recording : Recording
    channels : list of int
        Where the artefact is sharpest, one sampling rate.
    times_s : ndarray, shape (n_stimuli,)
    sampled : ndarray of bool, shape (n_stimuli,)
        Whether the time comes from a sampled channel.
    parameters : StimulusParameters

    Returns
    -------
    shift_ms : ndarray, shape (n_stimuli,)
    seen : ndarray of bool, shape (n_stimuli,)
        Whether an artefact stands at the marker.
    """
    if parameters.align_ms == 0.0:
        return np.zeros(len(times_s)), np.ones(len(times_s), dtype=bool)
    rate = recording.channels[channels[0]].sampling_hz
    shift = edge_shifts(recording, channels, times_s, parameters)
    seen = np.isfinite(shift)
    if not seen.any():
        return np.zeros(len(times_s)), seen
    typical = float(np.median(shift[seen]))
    keep_ms = 1.5e3 / rate
    agrees = seen & (np.abs(shift - typical) <= keep_ms)
    own = agrees if agrees.sum() >= AGREEING * seen.sum() else seen
    if abs(typical) > keep_ms:
        return np.where(own, shift, typical), seen
    fine = sampled & (rate >= FINE_HZ)
    # The edge of a weak artefact is seen a sample late: where markers are exact, so is this one.
    return np.where(own & (fine | (np.abs(shift) > 2.0 * keep_ms)), shift, 0.0), seen


REFINE_MS = 0.5
LEAST_TO_REFINE = 8
"""How far an edge is corrected by the waveform of the artefact, and stimuli that this takes."""


def steep_edges(data: NDArray[np.float32], n_quiet: int) -> NDArray[np.float64]:
    """Return where the first steep rise leaves the baseline.

    Parameters
    ----------
    data : ndarray, shape (n_events, n_channels, n_times)
    n_quiet : int
        Samples at the beginning that noise is measured by.

    Returns
    -------
    ndarray, shape (n_events,)
        Fractional sample; NaN where no step stands out.
    """
    data = np.nan_to_num(data)
    step = np.abs(np.diff(data, axis=-1))
    noise = np.median(step[..., :n_quiet], axis=-1) / 0.6745
    noise = np.maximum(noise, noise_floor(noise))
    z = (step / noise[..., None]).mean(axis=1)
    peak = z.max(axis=-1)
    above = z > np.maximum(STEP_Z, 0.15 * peak)[:, None]
    first = above.argmax(axis=-1)
    part = _risen(data, first, noise)
    # A sample is the mean over its own time: one that has risen by half has its edge in the middle.
    return np.where(peak > STEP_Z, first + 1.5 - part, np.nan)


def _refined(
    data: NDArray[np.float32], edge: NDArray[np.float64], rate: float
) -> NDArray[np.float64]:
    """Return the edges, each moved to where its artefact agrees best with the typical one.

    A weak artefact's own edge is lost in the noise by a sample or two; its whole waveform is not.
    """
    from scipy.fft import irfft, next_fast_len, rfft

    rows = np.flatnonzero(np.isfinite(edge))
    reach = round(REFINE_MS * 1e-3 * rate)
    if len(rows) < LEAST_TO_REFINE or reach < 1:
        return edge
    first = np.floor(edge[rows]).astype(int) - 2 * reach
    index = np.clip(first[:, None] + np.arange(6 * reach), 0, data.shape[-1] - 1)
    piece = np.take_along_axis(np.nan_to_num(data[rows]), index[:, None, :], axis=-1)
    piece = piece - piece[..., :reach].mean(axis=-1, keepdims=True)
    n = next_fast_len(8 * reach, real=True)
    turn = 2j * np.pi * np.arange(n // 2 + 1) / n * (edge[rows] - np.floor(edge[rows]))[:, None]
    spectrum = rfft(piece, n=n, axis=-1) * np.exp(turn)[:, None, :]
    aligned = irfft(spectrum, n=n, axis=-1)
    # A clear one, not the clearest: that may be a pop.
    order = np.argsort((aligned**2).sum(axis=(1, 2)))
    clear = aligned[order[int(0.75 * (len(order) - 1))]]
    sign = np.sign((aligned * clear).sum(axis=-1, keepdims=True))
    typical = rfft(np.median(aligned * sign, axis=0), axis=-1)
    cross = (irfft(spectrum * np.conj(typical), n=n, axis=-1) * sign).sum(axis=1)
    near = np.concatenate([cross[:, -reach:], cross[:, : reach + 1]], axis=1)
    best = np.clip(near.argmax(axis=1), 1, 2 * reach - 1)
    at = np.arange(len(rows))
    low, mid, high = (near[at, best + k] for k in (-1, 0, 1))
    lag = best - reach + 0.5 * (low - high) / np.minimum(low - 2.0 * mid + high, -1e-12)
    out = edge.copy()
    out[rows] += lag - np.median(lag)
    return out


def _risen(
    data: NDArray[np.float32], first: NDArray[np.intp], noise: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Return how far the sample after the first steep step has risen, against the one after it."""
    n = data.shape[-1]
    rows = np.arange(len(data))
    back = np.clip(first[:, None] - np.arange(4), 0, n - 1)
    level = np.take_along_axis(data, back[:, None, :], axis=-1).mean(axis=-1)
    one = data[rows, :, np.minimum(first + 1, n - 1)] - level
    two = data[rows, :, np.minimum(first + 2, n - 1)] - level
    sign = np.where(np.abs(one) > np.abs(two), np.sign(one), np.sign(two))
    top = np.maximum(one * sign, two * sign)
    part = np.clip(one * sign / np.maximum(top, 1e-9), 0.0, 1.0)
    weight = (top / noise) ** 2
    return np.asarray((part * weight).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-12))
