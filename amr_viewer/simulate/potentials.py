"""Waveforms of muscle: motor unit potentials, what they sum up to, and the direct response.

Surface motor unit potentials last 1.5-3 ms and have two or three phases, needle potentials a third
of that. Everything is written in sample positions, which need not be whole, so that latencies are
exact to a fraction of a sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SKEW = 0.75
"""Exponent of time within a potential: the first phase is shorter than the last."""


@dataclass(frozen=True, slots=True, eq=False)
class Potentials:
    """Single potentials; all arrays have one shape.

    Attributes
    ----------
    start : ndarray
        Sample position of the first excursion.
    length : ndarray
        Duration in samples.
    size_uv : ndarray
        Peak-to-peak amplitude; negative first for positive values.
    phases : ndarray of int
        2 or more.
    """

    start: Array
    length: Array
    size_uv: Array
    phases: NDArray[np.intp]


def waveform(part: Array, phases: NDArray[np.intp] | int) -> Array:
    """Return a potential of peak-to-peak amplitude near 1 that starts at 0 and ends at 1.

    Parameters
    ----------
    part : ndarray
        Time as part of the potential's duration; outside 0 to 1 the result is 0.
    phases : int or ndarray of int
        Number of phases; the first is negative.
    """
    inside = np.clip(part, 0.0, 1.0)
    skewed = inside**SKEW
    return -np.sin(np.pi * np.asarray(phases) * skewed) * np.sin(np.pi * skewed) / 1.54


def render(potentials: Potentials, n_samples: int) -> Array:
    """Return the sum of potentials as a signal in uV, shape (n_samples,); others are cut off."""
    out = np.zeros(n_samples)
    if potentials.start.size == 0:
        return out
    start, length = np.ravel(potentials.start), np.ravel(potentials.length)
    size, phases = np.ravel(potentials.size_uv), np.ravel(potentials.phases)
    first = np.ceil(start).astype(np.intp)
    support = int(np.ceil(length.max())) + 1
    index = first[:, None] + np.arange(support)
    part: Array = (index - start[:, None]) / length[:, None]
    values = size[:, None] * waveform(part, phases[:, None])
    inside = (index >= 0) & (index < n_samples) & (part < 1.0)
    out += np.bincount(index[inside], weights=values[inside], minlength=n_samples)
    return out


@dataclass(frozen=True, slots=True)
class Pool:
    """Motor units that answer together, as of one muscle.

    Attributes
    ----------
    delay_ms : ndarray, shape (n_units,)
        Behind the first unit, which has 0: fixed, because each fibre has its own conduction time.
    length_ms, size : ndarray, shape (n_units,)
        Duration and part of the whole that each unit contributes.
    phases : ndarray of int, shape (n_units,)
    """

    delay_ms: Array
    length_ms: Array
    size: Array
    phases: NDArray[np.intp]


def draw_pool(
    rng: np.random.Generator, n_units: int, dispersion_ms: float, *, needle: bool
) -> Pool:
    """Draw motor units whose undisturbed sum has a peak-to-peak amplitude of 1.

    Parameters
    ----------
    rng : Generator
    n_units : int
    dispersion_ms : float
        Range of the units' delays.
    needle : bool
        Potentials of 0.5-1 ms instead of 1.5-3 ms.
    """
    low, high = (0.5, 1.0) if needle else (1.5, 3.0)
    delay = np.sort(rng.uniform(0.0, dispersion_ms, n_units))
    delay -= delay[0]
    pool = Pool(
        delay_ms=delay,
        length_ms=rng.uniform(low, high, n_units),
        size=rng.lognormal(0.0, 0.4, n_units),
        phases=rng.integers(2, 4, n_units),
    )
    per_ms = 50.0
    whole = Potentials(pool.delay_ms * per_ms, pool.length_ms * per_ms, pool.size, pool.phases)
    peak_to_peak = np.ptp(render(whole, int((dispersion_ms + high + 1.0) * per_ms)))
    return Pool(pool.delay_ms, pool.length_ms, pool.size / peak_to_peak, pool.phases)


@dataclass(frozen=True, slots=True)
class Firing:
    """How a pool varies from sweep to sweep: jitter of the pool and of each unit, failures."""

    jitter_ms: float
    unit_jitter_ms: float
    unit_failure: float
    cv: float


def fire(
    rng: np.random.Generator,
    pool: Pool,
    firing: Firing,
    onset_ms: float,
    size_uv: NDArray[np.floating[Any]],
) -> Potentials:
    """Return the potentials of a pool for every sweep, in milliseconds from the stimulus.

    Parameters
    ----------
    rng : Generator
    pool : Pool
    firing : Firing
    onset_ms : float
        Median onset.
    size_uv : ndarray, shape (n_sweeps,)
        Median amplitude of each sweep, peak to peak; 0 where the pool does not answer.

    Returns
    -------
    Potentials
        Arrays of shape (n_sweeps, n_units); `start` and `length` are milliseconds.
    """
    shape = (len(size_uv), len(pool.delay_ms))
    common = rng.normal(0.0, firing.jitter_ms, (shape[0], 1))
    own = rng.normal(0.0, firing.unit_jitter_ms, shape)
    fires = rng.random(shape) >= firing.unit_failure
    fires[~fires.any(axis=1)] = True
    gain = size_uv[:, None] * rng.lognormal(0.0, firing.cv, (shape[0], 1))
    return Potentials(
        start=onset_ms + common + pool.delay_ms + own,
        length=np.broadcast_to(pool.length_ms, shape),
        size_uv=gain * pool.size * fires,
        phases=np.broadcast_to(pool.phases, shape),
    )


def direct_response(part: Array) -> Array:
    """Return a biphasic direct response (M) of peak-to-peak amplitude 1 over `part` 0 to 1."""
    return waveform(part, 2) / PEAK_TO_PEAK_2


def shadow(part: Array) -> Array:
    """Return the volume-conducted picture of M, amplitude 1: smooth, positive first.

    Distance takes the high frequencies; far from the muscle the dipole's positive front comes
    first. Its onset is that of M (docs/criteria.md 4.4).
    """
    inside = np.clip(part, 0.0, 1.0)
    return np.sin(2.0 * np.pi * inside) * np.sin(np.pi * inside) / SHADOW_PEAK_TO_PEAK


_PARTS = np.linspace(0.0, 1.0, 2001)
PEAK_TO_PEAK_2 = float(np.ptp(waveform(_PARTS, 2)))
SHADOW_PEAK_TO_PEAK = float(np.ptp(np.sin(2 * np.pi * _PARTS) * np.sin(np.pi * _PARTS)))
