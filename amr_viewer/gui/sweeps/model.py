"""What the Sweeps view shows and what is selected in it, from session, sweeps and look."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from amr_viewer.core.anatomy import Role
from amr_viewer.core.responses import State
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Block, Document, Site
from amr_viewer.gui.sweeps.artist import Artist
from amr_viewer.gui.sweeps.loading import Store
from amr_viewer.gui.sweeps.look import Look, Mode, fitted_gain
from amr_viewer.gui.sweeps.panels import Panel, arranged, events_among, make_panel, stimuli_of
from amr_viewer.gui.sweeps.scene import rows_in_sight
from amr_viewer.gui.sweeps.sweepset import SweepSet
from amr_viewer.gui.sweeps.words import missing_words

TIMES = (-10.0, 60.0)
VIEW = "sweeps"
"""While another view is shown, nothing is made that costs time."""


class Pending(NamedTuple):
    """Markers of a sweep that were just set, and which of them a person did."""

    markers: dict[str, float]
    own: frozenset[str]


class Model(QObject):
    """The state of the Sweeps view.

    Signals
    -------
    panels_changed()
        Other panels, or other values in them.
    look_changed()
    sweep_changed()
        Another sweep, range, panel or marker is selected.
    sweeps_changed()
        Sweeps arrived, or are of another site.
    size_changed()
        Panels have another size.
    """

    panels_changed = Signal()
    look_changed = Signal()
    sweep_changed = Signal()
    sweeps_changed = Signal()
    size_changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk, self.session = desk, desk.session
        self.look = Look()
        self.store = Store(desk.session)
        self.artist = Artist(desk.session)
        self.groups: list[list[Panel]] = []
        self.sweeps: SweepSet | None = None
        self._whole: SweepSet | None = None
        self._block: Block | None = None
        self.anchor: int | None = None
        self.picked = ""
        self.pending: dict[tuple[int, int], Pending] = {}
        self.decided: set[tuple[int, int]] = set()
        self.plot_height = 300.0
        self.events: tuple[tuple[int, str], ...] = ()
        self._is_stale = False
        self._site: Site | None = None
        self._key: int | None = None
        self._fits: dict[bool, float] = {}
        self.store.arrived.connect(self._take_sweeps)
        self.session.analysis_changed.connect(self._take_analysis)
        self.session.selection_changed.connect(self._take_selection)
        self.session.current_changed.connect(self._take_selection)
        self.session.recording_changed.connect(self._take_marks)
        self.session.view_changed.connect(self._look)
        self._take_selection()

    # ------------------------------------------------------------------ values

    @property
    def document(self) -> Document | None:
        """The current recording."""
        return self.session.document

    @property
    def site(self) -> Site | None:
        """The site that is looked at."""
        return self._site

    @property
    def panels(self) -> list[Panel]:
        """All panels in order."""
        return [panel for group in self.groups for panel in group]

    @property
    def panel(self) -> Panel | None:
        """The selected panel."""
        document = self.document
        channel = document.selection.channel if document else None
        return next((p for p in self.panels if p.channel == channel), None)

    @property
    def block(self) -> Block | None:
        """The block whose sweeps alone are shown, None for all of the site."""
        return self._block

    @property
    def run(self) -> NDArray[np.intp]:
        """All stimuli of the site."""
        panels = self.panels
        return panels[0].run if panels else np.empty(0, np.intp)

    @property
    def stimuli(self) -> NDArray[np.intp]:
        """The stimuli of the site, or of the block, whose sweeps are shown."""
        panels = self.panels
        return panels[0].stimuli if panels else np.empty(0, np.intp)

    @property
    def row(self) -> int | None:
        """The selected sweep, as its place among those that are shown."""
        document = self.document
        sweep = document.selection.sweep if document else None
        if sweep is None:
            return None
        at = int(np.searchsorted(self.stimuli, sweep))
        return at if at < len(self.stimuli) and self.stimuli[at] == sweep else None

    @property
    def chosen(self) -> tuple[int, int] | None:
        """The range of sweeps that a decision is about, None for the selected one alone."""
        row = self.row
        if row is None or self.anchor is None or self.anchor == row:
            return None
        return min(self.anchor, row), max(self.anchor, row)

    def targets(self) -> list[int]:
        """Return the sweeps that a decision is about."""
        if self.chosen is not None:
            return list(range(self.chosen[0], self.chosen[1] + 1))
        return [] if self.row is None else [self.row]

    @property
    def times(self) -> tuple[float, float]:
        """First and last time that sweeps have."""
        if self.sweeps is None or len(self.sweeps.times_ms) < 2:
            return TIMES
        return float(self.sweeps.times_ms[0]), float(self.sweeps.times_ms[-1])

    def gain_of(self, is_direct: bool) -> float:
        """Return the sensitivity of direct muscles, or of the others, uV per division."""
        own = self.look.direct_gain_uv if is_direct else self.look.gain_uv
        return own if own is not None else self._fit(is_direct)

    def _fit(self, is_direct: bool) -> float:
        """Return the sensitivity that fits the site's sweeps, so that its blocks compare."""
        if is_direct not in self._fits:
            panels = [p for p in self.panels if p.is_direct == is_direct]
            if self._whole is None or not panels:
                return 500.0 if is_direct else 50.0
            valid = [p.responses.state[p.run, p.channel] != State.REJECTED for p in panels]
            channels = [p.channel for p in panels]
            self._fits[is_direct] = fitted_gain(self._whole, channels, valid, whole=is_direct)
        return self._fits[is_direct]

    @property
    def has_other_side(self) -> bool:
        """Whether muscles of the other side were recorded beside those of this one."""
        document = self.document
        roles = {f.role for f in document.findings_of(self._site)} if document else set()
        return Role.CONTRALATERAL in roles and len(roles) > 1

    @property
    def message(self) -> str:
        """What a person reads in place of sweeps, empty where there are some."""
        return missing_words(self.document, has_panels=bool(self.groups))

    @property
    def note(self) -> str:
        """What a panel says while it has no sweeps."""
        document = self.document
        if document is None or self._site is None:
            return ""
        fault = self.store.fault(document, self._site)
        return f"The sweeps cannot be read: {fault}" if fault else "Reading sweeps …"

    # ------------------------------------------------------------------ following the session

    def _take_analysis(self) -> None:
        """Show another analysis, or the same with other decisions."""
        self.pending, self.decided = {}, set()
        self._build()

    def _look(self) -> None:
        """Make the panels that were put off while another view was shown."""
        if self._is_stale and self.session.view == VIEW:
            self._build()

    def _take_selection(self) -> None:
        """Follow what is selected."""
        document = self.document
        site = document.selection.site if document else None
        block = document.selection.block if document else None
        key = document.key if document else None
        panel = self.panel
        hidden = document is not None and document.analysis is not None and panel is None
        hidden = hidden and not self._is_stale
        moved = (site, key, block) != (self._site, self._key, self._block)
        if moved or (hidden and self._reveal(document)):
            self._site, self._key, self._block, self.anchor = site, key, block, None
            self.look = replace(self.look, first_row=0)
            self._build()
            return
        self._reach_row()
        self.sweep_changed.emit()

    def _reveal(self, document: Document | None) -> bool:
        """Switch the other side on where the selected channel is one of its muscles."""
        if document is None or document.selected_finding is None or self.look.other_side:
            return False
        self.look = replace(self.look, other_side=True)
        self.look_changed.emit()
        return True

    def _build(self) -> None:
        """Make the panels anew."""
        document = self.document
        self._site = document.selection.site if document else None
        self._block = document.selection.block if document else None
        self._key = document.key if document else None
        self._is_stale = self.session.view != VIEW
        if self._is_stale:
            if document is not None and document.analysis is not None and self._site is not None:
                self.store.get(document, self._site)  # Read before somebody looks.
            return
        self.groups, self._fits = [], {}
        if document is not None and document.analysis is not None and self._site is not None:
            run = stimuli_of(document, self._site)
            self.groups = [
                [make_panel(document, finding, run, self._block) for finding in group]
                for group in arranged(document, self._site, self.look.other_side)
            ]
            if self.panel is None and self._reveal(document):
                self._build()
                return
        self._take_sweeps(quietly=True)
        self._find_events()
        self.panels_changed.emit()

    def _take_marks(self) -> None:
        """Show other marks."""
        if self._is_stale:
            return
        before = self.events
        self._find_events()
        if self.events != before:
            self.sweep_changed.emit()

    def _find_events(self) -> None:
        """Find the events of surgery among the sweeps."""
        document, stimuli = self.document, self.stimuli
        self.events = ()
        if document is not None and len(stimuli):
            self.events = events_among(document, self.run, stimuli)

    def _take_sweeps(self, quietly: bool = False) -> None:
        """Take the sweeps of the site if they are there; else they are read."""
        document = self.document
        had, shown = self._whole, self.sweeps
        self._whole = None
        if document is not None and self._site is not None and self.groups:
            self._whole = self.store.get(document, self._site)
        if self._whole is not had:
            self._fits = {}
        self.sweeps = self._of_block(self._whole, shown if self._whole is had else None)
        if not quietly:
            self.sweeps_changed.emit()

    def _of_block(self, whole: SweepSet | None, shown: SweepSet | None) -> SweepSet | None:
        """Return the sweeps of the block; `shown` again, with its pictures, if it holds them."""
        stimuli = self.stimuli
        if whole is None or len(stimuli) == len(whole):
            return whole
        if shown is not None and np.array_equal(shown.stimuli, stimuli):
            return shown
        return whole.between(int(stimuli[0]), int(stimuli[-1]))

    # ------------------------------------------------------------------ looking

    def set_look(self, **values: Any) -> None:
        """Look at the sweeps differently; see `Look`."""
        look = replace(self.look, **values)
        if look == self.look:
            return
        relaid = (look.mode, look.n_rows) != (self.look.mode, self.look.n_rows)
        rebuilt = look.other_side != self.look.other_side
        if look.mode is not self.look.mode:
            look = replace(look, n_rows=0, first_row=0)
        self.look = look
        if rebuilt:
            self._leave_other_side()
            self._build()
        if relaid:
            self._reach_row()
        self.look_changed.emit()

    def _leave_other_side(self) -> None:
        """Select a muscle of the near side where the other one is no longer shown."""
        document = self.document
        if document is None or self.look.other_side:
            return
        shown = [f for group in arranged(document, self._site, False) for f in group]
        if shown and document.selection.channel not in {f.channel_index for f in shown}:
            self.session.select(channel=shown[0].channel_index)

    def _reach_row(self) -> None:
        """Bring the selected sweep into sight where sweeps lie below each other."""
        row, rows = self.row, self.rows_shown
        if row is None or self.look.mode is Mode.SUPERIMPOSED or not rows:
            return
        first = self.look.first_row
        if row < first:
            first = row
        elif row >= first + rows:
            first = row - rows + 1
        if first != self.look.first_row:
            self.look = replace(self.look, first_row=first)
            self.look_changed.emit()

    @property
    def rows_shown(self) -> int:
        """How many sweeps are in sight where they lie below each other."""
        first, stop = rows_in_sight(self.look, len(self.stimuli), self.plot_height)
        return stop - first

    def scroll_rows(self, rows: int) -> None:
        """Scroll the sweeps that lie below each other."""
        most = max(len(self.stimuli) - self.rows_shown, 0)
        self.set_look(first_row=min(max(self.look.first_row + rows, 0), most))

    # ------------------------------------------------------------------ selecting

    def select_panel(self, channel: int) -> None:
        """Select the panel of a channel."""
        if self.panel is None or self.panel.channel != channel:
            self.picked = ""
        self.session.select(channel=channel)

    def select_row(self, row: int | None, *, extend: bool = False) -> None:
        """Select a sweep; `extend` makes a range from the one selected before."""
        if row is None or not len(self.stimuli):
            self.anchor, self.picked = None, ""
            self.session.select(sweep=None)
            return
        row = min(max(row, 0), len(self.stimuli) - 1)
        if not extend:
            self.anchor = None
        elif self.anchor is None:
            self.anchor = self.row if self.row is not None else row
        before = self.row
        self.session.select(sweep=int(self.stimuli[row]))
        if before == row:
            self.sweep_changed.emit()

    # ------------------------------------------------------------------ markers

    def pick(self, marker: str) -> None:
        """Pick the marker that the keys move."""
        if marker != self.picked:
            self.picked = marker
            self.sweep_changed.emit()
