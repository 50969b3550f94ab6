"""The evidence of one window for a known shape: a Bayes factor over all shifts and sizes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.normal import log_normal

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
    reach = cross.shape[-1] // 2
    c = cross.reshape(-1, cross.shape[-1]).astype(np.float64)
    es, e0 = (
        np.broadcast_to(np.asarray(x, dtype=np.float64), cross.shape[:-1]).reshape(-1, 1)
        for x in (shape_energy, energy)
    )
    gain = np.where(es > 1e-6, 1.0 / np.maximum(es, 1e-6), 0.0)
    rest = np.maximum(e0 - np.maximum(c, 0.0) ** 2 * gain, 0.0)
    variance = np.maximum((PRIOR_DOF + rest) / (PRIOR_DOF + n_times), 0.5)
    # Numerator and denominator of the mean size, both times the variance.
    prior = variance / SIZE_SPREAD**2
    total, sharp = c + prior, es + prior
    mean = total / sharp
    log_factor = 0.5 * (np.log(prior / sharp) + mean * total / variance)
    log_factor += log_normal((mean - LEAST_SIZE) * np.sqrt(sharp / variance))
    joint = log_factor + _log_prior(reach, lag_spread)
    best, rows = joint.argmax(axis=-1), np.arange(len(joint))
    top = joint[rows, best]
    log_bayes = top + np.log(np.exp(joint - top[:, None]).sum(axis=-1))
    lag = best - reach + _vertex(joint, best)
    size = np.maximum(mean[rows, best], LEAST_SIZE)
    found = (log_bayes, lag, size, variance[rows, best])
    return Posterior(*(values.reshape(cross.shape[:-1]) for values in found))


def _log_prior(reach: int, lag_spread: float) -> NDArray[np.float64]:
    """Return the logarithm of the prior of each shift, over the norm of the prior of the size."""
    lags = np.arange(-reach, reach + 1)
    prior = np.exp(-0.5 * (lags / lag_spread) ** 2) + 1e-3
    precision = 1.0 / SIZE_SPREAD**2
    norm = log_normal(np.array([(1.0 - LEAST_SIZE) * np.sqrt(precision)]))
    return np.asarray(np.log(prior / prior.sum()) - 0.5 * precision - norm)


def _vertex(joint: NDArray[np.float64], best: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the offset of the parabola's vertex from its highest sample, -0.5 to 0.5."""
    inner, rows = np.clip(best, 1, joint.shape[-1] - 2), np.arange(len(joint))
    low, mid, high = (joint[rows, inner + k] for k in (-1, 0, 1))
    curve = low - 2 * mid + high
    shift = np.where(
        np.abs(curve) > 1e-12, 0.5 * (low - high) / np.where(curve == 0, 1, curve), 0.0
    )
    return np.where(inner == best, np.clip(shift, -0.5, 0.5), 0.0)
