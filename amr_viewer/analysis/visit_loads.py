"""The load of bursts at rest of one visit, per muscle and per side, with intervals.

Bursts come in episodes, and those of one episode are not independent: intervals are Poisson
intervals of episodes of unequal size. Where every burst stands alone this is the usual one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from math import nan

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.burst_groups import episodes_of
from amr_viewer.analysis.free_marks import FreeMarks, read_marks, span_of, within
from amr_viewer.analysis.set_aside import TRIGEMINAL
from amr_viewer.analysis.side_facts import clustered
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Role, Side
from amr_viewer.core.bursts import BurstChannel, Bursts, Electrode, QualityFlag
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.visit_points import (
    REST_QUANTITIES,
    Conditions,
    Place,
    Point,
    PointState,
    Quantity,
    Reason,
)

LEAST_REST_PART = 1.0 / 3.0
"""Part of the rest asked for below which nothing is said, as in the report of one recording."""

DOUBTFUL = {QualityFlag.CLIPPING, QualityFlag.BASELINE, QualityFlag.MOVEMENT, QualityFlag.LOW_SNR}
"""Flags that a comparison of loads is told of."""

FREE_GROUPS = {"bursts", "patterns"}
"""Parameters that responses to stimuli do not rest on."""

Loads = dict[Quantity, tuple[float, float, float]]


def rest_points(analysis: Analysis, operated: bool) -> Iterator[tuple[Quantity, Place, Point]]:
    """Yield the burst rate, time and area at rest of every muscle and every side."""
    bursts, parameters = analysis.bursts, analysis.protocol.parameters
    if bursts.not_assessed or not analysis.patterns:
        return
    marks = read_marks(analysis.recording, parameters)
    rest = bursts.counted & (span_of(bursts.start_s, marks.cues) < 0)
    rest &= ~within(bursts.start_s, marks.maximal)
    facial = [c for c in bursts.channels if c.muscle not in TRIGEMINAL]
    for channel in facial:
        place = Place(
            None,
            None,
            channel.muscle,
            channel.side,
            Role.OTHER,
            channel.label or f"#{channel.index}",
        )
        how = _conditions([channel], analysis, marks, operated)
        yield from _points(place, how, [channel], bursts, rest, parameters)
    for side in Side:
        mine = [c for c in facial if c.side is side and c.muscle is not None]
        usable = [c for c in mine if QualityFlag.FLAT not in c.flags]
        if not mine:
            continue
        how = _conditions(usable or mine, analysis, marks, operated)
        names = tuple(sorted({c.muscle.value for c in usable if c.muscle}))
        how = replace(how, channel="", muscles=names)
        place = Place(None, None, None, side, Role.OTHER)
        yield from _points(place, how, usable or mine, bursts, rest, parameters)


def cluster_interval(sizes: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the sum of what episodes hold, with its 95 % interval.

    The number of episodes is taken as Poisson, their sizes as a sample: the sum then varies like
    that of ``sum(x)**2 / sum(x**2)`` events of one size.

    Parameters
    ----------
    sizes : ndarray, shape (n_episodes,)
        Bursts, seconds or area of each episode.

    Returns
    -------
    tuple of float
        Sum, lower and upper end; without episodes 0, 0 and NaN, as their size is not known.

    Examples
    --------
    Ten single bursts (the exact Poisson interval), and two episodes of five:

    >>> [round(v, 2) for v in cluster_interval(np.ones(10))]
    [10.0, 4.8, 18.39]
    >>> [round(v, 2) for v in cluster_interval(np.full(2, 5.0))]
    [10.0, 1.21, 36.12]
    """
    from scipy.special import gammaincinv

    total = float(sizes.sum())
    if total <= 0.0:
        return 0.0, 0.0, nan
    n = total**2 / float((sizes**2).sum())
    low, high = gammaincinv(n, 0.025), gammaincinv(n + 1.0, 0.975)
    return total, total * float(low) / n, total * float(high) / n


def _points(
    place: Place,
    how: Conditions,
    channels: list[BurstChannel],
    bursts: Bursts,
    rest: NDArray[np.bool_],
    parameters: Parameters,
) -> Iterator[tuple[Quantity, Place, Point]]:
    """Yield the three points of one muscle or one side."""
    rows = np.flatnonzero(rest & np.isin(bursts.channel, [c.index for c in channels]))
    start, end = bursts.start_s[rows], bursts.end_s[rows]
    episode = episodes_of(start, end, parameters.bursts)
    n = int(episode[-1]) + 1 if len(episode) else 0
    single = len(channels) == 1
    onsets = start if single else clustered(start)
    base = Point(PointState.MEASURED, k=len(onsets), n=n, conditions=how)
    reason = _why_not(how, channels, parameters)
    if reason is not Reason.NONE:
        cannot = replace(base, state=PointState.CANNOT_SAY, reason=reason)
        yield from ((quantity, place, cannot) for quantity in REST_QUANTITIES)
        return
    at = episode[np.searchsorted(start, onsets)] if n else episode
    counts = np.bincount(at, minlength=n).astype(np.float64)
    seconds = np.bincount(episode, _new_time(start, end), n).astype(np.float64)
    area = np.bincount(episode, bursts.area_uv_s[rows], n).astype(np.float64) / len(channels)
    loads = _loads(counts, seconds, area, how.minutes)
    yield from (
        (q, place, replace(base, value=v, low=low, high=high))
        for q, (v, low, high) in loads.items()
    )


def _loads(
    counts: NDArray[np.float64],
    seconds: NDArray[np.float64],
    area: NDArray[np.float64],
    minutes: float,
) -> Loads:
    """Return the three loads of episodes."""
    rate = cluster_interval(counts)
    if not len(counts):
        # Of single bursts; what an unseen episode would hold is not known.
        rate = (0.0, 0.0, -float(np.log(0.025)))
    per_min = 1.0 / minutes
    percent = 100.0 / (60.0 * minutes)
    return {
        Quantity.BURSTS: _times(rate, per_min),
        Quantity.LOAD_TIME: _times(cluster_interval(seconds), percent),
        Quantity.LOAD_AREA: _times(cluster_interval(area), per_min),
    }


def _times(values: tuple[float, float, float], factor: float) -> tuple[float, float, float]:
    """Return numbers times a factor."""
    a, b, c = values
    return a * factor, b * factor, c * factor


def _new_time(start_s: NDArray[np.float64], end_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the time that each burst, in order of start, adds to those before it."""
    if not len(start_s):
        return np.empty(0)
    latest = np.maximum.accumulate(end_s)
    before = np.concatenate([[start_s[0]], latest[:-1]])
    return np.asarray(np.maximum(latest - np.maximum(start_s, before), 0.0))


def _why_not(how: Conditions, channels: list[BurstChannel], parameters: Parameters) -> Reason:
    """Return why a visit says nothing of bursts at rest."""
    if how.during_operation:
        return Reason.DURING_OPERATION
    if all(QualityFlag.FLAT in c.flags for c in channels):
        return Reason.UNUSABLE_CHANNEL
    if how.minutes < LEAST_REST_PART * parameters.patterns.min_rest_s / 60.0 - 1e-3:
        return Reason.LITTLE_REST
    return Reason.NONE


def _conditions(
    channels: list[BurstChannel], analysis: Analysis, marks: FreeMarks, operated: bool
) -> Conditions:
    """Return how rest was recorded."""
    parameters = analysis.protocol.parameters
    stored = [analysis.recording.channels[c.index] for c in channels]
    kinds: set[Electrode] = {c.electrode for c in channels}
    taken = sum(float(b - a) for a, b in (*marks.cues, *marks.maximal))
    minutes = max(min(c.analyzed_s for c in channels) - taken, 0.0) / 60.0
    flags = dict.fromkeys(f for c in channels for f in c.flags if f in DOUBTFUL)
    return Conditions(
        channel=channels[0].label,
        electrode=kinds.pop() if len(kinds) == 1 else None,
        sampling_hz=stored[0].sampling_hz,
        filters=stored[0].filters or "",
        minutes=minutes,
        asleep_min=sum(float(b - a) for a, b in marks.asleep) / 60.0,
        short_rest=60.0 * minutes < parameters.patterns.min_rest_s,
        noise_uv=float(np.median([c.noise_uv for c in channels])),
        flags=tuple(sorted(flags)),
        during_operation=operated,
        parameters_hash=parameters_hash(parameters, free_running=True),
    )


def parameters_hash(parameters: Parameters, *, free_running: bool) -> str:
    """Return a hash of the parameters that bursts, or responses to stimuli, rest on."""
    groups = set(type(parameters).model_fields)
    chosen = FREE_GROUPS if free_running else groups - FREE_GROUPS
    text = parameters.model_dump_json(include=chosen)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
