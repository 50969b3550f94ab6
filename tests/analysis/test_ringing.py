"""An amplifier that rings after its rail is recognized, muscle is not taken for ringing."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from amr_viewer.analysis.conditioning import Sweeps
from amr_viewer.analysis.nuisance import clean_channel
from amr_viewer.analysis.ringing import find_ringing
from tests.analysis.builders import DEFAULT, noise, shape, sweeps_of

N = 20
GOOD = np.ones(N, bool)
TIMES = sweeps_of(noise(1)).times_ms


def railed(wave: NDArray) -> Sweeps:
    """Return sweeps that stood at the rail until 2 ms."""
    data = noise(N) + wave.astype(np.float32)
    blank = np.full((N, 1), 2.5, np.float32)
    return sweeps_of(data, saturated_ms=np.full((N, 1), 2.0, np.float32), blank_end_ms=blank)


def ring(frequency_hz: float, decay_ms: float) -> NDArray:
    """Return ringing whose size and phase change from sweep to sweep, (n, 1, n_times)."""
    rng = np.random.default_rng(2)
    phase, size = rng.uniform(0, 2 * np.pi, (N, 1, 1)), rng.uniform(200, 500, (N, 1, 1))
    t = TIMES - 2.0
    wave = np.sin(2e-3 * np.pi * frequency_hz * t + phase) * np.exp(-np.maximum(t, 0) / decay_ms)
    return np.where(t > 0, size * wave, 0.0)


@pytest.mark.parametrize(("frequency_hz", "decay_ms"), [(300.0, 3.0), (500.0, 2.0), (200.0, 2.5)])
def test_ringing_is_recognized_and_taken_away(frequency_hz: float, decay_ms: float) -> None:
    sweeps = railed(ring(frequency_hz, decay_ms))
    assert find_ringing(sweeps, 0, GOOD, DEFAULT).shape == (2, len(TIMES))
    cleaned = clean_channel(sweeps, 0, None, GOOD, DEFAULT)
    window = (TIMES > 6.5) & (TIMES < 30.0)
    doubted = np.sqrt(5.0**2 + cleaned.envelope_uv[window] ** 2)
    assert np.sqrt(np.mean((cleaned.data_uv[:, window] / doubted) ** 2)) < 1.3


def test_without_a_rail_there_is_no_ringing() -> None:
    data = noise(N) + ring(300.0, 3.0).astype(np.float32)
    assert find_ringing(sweeps_of(data), 0, GOOD, DEFAULT).shape == (0, len(TIMES))


def test_a_response_after_the_rail_is_no_ringing() -> None:
    sweeps = railed(np.broadcast_to(100.0 * shape(TIMES, 8.0), (N, 1, len(TIMES))))
    assert find_ringing(sweeps, 0, GOOD, DEFAULT).shape == (0, len(TIMES))
