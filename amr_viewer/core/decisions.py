"""Single decisions of a person; how they make up a review is in `review`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.core.findings import Verdict

SweepState = Literal["present", "absent", "unsure", "rejected"]

SweepKey = tuple[int, str, int]
"""Stimulus time in units of 10 microseconds, label of the channel, its place among namesakes."""

FindingKey = tuple[Branch | None, Side | None, str, int]

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
