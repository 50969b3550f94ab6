"""What the Trend view draws of one stimulated branch: blocks, single sweeps, spread; no pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.blocks import block_at, gathered
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Role
from amr_viewer.core.findings import Finding
from amr_viewer.core.parameters import TrendParameters
from amr_viewer.core.responses import Responses, State
from amr_viewer.core.trend import SEEN, BlockState, Trend
from amr_viewer.gui.document import Site
from amr_viewer.gui.theme import MUSCLE_SHADES
from amr_viewer.report.names import muscle_name
from amr_viewer.report.wording import EN

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """One muscle over the recording.

    Attributes
    ----------
    trend : Trend
    name, full_name : str
        Short and whole name of the muscle with its side.
    twin : int
        How many courses before it are drawn in the same color.
    time_s, amplitude_uv, onset_ms, m_uv : ndarray, shape (n_sweeps,)
        Single sweeps; NaN where there is no response.
    spread_low_ms, spread_high_ms : ndarray, shape (n_blocks,)
        Middle half of the sweeps' onsets, as a shift against the baseline block.
    """

    trend: Trend = field(repr=False)
    name: str
    full_name: str
    twin: int
    time_s: Floats = field(repr=False)
    amplitude_uv: Floats = field(repr=False)
    onset_ms: Floats = field(repr=False)
    m_uv: Floats = field(repr=False)
    spread_low_ms: Floats = field(repr=False)
    spread_high_ms: Floats = field(repr=False)

    @property
    def channel(self) -> int:
        """Index into `Responses.channels`."""
        return self.trend.channel_index

    @property
    def middle_s(self) -> Floats:
        """Middle of each block."""
        return 0.5 * (self.trend.start_s + self.trend.end_s)

    @property
    def baseline_uv(self) -> float:
        """Amplitude of the baseline block, NaN if there is none."""
        block = self.trend.baseline_block
        return float(self.trend.amplitude_uv[block]) if block >= 0 else float("nan")

    @property
    def baseline_ms(self) -> float:
        """Onset in the baseline block, NaN if there is none."""
        block = self.trend.baseline_block
        return float(self.trend.onset_ms[block]) if block >= 0 else float("nan")

    def block_of(self, sweep: int | None) -> int | None:
        """Return the block that a stimulus lies in."""
        if sweep is None:
            return None
        first, last = self.trend.first_stimulus, self.trend.last_stimulus
        found = np.flatnonzero((first <= sweep) & (sweep <= last))
        return int(found[0]) if len(found) else None

    def returns(self) -> tuple[int, ...]:
        """Return the blocks in which a response is there again after an absence."""
        states = self.trend.state
        return tuple(
            b
            for a, b in self.trend.changes()
            if states[a] is BlockState.ABSENT
            and states[b] in SEEN
            and any(s in SEEN for s in states[:a])
        )


@dataclass(frozen=True, slots=True, eq=False)
class TrendPicture:
    """The courses of one stimulated branch.

    Attributes
    ----------
    site : (Branch or None, Side or None)
    courses : tuple of Course
        In the order of the channels; also the direct ones.
    parameters : TrendParameters
        Under which the blocks were made.
    own_baseline : int
        The baseline block that a person chose for this branch alone, -1 if none was.
    """

    site: Site
    courses: tuple[Course, ...]
    parameters: TrendParameters = field(default_factory=TrendParameters)
    own_baseline: int = -1

    @property
    def n_blocks(self) -> int:
        """Number of blocks; all courses of a branch have the same."""
        return len(self.courses[0].trend) if self.courses else 0

    @property
    def direct(self) -> Course | None:
        """The direct muscle with the largest M."""
        found = [c for c in self.courses if c.trend.role is Role.DIRECT]
        return max(found, key=_usual_m, default=None)

    @property
    def usual(self) -> frozenset[int]:
        """Channels that are shown at first: the lateral ones, else all but the direct, else all."""
        for roles in ({Role.LATERAL}, set(Role) - {Role.DIRECT}, set(Role)):
            found = frozenset(c.channel for c in self.courses if c.trend.role in roles)
            if found:
                return found
        return frozenset()

    def course(self, channel: int | None) -> Course | None:
        """Return the course of a channel."""
        return next((c for c in self.courses if c.channel == channel), None)


def make_picture(
    analysis: Analysis,
    trends: Sequence[Trend],
    site: Site,
    parameters: TrendParameters,
    own_s: float | None = None,
) -> TrendPicture:
    """Gather what is drawn of a stimulated branch.

    Parameters
    ----------
    analysis : Analysis
    trends : sequence of Trend
        Of this analysis, maybe with other blocks than `analysis.trends`.
    site : (Branch or None, Side or None)
    parameters : TrendParameters
        What `trends` were made with.
    own_s : float or None
        A time within the baseline block that was chosen for this branch alone.
    """
    courses: list[Course] = []
    for trend in trends:
        if (trend.site, trend.side) == site:
            finding = _finding(analysis, trend)
            if finding is not None and len(trend):
                twin = sum(_hue(c.trend) == _hue(trend) for c in courses)
                courses.append(_course(analysis.responses, finding, trend, twin))
    own = block_at(courses[0].trend.start_s, own_s) if courses and own_s is not None else -1
    return TrendPicture(site, tuple(courses), parameters, own)


def _hue(trend: Trend) -> tuple[str, str] | None:
    """Return what a course is drawn in."""
    return MUSCLE_SHADES.get(trend.muscle) if trend.muscle else None


def _finding(analysis: Analysis, trend: Trend) -> Finding | None:
    """Return the finding that a trend follows."""
    key = trend.site, trend.side, trend.channel_index
    found = (f for f in analysis.findings if (f.site, f.side, f.channel_index) == key)
    return next(found, None)


def _course(responses: Responses, finding: Finding, trend: Trend, twin: int) -> Course:
    """Take single sweeps and their spread out of the responses."""
    rows = np.array(finding.stimulus_indices)
    at = rows, finding.channel_index
    present = responses.state[at] == State.PRESENT
    onset = np.where(present, responses.onset_ms[at], np.nan).astype(float)
    edges = np.append(np.searchsorted(rows, trend.first_stimulus), len(rows))
    low, high = _middle_half(gathered(onset, edges))
    base = trend.onset_ms[trend.baseline_block] if trend.baseline_block >= 0 else np.nan
    said = np.isfinite(trend.onset_shift_ms)
    return Course(
        trend,
        muscle_name(finding, EN, short=True),
        muscle_name(finding, EN),
        twin,
        responses.stimuli.time_s[rows],
        np.where(present, responses.amplitude_uv[at], np.nan).astype(float),
        onset,
        responses.m_amplitude_uv[at].astype(float),
        np.where(said, low - base, np.nan),
        np.where(said, high - base, np.nan),
    )


def _middle_half(table: Floats) -> tuple[Floats, Floats]:
    """Return the quartiles of each row's finite values; NaN where a row has fewer than three."""
    out = np.full((2, len(table)), np.nan)
    enough = np.isfinite(table).sum(axis=1) >= 3
    if enough.any():
        out[:, enough] = np.nanquantile(table[enough], [0.25, 0.75], axis=1)
    return out[0], out[1]


def _usual_m(course: Course) -> float:
    """Return the median M of a course, below zero if none was measured."""
    known = course.m_uv[np.isfinite(course.m_uv)]
    return float(np.median(known)) if len(known) else -1.0
