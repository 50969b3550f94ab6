"""The visible stretch of time, shared with Traces: moving, zooming, and going to a burst."""

from __future__ import annotations

from amr_viewer.core.bursts import Bursts
from amr_viewer.gui.document import Document
from amr_viewer.gui.session import Session
from amr_viewer.gui.traces.steps import stepped_span

LEAST_SPAN_S = 0.05
READABLE_S = 10.0
"""A longer stretch is shortened to this one when a burst is gone to: in Traces it must be seen."""

TIMES_BURST = 4.0
MOST_FORMER = 50
Window = tuple[float, float]


class Windows:
    """Changes the visible stretch of the current recording, and remembers where one came from."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._former: dict[int, tuple[Window, ...]] = {}

    @property
    def document(self) -> Document | None:
        """The current recording, if it was read."""
        document = self._session.document
        return document if document is not None and document.recording is not None else None

    @property
    def duration_s(self) -> float:
        """Length of the recording."""
        document = self.document
        recording = document.recording if document else None
        return recording.duration_s if recording else 1.0

    @property
    def shown(self) -> Window:
        """Start and span of what is visible, seconds."""
        document = self.document
        if document is None:
            return 0.0, 1.0
        return document.selection.start_s, max(document.selection.span_s, 1e-3)

    def scroll(self, pages: float) -> None:
        """Move by a part of what is visible."""
        start, span = self.shown
        self._session.set_window(start + pages * span, span)

    def move_to(self, start_s: float) -> None:
        """Begin at a time."""
        self._session.set_window(start_s, self.shown[1])

    def to_end(self) -> None:
        """Show the end of the recording."""
        self.move_to(self.duration_s)

    def step(self, direction: int, at: float = 0.5) -> None:
        """Show a longer (1) or shorter (-1) stretch about a point, a part of the page."""
        start, span = self.shown
        wanted = min(max(stepped_span(span, direction), LEAST_SPAN_S), self.duration_s)
        self.show(start + at * (span - wanted), wanted)

    def show(self, start_s: float, span_s: float) -> None:
        """Show a stretch, and remember the former one."""
        document = self.document
        if document is None:
            return
        former = self._former.get(document.key, ())
        self._former[document.key] = (*former, self.shown)[-MOST_FORMER:]
        self._session.set_window(start_s, span_s)

    def show_all(self) -> None:
        """Show the whole recording."""
        self.show(0.0, self.duration_s)

    def back(self) -> None:
        """Show what was shown before the last zoom."""
        document = self.document
        former = self._former.get(document.key, ()) if document else ()
        if document and former:
            self._former[document.key] = former[:-1]
            self._session.set_window(*former[-1])

    def reveal(self, bursts: Bursts, burst: int) -> None:
        """Show a burst so that it can be read; a stretch that does so already stays."""
        start, span = self.shown
        at, length = float(bursts.start_s[burst]), 1e-3 * float(bursts.duration_ms[burst])
        wanted = min(max(min(span, READABLE_S), TIMES_BURST * length), self.duration_s)
        if wanted == span and start <= at and at + length <= start + span:
            return
        self.show(at + 0.5 * (length - wanted), wanted)
