"""The level of rest of an envelope: its course, from the quietest windows around each moment."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.envelopes import Block
from amr_viewer.core.parameters import Parameters

QUIET_MS = 30.0
"""Windows whose mean decides how quiet they are: short enough to fit between the bursts of a salvo
or of jerks at 9 a second."""

CELL_S = 5.0
"""Resolution of the course; each cell is judged with the one before and the one after it, so that
unrest of the noise over tens of seconds is followed and a contraction of a few seconds is not."""

GROWTH = 3.0
"""Windows within so many standard deviations of the quietest are rest as well: the quietest alone
would put the level too low."""

LEAST_SPREAD = 0.12
"""Least standard deviation of an envelope, as part of its mean: wide-band noise is steadier than
what changes in any recording."""

HIGHER = 1.6
STEADY = 0.5
USUAL = 0.2
"""A level so much higher than the lowest fifth of the recording's is believed where half of the
windows share it for a whole block: noise is steady, activity is not. Otherwise the level is led on
from the cells before and after."""

LEAST_PART = 0.2
"""Part of its windows that a cell needs to have a level of its own."""

SUMS = ("n", "envelope", "square", "power", "slope_power")


@dataclass(slots=True)
class Quiet:
    """What accumulates of the windows of a stretch while its blocks go by.

    `windows` holds sums of the usable bins of each window, one array (n_windows, 5) per block with
    the columns of `SUMS`; `cells` the level found in each cell that is complete.
    """

    width: int
    windows: list[NDArray[np.float64]] = field(default_factory=list)
    n_windows: int = 0
    dropped: int = 0
    cells: list[NDArray[np.float64]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Levels of rest, one entry per cell; arrays have shape (n_cells,).

    Attributes
    ----------
    start, centre : ndarray
        Where each cell begins, and its middle, bins from the start of the stretch.
    mean_uv : ndarray
        Of the envelope.
    spread : ndarray
        Standard deviation of the envelope, part of its mean.
    power, slope_power : ndarray
        Means of the bins.
    """

    start: NDArray[np.float64]
    centre: NDArray[np.float64]
    mean_uv: NDArray[np.float64]
    spread: NDArray[np.float64]
    power: NDArray[np.float64]
    slope_power: NDArray[np.float64]

    def at(self, bins: NDArray[np.floating] | NDArray[np.integer]) -> Course:
        """Return the levels at some bins, led in straight lines from cell to cell."""
        at = np.asarray(bins, dtype=np.float64)
        levels = (self.mean_uv, self.spread, self.power, self.slope_power)
        return Course(at, at, *(np.interp(at, self.centre, a) for a in levels))

    def along(self, values: NDArray[np.float64], first: int, n: int) -> NDArray[np.float32]:
        """Return values of the cells led from cell to cell, for `n` bins from bin `first`."""
        at = np.arange(first, first + n, dtype=np.float64)
        return np.interp(at, self.centre, values).astype(np.float32)

    def level(self, sigmas: float) -> NDArray[np.float64]:
        """Return a level above rest, uV."""
        return np.asarray(self.mean_uv * (1.0 + sigmas * self.spread))


def per_cell(width: int, bin_hz: float) -> int:
    """Return how many windows make up a cell."""
    return max(round(CELL_S * bin_hz / width), 4)


def take_windows(
    quiet: Quiet, block: Block, stimulated: NDArray[np.bool_], bin_hz: float, p: Parameters
) -> None:
    """Take in the windows of the next block, and find the levels of the cells they complete.

    Parameters
    ----------
    quiet : Quiet
    block : Block
    stimulated : ndarray of bool, shape (n_bins,)
        Bins that hold what a stimulus evoked.
    bin_hz : float
    p : Parameters
    """
    width = quiet.width
    n = len(block.envelope_uv) // width
    usable = (block.valid & ~stimulated)[: n * width].reshape(n, width)
    sums = np.empty((n, len(SUMS)))
    e = block.envelope_uv[: n * width].reshape(n, width)
    powers = (a[: n * width].reshape(n, width) for a in (block.power, block.slope_power))
    whole, one = bool(usable.all()), np.ones(width, dtype=np.float32)
    sums[:, 0] = width if whole else usable.sum(axis=1)
    for column, values in enumerate((e, np.square(e), *powers), start=1):
        # A product with ones is the fastest sum along rows.
        sums[:, column] = (values if whole else np.where(usable, values, np.float32(0.0))) @ one
    quiet.windows.append(sums)
    quiet.n_windows += n
    _complete(quiet, bin_hz, p, last=False)


def finish_windows(quiet: Quiet, bin_hz: float, p: Parameters) -> None:
    """Find the levels of the last cells; nothing follows."""
    _complete(quiet, bin_hz, p, last=True)


def _complete(quiet: Quiet, bin_hz: float, p: Parameters, *, last: bool) -> None:
    """Find the levels of the cells whose surroundings are known."""
    size = per_cell(quiet.width, bin_hz)
    done = len(quiet.cells)
    n_cells = -(-quiet.n_windows // size) if last else quiet.n_windows // size - 1
    if n_cells <= done:
        return
    table = np.concatenate(quiet.windows)
    for cell in range(done, n_cells):
        low = max((cell - 1) * size - quiet.dropped, 0)
        quiet.cells.append(_level(table[low : (cell + 2) * size - quiet.dropped], quiet.width, p))
    keep = max((n_cells - 1) * size - quiet.dropped, 0)
    quiet.windows = [table[keep:]]
    quiet.dropped += keep


def _level(windows: NDArray[np.float64], width: int, p: Parameters) -> NDArray[np.float64]:
    """Return mean and spread of the envelope, powers, and the part of the windows that share it.

    NaN where too little is usable.
    """
    rows = windows[windows[:, 0] >= 0.5 * width]
    if len(rows) < max(LEAST_PART * len(windows), 4):
        return np.full(5, np.nan)
    means = rows[:, 1] / rows[:, 0]
    order = np.argsort(means)
    seeds = order[: max(round(p.bursts.quiet_fraction * len(order)), 1)]
    grown = _grown(means, seeds)
    n, envelope, square, power, slope = rows[grown].sum(axis=0)
    mean = envelope / n
    spread = np.sqrt(max(square / n - mean**2, 0.0)) / max(mean, 1e-12)
    return np.array([mean, max(spread, LEAST_SPREAD), power / n, slope / n, np.mean(grown)])


def _grown(means: NDArray[np.float64], seeds: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return the windows that belong with the quietest ones."""
    # In noise the quietest 15 % lie 1.55 standard deviations low on average and spread by 0.44.
    middle, spread = float(np.median(means[seeds])), float(np.std(means[seeds]))
    sd = max(spread / 0.44, 0.01 * middle)
    limit = middle + (1.55 + GROWTH) * sd
    grown = means <= min(limit, 2.0 * middle)
    if grown.sum() < max(len(seeds), 1):
        grown[seeds] = True
    return np.asarray(grown, dtype=np.bool_)


def course_of(quiet: Quiet, bin_hz: float, p: Parameters) -> Course | None:
    """Return the course of rest as far as it is known; None where no cell has a level."""
    size = per_cell(quiet.width, bin_hz)
    cells = np.array(quiet.cells).reshape(-1, 5)
    known = np.isfinite(cells[:, 0])
    if not known.any():
        return None
    mean, share = cells[:, 0], cells[:, 4]
    usual = float(np.quantile(mean[known], USUAL))
    with np.errstate(invalid="ignore"):
        high = known & (mean > HIGHER * usual)
        steady = high & (share >= STEADY)
    least = max(round(p.bursts.block_s / CELL_S), 1)
    believed = known & (~high | _lasting(steady, least))
    at = np.flatnonzero(believed)
    start = np.arange(len(cells), dtype=np.float64) * (size * quiet.width)
    centre: NDArray[np.float64] = start + 0.5 * size * quiet.width
    # Steps of the same factor are alike.
    logs = np.log(np.maximum(cells[at, :4], 1e-12))
    led = [np.exp(np.interp(centre, centre[at], logs[:, k])) for k in range(4)]
    return Course(start, centre, *led)


def _lasting(mask: NDArray[np.bool_], least: int) -> NDArray[np.bool_]:
    """Return where a mask holds for so many entries on end."""
    edges = np.flatnonzero(np.diff(mask, prepend=False, append=False))
    out = np.zeros(len(mask), dtype=np.bool_)
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        out[first:last] = last - first >= least
    return out
