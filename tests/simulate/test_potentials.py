from __future__ import annotations

import numpy as np
import pytest

from amr_viewer.simulate.potentials import (
    Firing,
    Potentials,
    direct_response,
    draw_pool,
    fire,
    render,
    shadow,
    waveform,
)


@pytest.mark.parametrize("phases", [2, 3, 4])
def test_a_potential_has_its_phases_and_starts_negative(phases: int) -> None:
    values = waveform(np.linspace(-0.5, 1.5, 4001), phases)
    signs = np.sign(values[np.abs(values) > 1e-9])
    assert np.count_nonzero(np.diff(signs)) + 1 == phases
    assert signs[0] == -1
    assert 0.8 < np.ptp(values) < 1.3


def test_rendering_adds_up_and_keeps_a_fraction_of_a_sample() -> None:
    one = Potentials(np.array([10.25]), np.array([40.0]), np.array([3.0]), np.array([2]))
    two = Potentials(np.full(2, 10.25), np.full(2, 40.0), np.full(2, 3.0), np.full(2, 2))
    expected = 3.0 * waveform((np.arange(100) - 10.25) / 40.0, 2)
    np.testing.assert_allclose(render(one, 100), expected, atol=1e-12)
    np.testing.assert_allclose(render(two, 100), 2.0 * expected, atol=1e-12)


def test_rendering_cuts_off_what_lies_outside() -> None:
    start = np.array([-20.0, 90.0, 500.0])
    out = render(Potentials(start, np.full(3, 40.0), np.ones(3), np.full(3, 2)), 100)
    assert out.shape == (100,)
    assert out[19] != 0.0
    assert not out[21:91].any()


def test_nothing_renders_to_silence() -> None:
    empty = np.zeros(0)
    assert not render(Potentials(empty, empty, empty, empty.astype(int)), 5).any()


def test_responses_of_a_pool_have_the_size_asked_for() -> None:
    rng = np.random.default_rng(1)
    pool = draw_pool(rng, 8, 2.5, needle=False)
    fired = fire(rng, pool, Firing(0.0, 0.0, 0.0, 0.0), 2.0, np.array([100.0]))
    per_ms = 50.0
    placed = Potentials(fired.start * per_ms, fired.length * per_ms, fired.size_uv, fired.phases)
    signal = render(placed, 500)
    assert np.ptp(signal) == pytest.approx(100.0, rel=0.01)
    assert not signal[:100].any()
    assert signal[105] != 0.0


def test_some_unit_always_fires() -> None:
    rng = np.random.default_rng(2)
    pool = draw_pool(rng, 3, 1.0, needle=True)
    fired = fire(rng, pool, Firing(0.1, 0.0, 0.9, 0.2), 10.0, np.full(200, 50.0))
    assert (fired.size_uv.sum(axis=1) > 0.0).all()


def test_m_and_its_shadow_start_together_with_opposite_sign() -> None:
    part = np.array([-0.1, 0.0, 0.1, 1.0, 1.1])
    m, far = direct_response(part), shadow(part)
    np.testing.assert_allclose(m[[0, 1, 3, 4]], 0.0, atol=1e-12)
    np.testing.assert_allclose(far[[0, 1, 3, 4]], 0.0, atol=1e-12)
    assert m[2] < 0.0 < far[2]
