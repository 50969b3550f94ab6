"""Recordings with one response of known place and size in white noise, artefact and M."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from amr_viewer.core.parameters import Parameters
from amr_viewer.core.recording import Recording
from amr_viewer.core.responses import Responses
from amr_viewer.workflow import analyze
from tests.analysis.builders import DEFAULT, RATE, protocol_of, recording_of, shape

DIRECT, LATERAL, OTHER_SIDE = "EMG L OrbOculi", "EMG L Mentalis", "EMG R Mentalis"


@dataclass(frozen=True)
class Scene:
    """A response of `onset_ms` in the lateral channel; some sweeps may have another onset."""

    onset_ms: float | None = 10.0
    duration_ms: float = 4.0
    amplitude_uv: float = 80.0
    jitter_ms: float = 0.2
    onsets_ms: Mapping[int, float] = field(default_factory=dict)
    other_side_uv: float = 0.0
    conducted: float = 0.0
    burst_before: Mapping[int, float] = field(default_factory=dict)
    rail_ms: Mapping[int, float] = field(default_factory=dict)
    pulse_ms: float = 0.2
    m_size: Mapping[int, float] = field(default_factory=dict)
    n: int = 24
    period_s: float = 0.37
    noise_uv: float = 5.0
    seed: int = 1

    def recording(self) -> Recording:
        """Return the recording, noise 5 uV RMS and M 1500 uV unless set otherwise."""
        rng = np.random.default_rng(self.seed)
        length = int((self.n * self.period_s + 1.0) * RATE)
        times = 0.5 + np.arange(self.n) * self.period_s + rng.normal(0.0, 0.002, self.n)
        lags = self.jitter_ms * rng.standard_normal(self.n)
        signals = {
            name: self.noise_uv * rng.standard_normal(length)
            for name in (DIRECT, LATERAL, OTHER_SIDE)
        }
        for i, time in enumerate(times):
            at = slice(int((time - 0.12) * RATE), int((time + 0.08) * RATE))
            t = (np.arange(at.start, at.stop) / RATE - time) * 1e3
            self._add(i, t, float(lags[i]), {k: v[at] for k, v in signals.items()}, rng)
        return recording_of(signals, list(times))

    def _add(
        self,
        i: int,
        t: np.ndarray,
        lag: float,
        pieces: dict[str, np.ndarray],
        rng: np.random.Generator,
    ) -> None:
        """Add one sweep in place."""
        m = 1500.0 * self.m_size.get(i, 1.0) * shape(t, 3.0, 6.0)
        pieces[DIRECT] += m
        pieces[LATERAL] += self.conducted * m
        onset = self.onsets_ms.get(i, self.onset_ms)
        if onset is not None:
            response = shape(t, onset + lag, self.duration_ms)
            pieces[LATERAL] += self.amplitude_uv * response
            pieces[OTHER_SIDE] += self.other_side_uv * response
        before = (t > -100.0) & (t < -5.0)
        pieces[LATERAL][before] += self.burst_before.get(i, 0.0) * rng.standard_normal(before.sum())
        for piece in pieces.values():
            piece[(t >= 0.0) & (t < self.pulse_ms)] += 2000.0
            if i in self.rail_ms:
                piece[(t >= 0.0) & (t < self.rail_ms[i])] = 5000.0


def examined(scene: Scene, parameters: Parameters = DEFAULT) -> Responses:
    """Analyze a scene and return its responses."""
    return analyze(scene.recording(), protocol_of(parameters)).responses


def column(responses: Responses, label: str = LATERAL) -> int:
    """Return the index of a channel."""
    return [c.label for c in responses.channels].index(label)
