"""What can be done with a batch, as lines of the table of actions; it is done in its window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from amr_viewer.gui.actions import ActionSpec

if TYPE_CHECKING:
    from amr_viewer.gui.batch.window import BatchWindow

SCOPE = "batch"
"""No view of the main window: these keys work in the window of a batch alone."""

MENU = "Batch"
VERBS = (
    ("start", "Start", "Ctrl+Return", "Analyze the recordings of the folder"),
    ("check", "Check first", "Ctrl+Shift+K", "Say what would be done and why; nothing is written"),
    ("pause", "Pause", "Ctrl+Space", "Finish what is running and begin nothing further"),
    ("retry", "Retry failed", "Ctrl+Shift+R", "Analyze the recordings that failed once more"),
    ("open", "Open recording", "", "Open the selected recording in the main window"),
    ("copy", "Copy rows", "Ctrl+C", "Copy the selected rows as text, all if none is selected"),
    ("results", "Results folder", "", "Open the folder of the results"),
    ("summary", "Summary table", "", "Open summary.csv, one row per recording"),
    ("cohort", "Cohort report...", "", "Write a report over all recordings of the results"),
)
"""Name, text, default keys and tip."""

SHARED = {
    "choose": ("Choose folder...", "Choose the folder of recordings", "file.open", "Ctrl+O"),
    "find": ("Find", "Find recordings in the table", "marks.find", "Ctrl+F"),
    "stop": ("Cancel", "Stop; what is done is kept, and can be continued", "file.cancel", "Esc"),
    "close": ("Close", "Close the batch", "file.close", "Ctrl+W"),
}
"""Text, tip, the action of the main window whose keys hold here as well, and its default keys."""


def batch_actions(current: Callable[[], BatchWindow | None]) -> tuple[ActionSpec, ...]:
    """Return the actions within a batch; `current` returns its window."""

    def spec(name: str, text: str, keys: str, tip: str) -> ActionSpec:
        def run() -> None:
            window = current()
            if window is not None:
                window.run(name)

        def blocked() -> str:
            window = current()
            return "no batch is open" if window is None else window.blocked(name)

        return ActionSpec(f"batch.{name}", text, run, MENU, keys, SCOPE, tip=tip, blocked=blocked)

    return tuple(spec(*verb) for verb in VERBS)
