"""Sweeps as vector drawings: superimposed with markers, and stacked; the face is in `facemap`."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.anatomy import Muscle
from amr_viewer.core.responses import State

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MM_PER_INCH = 25.4
INK, MUTED, GRID, GRAY = "#1b2733", "#6b7a8f", "#e4e8ee", "#8a94a3"
MUSCLE_COLORS = {
    Muscle.MENTALIS: "#cc79a7",
    Muscle.ORBICULARIS_ORIS: "#009e73",
    Muscle.FRONTALIS: "#0072b2",
    Muscle.ORBICULARIS_OCULI: "#d55e00",
    Muscle.NASALIS: "#56b4e9",
    Muscle.PLATYSMA: "#e69f00",
    Muscle.ZYGOMATICUS: "#e69f00",
    Muscle.LEVATOR_LABII: "#56b4e9",
}
OTHER_COLOR = "#0072b2"
FLOOR_UV = 50.0
_DECIMALS = re.compile(r"(\.\d)\d+| ?\n")
_NICE = (1.0, 1.5, 2.0, 3.0, 5.0, 7.5)


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
    """

    times_ms: NDArray[np.float64] = field(repr=False)
    data_uv: NDArray[np.float32] = field(repr=False)
    state: NDArray[np.int8] = field(repr=False)
    color: str
    window_ms: tuple[float, float] | None
    blank_ms: float
    markers: tuple[tuple[str, str, float], ...] = ()
    direct: bool = False


def muscle_color(muscle: Muscle | None) -> str:
    """Return the color of a muscle, of the palette of Okabe and Ito (safe for the color-blind)."""
    return MUSCLE_COLORS.get(muscle, OTHER_COLOR) if muscle else OTHER_COLOR


def _darker(color: str) -> str:
    """Return a color mixed with black, so that the median stands out of its sweeps."""
    return "#" + "".join(f"{int(0.72 * int(color[i : i + 2], 16)):02x}" for i in (1, 3, 5))


def evenly(indices: NDArray[np.intp], n: int) -> NDArray[np.intp]:
    """Return at most `n` of the indices, evenly chosen."""
    if len(indices) <= n:
        return indices
    return np.asarray(indices[np.linspace(0, len(indices) - 1, n).round().astype(int)])


def envelope(
    times: NDArray[np.float64], values: NDArray[np.float32], n_bins: int
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Return the smallest and largest value of each bin: few points that hide no peak.

    Parameters
    ----------
    times : ndarray, shape (n_times,)
    values : ndarray, shape (..., n_times)
    n_bins : int

    Returns
    -------
    times : ndarray, shape (n,)
    values : ndarray, shape (..., n)
        Unchanged where there are no more than two samples for a bin.
    """
    per_bin = len(times) // n_bins
    if per_bin <= 2:
        return times, values
    n = len(times) // per_bin
    blocks = values[..., : n * per_bin].reshape(*values.shape[:-1], n, per_bin)
    pairs = np.stack([blocks.min(axis=-1), blocks.max(axis=-1)], axis=-1)
    starts = times[: n * per_bin].reshape(n, per_bin)
    return starts[:, [0, per_bin // 2]].ravel(), pairs.reshape(*values.shape[:-1], 2 * n)


def nice_above(value: float) -> float:
    """Return the next of 1, 1.5, 2, 3, 5, 7.5, 10, 15...

    Examples
    --------
    >>> nice_above(37.0), nice_above(0.9), nice_above(2.0)
    (50.0, 1.0, 2.0)
    """
    decade = 10.0 ** np.floor(np.log10(max(value, 1e-9)))
    return float(next((m * decade for m in _NICE if m * decade >= value * 0.9999), 10 * decade))


def superimposed(sweeps: Sweeps, width_mm: float, height_mm: float, max_lines: int) -> str:
    """Return an SVG of the sweeps over each other with the median, window and markers."""
    figure, axes = _canvas(width_mm, height_mm, left=9.0, right=2.0, top=3.6, bottom=4.6)
    scale = 1e3 if sweeps.direct else 1.0
    limit = _limit_uv(sweeps) / scale
    _frame(axes, sweeps, limit, "mV" if sweeps.direct else "µV")
    valid = np.flatnonzero(sweeps.state != State.REJECTED)
    present = valid[sweeps.state[valid] == State.PRESENT]
    chosen = evenly(valid, max_lines)
    n_bins = int((width_mm - 11) / MM_PER_INCH * 72 / 1.1)
    times, lines = envelope(sweeps.times_ms, sweeps.data_uv[chosen] / scale, n_bins)
    for line, index in zip(lines, chosen, strict=True):
        colored = sweeps.direct or sweeps.state[index] == State.PRESENT
        axes.plot(
            times, line, color=sweeps.color if colored else GRAY, lw=0.35, alpha=0.26, zorder=2
        )
    thick = present if present.size else valid
    if thick.size:
        median = np.median(sweeps.data_uv[thick], axis=0) / scale
        thick_line = envelope(sweeps.times_ms, median, 2 * n_bins)
        axes.plot(*thick_line, color=_darker(sweeps.color), lw=1.1)
    _markers(axes, sweeps.markers, limit)
    return _svg(figure)


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
    figure, axes = _canvas(width_mm, height_mm, left=7.0, right=3.5, top=1.5, bottom=4.6)
    order = evenly(np.arange(len(sweeps.state)), max_rows)
    step = nice_above(0.45 * _limit_uv(sweeps))
    n_bins = int((width_mm - 10) / MM_PER_INCH * 72 / 1.5)
    times, lines = envelope(sweeps.times_ms, sweeps.data_uv[order], n_bins)
    if sweeps.window_ms:
        axes.axvspan(*sweeps.window_ms, color=sweeps.color, alpha=0.08, lw=0)
    axes.axvline(0.0, color=GRAY, lw=0.5)
    for row, (line, index) in enumerate(zip(lines, order, strict=True)):
        axes.plot(times, row * step + line, **_stack_style(sweeps, index))
    _event_lines(axes, events, order, step)
    rows = evenly(np.arange(len(order)), 6)
    axes.set_yticks(rows * step, [str(order[r] + 1) for r in rows])
    axes.set_ylim((len(order) + 0.6) * step, -1.6 * step)
    axes.set_xlim(sweeps.times_ms[0], sweeps.times_ms[-1])
    axes.text(1.0, -0.012, "ms", transform=axes.transAxes, ha="right", va="top", color=MUTED,
              fontsize=6)  # fmt: skip
    axes.plot([0.985, 0.985], [-0.9 * step, 0.1 * step], transform=axes.get_yaxis_transform(),
              color=INK, lw=1.0)  # fmt: skip
    label = f"{step / 1e3:.2g} mV" if sweeps.direct else f"{step:.0f} µV"
    axes.text(0.965, -0.4 * step, label, transform=axes.get_yaxis_transform(), ha="right",
              va="center", color=INK, fontsize=5.5)  # fmt: skip
    return _svg(figure)


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
    values = np.abs(valid[:, sweeps.times_ms >= start])
    values = values[:, np.isfinite(values).all(axis=0)]
    if not values.size:
        return 50.0
    peaks = values.max(axis=1)
    return nice_above(max(FLOOR_UV, 1.1 * float(np.percentile(peaks, 90))))


def _canvas(
    width_mm: float, height_mm: float, *, left: float, right: float, top: float, bottom: float
) -> tuple[Figure, Axes]:
    """Return a figure of a size, with one bare pair of axes; margins in mm."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width_mm / MM_PER_INCH, height_mm / MM_PER_INCH))
    figure.patch.set_alpha(0.0)
    axes = figure.add_axes(
        (
            left / width_mm,
            bottom / height_mm,
            1 - (left + right) / width_mm,
            1 - (top + bottom) / height_mm,
        )
    )
    axes.patch.set_alpha(0.0)
    axes.set_frame_on(False)
    axes.tick_params(length=0, labelsize=6, labelcolor=MUTED, pad=2)
    return figure, axes


def _frame(axes: Axes, sweeps: Sweeps, limit: float, unit: str) -> None:
    """Draw grid, units, search window and the blanked stretch; negative is up."""
    from matplotlib.ticker import MaxNLocator

    axes.set_ylim(1.12 * limit, -1.12 * limit)
    axes.set_xlim(sweeps.times_ms[0], sweeps.times_ms[-1])
    axes.set_yticks([-limit, 0.0, limit], [f"{v:g}".replace("-", "−") for v in (-limit, 0, limit)])
    axes.set_yticks([-limit / 2, limit / 2], minor=True)
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    axes.grid(which="both", color=GRID, lw=0.4, zorder=0)
    axes.tick_params(which="minor", length=0)
    axes.axvline(0.0, color=GRAY, lw=0.6, zorder=1)
    if sweeps.window_ms:
        axes.axvspan(*sweeps.window_ms, color=sweeps.color, alpha=0.09, lw=0, zorder=0)
    if np.isfinite(sweeps.blank_ms) and sweeps.blank_ms > 0:
        axes.axvspan(0.0, sweeps.blank_ms, color=GRAY, alpha=0.28, lw=0, zorder=1)
    style: dict[str, Any] = {"transform": axes.transAxes, "color": MUTED, "fontsize": 6}
    axes.text(-0.015, 1.02, unit, ha="right", va="bottom", **style)
    axes.text(1.0, -0.02, "ms", ha="right", va="top", **style)


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


def _svg(figure: Figure) -> str:
    """Return a figure as an SVG element: text stays text, coordinates to a tenth of a point."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    buffer = io.StringIO()
    settings: dict[Any, Any] = {
        "svg.fonttype": "none",
        "svg.hashsalt": "report",
        "path.simplify_threshold": 0.3,
        "font.sans-serif": ["DejaVu Sans"],
    }
    with rc_context(settings):
        FigureCanvasSVG(figure)
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r' id="[A-Za-z0-9]+_\d+"', "", text)
    return re.sub(r' d="[^"]*"', lambda path: _DECIMALS.sub(r"\1", path[0]), text)
