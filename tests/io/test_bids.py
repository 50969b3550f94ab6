"""Recordings in BIDS data sets: which files count, what they say, and what they cannot say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from amr_viewer.core.anatomy import Muscle, Side
from amr_viewer.core.protocol import ChannelRule, Protocol
from amr_viewer.core.recording import ChannelKind, Recording
from amr_viewer.io import read_recording
from amr_viewer.io.assignment import assign
from amr_viewer.io.assignment_guess import Sureness, guess_channels, unknowns
from amr_viewer.io.bids import companions
from amr_viewer.io.bids_tree import find_sidecars
from amr_viewer.io.fingerprint import parts_sha256
from tests.io.bids_trees import STEM, fields, make_tree, table

HEAD = "name|type|units|target_muscle"


def muscles(recording: Recording) -> list[tuple[Muscle | None, Side | None]]:
    return [(c.muscle, c.side) for c in recording.channels]


def warned(recording: Recording, *words: str) -> bool:
    return any(all(w in line for w in words) for line in recording.warnings)


def test_muscle_side_and_kind_come_from_the_table(tmp_path: Path) -> None:
    file = make_tree(tmp_path, ["A", "B", "C", "D"])
    table(
        file.parent / f"{STEM}_channels.tsv", HEAD,
        "A|EMG|uV|left orbicularis oculi", "B|EMG|uV|Mentalis (R)",
        "C|TRIG|V|n/a", "D|ECG|uV|n/a",
    )  # fmt: skip
    recording = read_recording(file)
    assert muscles(recording)[:2] == [
        (Muscle.ORBICULARIS_OCULI, Side.LEFT), (Muscle.MENTALIS, Side.RIGHT)
    ]  # fmt: skip
    kinds = [c.kind for c in recording.channels]
    assert kinds == [ChannelKind.EMG, ChannelKind.EMG, ChannelKind.TRIGGER, ChannelKind.OTHER]
    assert warned(recording, "read with the BIDS files", f"{STEM}_channels.tsv")


def test_table_beats_label_and_protocol_beats_table(tmp_path: Path) -> None:
    file = make_tree(tmp_path, ["EMG L Mentalis", "EMG R Mentalis"])
    table(
        file.parent / f"{STEM}_channels.tsv", HEAD,
        "EMG L Mentalis|EMG|uV|right platysma", "EMG R Mentalis|EMG|uV|tongue",
    )  # fmt: skip
    recording = read_recording(file)
    assert muscles(recording) == [(Muscle.PLATYSMA, Side.RIGHT), (None, Side.RIGHT)]
    assert warned(recording, "its muscle is mentalis by its label and platysma in the table")
    assert warned(recording, "its side is left by its label and right in the table")
    assert not warned(recording, "unknown: responses there")
    rule = Protocol(channels={"*": ChannelRule(muscle=Muscle.MASSETER, side=Side.LEFT)})
    assert muscles(read_recording(file, rule)) == [(Muscle.MASSETER, Side.LEFT)] * 2


def test_assigning_again_changes_nothing(tmp_path: Path) -> None:
    file = make_tree(tmp_path, ["EMG L Mentalis", "B"], units=["uV", ""])
    table(
        file.parent / f"{STEM}_channels.tsv", f"{HEAD}|status",
        "EMG L Mentalis|EMG|uV|platysma|good", "B|EMG|mV|mentalis|bad",
    )  # fmt: skip
    once = read_recording(file)
    twice = assign(once, Protocol())
    assert twice.channels == once.channels
    np.testing.assert_array_equal(twice.source.read(1, 0, 9), once.source.read(1, 0, 9))


def test_a_bad_channel_is_left_out_until_the_protocol_takes_it(tmp_path: Path) -> None:
    file = make_tree(tmp_path)
    table(
        file.parent / f"{STEM}_channels.tsv", f"{HEAD}|status|status_description",
        "EMG1|EMG|uV|mentalis|bad|loose contact", "EMG2|EMG|uV|platysma|good|n/a",
    )  # fmt: skip
    recording = read_recording(file)
    assert [c.kind for c in recording.channels] == [ChannelKind.OTHER, ChannelKind.EMG]
    assert warned(recording, "EMG1", "marked bad (loose contact)", 'kind = "emg"')
    named = Protocol(channels={"EMG1": ChannelRule(muscle=Muscle.MENTALIS)})
    assert read_recording(file, named).channels[0].kind is ChannelKind.OTHER
    taken = Protocol(channels={"EMG1": ChannelRule(kind=ChannelKind.EMG)})
    channel = read_recording(file, taken).channels[0]
    assert (channel.kind, channel.muscle) == (ChannelKind.EMG, Muscle.MENTALIS)


def test_the_unit_of_the_recording_counts(tmp_path: Path) -> None:
    file = make_tree(tmp_path, ["A", "B"], units=["mV", "uV"])
    plain = read_recording(file).source.read(0, 0, 5)
    table(file.parent / f"{STEM}_channels.tsv", HEAD, "A|EMG|V|n/a", "B|EMG|µV|n/a")
    recording = read_recording(file)
    np.testing.assert_array_equal(recording.source.read(0, 0, 5), plain)
    assert warned(recording, "channel A: its unit is mV in the recording and V in the table")
    assert not warned(recording, "channel B: its unit")


def test_a_missing_unit_is_taken_once_and_the_protocol_can_correct_it(tmp_path: Path) -> None:
    file = make_tree(tmp_path, ["A"], units=[""])
    stored = read_recording(file).source.read(0, 0, 5)
    assert read_recording(file).channels[0].unit is None
    table(file.parent / f"{STEM}_channels.tsv", HEAD, "A|EMG|mV|mentalis")
    recording = read_recording(file)
    assert (recording.channels[0].unit, recording.channels[0].kind) == ("uV", ChannelKind.EMG)
    np.testing.assert_allclose(recording.source.read(0, 0, 5), 1e3 * stored)
    rule = Protocol(channels={"A": ChannelRule(unit="uV")})
    np.testing.assert_allclose(read_recording(file, rule).source.read(0, 0, 5), stored, rtol=1e-6)


@pytest.mark.parametrize(
    ("text", "muscle"),
    [
        ("levator angulis oris, zygomaticus major", Muscle.ZYGOMATICUS),
        ("tongue, anterior belly of the digastric", None),
        ("orbicularis oris, mentalis", None),
        ("left and right orbicularis oris", Muscle.ORBICULARIS_ORIS),
        ("Flexor carpi radialis, Pronator teres, Brachioradialis", None),
        ("forearm muscles", None),
        ("obicularis oris", Muscle.ORBICULARIS_ORIS),
    ],
)
def test_of_several_muscles(tmp_path: Path, text: str, muscle: Muscle | None) -> None:
    file = make_tree(tmp_path, ["A"])
    table(file.parent / f"{STEM}_channels.tsv", HEAD, f"A|EMG|uV|{text}")
    recording = read_recording(file)
    assert muscles(recording) == [(muscle, None)]
    assert warned(recording, "zygomaticus is taken") == (muscle is Muscle.ZYGOMATICUS)
    assert not warned(recording, "unknown: responses there")


def test_a_muscle_that_is_not_understood_leaves_the_label(tmp_path: Path) -> None:
    file = make_tree(tmp_path, ["EMG L Mentalis"])
    table(file.parent / f"{STEM}_channels.tsv", HEAD, "EMG L Mentalis|EMG|uV|site 4")
    recording = read_recording(file)
    assert muscles(recording) == [(Muscle.MENTALIS, Side.LEFT)]
    assert warned(recording, 'its muscle "site 4" is not understood')


def test_sides_of_sentences_groups_and_electrodes(tmp_path: Path) -> None:
    file = make_tree(tmp_path, ["A", "B", "C", "D"])
    table(
        file.parent / f"{STEM}_channels.tsv",
        "name|type|units|target_muscle|placement|group|signal_electrode",
        "A|EMG|uV|mentalis|2 cm right of the midline|n/a|E1", "B|EMG|uV|mentalis|n/a|left|E1",
        "C|EMG|uV|mentalis|see ref. 5, re Fridlund|n/a|E2", "D|EMG|uV|mentalis|n/a|n/a|E3",
    )  # fmt: skip
    table(
        file.parent / f"{STEM}_electrodes.tsv", "name|x|y|group",
        "E1|0|0|left", "E2|0|0|right", "E3|0|0|left", "E3|0|0|right",
    )  # fmt: skip
    sides = [c.side for c in read_recording(file).channels]
    assert sides == [Side.RIGHT, Side.LEFT, Side.RIGHT, None]


def test_rates_durations_and_counts_that_contradict_are_told(tmp_path: Path) -> None:
    file = make_tree(tmp_path)
    table(
        file.parent / f"{STEM}_channels.tsv", f"{HEAD}|sampling_frequency",
        "EMG1|EMG|uV|mentalis|2000", "EMG2|EMG|uV|mentalis|1000",
    )  # fmt: skip
    fields(
        file.parent / f"{STEM}_emg.json",
        {"SamplingFrequency": 2000, "RecordingDuration": 10, "EMGChannelCount": 6},
    )
    recording = read_recording(file)
    assert [c.sampling_hz for c in recording.channels] == [1000, 1000]
    assert warned(recording, "EMG1: its sampling rate is 1000 Hz in the recording and 2000 Hz")
    assert warned(recording, "SamplingFrequency is 2000 Hz and the recording has 1000 Hz")
    assert warned(recording, "RecordingDuration is 10 s and the recording lasts 4 s")
    assert warned(recording, "EMGChannelCount is 6", "describes 2")


def test_devices_filters_and_reference_are_facts(tmp_path: Path) -> None:
    file = make_tree(tmp_path, ["A"])
    table(
        file.parent / f"{STEM}_channels.tsv", "name|type|units|low_cutoff|high_cutoff|notch",
        "A|EMG|uV|20|450|[50, 100]",
    )  # fmt: skip
    fields(
        file.parent / f"{STEM}_emg.json",
        {
            "Manufacturer": "Delsys", "ManufacturersModelName": "Trigno", "EMGReference": "mastoid",
            "EMGGround": "n/a", "PowerLineFrequency": 50, "DeviceSerialNumber": "SN-77",
            "InstitutionName": "Clinic", "SoftwareFilters": "n/a",
            "HardwareFilters": {"Highpass": {"Half amplitude cutoff (Hz)": 20}},
        },
    )  # fmt: skip
    recording = read_recording(file)
    assert recording.equipment == (
        "Delsys Trigno; reference: mastoid; hardware filters: Highpass Half amplitude cutoff (Hz) "
        "20; power line: 50 Hz"
    )
    assert recording.channels[0].filters == "HP:20Hz LP:450Hz N:50,100Hz"


def test_channels_that_only_one_side_knows_are_told(tmp_path: Path) -> None:
    file = make_tree(tmp_path, ["EMG1", "EMG2", "EMG2"])
    table(
        file.parent / f"{STEM}_channels.tsv", HEAD,
        "emg1|EMG|uV|mentalis", "EMG2|EMG|uV|platysma", "EMG9|EMG|uV|frontalis",
    )  # fmt: skip
    recording = read_recording(file)
    assert [c.muscle for c in recording.channels] == [Muscle.MENTALIS, None, None]
    assert warned(recording, "describes no channel EMG2 of the recording")
    assert warned(recording, "the recording has no channel EMG2, EMG9")


def test_names_decide_and_not_places(tmp_path: Path) -> None:
    long = "EMG left mentalis muscle"
    file = make_tree(tmp_path, ["EMG1", "emg1", "Emg2", "eMG2", long[:16], "X", "X"])
    table(
        file.parent / f"{STEM}_channels.tsv", HEAD,
        f"{long}|EMG|uV|mentalis", "EMG2|EMG|uV|platysma", "EMG1|EMG|uV|frontalis",
        "X|EMG|uV|nasalis", "X|EMG|uV|masseter",
    )  # fmt: skip
    assert [c.muscle for c in read_recording(file).channels] == [
        Muscle.FRONTALIS, None, None, None, Muscle.MENTALIS, Muscle.NASALIS, Muscle.MASSETER
    ]  # fmt: skip


def test_the_nearest_table_counts_and_texts_are_joined(tmp_path: Path) -> None:
    file = make_tree(tmp_path, ["A"])
    table(tmp_path / "task-blink_channels.tsv", HEAD, "A|EMG|uV|frontalis")
    table(tmp_path / "sub-01" / "sub-01_channels.tsv", HEAD, "A|EMG|uV|mentalis")
    table(file.parent / "sub-02_task-blink_channels.tsv", HEAD, "A|EMG|uV|platysma")
    table(file.parent / "sub-01_task-blink_run-2_channels.tsv", HEAD, "A|EMG|uV|platysma")
    fields(tmp_path / "emg.json", {"Manufacturer": "Old", "ManufacturersModelName": "X"})
    fields(file.parent / f"{STEM}_emg.json", {"Manufacturer": "New"})
    recording = read_recording(file)
    assert recording.channels[0].muscle is Muscle.MENTALIS
    assert recording.equipment == "New X"


def test_tables_that_are_equally_near_are_not_used(tmp_path: Path) -> None:
    file = make_tree(tmp_path, ["A"], stem="sub-01_task-blink_run-1")
    table(file.parent / "sub-01_task-blink_channels.tsv", HEAD, "A|EMG|uV|mentalis")
    table(file.parent / "sub-01_run-1_channels.tsv", HEAD, "A|EMG|uV|platysma")
    recording = read_recording(file)
    assert recording.channels[0].muscle is None
    assert warned(recording, "describe the recording alike: none of them is used")
    assert len(companions(file)) == 2


def test_outside_a_data_set_nothing_is_taken(tmp_path: Path) -> None:
    file = make_tree(tmp_path, ["A"])
    table(file.parent / f"{STEM}_channels.tsv", HEAD, "A|EMG|uV|mentalis")
    (tmp_path / "dataset_description.json").unlink()
    assert read_recording(file).channels[0].muscle is None
    assert companions(file) == ()
    other = file.rename(file.with_name("patient.edf"))
    fields(tmp_path / "dataset_description.json", {"Name": "x"})
    assert find_sidecars(other) is None


def test_companions_are_what_the_reading_depends_on(tmp_path: Path) -> None:
    file = make_tree(tmp_path)
    table(tmp_path / "participants.tsv", "participant_id|age", "sub-01|44")
    table(file.parent / f"{STEM}_channels.tsv", HEAD, "EMG1|EMG|uV|mentalis")
    table(file.parent / f"{STEM}_events.tsv", "onset|duration", "1|0")
    fields(tmp_path / "task-blink_events.json", {})
    fields(tmp_path / "emg.json", {"Manufacturer": "x"})
    names = [p.name for p in companions(file)]
    assert sorted(names) == [
        "emg.json", f"{STEM}_channels.tsv", f"{STEM}_events.tsv", "task-blink_events.json"
    ]  # fmt: skip
    assert all(p.is_absolute() for p in companions(file))


def test_a_changed_sidecar_is_another_recording(tmp_path: Path) -> None:
    file = make_tree(tmp_path)
    path = file.parent / f"{STEM}_channels.tsv"
    table(path, HEAD, "EMG1|EMG|uV|mentalis")
    before = parts_sha256(file)
    table(path, HEAD, "EMG1|EMG|uV|platysma")
    after = parts_sha256(file)
    fields(tmp_path / "participants.json", {})
    assert before != after == parts_sha256(file)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("channels.tsv", b"", "is empty"),
        ("channels.tsv", b"name\ttype\nEMG1\tEMG\tuV\n", "line 2 has not as many cells"),
        ("channels.tsv", b"label,type\nEMG1,EMG\n", "has no column name"),
        ("channels.tsv", b"name\ttype\tname\nEMG1\tEMG\tx\n", "column name stands there twice"),
        ("channels.tsv", b"\xff\xfe\x00n\x00a", "is no text in UTF-8"),
        ("events.tsv", b"time\ttype\n1\tx\n", "has no column onset"),
        ("emg.json", b'{"Manufacturer": "x"', "is no JSON object"),
        ("emg.json", b"[1, 2]", "is no JSON object"),
        ("emg.json", b"[" * 100_000, "is no JSON object"),
        ("channels.tsv", b"name\ttype\nEMG1\tQQQ\nEMG2\tEMG\n", "its type QQQ is unknown"),
    ],
)  # fmt: skip
def test_damage_is_one_line_and_the_recording_is_read(
    tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    file = make_tree(tmp_path)
    plain = read_recording(file)
    (file.parent / f"{STEM}_{name}").write_bytes(data)
    recording = read_recording(file)
    assert sum(words in line for line in recording.warnings) == 1
    assert [c.unit for c in recording.channels] == ["uV", "uV"]
    np.testing.assert_array_equal(recording.source.read(1, 0, 50), plain.source.read(1, 0, 50))


def test_json_of_odd_values_says_nothing_wrong(tmp_path: Path) -> None:
    file = make_tree(tmp_path)
    odd = {"Manufacturer": {"a": 1}, "PowerLineFrequency": True, "SamplingFrequency": "fast"}
    fields(
        file.parent / f"{STEM}_emg.json", odd | {"RecordingDuration": 10**400, "EMGReference": []}
    )
    assert read_recording(file).equipment is None


def test_what_a_table_states_is_no_guess(tmp_path: Path) -> None:
    file = make_tree(tmp_path, ["A", "B"])
    table(file.parent / f"{STEM}_channels.tsv", HEAD, "A|EMG|uV|mentalis", "B|EMG|uV|tongue")
    recording = read_recording(file)
    guesses = guess_channels(recording, Protocol())
    assert [g.sureness for g in guesses] == [Sureness.STATED] * 2
    assert unknowns(recording) == ""


def test_shared_trees(shared_recordings: Path) -> None:
    trees = shared_recordings / "formats" / "bids_emg"
    if not trees.is_dir():
        pytest.skip("no BIDS trees beside the project")
    files = {p.parents[2].name: p for p in sorted(trees.glob("*/sub-01/emg/*_emg.edf"))}
    read = {name: read_recording(file) for name, file in files.items()}
    face = read["emg_CustomBipolarFace"]
    assert [c.muscle for c in face.channels] == [
        None, Muscle.ZYGOMATICUS, Muscle.ZYGOMATICUS, Muscle.PLATYSMA, Muscle.ORBICULARIS_ORIS, None
    ]  # fmt: skip
    assert [m.text for m in face.marks] == ["foo"]
    assert all(m.stimulus is None for m in face.marks)
    sides = [c.side for c in read["emg_TwoWristbands"].channels]
    assert sides == [Side.LEFT] * 16 + [Side.RIGHT] * 16
    for name, recording in read.items():
        assert {c.unit for c in recording.channels} == {"uV"}, name
        assert {c.kind for c in recording.channels} == {ChannelKind.EMG}, name
        assert warned(recording, "its unit is uV in the recording and V in the table"), name
        assert np.abs(recording.source.read(0, 0, 500)).max() < 2
        assert "power line: 60 Hz" in (recording.equipment or "")
        assert not warned(recording, "unknown: responses there"), name
    assert warned(read["emg_MultiBodyParts"], "RecordingDuration is 1 s", "lasts 0.5 s")
