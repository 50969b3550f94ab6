"""Say what each block of a trend is: present, reduced, absent, or that it cannot be said.

Counting and measuring the blocks is left to `trend`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.blocks import fall, medians
from amr_viewer.analysis.intervals import upper_bound
from amr_viewer.analysis.judgement import DETECTABLE_MULTIPLE
from amr_viewer.core.anatomy import Role
from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.responses import REJECTION_WORDS, Rejection
from amr_viewer.core.trend import BlockState

HINT_P = 0.05
"""A block whose own count chance explains less often than this is not called absent."""

NEAR = 2
"""How many further blocks in a row, before and after, may bear witness to an absence."""

Floats = NDArray[np.float64]
Said = tuple[BlockState, str]


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """One branch and channel, counted and measured, before its states.

    One entry per block; `chance` is the probability of so many responses, or more, by chance.
    `m_usual_uv` is the M that others are compared with, `chosen` the baseline block that was chosen
    (-1: none). The rest: see `Trend`.
    """

    finding: Finding
    rate: float
    first: NDArray[np.intp]
    last: NDArray[np.intp]
    start_s: Floats
    end_s: Floats
    n_stimuli: NDArray[np.intp]
    n_valid: NDArray[np.intp]
    n_present: NDArray[np.intp]
    rejection: tuple[Rejection, ...]
    amplitudes_uv: Floats
    onset_ms: Floats
    noise_uv: Floats
    m_uv: Floats
    m_usual_uv: float
    m_recorded: bool
    chance: Floats
    chosen: int
    is_own: bool

    def __len__(self) -> int:
        """Return the number of blocks."""
        return len(self.first)


def states(
    draft: Draft,
    seen: NDArray[np.bool_],
    baseline: int,
    percent_high: Floats,
    parameters: Parameters,
) -> list[Said]:
    """Return state and reason of every block."""
    f = draft.finding
    if f.role is Role.DIRECT:
        reason = "direct response (M): verifies the stimulus, carries no lateral spread"
        return [(BlockState.CANNOT_SAY, reason)] * len(draft)
    if f.label == "reflex" or (f.verdict is Verdict.NOT_ASSESSABLE and not f.n_valid):
        return [(BlockState.CANNOT_SAY, f.reason)] * len(draft)
    can = (draft.n_valid >= parameters.trend.min_valid) & ~failed(draft, parameters)
    hidden = _hidden(draft, baseline, parameters)
    quiet = (can & ~seen & np.array([not h for h in hidden])).tolist()
    fallen = _fallen(draft, baseline, parameters)
    out: list[Said] = []
    for i in range(len(draft)):
        counted = f"{draft.n_present[i]} of {draft.n_valid[i]} valid sweeps"
        if not can[i]:
            out.append((BlockState.CANNOT_SAY, _why_not(draft, i, parameters, counted)))
        elif seen[i]:
            out.append(_size(draft, i, percent_high[i], bool(fallen[i]), parameters, counted))
        else:
            out.append(_silence(draft, i, quiet, hidden[i], parameters, counted))
    return out


def _why_not(draft: Draft, i: int, parameters: Parameters, counted: str) -> str:
    """Say why a block says nothing."""
    least = parameters.trend.min_valid
    if draft.n_valid[i] < least:
        why = REJECTION_WORDS[draft.rejection[i]]
        usable = f"{draft.n_valid[i]} of {draft.n_stimuli[i]} sweeps valid, {least} needed"
        return f"{usable}; {why}" if why else usable
    if not np.isfinite(draft.m_uv[i]):
        return f"direct response missing: the stimulus failed; {counted}"
    share = 100.0 * draft.m_uv[i] / draft.m_usual_uv
    needed = f"{100.0 * parameters.criteria.m_valid_fraction:.0f} % needed"
    return f"direct response at {share:.0f} % of the baseline, {needed}; {counted}"


def _size(
    draft: Draft, i: int, percent_high: float, fallen: bool, parameters: Parameters, counted: str
) -> Said:
    """Say of a block with a response whether it is reduced."""
    fraction = 100.0 * parameters.trend.reduced_fraction
    if percent_high < fraction:
        reason = f"{counted}; amplitude below {fraction:.0f} % of the baseline, with its interval"
        return BlockState.REDUCED, reason
    if fallen:
        reason = f"{counted}; persistence below {fraction:.0f} % of the baseline"
        return BlockState.REDUCED, reason
    return BlockState.PRESENT, counted


def _fallen(draft: Draft, baseline: int, parameters: Parameters) -> NDArray[np.bool_]:
    """Say in which blocks persistence is markedly lower than in the baseline."""
    if baseline < 0:
        return np.zeros(len(draft), dtype=bool)
    k, n = int(draft.n_present[baseline]), int(draft.n_valid[baseline])
    share = draft.n_present / np.maximum(draft.n_valid, 1)
    lower = share < parameters.trend.reduced_fraction * k / n
    p = fall(draft.n_present, draft.n_valid, k, n)
    return np.asarray(lower & (p < parameters.criteria.present_alpha))


def _hidden(draft: Draft, baseline: int, parameters: Parameters) -> list[str]:
    """Say of every block what could hide a response from it, empty where nothing does."""
    criteria, f = parameters.criteria, draft.finding
    if draft.m_recorded and not np.isfinite(draft.m_usual_uv):
        return ["no direct response (M): stimulation is not verified"] * len(draft)
    enough = f.n_valid >= criteria.absent_min_n
    rare = upper_bound(f.n_present, f.n_valid) <= criteria.absent_upper
    if f.verdict is Verdict.INDETERMINATE and enough and rare:
        return [f.reason] * len(draft)
    usual = medians(draft.amplitudes_uv)[baseline] if baseline >= 0 else np.inf
    most = min(criteria.detectable_max_uv, usual)
    limits = DETECTABLE_MULTIPLE * draft.noise_uv
    return [f"noise hides responses below {x:.0f} uV" if x > most else "" for x in limits]


def _silence(
    draft: Draft,
    i: int,
    quiet: list[bool],
    hidden: str,
    parameters: Parameters,
    counted: str,
) -> Said:
    """Say of a block without a response whether that is an absence."""
    if draft.chance[i] < HINT_P:
        return BlockState.CANNOT_SAY, f"{counted}: neither a response nor chance"
    if hidden:
        return BlockState.CANNOT_SAY, f"{counted}; {hidden}"
    bounds = []
    for a, b in _witnesses(i, quiet):
        k, n = (sum(x[a:b].tolist()) for x in (draft.n_present, draft.n_valid))
        bounds.append(upper_bound(k, n))
        enough = n >= parameters.criteria.absent_min_n
        if enough and bounds[-1] <= parameters.trend.block_upper:
            near = "" if b - a == 1 else f" ({k} of {n} with its neighbours)"
            excluded = f"persistence above {100 * bounds[-1]:.0f} % excluded (one-sided 95 %)"
            return BlockState.ABSENT, f"{counted}{near}; {excluded}"
    excluded = f"excludes only persistence above {100 * min(bounds):.0f} %"
    near = "" if len(bounds) == 1 else ", also with its neighbours,"
    return BlockState.CANNOT_SAY, f"{counted}{near} {excluded}"


def _witnesses(i: int, quiet: list[bool]) -> Iterator[tuple[int, int]]:
    """Yield the quiet stretches of blocks, first and end, that hold block `i`, shortest first."""
    for length in range(1, NEAR + 2):
        for first in range(max(0, i - length + 1), min(i, len(quiet) - length) + 1):
            if all(quiet[first : first + length]):
                yield first, first + length


def failed(draft: Draft, parameters: Parameters) -> NDArray[np.bool_]:
    """Say in which blocks the direct response is missing or too small, where there ever is one."""
    if not np.isfinite(draft.m_usual_uv):
        return np.zeros(len(draft), dtype=bool)
    least = parameters.criteria.m_valid_fraction * draft.m_usual_uv
    return ~(draft.m_uv >= least)
