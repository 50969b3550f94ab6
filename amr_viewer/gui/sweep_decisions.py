"""From what a person says of sweeps to decisions that a review can hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from amr_viewer.core.decisions import (
    MarkerName,
    SweepDecision,
    SweepKey,
    SweepState,
    occurrences,
    sweep_key,
)
from amr_viewer.core.phrases import Phrase
from amr_viewer.core.responses import Responses, State
from amr_viewer.core.review_log import MANY
from amr_viewer.gui.document import Document

MEASURES = ("onset_ms", "peak_ms", "positive_peak_ms", "end_ms", "amplitude_uv", "area_uv_ms")

SweepDecisions = tuple[list[SweepDecision], dict[SweepKey, Phrase]]
"""Decisions, and what the program had found in these sweeps."""


@dataclass(frozen=True, slots=True, eq=False)
class SweepRequest:
    """What a person says of sweeps of one channel.

    Attributes
    ----------
    document : Document
    stimuli : tuple of int
    channel : int
        Index into `Responses.channels`.
    state : str
    measures : mapping of int to mapping
        By stimulus what was measured, by the names of `SweepDecision`.
    by_hand : tuple of str
        Which of the markers measured a person set.
    """

    document: Document
    stimuli: tuple[int, ...]
    channel: int
    state: SweepState
    measures: Mapping[int, Mapping[str, float]]
    by_hand: tuple[MarkerName, ...] = ()


def sweep_decisions(request: SweepRequest, author: str, at: str) -> SweepDecisions:
    """Return the decisions of a request.

    Raises
    ------
    ValueError
        The recording was not analyzed.
    """
    analysis, automatic = request.document.analysis, request.document.automatic
    if analysis is None or automatic is None:
        raise ValueError("a recording that was not analyzed has no sweeps to decide on")
    rows = list(request.stimuli)
    label, place = channel_name(analysis.responses, request.channel)
    common: dict[str, Any] = dict.fromkeys(MEASURES)
    common |= {
        "channel": label, "occurrence": place, "state": request.state, "author": author, "at": at,
        "by_hand": request.by_hand,
    }  # fmt: skip
    times = analysis.responses.stimuli.time_s[rows].tolist()
    made = []
    for stimulus, time_s in zip(rows, times, strict=True):
        own = request.measures.get(stimulus)
        if own is None and request.state == "present":
            values = common | _kept(request, sweep_key(time_s, label, place))
        else:
            values = common | {k: float(v) for k, v in (own or {}).items() if k in MEASURES}
        # Without validation: there may be ten thousand of them, of values that are known.
        made.append(SweepDecision.model_construct(stimulus_s=time_s, **values))
    return made, automatic_words(automatic.responses, rows, request.channel)


def _kept(request: SweepRequest, key: SweepKey) -> dict[str, Any]:
    """Return the measures of an earlier decision, which one on the state alone leaves."""
    former = request.document.review.sweep(key)
    if former is None or former.state not in (None, "present"):
        return {}
    return {name: getattr(former, name) for name in (*MEASURES, "by_hand")}


def automatic_words(
    responses: Responses, stimuli: Sequence[int], channel: int
) -> dict[SweepKey, Phrase]:
    """Return what the program found in sweeps, for the log; of many only their states."""
    rows = list(stimuli)
    keys = sweep_keys(responses, rows, channel)
    states = [State(code).name.lower() for code in responses.state[rows, channel].tolist()]
    if len(rows) > MANY:
        shared = {s: Phrase(code="sweep_found", state=s) for s in set(states)}
        return {key: shared[s] for key, s in zip(keys, states, strict=True)}
    onsets = responses.onset_ms[rows, channel].tolist()
    sizes = responses.amplitude_uv[rows, channel].tolist()
    found = zip(keys, states, onsets, sizes, strict=True)
    return {key: _found(state, onset, size) for key, state, onset, size in found}


def _found(state: str, onset_ms: float, amplitude_uv: float) -> Phrase:
    """Return what the program found in a sweep."""
    if not (isfinite(onset_ms) and isfinite(amplitude_uv)):
        return Phrase(code="sweep_found", state=state)
    return Phrase(code="sweep_found", state=state, onset_ms=onset_ms, amplitude_uv=amplitude_uv)


def channel_name(responses: Responses, channel: int) -> tuple[str, int]:
    """Return label and place among namesakes of a channel."""
    labels = [c.label for c in responses.channels]
    return labels[channel], occurrences(labels)[channel]


def sweep_keys(responses: Responses, stimuli: Sequence[int], channel: int) -> list[SweepKey]:
    """Return what identifies sweeps of a channel."""
    label, place = channel_name(responses, channel)
    times = responses.stimuli.time_s[list(stimuli)].tolist()
    return [sweep_key(time_s, label, place) for time_s in times]
