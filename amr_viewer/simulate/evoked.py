"""What a stimulus evokes in one channel: artefact, M or its shadow, AMR, F-wave and reflexes.

All of it is computed on sweeps, shape (n_stimuli, n_times), whose first sample lies less than one
sample before the stimulus; `Sweeps` holds the exact time of every sample, so that an edge or an
onset between two samples stays where it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.anatomy import Role
from amr_viewer.simulate.potentials import (
    Array,
    Firing,
    Potentials,
    direct_response,
    draw_pool,
    fire,
    render,
    shadow,
)
from amr_viewer.simulate.scenario import Scenario
from amr_viewer.simulate.schedule import Schedule

SWEEP_MS = 90.0
PULSE_MS = 0.2
EDGE_MS = 0.04
SHADOW_STRETCH = 1.05
RINGING_MS = 1.5
RINGING_KHZ = 0.4
CONTRALATERAL_PART = 0.15
"""Part of the volume-conducted M that still reaches the other side."""

Mask = NDArray[np.bool_]
Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Recipe:
    """A late response of many motor units: where it is and how it varies."""

    onset_ms: float
    jitter_ms: float
    persistence: float
    n_units: int
    dispersion_ms: float
    unit_jitter_ms: float
    unit_failure: float
    cv: float


F_WAVE = Recipe(8.8, 0.3, 0.7, 14, 3.0, 0.05, 0.7, 0.3)
"""Minimal latency 7.8-10.5 ms; few of the units in each sweep, hence a new shape (spec. 2)."""

R1 = Recipe(11.0, 0.45, 0.85, 8, 2.5, 0.1, 0.15, 0.3)
"""Early reflex: 10-12 ms, nearly stable."""

R2 = Recipe(31.0, 3.0, 0.8, 30, 20.0, 1.0, 0.3, 0.4)
"""Late reflex: 30-40 ms, long and variable."""


@dataclass(frozen=True, slots=True, eq=False)
class Sweeps:
    """Time axis of the sweeps.

    Attributes
    ----------
    first : ndarray of int, shape (n_stimuli,)
        Stored sample at which each sweep starts.
    offset : ndarray, shape (n_stimuli,)
        Sample position of the stimulus within its sweep, 0 to 1.
    t_ms : ndarray, shape (n_stimuli, n_times)
        Time of every sample from its stimulus.
    per_ms : float
        Samples per millisecond.
    """

    first: NDArray[np.intp]
    offset: Array
    t_ms: Array
    per_ms: float

    def render(self, potentials: Potentials) -> Array:
        """Render potentials in ms from the stimulus, (n_stimuli, n_units), on the sweeps."""
        n_sweeps, n_times = self.t_ms.shape
        room = n_times + int(40 * self.per_ms)
        row = np.arange(n_sweeps)[:, None] * room + self.offset[:, None]
        placed = Potentials(
            start=row + potentials.start * self.per_ms,
            length=potentials.length * self.per_ms,
            size_uv=potentials.size_uv,
            phases=potentials.phases,
        )
        return render(placed, n_sweeps * room).reshape(n_sweeps, room)[:, :n_times]


def make_sweeps(position: Array, sampling_hz: float) -> Sweeps:
    """Return the sweeps for stimuli at exact stored samples `position`, shape (n_stimuli,)."""
    first = np.floor(position).astype(np.intp)
    index = np.arange(int(SWEEP_MS * 1e-3 * sampling_hz))
    per_ms = sampling_hz * 1e-3
    offset = position - first
    return Sweeps(first, offset, (index - offset[:, None]) / per_ms, per_ms)


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """One channel as the stimuli see it; arrays have shape (n_stimuli,).

    Attributes
    ----------
    role : tuple of Role
    responds : ndarray of bool
        Whether this stimulus may be answered by an AMR here.
    alive : bool
        False where the electrode is off: it picks up the artefact but no muscle.
    """

    role: tuple[Role, ...]
    responds: Mask
    alive: bool

    def is_role(self, *roles: Role) -> Mask:
        """Return for which stimuli the channel has one of these roles."""
        return np.array([r in roles for r in self.role])


@dataclass(frozen=True, slots=True, eq=False)
class Evoked:
    """The evoked signal of one channel and the parts of it that the truth is read from.

    Attributes
    ----------
    signal_uv, amr_uv : ndarray, shape (n_stimuli, n_times)
        Everything; the AMR alone, without noise and afterdischarge.
    amr, reflex : ndarray of bool, shape (n_stimuli,)
        Where a response of the kind is.
    """

    signal_uv: Array
    amr_uv: Array
    amr: Mask
    reflex: Mask


@dataclass(frozen=True, slots=True)
class Evoker:
    """Makes the evoked signal of one channel after the other from one scenario."""

    scenario: Scenario
    schedule: Schedule
    sweeps: Sweeps

    def evoke(self, rng: np.random.Generator, target: Target) -> Evoked:
        """Return what the stimuli evoke in one channel; `rng` belongs to that channel."""
        signal = self.artefact(rng)
        silent = np.zeros_like(signal)
        nothing = np.zeros(len(signal), dtype=np.bool_)
        if not target.alive:
            return Evoked(self.clipped(signal), silent, nothing, nothing)
        amr_uv, after_uv, amr = self.lateral(rng, target)
        reflex_uv, reflex = self.reflexes(rng, target)
        signal += self.direct(rng, target) + amr_uv + after_uv + reflex_uv
        return Evoked(self.clipped(signal), amr_uv, amr, reflex)

    def artefact(self, rng: np.random.Generator) -> Array:
        """Return the artefact: a biphasic pulse and three exponential tails, in step with the mA.

        It is the same shape in every sweep and turns with the polarity of the stimulus
        (docs/criteria.md 4); its coupling and sign differ between channels.
        """
        setting = self.scenario.artefact
        t = self.sweeps.t_ms
        n = len(t)
        corners = np.array((0.0, EDGE_MS, PULSE_MS, PULSE_MS + EDGE_MS, 2 * PULSE_MS))
        pulse = np.interp(t, corners, (0.0, 1.0, 1.0, -0.6, 0.0), left=0.0, right=0.0)
        late = np.maximum(t - 2 * PULSE_MS, 0.0)
        taus = setting.tail_ms * np.array((1 / 3, 1.0, 3.0)) * rng.lognormal(0.0, 0.15, 3)
        tails = np.zeros_like(t)
        for part, tau in zip((0.5, 0.3, 0.2), taus, strict=True):
            tails += part * np.exp(-late / tau)
        shape: Array = pulse + setting.tail_fraction * tails * (t >= 2 * PULSE_MS)
        coupling = rng.lognormal(0.0, 0.3) * rng.choice((-1.0, 1.0))
        current = self.schedule.intensity_ma / self.scenario.stimulation.intensity_ma
        sign = np.where(np.arange(n) % 2, -1.0, 1.0) if setting.alternating else np.ones(n)
        height = setting.artefact_uv * coupling * current * sign * rng.normal(1.0, 0.01, n)
        out: Array = height[:, None] * shape
        return out

    def direct(self, rng: np.random.Generator, target: Target) -> Array:
        """Return M and the F-wave in direct muscles, the shadow of M in all others.

        The shadow has the onset of M and follows its amplitude from sweep to sweep; that, not its
        shape, is what tells it from an AMR (docs/criteria.md 4.4).
        """
        setting = self.scenario.direct
        onset_ms = setting.m_onset_ms + self.schedule.m_shift_ms[:, None]
        part = (self.sweeps.t_ms - onset_ms) / setting.m_duration_ms
        size: Array = setting.m_uv * self.schedule.gain
        is_direct = target.is_role(Role.DIRECT)
        weaker = np.where(target.is_role(Role.CONTRALATERAL), CONTRALATERAL_PART, 1.0)
        conducted = setting.vc_fraction * weaker * rng.lognormal(0.0, 0.2)
        own = rng.lognormal(0.0, 0.2) * np.where(is_direct, 1.0, 0.0)
        far = np.where(is_direct, 0.0, conducted)
        out = np.multiply((size * own)[:, None], direct_response(part))
        out += (size * far)[:, None] * shadow(part / SHADOW_STRETCH)
        answers = is_direct & ~self.schedule.failed & (rng.random(len(size)) < F_WAVE.persistence)
        out += self.response(rng, F_WAVE, setting.f_wave_uv * answers)
        return out

    def lateral(self, rng: np.random.Generator, target: Target) -> tuple[Array, Array, Mask]:
        """Return the AMR, its afterdischarge, and in which sweeps it is."""
        setting = self.scenario.lateral
        recipe = Recipe(
            setting.amr_onset_ms + float(rng.normal(0.0, 0.3)),
            setting.amr_jitter_ms,
            setting.amr_persistence,
            setting.amr_units,
            setting.amr_dispersion_ms,
            setting.unit_jitter_ms,
            setting.unit_failure,
            setting.amr_cv,
        )
        chance = recipe.persistence * self.schedule.persistence
        answers = target.responds & ~self.schedule.failed & (rng.random(len(chance)) < chance)
        size = setting.amr_uv * self.schedule.size * rng.lognormal(0.0, 0.25) * answers
        answers &= size > 0.0
        response = self.response(rng, recipe, size)
        end_ms = recipe.onset_ms + setting.amr_dispersion_ms + 3.0
        more = size * (rng.random(len(size)) < setting.afterdischarge)
        return response, self.afterdischarge(rng, end_ms, more), answers

    def afterdischarge(self, rng: np.random.Generator, start_ms: float, size_uv: Array) -> Array:
        """Return 1-4 discharges 2.9-4 ms apart, a new pattern in every sweep (Nielsen 1984)."""
        shape = (len(size_uv), 4)
        wanted = np.arange(4) < rng.integers(1, 5, shape[0])[:, None]
        train = Potentials(
            start=start_ms + np.cumsum(rng.uniform(2.9, 4.0, shape), axis=1),
            length=np.full(shape, 2.0),
            size_uv=0.6 * size_uv[:, None] * wanted * rng.lognormal(0.0, 0.3, shape),
            phases=np.full(shape, 2),
        )
        return self.sweeps.render(train)

    def reflexes(self, rng: np.random.Generator, target: Target) -> tuple[Array, Mask]:
        """Return R1- and R2-like responses, which come on both sides alike, and where they are."""
        setting = self.scenario.background
        n = len(target.role)
        works = ~self.schedule.failed
        early = works & (rng.random(n) < R1.persistence)
        late = works & (rng.random(n) < R2.persistence)
        signal = self.response(rng, R1, setting.r1_uv * early)
        signal += self.response(rng, R2, setting.r2_uv * late)
        return signal, early if setting.r1_uv > 0.0 else np.zeros(n, dtype=np.bool_)

    def response(self, rng: np.random.Generator, recipe: Recipe, size_uv: Floats) -> Array:
        """Return the response of a newly drawn pool of motor units, silent where size is 0."""
        needle = self.scenario.acquisition.electrodes == "needle"
        pool = draw_pool(rng, recipe.n_units, recipe.dispersion_ms, needle=needle)
        firing = Firing(recipe.jitter_ms, recipe.unit_jitter_ms, recipe.unit_failure, recipe.cv)
        fired = fire(rng, pool, firing, recipe.onset_ms, size_uv)
        return self.sweeps.render(fired) if size_uv.any() else np.zeros_like(self.sweeps.t_ms)

    def clipped(self, signal: Array) -> Array:
        """Clip at the amplifier's rails and let it ring when it comes back from them."""
        setup = self.scenario.acquisition
        if not setup.saturation_uv:
            return signal
        at_rail: Mask = np.abs(signal) > setup.saturation_uv
        last = at_rail.shape[1] - 1 - np.argmax(at_rail[:, ::-1], axis=1)
        since = self.sweeps.t_ms - np.take_along_axis(self.sweeps.t_ms, last[:, None], axis=1)
        after = np.any(at_rail, axis=1, keepdims=True) & (since > 0.0)
        decay = np.exp(-np.maximum(since, 0.0) / RINGING_MS)
        wave = decay * np.sin(2 * np.pi * RINGING_KHZ * since)
        clipped = np.clip(signal, -setup.saturation_uv, setup.saturation_uv)
        ringing: Array = setup.ringing_uv * after * wave
        return clipped + ringing
