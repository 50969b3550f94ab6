"""Onset, peaks, end, amplitude, area, phases and after-discharge of known responses."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from amr_viewer.analysis.measures import Measures, measure_channel
from tests.analysis.builders import DEFAULT, cleaned_of, noise, shape, sweeps_of

TIMES = sweeps_of(noise(1)).times_ms
N = 24
EVERY = np.ones(N, bool)


def measured(
    onset_ms: NDArray | float,
    size_uv: float = 100.0,
    duration_ms: float = 5.0,
    noise_uv: float = 5.0,
    seed: int = 0,
    present: NDArray[np.bool_] = EVERY,
    also: NDArray | float = 0.0,
) -> Measures:
    """Measure responses of known onsets; the detector's lags are taken as perfect."""
    onsets = np.broadcast_to(onset_ms, N).astype(float)
    wave = np.stack([size_uv * shape(TIMES, x, duration_ms) for x in onsets])
    data = noise(N, seed=seed, uv=noise_uv)
    data[:, 0] += (wave + also).astype(np.float32)
    sweeps = sweeps_of(data)
    return measure_channel(
        sweeps, 0, cleaned_of(sweeps), onsets - onsets.mean(), present,
        np.full(N, noise_uv), DEFAULT,
    )  # fmt: skip


def true_onset(duration_ms: float) -> float:
    """Return how long after its beginning a response reaches 2 % of its peak to peak."""
    t = np.linspace(0.0, duration_ms, 10_001)
    return float(t[np.argmax(np.abs(shape(t, 0.0, duration_ms)) > 0.02)])


@pytest.mark.parametrize("noise_uv", [1.0, 5.0, 10.0])
@pytest.mark.parametrize("duration_ms", [3.0, 5.0, 8.0])
def test_onset_is_unbiased(noise_uv: float, duration_ms: float) -> None:
    errors = [
        np.median(measured(10.0, 100.0, duration_ms, noise_uv, seed).onset_ms)
        - (10.0 + true_onset(duration_ms))
        for seed in range(10)
    ]
    assert abs(np.median(errors)) <= 0.2
    assert np.max(np.abs(errors)) <= 1.0


@pytest.mark.parametrize("onset_ms", [7.0, 12.0, 18.0])
def test_onset_is_found_anywhere_in_the_window(onset_ms: float) -> None:
    found = np.median(measured(onset_ms).onset_ms)
    assert found == pytest.approx(onset_ms + true_onset(5.0), abs=0.2)


def test_onset_follows_the_lag_of_each_sweep() -> None:
    onsets = 10.0 + 0.4 * np.random.default_rng(4).standard_normal(N)
    found = measured(onsets).onset_ms
    np.testing.assert_allclose(found - found.mean(), onsets - onsets.mean(), atol=1e-6)


@pytest.mark.parametrize("size_uv", [30.0, 60.0, 200.0, 1000.0])
def test_amplitude_is_within_ten_percent(size_uv: float) -> None:
    assert np.median(measured(10.0, size_uv).amplitude_uv) == pytest.approx(size_uv, rel=0.1)


def test_amplitude_of_single_sweeps_is_not_that_of_their_noise() -> None:
    found = measured(10.0, 60.0, noise_uv=6.0).amplitude_uv
    assert np.abs(found - 60.0).max() < 20.0


def test_peaks_lie_where_they_are() -> None:
    fine = np.linspace(0.0, 5.0, 50_001)
    wave = shape(fine, 0.0, 5.0)
    found = measured(10.0, noise_uv=1.0)
    assert np.median(found.peak_ms) == pytest.approx(10.0 + fine[wave.argmin()], abs=0.1)
    assert np.median(found.positive_peak_ms) == pytest.approx(10.0 + fine[wave.argmax()], abs=0.1)


def test_end_and_area() -> None:
    found = measured(10.0, noise_uv=1.0)
    assert np.median(found.end_ms) == pytest.approx(15.0, abs=0.5)
    fine = np.linspace(0.0, 5.0, 50_001)
    area = 100.0 * np.abs(shape(fine, 0.0, 5.0)).sum() * (fine[1] - fine[0])
    assert np.median(found.area_uv_ms) == pytest.approx(area, rel=0.05)


@pytest.mark.parametrize("halves", [1, 2, 3, 5])
def test_phases_are_counted(halves: int) -> None:
    u = (TIMES - 10.0) / (1.5 * halves)
    wave = np.where((u > 0) & (u < 1), 60.0 * np.sin(np.pi * halves * u), 0.0)
    found = measured(10.0, 0.0, noise_uv=1.0, also=wave)
    assert (found.phases == halves).all()


def test_afterdischarge_is_seen_where_it_is() -> None:
    later = np.zeros((N, len(TIMES)))
    later[::2] = 150.0 * shape(TIMES, 30.0, 5.0)
    found = measured(10.0, also=later)
    assert found.afterdischarge.tolist() == [i % 2 == 0 for i in range(N)]


def test_only_present_sweeps_are_measured() -> None:
    present = np.arange(N) % 3 == 0
    found = measured(10.0, present=present)
    for name in ("onset_ms", "peak_ms", "end_ms", "amplitude_uv", "area_uv_ms", "phases"):
        np.testing.assert_array_equal(np.isfinite(getattr(found, name)), present)
    assert not found.afterdischarge[~present].any()


def test_nothing_present_is_nothing_measured() -> None:
    found = measured(10.0, present=np.zeros(N, bool))
    assert np.isnan(found.onset_ms).all()
    assert not found.afterdischarge.any()


@pytest.mark.parametrize("n", [1, 2, 3])
def test_few_present_sweeps_are_measured_too(n: int) -> None:
    found = measured(10.0, 200.0, present=np.arange(N) < n)
    np.testing.assert_allclose(found.onset_ms[:n], 10.0 + true_onset(5.0), atol=0.35)
    np.testing.assert_allclose(found.amplitude_uv[:n], 200.0, rtol=0.15)
