"""Find stimuli that no marker tells of, by their artefact.

Sharp events are many: motor units under a needle, pops of an electrode, the hum of a dimmer. Those
of a stimulator look alike each time, in all channels at once, and keep a clock or at least a
distance; what does not is left out. It is better to miss a stimulus than to invent one.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.artefact_edges import STEP_Z, noise_floor
from amr_viewer.analysis.artefact_events import (
    MOST_COMPARED,
    describe,
    groups,
    is_stimulation,
    look_alike,
)
from amr_viewer.analysis.artefact_pulses import is_pulse
from amr_viewer.analysis.epoching import cut_raw
from amr_viewer.core.recording import Recording, Segment

BIN_S = 0.01
"""Of the events within one bin, the steepest counts."""

SCAN_SAMPLES = 400_000
"""Samples looked through at once."""

SMALLEST, LARGEST = 0.3, 3.0
"""How far an artefact without a marker may differ in size from the weaker and larger ones that have
one."""

SMALLEST_APART, LARGEST_APART = 0.8, 1.25
"""The same ahead of the first marker and after the last, where a laboratory looks for the threshold
or tests its electrodes."""

ROOM = 1.3
"""Usual intervals between two stimuli that leave room for one more."""

APART = 2.2
"""Usual intervals from the first or last marker that are still within the run."""

MOST_CHANNELS = 5
MOST_TEMPLATES = 80


def find_artefacts(recording: Recording, channels: list[int]) -> NDArray[np.float64]:
    """Find the stimuli of a recording in which none is marked.

    Parameters
    ----------
    recording : Recording
    channels : list of int
        EMG channels.

    Returns
    -------
    ndarray, shape (n_found,)
        Edges of the artefacts, seconds from the start; empty unless there are several that look
        alike and are no muscle, heart or mains.
    """
    channels = _fastest(recording, channels)
    scale = _step_scale(recording, channels)
    spans = [(s.start_s, s.end_s) for s in recording.segments]
    times = _scan(recording, channels, scale, spans, 2.0 * STEP_Z)
    clearest = _clearest(recording, channels, scale, times)
    channels, scale = [channels[k] for k in clearest], scale[clearest]
    events = describe(recording, channels, scale, times)
    found = [
        g
        for g in groups(events)
        if is_stimulation(g, recording, channels) and is_pulse(recording, channels[0], g)
    ]
    return np.sort(np.concatenate([np.empty(0), *(g.time_s for g in found)]))


def _clearest(
    recording: Recording,
    channels: list[int],
    scale: NDArray[np.float64],
    times_s: NDArray[np.float64],
) -> NDArray[np.intp]:
    """Return which of the channels show the steep events best; all where they are few."""
    if len(channels) <= MOST_CHANNELS or not len(times_s):
        return np.arange(len(channels))
    some = times_s[np.linspace(0, len(times_s) - 1, min(len(times_s), MOST_COMPARED)).astype(int)]
    rate = recording.channels[channels[0]].sampling_hz
    data = cut_raw(recording, channels, some, 1.0, round(2e-3 * rate) + 2).data
    z = np.median(np.abs(np.diff(np.nan_to_num(data), axis=-1)).max(axis=-1), axis=0) / scale
    return np.sort(np.argsort(z)[-MOST_CHANNELS:])


def find_unmarked(
    recording: Recording, channels: list[int], known_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Find stimuli between known ones whose marker is missing.

    Only pauses with room for a further stimulus are searched, and only events that look like the
    known artefacts in all channels count; ahead of the first marker and after the last they must
    also be of their size.

    Parameters
    ----------
    recording : Recording
    channels : list of int
        Where the artefact is sharpest, one sampling rate.
    known_s : ndarray, shape (n_known,)
        Known stimuli, in order of time.

    Returns
    -------
    ndarray, shape (n_found,)
        Edges of the artefacts, seconds from the start.
    """
    spans = _pauses(recording.segments, known_s)
    if not spans:
        return np.empty(0)
    scale = _step_scale(recording, channels)
    some = known_s[np.linspace(0, len(known_s) - 1, min(len(known_s), MOST_TEMPLATES)).astype(int)]
    known = describe(recording, channels, scale, some)
    if len(known.time_s) < 3:
        return np.empty(0)
    low, high = np.quantile(known.size, [0.1, 0.9])
    times = _scan(recording, channels, scale, spans, max(STEP_Z, SMALLEST * float(low)))
    found = describe(recording, channels, scale, times)
    alike = look_alike(found, known.shape)
    reach = APART * _usual_interval(known_s)
    apart = (found.time_s < known_s[0] - reach) | (found.time_s > known_s[-1] + reach)
    fits = (found.size >= np.where(apart, SMALLEST_APART, SMALLEST) * low) & (
        found.size <= np.where(apart, LARGEST_APART, LARGEST) * high
    )
    return np.asarray(found.time_s[alike & fits])


def _usual_interval(known_s: NDArray[np.float64]) -> float:
    """Return the time between stimuli in a run; pauses between runs are longer."""
    return float(np.quantile(np.diff(known_s), 0.25))


def _fastest(recording: Recording, channels: list[int]) -> list[int]:
    """Keep the channels of the highest rate."""
    rate = max(recording.channels[i].sampling_hz for i in channels)
    return [i for i in channels if recording.channels[i].sampling_hz == rate]


def _pauses(
    segments: tuple[Segment, ...], known_s: NDArray[np.float64]
) -> list[tuple[float, float]]:
    """Return the recorded stretches between known stimuli that could hold a further one."""
    if len(known_s) < 3:
        return []
    usual = _usual_interval(known_s)
    borders = np.concatenate(([-np.inf], known_s, [np.inf]))
    long = np.flatnonzero(np.diff(borders) > ROOM * usual)
    lows, highs = borders[long] + 0.3 * usual, borders[long + 1] - 0.3 * usual
    starts = np.array([s.start_s for s in segments])
    ends = np.array([s.end_s for s in segments])
    out = []
    for low, high in zip(lows, highs, strict=True):
        first, last = np.searchsorted(ends, low, "right"), np.searchsorted(starts, high, "left")
        inside = zip(starts[first:last].tolist(), ends[first:last].tolist(), strict=True)
        out += [(max(float(low), start), min(float(high), end)) for start, end in inside]
    return out


def _step_scale(recording: Recording, channels: list[int]) -> NDArray[np.float64]:
    """Return the robust standard deviation of the steps of each channel, from a few pieces."""
    scale = np.zeros(len(channels))
    for j, channel in enumerate(channels):
        n = recording.channels[channel].n_samples
        starts = np.linspace(0, max(n - 20_000, 0), 9).astype(int)
        pieces = [recording.source.read(channel, int(s), min(int(s) + 20_000, n)) for s in starts]
        values = np.abs(np.concatenate([np.diff(p) for p in pieces]))
        values = values[np.isfinite(values)]
        scale[j] = np.median(values) / 0.6745 if len(values) else 0.0
    return np.maximum(scale, noise_floor(scale))


def _scan(
    recording: Recording,
    channels: list[int],
    scale: NDArray[np.float64],
    spans: list[tuple[float, float]],
    least: float,
) -> NDArray[np.float64]:
    """Return the times of the steps that are higher than `least` and than all around them."""
    rate = recording.channels[channels[0]].sampling_hz
    width = max(round(BIN_S * rate), 2)
    times = [np.empty(0)]
    for start_s, low, high in _stretches(recording, channels[0], spans, width):
        n_bins = -(-(high - low - 1) // width)
        best, at = np.zeros(n_bins), np.zeros(n_bins, dtype=np.intp)
        for j, channel in enumerate(channels):
            z = np.zeros(n_bins * width, dtype=np.float32)
            values = recording.source.read(channel, low, high)
            np.abs(np.diff(values), out=z[: high - low - 1])
            peak = z.reshape(n_bins, width).max(axis=1) / scale[j]
            if np.isnan(peak).any():
                z[np.isnan(z)] = 0.0
                peak = z.reshape(n_bins, width).max(axis=1) / scale[j]
            more = np.flatnonzero((peak > best) & (peak > least))
            at[more] = z.reshape(n_bins, width)[more].argmax(axis=1) + more * width
            best = np.maximum(best, peak)
        around = np.concatenate(([0.0], best, [0.0]))
        top = (best > least) & (best >= around[:-2]) & (best > around[2:])
        times.append(start_s + at[top] / rate)
    return np.concatenate(times)


def _stretches(
    recording: Recording, channel: int, spans: list[tuple[float, float]], width: int
) -> Iterator[tuple[float, int, int]]:
    """Yield start time, first and last sample of pieces of bounded size, inside one segment."""
    rate = recording.channels[channel].sampling_hz
    starts = np.array([start for start, _ in spans])
    # just inside the segment, so that a border is not taken for a gap
    positions = recording.sample_index(channel, starts + 0.25 / rate)
    piece = SCAN_SAMPLES // width * width
    for (start_s, end_s), position in zip(spans, positions, strict=True):
        if np.isnan(position):
            continue
        first = int(position)
        last = min(first + int((end_s - start_s) * rate), recording.channels[channel].n_samples)
        for low in range(first, last - 2, piece):
            yield start_s + (low - first) / rate, low, min(low + piece + 1, last)
