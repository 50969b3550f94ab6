"""Shapes are learned through jitter and absence, and no sweep is judged by its own shape."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from amr_viewer.analysis.template import learn_shapes, score
from tests.analysis.builders import shape

N_TIMES, REACH, STEP = 250, 15, 0.1
TIMES = np.arange(N_TIMES) * STEP


def run(
    n: int, size: float, jitter_ms: float = 0.3, persistence: float = 1.0, seed: int = 0
) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.float64]]:
    """Return white sweeps with a response, where it is, and its lags in samples."""
    rng = np.random.default_rng(seed)
    lag = jitter_ms * rng.standard_normal(n)
    there = rng.random(n) < persistence
    clean = np.stack([size * shape(TIMES, 9.0 + x) for x in lag]) * there[:, None]
    return (clean + rng.standard_normal((n, N_TIMES))).astype(np.float32), there, lag / STEP


def learn(white: NDArray[np.float32]):
    return learn_shapes(white, np.ones(len(white), bool), REACH, 5.0, 5.0)


@pytest.mark.parametrize("jitter_ms", [0.05, 0.3, 0.6])
def test_shape_is_recovered_through_jitter(jitter_ms: float) -> None:
    white, _, _ = run(40, 12.0, jitter_ms)
    expected = 12.0 * shape(TIMES, 9.0)
    for learned in learn(white).shape:
        lags = range(-4, 5)
        match = max(np.corrcoef(np.roll(learned, k), expected)[0, 1] for k in lags)
        assert match > 0.95
        assert np.ptp(learned) == pytest.approx(12.0, rel=0.15)


def test_lags_are_recovered() -> None:
    white, _, lag = run(40, 14.0)
    shapes = learn(white)
    found = score(white, shapes, shapes.fold, REACH).lag
    error = (found - found.mean()) - (lag - lag.mean())
    assert np.sqrt(np.mean(error**2)) < 1.0


def test_presence_is_recovered_where_it_comes_and_goes() -> None:
    white, there, _ = run(60, 12.0, persistence=0.35)
    shapes = learn(white)
    log_bayes = score(white, shapes, shapes.fold, REACH).log_bayes
    np.testing.assert_array_equal(log_bayes > np.log(20.0), there)


def test_every_fold_is_learned_without_the_sweeps_that_it_judges() -> None:
    white, _, _ = run(20, 12.0)
    shapes = learn(white)
    spoiled = white.copy()
    spoiled[3, 120:160] += 200.0
    other = learn(spoiled)
    np.testing.assert_array_equal(other.fold, shapes.fold)
    own = shapes.fold[3]
    np.testing.assert_allclose(other.shape[own], shapes.shape[own], atol=0.05 * 12.0)


@pytest.mark.parametrize(("n", "folds"), [(3, 3), (10, 10), (60, 10), (150, 5), (400, 2)])
def test_folds_are_of_equal_size(n: int, folds: int) -> None:
    white, _, _ = run(n, 8.0)
    shapes = learn(white)
    assert len(shapes.shape) == folds
    counts = np.bincount(shapes.fold)
    assert counts.max() - counts.min() <= 1


def test_noise_teaches_next_to_nothing() -> None:
    white = np.random.default_rng(0).standard_normal((40, N_TIMES)).astype(np.float32)
    shapes = learn(white)
    assert np.sqrt((shapes.shape**2).sum(axis=1)).max() < 2.5
    log_bayes = score(white, shapes, shapes.fold, REACH).log_bayes
    assert (log_bayes > np.log(20.0)).mean() < 0.05


def test_rejected_sweeps_teach_nothing() -> None:
    white, _, _ = run(30, 12.0)
    good = np.ones(30, bool)
    good[5] = False
    spoiled = white.copy()
    spoiled[5] = 1e4
    one, other = (learn_shapes(w, good, REACH, 5.0, 5.0) for w in (white, spoiled))
    np.testing.assert_array_equal(one.shape, other.shape)


@pytest.mark.parametrize("n_good", [0, 1, 2])
def test_too_few_sweeps_have_no_shape(n_good: int) -> None:
    white, _, _ = run(8, 12.0)
    shapes = learn_shapes(white, np.arange(8) < n_good, REACH, 5.0, 5.0)
    assert not shapes.shape.any()
