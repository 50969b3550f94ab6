"""The Sweeps view: every response that an answer rests on, and the means to correct it."""

from amr_viewer.gui.sweeps.view import SweepsView

__all__ = ["SweepsView"]
