"""Describe steep events by their shape, group those that look alike, and judge what they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.artefact_edges import (
    BATCH,
    FINE_HZ,
    SHARP_SHARE,
    STEP_Z,
    sharpness,
    steep_edges,
)
from amr_viewer.analysis.epoching import cut_raw
from amr_viewer.core.recording import Channel, Recording

MOST_COMPARED = 400
"""Events that are compared with one another; the rest is compared with these."""

BEFORE_MS, AFTER_MS = 4.0, 3.0
"""What is cut around a steep event."""

SHAPE_MS = (-0.4, 1.5)
"""Stretch around the edge that is compared; the M response begins later."""

ALIKE = 0.9
"""Correlation from which two artefacts look alike."""

LEAST_EVENTS = 5
"""Fewer events that look alike are no stimulation."""

LEAST_INTERVAL_S = 0.04
"""Faster is mains (100 or 120 spikes per second of a dimmer), not stimulation."""

BY_HAND_EVENTS, BY_HAND_SHARP, BY_HAND_VARIATION, BY_HAND_STEADY = 8, 0.5, 0.06, 0.25
"""Stimuli that keep no clock must be more, rise faster (`sharpness`, typically), vary less in time
than motor units unless they are slower than `UNIT_INTERVAL_S`, and stand in two channels in a
proportion that changes from one to the next of their site by no more than this part; potentials of
a burst come from here and there."""

UNIT_INTERVAL_S = 0.25
"""Motor units hardly fire more slowly than four times a second."""

CLOCK_TOLERANCE = 0.02
"""Part of the shortest interval by which a stimulator's intervals may miss a multiple of it; motor
units vary by 10 % and more."""


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """Steep events that rise like an artefact.

    `shape` is (n, n_channels x n_times) of unit length, in which a strong channel and a stronger
    one weigh the same and noise weighs little; `z` (n, n_channels) is the steepest step in units of
    the noise and `sharp` (n,) how fast the event rises where that is highest.
    """

    time_s: NDArray[np.float64]
    shape: NDArray[np.float32]
    z: NDArray[np.float64]
    sharp: NDArray[np.float64]

    @property
    def size(self) -> NDArray[np.float64]:
        """Steepest step over all channels, (n,)."""
        return np.asarray(self.z.max(axis=1, initial=0.0))

    def __getitem__(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> Events:
        """Return some of the events."""
        return Events(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})


def describe(
    recording: Recording,
    channels: list[int],
    scale: NDArray[np.float64],
    times_s: NDArray[np.float64],
) -> Events:
    """Look at steep events closely and keep those that rise like an artefact."""
    rate = recording.channels[channels[0]].sampling_hz
    n_times = round((BEFORE_MS + AFTER_MS) * 1e-3 * rate) + 4
    n_quiet = max(round((BEFORE_MS - 2.0) * 1e-3 * rate), 3)
    count = max(-(-len(times_s) // BATCH), 1)
    parts = []
    for piece in np.array_split(times_s, count):
        raw = cut_raw(recording, channels, piece, BEFORE_MS, n_times)
        edge = steep_edges(raw.data, n_quiet)
        keep = np.isfinite(edge) & np.isfinite(raw.data).all(axis=(1, 2))
        data, edge = raw.data[keep], edge[keep]
        moments = piece[keep] + (edge - raw.fraction[keep]) / rate - 1e-3 * BEFORE_MS
        parts.append(_described(data, edge, moments, scale, rate))
    return Events(
        **{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Events)}
    )


def _described(
    data: NDArray[np.float32],
    edge: NDArray[np.float64],
    times_s: NDArray[np.float64],
    scale: NDArray[np.float64],
    rate: float,
) -> Events:
    """Describe events by shape and size, and drop those that do not rise like an artefact."""
    first = np.floor(edge).astype(np.intp)
    low = min(round(SHAPE_MS[0] * 1e-3 * rate), -2)
    high = max(round(SHAPE_MS[1] * 1e-3 * rate), 5)
    index = np.clip(first[:, None] + np.arange(low, high), 0, data.shape[-1] - 1)
    index = np.broadcast_to(index[:, None, :], (len(data), data.shape[1], high - low))
    piece = np.take_along_axis(data, index, axis=-1)
    step = np.abs(np.diff(piece, axis=-1))
    z = step.max(axis=-1) / scale
    at = np.take_along_axis(index, step.argmax(axis=-1)[..., None], axis=-1)[..., 0]
    strongest = z.argmax(axis=1) if len(z) else np.empty(0, dtype=np.intp)
    sharp = sharpness(data, at, rate)[np.arange(len(z)), strongest]
    shape = piece - np.median(piece[..., : 1 - low], axis=-1, keepdims=True)
    length = np.sqrt((shape**2).sum(axis=-1, keepdims=True))
    noise = STEP_Z * np.sqrt(high - low) * scale[:, None]
    shape = (shape / np.hypot(length, noise)).reshape(len(shape), data.shape[1] * (high - low))
    shape /= np.maximum(np.sqrt((shape**2).sum(axis=1, keepdims=True)), 1e-12)
    events = Events(
        time_s=times_s,
        shape=shape.astype(np.float32),
        z=z,
        sharp=sharp,
    )
    return events[sharp >= SHARP_SHARE]


def groups(events: Events) -> Iterator[Events]:
    """Yield groups of events that look alike, the largest first.

    Pulses of a stimulator that fall differently between two samples look a little different; they
    are linked by those in between.
    """
    rest = events
    while len(rest.time_s) >= LEAST_EVENTS:
        n = len(rest.time_s)
        some = np.linspace(0, n - 1, min(n, MOST_COMPARED)).astype(int)
        shapes = rest.shape[some]
        alike = np.abs(shapes @ shapes.T) >= ALIKE
        member = alike[int(alike.sum(axis=1).argmax())]
        while (grown := alike[member].any(axis=0)).sum() > member.sum():
            member = grown
        if member.sum() < min(LEAST_EVENTS, len(some)):
            return
        belongs = look_alike(rest, shapes[member])
        yield rest[belongs]
        rest = rest[~belongs]


def look_alike(events: Events, shapes: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return which events look like one of some shapes, of either polarity."""
    out = np.zeros(len(events.time_s), dtype=bool)
    for low in range(0, len(out), BATCH):
        likeness = np.abs(events.shape[low : low + BATCH] @ shapes.T)
        out[low : low + BATCH] = likeness.max(axis=1) >= ALIKE
    return out


def is_stimulation(group: Events, recording: Recording, channels: list[int]) -> bool:
    """Whether events that look alike come from a stimulator."""
    if len(group.time_s) < LEAST_EVENTS:
        return False
    interval = np.diff(np.sort(group.time_s))
    usual = float(np.median(interval))
    if usual < LEAST_INTERVAL_S:
        return False
    if keeps_a_clock(interval):
        return True
    spread = float(np.median(np.abs(interval - usual))) / (0.6745 * usual)
    like_a_unit = usual < UNIT_INTERVAL_S and spread > BY_HAND_VARIATION
    return not like_a_unit and _is_by_hand(group, recording.channels[channels[0]])


def _is_by_hand(group: Events, channel: Channel) -> bool:
    """Whether events that keep no clock are so alike, in two channels, that they are artefacts."""
    seen = np.median(group.z, axis=0)
    if len(seen) < 2 or np.sort(seen)[-2] <= STEP_Z:
        return False
    two = np.argsort(seen)[-2:]
    ratio = np.log(np.maximum(group.z[np.argsort(group.time_s)][:, two], 1.0)) @ (1.0, -1.0)
    # Of one site; up to four may take turns.
    change = min(float(np.median(np.abs(ratio[k:] - ratio[:-k]))) for k in range(1, LEAST_EVENTS))
    return bool(
        channel.sampling_hz >= FINE_HZ
        and len(group.time_s) >= BY_HAND_EVENTS
        and np.median(group.sharp) >= BY_HAND_SHARP
        and change <= BY_HAND_STEADY
    )


def keeps_a_clock(interval_s: NDArray[np.float64]) -> bool:
    """Whether nearly all intervals are multiples of the shortest."""
    base = float(np.quantile(interval_s, 0.1))
    ratio = interval_s / base
    off = np.abs(ratio - np.round(ratio))
    return bool(np.mean((off < CLOCK_TOLERANCE) & (ratio > 0.9)) >= 0.9)
