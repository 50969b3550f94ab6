"""Recordings with stimulus artefacts at known times, and with what must not be taken for them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.recording import (
    Channel,
    ChannelKind,
    Mark,
    Recording,
    Segment,
    StimulusLabel,
)
from tests.analysis.builders import Memory

Signal = NDArray[np.float64]

RATE = 10_000.0


def noise(duration_s: float, n_channels: int = 3, seed: int = 0, rate: float = RATE) -> Signal:
    """Return noise as muscles give it, band-limited, 5 uV; shape (n_channels, n_samples)."""
    rng = np.random.default_rng(seed)
    white = rng.standard_normal((n_channels, int(duration_s * rate) + 3))
    smooth = (white[:, 3:] + 2 * white[:, 2:-1] + 2 * white[:, 1:-2] + white[:, :-3]) / 10**0.5
    return 5.0 * smooth


def pulse(t: Signal, width_s: float, step_s: float) -> Signal:
    """Return a pulse that begins at zero, every sample the mean over its own time."""

    def covered(x: Signal) -> Signal:
        return np.clip(x / step_s + 0.5, 0.0, 1.0)

    return covered(t) - covered(t - width_s)


def add_artefacts(
    data: Signal,
    times_s: Sequence[float],
    sizes_uv: Sequence[float],
    rate: float = RATE,
    polarity: Sequence[float] = (1.0,),
    m_uv: float = 300.0,
) -> Signal:
    """Add biphasic pulses of 0.2 ms with a tail, and an M response 3 ms later; in place."""
    n = round(0.02 * rate)
    for k, time_s in enumerate(times_s):
        first = int(time_s * rate) - 2
        t = (first + np.arange(n)) / rate - time_s
        wave = pulse(t, 2e-4, 1 / rate) - 0.8 * pulse(t - 2e-4, 2e-4, 1 / rate)
        wave -= 0.2 * np.where(t > 4e-4, np.exp(-t / 5e-4), 0.0)
        u = np.clip((t - 3e-3) / 6e-3, 0.0, 1.0)
        m = m_uv * np.sin(2 * np.pi * u) * np.sin(np.pi * u)
        sign = polarity[k % len(polarity)]
        for j in range(len(data)):
            high = min(first + n, data.shape[1])
            gain = sizes_uv[k % len(sizes_uv)] * sign / (1 + j)
            data[j, first:high] += (gain * wave + m)[: high - first]
    return data


def recording(
    data: Signal,
    marks_s: Sequence[float] = (),
    rate: float = RATE,
    texts: Sequence[str] = ("Stim",),
    understood: bool = True,
    trigger: Signal | None = None,
    trigger_unit: str | None = "uV",
    segments: tuple[Segment, ...] | None = None,
) -> Recording:
    """Wrap signals as a recording; texts are repeated over the marks."""
    n = data.shape[1]
    channels = [
        Channel(f"ch {j}", "uV", rate, n, kind=ChannelKind.EMG, file_unit="uV")
        for j in range(len(data))
    ]
    signals = [x.astype(np.float32) for x in data]
    if trigger is not None:
        channels.append(Channel("TRIG", trigger_unit, rate, n, kind=ChannelKind.TRIGGER))
        signals.append(trigger.astype(np.float32))
    label = StimulusLabel() if understood else None
    return Recording(
        name="made by hand",
        path="",
        format="test",
        channels=tuple(channels),
        segments=segments or (Segment(0.0, n / rate, 0.0),),
        marks=tuple(
            Mark(t, float("nan"), texts[k % len(texts)], stimulus=label)
            for k, t in enumerate(marks_s)
        ),
        source=Memory(tuple(signals)),
    )


def regular(n: int, interval_s: float = 0.5003, first_s: float = 0.40003) -> list[float]:
    """Return the times of a stimulator that keeps its clock, falling between samples."""
    return [first_s + k * interval_s for k in range(n)]


def by_hand(n: int, seed: int = 5) -> list[float]:
    """Return the times of stimuli given by hand."""
    gaps = np.random.default_rng(seed).uniform(0.3, 0.9, n)
    return [float(t) for t in np.cumsum(gaps)]
