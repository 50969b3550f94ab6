"""What `info --json` prints, as plain values; unknown is None."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np
import typer

if TYPE_CHECKING:
    from amr_viewer.cli.info import SampleRequest
    from amr_viewer.core.recording import Channel, Recording
    from amr_viewer.core.stimuli import Stimuli


def info_values(
    recording: Recording, stimuli: Stimuli, requests: Sequence[SampleRequest]
) -> dict[str, Any]:
    """Return everything that was understood of a recording.

    Parameters
    ----------
    recording : Recording
    stimuli : Stimuli
    requests : sequence of SampleRequest
        Each adds one entry to ``samples``.

    Returns
    -------
    dict
        Strings, numbers, lists and None, as JSON knows them.

    Raises
    ------
    ReadError
        The samples cannot be read.
    typer.BadParameter
        A request names a channel that is not there.
    """
    warnings = [*recording.warnings, *stimuli.warnings]
    samples = [entry for r in requests for entry in _samples(recording, r, warnings)]
    return {
        "name": recording.name,
        "format": recording.format,
        "duration_s": _known(recording.duration_s),
        "start": recording.start,
        "equipment": recording.equipment,
        "size_bytes": recording.size_bytes,
        "patient": dict(recording.patient),
        "channels": [_channel(c) for c in recording.channels],
        "segments": [
            {"start_s": s.start_s, "duration_s": s.duration_s} for s in recording.segments
        ],
        "stimuli": _stimuli(stimuli),
        "marks": [
            {
                "time_s": _known(m.time_s),
                "duration_s": _known(m.duration_s),
                "text": m.text,
                "channel": m.channel,
            }
            for m in recording.marks
        ],
        "warnings": list(dict.fromkeys(warnings)),
        **({"samples": samples} if requests else {}),
    }


def _known(value: float) -> float | None:
    """Return a number, None where it is not known."""
    return float(value) if isfinite(value) else None


def _channel(channel: Channel) -> dict[str, Any]:
    """Return one channel."""
    return {
        "label": channel.label,
        "unit": channel.unit,
        "sampling_hz": _known(channel.sampling_hz),
        "n_samples": channel.n_samples,
        "muscle": channel.muscle,
        "side": channel.side,
        "kind": channel.kind,
        "file_unit": channel.file_unit,
        "filters": channel.filters,
    }


def _stimuli(stimuli: Stimuli) -> list[dict[str, Any]]:
    """Return one entry per stimulus."""
    return [
        {
            "time_s": float(stimuli.time_s[i]),
            "site": stimuli.site[i],
            "side": stimuli.side[i],
            "intensity_ma": _known(stimuli.intensity_ma[i]),
            "width_ms": _known(stimuli.width_ms[i]),
            "source": stimuli.source[i],
            "shift_ms": _known(stimuli.shift_ms[i]),
        }
        for i in range(len(stimuli))
    ]


def _samples(
    recording: Recording, request: SampleRequest, warnings: list[str]
) -> list[dict[str, Any]]:
    """Return the value of every channel of that name at a time."""
    channels = _channels(recording, request.channel)
    if not channels:
        labels = ", ".join(c.label for c in recording.channels)
        raise typer.BadParameter(f"--sample {request.channel}: no such channel; there are {labels}")
    if len(channels) > 1:
        numbers = ", ".join(f"#{c}" for c in channels)
        warnings.append(f"{request.channel}: several channels have this label: {numbers}")
    return [_sample(recording, channel, request.time_s, warnings) for channel in channels]


def _channels(recording: Recording, name: str) -> list[int]:
    """Return the channels that a label, or ``#index``, means."""
    labels = [c.label for c in recording.channels]
    named = [i for i, label in enumerate(labels) if label == name]
    if not named:
        named = [i for i, label in enumerate(labels) if label.casefold() == name.casefold()]
    number = name.removeprefix("#")
    if not named and number != name and number.isdecimal() and int(number) < len(labels):
        named = [int(number)]
    return named


def _sample(
    recording: Recording, channel: int, time_s: float, warnings: list[str]
) -> dict[str, Any]:
    """Return the stored sample nearest to a time."""
    facts = recording.channels[channel]
    where = f"{facts.label}: {time_s:g} s"
    value = None
    index = _nearest(recording, channel, time_s)
    if index is None:
        warnings.append(f"{where} lies outside the recording or in a gap")
    else:
        value = _known(recording.source.read(channel, index, index + 1)[0])
        if value is None:
            warnings.append(f"{where} is missing in the file")
    return {
        "channel": facts.label,
        "time_s": time_s,
        "value": value,
        "unit": facts.unit,
        "index": channel,
    }


def _nearest(recording: Recording, channel: int, time_s: float) -> int | None:
    """Return the stored sample nearest to a time, None in gaps.

    The time may lie half a sample before a segment; it never reaches into the next segment.
    """
    facts = recording.channels[channel]
    if not facts.sampling_hz > 0:
        return None
    half_s = 0.5 / facts.sampling_hz
    for moment_s in (time_s, time_s + half_s):
        number = int(recording.segment_at(np.array([moment_s]))[0])
        if number < 0:
            continue
        segment = recording.segments[number]
        first = round(segment.stored_s * facts.sampling_hz)
        last = round((segment.stored_s + segment.duration_s) * facts.sampling_hz) - 1
        position = (time_s - segment.start_s + segment.stored_s) * facts.sampling_hz
        index = min(max(round(position), first), last, facts.n_samples - 1)
        return index if index >= first else None
    return None
