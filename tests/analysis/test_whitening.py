"""Whitened noise is white, of unit variance, and the filter is short."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from amr_viewer.analysis.whitening import ORDER_MS, whiten, whitening_filter


def coloured(n: int = 60, length: int = 1500, seed: int = 0) -> NDArray[np.float32]:
    """Return autoregressive noise, x[t] = 0.8 x[t-1] + 4 w[t]."""
    from scipy.signal import lfilter

    white = 4.0 * np.random.default_rng(seed).standard_normal((n, length + 200))
    return lfilter([1.0], [1.0, -0.8], white, axis=1)[:, 200:].astype(np.float32)


def test_the_inverse_of_an_autoregression_is_found() -> None:
    taps = whitening_filter(coloured(), 10_000.0)
    assert taps[0] * 4.0 == pytest.approx(1.0, rel=0.08)
    assert taps[1] / taps[0] == pytest.approx(-0.8, abs=0.06)
    np.testing.assert_allclose(taps[2:] / taps[0], 0.0, atol=0.08)


def test_output_is_white_and_of_unit_variance() -> None:
    data = coloured(seed=1)
    out = whiten(data, whitening_filter(coloured(), 10_000.0))[:, 50:]
    assert np.std(out) == pytest.approx(1.0, abs=0.06)
    for lag in (1, 2, 5, 20):
        assert abs(np.mean(out[:, lag:] * out[:, :-lag])) < 0.06


def test_filter_is_short_and_causal() -> None:
    taps = whitening_filter(coloured(), 10_000.0)
    impulse = np.zeros((1, 300), np.float32)
    impulse[0, 100] = 1.0
    reached = np.flatnonzero(whiten(impulse, taps)[0])
    assert reached.min() == 100
    assert reached.max() <= 100 + ORDER_MS * 10


def test_scale_of_the_signal_is_taken_out() -> None:
    data = coloured()
    one, other = (whiten(x, whitening_filter(x, 10_000.0)) for x in (data, 3.0 * data))
    np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("shape", [(5, 1500), (5, 8), (1, 0)])
def test_silence_and_shortness_give_finite_filters(shape: tuple[int, int]) -> None:
    taps = whitening_filter(np.zeros(shape, np.float32), 10_000.0)
    assert np.isfinite(taps).all()
