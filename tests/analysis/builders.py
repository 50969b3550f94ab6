"""Recordings, sweeps and examinations made by hand, so that every expected number is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.conditioning import Sweeps
from amr_viewer.analysis.examination import Examination
from amr_viewer.analysis.nuisance import Cleaned, clean_channel
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Branch, Muscle, Role, Side, role_of
from amr_viewer.core.evidence import RunEvidence
from amr_viewer.core.findings import Finding
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.protocol import Protocol
from amr_viewer.core.recording import (
    Channel,
    ChannelKind,
    Mark,
    Recording,
    Segment,
    StimulusLabel,
    StimulusSource,
)
from amr_viewer.core.responses import ARRAY_NAMES, Rejection, Responses, State
from amr_viewer.core.stimuli import Stimuli
from amr_viewer.simulate import Simulation, make
from amr_viewer.workflow import analyze

RATE = 10_000.0
COMPACT: Mapping[str, Any] = {"sampling_hz": RATE, "low_pass_hz": 3000.0, "n_stimuli": 24}
DEFAULT = Parameters()

Site = tuple[Branch | None, Side | None]
ZYGOMATIC_LEFT: Site = (Branch.ZYGOMATIC, Side.LEFT)


@dataclass(frozen=True)
class Memory:
    """Signals in memory, one array per channel."""

    signals: tuple[NDArray[np.float32], ...]

    def read(self, channel: int, start: int, stop: int) -> NDArray[np.float32]:
        return self.signals[channel][start:stop]


@lru_cache(maxsize=64)
def _simulation(kind: str, seed: int, settings: tuple[tuple[str, Any], ...]) -> Simulation:
    return make(kind, seed, **{**COMPACT, **dict(settings)})


def simulation(kind: str, seed: int = 3, **settings: Any) -> Simulation:
    """Make a small recording, the same object for the same arguments."""
    return _simulation(kind, seed, tuple(sorted(settings.items())))


@lru_cache(maxsize=64)
def _analysis(
    kind: str, seed: int, parameters: Parameters, settings: tuple[tuple[str, Any], ...]
) -> Analysis:
    made = _simulation(kind, seed, settings)
    return analyze(made.recording, made.protocol.model_copy(update={"parameters": parameters}))


def analysis(
    kind: str, seed: int = 3, parameters: Parameters = DEFAULT, **settings: Any
) -> Analysis:
    """Analyze a small recording, once for the same arguments."""
    return _analysis(kind, seed, parameters, tuple(sorted(settings.items())))


def changed(**settings: object) -> Parameters:
    """Return the default parameters, some of them replaced."""
    return DEFAULT.replaced({name: str(value) for name, value in settings.items()})


def finding(of: Analysis | Sequence[Finding], channel: str, site: Branch | None = None) -> Finding:
    """Return the finding of a channel, of the first site unless one is named."""
    findings = of.findings if isinstance(of, Analysis) else of
    return next(f for f in findings if f.channel == channel and site in (None, f.site))


def shape(times_ms: NDArray[np.float64], onset_ms: float, duration_ms: float = 4.0) -> NDArray:
    """Return a biphasic response that leaves zero at its onset like a parabola; 1 peak to peak."""
    u = (times_ms - onset_ms) / duration_ms
    wave = np.where((u > 0) & (u < 1), -np.sin(2 * np.pi * u) * np.sin(np.pi * u), 0.0)
    return wave / 1.5396


def sweeps_of(
    data: NDArray[Any], before_ms: float = 120.0, rate: float = RATE, **replaced: Any
) -> Sweeps:
    """Wrap (n_stimuli, n_channels, n_times) as conditioned sweeps without artefact."""
    n, c, t = data.shape
    values: dict[str, Any] = {
        "data_uv": np.asarray(data, dtype=np.float32),
        "times_ms": np.arange(t) * 1e3 / rate - before_ms,
        "sampling_hz": rate,
        "blank_end_ms": np.full((n, c), 1.0, dtype=np.float32),
        "saturated_ms": np.full((n, c), -np.inf, dtype=np.float32),
        "missing": np.zeros((n, c), dtype=bool),
        "hum_uv": np.zeros((n, c), dtype=np.float32),
        "known_from_ms": np.full(n, -np.inf),
    }
    return Sweeps(**(values | replaced))


def noise(n: int, n_channels: int = 1, seed: int = 0, uv: float = 5.0) -> NDArray[np.float32]:
    """Return white noise of 195 ms sweeps, (n, n_channels, 1950)."""
    rng = np.random.default_rng(seed)
    return (uv * rng.standard_normal((n, n_channels, 1950))).astype(np.float32)


def cleaned_of(sweeps: Sweeps, channel: int = 0) -> Cleaned:
    """Wrap the sweeps of a channel as cleaned, nothing having been removed."""
    nothing = np.zeros(len(sweeps.times_ms))
    cleaned = clean_channel(sweeps, channel, None, np.zeros(len(sweeps.data_uv), bool), DEFAULT)
    return replace(
        cleaned,
        data_uv=sweeps.data_uv[:, channel].copy(),
        envelope_uv=nothing,
        conducted_uv=nothing,
    )


def channel_of(
    label: str, muscle: Muscle | None, side: Side | None, n: int = 0, rate: float = RATE
) -> Channel:
    """Return an EMG channel in microvolts."""
    return Channel(label, "uV", rate, n, muscle, side, ChannelKind.EMG, "uV")


def recording_of(
    signals: Mapping[str, NDArray[Any]],
    times_s: Sequence[float],
    site: Site = ZYGOMATIC_LEFT,
    rate: float = RATE,
    segments: tuple[Segment, ...] | None = None,
) -> Recording:
    """Return a recording of some labels and signals, its stimuli marked."""
    n = len(next(iter(signals.values())))
    label = StimulusLabel(*site)
    return Recording(
        name="made by hand", path="", format="test",
        channels=tuple(channel_of(name, None, None, n, rate) for name in signals),
        segments=segments or (Segment(0.0, n / rate, 0.0),),
        marks=tuple(Mark(t, float("nan"), "Stim", stimulus=label) for t in times_s),
        source=Memory(tuple(np.asarray(x, dtype=np.float32) for x in signals.values())),
    )  # fmt: skip


def stimuli_of(times_s: NDArray[np.float64], site: Site = ZYGOMATIC_LEFT) -> Stimuli:
    """Return annotated stimuli of one site."""
    n = len(times_s)
    return Stimuli(
        time_s=np.asarray(times_s, dtype=np.float64).copy(),
        site=(site[0],) * n,
        side=(site[1],) * n,
        intensity_ma=np.full(n, 8.0),
        width_ms=np.full(n, 0.2),
        source=(StimulusSource.ANNOTATION,) * n,
        shift_ms=np.zeros(n),
    )


@dataclass(frozen=True)
class Case:
    """What one channel of a made-up examination showed."""

    k: int = 0
    n_valid: int = 20
    muscle: Muscle | None = Muscle.MENTALIS
    side: Side | None = Side.LEFT
    shams: tuple[int, int] = (19, 998)
    onset_ms: float = 10.0
    amplitude_uv: float = 100.0
    noise_uv: float = 5.0
    off: str = ""
    doubtful_until_ms: float = float("nan")
    why_rejected: Rejection = Rejection.DIRECT_RESPONSE_MISSING

    @property
    def label(self) -> str:
        side = f"{self.side.value[0].upper()} " if self.side else ""
        return side + (self.muscle.value if self.muscle else "unknown")


def examination(*cases: Case, n: int = 20, site: Site = ZYGOMATIC_LEFT) -> Examination:
    """Return an examination of `n` stimuli in which each channel shows its case.

    The first `k` valid sweeps of a channel carry a response, the last ones are rejected.
    """
    arrays: dict[str, NDArray[Any]] = {
        name: np.full((n, len(cases)), np.nan, dtype=np.float32) for name in ARRAY_NAMES
    }
    for name in ("role", "state", "rejection"):
        arrays[name] = np.zeros((n, len(cases)), dtype=np.int8)
    del arrays["by_hand"]
    for name in ("afterdischarge", "manual"):
        arrays[name] = np.zeros((n, len(cases)), dtype=bool)
    for j, case in enumerate(cases):
        role = role_of(case.muscle, case.side, *site)
        arrays["role"][:, j] = tuple(Role).index(role)
        arrays["state"][: case.k, j] = State.PRESENT
        arrays["state"][case.n_valid :, j] = State.REJECTED
        arrays["rejection"][case.n_valid :, j] = case.why_rejected
        arrays["probability"][: case.n_valid, j] = 0.01
        arrays["probability"][: case.k, j] = 0.99
        arrays["onset_ms"][: case.k, j] = case.onset_ms
        arrays["end_ms"][: case.k, j] = case.onset_ms + 5.0
        arrays["amplitude_uv"][: case.k, j] = case.amplitude_uv
        arrays["phases"][: case.k, j] = 3
        arrays["noise_uv"][:, j] = case.noise_uv
    runs = tuple(
        RunEvidence(
            site=site[0], side=site[1], channel=j, stimuli=np.arange(n), n_shams=case.shams[1],
            n_shams_called=case.shams[0], strength=5.0, conducted_uv=0.0,
            doubtful_until_ms=case.doubtful_until_ms, off=case.off,
        )
        for j, case in enumerate(cases)
    )  # fmt: skip
    responses = Responses(
        stimuli=stimuli_of(np.arange(n) + 1.0, site),
        channels=tuple(channel_of(c.label, c.muscle, c.side) for c in cases),
        **arrays,
    )
    return Examination(responses, runs)


def protocol_of(parameters: Parameters) -> Protocol:
    """Return a protocol that changes parameters only."""
    return Protocol(parameters=parameters)
