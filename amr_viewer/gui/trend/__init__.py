"""The Trend view: how the responses go over the session, block by block."""

from amr_viewer.gui.trend.view import TrendView

__all__ = ["TrendView"]
