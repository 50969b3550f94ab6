"""Accuracy of detector and verdicts on simulated truth.

`validate` simulates a grid of recordings, analyzes them as any file would be, and compares. The
grid is in `grid`, the comparison in `scoring`, the figures in `figures` and `metrics`.
"""

from __future__ import annotations

from collections.abc import Callable

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.progress import Progress, silent
from amr_viewer.core.protocol import Protocol
from amr_viewer.core.recording import Recording
from amr_viewer.simulate import make
from amr_viewer.validation.figures import all_figures
from amr_viewer.validation.grid import Case, default_cases
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
    "report_table",
    "validate",
    "write_document",
]

Analyze = Callable[[Recording, Protocol], Analysis]


def validate(
    progress: Progress = silent,
    *,
    cases: tuple[Case, ...] | None = None,
    analyze: Analyze | None = None,
) -> ValidationReport:
    """Simulate, analyze and compare.

    Parameters
    ----------
    progress : callable
    cases : tuple of Case, optional
        The recordings; `default_cases()` if left out. At least one.
    analyze : callable, optional
        What is validated; `workflow.analyze` if left out.

    Returns
    -------
    ValidationReport
        The same for the same cases, always.
    """
    judge = analyze or _workflow()
    cases = default_cases() if cases is None else cases
    sweeps, findings, stimuli = [], [], []
    for index, case in enumerate(cases):
        progress(index / len(cases), f"{case.kind} ({index + 1} of {len(cases)})")
        simulation = make(case.kind, case.seed, **case.settings)
        analysis = judge(simulation.recording, simulation.protocol)
        sweeps.append(score_sweeps(index, analysis, simulation.truth))
        findings += score_findings(index, analysis, simulation.truth)
        stimuli.append(score_stimuli(index, analysis, simulation.truth))
    figures = all_figures(cases, SweepScores.joined(sweeps), findings, stimuli)
    return ValidationReport(figures, cases)


def _workflow() -> Analyze:
    """Return the program's own analysis, which is loaded only when it is wanted."""
    from amr_viewer import workflow

    return workflow.analyze
