"""Find the stimuli: in marks, on a trigger channel, or by their own artefact.

What a mark's text means was settled when the recording was read; here only times are found.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.artefact_edges import align_to_artefact, sharpest_channels
from amr_viewer.analysis.artefact_search import find_artefacts, find_unmarked
from amr_viewer.analysis.triggers import find_triggers
from amr_viewer.core.protocol import MarkerRule, Protocol
from amr_viewer.core.recording import ChannelKind, Recording, StimulusLabel, StimulusSource
from amr_viewer.core.stimuli import Stimuli

MOSTLY = 0.8
"""Share of neighbours that repeat (or differ) from which stimuli come in blocks (or take turns)."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A moment at which a stimulus was found, and what is known of it."""

    time_s: float
    label: StimulusLabel
    source: StimulusSource
    shift_ms: float = 0.0


def find_stimuli(recording: Recording, protocol: Protocol | None = None) -> Stimuli:
    """Find all stimuli of a recording.

    Marks that were understood as stimuli come first. A trigger channel is used where it shows many
    more stimuli than the marks (these then say only what was stimulated from then on), or where
    there are none. The stimulus artefact itself is used where nothing else is there, and to find
    stimuli whose mark is missing. Moments closer than `merge_ms` are one stimulus; each is moved to
    the edge of its artefact.

    Parameters
    ----------
    recording : Recording
        With labels and marks understood.
    protocol : Protocol, optional

    Returns
    -------
    Stimuli
        Empty, with a warning, where none were found.
    """
    protocol = protocol or Protocol()
    parameters = protocol.parameters.stimuli
    warnings: list[str] = []
    found = _from_marks(recording)
    triggers = _from_triggers(recording, protocol, warnings)
    if len(triggers) > 2 * len(found):
        found = _labelled_by_marks(triggers, found)
    found = _merged(found, parameters.merge_ms, warnings)
    found = _with_artefacts(recording, found, protocol, warnings)
    found = _merged(found, parameters.merge_ms, warnings)
    if not found:
        warnings.append("no stimuli: no marks, triggers or stimulus artefacts were found")
    return _as_value(found, warnings)


def _from_marks(recording: Recording) -> list[_Found]:
    """Take the marks that were understood as stimuli."""
    return [
        _Found(m.time_s, m.stimulus, StimulusSource.ANNOTATION)
        for m in recording.marks
        if m.stimulus is not None and m.time_s >= 0.0
    ]


def _from_triggers(recording: Recording, protocol: Protocol, warnings: list[str]) -> list[_Found]:
    """Take the pulses of the trigger channel; a protocol may say what its codes mean."""
    pulses = find_triggers(recording, protocol.trigger, warnings)
    codes, counts = np.unique(pulses.code, return_counts=True)
    default = StimulusLabel(site=protocol.site, side=protocol.side)
    labels: dict[int, StimulusLabel | None] = {}
    for code in codes.tolist():
        rule = protocol.marker_rule(str(code))
        labels[code] = default
        if rule is not None:
            labels[code] = None if rule.ignore else _united(_as_label(rule), default)
    if len(codes) > 1 and not any(protocol.marker_rule(str(c)) for c in codes.tolist()):
        shown = ", ".join(f"{c} ({n})" for c, n in zip(codes[:8], counts[:8], strict=True))
        warnings.append(
            f"trigger channel {pulses.label} has pulses of {len(codes)} codes, all taken for "
            f"stimuli: {shown}; say in the protocol what they are: "
            f'[markers."{codes[0]}"] site = "zygomatic" or ignore = true'
        )
    return [
        _Found(time_s, label, StimulusSource.TRIGGER)
        for time_s, code in zip(pulses.time_s.tolist(), pulses.code.tolist(), strict=True)
        if (label := labels[code]) is not None
    ]


def _as_label(rule: MarkerRule) -> StimulusLabel:
    """Return what a protocol says of a marker."""
    return StimulusLabel(rule.site, rule.side, rule.intensity_ma, rule.width_ms)


def _labelled_by_marks(triggers: list[_Found], marks: list[_Found]) -> list[_Found]:
    """Fill what a trigger does not say from the last mark before it (the first, if none is)."""
    if not marks:
        return triggers
    times = np.array([m.time_s for m in marks])
    # A mark set by hand or by the trigger's own software may lag its pulse by a moment.
    at = np.array([t.time_s for t in triggers]) + 0.05
    last = np.maximum(np.searchsorted(times, at, side="right") - 1, 0)
    return [
        replace(t, label=_united(marks[k].label, t.label))
        for t, k in zip(triggers, last, strict=True)
    ]


def _merged(found: list[_Found], merge_ms: float, warnings: list[str]) -> list[_Found]:
    """Join moments closer than `merge_ms`, keeping the first time and every known word."""
    out: list[_Found] = []
    joined = 0
    for item in sorted(found, key=lambda f: f.time_s):
        if out and (item.time_s - out[-1].time_s) * 1e3 < merge_ms:
            joined += 1
            out[-1] = replace(out[-1], label=_united(out[-1].label, item.label))
        else:
            out.append(item)
    if joined:
        warnings.append(f"{joined} doubled stimulus markers merged (closer than {merge_ms:g} ms)")
    return out


def _united(first: StimulusLabel, second: StimulusLabel) -> StimulusLabel:
    """Fill what the first does not know from the second."""
    return StimulusLabel(
        site=first.site or second.site,
        side=first.side or second.side,
        intensity_ma=second.intensity_ma if first.intensity_ma is None else first.intensity_ma,
        width_ms=second.width_ms if first.width_ms is None else first.width_ms,
    )


def _with_artefacts(
    recording: Recording, found: list[_Found], protocol: Protocol, warnings: list[str]
) -> list[_Found]:
    """Move stimuli to their artefact and add those that only their artefact shows."""
    channels = [
        i
        for i, c in enumerate(recording.channels)
        if c.kind is ChannelKind.EMG and c.unit == "uV" and c.n_samples
    ]
    parameters = protocol.parameters.stimuli
    if not channels:
        return found
    if not found:
        return _from_artefacts(recording, channels, protocol, warnings)
    times = np.array([f.time_s for f in found])
    sharpest = sharpest_channels(recording, channels, times, parameters)
    if not sharpest:
        return found
    sampled = np.array([f.source is StimulusSource.TRIGGER for f in found])
    shift_ms, seen = align_to_artefact(recording, sharpest, times, sampled, parameters)
    _warn_of_shifts(shift_ms, warnings)
    _warn_of_absence(times[~seen], len(times), warnings)
    moved = [
        _Found(f.time_s + 1e-3 * s, f.label, f.source, s)
        for f, s in zip(found, shift_ms.tolist(), strict=True)
    ]
    return moved + _unmarked(recording, sharpest, moved, protocol, warnings)


def _from_artefacts(
    recording: Recording, channels: list[int], protocol: Protocol, warnings: list[str]
) -> list[_Found]:
    """Take the stimuli of a recording without markers from their artefacts."""
    edges = find_artefacts(recording, channels)
    if not len(edges):
        return []
    # Weaker ones show themselves once it is known what to look for.
    sharpest = sharpest_channels(recording, channels, edges, protocol.parameters.stimuli)
    if sharpest:
        edges = np.sort(np.concatenate([edges, find_unmarked(recording, sharpest, edges)]))
    warnings.append(f"no stimulus was marked: {len(edges)} were found by their artefact")
    default = StimulusLabel(site=protocol.site, side=protocol.side)
    return [_Found(t, default, StimulusSource.ARTEFACT) for t in edges.tolist()]


def _warn_of_shifts(shift_ms: NDArray[np.float64], warnings: list[str]) -> None:
    """Say how far markers were moved."""
    moved = shift_ms[shift_ms != 0.0]
    if len(moved):
        warnings.append(
            f"{len(moved)} stimulus markers moved to the edge of the artefact "
            f"(median {np.median(moved):+.2f} ms, {moved.min():+.2f} to {moved.max():+.2f} ms)"
        )


def _warn_of_absence(times: NDArray[np.float64], n_all: int, warnings: list[str]) -> None:
    """Say which markers have no artefact although the others have one."""
    if len(times):
        warnings.append(
            f"{len(times)} of {n_all} stimulus markers show no artefact (first at {times[0]:.3f} "
            "s): the stimulus was weak, failed, or was not given"
        )


def _unmarked(
    recording: Recording,
    channels: list[int],
    found: list[_Found],
    protocol: Protocol,
    warnings: list[str],
) -> list[_Found]:
    """Find stimuli that have an artefact like the others but no marker."""
    times = np.array([f.time_s for f in found])
    edges = find_unmarked(recording, channels, times)
    if not len(edges):
        return []
    edges = edges[~_explained(recording, edges, times, protocol)]
    if not len(edges):
        return []
    new = [
        _Found(float(t), _neighbours_label(found, times, float(t)), StimulusSource.ARTEFACT)
        for t in edges
    ]
    warnings.append(
        f"{len(new)} stimuli had no marker and were found by their artefact "
        f"(first at {edges[0]:.3f} s)"
    )
    return new


def _explained(
    recording: Recording,
    moments: NDArray[np.float64],
    stimuli: NDArray[np.float64],
    protocol: Protocol,
) -> NDArray[np.bool_]:
    """Return which moments belong to a marker that the protocol declares to be no stimulus.

    Such markers explain nothing where most of them only accompany stimuli.
    """
    ignored = [
        m.time_s
        for m in recording.marks
        if (rule := protocol.marker_rule(m.text)) is not None and rule.ignore
    ]
    marks = np.sort(np.array(ignored))
    reach = 1e-3 * max(protocol.parameters.stimuli.align_ms, protocol.parameters.stimuli.merge_ms)
    if not ignored or np.mean(_distance(marks, stimuli) <= reach) > 0.5:
        return np.zeros(len(moments), dtype=bool)
    return np.asarray(_distance(moments, marks) <= reach)


def _distance(times: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far each time lies from the nearest of some others, which are in order."""
    after = np.searchsorted(others, times)
    before = np.abs(times - others[np.maximum(after - 1, 0)])
    return np.asarray(
        np.minimum(before, np.abs(times - others[np.minimum(after, len(others) - 1)]))
    )


def _neighbours_label(
    found: list[_Found], times: NDArray[np.float64], time_s: float
) -> StimulusLabel:
    """Conclude from its neighbours what an unmarked stimulus was.

    Where one branch is stimulated for a while, neighbours that agree say it. Where two take turns,
    neighbours that agree leave only the other one. What stays open stays unknown.
    """
    after = int(np.searchsorted(times, time_s))
    before = found[max(after - 1, 0)].label
    following = found[min(after, len(found) - 1)].label
    keys = [(f.label.site, f.label.side) for f in found]
    sites = set(keys)
    if len(sites) > 1:
        repeats = np.mean([a == b for a, b in itertools.pairwise(keys)])
        same = keys[max(after - 1, 0)] == keys[min(after, len(found) - 1)]
        if not same or MOSTLY > repeats > 1.0 - MOSTLY:
            return StimulusLabel()
        if repeats <= 1.0 - MOSTLY:
            others = sites - {(before.site, before.side)}
            site, side = others.pop() if len(others) == 1 else (None, None)
            return StimulusLabel(site=site, side=side)
    keep = before.intensity_ma if before.intensity_ma == following.intensity_ma else None
    return replace(before, intensity_ma=keep)


def _as_value(found: list[_Found], warnings: list[str]) -> Stimuli:
    """Turn the list into the value."""

    def numbers(values: list[float | None]) -> NDArray[np.float64]:
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64)

    return Stimuli(
        time_s=np.array([f.time_s for f in found], dtype=np.float64),
        site=tuple(f.label.site for f in found),
        side=tuple(f.label.side for f in found),
        intensity_ma=numbers([f.label.intensity_ma for f in found]),
        width_ms=numbers([f.label.width_ms for f in found]),
        source=tuple(f.source for f in found),
        shift_ms=np.array([f.shift_ms for f in found], dtype=np.float64),
        warnings=tuple(warnings),
    )
