"""What the face shows: the answer of each muscle, and where was stimulated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Branch, Muscle, Side
from amr_viewer.core.findings import Finding
from amr_viewer.gui.document import Site
from amr_viewer.gui.findings.words import TONES
from amr_viewer.report import numbers
from amr_viewer.report.names import tone
from amr_viewer.report.wording import EN


@dataclass(frozen=True, slots=True)
class Spot:
    """A muscle that was recorded, and the finding that it shows."""

    muscle: Muscle
    side: Side
    finding: Finding
    tone: str


@dataclass(frozen=True, slots=True)
class Stimulated:
    """A branch that was stimulated: its short name and current."""

    branch: Branch
    side: Side
    name: str
    current: str


def spots(analysis: Analysis | None, site: Site | None) -> tuple[Spot, ...]:
    """Return the muscles that are drawn.

    Parameters
    ----------
    analysis : Analysis or None
    site : (Branch or None, Side or None) or None
        Its findings are shown; None: the strongest answer of each muscle over all sites.
    """
    best: dict[tuple[Muscle, Side], Finding] = {}
    for f in analysis.findings if analysis else ():
        side = f.muscle_side or f.side
        if f.muscle is None or side is None or site not in (None, (f.site, f.side)):
            continue
        known = best.get((f.muscle, side))
        if known is None or _rank(f) < _rank(known):
            best[f.muscle, side] = f
    return tuple(Spot(muscle, side, f, tone(f)) for (muscle, side), f in best.items())


def _rank(finding: Finding) -> tuple[int, int]:
    """Return what makes one finding matter more than another: tone, then how often it answers."""
    return TONES.index(tone(finding)), -finding.n_present


def stimulated(analysis: Analysis | None, site: Site | None) -> tuple[Stimulated, ...]:
    """Return the branches that are drawn as stimulated: that of a site, or all."""
    if analysis is None:
        return ()
    s = analysis.stimuli
    pairs = list(zip(s.site, s.side, strict=True))
    found = []
    for branch, side in dict.fromkeys(pairs):
        if branch is None or side is None or site not in (None, (branch, side)):
            continue
        currents = s.intensity_ma[np.array([p == (branch, side) for p in pairs])]
        known = currents[np.isfinite(currents)]
        current = f"{numbers.span(known.min(), known.max())} mA" if known.size else ""
        found.append(Stimulated(branch, side, EN.branch_short[branch], current))
    return tuple(found)


def unplaced(analysis: Analysis | None, site: Site | None) -> tuple[Finding, ...]:
    """Return findings that have no place on the face: muscle or side is not known."""
    return tuple(
        f
        for f in (analysis.findings if analysis else ())
        if (f.muscle is None or (f.muscle_side or f.side) is None)
        and site in (None, (f.site, f.side))
    )
