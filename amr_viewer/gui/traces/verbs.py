"""What a person can do in the Traces view, for keys, mouse and menu alike."""

from __future__ import annotations

import numpy as np

from amr_viewer.gui.traces.channel_verbs import ChannelVerbs
from amr_viewer.gui.traces.scene import Scene
from amr_viewer.gui.traces.steps import stepped_span

LEAST_SPAN_S = 1e-3


class Verbs(ChannelVerbs):
    """Gestures as calls on the session."""

    # ------------------------------------------------------------------ time

    def scroll(self, pages: float) -> None:
        """Move by a part of a page."""
        document = self.document
        if document is not None:
            s = document.selection
            self._session.set_window(s.start_s + pages * s.span_s, s.span_s)

    def scroll_to(self, start_s: float) -> None:
        """Move so that the page begins at a time."""
        document = self.document
        if document is not None:
            self._session.set_window(start_s, document.selection.span_s)

    def to_start(self) -> None:
        """Move to the start of the recording."""
        self.scroll_to(0.0)

    def to_end(self) -> None:
        """Move to the end of the recording."""
        document = self.document
        if document is not None and document.recording is not None:
            self.scroll_to(document.recording.duration_s)

    def show_window(self, start_s: float, span_s: float) -> None:
        """Show a stretch, and remember the former one."""
        document = self.document
        if document is not None:
            s = document.selection
            self.state.remember(document.key, (s.start_s, s.span_s))
            self._session.set_window(start_s, max(span_s, LEAST_SPAN_S))

    def step_time(self, direction: int, at: float = 0.5) -> None:
        """Show a longer (1) or shorter (-1) stretch about a point, a part of the page."""
        document = self.document
        if document is None:
            return
        s = document.selection
        span_s = max(stepped_span(s.span_s, direction), LEAST_SPAN_S)
        if document.recording is not None:
            span_s = min(span_s, document.recording.duration_s)
        self.show_window(s.start_s + at * (s.span_s - span_s), span_s)

    def show_all(self) -> None:
        """Show the whole recording."""
        document = self.document
        if document is not None and document.recording is not None:
            self.show_window(0.0, document.recording.duration_s)

    def back(self) -> None:
        """Show what was shown before the last zoom."""
        document = self.document
        former = self.own.former
        if document is not None and former:
            self.state.change(document.key, former=former[:-1])
            self._session.set_window(*former[-1])

    # ------------------------------------------------------------------ cursors

    def switch_cursors(self) -> None:
        """Show two cursors at the thirds of the page, or none."""
        document = self.document
        if document is None:
            return
        s = document.selection
        shown = None
        if self.own.cursors_s is None:
            shown = (s.start_s + s.span_s / 3, s.start_s + s.span_s * 2 / 3)
        self.state.change(document.key, cursors_s=shown)

    def put_cursor(self, which: int, time_s: float) -> None:
        """Put cursor A (0) or B (1) at a time."""
        document, cursors = self.document, self.own.cursors_s
        if document is None or cursors is None or document.recording is None:
            return
        kept = min(max(time_s, 0.0), document.recording.duration_s)
        moved = (kept, cursors[1]) if which == 0 else (cursors[0], kept)
        self.state.change(document.key, cursors_s=moved)

    def step_cursor(self, which: int, direction: int, pages: float = 0.002) -> None:
        """Move a cursor by a small part of the page."""
        document, cursors = self.document, self.own.cursors_s
        if document is not None and cursors is not None:
            self.put_cursor(which, cursors[which] + direction * pages * document.selection.span_s)

    # ------------------------------------------------------------------ stimuli and marks

    def go_to(self, time_s: float) -> None:
        """Show a time in the middle of the page, unless it is well inside already."""
        self._bring(time_s, 0.1)

    def show_time(self, time_s: float) -> None:
        """Show a time in the middle of the page, unless it is seen already."""
        self._bring(time_s, 0.0)

    def _bring(self, time_s: float, margin: float) -> None:
        """Move the page so that a time is farther inside than a part of the page."""
        document = self.document
        if document is None:
            return
        s = document.selection
        first_s, last_s = s.start_s + margin * s.span_s, s.start_s + (1 - margin) * s.span_s
        if not first_s <= time_s <= last_s:
            self._session.set_window(time_s - s.span_s / 2, s.span_s)

    def step_stimulus(self, scene: Scene | None, direction: int) -> None:
        """Select the next (1) or former (-1) stimulus, seen from the selected one or the page."""
        document = self.document
        if document is None or scene is None or not len(scene.stimuli.times_s):
            return
        times_s, s = scene.stimuli.times_s, document.selection
        if s.sweep is not None:
            k = s.sweep + direction
        else:
            middle_s = s.start_s + s.span_s / 2
            k = int(np.searchsorted(times_s, middle_s)) - (direction < 0)
        k = min(max(k, 0), len(times_s) - 1)
        self._session.select(sweep=k, site=scene.stimuli.kinds[scene.stimuli.sites[k]])
        self.go_to(float(times_s[k]))

    def step_mark(self, scene: Scene | None, direction: int) -> None:
        """Select the next (1) or former (-1) mark."""
        document = self.document
        if document is None or scene is None or not scene.marks.names:
            return
        marks, s = scene.marks, document.selection
        if s.mark in marks.names:
            k = marks.names.index(s.mark) + direction
        else:
            middle_s = s.start_s + s.span_s / 2
            k = int(np.searchsorted(marks.starts_s, middle_s)) - (direction < 0)
        k = min(max(k, 0), len(marks.names) - 1)
        self._session.select(mark=marks.names[k])
        self.go_to(float(marks.starts_s[k]))
