"""What every view is given: the session, the editor of decisions, and the appearance."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from amr_viewer.gui.editor import Editor
from amr_viewer.gui.session import Session
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


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """What a view works with; views never talk to each other, only to this."""

    session: Session
    editor: Editor
    appearance: Appearance

    @property
    def theme(self) -> Theme:
        """The theme in use."""
        return self.appearance.theme


def make_desk(theme: Theme = LIGHT, parent: QObject | None = None) -> Desk:
    """Return a desk with an empty session; closing the session is left to the caller."""
    session = Session(parent)
    return Desk(session, Editor(session), Appearance(theme, session))
