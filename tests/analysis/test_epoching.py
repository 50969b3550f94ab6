"""Cutting sweeps: which samples, which fraction, and what lies outside."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amr_viewer.analysis import epoching
from amr_viewer.analysis.epoching import cut_raw
from amr_viewer.core.recording import Recording, Segment
from tests.analysis.builders import recording_of

RATE = 1000.0


def ramp(n: int = 2000, segments: tuple[Segment, ...] | None = None) -> Recording:
    """Return a recording whose samples are their own numbers, negative in the second channel."""
    samples = np.arange(n, dtype=np.float32)
    return recording_of({"A": samples, "B": -samples}, [], rate=RATE, segments=segments)


def test_samples_around_a_moment() -> None:
    cut = cut_raw(ramp(), [0, 1], np.array([0.5, 1.0]), 10.0, 30)
    np.testing.assert_array_equal(cut.data[0, 0], np.arange(490, 520))
    np.testing.assert_array_equal(cut.data[1, 1], -np.arange(990, 1020))
    np.testing.assert_allclose(cut.fraction, 0.0, atol=1e-9)


def test_fraction_of_a_sample_is_returned_not_rounded() -> None:
    cut = cut_raw(ramp(), [0], np.array([0.50025, 0.5007]), 10.0, 5)
    np.testing.assert_array_equal(cut.data[:, 0, 0], [490, 490])
    np.testing.assert_allclose(cut.fraction, [0.25, 0.7], atol=1e-6)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(time_s=st.floats(0.1, 1.8), before_ms=st.floats(0.0, 90.0))
def test_every_sample_lies_where_it_is_said_to(time_s: float, before_ms: float) -> None:
    cut = cut_raw(ramp(), [0], np.array([time_s]), before_ms, 7)
    k = np.arange(7)
    said_s = time_s + 1e-3 * (-before_ms + (k - cut.fraction[0]) * 1e3 / RATE)
    np.testing.assert_allclose(cut.data[0, 0] / RATE, said_s, atol=1e-6)


def test_beyond_the_edges_there_is_nothing() -> None:
    cut = cut_raw(ramp(), [0], np.array([0.004, 1.995]), 10.0, 30)
    assert np.isnan(cut.data[0, 0, :6]).all()
    np.testing.assert_array_equal(cut.data[0, 0, 6:], np.arange(24))
    np.testing.assert_array_equal(cut.data[1, 0, :15], np.arange(1985, 2000))
    assert np.isnan(cut.data[1, 0, 15:]).all()


def test_sweep_ends_with_its_segment() -> None:
    """Segments of 0.5 s, recorded at 0, 10 and 20 s, follow each other in the file."""
    segments = tuple(Segment(10.0 * i, 0.5, 0.5 * i) for i in range(3))
    cut = cut_raw(ramp(1500, segments), [0], np.array([0.495, 10.005, 20.25]), 10.0, 20)
    np.testing.assert_array_equal(cut.data[0, 0, :15], np.arange(485, 500))
    assert np.isnan(cut.data[0, 0, 15:]).all()
    assert np.isnan(cut.data[1, 0, :5]).all()
    np.testing.assert_array_equal(cut.data[1, 0, 5:], np.arange(500, 515))
    np.testing.assert_array_equal(cut.data[2, 0], np.arange(1240, 1260))


def test_stimulus_in_a_gap_has_no_samples() -> None:
    segments = (Segment(0.0, 1.0, 0.0), Segment(5.0, 1.0, 1.0))
    cut = cut_raw(ramp(2000, segments), [0], np.array([0.5, 3.0, 5.5]), 10.0, 20)
    assert np.isnan(cut.data[1]).all()
    assert not np.isnan(cut.data[[0, 2]]).any()


@pytest.mark.parametrize("block", [64, 500, 4_000_000])
def test_size_of_the_blocks_does_not_matter(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    times = np.linspace(0.01, 1.99, 57)
    expected = cut_raw(ramp(), [0, 1], times, 10.0, 30)
    monkeypatch.setattr(epoching, "BLOCK_SAMPLES", block)
    found = cut_raw(ramp(), [0, 1], times, 10.0, 30)
    np.testing.assert_array_equal(found.data, expected.data)
    np.testing.assert_array_equal(found.fraction, expected.fraction)


def test_missing_samples_stay_missing() -> None:
    samples = np.arange(2000, dtype=np.float32)
    samples[505] = np.nan
    cut = cut_raw(recording_of({"A": samples}, [], rate=RATE), [0], np.array([0.5]), 10.0, 30)
    assert np.flatnonzero(np.isnan(cut.data[0, 0])).tolist() == [15]
