"""Drawings of a report over a batch: values by group, a recording in small, a share as a bar."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from html import escape
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from amr_viewer.report.canvas import GRID, INK, MUTED, canvas, darker, nice_above, svg
from amr_viewer.report.facemap import TONES
from amr_viewer.report.remembered import remembered

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEFT_MM, RIGHT_MM, TOP_MM, BOTTOM_MM, PLOT_MM = 9.0, 2.0, 2.5, 8.0, 34.0
POINT_MM = 1.15
MOST_BOX_MM = 14.0
GROUP_COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
LABEL_MM_PER_LETTER = 1.25
FLAT = 'font-family="DejaVu Sans, sans-serif"'


@dataclass(frozen=True, slots=True)
class DrawnGroup:
    """The points of one group with median and quartiles (NaN: none drawn)."""

    name: str
    values: tuple[float, ...]
    median: float
    q25: float
    q75: float


@dataclass(frozen=True, slots=True)
class TileRow:
    """One line of a recording in small: a value with its interval, as parts of the whole width.

    `text` stands on the right; NaN: nothing was measured.
    """

    name: str
    tone: str
    value: float
    low: float
    high: float
    text: str


@remembered
def group_figure(
    groups: tuple[DrawnGroup, ...], width_mm: float, limit: float, from_zero: bool
) -> str:
    """Return an SVG of every value of every group, with median, quartiles and number.

    No value can be larger than `limit`; NaN: there is none. Where the axis need not begin at 0, it
    begins where the values do.
    """
    tall = TOP_MM + PLOT_MM + BOTTOM_MM
    figure, axes = canvas(
        width_mm, tall, left=LEFT_MM, right=RIGHT_MM, top=TOP_MM, bottom=BOTTOM_MM
    )
    values = [v for g in groups for v in g.values]
    lowest, highest = min(values), max(values)
    top = nice_above(1.02 * max(highest, 1e-9))
    bottom = 0.0
    if isfinite(limit):
        top = min(1.04 * top, 1.04 * limit)
    elif not from_zero and lowest > 0.45 * highest:
        room = max(0.25 * (highest - lowest), 0.02 * highest)
        bottom, top = lowest - room, highest + room
    slot_mm = (width_mm - LEFT_MM - RIGHT_MM) / len(groups)
    for i, group in enumerate(groups):
        color = GROUP_COLORS[i % len(GROUP_COLORS)]
        _points(axes, i, group, color, slot_mm, (top - bottom) / PLOT_MM)
    letters = max(4, int(slot_mm / LABEL_MM_PER_LETTER))
    axes.set_xlim(-0.5, len(groups) - 0.5)
    axes.set_ylim(bottom - 0.03 * (top - bottom), top)
    labels = [f"{_cut(g.name, letters)}\nn = {len(g.values)}".lstrip("\n") for g in groups]
    axes.set_xticks(range(len(groups)), labels, color=INK, parse_math=False)
    axes.locator_params(axis="y", nbins=5)
    axes.grid(axis="y", color=GRID, lw=0.5, zorder=0)
    with warnings.catch_warnings():
        # Labels stay text: the reader's font shows what the one that measures them does not hold.
        warnings.filterwarnings("ignore", "Glyph ")
        return svg(figure)


def _points(
    axes: Axes, at: int, group: DrawnGroup, color: str, slot_mm: float, per_mm: float
) -> None:
    """Draw the points of a group side by side where they would touch, then median and quartiles."""
    offsets = beside(group.values, POINT_MM * per_mm, min(0.36 * slot_mm, MOST_BOX_MM))
    x = [at + offset / slot_mm for offset in offsets]
    axes.plot(x, group.values, "o", ms=2.6, mfc=color, mec=darker(color), mew=0.35, alpha=0.8,
              zorder=3)  # fmt: skip
    if isfinite(group.median):
        half = min(0.42, MOST_BOX_MM / slot_mm)
        axes.fill_between([at - half, at + half], group.q25, group.q75, color=color, alpha=0.13,
                          lw=0, zorder=1)  # fmt: skip
        axes.plot([at - half, at + half], [group.median] * 2, color=darker(color), lw=1.2, zorder=2)


def beside(values: tuple[float, ...], height: float, most_mm: float) -> list[float]:
    """Return how far each point moves to the side, in mm, so that points do not hide each other.

    `values` are in order; points nearer than `height` stand in one row, which is drawn closer
    together where it would be wider than twice `most_mm`.
    """
    offsets: list[float] = []
    start = 0
    for i in range(1, len(values) + 1):
        if i < len(values) and values[i] - values[start] < height:
            continue
        n = i - start
        step = min(POINT_MM, 2 * most_mm / max(n - 1, 1))
        offsets += [step * (k - 0.5 * (n - 1)) for k in range(n)]
        start = i
    return offsets


def _cut(text: str, letters: int) -> str:
    """Shorten a name to so many letters."""
    return text if len(text) <= letters else text[: letters - 1] + "…"


def tile_figure(rows: tuple[TileRow, ...]) -> str:
    """Return an SVG of a recording in small: a line for each value with its interval."""
    name_x, start, width, line = 0, 108, 88, 15
    height = max(1, len(rows)) * line + 5
    parts = []
    for i, row in enumerate(rows):
        y = line * i + 9
        color = TONES.get(row.tone, MUTED)
        parts.append(
            f'<text x="{name_x}" y="{y + 3.2:g}" font-size="9.6" fill="{INK}">'
            f"{escape(_cut(row.name, 19))}</text>"
            f'<text x="240" y="{y + 3.2:g}" font-size="9.2" fill="{MUTED}" text-anchor="end">'
            f"{escape(row.text)}</text>"
            f'<path d="M{start},{y} h{width}" stroke="{GRID}" stroke-width="5.5"/>'
        )
        if not isfinite(row.value):
            continue
        low, value, high = (
            start + width * float(np.clip(v, 0.0, 1.0)) for v in (row.low, row.value, row.high)
        )
        if isfinite(row.low) and isfinite(row.high):
            parts.append(
                f'<path d="M{low:.1f},{y} H{high:.1f}" stroke="{color}" stroke-width="2.4" '
                'opacity="0.55"/>'
            )
        fill = color if row.tone in {"present", "late", "direct"} else "#ffffff"
        parts.append(
            f'<circle cx="{value:.1f}" cy="{y}" r="3.1" fill="{fill}" stroke="{color}" '
            'stroke-width="1.5"/>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 242 {height}" width="242" '
        f'height="{height}" {FLAT}>{"".join(parts)}</svg>'
    )


def share_figure(value: float, low: float, high: float, tone: str) -> str:
    """Return an SVG of a proportion with its interval, 0 to 100 %; empty without one."""
    if not isfinite(value):
        return ""
    color = TONES.get(tone, "#4b5f78")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 10" width="100" height="10">'
        f'<path d="M1,5 h98" stroke="{GRID}" stroke-width="6"/>'
        f'<path d="M1,5 h{98 * value:.1f}" stroke="{color}" stroke-width="6" opacity="0.45"/>'
        f'<path d="M{1 + 98 * low:.1f},5 H{1 + 98 * high:.1f} M{1 + 98 * low:.1f},2.4 v5.2 '
        f'M{1 + 98 * high:.1f},2.4 v5.2" stroke="{color}" stroke-width="1.2" fill="none"/></svg>'
    )
