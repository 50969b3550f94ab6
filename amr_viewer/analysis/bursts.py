"""Find the bursts of free-running EMG in all channels; what they mean is left to `patterns`."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from math import nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.burst_groups import grouped
from amr_viewer.analysis.burst_shape import kinds
from amr_viewer.analysis.channel_bursts import Events, Tally, found_events, quality_of, take
from amr_viewer.analysis.envelopes import CHUNK_S, blocks, track_of
from amr_viewer.analysis.free_filter import plan_of
from amr_viewer.analysis.free_marks import read_marks
from amr_viewer.analysis.set_aside import Place, Table, reasons
from amr_viewer.analysis.stretches import Stretch, free_stretches
from amr_viewer.core.bursts import BurstChannel, Bursts, Electrode, SetAside, no_bursts
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.progress import Progress, silent
from amr_viewer.core.recording import Channel, ChannelKind, Recording
from amr_viewer.core.stimuli import Stimuli

THREADS = 2
NEEDLE_LEAST_HZ = 5000.0
"""A needle sampled more slowly holds no more than a surface electrode."""

_NEEDLE = re.compile(r"needle|concentric|fine.?wire|\bcne\b|hook|monopolar|игл|nadel", re.I)
_SURFACE = re.compile(r"surface|\bskin\b|\bsemg\b|adhesive|belly|поверхн|oberfl", re.I)


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """What one channel gave."""

    channel: BurstChannel
    events: list[Events]
    sd_uv: float


def find_bursts(
    recording: Recording,
    stimuli: Stimuli,
    parameters: Parameters,
    progress: Progress = silent,
    *,
    chunk_s: float = CHUNK_S,
) -> Bursts:
    """Find the bursts of free-running EMG.

    Parameters
    ----------
    recording : Recording
        With channels assigned; only EMG channels with a voltage are looked at.
    stimuli : Stimuli
        Trains of them are left out, what follows single ones is set aside.
    parameters : Parameters
    progress : callable, optional
        May raise `Cancelled`.
    chunk_s : float
        Seconds filtered at once; changes memory and time only.

    Returns
    -------
    Bursts
        In order of time, those set aside included; without any, and with a reason, where the
        recording holds no free-running EMG.

    Raises
    ------
    ReadError
        The file can no longer be read.
    """
    usable = [
        i for i, c in enumerate(recording.channels) if c.kind is ChannelKind.EMG and c.unit == "uV"
    ]
    stretches, reason = free_stretches(recording, stimuli, parameters)
    if not usable or reason:
        return no_bursts(reason or "no EMG channel")
    seconds = sum(s.duration_s for s in stretches)
    done = [0.0]

    def one(channel: int) -> _Found:
        def step(part_s: float) -> None:
            done[0] += part_s / (seconds * len(usable))
            progress(min(done[0], 1.0), "finding bursts")

        return _channel(recording, channel, stretches, stimuli.time_s, parameters, chunk_s, step)

    with ThreadPoolExecutor(THREADS) as pool:
        jobs = [pool.submit(one, channel) for channel in usable]
        try:
            found = [job.result() for job in jobs]
        finally:
            for job in jobs:
                job.cancel()
    return _together(recording, found, stimuli.time_s, seconds, parameters)


def labelled_electrode(label: str) -> Electrode | None:
    """Return the kind of electrode that a channel's label names, None where it names none."""
    if _SURFACE.search(label):
        return Electrode.SURFACE
    return Electrode.NEEDLE if _NEEDLE.search(label) else None


def electrode_of(channel: Channel, parameters: Parameters) -> tuple[Electrode, str]:
    """Return whether a needle or an electrode on the skin recorded a channel, and why."""
    rate, labelled = channel.sampling_hz, labelled_electrode(channel.label)
    if labelled is Electrode.SURFACE:
        return Electrode.SURFACE, "its label says so"
    if labelled is Electrode.NEEDLE:
        if rate < NEEDLE_LEAST_HZ:
            return Electrode.SURFACE, f"a needle at {rate:g} Hz is taken as a surface electrode"
        return Electrode.NEEDLE, "its label says so"
    limit = parameters.bursts.needle_from_hz
    if rate >= limit:
        return Electrode.NEEDLE, f"sampled at {rate:g} Hz, which is {limit:g} Hz or more"
    return Electrode.SURFACE, f"sampled at {rate:g} Hz, which is less than {limit:g} Hz"


def _channel(
    recording: Recording,
    index: int,
    stretches: list[Stretch],
    stimuli_s: NDArray[np.float64],
    p: Parameters,
    chunk_s: float,
    step: Callable[[float], None],
) -> _Found:
    """Return what one channel holds in all stretches."""
    channel = recording.channels[index]
    electrode, why = electrode_of(channel, p)
    plan = plan_of(channel.sampling_hz, electrode, p)
    tallies, found = [], []
    for stretch in stretches:
        track = track_of(recording, index, stretch, plan)
        tally = Tally()
        for block in blocks(recording, track, stimuli_s, p, chunk_s):
            take(tally, block, track, stimuli_s, p)
            step(len(block.power) / plan.bin_hz)
        tallies.append(tally)
        found.append(found_events(tally, recording, track, electrode, stimuli_s, p))
    rests = [r for t in tallies for r in t.rests]
    quality = quality_of(tallies, found, electrode)
    told = BurstChannel(
        index=index,
        label=channel.label,
        muscle=channel.muscle,
        side=channel.side,
        electrode=electrode,
        electrode_reason=why,
        analyzed_s=sum(s for t in tallies for s in t.seconds),
        block_start_s=np.array([s for t in tallies for s in t.start_s]),
        baseline_uv=np.array([r.mean_uv for r in rests]),
        on_uv=np.array([r.level(p.bursts.on_sigma) for r in rests]),
        off_uv=np.array([r.level(p.bursts.off_sigma) for r in rests]),
        noise_uv=quality.noise_uv,
        snr_db=quality.snr_db,
        active_fraction=quality.active_fraction,
        clipped_fraction=quality.clipped_fraction,
        mains_fraction=quality.mains_fraction,
        low_fraction=quality.low_fraction,
        flags=quality.flags,
    )
    sd = float(np.median([r.sd_uv for r in rests])) if rests else nan
    return _Found(told, found, sd)


def _together(
    recording: Recording,
    found: list[_Found],
    stimuli_s: NDArray[np.float64],
    seconds: float,
    p: Parameters,
) -> Bursts:
    """Bring the events of all channels in order of time, set aside, name and group them."""
    parts = [(f.channel.index, e) for f in found for e in f.events]

    def joined(pick: str) -> NDArray[np.float64]:
        return np.concatenate([np.asarray(getattr(e, pick), np.float64) for _, e in parts])

    channel = np.concatenate([np.full(len(e.start_s), i, np.intp) for i, e in parts])
    start = joined("start_s")
    order = np.lexsort((channel, start))
    columns: dict[str, Any] = {
        n: joined(n)[order]
        for n in ("start_s", "duration_ms", "peak_uv", "area_uv_s", "frequency_hz")
    }
    shape: dict[str, Any] = {
        n: np.concatenate([e.shape[n] for _, e in parts])[order]
        for n in ("slope_per_s", "fluctuation", "rise", "trough")
    }
    counts = {
        n: np.concatenate([getattr(e.discharges, n) for _, e in parts])[order]
        for n in ("count", "rate_hz", "reliable", "isi_cv")
    }
    channel = channel[order]
    end = columns["start_s"] + 1e-3 * columns["duration_ms"]
    table = Table(channel, columns["start_s"], end, columns["peak_uv"], columns["frequency_hz"])
    places = tuple(
        Place(c.index, c.muscle, c.side, c.electrode, c.noise_uv, f.sd_uv)
        for f in found
        for c in (f.channel,)
    )
    maximal = read_marks(recording, p).maximal
    aside, levels, copies = reasons(table, places, stimuli_s, maximal, p)
    salvo, episode = grouped(table.start_s, end, channel, aside == SetAside.NONE, p.bursts)
    return Bursts(
        channels=tuple(_with_floor(f.channel, levels) for f in found),
        channel=channel,
        kind=kinds(columns["duration_ms"], shape["trough"], p.bursts),
        salvo=salvo,
        episode=episode,
        n_discharges=counts["count"],
        rate_hz=counts["rate_hz"],
        rate_reliable=counts["reliable"].astype(np.bool_),
        set_aside=aside,
        manual=np.zeros(len(channel), np.bool_),
        isi_cv=counts["isi_cv"],
        duration_s=seconds,
        warnings=tuple(_warnings(found, copies)),
        **columns,
        **shape,
    )


def _with_floor(channel: BurstChannel, levels: dict[int, tuple[float, bool]]) -> BurstChannel:
    """Return a channel with its floor."""
    floor, calibrated = levels[channel.index]
    return replace(channel, floor_uv=floor, calibrated=calibrated)


def _warnings(found: list[_Found], copies: list[int]) -> list[str]:
    """Say what was guessed of the channels, and what limits them."""
    out = []
    by_reason: dict[str, list[str]] = {}
    for f in found:
        words = f"taken as {f.channel.electrode} electrodes: {f.channel.electrode_reason}"
        by_reason.setdefault(words, []).append(f.channel.label)
    out += [
        f"free-running EMG, {', '.join(labels)}: {words}" for words, labels in by_reason.items()
    ]
    for f in found:
        if f.channel.index in copies:
            out.append(
                f"channel {f.channel.label}: holds nothing but smaller copies of other channels, "
                "which may be volume-conducted; its bursts are set aside"
            )
        if f.channel.flags:
            flags = ", ".join(f.channel.flags)
            out.append(f"channel {f.channel.label}, free-running EMG: {flags}")
    return out
