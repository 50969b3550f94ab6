"""Prepare sweeps for the eye: conditioned as they were analyzed, on one time axis."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.channel_run import find_reference
from amr_viewer.analysis.conditioning import Sweeps, condition
from amr_viewer.analysis.examination import (
    analyzed_channels,
    conditioned_groups,
    pieces_of,
)
from amr_viewer.analysis.nuisance import clean_channel, settled
from amr_viewer.analysis.robust import robust_mean
from amr_viewer.analysis.threads import thread_pool
from amr_viewer.analysis.windows import EDGE_MS, Window, sweep_window
from amr_viewer.core.anatomy import Branch, Role, Side
from amr_viewer.core.epochs import Epochs
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.progress import Progress, silent
from amr_viewer.core.recording import Recording
from amr_viewer.core.responses import Rejection, Responses

MAX_SHOWN = 120
AHEAD_MS = 1.0
"""How far into the search window the beginning of a sweep reaches."""

ROUNDING = float(np.finfo(np.float32).eps)
"""Difference of two means that single precision makes, relative."""

BEFORE_MS = 10.0
LEAST_AFTER_MS = 45.0


def presented(
    recording: Recording,
    responses: Responses,
    rows: NDArray[np.intp],
    parameters: Parameters,
) -> Epochs:
    """Return sweeps of some stimuli, at most `MAX_SHOWN`, evenly taken.

    Lateral channels are shown without the artefact's tail, direct ones as they are.

    Parameters
    ----------
    recording : Recording
    responses : Responses
    rows : ndarray of int
        Stimuli of one branch and side.
    parameters : Parameters

    Returns
    -------
    Epochs
        Of the channels of `responses` that have its highest sampling rate.
    """
    if len(rows) > MAX_SHOWN:
        rows = rows[np.linspace(0, len(rows) - 1, MAX_SHOWN).astype(int)]
    rates = [c.sampling_hz for c in responses.channels]
    columns = [j for j, rate in enumerate(rates) if rate == max(rates)]
    analyzed = analyzed_channels(recording)
    channels = [analyzed[j] for j in columns]
    d = parameters.detection
    window = Window(60.0, max(LEAST_AFTER_MS, d.window_end_ms + d.response_ms) + 12.0)
    times_s = responses.stimuli.time_s
    previous = np.where(rows > 0, times_s[np.maximum(rows - 1, 0)], -np.inf)
    sweeps = condition(recording, channels, times_s[rows], previous, window, parameters)
    data = sweeps.data_uv
    for k, j in enumerate(columns):
        good = responses.rejection[rows, j] == Rejection.NONE
        if responses.role_at(int(rows[0]), j) is not Role.DIRECT:
            clean = clean_channel(sweeps, k, None, good, parameters).data_uv
            plain = settled(sweeps, k, parameters)
            data[:, k] = clean if _is_modelled(clean, plain, sweeps, k, parameters) else plain
    shown = (sweeps.times_ms >= -BEFORE_MS) & (sweeps.times_ms <= window.after_ms - 10.0)
    return Epochs(
        data_uv=np.ascontiguousarray(data[..., shown]),
        times_ms=sweeps.times_ms[shown],
        stimuli=rows.astype(np.intp),
        channels=np.array(channels, dtype=np.intp),
        blank_end_ms=sweeps.blank_end_ms,
    )


def all_presented(
    recording: Recording,
    responses: Responses,
    site: tuple[Branch | None, Side | None],
    parameters: Parameters,
    channels: Sequence[int] | None = None,
    extent_ms: tuple[float, float] = (10.0, 60.0),
    progress: Progress = silent,
) -> Epochs:
    """Return every sweep of one branch and side as the detector saw it.

    Conditioned in the same pieces as the analysis did, lateral channels freed of artefact tail
    and volume conduction (where that model holds ahead of the window, else leveled only), direct
    ones as they are. The work needs as much memory as the analysis
    beside the sweeps that are returned.

    Parameters
    ----------
    recording : Recording
    responses : Responses
        The program's.
    site : (Branch or None, Side or None)
    parameters : Parameters
    channels : sequence of int, optional
        Indices into `Responses.channels`; all if not given. Those of a lower sampling rate are
        joined by straight lines.
    extent_ms : (float, float)
        Time shown before and after the stimulus, as far as the analysis looked.
    progress : Progress

    Returns
    -------
    Epochs
        Of the stimuli in order, and of the channels as they were asked for.
    """
    analyzed = analyzed_channels(recording)
    wanted = list(range(len(analyzed)) if channels is None else channels)
    window = sweep_window(recording, responses.stimuli.time_s, parameters)
    stimuli = responses.stimuli
    pieces = [p[2] for p in pieces_of(stimuli, len(analyzed)) if p[:2] == site]
    if not pieces or not wanted:
        return _no_sweeps(pieces, wanted, analyzed)
    parts, modelled = [], dict[int, bool]()
    for k, rows in enumerate(pieces):
        progress(k / len(pieces), "preparing sweeps")
        roles = [responses.role_at(int(rows[0]), j) for j in range(len(analyzed))]
        chosen = {*wanted, *(j for j, role in enumerate(roles) if role is Role.DIRECT)}
        groups = conditioned_groups(recording, analyzed, stimuli, rows, window, parameters, chosen)
        parts.append(
            _cleaned_piece(groups, wanted, roles, responses, rows, parameters, extent_ms, modelled)
        )
    data, blank_end, times = zip(*parts, strict=True)
    return Epochs(
        data_uv=data[0] if len(data) == 1 else np.concatenate(data),
        times_ms=times[0],
        stimuli=np.concatenate(pieces),
        channels=np.array([analyzed[j] for j in wanted], dtype=np.intp),
        blank_end_ms=np.concatenate(blank_end),
    )


def _no_sweeps(pieces: list[NDArray[np.intp]], wanted: list[int], analyzed: list[int]) -> Epochs:
    """Return what there is of a site that was not stimulated, or without channels."""
    rows = np.concatenate([np.empty(0, dtype=np.intp), *pieces])
    shape = (len(rows), len(wanted))
    return Epochs(
        data_uv=np.empty((*shape, 2), dtype=np.float32),
        times_ms=np.array([0.0, 1.0]),
        stimuli=rows,
        channels=np.array([analyzed[j] for j in wanted], dtype=np.intp),
        blank_end_ms=np.empty(shape, dtype=np.float32),
    )


def _cleaned_piece(
    groups: list[tuple[list[int], Sweeps]],
    wanted: list[int],
    roles: list[Role],
    responses: Responses,
    rows: NDArray[np.intp],
    parameters: Parameters,
    extent_ms: tuple[float, float],
    modelled: dict[int, bool],
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float64]]:
    """Return sweeps, ends of the artefact and times of one piece.

    `modelled` remembers for each channel how its first piece is shown, so that all look alike.
    """
    reference = find_reference(groups, roles, parameters)
    before, after = extent_ms
    every = groups[0][1].times_ms
    # The band limit disturbs the very ends of a sweep.
    last = min(after, float(every[-1]) - EDGE_MS)
    times = every[(every >= max(-before, float(every[0]) + EDGE_MS)) & (every <= last)]
    data = np.empty((len(rows), len(wanted), len(times)), dtype=np.float32)
    blank_end = np.empty(data.shape[:2], dtype=np.float32)

    def one(task: tuple[int, int, Sweeps]) -> None:
        place, k, sweeps = task
        j = wanted[place]
        clean = sweeps.data_uv[:, k]
        if roles[j] is not Role.DIRECT:
            # What was rejected for its noise was still part of the fit when it was judged.
            reasons = responses.rejection[rows, j]
            good = (reasons == Rejection.NONE) | (reasons == Rejection.NOISE)
            mean = reference.mean_on(sweeps.times_ms) if reference else None
            clean = clean_channel(sweeps, k, mean, good, parameters).data_uv
            plain = settled(sweeps, k, parameters)
            if j not in modelled:
                modelled[j] = _is_modelled(clean, plain, sweeps, k, parameters)
            clean = clean if modelled[j] else plain
        data[:, place] = _on_axis(clean, sweeps.times_ms, times)
        blank_end[:, place] = sweeps.blank_end_ms[:, k]

    tasks = [
        (wanted.index(j), k, sweeps)
        for columns, sweeps in groups
        for k, j in enumerate(columns)
        if j in wanted
    ]
    with thread_pool() as pool:
        list(pool.map(one, tasks))
    return data, blank_end, times


def _is_modelled(
    clean: NDArray[np.float32],
    plain: NDArray[np.float32],
    sweeps: Sweeps,
    channel: int,
    parameters: Parameters,
) -> bool:
    """Say whether sweeps are shown without the modelled tail and M copy.

    They are where that leaves less ahead of the search window and at its beginning. Where it
    leaves more, the model was fitted to what comes later and does not hold there: what was
    recorded is shown, leveled.
    """
    times = sweeps.times_ms
    begin = float(np.median(sweeps.blank_end_ms[:, channel])) + 0.3
    ahead = (times > begin) & (times < parameters.detection.window_start_ms + AHEAD_MS)
    if not ahead.any():
        return False
    of_clean, of_plain = (np.abs(robust_mean(x[:, ahead])).max() for x in (clean, plain))
    # Often it is one sample ahead of the fit, where both are the same but for rounding.
    return bool(of_clean <= (1.0 + ROUNDING) * of_plain)


def _on_axis(
    data: NDArray[np.float32], times: NDArray[np.float64], wanted: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Return sweeps on another time axis, joined by straight lines, (n_stimuli, n_wanted)."""
    first = int(np.searchsorted(times, wanted[0]))
    if np.array_equal(times[first : first + len(wanted)], wanted):
        return data[:, first : first + len(wanted)]
    left = np.clip(np.searchsorted(times, wanted, side="right") - 1, 0, len(times) - 2)
    share = ((wanted - times[left]) / (times[left + 1] - times[left])).astype(np.float32)
    return np.asarray(data[:, left] * (1 - share) + data[:, left + 1] * share)
