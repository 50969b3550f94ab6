"""Events of a BIDS data set as marks and stimuli."""

from __future__ import annotations

import json
from math import isnan
from pathlib import Path

import pytest

from amr_viewer.analysis.stimuli import find_stimuli
from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.core.protocol import MarkerRule, Protocol
from amr_viewer.core.recording import Recording, StimulusLabel
from amr_viewer.io import read_recording
from tests.io.bids_trees import STEM, fields, make_tree, table


def with_events(tmp_path: Path, *rows: str, notes: tuple[tuple[str, str], ...] = ()) -> Path:
    file = make_tree(tmp_path, notes=notes)
    table(file.parent / f"{STEM}_events.tsv", *rows)
    return file


def labels(recording: Recording) -> list[StimulusLabel | None]:
    return [m.stimulus for m in recording.marks]


def times(recording: Recording) -> list[float]:
    return [m.time_s for m in recording.marks]


def warned(recording: Recording, words: str) -> bool:
    return any(words in line for line in recording.warnings)


def test_texts_are_read_as_annotations_are(tmp_path: Path) -> None:
    file = with_events(
        tmp_path, "onset|duration|trial_type",
        "2.5|n/a|Dural opening", "0.5|0.0002|Stim zygomatic left 8 mA", "1|3|n/a",
    )  # fmt: skip
    recording = read_recording(file)
    assert [m.text for m in recording.marks] == [
        "Stim zygomatic left 8 mA", "event", "Dural opening"
    ]  # fmt: skip
    stated = StimulusLabel(Branch.ZYGOMATIC, Side.LEFT, 8.0)
    assert labels(recording) == [stated, None, None]
    assert recording.marks[0].duration_s == 0.0002
    assert isnan(recording.marks[2].duration_s)


def test_levels_say_what_a_value_is(tmp_path: Path) -> None:
    file = with_events(tmp_path, "onset|duration|value", "0.5|0|1", "1|0|2", "2|0|7")
    fields(
        tmp_path / "task-blink_events.json",
        {
            "value": {
                "Levels": {
                    "1": "Stimulation of the left zygomatic branch",
                    "2": {"Description": "stimulus, mandibular branch, right", "TermURL": "x"},
                    "7": "Patient smiles",
                }
            }
        },
    )
    recording = read_recording(file)
    assert [m.text for m in recording.marks] == ["1", "2", "7"]
    assert labels(recording) == [
        StimulusLabel(Branch.ZYGOMATIC, Side.LEFT), StimulusLabel(Branch.MANDIBULAR, Side.RIGHT),
        None,
    ]  # fmt: skip
    rule = Protocol(markers={"1": MarkerRule(ignore=True), "7": MarkerRule(site=Branch.BUCCAL)})
    ruled = labels(read_recording(file, rule))
    assert (ruled[0], ruled[2]) == (None, StimulusLabel(Branch.BUCCAL))


def test_columns_say_more_of_a_stimulus(tmp_path: Path) -> None:
    file = with_events(
        tmp_path,
        "onset|duration|trial_type|site|side|intensity_ma|electrical_stimulation_pulsewidth",
        "0.5|0|stimulus|zygomatic|left|8.5|0.0002", "1|0|stimulus|n/a|n/a|n/a|n/a",
        "2|0|rest|zygomatic|left|8|n/a",
    )  # fmt: skip
    about = {"electrical_stimulation_pulsewidth": {"Units": "s"}}
    fields(file.parent / f"{STEM}_events.json", about)
    assert labels(read_recording(file)) == [
        StimulusLabel(Branch.ZYGOMATIC, Side.LEFT, 8.5, 0.2), StimulusLabel(), None
    ]  # fmt: skip


def test_a_current_without_a_unit_is_none(tmp_path: Path) -> None:
    head = "onset|duration|trial_type|electrical_stimulation_current"
    file = with_events(tmp_path, head, "0.5|0|stim|0.008")
    recording = read_recording(file)
    assert labels(recording) == [StimulusLabel()]
    assert warned(recording, "column electrical_stimulation_current has no unit")
    about = {"electrical_stimulation_current": {"Units": "A"}}
    fields(file.parent / f"{STEM}_events.json", about)
    assert labels(read_recording(file)) == [StimulusLabel(intensity_ma=8.0)]


def test_lines_without_a_time_are_left_out_and_told(tmp_path: Path) -> None:
    file = with_events(
        tmp_path, "onset|duration|trial_type|sample",
        "0.5|0|stim|500", "n/a|0|stim|1500", "n/a|0|stim|n/a", "2,5|0|stim|2500", "inf|0|stim|9",
        "3.0|0|stim|2000", "3.5|0|stim|3501",
    )  # fmt: skip
    recording = read_recording(file)
    assert times(recording) == [0.5, 1.5, 3.0, 3.5]
    assert warned(recording, "lines 4, 5, 6 have no onset in seconds and are left out")
    assert warned(recording, "line 7 has a sample that contradicts the onset")


def test_events_that_stand_in_the_recording_count_once(tmp_path: Path) -> None:
    notes = (("+0.5", "Stim zygomatic left 8 mA"), ("+1.0", "Stim"), ("+1.5", "Incision"))
    file = with_events(
        tmp_path, "onset|duration|trial_type|side",
        "0.5005|0|Stim zygomatic left 8 mA|n/a", "1.012|0|stimulus buccal|left",
        "1.5|0|incision|n/a", "2|0|stimulus buccal|right",
        notes=notes,
    )  # fmt: skip
    recording = read_recording(file)
    assert times(recording) == [0.5, 1.0, 1.5, 2.0]
    assert labels(recording) == [
        StimulusLabel(Branch.ZYGOMATIC, Side.LEFT, 8.0), StimulusLabel(Branch.BUCCAL, Side.LEFT),
        None, StimulusLabel(Branch.BUCCAL, Side.RIGHT),
    ]  # fmt: skip
    assert warned(recording, "3 of its 4 events stand in the recording too and count once")


def test_pulses_of_a_pair_stay_two(tmp_path: Path) -> None:
    notes = (("+1.0", "Stim"), ("+1.005", "Stim"))
    rows = ("1.0001|0|stim", "1.0051|0|stim")
    file = with_events(tmp_path, "onset|duration|trial_type", *rows, notes=notes)
    assert times(read_recording(file)) == [1.0, 1.005]
    single = with_events(
        tmp_path / "single", "onset|duration|trial_type", *rows, notes=notes[:1]
    )  # fmt: skip
    assert times(read_recording(single)) == [1.0, 1.0051]


def test_stimuli_that_are_named_differently_are_told(tmp_path: Path) -> None:
    notes = (("+1.0", "Stim zygomatic left"), ("+2.0", "Stim zygomatic left"))
    file = with_events(
        tmp_path, "onset|duration|trial_type", "1.0|0|Stim buccal left",
        "2.01|0|Stim buccal left", notes=notes,
    )  # fmt: skip
    recording = read_recording(file)
    assert times(recording) == [1.0, 2.0, 2.01]
    assert recording.marks[0].stimulus == StimulusLabel(Branch.BUCCAL, Side.LEFT)
    assert warned(recording, "1 stimuli have another site, side or current than in the recording")


def test_events_outside_the_recording_are_told(tmp_path: Path) -> None:
    file = with_events(tmp_path, "onset|duration|trial_type", "-1|0|stim", "500|0|stim")
    assert warned(read_recording(file), "2 of 2 events lie outside the recording")


def test_a_mark_belongs_to_a_channel_that_there_is(tmp_path: Path) -> None:
    head = "onset|duration|trial_type|channel"
    file = with_events(tmp_path, head, "1|0|burst|EMG2", "2|0|burst|EMG7", "3|0|burst|n/a")
    assert [m.channel for m in read_recording(file).marks] == ["EMG2", None, None]


@pytest.mark.parametrize("listed_too", [False, True])
def test_stimuli_of_a_table_are_those_of_annotations(
    tmp_path: Path, sample_signals: Path, listed_too: bool
) -> None:
    sample = sample_signals / "hfs_left_preop.edf"
    known = find_stimuli(read_recording(sample), Protocol())
    marks = read_recording(sample).marks
    file = tmp_path / "sub-01" / "emg" / f"{STEM}_emg.edf"
    file.parent.mkdir(parents=True)
    data = sample.read_bytes()
    if not listed_too:
        # Without the text of its annotations the same samples have no stimuli of their own.
        data = data.replace(b"\x14Stim", b"\x14Mark").replace(b"EDF+C", b"     ")
    file.write_bytes(data)
    fields(tmp_path / "dataset_description.json", {"Name": "x"})
    rows = [f"{m.time_s:.6f}|0|{m.text}" for m in marks]
    table(file.parent / f"{STEM}_events.tsv", "onset|duration|trial_type", *rows)
    found = find_stimuli(read_recording(file), Protocol())
    assert len(found) == len(known) == 80
    assert (found.site, found.side) == (known.site, known.side)
    assert json.dumps(found.time_s.round(5).tolist()) == json.dumps(known.time_s.round(5).tolist())
