"""What every view is given: the session, the editor of decisions, and the appearance."""

from __future__ import annotations

from dataclasses import dataclass

from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.editor import Editor
from amr_viewer.gui.free_running import FreeRunning
from amr_viewer.gui.session import Session
from amr_viewer.gui.theme import LIGHT, Theme


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


def make_desk(theme: Theme = LIGHT, appearance: Appearance | None = None) -> Desk:
    """Return a desk with an empty session; ending the session is left to the caller."""
    session = Session()
    editor = Editor(session)
    FreeRunning(session, editor)  # It belongs to the session, and ends with it.
    return Desk(session, editor, appearance or Appearance(theme, session))
