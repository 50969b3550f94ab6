"""What a person decided about a recording; applying it to an analysis is left to `analysis`.

A `Review` never changes: every verb returns a new one that also carries the log of what was
decided, so that undo is the former value and the log still tells of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.core.findings import Verdict
from amr_viewer.core.recording import Mark

SCHEMA_VERSION = 1

SweepState = Literal["present", "absent", "unsure", "rejected"]
SweepKey = tuple[int, str, int]
"""Stimulus time in units of 10 microseconds, label of the channel, its place among namesakes."""
FindingKey = tuple[Branch | None, Side | None, str, int]

REPORT_ENTRY = "report, "
"""How entries of the log on fields and sentences of the report begin; they may name the patient."""

MANY = 50
"""Decisions on more sweeps or marks at once are told in one entry of the log."""

ShownMarks = tuple[tuple[str, Mark, bool], ...]
"""Marks as reviewed: name, mark, whether a person made or changed it."""

KEY_S = 1e-5
"""Times of stimuli nearer than this are the same stimulus."""


class Kept(BaseModel):
    """A part of a review file; what a later version added to it survives saving."""

    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)


class Decision(Kept):
    """Who decided, and when (ISO 8601 with time zone)."""

    author: str = ""
    at: str = ""


class SweepDecision(Decision):
    """What a person says of one sweep of one channel; None leaves the program's value.

    Attributes
    ----------
    stimulus_s : float
        Time of the stimulus, seconds from the start of the recording.
    channel : str
        Label as in the file.
    occurrence : int
        Place among channels of the same label, from 0.
    state : str or None
        ``"unsure"`` and ``"rejected"`` sweeps count neither for nor against a response.
    onset_ms, peak_ms, positive_peak_ms, end_ms, amplitude_uv, area_uv_ms : float or None
        As measured on the sweep that the person saw; `peak_ms` is the negative peak.
    """

    stimulus_s: float
    channel: str
    occurrence: int = 0
    state: SweepState | None = None
    onset_ms: float | None = None
    peak_ms: float | None = None
    positive_peak_ms: float | None = None
    end_ms: float | None = None
    amplitude_uv: float | None = None
    area_uv_ms: float | None = None

    @property
    def key(self) -> SweepKey:
        """Which sweep is meant."""
        return sweep_key(self.stimulus_s, self.channel, self.occurrence)

    @property
    def words(self) -> str:
        """State and markers in a few words, for the log."""
        parts: list[str] = [self.state or ""]
        for name, value in (
            ("onset", self.onset_ms),
            ("N", self.peak_ms),
            ("P", self.positive_peak_ms),
            ("end", self.end_ms),
        ):
            parts.append("" if value is None else f"{name} {value:.2f} ms")
        if self.amplitude_uv is not None:
            parts.append(f"{self.amplitude_uv:.0f} uV")
        return ", ".join(p for p in parts if p)


class FindingDecision(Decision):
    """A verdict that a person put in the place of the program's, and why."""

    site: Branch | None = None
    side: Side | None = None
    channel: str
    occurrence: int = 0
    verdict: Verdict
    comment: str = ""

    @property
    def key(self) -> FindingKey:
        """Which finding is meant."""
        return (self.site, self.side, self.channel, self.occurrence)


class MarkDecision(Decision):
    """A mark that a person added or changed; `text` None: the mark of the file is not shown.

    `name` is ``"file:K"`` for mark number K of the recording (from 0), else any unique name.
    """

    name: str
    time_s: float = 0.0
    duration_s: float = 0.0
    text: str | None = None
    channel: str | None = None

    @property
    def key(self) -> str:
        """Which mark is meant."""
        return self.name

    @property
    def words(self) -> str:
        """The mark in a few words, for the log."""
        if self.text is None:
            return "removed"
        length = f" for {self.duration_s:.3f} s" if self.duration_s else ""
        where = f" ({self.channel})" if self.channel else ""
        return f"{self.text} at {self.time_s:.3f} s{length}{where}"


class Change(Decision):
    """One entry of the log: what was changed, what it was, what it is, by whom and when."""

    what: str
    was: str = ""
    is_: str = Field("", alias="is")

    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True)


class RecordingIdentity(Kept):
    """What a review belongs to."""

    name: str = ""
    size_bytes: int = 0
    sha256: str = ""


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
    _shown_marks: tuple[tuple[Mark, ...], ShownMarks] | None = PrivateAttr(None)

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
        changed = self._changed(_sweep_changes(new, was), sweeps=tuple(index.values()))
        changed._index = index
        return changed

    def without_sweeps(self, keys: Iterable[SweepKey], author: str, at: str) -> Self:
        """Return the review with the program's values for some sweeps again."""
        former = self._sweeps_by_key()
        gone = {k: former[k] for k in keys if k in former}
        log = [
            c.model_copy(update={"author": author, "at": at})
            for c in _sweep_changes(gone, {k: d.words for k, d in gone.items()}, "automatic")
        ]
        return self._changed(log, sweeps=tuple(d for k, d in former.items() if k not in gone))

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
            what=_finding_words(decision),
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
                what=_finding_words(d), was=d.verdict.value, is_="automatic", author=author, at=at
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
        changed = self._changed(_mark_changes(new, words), marks=tuple(index.values()))
        changed._mark_index = index
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
            was=_protocol_words(self.protocol),
            is_=_protocol_words(protocol),
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
        return self._changed([change], **decided)

    def _changed(self, log: list[Change], **update: Any) -> Self:
        """Return a copy with some parts replaced and the log continued."""
        changed = self.model_copy(update={**update, "log": (*self.log, *log)})
        if "sweeps" in update:
            changed._index = None
        if "marks" in update:
            changed._mark_index = changed._shown_marks = None
        return changed


def sweep_key(stimulus_s: float, channel: str, occurrence: int = 0) -> SweepKey:
    """Return what identifies a sweep, also after a recording was analyzed again."""
    return (round(stimulus_s / KEY_S), channel, occurrence)


def occurrences(labels: Iterable[str]) -> list[int]:
    """Return for each label how many equal ones stand before it.

    Examples
    --------
    >>> occurrences(["EMG", "ECG", "EMG"])
    [0, 0, 1]
    """
    seen: dict[str, int] = {}
    out = []
    for label in labels:
        out.append(seen.get(label, 0))
        seen[label] = out[-1] + 1
    return out


def reviewed_marks(marks: tuple[Mark, ...], review: Review) -> ShownMarks:
    """Return the marks of a recording as reviewed: name, mark, whether a person made or changed it.

    In order of time. Marks that the file calls stimuli stay what they are.
    """
    known = review._shown_marks
    if known is None or known[0] is not marks:
        known = (marks, _shown(marks, review))
        review._shown_marks = known
    return known[1]


def _shown(marks: tuple[Mark, ...], review: Review) -> ShownMarks:
    """Put the decisions in the place of the file's marks."""
    decided = {d.name: d for d in review.marks}
    out: list[tuple[str, Mark, bool]] = []
    for k, mark in enumerate(marks):
        decision = decided.pop(f"file:{k}", None)
        if decision is None or mark.stimulus is not None:
            out.append((f"file:{k}", mark, False))
        elif decision.text is not None:
            out.append((decision.name, _as_mark(decision), True))
    out += [(d.name, _as_mark(d), True) for d in decided.values() if d.text is not None]
    return tuple(sorted(out, key=lambda entry: entry[1].time_s))


def _as_mark(decision: MarkDecision) -> Mark:
    """Return the mark that a person wants."""
    return Mark(decision.time_s, decision.duration_s, decision.text or "", decision.channel)


def _sweep_changes(
    decisions: Mapping[SweepKey, SweepDecision],
    was: Mapping[SweepKey, str],
    is_: str = "",
) -> list[Change]:
    """Return what the log says of sweeps: each by itself, or many of a channel in one entry.

    `is_` stands for what they are now; empty: as decided.
    """
    if len(decisions) <= MANY:
        return [
            Change(
                what=f"sweep at {d.stimulus_s:.4f} s, {d.channel}",
                was=was[k],
                is_=is_ or d.words,
                author=d.author,
                at=d.at,
            )
            for k, d in decisions.items()
        ]
    groups: dict[tuple[str, int], list[SweepKey]] = {}
    for key in decisions:
        groups.setdefault(key[1:], []).append(key)
    out = []
    for (channel, _), keys in groups.items():
        first, last = decisions[keys[0]], decisions[keys[-1]]
        when = f"from {first.stimulus_s:.1f} to {last.stimulus_s:.1f} s"
        out.append(
            Change(
                what=f"{len(keys)} sweeps {when}, {channel}",
                was=_tally(was[k] for k in keys),
                is_=is_ or _tally(decisions[k].state or "measured" for k in keys),
                author=first.author,
                at=first.at,
            )
        )
    return out


def _mark_changes(decisions: Mapping[str, MarkDecision], was: Mapping[str, str]) -> list[Change]:
    """Return what the log says of marks: each by itself, or many in one entry."""
    if len(decisions) <= MANY:
        return [
            Change(what="mark", was=was.get(k, ""), is_=d.words, author=d.author, at=d.at)
            for k, d in decisions.items()
        ]
    first = next(iter(decisions.values()))
    gone = sum(d.text is None for d in decisions.values())
    times = [d.time_s for d in decisions.values() if d.text is not None]
    when = f" from {min(times):.1f} to {max(times):.1f} s" if times else ""
    return [
        Change(
            what=f"{len(decisions)} marks",
            was=f"{len(was)} of them there before" if was else "",
            is_=f"{gone} removed" if gone else f"set{when}",
            author=first.author,
            at=first.at,
        )
    ]


def _tally(words: Iterable[str]) -> str:
    """Return how often each state was said."""
    counts = Counter(w.partition(",")[0] for w in words)
    if len(counts) == 1:
        return next(iter(counts))
    return ", ".join(f"{word} ({n})" for word, n in counts.most_common())


def _finding_words(decision: FindingDecision) -> str:
    """Name a finding for the log."""
    site = " ".join(str(x.value) for x in (decision.side, decision.site) if x) or "unknown site"
    return f"verdict of {decision.channel} on {site} stimulation"


def _protocol_words(protocol: Mapping[str, Any] | None) -> str:
    """Name a protocol for the log."""
    return "default" if protocol is None else str(protocol.get("name", "unnamed"))
