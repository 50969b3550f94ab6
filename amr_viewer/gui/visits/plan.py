"""What a person wants compared: recordings in order, what happened, the reference; values only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from amr_viewer.core.visits import Order

FIRST = "first"
"""Reference: the first visit with a number."""

BEFORE = "before"
"""Reference: the last visit before that says something."""

Reference = str | Path
"""`FIRST`, `BEFORE`, or the recording of a visit."""


@dataclass(frozen=True, slots=True)
class Row:
    """A recording of the list; `label` is what the person calls the visit."""

    path: Path
    label: str = ""


@dataclass(frozen=True, slots=True)
class PlannedEvent:
    """Something that happened to the patient, as the person states it.

    Attributes
    ----------
    key : int
        Unique in the comparison.
    text : str
    date : str
        YYYY-MM-DD or YYYY-MM; empty: `after` counts.
    after : Path or None
        The recording of the visit after which it came; None: before the first.
    """

    key: int
    text: str
    date: str = ""
    after: Path | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a comparison is asked for; changing it makes another one."""

    rows: tuple[Row, ...] = ()
    events: tuple[PlannedEvent, ...] = ()
    order: Order = Order.DATE
    reference: Reference = FIRST

    @property
    def paths(self) -> tuple[Path, ...]:
        """The recordings, in the order of the list."""
        return tuple(row.path for row in self.rows)

    @property
    def next_key(self) -> int:
        """A key that no event has."""
        return max((e.key for e in self.events), default=0) + 1

    def row(self, path: Path) -> Row | None:
        """Return the row of a recording."""
        return next((r for r in self.rows if r.path == path), None)

    def event(self, key: int) -> PlannedEvent | None:
        """Return an event."""
        return next((e for e in self.events if e.key == key), None)

    def with_paths(self, paths: Iterable[Path]) -> Plan:
        """Return the plan with recordings added at its end; those that are there stay."""
        known = set(self.paths)
        new = [Row(p) for p in dict.fromkeys(paths) if p not in known]
        return replace(self, rows=(*self.rows, *new)) if new else self

    def without(self, path: Path) -> Plan:
        """Return the plan without a recording.

        Events that came after it come after the one before it; a reference to it ends.
        """
        at = self.paths.index(path)
        before = self.paths[at - 1] if at else None
        return replace(
            self,
            rows=tuple(r for r in self.rows if r.path != path),
            events=tuple(replace(e, after=before) if e.after == path else e for e in self.events),
            reference=FIRST if self.reference == path else self.reference,
        )

    def labelled(self, path: Path, label: str) -> Plan:
        """Return the plan with another name of a visit."""
        text = " ".join(label.split())
        rows = (replace(r, label=text) if r.path == path else r for r in self.rows)
        return replace(self, rows=tuple(rows))

    def arranged(self, paths: Sequence[Path]) -> Plan:
        """Return the plan in an order by hand; `paths` are all its recordings."""
        rows = {row.path: row for row in self.rows}
        return replace(self, rows=tuple(rows[p] for p in paths), order=Order.GIVEN)

    def with_event(self, event: PlannedEvent) -> Plan:
        """Return the plan with an event added, or in the place of the one with its key."""
        if self.event(event.key) is None:
            return replace(self, events=(*self.events, event))
        events = (event if e.key == event.key else e for e in self.events)
        return replace(self, events=tuple(events))

    def without_event(self, key: int) -> Plan:
        """Return the plan without an event."""
        return replace(self, events=tuple(e for e in self.events if e.key != key))


def moved(paths: Sequence[Path], path: Path, place: int) -> tuple[Path, ...]:
    """Return an order in which a recording stands before what is now at `place`.

    Examples
    --------
    >>> a, b, c = map(Path, "abc")
    >>> [p.name for p in moved([a, b, c], a, 3)], [p.name for p in moved([a, b, c], c, 0)]
    (['b', 'c', 'a'], ['c', 'a', 'b'])
    """
    at = paths.index(path)
    others = [p for p in paths if p != path]
    others.insert(place - (place > at), path)
    return tuple(others)


class History:
    """Plans that were, and those that were taken back."""

    def __init__(self) -> None:
        self.plan = Plan()
        self._former: list[Plan] = []
        self._later: list[Plan] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a former plan."""
        return bool(self._former)

    @property
    def can_redo(self) -> bool:
        """Whether a change was taken back."""
        return bool(self._later)

    def change(self, plan: Plan) -> bool:
        """Take another plan; return whether it differs."""
        if plan == self.plan:
            return False
        self._former.append(self.plan)
        self._later.clear()
        self.plan = plan
        return True

    def begin(self, plan: Plan) -> None:
        """Take a plan to begin with: there is nothing before it."""
        self.plan = plan
        self._former.clear()
        self._later.clear()

    def undo(self) -> None:
        """Go back to the former plan."""
        if self._former:
            self._later.append(self.plan)
            self.plan = self._former.pop()

    def redo(self) -> None:
        """Go on to the plan that was taken back."""
        if self._later:
            self._former.append(self.plan)
            self.plan = self._later.pop()
