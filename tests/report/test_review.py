"""What a report says of a person's decisions."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.core.decisions import (
    BaselineDecision,
    BurstDecision,
    FindingDecision,
    MarkDecision,
    SweepDecision,
)
from amr_viewer.core.findings import Verdict
from amr_viewer.core.phrases import Phrase
from amr_viewer.core.review import Review
from amr_viewer.report.audit import MOST_ROWS
from amr_viewer.report.content import SECTIONS, TEXTS, automatic_texts, build, wording
from amr_viewer.report.document import write_report
from amr_viewer.report.methods import FILLABLE
from tests.report.builders import make_sweeps, study_like_the_drawing

ZL = (Branch.ZYGOMATIC, Side.LEFT)
WHO = {"author": "Dr. A", "at": "2026-11-25T10:11:12+00:00"}
DAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def study():
    return study_like_the_drawing()


def made(analysis, **options):
    return build(analysis, {}, printed=DAY, **options)


def sweeps(n, at=WHO["at"]):
    return [
        SweepDecision(
            stimulus_s=float(i), channel="EMG", state="absent", author=WHO["author"], at=at
        )
        for i in range(n)
    ]


def with_review(study, review):
    return replace(study, review=review)


def overruled(study):
    """The study with the first verdict put in the place of the program's by a person."""
    first = replace(
        study.findings[0], verdict=Verdict.ABSENT, overruled=True, source="manual",
        automatic_verdict=Verdict.PRESENT, comment="artefact",
        reason="verdict of a person (artefact); by the criteria present: 48 of 50",
    )  # fmt: skip
    return replace(study, findings=(first, *study.findings[1:]), review=Review())


def test_without_a_review_nothing_is_said_of_edits(study):
    document = made(study)
    assert (document.edits, document.edits_note, document.hidden) == ((), "", ())
    assert "Sections left out" not in {f.label for f in document.provenance}


def test_the_log_is_printed_and_one_gesture_is_one_line(study):
    review = Review().with_sweeps(sweeps(3)).with_sweeps(sweeps(1, "2026-11-25T12:00:00+00:00"))
    edits = made(with_review(study, review)).edits
    assert [(e.what, e.was, e.now, e.who, e.when) for e in edits] == [
        ("sweep at 0.0000 s, EMG and 2 more", "automatic", "absent", "Dr. A", "2026-11-25 10:11"),
        ("sweep at 0.0000 s, EMG", "absent", "absent", "Dr. A", "2026-11-25 12:00"),
    ]


def everything_decided():
    """A review with every kind of entry that a log can hold."""
    mark = MarkDecision(name="m", time_s=3.0, duration_s=0.5, text="Dura", **WHO)
    burst = BurstDecision(channel="EMG", start_s=1.5, duration_ms=40.0, kind="tonic", **WHO)
    finding = FindingDecision(
        site=ZL[0], side=ZL[1], channel="EMG", verdict=Verdict.INDETERMINATE, **WHO
    )
    found = Phrase(code="sweep_found", state="present", onset_ms=9.5, amplitude_uv=80.0)
    moved = SweepDecision(
        stimulus_s=1.0, channel="EMG", state="present", onset_ms=9.9, by_hand=("onset_ms",), **WHO
    )
    many = sweeps(60, at="2026-11-25T11:00:00+00:00")
    review = Review().with_sweeps([moved], {moved.key: found})
    review = review.with_sweeps(many, {d.key: found for d in many})
    review = review.without_sweeps([d.key for d in many], **WHO)
    review = review.with_finding(finding, Verdict.PRESENT).without_finding(finding.key, **WHO)
    review = review.with_marks([mark]).with_marks([MarkDecision(name="m", **WHO)])
    marks = [mark.model_copy(update={"name": f"m{i}"}) for i in range(60)]
    review = review.with_marks(marks).with_bursts([burst]).without_bursts([burst.key], **WHO)
    baseline = BaselineDecision(site=ZL[0], side=ZL[1], at_s=61.5, **WHO)
    review = review.with_baseline(baseline).without_baseline(ZL, **WHO)
    for name in FILLABLE:
        review = review.with_field(name, "7", "", **WHO)
    for name in TEXTS:
        review = review.with_text(name, "", "7", **WHO)
    for section in SECTIONS:
        review = review.with_section(section, False, **WHO)
    review = review.with_protocol({"name": "7"}, **WHO)
    return review.returned_to(Review(), "undo", **WHO, of=review.log[0].subject)


def test_a_russian_log_holds_no_english_but_labels_and_what_was_written(study):
    edits = made(with_review(study, everything_decided()), language="ru").edits
    lines = [(e.what, e.was, e.now) for e in edits]
    assert lines[0] == (
        "развёртка 1.0000 с, EMG",
        "программа: есть, начало 9.50 мс, 80 мкВ",
        "есть, начало 9.90 мс; поставлено вручную: начало",
    )
    assert lines[1][:2] == (
        "развёртки с 0.0 по 59.0 с, EMG (всего 60)",
        "программа: есть (59), есть (1)",
    )
    assert lines[-1][0] == "отмена: развёртка 1.0000 с, EMG"
    assert set(re.findall("[A-Za-z]+", " ".join(sum(lines, ())))) == {"EMG", "Dura"}


def test_of_a_long_log_the_newest_lines_are_printed(study):
    review = Review()
    for i in range(MOST_ROWS + 5):
        review = review.with_section("limits", i % 2 == 1, **WHO)
    document = made(with_review(study, review))
    assert len(document.edits) == MOST_ROWS
    assert document.edits[-1].now == "hidden"
    assert document.edits_note == "Older changes are listed in analysis.json."


def test_an_overruled_verdict_is_marked_wherever_it_is_printed(study):
    document = made(overruled(study))
    assert document.responses[0].verdict == "absent, by hand"
    detail = next(r for r in document.details if r.muscle == document.responses[0].muscle)
    assert detail.verdict == "absent, by hand"
    assert "by the criteria present: 48 of 50" in detail.reason
    by_hand = {f.label: f.value for f in document.conclusion}["By hand"]
    assert by_hand == "Mentalis L: absent, by hand."


def test_the_russian_headline_says_what_it_rests_on(study):
    manual = np.zeros(study.responses.manual.shape, bool)
    manual[:2, 0] = True
    edited = overruled(study)
    edited = replace(edited, responses=replace(study.responses, manual=manual))
    assert made(edited, language="ru").headline.rest.endswith(
        "Опирается на решения врача (развёртки: 2, выводы: 1)."
    )
    assert "Опирается" not in made(study, language="ru").headline.rest


def test_fields_of_the_head_are_filled_in(study):
    review = Review().with_field("spasm", "left", "", **WHO).with_field("id", "7", "S-001", **WHO)
    before = {f.label: f.value for f in made(study).header}
    after = {f.label: f.value for f in made(with_review(study, review)).header}
    assert list(after) == list(before)
    assert (before["Side of spasm"], after["Side of spasm"]) == ("", "left")
    assert (before["ID"], after["ID"]) == ("S-001", "7")
    assert set(FILLABLE.values()) <= set(wording("en").fields)


def test_sentences_of_a_person_take_the_place_of_the_program_s(study):
    own = automatic_texts(study)
    assert own["findings"] == study.headline
    assert "Present: Zygomatic L → Mentalis L 48/50" in own["conclusion"]
    review = Review().with_text("findings", "Seen on the left.", own["findings"], **WHO)
    review = review.with_text("conclusion", "Line one.\nLine two.", own["conclusion"], **WHO)
    document = made(with_review(study, review))
    assert (document.headline.strong, document.headline.rest) == ("", "Seen on the left.")
    assert study.headline in document.headline.wording
    assert document.headline.tone == "present"
    assert document.meaning == "Line one.\nLine two."
    assert document.conclusion == ()
    assert automatic_texts(with_review(study, review)) == own


def test_sections_can_be_left_out_and_that_is_said(study, tmp_path):
    review = Review()
    for section in SECTIONS:
        review = review.with_section(section, False, **WHO)
    hidden = with_review(study, review.with_section("edited", False, **WHO))
    document = build(hidden, make_sweeps(study, 2000.0), printed=DAY)
    assert document.hidden == SECTIONS
    assert document.sites == ()
    left_out = {f.label: f.value for f in document.provenance}["Sections left out"]
    assert left_out.startswith("Responses, All channels, Superimposed sweeps, Course")
    write_report(hidden, {}, tmp_path / "r.html", printed=DAY)
    text = (tmp_path / "r.html").read_text("utf-8")
    headings = wording("en").headings
    shown = [s for s in SECTIONS if f"<h2>{headings[s]}</h2>" in text]
    assert shown == []
    assert "<h2>Edited by hand</h2>" in text
    assert "<h2>Versions and hashes</h2>" in text


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_can_be_left_out_of_the_pdf(study, tmp_path, section):
    review = Review().with_section(section, False, **WHO).with_sweeps(sweeps(3))
    write_report(with_review(study, review), {}, tmp_path / "r.pdf", printed=DAY)
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF-")


def test_hostile_words_of_a_log_are_printed_as_they_are(study, tmp_path):
    hostile = '<b>#sys $x$ "q" \\ *Щёчная*'
    review = Review().with_text("findings", hostile, hostile, author=hostile, at="now")
    analysis = with_review(study, review)
    write_report(analysis, {}, tmp_path / "r.pdf", printed=DAY)
    write_report(analysis, {}, tmp_path / "r.html", printed=DAY)
    assert "<b>#sys" not in (tmp_path / "r.html").read_text("utf-8")
