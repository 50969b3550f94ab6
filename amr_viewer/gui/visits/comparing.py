"""One comparison: its plan with undo, what its recordings say, and the answer; the only state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from amr_viewer.core.visits import Order
from amr_viewer.gui.session import Session
from amr_viewer.gui.visits.gathering import Gatherer, Step
from amr_viewer.gui.visits.list_values import Entry, VisitEntry, entries, in_order, visits_in
from amr_viewer.gui.visits.plan import History, Plan, PlannedEvent, Reference, moved
from amr_viewer.gui.visits.working import Shown, Wish, shown_of


class Comparing(QObject):
    """What a person can do to a comparison, and what came of it.

    Signals
    -------
    changed()
        Plan, progress or list differ.
    compared()
        `shown` is another one.
    failed(text)
        The visits could not be compared.
    """

    changed = Signal()
    compared = Signal()
    failed = Signal(str)

    def __init__(self, session: Session, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._lane = session, f"compare {name}"
        self._history = History()
        self.gatherer = Gatherer(session, name, self)
        self.shown: Shown | None = None
        self._asked: tuple[object, ...] = ()
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(0)
        self._due.timeout.connect(self._compare)
        self.gatherer.changed.connect(self.changed)
        self.gatherer.gathered.connect(self._due.start)

    # ------------------------------------------------------------------ what there is

    @property
    def plan(self) -> Plan:
        """What is asked for."""
        return self._history.plan

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The list of visits and events."""
        return entries(self.plan, self.gatherer.of, self.shown)

    @property
    def visits(self) -> tuple[tuple[Path, str], ...]:
        """The recordings that are visits, in order, each with its date or name."""
        return visits_in(self.entries)

    @property
    def can_undo(self) -> bool:
        """Whether there is a former plan."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether a change was taken back."""
        return self._history.can_redo

    @property
    def is_working(self) -> bool:
        """Whether something is still to come."""
        return bool(self.plan.rows) and not self.gatherer.is_done

    @property
    def can_go_on(self) -> bool:
        """Whether it was stopped before all was done."""
        steps = {self.gatherer.of(p).step for p in self.plan.paths}
        return self.gatherer.is_stopped and bool(steps & {Step.STOPPED, Step.WAITING})

    # ------------------------------------------------------------------ verbs

    def begin(self, plan: Plan) -> None:
        """Begin with a plan; nothing is before it."""
        self._history.begin(plan)
        self._follow()

    def add(self, paths: Iterable[Path]) -> int:
        """Add recordings; return how many are new."""
        before = len(self.plan.rows)
        self._take(self.plan.with_paths(p.absolute() for p in paths))
        return len(self.plan.rows) - before

    def put(self, plan: Plan) -> None:
        """Compare something else altogether."""
        self._take(plan)

    def remove(self, entry: Entry) -> None:
        """Take a recording or an event out."""
        if isinstance(entry, VisitEntry):
            self._take(self.plan.without(entry.path))
        elif entry.key is not None:
            self._take(self.plan.without_event(entry.key))

    def rename(self, path: Path, label: str) -> None:
        """Name a visit."""
        self._take(self.plan.labelled(path, label))

    def put_event(self, event: PlannedEvent) -> None:
        """Add an event, or change the one with its key."""
        self._take(self.plan.with_event(event))

    def move(self, path: Path, steps: int) -> None:
        """Move a visit by some places; the order is by hand from then on."""
        order = in_order(self.plan, self.gatherer.of)
        at = order.index(path) + steps
        if 0 <= at < len(order):
            self.move_before(path, at + (steps > 0))

    def move_before(self, path: Path, place: int) -> None:
        """Move a visit before what is now at a place among the recordings."""
        order = in_order(self.plan, self.gatherer.of)
        new = moved(order, path, place)
        if new != order:
            self._take(self.plan.arranged(new))

    def set_order(self, order: Order) -> None:
        """Order by date, or leave the order as it is shown now."""
        if order is self.plan.order:
            return
        if order is Order.GIVEN:
            self._take(self.plan.arranged(in_order(self.plan, self.gatherer.of)))
        else:
            self._take(replace(self.plan, order=order))

    def set_reference(self, reference: Reference) -> None:
        """Tell changes against another visit."""
        self._take(replace(self.plan, reference=reference))

    def undo(self) -> None:
        """Take the last change back."""
        self._history.undo()
        self._follow()

    def redo(self) -> None:
        """Change again what was taken back."""
        self._history.redo()
        self._follow()

    def stop(self) -> None:
        """Stop analyzing; what was found stays."""
        self.gatherer.stop()

    def go_on(self) -> None:
        """Go on after a stop."""
        self.gatherer.go_on()
        self.changed.emit()

    def read_again(self) -> None:
        """Read all recordings again."""
        for path in self.plan.paths:
            self.gatherer.read_again(path)

    def end(self) -> None:
        """Let go of what runs."""
        self._due.stop()
        self.gatherer.end()
        self._session.tasks.cancel(self._lane)

    # ------------------------------------------------------------------ the way to the answer

    def _take(self, plan: Plan) -> None:
        """Take another plan."""
        if self._history.change(plan):
            self._follow()

    def _follow(self) -> None:
        """Follow the plan."""
        self.gatherer.want(self.plan.paths)
        self.changed.emit()
        self._due.start()

    def _compare(self) -> None:
        """Compare in a thread what is known now."""
        known = {p: self.gatherer.of(p) for p in self.plan.paths}
        failed = {p: k.fault for p, k in known.items() if k.step is Step.FAILED}
        facts = {p: k.facts for p, k in known.items() if k.facts and p not in failed}
        asked = (self.plan, tuple(id(f) for f in facts.values()), tuple(failed.items()))
        if asked == self._asked:
            return
        self._asked = asked
        wish = Wish(self.plan, facts, failed)
        self._session.tasks.run(
            self._lane, "comparing the visits", partial(shown_of, wish), self._arrived, self._failed
        )

    def _arrived(self, shown: Shown) -> None:
        """Take a comparison."""
        self.shown = shown
        self.changed.emit()
        self.compared.emit()

    def _failed(self, fault: str) -> None:
        """Tell that there is none."""
        self._asked = ()
        self.failed.emit(fault)
