"""What a person decided about a recording; applying it to an analysis is left to `analysis`.

A `Review` never changes: every verb returns a new one that also carries the log of what was
decided, so that undo is the former value and the log still tells of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self

from pydantic import Field, PrivateAttr

from amr_viewer.core.decisions import (
    Change,
    FindingDecision,
    FindingKey,
    Kept,
    MarkDecision,
    RecordingIdentity,
    SweepDecision,
    SweepKey,
)
from amr_viewer.core.findings import Verdict
from amr_viewer.core.recording import Mark
from amr_viewer.core.review_log import (
    MANY,
    REPORT_ENTRY,
    finding_words,
    mark_changes,
    protocol_words,
    sweep_changes,
)
from amr_viewer.core.shown_marks import (
    MarkColumns,
    ShownMarks,
    columns_of,
    shown_again,
    shown_marks,
)

SCHEMA_VERSION = 1


class Review(Kept):
    """Everything that a person decided about one recording.

    Attributes
    ----------
    recording : RecordingIdentity
    sweeps : tuple of SweepDecision
    findings : tuple of FindingDecision
    marks : tuple of MarkDecision
    fields : mapping of str to str
        Fields of the report's head that a person filled in: ``"name"``, ``"birthdate"``, ...
    texts : mapping of str to str
        Sentences of the report that a person wrote: ``"findings"``, ``"conclusion"``.
    hidden_sections : tuple of str
        Sections of the report that are switched off.
    protocol : mapping or None
        Protocol (as `Protocol.model_dump(mode="json", exclude_defaults=True)`) under which the
        recording was reviewed; None: the default one.
    log : tuple of Change
        In order of time; never shortened.
    """

    schema_version: int = SCHEMA_VERSION
    program_version: str = ""
    recording: RecordingIdentity = RecordingIdentity()
    sweeps: tuple[SweepDecision, ...] = ()
    findings: tuple[FindingDecision, ...] = ()
    marks: tuple[MarkDecision, ...] = ()
    fields: Mapping[str, str] = Field(default_factory=dict)
    texts: Mapping[str, str] = Field(default_factory=dict)
    hidden_sections: tuple[str, ...] = ()
    protocol: Mapping[str, Any] | None = None
    log: tuple[Change, ...] = ()
    # What is derived from the fields and needed again and again.
    _index: dict[SweepKey, SweepDecision] | None = PrivateAttr(None)
    _mark_index: dict[str, MarkDecision] | None = PrivateAttr(None)
    _shown_marks: tuple[tuple[tuple[Mark, ...], ShownMarks], ...] = PrivateAttr(())
    _mark_columns: tuple[ShownMarks, MarkColumns] | None = PrivateAttr(None)

    def belongs_to(self, sha256: str) -> bool:
        """Whether it was made for the file with this hash; what is not known counts as equal."""
        return not (sha256 and self.recording.sha256) or sha256 == self.recording.sha256

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever decided."""
        return not self.log

    def with_sweeps(
        self,
        decisions: Iterable[SweepDecision],
        automatic_words: Mapping[SweepKey, str] | None = None,
    ) -> Self:
        """Return the review with decisions on sweeps added, or put in the place of earlier ones.

        `automatic_words` says what the program found in sweeps that a person decides on.
        """
        new = {d.key: d for d in decisions}
        former = self._sweeps_by_key()
        words = dict(automatic_words or {}) | {k: former[k].words for k in new if k in former}
        was = {k: words.get(k, "automatic") for k in new}
        index = former | new
        changed = self._changed(sweep_changes(new, was), sweeps=tuple(index.values()))
        # Handed on: the reviews that undo keeps must not hold an index each.
        self._index, changed._index = None, index
        return changed

    def without_sweeps(self, keys: Iterable[SweepKey], author: str, at: str) -> Self:
        """Return the review with the program's values for some sweeps again."""
        former = self._sweeps_by_key()
        gone = {k: former[k] for k in keys if k in former}
        log = [
            c.model_copy(update={"author": author, "at": at})
            for c in sweep_changes(gone, {k: d.words for k, d in gone.items()}, "automatic")
        ]
        left = {k: d for k, d in former.items() if k not in gone}
        changed = self._changed(log, sweeps=tuple(left.values()))
        changed._index = left
        return changed

    def _sweeps_by_key(self) -> dict[SweepKey, SweepDecision]:
        """Return the decisions on sweeps by what they decide on."""
        if self._index is None:
            self._index = {d.key: d for d in self.sweeps}
        return self._index

    def with_finding(self, decision: FindingDecision, automatic: Verdict) -> Self:
        """Return the review with a verdict of a person; `automatic` is the program's."""
        former = {d.key: d for d in self.findings}
        was = former[decision.key].verdict if decision.key in former else automatic
        change = Change(
            what=finding_words(decision),
            was=was.value,
            is_=f"{decision.verdict.value}: {decision.comment}".rstrip(": "),
            author=decision.author,
            at=decision.at,
        )
        kept = tuple((former | {decision.key: decision}).values())
        return self._changed([change], findings=kept)

    def without_finding(self, key: FindingKey, author: str, at: str) -> Self:
        """Return the review with the program's verdict again."""
        gone = [d for d in self.findings if d.key == key]
        log = [
            Change(
                what=finding_words(d), was=d.verdict.value, is_="automatic", author=author, at=at
            )
            for d in gone
        ]
        return self._changed(log, findings=tuple(d for d in self.findings if d.key != key))

    def with_marks(
        self, decisions: Iterable[MarkDecision], former_words: Mapping[str, str] | None = None
    ) -> Self:
        """Return the review with marks added, changed or removed.

        `former_words` says what marks of the file were before a person changed them.
        """
        new = {d.key: d for d in decisions}
        if self._mark_index is None:
            self._mark_index = {d.key: d for d in self.marks}
        former = self._mark_index
        words = dict(former_words or {}) | {k: former[k].words for k in new if k in former}
        index = former | new
        for key, decision in new.items():
            # One of a person's own leaves nothing behind; one of the file is only hidden.
            if decision.text is None and not key.startswith("file:"):
                del index[key]
        changed = self._changed(mark_changes(new, words), marks=tuple(index.values()))
        self._mark_index, changed._mark_index = None, index
        self._mark_columns = None
        if len(new) <= MANY:
            changed._shown_marks = tuple(
                (marks, shown_again(shown, marks, index, new)) for marks, shown in self._shown_marks
            )
        return changed

    def with_field(self, name: str, value: str, was: str, author: str, at: str) -> Self:
        """Return the review with a field of the report's head filled in."""
        change = Change(
            what=f"{REPORT_ENTRY}{name}",
            was=self.fields.get(name, was),
            is_=value,
            author=author,
            at=at,
        )
        return self._changed([change], fields=dict(self.fields) | {name: value})

    def with_text(self, name: str, text: str, was: str, author: str, at: str) -> Self:
        """Return the review with a sentence of the report replaced; an empty one restores it."""
        change = Change(
            what=f"{REPORT_ENTRY}{name}",
            was=self.texts.get(name, was),
            is_=text or "automatic",
            author=author,
            at=at,
        )
        texts = {k: v for k, v in self.texts.items() if k != name} | ({name: text} if text else {})
        return self._changed([change], texts=texts)

    def with_section(self, section: str, shown: bool, author: str, at: str) -> Self:
        """Return the review with a section of the report switched on or off."""
        hidden = tuple(s for s in self.hidden_sections if s != section)
        change = Change(
            what=f"section of the report, {section}",
            was="hidden" if section in self.hidden_sections else "shown",
            is_="shown" if shown else "hidden",
            author=author,
            at=at,
        )
        return self._changed([change], hidden_sections=hidden if shown else (*hidden, section))

    def with_protocol(self, protocol: Mapping[str, Any] | None, author: str, at: str) -> Self:
        """Return the review with another protocol under which the recording is analyzed."""
        change = Change(
            what="protocol",
            was=protocol_words(self.protocol),
            is_=protocol_words(protocol),
            author=author,
            at=at,
        )
        return self._changed([change], protocol=protocol)

    def returned_to(self, former: Review, what: str, author: str, at: str) -> Self:
        """Return what was decided in `former`, with the log of this review and one entry more."""
        change = Change(what=what, was="", is_="", author=author, at=at)
        decided = {
            name: getattr(former, name)
            for name in (
                "sweeps", "findings", "marks", "fields", "texts", "hidden_sections", "protocol",
            )
        }  # fmt: skip
        changed = self._changed([change], **decided)
        changed._shown_marks = former._shown_marks
        return changed

    def _changed(self, log: list[Change], **update: Any) -> Self:
        """Return a copy with some parts replaced and the log continued."""
        changed = self.model_copy(update={**update, "log": (*self.log, *log)})
        if "sweeps" in update:
            changed._index = None
        if "marks" in update:
            changed._mark_index = changed._mark_columns = None
            changed._shown_marks = ()
        return changed


def reviewed_marks(marks: tuple[Mark, ...], review: Review) -> ShownMarks:
    """Return the marks of a recording as reviewed: name, mark, whether a person made or changed it.

    In order of time. Marks that the file calls stimuli stay what they are.
    """
    for known, shown in review._shown_marks:
        if known is marks:
            return shown
    shown = shown_marks(marks, review.marks)
    # Of two at most: a window and its analysis each hold the recording's marks.
    review._shown_marks = ((marks, shown), *review._shown_marks[:1])
    return shown


def mark_columns(marks: tuple[Mark, ...], review: Review) -> MarkColumns:
    """Return the marks of a recording as reviewed, without those of stimuli, as columns."""
    shown = reviewed_marks(marks, review)
    known = review._mark_columns
    if known is None or known[0] is not shown:
        known = (shown, columns_of(shown))
        review._mark_columns = known
    return known[1]
