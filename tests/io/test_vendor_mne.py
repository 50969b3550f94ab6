"""Formats that MNE reads: FIF made by MNE itself, EGI byte by byte, others from beside the repo."""

from __future__ import annotations

import struct
import threading
from datetime import UTC, datetime
from math import isnan
from pathlib import Path

import numpy as np
import pytest

from amr_viewer.core.recording import ChannelKind
from amr_viewer.errors import ReadError, UnsupportedFormatError
from amr_viewer.io.mne_formats import read_mne, recognizes_mne

mne = pytest.importorskip("mne")

RATE_HZ = 1000.0
SAMPLES_UV = np.random.default_rng(0).normal(0, 100, 9000)
TRIGGER = (np.arange(9000) % 1000 == 500) * 3.0
DATE = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)


def raw_array(date: datetime | None = DATE) -> object:
    """MNE object with a voltage, a channel without unit and a trigger channel."""
    info = mne.create_info(["Mentalis", "Force", "STI 014"], RATE_HZ, ["emg", "misc", "stim"])
    data = np.stack([SAMPLES_UV * 1e-6, SAMPLES_UV, TRIGGER])
    raw = mne.io.RawArray(data, info, verbose="error")
    return raw.set_meas_date(date)


def saved(raw: object, path: Path, **options: object) -> Path:
    raw.save(path, verbose="error", **options)  # type: ignore[attr-defined]
    return path


@pytest.mark.parametrize("date", [DATE, None])
@pytest.mark.parametrize("cropped", [False, True])
def test_fif_units_marks_and_start(tmp_path: Path, date: datetime | None, cropped: bool) -> None:
    raw = raw_array(date)
    raw.set_annotations(mne.Annotations([2.5, 4.0], [0, 1.5], ["Stim L 5 mA", "drill"]))
    shift_s = 2.0 if cropped else 0.0
    recording = read_mne(saved(raw.crop(shift_s), tmp_path / "a_raw.fif"))
    assert [(c.unit, c.kind) for c in recording.channels] == [
        ("uV", ChannelKind.OTHER), (None, ChannelKind.OTHER), (None, ChannelKind.TRIGGER)
    ]  # fmt: skip
    first = round(shift_s * RATE_HZ)
    window = recording.source.read(0, 100, 250)
    np.testing.assert_allclose(window, SAMPLES_UV[first + 100 : first + 250], rtol=1e-5)
    assert window.dtype == np.float32
    np.testing.assert_array_equal(recording.source.read(2, 0, 1000), TRIGGER[:1000])
    assert [m.time_s for m in recording.marks] == pytest.approx([2.5 - shift_s, 4.0 - shift_s])
    assert isnan(recording.marks[0].duration_s)
    assert recording.marks[1].duration_s == 1.5
    expected = f"2020-01-02T03:04:0{5 + round(shift_s)}"
    assert recording.start == (expected if date else None)
    assert recording.warnings == ('the file gives no unit for "Force"; set it in the protocol',)


def test_skips_of_acquisition_become_gaps(tmp_path: Path) -> None:
    raw = raw_array()
    raw.set_annotations(mne.Annotations([3.0, 6.0], [1.5, 0], ["BAD_ACQ_SKIP", "x"]))
    recording = read_mne(saved(raw, tmp_path / "a_raw.fif"))
    assert [(s.start_s, s.duration_s, s.stored_s) for s in recording.segments] == [
        (0.0, 3.0, 0.0), (4.5, 4.5, 3.0)
    ]  # fmt: skip
    assert recording.channels[0].n_samples == 7500
    expected = np.r_[SAMPLES_UV[2990:3000], SAMPLES_UV[4500:4510]]
    np.testing.assert_allclose(recording.source.read(0, 2990, 3010), expected, rtol=1e-5)
    assert [m.text for m in recording.marks] == ["x"]


def test_joined_recordings_are_cut_at_the_joint(tmp_path: Path) -> None:
    raw = mne.concatenate_raws([raw_array(), raw_array()], verbose="error")
    recording = read_mne(saved(raw, tmp_path / "a_raw.fif"))
    assert [s.stored_s for s in recording.segments] == [0.0, 9.0]
    assert recording.marks == ()
    assert "breaks of unknown length" in recording.warnings[0]


def test_split_fif_is_read_through_and_a_missing_part_is_said(tmp_path: Path) -> None:
    data = np.arange(600_000.0)[None] * 1e-6
    raw = mne.io.RawArray(data, mne.create_info(["a"], RATE_HZ, "emg"), verbose="error")
    path = saved(raw, tmp_path / "a_raw.fif", split_size="2MB")
    recording = read_mne(path)
    assert recording.channels[0].n_samples == 600_000
    np.testing.assert_allclose(recording.source.read(0, 499_990, 600_000), data[0, 499_990:] * 1e6)
    parts = sorted(tmp_path.glob("a_raw-*.fif"))
    assert parts
    parts[0].unlink()
    shorter = read_mne(path)
    assert shorter.channels[0].n_samples < 600_000
    assert shorter.warnings


def test_threads_read_the_same(tmp_path: Path) -> None:
    recording = read_mne(saved(raw_array(), tmp_path / "a_raw.fif"))
    expected = recording.source.read(0, 0, 9000)
    found: list[bool] = []

    def read_all() -> None:
        pieces = [recording.source.read(0, i, i + 300) for i in range(0, 9000, 300)]
        found.append(np.array_equal(np.concatenate(pieces), expected))

    threads = [threading.Thread(target=read_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 4


def write_egi(path: Path, bits: int, range_uv: int) -> Path:
    """Write an EGI simple binary file: 2 channels, 1 event, 100 samples of 500 Hz."""
    head = struct.pack(">i6hi5hi", 2, 2020, 1, 2, 3, 4, 5, 0, 500, 2, 1, bits, range_uv, 100)
    samples = np.stack([np.arange(100), -np.arange(100), np.arange(100) == 30], axis=1)
    path.write_bytes(head + struct.pack(">h4s", 1, b"STIM") + samples.astype(">i2").tobytes())
    return path


@pytest.mark.parametrize(("bits", "range_uv", "step_uv"), [(0, 0, 1.0), (12, 8192, 2.0)])
def test_egi_scale_start_and_events(
    tmp_path: Path, bits: int, range_uv: int, step_uv: float
) -> None:
    path = write_egi(tmp_path / "a.raw", bits, range_uv)
    assert recognizes_mne(path.read_bytes()[:4096], path)
    recording = read_mne(path)
    assert [c.unit for c in recording.channels] == ["uV", "uV", None]
    np.testing.assert_allclose(recording.source.read(0, 20, 40), np.arange(20, 40) * step_uv)
    assert recording.channels[2].kind is ChannelKind.TRIGGER
    assert [(m.text, m.time_s) for m in recording.marks] == [("STIM", 0.06)]
    assert recording.start == "2020-01-02T03:04:05"


@pytest.mark.parametrize("n_bytes", [12, 60, 500, 4000, 20000])
def test_cut_off_fif_is_an_error_in_words(tmp_path: Path, n_bytes: int) -> None:
    path = saved(raw_array(), tmp_path / "a_raw.fif")
    path.write_bytes(path.read_bytes()[:n_bytes])
    with pytest.raises(ReadError, match=r"a_raw\.fif") as caught:
        read_mne(path)
    assert str(tmp_path) not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_circle_of_tags_does_not_hang(tmp_path: Path) -> None:
    path = saved(raw_array(), tmp_path / "a_raw.fif")
    damaged = bytearray(path.read_bytes())
    # The first tag, 36 bytes long, is followed by one that leads back to the beginning.
    struct.pack_into(">i", damaged, 36 + 12, 36)
    path.write_bytes(bytes(damaged))
    with pytest.raises(ReadError, match="circle"):
        read_mne(path)


def test_plain_exceptions_of_mne_are_translated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise Exception("Unimplemented tag data type 255")

    path = saved(raw_array(), tmp_path / "a_raw.fif")
    monkeypatch.setattr(mne.io, "read_raw_fif", fail)
    with pytest.raises(ReadError, match="Unimplemented tag"):
        read_mne(path)


def test_fif_without_its_end_is_warned_of(tmp_path: Path) -> None:
    path = saved(raw_array(), tmp_path / "a_raw.fif")
    path.write_bytes(path.read_bytes()[:-5])
    warnings = read_mne(path).warnings
    assert "cut off" in warnings[0]
    assert not any(str(tmp_path) in w for w in warnings)


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("a.cnt", b"Version 3.0"),
        ("a.cnt", b"RIFF\0\0\0\0CNT "),
        ("a.eeg", b"EEG-1100A V01.00"),
        ("a.lay", b"[FileInfo]\nFile=a.dat\n"),
        ("a.raw", struct.pack(">i2h", 2, 2020, 1)),
    ],
)
def test_beginnings_without_more_are_refused_in_words(
    tmp_path: Path, name: str, head: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(head)
    assert recognizes_mne(head, path)
    with pytest.raises(ReadError, match=name):
        read_mne(path)


def test_a_folder_that_is_no_recording(tmp_path: Path) -> None:
    assert not recognizes_mne(b"", tmp_path)
    with pytest.raises(UnsupportedFormatError):
        read_mne(tmp_path)


def test_persyst(tmp_path: Path) -> None:
    (tmp_path / "a.lay").write_text(
        "[FileInfo]\nFile=a.dat\nFileType=Interleaved\nSamplingRate=500\nHeaderLength=0\n"
        "Calibration=0.5\nWaveformCount=2\nDataType=0\n[ChannelMap]\nA-Ref=1\nB-Ref=2\n"
        "[SampleTimes]\n0=36000\n100=36010\n"
        "[Patient]\nFirst=A\nLast=B\nSex=M\nHand=r\nBirthDate=01/01/50\nTestDate=01/02/2020\n"
        "TestTime=03:04:05\nID=7\n[Comments]\n0.1,0,0,100,Stim L\n"
    )
    samples = np.stack([np.arange(200), -np.arange(200)], axis=1)
    (tmp_path / "a.dat").write_bytes(samples.astype("<i2").tobytes())
    recording = read_mne(tmp_path / "a.lay")
    np.testing.assert_allclose(recording.source.read(0, 50, 60), np.arange(50, 60) * 0.5)
    assert [(m.text, m.time_s) for m in recording.marks] == [("Stim L", 0.1)]
    assert "breaks" in recording.warnings[0]
    assert recording.patient["id"] == "7"


def test_shared_fif(shared_recordings: Path) -> None:
    folder = shared_recordings / "formats" / "same_recording"
    recording = read_mne(folder / "hreflex_raw.fif")
    texts = [m.text for m in recording.marks]
    assert (texts.count("Hreflex"), texts.count("Magnet")) == (20, 10)
    brainvision = read_mne(folder / "hreflex_brainvision.vhdr")
    for channel in range(2):
        np.testing.assert_allclose(
            recording.source.read(channel, 26000, 30000),
            brainvision.source.read(channel, 26000, 30000),
            rtol=1e-5,
        )
    times_s = [m.time_s for m in brainvision.marks]
    # BrainVision markers stand on samples of 0.5 ms.
    np.testing.assert_allclose([m.time_s for m in recording.marks], times_s, atol=1e-4)


def test_shared_ant_needs_its_library(shared_recordings: Path) -> None:
    path = shared_recordings / "formats" / "cnt" / "Andy_101-raw.cnt"
    assert recognizes_mne(path.read_bytes()[:4096], path)
    try:
        import antio  # noqa: F401
    except ImportError:
        with pytest.raises(UnsupportedFormatError, match="pip install antio"):
            read_mne(path)
    else:
        assert read_mne(path).channels[0].n_samples == 2464
