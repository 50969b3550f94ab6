"""The Report view: the pages as they will print, and beside them what a person may fill in."""

from amr_viewer.gui.report_view.view import ReportView

__all__ = ["ReportView"]
