"""What in a tree of folders is a recording, and what is left out and why."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from amr_viewer.batch.discovery import Found, discover
from amr_viewer.batch.faults import BatchError
from amr_viewer.errors import Cancelled

Folder = Callable[..., Path]
SAMPLES = "time_s,L Mentalis (uV),R Mentalis (uV)\n" + "".join(
    f"{i / 1000:.3f},{i % 7},{i % 5}\n" for i in range(200)
)


def found_in(folder: Path) -> Found:
    return discover(folder, folder.parent / "results")


def names(folder: Path) -> list[str]:
    return [r.name for r in found_in(folder).recordings]


def test_the_whole_tree_in_order_of_names(folder: Folder) -> None:
    place = folder("b.edf", "a/z.edf", "a.edf", "c/d/e.EDF", "noext")
    assert names(place) == ["a.edf", "a/z.edf", "b.edf", "c/d/e.EDF", "noext"]


@pytest.mark.parametrize(
    "name",
    [
        "new\nline.edf",
        "-rf.edf",
        "--out",
        "a" * 251 + ".edf",
        os.fsdecode(b"\xff\xfe.edf"),
        "summary.csv",
        "=1+1.edf",
        "\x1b[31m.edf",
        "x.edf.partial-12345678",
    ],
)
def test_odd_names_are_recordings_like_others(folder: Folder, name: str) -> None:
    assert names(folder(name)) == [name]


def test_a_damaged_recording_counts_by_its_name(folder: Folder) -> None:
    place = folder("good.edf")
    (place / "empty.edf").write_bytes(b"")
    (place / "zero.bdf").write_bytes(bytes(300))
    assert names(place) == ["empty.edf", "good.edf", "zero.bdf"]


def test_text_counts_if_it_holds_samples(folder: Folder) -> None:
    place = folder("a.edf")
    (place / "samples.csv").write_text(SAMPLES)
    (place / "notes.txt").write_text("Patient well.\nNothing to report.\n")
    (place / "marks.csv").write_text("time_s,duration_s,channel,text\n1.0,2.0,,bone\n2.0,1.0,,x\n")
    (place / "participants.tsv").write_text("participant_id\tage\nsub-01\t50\nsub-02\t60\n")
    (place / "sub-01_task-x_events.tsv").write_text("onset\tduration\tvalue\n1\t0\t3\n2\t0\t3\n")
    (place / "a.edf.amr.json").write_text('{"schema_version": 1}')
    (place / "a.truth.json").write_text("{}")
    (place / "lab.protocol.toml").write_text('name = "lab"\n')
    (place / "README.md").write_text("# Read me\n")
    (place / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    found = found_in(place)
    assert [r.name for r in found.recordings] == ["a.edf", "samples.csv"]
    assert len(found.left_out) == 9
    assert all(left_out.reason for left_out in found.left_out)
    assert not found.faults


def test_a_large_table_of_numbers_without_times_is_a_recording_that_fails(folder: Folder) -> None:
    place = folder("a.edf")
    (place / "large.csv").write_text("left,right\n" + "1,2\n" * 20_000)
    (place / "small.csv").write_text("left,right\n" + "1,2\n" * 20)
    assert names(place) == ["a.edf", "large.csv"]


def test_parts_belong_to_their_recording(tmp_path: Path) -> None:
    for name in ("x.vhdr", "x.VMRK", "x.eeg", "alone.vmrk", "y.hea", "y.dat", "y.atr"):
        (tmp_path / name).write_bytes(b"Brain Vision Data Exchange Marker File\n\0\0")
    (tmp_path / "z_raw.fif").write_bytes(b"\0\0\0\x64\0\0\0\x1f")
    (tmp_path / "z_raw-1.fif").write_bytes(b"\0\0\0\x64\0\0\0\x1f")
    (tmp_path / "egi.mff").mkdir()
    (tmp_path / "egi.mff" / "signal1.edf").write_bytes(b"x")
    found = discover(tmp_path, tmp_path / "out")
    assert [r.name for r in found.recordings] == ["egi.mff", "x.vhdr", "y.hea", "z_raw.fif"]
    assert [left_out.name for left_out in found.left_out] == ["alone.vmrk"]


def test_parts_that_a_header_names_otherwise(tmp_path: Path) -> None:
    (tmp_path / "x.vhdr").write_bytes(
        b"Brain Vision Data Exchange Header File Version 1.0\n[Common Infos]\nDataFile=other.eeg\n"
    )
    for name in ("other.eeg", "stray.eeg"):
        (tmp_path / name).write_bytes(b"\0\1\2\3" * 100)
    found = discover(tmp_path, tmp_path / "out")
    assert [r.name for r in found.recordings] == ["stray.eeg", "x.vhdr"]
    assert [(f.name, f.reason) for f in found.left_out] == [("other.eeg", "is part of x.vhdr")]


def test_results_and_hidden_files_are_left_out(folder: Folder) -> None:
    place = folder("a.edf", ".hidden.edf", ".git/b.edf", "out/c.edf", "old/a.edf/d.edf")
    for name in ("analysis.json", "findings.csv"):
        (place / "old" / "a.edf" / name).write_text("")
    found = discover(place, place / "out")
    assert [r.name for r in found.recordings] == ["a.edf"]
    assert [left_out.name for left_out in found.left_out] == ["old/a.edf"]


def test_a_file_is_taken_once_and_under_its_own_name(folder: Folder, tmp_path: Path) -> None:
    place = folder("z.edf", "q/own.edf")
    (place / "a_link.edf").symlink_to(place / "z.edf")
    (place / "a_folder").symlink_to(place / "q")
    (place / "hard.edf").hardlink_to(place / "q" / "own.edf")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(place / "z.edf", elsewhere / "far.edf")
    (place / "far").symlink_to(elsewhere)
    found = found_in(place)
    assert [r.name for r in found.recordings] == ["far/far.edf", "hard.edf", "z.edf"]
    assert found.n_linked_twice == 2
    assert not found.faults


def test_circles_end_with_one_line_and_lose_nothing(folder: Folder) -> None:
    place = folder("a.edf", "p/b.edf", "q/c.edf")
    (place / "p" / "up").symlink_to("..")
    (place / "p" / "q").symlink_to("../q")
    (place / "q" / "p").symlink_to("../p")
    found = found_in(place)
    assert [r.name for r in found.recordings] == ["a.edf", "p/b.edf", "q/c.edf"]
    assert [f.path for f in found.faults] == [place / "p" / "up"]
    assert not found.faults[0].is_loss


def test_what_cannot_be_looked_at_is_a_fault_and_the_rest_goes_on(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = folder("a.edf", "closed/b.edf")
    (place / "gone.edf").symlink_to("nothing")
    (place / "gone.txt").symlink_to("nothing")
    real = os.scandir

    def scandir(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = found_in(place)
    assert [r.name for r in found.recordings] == ["a.edf", "gone.edf"]
    assert [(f.path.name, f.is_loss) for f in found.faults] == [
        ("closed", True),
        ("gone.txt", True),
    ]
    assert all("\n" not in f.message and ";" in f.message for f in found.faults)


def test_a_pipe_is_never_opened(folder: Folder) -> None:
    place = folder("a.edf")
    os.mkfifo(place / "pipe.edf")
    assert names(place) == ["a.edf"]


def test_folders_that_cannot_be_meant_are_refused(folder: Folder) -> None:
    place = folder("a.edf")
    with pytest.raises(BatchError, match="does not exist"):
        discover(place / "absent", place / "out")
    with pytest.raises(BatchError, match="is a file"):
        discover(place / "a.edf", place / "out")
    with pytest.raises(BatchError, match="holds the recordings"):
        discover(place, place)


def test_it_can_be_stopped(folder: Folder) -> None:
    def stop(fraction: float, message: str) -> None:
        raise Cancelled("stop")

    with pytest.raises(Cancelled):
        discover(folder("a.edf"), Path("out"), stop)
