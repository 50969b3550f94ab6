"""Judge what the sweeps amount to: one finding per stimulated branch and channel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.examination import Examination
from amr_viewer.analysis.intervals import (
    chance_of_at_least,
    clopper_pearson,
    holm,
    median_interval,
    upper_bound,
)
from amr_viewer.core.anatomy import Role
from amr_viewer.core.evidence import RunEvidence
from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.responses import REJECTION_WORDS, Rejection, Responses, State

FALLBACK_RATE = 0.05
"""Chance rate assumed where a recording has no room for sham windows; said in the reason."""

DETECTABLE_MULTIPLE = 4.5
"""Peak to peak over noise RMS of the smallest response that is found in half of its sweeps."""

LABELS = {
    Role.LATERAL: "AMR",
    Role.CONTRALATERAL: "response on the other side",
    Role.OTHER: "late response",
    Role.DIRECT: "M response",
}

SAME_MOMENT_MS = 0.3
"""Difference of onset, well above its error, from which two responses are not one and the same."""

LEAST_RIVAL = 0.1
"""Size against this side below which a response on the other side is none to reckon with."""

REFLEX_DOUBT = 0.05
"""What is left of a sweep's probability when both sides answer."""


def judge(
    examination: Examination, parameters: Parameters
) -> tuple[Responses, tuple[Finding, ...]]:
    """Judge every run and channel.

    Parameters
    ----------
    examination : Examination
    parameters : Parameters

    Returns
    -------
    Responses
        With the sweeps of bilateral responses (reflexes) taken back.
    tuple of Finding
        In the order of the runs, then of the channels.
    """
    responses = examination.responses
    drafts = [_measured(run, responses) for run in examination.runs]
    tested = [f.role is not Role.DIRECT and f.n_valid > 0 for f in drafts]
    rates = [_chance_rate(run) for run in examination.runs]
    raw = np.array(
        [
            chance_of_at_least(f.n_present, f.n_valid, rate) if test else np.nan
            for f, rate, test in zip(drafts, rates, tested, strict=True)
        ]
    )
    findings = [
        _judged(replace(f, p_value=float(p)), run, responses, parameters)
        for f, p, run in zip(drafts, holm(raw), examination.runs, strict=True)
    ]
    findings = _with_direct(findings)
    findings = [_unless_reflex(f, findings, parameters) for f in findings]
    findings = [_unless_unverified(f, findings) for f in findings]
    return taken_back(responses, findings), tuple(findings)


def _chance_rate(run: RunEvidence) -> float:
    """Return the rate at which windows without a stimulus are called; never zero."""
    if run.n_shams == 0:
        return FALLBACK_RATE
    return (run.n_shams_called + 1.0) / (run.n_shams + 2.0)


def _measured(run: RunEvidence, responses: Responses) -> Finding:
    """Count and summarize the sweeps of one run and channel."""
    channel = responses.channels[run.channel]
    at = (run.stimuli, run.channel)
    state = responses.state[at]
    valid, present = state != State.REJECTED, state == State.PRESENT
    n, k = int(valid.sum()), int(present.sum())
    role = responses.role_at(int(run.stimuli[0]), run.channel)
    onset = median_interval(responses.onset_ms[at][present])
    amplitude = median_interval(responses.amplitude_uv[at][present])
    low, high = clopper_pearson(k, n)
    onsets = responses.onset_ms[at][present]
    noise = _median(responses.noise_uv[at][valid]) if n else _median(responses.noise_uv[at])
    return Finding(
        site=run.site, side=run.side, channel=channel.label, channel_index=run.channel,
        muscle=channel.muscle, muscle_side=channel.side, role=role,
        verdict=Verdict.NOT_ASSESSABLE, label=LABELS[role], reason="",
        stimulus_indices=tuple(run.stimuli.tolist()),
        n_stimuli=len(run.stimuli), n_valid=n, n_present=k,
        persistence=k / n if n else np.nan, persistence_low=low, persistence_high=high,
        sham_rate=run.n_shams_called / run.n_shams if run.n_shams else np.nan,
        n_sham=run.n_shams,
        onset_ms=onset[0], onset_low_ms=onset[1], onset_high_ms=onset[2],
        jitter_ms=1.4826 * _median(np.abs(onsets - _median(onsets))) if k > 2 else np.nan,
        amplitude_uv=amplitude[0], amplitude_low_uv=amplitude[1], amplitude_high_uv=amplitude[2],
        duration_ms=_median(responses.end_ms[at] - responses.onset_ms[at]),
        phases=_median(responses.phases[at]), noise_uv=noise,
        detectable_uv=DETECTABLE_MULTIPLE * noise,
        m_amplitude_uv=amplitude[0] if role is Role.DIRECT else np.nan,
        m_onset_ms=onset[0] if role is Role.DIRECT else np.nan,
        afterdischarge_fraction=(
            float(responses.afterdischarge[at][present].mean()) if k else np.nan
        ),
    )  # fmt: skip


def _median(values: NDArray[np.floating]) -> float:
    """Return the median of what is finite, NaN if nothing is."""
    values = values[np.isfinite(values)]
    return float(np.median(values)) if len(values) else float("nan")


def _judged(
    finding: Finding, run: RunEvidence, responses: Responses, parameters: Parameters
) -> Finding:
    """Give the verdict and say why."""
    criteria = parameters.criteria
    if run.off:
        return replace(
            finding, verdict=Verdict.NOT_ASSESSABLE, reason=run.off, detectable_uv=np.nan
        )
    if finding.role is Role.DIRECT:
        return _judged_direct(finding)
    if finding.n_valid == 0:
        return replace(finding, reason=f"no valid sweep: {_commonest(run, responses)}")
    shares = f"{finding.n_present} of {finding.n_valid} valid sweeps"
    shams = (
        f"{run.n_shams_called} of {run.n_shams} sham windows"
        if run.n_shams
        else "no room for sham windows; 5 % assumed by chance"
    )
    if finding.n_present >= 2 and finding.p_value < criteria.present_alpha:
        reason = f"time-locked response in {shares} ({shams}), corrected p {_p(finding.p_value)}"
        reason += "; " + _reproducibility(finding, parameters) + _customary(finding, parameters)
        return replace(finding, verdict=Verdict.PRESENT, reason=reason + _identity(finding))
    bound = upper_bound(finding.n_present, finding.n_valid)
    counted = f"{shares} ({shams}); persistence above {100 * bound:.0f} % excluded (one-sided 95 %)"
    if finding.n_valid < criteria.absent_min_n:
        short = f"{finding.n_valid} valid sweeps, {criteria.absent_min_n} needed to say absent"
        return replace(finding, verdict=Verdict.INDETERMINATE, reason=f"{counted}; {short}")
    if bound > criteria.absent_upper:
        allowed = f"absent allows {100 * criteria.absent_upper:.0f} %"
        return replace(finding, verdict=Verdict.INDETERMINATE, reason=f"{counted}; {allowed}")
    if finding.detectable_uv > criteria.detectable_max_uv:
        blind = f"noise hides responses below {finding.detectable_uv:.0f} uV"
        return replace(finding, verdict=Verdict.INDETERMINATE, reason=f"{counted}; {blind}")
    if run.doubtful_until_ms > max(criteria.blind_until_ms, _least_blind(parameters)):
        blind = (
            f"volume-conducted M or artefact hides responses up to {run.doubtful_until_ms:.1f} ms"
        )
        return replace(finding, verdict=Verdict.INDETERMINATE, reason=f"{counted}; {blind}")
    seen = f"responses from {finding.detectable_uv:.0f} uV would have been seen"
    reason = f"{counted}; {seen}{_hidden(run, parameters)}"
    return replace(finding, verdict=Verdict.ABSENT, reason=reason)


def _least_blind(parameters: Parameters) -> float:
    """Return the middle of the search window, for windows other than that of the face."""
    d = parameters.detection
    return 0.5 * (d.window_start_ms + d.window_end_ms) - 2.0


def _judged_direct(finding: Finding) -> Finding:
    """Say what the direct muscle showed; it carries no AMR of its own branch."""
    if finding.n_present:
        reason = (
            f"direct response (M) in {finding.n_present} of {finding.n_stimuli} sweeps; a muscle "
            "of the stimulated branch is not judged for lateral spread"
        )
    else:
        reason = "no direct response (M): stimulation cannot be verified in this muscle"
    return replace(finding, verdict=Verdict.NOT_ASSESSABLE, reason=reason)


def _commonest(run: RunEvidence, responses: Responses) -> str:
    """Return the commonest reason why sweeps were rejected, in words."""
    reasons = Counter(int(r) for r in responses.rejection[run.stimuli, run.channel])
    return REJECTION_WORDS[Rejection(reasons.most_common(1)[0][0])]


def _p(value: float) -> str:
    """Print a p-value."""
    return "< 1e-9" if value < 1e-9 else f"{value:.1g}"


def _reproducibility(finding: Finding, parameters: Parameters) -> str:
    """Name the persistence."""
    enough = finding.persistence >= parameters.criteria.reproducible_from
    return "reproducible" if enough else "intermittent"


def _customary(finding: Finding, parameters: Parameters) -> str:
    """Say if a response would not have passed the customary amplitude criterion."""
    criteria = parameters.criteria
    least = max(criteria.amplitude_min_uv, criteria.noise_multiple * finding.noise_uv)
    if not finding.amplitude_uv < least:
        return ""
    return (
        f"; smaller than the customary {least:.0f} uV "
        f"(the larger of {criteria.amplitude_min_uv:g} uV and "
        f"{criteria.noise_multiple:g} x noise): it rests on its time-locking"
    )


def _identity(finding: Finding) -> str:
    """Say why a late response is not called an AMR."""
    if finding.role is not Role.OTHER:
        return ""
    unknown = [
        word
        for word, value in (("branch stimulated", finding.site), ("muscle", finding.muscle))
        if value is None
    ]
    if unknown:
        return f"; {' and '.join(unknown)} unknown: a late response, not identified as AMR"
    return "; not a muscle of another facial branch: a late response, not AMR"


def _hidden(run: RunEvidence, parameters: Parameters) -> str:
    """Say until when early activity could hide a response."""
    if not run.doubtful_until_ms > parameters.detection.window_start_ms + 0.5:
        return ""
    return (
        f"; up to {run.doubtful_until_ms:.1f} ms volume-conducted M or artefact "
        "lowers the sensitivity"
    )


def _with_direct(findings: list[Finding]) -> list[Finding]:
    """Set each finding beside the direct response of its run."""
    best: dict[tuple[object, object], Finding] = {}
    for f in findings:
        if f.role is Role.DIRECT and np.isfinite(f.m_amplitude_uv):
            key = (f.site, f.side)
            if key not in best or f.m_amplitude_uv > best[key].m_amplitude_uv:
                best[key] = f
    out = []
    for f in findings:
        m = best.get((f.site, f.side))
        if m is None or f.role is Role.DIRECT:
            out.append(f)
            continue
        ratio = f.amplitude_uv / m.m_amplitude_uv
        out.append(
            replace(f, m_amplitude_uv=m.m_amplitude_uv, m_onset_ms=m.m_onset_ms, amr_to_m=ratio)
        )
    return out


def _unless_reflex(finding: Finding, findings: list[Finding], parameters: Parameters) -> Finding:
    """Withdraw an AMR where the other side answers as well."""
    if finding.role is not Role.LATERAL or finding.verdict is not Verdict.PRESENT:
        return finding
    other = [
        f
        for f in findings
        if f.role is Role.CONTRALATERAL
        and f.verdict is Verdict.PRESENT
        and (f.site, f.side) == (finding.site, finding.side)
    ]
    same = [f for f in other if f.muscle is finding.muscle]
    recorded = any(
        f.role is Role.CONTRALATERAL
        and f.muscle is finding.muscle
        and (f.site, f.side) == (finding.site, finding.side)
        and f.verdict is not Verdict.NOT_ASSESSABLE
        for f in findings
    )
    rivals = same if recorded else other
    least = parameters.criteria.reflex_fraction * finding.amplitude_uv
    # What crosses the midline by volume conduction is smaller and comes at the same moment.
    rival = next(
        (
            f
            for f in rivals
            if f.amplitude_uv >= least
            or (
                f.amplitude_uv >= LEAST_RIVAL * finding.amplitude_uv
                and abs(f.onset_ms - finding.onset_ms) > SAME_MOMENT_MS
            )
        ),
        None,
    )
    if rival is None:
        return finding
    reason = (
        f"{rival.channel} on the other side answers as well ({rival.n_present} of "
        f"{rival.n_valid}, {rival.onset_ms:.1f} ms, {rival.amplitude_uv:.0f} uV): a reflex (blink "
        f"reflex) is not told apart from AMR; {finding.reason}"
    )
    return replace(finding, verdict=Verdict.INDETERMINATE, label="reflex", reason=reason)


def _unless_unverified(finding: Finding, findings: list[Finding]) -> Finding:
    """Withdraw an absence where the direct muscle was recorded and did not answer either."""
    direct = [
        f
        for f in findings
        if f.role is Role.DIRECT and (f.site, f.side) == (finding.site, finding.side)
    ]
    if finding.verdict is not Verdict.ABSENT or not direct or any(f.n_present for f in direct):
        return finding
    reason = (
        f"no direct response (M) in {', '.join(f.channel for f in direct)}: whether the nerve was "
        f"stimulated is not verified; {finding.reason}"
    )
    return replace(finding, verdict=Verdict.INDETERMINATE, reason=reason)


def taken_back(responses: Responses, findings: Sequence[Finding]) -> Responses:
    """Take back the sweeps of findings that are reflexes; a person's sweeps stay."""
    reflexes = [f for f in findings if f.label == "reflex"]
    if not reflexes:
        return responses
    state, probability = responses.state.copy(), responses.probability.copy()
    for f in reflexes:
        at = (np.array(f.stimulus_indices), f.channel_index)
        called = (state[at] == State.PRESENT) & ~responses.manual[at]
        state[at] = np.where(called, State.ABSENT, state[at])
        probability[at] = REFLEX_DOUBT * probability[at]
    return replace(responses, state=state, probability=probability)
