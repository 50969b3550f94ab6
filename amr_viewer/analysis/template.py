"""Learn the shape of a response that jitters and comes and goes, and score sweeps against it.

A run of sweeps is modelled as noise plus, with probability `persistence`, a shape of unknown form
that is shifted by a few tenths of a millisecond and scaled from sweep to sweep. Expectation
maximization finds shape, shifts, sizes and presence together. No sweep is ever scored with a shape
that it helped to form: shapes are learned in folds, each without the sweeps that it judges, so that
noise scores the same after a stimulus as anywhere else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAX_LEARN = 400
"""Sweeps that a shape is learned from; further ones are only judged."""

ITERATIONS = 10

SIZE_SPREAD = 0.5
"""Spread of a response's size around the run's, relative; AMRs vary by a third."""

NOISE_CUT = 3.0
"""Multiple of the noise's energy below which a stretch of the shape is taken for noise."""

PRIOR_DOF = 60.0
"""Weight, in samples, of the baseline's noise against that of the window itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """Shapes learned from a run, one per fold.

    Attributes
    ----------
    shape : ndarray of float32, shape (n_folds, n_times)
        In units of the noise, on the search window's time axis.
    fold : ndarray of int, shape (n_stimuli,)
        The fold that judges each sweep.
    lag_spread : float
        Standard deviation of the latency, in samples.
    """

    shape: NDArray[np.float32]
    fold: NDArray[np.intp]
    lag_spread: float


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """How well each sweep agrees with the shape.

    Attributes
    ----------
    log_bayes : ndarray, shape (n,)
        Log of the Bayes factor response : noise, over all shifts and sizes.
    lag : ndarray, shape (n,)
        Most probable shift, samples (fractional); positive = later.
    size : ndarray, shape (n,)
        Estimated size relative to the shape.
    """

    log_bayes: NDArray[np.float64]
    lag: NDArray[np.float64]
    size: NDArray[np.float64]


def learn_shapes(
    white: NDArray[np.float32],
    good: NDArray[np.bool_],
    reach: int,
    lag_spread: float,
    smooth: float,
) -> Shapes:
    """Learn the shape of the response in each fold.

    Parameters
    ----------
    white : ndarray, shape (n_stimuli, n_times)
        Search window of every sweep, noise white and of unit variance.
    good : ndarray of bool, shape (n_stimuli,)
        Sweeps to learn from.
    reach : int
        Largest shift, samples.
    lag_spread : float
        Standard deviation of the shift to begin with, samples.
    smooth : float
        Samples over which the energy of the shape is judged against noise.

    Returns
    -------
    Shapes
    """
    n = len(white)
    rows = np.flatnonzero(good)
    n_folds = _n_folds(len(rows))
    fold = np.arange(n) % n_folds
    fold[rows] = np.arange(len(rows)) % n_folds
    if len(rows) > MAX_LEARN:
        rows = rows[np.linspace(0, len(rows) - 1, MAX_LEARN).astype(int)]
    if len(rows) < 3:
        return Shapes(np.zeros((n_folds, white.shape[1]), dtype=np.float32), fold, lag_spread)
    learner = _Learner(white[rows], fold[rows], n_folds, reach, smooth)
    best = max((learner.run(start, lag_spread) for start in learner.starts()), key=lambda r: r[2])
    return Shapes(best[0], fold, best[1])


def _n_folds(n: int) -> int:
    """Return the number of folds: many for few sweeps."""
    if n <= 60:
        return max(min(n, 10), 1)
    return 5 if n <= 200 else 2


class _Learner:
    """Expectation maximization of one channel, all folds at once."""

    def __init__(
        self,
        white: NDArray[np.float32],
        fold: NDArray[np.intp],
        n_folds: int,
        reach: int,
        smooth: float,
    ) -> None:
        """Transform the sweeps once."""
        from scipy.fft import next_fast_len, rfft

        self.n, self.n_times = white.shape
        self.reach, self.smooth = reach, smooth
        self.length = next_fast_len(self.n_times + 2 * reach, real=True)
        self.white = white
        self.spectrum = rfft(white, n=self.length, axis=-1)
        self.energy = (white**2).sum(axis=1)
        self.mask = (fold[None, :] != np.arange(n_folds)[:, None]).astype(np.float32)
        if n_folds == 1:
            self.mask[:] = 1.0
        self.turn = 2j * np.pi * np.arange(self.spectrum.shape[1]) / self.length

    def starts(self) -> list[NDArray[np.float32]]:
        """Return shifts to begin with, (n_stimuli,) each: none, and those to the best sweep."""
        zero = np.zeros(self.n, dtype=np.float32)
        strongest = np.argsort(self.energy)[::-1][: min(5, self.n)]
        cross = self._cross(self.spectrum[strongest][:, None, :])
        total = np.maximum(cross.max(axis=-1), 0.0).sum(axis=1)
        best = int(np.argmax(total))
        lags = cross[best].argmax(axis=-1) - self.reach
        return [zero, (lags - np.median(lags)).astype(np.float32)]

    def _cross(self, shape_spectrum: NDArray[np.complex64]) -> NDArray[np.float32]:
        """Correlate sweeps with shapes (k, 1, f) -> (k, n_stimuli, 2 reach + 1)."""
        from scipy.fft import irfft

        product = self.spectrum[None] * np.conj(shape_spectrum)
        full = irfft(product, n=self.length, axis=-1)
        return np.concatenate([full[..., -self.reach :], full[..., : self.reach + 1]], axis=-1)

    def run(
        self, lags: NDArray[np.float32], lag_spread: float
    ) -> tuple[NDArray[np.float32], float, float]:
        """Iterate; return shapes (k, n_times), spread of the shift, and the score reached."""
        from scipy.fft import rfft

        k = len(self.mask)
        lag = np.broadcast_to(lags, (k, self.n)).astype(np.float32)
        # A sweep with a burst or a pop counts as little as its excess of energy says.
        excess = np.maximum((PRIOR_DOF + self.energy) / (PRIOR_DOF + self.n_times), 1.0)
        presence = size = np.ones((k, self.n))
        variance = np.broadcast_to(excess, (k, self.n))
        shape = np.zeros((k, self.n_times), dtype=np.float32)
        total, spread = -np.inf, lag_spread
        for _ in range(ITERATIONS):
            shape = self._shape(presence * self.mask, size, variance, lag)
            cross = self._cross(rfft(shape, n=self.length, axis=-1)[:, None, :])
            energy = (shape**2).sum(axis=1)[:, None]
            post = posterior(cross, energy, self.energy, spread, self.n_times)
            presence, persistence = self._presence(post.log_bayes)
            size, variance = post.size, post.variance
            lag = post.lag.astype(np.float32)
            lag = lag - ((lag * presence).sum(axis=1) / presence.sum(axis=1))[:, None]
            seen = presence * self.mask
            spread = np.sqrt((seen * lag**2).sum() / seen.sum())
            spread = float(np.clip(spread, 1.0, 0.6 * self.reach))
            total = self._judged_outside(post.log_bayes, persistence)
        return shape, spread, total

    def _presence(
        self, log_bayes: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the presence of every sweep and the persistence of every fold, (k, n), (k,)."""
        factor = np.exp(np.clip(log_bayes, -50.0, 50.0))
        first = factor / (1.0 + factor)
        share = (first * self.mask).sum(axis=1) / self.mask.sum(axis=1)
        persistence = np.clip(share, 0.02, 0.98)
        odds = factor * (persistence / (1.0 - persistence))[:, None]
        return odds / (1.0 + odds), persistence

    def _judged_outside(
        self, log_bayes: NDArray[np.float64], persistence: NDArray[np.float64]
    ) -> float:
        """Return the log likelihood of the sweeps that no shape was learned from."""
        absent, present = np.log1p(-persistence)[:, None], np.log(persistence)[:, None]
        outside = 1.0 - self.mask if len(self.mask) > 1 else self.mask
        return float((outside * np.logaddexp(absent, present + log_bayes)).sum())

    def _shape(
        self,
        presence: NDArray[np.float64],
        size: NDArray[np.float64],
        variance: NDArray[np.float64],
        lag: NDArray[np.float32],
    ) -> NDArray[np.float32]:
        """Average the sweeps, shifted back and weighted, and shrink what noise explains."""
        from scipy.fft import irfft
        from scipy.ndimage import gaussian_filter1d

        weight = (presence * size / variance).astype(np.float32)
        power = np.maximum((weight * size).sum(axis=1), 1e-3)
        out = np.empty((len(weight), self.n_times), dtype=np.float32)
        for k in range(len(weight)):
            back = np.exp(self.turn * lag[k][:, None]).astype(np.complex64)
            total = np.einsum("n,nf->f", weight[k], self.spectrum * back)
            out[k] = irfft(total, n=self.length)[: self.n_times] / power[k]
        noise = (weight**2 * variance).sum(axis=1) / power**2
        energy = gaussian_filter1d(out**2, self.smooth, axis=-1, mode="constant")
        keep = 1.0 - NOISE_CUT * noise[:, None] / np.maximum(energy, 1e-12)
        return np.asarray(out * np.maximum(keep, 0.0), dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """What the correlation with a shape says of each sweep; fields as in `Scores`.

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

    The size has a normal prior around 1; the noise's variance is that of the baseline and of what
    the window holds beside the shape, so that a burst of other muscle activity, which raises both,
    is no evidence.

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
    log_factor = (
        0.5 * np.log(precision / (precision + ess))
        + (cs + precision) ** 2 / (2 * (precision + ess))
        - 0.5 * precision
    )
    # A response upside down is none: the size is positive.
    upside_down = 0.5 * np.log(precision / (precision + ess)) - 0.5 * precision
    log_factor = np.where(cs + precision > 0, log_factor, upside_down)
    joint = log_factor + log_prior
    best = joint.argmax(axis=-1)
    top = np.take_along_axis(joint, best[..., None], axis=-1)[..., 0]
    log_bayes = top + np.log(np.exp(joint - top[..., None]).sum(axis=-1))
    lag = best - reach + _vertex(joint, best)
    at, ess_at, variance_at = (
        np.take_along_axis(np.broadcast_to(v, c.shape), best[..., None], axis=-1)[..., 0]
        for v in (cs, ess, variance)
    )
    size = np.maximum((at + precision) / (precision + ess_at), 0.05)
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


def score(white: NDArray[np.float32], shapes: Shapes, fold: NDArray[np.intp], reach: int) -> Scores:
    """Score windows against the shapes of their folds.

    Parameters
    ----------
    white : ndarray, shape (n, n_times)
        Windows as given to `learn_shapes`, or sham windows of the same length.
    shapes : Shapes
    fold : ndarray of int, shape (n,)
    reach : int
        Largest shift, samples.

    Returns
    -------
    Scores
    """
    from scipy.fft import irfft, next_fast_len, rfft

    n_times = white.shape[1]
    length = next_fast_len(n_times + 2 * reach, real=True)
    spectrum = rfft(white, n=length, axis=-1)
    spectrum *= np.conj(rfft(shapes.shape, n=length, axis=-1))[fold]
    full = irfft(spectrum, n=length, axis=-1)
    cross = np.concatenate([full[:, -reach:], full[:, : reach + 1]], axis=-1)
    energy = (white**2).sum(axis=1)
    shape_energy = (shapes.shape**2).sum(axis=1)[fold]
    post = posterior(cross, shape_energy, energy, shapes.lag_spread, n_times)
    return Scores(post.log_bayes, post.lag, post.size)
