"""Follow every response over the recording: what each block of stimuli says, and why.

Blocks and their statistics are in `blocks`; the moment of a change is left to others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.block_states import Draft, failed, states
from amr_viewer.analysis.blocks import (
    block_at,
    chances,
    cut_blocks,
    gathered,
    medians,
    middle_95,
    proportion_interval,
    resampled_medians,
)
from amr_viewer.analysis.intervals import holm
from amr_viewer.analysis.judgement import FALLBACK_RATE
from amr_viewer.core.anatomy import Branch, Role, Side
from amr_viewer.core.findings import Finding
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.responses import Rejection, Responses, State
from amr_viewer.core.trend import BlockState, Trend

Floats = NDArray[np.float64]
Baselines = Mapping[tuple[Branch | None, Side | None], float]
"""By branch a time, seconds, within the block that its others are compared with."""

USUAL: Baselines = {}
"""No branch has a baseline of its own."""


def find_trends(
    responses: Responses,
    findings: Sequence[Finding],
    parameters: Parameters,
    baselines: Baselines = USUAL,
) -> tuple[Trend, ...]:
    """Follow every finding over its stimuli, block by block.

    A block is **present** if at least two of its valid sweeps carry a response and their number
    exceeds chance (binomial, sham rate of the finding, Holm's correction over all blocks of the
    recording). It is then **reduced** if the interval of its amplitude lies wholly below
    `reduced_fraction` of the baseline block, or if its persistence lies below that fraction of
    the baseline's and has fallen (Fisher's exact test).

    It is **absent** only if it is not present, chance explains its own count, and its sweeps alone
    or with those of the next one or two blocks, themselves without a response, are enough
    (`absent_min_n`) to exclude persistence above `block_upper` (0 of 10 excludes no more than
    25.9 %), while neither noise, nor volume conduction, nor a stimulation that is not verified
    can hide what was there.

    All else is **cannot say**: too few valid sweeps, a direct response that is missing or below
    `m_valid_fraction` of that of the baseline, a reflex, or a count between the two. Each block is
    judged for itself: a response that comes back is present again.

    Parameters
    ----------
    responses : Responses
    findings : sequence of Finding
        Of these responses; they say which stimuli and channels belong together.
    parameters : Parameters
    baselines : mapping of (Branch or None, Side or None) to float
        What takes the place of `baseline_block` for some branches: a time in seconds; its block is
        the last that begins no later.

    Returns
    -------
    tuple of Trend
        One per finding that has stimuli, in their order; those of direct channels follow M.

    References
    ----------
    docs/criteria.md 15
    """
    drafts = [
        _counted(f, responses, findings, parameters, baselines)
        for f in findings
        if f.stimulus_indices
    ]
    lengths = np.cumsum([0, *(len(d) for d in drafts)])
    corrected = holm(np.concatenate([d.chance for d in drafts])) if drafts else np.empty(0)
    return tuple(
        _followed(d, corrected[a:b], parameters)
        for d, a, b in zip(drafts, lengths, lengths[1:], strict=False)
    )


def _counted(
    finding: Finding,
    responses: Responses,
    findings: Sequence[Finding],
    parameters: Parameters,
    baselines: Baselines,
) -> Draft:
    """Cut the stimuli of a finding into blocks, count and measure."""
    p, rows, column = parameters.trend, np.array(finding.stimulus_indices), finding.channel_index
    times = responses.stimuli.time_s[rows]
    edges = cut_blocks(times, p.block_size, p.min_valid, p.pause_s)
    at = (rows, column)
    state, rejection = responses.state[at], responses.rejection[at]
    direct = finding.role is Role.DIRECT
    present, valid = state == State.PRESENT, state != State.REJECTED
    n_valid, n_present = (np.add.reduceat(x.astype(np.intp), edges[:-1]) for x in (valid, present))
    m_column = column if direct else _direct_channel(finding, findings)
    m = gathered(
        responses.m_amplitude_uv[rows, m_column] if m_column is not None else times * np.nan, edges
    )
    m_uv, enough = medians(m), n_valid >= p.min_valid
    rate = _chance_rate(finding)
    own_s = baselines.get((finding.site, finding.side))
    chosen = p.baseline_block if own_s is None else block_at(times[edges[:-1]], own_s)
    tested = enough & (finding.label != "reflex" and not direct)
    return Draft(
        finding, rate, rows[edges[:-1]], rows[edges[1:] - 1], times[edges[:-1]],
        times[edges[1:] - 1], np.diff(edges), n_valid, n_present,
        _commonest(rejection, edges),
        gathered(np.where(present, responses.amplitude_uv[at], np.nan), edges),
        medians(gathered(np.where(present, responses.onset_ms[at], np.nan), edges)),
        medians(gathered(responses.noise_uv[at], edges)),
        m_uv, _usual_m(m_uv, enough, chosen), m_column is not None,
        np.where(tested, chances(n_present, n_valid, rate), np.nan), chosen, own_s is not None,
    )  # fmt: skip


def _direct_channel(finding: Finding, findings: Sequence[Finding]) -> int | None:
    """Return the channel whose M verifies the stimuli of a finding: the one with the largest."""
    direct = [
        f
        for f in findings
        if f.role is Role.DIRECT and (f.site, f.side) == (finding.site, finding.side)
    ]
    if not direct:
        return None
    sizes = np.nan_to_num([f.m_amplitude_uv for f in direct], nan=-1.0)
    return direct[int(np.argmax(sizes))].channel_index


def _usual_m(m_uv: Floats, enough: NDArray[np.bool_], chosen: int) -> float:
    """Return M of the baseline block that was chosen, else of the first that can be judged."""
    usable = enough & np.isfinite(m_uv)
    if 0 <= chosen < len(m_uv) and usable[chosen]:
        return float(m_uv[chosen])
    return float(m_uv[np.argmax(usable)]) if usable.any() else float("nan")


def _chance_rate(finding: Finding) -> float:
    """Return the rate at which sweeps without a response are called, as the verdict took it."""
    if finding.n_sham == 0 or not np.isfinite(finding.sham_rate):
        return FALLBACK_RATE
    return (round(finding.sham_rate * finding.n_sham) + 1.0) / (finding.n_sham + 2.0)


def _commonest(rejection: NDArray[np.int8], edges: NDArray[np.intp]) -> tuple[Rejection, ...]:
    """Return the commonest reason why sweeps were rejected in each block."""
    codes = np.array([r.value for r in Rejection if r is not Rejection.NONE])
    counts = np.add.reduceat((rejection[:, None] == codes).astype(np.intp), edges[:-1], axis=0)
    found = np.where(counts.any(axis=1), codes[counts.argmax(axis=1)], Rejection.NONE.value)
    return tuple(Rejection(int(code)) for code in found)


def _followed(draft: Draft, corrected: Floats, parameters: Parameters) -> Trend:
    """Judge the blocks of a draft and set them against the baseline."""
    direct = draft.finding.role is Role.DIRECT
    seen = _seen(draft, corrected, parameters)
    baseline = _baseline(draft, seen, draft.chosen)
    amplitude = medians(draft.amplitudes_uv)
    resampled = resampled_medians(draft.amplitudes_uv, 0)
    intervals = [middle_95(resampled)]
    percent = np.full((3, len(draft)), np.nan)
    if baseline >= 0:
        unit = amplitude[baseline] / 100.0
        percent[0] = amplitude / unit
        # Draws of its own, lest baseline and block err together and the ratio look sharper.
        base = resampled_medians(draft.amplitudes_uv[baseline : baseline + 1], 1)
        percent[1:] = middle_95(100.0 * resampled / base)
        percent[1:, baseline] = [x[baseline] / unit for x in intervals[0]]
    said = states(draft, seen, baseline, percent[2], parameters)
    silent = np.array([s is BlockState.ABSENT for s, _ in said])
    onset = np.where(silent, np.nan, draft.onset_ms)
    amplitude, *interval = (np.where(silent, np.nan, x) for x in (amplitude, *intervals[0]))
    percent[:, silent] = np.nan
    low, high = proportion_interval(draft.n_present, draft.n_valid)
    f = draft.finding
    return Trend(
        f.site, f.side, f.channel, f.channel_index, f.muscle, f.muscle_side, f.role,
        draft.first, draft.last, draft.start_s, draft.end_s, draft.n_stimuli, draft.n_valid,
        draft.n_present,
        np.where(draft.n_valid > 0, draft.n_present / np.maximum(draft.n_valid, 1), np.nan),
        low, high, amplitude, interval[0], interval[1], percent[0].copy(), percent[1].copy(),
        percent[2].copy(), onset,
        onset - (draft.onset_ms[baseline] if baseline >= 0 else np.nan),
        draft.m_uv, amplitude / draft.m_uv if not direct else np.full(len(draft), np.nan),
        draft.noise_uv, tuple(s for s, _ in said), tuple(reason for _, reason in said), baseline,
        draft.is_own,
    )  # fmt: skip


def _seen(draft: Draft, corrected: Floats, parameters: Parameters) -> NDArray[np.bool_]:
    """Say in which blocks there is a response; in a direct channel, in which there is M."""
    if draft.finding.role is Role.DIRECT:
        return (draft.n_present > 0) & (draft.n_valid >= parameters.trend.min_valid)
    beyond = np.nan_to_num(corrected, nan=1.0) < parameters.criteria.present_alpha
    return beyond & (draft.n_present >= 2) & ~failed(draft, parameters)


def _baseline(draft: Draft, seen: NDArray[np.bool_], chosen: int) -> int:
    """Return the block that others are compared with: the chosen, else the first with a response.

    A chosen block without a response is none; another in its place would mislead.
    """
    usable = seen & np.isfinite(draft.amplitudes_uv).any(axis=1)
    if chosen >= 0:
        return chosen if chosen < len(usable) and usable[chosen] else -1
    return int(np.argmax(usable)) if usable.any() else -1
