"""Bursts over all muscles, and how far muscles burst together, as vector drawings."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.bursts import BurstKind
from amr_viewer.report.canvas import GRAY, GRID, INK, MM_PER_INCH, MUTED, canvas, svg
from amr_viewer.report.remembered import remembered

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEFT_MM, RIGHT_MM, TOP_MM, BOTTOM_MM = 23.0, 15.0, 4.2, 5.0
ROW_MM, SIDE_GAP_MM = 3.6, 1.4
BETWEEN_MM = 8.0
POINTS_PER_MM = 72.0 / MM_PER_INCH
LEAST_MM = 0.12
"""No burst is drawn narrower; bursts that lie closer than this are drawn as one."""

MINUTES_FROM_S = 180.0
DETAIL_FROM = 2.0
"""A detail is drawn where the recording is so many times as long as it."""

ASIDE = -1
SHAPES = {
    int(BurstKind.CLONIC): ("#b3261e", 2.7),
    int(BurstKind.TONIC): ("#1f4e8c", 1.7),
    int(BurstKind.OTHER): ("#4b5f78", 0.8),
    ASIDE: (GRAY, 0.8),
}
"""Color and height in mm; height alone tells the kinds apart in black and white."""

MATRIX_TOP_MM, MATRIX_LEFT_MM = 20.0, 22.0
CELL_MM = 12.0
LOW, HIGH = (255, 255, 255), (31, 78, 140)
DARK = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class RasterRow:
    """One channel of a raster.

    Attributes
    ----------
    name : str
    group : str
        Channels of one group (a side) stand together.
    measure : str
        What stands at the end of the line.
    start_s, end_s : ndarray, shape (n_bursts,)
    kind : ndarray of int, shape (n_bursts,)
        `BurstKind`, or `ASIDE` for what was set aside.
    """

    name: str
    group: str
    measure: str
    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]
    kind: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """All bursts, ready to be drawn.

    Attributes
    ----------
    rows : tuple of RasterRow
        From top to bottom.
    span_s : tuple of float
        The time that is drawn.
    detail_s : tuple of float
        The part that is drawn larger below; empty interval: none.
    names : tuple of str
        How minutes, seconds and the measure at the end of the lines are written.
    kinds : mapping of int to str
        Words of the legend.
    """

    rows: tuple[RasterRow, ...]
    span_s: tuple[float, float]
    detail_s: tuple[float, float]
    names: tuple[str, str, str]
    kinds: dict[int, str]

    @property
    def offsets_mm(self) -> list[float]:
        """Return the middle of each row, mm below the upper edge."""
        out, at = [], 0.0
        for i, row in enumerate(self.rows):
            at += SIDE_GAP_MM if i and row.group != self.rows[i - 1].group else 0.0
            out.append(at + 0.5 * ROW_MM)
            at += ROW_MM
        return out

    @property
    def tall_mm(self) -> float:
        """Return the height of all rows."""
        return self.offsets_mm[-1] + 0.5 * ROW_MM if self.rows else 0.0

    @property
    def detailed(self) -> bool:
        """Whether a part is drawn larger."""
        return self.detail_s[1] > self.detail_s[0]


def busiest(
    start_s: NDArray[np.float64], span_s: tuple[float, float], width_s: float
) -> tuple[float, float]:
    """Return the stretch of some width with most onsets; an empty one where all is short anyway.

    Examples
    --------
    >>> busiest(np.array([1.0, 20.0, 20.5, 21.0]), (0.0, 60.0), 4.0)
    (18.5, 22.5)
    >>> busiest(np.array([1.0]), (0.0, 6.0), 4.0)
    (0.0, 0.0)
    """
    low, high = span_s
    if high - low < DETAIL_FROM * width_s or not len(start_s):
        return 0.0, 0.0
    onsets = np.sort(start_s)
    last = np.searchsorted(onsets, onsets + width_s, side="left")
    best = int(np.argmax(last - np.arange(len(onsets))))
    middle = 0.5 * (onsets[best] + onsets[last[best] - 1])
    start = min(max(float(middle) - 0.5 * width_s, low), high - width_s)
    return start, start + width_s


@remembered
def raster_figure(raster: Raster, width_mm: float) -> str:
    """Return an SVG: all bursts over the whole time, and the busiest part of it larger."""
    tall, wide = raster.tall_mm, width_mm - LEFT_MM - RIGHT_MM
    height = (
        TOP_MM + tall + BOTTOM_MM + (BETWEEN_MM - BOTTOM_MM + tall + BOTTOM_MM) * (raster.detailed)
    )
    figure, axes = canvas(
        width_mm, height, left=LEFT_MM, right=RIGHT_MM, top=TOP_MM, bottom=height - TOP_MM - tall
    )
    _lines(axes, raster, raster.span_s, wide)
    for name, y in zip(raster.rows, raster.offsets_mm, strict=True):
        axes.annotate(name.measure, (1, y), xycoords=("axes fraction", "data"), xytext=(3, 0),
                      textcoords="offset points", ha="left", va="center", color=MUTED,
                      fontsize=6)  # fmt: skip
    figure.text(1 - (RIGHT_MM - 1) / width_mm, 1 - 1.9 / height, raster.names[2], ha="left",
                va="center", color=MUTED, fontsize=6)  # fmt: skip
    _legend(figure, raster, width_mm, height)
    if raster.detailed:
        unit = _unit_s(raster.span_s)
        low, high = (t / unit for t in raster.detail_s)
        least = LEAST_MM * 4 / wide * (raster.span_s[1] - raster.span_s[0]) / unit
        axes.axvspan(low, max(high, low + least), color="#e8dcc2", lw=0, zorder=0.5)
        below = figure.add_axes(
            (LEFT_MM / width_mm, BOTTOM_MM / height, wide / width_mm, tall / height)
        )
        below.patch.set_alpha(0.0)
        below.set_frame_on(False)
        below.tick_params(length=0, labelsize=6, labelcolor=MUTED, pad=2)
        _lines(below, raster, raster.detail_s, wide)
    return svg(figure)


def _unit_s(span_s: tuple[float, float]) -> float:
    """Return the seconds of a unit of the axis of time."""
    return 60.0 if span_s[1] - span_s[0] > MINUTES_FROM_S else 1.0


def _lines(axes: Axes, raster: Raster, span_s: tuple[float, float], wide_mm: float) -> None:
    """Draw the bursts of each channel on a line of their own."""
    unit = _unit_s(span_s)
    low, high = (t / unit for t in span_s)
    axes.set_xlim(low, high)
    axes.set_ylim(raster.tall_mm, 0)
    least = LEAST_MM / wide_mm * (span_s[1] - span_s[0])
    axes.set_yticks(raster.offsets_mm, [r.name for r in raster.rows])
    for row, y in zip(raster.rows, raster.offsets_mm, strict=True):
        axes.plot([low, high], [y, y], color=GRID, lw=0.5, zorder=1)
        for kind, (color, tall) in SHAPES.items():
            chosen = (row.kind == kind) & (row.end_s > span_s[0]) & (row.start_s < span_s[1])
            start, end = joined(row.start_s[chosen], row.end_s[chosen], least)
            if not len(start):
                continue
            # One line with gaps for all bursts of a kind: a night has thousands of them.
            x = np.stack([start, end, np.full(len(start), np.nan)], axis=1).ravel() / unit
            middle = y + (0.32 * ROW_MM if kind == ASIDE else 0.0)
            axes.plot(x, np.full(len(x), middle), color=color, lw=tall * POINTS_PER_MM,
                      solid_capstyle="butt", zorder=2)  # fmt: skip
    _time(axes, span_s, raster.names)


def joined(
    start_s: NDArray[np.float64], end_s: NDArray[np.float64], least_s: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return intervals of at least some length, those that then touch made one.

    Examples
    --------
    >>> start, end = joined(np.array([0.0, 0.25, 5.0]), np.array([0.1, 0.3, 6.0]), 0.5)
    >>> start.tolist(), end.tolist()
    ([0.0, 5.0], [0.75, 6.0])
    """
    if not len(start_s):
        return start_s, end_s
    order = np.argsort(start_s, kind="stable")
    start = start_s[order]
    end = np.maximum.accumulate(np.maximum(end_s[order], start + least_s))
    new = np.concatenate([[True], start[1:] > end[:-1]])
    last = np.append(np.flatnonzero(new)[1:] - 1, len(start) - 1)
    return start[new], end[last]


def _time(axes: Axes, span_s: tuple[float, float], names: tuple[str, str, str]) -> None:
    """Mark the time in round steps, with its unit at the end."""
    unit = _unit_s(span_s)
    low, high = (t / unit for t in span_s)
    steps = (0.5, 1, 2, 5, 10, 15, 20, 30, 60, 120, 240, 600)
    step = next((s for s in steps if (high - low) / s <= 12), 1200)
    ticks = np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step + 0.0
    axes.set_xticks(ticks, [f"{t:g}" for t in ticks])
    axes.annotate(names[0] if unit > 1 else names[1], (1, 0), xycoords="axes fraction",
                  xytext=(3, -2), textcoords="offset points", ha="left", va="top", color=MUTED,
                  fontsize=6)  # fmt: skip


def _legend(figure: Figure, raster: Raster, width_mm: float, height_mm: float) -> None:
    """Draw a sign and a word for each kind above the lines."""
    from matplotlib.patches import Rectangle

    at, y = LEFT_MM, height_mm - 1.9
    for kind, word in raster.kinds.items():
        color, tall = SHAPES[kind]
        size = (2.2 / width_mm, tall / height_mm)
        corner = (at / width_mm, (y - 0.5 * tall) / height_mm)
        figure.add_artist(Rectangle(corner, *size, color=color, lw=0))
        figure.text((at + 3.0) / width_mm, y / height_mm, word, ha="left", va="center",
                    color=INK, fontsize=6)  # fmt: skip
        at += 7.5 + 1.35 * len(word)


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Synchrony of all pairs, ready to be drawn; NaN: not measurable.

    Attributes
    ----------
    names : tuple of str
        Of the channels.
    groups : tuple of str
        Of the channels: a line parts them.
    index, lag_ms : ndarray, shape (n, n)
        `index` above the diagonal; `lag_ms` below it, of the row after the column.
    crosstalk : ndarray of bool, shape (n, n)
    """

    names: tuple[str, ...]
    groups: tuple[str, ...]
    index: NDArray[np.float64]
    lag_ms: NDArray[np.float64]
    crosstalk: NDArray[np.bool_]


@remembered
def matrix_figure(pairs: Pairs, width_mm: float) -> str:
    """Return an SVG: synchrony index as shade and number, lag as a number below the diagonal."""
    n = len(pairs.names)
    cell = min(CELL_MM, (width_mm - MATRIX_LEFT_MM) / n)
    high = 0.62 * cell if n < 9 else 0.75 * cell
    figure, axes = canvas(
        width_mm, MATRIX_TOP_MM + n * high + 0.5, left=MATRIX_LEFT_MM,
        right=width_mm - MATRIX_LEFT_MM - n * cell, top=MATRIX_TOP_MM, bottom=0.5,
    )  # fmt: skip
    axes.set_xlim(0, n)
    axes.set_ylim(n, 0)
    axes.set_yticks(np.arange(n) + 0.5, list(pairs.names))
    axes.set_xticks(np.arange(n) + 0.5, list(pairs.names), rotation=90, va="bottom")
    axes.xaxis.tick_top()
    axes.tick_params(length=0, labelsize=6, labelcolor=INK, pad=2)
    size = 6.0 if cell >= 7.0 else 5.0
    for row in range(n):
        for column in range(n):
            if row != column:
                _cell(axes, pairs, row, column, size)
    for k in range(1, n):
        if pairs.groups[k] != pairs.groups[k - 1]:
            axes.plot([0, n], [k, k], color=INK, lw=0.7, zorder=4)
            axes.plot([k, k], [0, n], color=INK, lw=0.7, zorder=4)
    return svg(figure)


def _cell(axes: Axes, pairs: Pairs, row: int, column: int, size: float) -> None:
    """Draw one cell of the matrix."""
    from matplotlib.patches import Rectangle

    upper = column > row
    si, lag = float(pairs.index[row, column]), float(pairs.lag_ms[row, column])
    share = min(max(si, 0.0), 1.0) if upper and isfinite(si) else 0.0
    color = "#" + "".join(
        f"{round(a + share * (b - a)):02x}" for a, b in zip(LOW, HIGH, strict=True)
    )
    axes.add_patch(Rectangle((column, row), 1, 1, facecolor=color, edgecolor=GRID, lw=0.5))
    value = si if upper else lag
    si = 0.0 if -0.005 < si < 0.0 else si
    text = (f"{si:.2f}" if upper else f"{lag:.1f}") if isfinite(value) else "·"
    # A copy of a neighbour has a number all the same: the sign says what it is worth.
    text = f"{text} ×" if upper and pairs.crosstalk[row, column] else text.replace("-", "−")
    ink = "#ffffff" if share > DARK else INK if isfinite(value) else MUTED
    axes.text(column + 0.5, row + 0.5, text, ha="center", va="center", color=ink, fontsize=size,
              zorder=3)  # fmt: skip
