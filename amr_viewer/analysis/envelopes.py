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
TRANSFORM_S = 12.0
"""Signal in which mains is followed, and that is filtered, at once."""


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
    mains_fraction, mains_left : float
        Part of the quiet power that was mains, and was subtracted; what is mains of what is left.
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
    mains_left: float
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
        float(np.average([p.mains_left for p in parts], weights=weights)),
        sum(p.slow_power for p in parts),
        sum(p.all_power for p in parts),
        sum(p.n_clipped for p in parts),
        sum(p.n_samples for p in parts),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Filtered:
    """A chunk of one channel within its band, mains subtracted.

    Attributes
    ----------
    samples : ndarray of float32, shape (n_samples,)
        Reduced to the rate of the plan, uV.
    valid : ndarray of bool, shape (n_bins,)
        Whether samples of the file were there.
    mains_fraction, mains_left, slow_power, all_power, n_clipped
        As in `Block`.
    """

    samples: NDArray[np.float32]
    valid: NDArray[np.bool_]
    mains_fraction: float
    mains_left: float
    slow_power: float
    all_power: float
    n_clipped: int


def filtered(
    recording: Recording,
    track: Track,
    first: int,
    n_bins: int,
    stimuli_s: NDArray[np.float64],
    parameters: Parameters,
    *,
    mains: bool = True,
) -> Filtered:
    """Return the band-passed samples of `n_bins` bins from bin `first` of a stretch.

    Samples next to the chunk are filtered with it and dropped, so that chunks join without a seam.
    `mains` says whether there may be any.
    """
    plan = track.plan
    margin = ceil(MARGIN_S * plan.bin_hz)
    x, valid, n_clipped = conditioned_raw(
        recording, track, (first - margin) * plan.step, (n_bins + 2 * margin) * plan.step, stimuli_s
    )
    parts, slow, everything = [], 0.0, 0.0
    # Short transforms stay in the processor's cache.
    size = max(int(TRANSFORM_S * plan.bin_hz), 1)
    for low in range(0, n_bins, size):
        n = min(size, n_bins - low)
        piece = x[low * plan.step : (low + n + 2 * margin) * plan.step]
        y, (below, whole) = band_passed(piece, plan)
        parts.append(y[margin * plan.bin_samples :][: n * plan.bin_samples])
        slow, everything = slow + below, everything + whole
    y = np.concatenate(parts)
    known = np.ones(n_bins, dtype=np.bool_)
    if not valid.all():
        known = np.all(valid.reshape(-1, plan.step), axis=1)[margin : margin + n_bins]
    choice = parameters.conditioning.mains_hz
    rate = plan.rate_hz / plan.factor
    usable = np.repeat(known, plan.bin_samples)
    lines, left = subtract_lines(y, usable, rate, choice) if mains else (0.0, 0.0)
    return Filtered(y, known, lines, left, slow, everything, n_clipped)


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
    width = track.plan.bin_samples
    lead = window // 2
    # The envelope of the first and last bins looks beyond the chunk.
    found = filtered(recording, track, first - lead, n_bins + window, stimuli_s, parameters)
    share = np.full(width, 1.0 / width, dtype=np.float32)
    square = np.square(found.samples).reshape(-1, width) @ share
    change = np.empty_like(found.samples)
    change[0] = 0.0
    np.subtract(found.samples[1:], found.samples[:-1], out=change[1:])
    slope = np.square(change, out=change).reshape(-1, width) @ share
    total = np.concatenate([[0.0], np.cumsum(square, dtype=np.float64)])
    mean = (total[window : window + n_bins] - total[:n_bins]) / window
    inner = slice(lead, lead + n_bins)
    return Block(
        first,
        np.sqrt(np.maximum(mean, 0.0)).astype(np.float32),
        square[inner],
        slope[inner],
        found.valid[inner],
        found.mains_fraction,
        found.mains_left,
        found.slow_power,
        found.all_power,
        found.n_clipped,
        n_bins * track.plan.step,
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
    valid = np.ones(len(x), dtype=np.bool_)
    # A sum tells in one pass that nothing is missing.
    if not np.isfinite(x.sum(dtype=np.float64)):
        valid = np.isfinite(x)
    n_clipped = _clipped(x)
    rate = track.plan.rate_hz
    times = (stimuli_s - track.start_s) * rate + track.start - low
    for t in times[(times > -rate) & (times < len(x) + rate)]:
        a, b = int(t - BLANK_BEFORE_S * rate), int(t + BLANK_AFTER_S * rate) + 1
        valid[max(a, 0) : max(b, 0)] = False
    if not valid.all():
        x = _bridged(x, valid)
    before, after = low - start, start + n - high
    return _mirrored(x, before, after), np.pad(valid, (before, after)), n_clipped


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
    some = x[:: max(len(x) // 5000, 1)]
    # A maximum that ignores NaN takes three times as long.
    top, bottom = x.max(), x.min()
    if np.isnan(top):
        top, bottom, some = np.fmax.reduce(x), np.fmin.reduce(x), some[np.isfinite(some)]
    if not top - bottom > 6.0 * float(some.std()):
        return 0
    count = 0
    for edge in (top, bottom):
        at = np.flatnonzero(x == edge)
        if len(at) >= 3:
            held = (at[2:] - at[:-2]) == 2
            count += 3 * int(held.sum()) if held.sum() < 3 else int(held.sum())
    return count
