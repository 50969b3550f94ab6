"""Put a scenario together: schedule, channels, markers, and the truth about them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.anatomy import Role, role_of
from amr_viewer.core.arrays import freeze
from amr_viewer.core.protocol import Protocol
from amr_viewer.core.recording import Channel, ChannelKind, Mark, Recording, Segment
from amr_viewer.simulate import background
from amr_viewer.simulate.background import Clock
from amr_viewer.simulate.evoked import SWEEP_MS, Evoked, Evoker, Target, make_sweeps
from amr_viewer.simulate.free_running import make_free_running
from amr_viewer.simulate.free_running_kinds import FREE_RUNNING
from amr_viewer.simulate.kinds import scenario_of
from amr_viewer.simulate.markers import TTL_LABEL, marker_times, stimulus_marks, trigger_signal
from amr_viewer.simulate.parts import MemorySource, label_of, stream
from amr_viewer.simulate.potentials import Array
from amr_viewer.simulate.scenario import Scenario
from amr_viewer.simulate.schedule import Schedule, draw_schedule, stored_time
from amr_viewer.simulate.truth import ONSET_FRACTION, Simulation, Truth


def make(kind: str, seed: int, **settings: Any) -> Simulation:
    """Make a recording of a known kind, in memory, and the truth about it.

    The same arguments always give the same samples. Every component has a random stream of its
    own: another noise level leaves the responses as they are.

    Parameters
    ----------
    kind : str
        One of `kinds()`.
    seed : int
        Number of the patient, so to speak.
    **settings
        Any setting of `Scenario`, by its own name: ``make("weak", 1, noise_uv=10)``; for a
        free-running kind any of `FreeRunning`: ``make("myokymia", 1, snr_db=10)``.

    Raises
    ------
    ParameterError
        The kind or a setting is unknown, or a value is not allowed.

    Examples
    --------
    >>> simulation = make("clear", 1, n_stimuli=3)
    >>> simulation.truth.present.shape
    (3, 5)
    """
    if kind in FREE_RUNNING:
        return make_free_running(kind, seed, **settings)
    return simulate(scenario_of(kind, **settings), seed, kind)


def simulate(scenario: Scenario, seed: int, kind: str = "custom") -> Simulation:
    """Make the recording of a scenario; see `make`."""
    schedule = draw_schedule(stream(seed, "schedule"), scenario)
    clock, segments, position = stored_time(schedule, scenario)
    evoker = Evoker(scenario, schedule, make_sweeps(position, clock.sampling_hz))
    signals, evoked = [], []
    for index, target in enumerate(_targets(scenario, schedule)):
        response = evoker.evoke(stream(seed, "evoked", index), target)
        signal = _background(seed, index, scenario, clock, alive=target.alive)
        _add_sweeps(signal, response.signal_uv, evoker.sweeps.first, _room(scenario, clock))
        signals.append(freeze(signal.astype(np.float32)))
        evoked.append(response)
    truth = _truth(scenario, seed, kind, schedule, evoked, evoker.sweeps.t_ms)
    recording = _recording(stream(seed, "markers"), scenario, schedule, clock, segments, signals)
    return Simulation(recording, truth, _protocol(scenario))


def _targets(scenario: Scenario, schedule: Schedule) -> list[Target]:
    """Return every channel as the stimuli see it."""
    lateral = scenario.lateral
    targets = []
    for muscle, side in scenario.acquisition.montage:
        roles = [role_of(muscle, side, *schedule.sites[k]) for k in schedule.site]
        sides = [schedule.sites[k][1] for k in schedule.site]
        responds = np.array(
            [
                role is Role.LATERAL and stimulated is lateral.affected_side
                for role, stimulated in zip(roles, sides, strict=True)
            ]
        )
        answers = muscle in lateral.amr_muscles and lateral.amr_uv > 0.0
        alive = muscle is not scenario.acquisition.electrode_off
        targets.append(Target(tuple(roles), responds & answers & alive, alive))
    return targets


def _background(
    seed: int, index: int, scenario: Scenario, clock: Clock, *, alive: bool
) -> NDArray[np.float64]:
    """Return what a channel records without stimuli, uV."""
    level, setup = scenario.background, scenario.acquisition
    needle = setup.electrodes == "needle"
    out = background.noise(stream(seed, "noise", index), clock, setup, level)
    hum = level.mains_uv if alive else 40.0 + level.mains_uv
    out += background.mains(stream(seed, "mains", index), clock, hum)
    if not alive:
        return out
    if level.ecg_uv:
        out += background.heart(stream(seed, "heart"), clock, level.ecg_uv)
    if level.pops_per_min:
        out += background.pops(stream(seed, "pops", index), clock, level.pops_per_min)
    if level.voluntary_uv:
        rng = stream(seed, "voluntary", index)
        out += background.voluntary(rng, clock, level.voluntary_uv, needle=needle)
    if setup.montage[index][1] is scenario.lateral.affected_side:
        rng = stream(seed, "spasm", index)
        if level.clonic_uv:
            times = background.clonic_times(stream(seed, "clonic"), clock)
            out += background.spasm(rng, clock, times, level.clonic_uv)
        if level.tonic_uv:
            times = background.tonic_times(stream(seed, "tonic"), clock)
            out += background.spasm(rng, clock, times, level.tonic_uv)
    return out


def _room(scenario: Scenario, clock: Clock) -> int:
    """Return how many samples after a stimulus may hold its response."""
    setup = scenario.acquisition
    longest_ms = setup.sweep_ms - setup.pre_ms if setup.sweep_ms else SWEEP_MS
    return int(min(longest_ms, SWEEP_MS) * 1e-3 * clock.sampling_hz)


def _add_sweeps(signal: Array, sweeps: Array, first: NDArray[np.intp], room: int) -> None:
    """Add sweeps to a signal in place; they may overlap."""
    index = first[:, None] + np.arange(min(room, sweeps.shape[1]))
    inside = index < len(signal)
    np.add.at(signal, index[inside], sweeps[:, : index.shape[1]][inside])


def _truth(
    scenario: Scenario,
    seed: int,
    kind: str,
    schedule: Schedule,
    evoked: list[Evoked],
    t_ms: Array,
) -> Truth:
    """Read the truth off the noise-free responses."""
    present = np.stack([e.amr for e in evoked], axis=1)
    measured = [_measure(e.amr_uv, t_ms) for e in evoked]
    onset, amplitude = (np.stack([m[k] for m in measured], axis=1) for k in (0, 1))
    targets = _targets(scenario, schedule)
    labels = tuple(label_of(*c) for c in scenario.acquisition.montage)
    roles = tuple(Role)
    return Truth(
        kind=kind,
        seed=seed,
        scenario=scenario,
        channels=labels,
        time_s=schedule.time_s,
        site=tuple(schedule.sites[k][0] for k in schedule.site),
        side=tuple(schedule.sites[k][1] for k in schedule.site),
        intensity_ma=schedule.intensity_ma,
        failed=schedule.failed,
        role=np.array([[roles.index(r) for r in t.role] for t in targets], dtype=np.int8).T,
        present=present,
        onset_ms=np.where(present, onset, np.nan),
        amplitude_uv=np.where(present, amplitude, np.nan),
        reflex=np.stack([e.reflex for e in evoked], axis=1),
        usable=np.array([t.alive for t in targets]),
        has_amr={
            (*site, label): bool(present[schedule.site == k, c].any())
            for k, site in enumerate(schedule.sites)
            for c, label in enumerate(labels)
        },
    )


def _measure(amr_uv: Array, t_ms: Array) -> tuple[Array, Array]:
    """Return the first excursion (ms) and peak-to-peak amplitude (uV) of noise-free responses.

    The onset lies between two samples: a line is drawn between those around the threshold.
    """
    amplitude = np.ptp(amr_uv, axis=1)
    threshold = ONSET_FRACTION * amplitude
    level = np.abs(amr_uv)
    after = np.maximum(np.argmax(level > threshold[:, None], axis=1), 1)[:, None]
    high = np.take_along_axis(level, after, axis=1)[:, 0]
    low = np.take_along_axis(level, after - 1, axis=1)[:, 0]
    step = np.where(high > low, (threshold - low) / np.where(high > low, high - low, 1.0), 0.0)
    before_ms = np.take_along_axis(t_ms, after - 1, axis=1)[:, 0]
    return before_ms + step * (t_ms[0, 1] - t_ms[0, 0]), amplitude


def _recording(
    rng: np.random.Generator,
    scenario: Scenario,
    schedule: Schedule,
    clock: Clock,
    segments: tuple[Segment, ...],
    signals: list[NDArray[np.float32]],
) -> Recording:
    """Wrap signals and markers as a reader would."""
    setup, plan = scenario.acquisition, scenario.stimulation
    band = f"HP:{setup.high_pass_hz:g}Hz LP:{setup.low_pass_hz:g}Hz"
    channels = [
        Channel(
            label_of(muscle, side), "uV", clock.sampling_hz, clock.n_samples, muscle, side,
            ChannelKind.EMG, "uV", band,
        )
        for muscle, side in setup.montage
    ]  # fmt: skip
    if plan.markers == "ttl":
        channels.append(
            Channel(
                TTL_LABEL, "uV", clock.sampling_hz, clock.n_samples, kind=ChannelKind.TRIGGER,
                file_unit="uV",
            )
        )  # fmt: skip
        signals = [*signals, trigger_signal(marker_times(rng, scenario, schedule)[0], clock)]
    marks = [Mark(time, float("nan"), text) for time, text in plan.events]
    if plan.markers == "annotation":
        marks += stimulus_marks(*marker_times(rng, scenario, schedule), schedule)
    return Recording(
        name="simulation",
        path="",
        format="simulation",
        channels=tuple(channels),
        segments=segments,
        marks=tuple(sorted(marks, key=lambda m: m.time_s)),
        source=MemorySource(tuple(signals)),
        patient={"id": "SIMULATED", "name": "Simulated"},
    )


def _protocol(scenario: Scenario) -> Protocol:
    """Return what a laboratory has to add where the markers carry no text."""
    plan = scenario.stimulation
    if plan.markers == "annotation" or len(plan.sites) > 1:
        return Protocol()
    site, side = plan.sites[0]
    return Protocol(name="simulation", site=site, side=side)
