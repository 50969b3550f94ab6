"""Compare the visits of one patient: what each says, and what changed between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from amr_viewer.analysis.visit_changes import changes_of
from amr_viewer.analysis.visit_order import EventNote, identity_of, ordered, placed_events
from amr_viewer.analysis.visit_points import Key, VisitFacts, crowded, directs, keyed, points_of
from amr_viewer.core.anatomy import Branch, Muscle, Side
from amr_viewer.core.visit_points import (
    Place,
    Point,
    PointState,
    Quantity,
    Track,
)
from amr_viewer.core.visits import (
    Comparison,
    Failure,
    Order,
    Visit,
)
from amr_viewer.errors import ParameterError

LEAST_VISITS = 2
_SIDES = (Side.LEFT, Side.RIGHT, None)
_BRANCHES = (*Branch, None)
_MUSCLES = (*Muscle, None)


def compare(
    facts: Sequence[VisitFacts],
    *,
    order: Order = Order.DATE,
    events: Sequence[EventNote] = (),
    failures: Sequence[Failure] = (),
    versions: Mapping[str, str] | None = None,
) -> Comparison:
    """Compare visits.

    Parameters
    ----------
    facts : sequence of VisitFacts
        Two or more, as `visit_facts` makes them of analyses, in the order in which they were given.
    order : Order
        What to order by; dates that are missing or equal leave the order as given.
    events : sequence of EventNote
        What happened to the patient, beside what marks of the recordings tell.
    failures : sequence of Failure
        Recordings that could not be read, to be named in the result.
    versions : mapping of str to str, optional
        Program and libraries.

    Returns
    -------
    Comparison

    Raises
    ------
    ParameterError
        There are fewer than two visits, or an event cannot be placed.
    """
    if len(facts) < LEAST_VISITS:
        raise ParameterError(
            f"{len(facts)} recording could be used: a comparison takes two or more"
            if len(facts) == 1
            else "no recording could be used: a comparison takes two or more"
        )
    indices, by, note = ordered([f.visit for f in facts], order)
    chosen = [facts[i] for i in indices]
    visits = tuple(f.visit for f in chosen)
    return Comparison(
        visits=visits,
        tracks=_tracks(chosen),
        identity=identity_of(visits),
        events=placed_events(visits, events, [f.marks for f in chosen]),
        order=by,
        order_note=note,
        failures=tuple(failures),
        repeated=_repeated(visits),
        versions=dict(versions or {}),
    )


def _tracks(facts: Sequence[VisitFacts]) -> tuple[Track, ...]:
    """Return what is followed over the visits."""
    muscles = directs(facts)
    said = [tuple(points_of(f, muscles)) for f in facts]
    by_label = frozenset[Place]().union(*map(crowded, said))
    points = [keyed(s, by_label) for s in said]
    keys = sorted(dict.fromkeys(k for p in points for k in p), key=_rank)
    return tuple(_track(key, points) for key in keys)


def _track(key: Key, points: Sequence[Mapping[Key, Point]]) -> Track:
    """Return one quantity of one place over the visits."""
    quantity, place = key
    missing = Point(PointState.NOT_RECORDED)
    track = Track(quantity, place, tuple(p.get(key, missing) for p in points))
    return replace(track, changes=changes_of(quantity, place, track.points, track.reference))


def _rank(key: Key) -> tuple[int, ...]:
    """Return the place of a track in the order of a report."""
    quantity, place = key
    whole_side = place.muscle is None and not place.channel
    return (
        list(Quantity).index(quantity),
        _SIDES.index(place.side),
        _BRANCHES.index(place.site),
        _SIDES.index(place.muscle_side),
        -1 if whole_side else _MUSCLES.index(place.muscle),
    )


def _repeated(visits: Sequence[Visit]) -> tuple[tuple[int, int], ...]:
    """Return pairs of visits that are one and the same file."""
    first: dict[str, int] = {}
    out = []
    for i, visit in enumerate(visits):
        if visit.sha256 and visit.sha256 in first:
            out.append((first[visit.sha256], i))
        elif visit.sha256:
            first[visit.sha256] = i
    return tuple(out)
