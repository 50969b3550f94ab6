"""Small steps of looking and deciding, shared by keys and buttons."""

from __future__ import annotations

from amr_viewer.gui.sweeps.dragging import Kind, moved_by_key, next_marker
from amr_viewer.gui.sweeps.look import Center, Mode, stepped_gain
from amr_viewer.gui.sweeps.markers import shown_markers
from amr_viewer.gui.sweeps.model import Model
from amr_viewer.gui.sweeps.scene import Scene
from amr_viewer.gui.sweeps.verdicts import Verdicts

ROWS_STEP = 1.5


def step_gain(model: Model, direction: int) -> None:
    """Step the sensitivity of the selected panel's kind: coarser (1) or finer (-1)."""
    is_direct = model.panel is not None and model.panel.is_direct
    gain = stepped_gain(model.gain_of(is_direct), direction)
    model.set_look(**{"direct_gain_uv" if is_direct else "gain_uv": gain})


def step_time(model: Model, direction: int) -> None:
    """Step the time base: slower (1) or faster (-1), around the search window."""
    low, high = model.look.time_span(model.times)
    document = model.document
    around = (low + high) / 2
    if document is not None:
        d = document.protocol.parameters.detection
        middle = (d.window_start_ms + d.window_end_ms) / 2
        around = middle if low <= middle <= high else around
    look = model.look.zoomed(direction, around, model.times)
    model.set_look(ms_per_division=look.ms_per_division, start_ms=look.start_ms)


def scroll_time(model: Model, divisions: float) -> None:
    """Scroll in time."""
    model.set_look(start_ms=model.look.scrolled(divisions, model.times).start_ms)


def next_center(model: Model) -> None:
    """Draw the next of median, average, neither."""
    order = list(Center)
    model.set_look(center=order[(order.index(model.look.center) + 1) % len(order)])


def toggle_mode(model: Model, mode: Mode) -> None:
    """Lay sweeps out so, or superimposed if they are laid out so already."""
    model.set_look(mode=Mode.SUPERIMPOSED if model.look.mode is mode else mode)


def page_rows(model: Model, direction: int) -> None:
    """Scroll sweeps that lie below each other by a page."""
    model.scroll_rows(direction * max(model.rows_shown - 1, 1))


def zoom_rows(model: Model, direction: int) -> None:
    """Show fewer (-1) or more (1) sweeps below each other, around the selected one."""
    n, shown = len(model.stimuli), max(model.rows_shown, 1)
    if model.look.mode is Mode.SUPERIMPOSED or not n:
        return
    rows = shown * ROWS_STEP if direction > 0 else shown / ROWS_STEP
    wanted = min(max(round(rows), 3), n)
    row = model.row
    middle = row if row is not None else model.look.first_row + shown // 2
    first = min(max(middle - wanted // 2, 0), n - wanted)
    model.set_look(n_rows=wanted, first_row=first)


def pick_marker(model: Model) -> None:
    """Pick the next marker of the selected sweep."""
    panel, row = model.panel, model.row
    if panel is None or row is None:
        model.session.said.emit("Select a sweep first: its markers can be moved.")
        return
    marker = next_marker(model.picked, shown_markers(model, panel).markers)
    if not marker:
        model.session.said.emit("This sweep has no markers. Y places them.")
    model.pick(marker)


def move_picked(
    model: Model, verdicts: Verdicts, scene: Scene | None, way: int, kind: Kind
) -> None:
    """Move the picked marker to the next sample, crossing of zero or peak."""
    panel, row = model.panel, model.row
    if panel is None or row is None or scene is None or scene.sweeps is None:
        model.session.said.emit("Select a sweep first: its markers can be moved.")
        return
    if not model.picked:
        pick_marker(model)
    if not model.picked:
        return
    at = moved_by_key(scene, model.picked, way, kind)
    if at is not None:
        verdicts.move(panel, int(panel.stimuli[row]), model.picked, at)
