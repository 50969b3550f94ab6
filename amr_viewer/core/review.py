"""What a person decided about a recording; applying it to an analysis is left to `analysis`.

A `Review` never changes: every verb returns a new one that also carries the log of what was
decided, so that undo is the former value and the log still tells of it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Any, Self

from pydantic import Field, PrivateAttr

from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.core.decisions import (
    BaselineDecision,
    BurstDecision,
    BurstKey,
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
from amr_viewer.core.phrases import Phrase
from amr_viewer.core.recording import Mark
from amr_viewer.core.review_log import (
    AUTOMATIC,
    MANY,
    REPORT_ENTRY,
    Words,
    burst_changes,
    change,
    finding_phrase,
    mark_changes,
    protocol_phrase,
    site_values,
    sweep_changes,
)
from amr_viewer.core.shown_marks import (
    MarkColumns,
    ShownMarks,
    columns_of,
    shown_again,
    shown_marks,
)

SCHEMA_VERSION = 2


class Review(Kept):
    """Everything that a person decided about one recording.

    Attributes
    ----------
    recording : RecordingIdentity
    sweeps : tuple of SweepDecision
    findings : tuple of FindingDecision
    marks : tuple of MarkDecision
    bursts : tuple of BurstDecision
        In the stretches of a channel none holds the middle of another.
    baselines : tuple of BaselineDecision
        Of branches whose courses are compared with a block of their own.
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
    bursts: tuple[BurstDecision, ...] = ()
    baselines: tuple[BaselineDecision, ...] = ()
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
        automatic_words: Mapping[SweepKey, Words] | None = None,
    ) -> Self:
        """Return the review with decisions on sweeps added, or put in the place of earlier ones.

        `automatic_words` says what the program found in sweeps that a person decides on.
        """
        new = {d.key: d for d in decisions}
        former = self._sweeps_by_key()
        words = dict(automatic_words or {}) | {k: former[k].phrase for k in new if k in former}
        was = {k: words.get(k, AUTOMATIC) for k in new}
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
            for c in sweep_changes(gone, {k: d.phrase for k, d in gone.items()}, AUTOMATIC)
        ]
        left = {k: d for k, d in former.items() if k not in gone}
        changed = self._changed(log, sweeps=tuple(left.values()))
        changed._index = left
        return changed

    def sweep(self, key: SweepKey) -> SweepDecision | None:
        """Return the decision on a sweep, None if there is none."""
        return self._sweeps_by_key().get(key)

    def _sweeps_by_key(self) -> dict[SweepKey, SweepDecision]:
        """Return the decisions on sweeps by what they decide on."""
        if self._index is None:
            self._index = {d.key: d for d in self.sweeps}
        return self._index

    def with_finding(self, decision: FindingDecision, automatic: Verdict) -> Self:
        """Return the review with a verdict of a person; `automatic` is the program's."""
        former = {d.key: d for d in self.findings}
        was = former[decision.key].verdict if decision.key in former else automatic
        said = Phrase(code="verdict_said", verdict=decision.verdict.value, comment=decision.comment)
        entry = change(finding_phrase(decision), was.value, said, decision)
        kept = tuple((former | {decision.key: decision}).values())
        return self._changed([entry], findings=kept)

    def without_finding(self, key: FindingKey, author: str, at: str) -> Self:
        """Return the review with the program's verdict again."""
        gone = [d for d in self.findings if d.key == key]
        log = [change(finding_phrase(d), d.verdict.value, AUTOMATIC, (author, at)) for d in gone]
        return self._changed(log, findings=tuple(d for d in self.findings if d.key != key))

    def with_marks(
        self, decisions: Iterable[MarkDecision], former_words: Mapping[str, Words] | None = None
    ) -> Self:
        """Return the review with marks added, changed or removed.

        `former_words` says what marks of the file were before a person changed them.
        """
        new = {d.key: d for d in decisions}
        if self._mark_index is None:
            self._mark_index = {d.key: d for d in self.marks}
        former = self._mark_index
        words = dict(former_words or {}) | {k: former[k].phrase for k in new if k in former}
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

    def with_bursts(
        self, decisions: Iterable[BurstDecision], was: Mapping[BurstKey, Words] | None = None
    ) -> Self:
        """Return the review with decisions on bursts in the place of earlier ones they overlap.

        `was` says what was there before a person decided.
        """
        new = {d.key: d for d in decisions}
        left = without_overlap(self.bursts, new.values())
        return self._changed(burst_changes(new, was or {}), bursts=(*left, *new.values()))

    def without_bursts(self, keys: Iterable[BurstKey], author: str, at: str) -> Self:
        """Return the review with what the program found in some stretches again."""
        wanted = set(keys)
        gone = {d.key: d for d in self.bursts if d.key in wanted}
        log = [
            c.model_copy(update={"author": author, "at": at})
            for c in burst_changes(gone, {k: d.phrase for k, d in gone.items()}, AUTOMATIC)
        ]
        return self._changed(log, bursts=tuple(d for d in self.bursts if d.key not in gone))

    def with_baseline(self, decision: BaselineDecision) -> Self:
        """Return the review with a block that the others of its branch are compared with."""
        former = {d.key: d for d in self.baselines}
        was = former[decision.key].phrase if decision.key in former else "baseline_usual"
        subject = Phrase(code="baseline", **site_values(*decision.key))
        kept = tuple((former | {decision.key: decision}).values())
        return self._changed([change(subject, was, decision.phrase, decision)], baselines=kept)

    def without_baseline(
        self, site: tuple[Branch | None, Side | None], author: str, at: str
    ) -> Self:
        """Return the review with the same baseline for a branch as for all others."""
        subject = Phrase(code="baseline", **site_values(*site))
        log = [
            change(subject, d.phrase, "baseline_usual", (author, at))
            for d in self.baselines
            if d.key == site
        ]
        return self._changed(log, baselines=tuple(d for d in self.baselines if d.key != site))

    def with_field(self, name: str, value: str, was: str, author: str, at: str) -> Self:
        """Return the review with a field of the report's head filled in."""
        entry = change(
            Phrase(code=REPORT_ENTRY, name=name),
            _written(self.fields.get(name, was)), _written(value), (author, at),
        )  # fmt: skip
        return self._changed([entry], fields=dict(self.fields) | {name: value})

    def with_text(self, name: str, text: str, was: str, author: str, at: str) -> Self:
        """Return the review with a sentence of the report replaced; an empty one restores it."""
        entry = change(
            Phrase(code=REPORT_ENTRY, name=name),
            _written(self.texts.get(name, was)), _written(text) or AUTOMATIC, (author, at),
        )  # fmt: skip
        texts = {k: v for k, v in self.texts.items() if k != name} | ({name: text} if text else {})
        return self._changed([entry], texts=texts)

    def with_section(self, section: str, shown: bool, author: str, at: str) -> Self:
        """Return the review with a section of the report switched on or off."""
        hidden = tuple(s for s in self.hidden_sections if s != section)
        was = "hidden" if section in self.hidden_sections else "shown"
        subject = Phrase(code="section", name=section)
        entry = change(subject, was, "shown" if shown else "hidden", (author, at))
        return self._changed([entry], hidden_sections=hidden if shown else (*hidden, section))

    def with_protocol(self, protocol: Mapping[str, Any] | None, author: str, at: str) -> Self:
        """Return the review with another protocol under which the recording is analyzed."""
        was, now = protocol_phrase(self.protocol), protocol_phrase(protocol)
        entry = change(Phrase(code="protocol"), was, now, (author, at))
        return self._changed([entry], protocol=protocol)

    def returned_to(
        self, former: Review, how: str, author: str, at: str, of: Phrase | None = None
    ) -> Self:
        """Return what was decided in `former`, with the log of this review and one entry more.

        `how` is ``"undo"`` or ``"redo"``; `of` says what was taken back or done again.
        """
        entry = change(Phrase(code=how, of=of), "", "", (author, at))
        decided = {
            name: getattr(former, name)
            for name in (
                "sweeps", "findings", "marks", "bursts", "baselines", "fields", "texts",
                "hidden_sections", "protocol",
            )
        }  # fmt: skip
        changed = self._changed([entry], **decided)
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


def _written(text: str) -> Words:
    """Return what a person wrote: never a code, whatever it reads."""
    return Phrase(code="text", text=text) if text else ""


def without_overlap(
    bursts: Iterable[BurstDecision], new: Iterable[BurstDecision]
) -> tuple[BurstDecision, ...]:
    """Return the decisions on bursts that no new one takes the place of.

    One takes the place of another where it holds its middle, or the other holds its own.
    """
    lanes: dict[tuple[str, int], list[BurstDecision]] = {}
    for d in new:
        lanes.setdefault((d.channel, d.occurrence), []).append(d)
    ordered = {k: sorted(v, key=lambda d: d.start_s) for k, v in lanes.items()}
    starts = {k: [d.start_s for d in v] for k, v in ordered.items()}

    def is_taken(d: BurstDecision) -> bool:
        lane = (d.channel, d.occurrence)
        if lane not in ordered:
            return False
        # New ones do not overlap each other: only those about the stretch can meet it.
        first = max(bisect_right(starts[lane], d.start_s) - 1, 0)
        last = bisect_right(starts[lane], d.end_s)
        return any(_hold_each_other(d, other) for other in ordered[lane][first:last])

    return tuple(d for d in bursts if not is_taken(d))


def _hold_each_other(a: BurstDecision, b: BurstDecision) -> bool:
    """Whether one of two stretches holds the middle of the other."""
    middle_a, middle_b = 0.5 * (a.start_s + a.end_s), 0.5 * (b.start_s + b.end_s)
    return b.start_s <= middle_a < b.end_s or a.start_s <= middle_b < a.end_s


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
