"""Prepares the current recording in the background: base lines first, then the pyramid."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Signal

from amr_viewer.core.progress import Progress
from amr_viewer.core.recording import Recording
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.traces.baseline import Baseline, baselines
from amr_viewer.gui.traces.state import TraceState
from amr_viewer.io.pyramid import Pyramid
from amr_viewer.io.pyramid_cache import cached_pyramid

REFRESH_S = 0.2
"""How often a picture of what was read so far is painted again."""


class Preparation(QObject):
    """Fills the state of recordings.

    Signals
    -------
    rested()
        The base lines of the current recording are known.
    grown()
        More of the current recording was read.
    """

    rested = Signal()
    grown = Signal()
    _shared = Signal(int, object, object)

    def __init__(self, desk: Desk, state: TraceState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._state = desk.session, state
        self._painted = 0.0
        self._shared.connect(self._take)
        self._session.current_changed.connect(self.begin)
        self._session.recording_changed.connect(self.begin)
        self._session.documents_changed.connect(self._forget)
        self._session.tasks.progressed.connect(self._progress)

    def begin(self) -> None:
        """Prepare the current recording, if it is not prepared yet."""
        document = self._session.document
        if document is None or document.recording is None:
            return
        key, recording = document.key, document.recording
        if self._state.of(key).recording is recording:
            return
        self._state.change(key, recording=recording, pyramid=None, baselines=())
        self._session.tasks.run(
            f"baselines {key}",
            f"looking at {recording.name}",
            lambda progress: baselines(recording),
            lambda found: self._rest(key, recording, found),
            self._session.failed.emit,
        )
        self._session.tasks.run(
            f"pyramid {key}",
            f"reading {recording.name} for the overview",
            lambda progress: self._build(key, recording, progress),
            lambda pyramid: self._take(key, recording, pyramid),
            self._session.failed.emit,
        )

    def _build(self, key: int, recording: Recording, progress: Progress) -> Pyramid:
        """Build the pyramid, in a thread."""
        return cached_pyramid(
            recording, progress, lambda growing: self._shared.emit(key, recording, growing)
        )

    def _rest(self, key: int, recording: Recording, found: tuple[Baseline, ...]) -> None:
        """Take the base lines."""
        if self._state.of(key).recording is recording:
            self._state.change(key, baselines=found)
            if key == self._current:
                self.rested.emit()

    def _take(self, key: int, recording: Recording, pyramid: Pyramid) -> None:
        """Take a pyramid: the one that grows, then the whole one."""
        own = self._state.of(key)
        is_late = own.pyramid is not None and own.pyramid.is_complete
        if own.recording is recording and not is_late:
            self._state.change(key, pyramid=pyramid)

    @property
    def _current(self) -> int | None:
        """Key of the current recording."""
        document = self._session.document
        return document.key if document else None

    def _progress(self, lane: str, _title: str, _fraction: float) -> None:
        """Let what was read so far be painted, now and then."""
        if lane == f"pyramid {self._current}":
            now = time.monotonic()
            if now - self._painted > REFRESH_S:
                self._painted = now
                self.grown.emit()

    def _forget(self) -> None:
        """Stop what is done for recordings that were closed."""
        for key in self._state.keep_only({d.key for d in self._session.documents}):
            self._session.tasks.cancel(f"baselines {key}")
            self._session.tasks.cancel(f"pyramid {key}")
