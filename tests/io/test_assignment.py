"""Meaning of channels and marks under a protocol, units and polarities."""

from __future__ import annotations

from dataclasses import replace
from math import nan
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from amr_viewer.core.anatomy import Branch, Muscle, Side
from amr_viewer.core.protocol import ChannelRule, MarkerRule, Protocol
from amr_viewer.core.recording import (
    Channel,
    ChannelKind,
    Mark,
    Recording,
    Segment,
    StimulusLabel,
)
from amr_viewer.io.assignment import assign
from amr_viewer.io.edf import read_edf


class Ramp:
    """A source whose samples are their own numbers."""

    def read(self, channel: int, start: int, stop: int) -> NDArray[np.float32]:
        return np.arange(start, stop, dtype=np.float32) + 100 * channel


def channel(label: str, unit: str | None = "uV", file_unit: str | None = None) -> Channel:
    return Channel(label, unit, 1e3, 50, file_unit=file_unit if file_unit else unit)


def recording(*channels: Channel, marks: tuple[str | Mark, ...] = ()) -> Recording:
    made = tuple(m if isinstance(m, Mark) else Mark(0.01 * i, nan, m) for i, m in enumerate(marks))
    return Recording(
        "a.edf", "a.edf", "EDF", channels, (Segment(0.0, 10.0, 0.0),), made, Ramp(), warnings=("w",)
    )


def test_channels_get_muscle_side_and_kind():
    made = assign(recording(channel("L OOc"), channel("TTL", "V"), channel("ECG")), Protocol())
    first = made.channels[0]
    assert (first.muscle, first.side, first.kind) == (
        Muscle.ORBICULARIS_OCULI,
        Side.LEFT,
        ChannelKind.EMG,
    )
    assert [c.kind.value for c in made.channels] == ["emg", "trigger", "other"]
    assert made.warnings == ("w",)


def test_a_unit_that_is_no_voltage_is_no_emg():
    made = assign(recording(channel("Ch 3", "degC"), channel("L Men", "L/s")), Protocol())
    assert [c.kind for c in made.channels] == [ChannelKind.OTHER, ChannelKind.OTHER]


def test_without_a_unit_nothing_is_assumed():
    blank = recording(channel("L Men", None), channel("Trigger", None))
    made = assign(blank, Protocol())
    assert [c.kind for c in made.channels] == [ChannelKind.OTHER, ChannelKind.TRIGGER]
    assert "L Men" in made.warnings[-1]
    assert "unit" in made.warnings[-1]
    stated = assign(blank, Protocol(channels={"l men": ChannelRule(unit="mV")}))
    assert (stated.channels[0].kind, stated.channels[0].unit) == (ChannelKind.EMG, "uV")
    np.testing.assert_array_equal(stated.source.read(0, 1, 3), [1000, 2000])
    np.testing.assert_array_equal(stated.source.read(1, 1, 3), [101, 102])
    assert stated.warnings == ("w",)


@pytest.mark.parametrize(
    ("file_unit", "unit", "factor"),
    [
        ("V", "uV", 1e-6),
        ("mV", "uV", 1e-3),
        ("uV", "mV", 1e3),
        ("mV", "V", 1e3),
        ("degC", "nV", 1e-3),
    ],
)
def test_the_protocol_corrects_a_unit(file_unit: str, unit: str, factor: float):
    delivered = "uV" if file_unit.endswith("V") else file_unit
    wrong = recording(channel("L Men", delivered, file_unit))
    made = assign(wrong, Protocol(channels={"*": ChannelRule.model_validate({"unit": unit})}))
    np.testing.assert_allclose(made.source.read(0, 1, 3), np.array([1.0, 2.0]) * factor)
    assert f"{file_unit} in the file and {unit}" in made.warnings[-1]
    assert made.channels[0].unit == "uV"


def test_a_unit_that_file_and_protocol_agree_on_changes_nothing():
    read = recording(channel("L Men", "uV", "µV"))
    made = assign(read, Protocol(channels={"*": ChannelRule(unit="uV")}))
    assert made.source is read.source
    assert made.warnings == ("w",)


def test_reversed_polarity_is_turned_once():
    rule = Protocol(channels={"L*": ChannelRule(negative_up=False, unit="mV")})
    once = assign(recording(channel("L Men", None), channel("R Men")), rule)
    twice = assign(once, rule)
    for made in (once, twice):
        np.testing.assert_array_equal(made.source.read(0, 1, 3), [-1000, -2000])
        np.testing.assert_array_equal(made.source.read(1, 1, 3), [101, 102])
        assert made.source.read(0, 1, 3).dtype == np.float32
    kept = assign(
        recording(channel("L Men")), Protocol(channels={"*": ChannelRule(negative_up=True)})
    )
    np.testing.assert_array_equal(kept.source.read(0, 1, 3), [1, 2])


def test_rules_override_labels_without_regard_to_case():
    rules = {
        "emg 1": ChannelRule(muscle=Muscle.MENTALIS, side=Side.LEFT),
        "R OOc [a]": ChannelRule(muscle="none", side="none"),
        "ecg*": ChannelRule(muscle=Muscle.FRONTALIS),
        "*": ChannelRule(kind=ChannelKind.OTHER),
    }
    labels = ("EMG 1", "r ooc [A]", "ECG2", "L Men")
    made = assign(recording(*map(channel, labels)), Protocol(channels=rules)).channels
    assert [(c.muscle, c.side, c.kind.value) for c in made] == [
        (Muscle.MENTALIS, Side.LEFT, "emg"),
        (None, None, "emg"),
        (Muscle.FRONTALIS, None, "emg"),
        (Muscle.MENTALIS, Side.LEFT, "other"),
    ]


def test_unknown_muscles_and_rules_without_a_channel_are_warned_of():
    labels = recording(channel("EMG1"), channel("Ch 3"), channel("L Men"))
    made = assign(labels, Protocol(channels={"EMG9": ChannelRule()}))
    assert any("EMG1, Ch 3 unknown" in w and "protocol" in w for w in made.warnings)
    assert any("EMG9" in w for w in made.warnings)
    quiet = assign(labels, Protocol(channels={"EMG1": ChannelRule(muscle="none")}))
    assert any("muscle of channel Ch 3 unknown" in w for w in quiet.warnings)


def test_what_a_reader_knew_of_a_channel_fills_what_the_label_does_not_say():
    known = replace(channel("EMG1"), muscle=Muscle.PLATYSMA, side=Side.RIGHT)
    made = assign(
        recording(known, replace(channel("Port 7"), kind=ChannelKind.TRIGGER)), Protocol()
    )
    assert (made.channels[0].muscle, made.channels[0].side) == (Muscle.PLATYSMA, Side.RIGHT)
    assert made.channels[1].kind is ChannelKind.TRIGGER


def test_the_protocol_names_the_trigger_channel():
    made = assign(recording(channel("DC01", "V"), channel("L Men")), Protocol(trigger="dc0?"))
    assert made.channels[0].kind is ChannelKind.TRIGGER


def test_channels_are_understood_together():
    made = assign(recording(channel("OOL"), channel("OOR")), Protocol())
    assert {c.muscle for c in made.channels} == {Muscle.ORBICULARIS_OCULI}


def stimuli(protocol: Protocol, *marks: str | Mark) -> list[StimulusLabel | None]:
    return [m.stimulus for m in assign(recording(marks=marks), protocol).marks]


def test_marks_become_stimuli():
    zyg, remark = stimuli(Protocol(), "ZYG L 8.0mA 0.2ms", "Dural opening")
    assert zyg == StimulusLabel(Branch.ZYGOMATIC, Side.LEFT, 8.0, 0.2)
    assert remark is None


def test_what_a_reader_knew_of_a_mark_stays_and_is_filled_from_its_text():
    known = Mark(0.0, nan, "man left 3 mA", stimulus=StimulusLabel(site=Branch.ZYGOMATIC))
    pulse = Mark(0.1, nan, "", stimulus=StimulusLabel())
    assert stimuli(Protocol(), known, pulse) == [
        StimulusLabel(Branch.ZYGOMATIC, Side.LEFT, 3.0),
        StimulusLabel(),
    ]


def test_marker_rules():
    rules = Protocol(
        markers={
            "hreflex*": MarkerRule(),
            "stim a*": MarkerRule(site=Branch.BUCCAL, intensity_ma=5.0),
            "stim*": MarkerRule(ignore=True),
        }
    )
    known = Mark(9.0, nan, "stim x", stimulus=StimulusLabel())
    assert stimuli(rules, "Hreflex 8 mA", "Stim A 9 mA", "stim B", known, "Magnet", "zyg") == [
        StimulusLabel(intensity_ma=8.0),
        StimulusLabel(site=Branch.BUCCAL, intensity_ma=5.0),
        None,
        None,
        None,
        StimulusLabel(site=Branch.ZYGOMATIC),
    ]


def test_the_protocol_fills_branch_and_side_that_no_marker_states():
    protocol = Protocol(site=Branch.MANDIBULAR, side=Side.RIGHT)
    assert stimuli(protocol, "stim", "ZYG L", "incision") == [
        StimulusLabel(Branch.MANDIBULAR, Side.RIGHT),
        StimulusLabel(Branch.ZYGOMATIC, Side.LEFT),
        None,
    ]


def warnings_of(protocol: Protocol, *marks: str) -> str:
    return "\n".join(assign(recording(marks=marks), protocol).warnings)


def test_markers_that_may_be_stimuli_are_warned_of():
    many = ("Hreflex",) * 20 + tuple(f"Magnet {i}" for i in range(10)) + ("Teflon",) * 8
    said = warnings_of(Protocol(), *many, *("comment",) * 4)
    assert '"Hreflex" (20), "Magnet" (10) not understood' in said
    assert "[markers" in said
    assert "Teflon" not in said
    assert "comment" not in said
    ruled = {"Hreflex": MarkerRule(site=Branch.TRUNK), "Mag*": MarkerRule(ignore=True)}
    assert warnings_of(Protocol(markers=ruled), *many) == "w"


def test_stimuli_without_a_branch_and_branches_taken_from_muscles_are_warned_of():
    said = warnings_of(Protocol(), "Stim 1", "Stim 2", "stim OOc 8 mA")
    assert 'stimuli marked "Stim" (2) name no branch' in said
    assert '"stim OOc" name a muscle: the branch is taken as zygomatic' in said
    assert warnings_of(Protocol(site=Branch.ZYGOMATIC), "Stim 1") == "w"
    rule = {"stim ooc*": MarkerRule(site=Branch.TEMPORAL)}
    assert warnings_of(Protocol(markers=rule), "stim OOc 8 mA") == "w"


def test_assigning_twice_is_assigning_once():
    protocol = Protocol(
        channels={
            "EMG1": ChannelRule(unit="mV", negative_up=False),
            "EMG2": ChannelRule(muscle="none", side="none"),
            "gone": ChannelRule(),
        },
        markers={"H*": MarkerRule(side=Side.LEFT), "S*": MarkerRule(ignore=True)},
        side=Side.RIGHT,
    )
    read = recording(
        channel("EMG1", "uV", "V"),
        channel("EMG2"),
        channel("R Men", None),
        marks=("H", "S1", "stim OOc", "man 5 mA", *["what"] * 6),
    )
    once = assign(read, protocol)
    twice = assign(once, protocol)
    assert twice.channels == once.channels
    assert twice.marks == once.marks
    assert twice.warnings == once.warnings
    np.testing.assert_array_equal(twice.source.read(0, 3, 7), once.source.read(0, 3, 7))


def test_nothing_else_changes():
    read = recording(channel("L Men"), marks=("zyg",))
    made = assign(read, Protocol())
    for name in ("name", "path", "format", "segments", "start", "patient", "size_bytes"):
        assert getattr(made, name) is getattr(read, name)
    assert read.channels[0].muscle is None
    assert read.marks[0].stimulus is None


def test_a_real_recording_says_what_it_needs(shared_recordings: Path):
    path = shared_recordings / "formats/same_recording/hreflex_edfplusC_annotations.edf"
    read = read_edf(path)
    made = assign(read, Protocol())
    assert not any(m.stimulus for m in made.marks)
    assert any('"Hreflex" (20), "Magnet" (10)' in w for w in made.warnings)
    assert any("Soleus, FDI unknown" in w for w in made.warnings)
    ruled = assign(read, Protocol(markers={"hreflex": MarkerRule()}))
    assert sum(m.stimulus is not None for m in ruled.marks) == 20
