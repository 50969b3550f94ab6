"""Apply what a person decided to an analysis; what may be decided is laid down in `core.review`.

The automatic analysis is always the beginning: a person's decisions take the place of the program's
values, and everything that follows from them is judged again by the same criteria.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from amr_viewer.analysis.burst_deciding import MatchedBursts, decided_bursts, match_bursts
from amr_viewer.analysis.conclusion import conclude
from amr_viewer.analysis.deciding import Matched, decided, match_sweeps
from amr_viewer.analysis.examination import Examination
from amr_viewer.analysis.judgement import LABELS, REFLEX_DOUBT, judge, taken_back
from amr_viewer.analysis.patterns import classify_patterns
from amr_viewer.analysis.trend import find_trends
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Role
from amr_viewer.core.decisions import FindingDecision, FindingKey, occurrences
from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.core.recording import Recording
from amr_viewer.core.responses import Responses, State
from amr_viewer.core.review import Review, reviewed_marks

FOREIGN = "review not applied: it was made for another file (its hash differs)"

PATIENT_FIELDS = ("name", "birthdate", "sex", "id")
"""Fields of a review that replace what the file says of the patient."""


def reviewed(analysis: Analysis, review: Review, *, trends: bool = True) -> Analysis:
    """Return the analysis as a person left it.

    Parameters
    ----------
    analysis : Analysis
        With the evidence that verdicts rest on. Of one that was reviewed before, the automatic one
        behind it is taken.
    review : Review
        An empty one changes no value. One that was made for another file is not applied; a
        warning says so, and the analysis carries no review.
    trends : bool
        False leaves the trends as the program found them: an answer within milliseconds, to which
        `trend.find_trends` adds the rest.

    Returns
    -------
    Analysis
        With `review`, and with the analysis without it as `automatic`.

    Raises
    ------
    ValueError
        The analysis holds no evidence to judge sweeps again by.
    """
    automatic = analysis.automatic or analysis
    if not review.belongs_to(automatic.recording.sha256):
        warnings = (*automatic.warnings, FOREIGN)
        return replace(automatic, warnings=warnings, automatic=automatic, key=None, command="")
    match = match_sweeps(automatic.responses, review)
    matched = match_bursts(automatic.bursts, review.bursts)
    keys = finding_keys(automatic)
    told = _told(review, match, matched, set(keys)) + _told_bursts(automatic, matched)
    out = replace(
        automatic,
        recording=_reviewed_recording(automatic.recording, review),
        warnings=automatic.warnings + told,
        review=review,
        automatic=automatic,
        key=None,
        command="",
    )
    responses, findings = automatic.responses, automatic.findings
    if match.decisions:
        responses, findings = _judged_again(automatic, review)
    verdicts = {d.key: d for d in review.findings}
    findings = tuple(
        _decided_finding(f, before, verdicts.get(key), responses)
        for f, before, key in zip(findings, automatic.findings, keys, strict=True)
    )
    if all(f is before for f, before in zip(findings, automatic.findings, strict=True)):
        out = _classified_again(out)
        return with_trends(out) if trends and review.baselines else out
    responses = _with_probability(_reflexes_taken_back(responses, findings, automatic), automatic)
    out = _classified_again(_concluded(replace(out, responses=responses, findings=findings)))
    return with_trends(out) if trends else out


def _classified_again(analysis: Analysis) -> Analysis:
    """Return an analysis with bursts as decided, and the pattern that follows from them.

    The pattern also rests on marks (cues, sleep) and on the AMR, which a person may have changed.
    """
    automatic, review = analysis.automatic, analysis.review
    assert automatic is not None
    assert review is not None
    parameters = analysis.protocol.parameters
    bursts = decided_bursts(automatic.bursts, review.bursts, parameters.bursts)
    same = bursts is automatic.bursts and analysis.amr == automatic.amr and not review.marks
    if same or bursts.not_assessed:
        return analysis
    patterns = classify_patterns(bursts, analysis.recording, analysis.amr, parameters)
    return replace(analysis, bursts=bursts, patterns=patterns)


def with_trends(analysis: Analysis) -> Analysis:
    """Return an analysis with the trends that follow from its responses, findings and review."""
    parameters = analysis.protocol.parameters
    baselines = {d.key: d.at_s for d in analysis.review.baselines} if analysis.review else {}
    trends = find_trends(analysis.responses, analysis.findings, parameters, baselines)
    return _concluded(replace(analysis, trends=trends))


def _concluded(analysis: Analysis) -> Analysis:
    """Put the findings and trends of an analysis into its one word and one sentence."""
    findings = analysis.findings
    amr, headline = conclude(findings, len(analysis.stimuli), analysis.trends)
    basis = _basis(findings, analysis.responses)
    return replace(analysis, amr=amr, headline=f"{headline} {basis}".strip())


def _judged_again(automatic: Analysis, review: Review) -> tuple[Responses, tuple[Finding, ...]]:
    """Return the table as decided, and the verdicts that the criteria give for it."""
    n, runs = len(automatic.findings), automatic.evidence
    if len(runs) != n:
        raise ValueError(f"{n} findings, evidence of {len(runs)}: cannot be judged again")
    responses = decided(_as_examined(automatic), review)
    return responses, judge(Examination(responses, runs), automatic.protocol.parameters)[1]


def finding_keys(analysis: Analysis) -> list[FindingKey]:
    """Return for each finding the key by which a review names it."""
    places = occurrences([c.label for c in analysis.responses.channels])
    return [(f.site, f.side, f.channel, places[f.channel_index]) for f in analysis.findings]


def _as_examined(automatic: Analysis) -> Responses:
    """Return the table before the sweeps of reflexes were taken back."""
    responses = automatic.responses
    reflexes = [
        (f, run)
        for f, run in zip(automatic.findings, automatic.evidence, strict=False)
        if f.label == "reflex"
    ]
    if not reflexes:
        return responses
    least = automatic.protocol.parameters.detection.probability_min - 1e-6
    state, probability = responses.state.copy(), responses.probability.copy()
    for f, run in reflexes:
        at = (run.stimuli, f.channel_index)
        probability[at] /= REFLEX_DOUBT
        with np.errstate(invalid="ignore"):
            called = (run.evidence >= 0.0) & (probability[at] >= least)
        state[at] = np.where(called & (state[at] == State.ABSENT), State.PRESENT, state[at])
    return replace(responses, state=state, probability=probability)


def _reflexes_taken_back(
    responses: Responses, findings: tuple[Finding, ...], automatic: Analysis
) -> Responses:
    """Take the sweeps of reflexes back; nothing is to do where no sweep was decided on."""
    if responses is not automatic.responses:
        return taken_back(responses, findings)
    if any(f.label != b.label for f, b in zip(findings, automatic.findings, strict=True)):
        return taken_back(_as_examined(automatic), findings)
    return responses


def _with_probability(responses: Responses, automatic: Analysis) -> Responses:
    """Keep the program's probability wherever its state stands, or a person's does."""
    before = automatic.responses
    if responses is before:
        return responses
    kept = (responses.state == before.state) | responses.manual
    probability = np.where(kept, before.probability, responses.probability)
    return replace(responses, probability=probability)


def _decided_finding(
    finding: Finding, before: Finding, decision: FindingDecision | None, responses: Responses
) -> Finding:
    """Say whose the finding is, and put a person's verdict in the place of the program's."""
    rows = np.array(finding.stimulus_indices, dtype=np.intp)
    by_hand = bool(responses.manual[rows, finding.channel_index].any())
    if by_hand or decision is not None:
        finding = replace(finding, source="manual", automatic_verdict=before.verdict)
    elif finding.verdict is not before.verdict:
        finding = replace(finding, automatic_verdict=before.verdict)
    if decision is None:
        return finding
    comment = " ".join(decision.comment.split())
    why = f"verdict of a person ({comment})" if comment else "verdict of a person"
    stays = finding.label != "reflex" or decision.verdict is Verdict.INDETERMINATE
    return replace(
        finding,
        verdict=decision.verdict,
        label=finding.label if stays else LABELS[finding.role],
        reason=f"{why}; by the criteria {finding.verdict.value}: {finding.reason}",
        overruled=True,
        comment=comment,
    )


def _reviewed_recording(recording: Recording, review: Review) -> Recording:
    """Return the recording with marks and patient as a person left them."""
    fields = {k: v for k, v in review.fields.items() if k in PATIENT_FIELDS}
    if fields:
        recording = replace(recording, patient=dict(recording.patient) | fields)
    if not review.marks:
        return recording
    marks = tuple(mark for _, mark, _ in reviewed_marks(recording.marks, review))
    return replace(recording, marks=marks)


def _basis(findings: tuple[Finding, ...], responses: Responses) -> str:
    """Say where the recording's answer rests on a person's decisions, empty if it does not."""
    own = [f for f in findings if f.source == "manual" and f.role in {Role.LATERAL, Role.OTHER}]
    if not own:
        return ""
    sweeps = sum(
        int(responses.manual[list(f.stimulus_indices), f.channel_index].sum()) for f in own
    )
    verdicts = sum(f.overruled for f in own)
    counted = [_counted(sweeps, "sweep"), _counted(verdicts, "verdict")]
    return f"Rests on decisions of a person: {' and '.join(filter(None, counted))}."


def _counted(n: int, word: str) -> str:
    """Count things in words, empty if there are none."""
    return f"{n} {word}{'s' if n > 1 else ''}" if n else ""


def _told(
    review: Review, match: Matched, bursts: MatchedBursts, keys: set[FindingKey]
) -> tuple[str, ...]:
    """Say that a review was applied, and what of it could not be."""
    lost = [d for d in review.findings if d.key not in keys]
    sites = {key[:2] for key in keys}
    nowhere = [d for d in review.baselines if d.key not in sites]
    counts = (
        (len(match.decisions), "sweep"),
        (len(review.findings) - len(lost), "verdict"),
        (len(review.marks), "mark"),
        (len(bursts.decisions), "burst"),
        (len(review.baselines) - len(nowhere), "baseline"),
    )
    out = []
    if any(n for n, _ in counts):
        words = ", ".join(filter(None, (_counted(n, word) for n, word in counts)))
        total = _counted(sum(n for n, _ in counts), "decision")
        out.append(f"review applied: {total} of a person ({words})")
    if match.unmatched:
        first = match.unmatched[0]
        out.append(
            f"review: {len(match.unmatched)} decisions on sweeps not applied: no such stimulus or "
            f"channel (the first: {first.stimulus_s:.4f} s, {first.channel})"
        )
    out += [
        f"review: verdict on {d.channel} not applied: no such finding "
        f"({d.side.value if d.side else 'unknown side'}, {d.site.value if d.site else 'unknown'})"
        for d in lost
    ]
    out += [
        f"review: baseline block at {d.at_s:.1f} s not applied: "
        f"{' '.join(x.value for x in (d.side, d.site) if x) or 'unknown site'} was not stimulated"
        for d in nowhere
    ]
    return tuple(out)


def _told_bursts(automatic: Analysis, match: MatchedBursts) -> tuple[str, ...]:
    """Say which decisions on bursts could not be applied, and why."""
    n = len(match.unmatched)
    if not n:
        return ()
    if automatic.bursts.not_assessed:
        return (
            f"review: {_counted(n, 'decision')} on bursts not applied: "
            f"{automatic.bursts.not_assessed}",
        )
    first = match.unmatched[0]
    return (
        f"review: {_counted(n, 'decision')} on bursts not applied: no such channel, or no burst "
        f"there any more (the first: {first.start_s:.3f} s, {first.channel})",
    )
