"""Lay bursts and pattern of an analysis beside the truth of a free-running recording."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.patterns import PatternFinding
from amr_viewer.simulate.free_running_truth import PatternTruth, TrueBursts
from amr_viewer.validation.metrics import Mask, Values

NEAR_S = 0.010
"""A burst found belongs to a true one if they overlap, or lie nearer than this."""

NO_ANSWER = "(none)"
UNDECIDED = frozenset({"indeterminate", "insufficient", NO_ANSWER})


@dataclass(frozen=True, slots=True)
class PatternScore:
    """The answer about one recording.

    Attributes
    ----------
    case : int
    true, said : str
        Patterns; `said` is ``(none)`` where the analysis gives none.
    accepted : tuple of str
        Every answer that is not wrong; more than one in borderline recordings.
    true_side, said_side : str
    confidence : str
        ``high | moderate | low`` or empty.
    """

    case: int
    true: str
    said: str
    accepted: tuple[str, ...]
    true_side: str
    said_side: str
    confidence: str

    @property
    def borderline(self) -> bool:
        """Whether more than one answer would do."""
        return len(self.accepted) > 1

    @property
    def right(self) -> bool:
        """Whether the answer is one that will do."""
        return self.said in self.accepted

    @property
    def wrong(self) -> bool:
        """Whether a pattern was named that is not there."""
        return not self.right and self.said not in UNDECIDED


@dataclass(frozen=True, slots=True, eq=False)
class BurstScores:
    """True bursts that are no blinks; every array has shape (n_bursts,).

    Attributes
    ----------
    case : ndarray of int
    snr_db : ndarray
    found, counted : ndarray of bool
        A burst was found there; one that was not set aside.
    start_error_ms, duration_error_ms : ndarray
        Found less true; NaN where they do not correspond one to one.
    """

    case: NDArray[np.intp]
    snr_db: Values
    found: Mask
    counted: Mask
    start_error_ms: Values
    duration_error_ms: Values

    def where(self, mask: Mask) -> BurstScores:
        """Return the bursts of a mask."""
        return BurstScores(*(getattr(self, f.name)[mask] for f in fields(self)))

    @staticmethod
    def joined(parts: list[BurstScores]) -> BurstScores:
        """Put the bursts of several recordings together."""
        return BurstScores(
            *(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(BurstScores))
        )


@dataclass(frozen=True, slots=True)
class FalseBursts:
    """Bursts that count and are not there, in one recording.

    Attributes
    ----------
    case : int
    n_noise : int
        At moments at which no muscle was active.
    n_crosstalk : int
        While another muscle was active.
    minutes : float
        Channels times minutes.
    """

    case: int
    n_noise: int
    n_crosstalk: int
    minutes: float


def score_pattern(case: int, analysis: Analysis, truth: PatternTruth) -> PatternScore:
    """Compare the answer with the truth."""
    found = answer_of(analysis)
    return PatternScore(
        case=case,
        true=truth.conclusion,
        said=found.conclusion.value if found else NO_ANSWER,
        accepted=truth.accepted,
        true_side=truth.side,
        said_side=found.pattern_side if found else "",
        confidence=found.confidence.value if found and found.confidence else "",
    )


def answer_of(analysis: Analysis) -> PatternFinding | None:
    """Return the pattern of the recording: that of both sides together."""
    return next((p for p in analysis.patterns if p.side is None), None)


def score_bursts(
    case: int, analysis: Analysis, truth: PatternTruth
) -> tuple[BurstScores, FalseBursts]:
    """Compare every burst with the truth.

    Blinks may be found or not. A burst that meets a true one of its channel is not false, whatever
    the true one's kind.
    """
    true, found = truth.bursts, analysis.bursts
    parts, false = [], []
    for channel in range(len(truth.lag_ms)):
        mine = np.flatnonzero(true.channel == channel)
        here = np.flatnonzero(found.channel == channel)
        meets = _meets(true, mine, found.start_s[here], found.end_s[here])
        parts.append(_channel_scores(case, true, mine, here, meets, analysis))
        false.append(here[found.counted[here] & ~meets.any(axis=0)])
    invented = np.concatenate(false)
    everything = np.arange(len(true))
    busy = _meets(true, everything, found.start_s[invented], found.end_s[invented]).any(axis=0)
    minutes = truth.settings.duration_s / 60.0 * len(truth.lag_ms)
    noise, copies = int(np.count_nonzero(~busy)), int(np.count_nonzero(busy))
    return BurstScores.joined(parts), FalseBursts(case, noise, copies, minutes)


def lag_errors(analysis: Analysis, truth: PatternTruth) -> Values:
    """Return the errors (ms) of the lags between channels that share their bursts."""
    found = answer_of(analysis)
    errors = [
        pair.lag_ms.median - (truth.lag_ms[pair.b] - truth.lag_ms[pair.a])
        for pair in (found.synchrony if found else ())
        if np.isfinite(truth.lag_ms[[pair.a, pair.b]]).all() and pair.lag_ms.n
    ]
    return np.array(errors, dtype=np.float64)


def _channel_scores(
    case: int,
    true: TrueBursts,
    mine: NDArray[np.intp],
    here: NDArray[np.intp],
    meets: Mask,
    analysis: Analysis,
) -> BurstScores:
    """Score the true bursts `mine` of a channel against those found, `here`."""
    found = analysis.bursts
    mine_not_blink = np.array([true.kind[i] != "blink" for i in mine], dtype=np.bool_)
    single = (meets.sum(axis=1) == 1) & (meets @ meets.sum(axis=0) == 1)
    partner = here[np.argmax(meets, axis=1)] if len(here) else np.zeros(len(mine), dtype=np.intp)
    start, duration = np.full(len(mine), np.nan), np.full(len(mine), np.nan)
    at, of = partner[single], mine[single]
    start[single] = 1e3 * (found.start_s[at] - true.start_s[of])
    duration[single] = found.duration_ms[at] - 1e3 * (true.end_s[of] - true.start_s[of])
    return BurstScores(
        case=np.full(len(mine), case),
        snr_db=true.snr_db[mine],
        found=np.asarray(meets.any(axis=1)),
        counted=np.asarray((meets & found.counted[here]).any(axis=1)),
        start_error_ms=start,
        duration_error_ms=duration,
    ).where(mine_not_blink)


def _meets(true: TrueBursts, mine: NDArray[np.intp], start_s: Values, end_s: Values) -> Mask:
    """Return which true bursts (rows) meet which found ones (columns)."""
    rows: Mask = (true.start_s[mine][:, None] <= end_s + NEAR_S) & (
        true.end_s[mine][:, None] >= start_s - NEAR_S
    )
    return rows
