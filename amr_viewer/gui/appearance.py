"""Which theme is in use, for everything that paints with it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from amr_viewer.gui.theme import LIGHT, Theme


class Appearance(QObject):
    """The theme in use.

    Signals
    -------
    changed()
        Everything that paints with the theme paints again.
    """

    changed = Signal()

    def __init__(self, theme: Theme = LIGHT, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme

    def use(self, theme: Theme) -> None:
        """Paint with another theme."""
        if theme is not self.theme:
            self.theme = theme
            self.changed.emit()
