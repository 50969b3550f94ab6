"""How large an event of noise gets: from the many small ones of a channel, the rare large ones.

The envelope of noise rises above its lower level some hundred times a minute. The energy of these
runs falls off exponentially, the faster the steadier the noise, and so does their highest power.
Where the line through the small ones meets the number of false bursts that is allowed, bursts
begin: long ones stand out by their energy, single sharp potentials by their power.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

ENERGY = (0.5, 4.0)
POWER = (0.75, 1.7)
"""The fall is measured from this quantile of the runs that do not reach the upper level, to this
multiple of it: bursts lie above. Of small runs the power hardly falls at all."""

STRETCH = 1.2
"""Unrest of the noise makes the fall slower towards the end."""

MOST_ENERGY_MS, MOST_POWER = 200.0, 25.0
"""Highest limits, however restless the noise: a burst of 10 dB and 20 ms passes."""

LEAST_RUNS = 30


def noise_limits(
    energy_ms: NDArray[np.float64],
    power: NDArray[np.float64],
    small: NDArray[np.bool_],
    minutes: float,
    per_min: float,
) -> tuple[float, float]:
    """Return the energy and the highest power that noise exceeds `per_min` times a minute.

    Parameters
    ----------
    energy_ms : ndarray, shape (n_runs,)
        Power above rest, as a multiple of rest, times ms.
    power : ndarray, shape (n_runs,)
        Highest power, as a multiple of rest.
    small : ndarray of bool, shape (n_runs,)
        Which runs do not reach the upper level.
    minutes, per_min : float

    Returns
    -------
    energy_ms, power : float
        0 where there are too few runs to tell, as with noise so steady that it makes none.
    """
    if small.sum() < LEAST_RUNS or minutes <= 0.0:
        return 0.0, 0.0
    allowed = 0.5 * per_min * minutes
    return (
        min(_limit(energy_ms, small, ENERGY, allowed), MOST_ENERGY_MS),
        min(_limit(power, small, POWER, allowed), MOST_POWER),
    )


def _limit(
    values: NDArray[np.float64],
    small: NDArray[np.bool_],
    between: tuple[float, float],
    allowed: float,
) -> float:
    """Return what `allowed` runs of noise exceed."""
    first = float(np.quantile(values[small], between[0]))
    if not first > 0.0:
        return 0.0
    width = (between[1] - 1.0) * first
    inside = values[(values >= first) & (values < first + width)]
    fall = _fall(float(inside.mean()) - first, width)
    number = len(inside) / -np.expm1(-fall * width)
    beyond = np.log(max(number / allowed, 1.0)) / fall
    return float(STRETCH * (first + beyond))


def _fall(mean: float, width: float) -> float:
    """Return the rate of an exponential that is cut off at `width` and has this mean."""
    # As good as even is the slowest fall that is believed.
    mean = min(max(mean, 1e-6 * width), 0.45 * width)
    rate = 1.0 / mean
    for _ in range(50):
        rate = 1.0 / (mean + width / np.expm1(min(rate * width, 700.0)))
    return float(rate)
