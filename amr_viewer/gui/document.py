"""What the window holds of one recording: values only; changing them is left to the session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.core.findings import Finding
from amr_viewer.core.protocol import Protocol
from amr_viewer.core.recording import ChannelKind, Mark, Recording
from amr_viewer.core.review import Review, mark_columns, reviewed_marks
from amr_viewer.core.shown_marks import MarkColumns
from amr_viewer.core.stimuli import sites_in

Site = tuple[Branch | None, Side | None]
FIRST_SPAN_S = 10.0


class Stage(StrEnum):
    """How far a recording is."""

    READING = "reading"
    WAITING = "waiting"
    ANALYZING = "analyzing"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Block:
    """One of the blocks into which the stimuli of a branch are cut, as the Trend view has them.

    Attributes
    ----------
    number : int
        From 0.
    firsts, lasts : tuple of int
        First and last stimulus of every block.
    """

    number: int
    firsts: tuple[int, ...]
    lasts: tuple[int, ...]

    @property
    def first(self) -> int:
        """The first stimulus."""
        return self.firsts[self.number]

    @property
    def last(self) -> int:
        """The last stimulus."""
        return self.lasts[self.number]

    def holds(self, stimulus: int | None) -> bool:
        """Whether a stimulus lies within; none does not lie outside."""
        return stimulus is None or self.first <= stimulus <= self.last


@dataclass(frozen=True, slots=True)
class Selection:
    """What the person looks at.

    Attributes
    ----------
    site : (Branch or None, Side or None) or None
        The stimulated branch; None: nothing was stimulated.
    channel : int or None
        Index into `Responses.channels`.
    sweep : int or None
        Index of a stimulus.
    start_s, span_s : float
        The stretch of the recording that is visible in Traces.
    mark : str or None
        Name of a mark, as `core.review.reviewed_marks` gives it.
    block : Block or None
        Only its sweeps are looked at; None: all of the site.
    """

    site: Site | None = None
    channel: int | None = None
    sweep: int | None = None
    start_s: float = 0.0
    span_s: float = FIRST_SPAN_S
    mark: str | None = None
    block: Block | None = None

    def changed(self, **values: Any) -> Selection:
        """Return a selection with other values; another branch or a sweep outside end the block."""
        new = replace(self, **values)
        if new.block is None or "block" in values:
            return new
        stays = new.site == self.site and new.block.holds(new.sweep)
        return new if stays else replace(new, block=None)


@dataclass(frozen=True, slots=True)
class TraceLayout:
    """How the channels of a recording are laid out in Traces; indices into `Recording.channels`.

    `gains_uv` holds the sensitivity (uV per division) of channels that differ from `gain_uv`.
    """

    order: tuple[int, ...] = ()
    hidden: frozenset[int] = frozenset()
    gain_uv: float = 100.0
    gains_uv: Mapping[int, float] = field(default_factory=dict)
    butterfly: bool = False

    @property
    def visible(self) -> tuple[int, ...]:
        """Channels that are drawn, from the top."""
        return tuple(c for c in self.order if c not in self.hidden)

    def gain_of(self, channel: int) -> float:
        """Return the sensitivity of a channel, uV per division."""
        return self.gains_uv.get(channel, self.gain_uv)


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One open recording.

    Attributes
    ----------
    key : int
        Unique while the program runs.
    path : Path
    stage : Stage
    recording : Recording or None
        As read, under `protocol`; None until it is read.
    protocol : Protocol
    lab_protocol : Protocol
        Under which it was opened; counts where the review states none.
    automatic : Analysis or None
        What the program found.
    analysis : Analysis or None
        The same, with the decisions of `review`.
    review : Review
    selection : Selection
    layout : TraceLayout
    fault : str
        Why it could not be read or analyzed, in one line.
    notes : tuple of str
        What a person should know of the review file.
    is_saved : bool
        Whether every decision is on disk.
    seconds : float
        How long the analysis took, NaN if it did not run.
    """

    key: int
    path: Path
    stage: Stage = Stage.READING
    recording: Recording | None = None
    protocol: Protocol = field(default_factory=Protocol)
    lab_protocol: Protocol = field(default_factory=Protocol)
    automatic: Analysis | None = None
    analysis: Analysis | None = None
    review: Review = field(default_factory=Review)
    selection: Selection = Selection()
    layout: TraceLayout = TraceLayout()
    fault: str = ""
    notes: tuple[str, ...] = ()
    is_saved: bool = True
    seconds: float = float("nan")

    @property
    def marks(self) -> tuple[tuple[str, Mark, bool], ...]:
        """Marks as reviewed: name, mark, whether a person made or changed it; in order of time."""
        return reviewed_marks(self.recording.marks, self.review) if self.recording else ()

    @property
    def mark_columns(self) -> MarkColumns:
        """The same as columns, without the marks of stimuli."""
        return mark_columns(self.recording.marks if self.recording else (), self.review)

    @property
    def sites(self) -> tuple[Site, ...]:
        """Branches stimulated, in order of time."""
        return sites_in(self.analysis.stimuli) if self.analysis else ()

    def findings_of(self, site: Site | None) -> tuple[Finding, ...]:
        """Return the findings of a site, in the order of the channels."""
        if self.analysis is None:
            return ()
        return tuple(f for f in self.analysis.findings if (f.site, f.side) == site)

    def finding(self, site: Site | None, channel: int | None) -> Finding | None:
        """Return the finding of a site and channel, None if there is none."""
        return next((f for f in self.findings_of(site) if f.channel_index == channel), None)

    @property
    def selected_finding(self) -> Finding | None:
        """The finding that is selected."""
        return self.finding(self.selection.site, self.selection.channel)


def first_layout(recording: Recording) -> TraceLayout:
    """Return how a recording is laid out first: EMG above, triggers and the rest hidden below."""
    kinds = [c.kind for c in recording.channels]
    emg = [i for i, kind in enumerate(kinds) if kind is ChannelKind.EMG]
    rest = [i for i, kind in enumerate(kinds) if kind is not ChannelKind.EMG]
    return TraceLayout(order=(*emg, *rest), hidden=frozenset(rest if emg else ()))


def layout_under(layout: TraceLayout, former: Recording, now: Recording) -> TraceLayout:
    """Return the layout with channels shown that a protocol has made EMG, and others hidden."""
    is_emg = [
        (a.kind is ChannelKind.EMG, b.kind is ChannelKind.EMG)
        for a, b in zip(former.channels, now.channels, strict=True)
    ]
    shown = {i for i, (was, is_now) in enumerate(is_emg) if is_now and not was}
    hidden = {i for i, (was, is_now) in enumerate(is_emg) if was and not is_now}
    return replace(layout, hidden=(layout.hidden - shown) | hidden)
