"""The Traces view: all channels of a recording of any length, drawn at once."""

from amr_viewer.gui.traces.view import TracesView

__all__ = ["TracesView"]
