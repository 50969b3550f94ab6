"""The figures of merit of a validation, from the scores of all its recordings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from amr_viewer.core.findings import Verdict
from amr_viewer.core.responses import State
from amr_viewer.validation import metrics
from amr_viewer.validation.grid import Case
from amr_viewer.validation.metrics import Mask
from amr_viewer.validation.scoring import FindingScore, StimulusScore, SweepScores

FALSE_RATE = 0.01
WEAK = (4.5, 9.0)
"""Peak-to-peak amplitudes, in multiples of the noise RMS, that count as weak."""

Question = Callable[[FindingScore], bool]
UNDECIDED = (Verdict.INDETERMINATE, Verdict.NOT_ASSESSABLE)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the validation.

    Attributes
    ----------
    name : str
        What it measures.
    group : str
        ``"all"``, or a level of the grid such as ``"noise 6 uV"`` or ``"kind clonic"``.
    value : float
        NaN where nothing was there to measure.
    n : int
        Sweeps, findings, stimuli, recordings, bursts or minutes that it rests on.
    unit : str
        ``""`` for fractions, ``"ms"``, ``"/min"``.
    low, high : float
        95 % interval; NaN where none is given.
    """

    name: str
    group: str
    value: float
    n: int
    unit: str = ""
    low: float = float("nan")
    high: float = float("nan")


def all_figures(
    cases: tuple[Case, ...],
    sweeps: SweepScores,
    findings: list[FindingScore],
    stimuli: list[StimulusScore],
) -> tuple[Figure, ...]:
    """Return every figure: over all recordings, per level of the grid, per confounder."""
    out = [
        *sweep_figures("all", sweeps),
        *onset_figures("all", sweeps),
        *finding_figures("all", findings),
        *stimulus_figures("all", stimuli),
    ]
    for group, mask in _groups(cases):
        here = sweeps.where(mask[sweeps.case])
        if group.startswith("kind "):
            out += kind_figures(group, here)
            out += stimulus_figures(group, [s for s in stimuli if mask[s.case]])
        else:
            out += sweep_figures(group, here)
            out += onset_figures(group, here)
        out += finding_figures(group, [f for f in findings if mask[f.case]])
    return tuple(f for f in out if f.n > 0)


def _groups(cases: tuple[Case, ...]) -> Iterator[tuple[str, Mask]]:
    """Yield every level of the grid with the recordings that stand there."""
    names = dict.fromkeys(f"{k} {v}" for case in cases for k, v in case.levels.items())
    for name in names:
        yield name, np.array([name in {f"{k} {v}" for k, v in c.levels.items()} for c in cases])


def _judged(sweeps: SweepScores) -> SweepScores:
    """Return the sweeps that have a probability and a yes-or-no truth."""
    return sweeps.where(np.isfinite(sweeps.probability) & ~sweeps.failed & ~sweeps.reflex)


def sweep_figures(group: str, sweeps: SweepScores) -> list[Figure]:
    """Return how well single sweeps are told apart, and whether probabilities are calibrated."""
    judged = _judged(sweeps)
    positive, negative = judged.probability[judged.amr], judged.probability[~judged.amr]
    weak = judged.amr & (judged.snr >= WEAK[0]) & (judged.snr <= WEAK[1])
    weak_probability = judged.probability[weak]
    both = min(len(positive), len(negative))
    few = min(len(weak_probability), len(negative))
    valid = sweeps.where(~sweeps.failed & ~sweeps.reflex)
    called = valid.state == State.PRESENT
    auc, sensitivity = metrics.area_under_curve, metrics.sensitivity_at
    n = len(judged.amr)
    return [
        Figure("AUC", group, auc(positive, negative), both),
        Figure("AUC, weak", group, auc(weak_probability, negative), few),
        Figure(
            "sensitivity at 1 % false", group, sensitivity(positive, negative, FALSE_RATE), both
        ),
        Figure(
            "sensitivity at 1 % false, weak",
            group,
            sensitivity(weak_probability, negative, FALSE_RATE),
            few,
        ),
        _share("called, of AMR sweeps", group, called[valid.amr]),
        _share("called, of AMR-free sweeps", group, called[~valid.amr]),
        _share("rejected, of valid sweeps", group, valid.state == State.REJECTED),
        Figure("Brier score", group, metrics.brier_score(judged.probability, judged.amr), n),
        Figure(
            "calibration error", group, metrics.calibration_error(judged.probability, judged.amr), n
        ),
        _share("rejected, of failed stimuli", group, sweeps.state[sweeps.failed] == State.REJECTED),
    ]


def onset_figures(group: str, sweeps: SweepScores) -> list[Figure]:
    """Return the errors of onset and amplitude in sweeps that were rightly called."""
    hit = sweeps.where(sweeps.amr & (sweeps.state == State.PRESENT))
    onset = hit.onset_error_ms[np.isfinite(hit.onset_error_ms)]
    size = np.abs(hit.amplitude_error[np.isfinite(hit.amplitude_error)])
    n = len(onset)
    return [
        Figure("onset error, median", group, metrics.median(np.abs(onset)), n, "ms"),
        Figure("onset bias, median", group, metrics.median(onset), n, "ms"),
        Figure("onset error, 95 %", group, metrics.quantile(np.abs(onset), 0.95), n, "ms"),
        Figure("amplitude error, median", group, metrics.median(size), len(size)),
    ]


def kind_figures(group: str, sweeps: SweepScores) -> list[Figure]:
    """Return what one kind of recording does to single sweeps."""
    wanted = {
        "AUC",
        "called, of AMR sweeps",
        "called, of AMR-free sweeps",
        "rejected, of valid sweeps",
        "rejected, of failed stimuli",
    }
    return [f for f in sweep_figures(group, sweeps) if f.name in wanted]


def finding_figures(group: str, findings: list[FindingScore]) -> list[Figure]:
    """Return how often the verdict about a site and a muscle is right."""
    plain = [f for f in findings if not f.reflex]

    def share(name: str, scores: Iterable[FindingScore], of: Question) -> Figure:
        return _share(name, group, np.array([of(s) for s in scores], dtype=np.bool_))

    return [
        share("verdict sensitivity", (f for f in plain if f.amr), lambda f: f.called),
        share("verdict specificity", (f for f in plain if not f.amr), lambda f: not f.called),
        share("verdict undecided", plain, lambda f: f.verdict in UNDECIDED),
        share("reflex called AMR", (f for f in findings if f.reflex), lambda f: f.called),
    ]


def stimulus_figures(group: str, stimuli: list[StimulusScore]) -> list[Figure]:
    """Return how many stimuli were found, and how many were invented."""
    n = sum(s.n_true for s in stimuli)
    if n == 0:
        return []
    return [
        Figure("stimuli found", group, sum(s.n_found for s in stimuli) / n, n),
        Figure("stimuli invented", group, sum(s.n_invented for s in stimuli) / n, n),
    ]


def _share(name: str, group: str, mask: Mask) -> Figure:
    """Return the share of a mask that is true."""
    return Figure(name, group, metrics.mean(mask), len(mask))
