"""Where the samples of Spike2 waveform channels lie, in time and in the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.recording import Segment
from amr_viewer.io.vendor_units import Unit


@dataclass(frozen=True, slots=True, eq=False)
class Wave:
    """A waveform channel: how its samples are scaled, and its blocks in order of time.

    `positions` are bytes in the file, `sizes` samples, `starts_s` times, one entry per block.
    """

    label: str
    file_unit: str
    unit: Unit
    sampling_hz: float
    dtype: np.dtype[Any]
    gain: float
    offset: float
    positions: NDArray[np.int64] = field(repr=False)
    sizes: NDArray[np.int64] = field(repr=False)
    starts_s: NDArray[np.float64] = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Sample number at which each block of a channel begins, and how well that fits its time.

    `n_samples` ends with the channel's own last sample: others may have been recorded longer.
    """

    first: NDArray[np.int64]
    n_samples: int
    shift_s: float


def segments_of(waves: Sequence[Wave]) -> tuple[Segment, ...]:
    """Return the stretches of time in which at least one channel was recorded."""
    starts = np.concatenate([w.starts_s for w in waves])
    ends = np.concatenate([w.starts_s + w.sizes / w.sampling_hz for w in waves])
    order = np.argsort(starts, kind="stable")
    starts, latest = starts[order], np.maximum.accumulate(ends[order])
    # Blocks follow one another with up to one sampling interval of the slowest channel between.
    tolerance_s = 1.5 / min(w.sampling_hz for w in waves)
    breaks = np.flatnonzero(starts[1:] > latest[:-1] + tolerance_s) + 1
    firsts, lasts = np.r_[0, breaks], np.r_[breaks - 1, len(starts) - 1]
    segments: list[Segment] = []
    for first, last in zip(firsts, lasts, strict=True):
        stored_s = segments[-1].stored_s + segments[-1].duration_s if segments else 0.0
        start_s = round(float(starts[first]), 9)
        segments.append(Segment(start_s, round(float(latest[last]) - start_s, 9), stored_s))
    return tuple(segments)


def place(wave: Wave, segments: Sequence[Segment]) -> Layout:
    """Find the sample number of each block of a channel.

    Blocks that follow one another stay so: their rounded times may differ by one sample.
    """
    rate_hz = wave.sampling_hz
    owner = np.searchsorted([s.start_s for s in segments], wave.starts_s + 1e-9, side="right") - 1
    shift_s = np.array([s.stored_s - s.start_s for s in segments])[owner]
    exact = (wave.starts_s + shift_s) * rate_hz
    follows = wave.starts_s[:-1] + wave.sizes[:-1] / rate_hz
    is_new = np.r_[True, np.abs(wave.starts_s[1:] - follows) > 0.5 / rate_hz]
    run = np.cumsum(is_new) - 1
    before = np.cumsum(wave.sizes) - wave.sizes
    first = np.rint(exact[is_new])[run] + before - before[is_new][run]
    return Layout(
        first.astype(np.int64),
        int(np.max(first + wave.sizes)),
        float(np.max(np.abs(exact - first))) / rate_hz,
    )


class Spike2Source:
    """Samples of the waveform channels, through a memory map; NaN where a channel was paused."""

    def __init__(self, path: Path, waves: Sequence[Wave], layouts: Sequence[Layout]) -> None:
        self._bytes = np.memmap(path, dtype=np.uint8, mode="r")
        self._waves = tuple(waves)
        self._layouts = tuple(layouts)

    def read(self, channel: int, start: int, stop: int) -> NDArray[np.float32]:
        """Return samples `start` to `stop` of a channel, shape (stop - start,), in its unit."""
        wave, first = self._waves[channel], self._layouts[channel].first
        samples = np.full(stop - start, np.nan, np.float32)
        begin = max(int(np.searchsorted(first, start, side="right")) - 1, 0)
        for block in range(begin, int(np.searchsorted(first, stop))):
            at = int(first[block])
            lower, upper = max(start, at), min(stop, at + int(wave.sizes[block]))
            if lower >= upper:
                continue
            position = int(wave.positions[block]) + (lower - at) * wave.dtype.itemsize
            end = position + (upper - lower) * wave.dtype.itemsize
            stored = self._bytes[position:end].view(wave.dtype)
            samples[lower - start : upper - start] = stored * wave.gain + wave.offset
        return samples
