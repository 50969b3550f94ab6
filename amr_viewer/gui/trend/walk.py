"""Goes from block to block of a trend, and to the sweeps of one; the session holds where it is."""

from __future__ import annotations

from typing import Any

from amr_viewer.gui.document import Block as ShownBlock
from amr_viewer.gui.session import Session
from amr_viewer.gui.trend.chart import TrendChart
from amr_viewer.gui.trend.hits import Block
from amr_viewer.gui.trend.words import block_words


class Walk:
    """The selected block: that of the selected sweep, of a muscle that is shown."""

    def __init__(self, session: Session, chart: TrendChart) -> None:
        self._session, self._chart = session, chart

    @property
    def current(self) -> Block | None:
        """The selected block."""
        picture, document = self._chart.picture, self._session.document
        if picture is None or document is None:
            return None
        shown = self._chart.look.courses(picture)
        course = next((c for c in shown if c.channel == document.selection.channel), None)
        course = course or (shown[0] if shown else None)
        chosen = document.selection.block
        sweep = chosen.first if chosen else document.selection.sweep
        block = course.block_of(sweep) if course else None
        return (course, block) if course is not None and block is not None else None

    def mark_current(self) -> None:
        """Mark the selected block in the drawing."""
        current = self.current
        self._chart.set_current(*((current[0].channel, current[1]) if current else (None, None)))

    def go(self, steps: int) -> None:
        """Select a block further on, or back; from either end where none is selected."""
        picture, document = self._chart.picture, self._session.document
        shown = self._chart.look.courses(picture) if picture else ()
        if document is None or not shown:
            return
        current = self.current
        if current is None:
            course = next((c for c in shown if c.channel == document.selection.channel), shown[0])
            before = -1 if steps > 0 else len(course.trend)
        else:
            course, before = current
        self._select((course, min(max(before + steps, 0), len(course.trend) - 1)))

    def go_muscle(self, steps: int) -> None:
        """Select the muscle above or below."""
        picture, current = self._chart.picture, self.current
        if picture is None or current is None:
            return
        shown = self._chart.look.courses(picture)
        at = next(i for i, c in enumerate(shown) if c.channel == current[0].channel)
        self._select((shown[min(max(at + steps, 0), len(shown) - 1)], current[1]))

    def show_sweeps(self, channel: int, block: int) -> None:
        """Show the sweeps of a block, and no others."""
        course = self._chart.picture.course(channel) if self._chart.picture else None
        if course:
            trend = course.trend
            edges = (tuple(x.tolist()) for x in (trend.first_stimulus, trend.last_stimulus))
            self._select((course, block), sweep=None, block=ShownBlock(block, *edges))
            self._session.set_view("sweeps")

    def show_current_sweeps(self) -> None:
        """Show the sweeps of the selected block."""
        current = self.current
        if current:
            self.show_sweeps(current[0].channel, current[1])

    def _select(self, chosen: Block, **values: Any) -> None:
        """Select a block by its first sweep, bring it into view and say its numbers."""
        course, block = chosen
        assert self._chart.picture is not None
        first = int(course.trend.first_stimulus[block])
        self._session.select(
            **{"site": self._chart.picture.site, "channel": course.channel, "sweep": first,
               "block": None, **values}
        )  # fmt: skip
        self._chart.show_block(course, block)
        self._session.pointed.emit(block_words(course, block))
