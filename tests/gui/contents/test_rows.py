"""What the left dock says of recordings, sites, channels and marks, before anything is drawn."""

from __future__ import annotations

from dataclasses import replace
from math import nan
from pathlib import Path

import pytest

from amr_viewer.core.anatomy import Branch, Role, Side
from amr_viewer.core.recording import ChannelKind, Mark, StimulusLabel
from amr_viewer.gui.contents.channel_rows import channel_rows, moved, with_visible
from amr_viewer.gui.contents.mark_model import CHANNEL, DURATION, TEXT, TIME, changed
from amr_viewer.gui.contents.mark_rows import chosen_marks, origin_of, parse_time, time_text
from amr_viewer.gui.contents.recordings import recording_row
from amr_viewer.gui.contents.stimulation import site_rows, why_no_sites
from amr_viewer.gui.document import Document, Selection, Stage, TraceLayout, first_layout
from amr_viewer.simulate.recordings import make
from amr_viewer.workflow import analyze

MARK = Mark(161.318, nan, "dura opened")
STIMULUS = Mark(1.0, nan, "ZYG 8mA", None, StimulusLabel())
NAMED = (("file:0", STIMULUS, False), ("file:1", MARK, False), ("mark:a", MARK, True))


@pytest.fixture(scope="module")
def document() -> Document:
    simulation = make("clear", 1, n_stimuli=12)
    recording = simulation.recording
    unknown = replace(recording.channels[0], label="EMG 1", muscle=None, side=None)
    recording = replace(recording, channels=(unknown, *recording.channels[1:]))
    analysis = analyze(recording, simulation.protocol)
    return Document(
        1,
        Path("case.edf"),
        Stage.READY,
        analysis.recording,
        automatic=analysis,
        analysis=analysis,
        layout=first_layout(analysis.recording),
        selection=Selection(site=(Branch.ZYGOMATIC, Side.LEFT), channel=1),
    )


def test_a_channel_that_is_not_known_says_what_is_missing(document: Document) -> None:
    rows = channel_rows(document)
    assert rows[0].name == "EMG 1"
    assert rows[0].missing == ("muscle", "side")
    assert "muscle and side not known" in rows[0].tip
    assert all(row.missing == () for row in rows[1:])


def test_channels_carry_their_role_for_the_selected_site(document: Document) -> None:
    rows = {row.label: row for row in channel_rows(document)}
    assert rows["EMG 1"].role is Role.OTHER
    assert rows["EMG L Mentalis"].role is Role.LATERAL
    assert rows["EMG R Mentalis"].role is Role.CONTRALATERAL
    assert rows["EMG L Mentalis"].name == "Mentalis L"
    assert rows["EMG L Mentalis"].unit == "µV"
    elsewhere = replace(document, selection=Selection())
    assert {row.role for row in channel_rows(elsewhere)} == {None}


def test_rows_follow_the_order_of_traces_and_know_their_place_in_the_responses(
    document: Document,
) -> None:
    assert document.recording is not None
    first = document.recording.channels[0]
    trigger = replace(first, label="TTL", kind=ChannelKind.TRIGGER)
    recording = replace(document.recording, channels=(trigger, *document.recording.channels))
    analysis = replace(document.analysis, recording=recording)
    order = tuple(reversed(range(len(recording.channels))))
    shown = replace(
        document, recording=recording, analysis=analysis, layout=TraceLayout(order=order)
    )
    rows = channel_rows(shown)
    assert [r.channel for r in rows] == list(order)
    assert rows[-1].response is None
    assert [r.response for r in rows[:-1]] == [c - 1 for c in order[:-1]]


@pytest.mark.parametrize(
    ("channel", "place", "order"),
    [
        (2, 0, (2, 0, 1, 3)),
        (0, 2, (1, 0, 2, 3)),
        (0, 4, (1, 2, 3, 0)),
        (3, 99, (0, 1, 2, 3)),
        (1, -5, (1, 0, 2, 3)),
        (1, 1, (0, 1, 2, 3)),
        (1, 2, (0, 1, 2, 3)),
    ],
)
def test_a_channel_moves_before_another(channel: int, place: int, order: tuple[int, ...]) -> None:
    assert moved(TraceLayout(order=(0, 1, 2, 3)), channel, place).order == order


def test_hiding_and_showing_a_channel_are_each_others_inverse() -> None:
    layout = TraceLayout(order=(0, 1, 2))
    hidden = with_visible(layout, 1, visible=False)
    assert hidden.visible == (0, 2)
    assert with_visible(hidden, 1, visible=True) == layout


def test_sites_carry_their_currents_and_counts(document: Document) -> None:
    (row,) = site_rows(document.analysis)
    assert (row.name, row.count, row.is_known) == ("Zygomatic, left", 12, True)
    assert row.facts.endswith("mA · 12")
    assert site_rows(None) == ()


def test_an_unknown_site_is_called_unknown(document: Document) -> None:
    assert document.analysis is not None
    stimuli = document.analysis.stimuli
    n = len(stimuli)
    unknown = replace(
        stimuli, site=(None,) * n, side=(None,) * n, intensity_ma=stimuli.width_ms * nan
    )
    (row,) = site_rows(replace(document.analysis, stimuli=unknown))
    assert (row.name, row.is_known, row.facts) == ("Branch and side unknown", False, "12")
    assert "current not stated" in row.spoken


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        (Stage.READING, "after the analysis"),
        (Stage.FAILED, "was not analyzed"),
    ],
)
def test_a_missing_list_of_sites_says_why(stage: Stage, words: str) -> None:
    assert words in why_no_sites(Document(1, Path("a.edf"), stage))
    assert why_no_sites(None) == "No recording is open."


def test_a_recording_says_how_far_it_is(document: Document) -> None:
    assert recording_row(document, None, True).word == "present"
    reading = Document(2, Path("b.edf"), Stage.READING)
    assert recording_row(reading, 40, False).word == "reading 40 %"
    failed = replace(reading, stage=Stage.FAILED, fault="b.edf: no samples; export it again")
    row = recording_row(failed, None, False)
    assert (row.word, row.fault) == ("failed", "no samples; export it again")
    assert row.fault in row.tip
    unsaved = recording_row(replace(document, is_saved=False), None, True)
    assert unsaved.unsaved
    assert "not saved yet" in unsaved.spoken


def test_marks_are_searched_by_text_channel_and_time() -> None:
    on_channel = ("mark:b", Mark(5.0, 0.0, "Blink", "EMG L"), True)
    marks = (*NAMED, on_channel)

    def found(words: str, *, stimuli: bool = False) -> list[str]:
        return [m[0] for m in chosen_marks(marks, words, stimuli=stimuli)]

    assert found("") == ["file:1", "mark:a", "mark:b"]
    assert found("", stimuli=True) == ["file:0", "file:1", "mark:a", "mark:b"]
    assert found("DURA open") == ["file:1", "mark:a"]
    assert found("emg blink") == ["mark:b"]
    assert found("2:41") == ["file:1", "mark:a"]
    assert found("zyg") == []


def test_marks_know_where_they_come_from() -> None:
    assert [origin_of(m) for m in NAMED] == ["stimulus", "file", "person"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2:41.318", 161.318),
        ("161,318", 161.318),
        ("1:02:05", 3725.0),
        ("12 s", 12.0),
        ("-0:01.5", -1.5),
        ("−0:01.5", -1.5),
        ("1:75", None),
        ("1:2:3:4", None),
        ("soon", None),
        ("", None),
        ("nan", None),
        ("1:-5", None),
    ],
)
def test_times_are_read_as_people_write_them(text: str, seconds: float | None) -> None:
    assert parse_time(text) == seconds


@pytest.mark.parametrize("seconds", [0.0, 12.345, 161.318, 3725.001])
def test_a_time_that_is_shown_can_be_typed_again(seconds: float) -> None:
    assert parse_time(time_text(seconds)) == seconds


def test_one_cell_of_a_mark_is_changed() -> None:
    assert changed(MARK, TIME, "10").time_s == 10.0
    assert changed(MARK, DURATION, "2,5").duration_s == 2.5
    assert changed(MARK, TEXT, "Teflon").text == "Teflon"
    assert changed(MARK, CHANNEL, "EMG L").channel == "EMG L"
    assert changed(replace(MARK, channel="EMG L"), CHANNEL, "all").channel is None
    assert changed(MARK, TIME, "soon") is None
    assert changed(MARK, DURATION, "-1") is None
