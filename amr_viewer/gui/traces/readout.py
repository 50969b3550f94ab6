"""Values and times under the mouse and between two points, in words."""

from __future__ import annotations

from math import isfinite, nan

import numpy as np

from amr_viewer.core.recording import Recording
from amr_viewer.errors import ReadError
from amr_viewer.gui.plot.scale import clock
from amr_viewer.gui.traces.scene import StimulusRow
from amr_viewer.gui.traces.steps import value_words
from amr_viewer.io.timeline import timeline

SOON_S = 0.1
"""Within this after a stimulus the latency is told."""


def value_at(recording: Recording, channel: int, time_s: float) -> float:
    """Return the sample nearest to a time, in the channel's unit and without filters; else NaN.

    Raises
    ------
    ReadError
        The file can no longer be read.
    """
    info = recording.channels[channel]
    half_s = 0.5 / info.sampling_hz
    line = timeline(recording)
    sample = int(line.samples_at(np.array([time_s - half_s]), info.sampling_hz, info.n_samples)[0])
    if sample >= info.n_samples:
        return nan
    at_s = line.times_at(np.array([sample]), info.sampling_hz, info.n_samples)[0]
    if abs(at_s - time_s) > 1.01 * half_s:
        return nan
    return float(recording.source.read(channel, sample, sample + 1)[0])


def pointed_words(
    recording: Recording, channel: int | None, time_s: float, stimuli: StimulusRow
) -> str:
    """Say what lies at a time of a channel.

    Raises
    ------
    ReadError
        The file can no longer be read.
    """
    words = [clock(time_s, 4)]
    if channel is not None:
        info = recording.channels[channel]
        value = value_at(recording, channel, time_s)
        known = value_words(value, info.unit) if isfinite(value) else "no signal"
        words.append(f"{info.label} {known}")
    before = int(np.searchsorted(stimuli.times_s, time_s, side="right")) - 1
    if before >= 0 and time_s - stimuli.times_s[before] <= SOON_S:
        latency_ms = (time_s - stimuli.times_s[before]) * 1e3
        words.append(f"{latency_ms:.1f} ms after {stimuli.texts[before]}")
    return "   ".join(words)


def difference_words(
    recording: Recording, channel: int | None, a_s: float, b_s: float
) -> tuple[str, ...]:
    """Say what lies between two times: dt, 1/dt and, for a channel, dV.

    Raises
    ------
    ReadError
        The file can no longer be read.
    """
    dt_s = b_s - a_s
    words = [f"Δt {duration_words(dt_s)}"]
    if dt_s:
        words.append(f"1/Δt {1 / abs(dt_s):.4g} Hz")
    if channel is not None:
        first, second = value_at(recording, channel, a_s), value_at(recording, channel, b_s)
        info = recording.channels[channel]
        if isfinite(first) and isfinite(second):
            sign = "ΔV" if info.unit == "uV" else "Δ"
            words.append(f"{sign} {value_words(second - first, info.unit)}")
    return tuple(words)


def cursor_words(
    recording: Recording, channel: int | None, a_s: float, b_s: float
) -> tuple[str, ...]:
    """Return `difference_words` after the channel's name; what went wrong if it cannot be read."""
    try:
        words = difference_words(recording, channel, a_s, b_s)
    except ReadError as error:
        return (str(error),)
    return words if channel is None else (recording.channels[channel].label, *words)


def duration_words(seconds: float) -> str:
    """Return a duration in the unit that reads best.

    Examples
    --------
    >>> duration_words(0.01044), duration_words(-2.5), duration_words(125.0)
    ('10.44 ms', '−2.5 s', '2:05.0')
    """
    if abs(seconds) < 1:
        text = f"{seconds * 1e3:.4g} ms"
    elif abs(seconds) < 60:
        text = f"{seconds:.4g} s"
    else:
        text = clock(seconds, 1)
    return text.replace("-", "−")
