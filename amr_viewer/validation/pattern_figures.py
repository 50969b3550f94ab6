"""The figures of merit of bursts and patterns, and the table of what was taken for what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from amr_viewer.analysis.intervals import clopper_pearson
from amr_viewer.core.patterns import HFS
from amr_viewer.validation import metrics
from amr_viewer.validation.figures import Figure
from amr_viewer.validation.metrics import Values
from amr_viewer.validation.pattern_scoring import (
    UNDECIDED,
    BurstScores,
    FalseBursts,
    PatternScore,
)

HFS_NAMES = frozenset(p.value for p in HFS)
TEN_DB = (8.0, 12.0)
GROUP = "patterns"


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often a true pattern (row) was given which answer (column)."""

    true: tuple[str, ...]
    said: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


def confusion(scores: Iterable[PatternScore]) -> Confusion:
    """Count the answers by what was true; undecided answers come last."""
    counted = Counter((s.true, s.said) for s in scores)
    true = tuple(dict.fromkeys(t for t, _ in counted))
    others = {s for _, s in counted} - set(true)
    said = (*(t for t in true if t not in UNDECIDED), *sorted(others - UNDECIDED))
    said += tuple(sorted(({s for _, s in counted} | set(true)) & UNDECIDED))
    return Confusion(true, said, tuple(tuple(counted[t, s] for s in said) for t in true))


def macro_f1(scores: list[PatternScore]) -> float:
    """Return the mean over the true patterns of F1; undecided answers are misses."""
    values = []
    for name in dict.fromkeys(s.true for s in scores):
        hits = sum(s.true == name == s.said for s in scores)
        both = sum(s.true == name for s in scores) + sum(s.said == name for s in scores)
        values.append(2.0 * hits / both)
    return metrics.mean(np.array(values))


def pattern_figures(scores: list[PatternScore]) -> list[Figure]:
    """Return how often patterns and sides are right, and how often trust is misplaced."""
    plain = [s for s in scores if not s.borderline]
    hfs = [s for s in plain if s.true in HFS_NAMES]
    # Few spasms, and spasm beside myokymia, are hemifacial spasm too: they say nothing of
    # specificity.
    other = [s for s in scores if s.true not in HFS_NAMES | UNDECIDED]
    sided = [s for s in plain if s.true_side in {"left", "right"} and s.right]
    return [
        Figure("pattern macro F1", GROUP, macro_f1(plain), len(plain)),
        _share("pattern right", [s.right for s in plain]),
        _share("pattern wrong", [s.wrong for s in plain]),
        _share("pattern undecided", [s.said in UNDECIDED for s in plain]),
        _share("HFS sensitivity", [s.said in HFS_NAMES for s in hfs]),
        _share("HFS specificity", [s.said not in HFS_NAMES for s in other]),
        _share("HFS, clonic or tonic right", [s.right for s in hfs if s.said in HFS_NAMES]),
        _share("side wrong", [s.said_side != s.true_side for s in sided]),
        _share(
            "wrong with high confidence", [not s.right and s.confidence == "high" for s in scores]
        ),
        _share("borderline, not wrong", [not s.wrong for s in scores if s.borderline]),
    ]


def burst_figures(group: str, bursts: BurstScores, false: list[FalseBursts]) -> list[Figure]:
    """Return how well bursts are found, timed and told from noise and crosstalk."""
    ten = (bursts.snr_db >= TEN_DB[0]) & (bursts.snr_db <= TEN_DB[1])
    minutes = sum(f.minutes for f in false) or float("nan")
    n_minutes = round(sum(f.minutes for f in false))
    n_false = sum(f.n_noise + f.n_crosstalk for f in false)
    n_copies = sum(f.n_crosstalk for f in false)
    return [
        _share("burst recall", bursts.found, group),
        _share("burst recall, 8-12 dB", bursts.found[ten], group),
        _share("burst recall, counted, 8-12 dB", bursts.counted[ten], group),
        Figure("false bursts, per channel", group, n_false / minutes, n_minutes, "/min"),
        Figure("false bursts, crosstalk", group, n_copies / minutes, n_minutes, "/min"),
        *_errors("burst start", bursts.start_error_ms, group),
        *_errors("burst duration", bursts.duration_error_ms, group),
    ]


def lag_figures(errors: Values) -> list[Figure]:
    """Return the errors of the lags between muscles of a spasm."""
    return _errors("lag", errors, GROUP)


def _errors(name: str, errors: Values, group: str) -> list[Figure]:
    """Return median, size and spread of errors in ms."""
    known = errors[np.isfinite(errors)]
    size = np.abs(known)
    n = len(known)
    return [
        Figure(f"{name} bias, median", group, metrics.median(known), n, "ms"),
        Figure(f"{name} error, median", group, metrics.median(size), n, "ms"),
        Figure(f"{name} error, 95 %", group, metrics.quantile(size, 0.95), n, "ms"),
    ]


def _share(name: str, mask: Iterable[bool], group: str = GROUP) -> Figure:
    """Return the share that is true, with its 95 % interval (Clopper-Pearson)."""
    values = np.array(list(mask), dtype=np.bool_)
    n = len(values)
    if n == 0:
        return Figure(name, group, float("nan"), 0)
    low, high = clopper_pearson(int(values.sum()), n)
    return Figure(name, group, metrics.mean(values), n, low=low, high=high)
