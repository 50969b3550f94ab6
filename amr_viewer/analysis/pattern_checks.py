"""A pattern as a list of checks, each of which speaks for or against it in words."""

from __future__ import annotations

from dataclasses import dataclass, field

from amr_viewer.core.patterns import Conclusion, Estimate, Evidence


@dataclass(slots=True)
class Candidate:
    """A pattern and what speaks for and against it.

    Attributes
    ----------
    conclusion : Conclusion
    side : str
        ``left | right | both`` or empty.
    evidence : list of Evidence
    failed : list of str
        Rules that must hold and do not.
    supporting : int
        Of the rules that need not hold, those that do.
    """

    conclusion: Conclusion
    side: str = ""
    evidence: list[Evidence] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    n_needed: int = 0
    supporting: int = 0
    opposing: int = 0

    def need(self, rule: str, holds: bool | None, words: str) -> None:
        """Note a rule that must hold; None: it cannot be tested, which does not refute."""
        if holds is None:
            return
        self.n_needed += 1
        if not holds:
            self.failed.append(rule)
        self.evidence.append(Evidence(rule, words, 1 if holds else -1))

    def ask(self, rule: str, holds: bool | None, words: str) -> None:
        """Note a rule that supports the pattern, or speaks against it, without deciding."""
        if holds is None:
            return
        self.supporting += holds
        self.opposing += not holds
        self.evidence.append(Evidence(rule, words, 1 if holds else -1))

    def tell(self, rule: str, words: str) -> None:
        """Note what decides nothing."""
        self.evidence.append(Evidence(rule, words, 0))

    @property
    def holds(self) -> bool:
        """Whether nothing that must hold fails."""
        return not self.failed

    @property
    def share(self) -> float:
        """Part of all that was asked which speaks for the pattern."""
        told = [e for e in self.evidence if e.weight]
        return sum(e.weight > 0 for e in told) / max(len(told), 1)


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
