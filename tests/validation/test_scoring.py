from __future__ import annotations

from dataclasses import replace
from math import isnan
from pathlib import Path

import numpy as np
import pytest

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.findings import Verdict
from amr_viewer.core.protocol import Protocol
from amr_viewer.core.recording import Recording
from amr_viewer.core.responses import ARRAY_NAMES, State
from amr_viewer.errors import ExportError
from amr_viewer.simulate import Truth, make
from amr_viewer.validation import Case, ValidationReport, report_table, validate, write_document
from amr_viewer.validation.grid import COMPACT, default_cases
from amr_viewer.validation.scoring import score_findings, score_stimuli, score_sweeps

from .oracle import perfect, stimuli_of

SMALL = {**COMPACT, "n_stimuli": 12}
CASES = tuple(
    Case(kind, seed, SMALL, {"kind": kind})
    for seed, kind in enumerate(("clear", "none", "reflex", "failed", "weak"), start=5)
)


def with_truth(change: object = None) -> ValidationReport:
    """Validate an analysis that knows the truth and may be made to err by `change`."""
    truths = iter([make(c.kind, c.seed, **c.settings).truth for c in CASES])

    def judge(recording: Recording, protocol: Protocol) -> Analysis:
        truth = next(truths)
        analysis = perfect(recording, truth)
        return change(analysis, truth) if callable(change) else analysis

    return validate(cases=CASES, analyze=judge)


def altered(analysis: Analysis, **arrays: np.ndarray) -> Analysis:
    """Replace arrays of the responses."""
    kept = {name: getattr(analysis.responses, name).copy() for name in ARRAY_NAMES}
    return replace(analysis, responses=replace(analysis.responses, **{**kept, **arrays}))


def test_the_truth_scores_perfectly() -> None:
    report = with_truth()
    assert report.value("AUC") == 1.0
    assert report.value("sensitivity at 1 % false") == 1.0
    assert report.value("called, of AMR-free sweeps") == 0.0
    assert report.value("Brier score") == 0.0
    assert report.value("calibration error") == 0.0
    assert report.value("onset error, median") < 1e-5
    assert report.value("amplitude error, median") < 1e-5
    assert report.value("verdict sensitivity") == 1.0
    assert report.value("verdict specificity") == 1.0
    assert report.value("verdict undecided") == 0.0
    assert report.value("rejected, of failed stimuli") == 1.0
    assert report.value("reflex called AMR") == 0.0
    assert report.value("stimuli found") == 1.0
    assert report.value("stimuli invented") == 0.0


def test_calling_everything_is_found_out() -> None:
    def shout(analysis: Analysis, truth: Truth) -> Analysis:
        shape = analysis.responses.state.shape
        loud = altered(
            analysis,
            state=np.full(shape, State.PRESENT, dtype=np.int8),
            probability=np.ones(shape, dtype=np.float32),
        )
        findings = tuple(replace(f, verdict=Verdict.PRESENT) for f in analysis.findings)
        return replace(loud, findings=findings)

    report = with_truth(shout)
    assert report.value("AUC") == 0.5
    assert report.value("called, of AMR-free sweeps") == 1.0
    assert report.value("called, of AMR-free sweeps", "kind none") == 1.0
    assert report.value("verdict specificity") == 0.0
    assert report.value("reflex called AMR") == 1.0
    assert report.value("rejected, of failed stimuli") == 0.0


def test_a_late_onset_shows_as_bias() -> None:
    def late(analysis: Analysis, truth: Truth) -> Analysis:
        responses = analysis.responses
        return altered(
            analysis,
            onset_ms=responses.onset_ms + np.float32(0.4),
            amplitude_uv=responses.amplitude_uv * np.float32(1.2),
        )

    report = with_truth(late)
    assert report.value("onset bias, median") == pytest.approx(0.4, abs=1e-5)
    assert report.value("onset error, 95 %") == pytest.approx(0.4, abs=1e-5)
    assert report.value("amplitude error, median") == pytest.approx(0.2, abs=1e-5)


def test_another_label_than_amr_is_not_a_call() -> None:
    def careful(analysis: Analysis, truth: Truth) -> Analysis:
        return replace(
            analysis, findings=tuple(replace(f, label="reflex") for f in analysis.findings)
        )

    report = with_truth(careful)
    assert report.value("verdict sensitivity") == 0.0
    assert report.value("verdict specificity") == 1.0


def test_stimuli_are_matched_by_time_and_extra_ones_counted() -> None:
    simulation = make("clear", 1, **SMALL)
    truth = simulation.truth
    shifted = replace(truth, time_s=truth.time_s + np.where(np.arange(12) < 3, 0.1, 0.0004))
    analysis = perfect(simulation.recording, shifted)
    score = score_stimuli(0, analysis, truth)
    assert (score.n_true, score.n_found, score.n_invented) == (12, 9, 3)
    sweeps = score_sweeps(0, analysis, truth)
    assert sweeps.found.reshape(12, -1)[:3].sum() == 0
    assert sweeps.found.reshape(12, -1)[3:].all()
    assert np.isnan(sweeps.probability[~sweeps.found]).all()


def test_an_analysis_without_stimuli_finds_nothing() -> None:
    simulation = make("clear", 1, **SMALL)
    truth = simulation.truth
    analysis = perfect(simulation.recording, truth)
    none = {n: getattr(analysis.responses, n)[:0].copy() for n in ARRAY_NAMES}
    nothing = replace(
        stimuli_of(truth),
        time_s=np.zeros(0), site=(), side=(), intensity_ma=np.zeros(0), width_ms=np.zeros(0),
        source=(), shift_ms=np.zeros(0),
    )  # fmt: skip
    silent = replace(
        analysis, findings=(), responses=replace(analysis.responses, stimuli=nothing, **none)
    )
    assert score_stimuli(0, silent, truth).n_found == 0
    assert not score_sweeps(0, silent, truth).found.any()
    verdicts = {s.verdict for s in score_findings(0, silent, truth)}
    assert verdicts == {Verdict.NOT_ASSESSABLE}


def test_electrode_that_is_off_is_left_out() -> None:
    simulation = make("electrode_off", 1, **SMALL)
    analysis = perfect(simulation.recording, simulation.truth)
    assert len(score_findings(0, analysis, simulation.truth)) == 1
    assert len(score_sweeps(0, analysis, simulation.truth).amr) == 12


def test_table_and_document_hold_the_figures(tmp_path: Path) -> None:
    report = with_truth()
    table = report_table(report)
    assert "AUC" in table
    assert "kind reflex" in table
    document, numbers = write_document(report, tmp_path / "v")
    assert "upper bound" in document.read_text(encoding="utf-8")
    lines = numbers.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "group,figure,value,unit,n,low,high"
    assert len(lines) == len(report.figures) + 1
    again = with_truth()
    assert report_table(again) == table


def test_a_document_that_cannot_be_written_is_an_export_error(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(ExportError, match="taken"):
        write_document(with_truth(), tmp_path / "taken")


def test_unknown_figures_are_no_numbers() -> None:
    with pytest.raises(KeyError, match="sparkle"):
        with_truth().value("sparkle")
    assert not any(isnan(f.value) for f in with_truth().figures)


def test_default_grid_is_deterministic_and_has_every_level() -> None:
    cases = default_cases()
    assert cases == default_cases()
    assert len({(c.kind, c.seed) for c in cases}) == len(cases)
    levels = {(k, v) for c in cases for k, v in c.levels.items()}
    assert {("noise", "12 uV"), ("size", "30 uV"), ("jitter", "0.5 ms"), ("artefact", "tails")} <= (
        levels
    )
