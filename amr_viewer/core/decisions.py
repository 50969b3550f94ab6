"""Single decisions of a person; how they make up a review is in `review`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.core.findings import Verdict
from amr_viewer.core.phrases import Phrase

SweepState = Literal["present", "absent", "unsure", "rejected"]

MarkerName = Literal["onset_ms", "peak_ms", "positive_peak_ms", "end_ms"]

SweepKey = tuple[int, str, int]
"""Stimulus time in units of 10 microseconds, label of the channel, its place among namesakes."""

FindingKey = tuple[Branch | None, Side | None, str, int]

BurstSaid = Literal["clonic", "tonic", "other", "none"]

BurstKey = tuple[int, str, int]
"""Onset in units of 10 microseconds, label of the channel, its place among namesakes."""

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
        As measured on the sweep that the person saw; `peak_ms` is the negative peak. None leaves
        the program's.
    by_hand : tuple of str
        Which of the markers a person set; the others that stand here the program proposed.
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
    by_hand: tuple[MarkerName, ...] = ()

    @property
    def key(self) -> SweepKey:
        """Which sweep is meant."""
        return sweep_key(self.stimulus_s, self.channel, self.occurrence)

    @property
    def phrase(self) -> Phrase:
        """State and markers, for the log."""
        return Phrase(
            code="sweep_said",
            state=self.state,
            onset_ms=self.onset_ms,
            peak_ms=self.peak_ms,
            positive_peak_ms=self.positive_peak_ms,
            end_ms=self.end_ms,
            amplitude_uv=self.amplitude_uv,
            by_hand=self.by_hand,
        )


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
    def phrase(self) -> Phrase:
        """The mark, for the log."""
        if self.text is None:
            return Phrase(code="removed")
        return Phrase(
            code="mark_said",
            text=self.text,
            time_s=self.time_s,
            duration_s=self.duration_s or None,
            channel=self.channel,
        )


class BurstDecision(Decision):
    """What a person says of a stretch of one channel: one burst, or none.

    It takes the place of whatever the program finds there, so that it holds under other parameters
    too; two bursts that are one, or one that is two, are told by their stretches.

    Attributes
    ----------
    channel : str
        Label as in the file.
    occurrence : int
        Place among channels of the same label in which bursts are looked for, from 0.
    start_s, duration_ms : float
        Onset from the start of the recording, and duration, as those of `Bursts`.
    kind : str
        ``"none"``: what the program finds there is no burst.
    peak_uv, area_uv_s : float or None
        As measured in the stretch; None: from the bursts in whose place it stands.
    """

    channel: str
    occurrence: int = 0
    start_s: float
    duration_ms: float = Field(gt=0.0)
    kind: BurstSaid
    peak_uv: float | None = None
    area_uv_s: float | None = None

    @property
    def key(self) -> BurstKey:
        """Which stretch is meant."""
        return burst_key(self.start_s, self.channel, self.occurrence)

    @property
    def end_s(self) -> float:
        """End of the stretch, seconds from the start of the recording."""
        return self.start_s + 1e-3 * self.duration_ms

    @property
    def phrase(self) -> Phrase:
        """Kind and duration, for the log."""
        if self.kind == "none":
            return Phrase(code="no_burst")
        return Phrase(code="burst_said", kind=self.kind, duration_ms=self.duration_ms)


class BaselineDecision(Decision):
    """The block of a stimulated branch that its others are compared with.

    It is told by a time within it, so that it holds however the stimuli are cut into blocks.
    """

    site: Branch | None = None
    side: Side | None = None
    at_s: float

    @property
    def key(self) -> tuple[Branch | None, Side | None]:
        """Which branch is meant."""
        return (self.site, self.side)

    @property
    def phrase(self) -> Phrase:
        """The block, for the log."""
        return Phrase(code="baseline_said", at_s=self.at_s)


class Change(Decision):
    """One entry of the log: what was changed, what it was, what it is, by whom and when.

    Codes and values, in the file as `what`, `was` and `is`; here these are its words in English.
    """

    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True)

    subject: Phrase = Field(alias="what")
    before: Phrase | None = Field(None, alias="was")
    after: Phrase | None = Field(None, alias="is")

    @property
    def what(self) -> str:
        """What was changed."""
        return str(self.subject)

    @property
    def was(self) -> str:
        """What it was."""
        return str(self.before or "")

    @property
    def is_(self) -> str:
        """What it is."""
        return str(self.after or "")


class RecordingIdentity(Kept):
    """What a review belongs to."""

    name: str = ""
    size_bytes: int = 0
    sha256: str = ""


def sweep_key(stimulus_s: float, channel: str, occurrence: int = 0) -> SweepKey:
    """Return what identifies a sweep, also after a recording was analyzed again."""
    return (round(stimulus_s / KEY_S), channel, occurrence)


def burst_key(start_s: float, channel: str, occurrence: int = 0) -> BurstKey:
    """Return what identifies a decision on bursts."""
    return (round(start_s / KEY_S), channel, occurrence)


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
