"""The number of threads is a matter of speed alone."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from amr_viewer import workflow
from amr_viewer.analysis.threads import DEFAULT_THREADS, THREADS_VARIABLE, n_threads
from amr_viewer.report.results import analysis_values

SAMPLES = Path(__file__).parents[2] / "sample_signals"


@pytest.mark.parametrize(
    ("stated", "expected"),
    [("1", 1), ("3", 3), ("0", 1), ("", DEFAULT_THREADS), ("many", DEFAULT_THREADS)],
)
def test_number_of_threads(monkeypatch: pytest.MonkeyPatch, stated: str, expected: int) -> None:
    monkeypatch.setenv(THREADS_VARIABLE, stated)
    assert n_threads() == expected


@pytest.mark.parametrize("name", ["intermittent_weak.edf", "hfs_clonic_tonic.edf"])
def test_results_do_not_depend_on_threads(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    done = []
    for threads in ("1", "3"):
        monkeypatch.setenv(THREADS_VARIABLE, threads)
        done.append(workflow.analyze_file(SAMPLES / name, use_review=False))
    one, three = done
    assert repr(analysis_values(one)) == repr(analysis_values(three))
    for field in dataclasses.fields(one.responses):
        value = getattr(one.responses, field.name)
        if isinstance(value, np.ndarray):
            np.testing.assert_array_equal(value, getattr(three.responses, field.name))
