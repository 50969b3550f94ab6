"""Which markers a panel shows."""

from __future__ import annotations

from typing import NamedTuple

from amr_viewer.gui.sweeps.model import Model
from amr_viewer.gui.sweeps.panels import Panel, same_markers


class Shown(NamedTuple):
    """Markers as they stand, the program's, and whether a person set the former."""

    markers: dict[str, float]
    automatic: dict[str, float]
    is_own: bool


def shown_markers(model: Model, panel: Panel) -> Shown:
    """Return the markers of the selected sweep, else the medians of the run.

    Those that a person has just set stand before the review has been applied.
    """
    row = model.row
    if row is None:
        return Shown(dict(panel.typical), {}, is_own=False)
    stimulus = int(panel.stimuli[row])
    automatic = panel.automatic_markers(stimulus)
    pending = model.pending.get((stimulus, panel.channel))
    if pending is not None:
        return Shown(pending, automatic, is_own=True)
    markers = panel.markers(stimulus)
    moved = bool(panel.manual[row]) and not same_markers(markers, automatic)
    return Shown(markers, automatic, is_own=moved)
