"""Where an envelope stands above rest, joined over the borders of blocks into events."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.baseline import Rest
from amr_viewer.analysis.envelopes import Block


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Stretches of an envelope above the lower level; every array has shape (n_runs,).

    Attributes
    ----------
    start, stop : ndarray of int
        Bins from the start of the stretch, stop excluded.
    peak_uv : ndarray
        Highest envelope.
    height : ndarray
        How far that is above rest, in standard deviations.
    area : ndarray
        Sum of the envelope above rest, uV times bins.
    power, slope_power : ndarray
        Sums above rest.
    """

    start: NDArray[np.intp]
    stop: NDArray[np.intp]
    peak_uv: NDArray[np.float64]
    height: NDArray[np.float64]
    area: NDArray[np.float64]
    power: NDArray[np.float64]
    slope_power: NDArray[np.float64]

    def __len__(self) -> int:
        """Return their number."""
        return len(self.start)


NAMES = ("start", "stop", "peak_uv", "height", "area", "power", "slope_power")
SUMS = ("area", "power", "slope_power")


def runs_of(block: Block, rest: Rest, off_sigma: float) -> Runs:
    """Return the runs of a block above the lower level."""
    e = block.envelope_uv
    above = (e > rest.level(off_sigma)) & block.valid
    edges = np.flatnonzero(np.diff(above, prepend=False, append=False))
    start, stop = edges[::2], edges[1::2]
    if not len(start):
        return _empty()
    # reduceat runs on to the next index, so that each stretch between runs is a piece of its own.
    pieces = edges if stop[-1] < len(e) else edges[:-1]
    peak = np.maximum.reduceat(e, pieces)[::2].astype(np.float64)

    def summed(values: NDArray[np.float32], level: float) -> NDArray[np.float64]:
        whole = np.add.reduceat(values, pieces, dtype=np.float64)[::2]
        return np.asarray(whole - level * (stop - start))

    return Runs(
        start + block.first,
        stop + block.first,
        peak,
        (peak - rest.mean_uv) / max(rest.sd_uv, 1e-12),
        summed(e, rest.mean_uv),
        summed(block.power, rest.power),
        summed(block.slope_power, rest.slope_power),
    )


def _empty() -> Runs:
    """Return no runs."""
    none = np.empty(0)
    return Runs(np.empty(0, np.intp), np.empty(0, np.intp), *(none for _ in range(5)))


def joined(parts: list[Runs], gap: int) -> Runs:
    """Return the runs of following blocks as one, those less than `gap` bins apart merged."""
    arrays = {n: np.concatenate([getattr(p, n) for p in parts]) for n in NAMES} if parts else {}
    if not parts or not len(arrays["start"]):
        return _empty()
    begins = np.ones(len(arrays["start"]), dtype=np.bool_)
    begins[1:] = arrays["start"][1:] - arrays["stop"][:-1] >= max(gap, 1)
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(begins)) - 1
    sums = {n: np.add.reduceat(arrays[n], first) for n in SUMS}
    tops = {n: np.maximum.reduceat(arrays[n], first) for n in ("peak_uv", "height")}
    return Runs(arrays["start"][first], arrays["stop"][last], **tops, **sums)


def kept(runs: Runs, rows: NDArray[np.bool_]) -> Runs:
    """Return some of the runs."""
    return Runs(**{n: getattr(runs, n)[rows] for n in NAMES})


def events(parts: list[Runs], on_sigma: float, gap: int, least: int) -> Runs:
    """Return the events: runs that reach the upper level, merged, and long enough."""
    whole = joined(parts, 1)
    reaching = joined([kept(whole, whole.height >= on_sigma)], gap)
    return kept(reaching, reaching.stop - reaching.start >= least)
