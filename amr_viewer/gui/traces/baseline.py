"""Where a channel rests and how far it swings, so that every channel finds its lane at first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from amr_viewer.core.recording import ChannelKind, Recording

LOOKED_AT_S = 10.0
MOST_SAMPLES = 200_000
BLOCK_S = 0.1
SWING_PERCENT = 75.0
"""Most blocks hold no stimulus: the artefact does not decide how large the rest is drawn."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """In the channel's unit: `rest`, the median; `swing`, how far it goes.

    EMG: in most tenths of a second; any other channel: at most.
    """

    rest: float = 0.0
    swing: float = 0.0


def baselines(recording: Recording) -> tuple[Baseline, ...]:
    """Look at a stretch in the middle of every channel.

    Raises
    ------
    ReadError
        The file can no longer be read.
    """
    return tuple(_baseline(recording, c) for c in range(len(recording.channels)))


def offset_of(recording: Recording, channel: int, baseline: Baseline, gain: float) -> float:
    """Return the value that is drawn on the base line of a channel's lane.

    Zero for EMG, unless its electrode's offset would carry it out of its lane; else where the
    channel rests.
    """
    is_emg = recording.channels[channel].kind is ChannelKind.EMG
    return 0.0 if is_emg and abs(baseline.rest) <= gain else baseline.rest


def _baseline(recording: Recording, channel: int) -> Baseline:
    """Look at one channel."""
    info = recording.channels[channel]
    is_emg = info.kind is ChannelKind.EMG
    n = min(MOST_SAMPLES, info.n_samples)
    if is_emg:
        n = min(int(LOOKED_AT_S * info.sampling_hz) + 1, n)
    first = (info.n_samples - n) // 2
    values = recording.source.read(channel, first, first + n)
    values = values[np.isfinite(values)].astype(np.float64)
    if not values.size:
        return Baseline()
    rest = float(np.median(values))
    if not is_emg:
        return Baseline(rest, float(np.abs(values - rest).max()))
    starts = np.arange(0, values.size, max(round(BLOCK_S * info.sampling_hz), 1))
    peaks = np.maximum.reduceat(np.abs(values - rest), starts)
    return Baseline(rest, float(np.percentile(peaks, SWING_PERCENT)))
