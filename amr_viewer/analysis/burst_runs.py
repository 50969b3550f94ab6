"""Where an envelope stands above rest, joined into events over gaps that are no silence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from amr_viewer.analysis.baseline import Course
from amr_viewer.analysis.burst_edges import edges_of
from amr_viewer.analysis.burst_noise import noise_limits
from amr_viewer.analysis.envelopes import Block
from amr_viewer.core.parameters import BurstParameters

SKIRT = 0.05
NEAR_MS = 150.0
"""What has less than this part of the largest envelope near it is its skirt: potentials and filters
fade away slowly, and a very large burst would seem to last until the next."""

SHARP_MS = 3.0
"""Single potentials of a needle are this short."""

GUARD_MS = 8.0
"""Left out of a gap at either end: potentials fade away below the levels."""

SILENCE_SD, DEPTH = 2.5, 0.25
SHORT_SD, SHORT_DEPTH = 1.5, 0.2
LONGEST_GAP_MS = 150.0
"""A gap parts bursts if its power is that of rest within so many standard errors, or if its size
is less than this part of the smaller neighbour's; longer ones always do. Volleys of clonic spasm
are silent between. Contractions are not: at low SNR their troughs only fall below the levels.
Gaps of up to `TRAIN_GAPS` times the usual ones need less evidence: volleys are seldom so close."""

SINGLE_MS = 5.5
TRAIN_GAPS = 2.0
"""Runs no longer than the envelope and this are single potentials; three and more that follow each
other within so many of the usual gaps are a train of a motor unit."""


@dataclass(frozen=True, slots=True, eq=False)
class Halo:
    """Power of a block and of what lies around it, as a multiple of rest; missing bins are 1.

    Attributes
    ----------
    power : ndarray of float32, shape (before + n_bins + after,)
    before : int
        Bins ahead of the block.
    total : float
        Power above rest of all bins ahead of `power`.
    """

    power: NDArray[np.float32]
    before: int
    total: float


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Stretches of an envelope above the lower level; every array has shape (n_runs,).

    Attributes
    ----------
    start, stop : ndarray of int
        Bins from the start of the stretch, stop excluded.
    onset, end : ndarray
        Where power changes, in bins.
    peak_uv : ndarray
        Highest envelope.
    height : ndarray
        How far that is above rest, in standard deviations.
    bump : ndarray
        Highest power of the envelope above rest, as a multiple of rest.
    sharp : ndarray
        Highest power over 3 ms, as a multiple of rest.
    area : ndarray
        Sum of the envelope above rest, uV times bins.
    power, slope_power : ndarray
        Sums above rest.
    energy : ndarray
        Power above rest as a multiple of it, times bins.
    ahead, behind : ndarray
        Power above rest, multiples of it, summed over all bins up to shortly ahead of the run, and
        up to shortly after it.
    """

    start: NDArray[np.intp]
    stop: NDArray[np.intp]
    onset: NDArray[np.float64]
    end: NDArray[np.float64]
    peak_uv: NDArray[np.float64]
    height: NDArray[np.float64]
    bump: NDArray[np.float64]
    sharp: NDArray[np.float64]
    area: NDArray[np.float64]
    power: NDArray[np.float64]
    slope_power: NDArray[np.float64]
    energy: NDArray[np.float64]
    ahead: NDArray[np.float64]
    behind: NDArray[np.float64]

    def __len__(self) -> int:
        """Return their number."""
        return len(self.start)


FIRST = ("start", "onset", "ahead")
LAST = ("stop", "end", "behind")
SUMS = ("area", "power", "slope_power", "energy")
TOPS = ("peak_uv", "height", "bump", "sharp")
NAMES = (*FIRST, *LAST, *SUMS, *TOPS)


def runs_of(
    block: Block, course: Course, halo: Halo, off_sigma: float, window: int, bin_hz: float
) -> Runs:
    """Return the runs of a block above the lower level."""
    e = block.envelope_uv
    off = course.along(course.level(off_sigma), block.first, len(e))
    if SKIRT * e.max() > off.min():
        near = 2 * round(1e-3 * NEAR_MS * bin_hz) + 1
        off = np.maximum(off, np.float32(SKIRT) * maximum_filter1d(e, near))
    above = (e > off) & block.valid
    edges = np.flatnonzero(np.diff(above, prepend=False, append=False))
    start, stop = edges[::2], edges[1::2]
    if not len(start):
        return no_runs()
    rest = course.at(block.first + 0.5 * (start + stop))
    lasting = stop - start
    # reduceat runs on to the next index, so that each stretch between runs is a piece of its own.
    pieces = edges if stop[-1] < len(e) else edges[:-1]

    def summed(values: NDArray[np.float32]) -> NDArray[np.float64]:
        return np.asarray(np.add.reduceat(values, pieces, dtype=np.float64)[::2])

    per_ms = 1e-3 * bin_hz
    peak = np.maximum.reduceat(e, pieces)[::2].astype(np.float64)
    sharp = _over(halo.power, round(SHARP_MS * per_ms))[halo.before : halo.before + len(e)]
    skirt = np.maximum((SKIRT * peak / rest.mean_uv) ** 2, 1.0)
    onset, end = edges_of(
        halo.power, skirt, start + halo.before, stop + halo.before, window, per_ms
    )
    total = halo.total + np.append(0.0, np.cumsum(halo.power - 1.0, dtype=np.float64))

    def total_at(bins: NDArray[np.intp]) -> NDArray[np.float64]:
        return np.asarray(total[np.clip(bins + halo.before, 0, len(total) - 1)])

    guard, edge = round(GUARD_MS * per_ms), round(SHARP_MS * per_ms)
    shift = block.first - halo.before
    return Runs(
        start=start + block.first,
        stop=stop + block.first,
        onset=onset + shift,
        end=end + shift,
        peak_uv=peak,
        height=(peak / rest.mean_uv - 1.0) / rest.spread,
        bump=(peak / rest.mean_uv) ** 2 - 1.0,
        sharp=np.maximum.reduceat(sharp, pieces)[::2].astype(np.float64),
        area=summed(e) - rest.mean_uv * lasting,
        power=summed(block.power) - rest.power * lasting,
        slope_power=summed(block.slope_power) - rest.slope_power * lasting,
        energy=total_at(stop + edge) - total_at(start - edge),
        ahead=total_at(start - guard),
        behind=total_at(stop + guard),
    )


def _over(power: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    """Return the mean over `width` bins around each."""
    kernel = np.full(max(width, 1), 1.0 / max(width, 1), dtype=np.float32)
    return np.convolve(power, kernel, mode="same")


def no_runs() -> Runs:
    """Return no runs."""
    none, rest = np.empty(0, np.intp), [n for n in NAMES if n not in {"start", "stop"}]
    return Runs(start=none, stop=none, **{n: np.empty(0) for n in rest})


def joined(runs: Runs, begins: NDArray[np.bool_]) -> Runs:
    """Return runs joined to the one before them where none begins."""
    if not len(runs):
        return runs
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(begins)) - 1
    return Runs(
        **{n: getattr(runs, n)[first] for n in FIRST},
        **{n: getattr(runs, n)[last] for n in LAST},
        **{n: np.add.reduceat(getattr(runs, n), first) for n in SUMS},
        **{n: np.maximum.reduceat(getattr(runs, n), first) for n in TOPS},
    )


def kept(runs: Runs, rows: NDArray[np.bool_]) -> Runs:
    """Return some of the runs."""
    return Runs(**{n: getattr(runs, n)[rows] for n in NAMES})


def concatenated(parts: list[Runs]) -> Runs:
    """Return the runs of following blocks as one; what a border parted is one run again."""
    if not parts:
        return no_runs()
    runs = Runs(**{n: np.concatenate([getattr(p, n) for p in parts]) for n in NAMES})
    begins = np.ones(len(runs), dtype=np.bool_)
    begins[1:] = runs.start[1:] > runs.stop[:-1]
    return joined(runs, begins)


def least_sizes(
    whole: list[Runs], bin_hz: float, minutes: float, b: BurstParameters
) -> tuple[float, float]:
    """Return energy (ms) and highest power from which the runs of a channel are no noise.

    Parameters
    ----------
    whole : list of Runs
        Of all its stretches, as `concatenated` returns them.
    bin_hz, minutes : float
    b : BurstParameters
    """
    energy, sharp, height = (
        np.concatenate([np.empty(0), *(getattr(r, n) for r in whole)])
        for n in ("energy", "sharp", "height")
    )
    small = height < b.on_sigma
    return noise_limits(1e3 / bin_hz * energy, sharp, small, minutes, b.noise_per_min)


def events(
    whole: Runs,
    spread: float,
    window: int,
    bin_hz: float,
    least: tuple[float, float],
    b: BurstParameters,
) -> tuple[Runs, NDArray[np.bool_]]:
    """Return the events: runs that reach the upper level, joined over gaps, and long enough.

    Parameters
    ----------
    whole : Runs
        Of a stretch.
    spread : float
        Usual standard deviation of the envelope at rest, part of its mean.
    window : int
        Bins of the envelope.
    bin_hz : float
    least : (float, float)
        What `least_sizes` says.
    b : BurstParameters

    Returns
    -------
    runs : Runs
    weak : ndarray of bool, shape (n_runs,)
        Which are no larger than what noise makes.
    """
    bin_ms = 1e3 / bin_hz
    high = kept(whole, whole.height >= b.on_sigma)
    begins = np.ones(len(high), dtype=np.bool_)
    begins[1:] = _parted(high, spread, window, bin_hz, b.gap_ms)
    found = joined(high, begins)
    found = kept(found, found.stop - found.start >= max(round(b.min_ms / bin_ms), 1))
    return found, (bin_ms * found.energy < least[0]) & (found.sharp < least[1])


def _parted(
    runs: Runs, spread: float, window: int, bin_hz: float, gap_ms: float
) -> NDArray[np.bool_]:
    """Return which gaps between runs part them."""
    gap = runs.start[1:] - runs.stop[:-1]
    inner = np.maximum(gap - 2 * round(GUARD_MS * 1e-3 * bin_hz), 1)
    power = (runs.ahead[1:] - runs.behind[:-1]) / inner
    # Power over a window varies twice as much as its root, and less over longer pieces.
    error = 2.0 * spread * np.sqrt(window / inner)
    smaller = np.minimum(runs.bump[1:], runs.bump[:-1])
    usual = max(1e-3 * gap_ms * bin_hz, 1.0)
    short = gap < TRAIN_GAPS * usual
    silent = power < np.where(short, SHORT_SD, SILENCE_SD) * error
    silent |= power < np.where(short, SHORT_DEPTH, DEPTH) ** 2 * smaller
    silent |= gap > 1e-3 * LONGEST_GAP_MS * bin_hz
    single = runs.stop - runs.start <= window + 1e-3 * SINGLE_MS * bin_hz
    close = short & single[1:] & single[:-1]
    train = close & (np.append(close[1:], False) | np.append(False, close[:-1]))
    return np.asarray((gap >= usual) & silent & ~train)
