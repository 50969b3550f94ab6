"""Annotations of EDF+ and BDF+: times, texts, the clock of the records, pieces of time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from amr_viewer.core.recording import Recording
from amr_viewer.errors import ReadError
from amr_viewer.io.edf import read_edf
from tests.io.edf_builder import Edf, Signal, ramp, stamp


def read(tmp_path: Path, reserved: str, *lists: list[bytes], record_s: float = 1) -> Recording:
    n_records = len(lists[0])
    file = Edf([Signal(ramp(n_records, 100))], record_s, reserved, lists, reserved[0] == "B")
    return read_edf(file.write(tmp_path / "x.edf"))


def times(recording: Recording) -> list[tuple[float, str]]:
    return [(round(m.time_s, 9), m.text) for m in recording.marks]


@pytest.mark.parametrize("reserved", ["EDF+C", "BDF+C"])
def test_times_texts_and_durations(tmp_path: Path, reserved: str) -> None:
    recording = read(
        tmp_path,
        reserved,
        [
            stamp("+0") + stamp("+0.1234567", "Stim: zygomatic 8 mA"),
            stamp("+1") + stamp("+0.05", "Лоб", "二", duration="0.0002") + stamp("+1.9", ""),
        ],
    )
    assert times(recording) == [
        (0.05, "Лоб"), (0.05, "二"), (0.1234567, "Stim: zygomatic 8 mA"), (1.9, "")
    ]  # fmt: skip
    assert [m.duration_s for m in recording.marks[:2]] == [0.0002, 0.0002]
    assert np.isnan(recording.marks[2].duration_s)
    assert recording.warnings == ()
    assert recording.format == reserved


def test_a_mark_past_the_end_is_kept(tmp_path: Path) -> None:
    recording = read(tmp_path, "EDF+C", [stamp("+0") + stamp("+99.5", "late", duration="1000")])
    assert times(recording) == [(99.5, "late")]
    assert recording.marks[0].duration_s == 1000


def test_all_annotation_signals_are_read(tmp_path: Path) -> None:
    first = [stamp("+0"), stamp("+1") + stamp("+1.5", "b")]
    second = [stamp("+0.5", "a"), stamp("+1.75", "")]
    recording = read(tmp_path, "EDF+C", first, second)
    assert times(recording) == [(0.5, "a"), (1.5, "b"), (1.75, "")]


def test_an_annotation_may_belong_to_a_channel(tmp_path: Path) -> None:
    lists = [stamp("+0") + stamp("+0.1", "spasm@@EMG") + stamp("+0.2", "mail@@home")]
    recording = read(tmp_path, "EDF+C", lists)
    assert [(m.text, m.channel) for m in recording.marks] == [
        ("spasm", "EMG"), ("mail@@home", None)
    ]  # fmt: skip


def test_the_event_that_starts_a_record_is_a_mark(tmp_path: Path) -> None:
    recording = read(tmp_path, "EDF+D", [stamp("+2", "", "Stimulus"), stamp("+5", "", "Stimulus")])
    assert times(recording) == [(2, "Stimulus"), (5, "Stimulus")]


@pytest.mark.parametrize("offset", ["0.394531", "0.000125"])
def test_time_zero_of_a_contiguous_file_is_its_first_sample(tmp_path: Path, offset: str) -> None:
    start = float(offset)
    lists = [stamp(f"+{offset}") + stamp(f"+{start + 0.25:.6f}", "a"), stamp(f"+{start + 1:.6f}")]
    recording = read(tmp_path, "EDF+C", lists)
    assert times(recording) == [(0.25, "a")]
    (piece,) = recording.segments
    assert piece.start_s == pytest.approx(0, abs=1e-9)
    assert recording.start == f"2026-11-20T10:00:00.{offset.split('.')[1]}"


def test_a_contiguous_file_that_starts_late_keeps_its_clock(tmp_path: Path) -> None:
    recording = read(tmp_path, "EDF+C", [stamp("+30") + stamp("+30.5", "a"), stamp("+31")])
    assert times(recording) == [(30.5, "a")]
    assert recording.segments[0].start_s == 30
    assert "30 s after the start" in recording.warnings[0]


def test_records_of_a_discontinuous_file_stand_at_their_own_time(tmp_path: Path) -> None:
    starts = ["+13.221", "+14.221", "+14.721", "+24.3"]
    recording = read(tmp_path, "EDF+D", [stamp(s) for s in starts], record_s=0.5)
    pieces = [(s.start_s, s.duration_s, s.stored_s) for s in recording.segments]
    assert pieces == [(13.221, 0.5, 0), (14.221, 1, 0.5), (24.3, 0.5, 1.5)]
    at = recording.sample_index(0, np.array([13.221, 13.73, 14.72, 14.73, 24.3, 24.8]))
    np.testing.assert_allclose(at, [0, np.nan, 199.8, 201.8, 300, np.nan], atol=1e-6)
    assert recording.duration_s == pytest.approx(24.8)
    assert recording.start == "2026-11-20T10:00:00"
    assert recording.warnings == ()


def test_rounded_record_times_leave_no_gaps(tmp_path: Path) -> None:
    lists = [stamp(f"+{i / 3:.4f}") for i in range(300)]
    recording = read(tmp_path, "EDF+D", lists, record_s=0.333333)
    (piece,) = recording.segments
    assert piece.duration_s == pytest.approx(100, abs=1e-3)


def test_records_without_a_time_are_left_out_of_the_time_line(tmp_path: Path) -> None:
    lists = [stamp("+0"), b"garbage", stamp("+5"), stamp("+3"), stamp("+6")]
    recording = read(tmp_path, "EDF+D", lists)
    pieces = [(s.start_s, s.duration_s, s.stored_s) for s in recording.segments]
    assert pieces == [(0, 1, 0), (5, 1, 2), (6, 1, 4)]
    assert any("2 of 5 data records are left out" in w for w in recording.warnings)
    assert any("1 pieces of the annotations are unreadable" in w for w in recording.warnings)
    assert recording.sample_index(0, np.array([6.5]))[0] == pytest.approx(450)


def test_a_discontinuous_file_without_times_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"x\.edf: is discontinuous .* export"):
        read(tmp_path, "EDF+D", [b"????", b"????"])
    with pytest.raises(ReadError, match="is discontinuous"):
        read_edf(Edf([Signal(ramp(2, 4))], reserved="EDF+D").write(tmp_path / "y.edf"))


def test_gaps_that_a_contiguous_file_denies_are_kept(tmp_path: Path) -> None:
    recording = read(tmp_path, "EDF+C", [stamp("+0"), stamp("+1"), stamp("+7")])
    assert [(s.start_s, s.duration_s) for s in recording.segments] == [(0, 2), (7, 1)]
    assert "1 gaps" in recording.warnings[0]


def test_a_contiguous_file_whose_clock_runs_backwards_stays_whole(tmp_path: Path) -> None:
    recording = read(tmp_path, "EDF+C", [stamp("+0"), stamp("+1"), stamp("+0.5")])
    assert [(s.start_s, s.duration_s) for s in recording.segments] == [(0, 3)]
    assert "backwards" in recording.warnings[0]


def test_a_record_before_the_start_is_time_zero(tmp_path: Path) -> None:
    recording = read(tmp_path, "EDF+D", [stamp("-0.5") + stamp("+0", "a"), stamp("+4")])
    assert [s.start_s for s in recording.segments] == [0, 4.5]
    assert times(recording) == [(0.5, "a")]
    assert recording.start == "2026-11-20T09:59:59.500000"
    assert "before the start" in recording.warnings[0]


def test_garbled_annotations_leave_what_is_readable(tmp_path: Path) -> None:
    lists = [stamp("+0") + b"\x14\x14oops\0" + stamp("+0.5", "kept"), b"no list at all"]
    recording = read(tmp_path, "EDF+C", lists)
    assert times(recording) == [(0.5, "kept")]
    assert recording.segments[0].duration_s == 2
    assert recording.warnings == (
        "2 pieces of the annotations are unreadable and left out: marks and stimuli may be missing",
    )


def test_a_text_that_fills_its_record_ends_there(tmp_path: Path) -> None:
    full = b"+0\x14\x14\0+0.1\x14" + b"x" * 20 + b"\x14"
    recording = read(tmp_path, "EDF+C", [full, full.replace(b"+0\x14", b"+1\x14", 1)])
    assert times(recording) == [(0.1, "x" * 20)] * 2


def test_texts_that_are_no_utf8_are_told(tmp_path: Path) -> None:
    recording = read(tmp_path, "EDF+C", [stamp("+0") + b"+0.5\x14R\xfcckweg\x14\0"])
    assert times(recording) == [(0.5, "Rückweg")]
    assert "not UTF-8" in recording.warnings[0]


def test_annotations_in_a_file_that_declares_none(tmp_path: Path) -> None:
    file = Edf([Signal(ramp(1, 10))], lists=[[stamp("+0") + stamp("+0.5", "a")]])
    recording = read_edf(file.write(tmp_path / "x.edf"))
    assert times(recording) == [(0.5, "a")]
    assert "does not declare EDF+" in recording.warnings[0]


def test_a_file_of_annotations_only(tmp_path: Path) -> None:
    file = Edf([], 0, "EDF+C", [[stamp("+0") + stamp("+30630", "Sleep", duration="120")]])
    recording = read_edf(file.write(tmp_path / "x.edf"))
    assert recording.channels == ()
    assert recording.segments == ()
    assert times(recording) == [(30630, "Sleep")]
    assert recording.warnings == ("the file holds annotations and no signals",)


def test_many_small_records(tmp_path: Path) -> None:
    lists = [stamp(f"+{i / 100:.2f}") + stamp(f"+{i / 100:.2f}5", "s") for i in range(20_000)]
    file = Edf([Signal(np.zeros((20_000, 3), int))], 0.01, "EDF+C", [lists])
    recording = read_edf(file.write(tmp_path / "x.edf"))
    assert len(recording.marks) == 20_000
    assert recording.marks[-1].time_s == pytest.approx(199.995)
    assert len(recording.segments) == 1
