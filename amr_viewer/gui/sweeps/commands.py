"""What a person can do in the Sweeps view, as a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from amr_viewer.core.decisions import SweepState
from amr_viewer.gui.actions import ActionSpec
from amr_viewer.gui.sweeps import steps, walking
from amr_viewer.gui.sweeps.dragging import Kind
from amr_viewer.gui.sweeps.look import Mode

if TYPE_CHECKING:
    from amr_viewer.gui.sweeps.view import SweepsView

MENU = "Sweeps"


def commands(view: SweepsView) -> tuple[ActionSpec, ...]:
    """Return the table of the Sweeps view."""
    return (
        *_deciding(view),
        *_walking(view),
        *_markers(view),
        *_laying_out(view),
        *_scales(view),
        *_showing(view),
        *_figures(view),
    )


def _spec(
    view: SweepsView,
    name: str,
    text: str,
    run: Callable[[], object],
    keys: str,
    tip: str,
    *,
    menu: str = "",
    icon: str = "",
    checked: Callable[[], bool] | None = None,
    blocked: Callable[[], str] | None = None,
) -> ActionSpec:
    """Return one action of the view."""
    return ActionSpec(
        name=f"sweeps.{name}",
        text=text,
        run=run,
        menu=f"{MENU}/{menu}" if menu else MENU,
        shortcut=keys,
        scope="sweeps",
        icon=icon,
        tip=tip,
        blocked=blocked or view.without_panels,
        checked=checked,
    )


def _deciding(view: SweepsView) -> tuple[ActionSpec, ...]:
    """Return verdicts on sweeps."""
    v = view.verdicts
    states: tuple[tuple[str, str, SweepState, str, str, str], ...] = (
        ("present", "Response present", "present", "Y", "mdi6.check-circle-outline",
         "Say that the selected sweep carries a response, and go on to the next undecided one"),
        ("absent", "Response absent", "absent", "N", "mdi6.circle-outline",
         "Say that the selected sweep carries no response, and go on"),
        ("unsure", "Cannot say", "unsure", "U", "mdi6.help-circle-outline",
         "Say that the selected sweep cannot be judged, and go on"),
    )  # fmt: skip

    def decide(state: SweepState | None) -> Callable[[], None]:
        return lambda: v.decide(state)

    return (
        *(
            _spec(view, name, text, decide(state), keys, tip, icon=icon, blocked=view.without_row)
            for name, text, state, keys, icon, tip in states
        ),
        _spec(view, "reject", "Reject or accept sweep", v.toggle_rejected, "R",
              "Leave the selected sweep out, or take it back in",
              icon="mdi6.cancel", blocked=view.without_row),
        _spec(view, "automatic", "Back to automatic", decide(None), "Backspace",
              "Give the selected sweep back to the program", blocked=view.without_row),
        _spec(view, "choose_all", "Choose all sweeps shown",
              lambda: walking.choose_all(view.model), "Ctrl+A",
              "The next decision is about every sweep of this muscle that is shown"),
    )  # fmt: skip


def _walking(view: SweepsView) -> tuple[ActionSpec, ...]:
    """Return how to go from sweep to sweep, panel to panel, site to site."""
    m = view.model

    def step(rows: int, *, extend: bool = False) -> Callable[[], None]:
        return lambda: walking.step(m, rows, extend=extend)

    walks = (
            ("next", "Next sweep", step(1), "Right", "Select the next sweep"),
            ("previous", "Previous sweep", step(-1), "Left", "Select the sweep before"),
            ("extend_next", "Extend range forward", step(1, extend=True), "Shift+Right",
             "Choose the next sweep as well"),
            ("extend_previous", "Extend range back", step(-1, extend=True), "Shift+Left",
             "Choose the sweep before as well"),
            ("first", "First sweep", lambda: m.select_row(0), "Home", "Select the first sweep"),
            ("last", "Last sweep", lambda: m.select_row(len(m.stimuli) - 1), "End",
             "Select the last sweep"),
            ("none", "No sweep", lambda: m.select_row(None), "X",
             "Select no sweep: the markers are the medians of the run"),
            ("next_panel", "Next muscle", lambda: walking.step_panel(m, 1), "Down",
             "Select the next muscle"),
            ("previous_panel", "Previous muscle", lambda: walking.step_panel(m, -1), "Up",
             "Select the muscle before"),
            ("next_site", "Next site", lambda: walking.step_site(m, 1), "Shift+Down",
             "Look at the next stimulated branch"),
            ("previous_site", "Previous site", lambda: walking.step_site(m, -1), "Shift+Up",
             "Look at the stimulated branch before"),
    )  # fmt: skip
    return (
        *(
            _spec(view, name, text, run, keys, tip, menu="Go to")
            for name, text, run, keys, tip in walks
        ),
        *_blocks(view),
        _spec(view, "play", "Play through the sweeps", view.toggle_play, "Space",
              "Show one sweep after another; again to stop", menu="Go to",
              icon="mdi6.play", checked=lambda: view.is_playing),
    )  # fmt: skip


def _blocks(view: SweepsView) -> tuple[ActionSpec, ...]:
    """Return how to look at the sweeps of one block alone, and at all again."""
    m = view.model
    blocks: tuple[tuple[str, str, int, str, str], ...] = (
        ("next_block", "Sweeps of the next block", 1, "]",
         "Show the sweeps of the next block alone, or of that of the selected sweep"),
        ("previous_block", "Sweeps of the block before", -1, "[",
         "Show the sweeps of the block before alone, or of that of the selected sweep"),
    )  # fmt: skip

    def step(blocks: int) -> Callable[[], None]:
        return lambda: walking.step_block(m, blocks)

    return (
        *(
            _spec(view, name, text, step(n), keys, tip, menu="Go to",
                  blocked=view.without_blocks)
            for name, text, n, keys, tip in blocks
        ),
        _spec(view, "all_sweeps", "All sweeps of the branch", lambda: walking.show_all(m), "A",
              "Show all sweeps again, not those of one block alone; Esc does it too",
              menu="Go to", blocked=view.without_block),
    )  # fmt: skip


def _markers(view: SweepsView) -> tuple[ActionSpec, ...]:
    """Return how to move markers by keys."""

    def move(way: int, kind: Kind) -> Callable[[], None]:
        return lambda: steps.move_picked(view.model, view.verdicts, view.scene(), way, kind)

    table: tuple[tuple[str, str, Callable[[], None], str, str], ...] = (
        ("pick_marker", "Pick next marker", lambda: steps.pick_marker(view.model), "M",
         "Pick onset, N, P or end of the selected sweep"),
        ("marker_right", "Marker one sample later", move(1, "sample"), "Alt+Right",
         "Move the picked marker to the next sample"),
        ("marker_left", "Marker one sample earlier", move(-1, "sample"), "Alt+Left",
         "Move the picked marker to the sample before"),
        ("marker_zero_right", "Marker to next zero crossing", move(1, "zero"),
         "Alt+Shift+Right", "Move the picked marker to the next crossing of zero"),
        ("marker_zero_left", "Marker to zero crossing before", move(-1, "zero"),
         "Alt+Shift+Left", "Move the picked marker to the crossing of zero before"),
        ("marker_peak_right", "Marker to next peak", move(1, "extremum"), "Ctrl+Alt+Right",
         "Move the picked marker to the next peak"),
        ("marker_peak_left", "Marker to peak before", move(-1, "extremum"), "Ctrl+Alt+Left",
         "Move the picked marker to the peak before"),
    )  # fmt: skip
    return tuple(
        _spec(view, name, text, run, keys, tip, menu="Markers", blocked=view.without_row)
        for name, text, run, keys, tip in table
    )


def _laying_out(view: SweepsView) -> tuple[ActionSpec, ...]:
    """Return the modes."""
    m = view.model

    def is_on(mode: Mode) -> Callable[[], bool]:
        return lambda: m.look.mode is mode

    return (
        _spec(view, "superimposed", "Superimposed",
              lambda: m.set_look(mode=Mode.SUPERIMPOSED), "O",
              "All sweeps over each other", checked=is_on(Mode.SUPERIMPOSED)),
        _spec(view, "stacked", "Stacked", lambda: steps.toggle_mode(m, Mode.STACKED), "S",
              "Sweeps below each other in order of time", checked=is_on(Mode.STACKED)),
        _spec(view, "waterfall", "Waterfall", lambda: steps.toggle_mode(m, Mode.WATERFALL), "W",
              "Sweeps as an image of stimulus and time", checked=is_on(Mode.WATERFALL)),
        _spec(view, "page_down", "Page of sweeps down", lambda: steps.page_rows(m, 1), "PgDown",
              "Scroll sweeps that lie below each other", menu="Go to"),
        _spec(view, "page_up", "Page of sweeps up", lambda: steps.page_rows(m, -1), "PgUp",
              "Scroll sweeps that lie below each other", menu="Go to"),
        _spec(view, "fewer_rows", "Fewer sweeps in sight", lambda: steps.zoom_rows(m, -1),
              "Shift+PgUp", "Make stacked sweeps or rows of the waterfall higher", menu="Scales"),
        _spec(view, "more_rows", "More sweeps in sight", lambda: steps.zoom_rows(m, 1),
              "Shift+PgDown", "Make stacked sweeps or rows of the waterfall lower", menu="Scales"),
    )  # fmt: skip


def _scales(view: SweepsView) -> tuple[ActionSpec, ...]:
    """Return sensitivity and time base."""
    m = view.model
    return tuple(
        _spec(view, name, text, run, keys, tip, menu="Scales")
        for name, text, run, keys, tip in (
            ("finer", "Finer sensitivity", lambda: steps.step_gain(m, -1), "+; =",
             "Fewer uV per division, of the selected muscle's kind"),
            ("coarser", "Coarser sensitivity", lambda: steps.step_gain(m, 1), "-",
             "More uV per division, of the selected muscle's kind"),
            ("fit", "Fit sensitivity", lambda: m.set_look(gain_uv=None, direct_gain_uv=None),
             "F", "What lies after the artefact fills the panels"),
            ("faster", "Faster time base", lambda: steps.step_time(m, -1), "Ctrl++; Ctrl+=",
             "Fewer ms per division"),
            ("slower", "Slower time base", lambda: steps.step_time(m, 1), "Ctrl+-",
             "More ms per division"),
            ("later", "Scroll to later", lambda: steps.scroll_time(m, 1), "Ctrl+Right",
             "Scroll by a division of time"),
            ("earlier", "Scroll to earlier", lambda: steps.scroll_time(m, -1), "Ctrl+Left",
             "Scroll by a division of time"),
            ("whole_time", "Usual time base",
             lambda: m.set_look(ms_per_division=5.0, start_ms=-5.0), "Ctrl+0",
             "5 ms per division, from 5 ms before the stimulus"),
        )
    )  # fmt: skip


def _showing(view: SweepsView) -> tuple[ActionSpec, ...]:
    """Return what can be shown beside the sweeps."""
    m = view.model

    def switch(name: str) -> Callable[[], None]:
        return lambda: m.set_look(**{name: not getattr(m.look, name)})

    def is_on(name: str) -> Callable[[], bool]:
        return lambda: bool(getattr(m.look, name))

    return (
        _spec(view, "center", "Median, average or neither", lambda: steps.next_center(m), "B",
              "Draw the median with quartiles, the average, or neither", menu="Show"),
        *(
            _spec(view, name, text, switch(name), keys, tip, menu="Show", checked=is_on(name),
                  blocked=view.without_other_side if name == "other_side" else None)
            for name, text, keys, tip in (
                ("why", "Why: sham distribution", "E",
                 "Evidence of the sweeps beside that of windows without a response"),
                ("noise", "Noise band", "G",
                 "Noise around zero, and the least response that would have been seen"),
                ("other_side", "Other side", "C",
                 "Each muscle beside the same one of the other side"),
                ("rejected", "Rejected sweeps", "J", "Rejected sweeps, dotted"),
            )
        ),
    )  # fmt: skip


def _figures(view: SweepsView) -> tuple[ActionSpec, ...]:
    """Return copying."""
    return tuple(
        _spec(view, name, text, run, keys, tip, menu="Copy figure", icon=icon)
        for name, text, run, keys, tip, icon in (
            ("copy_svg", "Copy muscle as SVG", lambda: view.copy_panel("svg"), "Ctrl+Alt+C",
             "Copy the selected muscle as vector drawing, black on white", "mdi6.svg"),
            ("copy_png", "Copy muscle as PNG", lambda: view.copy_panel("png"), "",
             "Copy the selected muscle as image, black on white", "mdi6.image-outline"),
            ("copy_all_svg", "Copy all muscles as SVG", lambda: view.copy_all("svg"), "",
             "Copy all muscles of this site as vector drawing, black on white", "mdi6.svg"),
            ("copy_all_png", "Copy all muscles as PNG", lambda: view.copy_all("png"), "",
             "Copy all muscles of this site as image, black on white", "mdi6.image-outline"),
        )
    )  # fmt: skip
