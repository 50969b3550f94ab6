"""Find pulses on trigger, TTL and status channels."""

from __future__ import annotations

import fnmatch

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.recording import ChannelKind, Recording

BLOCK = 4_000_000
"""Samples read at once."""


def find_triggers(
    recording: Recording, wanted: str | None, warnings: list[str]
) -> NDArray[np.float64]:
    """Return the times of all pulses of the trigger channel.

    The channel rests at its commoner level; a pulse begins where it leaves it. Of several trigger
    channels the one named by the protocol counts, else the one with the most pulses.

    Parameters
    ----------
    recording : Recording
    wanted : str or None
        Label of the trigger channel, with ``*`` and ``?``, as the protocol states it.
    warnings : list of str
        Takes a line when the wanted channel does not exist.

    Returns
    -------
    ndarray, shape (n_pulses,)
        Seconds from the start of the recording.
    """
    channels = [i for i, c in enumerate(recording.channels) if c.kind is ChannelKind.TRIGGER]
    if wanted is not None:
        channels = [
            i
            for i, c in enumerate(recording.channels)
            if fnmatch.fnmatchcase(c.label.casefold(), wanted.casefold())
        ]
        if not channels:
            warnings.append(f"trigger channel {wanted!r} of the protocol is not in the recording")
    found = [_pulses(recording, i) for i in channels]
    return max(found, key=len) if found else np.empty(0)


def _pulses(recording: Recording, channel: int) -> NDArray[np.float64]:
    """Return the times at which one channel leaves its resting level."""
    rate = recording.channels[channel].sampling_hz
    rest, active = _levels(recording, channel)
    if rest == active:
        return np.empty(0)
    middle = 0.5 * (rest + active)
    times = []
    for segment in recording.segments:
        low = round(segment.stored_s * rate)
        high = min(
            round((segment.stored_s + segment.duration_s) * rate),
            recording.channels[channel].n_samples,
        )
        before = True  # a pulse that stands at the start has no edge
        for start in range(low, high, BLOCK):
            values = recording.source.read(channel, start, min(start + BLOCK, high))
            up = (values > middle) == (active > rest)
            edges = np.flatnonzero(up & ~np.concatenate(([before], up[:-1])))
            before = bool(up[-1])
            times.append(segment.start_s + (start - low + edges) / rate)
    return np.concatenate(times) if times else np.empty(0)


def _levels(recording: Recording, channel: int) -> tuple[float, float]:
    """Return the resting and the active level; equal where the channel never leaves its rest."""
    n = recording.channels[channel].n_samples
    low, high, total, count = np.inf, -np.inf, 0.0, 0
    for start in range(0, n, BLOCK):
        values = recording.source.read(channel, start, min(start + BLOCK, n))
        values = values[np.isfinite(values)]
        if len(values):
            low, high = min(low, float(values.min())), max(high, float(values.max()))
            total, count = total + float(values.sum(dtype=np.float64)), count + len(values)
    if not count or high - low <= 0.0:
        return 0.0, 0.0
    rests_low = total / count < 0.5 * (low + high)
    return (low, high) if rests_low else (high, low)
