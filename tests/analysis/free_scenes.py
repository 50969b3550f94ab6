"""Free-running recordings made by hand: bursts of noise and trains of discharges at known times."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.bursts import find_bursts
from amr_viewer.analysis.patterns import classify_patterns
from amr_viewer.core.anatomy import Muscle, Side
from amr_viewer.core.bursts import Bursts
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.patterns import PatternFinding
from amr_viewer.core.recording import (
    Channel,
    ChannelKind,
    Mark,
    Recording,
    Segment,
    StimulusSource,
)
from amr_viewer.core.stimuli import Stimuli

Where = tuple[Side, Muscle]
L, R = Side.LEFT, Side.RIGHT
FR, OO = Muscle.FRONTALIS, Muscle.ORBICULARIS_OCULI
OR, ME = Muscle.ORBICULARIS_ORIS, Muscle.MENTALIS
FACE: tuple[Where, ...] = tuple((s, m) for s in (L, R) for m in (FR, OO, OR, ME))


class Samples:
    """A source of samples in memory."""

    def __init__(self, data: NDArray[np.float32]) -> None:
        self.data = data

    def read(self, channel: int, start: int, stop: int) -> NDArray[np.float32]:
        return self.data[channel, start:stop].copy()


def stimuli_at(*times_s: float) -> Stimuli:
    """Stimuli of which nothing is known but the time."""
    n = len(times_s)
    return Stimuli(
        np.array(times_s, dtype=np.float64), (None,) * n, (None,) * n, np.full(n, np.nan),
        np.full(n, np.nan), (StimulusSource.ANNOTATION,) * n, np.zeros(n),
    )  # fmt: skip


@dataclass(eq=False)
class FreeScene:
    """Noise of 5 uV in some channels, to which activity is added."""

    where: tuple[Where, ...] = FACE
    duration_s: float = 190.0
    sampling_hz: float = 2000.0
    seed: int = 1
    marks: list[Mark] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)
        n = int(self.duration_s * self.sampling_hz)
        self.data = 5.0 * self.rng.standard_normal((len(self.where), n))

    def burst(self, where: Where, start_s: float, duration_s: float, size_uv: float = 60.0) -> None:
        """Add a burst of muscle-like noise of an RMS."""
        n = int(duration_s * self.sampling_hz)
        made = self.rng.standard_normal(n + 8)
        made = made[4:-4] - 0.5 * made[2:-6] - 0.5 * made[6:-2]
        self._add(where, start_s, size_uv * made / made.std())

    def shaped(self, where: Where, start_s: float, envelope_uv: NDArray[np.float64]) -> None:
        """Add noise of a given envelope."""
        self._add(where, start_s, envelope_uv * self.rng.standard_normal(len(envelope_uv)))

    def discharges(self, where: Where, times_s: NDArray[np.float64], size_uv: float) -> None:
        """Add biphasic potentials, narrow as a needle sees them."""
        t = np.arange(-1.6e-3, 1.6e-3, 1.0 / self.sampling_hz) / 0.4e-3
        wave = -t * np.exp(0.5 - 0.5 * t**2)
        for time in times_s:
            self._add(where, float(time) - 1.6e-3, size_uv * wave)

    def wave(self, size_uv: float, period_s: float, width_s: float = 0.012) -> None:
        """Add one slow wave to all channels again and again, as the heart does."""
        t = np.arange(-0.05, 0.05, 1.0 / self.sampling_hz)
        for start in np.arange(0.7, self.duration_s - 1.0, period_s):
            for where in self.where:
                self._add(where, start, size_uv * np.exp(-0.5 * (t / width_s) ** 2))

    def _add(self, where: Where, start_s: float, samples: NDArray[np.float64]) -> None:
        row, at = self.where.index(where), round(start_s * self.sampling_hz)
        self.data[row, at : at + len(samples)] += samples

    def recording(self) -> Recording:
        """Return the recording."""
        data = self.data.astype(np.float32)
        channels = tuple(
            Channel(f"{s.value[0].upper()} {m.value}", "uV", self.sampling_hz, data.shape[1], m, s,
                    ChannelKind.EMG)
            for s, m in self.where
        )  # fmt: skip
        return Recording(
            "free.edf", "", "EDF", channels, (Segment(0.0, self.duration_s, 0.0),),
            tuple(self.marks), Samples(data),
        )  # fmt: skip


def bursts_of(scene: FreeScene, *stimuli_s: float, parameters: Parameters | None = None) -> Bursts:
    """Return the bursts of a scene."""
    return find_bursts(scene.recording(), stimuli_at(*stimuli_s), parameters or Parameters())


def patterns_of(scene: FreeScene, amr: str = "no_stimuli") -> tuple[PatternFinding, ...]:
    """Return the patterns of a scene."""
    recording, parameters = scene.recording(), Parameters()
    return classify_patterns(
        find_bursts(recording, stimuli_at(), parameters), recording, amr, parameters
    )


def clonic(side: Side = L, muscles: tuple[Muscle, ...] = (OO, OR, ME)) -> FreeScene:
    """Salvos of short bursts, in several muscles of one side at once, at random."""
    scene = FreeScene()
    t = 2.0
    while t < scene.duration_s - 5.0:
        for _ in range(int(scene.rng.integers(1, 7))):
            lasting = float(scene.rng.uniform(0.02, 0.08))
            for k, muscle in enumerate(muscles):
                scene.burst((side, muscle), t + 0.001 * k, lasting)
            t += lasting + float(scene.rng.uniform(0.06, 0.14))
        t += float(min(scene.rng.lognormal(np.log(2.5), 1.0), 15.0))
    return scene
