"""Where everything of the drawings lies; drawing it is left to `painting`."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, isfinite

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFontMetricsF

from amr_viewer.gui.plot.scale import Axis, nice_step
from amr_viewer.gui.visits.panel_values import Drawing, Panel
from amr_viewer.report.visits_figures import ENOUGH, MISSING

MARGIN = 10.0
NARROWEST = 215.0
"""A panel with less width stands below the others."""

LEAST_PLOT = 70.0
SPREAD = 0.26
"""Part of the distance of two visits over which curves stand beside each other."""

LOWER_END = -0.04


@dataclass(frozen=True, slots=True)
class PanelPlace:
    """Where a panel lies: `box` in whole, `area` its plot."""

    panel: Panel
    box: QRectF
    area: QRectF
    x: Axis
    y: Axis
    top: float

    def step(self, curve: int) -> float:
        """Return how far a curve stands beside the visit, in visits."""
        n = len(self.panel.curves)
        room = min(SPREAD, 0.07 * n)
        return 0.0 if n < 2 else -0.5 * room + room * curve / (n - 1)


@dataclass(frozen=True, slots=True)
class Places:
    """Where all panels lie."""

    size: QSizeF
    panels: tuple[PanelPlace, ...]
    line: float

    def at(self, point: QPointF) -> tuple[PanelPlace, int] | None:
        """Return the panel and the visit under a point."""
        for place in self.panels:
            area = place.area
            if area.left() <= point.x() <= area.right() and place.box.contains(point):
                n = len(place.panel.curves[0].points)
                return place, min(max(round(place.x.value(point.x())), 0), n - 1)
        return None


def n_columns(n_panels: int, width: float) -> int:
    """Return how many panels stand in a row; four are never three and one."""
    fits = max(int((width - MARGIN) // NARROWEST), 1)
    return n_panels if fits >= n_panels else min(fits, 2)


def legend_rows(drawing: Drawing) -> int:
    """Return for how many names there is room below each panel."""
    return max((len(p.curves) + (p.n_hidden > 0) for p in drawing.panels), default=0)


def least_height(drawing: Drawing, width: float, metrics: QFontMetricsF) -> float:
    """Return the least height at which the panels can be read."""
    if not drawing.panels:
        return 0.0
    rows = ceil(len(drawing.panels) / n_columns(len(drawing.panels), width))
    return rows * (LEAST_PLOT + _around(drawing, metrics)) + MARGIN


def _around(drawing: Drawing, metrics: QFontMetricsF) -> float:
    """Return the height of title, letters, ticks and names of a panel."""
    line = metrics.height()
    return line * (1 + 1 + 2 + legend_rows(drawing)) + 22.0


def place(drawing: Drawing, size: QSizeF, metrics: QFontMetricsF) -> Places:
    """Lay the panels out.

    Parameters
    ----------
    drawing : Drawing
    size : QSizeF
    metrics : QFontMetricsF
        Of the font that is drawn with.
    """
    n = len(drawing.panels)
    if not n:
        return Places(size, (), metrics.height())
    columns = n_columns(n, size.width())
    rows = ceil(n / columns)
    width, height = (size.width() - MARGIN) / columns, (size.height() - MARGIN) / rows
    line, left = metrics.height(), metrics.horizontalAdvance("0000") + 8
    below = line * (2 + legend_rows(drawing)) + 12.0
    out = []
    for i, panel in enumerate(drawing.panels):
        row, column = divmod(i, columns)
        box = QRectF(MARGIN / 2 + column * width, MARGIN / 2 + row * height, width, height)
        area = QRectF(
            box.left() + left,
            box.top() + 2 * line + 8.0,
            width - left - MARGIN,
            max(height - 2 * line - 8.0 - below, 20.0),
        )
        visits = len(panel.curves[0].points)
        top = axis_top(panel)
        x = Axis(-0.5, visits - 0.5, area.left(), area.right())
        y = Axis(LOWER_END * top, 1.05 * top, area.bottom(), area.top())
        out.append(PanelPlace(panel, box, area, x, y, top))
    return Places(size, tuple(out), line)


def axis_top(panel: Panel) -> float:
    """Return the height of an axis; an interval that is far longer than the values leaves it."""
    points = [p for c in panel.curves for p in c.points if p.kind != MISSING]
    largest = max((p.value for p in points if isfinite(p.value)), default=0.0)
    ends = [min(p.high, ENOUGH * largest) for p in points if isfinite(p.high)]
    if panel.least_top and largest <= panel.least_top and not panel.whole:
        return panel.least_top
    wanted = max([largest, *ends, panel.least_top, 1e-6])
    step = nice_step(wanted / 6)
    return ceil(wanted / step - 1e-9) * step
