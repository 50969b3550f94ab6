"""A pattern as a scorecard: what it cannot do without, and points for and against it, in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite

from amr_viewer.core.patterns import Conclusion, Estimate, Evidence

SAID = 0.25
"""Points below this speak neither for nor against."""


@dataclass(slots=True)
class Card:
    """A pattern with what speaks for and against it.

    Attributes
    ----------
    conclusion : Conclusion
    side : str
        ``left | right | both`` or empty.
    evidence : list of Evidence
        In order of asking; each with its points.
    failed : list of str
        What the pattern cannot do without, and is not there.
    score : float
        Sum of the points; about one per factor of e in likelihood.
    """

    conclusion: Conclusion
    side: str = ""
    evidence: list[Evidence] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    score: float = 0.0

    def need(self, rule: str, holds: bool | None, words: str) -> None:
        """Note what the pattern cannot do without; None: not measured, which refutes nothing."""
        if holds is None:
            return
        if not holds:
            self.failed.append(rule)
            self.evidence.append(Evidence(rule, words, -1))

    def weigh(self, rule: str, points: float, words: str) -> None:
        """Add points for (above 0) or against the pattern; NaN: not measured, no points."""
        if not isfinite(points):
            return
        self.score += points
        weight = 1 if points >= SAID else -1 if points <= -SAID else 0
        self.evidence.append(Evidence(rule, words, weight, round(points, 1)))

    @property
    def holds(self) -> bool:
        """Whether nothing that it cannot do without is missing."""
        return not self.failed

    def points_of(self, rule: str) -> float:
        """Return the points of a rule, 0 if it was not asked."""
        return sum(e.points for e in self.evidence if e.rule == rule)


def graded(value: float, refutes: float, supports: float) -> float:
    """Return -1 where a value refutes, 1 where it supports, evenly between; NaN stays NaN.

    Examples
    --------
    >>> graded(0.5, 0.2, 0.8), graded(0.9, 0.2, 0.8), graded(0.2, 0.8, 0.2)
    (0.0, 1.0, 1.0)
    """
    middle, half = 0.5 * (refutes + supports), 0.5 * (supports - refutes)
    if value != value:
        return value
    if half == 0.0:
        return 1.0 if value >= middle else -1.0
    return max(-1.0, min(1.0, round((value - middle) / half, 9)))


def shown(estimate: Estimate, digits: int = 2) -> str:
    """Return a number with its interval in words.

    Examples
    --------
    >>> shown(Estimate(0.83, 0.7, 0.91, 40))
    '0.83 (0.70 to 0.91)'
    """
    if not estimate.known:
        return "not measurable"
    value = f"{estimate.value:.{digits}f}"
    if estimate.low != estimate.low or estimate.high != estimate.high:
        return value
    return f"{value} ({estimate.low:.{digits}f} to {estimate.high:.{digits}f})"
