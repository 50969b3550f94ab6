"""Colors of the canvas that the theme does not name: one per stimulated branch."""

from __future__ import annotations

from PySide6.QtGui import QColor

from amr_viewer.core.recording import Channel, ChannelKind
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


def channel_color(theme: Theme, channel: Channel) -> QColor:
    """Return the color of a channel's trace."""
    is_emg = channel.kind is ChannelKind.EMG
    return QColor(theme.muscle(channel.muscle) if is_emg else theme.other_trace)


def see_through(color: str | QColor, alpha: int) -> QColor:
    """Return a color that lets the ground through (255: not at all)."""
    clear = QColor(color)
    clear.setAlpha(alpha)
    return clear


def mixed(color: str | QColor, ground: str | QColor, part: float) -> QColor:
    """Return what is seen of a color that covers a part (0 to 1) of a ground."""
    a, b = QColor(color), QColor(ground)
    pairs = ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
    return QColor(*(round(x * part + y * (1 - part)) for x, y in pairs))
