"""The evidence of one window for a known shape: a Bayes factor over all shifts and sizes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SIZE_SPREAD = 0.5
"""Spread of a response's size around the run's, relative (docs/criteria.md 6)."""

LEAST_SIZE = 0.3
"""A response smaller than this against the run's is not told from none (default of this program):
a size of zero would make a response of every sweep."""

PRIOR_DOF = 60.0
"""Weight, in samples, of the baseline's noise against that of the window itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """What the correlation with a shape says of each sweep; fields as in `template.Scores`.

    `variance` is that of the window's noise against its baseline's, at the best shift.
    """

    log_bayes: NDArray[np.float64]
    lag: NDArray[np.float64]
    size: NDArray[np.float64]
    variance: NDArray[np.float64]


def posterior(
    cross: NDArray[np.float32],
    shape_energy: NDArray[np.float32],
    energy: NDArray[np.float32],
    lag_spread: float,
    n_times: int,
) -> Posterior:
    """Integrate over shift and size.

    The size has a normal prior around 1, cut off at `LEAST_SIZE`; the noise's variance is that of
    the baseline and of what the window holds beside the shape, so that a burst of other muscle
    activity, which raises both, is no evidence.

    Parameters
    ----------
    cross : ndarray, shape (..., n_lags)
        Correlation of the window with the shape at each shift.
    shape_energy : ndarray, broadcastable to cross.shape[:-1]
    energy : ndarray, broadcastable to cross.shape[:-1]
        Sum of squares of the window.
    lag_spread : float
        Samples.
    n_times : int
        Samples in the window.

    Returns
    -------
    Posterior
    """
    from scipy.special import log_ndtr

    reach = cross.shape[-1] // 2
    lags = np.arange(-reach, reach + 1)
    prior = np.exp(-0.5 * (lags / lag_spread) ** 2) + 1e-3
    log_prior = np.log(prior / prior.sum())
    c = cross.astype(np.float64)
    es = np.broadcast_to(np.asarray(shape_energy, dtype=np.float64), c.shape[:-1])[..., None]
    e0 = np.broadcast_to(np.asarray(energy, dtype=np.float64), c.shape[:-1])[..., None]
    explained = np.where(es > 1e-6, np.maximum(c, 0.0) ** 2 / np.maximum(es, 1e-6), 0.0)
    rest = np.maximum(e0 - np.minimum(explained, e0), 0.0)
    variance = np.maximum((PRIOR_DOF + rest) / (PRIOR_DOF + n_times), 0.5)
    precision = 1.0 / SIZE_SPREAD**2
    cs, ess = c / variance, es / variance
    sharp = precision + ess
    mean = (cs + precision) / sharp
    log_factor = (
        0.5 * np.log(precision / sharp)
        + 0.5 * mean * (cs + precision)
        - 0.5 * precision
        + log_ndtr((mean - LEAST_SIZE) * np.sqrt(sharp))
        - log_ndtr((1.0 - LEAST_SIZE) * np.sqrt(precision))
    )
    joint = log_factor + log_prior
    best = joint.argmax(axis=-1)
    top = np.take_along_axis(joint, best[..., None], axis=-1)[..., 0]
    log_bayes = top + np.log(np.exp(joint - top[..., None]).sum(axis=-1))
    lag = best - reach + _vertex(joint, best)
    size, variance_at = (
        np.take_along_axis(np.broadcast_to(v, c.shape), best[..., None], axis=-1)[..., 0]
        for v in (np.maximum(mean, LEAST_SIZE), variance)
    )
    return Posterior(log_bayes, lag, size, variance_at)


def _vertex(joint: NDArray[np.float64], best: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the offset of the parabola's vertex from its highest sample, -0.5 to 0.5."""
    n = joint.shape[-1]
    inner = np.clip(best, 1, n - 2)
    low, mid, high = (
        np.take_along_axis(joint, (inner + k)[..., None], axis=-1)[..., 0] for k in (-1, 0, 1)
    )
    curve = low - 2 * mid + high
    shift = np.where(
        np.abs(curve) > 1e-12, 0.5 * (low - high) / np.where(curve == 0, 1, curve), 0.0
    )
    return np.where(inner == best, np.clip(shift, -0.5, 0.5), 0.0)
