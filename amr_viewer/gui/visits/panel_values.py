"""What the drawings of a comparison show: four quantities over the visits, as values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

from amr_viewer.core.anatomy import Branch, Muscle, Side
from amr_viewer.core.visit_points import Quantity, Track
from amr_viewer.core.visits import Comparison
from amr_viewer.gui.visits.changes import PREVIOUS, SAME, change_at, reference_of
from amr_viewer.report.visits_figures import MEASURED, MISSING, SeriesPoint
from amr_viewer.report.visits_panels import (
    MOST_SERIES,
    absolute_point,
    percent_point,
    persistence_point,
    series_name,
    sides_at_rest,
)
from amr_viewer.report.visits_rows import never_present
from amr_viewer.report.visits_words import Words

WHOLE_PERCENT = 100.0


@dataclass(frozen=True, slots=True)
class Curve:
    """One place over the visits.

    Attributes
    ----------
    name : str
    muscle : Muscle or None
        Gives the color; None: a whole side.
    side : Side or None
        Of the muscle; the right one is dashed.
    site : Branch or None
        Gives the form of the signs.
    is_side : bool
        Whether it stands for all muscles of a side.
    points : tuple of SeriesPoint
        One per visit.
    """

    name: str
    muscle: Muscle | None
    side: Side | None
    site: Branch | None
    is_side: bool
    points: tuple[SeriesPoint, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """One quantity over the visits.

    Attributes
    ----------
    title, unit : str
    curves : tuple of Curve
    whole : bool
        Whether 100 % is marked by a line.
    least_top : float
        The axis reaches at least so far; 0: as far as the values.
    n_hidden : int
        Curves that are left out, being too many.
    """

    title: str
    unit: str
    curves: tuple[Curve, ...]
    whole: bool = False
    least_top: float = 0.0
    n_hidden: int = 0


@dataclass(frozen=True, slots=True)
class Drawing:
    """All panels, and what stands below and above each.

    Attributes
    ----------
    panels : tuple of Panel
    ticks : tuple of (str, str)
        Number and date of each visit.
    events : tuple of (float, str, str)
        Where an event stands (visit i stands at i), its letter, its words.
    """

    panels: tuple[Panel, ...] = ()
    ticks: tuple[tuple[str, str], ...] = ()
    events: tuple[tuple[float, str, str], ...] = ()


def panels(comparison: Comparison, reference: int, of: str, words: Words) -> tuple[Panel, ...]:
    """Return the panels that have something to show.

    Parameters
    ----------
    comparison : Comparison
    reference : int
        A visit or `changes.SAME`. `PREVIOUS` is drawn as `SAME`: a chain of ratios has no zero.
    of : str
        Names the reference: ``the first``.
    words : Words
    """
    against = SAME if reference == PREVIOUS else reference
    amr = [t for t in comparison.of(Quantity.AMR_PERSISTENCE) if not never_present(t)]
    sizes = [comparison.track(Quantity.AMR_AMPLITUDE, t.place) for t in amr]
    direct = list(comparison.of(Quantity.M_AMPLITUDE))

    def relative(track: Track, visit: int) -> SeriesPoint:
        if visit == reference_of(track, against):
            return SeriesPoint(MEASURED, WHOLE_PERCENT)
        return percent_point(change_at(track, visit, against))

    made = (
        _panel("AMR, persistence in %", "%", amr, persistence_point, words, least_top=100.0),
        _panel(f"AMR, amplitude in % of {of}", "%", [t for t in sizes if t], relative, words,
               whole=True, least=2, least_top=100.0),
        _panel(f"M, amplitude in % of {of}", "%", direct, relative, words,
               whole=True, least=2, least_top=100.0),
        _panel("Bursts at rest per minute", "/min", sides_at_rest(comparison), absolute_point,
               words),
    )  # fmt: skip
    return tuple(p for p in made if p.curves)


def _panel(
    title: str,
    unit: str,
    tracks: list[Track],
    point_of: Callable[[Track, int], SeriesPoint],
    words: Words,
    *,
    whole: bool = False,
    least: int = 1,
    least_top: float = 0.0,
) -> Panel:
    """Return one panel; a curve needs `least` visits, since one alone is 100 % of itself."""
    curves = [_curve(t, point_of, words) for t in tracks]
    shown = [c for c in curves if sum(p.kind != MISSING for p in c.points) >= least]
    hidden = max(len(shown) - MOST_SERIES, 0)
    return Panel(title, unit, tuple(shown[:MOST_SERIES]), whole, least_top, hidden)


def _curve(track: Track, point_of: Callable[[Track, int], SeriesPoint], words: Words) -> Curve:
    """Return one place over the visits."""
    place = track.place
    return Curve(
        name=series_name(place, words),
        muscle=place.muscle,
        side=place.muscle_side,
        site=place.site,
        is_side=place.muscle is None and not place.channel,
        points=tuple(point_of(track, i) for i in range(len(track.points))),
    )


def point_words(curve: Curve, visit: int, unit: str) -> str:
    """Return what a curve says of a visit, empty if nothing."""
    point = curve.points[visit]
    if point.kind == MISSING:
        return ""
    if not isfinite(point.value):
        return f"{curve.name}: cannot say"
    sign = "< " if point.kind == "limit" else ""
    text = f"{curve.name}: {sign}{point.value:.3g}"
    if isfinite(point.low) and isfinite(point.high):
        text += f" ({point.low:.3g}–{point.high:.3g})"
    return f"{text} {unit}" if unit == "%" else f"{text}{unit}"
