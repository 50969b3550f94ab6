"""What a person decides on bursts: each verb makes a new review, through the editor's undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from amr_viewer.core.decisions import BurstSaid
from amr_viewer.core.review import Review
from amr_viewer.gui.document import Document

if TYPE_CHECKING:
    from amr_viewer.core.analysis import Analysis
    from amr_viewer.gui.burst_decisions import Measure, Said, Who
    from amr_viewer.gui.editor import Editor

LEAST_MS = 1.0
"""A shorter part is no burst: one bin of the envelope."""


class BurstEditor:
    """Decisions on the bursts of the current recording; rows are those of its analysis.

    Every verb works in a thread: bursts are measured in the signal, and there may be thousands.
    """

    def __init__(self, editor: Editor) -> None:
        self._editor = editor

    @property
    def _current(self) -> tuple[Document, Analysis] | None:
        """The current recording, if bursts were looked for in it."""
        document = self._editor.document
        analysis = document.analysis if document else None
        if document is None or analysis is None or analysis.bursts.not_assessed:
            return None
        return document, analysis

    def name(self, rows: Sequence[int], kind: BurstSaid) -> None:
        """Say of what kind bursts are; "none": they are none. One that was added goes away."""
        current = self._current
        if current is None or not len(rows):
            return
        document, analysis = current
        automatic, bursts, who = document.automatic, analysis.bursts, self._editor.who()
        assert automatic is not None
        found = automatic.bursts

        def verb(review: Review) -> Review:
            from amr_viewer.gui.burst_decisions import decided_on, named

            said = named(bursts, rows, kind, who)
            added = decided_on(found, bursts, rows, review).added if kind == "none" else frozenset()
            if added:
                review = review.without_bursts(added, *who)
            kept = [d for d in said.decisions if d.key not in added]
            return review.with_bursts(kept, said.was) if kept else review

        words = "no burst" if kind == "none" else kind
        self._editor.change_apart(document, verb, f"{_count(rows)}: {words}")

    def merge(self, rows: Sequence[int]) -> None:
        """Make one burst of several of one channel, and of what lies between them."""
        current = self._current
        if current is None or len(rows) < 2:
            return
        bursts = current[1].bursts
        if len(np.unique(bursts.channel[list(rows)])) > 1:
            self._editor.say("only bursts of one muscle can be merged")
            return

        def work(measure: Measure, who: Who) -> Said:
            from amr_viewer.gui.burst_decisions import around, made

            p = current[1].protocol.parameters.bursts
            return made(bursts, [around(bursts, rows)], rows, p, measure, who)

        self._make(*current, work, f"merge {_count(rows)}")

    def split(self, row: int, at_s: float | None = None) -> None:
        """Part a burst at a time, or where its envelope is lowest."""
        current = self._current
        if current is None:
            return
        document, analysis = current
        bursts, p = analysis.bursts, analysis.protocol.parameters
        start, end = float(bursts.start_s[row]), float(bursts.end_s[row])
        least_s = 1e-3 * LEAST_MS
        if end - start < 2 * least_s or (
            at_s is not None and not start + least_s <= at_s <= end - least_s
        ):
            self._editor.say("a burst is split between its onset and its end")
            return

        def work(measure: Measure, who: Who) -> Said:
            from amr_viewer.analysis.burst_signal import envelope_of, parting_s
            from amr_viewer.gui.burst_decisions import made, parted

            at = at_s
            if at is None:
                channel = int(bursts.channel[row])
                window = (start, end)
                envelope = envelope_of(analysis.recording, analysis.stimuli, channel, window, p)
                at = parting_s(envelope) if envelope else 0.5 * (start + end)
                at = min(max(at, start + least_s), end - least_s)
            return made(bursts, parted(bursts, row, at), [row], p.bursts, measure, who)

        self._make(document, analysis, work, "split burst")

    def add(
        self, channel: int, start_s: float, duration_ms: float, kind: BurstSaid | None = None
    ) -> None:
        """Say that there is a burst; without a kind it follows from the duration."""
        current = self._current
        if current is None or duration_ms < LEAST_MS:
            return
        document, analysis = current

        def work(measure: Measure, who: Who) -> Said:
            from amr_viewer.gui.burst_decisions import Stretch, made

            p = analysis.protocol.parameters.bursts
            stretch = Stretch(channel, start_s, start_s + 1e-3 * duration_ms)
            return made(analysis.bursts, [stretch], [], p, measure, who, kind)

        self._make(document, analysis, work, "add burst")

    def restore(self, rows: Sequence[int]) -> None:
        """Give bursts back to the program; those it knows nothing of go away."""
        current = self._current
        if current is None or not len(rows):
            return
        document, analysis = current
        automatic, bursts, who = document.automatic, analysis.bursts, self._editor.who()
        assert automatic is not None
        found = automatic.bursts

        def verb(review: Review) -> Review:
            from amr_viewer.gui.burst_decisions import decided_on

            return review.without_bursts(decided_on(found, bursts, rows, review).keys, *who)

        self._editor.change_apart(document, verb, f"{_count(rows)}: automatic")

    def _make(
        self,
        document: Document,
        analysis: Analysis,
        work: Callable[[Measure, Who], Said],
        title: str,
    ) -> None:
        """Put bursts that are measured in the signal into the review."""
        who = self._editor.who()
        channels = {c.index: c for c in analysis.bursts.channels}

        def measure(channel: int, start_s: float, end_s: float) -> tuple[float, float] | None:
            from amr_viewer.analysis.burst_signal import measured

            window, p = (start_s, end_s), analysis.protocol.parameters
            return measured(analysis.recording, analysis.stimuli, channels[channel], window, p)

        def verb(review: Review) -> Review:
            said = work(measure, who)
            return review.with_bursts(said.decisions, said.was)

        self._editor.change_apart(document, verb, title)


def _count(rows: Sequence[int]) -> str:
    """Return how many bursts there are, in words."""
    return "burst" if len(rows) == 1 else f"{len(rows)} bursts"
