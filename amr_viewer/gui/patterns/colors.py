"""Colors of the kinds of bursts; height in the raster tells them apart too."""

from __future__ import annotations

from PySide6.QtGui import QColor

from amr_viewer.core.bursts import BurstKind
from amr_viewer.gui.theme import Theme

HEIGHTS = {BurstKind.CLONIC: 1.0, BurstKind.TONIC: 0.66, BurstKind.OTHER: 0.4}
"""Height of a bar, as part of the room it has."""


def kind_color(theme: Theme, kind: BurstKind) -> QColor:
    """Return the color of a kind."""
    names = {BurstKind.CLONIC: theme.accent, BurstKind.TONIC: theme.late}
    return QColor(names.get(kind, theme.sweep_gray))


def mixed(low: str, high: str, part: float) -> QColor:
    """Return a color between two, `part` 0 to 1 of the way."""
    a, b = QColor(low), QColor(high)
    part = min(max(part, 0.0), 1.0)
    pairs = zip(a.getRgb()[:3], b.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(x + part * (y - x)) for x, y in pairs))
