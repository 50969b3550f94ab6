"""The events of one channel: from its samples to onset, duration, size and shape."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from math import nan

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.baseline import (
    LEAST_SPREAD,
    Course,
    Quiet,
    course_of,
    finish_windows,
    take_windows,
)
from amr_viewer.analysis.burst_runs import (
    Halo,
    Runs,
    concatenated,
    events,
    least_sizes,
    no_runs,
    runs_of,
)
from amr_viewer.analysis.burst_shape import Coarse, coarse_of, joined_coarse, shapes
from amr_viewer.analysis.discharges import Discharges, discharges_in, none_counted
from amr_viewer.analysis.envelopes import COARSE_MS, Block, Track
from amr_viewer.core.bursts import Electrode
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.recording import Recording

CORRECTION = 0.9
"""Part of the envelope's width by which it looks longer than a burst."""

AHEAD = 5
"""Blocks that are known beyond one in which bursts are found: its level may rest on them."""

HALO_MS = 64.0
"""What of the blocks before and after is looked at with a block: edges of bursts lie there."""


@dataclass(slots=True)
class Tally:
    """What accumulates while the blocks of a channel go by."""

    quiet: Quiet
    pending: deque[Block] = field(default_factory=deque)
    tail: NDArray[np.float32] = field(default_factory=lambda: np.empty(0, np.float32))
    total: float = 0.0
    runs: list[Runs] = field(default_factory=list)
    whole: Runs = field(default_factory=no_runs)
    coarse: list[Coarse] = field(default_factory=list)
    course: Course | None = None
    valid_s: float = 0.0
    mains: list[float] = field(default_factory=list)
    mains_left: list[float] = field(default_factory=list)
    slow: float = 0.0
    everything: float = 0.0
    n_clipped: int = 0
    n_samples: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """The events of a channel; every array has shape (n_events,).

    `weak` are those that noise may have made: they are no bursts, but may tell of the heart.
    `snr_db` is the RMS, rest taken off, against rest.
    """

    start_s: NDArray[np.float64]
    duration_ms: NDArray[np.float64]
    peak_uv: NDArray[np.float64]
    snr_db: NDArray[np.float64]
    area_uv_s: NDArray[np.float64]
    frequency_hz: NDArray[np.float64]
    weak: NDArray[np.bool_]
    shape: dict[str, NDArray[np.float64]]
    discharges: Discharges


def take(
    tally: Tally, block: Block, track: Track, stimuli_s: NDArray[np.float64], p: Parameters
) -> None:
    """Take in the next block of a channel; its runs are found once what follows it is known."""
    stimulated = _stimulated(block, track, stimuli_s, p)
    take_windows(tally.quiet, block, stimulated, track.plan.bin_hz, p)
    tally.slow += block.slow_power
    tally.everything += block.all_power
    tally.n_clipped += block.n_clipped
    tally.n_samples += block.n_samples
    tally.mains.append(block.mains_fraction)
    tally.mains_left.append(block.mains_left)
    tally.valid_s += float(block.valid.sum()) / track.plan.bin_hz
    tally.pending.append(block)
    while len(tally.pending) > AHEAD:
        _find_runs(tally, track, p)


def finish(tally: Tally, track: Track, p: Parameters) -> None:
    """Find the runs of the last blocks; nothing follows."""
    finish_windows(tally.quiet, track.plan.bin_hz, p)
    while tally.pending:
        _find_runs(tally, track, p)
    tally.course = course_of(tally.quiet, track.plan.bin_hz, p)
    tally.whole = concatenated(tally.runs)


def least_of(tallies: list[Tally], bin_hz: float, p: Parameters) -> tuple[float, float]:
    """Return energy (ms) and highest power from which the runs of a channel are no noise."""
    minutes = sum(t.valid_s for t in tallies) / 60.0
    return least_sizes([t.whole for t in tallies], bin_hz, minutes, p.bursts)


def _find_runs(tally: Tally, track: Track, p: Parameters) -> None:
    """Find the runs of the block that waited longest."""
    block = tally.pending.popleft()
    course = course_of(tally.quiet, track.plan.bin_hz, p)
    if course is None:
        return
    n, reach = len(block.power), track.bins_of(HALO_MS)
    both = [block, *(list(tally.pending)[:1])]
    power = np.concatenate([b.power[: n if b is block else reach] for b in both])
    valid = np.concatenate([b.valid[: n if b is block else reach] for b in both])
    rest = course.along(course.power, block.first, len(power))
    relative = power / rest
    relative[~valid] = 1.0
    halo = Halo(np.concatenate([tally.tail, relative]), len(tally.tail), tally.total)
    window = track.bins_of(p.bursts.window_ms)
    runs = runs_of(block, course, halo, p.bursts.off_sigma, window, track.plan.bin_hz)
    whole = halo.power[: len(tally.tail) + n]
    tally.total += float((whole[:-reach] - 1.0).sum(dtype=np.float64))
    tally.tail = whole[-reach:].copy()
    tally.runs.append(runs)
    tally.coarse.append(coarse_of(block, runs, p.bursts.on_sigma, track.bins_of(COARSE_MS)))


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
    least: tuple[float, float],
    p: Parameters,
) -> Events:
    """Return the events of a stretch; `least` says from what size on they are no noise."""
    hz = track.plan.bin_hz
    spread = float(np.median(tally.course.spread)) if tally.course else LEAST_SPREAD
    rest_uv = float(np.median(tally.course.mean_uv)) if tally.course else nan
    window = track.bins_of(p.bursts.window_ms)
    runs, weak = events(tally.whole, spread, window, hz, least, p.bursts)
    width = track.bins_of(COARSE_MS)
    shape = shapes(runs, joined_coarse(tally.coarse), width, 1e3 * width / hz, rest_uv)
    step = track.plan.step
    discharges = (
        discharges_in(recording, track, runs.start * step, runs.stop * step, stimuli_s)
        if electrode is Electrode.NEEDLE
        else none_counted(len(runs))
    )
    lasting = runs.end - runs.onset
    return Events(
        track.time_s(runs.onset),
        1e3 * lasting / hz,
        runs.peak_uv,
        10.0 * np.log10(np.maximum(runs.energy / lasting, 1e-3)),
        runs.area / hz,
        _frequency(runs, track),
        weak,
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
