"""Find the edge of the stimulus artefact: near a marker, or in a recording that has none.

An artefact is the one event that rises within a sample or two in all channels at once, "directly
after the stimulus and proportional to it" (NIM Vital manual), and looks alike each time.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.epoching import cut_raw
from amr_viewer.core.parameters import StimulusParameters
from amr_viewer.core.recording import Recording

STEP_Z = 12.0
"""Steps between samples, in robust standard deviations, that may be the edge of an artefact."""

REFRACTORY_S = 0.02
"""Stimuli of one site do not follow each other faster; hides the M response after the artefact."""

MAX_SHARP = 3
"""Channels that the edge is read from: those where it stands out most."""

SCAN_SAMPLES = 2_000_000


def sharpest_channels(
    recording: Recording,
    channels: list[int],
    times_s: NDArray[np.float64],
    parameters: StimulusParameters,
) -> list[int]:
    """Return up to `MAX_SHARP` channels of one rate in which the artefact has the sharpest edge.

    Empty where no channel shows an artefact at the markers.
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
        quiet = np.nanmedian(step[..., :n_quiet], axis=-1) / 0.6745
        peak = np.nanmax(np.nan_to_num(step[..., n_quiet:]), axis=-1)
        ratio = np.nanmedian(peak / np.maximum(quiet, _floor(quiet)), axis=0)
    ratio = np.nan_to_num(ratio)
    order = np.argsort(ratio)[::-1][:MAX_SHARP]
    return [channels[k] for k in order if ratio[k] > STEP_Z]


def _floor(quiet: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return the least noise to divide by, so that a flat channel cannot look sharp."""
    typical = np.nanmedian(np.where(quiet > 0, quiet, np.nan)) if np.any(quiet > 0) else 1.0
    return np.asarray(0.2 * typical)


def align_to_artefact(
    recording: Recording,
    channels: list[int],
    times_s: NDArray[np.float64],
    parameters: StimulusParameters,
) -> NDArray[np.float64]:
    """Return how far each marker lies ahead of the edge of its artefact.

    The edge is where the first steep rise, extended backwards, meets the baseline: a time between
    two samples. Shifts below one and a half samples are left alone (the marker is then better than
    the edge), and so is a marker near which no edge stands out.

    Parameters
    ----------
    recording : Recording
    channels : list of int
        Where the artefact is sharpest, one sampling rate.
    times_s : ndarray, shape (n_stimuli,)
        Markers.
    parameters : StimulusParameters

    Returns
    -------
    ndarray, shape (n_stimuli,)
        Milliseconds to add to each marker.
    """
    if parameters.align_ms == 0.0:
        return np.zeros(len(times_s))
    rate = recording.channels[channels[0]].sampling_hz
    reach = parameters.align_ms
    before = 2.0 * reach + 1.0
    n_times = round((before + reach + 1.0) * 1e-3 * rate) + 2
    shift = np.empty(len(times_s))
    for rows in np.array_split(np.arange(len(times_s)), len(times_s) // 2000 + 1):
        raw = cut_raw(recording, channels, times_s[rows], before, n_times)
        edge = _edges(raw.data, int(reach * 1e-3 * rate))
        shift[rows] = (edge - raw.fraction) * 1e3 / rate - before
    near = np.isfinite(shift) & (np.abs(shift) <= reach)
    shift = np.where(near, shift, 0.0)
    typical = float(np.median(shift[near])) if near.any() else 0.0
    keep_ms = 1.5e3 / rate
    if abs(typical) <= keep_ms:
        return np.where(np.abs(shift) <= keep_ms, 0.0, shift)
    return np.where(near, shift, typical)


def _edges(data: NDArray[np.float32], n_quiet: int) -> NDArray[np.float64]:
    """Return the fractional sample of the artefact's edge, NaN where none; `data` (n, c, t)."""
    step = np.abs(np.diff(np.nan_to_num(data), axis=-1))
    noise = np.median(step[..., :n_quiet], axis=-1) / 0.6745
    noise = np.maximum(noise, _floor(noise))
    z = np.sqrt((step / noise[..., None]) ** 2).mean(axis=1)
    peak = z.max(axis=-1)
    threshold = np.maximum(STEP_Z, 0.15 * peak)
    above = z > threshold[:, None]
    first = above.argmax(axis=-1)
    rows = np.arange(len(data))
    rise = z[rows, first]
    top = z[rows, np.minimum(first + 1, z.shape[1] - 1)]
    # The step from sample `first` to the next is the first steep one. Where it is small against
    # the step that follows, the edge lies late between the two samples.
    part = np.clip(1.0 - rise / np.maximum(np.maximum(rise, top), 1e-12), 0.0, 1.0)
    return np.where(peak > STEP_Z, first + part, np.nan)


def find_artefacts(
    recording: Recording,
    channels: list[int],
    parameters: StimulusParameters,
    marked_s: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Find stimuli by their artefact alone.

    Parameters
    ----------
    recording : Recording
    channels : list of int
        EMG channels.
    parameters : StimulusParameters
    marked_s : ndarray, optional
        Known stimuli. Only pauses long enough for a further one are then searched, and only
        artefacts at least half as sharp as the known ones count.

    Returns
    -------
    ndarray, shape (n_found,)
        Seconds from the start of the recording.
    """
    rate = max(recording.channels[i].sampling_hz for i in channels)
    channels = [i for i in channels if recording.channels[i].sampling_hz == rate]
    scale = _step_scale(recording, channels)
    if marked_s is None:
        spans = [(s.start_s, s.end_s) for s in recording.segments]
        least = 2.0 * STEP_Z
    else:
        spans = list(_pauses(recording, marked_s))
        least = max(2.0 * STEP_Z, 0.5 * _known_sharpness(recording, channels, marked_s, scale))
    times, sharpness = [np.empty(0)], [np.empty(0)]
    for start_s, end_s in spans:
        t, z = _scan(recording, channels, scale, start_s, end_s, least)
        times.append(t)
        sharpness.append(z)
    found, z = np.concatenate(times), np.concatenate(sharpness)
    if marked_s is None:
        found = found[_alike(z)]
        return found if len(found) >= 3 else np.empty(0)
    return found


def _alike(z: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Keep the events that are about as sharp as the typical strong one."""
    if not len(z):
        return np.zeros(0, dtype=bool)
    strong = np.median(z[z >= np.quantile(z, 0.5)])
    return z >= 0.2 * strong


def _pauses(recording: Recording, marked_s: NDArray[np.float64]) -> Iterator[tuple[float, float]]:
    """Yield the pauses between known stimuli that could hold a further one."""
    if len(marked_s) < 3:
        return
    usual = float(np.quantile(np.diff(marked_s), 0.25))
    # Stimulation rarely runs before the first marker or after the last; one interval is searched.
    borders = np.concatenate(([marked_s[0] - 2.2 * usual], marked_s, [marked_s[-1] + 2.2 * usual]))
    for low, high in itertools.pairwise(borders):
        if high - low > 1.5 * usual:
            for s in recording.segments:
                start, end = max(low + 0.3 * usual, s.start_s), min(high - 0.3 * usual, s.end_s)
                if end > start:
                    yield start, end


def _step_scale(recording: Recording, channels: list[int]) -> NDArray[np.float64]:
    """Return the robust standard deviation of the steps of each channel, from a few pieces."""
    scale = np.zeros(len(channels))
    for j, channel in enumerate(channels):
        n = recording.channels[channel].n_samples
        starts = np.linspace(0, max(n - 20_000, 0), 9).astype(int)
        steps = [
            np.diff(recording.source.read(channel, int(s), min(int(s) + 20_000, n))) for s in starts
        ]
        values = np.abs(np.concatenate(steps))
        values = values[np.isfinite(values)]
        scale[j] = np.median(values) / 0.6745 if len(values) else 0.0
    return np.maximum(scale, _floor(scale))


def _known_sharpness(
    recording: Recording,
    channels: list[int],
    marked_s: NDArray[np.float64],
    scale: NDArray[np.float64],
) -> float:
    """Return how sharp the artefacts at the known stimuli typically are."""
    rate = recording.channels[channels[0]].sampling_hz
    some = marked_s[np.linspace(0, len(marked_s) - 1, min(len(marked_s), 60)).astype(int)]
    data = cut_raw(recording, channels, some, 1.0, int(2e-3 * rate) + 2).data
    z = (np.abs(np.diff(np.nan_to_num(data), axis=-1)) / scale[:, None]).mean(axis=1)
    return float(np.median(z.max(axis=-1)))


def _scan(
    recording: Recording,
    channels: list[int],
    scale: NDArray[np.float64],
    start_s: float,
    end_s: float,
    least: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the times and sharpness of all steep events of a stretch inside one segment."""
    rate = recording.channels[channels[0]].sampling_hz
    # just inside the segment, so that a border is not taken for a gap
    position = recording.sample_index(channels[0], np.array([start_s + 0.25 / rate]))[0]
    if np.isnan(position):
        return np.empty(0), np.empty(0)
    first = int(position)
    last = min(first + int((end_s - start_s) * rate), recording.channels[channels[0]].n_samples)
    hits, sizes = [np.empty(0, dtype=np.int64)], [np.empty(0)]
    for low in range(first, last - 1, SCAN_SAMPLES):
        high = min(low + SCAN_SAMPLES + 1, last)
        z = np.zeros(high - low - 1, dtype=np.float32)
        for j, channel in enumerate(channels):
            steps = np.abs(np.diff(recording.source.read(channel, low, high)))
            z += np.nan_to_num(steps) / np.float32(scale[j] * len(channels))
        index = np.flatnonzero(z > least)
        hits.append(index + low)
        sizes.append(z[index].astype(np.float64))
    index, z_all = np.concatenate(hits), np.concatenate(sizes)
    if not len(index):
        return np.empty(0), np.empty(0)
    new = np.concatenate(([True], np.diff(index) > REFRACTORY_S * rate))
    starts = np.flatnonzero(new)
    peaks = np.maximum.reduceat(z_all, starts)
    return start_s + (index[starts] - first) / rate, peaks
