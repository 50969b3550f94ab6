"""Makes the picture of one panel's sweeps, in a thread: from values to a QImage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from amr_viewer.core.responses import State
from amr_viewer.gui.sweeps.look import Mode
from amr_viewer.gui.sweeps.raster import (
    Columns,
    Density,
    Lines,
    Span,
    layered,
    line_density,
    opacity,
)
from amr_viewer.gui.sweeps.sweepset import SweepSet
from amr_viewer.gui.sweeps.waterfall import rgb, waterfall

FEW = 400
"""Up to so many sweeps are drawn on a raster twice as fine as the screen."""

STACK_DIVISIONS = 2.0
"""Two stacked sweeps lie so many divisions apart."""

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """Everything that the picture of a panel depends on.

    Attributes
    ----------
    sweeps : SweepSet
    channel : int
    state : ndarray of int8, shape (n_sweeps,)
    onset_ms : ndarray of float32, shape (n_sweeps,)
        Onsets of responses, NaN where there is none.
    mode : Mode
    span : Span
    rows : (int, int)
        Sweeps in sight: first, and the one after the last.
    width, height : int
        Pixels of the screen.
    rejected : bool
        Whether rejected sweeps are drawn.
    all_colored : bool
        Whether valid sweeps without a response are colored too (direct muscles).
    color, gray, ground : str
        Of sweeps with a response, of those without, and what lies under them.
    is_dark : bool
    key : tuple
        Equal for requests whose pictures are equal.
    """

    sweeps: SweepSet = field(repr=False)
    channel: int
    state: NDArray[np.int8] = field(repr=False)
    onset_ms: NDArray[np.float32] = field(repr=False)
    mode: Mode
    span: Span
    rows: tuple[int, int]
    width: int
    height: int
    rejected: bool
    all_colored: bool
    color: str
    gray: str
    ground: str
    is_dark: bool
    key: Key


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """The sweeps of a panel as an image, and what it shows.

    Attributes
    ----------
    key : tuple
        That of the request.
    mode : Mode
    span : Span
    rows : (int, int)
    image : QImage
    above, below : ndarray of bool, shape (width,)
        Columns in which sweeps leave the panel after the artefact.
    """

    key: Key
    mode: Mode
    span: Span
    rows: tuple[int, int]
    image: QImage = field(repr=False)
    above: NDArray[np.bool_] = field(repr=False)
    below: NDArray[np.bool_] = field(repr=False)


def paint_picture(request: Request, check: Callable[[], None]) -> Picture:
    """Make the picture of a panel.

    Parameters
    ----------
    request : Request
    check : callable
        Called between blocks of sweeps; may raise `Cancelled`.

    Returns
    -------
    Picture
    """
    if request.mode is Mode.WATERFALL:
        image = argb(waterfall(request, check))
        nowhere = np.zeros(request.width, np.bool_)
        return Picture(
            request.key, request.mode, request.span, request.rows, image, nowhere, nowhere
        )
    image, above, below = _lines(request, check)
    return Picture(request.key, request.mode, request.span, request.rows, image, above, below)


def _lines(
    request: Request, check: Callable[[], None]
) -> tuple[QImage, NDArray[np.bool_], NDArray[np.bool_]]:
    """Draw sweeps as lines: gray, dotted where rejected, in color on top."""
    first, stop = request.rows
    few = stop - first <= FEW or request.mode is Mode.STACKED
    pool = 2 if few else 1
    span, width, height = request.span, request.width * pool, request.height * pool
    columns = Columns(request.sweeps.times_ms, span.start_ms, span.stop_ms, width)
    counts = request.sweeps.counts[request.channel]
    step = float(request.sweeps.step_uv[request.channel])
    zero, scale = _vertical(request, height)
    alpha = line_alpha(stop - first, request.mode)
    layers = []
    above, below = np.zeros(request.width, np.bool_), np.zeros(request.width, np.bool_)
    for rows, color, dotted in _groups(request):
        pitch = height / max(stop - first, 1) if request.mode is Mode.STACKED else 0.0
        offsets = np.asarray((rows - first) * pitch, dtype=np.float64)
        lines = Lines(height, zero, scale, offsets, 1.1 * pool, dotted)
        density = line_density(counts, step, rows, columns, lines, check)
        shade = 1.0 if dotted and not few else alpha
        layers.append((opacity(density, shade, pool), rgb(color)))
        a, b = _cut(request, density, pool)
        above, below = above | a, below | b
    if not layers:
        layers = [(np.zeros((request.height, request.width), np.float32), (0, 0, 0))]
    return argb(layered(layers)), above, below


def line_alpha(n: int, mode: Mode) -> float:
    """Return how opaque one line is drawn where there are so many."""
    if mode is Mode.STACKED:
        return 0.95
    return float(np.clip(5.0 / np.sqrt(max(n, 1)) * 0.55, 0.04, 0.85))


def _groups(request: Request) -> list[tuple[NDArray[np.intp], str, int]]:
    """Return the sweeps in sight by how they are drawn: rows, color, length of dashes."""
    first, stop = request.rows
    state = request.state[first:stop]
    of = {s: first + np.flatnonzero(state == s) for s in State}
    out: list[tuple[NDArray[np.intp], str, int]] = []
    if request.rejected:
        out.append((of[State.REJECTED], request.gray, 5))
    plain = request.color if request.all_colored else request.gray
    out += [(of[State.ABSENT], plain, 0), (of[State.PRESENT], request.color, 0)]
    return [group for group in out if len(group[0])]


def _vertical(request: Request, height: int) -> tuple[float, float]:
    """Return the pixel of 0 uV of the first sweep, and pixels per uV."""
    span = request.span
    if request.mode is Mode.STACKED:
        pitch = height / max(request.rows[1] - request.rows[0], 1)
        return pitch / 2, pitch / stack_step_uv(span)
    scale = height / (span.bottom_uv - span.top_uv)
    return -span.top_uv * scale, scale


def stack_step_uv(span: Span) -> float:
    """Return how many uV two stacked sweeps lie apart, negative where positive is up."""
    return STACK_DIVISIONS * (span.bottom_uv - span.top_uv) / 6.0


def _cut(
    request: Request, density: Density, pool: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return where sweeps leave the panel, the artefact left out."""
    if request.mode is Mode.STACKED:
        return np.zeros(request.width, np.bool_), np.zeros(request.width, np.bool_)
    above = np.asarray(density.above.reshape(-1, pool).any(axis=1))
    below = np.asarray(density.below.reshape(-1, pool).any(axis=1))
    blank = np.nan_to_num(request.sweeps.blank_ms(request.channel), nan=1.0)
    span = request.span
    share = np.arange(request.width) / request.width
    times = span.start_ms + (span.stop_ms - span.start_ms) * share
    outside = (times < -0.5) | (times > max(float(blank), 1.0))
    return above & outside, below & outside


def argb(pixels: NDArray[np.uint8]) -> QImage:
    """Return premultiplied pixels as an image of its own."""
    height, width = pixels.shape[:2]
    view = QImage(
        np.ascontiguousarray(pixels).data,
        width,
        height,
        4 * width,
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    return view.copy()
