"""Find the bursts of free-running EMG in all channels; what they mean is left to `patterns`."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.baseline import QUIET_MS, Quiet
from amr_viewer.analysis.burst_table import Found, brought_together
from amr_viewer.analysis.channel_bursts import Tally, finish, found_events, least_of, take
from amr_viewer.analysis.envelopes import CHUNK_S, blocks, track_of
from amr_viewer.analysis.free_filter import plan_of
from amr_viewer.analysis.stretches import Stretch, free_stretches
from amr_viewer.analysis.threads import thread_pool
from amr_viewer.core.bursts import Bursts, Electrode, no_bursts
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.progress import Progress, silent
from amr_viewer.core.recording import Channel, ChannelKind, Recording
from amr_viewer.core.stimuli import Stimuli

NEEDLE_LEAST_HZ = 5000.0
"""A needle sampled more slowly holds no more than a surface electrode."""

_NEEDLE = re.compile(r"needle|concentric|fine.?wire|\bcne\b|hook|monopolar|игл|nadel", re.I)
_SURFACE = re.compile(r"surface|\bskin\b|\bsemg\b|adhesive|belly|поверхн|oberfl", re.I)


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

    def one(channel: int) -> Found:
        def step(part_s: float) -> None:
            done[0] += part_s / (seconds * len(usable))
            progress(min(done[0], 1.0), "finding bursts")

        return _channel(recording, channel, stretches, stimuli.time_s, parameters, chunk_s, step)

    with thread_pool() as pool:
        jobs = [pool.submit(one, channel) for channel in usable]
        try:
            found = [job.result() for job in jobs]
        finally:
            for job in jobs:
                job.cancel()
    return brought_together(recording, found, stretches, stimuli.time_s, parameters)


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
) -> Found:
    """Return what one channel holds in all stretches."""
    electrode, why = electrode_of(recording.channels[index], p)
    plan = plan_of(recording.channels[index].sampling_hz, electrode, p)
    tallies, tracks = [], []
    for stretch in stretches:
        track = track_of(recording, index, stretch, plan)
        tally = Tally(Quiet(track.bins_of(QUIET_MS)))
        for block in blocks(recording, track, stimuli_s, p, chunk_s):
            take(tally, block, track, stimuli_s, p)
            step(len(block.power) / plan.bin_hz)
        finish(tally, track, p)
        tallies.append(tally)
        tracks.append(track)
    least = least_of(tallies, plan.bin_hz, p)
    events = tuple(
        found_events(tally, recording, track, electrode, stimuli_s, least, p)
        for tally, track in zip(tallies, tracks, strict=True)
    )
    return Found(index, electrode, why, tuple(tracks), tuple(tallies), events)
