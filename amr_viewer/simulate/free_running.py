"""Recordings without stimuli: every pattern of free-running facial EMG, with known truth.

The kinds are in `free_running_kinds`, settings in `free_running_scenario`, artefacts in
`free_running_surroundings`, the truth in `free_running_truth`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.arrays import freeze
from amr_viewer.core.protocol import Protocol
from amr_viewer.core.recording import Channel, ChannelKind, Mark, Recording, Segment
from amr_viewer.simulate import free_running_others as others
from amr_viewer.simulate.background import Clock
from amr_viewer.simulate.free_running_kinds import FREE_RUNNING
from amr_viewer.simulate.free_running_scenario import FreeRunning, Scene, draw_settings, scene_of
from amr_viewer.simulate.free_running_surroundings import movement, surroundings, with_crosstalk
from amr_viewer.simulate.free_running_truth import Burst, PatternTruth, channel_bursts, table
from amr_viewer.simulate.free_running_volleys import Units, Volley, draw_units, drawn
from amr_viewer.simulate.parts import MemorySource, label_of, stream
from amr_viewer.simulate.potentials import Array
from amr_viewer.simulate.scenario import Scenario
from amr_viewer.simulate.truth import Simulation, Truth


def make_free_running(kind: str, seed: int, **settings: Any) -> Simulation:
    """Make a free-running recording in memory, and the truth about it.

    Settings that are not given are drawn from wide distributions by the seed; every component has a
    random stream of its own.

    Parameters
    ----------
    kind : str
        A key of `FREE_RUNNING`.
    seed : int
    **settings
        Any of `FreeRunning`.

    Raises
    ------
    ParameterError
        A setting is unknown, or a value is not allowed.

    Examples
    --------
    >>> simulation = make_free_running("hfs_tonic", 1, duration_s=60, electrodes="surface")
    >>> simulation.truth.pattern.conclusion
    'hfs_tonic'
    """
    sort = FREE_RUNNING[kind]
    rng = stream(seed, "settings " + kind)
    drawn_settings = draw_settings(
        rng, jaw=sort.jaw, sleeps=sort.sleeps, short=sort.short, given=settings
    )
    scene = scene_of(drawn_settings)
    clock = _clock(drawn_settings)
    blinked = others.blinks(stream(seed, "blinks"), scene)
    played = sort.play(stream(seed, "pattern " + kind), scene, blinked)
    own, bursts, snr = _muscles(seed, scene, clock, [*played.volleys, *blinked])
    signals = _recorded(seed, scene, clock, own)
    lags = [1e3 * played.lag_s.get(c, float("nan")) for c in range(len(scene.channels))]
    pattern = PatternTruth(
        conclusion=sort.conclusion,
        accepted=(sort.conclusion, *sort.also),
        side=_side(scene, played.volleys),
        settings=drawn_settings,
        bursts=table(bursts, snr),
        lag_ms=np.array(lags),
    )
    recording = _recording(scene, clock, signals, played.marks)
    return Simulation(recording, _truth(kind, seed, scene, pattern), Protocol())


def _clock(settings: FreeRunning) -> Clock:
    """Return the samples of a recording without pauses."""
    n_samples = round(settings.duration_s * settings.sampling_hz)
    return Clock(settings.sampling_hz, np.arange(n_samples) / settings.sampling_hz)


def _recorded(
    seed: int, scene: Scene, clock: Clock, own: list[Array]
) -> tuple[NDArray[np.float32], ...]:
    """Return the muscles as the electrodes see them, with all that surrounds them."""
    moved = movement(seed, scene, clock)
    return tuple(
        freeze((s + surroundings(seed, c, scene, clock) + moved[c]).astype(np.float32))
        for c, s in enumerate(with_crosstalk(seed, scene, own))
    )


def _muscles(
    seed: int, scene: Scene, clock: Clock, volleys: list[Volley]
) -> tuple[list[Array], list[list[Burst]], list[list[float]]]:
    """Return the signal, the bursts and their SNR of each channel's own muscle."""
    signals, all_bursts, all_snr = [], [], []
    for channel in range(len(scene.channels)):
        units = draw_units(stream(seed, "units", channel), needle=scene.needle)
        mine = [v for v in volleys if v.channel == channel]
        signal = drawn(stream(seed, "firing", channel), mine, units, clock)
        bursts = _inside(mine, units, clock)
        power = np.append(0.0, np.cumsum(signal**2))
        edges = np.array([(b.start_s, b.end_s) for b in bursts]).reshape(-1, 2) * clock.sampling_hz
        first, last = np.round(edges).astype(np.intp).T
        last = np.maximum(last, first + 1)
        rms = np.sqrt((power[last] - power[first]) / (last - first))
        main = np.array([b.kind != "blink" for b in bursts], dtype=np.bool_)
        usual = np.median(rms[main] if main.any() else rms) if len(rms) else 1.0
        scale = 10.0 ** (scene.settings.snr_db / 20.0) / usual
        signals.append(signal * scale * scene.settings.noise_uv)
        all_bursts.append(bursts)
        all_snr.append((20.0 * np.log10(np.maximum(rms * scale, 1e-6))).tolist())
    return signals, all_bursts, all_snr


def _inside(volleys: list[Volley], units: Units, clock: Clock) -> list[Burst]:
    """Return the bursts that lie within the recording."""
    end_s = clock.n_samples / clock.sampling_hz
    return [b for b in channel_bursts(volleys, units) if b.start_s >= 0.0 and b.end_s < end_s]


def _side(scene: Scene, volleys: list[Volley]) -> str:
    """Return where the pattern is: of companions of movements, else of all volleys."""
    copies = [v for v in volleys if v.kind == "copy"]
    sides = {scene.channels[v.channel][1].value for v in copies or volleys}
    return "both" if len(sides) == 2 else "".join(sides)


def _truth(kind: str, seed: int, scene: Scene, pattern: PatternTruth) -> Truth:
    """Wrap the truth of a recording without stimuli."""
    n = len(scene.channels)
    return Truth(
        kind=kind,
        seed=seed,
        scenario=Scenario(),
        channels=tuple(label_of(*c) for c in scene.channels),
        time_s=np.zeros(0),
        site=(),
        side=(),
        intensity_ma=np.zeros(0),
        failed=np.zeros(0, dtype=np.bool_),
        role=np.zeros((0, n), dtype=np.int8),
        present=np.zeros((0, n), dtype=np.bool_),
        onset_ms=np.zeros((0, n)),
        amplitude_uv=np.zeros((0, n)),
        reflex=np.zeros((0, n), dtype=np.bool_),
        usable=np.ones(n, dtype=np.bool_),
        pattern=pattern,
    )


def _recording(
    scene: Scene, clock: Clock, signals: tuple[NDArray[np.float32], ...], marks: list[Mark]
) -> Recording:
    """Wrap signals and marks as a reader would."""
    s = scene.settings
    band = f"HP:{s.high_pass_hz:g}Hz LP:{s.low_pass_hz:g}Hz"
    channels = tuple(
        Channel(
            label_of(muscle, side), "uV", clock.sampling_hz, clock.n_samples, muscle, side,
            ChannelKind.EMG, "uV", band,
        )
        for muscle, side in scene.channels
    )  # fmt: skip
    if scene.asleep_s < s.duration_s:
        asleep = Mark(scene.asleep_s, s.duration_s - scene.asleep_s, "sleep N2")
        marks = [*marks, Mark(0.0, scene.asleep_s, "awake"), asleep]
    return Recording(
        name="simulation",
        path="",
        format="simulation",
        channels=channels,
        segments=(Segment(0.0, clock.n_samples / clock.sampling_hz, 0.0),),
        marks=tuple(sorted(marks, key=lambda m: m.time_s)),
        source=MemorySource(signals),
        patient={"id": "SIMULATED", "name": "Simulated"},
    )
