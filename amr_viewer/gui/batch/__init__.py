"""The window that analyzes a folder: what is asked for, the table that fills, and its progress."""

from amr_viewer.gui.batch.room import BatchRoom

__all__ = ["BatchRoom"]
