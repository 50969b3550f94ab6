"""What one visit says: a point for every quantity and place; comparing them is in `visits`."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite, nan

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.bursts import labelled_electrode
from amr_viewer.analysis.free_marks import read_marks
from amr_viewer.analysis.visit_changes import ratio_interval
from amr_viewer.analysis.visit_loads import parameters_hash, rest_points
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Branch, Muscle, Role, Side
from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.core.recording import ChannelKind
from amr_viewer.core.trend import BlockState
from amr_viewer.core.visit_points import (
    Conditions,
    Place,
    Point,
    PointState,
    Quantity,
    Reason,
)
from amr_viewer.core.visits import (
    SiteUsed,
    Visit,
)

Key = tuple[Quantity, Place]
Site = tuple[Branch | None, Side | None]


@dataclass(frozen=True, slots=True)
class Evoked:
    """A finding with how it was recorded, and what became of it within the recording."""

    finding: Finding
    conditions: Conditions
    end_state: BlockState | None

    @property
    def site(self) -> Site:
        """What was stimulated."""
        return self.finding.site, self.finding.side


@dataclass(frozen=True, slots=True, eq=False)
class VisitFacts:
    """A visit and what it says.

    Attributes
    ----------
    visit : Visit
    evoked : tuple of Evoked
        Direct and lateral responses.
    rest : tuple of (Quantity, Place, Point)
        Bursts at rest; `Place.channel` always holds the label, and is empty for a whole side.
    marks : tuple of str
        Texts of the marks that are no stimuli, in order of time.
    """

    visit: Visit
    evoked: tuple[Evoked, ...] = field(default=(), repr=False)
    rest: tuple[tuple[Quantity, Place, Point], ...] = field(default=(), repr=False)
    marks: tuple[str, ...] = field(default=(), repr=False)


def visit_facts(analysis: Analysis, label: str = "") -> VisitFacts:
    """Return what an analysis says of a visit.

    Parameters
    ----------
    analysis : Analysis
        As `workflow.analyze_file` returns it with ``free_running=True``, reviewed or not.
    label : str
        What the user calls the visit.

    Returns
    -------
    VisitFacts
    """
    recording, protocol = analysis.recording, analysis.protocol
    first = next(iter(analysis.patterns), None)
    own = dict(analysis.review.fields) if analysis.review else {}
    operated = read_marks(recording, protocol.parameters).intra_operative
    visit = Visit(
        label=label,
        recording=recording.name,
        path=recording.path,
        start=recording.start,
        patient=dict(recording.patient),
        fields=own,
        duration_s=recording.duration_s,
        sites=_sites(analysis),
        muscles=tuple(
            (c.muscle, c.side, c.label)
            for c in recording.channels
            if c.kind is ChannelKind.EMG and c.unit is not None
        ),
        amr=analysis.amr,
        headline=analysis.headline,
        pattern=first,
        no_pattern=analysis.bursts.not_assessed,
        rest_s=first.assessed_s if first else 0.0,
        during_operation=operated,
        reviewed=analysis.review is not None,
        sha256=recording.sha256,
        institution=own.get("institution", protocol.institution),
        protocol=protocol.name,
        protocol_sha256=hashlib.sha256(protocol.model_dump_json().encode()).hexdigest(),
        warnings=analysis.warnings,
    )
    marks = tuple(m.text.strip() for m in recording.marks if m.stimulus is None and m.text.strip())
    evoked = tuple(
        Evoked(f, _conditions(f, analysis, operated), _end_state(f, analysis))
        for f in analysis.findings
        if f.role in {Role.DIRECT, Role.LATERAL}
    )
    return VisitFacts(visit, evoked, tuple(rest_points(analysis, operated)), marks)


def directs(visits: Sequence[VisitFacts]) -> dict[Site, Muscle | None]:
    """Return the direct muscle of each branch that answers at most visits, the largest of equals.

    A response is told as part of the same muscle's M at every visit.
    """
    answers: dict[Site, dict[Muscle | None, list[float]]] = {}
    for facts in visits:
        for e in facts.evoked:
            if e.finding.role is Role.DIRECT and isfinite(_m_size(e)):
                answers.setdefault(e.site, {}).setdefault(e.finding.muscle, []).append(_m_size(e))
    return {
        site: max(sizes, key=lambda m: (len(sizes[m]), sum(sizes[m])))
        for site, sizes in answers.items()
    }


def points_of(
    facts: VisitFacts, muscles: Mapping[Site, Muscle | None]
) -> Iterator[tuple[Quantity, Place, Point]]:
    """Yield everything that a visit says; `Place.channel` holds the label, empty for a whole side.

    `muscles` names the direct muscle that responses are set against.
    """
    for e in facts.evoked:
        f = e.finding
        place = Place(f.site, f.side, f.muscle, f.muscle_side, f.role, f.channel)
        if f.role is Role.DIRECT:
            yield Quantity.M_AMPLITUDE, place, _m_point(e)
            continue
        direct = _direct_of(e, facts, muscles)
        how = replace(
            e.conditions,
            m_uv=_m_size(direct) if direct else nan,
            m_muscle=direct.finding.muscle if direct else None,
        )
        points = _amr_points(replace(e, conditions=how), direct, _why_not(e, facts))
        yield from ((quantity, place, point) for quantity, point in points.items())
    yield from facts.rest


def crowded(points: Sequence[tuple[Quantity, Place, Point]]) -> frozenset[Place]:
    """Return the places, without a channel, at which several channels of a visit lie."""
    plain = Counter((q, replace(place, channel="")) for q, place, _ in points if place.channel)
    return frozenset(place for (_, place), n in plain.items() if n > 1)


def keyed(
    points: Sequence[tuple[Quantity, Place, Point]], by_label: frozenset[Place]
) -> dict[Key, Point]:
    """Return the points of a visit by place.

    `by_label` names the places, without a channel, at which several channels of some visit lie:
    there, and where the muscle is unknown, the label stays in the place.
    """
    out: dict[Key, Point] = {}
    for quantity, place, point in points:
        plain = replace(place, channel="")
        known = place.muscle is not None and plain not in by_label
        out[quantity, plain if known else place] = point
    return out


def _sites(analysis: Analysis) -> tuple[SiteUsed, ...]:
    """Return the branches that were stimulated."""
    s = analysis.stimuli
    pairs = list(zip(s.site, s.side, strict=True))
    out = []
    for pair in dict.fromkeys(pairs):
        rows = np.array([i for i, p in enumerate(pairs) if p == pair], np.intp)
        out.append(SiteUsed(*pair, len(rows), _median(s.intensity_ma[rows])))
    return tuple(out)


def _m_size(evoked: Evoked) -> float:
    """Return the size of a direct response, NaN where there is none."""
    f = evoked.finding
    if not f.n_present:
        return nan
    return f.amplitude_uv if isfinite(f.amplitude_uv) else f.m_amplitude_uv


def _direct_of(
    evoked: Evoked, facts: VisitFacts, muscles: Mapping[Site, Muscle | None]
) -> Evoked | None:
    """Return the direct response that one is set against; None where none was recorded."""
    same = [e for e in facts.evoked if e.finding.role is Role.DIRECT and e.site == evoked.site]
    wanted = muscles.get(evoked.site)
    return max(
        same,
        key=lambda e: (e.finding.muscle is wanted and isfinite(_m_size(e)), _size_or_less(e)),
        default=None,
    )


def _size_or_less(evoked: Evoked) -> float:
    """Return the size of a direct response, -1 where there is none."""
    size = _m_size(evoked)
    return size if isfinite(size) else -1.0


def _conditions(finding: Finding, analysis: Analysis, operated: bool) -> Conditions:
    """Return how a response was recorded."""
    channel = analysis.responses.channels[finding.channel_index]
    rows = np.array(finding.stimulus_indices, np.intp)
    return Conditions(
        channel=channel.label,
        electrode=labelled_electrode(channel.label),
        sampling_hz=channel.sampling_hz,
        filters=channel.filters or "",
        intensity_ma=_median(analysis.stimuli.intensity_ma[rows]),
        width_ms=_median(analysis.stimuli.width_ms[rows]),
        during_operation=operated,
        parameters_hash=parameters_hash(analysis.protocol.parameters, free_running=False),
    )


def _m_point(evoked: Evoked) -> Point:
    """Return the point of a direct response."""
    f, how = evoked.finding, evoked.conditions
    if not isfinite(_m_size(evoked)):
        reason = Reason.NO_DIRECT_RESPONSE if f.n_valid else Reason.NOT_ASSESSABLE
        return Point(
            PointState.CANNOT_SAY, n=f.n_valid, reason=reason, words=f.reason, conditions=how
        )
    size = _m_size(evoked), f.amplitude_low_uv, f.amplitude_high_uv
    return Point(PointState.MEASURED, *size, f.n_present, f.n_valid, conditions=how)


def _amr_points(evoked: Evoked, direct: Evoked | None, reason: Reason) -> dict[Quantity, Point]:
    """Return the points of a response in a muscle of another branch."""
    f = evoked.finding
    base = Point(
        PointState.MEASURED,
        k=f.n_present,
        n=f.n_valid,
        verdict=f.verdict,
        reason=reason,
        words=f.reason,
        end_state=evoked.end_state,
        overruled=f.overruled,
        conditions=evoked.conditions,
    )
    persistence = replace(base, value=f.persistence, low=f.persistence_low, high=f.persistence_high)
    if reason is not Reason.NONE:
        cannot = replace(base, state=PointState.CANNOT_SAY)
        return {
            Quantity.AMR_PERSISTENCE: replace(persistence, state=PointState.CANNOT_SAY),
            Quantity.AMR_AMPLITUDE: cannot,
            Quantity.AMR_TO_M: cannot,
            Quantity.AMR_ONSET: cannot,
        }
    if f.verdict is Verdict.ABSENT:
        none = replace(base, state=PointState.NONE)
        return {
            Quantity.AMR_PERSISTENCE: persistence,
            Quantity.AMR_AMPLITUDE: replace(none, high=f.detectable_uv),
            Quantity.AMR_TO_M: replace(none, high=f.detectable_uv / evoked.conditions.m_uv),
            Quantity.AMR_ONSET: none,
        }
    size = f.amplitude_uv, f.amplitude_low_uv, f.amplitude_high_uv
    return {
        Quantity.AMR_PERSISTENCE: persistence,
        Quantity.AMR_AMPLITUDE: _measured(base, *size),
        Quantity.AMR_TO_M: _to_m(base, f, direct),
        Quantity.AMR_ONSET: _measured(base, f.onset_ms, f.onset_low_ms, f.onset_high_ms),
    }


def _measured(base: Point, value: float, low: float, high: float) -> Point:
    """Return a point with a number, or one that cannot say where there is none."""
    if not isfinite(value):
        return replace(base, state=PointState.CANNOT_SAY, reason=Reason.NOT_ASSESSABLE)
    return replace(base, value=value, low=low, high=high)


def _to_m(base: Point, finding: Finding, direct: Evoked | None) -> Point:
    """Return the point of a response as part of the direct one."""
    if direct is None or not isfinite(_m_size(direct)):
        why = Reason.DIRECT_NOT_RECORDED if direct is None else Reason.NO_DIRECT_RESPONSE
        return replace(base, state=PointState.CANNOT_SAY, reason=why)
    d, f = direct.finding, finding
    m = _m_size(direct), d.amplitude_low_uv, d.amplitude_high_uv
    size = f.amplitude_uv, f.amplitude_low_uv, f.amplitude_high_uv
    return _measured(base, *ratio_interval(m, size))


def _why_not(evoked: Evoked, facts: VisitFacts) -> Reason:
    """Return why a visit cannot say whether there is a response; `Reason.NONE` where it can."""
    f = evoked.finding
    if f.verdict is Verdict.NOT_ASSESSABLE or not f.n_valid:
        return Reason.NOT_ASSESSABLE
    direct = [e for e in facts.evoked if e.finding.role is Role.DIRECT and e.site == evoked.site]
    failed = bool(direct) and not any(e.finding.n_present for e in direct)
    # A person who says absent has seen why M is missing; the program has not.
    if failed and f.verdict is not Verdict.PRESENT and not f.overruled:
        return Reason.NO_DIRECT_RESPONSE
    return Reason.INDETERMINATE if f.verdict is Verdict.INDETERMINATE else Reason.NONE


def _end_state(finding: Finding, analysis: Analysis) -> BlockState | None:
    """Return the state at the end of a recording within which it changed, else None."""
    key = (finding.site, finding.side, finding.channel_index)
    trend = next((t for t in analysis.trends if (t.site, t.side, t.channel_index) == key), None)
    if trend is None or not trend.changes():
        return None
    return [s for s in trend.state if s is not BlockState.CANNOT_SAY][-1]


def _median(values: NDArray[np.float64]) -> float:
    """Return the median of what is known, NaN if nothing is."""
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else nan
