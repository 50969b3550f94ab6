"""What lies over the traces of a recording, as arrays that are quickly cut to a window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Role
from amr_viewer.core.decisions import occurrences
from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.core.recording import Channel, Mark, Recording
from amr_viewer.core.responses import State
from amr_viewer.core.shown_marks import MarkColumns
from amr_viewer.core.stimuli import Stimuli
from amr_viewer.gui.document import Document, Site

TONES = ("direct", "late", "unsure", "present")
REJECTED = "rejected"


MarkRow = MarkColumns


@dataclass(frozen=True, slots=True, eq=False)
class StimulusRow:
    """Stimuli in order of time: `sites[k]` indexes `kinds`; `texts` says site, side and mA."""

    times_s: NDArray[np.float64]
    sites: NDArray[np.intp]
    kinds: tuple[Site, ...]
    texts: tuple[str, ...]

    def within(self, start_s: float, stop_s: float) -> range:
        """Return the stimuli inside a window."""
        first, stop = np.searchsorted(self.times_s, [start_s, stop_s])
        return range(int(first), int(stop))


@dataclass(frozen=True, slots=True, eq=False)
class ResponseSpans:
    """Responses of one tone (`chips.TONES`), or ``"rejected"`` sweeps, in one channel."""

    channel: int
    tone: str
    starts_s: NDArray[np.float64]
    stops_s: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Everything that is drawn over the traces."""

    marks: MarkRow
    stimuli: StimulusRow
    responses: tuple[ResponseSpans, ...] = ()
    analysis_channels: tuple[int, ...] = field(default=())
    """For each channel of `Responses` its index in the recording."""


def scene_of(document: Document) -> Scene:
    """Return what lies over the traces of a document."""
    row = document.mark_columns
    analysis, recording = document.analysis, document.recording
    if analysis is None or recording is None:
        return Scene(row, _marked_stimuli([m for _, m, _ in document.marks]))
    known = analysis_channels(recording, analysis.responses.channels)
    return Scene(row, _analyzed_stimuli(analysis.stimuli), _responses(analysis, known), known)


def analysis_channels(recording: Recording, analyzed: Sequence[Channel]) -> tuple[int, ...]:
    """Return the index in the recording of each channel that was analyzed."""
    labels = [c.label for c in recording.channels]
    places = {key: i for i, key in enumerate(zip(labels, occurrences(labels), strict=True))}
    wanted = [c.label for c in analyzed]
    return tuple(places[key] for key in zip(wanted, occurrences(wanted), strict=True))


def site_words(site: Site) -> str:
    """Return a stimulated branch in words."""
    branch, side = site
    words = [side.value if side else "", branch.value if branch else "stimulus"]
    return " ".join(w for w in words if w)


def _stimulus_words(site: Site, intensity_ma: float | None) -> str:
    """Return what stands at a stimulus."""
    words = site_words(site)
    return words if intensity_ma is None else f"{words} {intensity_ma:g} mA"


def _marked_stimuli(marks: Sequence[Mark]) -> StimulusRow:
    """Return the stimuli that the marks of the file name, before an analysis has found them."""
    named = [(m.time_s, m.stimulus) for m in marks if m.stimulus is not None]
    times_s = np.array([t for t, _ in named], np.float64)
    return _stimulus_row(
        times_s, [(s.site, s.side) for _, s in named], [s.intensity_ma for _, s in named]
    )


@lru_cache(maxsize=4)
def _analyzed_stimuli(s: Stimuli) -> StimulusRow:
    """Return the stimuli of an analysis; no decision of a person changes them."""
    currents = [None if ma != ma else ma for ma in s.intensity_ma.tolist()]
    return _stimulus_row(s.time_s, list(zip(s.site, s.side, strict=True)), currents)


def _stimulus_row(
    times_s: NDArray[np.float64], sites: Sequence[Site], currents_ma: Sequence[float | None]
) -> StimulusRow:
    """Return a row whose sites are numbered in order of time."""
    # Each stimulus is hashed once: thousands of enumeration members cost milliseconds.
    codes: dict[tuple[Site, float | None], int] = {}
    pairs = zip(sites, currents_ma, strict=True)
    code = np.array([codes.setdefault(pair, len(codes)) for pair in pairs], np.intp)
    kinds = tuple(dict.fromkeys(site for site, _ in codes))
    words = [_stimulus_words(*pair) for pair in codes]
    place = np.array([kinds.index(site) for site, _ in codes], np.intp)
    return StimulusRow(times_s, place[code], kinds, tuple(map(words.__getitem__, code.tolist())))


def _responses(analysis: Analysis, known: tuple[int, ...]) -> tuple[ResponseSpans, ...]:
    """Return the responses that were found, by channel and tone."""
    responses = analysis.responses
    tones = np.full((len(responses.stimuli), len(known)), -1, np.int8)
    for finding in analysis.findings:
        rows = np.array(finding.stimulus_indices, np.intp)
        tones[rows, finding.channel_index] = TONES.index(_tone(finding))
    # Of a direct response only the onset is measured: where it ends is not shown.
    is_there = np.isfinite(responses.onset_ms) & np.isfinite(responses.end_ms)
    is_there &= responses.state == State.PRESENT
    out = []
    for j, channel in enumerate(known):
        for code, tone in enumerate(TONES):
            rows = np.flatnonzero(is_there[:, j] & (tones[:, j] == code))
            if len(rows):
                at = responses.stimuli.time_s[rows]
                onset_ms, end_ms = responses.onset_ms[rows, j], responses.end_ms[rows, j]
                spans = (at + onset_ms / 1e3, at + end_ms / 1e3)
                out.append(ResponseSpans(channel, tone, *spans))
        rejected = responses.state[:, j] == State.REJECTED
        if rejected.any():
            at = responses.stimuli.time_s[rejected]
            end_s = analysis.protocol.parameters.detection.window_end_ms / 1e3
            out.append(ResponseSpans(channel, REJECTED, at, at + end_s))
    return tuple(out)


def _tone(finding: Finding) -> str:
    """Return the tone in which the sweeps of a finding are shown."""
    if finding.role is Role.DIRECT:
        return "direct"
    if finding.verdict is Verdict.PRESENT:
        return "present" if finding.label == "AMR" else "late"
    return "unsure"
