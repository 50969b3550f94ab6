"""The change of a quantity at a visit, against the reference that a person chose."""

from __future__ import annotations

from amr_viewer.analysis.visit_changes import change_between
from amr_viewer.core.visit_points import DIFFERENCES, Change, PointState, Track

SAME = -1
"""Instead of the number of a visit: each track's own reference, its first visit with a number."""

PREVIOUS = -2
"""Instead of the number of a visit: the last one before that says something."""


def reference_of(track: Track, reference: int) -> int:
    """Return the visit that a track is compared with, -1 where none serves or it varies.

    Parameters
    ----------
    track : Track
    reference : int
        A visit, `SAME` or `PREVIOUS`.
    """
    if reference == SAME:
        return track.reference
    return reference if serves(track, reference) else -1


def serves(track: Track, visit: int) -> bool:
    """Whether other visits can be compared with one: it has a number, above zero for a ratio."""
    if not 0 <= visit < len(track.points):
        return False
    point = track.points[visit]
    is_ratio = track.quantity not in DIFFERENCES
    return point.state is PointState.MEASURED and (point.value > 0.0 or not is_ratio)


def change_at(track: Track, visit: int, reference: int) -> Change | None:
    """Return the change at a visit; None for the reference, what is before it, and the unknown.

    Parameters
    ----------
    track : Track
    visit : int
    reference : int
        A visit, `SAME` or `PREVIOUS`.
    """
    if reference == PREVIOUS:
        before = [i for i in range(visit) if track.points[i].tells]
        return track.change(visit, before[-1]) if before else None
    of = reference_of(track, reference)
    if of < 0 or visit <= of:
        return None
    known = track.change(visit, of)
    return known or change_between(track.quantity, track.place, track.points, of, visit)
