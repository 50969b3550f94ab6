"""Measuring a sweep by hand, proposing markers, and where dragged ones come to lie."""

from __future__ import annotations

import numpy as np
import pytest

from amr_viewer.analysis.manual import (
    Markers,
    measure_sweep,
    snap,
    suggest_markers,
    typical_markers,
)
from amr_viewer.core.anatomy import Muscle
from tests.analysis.builders import DEFAULT, Case, examination, shape

TIMES = np.arange(0.0, 40.0, 0.1)
SWEEP = 100.0 * shape(TIMES, 10.0, 4.0)


def test_amplitude_is_read_between_the_two_peaks() -> None:
    low, high = TIMES[SWEEP.argmin()], TIMES[SWEEP.argmax()]
    measured = measure_sweep(TIMES, SWEEP, 10.0, low, high, 14.0)
    assert measured["amplitude_uv"] == pytest.approx(100.0, abs=1.0)
    assert measured["area_uv_ms"] == pytest.approx(float(np.abs(SWEEP).sum() * 0.1), rel=0.01)


def test_amplitude_does_not_depend_on_which_peak_comes_first() -> None:
    assert measure_sweep(TIMES, SWEEP, peak_ms=11.2, positive_peak_ms=12.8)[
        "amplitude_uv"
    ] == pytest.approx(
        measure_sweep(TIMES, -SWEEP, peak_ms=12.8, positive_peak_ms=11.2)["amplitude_uv"]
    )


def test_what_has_no_markers_is_not_measured() -> None:
    assert measure_sweep(TIMES, SWEEP, onset_ms=10.0) == {"amplitude_uv": None, "area_uv_ms": None}
    assert measure_sweep(TIMES, SWEEP, peak_ms=float("nan"), positive_peak_ms=12.0) == {
        "amplitude_uv": None,
        "area_uv_ms": None,
    }


def test_a_triangle_has_the_area_of_a_triangle() -> None:
    triangle = np.interp(TIMES, [10.0, 12.0, 14.0], [0.0, -50.0, 0.0], left=0.0, right=0.0)
    assert measure_sweep(TIMES, triangle, 10.0, 12.0, 14.0, 14.0)["area_uv_ms"] == pytest.approx(
        100.0
    )
    half = measure_sweep(TIMES, triangle, 10.0, None, None, 12.0)["area_uv_ms"]
    assert half == pytest.approx(50.0)


def test_the_typical_markers_of_a_run_are_its_medians() -> None:
    responses = examination(Case(k=12, onset_ms=9.5)).responses
    found = typical_markers(responses, np.arange(20), 0, DEFAULT)
    assert (found.onset_ms, found.end_ms) == (9.5, 14.5)
    nothing = typical_markers(examination(Case()).responses, np.arange(20), 0, DEFAULT)
    d = DEFAULT.detection
    assert (nothing.onset_ms, nothing.end_ms) == (d.window_start_ms, d.window_end_ms)
    assert np.isnan(nothing.peak_ms)


def test_proposed_peaks_are_the_extremes_of_the_run_s_stretch() -> None:
    other = SWEEP + np.where(TIMES > 20.0, 500.0, 0.0)
    found = suggest_markers(TIMES, other, Markers(9.8, 11.0, 12.5, 14.2))
    assert (found.onset_ms, found.end_ms) == (9.8, 14.2)
    assert found.peak_ms == pytest.approx(TIMES[SWEEP.argmin()])
    assert found.positive_peak_ms == pytest.approx(TIMES[SWEEP.argmax()])


def test_without_a_run_the_onset_is_looked_for_ahead_of_the_first_peak() -> None:
    found = suggest_markers(TIMES, SWEEP, Markers(onset_ms=6.0, end_ms=20.0))
    assert found.onset_ms == pytest.approx(10.0, abs=0.6)
    assert found.end_ms == pytest.approx(14.0, abs=0.6)
    assert found.onset_ms < found.peak_ms < found.positive_peak_ms < found.end_ms


def test_without_a_run_no_onset_is_proposed_ahead_of_the_search_window() -> None:
    m_tail = np.where(TIMES < 8.0, 60.0 * np.exp(-(((TIMES - 5.0) / 1.5) ** 2)), 0.0)
    found = suggest_markers(TIMES, SWEEP * 0.2 + m_tail, Markers(onset_ms=6.5, end_ms=20.0))
    assert found.positive_peak_ms == pytest.approx(6.5)
    assert found.onset_ms == pytest.approx(6.5)


def test_a_sweep_without_samples_there_gets_no_markers() -> None:
    found = suggest_markers(TIMES, np.full(len(TIMES), np.nan), Markers(9.0, 10.0, 11.0, 14.0))
    assert np.isnan([found.onset_ms, found.peak_ms, found.positive_peak_ms, found.end_ms]).all()


@pytest.mark.parametrize(
    ("kind", "at_ms", "wanted"),
    [
        ("sample", 10.04, 10.0),
        ("zero", 12.3, 12.0),
        ("extremum", 11.4, float(TIMES[SWEEP.argmin()])),
        ("extremum", 12.6, float(TIMES[SWEEP.argmax()])),
        ("maximum", 12.0, float(TIMES[SWEEP.argmax()])),
        ("minimum", 12.0, float(TIMES[SWEEP.argmin()])),
        ("extremum", 30.0, 30.0),
    ],
)
def test_markers_snap(kind: str, at_ms: float, wanted: float) -> None:
    assert snap(TIMES, SWEEP, at_ms, kind, 1.0) == pytest.approx(wanted, abs=0.051)


def test_nothing_is_found_out_of_reach() -> None:
    assert snap(TIMES, SWEEP, 9.0, "minimum", 1.0) == pytest.approx(9.0, abs=0.051)
    assert snap(TIMES, SWEEP + 200.0, 12.3, "zero", 5.0) == pytest.approx(12.3, abs=0.051)


def test_unknown_muscles_have_typical_markers_too() -> None:
    responses = examination(Case(k=3, muscle=None), Case(k=0, muscle=Muscle.FRONTALIS)).responses
    assert typical_markers(responses, np.arange(20), 0, DEFAULT).onset_ms == 10.0
