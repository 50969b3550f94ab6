"""Say for every sweep of a channel how probable it is that it carries a time-locked response.

The evidence of a sweep is the Bayes factor of `template`; what it is worth is measured on sham
windows of the same recording, cut where no stimulus acts and scored in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from amr_viewer.analysis.conditioning import Sweeps
from amr_viewer.analysis.nuisance import Cleaned
from amr_viewer.analysis.robust import ENOUGH, median
from amr_viewer.analysis.template import MAX_LEARN, Shapes, learn_shapes, score
from amr_viewer.analysis.whitening import whiten, whitening_filter
from amr_viewer.analysis.windows import as_slice, quiet_stretch
from amr_viewer.core.parameters import Parameters

SHAM_STEP_MS = 3.0
MAX_SHAMS = 3000
LEAST_STRENGTH = 2.5
"""Discriminability d' of one response from noise below which sweeps are not called."""

NEIGHBOURS = 6.0
"""Stimuli over which persistence is taken to stay about the same (standard deviation)."""


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """What was found in the sweeps of one channel.

    Attributes
    ----------
    probability : ndarray, shape (n_stimuli,)
        That the sweep carries the response.
    evidence : ndarray, shape (n_stimuli,)
        Calibrated log Bayes factor.
    lag_ms : ndarray, shape (n_stimuli,)
        Shift against the run's shape.
    size : ndarray, shape (n_stimuli,)
        Relative to the run's shape.
    noise_uv : ndarray, shape (n_stimuli,)
        Of the sweep's own baseline.
    sham_evidence : ndarray, shape (n_shams,)
    run_probability : float
        That the run holds a response at all.
    strength : float
        Discriminability of one typical response from noise (d').
    shape : ndarray, shape (n_folds, n_times)
        What was learned, one per fold, in units of the noise.
    """

    probability: NDArray[np.float64]
    evidence: NDArray[np.float64]
    lag_ms: NDArray[np.float64]
    size: NDArray[np.float64]
    noise_uv: NDArray[np.float64]
    sham_evidence: NDArray[np.float64]
    run_probability: float
    strength: float
    shape: NDArray[np.float32]


def detect_channel(
    sweeps: Sweeps, cleaned: Cleaned, good: NDArray[np.bool_], parameters: Parameters
) -> Detection:
    """Detect the response of one channel in all sweeps of a run.

    Parameters
    ----------
    sweeps : Sweeps
    cleaned : Cleaned
        The channel without tails and volume conduction.
    good : ndarray of bool, shape (n_stimuli,)
        Sweeps that may be learned from.
    parameters : Parameters

    Returns
    -------
    Detection
    """
    d, times = parameters.detection, sweeps.times_ms
    step = 1e3 / sweeps.sampling_hz
    white, noise_uv = _whitened(sweeps, cleaned, good, parameters)
    window = (times >= d.window_start_ms - 0.4) & (times <= d.window_end_ms + 0.5 * d.response_ms)
    reach = max(int(d.coherence_ms / step), 1)
    inside = white[:, as_slice(window)] * _trust(cleaned, noise_uv, sweeps, window)
    shapes = learn_shapes(inside, good, reach, d.jitter_ms / step, 0.5 / step)
    found = score(inside, shapes, shapes.fold, reach)
    sham_windows, sham_fold = _shams(white, sweeps, good, shapes, int(window.sum()), parameters)
    sham = score(sham_windows, shapes, sham_fold, reach).log_bayes
    factor, offset = _calibration(sham)
    evidence = factor * found.log_bayes + offset
    strength = float(np.sqrt((shapes.shape**2).sum(axis=1).mean()))
    probability, run = _probability(evidence, good, strength)
    return Detection(
        probability, evidence, found.lag * step, found.size, noise_uv, factor * sham + offset,
        run,
        strength, shapes.shape,
    )  # fmt: skip


def _whitened(
    sweeps: Sweeps, cleaned: Cleaned, good: NDArray[np.bool_], parameters: Parameters
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Return sweeps with white noise of unit variance, and the plain noise of each in uV."""
    times = sweeps.times_ms
    quiet = quiet_stretch(times, parameters)
    rows = np.flatnonzero(good) if good.any() else np.arange(len(good))
    some = cleaned.data_uv[rows[:: max(len(rows) // MAX_LEARN, 1)]][:, as_slice(quiet)]
    white = whiten(cleaned.data_uv, whitening_filter(some, sweeps.sampling_hz))
    stride = max(round(int(quiet.sum()) / (1.5 * ENOUGH)), 1)
    places = np.flatnonzero(quiet)[::stride]
    known = times[places] >= sweeps.known_from_ms[:, None] + 1.5
    sigma = _robust(white[:, places], known)
    white /= sigma[:, None].astype(np.float32)
    return white, _robust(cleaned.data_uv[:, places], known)


def _robust(baseline: NDArray[np.float32], fine: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the standard deviation of each sweep's baseline from its median deviation.

    `baseline` holds some samples of each sweep, (n_stimuli, n), `fine` those that are known.
    """
    piece = np.ascontiguousarray(np.abs(baseline))
    enough = fine.sum(axis=1) > 30
    sigma = np.full(len(piece), np.nan)
    whole = fine.all(axis=1)
    sigma[whole] = median(piece[whole]) / 0.6745
    part = enough & ~whole
    if part.any():
        sigma[part] = np.nanmedian(np.where(fine, piece, np.nan)[part], axis=1) / 0.6745
    if not enough.any():
        sigma = np.median(piece, axis=1) / 0.6745
    usual = np.nanmedian(sigma)
    sigma = np.where(np.isfinite(sigma), sigma, usual)
    return np.asarray(np.maximum(sigma, max(0.1 * float(usual), 1e-6)), dtype=np.float64)


def _trust(
    cleaned: Cleaned,
    noise_uv: NDArray[np.float64],
    sweeps: Sweeps,
    window: NDArray[np.bool_],
) -> NDArray[np.float32]:
    """Return the weight of each sample: less where volume conduction or tails may remain."""
    ratio = cleaned.envelope_uv[window] / max(float(np.median(noise_uv)), 1e-9)
    return (1.0 / np.sqrt(1.0 + ratio**2)).astype(np.float32)


def _shams(
    white: NDArray[np.float32],
    sweeps: Sweeps,
    good: NDArray[np.bool_],
    shapes: Shapes,
    n_times: int,
    parameters: Parameters,
) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Cut windows where no stimulus acts; return them and the fold that judges each."""
    times = sweeps.times_ms
    step = float(times[1] - times[0])
    quiet = np.flatnonzero(quiet_stretch(times, parameters))
    first, last = int(quiet[0]) + int(1.0 / step), int(quiet[-1]) - n_times
    if last <= first:
        return np.empty((0, n_times), dtype=np.float32), np.empty(0, dtype=np.intp)
    starts = np.arange(last, first, -max(round(SHAM_STEP_MS / step), 1))
    rows = np.flatnonzero(good)
    most = max(MAX_SHAMS // len(starts), 1)
    if len(rows) > most:
        rows = rows[np.linspace(0, len(rows) - 1, most).astype(int)]
    windows = sliding_window_view(white[rows], n_times, axis=1)[:, starts]
    known = times[starts] >= sweeps.known_from_ms[rows][:, None] + 1.5
    fold = np.broadcast_to(shapes.fold[rows][:, None], known.shape)
    return windows[known], fold[known]


def _calibration(sham: NDArray[np.float64]) -> tuple[float, float]:
    """Return the factor and the offset that make a log Bayes factor honest on sham windows.

    Noise exceeds a Bayes factor of b in at most one of b windows, and its mean is one. Where the
    noise is burstier than the model, the factor promises too much: its logarithm is scaled down
    until the first holds, and shifted down until the second does.
    """
    if len(sham) < 30:
        return 0.7, 0.0
    order = np.sort(sham)[::-1][: max(len(sham) // 20, 5)]
    allowed = np.log(len(sham) / np.arange(1, len(order) + 1)) + 0.7
    worst = float(np.max(order / allowed))
    factor = min(1.0, 1.0 / worst) if worst > 0 else 1.0
    mean = float(np.mean(np.exp(np.clip(factor * sham, -50.0, 50.0))))
    return factor, -max(np.log(mean), 0.0)


def _probability(
    evidence: NDArray[np.float64], good: NDArray[np.bool_], strength: float
) -> tuple[NDArray[np.float64], float]:
    """Turn evidence into probability with the persistence of the run and of the neighbourhood."""
    from scipy.ndimage import gaussian_filter1d

    factor = np.exp(np.clip(evidence, -40, 40))
    rows = np.flatnonzero(good)
    if len(rows) < 2:
        return np.full(len(evidence), 0.05), 0.0
    grid = np.linspace(0.02, 0.98, 33)
    log_run = np.log1p(grid[:, None] * (factor[rows][None] - 1.0)).sum(axis=1)
    log_any = np.logaddexp.reduce(log_run) - np.log(len(grid))
    # What is too small to stand out in one sweep may be locked to the stimulus, but no sweep can
    # be said to carry it: most often it is a remainder of the artefact or of M.
    visible = 1.0 / (1.0 + np.exp(-(strength - LEAST_STRENGTH) / 0.15))
    run = float(visible / (1.0 + np.exp(-np.clip(log_any, -50, 50))))
    # As a sum over neighbours with weight one for the sweep itself.
    unit = NEIGHBOURS * np.sqrt(2.0 * np.pi)
    weight = unit * gaussian_filter1d(good.astype(float), NEIGHBOURS, mode="constant")
    overall = 0.5
    local = np.full(len(evidence), 0.5)
    for _ in range(12):
        odds = factor * local / (1.0 - local)
        present = odds / (1.0 + odds)
        overall = float(np.clip((present[rows].sum() + 0.1) / (len(rows) + 0.4), 0.005, 0.995))
        near = unit * gaussian_filter1d(np.where(good, present, 0.0), NEIGHBOURS, mode="constant")
        local = (near + 2.0 * overall) / (weight + 2.0)
        local = np.clip(local, 0.003, 0.997)
    odds = factor * local / (1.0 - local)
    return run * odds / (1.0 + odds), run
