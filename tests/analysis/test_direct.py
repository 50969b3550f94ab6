"""The M response: amplitude, onset, and which stimuli failed."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from amr_viewer.analysis.direct import DirectResponse, measure_direct
from tests.analysis.builders import DEFAULT, noise, shape, sweeps_of

TIMES = sweeps_of(noise(1)).times_ms
N = 30

EXCURSION_MS = 0.3
"""After this the M of these tests has left zero by 2 % of its peak to peak."""


def direct(
    size: NDArray | float = 1.0, onset_ms: float = 3.0, uv: float = 1500.0, tail_uv: float = 0.0
) -> DirectResponse:
    """Measure M responses of known size in noise of 5 uV RMS."""
    data = noise(N)
    sizes = np.broadcast_to(size, N)[:, None]
    tail = np.where(TIMES > 0.5, tail_uv * np.exp(-np.maximum(TIMES, 0.0) / 3.0), 0.0)
    data[:, 0] += (uv * sizes * shape(TIMES, onset_ms, 6.0) + tail).astype(np.float32)
    return measure_direct(sweeps_of(data), 0, DEFAULT)


def test_amplitude_is_that_of_each_sweep() -> None:
    sizes = np.linspace(0.8, 1.2, N)
    np.testing.assert_allclose(direct(sizes).amplitude_uv, 1500.0 * sizes, rtol=0.02)


@pytest.mark.parametrize("onset_ms", [1.8, 2.5, 3.0, 4.0, 5.0])
def test_onset_of_m(onset_ms: float) -> None:
    assert direct(onset_ms=onset_ms).onset_ms == pytest.approx(onset_ms, abs=0.3)


@pytest.mark.parametrize("rate", [5000.0, 10_000.0, 16_000.0])
def test_onset_of_m_does_not_hang_on_the_sampling_rate(rate: float) -> None:
    n = int(0.195 * rate)
    times = np.arange(n) * 1e3 / rate - 120.0
    data = 5.0 * np.random.default_rng(0).standard_normal((N, 1, n))
    data += 1500.0 * shape(times, 3.0, 6.0)
    found = measure_direct(sweeps_of(data, rate=rate), 0, DEFAULT)
    assert found.onset_ms == pytest.approx(3.0 + EXCURSION_MS, abs=0.4)


def test_missing_m_has_no_ratio() -> None:
    sizes = np.ones(N)
    sizes[[4, 20]] = 0.0
    ratio = direct(sizes).ratio
    np.testing.assert_allclose(ratio[[4, 20]], 0.0, atol=0.05)
    np.testing.assert_allclose(np.delete(ratio, [4, 20]), 1.0, atol=0.05)


def test_slow_decline_is_no_failure() -> None:
    assert direct(np.linspace(1.0, 0.3, N)).ratio.min() > 0.5


def test_tail_of_the_artefact_does_not_hide_a_failure() -> None:
    sizes = np.ones(N)
    sizes[7] = 0.0
    ratio = direct(sizes, tail_uv=1500.0).ratio
    assert ratio[7] < 0.3
    assert np.delete(ratio, 7).min() > 0.7


def test_many_failures_are_still_failures() -> None:
    sizes = np.where(np.arange(N) % 5 < 2, 0.0, 1.0)
    np.testing.assert_array_equal(direct(sizes).ratio < 0.5, sizes == 0.0)


def test_noise_is_no_m() -> None:
    assert not direct(uv=0.0).measurable


def test_a_tail_alone_is_no_m() -> None:
    assert not direct(uv=0.0, tail_uv=800.0).measurable


def test_a_late_response_is_no_m() -> None:
    assert not direct(onset_ms=9.0).measurable


def test_mean_is_that_of_whole_responses() -> None:
    sizes = np.where(np.arange(N) % 5 < 2, 0.0, 1.0)
    assert np.ptp(direct(sizes).mean_uv) == pytest.approx(1500.0, rel=0.03)
