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

from amr_viewer.analysis.evidence import PRIOR_DOF, posterior
from amr_viewer.analysis.shifting import turns

MAX_LEARN = 200
"""Sweeps that a shape is learned from; further ones are only judged."""

FIRST_ITERATIONS = 3
"""Rounds after which it shows which start leads to the better shape."""

ITERATIONS = 8

SETTLED = 0.05
"""Change of the log likelihood from which on further rounds change nothing."""

NOISE_CUT = 3.0
"""Multiple of the noise's energy below which a stretch of the shape is taken for noise."""


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
    tried = [learner.run(start, lag_spread, FIRST_ITERATIONS) for start in learner.starts()]
    best = max(tried, key=lambda r: r.score)
    best = learner.run(best.lag, best.lag_spread, ITERATIONS)
    return Shapes(best.shape, fold, best.lag_spread)


def _n_folds(n: int) -> int:
    """Return the number of folds: many for few sweeps."""
    if n <= 60:
        return max(min(n, 10), 1)
    return 5 if n <= 200 else 2


@dataclass(frozen=True, slots=True, eq=False)
class _Learned:
    """Shapes (k, n_times), shifts (k, n_stimuli), their spread, and the score reached."""

    shape: NDArray[np.float32]
    lag: NDArray[np.float32]
    lag_spread: float
    score: float


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
        self.white = np.ascontiguousarray(white)
        self.spectrum = rfft(white, n=self.length, axis=-1)
        self.energy = (white**2).sum(axis=1)
        self.mask = (fold[None, :] != np.arange(n_folds)[:, None]).astype(np.float32)
        if n_folds == 1:
            self.mask[:] = 1.0

    def starts(self) -> list[NDArray[np.float32]]:
        """Return shifts to begin with, (n_stimuli,) each: none, and those to the best sweep."""
        zero = np.zeros(self.n, dtype=np.float32)
        strongest = np.argsort(self.energy)[::-1][: min(5, self.n)]
        cross = correlations(self.white, self.white[strongest], self.reach)
        total = np.maximum(cross.max(axis=-1), 0.0).sum(axis=1)
        best = int(np.argmax(total))
        lags = cross[best].argmax(axis=-1) - self.reach
        return [zero, (lags - np.median(lags)).astype(np.float32)]

    def run(self, lags: NDArray[np.float32], lag_spread: float, rounds: int) -> _Learned:
        """Iterate from the shifts given, (n_stimuli,) or (k, n_stimuli)."""
        k = len(self.mask)
        lag = np.broadcast_to(lags, (k, self.n)).astype(np.float32)
        # A sweep with a burst or a pop counts as little as its excess of energy says.
        excess = np.maximum((PRIOR_DOF + self.energy) / (PRIOR_DOF + self.n_times), 1.0)
        presence = size = np.ones((k, self.n))
        variance = np.broadcast_to(excess, (k, self.n))
        shape = np.zeros((k, self.n_times), dtype=np.float32)
        total, spread = -np.inf, lag_spread
        for _ in range(rounds):
            shape = self._shape(presence * self.mask, size, variance, lag)
            cross = correlations(self.white, shape, self.reach)
            energy = (shape**2).sum(axis=1)[:, None]
            post = posterior(cross, energy, self.energy, spread, self.n_times)
            presence, persistence = self._presence(post.log_bayes)
            size, variance = post.size, post.variance
            lag = post.lag.astype(np.float32)
            lag = lag - ((lag * presence).sum(axis=1) / presence.sum(axis=1))[:, None]
            seen = presence * self.mask
            spread = np.sqrt((seen * lag**2).sum() / seen.sum())
            spread = float(np.clip(spread, 1.0, 0.6 * self.reach))
            before, total = total, self._judged_outside(post.log_bayes, persistence)
            if abs(total - before) < SETTLED:
                break
        return _Learned(shape, lag, spread, total)

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
        total = np.empty((len(weight), self.spectrum.shape[1]), dtype=np.complex64)
        for k in range(len(weight)):
            rows = np.flatnonzero(weight[k] > 1e-3 * weight[k].max())
            back = turns(lag[k, rows], total.shape[1], self.length, np.complex64)
            back *= self.spectrum[rows]
            total[k] = weight[k, rows] @ back
        out = irfft(total, n=self.length, axis=-1)[:, : self.n_times] / power[:, None]
        noise = (weight**2 * variance).sum(axis=1) / power**2
        energy = gaussian_filter1d(out**2, self.smooth, axis=-1, mode="constant")
        keep = 1.0 - NOISE_CUT * noise[:, None] / np.maximum(energy, 1e-12)
        return np.asarray(out * np.maximum(keep, 0.0), dtype=np.float32)


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
    n, n_times = white.shape
    cross = np.empty((n, 2 * reach + 1), dtype=np.float32)
    for k in range(len(shapes.shape)):
        rows = fold == k
        cross[rows] = correlations(white[rows], shapes.shape[k : k + 1], reach)[0]
    energy = (white**2).sum(axis=1)
    shape_energy = (shapes.shape**2).sum(axis=1)[fold]
    post = posterior(cross, shape_energy, energy, shapes.lag_spread, n_times)
    return Scores(post.log_bayes, post.lag, post.size)


def correlations(
    white: NDArray[np.float32], shape: NDArray[np.float32], reach: int
) -> NDArray[np.float32]:
    """Correlate windows (n, n_times) with shapes (k, n_times) at each shift up to `reach`.

    Shape (k, n, 2 reach + 1), from earlier to later. Few shifts are looked at, so that a product of
    matrices is faster than a transform.
    """
    k, n_times = shape.shape
    padded = np.zeros((k, n_times + 2 * reach), dtype=np.float32)
    padded[:, reach : reach + n_times] = shape
    shifted = padded[:, np.arange(2 * reach, -1, -1)[:, None] + np.arange(n_times)]
    cross = white @ shifted.reshape(-1, n_times).T
    return cross.reshape(len(white), k, 2 * reach + 1).transpose(1, 0, 2)
