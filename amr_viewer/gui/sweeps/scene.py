"""Everything that is drawn in one panel, as a value, and where it is drawn."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

from amr_viewer.gui.plot.scale import Axis
from amr_viewer.gui.sweeps.look import HALF_DIVISIONS, Look, Mode
from amr_viewer.gui.sweeps.panels import Panel
from amr_viewer.gui.sweeps.picture import Picture
from amr_viewer.gui.sweeps.raster import Span
from amr_viewer.gui.sweeps.summary import Summary
from amr_viewer.gui.sweeps.sweepset import SweepSet
from amr_viewer.gui.theme import Theme

LEFT, TOP, RIGHT, BOTTOM = 52, 6, 10, 22
BAR = 58
"""Width of the color bar of the waterfall with its numbers."""

WHY, WHY_DIRECT = 92, 22

LEAST_PLOT = 90
"""Room that sweeps keep above the sham distribution."""

ROW_PIXELS, LEAST_ROW_PIXELS = 15, 9
"""Height of a stacked sweep where as many as fit are shown; the least at which all are."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where things lie in a panel, in pixels from its top left corner."""

    width: float
    height: float
    plot: QRectF
    why: QRectF | None


def frame_of(width: float, height: float, look: Look, is_direct: bool) -> Frame:
    """Return where things lie in a panel of a size."""
    right = BAR if look.mode is Mode.WATERFALL else RIGHT
    below = 0.0
    if look.why and height > WHY + LEAST_PLOT:
        below = WHY_DIRECT if is_direct else WHY
    plot = QRectF(
        LEFT,
        TOP,
        max(round(width - LEFT - right), 40),
        max(round(height - TOP - BOTTOM - below), 40),
    )
    why = QRectF(LEFT, height - below + 2, plot.width(), below - 6) if below else None
    return Frame(width, height, plot, why)


def rows_in_sight(look: Look, n: int, height: float) -> tuple[int, int]:
    """Return the sweeps in sight where they lie below each other: first, and after the last."""
    every = look.mode is Mode.WATERFALL or n * LEAST_ROW_PIXELS <= height
    shown = look.n_rows or (n if every else round(height / ROW_PIXELS))
    shown = min(max(shown, 1), max(n, 1))
    if look.mode is Mode.SUPERIMPOSED:
        return 0, n
    first = min(max(look.first_row, 0), max(n - shown, 0))
    return first, min(first + shown, n)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What a panel shows.

    Attributes
    ----------
    panel : Panel
    sweeps : SweepSet or None
        None until they are read.
    look : Look
    theme : Theme
    frame : Frame
    span : Span
    gain_uv : float
    rows : (int, int)
    row : int or None
        The selected sweep.
    chosen : (int, int) or None
        A range of sweeps, first and last.
    markers, automatic : mapping of str to float
        Of the selected sweep, or of the run; NaN where there are none.
    own : frozenset of str
        Markers that a person set.
    picked : str
        Marker that the keys move, empty if none.
    window_ms : (float, float)
    marks : tuple of (int, str)
        Events of surgery: how many sweeps came before, and what it was.
    picture : Picture or None
    summary : Summary or None
    note : str
        What a person reads while there are no sweeps.
    vector : bool
        Whether sweeps are drawn as lines, for a figure that is copied.
    """

    panel: Panel
    sweeps: SweepSet | None
    look: Look
    theme: Theme
    frame: Frame
    span: Span
    gain_uv: float
    rows: tuple[int, int]
    window_ms: tuple[float, float]
    row: int | None = None
    chosen: tuple[int, int] | None = None
    markers: dict[str, float] = field(default_factory=dict)
    automatic: dict[str, float] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    picked: str = ""
    marks: tuple[tuple[int, str], ...] = ()
    picture: Picture | None = None
    summary: Summary | None = None
    note: str = ""
    vector: bool = False

    @property
    def x(self) -> Axis:
        """The scale of time."""
        plot = self.frame.plot
        return Axis(self.span.start_ms, self.span.stop_ms, plot.left(), plot.right())

    @property
    def y(self) -> Axis:
        """The scale of voltage of superimposed sweeps."""
        plot = self.frame.plot
        return Axis(self.span.bottom_uv, self.span.top_uv, plot.bottom(), plot.top())

    @property
    def pitch(self) -> float:
        """Height of a row, in pixels."""
        return self.frame.plot.height() / max(self.rows[1] - self.rows[0], 1)

    def row_center(self, row: int) -> float:
        """Return where a row's baseline lies."""
        return self.frame.plot.top() + (row - self.rows[0] + 0.5) * self.pitch

    def row_at(self, y: float) -> int | None:
        """Return the row at a height, None where there is none."""
        row = self.rows[0] + int((y - self.frame.plot.top()) // self.pitch)
        return row if self.rows[0] <= row < self.rows[1] else None

    def y_of_row(self, row: int) -> Axis:
        """Return the scale of voltage of one sweep as it lies in the panel."""
        if self.look.mode is not Mode.STACKED:
            return self.y
        half = self.pitch / 2.0 * HALF_DIVISIONS  # two divisions to a row
        center = self.row_center(row)
        return Axis(self.span.bottom_uv, self.span.top_uv, center + half, center - half)

    def sweep_uv(self, row: int) -> NDArray[np.float32]:
        """Return one sweep."""
        assert self.sweeps is not None
        return self.sweeps.sweep_uv(self.panel.channel, row)

    def marker_at(self, x: float, reach: float = 5.0) -> str:
        """Return the marker whose line lies at a pixel, empty if none does."""
        near = [(abs(self.x.pixel(v) - x), m) for m, v in self.markers.items() if np.isfinite(v)]
        distance, marker = min(near, default=(np.inf, ""))
        return marker if distance <= reach else ""

    @property
    def beside(self) -> float:
        """Room for words right of the search window, where they hide no response, in pixels."""
        plot = self.frame.plot
        end = min(max(self.x.pixel(self.window_ms[1]), plot.left()), plot.right())
        return max(plot.right() - end - 4, 0.3 * plot.width())


def nearest_row(scene: Scene, x: float, y: float, reach: float = 14.0) -> int | None:
    """Return the sweep that passes nearest to a point of a panel, None if all are far.

    Where sweeps lie below each other it is the one whose row is there.
    """
    sweeps = scene.sweeps
    if sweeps is None or not len(sweeps) or not scene.frame.plot.contains(x, y):
        return None
    if scene.look.mode is not Mode.SUPERIMPOSED:
        return scene.row_at(y)
    times = sweeps.times_ms
    beside = abs(4.0 / scene.x.pixels_per_unit)
    at = scene.x.value(x)
    first = max(int(np.searchsorted(times, at - beside)) - 1, 0)
    stop = min(int(np.searchsorted(times, at + beside)) + 2, len(times))
    if stop - first < 2:
        return None
    step = float(sweeps.step_uv[scene.panel.channel])
    heights = scene.y.pixels(sweeps.counts[scene.panel.channel, :, first:stop] * step)
    across = scene.x.pixels(times[first:stop])
    distance = _distances(across - x, heights - y)
    row = int(np.argmin(distance))
    return row if distance[row] <= reach else None


def _distances(dx: NDArray[np.float64], dy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how near each broken line comes to the origin, (n_lines,)."""
    ax, bx = dx[:-1], dx[1:]
    ay, by = dy[:, :-1], dy[:, 1:]
    length = (bx - ax) ** 2 + (by - ay) ** 2
    share = np.clip(-(ax * (bx - ax) + ay * (by - ay)) / np.maximum(length, 1e-12), 0.0, 1.0)
    apart = (ax + share * (bx - ax)) ** 2 + (ay + share * (by - ay)) ** 2
    return np.asarray(np.sqrt(apart.min(axis=1)), dtype=np.float64)
