"""What a person can do in the Report view, as a table; doing it is the view's."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from amr_viewer.gui.actions import ActionSpec

if TYPE_CHECKING:
    from amr_viewer.gui.report_view.view import ReportView


def report_actions(view: ReportView) -> tuple[ActionSpec, ...]:
    """Return the table of the view's actions."""

    def spec(name: str, text: str, run: Callable[[], object], keys: str, tip: str) -> ActionSpec:
        return ActionSpec(
            f"report.{name}", text, run, "Report", keys, "report", tip=tip, blocked=no_pages
        )

    def no_pages() -> str:
        return "" if view.column.pages else "there are no pages to show"

    panel = ActionSpec(
        "report.edit",
        "Edit beside the pages",
        view.toggle_panel,
        "Report",
        "Ctrl+B",
        "report",
        "mdi6.dock-right",
        "Show or hide sections, fields and texts beside the pages.",
        checked=lambda: not view.panel.isHidden(),
    )
    return (
        spec("zoom_in", "Larger", view.zoom_in, "Ctrl++; Ctrl+=", "Show pages larger."),
        spec("zoom_out", "Smaller", view.zoom_out, "Ctrl+-", "Show pages smaller."),
        spec("fit", "Fit width", view.zoom_fit, "Ctrl+0", "Make a page as wide as the view."),
        spec("actual", "100 %", view.zoom_actual, "Ctrl+1", "Show pages as large as on paper."),
        spec("next", "Next page", lambda: view.go(1), "PgDown", "Go to the next page."),
        spec("previous", "Previous page", lambda: view.go(-1), "PgUp", "Go to the page before."),
        spec("first", "First page", lambda: view.column.go_to(1), "Home", "Go to the first page."),
        spec("last", "Last page", lambda: view.go(1000), "End", "Go to the last page."),
        spec("copy", "Copy page", view.copy_page, "Ctrl+C", "Copy the page in sight as a picture."),
        panel,
    )
