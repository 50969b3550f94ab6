"""Which markers a panel shows."""

from __future__ import annotations

from typing import NamedTuple

from amr_viewer.gui.sweeps.model import Model
from amr_viewer.gui.sweeps.panels import MARKERS, Panel


class Shown(NamedTuple):
    """Markers as they stand, the program's, and which of the former a person set."""

    markers: dict[str, float]
    automatic: dict[str, float]
    own: frozenset[str]


def shown_markers(model: Model, panel: Panel) -> Shown:
    """Return the markers of the selected sweep, else the medians of the run.

    Those that a person has just set stand before the review has been applied.
    """
    row = model.row
    if row is None:
        return Shown({m: panel.typical[m] for m in MARKERS}, {}, frozenset())
    stimulus = int(panel.stimuli[row])
    automatic = panel.automatic_markers(stimulus)
    pending = model.pending.get((stimulus, panel.channel))
    if pending is not None:
        return Shown(pending.markers, automatic, pending.own)
    return Shown(panel.markers(stimulus), automatic, panel.own_markers(stimulus))
