"""What resembles hemifacial spasm: movements, blinks, and discharges of single muscles.

References
----------
.. [1] Gutmann L. Facial and limb myokymia. Muscle Nerve 1991;14:1043 (grouped discharges at
       30-60 Hz, semi-rhythmic, each muscle on its own).
.. [2] Aramideh M et al. Electromyography of the levator palpebrae and orbicularis oculi in
       blepharospasm. Brain 1994;117:27 (phasic and tonic activity of both eyes).
.. [3] Thomas JE et al. Epilepsia partialis continua. Arch Neurol 1977;34:266; Cockerell OC et al.
       Brain 1996;119:393 (rhythmic bursts under 50-75 ms).
.. [4] AAEM glossary of terms in electrodiagnostic medicine. Muscle Nerve 2001, supplement 10
       (neuromyotonic discharge 150-300 Hz, decrementing; fasciculation).
.. [5] Bentivoglio AR et al. Analysis of blink rate patterns in normal subjects. Mov Disord
       1997;12:1028 (8-21 blinks per minute at rest).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.anatomy import Muscle, Side
from amr_viewer.simulate.free_running_scenario import FACIAL, LOWER, SIDES, Scene
from amr_viewer.simulate.free_running_spasm import starts
from amr_viewer.simulate.free_running_volleys import Volley, compound, single_unit
from amr_viewer.simulate.potentials import Array

OCULI = (Muscle.ORBICULARIS_OCULI,)
BROW = (Muscle.CORRUGATOR, *OCULI)
Shape = Callable[[Array], Array]


def ramp(rise: float) -> Shape:
    """Return an effort that rises and falls over `rise` of its time at either end."""

    def shape(part: Array) -> Array:
        return np.clip(np.minimum(part, 1.0 - part) / rise, 0.0, 1.0)

    return shape


def plateau(part: Array) -> Array:
    """Return a steady effort."""
    return np.ones_like(part)


def hump(part: Array) -> Array:
    """Return the effort of a blink: steep rise, slower fall."""
    return np.clip(np.sin(np.pi * np.clip(part, 0.0, 1.0) ** 0.7), 0.15, 1.0)


def effort(
    rng: np.random.Generator,
    channel: int,
    kind: str,
    span_s: tuple[float, float],
    rate_hz: tuple[float, float],
    shape: Shape = plateau,
    size: float = 1.0,
    n_units: int = 10,
) -> Volley:
    """Return independent units, each at its own rate, recruited one after the other by an effort.

    Parameters
    ----------
    rng : Generator
    channel : int
    kind : str
    span_s : tuple of float
        Start and end.
    rate_hz : tuple of float
        Range of the units' rates.
    shape : callable
        Effort, 0 to 1, as a function of the part of the time that has passed.
    size : float
    n_units : int
    """
    start, end = span_s
    times: list[Array] = [np.array([start])]
    units: list[NDArray[np.intp]] = [np.zeros(1, dtype=np.intp)]
    for unit in range(n_units):
        rate = float(rng.uniform(*rate_hz))
        interval = rng.normal(1.0, 0.15, int((end - start) * rate * 1.6) + 3) / rate
        time = start + np.cumsum(np.maximum(interval, 4e-3)) - rng.uniform(0.0, 1.0 / rate)
        level = shape((time - start) / (end - start))
        kept = (time >= start) & (time < end) & (level >= 0.8 * unit / n_units)
        times.append(time[kept])
        units.append(np.full(int(kept.sum()), unit))
    time, which = np.concatenate(times), np.concatenate(units)
    order = np.argsort(time)
    gain = size * (0.4 + 0.6 * shape((time - start) / (end - start)))
    return Volley(channel, kind, time[order], gain[order], which[order])


def blinks(rng: np.random.Generator, scene: Scene) -> list[Volley]:
    """Return spontaneous blinks: both eyes within milliseconds, right-skewed intervals [5]_."""
    per_min = scene.settings.blinks_per_min
    if per_min == 0.0:
        return []
    end_s = min(scene.settings.duration_s, scene.asleep_s) - 0.5
    count = int(end_s / 60.0 * per_min * 3) + 10
    pause = rng.lognormal(np.log(60.0 / per_min) - 0.25, 0.7, count)
    times = np.cumsum(np.maximum(pause, 0.4))
    out = []
    strength = float(rng.uniform(0.5, 1.0))
    for time in times[times < end_s]:
        length, size = float(rng.uniform(0.05, 0.15)), strength * float(rng.lognormal(0.0, 0.2))
        for side in SIDES:
            for channel in scene.of(side, OCULI):
                start = time + float(np.clip(rng.normal(0.0, 2e-3), -5e-3, 5e-3))
                span = (start, start + length)
                out.append(effort(rng, channel, "blink", span, (40.0, 90.0), hump, size))
    return out


def blepharospasm(rng: np.random.Generator, scene: Scene) -> list[Volley]:
    """Return runs of closures of both eyes at 2-6 Hz, some prolonged ones [2]_.

    The lower face joins on both sides in some (Meige); in others the frontalis answers late.
    """
    muscles = BROW + (LOWER if rng.random() < 0.25 else ())
    answers = rng.random() < 0.3
    tonic_share = float(rng.uniform(0.0, 0.5))
    out: list[Volley] = []
    for start in starts(rng, scene, float(rng.uniform(2.0, 5.0)), 0.7, 6, 3.0):
        at = start
        tonic = rng.random() < tonic_share
        pause = 1.0 / float(rng.uniform(2.0, 5.0))
        for _ in range(1 if tonic else int(rng.integers(4, 13))):
            length = float(
                rng.uniform(1.0, 3.0) if tonic else rng.uniform(0.1, min(0.22, pause * 0.7))
            )
            common = float(rng.lognormal(0.0, 0.2))
            for side in SIDES:
                for channel in scene.of(side, muscles):
                    begin = at + float(np.clip(rng.normal(0.0, 5e-3), -9e-3, 9e-3))
                    size = common * float(rng.lognormal(0.0, 0.15))
                    span = (begin, begin + length * float(rng.uniform(0.9, 1.1)))
                    kind = "tonic" if tonic else "clonic"
                    out.append(effort(rng, channel, kind, span, (20.0, 40.0), plateau, size))
                if answers and tonic:
                    span = (at + float(rng.uniform(0.1, 0.3)), at + length + 0.3)
                    out += [
                        effort(rng, c, "voluntary", span, (12.0, 30.0), ramp(0.3), 0.6)
                        for c in scene.of(side, (Muscle.FRONTALIS,))
                    ]
            at += max(pause * float(rng.normal(1.0, 0.12)), length + 0.06)
    return out


def myokymia(rng: np.random.Generator, scene: Scene, side: Side) -> list[Volley]:
    """Return grouped discharges of one or two units at 20-60 Hz, nearly regular [1]_."""
    sides = SIDES if rng.random() < 0.2 else (side,)
    channels = [c for s in sides for c in scene.of(s, FACIAL)]
    n = int(rng.integers(1, min(3, len(channels)) + 1))
    out = []
    for channel in rng.choice(channels, n, replace=False):
        period, spread = float(rng.uniform(0.6, 4.0)), float(rng.uniform(0.05, 0.15))
        longest = min(0.9, 0.6 * period)
        typical = float(rng.uniform(0.1, longest))
        rate, doublet = float(rng.uniform(25.0, 50.0)), bool(rng.random() < 0.3)
        at = float(rng.uniform(0.3, period + 0.3))
        while at < scene.settings.duration_s - 1.5:
            count = max(3, round(typical * float(rng.uniform(0.7, 1.3)) * rate))
            time = at + np.cumsum(rng.normal(1.0, 0.06, count)) / rate
            if doublet:
                time = np.sort(np.concatenate((time, time + rng.normal(6e-3, 3e-4, count))))
            gain = float(rng.lognormal(0.0, 0.05))
            out.append(single_unit(int(channel), "clonic", time, gain, 0))
            at += max(period * float(rng.normal(1.0, spread)), float(time[-1] - at) + 0.15)
    return out


def cortical(rng: np.random.Generator, scene: Scene, side: Side) -> list[Volley]:
    """Return rhythmic jerks under 75 ms at 1-9 Hz in the lower face, frontalis spared [3]_."""
    channels = scene.of(side, (Muscle.MASSETER, *LOWER, *OCULI))
    lag = np.sort(rng.uniform(0.0, 10e-3, len(channels)))
    hz, spread = float(rng.uniform(1.0, 9.0)), float(rng.uniform(0.02, 0.08))
    length = float(rng.uniform(0.015, min(0.05, 0.35 / hz)))
    run_s = float(rng.choice((10.0, 30.0, 1e4)))
    out: list[Volley] = []
    at, end_run = float(rng.uniform(0.5, 2.0)), run_s
    while at < scene.settings.duration_s - 0.5:
        common = float(rng.lognormal(0.0, 0.25))
        n = int(rng.integers(2, 6))
        for channel, later in zip(channels, lag, strict=True):
            time = at + later + np.sort(rng.uniform(0.0, length, n))
            time[0] = at + later
            out.append(compound(channel, "clonic", time, common * float(rng.lognormal(0.0, 0.2))))
        at += max(float(rng.normal(1.0, spread)) / hz, length + 0.03)
        if at > end_run:
            at += float(rng.uniform(2.0, 6.0))
            end_run = at + run_s
    return out


def fasciculation(rng: np.random.Generator, scene: Scene, side: Side) -> list[Volley]:
    """Return single potentials at random, 0.1-3 per second, each muscle on its own [4]_."""
    channels = scene.of(side, FACIAL)
    out = []
    for channel in rng.choice(channels, int(rng.integers(1, len(channels) + 1)), replace=False):
        every = 1.0 / float(rng.uniform(0.3, 3.0))
        at = float(rng.exponential(every))
        while at < scene.settings.duration_s - 0.1:
            unit, size = int(rng.integers(0, 2)), float(rng.lognormal(0.0, 0.05))
            out.append(single_unit(int(channel), "single", np.array([at]), size, unit))
            at += 0.03 + float(rng.exponential(every))
    return out


def neuromyotonia(rng: np.random.Generator, scene: Scene, side: Side) -> list[Volley]:
    """Return trains of one unit at 150-300 Hz whose size falls by 30-70 % [4]_."""
    channels = scene.of(side, FACIAL)
    out = []
    for channel in rng.choice(channels, int(rng.integers(1, len(channels) + 1)), replace=False):
        rate = float(rng.uniform(150.0, 300.0))
        for start in starts(rng, scene, float(rng.uniform(2.0, 8.0)), 0.8, 5, 4.0):
            length = float(rng.uniform(0.6, 4.0))
            interval = rng.normal(1.0, 0.03, int(length * rate)) / rate
            time = start + np.cumsum(interval)
            left = 1.0 - float(rng.uniform(0.3, 0.7))
            gain = left ** ((time - start) / length)
            out.append(single_unit(int(channel), "tonic", time, gain, 0))
    return out


def functional(rng: np.random.Generator, scene: Scene) -> list[Volley]:
    """Return tonic, voluntary-like activity without a cue, the sides each at their own time."""
    out = []
    muscles = LOWER + OCULI if rng.random() < 0.5 else LOWER
    for side in SIDES:
        for start in starts(rng, scene, float(rng.uniform(4.0, 9.0)), 0.7, 4, 4.0):
            length = float(rng.uniform(1.0, 4.0))
            for channel in scene.of(side, muscles):
                begin = start + float(rng.uniform(0.0, 0.1))
                span = (begin, start + length)
                out.append(effort(rng, channel, "voluntary", span, (10.0, 35.0), ramp(0.25)))
    return out
