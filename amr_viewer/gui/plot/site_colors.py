"""One color per stimulated branch, the same in every view; the theme names that of the first."""

from __future__ import annotations

from PySide6.QtGui import QColor

from amr_viewer.gui.theme import Theme

SITE_SHADES = (
    ("#845600", "#f0bb45"),
    ("#00705a", "#3fcfa6"),
    ("#0b66a3", "#6cc0f5"),
    ("#9c3f74", "#ee9cc8"),
    ("#6b4fa3", "#c3aef5"),
    ("#5a6472", "#b4c3d6"),
)
"""For light and dark; the first is the theme's own color of stimuli. Each reaches 4.5:1."""


def site_color(theme: Theme, place: int) -> QColor:
    """Return the color of a stimulated branch by its place among those of a recording."""
    return QColor(SITE_SHADES[place % len(SITE_SHADES)][theme.is_dark])
