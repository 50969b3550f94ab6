"""De-identified recordings: nothing of the patient is in the file, and nothing else is lost."""

from __future__ import annotations

from dataclasses import replace
from math import nan
from pathlib import Path

import edfio
import mne
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amr_viewer.core.findings import Verdict
from amr_viewer.core.recording import ChannelKind, Mark
from amr_viewer.core.stimuli import Stimuli
from amr_viewer.errors import AmrViewerError
from amr_viewer.io import read_recording
from amr_viewer.io.anonymize import Anonymity
from amr_viewer.io.edf_records import plan_records
from amr_viewer.workflow import analyze_file, export_edf
from tests.io.anonymous_builder import (
    TELLING,
    assert_same_signals,
    named,
    of,
    plain,
    texts_of,
    written,
)

RECORDINGS = Path(__file__).parents[3] / "shared" / "recordings"


# ---------------------------------------------------------------------- what goes, what stays


@pytest.mark.parametrize("suffix", [".edf", ".bdf"])
def test_nothing_that_names_anybody_is_in_the_file(tmp_path: Path, suffix: str) -> None:
    path, notes = written(named(), tmp_path / f"a{suffix}")
    texts = texts_of(path)
    assert [word for word in TELLING if word in texts] == []
    assert [word for word in TELLING if word in " ".join(notes).casefold()] == []
    assert texts[8:184].split() == [
        "x", "x", "x", "x", "startdate", "x", "x", "x", "x", "01.01.8500.00.00",
    ]  # fmt: skip
    again = read_recording(path)
    assert (again.patient, again.equipment) == ({}, None)


def test_a_code_stands_in_the_place_of_the_patient(tmp_path: Path) -> None:
    path, _ = written(named(), tmp_path / "a.edf", "HFS-07")
    assert read_recording(path).patient == {"id": "HFS-07"}
    assert texts_of(path)[8:88].split() == ["hfs-07", "x", "x", "x"]


def test_samples_times_stimuli_and_findings_are_those_of_the_open_export(tmp_path: Path) -> None:
    analysis = named()
    export_edf(analysis, tmp_path / "open.edf")
    notes = export_edf(analysis, tmp_path / "a.edf", anonymize=Anonymity())
    ours, theirs = read_recording(tmp_path / "a.edf"), read_recording(tmp_path / "open.edf")
    assert_same_signals(ours, theirs)
    kept = [m for m in theirs.marks if m.text.strip()]
    assert [m.time_s for m in ours.marks] == pytest.approx([m.time_s for m in kept], abs=1e-9)
    pairs = [(a.text, b.text) for a, b in zip(ours.marks, kept, strict=True) if a.text != b.text]
    assert {a for a, b in pairs if "Ivanova 1" not in b} == {"note"}
    assert all(a == b.replace("Ivanova 1", "L Orb oculi") for a, b in pairs if "Ivanova 1" in b)
    np.testing.assert_array_equal([m.duration_s for m in ours.marks], [m.duration_s for m in kept])
    assert [m.stimulus for m in ours.marks] == [m.stimulus for m in kept]
    assert sum(m.stimulus is not None for m in ours.marks) == 4
    judged = [f for f in analysis.findings if f.verdict is not Verdict.NOT_ASSESSABLE]
    assert sum(m.text.startswith("Finding: ") for m in ours.marks) == len(judged) > 0
    assert any("of 5 other annotations 2 are kept, 2 replaced by 'note' and 1" in n for n in notes)


def test_a_second_analysis_finds_the_same(tmp_path: Path) -> None:
    path, _ = written(named(), tmp_path / "a.edf")
    again = analyze_file(path, free_running=False)
    assert again.amr == plain().amr
    assert [(f.muscle, f.verdict) for f in again.findings] == [
        (f.muscle, f.verdict) for f in plain().findings
    ]


def test_mne_and_edfio_read_no_patient(tmp_path: Path) -> None:
    path, _ = written(named(), tmp_path / "a.edf")
    theirs = edfio.read_edf(path)
    assert (theirs.patient.code, theirs.patient.name, theirs.patient.sex) == ("X", "X", "X")
    with pytest.raises(edfio.AnonymizedDateError):
        _ = theirs.patient.birthdate
    with pytest.raises(edfio.AnonymizedDateError):
        _ = theirs.recording.startdate
    assert {theirs.recording.hospital_administration_code, theirs.recording.equipment_code,
            theirs.recording.investigator_technician_code} == {"X"}  # fmt: skip
    assert {s.transducer_type for s in theirs.signals} == {""}
    assert not [a.text for a in theirs.annotations if "Ivanova" in a.text]
    raw = mne.io.read_raw_edf(path, verbose="error")
    subject = raw.info["subject_info"] or {}
    assert not {"last_name", "birthday"} & {k for k, v in subject.items() if v not in {"X", ""}}
    assert raw.info["meas_date"].year == 1985
    assert len(raw.annotations) == len(read_recording(path).marks)


@pytest.mark.parametrize(
    "start", ["2024-03-04T09:00:01.250000", "2024-03-04T23:59:59.999999", None]
)
def test_a_start_within_a_second_moves_nothing(tmp_path: Path, start: str | None) -> None:
    path, _ = written(named(start=start), tmp_path / "a.edf")
    again = read_recording(path)
    stimuli = [m.time_s for m in again.marks if m.stimulus]
    assert stimuli == pytest.approx(plain().stimuli.time_s.tolist(), abs=1e-9)
    assert again.segments[0].start_s == 0.0


def test_gaps_stay(tmp_path: Path) -> None:
    analysis = named()
    whole = analysis.recording
    half = whole.segments[0].duration_s / 2
    half = round(half, 1)
    first = replace(whole.segments[0], duration_s=half)
    rest = whole.segments[0].duration_s - half
    second = replace(first, start_s=half + 0.5, duration_s=rest, stored_s=half)
    analysis = of(analysis, segments=(first, second))
    assert len(plan_records(analysis.recording, "").records) == 2
    path, _ = written(analysis, tmp_path / "a.edf")
    export_edf(analysis, tmp_path / "open.edf")
    again, theirs = read_recording(path), read_recording(tmp_path / "open.edf")
    assert again.format == "EDF+D"
    assert len(again.segments) == 2
    assert_same_signals(again, theirs)


def test_channels_other_than_emg_are_told_of(tmp_path: Path) -> None:
    recording = plain().recording
    sound = replace(recording.channels[-1], label="Mic", kind=ChannelKind.OTHER)
    analysis = of(plain(), channels=(*recording.channels[:-1], sound))
    _, notes = written(analysis, tmp_path / "a.edf")
    assert "channels other than EMG are kept: Mic" in notes
    assert any(n.startswith("channel Mic may hold speech") for n in notes)
    assert sum("signals are not altered" in n for n in notes) == 1


def test_equal_neutral_labels_are_told_apart(tmp_path: Path) -> None:
    recording = plain().recording
    channels = tuple(replace(c, label="Ivanova", muscle=None) for c in recording.channels)
    path, _ = written(of(plain(), channels=channels), tmp_path / "a.edf")
    labels = [c.label for c in read_recording(path).channels]
    assert len(set(labels)) == len(labels)
    assert labels[0] == "EMG L 1"
    twice = (replace(recording.channels[0], label="Ivanova"),) * 2
    path, _ = written(of(plain(), channels=(*twice, *recording.channels[2:])), tmp_path / "b.edf")
    again = read_recording(path).channels
    assert [c.label for c in again[:2]] == ["L Orb oculi", "L Orb oculi 2"]


def test_units_and_own_filter_settings_stay(tmp_path: Path) -> None:
    recording = plain().recording
    first, second, *others = recording.channels
    channels = (
        replace(first, filters="HP:20Hz LP:3kHz"),
        replace(second, unit="Sidorov", filters="by Sidorov"),
        *others,
    )
    path, notes = written(of(plain(), channels=channels), tmp_path / "a.edf")
    again = read_recording(path).channels
    assert [again[0].filters, again[1].filters, again[1].file_unit] == [
        "HP:20Hz LP:3kHz", None, None,
    ]  # fmt: skip
    assert sum("removed, not all of it is a known word: channel 2" in n for n in notes) == 2


# ---------------------------------------------------------------------- whoever the patient is

NAMES = st.one_of(
    st.sampled_from(
        ["Li", "Frontalis", "Mentalis", "Left", "Anna-Maria Frontalis", "Stim", "AMR", "Note",
         "Иванова Анна", "Левый", "李娜", "O'Neill", "Müller-Lüdenscheidt", "uV", "EDF", "Finding",
         "Startdate", "Annotations", "Ch", "EMG", "X", "Zygomatic Left", "Present"]
    ),
    st.text(st.characters(categories=("L",), max_codepoint=0x4FF), min_size=2, max_size=12),
    st.text(st.sampled_from("abcdлимен -'."), min_size=2, max_size=14),
)  # fmt: skip
NOBODY = {"none", "xx", "xxx", "na", "nn", "nil", "null", "anon", "unknown", "anonymous"}
"""Words that stand where a name is not known."""

NUMBERS = st.one_of(
    st.sampled_from(["8", "8.0", "0", "01", "1985", "32767", "10.4", "48/50", "256", "5000", "X"]),
    st.from_regex(r"[0-9]{1,8}", fullmatch=True),
)


@given(name=NAMES, number=NUMBERS)
@settings(max_examples=150, derandomize=True, deadline=None)
def test_the_file_does_not_depend_on_who_the_patient_is(
    tmp_path_factory: pytest.TempPathFactory, name: str, number: str
) -> None:
    """Names that are words of anatomy and numbers that are currents refuse and tell nothing."""
    folder = tmp_path_factory.mktemp("a")
    patient = {"name": name, "id": number, "birthdate": "1985-01-01", "sex": "F"}
    nobody, _ = written(plain(), folder / "nobody.edf")
    somebody = of(plain(), patient=patient, start="1985-01-01T00:00:00.5", equipment=name)
    path, _ = written(somebody, folder)
    assert path.read_bytes() == nobody.read_bytes()


@given(name=NAMES, number=NUMBERS)
@settings(max_examples=150, derandomize=True, deadline=None)
def test_a_remark_or_label_with_the_patient_in_it_goes(
    tmp_path_factory: pytest.TempPathFactory, name: str, number: str
) -> None:
    folder = tmp_path_factory.mktemp("a")
    recording = plain().recording
    first, *others = recording.channels
    marks = tuple(Mark(0.1 * k, nan, t) for k, t in enumerate(
        (f"{name}: decompression", name, f"Teflon {name.upper()}", "Teflon")
    ))  # fmt: skip
    analysis = of(
        plain(),
        patient={"name": name, "id": number},
        marks=marks,
        channels=(replace(first, label=f"{name} {number}"), *others),
    )
    path, _ = written(analysis, folder)
    again = read_recording(path)
    remarks = [m.text for m in again.marks if m.channel is None and not m.stimulus]
    remarks = [t for t in remarks if not t.startswith("Finding")]
    bare = name.strip(" -'.")
    if bare.isalpha() and len(bare) > 1 and bare.casefold() not in NOBODY:
        assert remarks.count("note") == 3
    digits = "".join(filter(str.isdigit, again.channels[0].label))
    assert len(number) < 3 or digits != number


# ---------------------------------------------------------------------- real headers

FLAVORS = (
    sorted(
        p
        for folder in ("formats/edf_bdf", "formats/same_recording", "formats/bids_emg")
        for p in (RECORDINGS / folder).rglob("*")
        if p.suffix.lower() in {".edf", ".bdf"} and p.stat().st_size < 1_600_000
    )
    if RECORDINGS.is_dir()
    else []
)
NO_STIMULI = Stimuli(np.empty(0), (), (), np.empty(0), np.empty(0), (), np.empty(0))


@pytest.mark.skipif(not FLAVORS, reason="the shared recordings are not here")
@pytest.mark.parametrize("source", FLAVORS, ids=lambda p: p.name)
def test_every_flavor_of_header_comes_out_empty(tmp_path: Path, source: Path) -> None:
    recording = read_recording(source)
    if not recording.channels or not recording.segments:
        pytest.skip("holds annotations only")
    analysis = replace(plain(), recording=recording, findings=(), stimuli=NO_STIMULI)
    try:
        export_edf(analysis, tmp_path / "open.bdf")
    except AmrViewerError as error:
        pytest.skip(f"cannot be written at all: {error}")
    path, _ = written(analysis, tmp_path / "a.bdf")
    texts = texts_of(path)
    assert texts[8:88].split() == ["x"] * 4
    assert texts[168:184] == "01.01.8500.00.00"
    again = read_recording(path)
    assert (again.patient, again.equipment) == ({}, None)
    assert_same_signals(again, read_recording(tmp_path / "open.bdf"))
    raw = source.read_bytes()[8:168].decode("latin-1").replace("_", " ").replace(",", " ").split()
    told = [w for w in raw if len(w) > 2 and w.isalpha() and w not in {"Startdate", "and"}]
    assert [w for w in told if w.casefold() in texts.replace("_", " ").split()] == []
