"""An analysis as annotations of its recording; writing the file is left to `io`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import isfinite, nan

import numpy as np

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Branch, Muscle, Side
from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.core.recording import Mark, Recording, StimulusLabel
from amr_viewer.core.responses import State


def annotated(analysis: Analysis) -> Recording:
    """Return the recording with what was found as marks.

    Markers of stimuli make place for the stimuli as they were found; all other marks stay. A
    response is marked at its onset, on its channel, for its duration; a verdict at the first
    stimulus of its branch.

    Parameters
    ----------
    analysis : Analysis

    Returns
    -------
    Recording
    """
    kept = [m for m in analysis.recording.marks if m.stimulus is None]
    found = [*_stimuli(analysis)]
    for finding in analysis.findings:
        found += _verdict(analysis, finding)
        found += _responses(analysis, finding)
    marks = sorted([*kept, *found], key=lambda mark: mark.time_s)
    return replace(analysis.recording, marks=tuple(marks))


def _stimuli(analysis: Analysis) -> Iterator[Mark]:
    """Yield a mark for every stimulus: ``Stim zygomatic left 8 mA``."""
    s = analysis.stimuli
    for time, site, side, current, width in zip(
        s.time_s.tolist(),
        s.site,
        s.side,
        s.intensity_ma.tolist(),
        s.width_ms.tolist(),
        strict=True,
    ):
        known = current if isfinite(current) else None
        words = ["Stim", *_branch(site, side), f"{current:g} mA" if isfinite(current) else ""]
        label = StimulusLabel(site, side, known, width if isfinite(width) else None)
        yield Mark(time, nan, " ".join(w for w in words if w), None, label)


def _branch(site: Branch | None, side: Side | None) -> list[str]:
    """Name what was stimulated, as far as it is known."""
    return [x.value for x in (site, side) if x is not None]


def _muscle(muscle: Muscle | None, side: Side | None, channel: str) -> str:
    """Name a muscle with its side, or the channel where it is unknown."""
    if muscle is None:
        return channel
    return f"{side.value[0].upper()} {muscle.title}" if side else muscle.title


def _verdict(analysis: Analysis, finding: Finding) -> Iterator[Mark]:
    """Yield a mark for what was judged: ``Finding: AMR present, L Mentalis, 48/50, ...``."""
    if finding.verdict is Verdict.NOT_ASSESSABLE or not finding.stimulus_indices:
        return
    parts = [
        f"Finding: {finding.label} {finding.verdict.value}",
        _muscle(finding.muscle, finding.muscle_side, finding.channel),
        f"{finding.n_present}/{finding.n_valid}",
        " ".join(_branch(finding.site, finding.side)),
        "by a person" if finding.source == "manual" else "",
    ]
    time = float(analysis.stimuli.time_s[finding.stimulus_indices[0]])
    yield Mark(time, nan, ", ".join(p for p in parts if p), finding.channel)


def _responses(analysis: Analysis, finding: Finding) -> Iterator[Mark]:
    """Yield a mark for every response: ``AMR L Mentalis 10.4 ms 182 uV``."""
    r, j = analysis.responses, finding.channel_index
    rows = np.array(finding.stimulus_indices, dtype=np.intp)
    rows = rows[r.state[rows, j] == State.PRESENT]
    kind = "M" if finding.label == "M response" else finding.label
    name = _muscle(finding.muscle, finding.muscle_side, finding.channel)
    columns = (
        analysis.stimuli.time_s[rows], r.onset_ms[rows, j], r.end_ms[rows, j],
        r.amplitude_uv[rows, j],
    )  # fmt: skip
    for time, onset, end, amplitude in zip(*(c.tolist() for c in columns), strict=True):
        words = [kind, name]
        words += [f"{onset:.1f} ms"] if isfinite(onset) else []
        words += [f"{amplitude:.0f} uV"] if isfinite(amplitude) else []
        begin = time + 1e-3 * (onset if isfinite(onset) else 0.0)
        yield Mark(begin, 1e-3 * (end - onset), " ".join(words), finding.channel)
