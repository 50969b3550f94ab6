"""From a plan and what its recordings say to everything that the window shows; runs in a thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from amr_viewer.core.progress import Progress
from amr_viewer.core.visit_points import Track
from amr_viewer.core.visits import Comparison, Event, Failure, IdentityState, Order
from amr_viewer.errors import ParameterError
from amr_viewer.gui.visits.changes import PREVIOUS, SAME, change_at
from amr_viewer.gui.visits.plan import BEFORE, FIRST, Plan, PlannedEvent, Reference

if TYPE_CHECKING:
    from amr_viewer.analysis.visit_order import EventNote
    from amr_viewer.analysis.visit_points import VisitFacts
    from amr_viewer.gui.visits.panel_values import Drawing
    from amr_viewer.gui.visits.table_values import Cell, Group
    from amr_viewer.report.visits_model import Alert
    from amr_viewer.report.visits_words import Words


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """What is to be compared: the plan, and what is known of its recordings."""

    plan: Plan
    facts: Mapping[Path, VisitFacts] = field(repr=False)
    faults: Mapping[Path, str]


@dataclass(frozen=True, slots=True)
class LetteredEvent:
    """An event in its place; `key` is that of the plan, None where a mark of a recording says so.

    `visit` is the number of visits that stand above it in a list.
    """

    letter: str
    event: Event
    key: int | None
    where: str
    visit: int


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What the window shows of a comparison.

    Attributes
    ----------
    plan : Plan
        That it was made of.
    paths : tuple of Path
        The recordings of the visits, in their order; those that cannot be used are left out.
    comparison : Comparison or None
        None below two visits.
    events : tuple of LetteredEvent
    misplaced : mapping of int to str
        By the key of an event: why it cannot be placed.
    alerts : tuple of Alert
        What must be seen before anything else is read.
    heading : str
        Whose visits these are, how many, from when to when.
    groups : tuple of Group
    longest : tuple of tuple of Cell
        For every column of the table the cells that need the most room.
    drawing : Drawing or None
    of : str
        What changes are told against: ``the first``.
    cautions : tuple of str
        What limits the comparisons.
    """

    plan: Plan
    paths: tuple[Path, ...] = ()
    comparison: Comparison | None = None
    events: tuple[LetteredEvent, ...] = ()
    misplaced: Mapping[int, str] = field(default_factory=dict)
    alerts: tuple[Alert, ...] = ()
    heading: str = ""
    groups: tuple[Group, ...] = ()
    longest: tuple[tuple[Cell, ...], ...] = field(default=(), repr=False)
    drawing: Drawing | None = None
    of: str = ""
    cautions: tuple[str, ...] = ()


def shown_of(wish: Wish, progress: Progress) -> Shown:
    """Compare, and say everything that the window shows in words and numbers."""
    from amr_viewer.analysis.visit_order import ordered
    from amr_viewer.analysis.visits import LEAST_VISITS, compare
    from amr_viewer.report.visits_words import words_of
    from amr_viewer.workflow import versions

    plan, words = wish.plan, words_of("en")
    good = [_named(wish.facts[r.path], r.label) for r in plan.rows if r.path in wish.facts]
    paths = [r.path for r in plan.rows if r.path in wish.facts]
    indices, _, _ = ordered([f.visit for f in good], plan.order)
    good, paths = [good[i] for i in indices], [paths[i] for i in indices]
    if len(good) < LEAST_VISITS:
        return Shown(plan, tuple(paths))
    notes, keys, misplaced = _events(plan, paths, good)
    progress(0.3, "comparing the visits")
    comparison = compare(
        good,
        order=plan.order,
        events=notes,
        failures=[Failure(path.name, text) for path, text in wish.faults.items()],
        versions=versions(),
    )
    shown = Shown(
        plan,
        tuple(paths),
        comparison,
        _lettered(comparison, keys, words),
        misplaced,
        heading=_heading(comparison),
    )
    progress(0.6, "comparing the visits")
    return _worded(shown, comparison, words)


def _named(facts: VisitFacts, label: str) -> VisitFacts:
    """Return what a recording says, under the name that a person gave the visit."""
    return replace(facts, visit=replace(facts.visit, label=label))


def _events(
    plan: Plan, paths: Sequence[Path], facts: Sequence[VisitFacts]
) -> tuple[list[EventNote], dict[Event, list[int]], dict[int, str]]:
    """Return the events that can be placed, their keys, and why others cannot."""
    from amr_viewer.analysis.visit_order import placed_events

    visits, notes = [f.visit for f in facts], []
    keys: dict[Event, list[int]] = {}
    misplaced = {}
    for event in plan.events:
        note = _note(event, plan, paths)
        try:
            (placed,) = placed_events(visits, [note], ())
        except ParameterError as error:
            fault = str(error).removeprefix(f"event {note.when}: ")
            misplaced[event.key] = fault.replace(", as in 1=TEXT", "")
            continue
        notes.append(note)
        keys.setdefault(placed, []).append(event.key)
    return notes, keys, misplaced


def _note(event: PlannedEvent, plan: Plan, paths: Sequence[Path]) -> EventNote:
    """Return an event as the analysis takes it: by its date, or by the number of a visit."""
    from amr_viewer.analysis.visit_order import EventNote

    if event.date:
        return EventNote(event.date, event.text)
    if event.after is None or event.after not in plan.paths:
        return EventNote("0", event.text)
    if event.after in paths:
        return EventNote(str(paths.index(event.after) + 1), event.text)
    # The recording that it came after cannot be used: it comes after the last good one before.
    earlier = plan.paths[: plan.paths.index(event.after)]
    places = [paths.index(p) + 1 for p in earlier if p in paths]
    return EventNote(str(max(places, default=0)), event.text)


def _lettered(
    comparison: Comparison, keys: Mapping[Event, list[int]], words: Words
) -> tuple[LetteredEvent, ...]:
    """Return the events with their letters, their keys and their places."""
    from amr_viewer.report.visits_overview import event_place, letters

    left = {event: list(own) for event, own in keys.items()}
    out = []
    for letter, event in letters(comparison):
        own = left.get(event) if not event.from_mark else None
        key = own.pop(0) if own else None
        above = sum(i < event.position for i in range(len(comparison.visits)))
        where = event_place(event, comparison, words)
        out.append(LetteredEvent(letter, event, key, where, above))
    return tuple(out)


def _heading(comparison: Comparison) -> str:
    """Say whose visits these are, how many, from when to when, and in which order."""
    visits = comparison.visits
    who = next((n for v in visits if (n := v.fields.get("name") or v.patient.get("name"))), "")
    if comparison.identity.state is IdentityState.DIFFERENT:
        who = "Patient not certain"
    days = sorted(v.date for v in visits if v.date)
    by = "by date" if comparison.order is Order.DATE else "in the order given"
    span = f"{days[0]} – {days[-1]}" if days else ""
    return "   ".join(p for p in (who, f"{len(visits)} visits", span, by) if p)


def _worded(shown: Shown, comparison: Comparison, words: Words) -> Shown:
    """Add table, drawings and warnings."""
    from amr_viewer.gui.visits.panel_values import Drawing, panels
    from amr_viewer.gui.visits.table_values import groups, longest
    from amr_viewer.report.visits import alerts
    from amr_viewer.report.visits_rows import cautions

    reference, of = reference_in(shown.plan.reference, shown.paths)
    left_out = words["failed_title"]  # The list says so at the recording itself.
    drawing = Drawing(
        panels(comparison, reference, "the first" if reference == PREVIOUS else of, words),
        tuple((str(i + 1), v.date) for i, v in enumerate(comparison.visits)),
        tuple((e.event.position, e.letter, event_words(e)) for e in shown.events),
    )
    table = groups(comparison, reference, words)
    return replace(
        shown,
        alerts=tuple(a for a in alerts(comparison, words) if a.title != left_out),
        groups=table,
        longest=longest(table),
        drawing=drawing,
        of=of,
        cautions=cautions(_told(comparison, reference), words),
    )


def _told(comparison: Comparison, reference: int) -> list[Track]:
    """Return the tracks with the changes that are shown, in the place of the report's."""
    visits = range(len(comparison.visits))
    return [
        replace(t, changes=tuple(c for i in visits if (c := change_at(t, i, reference))))
        for t in comparison.tracks
    ]


def reference_in(reference: Reference, paths: Sequence[Path]) -> tuple[int, str]:
    """Return a reference as `changes` takes it, and its name."""
    if reference == BEFORE:
        return PREVIOUS, "the visit before"
    if reference == FIRST or not isinstance(reference, Path) or reference not in paths:
        return SAME, "the first"
    at = paths.index(reference)
    return at, f"visit {at + 1}"


def event_words(lettered: LetteredEvent) -> str:
    """Return letter, date or place, and text of an event."""
    event = lettered.event
    return f"{lettered.letter}  {event.date or lettered.where}  {event.text}"
