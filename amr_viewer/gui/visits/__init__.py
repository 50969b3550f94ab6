"""The window that compares visits of one patient: list, drawings and table."""

from amr_viewer.gui.visits.room import VisitsRoom

__all__ = ["VisitsRoom"]
