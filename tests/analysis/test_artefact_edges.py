"""The edge of an artefact: where it is, and what has none."""

from __future__ import annotations

import numpy as np
import pytest

from amr_viewer.analysis.artefact_edges import (
    align_to_artefact,
    edge_shifts,
    sharpest_channels,
)
from amr_viewer.core.parameters import StimulusParameters
from tests.analysis.stimulation import add_artefacts, by_hand, noise, recording

DEFAULT = StimulusParameters()


def marked(offset_ms: float, rate: float = 10_000.0, jitter_ms: float = 0.0):
    """Return a recording of 30 stimuli, their true times, and markers off by `offset_ms`."""
    times = np.array(by_hand(30))
    data = add_artefacts(noise(20.0, rate=rate), times.tolist(), [2000.0], rate)
    jitter = jitter_ms * np.random.default_rng(1).standard_normal(30)
    return recording(data, rate=rate), times, times + 1e-3 * (offset_ms + jitter)


@pytest.mark.parametrize("rate", [8_000.0, 10_000.0, 25_000.0, 48_000.0])
@pytest.mark.parametrize("offset_ms", [-2.0, -0.5, 0.7, 2.0])
def test_an_edge_is_found_between_two_samples(rate: float, offset_ms: float) -> None:
    made, times, markers = marked(offset_ms, rate, jitter_ms=0.05)
    shift = edge_shifts(made, [0, 1], markers, DEFAULT)
    error_ms = 1e3 * (markers - times) + shift
    assert abs(float(np.median(error_ms))) < 0.02
    assert float(np.abs(error_ms).max()) < 0.4e3 / rate


def test_a_marker_that_is_right_is_not_moved() -> None:
    made, _, markers = marked(0.0)
    shift, seen = align_to_artefact(made, [0], markers, np.zeros(30, dtype=bool), DEFAULT)
    assert not shift.any()
    assert seen.all()


def test_a_sampled_pulse_is_refined_by_the_edge() -> None:
    made, times, _ = marked(0.0)
    pulses = np.ceil(times * 10_000.0) / 10_000.0
    shift, _ = align_to_artefact(made, [0], pulses, np.ones(30, dtype=bool), DEFAULT)
    error_ms = 1e3 * (pulses - times) + shift
    assert float(np.abs(error_ms).max()) < 0.03 < float(np.abs(1e3 * (pulses - times)).max())


def test_one_marker_near_a_pop_follows_the_others() -> None:
    times = np.array(by_hand(30))
    data = add_artefacts(noise(20.0), times.tolist(), [2000.0])
    at = round((times[7] - 2.6e-3) * 10_000)
    data[:, at : at + 400] += 3000.0 * np.exp(-np.arange(400) / 80.0)
    markers = times - 1e-3
    shift, _ = align_to_artefact(recording(data), [0], markers, np.zeros(30, dtype=bool), DEFAULT)
    assert shift[7] == pytest.approx(1.0, abs=0.1)


def test_align_ms_zero_leaves_markers_alone() -> None:
    made, _, markers = marked(1.0)
    off = StimulusParameters(align_ms=0.0)
    shift, _ = align_to_artefact(made, [0], markers, np.zeros(30, dtype=bool), off)
    assert not shift.any()


def test_channels_are_ordered_by_sharpness() -> None:
    made, times, _ = marked(0.0)
    assert sharpest_channels(made, [0, 1, 2], times, DEFAULT)[0] == 0


def test_an_m_response_without_artefact_is_no_edge() -> None:
    times = by_hand(30)
    data = add_artefacts(noise(20.0), times, [0.0], m_uv=4000.0)
    assert sharpest_channels(recording(data), [0, 1, 2], np.array(times), DEFAULT) == []


def test_a_flat_channel_is_not_sharp() -> None:
    times = by_hand(30)
    data = add_artefacts(noise(20.0), times, [2000.0])
    data[0] = 0.0
    assert 0 not in sharpest_channels(recording(data), [0, 1, 2], np.array(times), DEFAULT)
