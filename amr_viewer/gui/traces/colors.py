"""Colors of the canvas that the theme does not name; those of branches are shared with lists."""

from __future__ import annotations

from PySide6.QtGui import QColor

from amr_viewer.core.recording import Channel, ChannelKind
from amr_viewer.gui.plot.site_colors import site_color
from amr_viewer.gui.theme import Theme

__all__ = ["channel_color", "mixed", "see_through", "site_color"]


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
