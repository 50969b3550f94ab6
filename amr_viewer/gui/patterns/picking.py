"""Which bursts are selected, and going from one to the next."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from amr_viewer.core.bursts import Bursts
from amr_viewer.gui.patterns.burst_list import BurstList
from amr_viewer.gui.patterns.raster import BurstRaster
from amr_viewer.gui.patterns.walk import are_same, burst_beside, nearest_burst, next_burst
from amr_viewer.gui.patterns.windows import Windows

MOST_FOLLOWED = 100
"""So many picked bursts are looked for again where bursts were merged, split or added."""


class Picking(QObject):
    """The selected burst, and those picked with it, in raster and list alike.

    Signals
    -------
    changed()
    """

    changed = Signal()

    def __init__(self, raster: BurstRaster, table: BurstList, windows: Windows) -> None:
        super().__init__(raster)
        self._raster, self._table, self._windows = raster, table, windows
        self.current: int | None = None
        self.rows: tuple[int, ...] = ()
        raster.chosen.connect(self.choose)
        raster.added_to.connect(self.add)
        table.chosen.connect(self._went)
        table.picked.connect(self._pick)

    @property
    def bursts(self) -> Bursts | None:
        """The bursts that are shown."""
        return self._raster.picture.bursts if self._raster.picture else None

    def forget(self) -> None:
        """Select nothing."""
        self.current, self.rows = None, ()
        self._show()

    def follow(self, former: Bursts | None) -> None:
        """Select in other bursts what was selected in the former: by muscle and onset."""
        bursts, current, rows = self.bursts, self.current, self.rows
        if bursts is None or former is None or current is None:
            self.current, self.rows = None, ()
        elif not are_same(bursts, former):
            near = (nearest_burst(bursts, former, row) for row in rows[:MOST_FOLLOWED])
            self.rows = tuple(dict.fromkeys(r for r in near if r is not None))
            self.current = nearest_burst(bursts, former, current)
        self._show()

    def _show(self) -> None:
        """Mark what is selected, in raster and list."""
        self._raster.set_current(self.current, self.rows)
        self._table.set_current(self.current, self.rows)
        self.changed.emit()

    def _is_there(self, burst: int) -> bool:
        """Whether there is such a burst."""
        bursts = self.bursts
        return bursts is not None and 0 <= burst < len(bursts)

    def choose(self, burst: int) -> None:
        """Select a burst, and let the visible stretch show it, here and in Traces."""
        if not self._is_there(burst):
            return
        self.current, self.rows = burst, (burst,)
        self._show()
        self._reveal(burst)

    def add(self, burst: int) -> None:
        """Pick one more burst, or no longer pick it."""
        if not self._is_there(burst):
            return
        if burst in self.rows and len(self.rows) > 1:
            self.rows = tuple(r for r in self.rows if r != burst)
            self.current = self.rows[-1]
        else:
            self.current, self.rows = burst, (*self.rows, burst)
        self._show()

    def _went(self, burst: int) -> None:
        """Show the burst of the row that was gone to; the list selects rows by itself."""
        if not self._is_there(burst):
            return
        self.current = burst
        self._raster.set_current(burst, self.rows)
        self._reveal(burst)
        self.changed.emit()

    def _pick(self, rows: tuple[int, ...]) -> None:
        """Take over the rows that are selected in the list."""
        self.rows = tuple(r for r in rows if self._is_there(r))
        if self.rows and self.current not in self.rows:
            self.current = self.rows[0]
        self._raster.set_current(self.current, self.rows)
        self.changed.emit()

    def _reveal(self, burst: int) -> None:
        """Let the visible stretch show a burst."""
        bursts = self.bursts
        assert bursts is not None
        self._windows.reveal(bursts, burst)

    def go(self, step: int) -> None:
        """Select the next (1) or former (-1) burst that counts, in the muscle of the selected."""
        picture = self._raster.picture
        found = next_burst(picture, self.current, step, self._windows.shown[0]) if picture else None
        if found is not None:
            self.choose(found)

    def go_muscle(self, step: int) -> None:
        """Select the nearest burst in the next muscle below (1) or above (-1) that has any."""
        picture = self._raster.picture
        if picture is None or self.current is None:
            self.go(1)
            return
        found = burst_beside(picture, self.current, step)
        if found is not None:
            self.choose(found)
