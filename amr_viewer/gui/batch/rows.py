"""What the table knows of each recording, from the plan to its result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from amr_viewer.core.batch import Action, BatchItem, BatchPlan, ItemState


class RowState(StrEnum):
    """Where a recording is on its way."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    KEPT = "kept"
    FAILED = "failed"


_ENDS = {
    ItemState.ANALYZED: RowState.DONE,
    ItemState.KEPT: RowState.KEPT,
    ItemState.FAILED: RowState.FAILED,
}
FINAL = frozenset(_ENDS.values())


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A recording of a batch.

    Attributes
    ----------
    name : str
        As `BatchItem.name`.
    path : Path
    size_bytes : int
    state : RowState
    action : Action or None
        What a check says is to be done; None without a check.
    reason : str
        Why, in words.
    row : Mapping
        Its row of summary.csv; empty before it is there.
    error, answer : str
    seconds : float
    """

    name: str
    path: Path
    size_bytes: int = 0
    state: RowState = RowState.WAITING
    action: Action | None = None
    reason: str = ""
    row: Mapping[str, Any] | None = None
    error: str = ""
    answer: str = ""
    seconds: float = 0.0

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was guessed, repaired or left out."""
        text = str((self.row or {}).get("warnings") or "")
        return tuple(part for part in text.split(" | ") if part)

    def value(self, name: str) -> Any:
        """Return a value of the row of summary.csv, None where there is none."""
        value = (self.row or {}).get(name)
        return None if value == "" else value

    def number(self, name: str) -> float | None:
        """Return a number of the row of summary.csv, None where it could not be measured."""
        value = self.value(name)
        try:
            number = float(value) if value is not None else None
        except (TypeError, ValueError):
            return None
        return number if number is not None and number == number else None


def planned_rows(plan: BatchPlan, *, is_checked: bool) -> list[BatchRow]:
    """Return the rows of a plan; reasons stand in them after a check only."""
    return [
        BatchRow(
            r.name,
            r.path,
            r.size_bytes,
            action=r.action if is_checked else None,
            reason=r.reason if is_checked else "",
        )
        for r in plan.recordings
    ]


def finished_row(row: BatchRow, item: BatchItem) -> BatchRow:
    """Return a row with what became of its recording."""
    return replace(
        row,
        state=_ENDS[item.state],
        row=item.row,
        error=item.error,
        answer=item.answer,
        seconds=item.seconds,
    )


def waiting_row(row: BatchRow) -> BatchRow:
    """Return a row whose recording is to be done (again)."""
    return BatchRow(row.name, row.path, row.size_bytes)
