"""The left dock: recordings, stimulation, channels and marks."""

from amr_viewer.gui.contents.dock import ContentsDock

__all__ = ["ContentsDock"]
