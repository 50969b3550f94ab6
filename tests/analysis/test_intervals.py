"""Exact intervals and tests, against numbers from tables."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amr_viewer.analysis.intervals import (
    chance_of_at_least,
    clopper_pearson,
    holm,
    median_interval,
    upper_bound,
)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(0, 20, 0.0, 0.1684), (20, 20, 0.8316, 1.0), (1, 10, 0.0025, 0.4450), (5, 10, 0.1871, 0.8129)],
)
def test_clopper_pearson(k: int, n: int, low: float, high: float) -> None:
    assert clopper_pearson(k, n) == pytest.approx((low, high), abs=5e-5)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(n=st.integers(1, 200), share=st.floats(0.0, 1.0))
def test_interval_holds_the_share_and_mirrors(n: int, share: float) -> None:
    k = round(share * n)
    low, high = clopper_pearson(k, n)
    assert 0.0 <= low <= k / n <= high <= 1.0
    mirrored = clopper_pearson(n - k, n)
    assert mirrored == pytest.approx((1.0 - high, 1.0 - low), abs=1e-9)


def test_nothing_tried_is_nothing_known() -> None:
    assert np.isnan(clopper_pearson(0, 0)).all()


@pytest.mark.parametrize(("k", "n", "bound"), [(0, 20, 0.1391), (1, 20, 0.2161), (20, 20, 1.0)])
def test_upper_bound(k: int, n: int, bound: float) -> None:
    assert upper_bound(k, n) == pytest.approx(bound, abs=5e-5)


@pytest.mark.parametrize(
    ("k", "n", "rate", "chance"),
    [(0, 5, 0.1, 1.0), (1, 2, 0.5, 0.75), (2, 2, 0.5, 0.25), (1, 3, 0.1, 0.271), (3, 3, 0.1, 1e-3)],
)
def test_chance_of_at_least(k: int, n: int, rate: float, chance: float) -> None:
    assert chance_of_at_least(k, n, rate) == pytest.approx(chance)


def test_holm_steps_down_and_never_back() -> None:
    p = np.array([0.01, 0.04, 0.03, np.nan, 0.02])
    np.testing.assert_allclose(holm(p), [0.04, 0.06, 0.06, np.nan, 0.06])
    np.testing.assert_allclose(holm(np.array([0.6, 0.5])), [1.0, 1.0])


def test_median_interval() -> None:
    values = np.random.default_rng(1).normal(10.0, 1.0, 100)
    middle, low, high = median_interval(values)
    assert middle == np.median(values)
    assert low < middle < high
    # The standard error of a median is 1.25 sigma / sqrt(n).
    assert high - low == pytest.approx(2 * 1.96 * 1.25 * 0.1, rel=0.4)
    assert median_interval(values) == (middle, low, high)


def test_median_of_many_has_a_narrow_interval() -> None:
    values = np.random.default_rng(2).normal(10.0, 1.0, 10_000)
    _, low, high = median_interval(values)
    assert high - low == pytest.approx(2 * 1.96 * 1.25 * 0.01, rel=0.5)


@pytest.mark.parametrize("values", [[], [np.nan]])
def test_median_of_nothing_is_unknown(values: list[float]) -> None:
    assert np.isnan(median_interval(np.array(values))).all()


def test_median_of_two_has_no_interval() -> None:
    middle, low, high = median_interval(np.array([1.0, 3.0, np.nan]))
    assert middle == 2.0
    assert np.isnan([low, high]).all()
