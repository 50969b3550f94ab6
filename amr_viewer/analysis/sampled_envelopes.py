"""Envelopes of all channels side by side, over at most some minutes of a recording.

Bursts say when something begins and ends; how two muscles rise and fall together within it only
their envelopes show. Hours are sampled: windows are spread evenly over what holds bursts.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import floor

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.envelopes import blocks, track_of
from amr_viewer.analysis.free_filter import plan_of
from amr_viewer.analysis.stretches import Stretch
from amr_viewer.core.bursts import BurstChannel, Bursts, SetAside
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.recording import Recording

HZ = 500.0
"""Rate of the envelopes: 2 ms tell 10 ms from 20 ms."""

WINDOW_S = 20.0
MOST_S = 180.0
"""Length of a window, and of all together: as much as a pattern is asked to rest on."""

LEAST_S = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Sampled:
    """Envelopes of 10 ms at `HZ`, the noise of rest taken off.

    Attributes
    ----------
    time_s : ndarray, shape (n_bins,)
        Middle of each bin; windows follow one another.
    window : ndarray of int, shape (n_bins,)
        Which window a bin belongs to.
    envelope_uv : dict of int to ndarray of float32, shape (n_bins,)
        Per index into ``Recording.channels``.
    """

    time_s: NDArray[np.float64]
    window: NDArray[np.intp]
    envelope_uv: dict[int, NDArray[np.float32]]

    def inside(self, start_s: NDArray[np.float64], end_s: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which bins lie in any of the intervals."""
        n = len(self.time_s)
        step = np.zeros(n + 1, dtype=np.int32)
        np.add.at(step, np.searchsorted(self.time_s, start_s), 1)
        np.add.at(step, np.searchsorted(self.time_s, end_s, side="right"), -1)
        return np.asarray(np.cumsum(step[:n]) > 0)


def sampled_envelopes(bursts: Bursts, recording: Recording, parameters: Parameters) -> Sampled:
    """Return the envelopes of windows that hold bursts, at most three minutes of them.

    Parameters
    ----------
    bursts : Bursts
    recording : Recording
        Samples are read, a window at a time.
    parameters : Parameters

    Returns
    -------
    Sampled
        Empty where there are no bursts.
    """
    stretches = _windows(bursts, recording)
    times, window, rows = [], [], {c.index: [np.empty(0, np.float32)] for c in bursts.channels}
    for k, stretch in enumerate(stretches):
        n = floor(stretch.duration_s * HZ)
        grid = np.asarray(stretch.start_s + (np.arange(n) + 0.5) / HZ, dtype=np.float64)
        times.append(grid)
        window.append(np.full(n, k, dtype=np.intp))
        for channel in bursts.channels:
            rows[channel.index].append(_envelope(recording, channel, stretch, grid, parameters))
    return Sampled(
        np.concatenate([*times, np.empty(0)]),
        np.concatenate([*window, np.empty(0, np.intp)]),
        {c: np.concatenate(parts) for c, parts in rows.items()},
    )


def _windows(bursts: Bursts, recording: Recording) -> list[Stretch]:
    """Return windows that hold bursts or blinks, evenly spread if there are too many."""
    start = bursts.start_s[bursts.counted | (bursts.set_aside == SetAside.BLINK)]
    found = []
    for index, segment in enumerate(recording.segments):
        # Windows of one length share the gain of their filter.
        edges = np.append(np.arange(segment.start_s, segment.end_s, WINDOW_S), segment.end_s)
        for a, b in pairwise(edges.tolist()):
            if b - a >= LEAST_S and np.any((start >= a) & (start < b)):
                found.append(Stretch(a, b, index))
    most = max(int(MOST_S / WINDOW_S), 1)
    if len(found) > most:
        chosen = np.linspace(0, len(found) - 1, most).round().astype(np.intp)
        found = [found[i] for i in chosen]
    return found


def _envelope(
    recording: Recording,
    channel: BurstChannel,
    stretch: Stretch,
    grid: NDArray[np.float64],
    parameters: Parameters,
) -> NDArray[np.float32]:
    """Return the envelope of one channel at some times, rest taken off."""
    rate = recording.channels[channel.index].sampling_hz
    plan = plan_of(rate, channel.electrode, parameters)
    track = track_of(recording, channel.index, stretch, plan)
    if not track.n_bins:
        return np.zeros(len(grid), dtype=np.float32)
    found = list(blocks(recording, track, np.empty(0), parameters))
    power = np.concatenate([np.where(b.valid, b.power, 0.0) for b in found])
    total = np.concatenate([[0.0], np.cumsum(power, dtype=np.float64)])
    edges = track.start_s + np.arange(len(total)) / plan.bin_hz
    half = 0.5e-3 * parameters.bursts.window_ms
    mean = np.interp(grid + half, edges, total) - np.interp(grid - half, edges, total)
    mean /= 2.0 * half * plan.bin_hz
    size = np.sqrt(np.maximum(mean - _rest_power(channel, grid), 0.0))
    return np.asarray(size, dtype=np.float32)


def _rest_power(channel: BurstChannel, grid: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean square of rest at some times."""
    if not len(channel.block_start_s):
        return np.zeros(len(grid))
    block = np.searchsorted(channel.block_start_s, grid, side="right") - 1
    return np.asarray(channel.baseline_uv[np.maximum(block, 0)] ** 2)
