"""What the list of a comparison says: visits in order, and what happened between them; values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from amr_viewer.analysis.visit_order import known_date, ordered
from amr_viewer.core.visits import Order
from amr_viewer.gui.contents.recordings import ANSWERS
from amr_viewer.gui.visits.gathering import Gathered, Step
from amr_viewer.gui.visits.plan import Plan, PlannedEvent
from amr_viewer.gui.visits.working import LetteredEvent, Shown

NO_DATE = "no date"


@dataclass(frozen=True, slots=True)
class VisitEntry:
    """A recording: `number` is empty while it is no visit of the comparison."""

    path: Path
    number: str
    date: str
    label: str
    tone: str
    word: str
    below: str
    is_fault: bool = False

    @property
    def tip(self) -> str:
        """What a tooltip says."""
        return f"{self.path}\n{self.below}" if self.is_fault else str(self.path)

    @property
    def spoken(self) -> str:
        """The entry as a screen reader says it."""
        visit = f"Visit {self.number}" if self.number else ""
        parts = (visit, self.date, self.label, self.path.name, self.word)
        fault = self.below if self.is_fault else ""
        return ", ".join(p for p in (*parts, fault) if p)


@dataclass(frozen=True, slots=True)
class EventEntry:
    """Something that happened; `key` None: a mark of a recording says so."""

    key: int | None
    letter: str
    when: str
    text: str
    fault: str = ""

    @property
    def tip(self) -> str:
        """What a tooltip says."""
        if self.key is None:
            return f"{self.text}: said by a mark of the recording"
        return self.fault or f"{self.when}  {self.text}"

    @property
    def spoken(self) -> str:
        """The entry as a screen reader says it."""
        parts = (f"Event {self.letter}".strip(), self.when, self.text, self.fault)
        return ", ".join(p for p in parts if p)


Entry = VisitEntry | EventEntry


def in_order(plan: Plan, of: Callable[[Path], Gathered]) -> tuple[Path, ...]:
    """Return the recordings as they stand in the list: by date those that are known, then others.

    Parameters
    ----------
    plan : Plan
    of : callable
        What is known of a recording.
    """
    known = [(p, facts) for p in plan.paths if (facts := of(p).facts) is not None]
    indices, by, _ = ordered([facts.visit for _, facts in known], plan.order)
    if by is Order.GIVEN:
        return plan.paths
    first = [known[i][0] for i in indices]
    return (*first, *(p for p in plan.paths if p not in first))


def entries(plan: Plan, of: Callable[[Path], Gathered], shown: Shown | None) -> tuple[Entry, ...]:
    """Return the list.

    Parameters
    ----------
    plan : Plan
    of : callable
        What is known of a recording.
    shown : Shown or None
        The comparison that is shown; it may be of a former plan.
    """
    compared = shown is not None and shown.comparison is not None
    placed = [e for e in shown.events if _still(e, plan)] if shown and compared else []
    told = {e.key for e in placed}
    out: list[Entry] = []
    n_above = 0
    out += _at(placed, 0, plan)
    for path in in_order(plan, of):
        row, known = plan.row(path), of(path)
        assert row is not None
        is_visit = known.facts is not None
        n_above += is_visit
        out.append(_visit(path, row.label, known, n_above if is_visit else 0))
        if is_visit:
            out += _at(placed, n_above, plan)
    faults = shown.misplaced if shown else {}
    out += [_planned(e, faults.get(e.key, "")) for e in plan.events if e.key not in told]
    return tuple(out)


def visits_in(listed: Iterable[Entry]) -> tuple[tuple[Path, str], ...]:
    """Return the recordings that are visits, in order, each with its date and name."""
    found = (e for e in listed if isinstance(e, VisitEntry) and e.number)
    return tuple((e.path, " ".join(t for t in (e.date, e.label) if t)) for e in found)


def _still(lettered: LetteredEvent, plan: Plan) -> bool:
    """Whether an event is in the plan as it is shown, or stands in a recording."""
    return lettered.key is None or plan.event(lettered.key) is not None


def _at(placed: Iterable[LetteredEvent], n_above: int, plan: Plan) -> list[Entry]:
    """Return the events that stand below so many visits."""
    out: list[Entry] = []
    for e in placed:
        if e.visit == n_above:
            own = plan.event(e.key) if e.key is not None else None
            text = own.text if own else e.event.text
            out.append(EventEntry(e.key, e.letter, e.event.date or e.where, text))
    return out


def _planned(event: PlannedEvent, fault: str) -> EventEntry:
    """Return an event that has no place yet."""
    return EventEntry(event.key, "", event.date, event.text, fault)


def _visit(path: Path, label: str, known: Gathered, number: int) -> VisitEntry:
    """Return the entry of a recording."""
    facts = known.facts
    date = (known_date(facts.visit) or NO_DATE) if facts else ""
    tone, word = ANSWERS[facts.visit.amr] if facts else ("", "")
    below, is_fault = path.name, False
    if known.step is Step.FAILED:
        tone, word, below, is_fault = "present", "left out", f"{path.name}: {known.fault}", True
    elif known.step is Step.STOPPED:
        tone, word = ("", "stopped") if facts is None else (tone, word)
    elif known.step is not Step.READY:
        state = f"analyzing {known.percent} %" if known.step is Step.WORKING else "waiting"
        tone, word = "", state
    return VisitEntry(path, str(number) if number else "", date, label, tone, word, below, is_fault)
