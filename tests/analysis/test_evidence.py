"""The Bayes factor is an honest one, and finds shift and size."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from amr_viewer.analysis.evidence import Posterior, posterior
from amr_viewer.analysis.template import Shapes, score
from tests.analysis.builders import shape

N_TIMES, REACH = 200, 15
TIMES = np.arange(N_TIMES) * 0.1


def scored(windows: NDArray, template: NDArray, spread: float = 5.0):
    """Score windows against one template."""
    shapes = Shapes(template[None].astype(np.float32), np.zeros(len(windows), np.intp), spread)
    return score(windows.astype(np.float32), shapes, shapes.fold, REACH)


@pytest.mark.parametrize("size", [0.5, 1.0])
def test_mean_bayes_factor_is_one_on_noise(size: float) -> None:
    """A Bayes factor averages to one; a larger shape's mean rests on events too rare to draw."""
    rng = np.random.default_rng(1)
    factor = np.exp(scored(rng.standard_normal((40_000, N_TIMES)), size * shape(TIMES, 8.0))
                    .log_bayes)  # fmt: skip
    assert np.mean(factor) == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("limit", [3.0, 10.0, 30.0, 100.0])
def test_noise_seldom_reaches_a_large_bayes_factor(limit: float) -> None:
    rng = np.random.default_rng(2)
    log_bayes = scored(rng.standard_normal((20_000, N_TIMES)), 4.0 * shape(TIMES, 8.0)).log_bayes
    assert np.mean(log_bayes > np.log(limit)) <= 1.3 / limit


@pytest.mark.parametrize("shift", [-9.0, -2.4, 0.0, 0.5, 3.3, 11.0])
def test_shift_is_found_between_samples(shift: float) -> None:
    template = 20.0 * shape(TIMES, 8.0)
    moved = 20.0 * shape(TIMES, 8.0 + 0.1 * shift)[None]
    assert scored(moved, template).lag[0] == pytest.approx(shift, abs=0.15)


@pytest.mark.parametrize("size", [0.5, 1.0, 1.5])
def test_size_is_found(size: float) -> None:
    template = 20.0 * shape(TIMES, 8.0)
    assert scored(size * template[None], template).size[0] == pytest.approx(size, abs=0.05)


def test_a_response_upside_down_is_none() -> None:
    template = 10.0 * shape(TIMES, 8.0, 8.0)
    upright, inverted = (scored(s * template[None], template).log_bayes[0] for s in (1, -1))
    assert upright > 20.0
    assert inverted < upright - 15.0


def test_a_burst_of_other_activity_is_no_evidence() -> None:
    rng = np.random.default_rng(3)
    template = 6.0 * shape(TIMES, 8.0)
    bursts = 6.0 * rng.standard_normal((2000, N_TIMES))
    assert np.mean(scored(bursts, template).log_bayes > np.log(20.0)) < 0.05


def test_no_shape_is_no_evidence() -> None:
    rng = np.random.default_rng(4)
    found = scored(rng.standard_normal((50, N_TIMES)), np.zeros(N_TIMES))
    np.testing.assert_allclose(found.log_bayes, 0.0, atol=1e-6)


def test_fields_are_finite_where_there_is_nothing_at_all() -> None:
    nothing = np.zeros((4, 2 * REACH + 1), np.float32)
    found: Posterior = posterior(nothing, np.zeros(4), np.zeros(4), 5.0, N_TIMES)
    for name in ("log_bayes", "lag", "size", "variance"):
        assert np.isfinite(getattr(found, name)).all()
