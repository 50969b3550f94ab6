"""The waterfall: sweeps as an image of stimulus and time in diverging colors."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from amr_viewer.core.responses import State
from amr_viewer.gui.sweeps.raster import Columns, Span, extreme_rows

if TYPE_CHECKING:
    from amr_viewer.gui.sweeps.picture import Request

LOST_COLOR = 0
LEVELS = 255


def waterfall(request: Request, check: Callable[[], None]) -> NDArray[np.uint8]:
    """Return sweeps as an image of stimulus and time, with a dot at every onset.

    Shape (height, width, 4): blue, green, red, alpha.
    """
    span, width, height = request.span, request.width, request.height
    columns = Columns(request.sweeps.times_ms, span.start_ms, span.stop_ms, width)
    values = extreme_rows(
        request.sweeps.counts[request.channel],
        float(request.sweeps.step_uv[request.channel]),
        request.rows,
        columns,
        height,
        check,
    )
    full = waterfall_full_uv(span)
    with np.errstate(invalid="ignore"):
        level = np.clip(np.rint(values / full * 127 + 128), 1, LEVELS)
    index = np.where(np.isfinite(values), level, LOST_COLOR).astype(np.uint8)
    table = color_table(request.is_dark, request.ground)
    pixels = table[index]
    _dots(request, pixels)
    return pixels


def _dots(request: Request, pixels: NDArray[np.uint8]) -> None:
    """Put a dot at the onset of every response in sight."""
    first, stop = request.rows
    rows = first + np.flatnonzero(request.state[first:stop] == State.PRESENT)
    onset = request.onset_ms[rows]
    span, (height, width) = request.span, pixels.shape[:2]
    with np.errstate(invalid="ignore"):
        x = (onset - span.start_ms) / (span.stop_ms - span.start_ms) * width
        known = np.isfinite(x) & (x >= 0) & (x < width)
    pitch = height / max(stop - first, 1)
    y = ((rows[known] - first + 0.5) * pitch).astype(np.intp)
    x = x[known].astype(np.intp)
    size = int(np.clip(pitch / 2, 1, 3))
    ink = np.array([255, 255, 255, 255] if request.is_dark else [20, 20, 20, 255], np.uint8)
    for dy in range(size):
        for dx in range(2 if size == 1 else size):
            at_y = np.clip(y + dy - size // 2, 0, height - 1)
            at_x = np.clip(x + dx - size // 2, 0, width - 1)
            pixels[at_y, at_x] = ink


def waterfall_full_uv(span: Span) -> float:
    """Return the voltage of the strongest colors."""
    return abs(span.top_uv) / 2.0


@lru_cache(maxsize=4)
def color_table(is_dark: bool, ground: str) -> NDArray[np.uint8]:
    """Return the colors of the waterfall, (256, 4) as blue, green, red, alpha.

    Level 128 is zero; below it blue, above it red. Level 0 stands for what was not recorded.
    """
    # Ends of the blue-red scale of Crameri's "vik" kind: of equal lightness, told apart by the
    # color-blind; the middle is the panel's ground so that silence looks like silence.
    middle = np.array(rgb(ground), np.float64)
    negative = np.array([(0x2C, 0x6F, 0xBB), (0x08, 0x2E, 0x66)], np.float64)
    positive = np.array([(0xC7, 0x5A, 0x2B), (0x5E, 0x16, 0x05)], np.float64)
    if is_dark:
        negative = np.array([(0x2F, 0x86, 0xD8), (0xB5, 0xE0, 0xFF)], np.float64)
        positive = np.array([(0xD9, 0x66, 0x2F), (0xFF, 0xD8, 0xB0)], np.float64)
    table = np.zeros((256, 4), np.uint8)
    for level in range(1, 256):
        share = min(abs(level - 128) / 127.0, 1.0)
        mid, end = negative if level < 128 else positive
        color = middle + (mid - middle) * min(share * 2, 1.0)
        color = color + (end - mid) * max(share * 2 - 1, 0.0)
        table[level] = [*np.rint(color[::-1]).astype(int), 255]
    table.flags.writeable = False
    return table


def rgb(color: str) -> tuple[int, int, int]:
    """Return the parts of a color."""
    c = QColor(color)
    return c.red(), c.green(), c.blue()
