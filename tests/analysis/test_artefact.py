"""The amplifier's rail and the blank."""

from __future__ import annotations

import numpy as np
import pytest

from amr_viewer.analysis.artefact import blank_artefact, last_saturation
from tests.analysis.builders import DEFAULT, changed, noise, shape, sweeps_of

TIMES = sweeps_of(noise(1)).times_ms
NEVER = np.full((12, 1), -np.inf, dtype=np.float32)


def test_rail_is_the_last_moment_at_the_extreme_value() -> None:
    data = noise(3)
    railed = (TIMES >= 0.0) & (TIMES < 4.0)
    data[0, 0, railed] = 5000.0
    data[1, 0, railed] = -5000.0
    found = last_saturation(data, TIMES, 20.0)
    np.testing.assert_allclose(found[:2, 0], 3.8, atol=0.11)
    assert found[2, 0] == -np.inf


def test_a_peak_is_no_rail() -> None:
    data = noise(3)
    data[:, 0] += (3000.0 * shape(TIMES, 3.0)).astype(np.float32)
    assert (last_saturation(data, TIMES, 20.0) == -np.inf).all()


def test_a_flat_channel_has_no_rail() -> None:
    assert (last_saturation(np.zeros((3, 1, 1950), np.float32), TIMES, 20.0) == -np.inf).all()


def test_missing_samples_are_no_rail() -> None:
    data = noise(3)
    data[:, :, 1300:] = np.nan
    assert (last_saturation(data, TIMES, 20.0) == -np.inf).all()


@pytest.mark.parametrize("pulse_ms", [0.2, 0.5, 1.0, 2.0])
def test_blank_covers_the_pulse(pulse_ms: float) -> None:
    data = noise(12)
    data[..., (TIMES >= 0.0) & (pulse_ms > TIMES)] += 3000.0
    end = blank_artefact(data, TIMES, NEVER, DEFAULT)
    assert (end >= max(pulse_ms, 1.0) - 0.11).all()
    assert (end <= max(pulse_ms, 1.0) + 0.9).all()
    assert np.abs(data).max() < 40.0


def test_blank_is_a_straight_line() -> None:
    data = noise(12)
    data[..., (TIMES >= 0.0) & (TIMES < 0.2)] += 3000.0
    blank_artefact(data, TIMES, NEVER, DEFAULT)
    inside = data[:, 0, (TIMES > -0.2) & (TIMES < 0.9)]
    np.testing.assert_allclose(np.diff(inside, n=2, axis=1), 0.0, atol=1e-3)


def test_nothing_outside_the_blank_is_touched() -> None:
    data = noise(12)
    before = data.copy()
    end = blank_artefact(data, TIMES, NEVER, DEFAULT)
    outside = (TIMES < -0.5) | (end.max() + 0.2 < TIMES)
    np.testing.assert_array_equal(data[..., outside], before[..., outside])


def test_a_smooth_m_response_is_not_blanked() -> None:
    data = noise(12)
    data += (2000.0 * shape(TIMES, 2.0, 6.0)).astype(np.float32)
    end = blank_artefact(data, TIMES, NEVER, DEFAULT)
    assert (end <= 1.3).all()


def test_blank_reaches_past_the_rail() -> None:
    saturated = NEVER.copy()
    saturated[4] = 3.0
    data = noise(12)
    end = blank_artefact(data, TIMES, saturated, DEFAULT)
    assert end[4, 0] == pytest.approx(3.5)
    assert (np.delete(end, 4) < 1.5).all()


def test_least_and_longest_blank() -> None:
    data = noise(12)
    data[..., (TIMES >= 0.0) & (TIMES < 3.0)] += 3000.0
    assert (blank_artefact(data.copy(), TIMES, NEVER, changed(blank_max_ms=2)) <= 2.2).all()
    assert (blank_artefact(noise(12), TIMES, NEVER, changed(blank_min_ms=2.5)) >= 2.5).all()
