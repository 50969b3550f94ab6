"""Averages and spreads that outliers cannot pull away."""

from __future__ import annotations

import numpy as np
import pytest

from amr_viewer.analysis.robust import detrended, quick_median, robust_mean, robust_sigma


def test_robust_mean_is_the_mean_of_noise() -> None:
    x = np.random.default_rng(0).standard_normal((200, 50))
    np.testing.assert_allclose(robust_mean(x), x.mean(axis=0), atol=0.05)


def test_robust_mean_hardly_sees_a_burst() -> None:
    x = np.random.default_rng(0).standard_normal((40, 50))
    spoiled = x.copy()
    spoiled[3] += 1000.0
    assert np.abs(robust_mean(spoiled) - robust_mean(x)).max() < 0.2


@pytest.mark.parametrize("n", [1, 2, 4])
def test_few_sweeps_have_their_mean(n: int) -> None:
    x = np.arange(10.0 * n).reshape(n, 10)
    np.testing.assert_allclose(robust_mean(x), x.mean(axis=0))


def test_detrended_takes_lines_and_leaves_noise() -> None:
    noise = np.random.default_rng(0).standard_normal((3, 500)).astype(np.float32)
    line = np.linspace(-200.0, 300.0, 500, dtype=np.float32)
    np.testing.assert_allclose(
        detrended(noise + line, 10_000.0), detrended(noise, 10_000.0), atol=2e-3
    )
    assert np.std(detrended(noise, 10_000.0)) == pytest.approx(1.0, abs=0.05)


def test_robust_sigma() -> None:
    x = 3.0 * np.random.default_rng(0).standard_normal(5000)
    assert robust_sigma(x) == pytest.approx(3.0, rel=0.05)
    x[:200] = 1e6
    assert robust_sigma(x) == pytest.approx(3.0, rel=0.1)
    assert robust_sigma(np.empty(0)) == 0.0


def test_quick_median() -> None:
    assert quick_median(np.arange(101.0)) == 50.0
    assert quick_median(np.arange(10_001.0)) == pytest.approx(5000.0, abs=50.0)
