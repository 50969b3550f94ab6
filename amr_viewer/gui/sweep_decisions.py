"""From what a person says of sweeps to decisions that a review can hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from amr_viewer.core.decisions import SweepDecision, SweepKey, SweepState, occurrences, sweep_key
from amr_viewer.core.responses import Responses, State
from amr_viewer.gui.document import Document

MEASURES = ("onset_ms", "peak_ms", "positive_peak_ms", "end_ms", "amplitude_uv", "area_uv_ms")

SweepDecisions = tuple[list[SweepDecision], dict[SweepKey, str]]
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
    """

    document: Document
    stimuli: tuple[int, ...]
    channel: int
    state: SweepState
    measures: Mapping[int, Mapping[str, float]]


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
    }  # fmt: skip
    nothing: Mapping[str, float] = {}
    times = analysis.responses.stimuli.time_s[rows].tolist()
    made = []
    for stimulus, time_s in zip(rows, times, strict=True):
        own = request.measures.get(stimulus, nothing)
        values = common | {k: float(v) for k, v in own.items() if k in MEASURES}
        # Without validation: there may be ten thousand of them, of values that are known.
        made.append(SweepDecision.model_construct(stimulus_s=time_s, **values))
    return made, automatic_words(automatic.responses, rows, request.channel)


def automatic_words(
    responses: Responses, stimuli: Sequence[int], channel: int
) -> dict[SweepKey, str]:
    """Return what the program found in sweeps, for the log."""
    rows = list(stimuli)
    states = [State(code).name.lower() for code in responses.state[rows, channel].tolist()]
    onsets = responses.onset_ms[rows, channel].tolist()
    sizes = responses.amplitude_uv[rows, channel].tolist()
    keys = sweep_keys(responses, rows, channel)
    return {
        key: f"automatic: {state}" + (f", onset {on:.2f} ms, {uv:.0f} uV" if isfinite(on) else "")
        for key, state, on, uv in zip(keys, states, onsets, sizes, strict=True)
    }


def channel_name(responses: Responses, channel: int) -> tuple[str, int]:
    """Return label and place among namesakes of a channel."""
    labels = [c.label for c in responses.channels]
    return labels[channel], occurrences(labels)[channel]


def sweep_keys(responses: Responses, stimuli: Sequence[int], channel: int) -> list[SweepKey]:
    """Return what identifies sweeps of a channel."""
    label, place = channel_name(responses, channel)
    times = responses.stimuli.time_s[list(stimuli)].tolist()
    return [sweep_key(time_s, label, place) for time_s in times]
