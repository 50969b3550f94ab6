"""Find pulses on trigger, TTL and status channels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.protocol import matches
from amr_viewer.core.recording import ChannelKind, Recording

BLOCK = 1_000_000
"""Samples read at once."""

CHANGING_SHARE = 0.05
"""Whole numbers that change in more samples than this are counts of a converter, not codes."""

CODE_BITS = 1 << 16
"""A status channel of 24 bits holds codes in the lower 16, the amplifier's state above."""


@dataclass(frozen=True, slots=True, eq=False)
class Pulses:
    """Pulses of a trigger channel.

    Attributes
    ----------
    label : str
        Of the channel; empty where there is none.
    time_s : ndarray, shape (n_pulses,)
        When each pulse leaves the resting level, seconds from the start of the recording.
    code : ndarray of int, shape (n_pulses,)
        Value of the pulse above rest on a channel of codes; 1 on a line of one height.
    """

    label: str
    time_s: NDArray[np.float64]
    code: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Levels:
    """Where a channel rests, how far it goes, and whether it carries codes or a voltage."""

    rest: float
    low: float
    high: float
    codes: bool


def find_triggers(recording: Recording, wanted: str | None, warnings: list[str]) -> Pulses:
    """Return the pulses of the trigger channel.

    Of several trigger channels the one named by the protocol counts, else the one with the most
    pulses; a channel that leaves its rest only once is then a switch or a level, not a trigger.

    Parameters
    ----------
    recording : Recording
    wanted : str or None
        Label of the trigger channel, with ``*`` and ``?``, as the protocol states it.
    warnings : list of str
        Takes a line where the wanted channel does not exist, or where a choice was made.

    Returns
    -------
    Pulses
    """
    labels = [c.label for c in recording.channels]
    none = Pulses("", np.empty(0), np.empty(0, dtype=np.int64))
    if wanted is not None:
        named = [i for i, label in enumerate(labels) if matches(wanted, label)]
        if not named:
            warnings.append(f"trigger channel {wanted!r} of the protocol is not in the recording")
        return max((_pulses(recording, i) for i in named), key=_count, default=none)
    kinds = [i for i, c in enumerate(recording.channels) if c.kind is ChannelKind.TRIGGER]
    found = [_pulses(recording, i) for i in kinds]
    single = [p.label for p in found if _count(p) == 1]
    if single:
        warnings.append(
            f"trigger channel {', '.join(single)} shows a single pulse, not taken for a stimulus; "
            f'if it is one, say so in the protocol: trigger = "{single[0]}"'
        )
    found = [p for p in found if _count(p) > 1]
    best = max(found, key=_count, default=none)
    others = [f"{p.label} ({_count(p)})" for p in found if p is not best]
    if others:
        warnings.append(
            f"stimuli taken from trigger channel {best.label} ({_count(best)} pulses), not from "
            f'{", ".join(others)}; if that is wrong, say so in the protocol: trigger = "..."'
        )
    return best


def _count(pulses: Pulses) -> int:
    """Return the number of pulses."""
    return len(pulses.time_s)


def _pulses(recording: Recording, channel: int) -> Pulses:
    """Return the pulses of one channel."""
    label = recording.channels[channel].label
    rate = recording.channels[channel].sampling_hz
    levels = _levels(recording, channel)
    if levels.low == levels.high:
        return Pulses(label, np.empty(0), np.empty(0, dtype=np.int64))
    times, codes = [np.empty(0)], [np.empty(0, dtype=np.int64)]
    before = True
    for new, start_s, values in _blocks(recording, channel):
        height = _height(values, levels)
        up = height > 0
        # a pulse that stands at the start of a segment has no edge
        edges = np.flatnonzero(up & ~np.concatenate(([new or before], up[:-1])))
        before = bool(up[-1])
        times.append(start_s + edges / rate)
        codes.append(height[edges])
    return Pulses(label, np.concatenate(times), np.concatenate(codes))


def _blocks(
    recording: Recording, channel: int
) -> Iterator[tuple[bool, float, NDArray[np.float32]]]:
    """Yield pieces: whether a segment begins, the time of the first sample, and the samples."""
    rate = recording.channels[channel].sampling_hz
    n = recording.channels[channel].n_samples
    for segment in recording.segments:
        low = round(segment.stored_s * rate)
        high = min(round((segment.stored_s + segment.duration_s) * rate), n)
        for start in range(low, high, BLOCK):
            values = recording.source.read(channel, start, min(start + BLOCK, high))
            yield start == low, segment.start_s + (start - low) / rate, values


def _levels(recording: Recording, channel: int) -> _Levels:
    """Return where a channel rests, how far it goes, and whether it carries codes."""
    n = recording.channels[channel].n_samples
    low, high, total, count, changes = np.inf, -np.inf, 0.0, 0, 0
    whole = recording.channels[channel].unit != "uV"
    for start in range(0, n, BLOCK):
        values = recording.source.read(channel, start, min(start + BLOCK, n))
        values = values[np.isfinite(values)]
        if len(values):
            low, high = min(low, float(values.min())), max(high, float(values.max()))
            total, count = total + float(values.sum(dtype=np.float64)), count + len(values)
            if whole:
                changes += int(np.count_nonzero(np.diff(values)))
                whole = bool((values == np.rint(values)).all())
    if not count:
        return _Levels(0.0, 0.0, 0.0, codes=False)
    if whole and changes < CHANGING_SHARE * count:
        return _Levels(_usual(recording, channel), low, high, codes=True)
    rest = low if total / count < 0.5 * (low + high) else high
    return _Levels(rest, low, high, codes=False)


def _usual(recording: Recording, channel: int) -> float:
    """Return the commonest value of a channel of codes, from a few pieces."""
    n = recording.channels[channel].n_samples
    length = BLOCK // 20
    starts = np.linspace(0, max(n - length, 0), 20).astype(int)
    pieces = [recording.source.read(channel, int(s), min(int(s) + length, n)) for s in starts]
    joined = np.concatenate(pieces)
    values, counts = np.unique(joined[np.isfinite(joined)], return_counts=True)
    return float(values[counts.argmax()])


def _height(values: NDArray[np.float32], levels: _Levels) -> NDArray[np.int64]:
    """Return how far each sample stands from rest, 0 at rest; 0 or 1 for a voltage."""
    values = np.where(np.isfinite(values), values, np.float32(levels.rest))
    if levels.codes:
        off = np.abs(values.astype(np.int64) - round(levels.rest))
        return off % CODE_BITS if max(-levels.low, levels.high) >= CODE_BITS else off
    middle = 0.5 * (levels.low + levels.high)
    up = values > middle if levels.rest < middle else values < middle
    return np.asarray(up, dtype=np.int64)
