"""What a person decides: every verb makes a new review, can be undone, and is saved by itself.

The review is applied to the automatic analysis in a thread; until it arrives the former one stands.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoGroup, QUndoStack

from amr_viewer.core.decisions import (
    BaselineDecision,
    FindingDecision,
    MarkDecision,
    MarkerName,
    SweepState,
)
from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.core.phrases import Phrase
from amr_viewer.core.protocol import Protocol
from amr_viewer.core.recording import Mark
from amr_viewer.core.responses import Responses
from amr_viewer.core.review import Review
from amr_viewer.gui.burst_editor import BurstEditor
from amr_viewer.gui.document import Document, Site
from amr_viewer.gui.mark_decisions import added, mark_decision, removed, with_marks
from amr_viewer.gui.sweep_decisions import (
    SweepRequest,
    channel_name,
    sweep_decisions,
    sweep_keys,
)

if TYPE_CHECKING:
    from amr_viewer.core.analysis import Analysis
    from amr_viewer.core.progress import Progress
    from amr_viewer.gui.session import Session

AT_ONCE = 200
"""Decisions that are made without a thread, within a few milliseconds."""


class Editor(QObject):
    """Decisions on the current recording of a session.

    Signals
    -------
    reviewed(key)
        The review of a recording changed.
    """

    reviewed = Signal(int)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.author = getpass.getuser()
        self.undo_group = QUndoGroup(self)
        self._session = session
        self.bursts = BurstEditor(self)
        self._stacks: dict[int, QUndoStack] = {}
        self._n_requests = 0
        session.current_changed.connect(self._follow)
        session.documents_changed.connect(self._forget)

    # ------------------------------------------------------------------ sweeps

    def decide(
        self,
        stimuli: Sequence[int],
        channel: int,
        state: SweepState | None,
        measures: Mapping[int, Mapping[str, float]] | None = None,
    ) -> None:
        """Say what sweeps show; None gives them back to the program.

        Parameters
        ----------
        stimuli : sequence of int
        channel : int
            Index into `Responses.channels`.
        state : str or None
        measures : mapping of int to mapping, optional
            For each stimulus what `analysis.manual` measured, by the names of `SweepDecision`.
        """
        document, responses = self._reviewable()
        if document is None or responses is None or not len(stimuli):
            return
        count = "sweep" if len(stimuli) == 1 else f"{len(stimuli)} sweeps"
        title = f"{count}: {state or 'automatic'}"
        if state is None:
            rows, who = tuple(stimuli), self.who()

            def verb(review: Review) -> Review:
                return review.without_sweeps(sweep_keys(responses, rows, channel), *who)

            self._decide(document, verb, title, len(rows))
            return
        request = SweepRequest(document, tuple(stimuli), channel, state, measures or {})
        self._request(request, title)

    def move_markers(
        self,
        stimulus: int,
        channel: int,
        measures: Mapping[str, float],
        by_hand: tuple[MarkerName, ...],
    ) -> None:
        """Put markers of one sweep where a person wants them; the sweep becomes present.

        `measures` leaves out what stays the program's; `by_hand` names what a person set.
        """
        document, responses = self._reviewable()
        if document is not None and responses is not None:
            of_sweep = {stimulus: measures}
            request = SweepRequest(document, (stimulus,), channel, "present", of_sweep, by_hand)
            self._request(request, "move marker")

    def _request(self, request: SweepRequest, title: str) -> None:
        """Put what a person says of sweeps into the review."""
        who = self.who()

        def verb(review: Review) -> Review:
            return review.with_sweeps(*sweep_decisions(request, *who))

        self._decide(request.document, verb, title, len(request.stimuli))

    def _decide(
        self, document: Document, verb: Callable[[Review], Review], title: str, n: int
    ) -> None:
        """Change a review by a verb, in a thread where it decides on many things at once."""
        if n <= AT_ONCE:
            self._change(document, verb(document.review), title)
            return
        self.change_apart(document, verb, title)

    def change_apart(
        self, document: Document, verb: Callable[[Review], Review], title: str
    ) -> None:
        """Change a review by a verb, in a thread."""
        key, former = document.key, document.review

        def done(review: Review) -> None:
            now = self._session.document_of(key)
            if now is not None and now.review is former:
                self._change(now, review, title)
            elif now is not None:
                # Something else was decided meanwhile, and must count too.
                self.change_apart(now, verb, title)

        # A lane of its own: no later decision may take the place of this one.
        self._n_requests += 1
        lane = f"decide {key} {self._n_requests}"
        failed = self._session.failed.emit
        self._session.tasks.run(lane, title, lambda progress: verb(former), done, failed)

    # ------------------------------------------------------------------ findings

    def overrule(self, finding: Finding, verdict: Verdict, comment: str) -> None:
        """Put a person's verdict in the place of the program's."""
        document, responses = self._reviewable()
        if document is None or responses is None:
            return
        author, at = self.who()
        label, place = channel_name(responses, finding.channel_index)
        decision = FindingDecision(
            site=finding.site,
            side=finding.side,
            channel=label,
            occurrence=place,
            verdict=verdict,
            comment=comment,
            author=author,
            at=at,
        )
        review = document.review.with_finding(decision, finding.verdict)
        self._change(document, review, f"overrule {label}: {verdict.value}")

    def restore(self, finding: Finding) -> None:
        """Give a verdict back to the program."""
        document, responses = self._reviewable()
        if document is None or responses is None:
            return
        label, place = channel_name(responses, finding.channel_index)
        key = (finding.site, finding.side, label, place)
        review = document.review.without_finding(key, *self.who())
        self._change(document, review, f"restore {label}")

    # ------------------------------------------------------------------ baselines

    def set_baseline(self, site: Site, at_s: float | None) -> None:
        """Compare the course of a branch with the block at a time; None: as of all branches."""
        document, responses = self._reviewable()
        if document is None or responses is None:
            return
        author, at = self.who()
        if at_s is None:
            if any(d.key == site for d in document.review.baselines):
                review = document.review.without_baseline(site, author, at)
                self._change(document, review, "baseline as of all branches")
            return
        decision = BaselineDecision(site=site[0], side=site[1], at_s=at_s, author=author, at=at)
        self._change(document, document.review.with_baseline(decision), "baseline block")

    # ------------------------------------------------------------------ marks

    def add_marks(self, marks: Iterable[Mark]) -> tuple[str, ...]:
        """Add marks; return their names, none of so many that they are added in a thread."""
        wanted, who = tuple(marks), self.who()
        title = "add mark" if len(wanted) == 1 else f"add {len(wanted)} marks"
        if len(wanted) > AT_ONCE:
            self._with_marks(lambda: added(wanted, who), title, len(wanted))
            return ()
        decisions = added(wanted, who)
        self._with_marks(lambda: decisions, title, len(decisions))
        return tuple(d.name for d in decisions)

    def with_added(
        self, of_file: tuple[Mark, ...], marks: Iterable[Mark], review: Review
    ) -> Review:
        """Return a review with marks added to those of a file; changes nothing, in any thread."""
        return with_marks(of_file, added(marks, self.who()), review)

    def take_added(self, document: Document, review: Review, n: int) -> None:
        """Take a review that `with_added` made of the document's."""
        self._change(document, review, "add mark" if n == 1 else f"add {n} marks")

    def change_mark(self, name: str, mark: Mark) -> None:
        """Put a mark with other values in the place of a former one."""
        who = self.who()
        self._with_marks(lambda: [mark_decision(name, mark, who)], "change mark", 1)

    def remove_marks(self, names: Iterable[str]) -> None:
        """Remove marks; those of the file are only no longer shown."""
        gone, who = tuple(names), self.who()
        title = "remove mark" if len(gone) == 1 else f"remove {len(gone)} marks"
        self._with_marks(lambda: removed(gone, who), title, len(gone))

    def _with_marks(self, make: Callable[[], list[MarkDecision]], title: str, n: int) -> None:
        """Change marks."""
        document = self._session.document
        if document is not None and document.recording is not None and n:
            of_file = document.recording.marks
            self._decide(document, lambda r: with_marks(of_file, make(), r), title, n)

    # ------------------------------------------------------------------ report and protocol

    def set_field(self, name: str, value: str, was: str) -> None:
        """Fill in a field of the report's head."""
        self._simple(lambda r, who: r.with_field(name, value, was, *who), f"report: {name}")

    def set_text(self, name: str, text: str, was: str) -> None:
        """Replace a text of the report; an empty one restores the program's."""
        self._simple(lambda r, who: r.with_text(name, text, was, *who), f"report: {name}")

    def set_section(self, section: str, shown: bool) -> None:
        """Switch a section of the report on or off."""
        title = f"{'show' if shown else 'hide'} section"
        self._simple(lambda r, who: r.with_section(section, shown, *who), title)

    def set_protocol(self, protocol: Protocol) -> None:
        """Analyze the current recording under another protocol."""
        document = self._session.document
        if document is None or protocol == document.protocol:
            return
        values = protocol.model_dump(mode="json", exclude_defaults=True)
        stated = None if protocol == document.lab_protocol else values
        self._simple(lambda r, who: r.with_protocol(stated, *who), "change protocol")

    def _simple(self, verb: Callable[[Review, tuple[str, str]], Review], title: str) -> None:
        """Change the review of the current recording by one verb."""
        document = self._session.document
        if document is not None:
            self._change(document, verb(document.review, self.who()), title)

    # ------------------------------------------------------------------ undo

    def stack(self, key: int) -> QUndoStack:
        """Return the undo stack of a recording."""
        if key not in self._stacks:
            self._stacks[key] = QUndoStack(self.undo_group)
        return self._stacks[key]

    def _follow(self) -> None:
        """Undo what was done to the recording that is current."""
        document = self._session.document
        self.undo_group.setActiveStack(self.stack(document.key) if document else None)  # type: ignore[arg-type]

    def _forget(self) -> None:
        """Drop the stacks of recordings that were closed."""
        for key in set(self._stacks) - {d.key for d in self._session.documents}:
            stack = self._stacks.pop(key)
            self.undo_group.removeStack(stack)
            stack.deleteLater()

    def _change(self, document: Document, review: Review, title: str) -> None:
        """Put a review in the place of the former one, undoably."""
        self.stack(document.key).push(_Replace(self, document.key, document.review, review, title))

    def put(self, key: int, review: Review) -> None:
        """Make a review the one that counts; called by undo commands only."""
        document = self._session.document_of(key)
        if document is None:
            return
        former = document.review
        self._session.change(key, review=review, is_saved=False)
        self.reviewed.emit(key)
        if review.protocol != former.protocol:
            protocol = document.lab_protocol
            if review.protocol is not None:
                protocol = Protocol.model_validate(review.protocol)
            self._session.set_protocol(key, protocol, review)
        elif document.automatic is not None:
            self.apply(key)
        if review.marks != former.marks and document is not None:
            self._session.recording_changed.emit()
        self._session.documents_changed.emit()

    def back(self, key: int, former: Review, how: str, of: Phrase | None) -> Review:
        """Return a former review, with a log that tells of going back to it."""
        document = self._session.document_of(key)
        assert document is not None
        return document.review.returned_to(former, how, *self.who(), of)

    def apply(self, key: int) -> None:
        """Apply the review to the automatic analysis, in a thread."""
        document = self._session.document_of(key)
        if document is None or document.automatic is None:
            return
        self._session.tasks.cancel(f"trends {key}")
        automatic, review = document.automatic, document.review

        def work(progress: Progress) -> Analysis:
            from amr_viewer.analysis.reviewing import reviewed

            return reviewed(automatic, review, trends=False)

        def done(analysis: Analysis) -> None:
            self._session.set_analysis(key, analysis)
            self._follow_trends(key, analysis)

        title = "applying the review"
        self._session.tasks.run(f"review {key}", title, work, done, self._session.failed.emit)

    def _follow_trends(self, key: int, analysis: Analysis) -> None:
        """Follow the trends of a reviewed analysis; they take longer than the rest."""
        automatic, review = analysis.automatic, analysis.review
        has_baseline = review is not None and bool(review.baselines)
        if automatic and analysis.findings is automatic.findings and not has_baseline:
            return  # Nothing was decided that a trend rests on.

        def work(progress: Progress) -> Analysis:
            from amr_viewer.analysis.reviewing import with_trends

            return with_trends(analysis)

        def done(analysis: Analysis) -> None:
            self._session.set_analysis(key, analysis)

        self._session.tasks.run(
            f"trends {key}", "following the trends", work, done, self._session.failed.emit
        )

    # ------------------------------------------------------------------ helpers

    @property
    def document(self) -> Document | None:
        """The current recording."""
        return self._session.document

    def say(self, text: str) -> None:
        """Tell the person why something was not done."""
        self._session.said.emit(text)

    def who(self) -> tuple[str, str]:
        """Return who decides, and when."""
        return self.author, datetime.now().astimezone().isoformat(timespec="seconds")

    def _reviewable(self) -> tuple[Document | None, Responses | None]:
        """Return the current recording and its responses, None where there are none."""
        document = self._session.document
        if document is None or document.analysis is None:
            return None, None
        return document, document.analysis.responses


class _Replace(QUndoCommand):
    """One review in the place of another."""

    def __init__(self, editor: Editor, key: int, former: Review, new: Review, title: str) -> None:
        super().__init__(title)
        self._editor, self._key, self._former, self._new = editor, key, former, new
        self._was_undone = False

    @property
    def _subject(self) -> Phrase | None:
        """What was changed, first of all."""
        log = self._new.log[len(self._former.log) :]
        return log[0].subject if log else None

    def redo(self) -> None:
        """Make the new review count."""
        new = self._new
        if self._was_undone:
            new = self._editor.back(self._key, self._new, "redo", self._subject)
        self._editor.put(self._key, new)

    def undo(self) -> None:
        """Make the former review count again."""
        self._was_undone = True
        former = self._editor.back(self._key, self._former, "undo", self._subject)
        self._editor.put(self._key, former)
