"""Model what the stimulus leaves in a channel without a synapse or ectopic spread in between.

Two things outlast the blank: the tail of the artefact, a sum of exponentials with several time
constants whose size and sign may change from sweep to sweep, and the volume-conducted M response, a
smoothed and scaled copy of the direct muscle's M. Both begin with the stimulus.

The tail is removed by projection: a few slow functions are fitted to the whole sweep, window
included, so that nothing is extrapolated and nothing can be invented. Volume conduction is fitted
before the search window, where no lateral response can be, and subtracted only if the window holds
less energy without it. What either may miss is returned as an envelope: in it the detector trusts
nothing smaller.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.conditioning import Sweeps
from amr_viewer.analysis.conduction import fit_conduction
from amr_viewer.analysis.ringing import SATURATED_SHARE, find_ringing
from amr_viewer.analysis.robust import detrended, robust_mean, robust_sigma
from amr_viewer.analysis.windows import as_slice, quiet_stretch
from amr_viewer.core.parameters import Parameters

TAIL_MS = (20.0, 8.0, 3.0, 1.2)
"""Time constants of amplifiers with high-pass corners of 8-130 Hz (docs/criteria.md 4)."""

TAIL_SETS = ((), (0,), (1,), (2,), (3,), (0, 2), (1, 3), (2, 3), (0, 1, 2), (1, 2, 3), (0, 1, 2, 3))
"""Which of them are tried together."""

REASON = 12.0
"""Reduction of the misfit of a sweep, in squares of its noise, that justifies an exponential: as
much as slow noise gives by chance."""

LEFT_OUT = 1e3
"""Doubt that takes a stretch out of the fit."""

UNDOUBTED = 0.2
"""What is taken for that variance where only the doubt ahead of the window weakens the fit."""

DWARFED = 0.02
"""Part of a response below which a tail is left alone."""

DRIFT_MS = 35.0
MOST_DRIFT = 5
"""Length of a sweep that justifies one more order of the polynomial that drift is taken for, and
the highest order: it follows what is slower than 10 Hz."""

SWEEPS_TO_CHOOSE = 60

LEAD_MS = 1.8
"""How far before the search window the tail is fitted: the reach of the whitening filter, and
more."""

EARLY_MS = 10.0
"""How far before the search window volume conduction is looked for at most."""

TAIL_MISFIT = 0.01
"""Part of a tail that a few exponentials may miss."""

CONTINUES_MS = 1.3
"""Fading that is granted to early activity which is no copy of M: volume conduction of another
shape, or an amplifier that recovers. It is over within 3 ms of the beginning of the window."""

RINGING_MS = 2.0
"""Decay of the ringing of an amplifier that comes back from its rail."""

COHERENT = 4.0
"""Independent samples that one sample of a coherent error is worth, square root."""


@dataclass(frozen=True, slots=True, eq=False)
class Cleaned:
    """Sweeps of one channel without tail and volume conduction.

    Attributes
    ----------
    data_uv : ndarray of float32, shape (n_stimuli, n_times)
        Zero inside the blank.
    envelope_uv : ndarray, shape (n_times,)
        What the model may have missed, one standard deviation.
    conducted_uv : ndarray, shape (n_times,)
        Mean volume-conducted M response that was removed.
    ringing : ndarray, shape (2, n_times) or (0, n_times)
        What the amplifier's ringing is made of, if it rings.
    noise_uv : float
        Noise of a sweep as the run's mean shows it.
    """

    data_uv: NDArray[np.float32]
    envelope_uv: NDArray[np.float64]
    conducted_uv: NDArray[np.float64]
    ringing: NDArray[np.float64]
    noise_uv: float


def clean_channel(
    sweeps: Sweeps,
    channel: int,
    direct_uv: NDArray[np.float64] | None,
    good: NDArray[np.bool_],
    parameters: Parameters,
) -> Cleaned:
    """Remove tail, drift and volume conduction from the sweeps of one channel.

    Parameters
    ----------
    sweeps : Sweeps
    channel : int
        Index into the sweeps.
    direct_uv : ndarray, shape (n_times,), or None
        Mean M response of the direct muscle.
    good : ndarray of bool, shape (n_stimuli,)
        Sweeps that the run-level fit may rest on.
    parameters : Parameters

    Returns
    -------
    Cleaned
    """
    d, times = parameters.detection, sweeps.times_ms
    data = sweeps.data_uv[:, channel]
    mean = robust_mean(data[good] if good.any() else data)
    blank_end = float(np.median(sweeps.blank_end_ms[:, channel]))
    begin = max(blank_end + 0.2, d.window_start_ms - EARLY_MS)
    early = (times >= begin) & (times < d.window_start_ms - 0.2)
    scale = _noise_of_mean(mean, times, sweeps.sampling_hz, parameters)
    ringing = find_ringing(sweeps, channel, good, parameters)
    conducted, unexplained_uv = fit_conduction(
        mean, early, direct_uv, ringing, times, scale, parameters
    )
    rings = bool(np.mean(sweeps.saturated_ms[:, channel] > 0.0) > SATURATED_SHARE)
    envelope = _envelope(conducted, unexplained_uv, rings, times, parameters)
    rest = data - conducted.astype(np.float32)
    noise_uv = scale * np.sqrt(max(int(good.sum()), 1))
    weights, basis = _project_tail(rest, times, envelope / noise_uv, noise_uv, ringing, parameters)
    _settle(rest, sweeps, channel, parameters)
    if good.any():
        of_good = weights[good].astype(np.float64)
        square = np.einsum("it,ij,jt->t", basis, of_good.T @ of_good / len(of_good), basis)
        envelope += TAIL_MISFIT * np.sqrt(np.maximum(square, 0.0))
    return Cleaned(rest, envelope, conducted, ringing, noise_uv)


def clean_around(
    sweeps: Sweeps,
    channel: int,
    cleaned: Cleaned,
    begin_ms: float,
    end_ms: float,
    parameters: Parameters,
) -> NDArray[np.float32]:
    """Return the channel's sweeps with the tail fitted outside a response, (n_stimuli, n_times).

    Detection fits the tail through the whole sweep; to measure a response that is now known, its
    own stretch is left out of the fit.
    """
    times = sweeps.times_ms
    rest = sweeps.data_uv[:, channel] - cleaned.conducted_uv.astype(np.float32)
    doubt = cleaned.envelope_uv / cleaned.noise_uv
    doubt = np.where((times > begin_ms) & (times < end_ms), LEFT_OUT, doubt)
    _project_tail(rest, times, doubt, cleaned.noise_uv, cleaned.ringing, parameters)
    _settle(rest, sweeps, channel, parameters)
    return rest


def settled(sweeps: Sweeps, channel: int, parameters: Parameters) -> NDArray[np.float32]:
    """Return the channel's sweeps as they were recorded, leveled, (n_stimuli, n_times)."""
    rest = sweeps.data_uv[:, channel].copy()
    _settle(rest, sweeps, channel, parameters)
    times = sweeps.times_ms
    rest -= np.median(rest[:, as_slice(quiet_stretch(times, parameters))], axis=1)[:, None]
    _blank(rest, sweeps, channel)
    return rest


def _blank(rest: NDArray[np.float32], sweeps: Sweeps, channel: int) -> None:
    """Put the blank to zero, in place."""
    times, end = sweeps.times_ms, sweeps.blank_end_ms[:, channel] + 0.1
    zone = slice(*np.searchsorted(times, [-0.5, float(end.max())]))
    rest[:, zone][times[zone] < end[:, None]] = 0.0


def _settle(
    rest: NDArray[np.float32], sweeps: Sweeps, channel: int, parameters: Parameters
) -> None:
    """Put the blank to zero and take the drift out of the quiet stretch, in place."""
    times = sweeps.times_ms
    _blank(rest, sweeps, channel)
    quiet = as_slice(quiet_stretch(times, parameters))
    rest[:, quiet] = detrended(rest[:, quiet], sweeps.sampling_hz)


def _noise_of_mean(
    mean: NDArray[np.float64],
    times: NDArray[np.float64],
    sampling_hz: float,
    parameters: Parameters,
) -> float:
    """Return the noise of the mean sweep."""
    quiet = mean[quiet_stretch(times, parameters)]
    return max(robust_sigma(detrended(quiet.astype(np.float32), sampling_hz)), 1e-6)


def _project_tail(
    data: NDArray[np.float32],
    times: NDArray[np.float64],
    doubt: NDArray[np.float64],
    noise_uv: float,
    ringing: NDArray[np.float64],
    parameters: Parameters,
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Fit offsets, slope, ringing and exponentials to each sweep and subtract them, in place.

    Samples count less where something else may remain (`doubt`, in units of the noise of a sweep),
    so that the end of an M response does not bend the tail. Of the exponentials only as many are
    used as the run gives reason to: a channel without a tail gets none. Where the
    responses dwarf any tail, only the drift of baseline and sweep together is fitted. Returns what
    was subtracted: weights, (n_stimuli, k), of functions, (k, n_times), which are zero where
    nothing was fitted.
    """
    start = parameters.detection.window_start_ms - LEAD_MS
    fit = times >= start
    dwarfed = _dwarfed(data, times, parameters)
    if dwarfed:
        fit |= (times < 0) & quiet_stretch(times, parameters)
    t = times[fit] - start
    drift = _drift(t) if dwarfed else [np.ones_like(t), t / 50.0]
    decays = [] if dwarfed else [np.exp(-t / tau) for tau in TAIL_MS]
    rows = [*drift, *_unit(ringing[:, fit])]
    weight = 1.0 / (1.0 + (3.0 * doubt[fit]) ** 4)
    where = as_slice(fit)
    some = data[:: max(len(data) // SWEEPS_TO_CHOOSE, 1), where].astype(np.float64)
    products = some @ (np.stack(rows + decays) * weight).T
    best, basis = np.inf, np.stack(rows)
    for wanted in TAIL_SETS if decays else ((),):
        chosen = [*range(len(rows)), *(len(rows) + k for k in wanted)]
        trial = np.stack(rows + [decays[k] for k in wanted])
        reason = REASON * (1.0 + 10.0 * _leverage(trial, weight, doubt[fit] >= LEFT_OUT))
        gain = _explained(trial, weight, products[:, chosen]) / noise_uv**2
        cost = reason * len(wanted) - gain
        if cost < best:
            best, basis = cost, trial
    weights = data[:, where] @ _solver(basis, weight).astype(np.float32)
    data[:, where] -= weights @ basis.astype(np.float32)
    whole = np.zeros((len(basis), len(times)))
    whole[:, fit] = basis
    return weights, whole


def _drift(t: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Return the polynomials that follow the drift of a sweep and no response."""
    span = float(t[-1] - t[0])
    order = int(np.clip(span / DRIFT_MS, 1, MOST_DRIFT))
    polynomials = np.polynomial.legendre.legvander(2.0 * (t - t[0]) / span - 1.0, order)
    return list(polynomials.T)


def _dwarfed(data: NDArray[np.float32], times: NDArray[np.float64], parameters: Parameters) -> bool:
    """Say whether responses are so large that a tail does not matter beside them.

    A tail is largest at its beginning; what precedes the window bounds it. The slow waves of a
    response that is many times as large would bend the fit by more than the tail itself.
    """
    d = parameters.detection
    ahead = (times > d.window_start_ms - LEAD_MS - 2.0) & (times < d.window_start_ms)
    within = (times >= d.window_start_ms) & (times < d.window_end_ms + d.response_ms)
    if not ahead.any() or not within.any() or not len(data):
        return False
    before, inside = (
        np.median(np.abs(data[:, as_slice(part)]).max(axis=1)) for part in (ahead, within)
    )
    return bool(before < DWARFED * inside)


def _leverage(
    basis: NDArray[np.float64], weight: NDArray[np.float64], left_out: NDArray[np.bool_]
) -> float:
    """Return the largest variance of the curve under a stretch that is left out of the fit.

    In units of the noise of a sample; a little where nothing is left out.

    Above one the curve is extrapolated rather than fitted: it says less than the sample itself.
    """
    if not left_out.any():
        return UNDOUBTED
    gram = (basis * weight) @ basis.T
    inverse = np.linalg.inv(gram + 1e-9 * np.trace(gram) * np.eye(len(gram)))
    return float(np.einsum("it,ij,jt->t", basis[:, left_out], inverse, basis[:, left_out]).max())


def _explained(
    basis: NDArray[np.float64], weight: NDArray[np.float64], products: NDArray[np.float64]
) -> float:
    """Return by how much a fit lowers the weighted squares of a sweep, on average.

    `products` are those of the sweeps with the weighted basis, (n_sweeps, n_basis): with them the
    sweeps themselves need not be fitted again for every basis.
    """
    gram, ridge = _gram(basis, weight)
    fitted = np.linalg.solve(gram + ridge, products.T)
    return float((fitted * (2.0 * products.T - gram @ fitted)).sum(axis=0).mean())


def _gram(
    basis: NDArray[np.float64], weight: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the products of the functions with each other, and what keeps them apart."""
    gram = (basis * weight) @ basis.T
    return gram, 1e-6 * np.trace(gram) / len(gram) * np.eye(len(gram))


def _solver(basis: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what turns sweeps into coefficients by weighted least squares, (n_times, n_basis)."""
    gram, ridge = _gram(basis, weight)
    return np.asarray(np.linalg.solve(gram + ridge, basis * weight).T)


def _unit(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scale every row to a largest value of one."""
    scaled = rows / np.maximum(np.abs(rows).max(axis=1, keepdims=True), 1e-12)
    return np.asarray(scaled, dtype=np.float64)


def _envelope(
    conducted: NDArray[np.float64],
    unexplained_uv: float,
    rings: bool,
    times: NDArray[np.float64],
    parameters: Parameters,
) -> NDArray[np.float64]:
    """Return what may be left of early activity, (n_times,).

    What is missed is missed in every sweep alike and over many samples, so that the detector, which
    takes samples as independent, must be told several times its size.
    """
    from scipy.ndimage import maximum_filter1d

    step = float(times[1] - times[0])
    around = maximum_filter1d(np.abs(conducted), 2 * int(0.6 / step) + 1)
    later = np.maximum(times - parameters.detection.window_start_ms, 0.0)
    fading = np.exp(-0.5 * (later / CONTINUES_MS) ** 2)
    if rings:
        fading = np.maximum(fading, np.exp(-later / RINGING_MS))
    envelope = parameters.artefact.carry_over * around + unexplained_uv * fading
    return np.where(times > 0, COHERENT * envelope, 0.0)
