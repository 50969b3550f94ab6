"""The order of the rules: which pattern is named, how sure that is, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass

from amr_viewer.analysis import pattern_rules as rules
from amr_viewer.analysis.face_facts import FaceFacts
from amr_viewer.analysis.pattern_checks import Candidate
from amr_viewer.analysis.side_facts import SideFacts
from amr_viewer.core.anatomy import Side
from amr_viewer.core.bursts import Electrode, QualityFlag
from amr_viewer.core.parameters import Parameters, PatternParameters
from amr_viewer.core.patterns import HFS, Conclusion, Confidence, Evidence

C = Conclusion
LEAST_PART = 1.0 / 3.0
"""Part of the time asked for below which nothing is said."""

CLOSE = 0.7
"""A pattern comes next if so much of what was asked speaks for it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was concluded.

    Attributes
    ----------
    conclusion : Conclusion
    side : str
    confidence : Confidence or None
    runner_up : Conclusion or None
    evidence : tuple of Evidence
    """

    conclusion: Conclusion
    side: str
    confidence: Confidence | None
    runner_up: Conclusion | None
    evidence: tuple[Evidence, ...]


def decide(face: FaceFacts, parameters: Parameters, amr: str) -> Decision:
    """Return the pattern of a recording.

    Parameters
    ----------
    face : FaceFacts
    parameters : Parameters
    amr : str
        The answer of the evoked part, ``no_stimuli`` without one.
    """
    p = parameters.patterns
    units = face.units
    flat = all(QualityFlag.FLAT in c.flags for c in units.bursts.channels)
    if flat or not (face.sides or face.masticatory):
        return _open(C.INSUFFICIENT, "no channel holds a signal")
    if units.total_s < LEAST_PART * p.min_rest_s:
        return _open(
            C.INSUFFICIENT, f"{units.total_s:.0f} s recorded, {p.min_rest_s:g} s are asked for"
        )
    chewing = rules.hemimasticatory(face, p)
    if chewing.holds:
        return _settled(chewing, _candidates(face, p, amr), face, parameters)
    if not face.sides:
        return _open(C.INSUFFICIENT, "no muscle of the facial nerve was recorded")
    main = max(face.sides.values(), key=lambda f: (f.n_strong, f.n))
    early = _provoked(face, main, p, amr, parameters)
    if early is not None:
        return early
    candidates = _candidates(face, p, amr)
    for candidate in candidates:
        if candidate.holds:
            return _settled(candidate, candidates, face, parameters)
    few = not rules.enough(main, p)
    closest = max(candidates, key=lambda c: (-len(c.failed), c.share))
    runner_up = closest.conclusion if closest.share >= 0.5 else None
    if few:
        words = f"{main.n} events, of which {main.n_clonic} clonic and {main.n_tonic} tonic"
        return Decision(C.INSUFFICIENT, "", None, runner_up, (Evidence("number", words, 0),))
    told = (Evidence("order of rules", "no pattern holds in all that it needs", 0),)
    return Decision(C.INDETERMINATE, closest.side, None, runner_up, (*told, *closest.evidence))


def _open(conclusion: Conclusion, words: str) -> Decision:
    """Return a decision that nothing can be said."""
    return Decision(conclusion, "", None, None, (Evidence("amount", words, 0),))


def _provoked(
    face: FaceFacts, main: SideFacts, p: PatternParameters, amr: str, parameters: Parameters
) -> Decision | None:
    """Return what is concluded where there is nothing at rest, or only what is provoked."""
    minutes = max(face.units.rest_s / 60.0, 1e-9)
    copies = [rules.synkinesis(face, side, p) for side in face.sides]
    holding = [c for c in copies if c.holds]
    if holding:
        best = max(holding, key=lambda c: c.share)
        return _settled(best, [*copies, *_candidates(face, p, amr)], face, parameters)
    asked = rules.cued(face, p)
    if asked.holds:
        return _settled(asked, [asked, *copies], face, parameters)
    per_min = sum(f.n_strong for f in face.sides.values()) / minutes
    if per_min >= p.rest_rate_max or any(f.n_tonic for f in face.sides.values()):
        return None
    words = (
        f"{per_min:.1f} bursts/min in {face.units.rest_s / 60.0:.1f} min at rest, "
        f"{face.n_blinks} blinks set aside"
    )
    full = face.units.rest_s >= 0.9 * p.min_rest_s
    sure = Confidence.MODERATE if full else Confidence.LOW
    note = Evidence("activity", words, 1)
    short = Evidence("amount", "a short recording does not exclude intermittent spasm", 0)
    return Decision(C.NO_ACTIVITY, "", sure, None, (note, short))


def _candidates(face: FaceFacts, p: PatternParameters, amr: str) -> list[Candidate]:
    """Return the patterns in the order in which they are asked."""
    if not face.sides:
        return []
    main = max(face.sides.values(), key=lambda f: (f.n_strong, f.n))
    return [
        rules.fasciculation(face, main, p),
        rules.blepharospasm(face, main, p),
        rules.cortical(face, main, p),
        rules.myokymia(face, main, p),
        rules.neuromyotonia(face, main, p),
        rules.spasm(face, main, p, amr),
        rules.voluntary(face, main, p),
    ]


def _settled(
    chosen: Candidate, candidates: list[Candidate], face: FaceFacts, parameters: Parameters
) -> Decision:
    """Return the decision for a pattern that holds."""
    others = [
        c
        for c in candidates
        if c is not chosen
        and c.conclusion is not chosen.conclusion
        and not (c.conclusion in HFS and chosen.conclusion in HFS)
    ]
    next_one = max(others, key=lambda c: (-len(c.failed), c.share), default=None)
    runner_up = next_one.conclusion if next_one and next_one.share >= 0.5 else None
    contested = bool(next_one and next_one.holds)
    sure = _confidence(chosen, face, parameters, contested=contested)
    evidence = [*chosen.evidence, *_limits(chosen, face, parameters)]
    if contested and next_one:
        evidence.append(
            Evidence("runner-up", f"{next_one.conclusion.value} is not refuted either", -1)
        )
    return Decision(chosen.conclusion, chosen.side, sure, runner_up, tuple(evidence))


def trusted(face: FaceFacts) -> bool:
    """Whether no active channel is flagged."""
    active = {c for f in face.sides.values() for c in f.active}
    flags = {flag for c in face.units.bursts.channels if c.index in active for flag in c.flags}
    return not flags


def _confidence(
    chosen: Candidate, face: FaceFacts, parameters: Parameters, *, contested: bool
) -> Confidence:
    """Return how well a pattern is supported.

    High needs, beside all that the pattern needs, a test of its own kind (AMR or the rate of a
    needle for hemifacial spasm), a calibrated floor, enough time and clean channels; moderate needs
    one supporting finding and clean channels.
    """
    p = parameters.patterns
    enough_time = face.units.total_s >= 0.9 * p.min_rest_s
    if contested or not trusted(face) or not enough_time or chosen.opposing > chosen.supporting:
        return Confidence.LOW
    if chosen.conclusion in HFS and not face.both_sides:
        return Confidence.LOW
    if not chosen.supporting and not _by_needle(chosen):
        return Confidence.LOW
    specific = {e.rule for e in chosen.evidence if e.weight > 0} & {"AMR", "rate 150-400 Hz"}
    calibrated = any(c.calibrated for c in face.units.bursts.channels)
    if chosen.conclusion in HFS and specific and calibrated and not chosen.opposing:
        return Confidence.HIGH
    return Confidence.MODERATE


def _by_needle(chosen: Candidate) -> bool:
    """Whether a rate measured by a needle fits."""
    return any(e.rule == "rate" and e.weight > 0 for e in chosen.evidence)


def _limits(chosen: Candidate, face: FaceFacts, parameters: Parameters) -> list[Evidence]:
    """Return what limits the conclusion."""
    out = []
    p = parameters.patterns
    if face.units.total_s < 0.9 * p.min_rest_s:
        out.append(
            Evidence(
                "amount",
                f"{face.units.total_s / 60.0:.1f} of {p.min_rest_s / 60.0:g} min recorded",
                -1,
            )
        )
    if not trusted(face):
        out.append(Evidence("quality", "the signal of active channels is flagged", -1))
    suspected = [pair for f in face.sides.values() for pair in f.pairs if pair.crosstalk]
    if suspected:
        out.append(Evidence("crosstalk", "two channels may hold one signal", -1))
    if chosen.conclusion in HFS:
        out.append(
            Evidence(
                "limits", "synkinesis after facial palsy and secondary spasm are not excluded", 0
            )
        )
    return out


def missing_tests(face: FaceFacts, conclusion: Conclusion, amr: str) -> tuple[str, ...]:
    """Return the tests that would support or refute, and were not done."""
    units = face.units
    out = []
    if amr in {"no_stimuli", "not_assessable"}:
        out.append("abnormal muscle response")
    if not face.both_sides:
        out.append("muscles of the other side")
    if all(c.electrode is Electrode.SURFACE for c in units.bursts.channels):
        out.append("discharge rate within bursts (needle electrode; surface resolves up to 200 Hz)")
    if not any(e.known for e in face.babinski.values()):
        out.append("other Babinski sign (frontalis and orbicularis oculi of one side)")
    if not face.n_cues:
        out.append("cued movements (synkinesis)")
    if not len(units.marks.asleep):
        out.append("sleep")
    if not any(c.calibrated for c in units.bursts.channels):
        out.append("maximal contraction (floor against volume conduction)")
    if not units.masticatory:
        out.append("masseter (hemimasticatory spasm)")
    if conclusion is Conclusion.CORTICAL:
        out.insert(0, "EEG")
    return tuple(out)


def side_decision(
    face: FaceFacts, side: Side | None, whole: Decision, p: PatternParameters
) -> Decision:
    """Return what is concluded for one side, given the recording's answer."""
    facts = face.sides.get(side)
    if whole.side in {"both", rules.side_name(side)} and whole.side:
        return whole
    if whole.conclusion in {C.NO_ACTIVITY, C.INSUFFICIENT} or facts is None:
        return Decision(whole.conclusion, "", whole.confidence, None, whole.evidence)
    minutes = max(face.units.rest_s / 60.0, 1e-9)
    words = f"{facts.n_strong / minutes:.1f} bursts/min at rest"
    if facts.n_strong / minutes < p.rest_rate_max and not facts.n_tonic:
        note = (Evidence("activity", words, 1),)
        return Decision(C.NO_ACTIVITY, "", Confidence.LOW, None, note)
    conclusion = C.INDETERMINATE if rules.enough(facts, p) else C.INSUFFICIENT
    return Decision(conclusion, "", None, None, (Evidence("activity", words, 0),))
