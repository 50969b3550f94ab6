"""What can be done in a comparison, as lines of the table of actions; it is done in its window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from amr_viewer.gui.actions import ActionSpec

if TYPE_CHECKING:
    from amr_viewer.gui.visits.window import ComparisonWindow

SCOPE = "visits"
"""No view of the main window: these keys work in the window of a comparison alone."""

MENU = "Visits"
Current = Callable[[], "ComparisonWindow | None"]


def visits_actions(start: Callable[[], object], current: Current) -> tuple[ActionSpec, ...]:
    """Return the actions: one that opens a comparison, and those within it.

    Parameters
    ----------
    start : callable
        Opens a comparison.
    current : callable
        Returns the window of the comparison that was used last.
    """

    def spec(name: str, text: str, keys: str, tip: str) -> ActionSpec:
        def run() -> None:
            window = current()
            if window is not None:
                window.run(name)

        def blocked() -> str:
            window = current()
            return "no comparison is open" if window is None else window.blocked(name)

        return ActionSpec(f"visits.{name}", text, run, MENU, keys, SCOPE, tip=tip, blocked=blocked)

    compare = ActionSpec(
        "visits.compare", "Compare visits...", start, "File", "Ctrl+D",
        icon="mdi6.chart-timeline-variant",
        tip="Compare several recordings of one patient side by side",
    )  # fmt: skip
    return (
        compare,
        spec("event", "Add event...", "Ctrl+Shift+E", "Add an operation, an injection, or else"),
        spec("open", "Open recording", "", "Open the recording of the selected visit"),
        spec("rename", "Name the visit", "F2", "Name the selected visit, or change the event"),
        spec("earlier", "Move up", "Alt+Up", "Put the selected visit before the one above"),
        spec("later", "Move down", "Alt+Down", "Put the selected visit after the one below"),
        spec("remove", "Remove", "", "Take the selected visit or event out of the comparison"),
        spec("copy_png", "Copy figure as PNG", "Ctrl+C", "Copy the drawings as an image"),
        spec("copy_svg", "Copy figure as SVG", "Ctrl+Shift+C", "Copy the drawings as vectors"),
        spec("copy_table", "Copy table", "Ctrl+Alt+C", "Copy the table for a spreadsheet"),
        spec("pdf", "Export report as PDF...", "", "Write the report of the comparison as PDF"),
        spec("html", "Export report as HTML...", "", "Write the report of the comparison as HTML"),
        spec("csv", "Export visits.csv...", "", "Write every number of the comparison as a table"),
        spec("sources", "Limits and sources...", "", "What limits the comparison, and its sources"),
    )


SHARED = {
    "add": ("Add files", "Add recordings to the comparison"),
    "undo": ("Undo", "Take the last change of the comparison back"),
    "redo": ("Redo", "Change again what was taken back"),
    "export": ("Export", "Write the report of the comparison as PDF"),
    "again": ("Read again", "Read and analyze all recordings again"),
    "stop": ("Stop", "Stop analyzing; what was found stays"),
    "close": ("Close", "Close the comparison"),
}
"""Text and tip of what the main window does as well, there to something else."""

SISTERS = {
    "add": ("file.open", "Ctrl+O"),
    "undo": ("edit.undo", "Ctrl+Z"),
    "redo": ("edit.redo", "Ctrl+Shift+Z; Ctrl+Y"),
    "export": ("export.report", "Ctrl+E"),
    "again": ("file.analyze", "F5"),
    "stop": ("file.cancel", "Esc"),
    "close": ("file.close", "Ctrl+W"),
    "remove": ("marks.remove", "Del"),
}
"""Actions of the main window whose keys hold for these as well, and their default keys."""
