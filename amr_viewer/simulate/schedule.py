"""When and where the nerve is stimulated, and which stretches of time are stored."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.core.recording import Segment
from amr_viewer.errors import ParameterError
from amr_viewer.simulate.background import MAINS_HZ, Clock
from amr_viewer.simulate.potentials import Array
from amr_viewer.simulate.scenario import Scenario

LEAD_S = 0.5
"""Time before the first and after the last stimulus of a continuous recording."""

VALID_GAIN = 0.05
"""A stimulus below this part of the maximal direct response has failed."""


@dataclass(frozen=True, slots=True, eq=False)
class Schedule:
    """The stimuli; arrays have shape (n_stimuli,).

    Attributes
    ----------
    time_s : ndarray
        True edge of the artefact, no multiple of a sample.
    site : ndarray of int
        Index into `sites`.
    sites : tuple of (Branch, Side)
    intensity_ma : ndarray
    gain : ndarray
        Part of the maximal direct response that is excited; 0 where the stimulus fails.
    m_shift_ms : ndarray
        How much later than usual the direct response comes; less than 0.1 ms (docs/criteria.md 8).
    persistence, size : ndarray
        Course of the AMR: factors of its persistence and amplitude.
    """

    time_s: Array
    site: NDArray[np.intp]
    sites: tuple[tuple[Branch, Side], ...]
    intensity_ma: Array
    gain: Array
    m_shift_ms: Array
    persistence: Array
    size: Array

    @property
    def failed(self) -> NDArray[np.bool_]:
        """Stimuli that excited (next to) nothing."""
        return self.gain < VALID_GAIN


def draw_schedule(rng: np.random.Generator, scenario: Scenario) -> Schedule:
    """Draw the stimuli of a scenario.

    Intervals vary by 1 % unless the stimuli are locked to the mains; the direct response follows
    the current along a logistic recruitment curve.
    """
    plan = scenario.stimulation
    n = plan.n_stimuli
    interval = _intervals(rng, scenario)
    ramp = np.linspace(plan.ramp_from_ma or plan.intensity_ma, plan.intensity_ma, n)
    recruited = 1.0 / (1.0 + np.exp(-(ramp - plan.threshold_ma) / (0.08 * plan.threshold_ma)))
    failed = rng.random(n) < plan.failed
    order = np.arange(n) * len(plan.sites) // n
    if plan.order == "alternating":
        order = np.arange(n) % len(plan.sites)
    course = np.array(scenario.lateral.course)
    step = np.searchsorted(course[:, 0], (np.arange(n) + 0.5) / n, side="right") - 1
    relaxant = np.linspace(1.0, scenario.direct.m_end_fraction, n)
    return Schedule(
        time_s=_lead_s(scenario) + np.concatenate(([0.0], np.cumsum(interval[1:]))),
        site=order,
        sites=plan.sites,
        intensity_ma=np.round(ramp, 1),
        gain=np.where(failed, 0.0, recruited * relaxant * rng.normal(1.0, 0.02, n)),
        m_shift_ms=rng.normal(0.0, 0.02, n),
        persistence=course[step, 1],
        size=course[step, 2],
    )


def _lead_s(scenario: Scenario) -> float:
    """Return the time of the first stimulus."""
    setup = scenario.acquisition
    return setup.pre_ms * 1e-3 if setup.sweep_ms else LEAD_S


def _intervals(rng: np.random.Generator, scenario: Scenario) -> Array:
    """Return the time before each stimulus since the one before it, seconds."""
    plan = scenario.stimulation
    interval = np.full(plan.n_stimuli, 1.0 / plan.rate_hz)
    if scenario.background.mains_locked:
        interval[:] = np.round(interval * MAINS_HZ) / MAINS_HZ
    else:
        interval *= rng.normal(1.0, 0.01, plan.n_stimuli)
    if plan.run_length:
        interval[plan.run_length :: plan.run_length] += plan.pause_s
    return interval


def stored_time(schedule: Schedule, scenario: Scenario) -> tuple[Clock, tuple[Segment, ...], Array]:
    """Lay the stored samples out in time.

    Raises
    ------
    ParameterError
        Sweeps are longer than the time between stimuli.

    Returns
    -------
    clock : Clock
    segments : tuple of Segment
    position : ndarray, shape (n_stimuli,)
        Exact stored sample of every stimulus.
    """
    setup = scenario.acquisition
    fs = setup.sampling_hz
    if not setup.sweep_ms:
        duration_s = float(np.ceil(schedule.time_s[-1] + LEAD_S))
        clock = Clock(fs, np.arange(round(duration_s * fs)) / fs)
        return clock, (Segment(0.0, duration_s, 0.0),), schedule.time_s * fs
    length = round(setup.sweep_ms * 1e-3 * fs)
    starts = np.round(schedule.time_s - setup.pre_ms * 1e-3, 4)
    if len(starts) > 1 and np.diff(starts).min() < length / fs:
        raise ParameterError("sweep_ms: sweeps overlap; lower sweep_ms or rate_hz")
    times = (starts[:, None] + np.arange(length) / fs).ravel()
    order = np.arange(len(starts))
    segments = tuple(
        Segment(float(start), length / fs, i * length / fs) for i, start in enumerate(starts)
    )
    return Clock(fs, times), segments, order * length + (schedule.time_s - starts) * fs
