"""The level of rest of an envelope, from its quietest windows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.envelopes import Block
from amr_viewer.core.parameters import Parameters

QUIET_MS = 250.0
"""Windows whose mean decides how quiet they are."""

GROWTH = 3.0
"""Windows within so many standard deviations of the quietest are rest as well: the quietest alone
would put the level too low."""

LEAST_SPREAD = 0.12
"""Least standard deviation of an envelope, as part of its mean: wide-band noise is steadier than
what changes in any recording."""

HIGHER = 1.6
STEADY = 0.5
"""A level so much higher than the one before is believed where half of the windows share it: noise
is steady, activity is not. Otherwise the level before is kept."""


@dataclass(frozen=True, slots=True)
class Rest:
    """The level of rest of a block.

    Attributes
    ----------
    mean_uv, sd_uv : float
        Of the envelope.
    power, slope_power : float
        Means of the bins.
    """

    mean_uv: float
    sd_uv: float
    power: float
    slope_power: float

    def level(self, sigmas: float) -> float:
        """Return a level above rest."""
        return self.mean_uv + sigmas * self.sd_uv


def rest_of(
    block: Block, stimulated: NDArray[np.bool_], width: int, before: Rest | None, p: Parameters
) -> Rest | None:
    """Return the level of rest of a block.

    Parameters
    ----------
    block : Block
    stimulated : ndarray of bool, shape (n_bins,)
        Bins that hold what a stimulus evoked.
    width : int
        Bins of a window.
    before : Rest or None
        That of the block before.
    p : Parameters

    Returns
    -------
    Rest or None
        That of the block before where this one holds no rest; None if there is none at all.
    """
    n = len(block.envelope_uv) // width
    usable = block.valid & ~stimulated
    counts = usable[: n * width].reshape(n, width).sum(axis=1)
    rows = np.flatnonzero(counts >= width // 2)
    if not len(rows):
        return before
    shaped = [
        np.where(usable, a, 0.0)[: n * width].reshape(n, width)[rows]
        for a in (block.envelope_uv, block.power, block.slope_power)
    ]
    weights = counts[rows]
    means = shaped[0].sum(axis=1) / weights
    order = np.argsort(means)
    seeds = order[: max(round(p.bursts.quiet_fraction * len(order)), 1)]
    grown = _grown(means, seeds, len(order))
    total = float(weights[grown].sum())
    mean = float(shaped[0][grown].sum()) / total
    square = float((shaped[0][grown].astype(np.float64) ** 2).sum()) / total
    sd = max(float(np.sqrt(max(square - mean**2, 0.0))), LEAST_SPREAD * mean)
    found = Rest(mean, sd, *(float(a[grown].sum()) / total for a in shaped[1:]))
    share = float(np.mean(grown))
    if before is not None and mean > HIGHER * before.mean_uv > 0.0 and share < STEADY:
        return before
    return found


def _grown(means: NDArray[np.float64], seeds: NDArray[np.intp], n: int) -> NDArray[np.bool_]:
    """Return the windows that belong with the quietest ones."""
    # In noise the quietest 15 % lie 1.55 standard deviations low on average and spread by 0.44.
    middle, spread = float(np.median(means[seeds])), float(np.std(means[seeds]))
    sd = max(spread / 0.44, 0.01 * middle)
    limit = middle + (1.55 + GROWTH) * sd
    grown = means <= min(limit, 1.5 * middle)
    if grown.sum() < max(len(seeds), 1):
        grown[seeds] = True
    return np.asarray(grown, dtype=np.bool_)
