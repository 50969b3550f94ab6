"""The course of a response as a vector drawing; what is said beside it is in `course`."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.trend import SEEN, BlockState, Trend
from amr_viewer.report.canvas import (
    GRAY,
    GRID,
    INK,
    MM_PER_INCH,
    MUTED,
    canvas,
    darker,
    nice_above,
    svg,
)
from amr_viewer.report.remembered import remembered

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEFT_MM, RIGHT_MM, TOP_MM, BOTTOM_MM = 14.0, 11.0, 6.0, 4.6
RIBBON_MM, GAP_MM = 4.2, 2.6
PERSISTENCE_SHARE = 0.4
LETTER_MM = 2.4
"""Two letters nearer than this are set below each other."""

WORD_MM = 1.15
"""Width of a letter in the ribbon, on the safe side."""

FLOOR_UV = 20.0
MINUTES_FROM_S = 180.0
_FILLS = {
    BlockState.PRESENT: ("#f2b8b3", "#b3261e", ""),
    BlockState.REDUCED: ("#fbe8c8", "#8a4f00", ""),
    BlockState.ABSENT: ("#ffffff", "#1b6e3c", ""),
    BlockState.CANNOT_SAY: ("#f5f2fb", "#5d4a8a", "//////"),
}


@dataclass(frozen=True, slots=True, eq=False)
class CourseDrawing:
    """A course, ready to be drawn.

    Attributes
    ----------
    trend : Trend
    color : str
        Of the muscle.
    span_s : tuple of float
        The time that is drawn.
    marks : tuple of (float, str)
        Time and letter of what happened.
    reduced_fraction : float
        Part of the baseline at which a line is drawn.
    names : tuple of str
        How persistence, amplitude, minutes and seconds are written.
    states : mapping of BlockState to str
        Words for the ribbon.
    """

    trend: Trend
    color: str
    span_s: tuple[float, float]
    marks: tuple[tuple[float, str], ...]
    reduced_fraction: float
    names: tuple[str, str, str, str]
    states: dict[BlockState, str]

    @property
    def unit_s(self) -> float:
        """Seconds of a unit of the time axis."""
        return 60.0 if self.span_s[1] - self.span_s[0] > MINUTES_FROM_S else 1.0

    @property
    def middle(self) -> NDArray[np.float64]:
        """Return the middle of each block in units of the time axis."""
        return np.asarray(0.5 * (self.trend.start_s + self.trend.end_s) / self.unit_s)


@remembered
def course_figure(drawing: CourseDrawing, width_mm: float, height_mm: float) -> str:
    """Return an SVG: persistence, amplitude and the ribbon of states over one axis of time."""
    room = height_mm - TOP_MM - BOTTOM_MM - RIBBON_MM - 2 * GAP_MM
    first = PERSISTENCE_SHARE * room
    below = height_mm - TOP_MM - first
    figure, upper = canvas(
        width_mm, height_mm, left=LEFT_MM, right=RIGHT_MM, top=TOP_MM, bottom=below
    )
    middle = _below(figure, upper, height_mm, BOTTOM_MM + RIBBON_MM + GAP_MM, room - first)
    ribbon = _below(figure, upper, height_mm, BOTTOM_MM, RIBBON_MM)
    _persistence(upper, drawing)
    _amplitude(middle, drawing)
    _ribbon(ribbon, drawing, width_mm - LEFT_MM - RIGHT_MM)
    low, high = (t / drawing.unit_s for t in drawing.span_s)
    for axes, name in ((upper, drawing.names[0]), (middle, drawing.names[1])):
        axes.grid(axis="y", color=GRID, lw=0.4, zorder=0)
        axes.set_xticks([])
        figure.text(1.9 / width_mm, _center(axes), name, rotation=90, ha="center", va="center",
                    color=MUTED, fontsize=6)  # fmt: skip
    for axes in (upper, middle, ribbon):
        axes.set_xlim(low, high)
        for time_s, _ in drawing.marks:
            axes.axvline(
                time_s / drawing.unit_s, color=INK, lw=0.4, ls=(0, (4, 3)), alpha=0.8, zorder=1.5
            )
    _letters(upper, drawing, width_mm - LEFT_MM - RIGHT_MM)
    _time(ribbon, drawing)
    return svg(figure)


def _below(figure: Figure, above: Axes, height_mm: float, bottom_mm: float, tall_mm: float) -> Axes:
    """Return further bare axes of the same width."""
    box = above.get_position()
    axes = figure.add_axes((box.x0, bottom_mm / height_mm, box.width, tall_mm / height_mm))
    axes.patch.set_alpha(0.0)
    axes.set_frame_on(False)
    axes.tick_params(length=0, labelsize=6, labelcolor=MUTED, pad=2)
    return axes


def _center(axes: Axes) -> float:
    """Return the height of the middle of some axes in the figure."""
    box = axes.get_position()
    return float(box.y0 + 0.5 * box.height)


def _persistence(axes: Axes, drawing: CourseDrawing) -> None:
    """Draw persistence in percent, with its interval."""
    t = drawing.trend
    axes.set_ylim(-8, 108)
    axes.set_yticks([0, 50, 100])
    values = np.stack([t.persistence, t.persistence_low, t.persistence_high]) * 100.0
    said = np.array([s is not BlockState.CANNOT_SAY for s in t.state], dtype=bool)
    _points(axes, drawing, values, said)


def _amplitude(axes: Axes, drawing: CourseDrawing) -> None:
    """Draw the amplitude with its interval, M for comparison, and percent of the baseline."""
    t = drawing.trend
    values = np.stack([t.amplitude_uv, t.amplitude_low_uv, t.amplitude_high_uv])
    seen = np.array([s in SEEN for s in t.state], dtype=bool)
    shown = values[:, seen][np.isfinite(values[:, seen])]
    top = nice_above(max(FLOOR_UV, 1.04 * float(shown.max(initial=0.0))))
    axes.set_ylim(-0.08 * top, 1.06 * top)
    axes.set_yticks([0.0, top / 2, top], [f"{v:g}" for v in (0.0, top / 2, top)])
    absent = np.array([s is BlockState.ABSENT for s in t.state], dtype=bool)
    # Absent is a state without a size: its sign stands on the axis, without an interval.
    values[0, absent] = 0.0
    values[:, ~seen & ~absent & (values[0] > top)] = np.nan
    _points(axes, drawing, values, seen)
    base = t.baseline_block
    if base < 0:
        return
    unit = float(t.amplitude_uv[base])
    m = unit * t.m_amplitude_uv / t.m_amplitude_uv[base]
    axes.plot(drawing.middle, np.where(m <= 1.06 * top, m, np.nan), color=GRAY, lw=0.7,
              ls=(0, (1, 1.4)), zorder=1.8)  # fmt: skip
    beside: Any = axes.get_yaxis_transform()
    for part in (1.0, drawing.reduced_fraction):
        axes.axhline(part * unit, color=GRAY, lw=0.5, ls=(0, (5, 2)), zorder=1)
        axes.text(1.006, part * unit, f"{100 * part:.0f} %", transform=beside, ha="left",
                  va="center", color=MUTED, fontsize=6)  # fmt: skip


def _points(
    axes: Axes, drawing: CourseDrawing, values: NDArray[np.float64], joined: NDArray[np.bool_]
) -> None:
    """Draw values with their intervals, each with the sign of its state."""
    dark, x = darker(drawing.color), drawing.middle
    line = np.where(joined, values[0], np.nan)
    axes.plot(x, line, color=drawing.color, lw=0.8, alpha=0.75, zorder=2)
    states = np.array([s.value for s in drawing.trend.state])
    for state in BlockState:
        at = np.flatnonzero((states == state.value) & np.isfinite(values[0]))
        color = GRAY if state is BlockState.CANNOT_SAY else dark
        # One line with gaps for all intervals, one for all signs: a case has up to 1000 blocks.
        sure = at[np.isfinite(values[1:, at]).all(axis=0)]
        ends = np.vstack([values[1:, sure], np.full(len(sure), np.nan)])
        axes.plot(np.repeat(x[sure], 3), ends.T.ravel(), color=color, lw=0.7, zorder=2.5)
        marker = {BlockState.REDUCED: "v", BlockState.CANNOT_SAY: "x"}.get(state, "o")
        face = drawing.color if state in SEEN else "white"
        axes.plot(x[at], values[0, at], marker=marker, ms=3.2, mfc=face, mec=color, mew=0.7,
                  ls="", zorder=3)  # fmt: skip


def _ribbon(axes: Axes, drawing: CourseDrawing, width_mm: float) -> None:
    """Draw the states one after the other; a word where there is room for it."""
    axes.set_ylim(0, 1)
    axes.set_yticks([])
    x, (low, high) = drawing.middle, (t / drawing.unit_s for t in drawing.span_s)
    edges = np.concatenate([[low], 0.5 * (x[:-1] + x[1:]), [high]])
    start = 0
    for state, group in groupby(drawing.trend.state):
        stop = start + len(list(group))
        a, b = edges[start], edges[stop]
        fill, ink, hatch = _FILLS[state]
        style: dict[str, Any] = {"facecolor": fill, "edgecolor": ink, "hatch": hatch}
        axes.axvspan(a, b, lw=0.5, hatch_linewidth=0.4, **style)
        word = drawing.states[state]
        if (b - a) / (high - low) * width_mm > WORD_MM * len(word) + 1.5:
            box = {"facecolor": fill, "lw": 0, "pad": 0.8}
            axes.text(0.5 * (a + b), 0.47, word, ha="center", va="center", color=ink,
                      fontsize=5.8, bbox=box, zorder=3)  # fmt: skip
        start = stop


def _letters(axes: Axes, drawing: CourseDrawing, width_mm: float) -> None:
    """Set the letters of the marks above the drawing, in two rows where they are near."""
    low, high = drawing.span_s
    last, row = -np.inf, 0
    for time_s, letter in drawing.marks:
        at_mm = (time_s - low) / (high - low) * width_mm
        row = 1 - row if at_mm - last < LETTER_MM else 0
        last = at_mm
        rise = (0.6 + 2.3 * row) / MM_PER_INCH * 72
        axes.annotate(letter, (time_s / drawing.unit_s, 108), xytext=(0, rise),
                      textcoords="offset points", ha="center", va="bottom", color=INK,
                      fontsize=6, weight="bold", annotation_clip=False)  # fmt: skip


def _time(axes: Axes, drawing: CourseDrawing) -> None:
    """Mark the time in round steps, with its unit at the end."""
    low, high = (t / drawing.unit_s for t in drawing.span_s)
    steps = (1, 2, 5, 10, 15, 20, 30, 60, 120, 240, 600, 1200, 3600)
    step = next((s for s in steps if (high - low) / s <= 10), 7200)
    ticks = np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step + 0.0
    axes.set_xticks(ticks, [f"{t:g}" for t in ticks])
    unit = drawing.names[2] if drawing.unit_s > 1 else drawing.names[3]
    axes.text(1.012, -0.12, unit, transform=axes.transAxes, ha="left", va="top", color=MUTED,
              fontsize=6)  # fmt: skip
