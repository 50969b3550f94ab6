"""What reaches a channel besides its own muscle: neighbours, movement, heart, mains, noise.

References
----------
.. [1] Lapatki BG et al. Topographical characteristics of motor units of the lower facial
       musculature. J Neurophysiol 2006;95:342 (facial muscles overlap; neighbours are seen).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.anatomy import Muscle
from amr_viewer.simulate import background
from amr_viewer.simulate.background import Clock, to_rms
from amr_viewer.simulate.free_running_scenario import FreeRunning, Scene
from amr_viewer.simulate.parts import stream
from amr_viewer.simulate.potentials import Array

NEIGHBOURS = (
    {Muscle.FRONTALIS, Muscle.CORRUGATOR},
    {Muscle.FRONTALIS, Muscle.ORBICULARIS_OCULI},
    {Muscle.CORRUGATOR, Muscle.ORBICULARIS_OCULI},
    {Muscle.ORBICULARIS_OCULI, Muscle.ZYGOMATICUS},
    {Muscle.ZYGOMATICUS, Muscle.ORBICULARIS_ORIS},
    {Muscle.ORBICULARIS_ORIS, Muscle.MENTALIS},
    {Muscle.MASSETER, Muscle.ZYGOMATICUS},
    {Muscle.MASSETER, Muscle.ORBICULARIS_ORIS},
    {Muscle.TEMPORALIS, Muscle.FRONTALIS},
    {Muscle.TEMPORALIS, Muscle.ORBICULARIS_OCULI},
)
MIDLINE = (Muscle.MENTALIS, Muscle.ORBICULARIS_ORIS, Muscle.CORRUGATOR)
"""Muscles whose left and right parts meet: their electrodes see a little of the other side."""

ACROSS = 0.3
DRIFT_HZ = 0.5
"""Where the slow baseline lies; most amplifiers leave little of it."""


def crosstalk_levels(rng: np.random.Generator, scene: Scene) -> NDArray[np.float64]:
    """Draw which part of each channel's RMS reaches each other one, shape (to, from)."""
    most = scene.settings.crosstalk
    n = len(scene.channels)
    level = np.zeros((n, n))
    for a, (muscle_a, side_a) in enumerate(scene.channels):
        for b, (muscle_b, side_b) in enumerate(scene.channels):
            share = float(rng.uniform(0.4, 1.0))
            if side_a is side_b and {muscle_a, muscle_b} in NEIGHBOURS:
                level[a, b] = most * share
            elif side_a is not side_b and muscle_a is muscle_b and muscle_a in MIDLINE:
                level[a, b] = most * ACROSS * share
    return level


def conducted(rng: np.random.Generator, signal: Array, sampling_hz: float) -> Array:
    """Return a muscle as a neighbour's electrode sees it: later, smoother, of the same RMS [1]_."""
    later = int(rng.uniform(0.0, 1.0e-3) * sampling_hz)
    width = max(1, round(rng.uniform(0.5e-3, 2.0e-3) * sampling_hz))
    smooth = np.convolve(signal, np.hanning(width + 2)[1:-1], mode="same")
    rms = float(np.sqrt(np.mean(signal**2)))
    return to_rms(np.roll(smooth, later), rms) if rms > 0.0 else smooth


def with_crosstalk(seed: int, scene: Scene, own: list[Array]) -> list[Array]:
    """Add to every channel what it sees of its neighbours."""
    level = crosstalk_levels(stream(seed, "crosstalk"), scene)
    out = [signal.copy() for signal in own]
    for source, signal in enumerate(own):
        for target in np.flatnonzero(level[:, source]):
            rng = stream(seed, "conducted", source * len(own) + int(target))
            seen = conducted(rng, signal, scene.settings.sampling_hz)
            out[target] += level[target, source] * seen
    return out


def movement(seed: int, scene: Scene, clock: Clock) -> list[Array]:
    """Return slow deflections of 0.2-1 s by movement, on one side each; one signal per channel."""
    rng = stream(seed, "movement")
    per_s = scene.settings.movement_per_min / 60.0
    out = [np.zeros(clock.n_samples) for _ in scene.channels]
    for _ in range(rng.poisson(per_s * scene.settings.duration_s)):
        length = int(rng.uniform(0.2, 1.0) * clock.sampling_hz)
        start = int(rng.integers(0, max(1, clock.n_samples - length)))
        shape = np.hanning(length) * np.sin(np.linspace(0.0, rng.uniform(2.0, 7.0), length))
        side = scene.channels[int(rng.integers(len(scene.channels)))][1]
        for signal, (_, here) in zip(out, scene.channels, strict=True):
            size = scene.settings.noise_uv * rng.uniform(10.0, 60.0) * (here is side)
            signal[start : start + length] += size * shape[: len(signal) - start]
    return [_high_passed(signal, scene.settings) if signal.any() else signal for signal in out]


def _high_passed(signal: Array, s: FreeRunning) -> Array:
    """Return a signal as the amplifier passes it on."""
    hz = np.fft.rfftfreq(len(signal), 1.0 / s.sampling_hz)
    passed: Array = np.fft.irfft(np.fft.rfft(signal) * _passed(hz, s.high_pass_hz), len(signal))
    return passed


def electrode_noise(rng: np.random.Generator, clock: Clock, s: FreeRunning) -> Array:
    """Return white and 1/f noise within the amplifier's band, its unrest and slow baseline, uV."""
    n = clock.n_samples
    spectrum = np.fft.rfft(rng.standard_normal(n, dtype=np.float32))
    hz = np.fft.rfftfreq(n, 1.0 / s.sampling_hz).astype(np.float32)
    hz[0] = hz[1]
    power = (1.0 + background.PINK_CORNER_HZ / hz) / (1.0 + (s.high_pass_hz / hz) ** 4)
    spectrum *= np.sqrt(power / (1.0 + (hz / s.low_pass_hz) ** 4))
    out = np.fft.irfft(spectrum, n).astype(np.float64)
    if s.heavy_tail:
        out *= np.exp(s.heavy_tail * background.slow(rng, clock, 20.0))
    out = to_rms(out, s.noise_uv)
    drift_uv = s.drift_uv * _passed(DRIFT_HZ, s.high_pass_hz)
    if drift_uv > 0.01 * s.noise_uv:
        out += drift_uv * background.slow(rng, clock, 1.0)
    return out


def _passed(hz: Any, corner_hz: float) -> Any:
    """Return what the amplifier's high-pass leaves of a frequency."""
    return 1.0 / np.sqrt(1.0 + (corner_hz / np.maximum(hz, 1e-3)) ** 4)


def surroundings(seed: int, channel: int, scene: Scene, clock: Clock) -> Array:
    """Return noise, mains and heart of one channel, uV."""
    s = scene.settings
    out = electrode_noise(stream(seed, "noise", channel), clock, s)
    if s.mains_uv:
        out += background.mains(stream(seed, "mains", channel), clock, s.mains_uv)
    if s.ecg_uv:
        share = float(stream(seed, "heart share", channel).uniform(0.3, 1.0))
        out += background.heart(stream(seed, "heart"), clock, s.ecg_uv * share)
    return out
