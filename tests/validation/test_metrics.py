from __future__ import annotations

from math import isnan

import numpy as np
import pytest

from amr_viewer.validation import metrics


def test_auc_of_perfect_reversed_and_tied_scores() -> None:
    high, low = np.array([0.8, 0.9]), np.array([0.1, 0.2, 0.3])
    assert metrics.area_under_curve(high, low) == 1.0
    assert metrics.area_under_curve(low, high) == 0.0
    assert metrics.area_under_curve(np.full(3, 0.5), np.full(4, 0.5)) == 0.5


def test_auc_counted_by_hand() -> None:
    positive, negative = np.array([1.0, 3.0]), np.array([1.0, 2.0])
    assert metrics.area_under_curve(positive, negative) == (0.5 + 0 + 1 + 1) / 4


def test_auc_of_chance_is_a_half() -> None:
    rng = np.random.default_rng(1)
    assert metrics.area_under_curve(rng.random(4000), rng.random(4000)) == pytest.approx(
        0.5, abs=0.02
    )


def test_auc_does_not_change_under_a_monotonic_map() -> None:
    rng = np.random.default_rng(2)
    a, b = rng.normal(1.0, 1.0, 200), rng.normal(0.0, 1.0, 300)
    assert metrics.area_under_curve(np.exp(a), np.exp(b)) == metrics.area_under_curve(a, b)


def test_sensitivity_at_a_false_rate() -> None:
    negative = np.arange(100) / 100.0
    positive = np.array([0.5, 0.985, 0.995, 1.0])
    assert metrics.sensitivity_at(positive, negative, 0.0) == 0.5
    assert metrics.sensitivity_at(positive, negative, 0.01) == 0.75
    assert metrics.sensitivity_at(positive, negative, 0.5) == 1.0
    assert metrics.sensitivity_at(positive, negative, 1.0) == 1.0


def test_ties_with_the_threshold_are_not_called() -> None:
    assert metrics.sensitivity_at(np.full(5, 0.5), np.full(5, 0.5), 0.2) == 0.0


def test_brier_score() -> None:
    truth = np.array([True, False])
    assert metrics.brier_score(np.array([1.0, 0.0]), truth) == 0.0
    assert metrics.brier_score(np.array([0.0, 1.0]), truth) == 1.0
    assert metrics.brier_score(np.array([0.5, 0.5]), truth) == 0.25


def test_calibration_error_counted_by_hand() -> None:
    probability = np.array([0.05, 0.05, 0.95, 0.95])
    truth = np.array([False, False, True, False])
    assert metrics.calibration_error(probability, truth) == pytest.approx((0.1 + 0.9) / 4)


def test_probabilities_that_come_true_are_calibrated() -> None:
    rng = np.random.default_rng(3)
    probability = rng.random(200_000)
    truth = rng.random(200_000) < probability
    assert metrics.calibration_error(probability, truth) < 0.01
    assert metrics.calibration_error(1.0 - probability, truth) > 0.4


def test_certainty_falls_into_the_last_bin() -> None:
    assert metrics.calibration_error(np.ones(3), np.ones(3, dtype=bool)) == 0.0


def test_nothing_gives_nan() -> None:
    none, some = np.zeros(0), np.ones(2)
    assert isnan(metrics.area_under_curve(none, some))
    assert isnan(metrics.sensitivity_at(some, none, 0.01))
    assert isnan(metrics.brier_score(none, none.astype(bool)))
    assert isnan(metrics.calibration_error(none, none.astype(bool)))
    assert isnan(metrics.median(none))
    assert isnan(metrics.quantile(none, 0.95))
