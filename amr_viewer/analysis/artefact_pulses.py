"""Whether events that look alike can be pulses of a stimulator, by what surrounds and follows them.

A motor unit that fires as evenly as a clock, or a simulated one, looks alike each time as well. But
a pulse reaches the electrodes of the whole face at once, and muscle answers it: slower, and some
milliseconds later.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.artefact_edges import FINE_HZ, noise_floor
from amr_viewer.analysis.artefact_events import Events, keeps_a_clock
from amr_viewer.analysis.epoching import cut_raw
from amr_viewer.core.recording import ChannelKind, Recording

MOST_EVENTS = 60
"""So many events are looked at."""

BEFORE_MS = 6.0
EDGE_MS = 0.4
BODY_MS = 1.5
AFTER_MS = (3.0, 20.0)
"""Rest ahead of an event, its edge, its body, and when it is answered."""

SEEN_Z = 6.0
WIDE = 0.6
"""A channel shows an event whose edge is so many standard deviations of its steps; a pulse is shown
by this part of the channels, unless it keeps a clock."""

ANSWERED = 0.1
"""An answer has this part of the height of the event, in one channel at least."""

STEEPER, MUCH_STEEPER = 1.5, 3.0
"""A pulse is so much steeper than what follows it; a train of potentials is as steep throughout.
Where few channels show it, or sampling is coarse, it must be much steeper."""

PURE = 0.8
"""What nothing follows is a pulse if it covers this part of its height within 0.2 ms; potentials of
motor units last longer than 1.4 ms."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What surrounds and follows events.

    Attributes
    ----------
    shown : float
        Part of the channels that show them.
    steeper : float
        Steepest step of the edge against that of what follows, in the channel where this is most.
    answer : float
        Height of what follows on average against that of the event, in the channel where it is
        most.
    """

    shown: float
    steeper: float
    answer: float


def is_pulse(recording: Recording, channel: int, group: Events) -> bool:
    """Whether events that look alike are pulses of a stimulator.

    Parameters
    ----------
    recording : Recording
    channel : int
        One that shows them; others of its sampling rate are looked at as well.
    group : Events
    """
    around = surroundings(recording, channel, group.time_s)
    wide = around.shown >= WIDE
    plain = wide and recording.channels[channel].sampling_hz >= FINE_HZ
    if not wide and not keeps_a_clock(np.diff(np.sort(group.time_s))):
        return False
    if around.answer >= ANSWERED:
        return around.steeper >= (STEEPER if plain else MUCH_STEEPER)
    return plain and float(np.median(group.sharp)) >= PURE


def surroundings(recording: Recording, channel: int, times_s: NDArray[np.float64]) -> Surroundings:
    """Return what surrounds and follows events at some times."""
    rate = recording.channels[channel].sampling_hz
    channels = [
        i
        for i, c in enumerate(recording.channels)
        if c.kind is ChannelKind.EMG and c.unit == "uV" and c.n_samples and c.sampling_hz == rate
    ]
    times = np.sort(times_s)
    times = times[np.linspace(0, len(times) - 1, min(len(times), MOST_EVENTS)).astype(np.intp)]

    def at(ms: float) -> int:
        return round((BEFORE_MS + ms) * 1e-3 * rate)

    data = np.nan_to_num(cut_raw(recording, channels, times, BEFORE_MS, at(AFTER_MS[1]) + 2).data)
    step = np.abs(np.diff(data, axis=-1))
    quiet = np.median(step[..., : at(-2.0)], axis=(0, 2)) / 0.6745
    quiet = np.maximum(quiet, noise_floor(quiet))
    edge = np.median(step[..., at(-EDGE_MS) : at(EDGE_MS) + 1].max(axis=-1), axis=0)
    later = np.median(step[..., at(AFTER_MS[0]) : at(AFTER_MS[1])].max(axis=-1), axis=0)
    body = data[..., at(-EDGE_MS) : at(BODY_MS) + 1]
    height = np.median(np.ptp(body, axis=-1), axis=0)
    mean = data[..., at(AFTER_MS[0]) : at(AFTER_MS[1])].mean(axis=0)
    seen = edge >= SEEN_Z * quiet
    if not seen.any():
        return Surroundings(0.0, 0.0, 0.0)
    return Surroundings(
        float(seen.mean()),
        float((edge[seen] / np.maximum(later[seen], 1e-9)).max()),
        float((np.ptp(mean, axis=-1)[seen] / np.maximum(height[seen], 1e-9)).max()),
    )
