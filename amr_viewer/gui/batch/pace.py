"""How far a batch is, and how long it will still take; clocks are read elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

OVERHEAD_BYTES = 2_000_000
"""Small recordings take time as well: to be opened, and for their results to be written."""

LEAST_ITEMS = 3
"""Before so many recordings are analyzed nothing can be said of the time left."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What was seen of a batch.

    Attributes
    ----------
    n_analyzed : int
    analyzed_weight : float
    analyzed_s : float
        Time that the analyzed recordings took, each by itself.
    """

    n_analyzed: int = 0
    analyzed_weight: float = 0.0
    analyzed_s: float = 0.0

    def after(self, size_bytes: int, seconds: float) -> Pace:
        """Return the pace after another recording was analyzed."""
        return Pace(
            self.n_analyzed + 1,
            self.analyzed_weight + weight(size_bytes),
            self.analyzed_s + max(seconds, 0.0),
        )

    def left_s(self, left_weight: float, at_once: int) -> float | None:
        """Return how long the rest will take, None where it cannot be known yet.

        Parameters
        ----------
        left_weight : float
            Weight of the recordings that are not finished.
        at_once : int
            How many are analyzed at once.
        """
        if self.n_analyzed < LEAST_ITEMS or self.analyzed_s <= 0.0:
            return None
        return left_weight * self.analyzed_s / self.analyzed_weight / max(at_once, 1)


def weight(size_bytes: int) -> float:
    """Return what a recording weighs against others."""
    return float(max(size_bytes, 0) + OVERHEAD_BYTES)


def weight_of(sizes: Iterable[int]) -> float:
    """Return what recordings weigh together."""
    return sum(map(weight, sizes))
