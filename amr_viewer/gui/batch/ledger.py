"""The book of a run: what is to be done, what is done, and the time that it took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from amr_viewer.core.batch import BatchItem, ItemState
from amr_viewer.gui.batch.pace import Pace, weight, weight_of


@dataclass(frozen=True, slots=True)
class Ledger:
    """How far a run is.

    Attributes
    ----------
    sizes : mapping of str to int
        Bytes of the recordings that are to be done, by their names.
    n_finished, n_failed, n_kept : int
    total_weight, left_weight : float
    pace : Pace
    began_s, now_s : float
        On a clock that only goes forward.
    rested_s : float
        How long of it was a pause.
    at_once : int
        The most recordings that were analyzed at once.
    looked : float
        How far a check is, from 0 to 1.
    """

    sizes: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    n_finished: int = 0
    n_failed: int = 0
    n_kept: int = 0
    total_weight: float = 0.0
    left_weight: float = 0.0
    pace: Pace = field(default_factory=Pace)
    began_s: float = 0.0
    now_s: float = 0.0
    rested_s: float = 0.0
    at_once: int = 1
    looked: float = 0.0

    @classmethod
    def of(cls, sizes: Mapping[str, int], now_s: float) -> Ledger:
        """Return the book of a run that begins."""
        total = weight_of(sizes.values())
        return cls(sizes, total_weight=total, left_weight=total, began_s=now_s, now_s=now_s)

    @property
    def n_total(self) -> int:
        """How many recordings are to be done."""
        return max(len(self.sizes), self.n_finished)

    @property
    def fraction(self) -> float:
        """How much is done, by size, from 0 to 1."""
        if self.n_finished >= self.n_total:
            return float(self.n_total > 0)
        done = 1.0 - self.left_weight / self.total_weight if self.total_weight else 0.0
        return min(max(done, 0.0), 0.999)

    @property
    def elapsed_s(self) -> float:
        """Time since the beginning, without pauses."""
        return max(self.now_s - self.began_s - self.rested_s, 0.0)

    @property
    def left_s(self) -> float | None:
        """Time that is left, None where it cannot be known yet."""
        return self.pace.left_s(self.left_weight, self.at_once)

    def after(self, item: BatchItem) -> Ledger:
        """Return the book after a recording has finished."""
        size = self.sizes.get(item.name, 0)
        # Files that fail at once, and results that are kept, say nothing of how long others take.
        is_telling = item.state is ItemState.ANALYZED
        return replace(
            self,
            n_finished=self.n_finished + 1,
            n_failed=self.n_failed + (item.state is ItemState.FAILED),
            n_kept=self.n_kept + (item.state is ItemState.KEPT),
            left_weight=max(self.left_weight - weight(size), 0.0),
            pace=self.pace.after(size, item.seconds) if is_telling else self.pace,
        )

    def at(self, now_s: float, n_running: int, *, is_paused: bool) -> Ledger:
        """Return the book at a later time."""
        rest = now_s - self.now_s if is_paused else 0.0
        return replace(
            self,
            now_s=now_s,
            rested_s=self.rested_s + rest,
            at_once=max(self.at_once, n_running),
        )
