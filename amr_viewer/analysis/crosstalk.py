"""Which bursts are volume-conducted: copies, at the same moment, of larger ones of a neighbour.

What an electrode sees of another muscle is that muscle's signal, smaller, a little smoothed, in one
proportion for the whole recording. Muscles that one volley reaches burst together as well, but with
potentials of their own: less of one is explained by the other. How the proportion is learnt is left
to `crosstalk_kernels`.

References
----------
.. [1] De Luca CJ, Merletti R. Surface myoelectric signal cross-talk among muscles of the leg.
       Electroencephalogr Clin Neurophysiol 1988;69:568 (what is conducted arrives without delay).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.crosstalk_kernels import (
    Kernel,
    Lessons,
    delayed,
    learnt,
    predicted,
    taps_of,
)
from amr_viewer.analysis.crosstalk_spans import (
    AROUND_S,
    Pieces,
    Scene,
    Span,
    over_spans,
    pieces_of,
)
from amr_viewer.analysis.floors import Conducted, beside, sources_of
from amr_viewer.analysis.set_aside import Table

LARGER = 1.6
"""A source is at least so many times larger than its copy."""

COVERED = 0.5
"""Part of a copy's time that its source covers."""

LEARN, LEAST = 100, 3
"""Pieces from which is learnt what a channel sees of others: at most, and at least. Fewer may be
explained by chance: none of them is called a copy, but what even so is not explained is none."""

TOGETHER_S = 5.0
"""They are taken from stretches so long, spread over the recording."""

LEFT, LEFT_SD = 1.5, 3.0
EXPLAINED = 0.95
"""A piece is a copy if what is left of it is noise: at most this multiple of its power at rest and
so many standard errors. Of a copy much larger than noise 5 % may be left."""

DOUBTFUL, HALF = 1.5, 0.5
"""Where up to this multiple of that limit is left, and half is explained, nobody can tell."""

REACH = 0.7
"""What can reach no more than this part of an event's peak is not looked at: half is not
explained."""

NEITHER, COPY, DOUBT, OWN = -1, 0, 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class Product:
    """Products of the signals of one piece, as in `Lessons`."""

    gram: NDArray[np.float64]
    cross: NDArray[np.float64]
    power: float
    n_samples: int


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What pieces are: the event of each, its grade, its main source and what that sends."""

    row: NDArray[np.intp]
    grade: NDArray[np.int8]
    source: NDArray[np.intp]
    power: NDArray[np.float64]


def find_conducted(scene: Scene, free: NDArray[np.bool_]) -> Conducted:
    """Return which of the free events are volume-conducted.

    Parameters
    ----------
    scene : Scene
    free : ndarray of bool, shape (n_events,)
        Events that may be copies, or sources.

    Returns
    -------
    Conducted

    Raises
    ------
    ReadError
        The file can no longer be read.
    """
    n = len(free)
    rates = [c.sampling_hz for c in scene.recording.channels]
    sources = {
        c: [i for i in near if rates[i] == rates[c]] for c, near in sources_of(scene.places).items()
    }
    rows = suspected(scene.table, free, sources)
    lessons = _lessons(scene, pieces_of(scene.table, rows), sources)
    kernels = {c: learnt(x) for c, x in lessons.items()}
    large = _too_large(scene.table, rows, free, kernels)
    grade = np.full(n, NEITHER, dtype=np.int8)
    grade[rows[large]] = OWN
    source = np.full(n, -1, dtype=np.intp)
    largest = np.zeros(n)
    for judged in _judgements(scene, pieces_of(scene.table, rows[~large]), kernels):
        np.maximum.at(grade, judged.row, judged.grade)
        for k in np.flatnonzero(judged.power > largest[judged.row]):
            largest[judged.row[k]], source[judged.row[k]] = judged.power[k], judged.source[k]
    suspects = np.bincount(scene.table.channel[rows], minlength=len(scene.recording.channels))
    grade[(grade == COPY) & (suspects < LEAST)[scene.table.channel]] = DOUBT
    copy = grade == COPY
    return Conducted(copy, grade == OWN, np.where(copy, source, -1))


def suspected(
    table: Table, free: NDArray[np.bool_], sources: dict[int, list[int]]
) -> NDArray[np.intp]:
    """Return the rows of events that a much larger one of a possible source covers."""
    out = [np.empty(0, dtype=np.intp)]
    for channel, others in sources.items():
        mine = table.rows_of(channel, free)
        found = np.zeros(len(mine), dtype=np.bool_)
        for other in others:
            peak, covered = beside(table, mine, table.rows_of(other, free))
            found |= (covered >= COVERED) & (peak >= LARGER * table.peak_uv[mine])
        out.append(mine[found])
    return np.sort(np.concatenate(out))


def _too_large(
    table: Table, rows: NDArray[np.intp], free: NDArray[np.bool_], kernels: dict[int, Kernel]
) -> NDArray[np.bool_]:
    """Return which events are larger than all that their sources can send at the time."""
    out = np.zeros(len(rows), dtype=np.bool_)
    for channel, kernel in kernels.items():
        own = np.flatnonzero(table.channel[rows] == channel)
        most = np.zeros(len(own))
        for source, weights in zip(kernel.sources, kernel.weights, strict=True):
            peak, _ = beside(table, rows[own], table.rows_of(source, free))
            most += peak * np.abs(weights).sum()
        out[own] = most < REACH * table.peak_uv[rows[own]]
    return out


def _lessons(scene: Scene, pieces: Pieces, sources: dict[int, list[int]]) -> dict[int, Lessons]:
    """Return what there is to learn from, for the channels with suspects."""
    some = _to_learn(pieces, len(scene.recording.channels))
    products: dict[int, list[Product]] = {}
    quiet: dict[int, list[NDArray[np.float64]]] = {}
    for part in over_spans(scene, some, sources, lambda span: _products(scene, span, sources)):
        for channel, (rest, found) in part.items():
            quiet.setdefault(channel, []).append(rest)
            products.setdefault(channel, []).extend(found)
    noise = {p.index: p.noise_uv**2 for p in scene.places}
    return {
        channel: Lessons(
            tuple(sources[channel]),
            np.stack([p.gram for p in parts]),
            np.stack([p.cross for p in parts]),
            np.array([p.power for p in parts]),
            np.array([p.n_samples for p in parts], dtype=np.float64),
            _noise_power(np.concatenate(quiet[channel]), noise[channel]),
        )
        for channel, parts in products.items()
    }


def _to_learn(pieces: Pieces, n_channels: int) -> Pieces:
    """Return pieces from all over the recording, enough of each channel, that lie together."""
    lacking = np.minimum(np.bincount(pieces.channel, minlength=n_channels), LEARN)
    groups = np.floor(pieces.start_s / TOGETHER_S).astype(np.intp)
    every = np.unique(groups)
    chosen = np.zeros(len(pieces), dtype=np.bool_)
    # The middle first, then the quarters, and so on.
    for k in np.argsort(_halved(len(every)), kind="stable"):
        rows = np.flatnonzero(groups == every[k])
        if (lacking[pieces.channel[rows]] > 0).any():
            chosen[rows] = True
            lacking -= np.bincount(pieces.channel[rows], minlength=n_channels)
        if not (lacking > 0).any():
            break
    return pieces.at(chosen)


def _halved(n: int) -> NDArray[np.float64]:
    """Return ranks by which numbers from 0 lie evenly however many of them are taken."""
    k = np.arange(n)
    rank = np.zeros(n)
    for bit in range(max(n - 1, 1).bit_length()):
        rank = 2.0 * rank + ((k >> bit) & 1)
    return np.asarray(rank)


def _products(
    scene: Scene, span: Span, sources: dict[int, list[int]]
) -> dict[int, tuple[NDArray[np.float64], list[Product]]]:
    """Return power at rest, and the products of the pieces, of each channel in a span."""
    calm, taps = _calm(scene.table, span), taps_of(span.rate_hz)
    out: dict[int, tuple[NDArray[np.float64], list[Product]]] = {}
    for channel in np.unique(span.pieces.channel).tolist():
        own, others = span.samples[channel], [span.samples[i] for i in sources[channel]]
        found = []
        for k in np.flatnonzero(span.pieces.channel == channel).tolist():
            low, high = span.bounds(k)
            x = delayed(others, low, high, taps).astype(np.float64)
            y = own[low:high].astype(np.float64)
            found.append(Product(x @ x.T, x @ y, float(y @ y), high - low))
        out[channel] = own[calm[: len(own)]].astype(np.float64) ** 2, found
    return out


def _noise_power(quiet: NDArray[np.float64], known: float) -> float:
    """Return the power at rest: measured if there was enough rest."""
    return float(quiet.mean()) if len(quiet) >= 1000 else known


def _calm(table: Table, span: Span) -> NDArray[np.bool_]:
    """Return at which samples of a span no channel is active."""
    n = max(len(s) for s in span.samples.values())
    low = np.floor((table.start_s - AROUND_S / 2 - span.start_s) * span.rate_hz)
    high = np.ceil((table.end_s + AROUND_S / 2 - span.start_s) * span.rate_hz)
    near = (high > 0) & (low < n)
    steps = np.zeros(n + 1, dtype=np.intp)
    np.add.at(steps, np.clip(low[near], 0, n).astype(np.intp), 1)
    np.add.at(steps, np.clip(high[near], 0, n).astype(np.intp), -1)
    return np.asarray(np.cumsum(steps)[:n] == 0)


def _judgements(scene: Scene, pieces: Pieces, kernels: dict[int, Kernel]) -> Iterator[Judged]:
    """Yield what the pieces of each span are."""
    needed = {c: list(k.sources) for c, k in kernels.items()}
    yield from over_spans(scene, pieces, needed, lambda span: _judge(scene, span, kernels))


def _judge(scene: Scene, span: Span, kernels: dict[int, Kernel]) -> Judged:
    """Judge the pieces in a span."""
    n = len(span.pieces)
    grade, source, power = np.empty(n, np.int8), np.empty(n, np.intp), np.empty(n)
    for channel in np.unique(span.pieces.channel).tolist():
        kernel, own = kernels[channel], span.samples[channel]
        others = [span.samples[i] for i in kernel.sources]
        seen = predicted(kernel, others, taps_of(span.rate_hz))
        powers = np.concatenate([own[None], (own - seen.sum(axis=0))[None], seen]) ** 2
        total = np.concatenate(
            [np.zeros((len(powers), 1)), np.cumsum(powers, axis=1, dtype=np.float64)], axis=1
        )
        place = next(p for p in scene.places if p.index == channel)
        spread = place.sd_uv / max(place.noise_uv, 1e-12)
        for k in np.flatnonzero(span.pieces.channel == channel).tolist():
            low, high = span.bounds(k)
            mean = (total[:, high] - total[:, low]) / (high - low) / kernel.noise_power
            lasting_ms = 1e3 * (high - low) / span.rate_hz
            error = 2.0 * spread * np.sqrt(scene.parameters.bursts.window_ms / lasting_ms)
            grade[k] = _grade(float(mean[0]), float(mean[1]), error)
            power[k], source[k] = mean[2:].max(), kernel.sources[int(mean[2:].argmax())]
    return Judged(span.pieces.row, grade, source, power)


def _grade(whole: float, left: float, error: float) -> int:
    """Return what a piece is, from its power and what is left of it, as multiples of rest."""
    limit = LEFT + LEFT_SD * error
    if left <= limit or left - 1.0 <= (1.0 - EXPLAINED) * (whole - 1.0):
        return COPY
    if left <= DOUBTFUL * limit and whole - left >= HALF * (whole - 1.0):
        return DOUBT
    return OWN
