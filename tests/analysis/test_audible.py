from __future__ import annotations

import numpy as np
import pytest

from amr_viewer.analysis.audible import LIMIT, LOUD, audible, gain_for, rates


def tone(hz: float, seconds: float, rate: float = 10000.0, size: float = 100.0) -> np.ndarray:
    times = np.arange(round(seconds * rate)) / rate
    return (size * np.sin(2 * np.pi * hz * times)).astype(np.float32)


@pytest.mark.parametrize(("hz", "output"), [(10000.0, 48000), (10000.0, 44100), (20000.0, 48000)])
def test_a_tone_keeps_its_pitch_and_length(hz: float, output: int) -> None:
    ratio = rates(hz, output)
    sound, _ = audible(tone(500.0, 1.0, hz), ratio, 0.005, 0)
    assert len(sound) == output
    spectrum = np.abs(np.fft.rfft(sound))
    assert np.fft.rfftfreq(output, 1 / output)[spectrum.argmax()] == pytest.approx(500.0)
    assert np.abs(sound[output // 4 : -output // 4]).max() == pytest.approx(0.5, rel=0.05)


def test_an_odd_rate_is_met_within_a_hundredth_of_a_percent() -> None:
    ratio = rates(4882.8125, 48000)
    assert ratio.up / ratio.down == pytest.approx(48000 / 4882.8125, rel=1e-4)


def test_offset_and_drift_are_not_heard() -> None:
    ratio = rates(10000.0, 48000)
    slow = 1000.0 + tone(1.0, 2.0, size=500.0)
    sound, limited = audible(slow, ratio, 0.005, 0)
    assert np.abs(sound[20000:-20000]).max() < 0.02
    assert limited < 0.1


def test_the_limiter_keeps_artefacts_below_full_scale_and_small_waves_as_they_are() -> None:
    ratio = rates(10000.0, 48000)
    loud, bent = audible(tone(500.0, 1.0, size=10000.0), ratio, 0.005, 0)
    assert np.abs(loud).max() <= 1.0
    assert bent > 0.5
    quiet, none = audible(tone(500.0, 1.0, size=10.0), ratio, 0.005, 0)
    assert none == 0.0
    assert np.abs(quiet[12000:-12000]).max() == pytest.approx(0.05, rel=0.05)
    assert np.abs(quiet).max() < LIMIT


def test_pieces_join_without_a_click() -> None:
    ratio = rates(10000.0, 48000)
    rng = np.random.default_rng(1)
    values = rng.normal(0.0, 30.0, 40000).astype(np.float32)
    pad, length = ratio.pad(), ratio.piece(1.0)
    assert pad % ratio.down == length % ratio.down == 0
    whole, _ = audible(values, ratio, 0.005, 0)
    first, _ = audible(values[10000 - pad : 10000 + length + pad], ratio, 0.005, pad)
    second, _ = audible(values[20000 - pad : 20000 + length + pad], ratio, 0.005, pad)
    np.testing.assert_allclose(np.concatenate([first, second]), whole[48000:144000], atol=2e-3)


def test_gain_brings_the_loud_part_to_a_level_and_leaves_silence_alone() -> None:
    values = np.random.default_rng(2).normal(0.0, 20.0, 100000).astype(np.float32)
    assert np.quantile(np.abs(values) * gain_for(values), 0.99) == pytest.approx(LOUD, rel=1e-3)
    assert gain_for(np.zeros(10, dtype=np.float32)) == 1.0
    assert gain_for(np.empty(0, dtype=np.float32)) == 1.0
