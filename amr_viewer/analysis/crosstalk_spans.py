"""The signals around pieces of events, some channels at once, a span of time after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.envelopes import filtered, track_of
from amr_viewer.analysis.free_filter import plan_of
from amr_viewer.analysis.set_aside import Place, Table
from amr_viewer.analysis.stretches import Stretch
from amr_viewer.analysis.threads import thread_pool
from amr_viewer.core.bursts import Electrode
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.recording import Recording

PIECE_S = 0.2
EDGE_S = 0.005
"""Events are compared in pieces, so that a short burst of the muscle itself is not lost in a long
copy; this much around them belongs to them."""

JOIN_S, AROUND_S, LONGEST_S = 3.0, 0.1, 60.0
"""Signal is read in spans: pieces nearer than this at once, with this much around them, no more
than a minute."""

AT_ONCE = 6
"""Spans that are in memory at once."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Where copies are looked for; `mains` are the channels in which there is some."""

    recording: Recording
    stretches: list[Stretch]
    table: Table
    places: tuple[Place, ...]
    stimuli_s: NDArray[np.float64]
    parameters: Parameters
    mains: frozenset[int]


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Pieces of events, in order of time; arrays have shape (n_pieces,)."""

    row: NDArray[np.intp]
    channel: NDArray[np.intp]
    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]

    def __len__(self) -> int:
        """Return their number."""
        return len(self.row)

    def at(self, rows: NDArray[np.intp] | NDArray[np.bool_] | slice) -> Pieces:
        """Return some of them."""
        return Pieces(self.row[rows], self.channel[rows], self.start_s[rows], self.end_s[rows])


@dataclass(frozen=True, slots=True, eq=False)
class Span:
    """Signals over some time, by channel, and the pieces in it."""

    start_s: float
    rate_hz: float
    samples: dict[int, NDArray[np.float32]]
    pieces: Pieces

    def bounds(self, k: int) -> tuple[int, int]:
        """Return first and last sample of a piece."""
        low = round((self.pieces.start_s[k] - EDGE_S - self.start_s) * self.rate_hz)
        high = round((self.pieces.end_s[k] + EDGE_S - self.start_s) * self.rate_hz)
        return low, max(high, low + 2)


def pieces_of(table: Table, rows: NDArray[np.intp]) -> Pieces:
    """Cut events into pieces."""
    lasting = table.end_s[rows] - table.start_s[rows]
    number = np.maximum(np.rint(lasting / PIECE_S).astype(np.intp), 1)
    row = np.repeat(rows, number)
    place = np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number)
    length = np.repeat(lasting / number, number)
    start = table.start_s[row] + place * length
    order = np.argsort(start, kind="stable")
    return Pieces(row, table.channel[row], start, start + length).at(order)


def over_spans(
    scene: Scene, pieces: Pieces, sources: dict[int, list[int]], of: Callable[[Span], T]
) -> Iterator[T]:
    """Yield what `of` makes of the signals around pieces, some spans at once."""
    jobs: list[tuple[Stretch, Pieces]] = []
    rates = np.array([c.sampling_hz for c in scene.recording.channels])[pieces.channel]
    for rate in np.unique(rates):
        alike = pieces.at(rates == rate)
        for stretch in scene.stretches:
            inside = (alike.start_s >= stretch.start_s) & (alike.end_s <= stretch.end_s)
            jobs += [(stretch, part) for part in _grouped(alike.at(inside))]

    def one(job: tuple[Stretch, Pieces]) -> T:
        stretch, part = job
        channels = set(part.channel.tolist())
        channels |= {i for c in channels for i in sources[c]}
        return of(_read(scene, stretch, part, sorted(channels)))

    with thread_pool() as pool:
        for first in range(0, len(jobs), AT_ONCE):
            yield from pool.map(one, jobs[first : first + AT_ONCE])


def _grouped(pieces: Pieces) -> Iterator[Pieces]:
    """Yield pieces that are read at once."""
    first = 0
    for k in range(1, len(pieces) + 1):
        if (
            k == len(pieces)
            or pieces.start_s[k] - pieces.end_s[first:k].max() > JOIN_S
            or pieces.end_s[k] - pieces.start_s[first] > LONGEST_S
        ):
            yield pieces.at(slice(first, k))
            first = k


def _read(scene: Scene, stretch: Stretch, pieces: Pieces, channels: list[int]) -> Span:
    """Read and filter the signals around pieces."""
    samples = {}
    start_s = rate_hz = 0.0
    for channel in channels:
        sampling_hz = scene.recording.channels[channel].sampling_hz
        # Needles as well: what is conducted is slow.
        plan = plan_of(sampling_hz, Electrode.SURFACE, scene.parameters)
        track = track_of(scene.recording, channel, stretch, plan)
        first = int((pieces.start_s.min() - AROUND_S - track.start_s) * plan.bin_hz)
        last = int((pieces.end_s.max() + AROUND_S - track.start_s) * plan.bin_hz) + 1
        found = filtered(
            scene.recording, track, first, last - first, scene.stimuli_s, scene.parameters,
            mains=channel in scene.mains,
        )  # fmt: skip
        samples[channel] = found.samples
        start_s = float(track.time_s(np.array([first]))[0])
        rate_hz = plan.rate_hz / plan.factor
    return Span(start_s, rate_hz, samples, pieces)
