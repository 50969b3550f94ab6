from __future__ import annotations

from dataclasses import replace
from math import nan
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QFont, QFontMetricsF
from pytestqt.qtbot import QtBot

from amr_viewer import Protocol, analyze, read_recording
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Branch, Role, Side
from amr_viewer.core.recording import Mark, StimulusLabel
from amr_viewer.core.trend import BlockState
from amr_viewer.gui.plot.scale import Axis
from amr_viewer.gui.trend.choice import Choice, choice_of
from amr_viewer.gui.trend.look import Look, events_of, letters, whole
from amr_viewer.gui.trend.picture import Course, TrendPicture, make_picture
from amr_viewer.gui.trend.places import Row, place
from amr_viewer.gui.trend.ribbon import cells
from amr_viewer.gui.trend.rows import values_of, why_empty
from amr_viewer.gui.trend.words import block_words

SITE = (Branch.ZYGOMATIC, Side.LEFT)


@pytest.fixture(scope="module")
def analysis(sample_signals: Path) -> Analysis:
    return analyze(read_recording(sample_signals / "operation.edf"))


@pytest.fixture(scope="module")
def picture(analysis: Analysis) -> TrendPicture:
    trend = analysis.protocol.parameters.trend
    return make_picture(analysis, analysis.trends, SITE, trend)


def course(picture: TrendPicture, name: str) -> Course:
    return next(c for c in picture.courses if c.name.startswith(name))


def test_the_picture_holds_every_muscle_of_the_branch(
    picture: TrendPicture, analysis: Analysis
) -> None:
    assert [c.full_name for c in picture.courses] == [
        "Orbicularis oculi L", "Orbicularis oris L", "Mentalis L", "Frontalis L",
    ]  # fmt: skip
    assert picture.direct is not None
    assert picture.direct.name == "Orb. oculi L"
    shown = {c.trend.role for c in picture.courses if c.channel in picture.usual}
    assert shown == {Role.LATERAL}
    assert picture.n_blocks == 20


def test_single_sweeps_are_those_with_a_response(picture: TrendPicture) -> None:
    mentalis = course(picture, "Mentalis")
    trend = mentalis.trend
    for block in range(len(trend)):
        first, last = trend.first_stimulus[block], trend.last_stimulus[block]
        inside = (mentalis.time_s >= trend.start_s[block]) & (mentalis.time_s <= trend.end_s[block])
        assert inside.sum() == last - first + 1
        sizes = mentalis.amplitude_uv[inside]
        assert np.isfinite(sizes).sum() == trend.n_present[block]
        if np.isfinite(trend.amplitude_uv[block]):
            assert np.nanmedian(sizes) == pytest.approx(trend.amplitude_uv[block])
    assert not np.isfinite(mentalis.m_uv).any()
    assert picture.direct is not None
    assert np.isfinite(picture.direct.m_uv).all()


def test_a_row_without_anything_to_draw_says_why(picture: TrendPicture) -> None:
    def said(name: str, row: Row) -> str:
        return why_empty(row, [values_of(course(picture, name), row, percent=False)])

    assert said("Frontalis", Row.AMPLITUDE) == "no response in any block"
    assert said("Frontalis", Row.ONSET) == "no baseline to compare with"
    assert said("Frontalis", Row.PERSISTENCE) == ""
    assert said("Mentalis", Row.AMPLITUDE) == said("Mentalis", Row.ONSET) == ""


def test_the_spread_of_onsets_holds_their_median(picture: TrendPicture) -> None:
    mentalis = course(picture, "Mentalis")
    known = np.isfinite(mentalis.trend.onset_shift_ms)
    assert known.sum() == 12
    assert (mentalis.spread_low_ms[known] <= mentalis.trend.onset_shift_ms[known] + 1e-6).all()
    assert (mentalis.spread_high_ms[known] >= mentalis.trend.onset_shift_ms[known] - 1e-6).all()
    assert np.isnan(mentalis.spread_low_ms[~known]).all()


def test_the_response_that_comes_back_is_pointed_at(picture: TrendPicture) -> None:
    assert course(picture, "Mentalis").returns() == (12,)
    assert course(picture, "Orb. oris").returns() == (12,)
    assert course(picture, "Frontalis").returns() == ()


def test_a_first_response_after_absence_is_no_return(picture: TrendPicture) -> None:
    late = course(picture, "Frontalis")
    states = (*late.trend.state[:-1], BlockState.PRESENT)
    came = replace(late, trend=replace(late.trend, state=states))
    assert came.trend.changes() == ((18, 19),)
    assert came.returns() == ()


def test_a_block_is_found_by_any_of_its_sweeps(picture: TrendPicture) -> None:
    mentalis = course(picture, "Mentalis")
    assert [mentalis.block_of(s) for s in (0, 14, 15, 299)] == [0, 0, 1, 19]
    assert mentalis.block_of(300) is None
    assert mentalis.block_of(None) is None


def test_words_give_every_number(picture: TrendPicture) -> None:
    mentalis = course(picture, "Mentalis")
    words = block_words(mentalis, 0)
    assert words.startswith("Mentalis L, block 1 of 20, 0:00–0:05; present: 15 of 15 valid sweeps")
    assert "(100 %, 95 % interval 78–100 %)" in words
    assert "100 % of baseline" in words
    assert "onset " in words
    assert words.endswith("baseline")
    gone = block_words(mentalis, 11)
    assert "absent: 0 of 15 valid sweeps (0 %, 95 % interval 0–22 %)" in gone
    assert "onset" not in gone
    assert picture.direct is not None
    assert "direct response, 15 valid sweeps; M 2230 µV" in block_words(picture.direct, 0)


def test_a_choice_goes_into_the_protocol_and_nothing_else_does() -> None:
    ground = Protocol(name="ours")
    kept = Choice(20, 3).protocol(ground)
    assert kept.name == "ours"
    assert choice_of(kept.parameters.trend) == Choice(20, 3)
    assert Choice(10).protocol(kept) == ground
    with pytest.raises(ValueError, match="block_size"):
        Choice(2).protocol(ground)
    assert Choice(20, 3).words == "blocks of 20, baseline block 4"


def test_events_are_the_marks_that_are_no_stimuli() -> None:
    marks = [
        ("a", Mark(5.0, nan, "stim", stimulus=StimulusLabel()), False),
        ("b", Mark(6.0, nan, "vessel\nmoved  off"), False),
        ("c", Mark(9.0, nan, ""), True),
    ]
    events = events_of(marks)
    assert len(events) == 2
    assert [events.label(i) for i in range(2)] == ["A  vessel moved off", "B  mark"]
    assert events.manual.tolist() == [False, True]
    assert list(events.within(5.5, 8.0)) == [0]
    assert list(events.within(10.0, 11.0)) == []


def test_letters_go_on_after_z_without_repeating() -> None:
    made = [letters(i) for i in range(1000)]
    assert made[:3] == ["A", "B", "C"]
    assert len(set(made)) == 1000


def test_the_whole_holds_all_stimuli_and_all_events(picture: TrendPicture) -> None:
    events = events_of(
        [("a", Mark(-20.0, nan, "before"), False), ("b", Mark(3000.0, nan, "x"), True)]
    )
    low, high = whole(picture, events)
    assert low < -20
    assert high > 3000


@pytest.mark.parametrize("size", [(420, 460), (760, 480), (1900, 1200)])
def test_nothing_lies_over_anything_else(
    picture: TrendPicture, analysis: Analysis, qtbot: QtBot, size: tuple[int, int]
) -> None:
    marks = [(str(i), m, False) for i, m in enumerate(analysis.recording.marks)]
    look = Look(channels=frozenset(range(4)), events=events_of(marks))
    places = place(picture, look, QSizeF(*size), QFontMetricsF(QFont()))
    boxes = [*places.lanes, *(p.area for p in places.panels), *(r for _, r in places.legend)]
    for i, a in enumerate(boxes):
        assert a.left() >= 0
        assert a.right() <= size[0]
        assert a.bottom() <= size[1]
        assert not any(a.intersects(b.adjusted(0.5, 0.5, -0.5, -0.5)) for b in boxes[i + 1 :])
    assert len(places.legend) + places.hidden_events == 11
    assert len(places.panels) == 4


def test_cells_are_wide_enough_to_be_seen_and_never_overlap(picture: TrendPicture) -> None:
    mentalis = course(picture, "Mentalis")
    edges = cells(mentalis, Axis(0.0, 2400.0, 100.0, 700.0))
    assert (edges[:, 1] - edges[:, 0]).min() >= 12
    assert (edges[1:, 0] > edges[:-1, 1]).all()
    narrow = cells(mentalis, Axis(0.0, 2400.0, 100.0, 160.0))
    assert (narrow[:, 1] - narrow[:, 0]).min() >= 2.9


def test_courses_of_one_color_are_told_apart(analysis: Analysis) -> None:
    trends = analysis.trends
    site = trends[0].site, trends[0].side
    twins = [replace(t, muscle=trends[0].muscle) for t in trends]
    made = make_picture(analysis, twins, site, analysis.protocol.parameters.trend)
    assert [c.twin for c in made.courses] == [0, 1, 2, 3]
