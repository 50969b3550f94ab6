"""What is followed over the visits as small vector drawings; what they show is chosen elsewhere."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10
from typing import TYPE_CHECKING, Any

from amr_viewer.report.canvas import GRID, INK, MUTED, canvas, darker, svg
from amr_viewer.report.remembered import remembered

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEFT_MM, RIGHT_MM, TOP_MM, AXIS_MM = 9.0, 3.0, 5.0, 7.4
LEGEND_ROW_MM = 3.3
LEGEND_TEXT_PT = 5.8
PLOT_MM = 30.0
SPREAD = 0.26
"""Part of the distance between two visits over which the series are set side by side."""

ENOUGH = 1.9
"""An interval is drawn up to this many times the largest value; a longer one leaves the drawing."""

HALVED = (1.0, 1.2, 1.6, 2.0, 2.4, 3.0, 4.0, 5.0, 6.0, 8.0)
"""Tops of an axis whose half is a round number too."""

MISSING, MEASURED, HOLLOW, LIMIT, UNSURE = "missing", "measured", "hollow", "limit", "unsure"


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One visit of a series: how it is drawn, value and interval (NaN: none)."""

    kind: str
    value: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")


@dataclass(frozen=True, slots=True)
class Series:
    """One place over the visits.

    Attributes
    ----------
    name : str
    color, marker : str
        Of matplotlib.
    dashed : bool
    points : tuple of SeriesPoint
        One per visit.
    """

    name: str
    color: str
    marker: str
    dashed: bool
    points: tuple[SeriesPoint, ...]


@dataclass(frozen=True, slots=True)
class VisitsDrawing:
    """A panel, ready to be drawn.

    Attributes
    ----------
    series : tuple of Series
    ticks : tuple of str
        Label of each visit.
    events : tuple of (float, str)
        Where an event stands (visit i stands at i), and its letter.
    unit : str
    whole : float
        A line is drawn here (100 %), NaN for none.
    top : float
        Least height of the axis; NaN to follow the values.
    legend_rows : int
        Rows of legend that are kept free, so that panels side by side have one height.
    """

    series: tuple[Series, ...]
    ticks: tuple[str, ...]
    events: tuple[tuple[float, str], ...]
    unit: str
    whole: float
    top: float
    legend_rows: int


def height_mm(drawing: VisitsDrawing) -> float:
    """Return the height that a drawing takes."""
    return TOP_MM + PLOT_MM + AXIS_MM + LEGEND_ROW_MM * drawing.legend_rows + 1.0


@remembered
def visits_figure(drawing: VisitsDrawing, width_mm: float) -> str:
    """Return an SVG of one quantity over the visits, with intervals, events and a legend."""
    tall = height_mm(drawing)
    bottom = tall - TOP_MM - PLOT_MM
    figure, axes = canvas(width_mm, tall, left=LEFT_MM, right=RIGHT_MM, top=TOP_MM, bottom=bottom)
    n = len(drawing.ticks)
    top = _top(drawing)
    axes.set_xlim(-0.5, n - 0.5)
    axes.set_ylim(-0.04 * top, 1.04 * top)
    axes.set_xticks(range(n), drawing.ticks, color=INK)
    axes.set_yticks([0.0, 0.5 * top, top], [f"{v:g}" for v in (0.0, 0.5 * top, top)])
    axes.grid(axis="y", color=GRID, lw=0.5, zorder=0)
    if isfinite(drawing.whole) and drawing.whole <= top:
        axes.axhline(drawing.whole, color=MUTED, lw=0.5, ls=(0, (4, 2)), zorder=1)
    style: dict[str, Any] = {"transform": axes.transAxes, "color": MUTED, "fontsize": 6}
    axes.text(-0.012, 1.03, drawing.unit, ha="right", va="bottom", **style)
    _events(axes, drawing.events)
    steps = _offsets(len(drawing.series))
    for step, series in zip(steps, drawing.series, strict=True):
        _series(axes, series, step, top)
    _legend(axes, drawing, width_mm)
    with warnings.catch_warnings():
        # Labels stay text: the reader's font shows what the one that measures them does not hold.
        warnings.filterwarnings("ignore", "Glyph ")
        return svg(figure)


def _top(drawing: VisitsDrawing) -> float:
    """Return the height of the axis."""
    points = [p for s in drawing.series for p in s.points if p.kind != MISSING]
    values = [p.value for p in points if isfinite(p.value)]
    largest = max(values, default=0.0)
    ends = [min(p.high, ENOUGH * largest) for p in points if isfinite(p.high)]
    least = drawing.top if isfinite(drawing.top) else 0.0
    if least and largest <= least:
        return least
    wanted = max([largest, *ends, least, 1e-6])
    decade = 10.0 ** floor(log10(wanted))
    return next((m * decade for m in HALVED if m * decade >= 0.9999 * wanted), 10.0 * decade)


def _offsets(n: int) -> Sequence[float]:
    """Return where the series stand beside a visit."""
    if n < 2:
        return [0.0] * n
    room = min(SPREAD, 0.07 * n)
    return [-0.5 * room + room * i / (n - 1) for i in range(n)]


def _events(axes: Axes, events: tuple[tuple[float, str], ...]) -> None:
    """Draw a line at every event; letters of one place stand side by side."""
    at: dict[float, list[str]] = {}
    for position, letter in events:
        at.setdefault(position, []).append(letter)
    for position, letters in at.items():
        axes.axvline(position, color=INK, lw=0.6, ls=(0, (3, 2)), zorder=1.2)
        axes.annotate(" ".join(letters), (position, 1.0), xycoords=("data", "axes fraction"),
                      xytext=(0, 1.5), textcoords="offset points", ha="center", va="bottom",
                      color=INK, fontsize=6, weight="bold")  # fmt: skip


def _series(axes: Axes, series: Series, step: float, top: float) -> None:
    """Draw one series: a line between visits that follow each other, bars, and signs."""
    line: dict[str, Any] = {
        "color": series.color,
        "lw": 0.9,
        "ls": (0, (3, 1.5)) if series.dashed else "-",
    }
    solid = [p.kind in {MEASURED, HOLLOW} for p in series.points]
    for i in range(1, len(series.points)):
        if solid[i - 1] and solid[i]:
            ends = [series.points[i - 1].value, series.points[i].value]
            axes.plot([i - 1 + step, i + step], ends, alpha=0.7, zorder=2, **line)
    dark = darker(series.color)
    for i, point in enumerate(series.points):
        if point.kind == MISSING:
            continue
        x = i + step
        if isfinite(point.low) and isfinite(point.high):
            axes.plot([x, x], [point.low, min(point.high, 1.2 * top)], color=dark, lw=0.8,
                      zorder=2.5)  # fmt: skip
        y = point.value if isfinite(point.value) else 0.0
        marker = {LIMIT: "v", UNSURE: "x"}.get(point.kind, series.marker)
        face = series.color if point.kind == MEASURED else "white"
        axes.plot([x], [y], marker=marker, ms=3.6, mfc=face, mec=dark, mew=0.8, ls="", zorder=3)


def _legend(axes: Axes, drawing: VisitsDrawing, width_mm: float) -> None:
    """Name the series below the axis, two in a row."""
    plot_mm = width_mm - LEFT_MM - RIGHT_MM
    for k, series in enumerate(drawing.series):
        row, column = divmod(k, 2)
        x = column * 0.5 * (plot_mm + LEFT_MM) / plot_mm - (LEFT_MM - 2.0) / plot_mm
        y = -(AXIS_MM + LEGEND_ROW_MM * (row + 0.5)) / PLOT_MM
        line = (0, (3, 1.5)) if series.dashed else "-"
        span = [x, x + 4.6 / plot_mm]
        style: dict[str, Any] = {"transform": axes.transAxes, "clip_on": False}
        axes.plot(span, [y, y], color=series.color, lw=0.9, ls=line, **style)
        axes.plot([sum(span) / 2], [y], marker=series.marker, ms=3.2, mfc=series.color,
                  mec=darker(series.color), mew=0.6, ls="", **style)  # fmt: skip
        axes.text(span[1] + 1.0 / plot_mm, y, series.name, ha="left", va="center", color=INK,
                  fontsize=LEGEND_TEXT_PT, parse_math=False, **style)  # fmt: skip
