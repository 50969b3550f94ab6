"""The course over the session: what is drawn, what is written, and what stands in trend.csv."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from amr_viewer.analysis.trend import find_trends
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.recording import Mark
from amr_viewer.core.tables import TREND_COLUMNS
from amr_viewer.core.trend import BlockState
from amr_viewer.report.content import build
from amr_viewer.report.course import clock, course
from amr_viewer.report.document import write_report
from amr_viewer.report.results import write_results
from amr_viewer.report.trend_figures import CourseDrawing, course_figure
from amr_viewer.report.wording import EN
from amr_viewer.report.wording_ru import RU
from tests.analysis.builders import DEFAULT
from tests.analysis.courses import Stretch, course_of, judged, responses_of
from tests.report.builders import make_analysis

SVG = "{http://www.w3.org/2000/svg}"
FULL, NONE = Stretch(10), Stretch(0)
OPERATION = [FULL, FULL, Stretch(10, uv=70.0), NONE, NONE, Stretch(9), NONE, NONE]


def operation(stretches: Sequence[Stretch] = OPERATION) -> Analysis:
    """An analysis of blocks with stated counts, and three marks."""
    responses, findings = judged(responses_of(stretches))
    plain = make_analysis()
    marks = (
        Mark(0.2, float("nan"), "before the first stimulus"),
        Mark(20.5, float("nan"), "retractor on"),
        Mark(30.6, float("nan"), "vessel moved off"),
    )
    return replace(
        plain,
        recording=replace(plain.recording, marks=marks, channels=responses.channels),
        stimuli=responses.stimuli,
        responses=responses,
        findings=findings,
        trends=find_trends(responses, findings, DEFAULT),
    )


@pytest.fixture(scope="module")
def study() -> Analysis:
    return operation()


def words_in(svg: str) -> list[str]:
    return [t.text or "" for t in ElementTree.fromstring(svg).iter(SVG + "text")]


def test_every_change_has_its_line(study: Analysis) -> None:
    rows = course(study, EN).changes
    assert [r.change for r in rows] == ["reduced", "vanished", "reappeared", "vanished"]
    assert [r.symbol for r in rows] == ["▼", "○", "●", "○"]
    assert (rows[0].site, rows[0].muscle) == ("Zygomatic L", "Mentalis L")
    assert {(r.site, r.muscle) for r in rows[1:]} == {("", "")}
    assert rows[1].between == "0:30–0:31"
    assert rows[1].after == "0/10"
    assert rows[1].before.startswith("10/10, ")
    assert [r.marks for r in rows] == ["A retractor on", "B vessel moved off", "", ""]


def test_the_panel_says_how_it_ends_and_what_it_is_compared_with(study: Analysis) -> None:
    (panel,) = course(study, EN).panels
    assert panel.chip == "at the end: ○ absent 0/10"
    assert panel.tone == "absent"
    assert panel.measures.startswith("baseline: block 1, 10/10, ")
    assert panel.measures.endswith("M at the end 100 % of its baseline")
    assert panel.alt.startswith("Course of Mentalis L: present, reduced, absent, present, absent")


def test_letters_in_the_drawing_are_those_of_the_list(study: Analysis) -> None:
    made = course(study, EN)
    assert made.events == ("A  0:21  retractor on", "B  0:31  vessel moved off")
    assert {"A", "B", "Persistence, %", "Amplitude, µV", "100 %", "50 %", "s"} <= set(
        words_in(made.panels[0].figure)
    )


def test_the_conclusion_says_how_it_ends(study: Analysis) -> None:
    lines = build(study, {}).conclusion
    assert [f.value for f in lines if f.label == "At the end"] == ["Mentalis L ○ absent 0/10"]
    assert lines[-1].label == "Not tested"


def test_a_short_recording_has_no_course() -> None:
    assert course(operation([FULL, NONE]), EN).panels == ()
    document = build(operation([FULL, NONE]), {})
    assert document.course.note == ""
    assert "At the end" not in [f.label for f in document.conclusion]


def test_a_silent_muscle_has_no_course() -> None:
    assert course(operation([NONE] * 5), EN).panels == ()


def test_where_nothing_changes_that_is_said() -> None:
    made = course(operation([FULL] * 4), EN)
    assert made.changes == ()
    assert made.remark == "No change of state was found."


def test_many_changes_are_counted_not_listed() -> None:
    made = course(operation([FULL, NONE, NONE] * 8), EN)
    assert len(made.changes) == 12
    assert made.remark == "3 further changes are in trend.csv."


def test_a_response_that_comes_late_appears() -> None:
    rows = course(operation([NONE, NONE, FULL]), EN).changes
    assert [r.change for r in rows] == ["appeared"]


def test_a_recovery_is_no_reappearance() -> None:
    rows = course(operation([FULL, Stretch(10, uv=60.0), FULL]), EN).changes
    assert [r.change for r in rows] == ["reduced", "recovered"]


def test_russian_has_a_word_for_everything(study: Analysis) -> None:
    assert set(RU.course) == set(EN.course)
    made = course(study, RU)
    assert [r.change for r in made.changes] == ["снизился", "исчез", "появился вновь", "исчез"]
    assert not set(made.note.split()) & set(EN.course["note"].split()[:3])


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.0, "0:00"), (59.7, "1:00"), (754.2, "12:34"), (3725.0, "1:02:05")]
)
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


def drawing(stretches: Sequence[Stretch], **changes: object) -> CourseDrawing:
    trend = course_of(stretches)
    plain = CourseDrawing(
        trend, "#cc79a7", (0.0, float(trend.end_s[-1]) + 1.0), (), 0.5, ("p", "a", "min", "s"),
        {s: EN.course[s.value] for s in BlockState},
    )  # fmt: skip
    return replace(plain, **changes)


def test_the_ribbon_names_its_states_and_hatches_what_cannot_be_said() -> None:
    failed = [Stretch(0, failed=10)] * 3
    svg = course_figure(drawing([FULL, FULL, *failed, NONE, NONE]), 176.0, 52.0)
    assert {"present", "cannot say", "absent"} <= set(words_in(svg))
    assert svg.count("<pattern") == 1
    assert "<pattern" not in course_figure(drawing([FULL, FULL, NONE, NONE]), 176.0, 52.0)


def test_drawings_are_small_and_the_same_each_time() -> None:
    many = drawing([FULL, NONE, NONE] * 60)
    svg = course_figure(many, 176.0, 52.0)
    assert len(svg) < 400_000
    assert svg == course_figure(many, 176.0, 52.0)


def test_letters_that_are_near_stand_below_each_other() -> None:
    marks = ((20.0, "A"), (20.2, "B"), (30.0, "C"))
    svg = course_figure(drawing([FULL] * 4, marks=marks), 176.0, 52.0)
    height = {
        t.text: float(t.get("y") or t.get("transform", "").split()[-1].rstrip(")"))
        for t in ElementTree.fromstring(svg).iter(SVG + "text")
        if t.text in {"A", "B", "C"}
    }
    assert height["A"] == height["C"]
    assert height["B"] < height["A"] - 5.0


def test_long_courses_are_drawn_in_minutes() -> None:
    assert drawing([FULL] * 3).unit_s == 1.0
    slow = [replace(FULL, pause_s=300.0)] * 3
    assert drawing(slow).unit_s == 60.0
    assert "min" in words_in(course_figure(drawing(slow), 176.0, 52.0))


def test_both_kinds_of_report_print_the_course(study: Analysis, tmp_path: Path) -> None:
    write_report(study, {}, tmp_path / "r.html")
    html = (tmp_path / "r.html").read_text("utf-8")
    assert "Course over the session" in html
    assert "at the end: ○ absent 0/10" in html
    assert "vessel moved off" in html
    write_report(study, {}, tmp_path / "r.pdf", language="ru")
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")


def test_trend_csv_holds_one_row_per_channel_and_block(study: Analysis, tmp_path: Path) -> None:
    write_results(study, tmp_path / "op")
    table = pd.read_csv(tmp_path / "op" / "trend.csv")
    assert tuple(table.columns[: len(TREND_COLUMNS)]) == TREND_COLUMNS
    trend = study.trends[0]
    assert table["state"].tolist() == [s.value for s in trend.state]
    assert table["block"].tolist() == list(range(8))
    assert set(table["channel"]) == {"L mentalis"}
    np.testing.assert_allclose(table["amplitude_percent"], trend.amplitude_percent, atol=0.006)
    np.testing.assert_allclose(table["start_s"], trend.start_s, atol=1e-6)
    assert table["amplitude_uv"].isna().tolist() == [s is BlockState.ABSENT for s in trend.state]


def test_analysis_json_gives_state_and_reason_of_every_block(
    study: Analysis, tmp_path: Path
) -> None:
    write_results(study, tmp_path / "op")
    trends = json.loads((tmp_path / "op" / "analysis.json").read_text("utf-8"))["trends"]
    assert [t["role"] for t in trends] == ["lateral", "direct"]
    assert trends[0]["baseline_block"] == 0
    assert trends[0]["blocks"][3]["state"] == "absent"
    assert "persistence above 14 % excluded" in trends[0]["blocks"][3]["reason"]
    assert trends[0]["blocks"][3]["amplitude_uv"] is None
