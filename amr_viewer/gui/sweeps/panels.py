"""What each panel of a site shows: values from the analysis, in the order they are looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.anatomy import Role
from amr_viewer.core.arrays import freeze
from amr_viewer.core.evidence import RunEvidence
from amr_viewer.core.findings import Finding
from amr_viewer.core.responses import Responses, State
from amr_viewer.core.stimuli import stimuli_at
from amr_viewer.gui.document import Document, Site

MARKERS = ("onset_ms", "peak_ms", "positive_peak_ms", "end_ms")
MARKER_NAMES = {"onset_ms": "onset", "peak_ms": "N", "positive_peak_ms": "P", "end_ms": "end"}
_ORDER = {Role.LATERAL: 0, Role.OTHER: 0, Role.DIRECT: 1, Role.CONTRALATERAL: 2}


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One muscle on one site.

    Attributes
    ----------
    finding : Finding
    stimuli : ndarray of int, shape (n_sweeps,)
    responses, automatic : Responses
        As reviewed, and as the program found them.
    evidence : RunEvidence or None
    state, rejection : ndarray of int8, shape (n_sweeps,)
    manual : ndarray of bool, shape (n_sweeps,)
    onset_ms : ndarray of float32, shape (n_sweeps,)
    typical : mapping of str to float
        Medians of the markers over the sweeps with a response, NaN without any.
    """

    finding: Finding
    stimuli: NDArray[np.intp]
    responses: Responses = field(repr=False)
    automatic: Responses = field(repr=False)
    evidence: RunEvidence | None = field(repr=False)
    state: NDArray[np.int8] = field(repr=False)
    rejection: NDArray[np.int8] = field(repr=False)
    manual: NDArray[np.bool_] = field(repr=False)
    onset_ms: NDArray[np.float32] = field(repr=False)
    typical: Mapping[str, float] = field(repr=False)

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        for name in ("stimuli", "state", "rejection", "manual", "onset_ms"):
            freeze(getattr(self, name))

    @property
    def channel(self) -> int:
        """Index into `Responses.channels`."""
        return self.finding.channel_index

    @property
    def is_direct(self) -> bool:
        """Whether the muscle answers directly."""
        return self.finding.role is Role.DIRECT

    def markers(self, stimulus: int) -> dict[str, float]:
        """Return the markers of a sweep, NaN where there are none."""
        return {m: float(getattr(self.responses, m)[stimulus, self.channel]) for m in MARKERS}

    def automatic_markers(self, stimulus: int) -> dict[str, float]:
        """Return the program's markers of a sweep, NaN where there are none."""
        return {m: float(getattr(self.automatic, m)[stimulus, self.channel]) for m in MARKERS}


def _median(values: NDArray[np.float32]) -> float:
    """Return the median of what is known, NaN if nothing is."""
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else float("nan")


def make_panel(document: Document, finding: Finding, stimuli: NDArray[np.intp]) -> Panel:
    """Return what a panel shows of a finding."""
    analysis = document.analysis
    assert analysis is not None
    responses, c = analysis.responses, finding.channel_index
    automatic = (document.automatic or analysis).responses
    evidence = next(
        (
            e
            for e in analysis.evidence
            if (e.site, e.side, e.channel) == (finding.site, finding.side, c)
        ),
        None,
    )
    present = stimuli[responses.state[stimuli, c] == State.PRESENT]
    return Panel(
        finding,
        stimuli,
        responses,
        automatic,
        evidence,
        np.ascontiguousarray(responses.state[stimuli, c]),
        np.ascontiguousarray(responses.rejection[stimuli, c]),
        np.ascontiguousarray(responses.manual[stimuli, c]),
        np.ascontiguousarray(responses.onset_ms[stimuli, c]),
        {m: _median(getattr(responses, m)[present, c]) for m in MARKERS},
    )


def stimuli_of(document: Document, site: Site) -> NDArray[np.intp]:
    """Return the stimuli of a site, in order of time."""
    assert document.analysis is not None
    return stimuli_at(document.analysis.stimuli, site)


def events_among(document: Document, stimuli: NDArray[np.intp]) -> tuple[tuple[int, str], ...]:
    """Return the events of surgery: how many of some sweeps came before, and what it was."""
    assert document.analysis is not None
    times = document.analysis.stimuli.time_s[stimuli]
    marks = document.mark_columns
    before = np.searchsorted(times, marks.starts_s).tolist()
    return tuple([event for event in zip(before, marks.texts, strict=True) if event[1].strip()])


def arranged(document: Document, site: Site | None, other_side: bool) -> list[list[Finding]]:
    """Return the findings of a site in groups that lie beside each other.

    Lateral muscles first, then direct ones; with `other_side` each is followed by the same muscle
    of the other side. Muscles of the other side alone come last.
    """
    findings = sorted(document.findings_of(site), key=lambda f: _ORDER[f.role])
    near = [f for f in findings if f.role is not Role.CONTRALATERAL]
    far = [f for f in findings if f.role is Role.CONTRALATERAL]
    if not near:
        return [[f] for f in far]
    if not other_side:
        return [[f] for f in near]
    groups = []
    for finding in near:
        pair = next((f for f in far if f.muscle is not None and f.muscle is finding.muscle), None)
        groups.append([finding] if pair is None else [finding, pair])
        far = [f for f in far if f is not pair]
    return groups + [[f] for f in far]


def same_markers(a: Mapping[str, float], b: Mapping[str, float]) -> bool:
    """Whether markers are equal; unknown ones are."""
    return all(abs(a[m] - b[m]) < 1e-3 or (a[m] != a[m] and b[m] != b[m]) for m in a)
