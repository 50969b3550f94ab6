"""Gathers what each recording says, one after the other, off the GUI thread.

Open recordings are taken as they stand in the window, the latest decisions included; others are
analyzed from their files, under their review's protocol or the window's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from amr_viewer.gui.document import Document, Stage

if TYPE_CHECKING:
    from amr_viewer.analysis.visit_points import VisitFacts
    from amr_viewer.core.analysis import Analysis
    from amr_viewer.core.progress import Progress
    from amr_viewer.core.protocol import Protocol
    from amr_viewer.core.review import Review
    from amr_viewer.gui.session import Session

BUSY = frozenset({"read", "analyze", "bursts", "decide", "review", "trends"})
"""Lanes of the window after which a recording's analysis is another one."""


class Step(StrEnum):
    """How far a recording is."""

    WAITING = "waiting"
    WORKING = "working"
    READY = "ready"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """What facts were taken from: an analysis of the window, or (both None) the file."""

    analysis: Analysis | None = field(default=None, repr=False)
    review: Review | None = field(default=None, repr=False)

    def is_like(self, other: Source | None) -> bool:
        """Whether two are one and the same."""
        return other is not None and self.analysis is other.analysis and self.review is other.review


FILE = Source()


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """What is known of a recording.

    Attributes
    ----------
    step : Step
    facts : VisitFacts or None
        What it says; kept while it is gathered anew.
    fault : str
        Why it cannot be used, in one line.
    percent : int
    source : Source or None
        What `facts` or `fault` were taken from.
    """

    step: Step = Step.WAITING
    facts: VisitFacts | None = field(default=None, repr=False)
    fault: str = ""
    percent: int = 0
    source: Source | None = field(default=None, repr=False)


class Gatherer(QObject):
    """Keeps what is known of the recordings that are wanted up to date.

    Signals
    -------
    changed()
        How far a recording is.
    gathered()
        What a recording says, or that it cannot be used.
    """

    changed = Signal()
    gathered = Signal()

    def __init__(self, session: Session, name: str, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self.lane = session, f"visits {name}"
        self._wanted: tuple[Path, ...] = ()
        self._known: dict[Path, Gathered] = {}
        self._at_work: Path | None = None
        self.is_stopped = False
        # After the present change is through: work that ends is told of before its value is there.
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(0)
        self._due.timeout.connect(self._follow)
        session.documents_changed.connect(self._due.start)
        session.tasks.changed.connect(self._due.start)
        session.tasks.progressed.connect(self._progressed)

    # ------------------------------------------------------------------ what is known

    def of(self, path: Path) -> Gathered:
        """Return what is known of a recording."""
        return self._known.setdefault(path, Gathered())

    @property
    def is_working(self) -> bool:
        """Whether a recording is being analyzed here."""
        return self._at_work is not None

    @property
    def is_done(self) -> bool:
        """Whether nothing more will come by itself."""
        steps = {self.of(p).step for p in self._wanted}
        return self.is_stopped or not steps & {Step.WAITING, Step.WORKING}

    @property
    def fraction(self) -> float:
        """How much of the whole is done, 0 to 1."""
        parts = [
            self.of(p).percent / 100.0 if self.of(p).step in (Step.WAITING, Step.WORKING) else 1.0
            for p in self._wanted
        ]
        return sum(parts) / len(parts) if parts else 1.0

    # ------------------------------------------------------------------ verbs

    def want(self, paths: Iterable[Path]) -> None:
        """Gather these recordings; what is known of others is kept."""
        self._wanted = tuple(paths)
        if self._at_work is not None and self._at_work not in self._wanted:
            self._end()
        self._due.start()

    def stop(self) -> None:
        """Stop; what was gathered before stays."""
        self.is_stopped = True
        self._end()
        for path in self._wanted:
            if self.of(path).step in (Step.WAITING, Step.WORKING):
                self._set(path, step=Step.STOPPED, percent=0)
        self.changed.emit()

    def go_on(self) -> None:
        """Go on after a stop."""
        self.is_stopped = False
        for path in self._wanted:
            if self.of(path).step is Step.STOPPED:
                self._set(path, step=Step.WAITING)
        self._due.start()

    def read_again(self, path: Path) -> None:
        """Read a recording again: its file may be another one now."""
        if self._at_work == path:
            self._end()
        self._set(path, step=Step.WAITING, source=None, fault="", percent=0)
        self.is_stopped = False
        self._due.start()

    def end(self) -> None:
        """Stop for good."""
        self._wanted = ()
        self._due.stop()
        self._end()

    # ------------------------------------------------------------------ work

    def _follow(self) -> None:
        """Look at every recording that is wanted, and begin the next piece of work."""
        before = {p: self.of(p) for p in self._wanted}
        for path in self._wanted:
            self._look_at(path)
        if not self.is_stopped and self._at_work is None:
            due = (p for p in self._wanted if self.of(p).step is Step.WAITING)
            ready = next((p for p in due if self._source(p) is not None), None)
            if ready is not None:
                self._begin(ready)
        if any(self.of(p) is not before[p] for p in self._wanted):
            self.changed.emit()
        if any(self.of(p).fault != before[p].fault for p in self._wanted):
            self.gathered.emit()

    def _look_at(self, path: Path) -> None:
        """See whether a recording has to be gathered, again or for the first time."""
        known, document = self.of(path), self._document(path)
        if document is not None and document.stage is Stage.FAILED:
            if known.fault != document.fault or known.step is not Step.FAILED:
                self._set(path, step=Step.FAILED, facts=None, fault=document.fault, source=None)
            return
        if path == self._at_work or known.step is Step.STOPPED:
            return
        source = self._source(path)
        is_current = source is not None and source.is_like(known.source)
        if not is_current and known.step is not Step.WAITING:
            self._set(path, step=Step.WAITING, percent=0)

    def _document(self, path: Path) -> Document | None:
        """Return a recording that is open in the window."""
        return next((d for d in self._session.documents if d.path.absolute() == path), None)

    def _source(self, path: Path) -> Source | None:
        """Return what a recording is to be taken from, None while the window works on it."""
        document = self._document(path)
        if document is None:
            return FILE
        words = (lane.split() for lane in self._session.tasks.running)
        busy = any(w[0] in BUSY and w[1:2] == [str(document.key)] for w in words)
        if busy or document.analysis is None or document.stage is not Stage.READY:
            return None
        return Source(document.analysis, document.review)

    def _begin(self, path: Path) -> None:
        """Gather one recording in a thread."""
        source = self._source(path)
        assert source is not None
        protocol = self._session.protocol
        self._at_work = path
        self._set(path, step=Step.WORKING)

        def work(progress: Progress) -> VisitFacts:
            if source.analysis is None or source.review is None:
                return facts_of_file(path, protocol, progress)
            return facts_in_window(source.analysis, source.review)

        def done(facts: VisitFacts) -> None:
            self._arrived(path, Gathered(Step.READY, facts, source=source))

        def failed(fault: str) -> None:
            text = fault.removeprefix(f"{path.name}: ")
            self._arrived(path, Gathered(Step.FAILED, fault=text, source=source))

        self._session.tasks.run(self.lane, f"{path.name}: analyzing", work, done, failed)

    def _arrived(self, path: Path, gathered: Gathered) -> None:
        """Take what a recording says, or why it cannot be used."""
        self._at_work = None
        self._known[path] = gathered
        self.changed.emit()
        self.gathered.emit()
        self._due.start()

    def _end(self) -> None:
        """Cancel the piece of work that is on its way."""
        if self._at_work is not None:
            path, self._at_work = self._at_work, None
            self._session.tasks.cancel(self.lane)
            self._set(path, step=Step.WAITING, percent=0)

    def _set(self, path: Path, **values: object) -> None:
        """Know something else of a recording."""
        self._known[path] = replace(self.of(path), **values)  # type: ignore[arg-type]

    def _progressed(self, lane: str, _title: str, fraction: float) -> None:
        """Take note of how far a recording is."""
        if lane != self.lane or self._at_work is None:
            return
        percent = round(100 * min(max(fraction, 0.0), 1.0))
        if percent != self.of(self._at_work).percent:
            self._set(self._at_work, percent=percent)
            self.changed.emit()


def facts_of_file(path: Path, protocol: Protocol, progress: Progress) -> VisitFacts:
    """Analyze a recording that is not open, its review applied.

    Parameters
    ----------
    path : Path
    protocol : Protocol
        Counts where its review names none.
    progress : callable

    Raises
    ------
    ReadError
        The recording or its review cannot be used.
    """
    from amr_viewer import visits
    from amr_viewer.io.review_file import find_review
    from amr_viewer.workflow import protocol_of

    review = find_review(path).review
    own = protocol_of(review, path.name) if review else None
    return visits.read_visit(path, None if own else protocol, progress)


def facts_in_window(analysis: Analysis, review: Review) -> VisitFacts:
    """Return what an open recording says, with the decisions that count now."""
    from amr_viewer.analysis.visit_points import visit_facts
    from amr_viewer.gui.exports import settled

    return visit_facts(settled(analysis, review))
