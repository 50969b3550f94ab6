"""Measure single sweeps as a person marks them, and help to place the markers.

The automatic measurements of a run are left to `measures`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nan
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.parameters import Parameters
from amr_viewer.core.responses import Responses, State

Snap = Literal["sample", "zero", "extremum", "minimum", "maximum"]

RISE_SHARE = 0.15
"""Part of its first peak from which a response is taken to have left the baseline."""

LEAD_MS = 4.0
"""How long before its first peak a response begins at the earliest."""


@dataclass(frozen=True, slots=True)
class Markers:
    """Latencies of one response, ms from the stimulus; NaN where there is no such marker.

    Attributes
    ----------
    onset_ms, end_ms : float
    peak_ms, positive_peak_ms : float
        Largest negative and largest positive peak.
    """

    onset_ms: float = nan
    peak_ms: float = nan
    positive_peak_ms: float = nan
    end_ms: float = nan


def measure_sweep(
    times_ms: NDArray[np.floating],
    sweep_uv: NDArray[np.floating],
    onset_ms: float | None = None,
    peak_ms: float | None = None,
    positive_peak_ms: float | None = None,
    end_ms: float | None = None,
) -> dict[str, float | None]:
    """Measure a sweep between markers.

    Parameters
    ----------
    times_ms, sweep_uv : ndarray, shape (n_times,)
    onset_ms, peak_ms, positive_peak_ms, end_ms : float or None
        None or NaN where there is no marker.

    Returns
    -------
    dict
        ``amplitude_uv``, from peak to peak, and ``area_uv_ms``, rectified from onset to end; None
        where a marker is missing. The names are those of a decision on a sweep.

    Examples
    --------
    >>> times = np.array([0.0, 1.0, 2.0, 3.0, 4.0])
    >>> measure_sweep(times, np.array([0.0, -2.0, 0.0, 3.0, 0.0]), 0.0, 1.0, 3.0, 4.0)
    {'amplitude_uv': 5.0, 'area_uv_ms': 5.0}
    """
    amplitude = area = None
    if _known(peak_ms, positive_peak_ms):
        low, high = np.interp([peak_ms, positive_peak_ms], times_ms, sweep_uv)
        amplitude = float(abs(high - low))
    if _known(onset_ms, end_ms):
        begin, end = sorted((float(onset_ms or 0.0), float(end_ms or 0.0)))
        inside = (times_ms > begin) & (times_ms < end)
        moments = np.concatenate([[begin], times_ms[inside], [end]])
        area = float(np.trapezoid(np.abs(np.interp(moments, times_ms, sweep_uv)), moments))
    return {"amplitude_uv": amplitude, "area_uv_ms": area}


def _known(*values: float | None) -> bool:
    """Whether all of some markers are there."""
    return all(v is not None and isfinite(v) for v in values)


def typical_markers(
    responses: Responses, stimuli: NDArray[np.intp], channel: int, parameters: Parameters
) -> Markers:
    """Return the markers of a typical response of a run: medians of its present sweeps.

    Parameters
    ----------
    responses : Responses
    stimuli : ndarray of int
        The run's stimuli.
    channel : int
        Index into `Responses.channels`.
    parameters : Parameters

    Returns
    -------
    Markers
        Where no sweep carries a response, the search window as onset and end, without peaks.
    """
    present = stimuli[responses.state[stimuli, channel] == State.PRESENT]
    values = [
        _median(array[present, channel])
        for array in (
            responses.onset_ms,
            responses.peak_ms,
            responses.positive_peak_ms,
            responses.end_ms,
        )
    ]
    if isfinite(values[0]) and isfinite(values[3]):
        return Markers(*values)
    d = parameters.detection
    return Markers(onset_ms=d.window_start_ms, end_ms=d.window_end_ms)


def _median(values: NDArray[np.floating]) -> float:
    """Return the median of what is finite, NaN if nothing is."""
    values = values[np.isfinite(values)]
    return float(np.median(values)) if len(values) else nan


def suggest_markers(
    times_ms: NDArray[np.floating], sweep_uv: NDArray[np.floating], around: Markers
) -> Markers:
    """Propose markers for a sweep that a person calls present.

    The peaks are the extremes between onset and end of the run's typical response; onset and end
    are taken from it. Where the run has none, the onset is looked for ahead of the first peak, but
    not before that of `around`: what is there is M or artefact.

    Parameters
    ----------
    times_ms, sweep_uv : ndarray, shape (n_times,)
    around : Markers
        As `typical_markers` returns them.

    Returns
    -------
    Markers
        All NaN where the sweep has no sample there.
    """
    inside = np.flatnonzero(
        (times_ms >= around.onset_ms) & (times_ms <= around.end_ms) & np.isfinite(sweep_uv)
    )
    if not len(inside):
        return Markers()
    low = float(times_ms[inside[np.argmin(sweep_uv[inside])]])
    high = float(times_ms[inside[np.argmax(sweep_uv[inside])]])
    if isfinite(around.peak_ms):
        return Markers(around.onset_ms, low, high, around.end_ms)
    onset = _rise(times_ms, sweep_uv, min(low, high))
    end = _rise(-times_ms[::-1], sweep_uv[::-1], -max(low, high))
    return Markers(max(onset, around.onset_ms), low, high, -end)


def _rise(times: NDArray[np.floating], sweep: NDArray[np.floating], peak: float) -> float:
    """Return when a sweep rises to its first peak."""
    at = int(np.argmin(np.abs(times - peak)))
    first = int(np.searchsorted(times, peak - LEAD_MS))
    small = np.flatnonzero(np.abs(sweep[first:at]) <= RISE_SHARE * abs(float(sweep[at])))
    return float(times[first + small[-1]] if len(small) else times[first])


def snap(
    times_ms: NDArray[np.floating],
    sweep_uv: NDArray[np.floating],
    at_ms: float,
    kind: Snap = "sample",
    reach_ms: float = 1.0,
) -> float:
    """Return where a marker that is dragged to `at_ms` comes to lie.

    Parameters
    ----------
    times_ms, sweep_uv : ndarray, shape (n_times,)
    at_ms : float
    kind : str
        ``"sample"``: the nearest sample; ``"zero"``: the nearest crossing of zero, between samples
        as well; ``"extremum"``: the peak of either sign, ``"minimum"`` or ``"maximum"``, that is
        largest and near.
    reach_ms : float
        How far off to look; where there is nothing, the nearest sample is taken.

    Returns
    -------
    float

    Examples
    --------
    >>> times = np.arange(5.0)
    >>> snap(times, np.array([1.0, -1.0, -3.0, -1.0, 1.0]), 0.9, "zero")
    0.5
    >>> snap(times, np.array([1.0, -1.0, -3.0, -1.0, 1.0]), 1.4, "extremum")
    2.0
    """
    nearest = float(times_ms[int(np.argmin(np.abs(times_ms - at_ms)))])
    if kind == "sample":
        return nearest
    if kind == "zero":
        found = _zeros(times_ms, sweep_uv)
        found = found[np.abs(found - at_ms) <= reach_ms]
        return float(found[np.argmin(np.abs(found - at_ms))]) if len(found) else nearest
    weight = _peaks(sweep_uv, kind)
    weight = weight * np.maximum(1.0 - ((times_ms - at_ms) / reach_ms) ** 2, 0.0)
    return float(times_ms[int(np.argmax(weight))]) if np.any(weight > 0) else nearest


def _zeros(times: NDArray[np.floating], sweep: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return when a sweep crosses zero, between samples by a straight line."""
    a, b = sweep[:-1].astype(np.float64), sweep[1:].astype(np.float64)
    k = np.flatnonzero((a * b < 0) | (a == 0))
    step = np.where(a[k] == b[k], 0.0, a[k] / np.where(a[k] == b[k], 1.0, a[k] - b[k]))
    return np.asarray(times[k] + step * (times[k + 1] - times[k]), dtype=np.float64)


def _peaks(sweep: NDArray[np.floating], kind: Snap) -> NDArray[np.float64]:
    """Return the height of every peak at its sample, 0 elsewhere, (n_times,)."""
    signed = -sweep if kind == "minimum" else sweep
    tops = _tops(signed)
    if kind == "extremum":
        tops |= _tops(-sweep)
    depth = signed - signed.min() if kind != "extremum" else np.abs(sweep)
    return np.where(tops, depth, 0.0).astype(np.float64)


def _tops(x: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Return which samples are no smaller than both neighbours, larger than one, (n_times,)."""
    out = np.zeros(len(x), dtype=np.bool_)
    before, after = x[1:-1] - x[:-2], x[1:-1] - x[2:]
    out[1:-1] = (before >= 0) & (after >= 0) & ((before > 0) | (after > 0))
    return out
