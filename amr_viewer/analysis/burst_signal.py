"""The envelope of a short stretch: to measure a burst that a person made, or to part one."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.bursts import electrode_of
from amr_viewer.analysis.channel_bursts import CORRECTION
from amr_viewer.analysis.envelopes import blocks, track_of
from amr_viewer.analysis.free_filter import plan_of
from amr_viewer.analysis.stretches import Stretch
from amr_viewer.core.bursts import BurstChannel
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.recording import Recording
from amr_viewer.core.stimuli import Stimuli

AROUND_S = 2.0
"""Read on either side: mains is followed over some seconds."""

EDGE = 0.1
"""Part of a burst at either end in which it is not parted: the envelope is low there anyhow."""


@dataclass(frozen=True, slots=True, eq=False)
class Envelope:
    """The envelope of one channel in a stretch; shape (n_bins,)."""

    time_s: NDArray[np.float64]
    envelope_uv: NDArray[np.float32]
    bin_s: float


def envelope_of(
    recording: Recording,
    stimuli: Stimuli,
    channel: int,
    window_s: tuple[float, float],
    parameters: Parameters,
) -> Envelope | None:
    """Return the envelope in which bursts are found, of a stretch; None in a gap.

    Parameters
    ----------
    recording : Recording
    stimuli : Stimuli
        Their artefacts are bridged.
    channel : int
        Index into ``Recording.channels``.
    window_s : (float, float)
        Start and end; cut at the ends of the segment that holds the middle.
    parameters : Parameters

    Raises
    ------
    ReadError
        The file can no longer be read.
    """
    start, end = window_s
    number = int(recording.segment_at(np.array([0.5 * (start + end)]))[0])
    if number < 0:
        return None
    segment = recording.segments[number]
    stretch = Stretch(
        max(start - AROUND_S, segment.start_s),
        min(end + AROUND_S, segment.start_s + segment.duration_s),
        number,
    )
    info = recording.channels[channel]
    plan = plan_of(info.sampling_hz, electrode_of(info, parameters)[0], parameters)
    track = track_of(recording, channel, stretch, plan)
    parts = list(blocks(recording, track, stimuli.time_s, parameters))
    if not parts:
        return None
    envelope = np.concatenate([p.envelope_uv for p in parts])
    time_s = track.time_s(np.arange(len(envelope)))
    inside = (time_s >= start) & (time_s < end)
    if not inside.any():
        return None
    return Envelope(time_s[inside], envelope[inside], 1.0 / plan.bin_hz)


def measured(
    recording: Recording,
    stimuli: Stimuli,
    channel: BurstChannel,
    window_s: tuple[float, float],
    parameters: Parameters,
) -> tuple[float, float] | None:
    """Return peak (uV) and area (uV s) of a burst that a person made; None in a gap.

    Parameters
    ----------
    window_s : (float, float)
        Its limits; the width of the envelope, which durations have taken off, is put on again.
    """
    wider = 0.5e-3 * CORRECTION * parameters.bursts.window_ms
    window_s = (window_s[0] - wider, window_s[1] + wider)
    envelope = envelope_of(recording, stimuli, channel.index, window_s, parameters)
    return size_of(envelope, channel) if envelope else None


def size_of(envelope: Envelope, channel: BurstChannel) -> tuple[float, float]:
    """Return the peak of an envelope (uV), and its integral above the channel's baseline (uV s)."""
    k = int(np.searchsorted(channel.block_start_s, envelope.time_s[0], side="right")) - 1
    baseline = float(channel.baseline_uv[max(k, 0)]) if len(channel.baseline_uv) else 0.0
    baseline = baseline if isfinite(baseline) else 0.0
    above = np.maximum(envelope.envelope_uv.astype(np.float64) - baseline, 0.0)
    return float(envelope.envelope_uv.max()), float(above.sum() * envelope.bin_s)


def parting_s(envelope: Envelope) -> float:
    """Return the time at which an envelope is lowest, away from its ends."""
    edge = int(EDGE * len(envelope.time_s))
    inner = envelope.envelope_uv[edge : len(envelope.time_s) - edge]
    return float(envelope.time_s[edge + int(np.argmin(inner))])
