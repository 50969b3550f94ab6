"""Accuracy of detector, verdicts and patterns on simulated truth.

`validate` simulates a grid of recordings, analyzes them as any file would be, and compares. The
grid is in `grid`, the comparison in `scoring`, the figures in `figures` and `metrics`; those of
free-running recordings are in the modules `pattern_*`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.progress import Progress, silent
from amr_viewer.core.protocol import Protocol
from amr_viewer.core.recording import Recording
from amr_viewer.simulate import make
from amr_viewer.validation.figures import Figure, all_figures
from amr_viewer.validation.grid import Case, default_cases
from amr_viewer.validation.pattern_figures import (
    Confusion,
    burst_figures,
    confusion,
    lag_figures,
    pattern_figures,
)
from amr_viewer.validation.pattern_grid import pattern_cases, small_pattern_cases
from amr_viewer.validation.pattern_scoring import (
    BurstScores,
    lag_errors,
    score_bursts,
    score_pattern,
)
from amr_viewer.validation.report import ValidationReport, report_table, write_document
from amr_viewer.validation.scoring import (
    SweepScores,
    score_findings,
    score_stimuli,
    score_sweeps,
)

__all__ = [
    "Case",
    "ValidationReport",
    "default_cases",
    "pattern_cases",
    "report_table",
    "small_pattern_cases",
    "validate",
    "write_document",
]

Analyze = Callable[[Recording, Protocol], Analysis]


def validate(
    progress: Progress = silent,
    *,
    cases: tuple[Case, ...] | None = None,
    patterns: tuple[Case, ...] | None = None,
    analyze: Analyze | None = None,
) -> ValidationReport:
    """Simulate, analyze and compare.

    Parameters
    ----------
    progress : callable
    cases : tuple of Case, optional
        The recordings with stimuli; `default_cases()` if neither they nor `patterns` are given.
    patterns : tuple of Case, optional
        The free-running recordings; `pattern_cases()` if neither they nor `cases` are given.
    analyze : callable, optional
        What is validated; `workflow.analyze` if left out.

    Returns
    -------
    ValidationReport
        The same for the same cases, always.
    """
    if cases is None and patterns is None:
        cases, patterns = default_cases(), pattern_cases()
    cases, patterns = cases or (), patterns or ()
    judge = analyze or _workflow()
    total = len(cases) + len(patterns)
    evoked = _evoked(cases, judge, lambda i, text: progress(i / total, f"{text} of {total})"))
    free, table = _free_running(
        patterns,
        judge,
        lambda i, text: progress((i + len(cases)) / total, f"{text} of {total})"),
        len(cases),
    )
    return ValidationReport((*evoked, *free), (*cases, *patterns), table)


def _evoked(
    cases: tuple[Case, ...], judge: Analyze, tell: Callable[[int, str], None]
) -> tuple[Figure, ...]:
    """Validate detector and verdicts."""
    sweeps, findings, stimuli = [], [], []
    for index, case in enumerate(cases):
        tell(index, f"{case.kind} ({index + 1}")
        simulation = make(case.kind, case.seed, **case.settings)
        analysis = judge(simulation.recording, simulation.protocol)
        sweeps.append(score_sweeps(index, analysis, simulation.truth))
        findings += score_findings(index, analysis, simulation.truth)
        stimuli.append(score_stimuli(index, analysis, simulation.truth))
    if not cases:
        return ()
    return all_figures(cases, SweepScores.joined(sweeps), findings, stimuli)


def _free_running(
    cases: tuple[Case, ...], judge: Analyze, tell: Callable[[int, str], None], before: int
) -> tuple[tuple[Figure, ...], Confusion | None]:
    """Validate bursts and patterns."""
    patterns, bursts, false, lags = [], [], [], []
    for index, case in enumerate(cases):
        tell(index, f"{case.kind} ({before + index + 1}")
        simulation = make(case.kind, case.seed, **case.settings)
        truth = simulation.truth.pattern
        if truth is None:
            raise ValueError(f"{case.kind} is no free-running kind")
        analysis = judge(simulation.recording, simulation.protocol)
        patterns.append(score_pattern(index, analysis, truth))
        found, invented = score_bursts(index, analysis, truth)
        bursts.append(found)
        false.append(invented)
        lags.append(lag_errors(analysis, truth))
    if not cases:
        return (), None
    joined = BurstScores.joined(bursts)
    at_level = np.array(["level" in c.levels for c in cases])
    figures = [
        *pattern_figures(patterns),
        *lag_figures(np.concatenate(lags)),
        *burst_figures("bursts", joined, false),
        *burst_figures(
            "bursts at 10 dB",
            joined.where(at_level[joined.case]),
            [f for f in false if at_level[f.case]],
        ),
    ]
    return tuple(f for f in figures if f.n > 0), confusion(patterns)


def _workflow() -> Analyze:
    """Return the program's own analysis, which is loaded only when it is wanted."""
    from amr_viewer import workflow

    return partial(workflow.analyze, free_running=True)
