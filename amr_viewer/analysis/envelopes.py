"""Envelope of free-running EMG, block by block, so that hours need no more memory than a minute.

A bin holds the mean power of about 1 ms; the envelope is the root of the mean over `window_ms`.
What the levels of rest are is left to `baseline`, bursts to `burst_runs`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.free_filter import MARGIN_S, Plan, band_passed, subtract_lines
from amr_viewer.analysis.stretches import Stretch
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.recording import Recording

COARSE_MS = 10.0
"""Resolution of the envelope that is kept of bursts."""

BLANK_BEFORE_S, BLANK_AFTER_S = 0.001, 0.005
"""Cut out around each stimulus before any filter sees its artefact."""

CHUNK_S = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Bins of one channel.

    Attributes
    ----------
    first : int
        Number of the first bin, counted from the start of the stretch.
    envelope_uv : ndarray of float32, shape (n_bins,)
    power, slope_power : ndarray of float32, shape (n_bins,)
        Mean square of the filtered signal, and of its difference from sample to sample.
    valid : ndarray of bool, shape (n_bins,)
        Whether samples were there.
    mains_fraction : float
        Part of the quiet power that was mains, and was subtracted.
    slow_power, all_power : float
        Below the band, and up to its upper end.
    n_clipped, n_samples : int
    """

    first: int
    envelope_uv: NDArray[np.float32]
    power: NDArray[np.float32]
    slope_power: NDArray[np.float32]
    valid: NDArray[np.bool_]
    mains_fraction: float
    slow_power: float
    all_power: float
    n_clipped: int
    n_samples: int


@dataclass(frozen=True, slots=True)
class Track:
    """Where the samples of a channel lie in a stretch.

    Attributes
    ----------
    channel : int
    start, stop : int
        Stored samples of the stretch.
    low, high : int
        Stored samples of its segment.
    start_s : float
        Time of sample `start`.
    plan : Plan
    """

    channel: int
    start: int
    stop: int
    low: int
    high: int
    start_s: float
    plan: Plan

    @property
    def n_bins(self) -> int:
        """Whole bins in the stretch."""
        return (self.stop - self.start) // self.plan.step

    def bins_of(self, milliseconds: float) -> int:
        """Return how many bins make up a time, at least one."""
        return max(round(1e-3 * milliseconds * self.plan.bin_hz), 1)

    def time_s(self, bins: NDArray[np.floating] | NDArray[np.integer]) -> NDArray[np.float64]:
        """Return the time at which bins begin."""
        return np.asarray(self.start_s + bins / self.plan.bin_hz, dtype=np.float64)


def track_of(recording: Recording, channel: int, stretch: Stretch, plan: Plan) -> Track:
    """Return where a channel's samples lie in a stretch."""
    segment = recording.segments[stretch.segment]
    n_samples = recording.channels[channel].n_samples
    low = round(segment.stored_s * plan.rate_hz)
    high = min(low + floor(segment.duration_s * plan.rate_hz + 1e-6), n_samples)
    start = low + ceil((stretch.start_s - segment.start_s) * plan.rate_hz - 1e-6)
    stop = min(low + floor((stretch.end_s - segment.start_s) * plan.rate_hz + 1e-6), high)
    start_s = segment.start_s + (start - low) / plan.rate_hz
    return Track(channel, start, max(stop, start), low, high, start_s, plan)


def blocks(
    recording: Recording,
    track: Track,
    stimuli_s: NDArray[np.float64],
    parameters: Parameters,
    chunk_s: float = CHUNK_S,
) -> Iterator[Block]:
    """Yield the bins of a stretch in blocks of ``bursts.block_s``.

    The last block is up to half as long again, so that none is too short for its level of rest.
    `chunk_s` is how much is filtered at once; it changes nothing but memory and time.
    """
    coarse = track.bins_of(COARSE_MS)
    size = max(int(parameters.bursts.block_s * track.plan.bin_hz) // coarse, 1) * coarse
    first = 0
    while first < track.n_bins:
        n = track.n_bins - first
        if n > 1.5 * size:
            n = size
        yield _block(recording, track, first, n, stimuli_s, parameters, chunk_s)
        first += n


def _block(
    recording: Recording,
    track: Track,
    first: int,
    n_bins: int,
    stimuli_s: NDArray[np.float64],
    parameters: Parameters,
    chunk_s: float,
) -> Block:
    """Return a block, filtered in chunks."""
    window = track.bins_of(parameters.bursts.window_ms)
    step = max(int(chunk_s * track.plan.bin_hz), 1)
    parts = [
        _chunk(recording, track, at, min(step, first + n_bins - at), window, stimuli_s, parameters)
        for at in range(first, first + n_bins, step)
    ]
    if len(parts) == 1:
        return parts[0]
    weights = np.array([p.n_samples for p in parts], dtype=np.float64)
    return Block(
        first,
        np.concatenate([p.envelope_uv for p in parts]),
        np.concatenate([p.power for p in parts]),
        np.concatenate([p.slope_power for p in parts]),
        np.concatenate([p.valid for p in parts]),
        float(np.average([p.mains_fraction for p in parts], weights=weights)),
        sum(p.slow_power for p in parts),
        sum(p.all_power for p in parts),
        sum(p.n_clipped for p in parts),
        sum(p.n_samples for p in parts),
    )


def _chunk(
    recording: Recording,
    track: Track,
    first: int,
    n_bins: int,
    window: int,
    stimuli_s: NDArray[np.float64],
    parameters: Parameters,
) -> Block:
    """Return the bins of one filtered chunk."""
    plan = track.plan
    margin = max(ceil(MARGIN_S * plan.bin_hz), window)
    x, valid, n_clipped = conditioned_raw(
        recording, track, (first - margin) * plan.step, (n_bins + 2 * margin) * plan.step, stimuli_s
    )
    y, (slow, everything) = band_passed(x, plan)
    usable = np.asarray(np.all(valid.reshape(-1, plan.factor), axis=1))
    choice = parameters.conditioning.mains_hz
    mains = subtract_lines(y, usable, plan.rate_hz / plan.factor, choice)
    width = plan.bin_samples
    square = np.einsum("ij,ij->i", y.reshape(-1, width), y.reshape(-1, width)) / width
    change = np.diff(y, prepend=y[:1]).reshape(-1, width)
    slope = np.einsum("ij,ij->i", change, change) / width
    total = np.concatenate([[0.0], np.cumsum(square, dtype=np.float64)])
    lead = margin - window // 2
    mean = (total[lead + window : lead + window + n_bins] - total[lead : lead + n_bins]) / window
    inner = slice(margin, margin + n_bins)
    known: NDArray[np.bool_] = np.all(valid.reshape(-1, plan.step), axis=1)[inner]
    return Block(
        first,
        np.sqrt(np.maximum(mean, 0.0)).astype(np.float32),
        square[inner].astype(np.float32),
        slope[inner].astype(np.float32),
        known,
        mains,
        slow,
        everything,
        n_clipped,
        n_bins * plan.step,
    )


def conditioned_raw(
    recording: Recording,
    track: Track,
    offset: int,
    n: int,
    stimuli_s: NDArray[np.float64],
) -> tuple[NDArray[np.float32], NDArray[np.bool_], int]:
    """Return `n` samples from `offset` samples after the start of a stretch, ready for a filter.

    Stimulus artefacts and missing samples are bridged by straight lines, and beyond the ends of the
    segment the signal is mirrored. Also returns which samples are real, and
    how many lie at the rail of the amplifier.
    """
    start = track.start + offset
    low, high = max(start, track.low), min(start + n, track.high)
    x = recording.source.read(track.channel, low, high)
    n_clipped = _clipped(x)
    valid = np.isfinite(x)
    rate = track.plan.rate_hz
    times = (stimuli_s - track.start_s) * rate + track.start - low
    near = times[(times > -rate) & (times < len(x) + rate)]
    for t in near:
        a, b = int(t - BLANK_BEFORE_S * rate), int(t + BLANK_AFTER_S * rate) + 1
        valid[max(a, 0) : max(b, 0)] = False
    if not valid.all():
        x = _bridged(x, valid)
    return (
        _mirrored(x, low - start, start + n - high),
        np.pad(valid, (low - start, start + n - high)),
        n_clipped,
    )


def _bridged(x: NDArray[np.float32], valid: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Replace what is not valid by straight lines."""
    if not valid.any():
        return np.zeros_like(x)
    at = np.arange(len(x))
    return np.asarray(np.interp(at, at[valid], x[valid]), dtype=np.float32)


def _mirrored(x: NDArray[np.float32], before: int, after: int) -> NDArray[np.float32]:
    """Continue a signal beyond its ends, mirrored."""
    if not before and not after:
        return x
    return np.pad(x, (before, after), mode="symmetric")


def _clipped(x: NDArray[np.float32]) -> int:
    """Return how many samples lie at an extreme that is held for three samples or more."""
    if len(x) < 3:
        return 0
    top, bottom = np.nanmax(x), np.nanmin(x)
    spread = float(np.nanstd(x[:: max(len(x) // 5000, 1)]))
    if not top - bottom > 6.0 * spread:
        return 0
    count = 0
    for edge in (top, bottom):
        at = np.flatnonzero(x == edge)
        if len(at) >= 3:
            held = (at[2:] - at[:-2]) == 2
            count += 3 * int(held.sum()) if held.sum() < 3 else int(held.sum())
    return count
