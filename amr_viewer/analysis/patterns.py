"""Say which pattern the bursts of a recording show, for both sides and for each."""

from __future__ import annotations

from math import nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.burst_groups import episodes_of, salvos_of
from amr_viewer.analysis.face_facts import FaceFacts, facts_of_face
from amr_viewer.analysis.free_marks import read_marks
from amr_viewer.analysis.intervals import poisson_interval
from amr_viewer.analysis.intraoperative import count_trains
from amr_viewer.analysis.missing_tests import missing_tests
from amr_viewer.analysis.pattern_decision import Decision, decide, side_decision
from amr_viewer.analysis.pattern_units import Units, trains_of, units_of
from amr_viewer.analysis.provoked import Answers
from amr_viewer.analysis.rhythm import cv_of
from amr_viewer.analysis.sampled_envelopes import sampled_envelopes
from amr_viewer.analysis.side_facts import SideFacts, clustered, pairs_of
from amr_viewer.analysis.synchrony import spread
from amr_viewer.core.anatomy import Side
from amr_viewer.core.bursts import FLAG_WORDS, BurstKind, Bursts
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.patterns import (
    CONCLUSION_WORDS,
    Conclusion,
    Estimate,
    Evidence,
    MuscleActivity,
    PatternFinding,
    Rhythm,
    Spread,
)
from amr_viewer.core.recording import Recording

MOST_CHANNELS = 12
"""Channels whose synchrony is told, pair by pair."""


def describe_patterns(bursts: Bursts, recording: Recording, parameters: Parameters) -> FaceFacts:
    """Return what the bursts of a recording show, before anything is concluded.

    Parameters
    ----------
    bursts : Bursts
        As `find_bursts` gives them, or with a person's changes.
    recording : Recording
        Its marks say what was asked for, and who slept; of its samples some minutes are read.
    parameters : Parameters

    Returns
    -------
    FaceFacts
    """
    units = units_of(bursts, read_marks(recording, parameters), parameters)
    return facts_of_face(units, sampled_envelopes(bursts, recording, parameters), parameters)


def classify_patterns(
    bursts: Bursts, recording: Recording, amr: str, parameters: Parameters
) -> tuple[PatternFinding, ...]:
    """Say which pattern there is: both sides together first, then each side that was recorded.

    Parameters
    ----------
    bursts : Bursts
    recording : Recording
        Its marks are read, and envelopes of at most three minutes.
    amr : str
        ``present | absent | indeterminate | not_assessable | no_stimuli``; evidence, not proof.
    parameters : Parameters

    Returns
    -------
    tuple of PatternFinding
        Empty where no bursts were looked for.
    """
    if bursts.not_assessed:
        return ()
    return findings_of(describe_patterns(bursts, recording, parameters), amr, parameters)


def findings_of(face: FaceFacts, amr: str, parameters: Parameters) -> tuple[PatternFinding, ...]:
    """Return the findings of both sides together and of each, from what a recording shows."""
    units = face.units
    whole = (
        _during_operation(units) if units.marks.intra_operative else decide(face, parameters, amr)
    )
    missing = missing_tests(face, whole.conclusion, amr)
    everything = (*units.facial, *units.masticatory)
    out = [_finding(None, everything, whole, face, missing, parameters)]
    for side in Side:
        channels = tuple(c for c in everything if units.channels[c].side is side)
        if channels:
            decision = side_decision(face, side, whole, parameters.patterns)
            out.append(_finding(side, channels, decision, face, missing, parameters))
    return tuple(out)


def _during_operation(units: Units) -> Decision:
    """Return what is said of a recording made during an operation: trains, no pattern."""
    if not units.bursts.counted.any():
        note = Evidence("operation", "no bursts; recorded during an operation", 0)
        return Decision(Conclusion.NO_ACTIVITY, "", None, None, (note,))
    trains = count_trains(units)
    words = (
        f"recorded during an operation: {trains.n_a} A-trains ({trains.train_s:.1f} s of train "
        f"time), {trains.n_b} B-type and {trains.n_c} C-type; resting patterns are not judged"
    )
    return Decision(Conclusion.INDETERMINATE, "", None, None, (Evidence("operation", words, 0),))


def _finding(
    side: Side | None,
    channels: tuple[int, ...],
    decision: Decision,
    face: FaceFacts,
    missing: tuple[str, ...],
    parameters: Parameters,
) -> PatternFinding:
    """Return the finding of one side, or of both."""
    units = face.units
    muscles = tuple(_muscle(units, c, parameters) for c in channels)
    facts = _facts(face, side)
    cues, lids = (_most(answers, side) for answers in (face.cues, face.lids))
    signs = [e for s, e in face.babinski.items() if side in (None, s) and e.known]
    best = facts.best if facts else None
    return PatternFinding(
        side=side,
        conclusion=decision.conclusion,
        confidence=decision.confidence,
        runner_up=decision.runner_up,
        pattern_side=decision.side,
        summary=_summary(decision, facts, units),
        evidence=decision.evidence,
        missing=missing,
        assessed_s=units.rest_s,
        muscles=muscles,
        n_clonic_tonic=facts.course.n_sequences if facts else 0,
        load_uv_s_min=float(np.mean([m.load_uv_s_min for m in muscles])) if muscles else nan,
        synchrony=pairs_of(units, channels[:MOST_CHANNELS], parameters, rest=False),
        synchrony_index=best.index if best else Estimate(),
        lag_ms=best.lag_ms if best else Spread(),
        lateralization=face.lateralization,
        lateralization_area=face.lateralization_area,
        rhythm=facts.rhythm if facts else Rhythm(),
        rate_hz=facts.rate_hz if facts else Spread(),
        rate_reliable=facts.reliable if facts else nan,
        other_babinski=max(signs, key=lambda e: e.value, default=Estimate()),
        cue_contingency=cues.contingency if cues else Estimate(),
        blink_contingency=lids.contingency if lids else Estimate(),
        sleep_persistence=face.sleep,
        flags=_flags(units, channels),
        **_counts(units, channels, parameters),
    )


def _counts(units: Units, channels: tuple[int, ...], parameters: Parameters) -> dict[str, Any]:
    """Return counts, rates, durations and the part of the time in bursts, of some channels."""
    b = units.bursts
    rows = np.flatnonzero(np.isin(b.channel, channels) & b.counted)
    kind = b.kind[rows]
    clonic, tonic = rows[kind == BurstKind.CLONIC], rows[kind == BurstKind.TONIC]
    minutes = max(units.total_s / 60.0, 1e-9)
    events, episodes = clustered(b.start_s[rows]), _episodes(units, rows, parameters)
    salvos = salvos_of(events, parameters.bursts) if len(events) else np.empty(0, np.intp)
    return {
        "n_bursts": len(rows),
        "n_clonic": len(clonic),
        "n_tonic": len(tonic),
        "n_other": int((kind == BurstKind.OTHER).sum()),
        "n_salvos": int(salvos[-1]) + 1 if len(salvos) else 0,
        "n_episodes": episodes,
        "n_set_aside": int((np.isin(b.channel, channels) & ~b.counted).sum()),
        "bursts_per_min": _rate(len(events), minutes),
        "clonic_per_min": _rate(len(clustered(b.start_s[clonic])), minutes),
        "tonic_per_min": _rate(len(clustered(b.start_s[tonic])), minutes),
        "episodes_per_min": _rate(episodes, minutes),
        "duration_ms": spread(b.duration_ms[rows]),
        "clonic_duration_ms": spread(b.duration_ms[clonic]),
        "tonic_duration_ms": spread(b.duration_ms[tonic]),
        "load_percent": 100.0 * _covered(b.start_s[rows], b.end_s[rows]) / max(units.total_s, 1e-9),
    }


def _facts(face: FaceFacts, side: Side | None) -> SideFacts | None:
    """Return the facts of a side, or of the busiest one for both."""
    if side is not None:
        return face.sides.get(side) or face.masticatory.get(side)
    everything = [*face.sides.values(), *face.masticatory.values()]
    return max(everything, key=lambda f: (f.n_strong, f.n), default=None)


def _most(answers: dict[Side | None, Answers], side: Side | None) -> Answers | None:
    """Return the answers of a side, or of the side that answers most."""
    if side is not None:
        return answers.get(side)
    known = [a for a in answers.values() if a.contingency.known]
    return max(known, key=lambda a: a.contingency.value, default=None)


def _rate(n: int, minutes: float) -> Estimate:
    """Return a rate per minute with its Poisson interval."""
    low, high = poisson_interval(n)
    return Estimate(n / minutes, low / minutes, high / minutes, n)


def _episodes(units: Units, rows: NDArray[np.intp], parameters: Parameters) -> int:
    """Return the number of episodes, over the muscles together."""
    b = units.bursts
    if not len(rows):
        return 0
    return int(episodes_of(b.start_s[rows], b.end_s[rows], parameters.bursts)[-1]) + 1


def _covered(start_s: NDArray[np.float64], end_s: NDArray[np.float64]) -> float:
    """Return the time that intervals, in order of start, cover together."""
    if not len(start_s):
        return 0.0
    latest = np.maximum.accumulate(end_s)
    before = np.concatenate([[start_s[0]], latest[:-1]])
    return float(np.sum(np.maximum(latest - np.maximum(start_s, before), 0.0)))


def _muscle(units: Units, index: int, parameters: Parameters) -> MuscleActivity:
    """Return the activity of one channel."""
    b = units.bursts
    channel = units.channels[index]
    rows = np.flatnonzero((b.channel == index) & b.counted)
    minutes = max(channel.analyzed_s / 60.0, 1e-9)
    kind = b.kind[rows]
    rated = rows[np.isfinite(b.rate_hz[rows])]
    return MuscleActivity(
        channel=index,
        label=channel.label,
        muscle=channel.muscle,
        side=channel.side,
        n_bursts=len(rows),
        n_clonic=int((kind == BurstKind.CLONIC).sum()),
        n_tonic=int((kind == BurstKind.TONIC).sum()),
        n_other=int((kind == BurstKind.OTHER).sum()),
        n_salvos=len(np.unique(b.salvo[rows])),
        n_episodes=len(np.unique(b.episode[rows])),
        n_set_aside=int(((b.channel == index) & ~b.counted).sum()),
        bursts_per_min=_rate(len(rows), minutes),
        duration_ms=spread(b.duration_ms[rows]),
        load_percent=100.0 * 1e-3 * float(b.duration_ms[rows].sum()) / (60.0 * minutes),
        load_uv_s_min=float(b.area_uv_s[rows].sum()) / minutes,
        discharges=spread(b.n_discharges[rows]),
        rate_hz=spread(b.rate_hz[rows]),
        rate_reliable=float(b.rate_reliable[rated].mean()) if len(rated) else nan,
        rhythm_cv=cv_of(np.diff(trains_of(units, index, rest=False).start_s)).value,
    )


def _flags(units: Units, channels: tuple[int, ...]) -> tuple[str, ...]:
    """Return what limits trust in channels, in words."""
    return tuple(
        f"{units.channels[c].name}: {FLAG_WORDS[flag]}"
        for c in channels
        for flag in units.channels[c].flags
    )


def _summary(decision: Decision, facts: SideFacts | None, units: Units) -> str:
    """Return the answer in one or two sentences."""
    name = CONCLUSION_WORDS[decision.conclusion]
    minutes = units.rest_s / 60.0
    if decision.conclusion is Conclusion.NO_ACTIVITY:
        return (
            f"No bursts of spasm in {minutes:.1f} min. A short recording does not exclude "
            "intermittent spasm."
        )
    if decision.conclusion in {Conclusion.INDETERMINATE, Conclusion.INSUFFICIENT} or facts is None:
        why = decision.evidence[0].words if decision.evidence else ""
        return f"{name[0].upper()}{name[1:]}: {why}."
    place = {"both": " on both sides", "": ""}.get(decision.side, f" on the {decision.side}")
    sure = f" (confidence: {decision.confidence})" if decision.confidence else ""
    counts = f"{facts.n_clonic} clonic and {facts.n_tonic} tonic bursts in {minutes:.1f} min"
    return f"{counts}{place}. Consistent with: {name}{sure}. Correlate clinically."
