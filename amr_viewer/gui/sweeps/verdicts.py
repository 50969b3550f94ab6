"""Decisions on sweeps: what they show, and where their markers lie."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, get_args

import numpy as np

from amr_viewer.core.decisions import MarkerName, SweepState
from amr_viewer.core.responses import REJECTION_WORDS, Rejection, State
from amr_viewer.gui.sweeps.model import Model, Pending
from amr_viewer.gui.sweeps.panels import MARKERS, Panel
from amr_viewer.gui.sweeps.sweepset import SweepSet

if TYPE_CHECKING:
    from amr_viewer.core.parameters import Parameters
    from amr_viewer.core.progress import Progress

MEASURED_HERE = 40
"""Up to so many sweeps are measured at once without leaving the GUI thread."""

DIRECT_MS = (2.0, 12.0)
"""Where a direct response is looked for if the run has none."""

MEASURED_BETWEEN = {
    "amplitude_uv": frozenset({"peak_ms", "positive_peak_ms"}),
    "area_uv_ms": frozenset({"onset_ms", "end_ms"}),
}

LANE = "sweeps measures"
Measures = dict[int, dict[str, float]]


class Verdicts:
    """Turns keys and drags into decisions of the editor."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._editor = model.desk.editor
        self._session = model.session

    def decide(self, state: SweepState | None) -> None:
        """Say what the selected sweeps show; None gives them back to the program."""
        model = self._model
        panel, rows = model.panel, model.targets()
        if panel is None or not rows:
            self._session.said.emit("Select a sweep first: click a trace, or press Right.")
            return
        stimuli = [int(panel.stimuli[row]) for row in rows]
        unmeasured = [] if state != "present" else _unmeasured(panel, rows)
        if unmeasured and model.sweeps is None:
            self._session.said.emit("The sweeps are still being read.")
            return
        if len(unmeasured) <= MEASURED_HERE:
            measures = self._suggest(panel, unmeasured, None) if unmeasured else {}
            self._decide(panel, stimuli, state, measures)
        else:
            self._decide_later(panel, stimuli, unmeasured)
        if state is not None:
            model.decided |= {(s, panel.channel) for s in stimuli}
            self._go_on(panel, rows)

    def _decide(
        self, panel: Panel, stimuli: list[int], state: SweepState | None, measures: Measures
    ) -> None:
        """Hand a decision to the editor."""
        for stimulus, values in measures.items():
            markers = {m: values.get(m, float("nan")) for m in MARKERS}
            self._model.pending[stimulus, panel.channel] = Pending(markers, frozenset())
        self._editor.decide(stimuli, panel.channel, state, measures)

    def _decide_later(self, panel: Panel, stimuli: list[int], unmeasured: list[int]) -> None:
        """Measure many sweeps in a thread, then decide."""
        self._session.tasks.run(
            LANE,
            f"measuring {len(unmeasured)} sweeps",
            lambda progress: self._suggest(panel, unmeasured, progress),
            lambda measures: self._editor.decide(stimuli, panel.channel, "present", measures),
            self._session.failed.emit,
        )

    def _suggest(self, panel: Panel, rows: list[int], progress: Progress | None) -> Measures:
        """Return markers and measures for sweeps that a person calls present."""
        sweeps = self._model.sweeps
        document = self._model.document
        assert sweeps is not None
        assert document is not None
        parameters = document.protocol.parameters
        return suggested(sweeps, panel, rows, parameters, progress)

    def _go_on(self, panel: Panel, rows: list[int]) -> None:
        """Select the next sweep that nobody decided on."""
        model = self._model
        model.anchor = None
        for row in range(rows[-1] + 1, len(panel.stimuli)):
            stimulus = int(panel.stimuli[row])
            rejected = panel.state[row] == State.REJECTED
            if not panel.manual[row] and not rejected and (
                stimulus, panel.channel
            ) not in model.decided:  # fmt: skip
                model.select_row(row)
                return
        model.sweep_changed.emit()
        self._session.said.emit("No later sweep is undecided.")

    def toggle_rejected(self) -> None:
        """Reject the selected sweeps, or give those back that a person rejected."""
        panel, rows = self._model.panel, self._model.targets()
        if panel is None or not rows:
            self.decide("rejected")
            return
        reasons = panel.rejection[rows]
        if np.all(reasons == Rejection.MANUAL):
            self.decide(None)
        elif len(rows) == 1 and reasons[0] not in (Rejection.NONE, Rejection.UNSURE):
            why = REJECTION_WORDS[Rejection(int(reasons[0]))]
            self._session.said.emit(
                f"The program rejected this sweep ({why}). Y or N says what it shows all the same."
            )
        else:
            self.decide("rejected")

    def move(self, panel: Panel, stimulus: int, marker: str, at_ms: float) -> None:
        """Put a marker of a sweep at a time, and measure the sweep again."""
        model = self._model
        if model.sweeps is None:
            return
        row = model.sweeps.row_of(stimulus)
        if row is None:
            return
        pending = model.pending.get((stimulus, panel.channel))
        now = pending.markers if pending else panel.markers(stimulus)
        own = (pending.own if pending else panel.own_markers(stimulus)) | {marker}
        markers = {**now, marker: at_ms}
        model.pending[stimulus, panel.channel] = Pending(markers, own)
        model.decided.add((stimulus, panel.channel))
        values = measured(model.sweeps, panel, row, markers)
        said = _of_person(values, own, panel.automatic_markers(stimulus))
        by_hand = tuple(m for m in get_args(MarkerName) if m in own)
        self._editor.move_markers(stimulus, panel.channel, said, by_hand)
        model.sweep_changed.emit()


def _of_person(
    values: dict[str, float], own: frozenset[str], automatic: dict[str, float]
) -> dict[str, float]:
    """Return what of a sweep's values is no longer the program's.

    These are the markers that a person set, those that the program has no place for, and what is
    measured between them.
    """
    theirs = own | {m for m in MARKERS if not isfinite(automatic[m])}
    for name, ends in MEASURED_BETWEEN.items():
        if theirs & ends:
            theirs = theirs | {name}
    return {name: value for name, value in values.items() if name in theirs}


def measured(
    sweeps: SweepSet, panel: Panel, row: int, markers: dict[str, float]
) -> dict[str, float]:
    """Return what is known of markers, amplitude and area of a sweep as it is shown."""
    from amr_viewer.analysis.manual import measure_sweep

    values = measure_sweep(sweeps.times_ms, sweeps.sweep_uv(panel.channel, row), **markers)
    known = {m: v for m, v in {**markers, **values}.items() if v is not None and isfinite(v)}
    return {m: float(v) for m, v in known.items()}


def suggested(
    sweeps: SweepSet,
    panel: Panel,
    rows: list[int],
    parameters: Parameters,
    progress: Progress | None = None,
) -> Measures:
    """Return proposed markers and measures of sweeps, by stimulus."""
    from amr_viewer.analysis.manual import Markers, suggest_markers, typical_markers

    around = typical_markers(panel.responses, panel.run, panel.channel, parameters)
    if panel.is_direct and not isfinite(around.peak_ms):
        around = Markers(onset_ms=DIRECT_MS[0], end_ms=DIRECT_MS[1])
    out: Measures = {}
    for k, row in enumerate(rows):
        if progress is not None and k % 100 == 0:
            progress(k / len(rows), "")
        found = suggest_markers(sweeps.times_ms, sweeps.sweep_uv(panel.channel, row), around)
        markers = {m: float(getattr(found, m)) for m in MARKERS}
        out[int(panel.stimuli[row])] = measured(sweeps, panel, row, markers)
    return out


def _unmeasured(panel: Panel, rows: list[int]) -> list[int]:
    """Return the sweeps that have no measurements of a response yet."""
    at = np.array(rows, dtype=np.intp)
    missing = (panel.state[at] != State.PRESENT) | ~np.isfinite(panel.onset_ms[at])
    return [int(row) for row in at[missing]]
