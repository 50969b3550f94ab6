"""Which files a recording is made of, and that a change of any of them is seen."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from amr_viewer.errors import ReadError
from amr_viewer.io.fingerprint import (
    companions,
    libraries,
    main_file,
    parts_sha256,
    recording_sha256,
    stamp,
)

SHARED = Path(__file__).parents[3] / "shared" / "recordings" / "formats" / "same_recording"
SAMPLES = Path(__file__).parents[2] / "sample_signals"


def brainvision(folder: Path) -> Path:
    header = folder / "a.vhdr"
    header.write_text(
        "Brain Vision Data Exchange Header File Version 1.0\n[Common Infos]\n"
        "DataFile=other.eeg\nMarkerFile = $b.vmrk\n"
    )
    for name in ("other.eeg", "a.vmrk", "b.eeg", "a.vhdr.amr.json", "a.txt"):
        (folder / name).write_text(name)
    return header


def test_parts_that_the_header_names(tmp_path: Path) -> None:
    names = [p.name for p in companions(brainvision(tmp_path))]
    assert names == ["a.vmrk", "other.eeg"]


@pytest.mark.parametrize("name", ["other.eeg", "a.vmrk"])
def test_a_change_of_a_part_is_seen(tmp_path: Path, name: str) -> None:
    header = brainvision(tmp_path)
    whole, before, at = recording_sha256(header), parts_sha256(header), stamp(header)
    (tmp_path / name).write_text("changed")
    assert recording_sha256(header) == whole
    assert parts_sha256(header) != before
    assert stamp(header) != at


def test_other_files_do_not_count(tmp_path: Path) -> None:
    header = brainvision(tmp_path)
    before = parts_sha256(header)
    for name in ("b.eeg", "a.vhdr.amr.json", "a.txt"):
        (tmp_path / name).write_text("changed")
    assert parts_sha256(header) == before


def test_parts_do_not_depend_on_the_place(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    header = brainvision(one)
    shutil.copytree(one, two)
    assert parts_sha256(header) == parts_sha256(two / "a.vhdr")


def test_a_folder_is_all_that_it_holds(tmp_path: Path) -> None:
    folder = tmp_path / "x.mff"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.bin").write_bytes(b"1")
    (folder / "sub" / "b.bin").write_bytes(b"2")
    before = recording_sha256(folder)
    (folder / "sub" / "b.bin").write_bytes(b"3")
    assert recording_sha256(folder) != before
    assert parts_sha256(folder) == ""


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"gone\.edf"):
        recording_sha256(tmp_path / "gone.edf")
    with pytest.raises(ReadError, match=r"gone\.edf"):
        parts_sha256(tmp_path / "gone.edf")


def test_samples_stand_alone() -> None:
    for path in SAMPLES.glob("*.edf"):
        assert companions(path) == ()


PARTS = {
    "hreflex_brainvision.vhdr": ["hreflex_brainvision.eeg", "hreflex_brainvision.vmrk"],
    "hreflex_brainvision.vmrk": ["hreflex_brainvision.eeg", "hreflex_brainvision.vmrk"],
    "hreflex_wfdb.hea": ["hreflex_wfdb.atr", "hreflex_wfdb.dat"],
    "hreflex_wfdb.dat": ["hreflex_wfdb.atr", "hreflex_wfdb.dat"],
    "emgdb_healthy_wfdb.hea": ["emgdb_healthy_wfdb.dat"],
    "hreflex_bdf_plain_trigger_channel.bdf": [],
    "hreflex_raw.fif": [],
    "mwave_84sweeps_wide.csv": [],
}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared recordings are not here")
@pytest.mark.parametrize("name", list(PARTS))
def test_parts_of_real_formats(name: str) -> None:
    assert [p.name for p in companions(SHARED / name)] == PARTS[name]


def test_a_recording_is_known_by_its_header(tmp_path: Path) -> None:
    header = brainvision(tmp_path)
    (tmp_path / "a.eeg").write_text("samples")
    for name in ("a.vhdr", "a.vmrk", "a.eeg"):
        assert main_file(tmp_path / name) == header
        assert parts_sha256(tmp_path / name) == parts_sha256(header)


def test_names_of_another_computer_and_of_old_encodings(tmp_path: Path) -> None:
    header = tmp_path / "a.vhdr"
    header.write_bytes(
        b"Brain Vision Data Exchange Header File Version 1.0\r\n[Common Infos]\r\n"
        b"datafile=C:\\data\\M\xfcller.eeg\r\nMarkerFile=/old/place/other.vmrk\r\n"
    )
    for name in ("M\u00fcller.eeg", "other.vmrk"):
        (tmp_path / name).write_text(name)
    assert [p.name for p in companions(header)] == ["M\u00fcller.eeg", "other.vmrk"]


def test_annotations_of_every_annotator_count(tmp_path: Path) -> None:
    header = tmp_path / "a.hea"
    header.write_text("a 1 1000 10\nsignals.dat 16 100/uV\n# comment\n")
    for name in ("a.atr", "a.stim", "a.xyz", "signals.dat"):
        (tmp_path / name).write_bytes(b"\0\0")
    assert [p.name for p in companions(header)] == ["a.atr", "a.stim", "signals.dat"]


FIF = b"\0\0\0\x64\0\0\0\x1f\0\0\0\x14\0\0\0\0"


@pytest.mark.parametrize(
    ("names", "pieces"),
    [
        (["a_raw.fif", "a_raw-1.fif", "a_raw-2.fif", "b_raw.fif"], ["a_raw-1.fif", "a_raw-2.fif"]),
        (
            [f"sub-01_split-0{n}_emg.fif" for n in (1, 2)] + ["sub-02_split-01_emg.fif"],
            ["sub-01_split-02_emg.fif"],
        ),
        (["patient-1.fif", "patient-2.fif", "patient.txt"], []),
    ],
)
def test_pieces_of_a_split_recording(tmp_path: Path, names: list[str], pieces: list[str]) -> None:
    for name in names:
        (tmp_path / name).write_bytes(FIF)
    assert [p.name for p in companions(tmp_path / names[0])] == pieces


def test_what_stands_beside_nihon_kohden(tmp_path: Path) -> None:
    for name in ("a.EEG", "a.21E", "a.PNT", "a.LOG", "b.LOG", "a.EEG.amr.json"):
        (tmp_path / name).write_bytes(b"EEG-1100A V01.00")
    assert [p.name for p in companions(tmp_path / "a.EEG")] == ["a.21E", "a.LOG", "a.PNT"]


def test_another_file_of_the_same_size_and_time_is_seen(tmp_path: Path) -> None:
    recording = shutil.copy(SAMPLES / "rest.edf", tmp_path / "a.edf")
    at = stamp(recording)
    other = shutil.copy2(recording, tmp_path / "b")
    other.replace(recording)
    assert stamp(recording) != at


def test_libraries_are_those_that_read_the_format(tmp_path: Path) -> None:
    known = libraries(SAMPLES / "rest.edf")
    assert [w.split()[0] for w in known.split(", ")] == ["mne", "numpy", "scipy"]
    header = tmp_path / "a.hea"
    header.write_text("a 1 1000 10\n")
    assert libraries(header).startswith(f"{known}, wfdb ")
