"""Go through a recording site by site: condition, clean, detect, measure; one table comes out.

The stimuli of one branch and side are a run. Long runs are worked on in pieces of bounded size, so
that memory does not grow with the recording.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.channel_run import (
    ChannelRun,
    examine_channel,
    find_reference,
    thinned,
)
from amr_viewer.analysis.conditioning import Sweeps, condition
from amr_viewer.analysis.threads import thread_pool
from amr_viewer.analysis.windows import Window, quiet_stretch, sweep_window
from amr_viewer.core.anatomy import Branch, Role, Side, role_of
from amr_viewer.core.evidence import RunEvidence
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.progress import Progress, silent
from amr_viewer.core.recording import ChannelKind, Recording
from amr_viewer.core.responses import ARRAY_NAMES, Responses
from amr_viewer.core.stimuli import Stimuli
from amr_viewer.errors import StimulusError

PIECE_SWEEPS = 10_000
"""Sweeps (stimuli x channels) that are learned from and held together."""

BLOCK_SWEEPS = 1_200
"""Sweeps that are conditioned at once."""

"""Blocks and channels worked on side by side; numpy works outside the interpreter's lock."""

ROLE_INDEX = {role: k for k, role in enumerate(Role)}


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
    pieces = list(pieces_of(stimuli, len(channels)))
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
    out["by_hand"] = np.zeros((n, c), dtype=np.uint8)
    return out


def pieces_of(
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
    roles = [
        role_of(recording.channels[i].muscle, recording.channels[i].side, *key) for i in channels
    ]
    groups = conditioned_groups(recording, channels, stimuli, rows, window, parameters)
    _require_baseline(groups, parameters)
    reference = find_reference(groups, roles, parameters)
    runs: list[RunEvidence] = []
    failed = reference.failed(parameters) if reference else np.zeros(len(rows), dtype=bool)

    def one(task: tuple[int, int, Sweeps]) -> ChannelRun:
        j, k, sweeps = task
        return examine_channel(sweeps, k, roles[j], reference, failed, stimuli, rows, parameters)

    tasks = [(j, k, sweeps) for columns, sweeps in groups for k, j in enumerate(columns)]
    tasks.sort(key=lambda task: task[0])
    with thread_pool() as pool:
        done = list(pool.map(one, tasks))
    for (j, _, _), run in zip(tasks, done, strict=True):
        arrays["role"][rows, j] = ROLE_INDEX[roles[j]]
        for name, values in run.columns.items():
            arrays[name][rows, j] = values
        runs.append(replace(run.evidence, site=key[0], side=key[1], channel=j))
    return runs


def _require_baseline(groups: list[tuple[list[int], Sweeps]], parameters: Parameters) -> None:
    """Raise where stimuli leave no time without any."""
    if not all(quiet_stretch(s.times_ms, parameters).any() for _, s in groups):
        raise StimulusError(
            "stimuli follow each other so closely that no baseline is left between them; if some "
            'of the markers are no stimuli say so in the protocol: [markers."TEXT"] ignore = true'
        )


def conditioned_groups(
    recording: Recording,
    channels: list[int],
    stimuli: Stimuli,
    rows: NDArray[np.intp],
    window: Window,
    parameters: Parameters,
    chosen: Collection[int] | None = None,
) -> list[tuple[list[int], Sweeps]]:
    """Condition the sweeps of a piece, the channels of one sampling rate together.

    Parameters
    ----------
    recording : Recording
    channels : list of int
        All channels that are analyzed.
    stimuli : Stimuli
    rows : ndarray of int
        Stimuli of the piece.
    window : Window
    parameters : Parameters
    chosen : collection of int, optional
        Places in `channels` of those that are wanted; all if not given.

    Returns
    -------
    list of (list of int, Sweeps)
        Places in `channels` and their sweeps, the highest rate first.
    """
    rates = [recording.channels[i].sampling_hz for i in channels]
    groups = []
    for rate in sorted(set(rates), reverse=True):
        alike = [j for j, r in enumerate(rates) if r == rate]
        columns = [j for j in alike if chosen is None or j in chosen]
        # A block is judged as a whole, so that it must not depend on which channels are wanted.
        n_blocks = max(-(-len(rows) * len(alike) // BLOCK_SWEEPS), 1)
        if columns:
            places = [channels[j] for j in columns]
            sweeps = _conditioned(recording, places, stimuli, rows, window, parameters, n_blocks)
            groups.append((columns, sweeps))
    return groups


def _conditioned(
    recording: Recording,
    channels: list[int],
    stimuli: Stimuli,
    rows: NDArray[np.intp],
    window: Window,
    parameters: Parameters,
    n_blocks: int,
) -> Sweeps:
    """Condition the sweeps of a piece, a block at a time."""
    times = stimuli.time_s[rows]
    previous = np.where(rows > 0, stimuli.time_s[np.maximum(rows - 1, 0)], -np.inf)
    blocks = np.array_split(np.arange(len(rows)), n_blocks)
    with thread_pool() as pool:
        parts = list(
            pool.map(
                lambda b: condition(recording, channels, times[b], previous[b], window, parameters),
                blocks,
            )
        )
    if len(parts) == 1:
        return parts[0]
    joined = {
        f.name: np.concatenate([getattr(p, f.name) for p in parts])
        for f in fields(Sweeps)
        if f.name not in {"times_ms", "sampling_hz"}
    }
    return Sweeps(times_ms=parts[0].times_ms, sampling_hz=parts[0].sampling_hz, **joined)


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
            sham_evidence=np.concatenate([known.sham_evidence, run.sham_evidence]),
            evidence=np.concatenate([known.evidence, run.evidence]),
            call_limit=_mean_of(known, run, known.call_limit, run.call_limit),
            noise_uv=_mean_of(known, run, known.noise_uv, run.noise_uv),
        )
    return tuple(replace(run, sham_evidence=thinned(run.sham_evidence)) for run in out.values())


def _mean_of(a: RunEvidence, b: RunEvidence, of_a: float, of_b: float) -> float:
    """Return the mean of what is typical of two pieces, by their numbers of stimuli."""
    return float(np.average([of_a, of_b], weights=[len(a.stimuli), len(b.stimuli)]))
