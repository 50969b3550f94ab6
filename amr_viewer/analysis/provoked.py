"""What muscles do when a movement is asked for, or with a blink: who joins, when, on which side.

In a movement both sides do alike, and muscles begin one after the other; a companion after facial
palsy follows within milliseconds, on one side alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from amr_viewer.analysis.free_marks import within
from amr_viewer.analysis.intervals import wilson
from amr_viewer.analysis.muscle_envelopes import together
from amr_viewer.analysis.pattern_units import Units
from amr_viewer.analysis.sampled_envelopes import HZ, Sampled
from amr_viewer.analysis.set_aside import BLINKERS
from amr_viewer.core.anatomy import Side
from amr_viewer.core.bursts import SetAside
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.patterns import Estimate

BLINK_BEFORE_S = 0.05
LEAST_TRIGGERS = 5
STIRS = 0.15
"""A muscle that reaches this part of what it, or its fellow, usually reaches has moved."""

ABOVE_NOISE = 1.0
"""Or rises above its own noise by so much, if that is more."""

LESS = 0.35
UNEQUAL = 0.25
"""A side moves a muscle less if it reaches less than 35 % of what the other does, each as part of
what it usually reaches; electrodes of the two sides see at most a fourfold difference."""

STEADY_S = 0.05

TOP = 0.98
"""The size of a movement is the 98th percentile of its envelope."""


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """How one side answers cues or blinks; NaN: not measured.

    Attributes
    ----------
    contingency : Estimate
        Part of the triggers in which a muscle of this side moves that its fellow does not move, or
        that follows another within milliseconds.
    extra : float
        Part in which a muscle moves that its fellow does not; NaN without fellows.
    close_r, close_lag_ms : float
        Correlation within 10 ms of the two muscles of this side that go together most at that time,
        and its lag; copies left out.
    n : int
        Triggers that move this side.
    """

    contingency: Estimate
    extra: float = nan
    close_r: float = nan
    close_lag_ms: float = nan
    n: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Trials:
    """What every muscle reaches at each trigger.

    Attributes
    ----------
    spans_s : ndarray, shape (n_trials, 2)
    size_uv : dict of int to ndarray, shape (n_trials,)
    """

    spans_s: NDArray[np.float64]
    size_uv: dict[int, NDArray[np.float64]]

    def __len__(self) -> int:
        """Return their number."""
        return len(self.spans_s)


def cue_trials(units: Units, sampled: Sampled) -> Trials:
    """Return what muscles reach at each cue that was sampled."""
    return _trials(units, sampled, units.marks.cues)


def blink_trials(units: Units, sampled: Sampled, parameters: Parameters) -> Trials:
    """Return what muscles reach at each blink outside cues, as late as a partner may come."""
    lids, b = units.lids, units.bursts
    rows = np.flatnonzero(~lids.in_run)
    at = np.minimum(b.start_s[lids.left[rows]], b.start_s[lids.right[rows]])
    at = at[~within(at, units.marks.cues)]
    after_s = 1e-3 * (parameters.bursts.blink_max_ms + parameters.patterns.partner_ms)
    return _trials(units, sampled, np.column_stack([at - BLINK_BEFORE_S, at + after_s]))


def _trials(units: Units, sampled: Sampled, spans: NDArray[np.float64]) -> Trials:
    """Return the size of every facial muscle in each span."""
    edges = np.searchsorted(sampled.time_s, spans.reshape(-1, 2))
    held = edges[:, 1] - edges[:, 0] >= 0.8 * (spans[:, 1] - spans[:, 0]) * HZ
    edges = edges[held]
    steady = {c: _steady(sampled.envelope_uv[c]) for c in units.facial}
    size = {
        c: np.array([np.quantile(e[a:b], TOP) for a, b in edges], dtype=np.float64)
        for c, e in steady.items()
    }
    return Trials(spans[held], size)


def _steady(envelope: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the envelope over 50 ms, in which noise does not look like movement."""
    power = uniform_filter1d(envelope.astype(np.float64) ** 2, round(STEADY_S * HZ))
    return np.asarray(np.sqrt(np.maximum(power, 0.0)), dtype=np.float64)


def _usual(trials: Trials, channel: int) -> float:
    """Return what a muscle reaches in a tenth of the trials."""
    return float(np.quantile(trials.size_uv[channel], 0.9)) if len(trials) else 0.0


def moved(units: Units, trials: Trials) -> dict[int, NDArray[np.bool_]]:
    """Return in which trials each muscle moves."""
    out = {}
    for c in units.facial:
        limit = max(STIRS * _usual(trials, c), ABOVE_NOISE * units.channels[c].noise_uv)
        out[c] = trials.size_uv[c] >= limit
    return out


def answers_of(
    units: Units, sampled: Sampled, trials: Trials, side: Side | None, *, blinks: bool
) -> Answers:
    """Return how one side answers.

    A muscle counts as moved alone if its fellow, measured in what both usually reach, moves much
    less; muscles without a fellow are left to the correlation.
    """
    channels = units.side_channels(side)
    if blinks:
        channels = tuple(c for c in channels if units.channels[c].muscle not in BLINKERS)
    moves = moved(units, trials)
    loudest = _loudest(units, trials, side)
    own = {c: moves[c] & (trials.size_uv[c] >= STIRS * loudest) for c in channels}
    any_moves = np.zeros(len(trials), dtype=np.bool_)
    for c in units.side_channels(side):
        any_moves |= moves[c]
    n = int(any_moves.sum())
    if n < LEAST_TRIGGERS:
        return Answers(Estimate(n=n), n=n)
    alone = np.zeros(len(trials), dtype=np.bool_)
    fellows = False
    for c in channels:
        other = _fellow(units, c)
        if other is None:
            continue
        fellows = True
        scale = max(_usual(trials, other), UNEQUAL * _usual(trials, c))
        part = trials.size_uv[other] / max(scale, 1e-9)
        alone |= own[c] & (part < LESS * trials.size_uv[c] / max(_usual(trials, c), 1e-9))
    k = int((alone & any_moves).sum())
    close_r, close_lag = _closest(units, sampled, trials, side, blinks=blinks)
    extra = k / n if fellows else nan
    return Answers(Estimate(k / n, *wilson(k, n), n) if fellows else Estimate(), extra, close_r,
                   close_lag, n)  # fmt: skip


def _loudest(units: Units, trials: Trials, side: Side | None) -> NDArray[np.float64]:
    """Return the largest muscle of a side in each trial."""
    mine = [trials.size_uv[c] for c in units.side_channels(side)]
    return np.asarray(np.max(mine, axis=0)) if mine else np.zeros(len(trials))


def _fellow(units: Units, channel: int) -> int | None:
    """Return the same muscle of the other side."""
    mine = units.channels[channel]
    if mine.side is None:
        return None
    for c in units.side_channels(mine.side.opposite):
        if units.channels[c].muscle is mine.muscle:
            return c
    return None


def _closest(
    units: Units, sampled: Sampled, trials: Trials, side: Side | None, *, blinks: bool
) -> tuple[float, float]:
    """Return correlation and lag of the pair of a side that goes together most."""
    b = units.bursts
    channels = units.side_channels(side)
    best = (nan, nan)
    inside = within(sampled.time_s, trials.spans_s)
    for i, a in enumerate(channels):
        for c in channels[i + 1 :]:
            eyes = [units.channels[x].muscle in BLINKERS for x in (a, c)]
            if all(eyes) or (blinks and not any(eyes)):
                continue
            chosen = np.isin(b.channel, (a, c)) & (b.counted | (b.set_aside == SetAside.BLINK))
            rows = np.flatnonzero(chosen)
            mask = inside & sampled.inside(b.start_s[rows], b.end_s[rows])
            found = together(sampled, a, c, mask)
            if not found.copy and (best[0] != best[0] or found.r > best[0]):
                best = (found.r, found.lag_ms)
    return best
