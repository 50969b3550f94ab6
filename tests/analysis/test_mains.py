"""Mains is estimated before the stimulus and taken away everywhere."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from amr_viewer.analysis.mains import subtract_mains
from tests.analysis.builders import DEFAULT, changed, noise, shape, sweeps_of

TIMES = sweeps_of(noise(1)).times_ms


def hum(frequency_hz: float, amplitude_uv: float, n: int = 12) -> NDArray[np.float32]:
    """Return mains of a phase that is another one in every sweep, (n, 1, n_times)."""
    phase = np.random.default_rng(5).uniform(0, 2 * np.pi, n)[:, None, None]
    wave = amplitude_uv * np.sin(2e-3 * np.pi * frequency_hz * TIMES + phase)
    return wave.astype(np.float32)


@pytest.mark.parametrize("frequency_hz", [50.0, 60.0])
def test_mains_is_found_and_subtracted(frequency_hz: float) -> None:
    clean = noise(12)
    data = clean + hum(frequency_hz, 30.0)
    amplitude = subtract_mains(data, TIMES, DEFAULT)
    np.testing.assert_allclose(amplitude, 30.0, atol=2.0)
    assert np.sqrt(np.mean((data - clean) ** 2)) < 1.5


@pytest.mark.parametrize("harmonic", [2, 3, 5, 7])
def test_harmonics_are_subtracted(harmonic: int) -> None:
    clean = noise(12)
    data = clean + hum(50.0, 30.0) + hum(50.0 * harmonic, 10.0)
    subtract_mains(data, TIMES, DEFAULT)
    assert np.sqrt(np.mean((data - clean) ** 2)) < 2.0


def test_a_response_is_left_alone() -> None:
    response = (100.0 * shape(TIMES, 10.0)).astype(np.float32)
    data, alone = (noise(12) + hum(50.0, 30.0) for _ in range(2))
    data += response
    subtract_mains(data, TIMES, DEFAULT)
    subtract_mains(alone, TIMES, DEFAULT)
    np.testing.assert_allclose(data - alone, np.broadcast_to(response, data.shape), atol=0.01)


def test_without_mains_nothing_is_subtracted() -> None:
    data, clean = noise(12), noise(12)
    amplitude = subtract_mains(data, TIMES, DEFAULT)
    np.testing.assert_array_equal(data, clean)
    assert (amplitude == 0.0).all()


def test_off_and_the_other_frequency_leave_mains_in() -> None:
    for choice in ("off", "60"):
        data = noise(12) + hum(50.0, 30.0)
        before = data.copy()
        subtract_mains(data, TIMES, changed(mains_hz=choice))
        assert np.sqrt(np.mean((data - before) ** 2)) < 5.0


def test_a_baseline_too_short_to_tell_is_left_alone() -> None:
    data = hum(50.0, 30.0)[..., 1000:]
    before = data.copy()
    subtract_mains(data, TIMES[1000:], DEFAULT)
    np.testing.assert_array_equal(data, before)


def test_channels_are_told_apart() -> None:
    data = noise(12, 2)
    data[:, 0] += hum(50.0, 30.0)[:, 0]
    quiet = data[:, 1].copy()
    amplitude = subtract_mains(data, TIMES, DEFAULT)
    assert (amplitude[:, 0] > 25.0).all()
    np.testing.assert_array_equal(data[:, 1], quiet)
