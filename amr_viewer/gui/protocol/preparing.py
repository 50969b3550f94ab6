"""Gets ready what the assignment shows: the recording as read, kinds of markers, small pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.progress import Progress
from amr_viewer.core.protocol import Protocol
from amr_viewer.core.recording import Mark, Recording, StimulusSource
from amr_viewer.core.stimuli import Stimuli
from amr_viewer.gui.protocol.draft import Draft
from amr_viewer.gui.protocol.understanding import Look, look
from amr_viewer.io.marker_guess import MarkerKind, marker_kinds

POINTS = 96
SPAN_S = 0.5
SWEEP_S = 0.045
BEFORE_S = 0.005
ARTEFACT_S = 0.004
BESIDE_S = 0.05
NAN = float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """A stretch of a channel.

    Attributes
    ----------
    low, high : ndarray, shape (POINTS,)
        Lowest and highest values.
    extent : float
        The largest distance from zero once the artefact of a stimulus is over; NaN: no samples.
    """

    low: NDArray[np.float32]
    high: NDArray[np.float32]
    extent: float


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """What a draft that nobody has touched makes of a recording, and pictures of its channels."""

    look: Look
    previews: tuple[Preview | None, ...]


def prepare(
    path: Path,
    protocol: Protocol,
    lab: Mapping[str, Protocol],
    stimuli: Stimuli | None,
    progress: Progress,
) -> Prepared:
    """Read a recording anew, without any protocol, and begin to assign it.

    Parameters
    ----------
    path : Path
    protocol : Protocol
        Under which it is analyzed now.
    lab : mapping of str to Protocol
    stimuli : Stimuli or None
        As found in it.
    progress : callable

    Raises
    ------
    ReadError
        It can no longer be read.
    """
    from amr_viewer.io.assignment import assign
    from amr_viewer.io.readers import choose_reader

    progress(0.0, f"reading {path.name}")
    raw = choose_reader(path).read(path)
    progress(0.3, "looking at markers")
    kinds = marker_kinds(assign(raw, protocol).marks)
    examples = {m.text: m for m in reversed(raw.marks)}
    marks = tuple(examples[k.example.text] for k in kinds)
    progress(0.5, "looking at pulses")
    pulses = _pulses(raw, protocol)
    draft = Draft(
        raw=replace(raw, marks=marks),
        kinds=(*kinds, *pulses),
        n_unmarked=0 if pulses else _unmarked(stimuli, raw.marks),
        protocol=protocol,
        lab=lab,
        site=protocol.site,
        side=protocol.side,
        trigger=protocol.trigger,
    )
    progress(0.7, "looking at signals")
    stimulus_s = float(stimuli.time_s[0]) if stimuli is not None and len(stimuli) else None
    previews = tuple(_preview(raw, c, stimulus_s) for c in range(len(raw.channels)))
    progress(0.9, "guessing")
    return Prepared(look(draft), previews)


def _unmarked(stimuli: Stimuli | None, marks: Sequence[Mark]) -> int:
    """Count the stimuli beside which there is no mark, of whatever kind."""
    if stimuli is None:
        return 0
    times = np.sort([-np.inf, *(m.time_s for m in marks), np.inf])
    after = np.searchsorted(times, stimuli.time_s)
    distance = np.minimum(times[after] - stimuli.time_s, stimuli.time_s - times[after - 1])
    found = np.array([s is not StimulusSource.ANNOTATION for s in stimuli.source], dtype=bool)
    return int(np.count_nonzero(found & (distance > BESIDE_S)))


def _pulses(raw: Recording, protocol: Protocol) -> tuple[MarkerKind, ...]:
    """Return the codes of the trigger channel, if it bears several."""
    from amr_viewer.analysis.triggers import find_triggers
    from amr_viewer.io.assignment import assign

    pulses = find_triggers(assign(raw, protocol), protocol.trigger, [])
    codes, counts = np.unique(pulses.code, return_counts=True)
    if len(codes) < 2 or len(pulses.code) <= 2 * len(raw.marks):
        return ()
    return tuple(
        MarkerKind(
            text=str(code),
            example=Mark(0.0, NAN, str(code)),
            count=int(n),
            n_texts=1,
            sites=frozenset(),
            sides=frozenset(),
            is_pulse=True,
        )
        for code, n in zip(codes.tolist(), counts.tolist(), strict=True)
    )


def _preview(raw: Recording, channel: int, stimulus_s: float | None) -> Preview | None:
    """Return the first sweep of a channel, else its beginning; None where it is too short."""
    about = raw.channels[channel]
    rate = about.sampling_hz
    start, size = 0, round(SPAN_S * rate)
    if stimulus_s is not None:
        at = raw.sample_index(channel, np.array([stimulus_s - BEFORE_S]))[0]
        start, size = (round(float(at)) if np.isfinite(at) else 0), round(SWEEP_S * rate)
    start = max(min(start, about.n_samples - size), 0)
    samples = raw.source.read(channel, start, min(start + size, about.n_samples))
    if len(samples) < 2 or not np.isfinite(samples).any():
        return None
    edges = np.linspace(0, len(samples), min(POINTS, len(samples)) + 1).astype(int)[:-1]
    centered = samples - np.float32(np.nanmedian(samples))
    quiet = round((BEFORE_S + ARTEFACT_S) * rate) if stimulus_s is not None else 0
    shown = centered[quiet:]
    if not np.nanmax(np.abs(shown), initial=0.0) > 0.0:
        shown = centered
    return Preview(
        np.minimum.reduceat(centered, edges),
        np.maximum.reduceat(centered, edges),
        float(np.nanmax(np.abs(shown))),
    )
