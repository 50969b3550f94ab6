"""What can be done in the Patterns view, as lines of the table of actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from amr_viewer.gui.actions import ActionSpec

if TYPE_CHECKING:
    from amr_viewer.gui.patterns.view import PatternsView

MENU, SCOPE = "Patterns", "patterns"
QUARTER = 0.25


def pattern_actions(view: PatternsView) -> tuple[ActionSpec, ...]:
    """Return the actions of the view."""
    return (
        *_time(view),
        *_bursts(view),
        *_decisions(view),
        *_panels(view),
        *_limits(view),
        *_figures(view),
    )


def _spec(
    view: PatternsView,
    name: str,
    text: str,
    run: Callable[[], object],
    keys: str,
    tip: str,
    blocked: Callable[[], str] | None = None,
) -> ActionSpec:
    """Return an action that needs bursts."""
    return ActionSpec(
        f"patterns.{name}", text, run, MENU, keys, SCOPE, tip=tip, blocked=blocked or view.blocked
    )


def _time(view: PatternsView) -> list[ActionSpec]:
    """Return what moves in time, with the keys of Traces."""
    w = view.windows
    return [
        _spec(view, "left", "Quarter page back", lambda: w.scroll(-QUARTER), "Left",
              "Move a quarter of a page back"),
        _spec(view, "right", "Quarter page on", lambda: w.scroll(QUARTER), "Right",
              "Move a quarter of a page on"),
        _spec(view, "page_back", "Page back", lambda: w.scroll(-1), "Shift+Left; PgUp",
              "Move a page back"),
        _spec(view, "page_on", "Page on", lambda: w.scroll(1), "Shift+Right; PgDown",
              "Move a page on"),
        _spec(view, "start", "Start", lambda: w.move_to(0.0), "Home",
              "Go to the start of the recording"),
        _spec(view, "end", "End", w.to_end, "End", "Go to the end of the recording"),
        _spec(view, "less_time", "Less time", lambda: w.step(-1), "Ctrl++; Ctrl+=",
              "Show a shorter stretch"),
        _spec(view, "more_time", "More time", lambda: w.step(1), "Ctrl+-",
              "Show a longer stretch"),
        _spec(view, "all_time", "Whole recording", w.show_all, "Ctrl+0",
              "Show the whole recording"),
        _spec(view, "back", "Zoom back", w.back, "Backspace",
              "Show what was shown before the last zoom"),
    ]  # fmt: skip


def _bursts(view: PatternsView) -> list[ActionSpec]:
    """Return what goes from burst to burst."""
    picking = view.picking
    return [
        _spec(view, "next", "Next burst", lambda: picking.go(1), "N",
              "Select the next burst that counts in the same muscle"),
        _spec(view, "last", "Former burst", lambda: picking.go(-1), "Shift+N",
              "Select the burst before in the same muscle"),
        _spec(view, "above", "Muscle above", lambda: picking.go_muscle(-1), "Up",
              "Select the nearest burst in the muscle above"),
        _spec(view, "below", "Muscle below", lambda: picking.go_muscle(1), "Down",
              "Select the nearest burst in the muscle below"),
        _spec(view, "traces", "Show burst in Traces", view.open_current, "Return; Enter",
              "Show the selected burst in Traces"),
    ]  # fmt: skip


def _decisions(view: PatternsView) -> list[ActionSpec]:
    """Return what a person decides on bursts; they say themselves when none is selected."""
    verbs = view.verbs
    return [
        _spec(view, "clonic", "Burst is clonic", lambda: verbs.name("clonic"), "C",
              "Say that the selected bursts are clonic"),
        _spec(view, "tonic", "Burst is tonic", lambda: verbs.name("tonic"), "T",
              "Say that the selected bursts are tonic"),
        _spec(view, "other", "Burst is of another kind", lambda: verbs.name("other"), "O",
              "Say that the selected bursts are neither clonic nor tonic"),
        _spec(view, "none", "Not a burst", lambda: verbs.name("none"), "R",
              "Say that the selected bursts are none; one that was added goes away"),
        _spec(view, "merge", "Merge bursts", verbs.merge, "M",
              "Make one burst of the selected ones, or of the selected one and the next"),
        _spec(view, "split", "Split burst", verbs.split, "X",
              "Part the selected burst where it is weakest"),
        _spec(view, "add", "Add burst...", verbs.ask_for_burst, "A",
              "Add a burst that was not found; Shift and a drag in a lane does it too"),
        _spec(view, "restore", "As the program found it", verbs.restore, "Shift+R",
              "Give the selected bursts back to the program"),
    ]  # fmt: skip


def _panels(view: PatternsView) -> list[ActionSpec]:
    """Return what shows a panel."""
    return [
        _spec(view, f"panel_{i}", title, lambda i=i: view.panels.choose(i), key,  # type: ignore[misc]
              f"Show {title.lower()}")
        for i, (title, key) in enumerate(view.titles)
    ]  # fmt: skip


def _limits(view: PatternsView) -> list[ActionSpec]:
    """Return what becomes of other limits."""

    def same() -> str:
        return view.blocked() or ("" if view.staging.differs else "the report has the same limits")

    return [
        _spec(view, "keep", "Keep limits in protocol", view.staging.keep, "",
              "Put these limits into the protocol and analyze anew", same),
        _spec(view, "discard", "Back to the report's limits", view.discard, "",
              "Show the limits of the report again", same),
    ]  # fmt: skip


def _figures(view: PatternsView) -> list[ActionSpec]:
    """Return what copies the figure."""
    return [
        _spec(view, "copy_png", "Copy figure as PNG", lambda: view.copy_figure("png"), "Ctrl+C",
              "Copy raster, synchrony and histograms as an image"),
        _spec(view, "copy_svg", "Copy figure as SVG", lambda: view.copy_figure("svg"), "",
              "Copy raster, synchrony and histograms as vectors"),
    ]  # fmt: skip
