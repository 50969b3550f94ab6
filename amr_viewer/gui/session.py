"""The only mutable state of the window: open recordings, what is selected, what is running.

Its methods are what a person can do; views draw from its values and call them. Decisions on a
recording are left to `editor`, which the session owns.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from amr_viewer.core.protocol import Protocol
from amr_viewer.core.review import Review
from amr_viewer.gui.display import Display
from amr_viewer.gui.document import (
    Document,
    Selection,
    Site,
    Stage,
    TraceLayout,
    first_layout,
    layout_under,
)
from amr_viewer.gui.opening import Opened, open_recording, read_again
from amr_viewer.gui.tasks import Tasks

if TYPE_CHECKING:
    from amr_viewer.core.analysis import Analysis
    from amr_viewer.core.progress import Progress
    from amr_viewer.core.recording import Recording

VIEWS = ("traces", "sweeps", "trend", "patterns", "report")


class Session(QObject):
    """What is open and what is looked at.

    Signals
    -------
    documents_changed()
        A recording was opened or closed, or its stage, verdict or saved state changed.
    current_changed()
        Another recording is current, or none.
    recording_changed()
        The current recording was read, or its marks changed.
    analysis_changed()
        The current recording has another analysis (also: none).
    selection_changed()
    layout_changed()
    display_changed()
    view_changed()
    said(text)
        A message for the status bar.
    failed(text)
        A fault that a person should read.
    """

    documents_changed = Signal()
    current_changed = Signal()
    recording_changed = Signal()
    analysis_changed = Signal()
    selection_changed = Signal()
    layout_changed = Signal()
    display_changed = Signal()
    view_changed = Signal()
    said = Signal(str)
    failed = Signal(str)
    pointed = Signal(str)
    """The value under the mouse, in words."""
    ending = Signal()
    """The program is about to end: views let go of their threads."""
    played = Signal(float)
    """Where in the recording the sound is, seconds; NaN: silence."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tasks = Tasks(self)
        self.documents: tuple[Document, ...] = ()
        self.display = Display()
        self.view = VIEWS[0]
        self.protocol = Protocol()
        self._current: int | None = None
        self._last_key = 0
        self._queue: tuple[int, ...] = ()
        self._is_held = False

    # ------------------------------------------------------------------ documents

    @property
    def document(self) -> Document | None:
        """The current recording."""
        return self.document_of(self._current)

    def document_of(self, key: int | None) -> Document | None:
        """Return an open recording by its key."""
        return next((d for d in self.documents if d.key == key), None)

    def open(self, paths: Iterable[Path], protocol: Protocol | None = None) -> None:
        """Open recordings and show the first; one that is open already is only shown.

        Without a protocol they are read under that of the session.
        """
        first: int | None = None
        for path in paths:
            known = next((d for d in self.documents if d.path == path), None)
            if known is None or known.stage is Stage.FAILED:
                if known:
                    self.close(known.key)
                key = self._begin(path, protocol or self.protocol)
            else:
                key = known.key
            first = first or key
        if first is not None:
            self.show(first)

    def _begin(self, path: Path, protocol: Protocol) -> int:
        """Begin to read a recording."""
        self._last_key += 1
        key = self._last_key
        new = Document(key, path, protocol=protocol, lab_protocol=protocol)
        self.documents = (*self.documents, new)
        self.tasks.run(
            f"read {key}",
            f"reading {path.name}",
            lambda progress: open_recording(path, protocol, progress),
            lambda opened: self._opened(key, opened),
            lambda fault: self._failed(key, fault),
        )
        self.documents_changed.emit()
        return key

    def _opened(self, key: int, opened: Opened) -> None:
        """Take a recording that was read, and analyze it when its turn comes."""
        self.change(
            key,
            stage=Stage.WAITING,
            recording=opened.recording,
            protocol=opened.protocol,
            review=opened.review,
            notes=opened.notes,
            layout=first_layout(opened.recording),
            selection=Selection(span_s=min(10.0, max(opened.recording.duration_s, 0.01))),
        )
        self.documents_changed.emit()
        for note in opened.notes:
            self.failed.emit(note)
        if key == self._current:
            self.recording_changed.emit()
            self.layout_changed.emit()
            self.selection_changed.emit()
        self.analyze(key)

    def _failed(self, key: int, fault: str) -> None:
        """Take note of a recording that could not be read or analyzed."""
        document = self.document_of(key)
        if document is None:
            return
        self.change(key, stage=Stage.FAILED, fault=fault)
        self.documents_changed.emit()
        if key == self._current:
            self.analysis_changed.emit()
        self.failed.emit(fault if document.path.name in fault else f"{document.path.name}: {fault}")
        self._next()

    def close(self, key: int) -> None:
        """Close a recording."""
        for lane in (f"read {key}", f"analyze {key}", f"review {key}", f"trends {key}"):
            self.tasks.cancel(lane)
        self._queue = tuple(k for k in self._queue if k != key)
        at = next((i for i, d in enumerate(self.documents) if d.key == key), None)
        if at is None:
            return
        self.documents = tuple(d for d in self.documents if d.key != key)
        self.documents_changed.emit()
        if key == self._current:
            left = self.documents[min(at, len(self.documents) - 1)] if self.documents else None
            self._make_current(left.key if left else None)
        self._next()

    def show(self, key: int) -> None:
        """Make a recording the current one."""
        if key != self._current and self.document_of(key) is not None:
            self._make_current(key)

    def _make_current(self, key: int | None) -> None:
        """Tell everybody that another recording is current."""
        self._current = key
        self.current_changed.emit()
        self.recording_changed.emit()
        self.analysis_changed.emit()
        self.layout_changed.emit()
        self.selection_changed.emit()

    def change(self, key: int, **values: Any) -> None:
        """Put a document with other values in the place of a former one; tells nobody."""
        self.documents = tuple(replace(d, **values) if d.key == key else d for d in self.documents)

    # ------------------------------------------------------------------ analysis

    def analyze(self, key: int) -> None:
        """Analyze a recording, when those before it are done."""
        if key not in self._queue:
            self._queue = (*self._queue, key)
        self._next()

    def hold_analyses(self, hold: bool) -> None:
        """Let analyses wait, or go on: what is on the screen comes first."""
        self._is_held = hold
        self._next()

    def _next(self) -> None:
        """Begin the next analysis; the current recording goes first."""
        at_work = any(d.stage is Stage.ANALYZING for d in self.documents)
        if self._is_held or at_work or not self._queue:
            return
        key = self._current if self._current in self._queue else self._queue[0]
        self._queue = tuple(k for k in self._queue if k != key)
        document = self.document_of(key)
        if document is None or document.recording is None:
            self._next()
            return
        self._run_analysis(document)

    def _run_analysis(self, document: Document) -> None:
        """Analyze a recording in a thread."""
        key, recording, protocol = document.key, document.recording, document.protocol
        review, began = document.review, time.perf_counter()
        assert recording is not None

        def work(progress: Progress) -> tuple[Analysis, Analysis]:
            from amr_viewer import workflow
            from amr_viewer.analysis.reviewing import reviewed

            automatic = workflow.analyze(recording, protocol, progress)
            return automatic, reviewed(automatic, review)

        def done(value: tuple[Analysis, Analysis]) -> None:
            self._analyzed(key, *value, time.perf_counter() - began)

        self.change(key, stage=Stage.ANALYZING, fault="")
        title = f"analyzing {document.path.name}"
        self.tasks.run(f"analyze {key}", title, work, done, lambda fault: self._failed(key, fault))
        self.documents_changed.emit()

    def _analyzed(self, key: int, automatic: Analysis, analysis: Analysis, seconds: float) -> None:
        """Take an analysis."""
        self.change(key, stage=Stage.READY, automatic=automatic, analysis=analysis, seconds=seconds)
        document = self.document_of(key)
        if document is None:
            return
        self.change(key, selection=_first_selection(document))
        if not document.review.belongs_to(automatic.recording.sha256):
            self.change(key, review=Review())
            self.failed.emit(
                f"{document.path.name}: the review beside it was made for another version of the "
                "file; it is not applied, and is kept under another name when you decide anew"
            )
        self.documents_changed.emit()
        if key == self._current:
            self.analysis_changed.emit()
            self.selection_changed.emit()
        self._next()

    def set_analysis(self, key: int, analysis: Analysis) -> None:
        """Take an analysis with other decisions."""
        self.change(key, analysis=analysis)
        self.documents_changed.emit()
        if key == self._current:
            self.analysis_changed.emit()

    @property
    def is_busy(self) -> bool:
        """Whether a recording is being read or analyzed."""
        at_work = (Stage.READING, Stage.WAITING, Stage.ANALYZING)
        return any(d.stage in at_work for d in self.documents)

    @property
    def is_stoppable(self) -> bool:
        """Whether there is anything that `cancel` stops."""
        lanes = self.tasks.running
        return self.is_busy or any(lane.split()[0] in ("bursts", "export") for lane in lanes)

    def cancel(self) -> None:
        """Stop what is running for analyses and exports; what was found before stays."""
        self._queue = ()
        for lane in self.tasks.running:
            if lane.split()[0] in ("bursts", "export"):
                self.tasks.cancel(lane)
        for document in self.documents:
            if document.stage in (Stage.ANALYZING, Stage.WAITING):
                self.tasks.cancel(f"analyze {document.key}")
                self.tasks.cancel(f"read {document.key}")
                stage = Stage.READY if document.analysis else Stage.FAILED
                fault = "the analysis was stopped; F5 starts it again"
                self.change(document.key, stage=stage, fault=fault)
            elif document.stage is Stage.READING:
                self.tasks.cancel(f"read {document.key}")
                fault = "reading was stopped; close the recording and open it again"
                self.change(document.key, stage=Stage.FAILED, fault=fault)
        self.documents_changed.emit()
        self.analysis_changed.emit()

    def set_protocol(self, key: int, protocol: Protocol, review: Review) -> None:
        """Read a recording again under another protocol, and analyze it.

        What a former protocol made of channels and marks must not shine through.
        """
        document = self.document_of(key)
        if document is None:
            return
        path = document.path
        self.tasks.cancel(f"analyze {key}")
        self.change(
            key, protocol=protocol, review=review, is_saved=False, stage=Stage.WAITING, fault=""
        )
        self.tasks.run(
            f"read {key}",
            f"reading {path.name}",
            lambda progress: read_again(path, protocol, progress),
            lambda recording: self._read_again(key, recording),
            lambda fault: self._failed(key, fault),
        )
        self.documents_changed.emit()
        self._next()

    def _read_again(self, key: int, recording: Recording) -> None:
        """Take a recording as another protocol understands it."""
        document = self.document_of(key)
        if document is None or document.recording is None:
            return
        layout = layout_under(document.layout, document.recording, recording)
        self.change(key, recording=recording, layout=layout)
        if key == self._current:
            self.recording_changed.emit()
            self.layout_changed.emit()
        self.analyze(key)

    # ------------------------------------------------------------------ looking

    def select(self, **values: Any) -> None:
        """Change what is looked at in the current recording; see `Selection`."""
        document = self.document
        if document is None:
            return
        selection = document.selection.changed(**values)
        if selection != document.selection:
            self.change(document.key, selection=selection)
            self.selection_changed.emit()

    def select_finding(self, site: Site | None, channel: int | None) -> None:
        """Look at a site and channel."""
        self.select(site=site, channel=channel)

    def set_window(self, start_s: float, span_s: float) -> None:
        """Show a stretch of the current recording, kept within it."""
        document = self.document
        if document is None or document.recording is None:
            return
        duration = max(document.recording.duration_s, 1e-3)
        span = min(max(span_s, 1e-3), duration)
        start = min(max(start_s, 0.0), duration - span)
        self.select(start_s=start, span_s=span)

    def set_layout(self, layout: TraceLayout) -> None:
        """Lay the channels of the current recording out differently."""
        if self.document is not None and layout != self.document.layout:
            self.change(self.document.key, layout=layout)
            self.layout_changed.emit()

    def set_display(self, **values: Any) -> None:
        """Change how signals are shown; see `Display`."""
        display = replace(self.display, **values)
        if display != self.display:
            self.display = display
            self.display_changed.emit()

    def set_view(self, view: str) -> None:
        """Show another view."""
        if view != self.view:
            self.view = view
            self.view_changed.emit()

    def end(self) -> None:
        """Cancel what runs and wait for it."""
        self.ending.emit()
        self.tasks.close()


def _first_selection(document: Document) -> Selection:
    """Return what is looked at after an analysis: what was before, else the clearest finding."""
    # Stimuli may be others than before.
    selection = replace(document.selection, block=None)
    if document.finding(selection.site, selection.channel) is not None:
        return selection
    findings = document.analysis.findings if document.analysis else ()
    if not findings:
        return replace(selection, site=None, channel=None, sweep=None)
    order = {"present": 0, "indeterminate": 1, "absent": 2, "not_assessable": 3}
    best = min(findings, key=lambda f: (f.role.value != "lateral", order[f.verdict]))
    return replace(selection, site=(best.site, best.side), channel=best.channel_index, sweep=None)
