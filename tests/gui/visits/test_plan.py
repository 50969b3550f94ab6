"""What is asked for, as values."""

from __future__ import annotations

from pathlib import Path

import pytest

from amr_viewer.analysis.visits import compare
from amr_viewer.core.visit_points import Quantity
from amr_viewer.core.visits import Order
from amr_viewer.gui.visits.changes import PREVIOUS, SAME, change_at
from amr_viewer.gui.visits.panel_values import panels
from amr_viewer.gui.visits.places import axis_top, n_columns
from amr_viewer.gui.visits.plan import FIRST, History, Plan, PlannedEvent, moved
from amr_viewer.report.visits_words import words_of
from tests.analysis.visit_scenes import facts_of
from tests.gui.visits.conftest import BEFORE, WEEK, YEAR

A, B, C = (Path(f"/visits/{name}.edf") for name in "abc")


def test_what_came_after_a_recording_that_is_removed_comes_after_the_one_before() -> None:
    plan = Plan(reference=B).with_paths([A, B, C]).with_event(PlannedEvent(1, "Injection", after=B))
    smaller = plan.without(B)
    assert smaller.paths == (A, C)
    assert smaller.events[0].after == A
    assert smaller.reference == FIRST


def test_a_recording_is_there_once() -> None:
    plan = Plan().with_paths([A, B, A]).with_paths([B, C])
    assert plan.paths == (A, B, C)


@pytest.mark.parametrize(
    ("place", "order"), [(0, (C, A, B)), (1, (A, C, B)), (2, (A, B, C)), (3, (A, B, C))]
)
def test_a_recording_is_moved_before_a_place(place: int, order: tuple[Path, ...]) -> None:
    assert moved((A, B, C), C, place) == order


def test_every_change_is_taken_back_and_done_again() -> None:
    history = History()
    history.begin(Plan().with_paths([A, B]))
    plans = [history.plan]
    for change in (
        lambda p: p.labelled(A, "before   the\noperation"),
        lambda p: p.arranged((B, A)),
        lambda p: p.with_event(PlannedEvent(p.next_key, "Decompression", "2024-03-08")),
    ):
        assert history.change(change(history.plan))
        plans.append(history.plan)
    assert plans[1].rows[0].label == "before the operation"
    assert plans[2].order is Order.GIVEN
    for plan in reversed(plans[:-1]):
        history.undo()
        assert history.plan == plan
    for plan in plans[1:]:
        history.redo()
        assert history.plan == plan
    assert not history.change(history.plan)


def test_changes_are_told_against_the_visit_that_was_chosen() -> None:
    comparison = compare([facts_of(m) for m in (BEFORE, WEEK, YEAR)])
    (track,) = comparison.of(Quantity.AMR_PERSISTENCE)
    against = {
        reference: [change and round(change.value, 2) for change in changes]
        for reference in (SAME, PREVIOUS, 1)
        for changes in [[change_at(track, i, reference) for i in range(3)]]
    }
    assert against == {
        SAME: [None, -0.5, -0.9],
        PREVIOUS: [None, -0.5, -0.4],
        1: [None, None, -0.4],
    }
    (size,) = comparison.of(Quantity.AMR_AMPLITUDE)
    assert change_at(size, 2, 2) is None
    limit = change_at(size, 2, 1)
    assert limit is not None
    assert limit.high == pytest.approx(15.0 / 67.5)


def test_drawings_follow_the_reference() -> None:
    comparison = compare([facts_of(m) for m in (BEFORE, WEEK, YEAR)])
    drawn = panels(comparison, 1, "visit 2", words_of("en"))
    assert [p.title for p in drawn] == [
        "AMR, persistence in %", "AMR, amplitude in % of visit 2", "M, amplitude in % of visit 2",
        "Bursts at rest per minute",
    ]  # fmt: skip
    assert [p.kind for p in drawn[1].curves[0].points] == ["missing", "measured", "limit"]
    assert [round(p.value) for p in drawn[3].curves[0].points] == [18, 6, 2]
    assert axis_top(drawn[0]) == 100.0
    assert [n_columns(4, width) for width in (900, 700, 300)] == [4, 2, 1]
