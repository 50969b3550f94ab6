"""Decisions as values: each verb makes a new review, and the log tells of all of them."""

from __future__ import annotations

from math import nan
from typing import Any

import pytest
from pydantic import ValidationError

from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.core.decisions import (
    FindingDecision,
    MarkDecision,
    RecordingIdentity,
    SweepDecision,
    occurrences,
)
from amr_viewer.core.findings import Verdict
from amr_viewer.core.recording import Mark, StimulusLabel
from amr_viewer.core.review import Review, mark_columns, reviewed_marks

WHO: dict[str, str] = {"author": "A", "at": "2026-11-25T10:00:00+00:00"}


def sweep(time_s: float = 1.0, **values: Any) -> SweepDecision:
    return SweepDecision(stimulus_s=time_s, channel="EMG", **WHO, **values)


def test_a_decision_takes_the_place_of_the_earlier_one_and_both_are_logged() -> None:
    first = Review().with_sweeps([sweep(state="absent")], {sweep().key: "present, 80 uV"})
    second = first.with_sweeps([sweep(1.000001, state="present", onset_ms=9.5, amplitude_uv=81.6)])
    assert [d.state for d in first.sweeps] == ["absent"]
    assert [d.state for d in second.sweeps] == ["present"]
    assert [(c.was, c.is_) for c in second.log] == [
        ("present, 80 uV", "absent"),
        ("absent", "present, onset 9.50 ms, 82 uV"),
    ]
    assert {(c.author, c.at) for c in second.log} == {(WHO["author"], WHO["at"])}


def test_taking_a_decision_back_is_logged() -> None:
    review = Review().with_sweeps([sweep(state="absent"), sweep(2.0, state="unsure")])
    after = review.without_sweeps([sweep().key], **WHO)
    assert [d.stimulus_s for d in after.sweeps] == [2.0]
    assert (after.log[-1].was, after.log[-1].is_) == ("absent", "automatic")
    assert len(after.log) == 3


def test_a_verdict_and_its_comment_are_logged_and_can_be_taken_back() -> None:
    decision = FindingDecision(
        site=Branch.ZYGOMATIC, side=Side.LEFT, channel="EMG", verdict=Verdict.ABSENT,
        comment="M only", **WHO,
    )  # fmt: skip
    review = Review().with_finding(decision, Verdict.PRESENT)
    assert review.log[0].what == "verdict of EMG on left zygomatic stimulation"
    assert (review.log[0].was, review.log[0].is_) == ("present", "absent: M only")
    back = review.without_finding(decision.key, **WHO)
    assert back.findings == ()
    assert (back.log[-1].was, back.log[-1].is_) == ("absent", "automatic")


def test_going_back_keeps_the_log() -> None:
    former = Review().with_sweeps([sweep(state="absent")])
    later = former.with_sweeps([sweep(2.0, state="present")]).with_section("methods", False, **WHO)
    back = later.returned_to(former, "undo", **WHO)
    assert back.sweeps == former.sweeps
    assert back.hidden_sections == ()
    assert [c.what for c in back.log][-1] == "undo"
    assert back.log[: len(later.log)] == later.log


def test_fields_texts_sections_and_protocol() -> None:
    review = (
        Review()
        .with_field("spasm", "left", "", **WHO)
        .with_text("conclusion", "Mine.", "The program's.", **WHO)
        .with_section("limits", False, **WHO)
        .with_protocol({"name": "lab"}, **WHO)
    )
    assert (review.fields, review.texts) == ({"spasm": "left"}, {"conclusion": "Mine."})
    assert review.hidden_sections == ("limits",)
    assert [(c.what, c.was, c.is_) for c in review.log] == [
        ("report, spasm", "", "left"),
        ("report, conclusion", "The program's.", "Mine."),
        ("section of the report, limits", "shown", "hidden"),
        ("protocol", "default", "lab"),
    ]
    assert review.with_text("conclusion", "", "", **WHO).texts == {}
    assert review.with_section("limits", True, **WHO).hidden_sections == ()


def test_marks_are_added_changed_and_hidden_but_stimuli_stay() -> None:
    stimulus = Mark(1.0, nan, "Stim", stimulus=StimulusLabel())
    marks = (stimulus, Mark(3.0, nan, "dura"), Mark(5.0, nan, "cough"))
    review = Review().with_marks(
        [
            MarkDecision(name="file:0", **WHO),
            MarkDecision(name="file:1", time_s=2.0, text="dura opened", **WHO),
            MarkDecision(name="file:2", **WHO),
            MarkDecision(name="own-1", time_s=4.0, duration_s=0.5, text="drill", **WHO),
        ],
        {"file:1": "dura at 3.000 s"},
    )
    shown = reviewed_marks(marks, review)
    assert [(name, mark.time_s, mark.text, own) for name, mark, own in shown] == [
        ("file:0", 1.0, "Stim", False),
        ("file:1", 2.0, "dura opened", True),
        ("own-1", 4.0, "drill", True),
    ]
    assert review.log[1].was == "dura at 3.000 s"
    gone = review.with_marks([MarkDecision(name="own-1", **WHO)])
    assert {d.name for d in gone.marks} == {"file:0", "file:1", "file:2"}
    assert (gone.log[-1].was, gone.log[-1].is_) == ("drill at 4.000 s for 0.500 s", "removed")


def test_what_a_later_version_added_survives() -> None:
    text = Review().with_sweeps([sweep(state="absent")]).model_dump_json(by_alias=True)
    values = Review.model_validate_json(text.replace('"state"', '"mood":"calm","state"'))
    assert '"mood":"calm"' in values.with_section("limits", False, **WHO).model_dump_json()


def test_a_review_belongs_to_one_file() -> None:
    review = Review(recording=RecordingIdentity(sha256="aa"))
    assert review.belongs_to("aa")
    assert not review.belongs_to("bb")
    assert review.belongs_to("")
    assert Review().belongs_to("bb")


def test_states_that_do_not_exist_are_refused() -> None:
    with pytest.raises(ValidationError, match="state"):
        sweep(state="perhaps")
    with pytest.raises(ValidationError, match="finite"):
        sweep(onset_ms=nan)


def test_namesakes_are_told_apart() -> None:
    assert occurrences(["A", "B", "A", "A"]) == [0, 0, 1, 2]
    assert Review().is_empty


def test_a_few_decisions_show_the_same_marks_as_all_of_them_anew() -> None:
    stimulus = Mark(2.0, nan, "Stim", stimulus=StimulusLabel())
    marks = (Mark(1.0, nan, "a"), stimulus, Mark(2.0, nan, "b"), Mark(3.0, nan, "c"))
    review = Review()
    reviewed_marks(marks, review)

    def made(name: str, time_s: float) -> MarkDecision:
        return MarkDecision(name=name, time_s=time_s, text=name, **WHO)

    for decisions in (
        [made("own-1", 2.0), made("own-2", 0.5)],
        [made("file:3", 2.0)],
        [made("file:0", 2.0), made("file:1", 9.0)],
        [made("own-2", 2.0), MarkDecision(name="own-1", **WHO)],
        [made("own-3", 2.0), made("file:7", 2.0), MarkDecision(name="file:2", **WHO)],
        [made("file:2", 1.0)],
    ):
        review = review.with_marks(decisions)
        anew = Review(marks=review.marks)
        assert review._shown_marks
        assert reviewed_marks(marks, review) == reviewed_marks(marks, anew)
    assert [name for name, _, _ in reviewed_marks(marks, review)] == [
        "file:2", "file:0", "file:1", "file:3", "own-2", "own-3", "file:7",
    ]  # fmt: skip
    columns = mark_columns(marks, review)
    assert columns.names == ("file:2", "file:0", "file:3", "own-2", "own-3", "file:7")
    assert columns.within(1.5, 2.5).tolist() == [1, 2, 3, 4, 5]


def test_texts_of_marks_become_single_lines() -> None:
    marks = (Mark(1.0, 0.5, "dura\nopened"), Mark(2.0, nan, "two  spaces", "EMG"))
    columns = mark_columns(marks, Review())
    assert columns.texts == ("dura opened", "two spaces")
    assert columns.channels == (None, "EMG")
    assert columns.stops_s.tolist() == [1.5, 2.0]
