"""Sweeps as vector drawings: superimposed with markers, and stacked; the face is in `facemap`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.responses import State
from amr_viewer.report.canvas import (
    GRAY,
    GRID,
    INK,
    MM_PER_INCH,
    MUTED,
    canvas,
    darker,
    envelope,
    evenly,
    nice_above,
    svg,
)
from amr_viewer.report.remembered import remembered

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FLOOR_UV = 50.0
STACK_CLIP = 2.5


@dataclass(frozen=True, slots=True, eq=False)
class Sweeps:
    """Sweeps of one channel, ready to be drawn.

    Attributes
    ----------
    times_ms : ndarray, shape (n_times,)
    data_uv : ndarray, shape (n_sweeps, n_times)
        In order of time.
    state : ndarray of int, shape (n_sweeps,)
        `State`.
    numbers : ndarray of int, shape (n_sweeps,)
        Number of each sweep among the stimuli of its site, from 1.
    color : str
        Of sweeps with a response, and of the median.
    window_ms : tuple of float or None
        Search window; None where none was searched.
    blank_ms : float
        End of the stimulus artefact, NaN if unknown.
    markers : tuple of (str, str, float)
        Kind (``onset | N | P | end``), its name as printed, ms; only what could be measured.
    direct : bool
        Whether this is the direct muscle: drawn in mV, every sweep in color.
    units : tuple of str
        How uV, mV and ms are written.
    """

    times_ms: NDArray[np.float64] = field(repr=False)
    data_uv: NDArray[np.float32] = field(repr=False)
    state: NDArray[np.int8] = field(repr=False)
    numbers: NDArray[np.intp] = field(repr=False)
    color: str
    window_ms: tuple[float, float] | None
    blank_ms: float
    markers: tuple[tuple[str, str, float], ...] = ()
    direct: bool = False
    units: tuple[str, str, str] = ("µV", "mV", "ms")


@remembered
def superimposed(sweeps: Sweeps, width_mm: float, height_mm: float, max_lines: int) -> str:
    """Return an SVG of the sweeps over each other with the median, window and markers."""
    figure, axes = canvas(width_mm, height_mm, left=9.0, right=2.0, top=3.6, bottom=4.6)
    scale = 1e3 if sweeps.direct else 1.0
    limit = _limit_uv(sweeps) / scale
    _frame(axes, sweeps, limit, sweeps.units[1] if sweeps.direct else sweeps.units[0])
    valid = np.flatnonzero(sweeps.state != State.REJECTED)
    present = valid[sweeps.state[valid] == State.PRESENT]
    chosen = evenly(valid if valid.size else np.arange(len(sweeps.state)), max_lines)
    n_bins = int((width_mm - 11) / MM_PER_INCH * 72 / 1.35)
    times, lines = envelope(sweeps.times_ms, sweeps.data_uv[chosen] / scale, n_bins)
    for line, index in zip(lines, chosen, strict=True):
        colored = sweeps.direct or sweeps.state[index] == State.PRESENT
        axes.plot(
            times, line, color=sweeps.color if colored else GRAY, lw=0.35, alpha=0.26, zorder=2
        )
    thick = present if present.size else valid
    thick = thick[np.isfinite(sweeps.data_uv[thick]).all(axis=1)]
    if thick.size:
        median = np.median(sweeps.data_uv[thick], axis=0) / scale
        thick_line = envelope(sweeps.times_ms, median, 2 * n_bins)
        axes.plot(*thick_line, color=darker(sweeps.color), lw=1.1)
    _markers(axes, sweeps.markers, limit)
    return svg(figure)


@remembered
def stacked(
    sweeps: Sweeps,
    width_mm: float,
    height_mm: float,
    events: tuple[tuple[int, str], ...],
    max_rows: int,
) -> str:
    """Return an SVG of the sweeps below each other, in order of time.

    `events` are lines between sweeps: the number of sweeps that came before, and a letter.
    """
    figure, axes = canvas(width_mm, height_mm, left=7.0, right=3.5, top=1.5, bottom=4.6)
    order = evenly(np.arange(len(sweeps.state)), max_rows)
    step = nice_above(0.45 * _limit_uv(sweeps))
    n_bins = int((width_mm - 10) / MM_PER_INCH * 72 / 1.5)
    times, lines = envelope(sweeps.times_ms, sweeps.data_uv[order], n_bins)
    if sweeps.window_ms:
        axes.axvspan(*sweeps.window_ms, color=sweeps.color, alpha=0.08, lw=0)
    axes.axvline(0.0, color=GRAY, lw=0.5)
    for row, (line, index) in enumerate(zip(lines, order, strict=True)):
        line = np.clip(line, -STACK_CLIP * step, STACK_CLIP * step)
        axes.plot(times, row * step + line, **_stack_style(sweeps, index))
    _event_lines(axes, events, order, step)
    rows = evenly(np.arange(len(order)), 6)
    axes.set_yticks(rows * step, [str(sweeps.numbers[order[r]]) for r in rows])
    axes.set_ylim((len(order) + 0.6) * step, -2.0 * step)
    axes.set_xlim(sweeps.times_ms[0], sweeps.times_ms[-1])
    _time_ticks(axes)
    _stack_scale(axes, sweeps, step)
    return svg(figure)


def _stack_scale(axes: Axes, sweeps: Sweeps, step: float) -> None:
    """Draw the bar that says how much the distance of two sweeps is, and the unit of time."""
    micro, milli, ms = sweeps.units
    label = f"{step / 1e3:.2g} {milli}" if sweeps.direct else f"{step:.0f} {micro}"
    beside = axes.get_yaxis_transform()
    axes.plot([0.985, 0.985], [-1.7 * step, -0.7 * step], transform=beside, color=INK, lw=1.0)
    style: dict[str, Any] = {"ha": "right", "color": INK, "fontsize": 5.5}
    axes.text(0.965, -1.2 * step, label, va="center", transform=beside, **style)
    style = {"ha": "right", "color": MUTED, "fontsize": 6}
    axes.text(1.0, -0.012, ms, va="top", transform=axes.transAxes, **style)


def _stack_style(sweeps: Sweeps, index: int) -> dict[str, Any]:
    """Return how a stacked sweep is drawn."""
    state = sweeps.state[index]
    if state == State.REJECTED:
        return {"color": GRAY, "lw": 0.35, "ls": (0, (1, 2))}
    if sweeps.direct or state == State.PRESENT:
        return {"color": sweeps.color, "lw": 0.55}
    return {"color": GRAY, "lw": 0.4}


def _event_lines(
    axes: Axes, events: tuple[tuple[int, str], ...], order: NDArray[np.intp], step: float
) -> None:
    """Draw a line where something happened between two sweeps."""
    for before, letter in events:
        y = (int(np.searchsorted(order, before)) - 0.5) * step
        axes.axhline(y, color=INK, lw=0.6, ls=(0, (4, 2)))
        axes.text(1.01, y, letter, transform=axes.get_yaxis_transform(), va="center",
                  color=INK, fontsize=6, weight="bold")  # fmt: skip


def _limit_uv(sweeps: Sweeps) -> float:
    """Return the half height of the drawing, which what lies after the artefact fills."""
    start = max(sweeps.blank_ms, 1.0) if np.isfinite(sweeps.blank_ms) else 2.0
    if sweeps.window_ms and not sweeps.direct:
        start = max(start, sweeps.window_ms[0] - 1.0)
    valid = sweeps.data_uv[sweeps.state != State.REJECTED]
    values = np.nan_to_num(np.abs(valid[:, sweeps.times_ms >= start]))
    if not values.size:
        return FLOOR_UV
    peaks = values.max(axis=1)
    return nice_above(max(FLOOR_UV, 1.1 * float(np.percentile(peaks, 90))))


def _frame(axes: Axes, sweeps: Sweeps, limit: float, unit: str) -> None:
    """Draw grid, units, search window and the blanked stretch; negative is up."""
    axes.set_ylim(1.12 * limit, -1.12 * limit)
    axes.set_xlim(sweeps.times_ms[0], sweeps.times_ms[-1])
    axes.set_yticks([-limit, 0.0, limit], [f"{v:g}".replace("-", "−") for v in (-limit, 0, limit)])
    axes.set_yticks([-limit / 2, limit / 2], minor=True)
    _time_ticks(axes)
    axes.grid(which="both", color=GRID, lw=0.4, zorder=0)
    axes.tick_params(which="minor", length=0)
    axes.axvline(0.0, color=GRAY, lw=0.6, zorder=1)
    if sweeps.window_ms:
        axes.axvspan(*sweeps.window_ms, color=sweeps.color, alpha=0.09, lw=0, zorder=0)
    if np.isfinite(sweeps.blank_ms) and sweeps.blank_ms > 0:
        axes.axvspan(0.0, sweeps.blank_ms, color=GRAY, alpha=0.28, lw=0, zorder=1)
    style: dict[str, Any] = {"transform": axes.transAxes, "color": MUTED, "fontsize": 6}
    axes.text(-0.015, 1.02, unit, ha="right", va="bottom", **style)
    axes.text(1.0, -0.02, sweeps.units[2], ha="right", va="top", **style)


def _time_ticks(axes: Axes) -> None:
    """Mark the time in round steps, with room for the unit at the end."""
    low, high = axes.get_xlim()
    step = next(s for s in (5, 10, 20, 50, 100, 200, 500) if (high - low) / s <= 6)
    ticks = np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step + 0.0
    axes.set_xticks(ticks, [f"{t:g}" if t < high - 0.09 * (high - low) else "" for t in ticks])


def _markers(axes: Axes, markers: tuple[tuple[str, str, float], ...], limit: float) -> None:
    """Draw onset, N, P and end as dashed lines whose labels keep clear of each other."""
    row = 2.24 * limit * 7.0 / (72 * axes.get_window_extent().height / axes.figure.dpi)
    heights = {"onset": -limit, "N": row - limit, "end": -limit, "P": limit}
    low, high = axes.get_xlim()
    for kind, name, value in markers:
        axes.axvline(value, color=INK, lw=0.6, ls=(0, (3, 2)), zorder=4)
        leftward = kind == "onset" or value > low + 0.86 * (high - low)
        shift = 0.007 * (high - low)
        axes.text(
            value - shift if leftward else value + shift,
            heights[kind],
            f"{name} {value:.1f}",
            ha="right" if leftward else "left",
            va="center",
            color=INK,
            fontsize=5.8,
            bbox={"facecolor": "white", "alpha": 0.75, "lw": 0, "pad": 0.6},
            zorder=5,
        )
