from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.bursts import SetAside, no_bursts
from amr_viewer.core.patterns import Conclusion, Confidence
from amr_viewer.core.protocol import Protocol
from amr_viewer.core.recording import Recording
from amr_viewer.simulate import make
from amr_viewer.simulate.free_running_truth import PatternTruth
from amr_viewer.validation import (
    Case,
    ValidationReport,
    pattern_cases,
    report_table,
    small_pattern_cases,
    validate,
    write_document,
)
from amr_viewer.validation.pattern_figures import confusion, macro_f1
from amr_viewer.validation.pattern_scoring import PatternScore

from .pattern_oracle import bursts_of, perfect_pattern

SMALL = {"electrodes": "surface", "sampling_hz": 2000.0, "duration_s": 30.0, "snr_db": 10.0}
CASES = tuple(
    Case(kind, seed, SMALL, {"level": "10 dB"})
    for seed, kind in enumerate(
        ("hfs_clonic", "hfs_tonic", "blepharospasm", "myokymia", "no_activity", "few_spasms")
    )
)
Change = Callable[[Analysis, PatternTruth], Analysis]


def with_truth(change: Change | None = None) -> ValidationReport:
    """Validate an analysis that knows the truth and may be made to err by `change`."""
    truths = iter([make(c.kind, c.seed, **c.settings).truth for c in CASES])

    def judge(recording: Recording, protocol: Protocol) -> Analysis:
        truth = next(truths)
        assert truth.pattern is not None
        analysis = perfect_pattern(recording, truth)
        return change(analysis, truth.pattern) if change else analysis

    return validate(patterns=CASES, analyze=judge)


def said(conclusion: Conclusion, confidence: Confidence | None, side: str = "left") -> Change:
    """Return what makes every answer the same."""

    def change(analysis: Analysis, truth: PatternTruth) -> Analysis:
        answer = replace(
            analysis.patterns[0], conclusion=conclusion, confidence=confidence, pattern_side=side
        )
        return replace(analysis, patterns=(answer,))

    return change


def test_the_truth_scores_perfectly() -> None:
    report = with_truth()
    assert report.value("pattern macro F1", "patterns") == 1.0
    assert report.value("HFS sensitivity", "patterns") == 1.0
    assert report.value("HFS specificity", "patterns") == 1.0
    assert report.value("side wrong", "patterns") == 0.0
    assert report.value("wrong with high confidence", "patterns") == 0.0
    assert report.value("lag error, 95 %", "patterns") == pytest.approx(0.0, abs=1e-9)
    for group in ("bursts", "bursts at 10 dB"):
        assert report.value("burst recall", group) == 1.0
        assert report.value("burst recall, counted, 8-12 dB", group) == 1.0
        assert report.value("false bursts, per channel", group) == 0.0
        assert report.value("burst start error, 95 %", group) == pytest.approx(0.0, abs=1e-9)
        assert report.value("burst duration error, 95 %", group) == pytest.approx(0.0, abs=1e-9)


def test_calling_all_of_them_hfs_is_found_out() -> None:
    report = with_truth(said(Conclusion.HFS_CLONIC, Confidence.HIGH))
    assert report.value("HFS sensitivity", "patterns") == 1.0
    assert report.value("HFS specificity", "patterns") == 0.0
    assert report.value("HFS, clonic or tonic right", "patterns") == 0.5
    assert report.value("wrong with high confidence", "patterns") == pytest.approx(5 / 6)
    assert report.value("pattern macro F1", "patterns") == pytest.approx(2 / 6 / 5)
    assert report.value("borderline, not wrong", "patterns") == 0.0


def test_doubt_is_no_error_and_no_hit() -> None:
    report = with_truth(said(Conclusion.INDETERMINATE, None, ""))
    assert report.value("pattern undecided", "patterns") == 1.0
    assert report.value("pattern wrong", "patterns") == 0.0
    assert report.value("pattern macro F1", "patterns") == 0.0
    assert report.value("borderline, not wrong", "patterns") == 1.0
    assert report.value("wrong with high confidence", "patterns") == 0.0


def test_the_other_side_is_an_error() -> None:
    def turned(analysis: Analysis, truth: PatternTruth) -> Analysis:
        side = {"left": "right", "right": "left"}.get(truth.side, truth.side)
        answer = replace(analysis.patterns[0], pattern_side=side)
        return replace(analysis, patterns=(answer,))

    assert with_truth(turned).value("side wrong", "patterns") == 1.0


def test_late_and_long_bursts_show_as_errors() -> None:
    def late(analysis: Analysis, truth: PatternTruth) -> Analysis:
        found = analysis.bursts
        moved = bursts_of(truth, start_s=found.start_s + 0.004, duration_ms=found.duration_ms + 2.0)
        return replace(analysis, bursts=moved)

    report = with_truth(late)
    assert report.value("burst start bias, median", "bursts") == pytest.approx(4.0, abs=1e-6)
    assert report.value("burst duration error, 95 %", "bursts") == pytest.approx(2.0, abs=1e-6)


def test_missed_and_set_aside_bursts_are_counted() -> None:
    def silent(analysis: Analysis, truth: PatternTruth) -> Analysis:
        return replace(analysis, bursts=no_bursts())

    def aside(analysis: Analysis, truth: PatternTruth) -> Analysis:
        n = len(truth.bursts)
        below = np.full(n, SetAside.BELOW_FLOOR, dtype=np.int8)
        return replace(analysis, bursts=bursts_of(truth, set_aside=below))

    assert with_truth(silent).value("burst recall", "bursts") == 0.0
    report = with_truth(aside)
    assert report.value("burst recall", "bursts") == 1.0
    assert report.value("burst recall, counted, 8-12 dB", "bursts") == 0.0


def test_crosstalk_and_noise_are_false_bursts() -> None:
    def copied(analysis: Analysis, truth: PatternTruth) -> Analysis:
        channel = truth.bursts.channel.copy()
        silent = set(range(len(truth.lag_ms))) - set(channel.tolist())
        if silent and len(channel):
            channel[0] = min(silent)
        return replace(analysis, bursts=bursts_of(truth, channel=channel))

    def invented(analysis: Analysis, truth: PatternTruth) -> Analysis:
        start = truth.bursts.start_s.copy()
        start[: min(1, len(start))] = 29.99
        length = 1e3 * (truth.bursts.end_s - truth.bursts.start_s)
        length[: min(1, len(start))] = 1.0
        return replace(analysis, bursts=bursts_of(truth, start_s=start, duration_ms=length))

    truths = [make(c.kind, c.seed, **c.settings).truth.pattern for c in CASES]
    minutes = sum(0.5 * len(t.lag_ms) for t in truths if t)
    copies = sum(
        bool(len(t.bursts) and set(range(len(t.lag_ms))) - set(t.bursts.channel.tolist()))
        for t in truths
        if t
    )
    assert copies > 0
    assert with_truth(copied).value("false bursts, crosstalk", "bursts") * minutes == (
        pytest.approx(copies)
    )
    report = with_truth(invented)
    busy = sum(bool(len(t.bursts)) for t in truths if t)
    assert report.value("false bursts, per channel", "bursts") * minutes == pytest.approx(busy)
    assert report.value("false bursts, crosstalk", "bursts") == 0.0


def score(true: str, answer: str) -> PatternScore:
    """Return an answer about a recording of one pattern."""
    return PatternScore(0, true, answer, (true,), "", "", "")


def test_macro_f1_counted_by_hand() -> None:
    scores = [score("a", "a"), score("a", "b"), score("b", "b"), score("b", "indeterminate")]
    assert macro_f1(scores) == pytest.approx((2 / 3 + 2 / 4) / 2)
    table = confusion(scores)
    assert table.true == ("a", "b")
    assert table.said == ("a", "b", "indeterminate")
    assert table.counts == ((1, 1, 0), (0, 1, 1))


def test_table_and_document_hold_the_confusion(tmp_path: Path) -> None:
    report = with_truth(said(Conclusion.MYOKYMIA, Confidence.LOW))
    table = report_table(report)
    assert "HFS sensitivity" in table
    assert "hfs_tonic" in table
    document, numbers = write_document(report, tmp_path)
    text = document.read_text(encoding="utf-8")
    assert "## Patterns: truth in rows, answers in columns" in text
    row = next(line for line in text.splitlines() if line.startswith("| blepharospasm |"))
    assert row.count("1") == 1
    line = next(x for x in numbers.read_text("utf-8").splitlines() if "HFS sensitivity" in x)
    assert line.startswith("patterns,HFS sensitivity,0,,2,0,")


def test_grids_have_every_kind_and_do_not_change() -> None:
    for cases in (pattern_cases(), small_pattern_cases()):
        assert len({(c.kind, c.seed) for c in cases}) == len(cases)
        assert {"hfs_clonic", "mixed", "no_activity"} <= {c.kind for c in cases}
        assert any("level" in c.levels for c in cases)
    assert pattern_cases() == pattern_cases()
    assert len(small_pattern_cases()) < 40


def test_a_kind_with_stimuli_is_refused() -> None:
    with pytest.raises(ValueError, match="clear"):
        validate(patterns=(Case("clear", 1, {"n_stimuli": 3}),))
