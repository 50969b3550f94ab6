"""The actions of the Traces view, for menus, palette and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amr_viewer.gui.actions import ActionSpec

if TYPE_CHECKING:
    from amr_viewer.gui.traces.view import TracesView

MENU, SCOPE = "Traces", "traces"
QUARTER = 0.25


def trace_actions(view: TracesView) -> tuple[ActionSpec, ...]:
    """Return the actions of the view."""
    return (*_time(view), *_size(view), *_channels(view), *_points(view))


def _spec(
    view: TracesView, name: str, text: str, run: object, keys: str, tip: str, **more: object
) -> ActionSpec:
    """Return an action that needs a recording."""
    return ActionSpec(
        f"traces.{name}",
        text,
        run,  # type: ignore[arg-type]
        MENU,
        keys,
        SCOPE,
        tip=tip,
        **{"blocked": view.none_shown, **more},  # type: ignore[arg-type]
    )


def _time(view: TracesView) -> list[ActionSpec]:
    """Return what moves in time."""
    v = view.verbs
    return [
        _spec(view, "left", "Quarter page back", lambda: v.scroll(-QUARTER), "Left",
              "Move a quarter of a page back"),
        _spec(view, "right", "Quarter page on", lambda: v.scroll(QUARTER), "Right",
              "Move a quarter of a page on"),
        _spec(view, "page_back", "Page back", lambda: v.scroll(-1), "Shift+Left; PgUp",
              "Move a page back"),
        _spec(view, "page_on", "Page on", lambda: v.scroll(1), "Shift+Right; PgDown",
              "Move a page on"),
        _spec(view, "start", "Start", v.to_start, "Home", "Go to the start of the recording"),
        _spec(view, "end", "End", v.to_end, "End", "Go to the end of the recording"),
        _spec(view, "next_stimulus", "Next stimulus", lambda: v.step_stimulus(view.scene, 1),
              "Ctrl+Right", "Select the next stimulus and go there"),
        _spec(view, "last_stimulus", "Former stimulus", lambda: v.step_stimulus(view.scene, -1),
              "Ctrl+Left", "Select the stimulus before and go there"),
    ]  # fmt: skip


def _size(view: TracesView) -> list[ActionSpec]:
    """Return what zooms."""
    v = view.verbs
    return [
        _spec(view, "larger", "Larger traces", lambda: v.step_gain(1), "+; =",
              "Fewer uV per division in all channels"),
        _spec(view, "smaller", "Smaller traces", lambda: v.step_gain(-1), "-",
              "More uV per division in all channels"),
        _spec(view, "channel_larger", "Larger channel", lambda: view.step_own_gain(1),
              "Alt++; Alt+=", "Fewer uV per division in the selected channel"),
        _spec(view, "channel_smaller", "Smaller channel", lambda: view.step_own_gain(-1),
              "Alt+-", "More uV per division in the selected channel"),
        _spec(view, "fit", "Fit gain", view.fit_gains, "F", "Let the traces fill their lanes"),
        _spec(view, "equal", "Same gain for all EMG", v.equal_gains, "",
              "Give all EMG channels the same sensitivity"),
        _spec(view, "less_time", "Less time", lambda: v.step_time(-1), "Ctrl++; Ctrl+=",
              "Show a shorter stretch"),
        _spec(view, "more_time", "More time", lambda: v.step_time(1), "Ctrl+-",
              "Show a longer stretch"),
        _spec(view, "all_time", "Whole recording", v.show_all, "Ctrl+0",
              "Show the whole recording"),
        _spec(view, "back", "Zoom back", v.back, "Backspace",
              "Show what was shown before the last zoom"),
    ]  # fmt: skip


def _channels(view: TracesView) -> list[ActionSpec]:
    """Return what concerns channels."""
    v = view.verbs
    return [
        _spec(view, "channel_up", "Channel above", lambda: v.step_focus(-1), "Up",
              "Select the channel above"),
        _spec(view, "channel_down", "Channel below", lambda: v.step_focus(1), "Down",
              "Select the channel below"),
        _spec(view, "move_up", "Move channel up", lambda: v.step_channel(-1), "Alt+Up",
              "Move the selected channel up"),
        _spec(view, "move_down", "Move channel down", lambda: v.step_channel(1), "Alt+Down",
              "Move the selected channel down"),
        _spec(view, "hide", "Hide channel", lambda: v.hide(v.own.focus), "H",
              "Hide the selected channel"),
        _spec(view, "show_all", "Show all channels", v.show_channels, "Shift+H",
              "Show all channels"),
        _spec(view, "butterfly", "Butterfly", v.switch_butterfly, "B",
              "Draw all channels over each other", checked=view.is_butterfly),
    ]  # fmt: skip


def _points(view: TracesView) -> list[ActionSpec]:
    """Return cursors and marks."""
    v = view.verbs
    return [
        _spec(view, "cursors", "Cursors", v.switch_cursors, "C",
              "Two cursors with dt, dV and 1/dt", checked=lambda: v.own.cursors_s is not None),
        _spec(view, "a_left", "Cursor A left", lambda: v.step_cursor(0, -1), "Alt+Shift+Left",
              "Move cursor A to the left"),
        _spec(view, "a_right", "Cursor A right", lambda: v.step_cursor(0, 1), "Alt+Shift+Right",
              "Move cursor A to the right"),
        _spec(view, "b_left", "Cursor B left", lambda: v.step_cursor(1, -1), "Alt+Left",
              "Move cursor B to the left"),
        _spec(view, "b_right", "Cursor B right", lambda: v.step_cursor(1, 1), "Alt+Right",
              "Move cursor B to the right"),
        _spec(view, "mark", "Add mark", view.switch_marking, "A",
              "Drag over a stretch to mark it; with Alt for one channel",
              checked=lambda: v.state.is_marking),
        _spec(view, "mark_cursors", "Mark between the cursors", view.mark_between,
              "Ctrl+Shift+M",
              "Mark the stretch between the cursors"),
        _spec(view, "next_mark", "Next mark", lambda: v.step_mark(view.scene, 1), "M",
              "Select the next mark and go there"),
        _spec(view, "last_mark", "Former mark", lambda: v.step_mark(view.scene, -1), "Shift+M",
              "Select the mark before and go there"),
    ]  # fmt: skip
