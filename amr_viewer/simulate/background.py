"""What a channel records without stimuli: noise, interference, heart, and muscle of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amr_viewer.simulate.potentials import Array, Potentials, render
from amr_viewer.simulate.scenario import Acquisition, Background

PINK_CORNER_HZ = 150.0
MAINS_HZ = 50.0
HEART_HZ = 1.15


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """The samples that are stored, and when they were taken.

    Attributes
    ----------
    sampling_hz : float
    times_s : ndarray, shape (n_samples,)
        Time of every stored sample from the start of the recording; jumps where it was paused.
    """

    sampling_hz: float
    times_s: Array

    @property
    def n_samples(self) -> int:
        """Samples stored per channel."""
        return len(self.times_s)


def amplifier_noise(rng: np.random.Generator, clock: Clock, setup: Acquisition) -> Array:
    """Return Gaussian noise of RMS 1: white plus 1/f, within the amplifier's band."""
    n_fft = 1 << (clock.n_samples - 1).bit_length()
    spectrum = np.fft.rfft(rng.standard_normal(n_fft))
    hz = np.fft.rfftfreq(n_fft, 1.0 / clock.sampling_hz)
    hz[0] = hz[1]
    high = 1.0 / np.sqrt(1.0 + (setup.high_pass_hz / hz) ** 4)
    low = 1.0 / np.sqrt(1.0 + (hz / setup.low_pass_hz) ** 4)
    noise = np.fft.irfft(spectrum * np.sqrt(1.0 + PINK_CORNER_HZ / hz) * high * low, n_fft)
    return to_rms(noise[: clock.n_samples])


def to_rms(signal: Array, rms: float = 1.0) -> Array:
    """Scale a signal to an RMS; silence stays silence."""
    power = float(np.sqrt(np.mean(signal**2)))
    return signal * (rms / power) if power > 0.0 else signal


def slow(rng: np.random.Generator, clock: Clock, cutoff_hz: float) -> Array:
    """Return a smooth random course of RMS 1 that holds no faster changes than `cutoff_hz`."""
    duration_s = clock.n_samples / clock.sampling_hz
    knots = rng.standard_normal(int(duration_s * cutoff_hz * 2) + 4)
    smooth = np.convolve(np.repeat(knots, 8), np.hanning(17) / 8.0, mode="same")
    place = np.linspace(8.0, len(smooth) - 9.0, clock.n_samples)
    return to_rms(np.interp(place, np.arange(len(smooth)), smooth))


def noise(rng: np.random.Generator, clock: Clock, setup: Acquisition, level: Background) -> Array:
    """Return the amplifier's and electrode's noise in uV, with its unrest and slow baseline.

    The unrest is a lognormal course of the level: a scale mixture of Gaussians, which has the
    heavy tails of real baselines.
    """
    out = amplifier_noise(rng, clock, setup)
    if level.heavy_tail > 0.0:
        out = to_rms(out * np.exp(level.heavy_tail * slow(rng, clock, 20.0)))
    out *= level.noise_uv
    if level.drift_uv > 0.0:
        out += level.drift_uv * slow(rng, clock, 1.0)
    return out


def mains(rng: np.random.Generator, clock: Clock, amplitude_uv: float) -> Array:
    """Return 50 Hz with third and fifth harmonics, of random phase."""
    angle = 2.0 * np.pi * MAINS_HZ * clock.times_s
    parts = ((1, 1.0), (3, 0.25), (5, 0.1))
    phase = rng.uniform(0.0, 2.0 * np.pi, len(parts))
    out = np.zeros(clock.n_samples)
    for (harmonic, size), shift in zip(parts, phase, strict=True):
        out += amplitude_uv * size * np.sin(harmonic * angle + shift)
    return out


def heart(rng: np.random.Generator, clock: Clock, amplitude_uv: float) -> Array:
    """Return QRS complexes of 80 ms at about 70 per minute."""
    n_beats = int(clock.n_samples / clock.sampling_hz * HEART_HZ) + 2
    beats = np.cumsum(rng.normal(1.0 / HEART_HZ, 0.04, n_beats)) - rng.uniform(0.0, 1.0)
    return _trains(clock, beats, amplitude_uv * np.ones(n_beats), 80.0, 3)


def pops(rng: np.random.Generator, clock: Clock, per_minute: float) -> Array:
    """Return electrode pops: steps of 100-500 uV that decay within 20-60 ms."""
    count = rng.poisson(per_minute * clock.n_samples / clock.sampling_hz / 60.0)
    out = np.zeros(clock.n_samples)
    for start in rng.integers(0, clock.n_samples, count):
        tau = rng.uniform(0.02, 0.06) * clock.sampling_hz
        part = np.arange(min(int(6 * tau), clock.n_samples - start))
        size_uv = rng.choice((-1.0, 1.0)) * rng.uniform(100.0, 500.0)
        out[start : start + len(part)] += size_uv * np.exp(-part / tau)
    return out


def voluntary(rng: np.random.Generator, clock: Clock, rms_uv: float, *, needle: bool) -> Array:
    """Return an interference pattern of 12 motor units, each at its own 8-20 Hz, in waves."""
    duration_s = clock.n_samples / clock.sampling_hz
    trains = []
    for rate_hz in rng.uniform(8.0, 20.0, 12):
        interval = rng.normal(1.0 / rate_hz, 0.2 / rate_hz, int(duration_s * rate_hz * 1.3) + 2)
        times = np.cumsum(np.maximum(interval, 0.02)) - rng.uniform(0.0, 0.1)
        size = np.full(len(times), rng.lognormal(0.0, 0.5))
        length_ms = rng.uniform(0.5, 1.0) if needle else rng.uniform(1.5, 3.0)
        trains.append(_trains(clock, times, size, length_ms, int(rng.integers(2, 4))))
    return to_rms(np.sum(trains, axis=0) * (1.0 + 0.4 * slow(rng, clock, 2.0)), rms_uv)


def clonic_times(rng: np.random.Generator, clock: Clock) -> Array:
    """Return the discharge times of clonic bursts, in seconds of stored time.

    Salvos of bursts; a burst holds 4-15 discharges at 150-300 Hz (the 250-350 Hz of Nielsen 1984
    are those within the afterdischarge). Nothing ties them to the stimuli.
    """
    duration_s = clock.n_samples / clock.sampling_hz
    starts = np.cumsum(rng.exponential(0.3, int(duration_s / 0.25) + 2))
    bursts = [
        start + np.cumsum(rng.normal(1.0 / rate, 0.1 / rate, count))
        for start, rate, count in zip(
            starts,
            rng.uniform(150.0, 300.0, len(starts)),
            rng.integers(4, 16, len(starts)),
            strict=True,
        )
    ]
    return np.concatenate(bursts)


def tonic_times(rng: np.random.Generator, clock: Clock) -> Array:
    """Return the discharge times of one tonic spasm over the middle half of the recording."""
    duration_s = clock.n_samples / clock.sampling_hz
    interval = rng.gamma(4.0, 1.0 / 90.0 / 4.0, int(duration_s * 90.0))
    times = duration_s / 4.0 + np.cumsum(interval)
    return times[times < duration_s * 0.75]


def spasm(rng: np.random.Generator, clock: Clock, times_s: Array, size_uv: float) -> Array:
    """Return a spasm in one muscle; every muscle of the side is given the same times."""
    own = times_s + rng.normal(0.0, 0.5e-3, len(times_s)) + rng.uniform(0.0, 1.5e-3)
    sizes = size_uv * rng.lognormal(0.0, 0.4, len(times_s))
    return _trains(clock, own, sizes, float(rng.uniform(2.0, 4.0)), 3)


def _trains(
    clock: Clock, times_s: Array, size_uv: Array, length_ms: float, phases: int
) -> NDArray[np.float64]:
    """Render one potential at many times of stored time."""
    return render(
        Potentials(
            start=times_s * clock.sampling_hz,
            length=np.full(len(times_s), length_ms * 1e-3 * clock.sampling_hz),
            size_uv=size_uv,
            phases=np.full(len(times_s), phases),
        ),
        clock.n_samples,
    )
