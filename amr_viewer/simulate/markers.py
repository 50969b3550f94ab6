"""How a recording tells where its stimuli are: annotations, a trigger channel, or not at all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.anatomy import Branch
from amr_viewer.core.arrays import freeze
from amr_viewer.core.recording import Mark, StimulusLabel
from amr_viewer.simulate.background import Clock
from amr_viewer.simulate.potentials import Array
from amr_viewer.simulate.scenario import Scenario
from amr_viewer.simulate.schedule import Schedule

SITE_LABELS = {
    Branch.TEMPORAL: "TEMP",
    Branch.ZYGOMATIC: "ZYG",
    Branch.BUCCAL: "BUC",
    Branch.MANDIBULAR: "MAN",
}
PULSE_WIDTH_MS = 0.2
TTL_LABEL = "TTL"
TTL_UV = 5e6
TTL_MS = 2.0
SECOND_MS = 1.5
"""A marker that is written twice comes again after this many milliseconds."""


def marker_times(
    rng: np.random.Generator, scenario: Scenario, schedule: Schedule
) -> tuple[Array, NDArray[np.intp]]:
    """Return the times of the markers and which stimulus each belongs to."""
    plan = scenario.stimulation
    n = plan.n_stimuli
    lag_ms = plan.marker_lag_ms + rng.normal(0.0, plan.marker_jitter_ms, n)
    times = np.round(schedule.time_s + lag_ms * 1e-3, 6)
    kept = np.flatnonzero(rng.random(n) >= plan.missing)
    again = np.flatnonzero(rng.random(n) < plan.doubled)
    again = again[np.isin(again, kept)]
    order = np.concatenate((kept, again))
    return np.concatenate((times[kept], times[again] + SECOND_MS * 1e-3)), order


def stimulus_marks(times_s: Array, stimulus: NDArray[np.intp], schedule: Schedule) -> list[Mark]:
    """Return the annotations of stimuli, such as ``Stim ZYG L 8.0 mA 0.2 ms``."""
    marks = []
    for time, k in zip(times_s, stimulus, strict=True):
        site, side = schedule.sites[schedule.site[k]]
        current = float(schedule.intensity_ma[k])
        name = f"{SITE_LABELS[site]} {side.value[0].upper()}"
        text = f"Stim {name} {current:.1f} mA {PULSE_WIDTH_MS:g} ms"
        label = StimulusLabel(site, side, current, PULSE_WIDTH_MS)
        marks.append(Mark(float(time), float("nan"), text, stimulus=label))
    return marks


def trigger_signal(times_s: Array, clock: Clock) -> NDArray[np.float32]:
    """Return a trigger channel: 5 V for 2 ms after each time."""
    start = np.searchsorted(clock.times_s, times_s)
    index = start[:, None] + np.arange(int(TTL_MS * 1e-3 * clock.sampling_hz))
    out = np.zeros(clock.n_samples, dtype=np.float32)
    out[index[index < clock.n_samples]] = TTL_UV
    return freeze(out)
