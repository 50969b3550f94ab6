"""Samples and times of a recording that MNE has opened: what lies where, and reading it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.recording import Segment
from amr_viewer.errors import ReadError
from amr_viewer.io.vendor_errors import Translated

SKIP = "BAD_ACQ_SKIP"
JOINTS = ("EDGE boundary", "BAD boundary")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Samples of the MNE object that were recorded without a break; `stop` is behind the last."""

    start: int
    stop: int


class MneSource:
    """Samples through MNE, window by window; one thread at a time, as MNE is not made for more."""

    def __init__(
        self, raw: Any, scales: Sequence[float], stretches: Sequence[Stretch], name: str
    ) -> None:
        self._raw = raw
        self._scales = tuple(scales)
        self._stretches = tuple(stretches)
        self._name = name
        self._lock = threading.Lock()

    def read(self, channel: int, start: int, stop: int) -> NDArray[np.float32]:
        """Return samples `start` to `stop` of a channel, shape (stop - start,), in its unit.

        Raises
        ------
        ReadError
            The file has become unreadable, or is shorter than its header says.
        """
        samples = np.empty(stop - start, np.float32)
        stored = 0
        for stretch in self._stretches:
            first, last = max(start, stored), min(stop, stored + stretch.stop - stretch.start)
            if first < last:
                shift = stretch.start - stored
                samples[first - start : last - start] = self._window(
                    channel, first + shift, last + shift
                )
            stored += stretch.stop - stretch.start
        return samples

    def _window(self, channel: int, start: int, stop: int) -> NDArray[np.float64]:
        """Read within one stretch; across blocks of Nihon Kohden files MNE errs."""
        with self._lock, Translated(lambda _: self._unreadable(start, stop)):
            data = self._raw.get_data(picks=[channel], start=start, stop=stop, verbose="error")
        return np.asarray(data[0] * self._scales[channel], dtype=np.float64)

    def _unreadable(self, start: int, stop: int) -> ReadError:
        """Word the error of samples that are not there."""
        return ReadError(
            f"{self._name}: samples {start} to {stop} cannot be read; get the whole file"
        )


def onsets_s(raw: Any) -> NDArray[np.float64]:
    """Return annotation onsets from the first sample; MNE counts from the start of acquisition."""
    return np.asarray(raw.annotations.onset, dtype=np.float64) - float(raw.first_time)


def stretches(raw: Any) -> tuple[Stretch, ...]:
    """Cut the recording at skips of acquisition (left out) and at joints."""
    n_samples, rate_hz = int(raw.n_times), float(raw.info["sfreq"])
    skips: list[tuple[int, int]] = []
    edges = {0, n_samples}
    annotations = raw.annotations
    rows = zip(onsets_s(raw), annotations.duration, annotations.description, strict=True)
    for onset_s, duration_s, text in rows:
        # Joints are annotated half a sample early.
        first = min(max(int(np.ceil(onset_s * rate_hz - 1e-3)), 0), n_samples)
        if text == SKIP:
            last = min(first + round(duration_s * rate_hz), n_samples)
            skips.append((first, last))
            edges |= {first, last}
        elif text in JOINTS:
            edges.add(first)
    return tuple(
        Stretch(a, b)
        for a, b in pairwise(sorted(edges))
        if not any(first <= a < last for first, last in skips)
    )


def segments(stretches: Sequence[Stretch], rate_hz: float) -> tuple[Segment, ...]:
    """Place the stretches in time."""
    lengths = np.array([s.stop - s.start for s in stretches])
    stored = np.cumsum(lengths) - lengths
    return tuple(
        Segment(s.start / rate_hz, int(n) / rate_hz, int(before) / rate_hz)
        for s, n, before in zip(stretches, lengths, stored, strict=True)
    )
