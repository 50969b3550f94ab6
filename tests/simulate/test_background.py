from __future__ import annotations

import numpy as np
import pytest

from amr_viewer.simulate import background
from amr_viewer.simulate.background import Clock
from amr_viewer.simulate.scenario import Acquisition, Background

CLOCK = Clock(10_000.0, np.arange(100_000) / 10_000.0)
SETUP = Acquisition(sampling_hz=10_000.0)


def rng() -> np.random.Generator:
    return np.random.default_rng(11)


def excess(signal: np.ndarray) -> float:
    """Kurtosis above that of a Gaussian."""
    z = (signal - signal.mean()) / signal.std()
    return float(np.mean(z**4) - 3.0)


def test_noise_has_its_level() -> None:
    out = background.noise(rng(), CLOCK, SETUP, Background(noise_uv=6.0, drift_uv=0.0))
    assert np.sqrt(np.mean(out**2)) == pytest.approx(6.0, rel=0.01)


def test_noise_rises_towards_low_frequencies() -> None:
    out = background.amplifier_noise(rng(), CLOCK, SETUP)
    power = np.abs(np.fft.rfft(out)) ** 2
    hz = np.fft.rfftfreq(len(out), 1e-4)
    low, high = (power[(hz > a) & (hz < b)].mean() for a, b in ((20, 40), (1000, 2000)))
    assert low > 2.0 * high
    assert power[hz < 2].mean() < 0.2 * low


def test_unrest_makes_heavy_tails() -> None:
    calm, restless = (
        background.noise(rng(), CLOCK, SETUP, Background(heavy_tail=h, drift_uv=0.0))
        for h in (0.0, 0.8)
    )
    assert abs(excess(calm)) < 0.15
    assert excess(restless) > 1.0


def test_mains_have_their_frequency_also_across_a_pause() -> None:
    times = np.concatenate((CLOCK.times_s[:50_000], CLOCK.times_s[50_000:] + 3.003))
    out = background.mains(rng(), Clock(10_000.0, times), 10.0)
    basis = np.stack([np.sin(100 * np.pi * times), np.cos(100 * np.pi * times)], axis=1)
    weight, *_ = np.linalg.lstsq(basis, out, rcond=None)
    assert np.hypot(*weight) == pytest.approx(10.0, rel=0.02)


def test_heart_beats_about_once_a_second() -> None:
    out = background.heart(rng(), CLOCK, 60.0)
    beats = np.count_nonzero(np.diff(np.flatnonzero(np.abs(out) > 1.0)) > 1000) + 1
    assert 9 <= beats <= 14
    assert 40.0 < np.ptp(out) < 80.0


def test_voluntary_activity_has_its_level() -> None:
    out = background.voluntary(rng(), CLOCK, 20.0, needle=False)
    assert np.sqrt(np.mean(out**2)) == pytest.approx(20.0, rel=1e-6)


def test_clonic_discharges_come_in_bursts() -> None:
    intervals = np.diff(np.sort(background.clonic_times(rng(), CLOCK)))
    assert np.median(intervals) < 0.007
    assert np.quantile(intervals, 0.98) > 0.05


def test_tonic_spasm_fills_the_middle_half() -> None:
    times = background.tonic_times(rng(), CLOCK)
    assert 2.5 <= times.min() < 2.6
    assert 7.4 < times.max() < 7.5


def test_pops_are_rare_and_large() -> None:
    out = background.pops(rng(), CLOCK, 60.0)
    assert np.abs(out).max() > 100.0
    assert np.median(np.abs(out)) < 1.0
