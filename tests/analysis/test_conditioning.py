"""Conditioning cannot invent a response, keeps M whole and puts samples where they belong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from amr_viewer.analysis.conditioning import Sweeps, condition
from amr_viewer.analysis.nuisance import clean_channel
from amr_viewer.analysis.windows import Window
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.recording import Segment
from tests.analysis.builders import DEFAULT, Memory, changed, recording_of, shape

N, PERIOD_S = 12, 0.4
WINDOW = Window(120.0, 75.0)
Wave = Any


def conditioned(
    wave: Wave,
    rate: float = 10_000.0,
    offset_samples: float = 0.0,
    parameters: Parameters = DEFAULT,
    noise_uv: float = 0.0,
) -> Sweeps:
    """Condition stimuli that each evoke `wave`, a function of the time in ms."""
    rng = np.random.default_rng(0)
    n = int((N * PERIOD_S + 1.0) * rate)
    times = 0.5 + np.arange(N) * PERIOD_S + offset_samples / rate
    t = np.arange(n) / rate
    nearest = times[np.clip(np.round((t - times[0]) / PERIOD_S).astype(int), 0, N - 1)]
    signal = wave((t - nearest) * 1e3) + noise_uv * rng.standard_normal(n)
    recording = recording_of({"A": signal}, list(times), rate=rate)
    before = np.concatenate(([-np.inf], times[:-1]))
    return condition(recording, [0], times, before, WINDOW, parameters)


def pulse(t: NDArray) -> NDArray:
    return np.where((t >= 0) & (t < 0.2), 4000.0, 0.0)


def test_silence_stays_silent() -> None:
    assert not conditioned(lambda t: 0.0 * t).data_uv.any()


@pytest.mark.parametrize("size", [4000.0, -4000.0, 20_000.0])
@pytest.mark.parametrize("width_ms", [0.1, 0.2, 0.5])
def test_a_pulse_leaves_nothing_in_the_window(size: float, width_ms: float) -> None:
    sweeps = conditioned(lambda t: np.where((t >= 0) & (t < width_ms), size, 0.0))
    late = sweeps.times_ms > 4.0
    assert np.abs(sweeps.data_uv[..., late]).max() < 0.05


@pytest.mark.parametrize("tau_ms", [0.5, 1.0, 2.0, 4.0, 8.0, 16.0])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_tail_leaves_nothing_in_the_window(tau_ms: float, sign: float) -> None:
    """The time constants of amplifiers with high-pass corners of 10-300 Hz."""

    def wave(t: NDArray) -> NDArray:
        tail = np.where(t >= 0.2, sign * 800.0 * np.exp(-np.maximum(t, 0) / tau_ms), 0.0)
        return pulse(t) + tail

    sweeps = conditioned(wave, noise_uv=5.0)
    cleaned = clean_channel(sweeps, 0, None, np.ones(N, bool), DEFAULT)
    window = (sweeps.times_ms > 6.5) & (sweeps.times_ms < 40.0)
    mean = cleaned.data_uv.mean(axis=0)
    noise_of_mean = mean[sweeps.times_ms < -3.0].std()
    assert np.abs(mean[window]).max() < 5.0 * noise_of_mean


def test_m_is_kept_whole() -> None:
    def wave(t: NDArray) -> NDArray:
        return pulse(t) + 2000.0 * shape(t, 2.5, 6.0)

    sweeps = conditioned(wave)
    body = (sweeps.times_ms > 1.5) & (sweeps.times_ms < 12.0)
    expected = 2000.0 * shape(sweeps.times_ms[body], 2.5, 6.0)
    for sweep in sweeps.data_uv[:, 0, body]:
        np.testing.assert_allclose(sweep, expected, atol=10.0)
        assert np.ptp(sweep) == pytest.approx(2000.0, rel=0.01)


@pytest.mark.parametrize("rate", [5000.0, 10_000.0, 20_000.0, 48_000.0])
@pytest.mark.parametrize("offset", [0.0, 0.3, 0.77])
def test_a_fraction_of_a_sample_is_made_good(rate: float, offset: float) -> None:
    sweeps = conditioned(lambda t: 300.0 * shape(t, 9.0, 6.0), rate, offset)
    expected = 300.0 * shape(sweeps.times_ms, 9.0, 6.0)
    inner = (sweeps.times_ms > -100.0) & (sweeps.times_ms < 60.0)
    difference = sweeps.data_uv[:, 0] - expected
    assert np.abs(difference[:, inner]).max() < 3.0


@pytest.mark.parametrize("rate", [20_000.0, 44_100.0, 48_000.0])
def test_fast_recordings_are_reduced_to_about_ten_thousand(rate: float) -> None:
    sweeps = conditioned(lambda t: 0.0 * t, rate)
    assert 10_000.0 <= sweeps.sampling_hz < 20_000.0
    assert np.diff(sweeps.times_ms) == pytest.approx(1e3 / sweeps.sampling_hz)


def size_of_sine(frequency_hz: float, rate: float, parameters: Parameters = DEFAULT) -> float:
    """Return the RMS of a sine of 100 uV, away from the blank, against the sine's own."""
    sweeps = conditioned(
        lambda t: 100.0 * np.sin(2e-3 * np.pi * frequency_hz * t), rate, parameters=parameters
    )
    away = (np.abs(sweeps.times_ms) > 10.0) & (np.abs(sweeps.times_ms) < 60.0)
    return float(np.sqrt(np.mean(sweeps.data_uv[..., away] ** 2)) / (100.0 / np.sqrt(2.0)))


@pytest.mark.parametrize(("frequency_hz", "gain"), [(100.0, 1.0), (2800.0, 1.0), (6000.0, 0.0)])
def test_the_band_limit_takes_what_lies_above_it(frequency_hz: float, gain: float) -> None:
    assert size_of_sine(frequency_hz, 20_000.0) == pytest.approx(gain, abs=0.02)


def test_low_pass_is_a_parameter() -> None:
    assert size_of_sine(1000.0, 10_000.0) == pytest.approx(1.0, abs=0.02)
    assert size_of_sine(1000.0, 10_000.0, changed(low_pass_hz=500)) < 0.02


def test_the_band_limit_hardly_rings() -> None:
    """A step of 1 mV is quiet again a millisecond later."""
    sweeps = conditioned(
        lambda t: np.where((t > 8.0) & (t < 60.0), 1000.0 + 0.1 * t, 0.0), noise_uv=0.01
    )
    plateau = (sweeps.times_ms > 9.0) & (sweeps.times_ms < 50.0)
    ahead = (sweeps.times_ms > 4.0) & (sweeps.times_ms < 7.0)
    assert np.ptp(sweeps.data_uv[..., plateau]) < 15.0
    assert np.ptp(sweeps.data_uv[..., ahead]) < 15.0


def test_offset_of_the_amplifier_is_removed() -> None:
    sweeps = conditioned(lambda t: 0.0 * t + 700.0)
    np.testing.assert_allclose(sweeps.data_uv, 0.0, atol=0.01)


def test_sweeps_that_run_into_an_edge_are_said_to_miss_samples() -> None:
    n = 20_000
    times = np.array([0.05, 1.0, 1.985])
    recording = recording_of({"A": np.ones(n)}, list(times))
    sweeps = condition(recording, [0], times, np.full(3, -np.inf), WINDOW, DEFAULT)
    assert sweeps.missing[:, 0].tolist() == [False, False, True]
    assert sweeps.known_from_ms[0] == pytest.approx(-50.0, abs=0.2)
    assert sweeps.known_from_ms[1] == -np.inf
    assert np.isfinite(sweeps.data_uv).all()


def test_samples_missing_within_a_sweep_are_said_to_be() -> None:
    n = 20_000
    signal = np.ones(n, np.float32)
    signal[10_150:10_160] = np.nan
    times = np.array([0.5, 1.0, 1.5])
    recording = recording_of({"A": signal}, list(times))
    sweeps = condition(recording, [0], times, np.full(3, -np.inf), WINDOW, DEFAULT)
    assert sweeps.missing[:, 0].tolist() == [False, True, False]
    assert np.isfinite(sweeps.data_uv).all()


def test_a_stimulus_in_a_gap_is_missing_and_finite() -> None:
    segments = (Segment(0.0, 1.0, 0.0), Segment(5.0, 1.0, 1.0))
    recording = recording_of({"A": np.ones(20_000)}, [], segments=segments)
    times = np.array([0.5, 3.0, 5.5])
    sweeps = condition(recording, [0], times, np.full(3, -np.inf), WINDOW, DEFAULT)
    assert sweeps.missing[:, 0].tolist() == [False, True, False]
    assert np.isfinite(sweeps.data_uv).all()


def test_the_stimulus_before_leaves_its_traces_for_60_ms() -> None:
    recording = recording_of({"A": np.ones(20_000)}, [])
    times = np.array([0.5, 0.6, 1.5])
    before = np.array([-np.inf, 0.5, 0.6])
    sweeps = condition(recording, [0], times, before, WINDOW, DEFAULT)
    assert sweeps.known_from_ms[1] == pytest.approx(-40.0)
    assert sweeps.known_from_ms[2] == pytest.approx(-840.0)


def test_the_recording_is_not_changed() -> None:
    signal = np.random.default_rng(0).standard_normal(20_000).astype(np.float32)
    recording = recording_of({"A": signal}, [])
    signals = recording.source.signals if isinstance(recording.source, Memory) else ()
    kept = signals[0].copy()
    condition(recording, [0], np.array([0.5, 1.0]), np.full(2, -np.inf), WINDOW, DEFAULT)
    np.testing.assert_array_equal(signals[0], kept)
