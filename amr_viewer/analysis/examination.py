"""Go through a recording site by site: condition, clean, detect, measure; one table comes out.

The stimuli of one branch and side are a run. Long runs are worked on in pieces of bounded size, so
that memory does not grow with the recording.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.conditioning import (
    Sweeps,
    Window,
    condition,
    quiet_stretch,
    sweep_window,
)
from amr_viewer.analysis.detection import Detection, detect_channel
from amr_viewer.analysis.direct import DirectResponse, measure_direct
from amr_viewer.analysis.measures import Measures, measure_channel
from amr_viewer.analysis.nuisance import clean_channel
from amr_viewer.analysis.rejection import channel_is_off, rejections
from amr_viewer.analysis.robust import detrended
from amr_viewer.core.anatomy import Branch, Role, Side, role_of
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.progress import Progress, silent
from amr_viewer.core.recording import ChannelKind, Recording
from amr_viewer.core.responses import ARRAY_NAMES, Rejection, Responses, State
from amr_viewer.core.stimuli import Stimuli

PIECE_SWEEPS = 10_000
"""Sweeps (stimuli x channels) that are learned from and held together."""

BLOCK_SWEEPS = 1_600
"""Sweeps that are conditioned at once."""

ROLE_INDEX = {role: k for k, role in enumerate(Role)}


@dataclass(frozen=True, slots=True, eq=False)
class RunEvidence:
    """What the sweeps of one run and channel showed beyond the table.

    Attributes
    ----------
    site, side : Branch, Side or None
    channel : int
        Index into `Responses.channels`.
    stimuli : ndarray of int
        The run's stimuli.
    n_shams, n_shams_called : int
        Sham windows, and those that the sweeps' own rule would have called.
    strength : float
        Discriminability d' of a typical response.
    conducted_uv : float
        Peak of the volume-conducted M response in the channel, 0 if none.
    doubtful_until_ms : float
        Until when early activity may hide a response, NaN if nothing does.
    shape_uv : ndarray
        Mean of the present sweeps, aligned; for comparison between the sides.
    off : str
        Why the channel says nothing, empty if it does.
    """

    site: Branch | None
    side: Side | None
    channel: int
    stimuli: NDArray[np.intp]
    n_shams: int
    n_shams_called: int
    strength: float
    conducted_uv: float
    doubtful_until_ms: float
    off: str


@dataclass(frozen=True, slots=True, eq=False)
class Examination:
    """The table of responses and the evidence of every run."""

    responses: Responses
    runs: tuple[RunEvidence, ...]


def examine(
    recording: Recording,
    stimuli: Stimuli,
    parameters: Parameters,
    progress: Progress = silent,
) -> Examination:
    """Detect and measure responses in every sweep of a recording.

    Parameters
    ----------
    recording : Recording
    stimuli : Stimuli
    parameters : Parameters
    progress : Progress

    Returns
    -------
    Examination
        Over the EMG channels whose unit is known.
    """
    channels = analyzed_channels(recording)
    arrays = _empty(len(stimuli), len(channels))
    window = sweep_window(recording, stimuli.time_s, parameters)
    runs: list[RunEvidence] = []
    pieces = list(_pieces(stimuli, len(channels)))
    for k, (site, side, rows) in enumerate(pieces):
        progress(k / max(len(pieces), 1), "detecting responses")
        runs += _piece(recording, channels, stimuli, rows, (site, side), window, parameters, arrays)
    responses = Responses(
        stimuli=stimuli, channels=tuple(recording.channels[i] for i in channels), **arrays
    )
    return Examination(responses, _joined(runs))


def analyzed_channels(recording: Recording) -> list[int]:
    """Return the EMG channels that can be analyzed: unit known, samples there."""
    return [
        i
        for i, c in enumerate(recording.channels)
        if c.kind is ChannelKind.EMG and c.unit == "uV" and c.n_samples > 0
    ]


def _empty(n: int, c: int) -> dict[str, NDArray]:  # type: ignore[type-arg]
    """Return the table's arrays, nothing measured."""
    out = {name: np.full((n, c), np.nan, dtype=np.float32) for name in ARRAY_NAMES}
    for name in ("role", "state", "rejection"):
        out[name] = np.zeros((n, c), dtype=np.int8)
    for name in ("afterdischarge", "manual"):
        out[name] = np.zeros((n, c), dtype=np.bool_)
    return out


def _pieces(
    stimuli: Stimuli, n_channels: int
) -> Iterator[tuple[Branch | None, Side | None, NDArray[np.intp]]]:
    """Yield the stimuli of each branch and side, in pieces of bounded size."""
    keys = list(zip(stimuli.site, stimuli.side, strict=True))
    order = sorted(set(keys), key=lambda k: keys.index(k))
    most = max(PIECE_SWEEPS // max(n_channels, 1), 50)
    for key in order:
        rows = np.array([i for i, k in enumerate(keys) if k == key], dtype=np.intp)
        for piece in np.array_split(rows, -(-len(rows) // most)):
            yield key[0], key[1], piece


def _piece(
    recording: Recording,
    channels: list[int],
    stimuli: Stimuli,
    rows: NDArray[np.intp],
    key: tuple[Branch | None, Side | None],
    window: Window,
    parameters: Parameters,
    arrays: dict[str, NDArray],  # type: ignore[type-arg]
) -> list[RunEvidence]:
    """Examine one piece of a run and write it into the table."""
    rates = {recording.channels[i].sampling_hz for i in channels}
    roles = [
        role_of(recording.channels[i].muscle, recording.channels[i].side, *key) for i in channels
    ]
    groups = []
    for rate in sorted(rates, reverse=True):
        columns = [j for j, i in enumerate(channels) if recording.channels[i].sampling_hz == rate]
        sweeps = _conditioned(
            recording, [channels[j] for j in columns], stimuli, rows, window, parameters
        )
        groups.append((columns, sweeps))
    reference = _reference(groups, roles, parameters)
    runs = []
    for columns, sweeps in groups:
        failed = reference.failed(parameters) if reference else np.zeros(len(rows), dtype=bool)
        for k, j in enumerate(columns):
            arrays["role"][rows, j] = ROLE_INDEX[roles[j]]
            run = _channel(sweeps, k, roles[j], reference, failed, stimuli, rows, parameters)
            for name, values in run.columns.items():
                arrays[name][rows, j] = values
            runs.append(replace(run.evidence, site=key[0], side=key[1], channel=j))
    return runs


def _conditioned(
    recording: Recording,
    channels: list[int],
    stimuli: Stimuli,
    rows: NDArray[np.intp],
    window: Window,
    parameters: Parameters,
) -> Sweeps:
    """Condition the sweeps of a piece, a block at a time."""
    times = stimuli.time_s[rows]
    previous = np.where(rows > 0, stimuli.time_s[np.maximum(rows - 1, 0)], -np.inf)
    n_blocks = max(-(-len(rows) * len(channels) // BLOCK_SWEEPS), 1)
    parts = [
        condition(recording, channels, times[b], previous[b], window, parameters)
        for b in np.array_split(np.arange(len(rows)), n_blocks)
    ]
    if len(parts) == 1:
        return parts[0]
    joined = {
        f.name: np.concatenate([getattr(p, f.name) for p in parts])
        for f in fields(Sweeps)
        if f.name not in {"times_ms", "sampling_hz"}
    }
    return Sweeps(times_ms=parts[0].times_ms, sampling_hz=parts[0].sampling_hz, **joined)


@dataclass(frozen=True, slots=True, eq=False)
class _Reference:
    """The direct response that stimuli are judged by."""

    column: int
    direct: DirectResponse
    times_ms: NDArray[np.float64]

    def failed(self, parameters: Parameters) -> NDArray[np.bool_]:
        """Return the stimuli whose direct response is missing, (n_stimuli,)."""
        if not self.direct.measurable:
            return np.zeros(len(self.direct.ratio), dtype=bool)
        return self.direct.ratio < parameters.criteria.m_valid_fraction

    def mean_on(self, times_ms: NDArray[np.float64]) -> NDArray[np.float64] | None:
        """Return the mean M response on another time axis, None where M is not measurable."""
        if not self.direct.measurable:
            return None
        if len(times_ms) == len(self.times_ms):
            return self.direct.mean_uv
        return np.interp(times_ms, self.times_ms, self.direct.mean_uv)


def _reference(
    groups: list[tuple[list[int], Sweeps]], roles: list[Role], parameters: Parameters
) -> _Reference | None:
    """Return the clearest direct response, None where no direct muscle was recorded."""
    found = [
        _Reference(j, measure_direct(sweeps, k, parameters), sweeps.times_ms)
        for columns, sweeps in groups
        for k, j in enumerate(columns)
        if roles[j] is Role.DIRECT
    ]
    return max(found, key=lambda r: r.direct.multiple) if found else None


@dataclass(frozen=True, slots=True, eq=False)
class _ChannelRun:
    """Columns of the table for one channel, and the evidence behind them."""

    columns: dict[str, NDArray]  # type: ignore[type-arg]
    evidence: RunEvidence


def _channel(
    sweeps: Sweeps,
    k: int,
    role: Role,
    reference: _Reference | None,
    failed: NDArray[np.bool_],
    stimuli: Stimuli,
    rows: NDArray[np.intp],
    parameters: Parameters,
) -> _ChannelRun:
    """Examine one channel of a piece."""
    off = channel_is_off(sweeps, k, parameters)
    rejection = rejections(sweeps, k, stimuli, rows, failed, off, parameters)
    good = rejection == Rejection.NONE
    if role is Role.DIRECT:
        return _direct_run(sweeps, k, rejection, rows, off, parameters)
    mean = reference.mean_on(sweeps.times_ms) if reference else None
    cleaned = clean_channel(sweeps, k, mean, good, parameters)
    found = detect_channel(sweeps, cleaned, good, parameters)
    noisy = good & (found.noise_uv > parameters.criteria.noise_reject * np.median(found.noise_uv))
    rejection[noisy] = Rejection.NOISE
    good &= ~noisy
    d = parameters.detection
    present = good & (found.probability >= d.probability_min) & (found.evidence >= 0.0)
    measures = measure_channel(
        sweeps, k, cleaned, found.lag_ms, present, found.noise_uv, parameters
    )
    limit = _call_limit(found, good, present)
    doubt = np.flatnonzero(cleaned.envelope_uv > 2.0 * np.median(found.noise_uv))
    until = float(sweeps.times_ms[doubt[-1]]) if len(doubt) else np.nan
    evidence = RunEvidence(
        None, None, 0, rows, len(found.sham_evidence),
        int(np.count_nonzero(found.sham_evidence >= limit)), found.strength,
        float(np.abs(cleaned.conducted_uv).max()), until, off,
    )  # fmt: skip
    return _ChannelRun(_columns(found, measures, present, rejection), evidence)


def _call_limit(found: Detection, good: NDArray[np.bool_], present: NDArray[np.bool_]) -> float:
    """Return the evidence from which a typical sweep of the run is called."""
    n = int(good.sum())
    share = float(np.clip(present.sum() / n if n else 0.0, 0.01, 0.99))
    return max(0.0, float(np.log((1.0 - share) / share)))


def _columns(
    found: Detection,
    measures: Measures,
    present: NDArray[np.bool_],
    rejection: NDArray[np.int8],
) -> dict[str, NDArray]:  # type: ignore[type-arg]
    """Return the table's columns of one channel."""
    rejected = rejection != Rejection.NONE
    state = np.where(rejected, State.REJECTED, np.where(present, State.PRESENT, State.ABSENT))
    with np.errstate(divide="ignore", invalid="ignore"):
        snr = 20.0 * np.log10(measures.amplitude_uv / (2.0 * found.noise_uv))
    out = {f.name: getattr(measures, f.name) for f in fields(Measures)}
    out |= {
        "state": state.astype(np.int8),
        "rejection": rejection,
        "probability": np.where(rejected, np.nan, found.probability),
        "noise_uv": found.noise_uv,
        "snr_db": snr,
    }
    return out


def _direct_run(
    sweeps: Sweeps,
    k: int,
    rejection: NDArray[np.int8],
    rows: NDArray[np.intp],
    off: str,
    parameters: Parameters,
) -> _ChannelRun:
    """Return the columns of a direct channel: its M response."""
    direct = measure_direct(sweeps, k, parameters)
    n = len(rejection)
    quiet = sweeps.data_uv[:, k][:, quiet_stretch(sweeps.times_ms, parameters)]
    noise = np.median(np.abs(detrended(quiet, sweeps.sampling_hz)), axis=1) / 0.6745
    answered = np.full(n, direct.measurable) & (direct.ratio > 0.2)
    rejected = rejection != Rejection.NONE
    seen = answered & ~rejected
    amplitude = np.where(seen, direct.amplitude_uv, np.nan)
    onset = np.where(seen, direct.onset_ms, np.nan)
    state = np.where(rejected, State.REJECTED, np.where(seen, State.PRESENT, State.ABSENT))
    columns = {
        "state": state.astype(np.int8),
        "rejection": rejection,
        "onset_ms": onset,
        "amplitude_uv": amplitude,
        "noise_uv": noise,
        "m_amplitude_uv": amplitude,
        "m_onset_ms": onset,
    }
    evidence = RunEvidence(None, None, 0, rows, 0, 0, direct.multiple, 0.0, float("nan"), off)
    return _ChannelRun(columns, evidence)


def _joined(runs: list[RunEvidence]) -> tuple[RunEvidence, ...]:
    """Join the pieces of each run."""
    out: dict[tuple[Branch | None, Side | None, int], RunEvidence] = {}
    for run in runs:
        key = (run.site, run.side, run.channel)
        if key not in out:
            out[key] = run
            continue
        known = out[key]
        out[key] = replace(
            known,
            stimuli=np.concatenate([known.stimuli, run.stimuli]),
            n_shams=known.n_shams + run.n_shams,
            n_shams_called=known.n_shams_called + run.n_shams_called,
            strength=max(known.strength, run.strength),
            conducted_uv=max(known.conducted_uv, run.conducted_uv),
            doubtful_until_ms=float(np.fmax(known.doubtful_until_ms, run.doubtful_until_ms)),
            off=known.off if known.off == run.off else "",
        )
    return tuple(out.values())
