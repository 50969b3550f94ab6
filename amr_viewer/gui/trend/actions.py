"""What can be done in the Trend view, as lines of the table of actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from amr_viewer.gui.actions import ActionSpec
from amr_viewer.gui.trend.chart import ZOOM_STEP

if TYPE_CHECKING:
    from amr_viewer.gui.trend.view import TrendView

SCOPE = "trend"
ALL_BLOCKS = 1_000_000


def trend_actions(view: TrendView) -> tuple[ActionSpec, ...]:
    """Return the actions of the view."""
    return (*_moving(view), *_blocks(view), *_zooming(view), *_copying(view))


def _none_selected(view: TrendView) -> str:
    """Say that no block is selected, empty if one is."""
    return view.blocked() or ("" if view.walk.current else "no block is selected")


def _moving(view: TrendView) -> list[ActionSpec]:
    """Return what goes from block to block."""

    def action(name: str, text: str, run: Callable[[], object], keys: str, tip: str) -> ActionSpec:
        return ActionSpec(
            f"trend.{name}", text, run, "Trend", keys, SCOPE, tip=tip, blocked=view.blocked
        )

    walk = view.walk
    return [
        action("previous", "Previous block", lambda: walk.go(-1), "Left", "The block before"),
        action("next", "Next block", lambda: walk.go(1), "Right", "The block after"),
        action("first", "First block", lambda: walk.go(-ALL_BLOCKS), "Home", "The first block"),
        action("last", "Last block", lambda: walk.go(ALL_BLOCKS), "End", "The last block"),
        action(
            "muscle_above", "Muscle above", lambda: walk.go_muscle(-1), "Up",
            "Select the block of the muscle above",
        ),
        action(
            "muscle_below", "Muscle below", lambda: walk.go_muscle(1), "Down",
            "Select the block of the muscle below",
        ),
    ]  # fmt: skip


def _blocks(view: TrendView) -> list[ActionSpec]:
    """Return what is done with the selected block, and with all of them."""
    unchanged = "the report has the same blocks"

    def set_baseline() -> None:
        current = view.walk.current
        if current:
            view.set_baseline(current[1])

    def same() -> str:
        return view.blocked() or ("" if view.differs else unchanged)

    return [
        ActionSpec(
            "trend.sweeps", "Sweeps of the block", view.walk.show_current_sweeps, "Trend",
            "Return; Enter", SCOPE, tip="Show the sweeps of the selected block",
            blocked=lambda: _none_selected(view),
        ),
        ActionSpec(
            "trend.baseline", "Set as baseline", set_baseline, "Trend", "B", SCOPE,
            tip="Compare the blocks of this branch with the selected one",
            blocked=lambda: _none_selected(view),
        ),
        ActionSpec(
            "trend.baseline_usual", "Baseline as of all branches", lambda: view.set_baseline(-1),
            "Trend", "Shift+B", SCOPE, tip="Let this branch have no baseline of its own",
            blocked=lambda: view.blocked() or view.without_own_baseline(),
        ),
        ActionSpec(
            "trend.percent", "Amplitude in percent", lambda: view.set_percent(not view.percent),
            "Trend", "P", SCOPE, tip="Show amplitude in percent of the baseline block",
            blocked=view.blocked, checked=lambda: view.percent,
        ),
        ActionSpec(
            "trend.keep", "Keep blocks in protocol", view.keep, "Trend", scope=SCOPE,
            tip="Put these blocks and this baseline into the protocol", blocked=same,
        ),
        ActionSpec(
            "trend.discard", "Back to the report's blocks", view.discard, "Trend", scope=SCOPE,
            tip="Show the blocks and the baseline of the report again", blocked=same,
        ),
    ]  # fmt: skip


def _zooming(view: TrendView) -> list[ActionSpec]:
    """Return what changes the stretch of time."""
    chart = view.chart
    return [
        ActionSpec(
            "trend.zoom_in", "Shorter time", lambda: chart.zoom(1 / ZOOM_STEP), "Trend",
            "Ctrl++; Ctrl+=", SCOPE, tip="Show a shorter stretch of time", blocked=view.blocked,
        ),
        ActionSpec(
            "trend.zoom_out", "Longer time", lambda: chart.zoom(ZOOM_STEP), "Trend", "Ctrl+-",
            SCOPE, tip="Show a longer stretch of time", blocked=view.blocked,
        ),
        ActionSpec(
            "trend.earlier", "Earlier", lambda: chart.shift(-0.25), "Trend", "PgUp", SCOPE,
            tip="Move a quarter of the stretch towards the start", blocked=view.blocked,
        ),
        ActionSpec(
            "trend.later", "Later", lambda: chart.shift(0.25), "Trend", "PgDown", SCOPE,
            tip="Move a quarter of the stretch towards the end", blocked=view.blocked,
        ),
        ActionSpec(
            "trend.whole", "Whole session", chart.show_whole, "Trend", "Backspace", SCOPE,
            tip="Show all stimuli and marks", blocked=view.blocked,
        ),
    ]  # fmt: skip


def _copying(view: TrendView) -> list[ActionSpec]:
    """Return what copies the drawing."""
    return [
        ActionSpec(
            "trend.copy_png", "Copy figure as PNG", lambda: view.copy_figure("png"), "Trend",
            "Ctrl+C", SCOPE, tip="Copy the drawing as an image", blocked=view.blocked,
        ),
        ActionSpec(
            "trend.copy_svg", "Copy figure as SVG", lambda: view.copy_figure("svg"), "Trend",
            "Ctrl+Shift+C", SCOPE, tip="Copy the drawing as vectors", blocked=view.blocked,
        ),
    ]  # fmt: skip
