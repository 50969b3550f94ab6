"""Comparing visits: what may be compared, with which interval, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isnan

import numpy as np
import pytest

from amr_viewer.analysis.intervals import poisson_interval, wilson
from amr_viewer.analysis.patterns import classify_patterns
from amr_viewer.analysis.visit_changes import difference_interval, ratio_interval
from amr_viewer.analysis.visit_loads import cluster_interval
from amr_viewer.analysis.visit_order import EventNote
from amr_viewer.analysis.visit_points import visit_facts
from amr_viewer.analysis.visits import compare
from amr_viewer.core.anatomy import Muscle, Side
from amr_viewer.core.findings import Verdict
from amr_viewer.core.trend import BlockState
from amr_viewer.core.visit_points import Change, Doubt, PointState, Quantity, Reason, Track
from amr_viewer.core.visits import Comparison, EventPlace, IdentityState, Order
from amr_viewer.errors import ParameterError
from tests.analysis.visit_scenes import FACE, MEN, Made, analysis_of, facts_of

BEFORE = Made()
AFTER = Made(start="2024-04-04T09:00:00", k=0)
LATER = Made(start="2025-04-04T09:00:00", k=8, uv=75.0)
EPISODES = tuple((10.0 * e + 0.1 * i, 0.05) for e in range(12) for i in range(5))
RESTED = Made(bursts=EPISODES, rest_s=200.0)


def compared(*visits: Made, order: Order = Order.DATE, events: Sequence[str] = ()) -> Comparison:
    notes = [EventNote(*e.split("=")) for e in events]
    return compare([facts_of(v) for v in visits], order=order, events=notes)


def only(comparison: Comparison, quantity: Quantity, muscle: Muscle | None = None) -> Track:
    tracks = [t for t in comparison.of(quantity) if muscle is None or t.place.muscle is muscle]
    assert len(tracks) == 1
    return tracks[0]


def change(comparison: Comparison, quantity: Quantity, visit: int = 1) -> Change:
    found = only(comparison, quantity).change(visit)
    assert found is not None
    return found


def doubts(found: Change) -> set[Doubt]:
    return {c.doubt for c in found.cautions}


# Intervals


def test_difference_is_newcombes() -> None:
    """Newcombe 1998, table II: 56/70 against 48/80, method 10."""
    value, low, high = difference_interval((0.6, *wilson(48, 80)), (0.8, *wilson(56, 70)))
    assert (round(value, 4), round(low, 4), round(high, 4)) == (0.2, 0.0524, 0.3339)


def test_ratio_turns_round() -> None:
    a, b = (100.0, 80.0, 130.0), (40.0, 30.0, 55.0)
    value, low, high = ratio_interval(a, b)
    back = ratio_interval(b, a)
    assert np.allclose(back, (1 / value, 1 / high, 1 / low))
    assert low < value < high


def test_ratio_without_a_number_leaves_a_limit() -> None:
    value, low, high = ratio_interval((0.0, 0.0, 2.0), (10.0, 5.0, 18.0))
    assert isnan(value)
    assert isnan(high)
    assert low == 2.5
    assert all(isnan(v) for v in ratio_interval((0.0, 0.0, 2.0), (0.0, 0.0, 2.0)))
    unsure = ratio_interval((10.0, float("nan"), float("nan")), (5.0, 4.0, 6.0))
    assert unsure[0] == 0.5
    assert all(isnan(v) for v in unsure[1:])


def test_single_bursts_have_the_poisson_interval() -> None:
    assert np.allclose(cluster_interval(np.ones(17)), (17.0, *poisson_interval(17)))


def test_clustered_bursts_are_covered_and_a_plain_poisson_interval_would_not() -> None:
    rng = np.random.default_rng(5)
    covered = plain = 0
    for _ in range(400):
        sizes = rng.geometric(0.25, rng.poisson(15)).astype(float)
        _, low, high = cluster_interval(sizes)
        covered += low <= 60.0 <= high
        low, high = poisson_interval(int(sizes.sum()))
        plain += low <= 60.0 <= high
    assert covered / 400 > 0.9
    assert plain / 400 < 0.65


# Responses


def test_a_smaller_response_is_told_with_its_interval() -> None:
    c = compared(BEFORE, LATER)
    persistence = change(c, Quantity.AMR_PERSISTENCE)
    assert persistence.value == pytest.approx(-0.5)
    assert persistence.low < -0.5 < persistence.high < 0.0
    assert persistence.direction == -1
    size = change(c, Quantity.AMR_AMPLITUDE)
    assert size.is_ratio
    assert size.value == pytest.approx(0.5)
    assert 0.4 < size.low < 0.5 < size.high < 0.6
    assert Doubt.REPLACED_ELECTRODES in doubts(size)
    assert Doubt.REPLACED_ELECTRODES not in doubts(persistence)


def test_a_response_that_is_gone_has_a_limit_and_no_size() -> None:
    c = compared(BEFORE, AFTER)
    point = only(c, Quantity.AMR_AMPLITUDE).points[1]
    assert point.state is PointState.NONE
    assert isnan(point.value)
    assert point.high == 15.0
    size = change(c, Quantity.AMR_AMPLITUDE)
    assert isnan(size.value)
    assert size.high == pytest.approx(15.0 / 135.0)
    assert size.direction == -1
    assert only(c, Quantity.AMR_PERSISTENCE).points[1].value == 0.0


def test_a_response_that_appeared_is_at_least_so_large() -> None:
    found = change(compared(AFTER, LATER), Quantity.AMR_PERSISTENCE)
    assert found.direction == 1
    track = only(compared(AFTER, LATER), Quantity.AMR_AMPLITUDE)
    assert track.reference == 1
    (size,) = track.changes
    assert size.low == pytest.approx(0.9 * 75.0 / 15.0)
    assert isnan(size.high)


def test_without_m_a_visit_cannot_say_that_the_response_is_gone() -> None:
    c = compared(BEFORE, replace(AFTER, m_uv=0.0))
    for quantity in (Quantity.AMR_PERSISTENCE, Quantity.AMR_AMPLITUDE, Quantity.AMR_TO_M):
        track = only(c, quantity)
        assert track.points[1].state is PointState.CANNOT_SAY
        assert track.points[1].reason is Reason.NO_DIRECT_RESPONSE
        assert track.changes == ()
    m = only(c, Quantity.M_AMPLITUDE)
    assert m.points[1].state is PointState.CANNOT_SAY
    assert m.changes == ()


def test_a_person_may_say_absent_without_m() -> None:
    own = (("overruled", True),)
    c = compared(BEFORE, replace(AFTER, m_uv=0.0, finding=own))
    point = only(c, Quantity.AMR_PERSISTENCE).points[1]
    assert point.verdict is Verdict.ABSENT
    assert point.overruled
    refused = change(c, Quantity.AMR_PERSISTENCE).refused
    assert refused is not None
    assert refused.doubt is Doubt.NO_DIRECT


def test_a_loss_is_not_told_where_no_direct_muscle_was_recorded() -> None:
    c = compared(BEFORE, replace(AFTER, channels=FACE[:1]))
    assert only(c, Quantity.AMR_PERSISTENCE).points[1].verdict is Verdict.ABSENT
    refused = change(c, Quantity.AMR_PERSISTENCE).refused
    assert refused is not None
    assert refused.doubt is Doubt.NO_DIRECT


def test_an_open_verdict_is_not_compared() -> None:
    unsure = replace(LATER, k=4, finding=(("verdict", Verdict.INDETERMINATE),))
    track = only(compared(BEFORE, unsure), Quantity.AMR_PERSISTENCE)
    assert track.points[1].state is PointState.CANNOT_SAY
    assert track.points[1].value == 0.2
    assert track.changes == ()


def test_needle_and_surface_are_not_compared() -> None:
    needle = tuple((f"{label} needle", m, s) for label, m, s in FACE)
    skin = tuple((f"{label} surface", m, s) for label, m, s in FACE)
    c = compared(replace(BEFORE, channels=needle), replace(LATER, channels=skin))
    found = [t.changes[0] for t in c.tracks]
    assert {f.refused.doubt for f in found if f.refused} == {Doubt.ELECTRODE_TYPE}
    assert not any(f.known for f in found)


def test_other_conditions_are_told_of() -> None:
    c = compared(BEFORE, replace(LATER, current_ma=12.0, m_uv=1000.0))
    found = change(c, Quantity.AMR_PERSISTENCE)
    currents = [x for x in found.cautions if x.doubt is Doubt.INTENSITY]
    assert [(x.was, x.is_) for x in currents] == [("8 mA", "12 mA")]
    assert Doubt.M_CHANGED in doubts(found)
    assert change(c, Quantity.M_AMPLITUDE).value == pytest.approx(0.5)
    same = change(compared(BEFORE, LATER), Quantity.AMR_PERSISTENCE)
    assert doubts(same) == {Doubt.ELECTRODE_UNKNOWN}


def test_the_same_muscle_stands_for_m_at_every_visit() -> None:
    """At the second visit another muscle of the branch answers with the larger M."""
    corrugator = ("EMG L_Corrug", Muscle.CORRUGATOR, Side.LEFT)
    larger = analysis_of(replace(LATER, channels=(*FACE, corrugator)))
    findings = [
        replace(f, amplitude_uv=5000.0) if f.muscle is Muscle.CORRUGATOR else f
        for f in larger.findings
    ]
    second = visit_facts(replace(larger, findings=tuple(findings)))
    track = only(compare([facts_of(BEFORE), second]), Quantity.AMR_TO_M)
    assert [p.conditions.m_muscle for p in track.points] == [Muscle.ORBICULARIS_OCULI] * 2
    assert [round(p.value, 4) for p in track.points] == [0.075, 0.0375]


def test_a_change_within_a_recording_is_told_of() -> None:
    first = facts_of(BEFORE)
    evoked = tuple(replace(e, end_state=BlockState.ABSENT) for e in first.evoked)
    found = change(compare([replace(first, evoked=evoked), facts_of(LATER)]),
                   Quantity.AMR_PERSISTENCE)  # fmt: skip
    assert Doubt.CHANGED_WITHIN in doubts(found)


def test_channels_are_matched_by_muscle_in_any_order() -> None:
    renamed = tuple((label.lower(), m, s) for label, m, s in reversed(FACE))
    c = compared(BEFORE, replace(LATER, channels=renamed))
    assert change(c, Quantity.AMR_PERSISTENCE).value == pytest.approx(-0.5)
    assert {t.place.channel for t in c.tracks} == {""}


def test_several_channels_of_a_muscle_keep_their_labels() -> None:
    twice = (*FACE, ("Chin 2", Muscle.MENTALIS, Side.LEFT))
    c = compared(replace(BEFORE, channels=twice), LATER)
    tracks = c.of(Quantity.AMR_PERSISTENCE)
    assert [t.place.channel for t in tracks] == [MEN, "Chin 2"]
    assert [t.points[1].state for t in tracks] == [PointState.MEASURED, PointState.NOT_RECORDED]
    assert only(c, Quantity.M_AMPLITUDE).place.channel == ""


def test_every_visit_is_set_against_the_first_and_the_one_before() -> None:
    track = only(compared(BEFORE, AFTER, LATER), Quantity.AMR_PERSISTENCE)
    assert [(c.reference, c.visit) for c in track.changes] == [(0, 1), (0, 2), (1, 2)]
    assert [c.direction for c in track.changes] == [-1, -1, 1]


# Rest


def test_loads_are_those_of_the_recording_itself() -> None:
    analysis = analysis_of(RESTED)
    patterns = classify_patterns(
        analysis.bursts, analysis.recording, "absent", analysis.protocol.parameters
    )
    own = next(m for m in patterns[0].muscles if m.muscle is Muscle.MENTALIS)
    c = compared(RESTED, replace(RESTED, start="2024-05-01T10:00:00"))
    for quantity, value in (
        (Quantity.BURSTS, own.bursts_per_min.value),
        (Quantity.LOAD_TIME, own.load_percent),
        (Quantity.LOAD_AREA, own.load_uv_s_min),
    ):
        track = only(c, quantity, Muscle.MENTALIS)
        assert track.points[0].value == pytest.approx(value)
        assert track.changes[0].value == pytest.approx(1.0)
        assert track.changes[0].direction == 0
    point = only(c, Quantity.BURSTS, Muscle.MENTALIS).points[0]
    assert (point.k, point.n) == (60, 12)
    # Twelve episodes: half and twice the rate are not excluded by sixty bursts.
    assert point.low / point.value < 0.55
    assert point.high / point.value > 1.7


def test_fewer_bursts_and_none() -> None:
    fewer = replace(RESTED, start="2024-05-01T10:00:00", bursts=EPISODES[:5])
    none = replace(RESTED, start="2024-06-01T10:00:00", bursts=())
    track = only(compared(RESTED, fewer, none), Quantity.BURSTS, Muscle.MENTALIS)
    assert track.changes[0].value == pytest.approx(1 / 12)
    last = track.points[2]
    assert (last.value, last.low) == (0.0, 0.0)
    assert last.high == pytest.approx(3.689 / (200.0 / 60.0), rel=1e-3)
    gone = track.change(2)
    assert gone is not None
    assert gone.value == 0.0
    assert gone.direction == -1


def test_movements_on_command_are_no_rest() -> None:
    cued = replace(RESTED, marks=((9.9, "close eyes"), (19.9, "close eyes")))
    c = compared(RESTED, replace(cued, start="2024-05-01T10:00:00"))
    track = only(c, Quantity.BURSTS, Muscle.MENTALIS)
    assert [p.k for p in track.points] == [60, 50]
    assert track.points[1].conditions.minutes < track.points[0].conditions.minutes


def test_little_rest_cannot_say() -> None:
    short = replace(RESTED, start="2024-05-01T10:00:00", rest_s=40.0, bursts=EPISODES[:20])
    track = only(compared(RESTED, short), Quantity.BURSTS, Muscle.MENTALIS)
    assert track.points[1].reason is Reason.LITTLE_REST
    assert track.changes == ()


def test_sides_are_compared_over_the_same_muscles_only() -> None:
    fewer = replace(RESTED, start="2024-05-01T10:00:00", channels=FACE[:1])
    c = compared(RESTED, fewer)
    side = next(t for t in c.of(Quantity.BURSTS) if t.place.muscle is None)
    assert side.changes[0].refused is not None
    assert side.changes[0].refused.doubt is Doubt.MUSCLES
    assert only(c, Quantity.BURSTS, Muscle.MENTALIS).changes[0].known


# Order, identity, events


def test_visits_come_in_order_of_their_dates() -> None:
    c = compared(LATER, BEFORE, AFTER)
    assert [v.date for v in c.visits] == ["2024-03-04", "2024-04-04", "2025-04-04"]
    assert (c.order, c.order_note) == (Order.DATE, "")
    given = compared(LATER, BEFORE, order=Order.GIVEN)
    assert [v.date for v in given.visits] == ["2025-04-04", "2024-03-04"]


@pytest.mark.parametrize(
    ("start", "note"),
    [(None, "no_date"), ("1985-01-01T00:00:00", "no_date"), (LATER.start, "same_time")],
)
def test_without_dates_the_order_is_as_given_and_said_so(start: str | None, note: str) -> None:
    c = compared(LATER, replace(BEFORE, start=start))
    assert (c.order, c.order_note) == (Order.GIVEN, note)
    assert c.visits[0].start == LATER.start


def test_another_name_is_told() -> None:
    other = replace(LATER, patient=(("name", "Other, B."), ("id", "S-001"), ("sex", "F")))
    identity = compared(BEFORE, other).identity
    assert identity.state is IdentityState.DIFFERENT
    assert identity.differing == (("name", 0, 1),)
    assert "Other" not in repr(compared(BEFORE, other))


def test_writing_is_no_difference_and_silence_is_none() -> None:
    same = replace(LATER, patient=(("name", "SAMPLE A"), ("sex", "female")))
    assert compared(BEFORE, same).identity.state is IdentityState.SAME
    silent = compared(BEFORE, replace(LATER, patient=())).identity
    assert (silent.state, silent.silent) == (IdentityState.CANNOT_SAY, (1,))
    apart = compared(replace(BEFORE, patient=(("id", "7"),)), replace(LATER, patient=same.patient))
    assert apart.identity.state is IdentityState.CANNOT_SAY


def test_events_stand_between_the_visits() -> None:
    c = compared(
        BEFORE, AFTER, LATER,
        events=["2025-01=toxin", "2024-03-08=operation", "2024-01-01=first toxin",
                "2024-04-04=on the day", "3=afterwards"],
    )  # fmt: skip
    assert [(e.text, e.position) for e in c.events] == [
        ("first toxin", -0.5), ("operation", 0.5), ("on the day", 1.0), ("toxin", 1.5),
        ("afterwards", 2.5),
    ]  # fmt: skip


def test_marks_of_a_decompression_are_events() -> None:
    marked = replace(AFTER, marks=((3.0, "Teflon placed"), (1.0, "skin incision")))
    (event,) = compared(BEFORE, marked).events
    assert (event.text, event.where, event.visit) == ("Teflon placed", EventPlace.DURING, 1)
    assert event.from_mark


@pytest.mark.parametrize(
    ("visits", "event", "fault"),
    [
        ((BEFORE, AFTER), "2024-03=x", "same month"),
        ((BEFORE, AFTER), "8.3.2024=x", "no date"),
        ((BEFORE, AFTER), "2024-02-31=x", "no date"),
        ((BEFORE, AFTER), "7=x", "there are 2 visits"),
        ((BEFORE, AFTER), "1= ", "says nothing"),
        ((BEFORE, replace(AFTER, start=None)), "2024-03-08=x", "visit 2 has no date"),
    ],
)
def test_an_event_that_cannot_be_placed_is_refused(
    visits: tuple[Made, ...], event: str, fault: str
) -> None:
    with pytest.raises(ParameterError, match=fault):
        compared(*visits, events=[event])


def test_one_file_given_twice_is_told() -> None:
    c = compared(replace(BEFORE, sha256="abc"), replace(LATER, sha256="abc"))
    assert c.repeated == ((0, 1),)


def test_a_comparison_takes_two() -> None:
    with pytest.raises(ParameterError, match="1 recording could be used"):
        compared(BEFORE)
    with pytest.raises(ParameterError, match="no recording"):
        compare([])
