"""The ground under the drawings of sweeps: figures without a screen, colors, fewer points."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.anatomy import Muscle

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
_DECIMALS = re.compile(r"(\.\d)\d+| ?\n")
_NICE = (1.0, 1.5, 2.0, 3.0, 5.0, 7.5)


def muscle_color(muscle: Muscle | None) -> str:
    """Return the color of a muscle, of the palette of Okabe and Ito (safe for the color-blind)."""
    return MUSCLE_COLORS.get(muscle, OTHER_COLOR) if muscle else OTHER_COLOR


def darker(color: str) -> str:
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


def canvas(
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


def svg(figure: Figure) -> str:
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
