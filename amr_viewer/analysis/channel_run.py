"""Examine one channel of a run: its columns of the table and the evidence behind them."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.conditioning import Sweeps
from amr_viewer.analysis.detection import Detection, detect_channel
from amr_viewer.analysis.direct import DirectResponse, measure_direct
from amr_viewer.analysis.measures import Measures, measure_channel
from amr_viewer.analysis.nuisance import clean_channel
from amr_viewer.analysis.rejection import channel_is_off, rejections
from amr_viewer.analysis.robust import detrended, median
from amr_viewer.analysis.windows import as_slice, quiet_stretch
from amr_viewer.core.anatomy import Role
from amr_viewer.core.evidence import RunEvidence
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.responses import Rejection, State
from amr_viewer.core.stimuli import Stimuli

BLIND_MULTIPLE = 3.0
"""Envelope of what may remain, in multiples of the noise, that hides a usual response."""

REMAINDER_MS = 3.0
"""How far into the window the peaks of such a remainder lie."""

OUTSIDE = 0.05
"""What is left of a sweep's probability when its response begins outside the search window."""

SHAMS_KEPT = 4_000
"""Evidence of sham windows that is kept for the eye."""


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
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


def find_reference(
    groups: list[tuple[list[int], Sweeps]], roles: list[Role], parameters: Parameters
) -> Reference | None:
    """Return the clearest direct response, None where no direct muscle was recorded."""
    found = [
        Reference(j, measure_direct(sweeps, k, parameters), sweeps.times_ms)
        for columns, sweeps in groups
        for k, j in enumerate(columns)
        if roles[j] is Role.DIRECT
    ]
    return max(found, key=lambda r: r.direct.multiple) if found else None


@dataclass(frozen=True, slots=True, eq=False)
class ChannelRun:
    """Columns of the table for one channel, and the evidence behind them."""

    columns: dict[str, NDArray]  # type: ignore[type-arg]
    evidence: RunEvidence


def examine_channel(
    sweeps: Sweeps,
    k: int,
    role: Role,
    reference: Reference | None,
    failed: NDArray[np.bool_],
    stimuli: Stimuli,
    rows: NDArray[np.intp],
    parameters: Parameters,
) -> ChannelRun:
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
    if np.any(present) and not _begins_inside(measures, parameters):
        found, present, measures = _outside(found, present, measures)
    limit = _call_limit(found, good, present)
    doubt = np.flatnonzero(cleaned.envelope_uv > BLIND_MULTIPLE * np.median(found.noise_uv))
    until = float(sweeps.times_ms[doubt[-1]]) if len(doubt) else np.nan
    evidence = RunEvidence(
        None, None, 0, rows, len(found.sham_evidence),
        int(np.count_nonzero(found.sham_evidence >= limit)), found.strength,
        float(np.abs(cleaned.conducted_uv).max()), until, off, thinned(found.sham_evidence),
        np.where(good, found.evidence, np.nan).astype(np.float32), limit,
        float(np.median(found.noise_uv)),
    )  # fmt: skip
    return ChannelRun(_columns(found, measures, present, rejection), evidence)


def thinned(evidence: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return at most `SHAMS_KEPT` of the sham windows' evidence, evenly taken."""
    if len(evidence) > SHAMS_KEPT:
        evidence = evidence[np.linspace(0, len(evidence) - 1, SHAMS_KEPT).astype(int)]
    return evidence.astype(np.float32)


def _typical(values: NDArray[np.float64]) -> float:
    """Return the median of what is finite, NaN if nothing is."""
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if len(finite) else float("nan")


def _begins_inside(measures: Measures, parameters: Parameters) -> bool:
    """Say whether a response begins in the search window.

    What stands at the beginning of the window, peaks and all, began before it: a remainder of M or
    of the artefact.
    """
    d = parameters.detection
    onset = _typical(measures.onset_ms)
    last_peak = _typical(np.fmax(measures.peak_ms, measures.positive_peak_ms))
    stands = onset < d.window_start_ms - 0.25 and last_peak < d.window_start_ms + REMAINDER_MS
    return onset <= d.window_end_ms and not stands


def _outside(
    found: Detection, present: NDArray[np.bool_], measures: Measures
) -> tuple[Detection, NDArray[np.bool_], Measures]:
    """Take back a response that begins outside the search window, or that has no onset."""
    nothing = Measures(
        **{
            f.name: np.full(len(present), np.nan if f.name != "afterdischarge" else False)
            for f in fields(Measures)
        }
    )
    less = replace(found, probability=OUTSIDE * found.probability, evidence=-np.abs(found.evidence))
    return less, np.zeros_like(present), nothing


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
) -> ChannelRun:
    """Return the columns of a direct channel: its M response."""
    direct = measure_direct(sweeps, k, parameters)
    n = len(rejection)
    quiet = sweeps.data_uv[:, k, as_slice(quiet_stretch(sweeps.times_ms, parameters))]
    noise = median(np.abs(detrended(quiet, sweeps.sampling_hz))) / 0.6745
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
    evidence = RunEvidence(
        None, None, 0, rows, 0, 0, direct.multiple, 0.0, float("nan"), off,
        noise_uv=float(np.median(noise)),
    )  # fmt: skip
    return ChannelRun(columns, evidence)
