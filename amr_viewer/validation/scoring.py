"""Lay an analysis beside the truth: one entry per sweep, one per site, side and channel."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Role
from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.core.responses import Responses, State
from amr_viewer.simulate import Truth
from amr_viewer.validation.metrics import Mask, Values

MATCH_S = 0.0025
"""A stimulus found is the true one if it lies this near."""

AMR_LABEL = "AMR"


@dataclass(frozen=True, slots=True, eq=False)
class SweepScores:
    """Lateral sweeps of usable channels, flattened; every array has shape (n_sweeps,).

    Attributes
    ----------
    case : ndarray of int
        Index of the recording.
    amr, reflex, failed : ndarray of bool
        Truth. `amr` is False in sweeps of failed stimuli, which say nothing.
    found : ndarray of bool
        Whether the stimulus and the channel were found.
    state : ndarray of int
        `State`; ABSENT where not found.
    probability : ndarray
        NaN where the sweep was rejected or not found.
    onset_error_ms, amplitude_error : ndarray
        Estimate less truth; relative for the amplitude. NaN where either is missing.
    snr : ndarray
        True amplitude as a multiple of the noise RMS; NaN without AMR.
    """

    case: NDArray[np.intp]
    amr: Mask
    reflex: Mask
    failed: Mask
    found: Mask
    state: NDArray[np.int8]
    probability: Values
    onset_error_ms: Values
    amplitude_error: Values
    snr: Values

    def where(self, mask: Mask) -> SweepScores:
        """Return the sweeps of a mask."""
        return SweepScores(*(getattr(self, f.name)[mask] for f in fields(self)))

    @staticmethod
    def joined(parts: list[SweepScores]) -> SweepScores:
        """Put the sweeps of several recordings together."""
        return SweepScores(
            *(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(SweepScores))
        )


@dataclass(frozen=True, slots=True)
class FindingScore:
    """One site and side x one usable lateral channel.

    Attributes
    ----------
    case : int
    amr, reflex : bool
        Truth.
    verdict : Verdict
        NOT_ASSESSABLE where the analysis has no such finding.
    called : bool
        Whether the analysis says that there is an AMR.
    """

    case: int
    amr: bool
    reflex: bool
    verdict: Verdict
    called: bool


@dataclass(frozen=True, slots=True)
class StimulusScore:
    """How well the stimuli of one recording were found."""

    case: int
    n_true: int
    n_found: int
    n_invented: int


def score_stimuli(case: int, analysis: Analysis, truth: Truth) -> StimulusScore:
    """Count the stimuli that were found, and those that were not there."""
    found = _match(analysis.responses, truth) >= 0
    n_found = int(np.count_nonzero(found))
    return StimulusScore(
        case, len(truth.time_s), n_found, max(0, len(analysis.responses.stimuli) - n_found)
    )


def score_sweeps(case: int, analysis: Analysis, truth: Truth) -> SweepScores:
    """Compare every lateral sweep of a usable channel with the truth."""
    responses = analysis.responses
    labels = [c.label for c in responses.channels]
    row = _match(responses, truth)
    column = np.array([labels.index(c) if c in labels else -1 for c in truth.channels])
    found = (row >= 0)[:, None] & (column >= 0)

    def taken(name: str, missing: float) -> Values:
        values = np.full(found.shape, missing)
        if found.any():
            picked = np.asarray(getattr(responses, name), dtype=np.float64)[row][:, column]
            values[found] = picked[found]
        return values

    chosen = truth.is_role(Role.LATERAL) & truth.usable
    arrays = SweepScores(
        case=np.full(found.shape, case),
        amr=truth.present,
        reflex=truth.reflex,
        failed=np.broadcast_to(truth.failed[:, None], found.shape),
        found=found,
        state=taken("state", State.ABSENT).astype(np.int8),
        probability=taken("probability", np.nan),
        onset_error_ms=taken("onset_ms", np.nan) - truth.onset_ms,
        amplitude_error=taken("amplitude_uv", np.nan) / truth.amplitude_uv - 1.0,
        snr=truth.amplitude_uv / truth.scenario.background.noise_uv,
    )
    return arrays.where(chosen)


def score_findings(case: int, analysis: Analysis, truth: Truth) -> list[FindingScore]:
    """Compare every verdict about a usable lateral channel with the truth."""
    findings = {(f.site, f.side, f.channel): f for f in analysis.findings}
    lateral = truth.is_role(Role.LATERAL)
    scores = []
    for (site, side, channel), amr in truth.has_amr.items():
        column = truth.channels.index(channel)
        rows = [
            k
            for k, here in enumerate(zip(truth.site, truth.side, strict=True))
            if here == (site, side)
        ]
        if not truth.usable[column] or not lateral[rows, column].any():
            continue
        reflex = bool(truth.reflex[rows, column].any())
        scores.append(_score(case, findings.get((site, side, channel)), amr, reflex))
    return scores


def _score(case: int, finding: Finding | None, amr: bool, reflex: bool) -> FindingScore:
    """Compare one finding with the truth."""
    if finding is None:
        return FindingScore(case, amr, reflex, Verdict.NOT_ASSESSABLE, called=False)
    called = finding.verdict is Verdict.PRESENT and finding.label == AMR_LABEL
    return FindingScore(case, amr, reflex, finding.verdict, called)


def _match(responses: Responses, truth: Truth) -> NDArray[np.intp]:
    """Return the stimulus found for each true one, -1 for none; shape (n_true,)."""
    times = responses.stimuli.time_s
    if not len(times):
        return np.full(len(truth.time_s), -1)
    order = np.argsort(times)
    after = np.clip(np.searchsorted(times[order], truth.time_s), 1, max(1, len(times) - 1))
    pairs = order[np.stack([after - 1, np.minimum(after, len(times) - 1)])]
    distance = np.abs(times[pairs] - truth.time_s)
    best = pairs[np.argmin(distance, axis=0), np.arange(len(truth.time_s))]
    return np.where(distance.min(axis=0) <= MATCH_S, best, -1)
