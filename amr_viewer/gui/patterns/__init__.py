"""The Patterns view: bursts of free-running EMG, and what speaks for and against a pattern."""

from amr_viewer.gui.patterns.view import PatternsView

__all__ = ["PatternsView"]
