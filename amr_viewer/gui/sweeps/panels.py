"""What each panel of a site shows: values from the analysis, in the order they are looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Role
from amr_viewer.core.arrays import freeze
from amr_viewer.core.evidence import RunEvidence
from amr_viewer.core.findings import Finding
from amr_viewer.core.responses import MARKER_BITS, Responses, State
from amr_viewer.core.stimuli import stimuli_at
from amr_viewer.core.trend import BlockState
from amr_viewer.gui.document import Block, Document, Site

MARKERS = ("onset_ms", "peak_ms", "positive_peak_ms", "end_ms")
MARKER_NAMES = {"onset_ms": "onset", "peak_ms": "N", "positive_peak_ms": "P", "end_ms": "end"}
_ORDER = {Role.LATERAL: 0, Role.OTHER: 0, Role.DIRECT: 1, Role.CONTRALATERAL: 2}


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One muscle on one site.

    Attributes
    ----------
    finding : Finding
    run : ndarray of int, shape (n_run,)
        All stimuli of the site.
    stimuli : ndarray of int, shape (n_sweeps,)
        Those whose sweeps are shown: of the whole run or of a block of it.
    responses, automatic : Responses
        As reviewed, and as the program found them.
    evidence : RunEvidence or None
        Of the sweeps that are shown, and of the whole run's sham windows.
    state, rejection : ndarray of int8, shape (n_sweeps,)
    manual : ndarray of bool, shape (n_sweeps,)
    onset_ms : ndarray of float32, shape (n_sweeps,)
    typical : mapping of str to float
        Medians of the markers and of the amplitude over the sweeps with a response, NaN without
        any.
    block_state : BlockState or None
        What the report says of the block that is shown, None where it has no such block.
    """

    finding: Finding
    run: NDArray[np.intp] = field(repr=False)
    stimuli: NDArray[np.intp]
    responses: Responses = field(repr=False)
    automatic: Responses = field(repr=False)
    evidence: RunEvidence | None = field(repr=False)
    state: NDArray[np.int8] = field(repr=False)
    rejection: NDArray[np.int8] = field(repr=False)
    manual: NDArray[np.bool_] = field(repr=False)
    onset_ms: NDArray[np.float32] = field(repr=False)
    typical: Mapping[str, float] = field(repr=False)
    block_state: BlockState | None = None

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        for name in ("run", "stimuli", "state", "rejection", "manual", "onset_ms"):
            freeze(getattr(self, name))

    @property
    def channel(self) -> int:
        """Index into `Responses.channels`."""
        return self.finding.channel_index

    @property
    def is_direct(self) -> bool:
        """Whether the muscle answers directly."""
        return self.finding.role is Role.DIRECT

    @property
    def is_block(self) -> bool:
        """Whether only a part of the run is shown."""
        return len(self.stimuli) < len(self.run)

    @property
    def before(self) -> int:
        """How many sweeps of the run lie before the first that is shown."""
        return int(np.searchsorted(self.run, self.stimuli[0])) if len(self.stimuli) else 0

    def own_markers(self, stimulus: int) -> frozenset[str]:
        """Return which markers of a sweep a person set."""
        bits = int(self.responses.by_hand[stimulus, self.channel])
        return frozenset(m for m in MARKERS if bits & MARKER_BITS[m])

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


def make_panel(
    document: Document, finding: Finding, run: NDArray[np.intp], block: Block | None = None
) -> Panel:
    """Return what a panel shows of a finding, over its whole run or over a block of it."""
    stimuli = within(run, block)
    analysis = document.analysis
    assert analysis is not None
    responses, c = analysis.responses, finding.channel_index
    automatic = (document.automatic or analysis).responses
    present = stimuli[responses.state[stimuli, c] == State.PRESENT]
    return Panel(
        finding,
        run,
        stimuli,
        responses,
        automatic,
        _evidence(analysis, finding, stimuli),
        np.ascontiguousarray(responses.state[stimuli, c]),
        np.ascontiguousarray(responses.rejection[stimuli, c]),
        np.ascontiguousarray(responses.manual[stimuli, c]),
        np.ascontiguousarray(responses.onset_ms[stimuli, c]),
        {m: _median(getattr(responses, m)[present, c]) for m in (*MARKERS, "amplitude_uv")},
        _state_of(analysis, finding, block) if block else None,
    )


def _state_of(analysis: Analysis, finding: Finding, block: Block) -> BlockState | None:
    """Return the state of a block of a finding's course, None if it is cut otherwise there."""
    key, at = (finding.site, finding.side, finding.channel_index), block.number
    for trend in analysis.trends:
        if (trend.site, trend.side, trend.channel_index) == key and at < len(trend):
            ends = (int(trend.first_stimulus[at]), int(trend.last_stimulus[at]))
            return trend.state[at] if ends == (block.first, block.last) else None
    return None


def _evidence(
    analysis: Analysis, finding: Finding, stimuli: NDArray[np.intp]
) -> RunEvidence | None:
    """Return what some sweeps of a finding showed."""
    key = (finding.site, finding.side, finding.channel_index)
    found = next((e for e in analysis.evidence if (e.site, e.side, e.channel) == key), None)
    if found is None or len(found.stimuli) == len(stimuli) or not len(found.evidence):
        return found
    within = np.isin(found.stimuli, stimuli)
    return replace(found, stimuli=found.stimuli[within], evidence=found.evidence[within])


def stimuli_of(document: Document, site: Site) -> NDArray[np.intp]:
    """Return the stimuli of a site, in order of time."""
    assert document.analysis is not None
    return stimuli_at(document.analysis.stimuli, site)


def within(stimuli: NDArray[np.intp], block: Block | None) -> NDArray[np.intp]:
    """Return the stimuli of a block, all without one."""
    if block is None:
        return stimuli
    first, last = np.searchsorted(stimuli, [block.first, block.last + 1])
    return stimuli[first:last]


def events_among(
    document: Document, run: NDArray[np.intp], stimuli: NDArray[np.intp]
) -> tuple[tuple[int, str], ...]:
    """Return the events of surgery: how many of some sweeps of a run came before, and what it was.

    Those before the sweep ahead of them, or after the one that follows, are left out.
    """
    assert document.analysis is not None
    marks = document.mark_columns
    times = document.analysis.stimuli.time_s[run]
    first = int(np.searchsorted(run, stimuli[0]))
    before = (np.searchsorted(times, marks.starts_s) - first).tolist()
    events = zip(before, marks.texts, strict=True)
    return tuple([e for e in events if 0 <= e[0] <= len(stimuli) and e[1].strip()])


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
