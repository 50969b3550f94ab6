"""A recording as a reader hands it over: channels, marks, segments and lazily read samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.anatomy import Branch, Muscle, Side


class ChannelKind(StrEnum):
    """What a channel carries."""

    EMG = "emg"
    TRIGGER = "trigger"
    OTHER = "other"


class StimulusSource(StrEnum):
    """Where a stimulus was found."""

    ANNOTATION = "annotation"
    TRIGGER = "trigger"
    ARTEFACT = "artefact"


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel of a recording.

    Attributes
    ----------
    label : str
        As it stands in the file, trimmed.
    unit : str or None
        Unit of the samples that the source delivers: ``"uV"`` for every voltage (converted once at
        the `io` door); the file's own word for anything else (``"degC"``); None when the file does
        not say.
    sampling_hz : float
    n_samples : int
        Samples stored in the file for this channel, over all segments.
    muscle, side : Muscle, Side or None
        None means unknown.
    kind : ChannelKind
    file_unit : str or None
        The unit as the file writes it, before conversion.
    filters : str or None
        The filter settings that the file states ("HP:20Hz LP:3kHz"), unparsed.
    stated : tuple of str
        What a file beside the recording lays down: "muscle", "side" and "kind" then count before
        the label, and "bad" leaves the channel out; a protocol has the last word.
    """

    label: str
    unit: str | None
    sampling_hz: float
    n_samples: int
    muscle: Muscle | None = None
    side: Side | None = None
    kind: ChannelKind = ChannelKind.OTHER
    file_unit: str | None = None
    filters: str | None = None
    stated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StimulusLabel:
    """What the text of a marker says of a stimulus; None is unknown."""

    site: Branch | None = None
    side: Side | None = None
    intensity_ma: float | None = None
    width_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """An annotation of the file: a stimulus, an event of surgery, a comment.

    `channel` is the label of the channel that it belongs to, None for all. `stimulus` is set where
    the text was understood as a stimulus. `duration_s` is NaN where the file gives none.
    """

    time_s: float
    duration_s: float
    text: str
    channel: str | None = None
    stimulus: StimulusLabel | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """An uninterrupted piece of a recording.

    Attributes
    ----------
    start_s : float
        Start, seconds from the start of the recording.
    duration_s : float
    stored_s : float
        Recorded time that lies before it in the file (the sum of the earlier durations): sample
        `round((t - start_s + stored_s) * sampling_hz)` of a channel belongs to time t.
    """

    start_s: float
    duration_s: float
    stored_s: float

    @property
    def end_s(self) -> float:
        """End, seconds from the start of the recording."""
        return self.start_s + self.duration_s


class SignalSource(Protocol):
    """What a reader must offer: any stretch of any channel, without loading the rest."""

    def read(self, channel: int, start: int, stop: int) -> NDArray[np.float32]:
        """Return samples `start` to `stop` of one channel.

        Parameters
        ----------
        channel : int
            Index into `Recording.channels`.
        start, stop : int
            Sample numbers in the channel's own rate, 0 <= start <= stop <= n_samples.

        Returns
        -------
        ndarray of float32, shape (stop - start,)
            In the channel's `unit`. Samples that the file marks as missing are NaN.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """A recording, understood but not loaded.

    Attributes
    ----------
    name : str
        File name without folders.
    path : str
        Where it was read from; never printed into results.
    format : str
        "EDF", "EDF+C", "EDF+D", "BDF+C", "BrainVision", "CSV", ...
    channels : tuple of Channel
    segments : tuple of Segment
        In order of time, not overlapping; one for a continuous recording.
    marks : tuple of Mark
        In order of time.
    source : SignalSource
    start : str or None
        Date and time of the start, ISO 8601, None when the file does not say.
    patient : mapping of str to str
        What the file says of the patient ("id", "name", "sex", "birthdate"), maybe empty.
    equipment : str or None
    size_bytes : int
    sha256 : str
        Hash of the file; empty until `workflow` asks for it (reading a file whole costs time).
    warnings : tuple of str
        Whatever was guessed, repaired or left out.
    """

    name: str
    path: str
    format: str
    channels: tuple[Channel, ...]
    segments: tuple[Segment, ...]
    marks: tuple[Mark, ...]
    source: SignalSource = field(repr=False)
    start: str | None = None
    patient: Mapping[str, str] = field(default_factory=dict, repr=False)
    equipment: str | None = None
    size_bytes: int = 0
    sha256: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def duration_s(self) -> float:
        """From the start of the recording to the end of the last segment."""
        return self.segments[-1].end_s if self.segments else 0.0

    def segment_at(self, times_s: NDArray[np.float64]) -> NDArray[np.intp]:
        """Return the segment that holds each time, -1 in gaps; shape as `times_s`."""
        starts = np.array([s.start_s for s in self.segments])
        ends = np.array([s.end_s for s in self.segments])
        index = np.searchsorted(starts, times_s, side="right") - 1
        inside = (index >= 0) & (times_s < ends[np.maximum(index, 0)])
        return np.where(inside, index, -1)

    def sample_index(self, channel: int, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the exact (fractional) stored sample of each time; NaN in gaps."""
        times_s = np.asarray(times_s, dtype=np.float64)
        index = self.segment_at(times_s)
        starts = np.array([s.start_s for s in self.segments])
        stored = np.array([s.stored_s for s in self.segments])
        safe = np.maximum(index, 0)
        position = (times_s - starts[safe] + stored[safe]) * self.channels[channel].sampling_hz
        return np.where(index >= 0, position, np.nan)
