"""Volleys: the discharges of one burst in one channel, and how they become a signal.

A surface motor unit potential is about 8 ms wide, one of a needle about 2 ms. What fires when is
left to the patterns.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amr_viewer.simulate.background import Clock
from amr_viewer.simulate.potentials import Array, Potentials, render, waveform

COMPOUND = -1
"""Unit number of a discharge in which most units of the channel fire together."""

PIECE = 20_000
VISIBLE = 0.1
"""A potential is visible where it exceeds this part of its largest excursion."""


@dataclass(frozen=True, slots=True, eq=False)
class Volley:
    """One burst in one channel.

    Attributes
    ----------
    channel : int
    kind : str
        ``clonic | tonic | single | blink | voluntary | copy``; a copy is an involuntary
        companion of a movement.
    time_s, gain : ndarray, shape (n_discharges,)
    unit : ndarray of int, shape (n_discharges,)
        Which unit fires; `COMPOUND`: most of them.
    """

    channel: int
    kind: str
    time_s: Array
    gain: Array
    unit: NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """The motor units that a channel sees; arrays have shape (n_units,).

    `share` is the chance that a unit takes part in a compound discharge.
    """

    length_s: Array
    size: Array
    phases: NDArray[np.intp]
    delay_s: Array
    share: float


def draw_units(rng: np.random.Generator, *, needle: bool) -> Units:
    """Draw the units of a channel: a needle sees few, sharp ones, the skin many dull ones."""
    n = int(rng.integers(3, 7)) if needle else int(rng.integers(8, 15))
    low, high = (1.4e-3, 2.6e-3) if needle else (6.5e-3, 9.5e-3)
    return Units(
        length_s=rng.uniform(low, high, n),
        size=rng.lognormal(0.0, 0.5, n),
        phases=rng.integers(2, 4, n),
        delay_s=rng.uniform(0.0, 0.4e-3 if needle else 1.0e-3, n),
        share=float(rng.uniform(0.6, 0.9) if needle else rng.uniform(0.25, 0.5)),
    )


def compound(channel: int, kind: str, time_s: Array, gain: Array | float) -> Volley:
    """Return a volley in which the channel's units fire together."""
    gains = np.broadcast_to(np.asarray(gain, dtype=np.float64), time_s.shape)
    return Volley(channel, kind, time_s, gains, np.full(len(time_s), COMPOUND))


def single_unit(channel: int, kind: str, time_s: Array, gain: Array | float, unit: int) -> Volley:
    """Return a volley of one unit."""
    gains = np.broadcast_to(np.asarray(gain, dtype=np.float64), time_s.shape)
    return Volley(channel, kind, time_s, gains, np.full(len(time_s), unit))


def drawn(rng: np.random.Generator, volleys: Iterable[Volley], units: Units, clock: Clock) -> Array:
    """Return the signal of volleys of one channel, in units of a mean potential."""
    parts = [_expanded(rng, v, units) for v in volleys]
    if not parts:
        return np.zeros(clock.n_samples)
    time_s, gain, unit = (np.concatenate([p[k] for p in parts]) for k in range(3))
    out = np.zeros(clock.n_samples)
    for first in range(0, len(time_s), PIECE):
        here = slice(first, first + PIECE)
        which = unit[here].astype(np.intp)
        out += render(
            Potentials(
                start=time_s[here] * clock.sampling_hz,
                length=units.length_s[which] * clock.sampling_hz,
                size_uv=gain[here] * units.size[which],
                phases=units.phases[which],
            ),
            clock.n_samples,
        )
    return out


def _expanded(
    rng: np.random.Generator, volley: Volley, units: Units
) -> tuple[Array, Array, NDArray[np.intp]]:
    """Replace compound discharges by those of the units."""
    n_units = len(units.size)
    together = volley.unit == COMPOUND
    shape = (int(together.sum()), n_units)
    fires = rng.random(shape) < units.share
    fires[~fires.any(axis=1), 0] = True
    jitter = rng.normal(0.0, 0.1e-3, shape)
    times = volley.time_s[together][:, None] + units.delay_s + jitter
    gains = np.broadcast_to(volley.gain[together][:, None], shape)
    which = np.broadcast_to(np.arange(n_units), shape)
    return (
        np.concatenate([volley.time_s[~together], times[fires]]),
        np.concatenate([volley.gain[~together], gains[fires]]),
        np.concatenate([volley.unit[~together] % n_units, which[fires]]).astype(np.intp),
    )


def extent(volley: Volley, units: Units) -> tuple[float, float]:
    """Return when a volley is first and last visible, seconds."""
    n_units = len(units.size)
    together = volley.unit == COMPOUND
    alone = volley.unit[~together] % n_units
    first = [volley.time_s[~together] + units.length_s[alone] * EDGES[units.phases[alone], 0]]
    last = [volley.time_s[~together] + units.length_s[alone] * EDGES[units.phases[alone], 1]]
    if together.any():
        begin = np.median(units.delay_s + units.length_s * EDGES[units.phases, 0])
        end = np.median(units.delay_s + units.length_s * EDGES[units.phases, 1])
        first.append(volley.time_s[together] + begin)
        last.append(volley.time_s[together] + end)
    return float(np.concatenate(first).min()), float(np.concatenate(last).max())


def _edges() -> Array:
    """Return which part of a potential is visible, by its number of phases; shape (4, 2)."""
    part = np.linspace(0.0, 1.0, 1001)
    out = np.zeros((4, 2))
    for phases in (2, 3):
        size = np.abs(waveform(part, phases))
        seen = part[size > VISIBLE * size.max()]
        out[phases] = seen[0], seen[-1]
    return out


EDGES = _edges()
