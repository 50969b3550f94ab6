"""Which scorecard wins: the pattern that is named, how sure that is, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass

from amr_viewer.analysis.cards_provoked import movements, no_activity, synkinesis
from amr_viewer.analysis.cards_shared import blepharospasm, cortical, effort
from amr_viewer.analysis.cards_single import fasciculation, myokymia, neuromyotonia
from amr_viewer.analysis.cards_spasm import hemifacial, hemimasticatory
from amr_viewer.analysis.face_facts import FaceFacts
from amr_viewer.analysis.pattern_points import enough, lateralization, number_words, side_name
from amr_viewer.analysis.scorecard import Card
from amr_viewer.analysis.side_facts import SideFacts
from amr_viewer.core.anatomy import Side
from amr_viewer.core.bursts import QualityFlag
from amr_viewer.core.parameters import Parameters, PatternParameters
from amr_viewer.core.patterns import CONCLUSION_WORDS, HFS, Conclusion, Confidence, Evidence

C = Conclusion
LEAST_PART = 1.0 / 3.0
"""Part of the time asked for below which nothing is said."""

SURE_POINTS, SURE_LEAD = 2.0, 2.0
"""Times the least points and the least lead that moderate confidence takes."""


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
    cards = cards_of(face, p, amr)
    holding = [c for c in cards if c.holds]
    # Cards stand in the order of the rules, and sorting keeps it: it settles what is level.
    ranked = sorted(holding, key=lambda c: -c.score)
    best = ranked[0] if ranked else None
    if best is None or best.score < p.least_points:
        return _undecided(face, cards, p)
    rival = next((c for c in ranked[1:] if c.conclusion is not best.conclusion), None)
    if rival is not None and best.score - rival.score < p.least_lead:
        words = (
            f"{CONCLUSION_WORDS[best.conclusion]} and {CONCLUSION_WORDS[rival.conclusion]} are "
            f"supported alike ({best.score:.1f} and {rival.score:.1f} points)"
        )
        told = (Evidence("lead", words, 0), *best.evidence)
        return Decision(C.INDETERMINATE, best.side, None, best.conclusion, told)
    return _settled(best, rival, face, parameters)


def cards_of(face: FaceFacts, p: PatternParameters, amr: str) -> list[Card]:
    """Return the scorecards of all patterns, in the order of the rules (docs/criteria.md 18)."""
    cards = [hemimasticatory(face, p)]
    if not face.sides:
        return cards
    main = main_side(face)
    return [
        *cards,
        fasciculation(face, main, p),
        *(synkinesis(face, side, p) for side in face.sides),
        movements(face, p),
        blepharospasm(face, main, p),
        cortical(face, main, p),
        myokymia(face, main, p),
        neuromyotonia(face, main, p),
        hemifacial(face, main, p, amr),
        effort(face, main, p),
        no_activity(face, p),
    ]


def main_side(face: FaceFacts) -> SideFacts:
    """Return the side with more activity: by lateralization, else by events that are no noise."""
    value = lateralization(face)
    if value == value and value != 0.0:
        return face.sides[Side.LEFT if value > 0.0 else Side.RIGHT]
    return max(face.sides.values(), key=_load)


def _load(facts: SideFacts) -> tuple[int, int]:
    """Return how much activity a side has."""
    return facts.n_strong, facts.n


def _open(conclusion: Conclusion, words: str) -> Decision:
    """Return a decision that nothing can be said."""
    return Decision(conclusion, "", None, None, (Evidence("amount", words, 0),))


def _undecided(face: FaceFacts, cards: list[Card], p: PatternParameters) -> Decision:
    """Return what is said where no pattern has points enough."""
    closest = max(cards, key=lambda c: (-len(c.failed), c.score))
    runner_up = closest.conclusion if closest.score > 0.0 else None
    busy = [f for f in [*face.sides.values(), *face.masticatory.values()] if enough(f, p)]
    if not busy:
        main = max([*face.sides.values(), *face.masticatory.values()], key=_load)
        words = f"{number_words(main)}, {main.n} events in all"
        return Decision(C.INSUFFICIENT, "", None, runner_up, (Evidence("number", words, 0),))
    words = (
        f"no pattern reaches {p.least_points:g} points; closest is "
        f"{CONCLUSION_WORDS[closest.conclusion]}"
    )
    told = (Evidence("points", words, 0), *closest.evidence)
    return Decision(C.INDETERMINATE, closest.side, None, runner_up, told)


def _settled(best: Card, rival: Card | None, face: FaceFacts, parameters: Parameters) -> Decision:
    """Return the decision for a pattern that wins."""
    lead = best.score - max(rival.score, 0.0) if rival is not None else best.score
    sure = _confidence(best, lead, face, parameters)
    runner_up = rival.conclusion if rival is not None and rival.score > 0.0 else None
    evidence = [*best.evidence, *_limits(best, face, parameters)]
    if rival is not None and runner_up is not None:
        words = (
            f"next is {CONCLUSION_WORDS[rival.conclusion]}: {rival.score:.1f} points against "
            f"{best.score:.1f}"
        )
        evidence.append(Evidence("runner-up", words, 0))
    return Decision(best.conclusion, best.side, sure, runner_up, tuple(evidence))


def trusted(face: FaceFacts) -> bool:
    """Whether no active channel is flagged."""
    active = {c for f in face.sides.values() for c in f.active}
    flags = {flag for c in face.units.bursts.channels if c.index in active for flag in c.flags}
    return not flags


def _confidence(best: Card, lead: float, face: FaceFacts, parameters: Parameters) -> Confidence:
    """Return how well a pattern is supported.

    High is left to hemifacial spasm, where a test of its own kind (AMR, or the rate of a needle)
    stands beside one-sided synchrony, with clean channels, a calibrated floor, and nothing against
    it; moderate takes twice the points and the lead that naming takes, clean channels and time.
    """
    p = parameters.patterns
    if not trusted(face) or face.units.total_s < 0.9 * p.min_rest_s:
        return Confidence.LOW
    if best.score < SURE_POINTS * p.least_points or lead < SURE_LEAD * p.least_lead:
        return Confidence.LOW
    if best.conclusion not in HFS:
        return Confidence.MODERATE
    if not face.both_sides:
        return Confidence.LOW
    opposed = any(e.weight < 0 for e in best.evidence)
    whole = min(best.points_of("synchrony"), best.points_of("one side")) >= 1.0
    specific = max(best.points_of("AMR"), best.points_of("rate 150-400 Hz")) >= 1.0
    calibrated = any(c.calibrated for c in face.units.bursts.channels)
    if whole and specific and calibrated and not opposed and best.side != "both":
        return Confidence.HIGH
    refuted = min(best.points_of("AMR"), best.points_of("rate 150-400 Hz")) <= -1.0
    return Confidence.LOW if refuted or not whole else Confidence.MODERATE


def _limits(best: Card, face: FaceFacts, parameters: Parameters) -> list[Evidence]:
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
    if any(pair.crosstalk for f in face.sides.values() for pair in f.pairs):
        out.append(Evidence("crosstalk", "two channels may hold one signal", -1))
    if best.conclusion in HFS:
        words = "synkinesis after facial palsy and secondary spasm are not excluded"
        out.append(Evidence("limits", words, 0))
    if best.conclusion is C.NO_ACTIVITY:
        words = "a short recording does not exclude intermittent spasm"
        out.append(Evidence("amount", words, 0))
    return out


def side_decision(
    face: FaceFacts, side: Side | None, whole: Decision, p: PatternParameters
) -> Decision:
    """Return what is concluded for one side, given the recording's answer."""
    facts = face.sides.get(side)
    if whole.side in {"both", side_name(side)} and whole.side:
        return whole
    if whole.conclusion in {C.NO_ACTIVITY, C.INSUFFICIENT} or facts is None:
        return Decision(whole.conclusion, "", whole.confidence, None, whole.evidence)
    minutes = max(face.units.rest_s / 60.0, 1e-9)
    words = f"{facts.n_strong / minutes:.1f} bursts/min at rest"
    if facts.n_strong / minutes < p.rest_rate_max and not facts.n_tonic:
        note = (Evidence("activity", words, 1),)
        return Decision(C.NO_ACTIVITY, "", Confidence.LOW, None, note)
    conclusion = C.INDETERMINATE if enough(facts, p) else C.INSUFFICIENT
    return Decision(conclusion, "", None, None, (Evidence("activity", words, 0),))
