"""The events of one channel: from its samples to onset, duration, size, shape and quality."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import log10, nan

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.baseline import QUIET_MS, Rest, rest_of
from amr_viewer.analysis.burst_runs import Runs, events, runs_of
from amr_viewer.analysis.burst_shape import Coarse, coarse_of, joined_coarse, shapes
from amr_viewer.analysis.discharges import Discharges, discharges_in, none_counted
from amr_viewer.analysis.envelopes import COARSE_MS, Block, Track
from amr_viewer.core.bursts import Electrode, QualityFlag
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.recording import Recording

CORRECTION = 0.9
"""Part of the envelope's width by which a burst looks too long."""

CLIPPED = 0.001
MAINS = 0.3
SLOW = 0.5
NOISY_UV = 10.0
FLAT_UV = 0.02
SNR_DB = 6.0
"""Limits from which a channel's quality is flagged."""


@dataclass(slots=True)
class Tally:
    """What accumulates while the blocks of a channel go by."""

    runs: list[Runs] = field(default_factory=list)
    coarse: list[Coarse] = field(default_factory=list)
    start_s: list[float] = field(default_factory=list)
    rests: list[Rest] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    mains: list[float] = field(default_factory=list)
    slow: float = 0.0
    everything: float = 0.0
    n_clipped: int = 0
    n_samples: int = 0
    blocks_s: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """The events of a channel; every array has shape (n_events,)."""

    start_s: NDArray[np.float64]
    duration_ms: NDArray[np.float64]
    peak_uv: NDArray[np.float64]
    height: NDArray[np.float64]
    area_uv_s: NDArray[np.float64]
    frequency_hz: NDArray[np.float64]
    shape: dict[str, NDArray[np.float64]]
    discharges: Discharges


def take(
    tally: Tally, block: Block, track: Track, stimuli_s: NDArray[np.float64], p: Parameters
) -> None:
    """Take in the next block of a channel."""
    width = track.bins_of(QUIET_MS)
    start_s = float(track.time_s(np.array([block.first]))[0])
    stimulated = _stimulated(block, track, stimuli_s, p)
    before = tally.rests[-1] if tally.rests else None
    rest = rest_of(block, stimulated, width, before, p)
    tally.slow += block.slow_power
    tally.everything += block.all_power
    tally.n_clipped += block.n_clipped
    tally.n_samples += block.n_samples
    if rest is None:
        return
    runs = runs_of(block, rest, p.bursts.off_sigma)
    tally.runs.append(runs)
    tally.coarse.append(coarse_of(block, runs, p.bursts.on_sigma, track.bins_of(COARSE_MS)))
    tally.start_s.append(start_s)
    tally.rests.append(rest)
    tally.seconds.append(float(block.valid.sum()) / track.plan.bin_hz)
    tally.mains.append(block.mains_fraction)


def _stimulated(
    block: Block, track: Track, stimuli_s: NDArray[np.float64], p: Parameters
) -> NDArray[np.bool_]:
    """Return which bins of a block hold what stimuli evoked."""
    n = len(block.power)
    out = np.zeros(n, dtype=np.bool_)
    at = (stimuli_s - track.start_s) * track.plan.bin_hz - block.first
    before = 1e-3 * p.bursts.stimulus_before_ms * track.plan.bin_hz
    after = 1e-3 * p.bursts.stimulus_after_ms * track.plan.bin_hz
    for t in at[(at > -after) & (at < n + before)]:
        out[max(int(t - before), 0) : max(int(t + after) + 1, 0)] = True
    return out


def found_events(
    tally: Tally,
    recording: Recording,
    track: Track,
    electrode: Electrode,
    stimuli_s: NDArray[np.float64],
    p: Parameters,
) -> Events:
    """Return the events of a stretch, once all its blocks were taken in."""
    hz = track.plan.bin_hz
    gap = round(1e-3 * p.bursts.gap_ms * hz)
    least = max(round(1e-3 * p.bursts.min_ms * hz), 1)
    runs = events(tally.runs, p.bursts.on_sigma, gap, least)
    window_s = track.bins_of(p.bursts.window_ms) / hz
    lasting_s = (runs.stop - runs.start) / hz
    duration_s = np.maximum(lasting_s - CORRECTION * window_s, 1.0 / hz)
    start_s = track.time_s(runs.start) + 0.5 * (lasting_s - duration_s)
    coarse = joined_coarse(tally.coarse)
    width = track.bins_of(COARSE_MS)
    rest_uv = float(np.median([r.mean_uv for r in tally.rests])) if tally.rests else nan
    shape = shapes(runs, coarse, width, 1e3 * width / hz, rest_uv)
    step = track.plan.step
    discharges = (
        discharges_in(recording, track, runs.start * step, runs.stop * step, stimuli_s)
        if electrode is Electrode.NEEDLE
        else none_counted(len(runs))
    )
    return Events(
        start_s,
        1e3 * duration_s,
        runs.peak_uv,
        runs.height,
        runs.area / hz,
        _frequency(runs, track),
        shape,
        discharges,
    )


def _frequency(runs: Runs, track: Track) -> NDArray[np.float64]:
    """Return the root of the mean squared frequency of each event, noise taken off."""
    rate = track.plan.rate_hz / track.plan.factor
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.maximum(runs.slope_power, 0.0) / runs.power
    known = (runs.power > 0.0) & np.isfinite(ratio)
    safe = np.where(known, ratio, 0.0)
    hz = rate / np.pi * np.arcsin(np.minimum(0.5 * np.sqrt(safe), 1.0))
    return np.asarray(np.where(known, hz, np.nan))


@dataclass(frozen=True, slots=True)
class Quality:
    """What a channel's signal is worth."""

    noise_uv: float
    snr_db: float
    active_fraction: float
    clipped_fraction: float
    mains_fraction: float
    low_fraction: float
    flags: tuple[QualityFlag, ...]


def quality_of(tallies: list[Tally], found: list[Events], electrode: Electrode) -> Quality:
    """Return the quality of a channel over all its stretches."""
    rests = [r for t in tallies for r in t.rests]
    n_samples = sum(t.n_samples for t in tallies)
    seconds = sum(s for t in tallies for s in t.seconds)
    noise = float(np.median([r.mean_uv for r in rests])) if rests else nan
    peaks = np.concatenate([e.peak_uv for e in found]) if found else np.empty(0)
    snr = 20.0 * log10(float(np.median(peaks)) / noise) if len(peaks) and noise > 0.0 else nan
    active = sum(float(e.duration_ms.sum()) for e in found) * 1e-3
    clipped = sum(t.n_clipped for t in tallies) / max(n_samples, 1)
    mains = float(np.median([m for t in tallies for m in t.mains])) if rests else nan
    slow, everything = sum(t.slow for t in tallies), sum(t.everything for t in tallies)
    low = slow / everything if everything > 0.0 else nan
    told = (
        (QualityFlag.FLAT, not noise > FLAT_UV),
        (QualityFlag.CLIPPING, clipped > CLIPPED),
        (QualityFlag.MAINS, mains > MAINS),
        (QualityFlag.BASELINE, electrode is Electrode.SURFACE and noise > NOISY_UV),
        (QualityFlag.LOW_SNR, snr < SNR_DB),
        (QualityFlag.MOVEMENT, low > SLOW),
    )
    flags = tuple(flag for flag, holds in told if holds)
    return Quality(noise, snr, active / seconds if seconds else nan, clipped, mains, low, flags)
