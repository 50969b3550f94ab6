"""How far the envelopes of two muscles rise and fall together, and whether one copies the other.

One focus drives its muscles together to within milliseconds; effort does not, however alike the
contractions look from afar. Only the time that holds bursts at rest is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from amr_viewer.analysis.sampled_envelopes import HZ, Sampled

SMOOTH_S = 0.03
SLOW_S = 0.5
"""Envelopes of 30 ms, less what changes more slowly than half a second: that is effort."""

NEAR_S, FAR_S = 0.010, 0.080
STEPS = np.arange(-round(FAR_S * HZ), round(FAR_S * HZ) + 1)
EVERY = 3
"""Lags that one focus allows, on the skin; those that are looked at; each third bin is enough for
envelopes of 30 ms."""

LEAST_BINS = 100
STRONG = 0.5
RATIO_S = 0.05
COPY_RATIO = 0.45
COPY_SD = 0.22
NEEDLE_RATIO = 0.2
ALWAYS, OFTEN = 0.75, 0.3
AMPLE = 1.3
"""What is always less than 45 % of a strong muscle, in one ratio, may be conducted from it. In
simulated patterns copies vary by 0.1 (of a logarithm), shared drive by 0.3 (docs/criteria.md 18).
If it is so only often, what is conducted is taken off, and a little more for its variation.
Needles see little of other muscles."""


@dataclass(frozen=True, slots=True)
class Together:
    """How two envelopes go together; NaN: too little activity.

    Attributes
    ----------
    r : float
        Correlation at the best lag within 10 ms.
    peak_r, lag_ms : float
        Highest correlation within 80 ms, and its lag: the second after the first.
    copy : bool
        The weaker one may hold nothing but what is conducted from the stronger.
    faint : bool
        The weaker one is no larger than what may be conducted into it.
    """

    r: float = nan
    peak_r: float = nan
    lag_ms: float = nan
    copy: bool = False
    faint: bool = False


@dataclass(frozen=True, slots=True)
class Conducted:
    """What one channel may hold of another.

    Attributes
    ----------
    share : float
        Part of the source's strong time in which the channel is no larger than what may be
        conducted.
    part : float
        Median of the ratio in it.
    spread : float
        Of its logarithm, robust standard deviation.
    """

    share: float = 0.0
    part: float = 0.0
    spread: float = nan


def usual_uv(envelope: NDArray[np.float32], mask: NDArray[np.bool_]) -> float:
    """Return what an envelope reaches in a twentieth of its active time; 0 without any."""
    return float(np.quantile(envelope[mask], 0.95)) if mask.any() else 0.0


def cleaned(
    sampled: Sampled,
    channels: tuple[int, ...],
    mask: NDArray[np.bool_],
    limit: float = COPY_RATIO,
) -> dict[int, NDArray[np.float32]]:
    """Return the envelopes of some channels without what they often hold of each other.

    Two muscles that a third conducts into would seem to go together.
    """
    out = {}
    for b in channels:
        power = sampled.envelope_uv[b].astype(np.float64) ** 2
        for a in channels:
            source = sampled.envelope_uv[a]
            if a == b:
                continue
            found = _conducted(source, sampled.envelope_uv[b], mask, limit)
            if found.share >= OFTEN and found.spread < COPY_SD:
                power -= (AMPLE * found.part * source.astype(np.float64)) ** 2
        out[b] = np.asarray(np.sqrt(np.maximum(power, 0.0)), dtype=np.float32)
    return out


def together(
    sampled: Sampled,
    a: int,
    b: int,
    mask: NDArray[np.bool_],
    clean: dict[int, NDArray[np.float32]] | None = None,
    limit: float = COPY_RATIO,
) -> Together:
    """Return how far two channels go together within a mask.

    Parameters
    ----------
    sampled : Sampled
    a, b : int
        Indices into ``Recording.channels``.
    mask : ndarray of bool
    clean : dict of int to ndarray, optional
        The envelopes without what is conducted; left out: as recorded.
    limit : float
        Largest part of a muscle that another channel may hold of it.
    """
    one, two = sampled.envelope_uv[a], sampled.envelope_uv[b]
    if mask.sum() < LEAST_BINS:
        return Together()
    to_two, to_one = _conducted(one, two, mask, limit), _conducted(two, one, mask, limit)
    used = sampled.envelope_uv if clean is None else clean
    x, y = _quick(used[a], mask), _quick(used[b], mask)
    reach = int(STEPS[-1])
    rows = np.flatnonzero(mask)[::EVERY]
    rows = rows[(rows >= reach) & (rows < len(x) - reach)]
    if not len(rows):
        return Together()
    first, second = x[rows] - x[rows].mean(), y[rows] - y[rows].mean()
    size = float(np.sqrt((first @ first) * (second @ second)))
    if not size > 0.0:
        return Together()
    # The size of the second hardly changes with the lag; its mean drops out against a mean of 0.
    r = np.array([float(first @ y[rows + k]) for k in STEPS]) / size
    best = int(np.argmax(r))
    near = np.abs(STEPS) <= NEAR_S * HZ
    faint = to_two if usual_uv(one, mask) >= usual_uv(two, mask) else to_one
    return Together(
        float(r[near].max()),
        float(r[best]),
        1e3 * float(STEPS[best]) / HZ,
        copy=faint.share >= ALWAYS and faint.spread < COPY_SD,
        faint=faint.share >= ALWAYS,
    )


def _quick(envelope: NDArray[np.float32], mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the envelope without effort, so that large bursts do not outweigh the others."""
    power = uniform_filter1d(envelope.astype(np.float64) ** 2, round(SMOOTH_S * HZ))
    size = np.sqrt(np.maximum(power, 0.0)) / max(usual_uv(envelope, mask), 1e-9)
    even = np.sqrt(np.minimum(size, 1.0))
    return np.asarray(even - uniform_filter1d(even, round(SLOW_S * HZ)))


def _conducted(
    source: NDArray[np.float32],
    envelope: NDArray[np.float32],
    mask: NDArray[np.bool_],
    limit: float,
) -> Conducted:
    """Return what a channel may hold of another, seen where that one is strong."""
    loud = uniform_filter1d(source, round(RATIO_S * HZ))
    strong = mask & (loud >= STRONG * usual_uv(loud, mask))
    if strong.sum() < LEAST_BINS:
        return Conducted()
    held = uniform_filter1d(envelope, round(RATIO_S * HZ))[strong]
    ratio = np.maximum(held / np.maximum(loud[strong], 1e-9), 1e-3)
    small = ratio[ratio <= limit]
    if len(small) < LEAST_BINS // 2:
        return Conducted()
    q25, part, q75 = np.quantile(small, [0.25, 0.5, 0.75])
    return Conducted(len(small) / len(ratio), float(part), float(np.log(q75 / q25) / 1.35))
