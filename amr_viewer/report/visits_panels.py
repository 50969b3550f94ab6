"""Which places are drawn over the visits, and how each of their points is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import isfinite, nan

from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.core.findings import Verdict
from amr_viewer.core.visit_points import (
    Change,
    Place,
    Point,
    PointState,
    Quantity,
    Track,
)
from amr_viewer.core.visits import Comparison
from amr_viewer.report.canvas import muscle_color
from amr_viewer.report.model import Drawing
from amr_viewer.report.visits_figures import (
    HOLLOW,
    LIMIT,
    MEASURED,
    MISSING,
    UNSURE,
    Series,
    SeriesPoint,
    VisitsDrawing,
    visits_figure,
)
from amr_viewer.report.visits_model import VisitPanel
from amr_viewer.report.visits_overview import letters
from amr_viewer.report.visits_rows import never_present
from amr_viewer.report.visits_words import Words, named_short

NARROW_MM, WIDE_MM = 86.0, 178.0
MOST_NARROW = 6
"""Visits whose dates fit below a narrow drawing."""

MOST_SERIES = 8
SIDE_COLORS = {Side.LEFT: "#0072b2", Side.RIGHT: "#d55e00"}
MARKERS = {Branch.ZYGOMATIC: "o", Branch.MANDIBULAR: "s", Branch.TEMPORAL: "D"}
OTHER_MARKER = "^"


def panels(comparison: Comparison, words: Words) -> tuple[VisitPanel, ...]:
    """Return the drawings that have something to show."""
    wide = is_wide(comparison)
    percent, per_min = words["unit_percent"], words["unit_per_min"]
    amr = [t for t in comparison.of(Quantity.AMR_PERSISTENCE) if not never_present(t)]
    sizes = [comparison.track(Quantity.AMR_AMPLITUDE, t.place) for t in amr]
    plans = (
        ("panel_persistence", percent, amr, persistence_point, nan, 100.0),
        ("panel_amplitude", percent, [t for t in sizes if t], _of_first, 100.0, 100.0),
        ("panel_m", percent, list(comparison.of(Quantity.M_AMPLITUDE)), _of_first, 100.0, 100.0),
        ("panel_bursts", per_min, sides_at_rest(comparison), absolute_point, nan, nan),
    )
    drawn = []
    for title, unit, tracks, point_of, whole, top in plans:
        series = tuple(_series(t, point_of, words) for t in tracks)
        # One visit alone is 100 % of itself.
        least = 2 if point_of is _of_first else 1
        series = tuple(s for s in series if sum(p.kind != MISSING for p in s.points) >= least)
        if series:
            drawn.append((title, unit, series, whole, top))
    rows = max(((min(len(s), MOST_SERIES) + 1) // 2 for _, _, s, _, _ in drawn), default=0)
    return tuple(
        _panel(comparison, words, title, unit, series, (whole, top), rows, wide)
        for title, unit, series, whole, top in drawn
    )


def is_wide(comparison: Comparison) -> bool:
    """Whether there are too many visits for two drawings in a row."""
    return len(comparison.visits) > MOST_NARROW


def sides_at_rest(comparison: Comparison) -> list[Track]:
    """Return the bursts of whole sides."""
    return [
        t
        for t in comparison.of(Quantity.BURSTS)
        if t.place.muscle is None and not t.place.channel and any(p.tells for p in t.points)
    ]


def _panel(
    comparison: Comparison,
    words: Words,
    title: str,
    unit: str,
    series: tuple[Series, ...],
    levels: tuple[float, float],
    legend_rows: int,
    wide: bool,
) -> VisitPanel:
    """Draw one quantity."""
    left_out = len(series) - MOST_SERIES
    shown = series[:MOST_SERIES]
    ticks = tuple(
        f"{i + 1}\n{v.date}" if v.date else str(i + 1) for i, v in enumerate(comparison.visits)
    )
    drawing = VisitsDrawing(
        series=shown,
        ticks=ticks,
        events=tuple((e.position, letter) for letter, e in letters(comparison)),
        unit=unit,
        whole=levels[0],
        top=levels[1],
        legend_rows=legend_rows,
    )
    said = "; ".join(
        words["series_alt"].format(name=s.name, values=_values(s, words)) for s in shown
    )
    return VisitPanel(
        title=words[title],
        unit=words["more_series"].format(n=left_out) if left_out > 0 else "",
        drawing=Drawing(
            figure=visits_figure(drawing, WIDE_MM if wide else NARROW_MM),
            alt=words["panel_alt"].format(title=words[title], series=said),
            note="",
        ),
    )


def _values(series: Series, words: Words) -> str:
    """Return the values of a series for those who cannot see it."""
    return " → ".join(
        f"{p.value:.0f}" if isfinite(p.value) else words["state_cannot_say"]
        for p in series.points
        if p.kind != MISSING
    )


def _series(track: Track, point_of: Callable[[Track, int], SeriesPoint], words: Words) -> Series:
    """Return how a place is drawn."""
    place = track.place
    whole_side = place.muscle is None and not place.channel
    return Series(
        name=series_name(place, words),
        color=SIDE_COLORS.get(place.muscle_side or Side.LEFT, "#0072b2")
        if whole_side
        else muscle_color(place.muscle),
        marker=MARKERS.get(place.site, OTHER_MARKER) if place.site else "o",
        dashed=place.muscle_side is Side.RIGHT,
        points=tuple(point_of(track, i) for i in range(len(track.points))),
    )


def series_name(place: Place, words: Words) -> str:
    """Name a place in the legend."""
    if place.muscle is None and not place.channel:
        name = words.common.sides[place.muscle_side or ""]
        return f"{name[0].upper()}{name[1:]}"
    return named_short(place, words)


def persistence_point(track: Track, visit: int) -> SeriesPoint:
    """Return persistence in percent."""
    point = track.points[visit]
    if point.state is PointState.NOT_RECORDED or not isfinite(point.value):
        return SeriesPoint(MISSING)
    kind = UNSURE
    if point.state is PointState.MEASURED:
        kind = MEASURED if point.verdict is Verdict.PRESENT else HOLLOW
    return _scaled(kind, point, 100.0)


def absolute_point(track: Track, visit: int) -> SeriesPoint:
    """Return the number itself."""
    point = track.points[visit]
    return _scaled(MEASURED, point, 1.0) if point.tells else SeriesPoint(MISSING)


def _of_first(track: Track, visit: int) -> SeriesPoint:
    """Return the number in percent of the first."""
    if visit == track.reference:
        return SeriesPoint(MEASURED, 100.0)
    return percent_point(track.change(visit))


def percent_point(change: Change | None) -> SeriesPoint:
    """Return a ratio in percent, its limit where nothing was found; missing where not compared."""
    if change is None or change.refused is not None or not change.known:
        return SeriesPoint(MISSING)
    if not isfinite(change.value):
        return (
            SeriesPoint(LIMIT, 100.0 * change.high)
            if isfinite(change.high)
            else SeriesPoint(MISSING)
        )
    ends = replace(Point(PointState.MEASURED), value=change.value, low=change.low, high=change.high)
    return _scaled(MEASURED, ends, 100.0)


def _scaled(kind: str, point: Point, factor: float) -> SeriesPoint:
    """Return a point times a factor."""
    return SeriesPoint(kind, factor * point.value, factor * point.low, factor * point.high)
