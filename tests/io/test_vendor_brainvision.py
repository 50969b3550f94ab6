"""BrainVision: units, orientations, segments, markers to the sample, missing files."""

from __future__ import annotations

from math import isnan
from pathlib import Path

import numpy as np
import pytest

from amr_viewer.core.recording import Recording
from amr_viewer.errors import ReadError, UnsupportedFormatError
from amr_viewer.io.mne_formats import read_mne, recognizes_mne

STORED = np.arange(-60, 60, dtype=np.int16).reshape(40, 3)
CHANNELS = ("L OrbOculi,,0.5,µV", "Mentalis,,0.5,nV", "Temp,,0.1,C")


def write(
    folder: Path,
    channels: tuple[str, ...] = CHANNELS,
    markers: tuple[str, ...] = (),
    encoding: str = "utf-8",
    common: str = "",
    binary: str = "BinaryFormat=INT_16",
    data: bytes = STORED.tobytes(),
) -> Path:
    """Write a recording of 1 kHz and return its header."""
    lines = "\n".join(f"Ch{i}={line}" for i, line in enumerate(channels, 1))
    header = folder / "a.vhdr"
    header.write_text(
        "Brain Vision Data Exchange Header File Version 1.0\n[Common Infos]\nDataFile=a.eeg\n"
        f"MarkerFile=a.vmrk\nDataFormat=BINARY\nNumberOfChannels={len(channels)}\n"
        f"SamplingInterval=1000\n{common}\n[Binary Infos]\n{binary}\n[Channel Infos]\n{lines}\n"
        "[Comment]\nCh1=no channel\n[Common Infos]\nSamplingInterval=5\n",
        encoding=encoding,
    )
    (folder / "a.eeg").write_bytes(data)
    marked = "\n".join(f"Mk{i}={line}" for i, line in enumerate(markers, 1))
    (folder / "a.vmrk").write_text(
        f"Brain Vision Data Exchange Marker File, Version 1.0\n[Marker Infos]\n{marked}\n",
        encoding=encoding,
    )
    return header


def values(recording: Recording, channel: int) -> np.ndarray:
    return recording.source.read(channel, 0, recording.channels[channel].n_samples)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_voltages_become_uv_and_others_keep_their_unit(tmp_path: Path, encoding: str) -> None:
    recording = read_mne(write(tmp_path, encoding=encoding))
    assert [c.unit for c in recording.channels] == ["uV", "uV", "C"]
    assert [c.file_unit for c in recording.channels] == ["µV", "nV", "C"]
    assert {c.sampling_hz for c in recording.channels} == {1000.0}
    np.testing.assert_allclose(values(recording, 0), STORED[:, 0] * 0.5)
    np.testing.assert_allclose(values(recording, 1), STORED[:, 1] * 0.5e-3)
    np.testing.assert_allclose(values(recording, 2), STORED[:, 2] * 0.1, rtol=1e-6)
    assert values(recording, 0).dtype == np.float32
    assert recording.warnings == ()


@pytest.mark.parametrize(
    ("unit", "scale"), [("V", 1e6), ("mV", 1e3), ("uV", 1.0), ("μV", 1.0), ("nV", 1e-3)]
)
def test_each_voltage_unit(tmp_path: Path, unit: str, scale: float) -> None:
    recording = read_mne(write(tmp_path, (f"a,,2,{unit}", "b,,1,uV", "c,,1,uV")))
    np.testing.assert_allclose(values(recording, 0), STORED[:, 0] * 2 * scale, rtol=1e-6)


def test_blank_unit_is_the_default_of_the_format_and_said_so(tmp_path: Path) -> None:
    recording = read_mne(write(tmp_path, ("a,,2", "b,,,mV", "c,,1,")))
    assert [c.unit for c in recording.channels] == ["uV", "uV", "uV"]
    assert recording.channels[0].file_unit is None
    np.testing.assert_allclose(values(recording, 0), STORED[:, 0] * 2)
    assert '"a", "c"' in recording.warnings[0]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("vectorized", [False, True])
def test_byte_order_and_orientation(tmp_path: Path, order: str, vectorized: bool) -> None:
    stored = STORED.T if vectorized else STORED
    header = write(
        tmp_path,
        common="DataOrientation=" + ("VECTORIZED" if vectorized else "MULTIPLEXED"),
        binary=f"BinaryFormat=IEEE_FLOAT_32\nUseBigEndianOrder={'YES' if order == '>' else 'NO'}",
        data=stored.astype(order + "f4").tobytes(),
    )
    window = read_mne(header).source.read(0, 7, 19)
    np.testing.assert_allclose(window, STORED[7:19, 0] * 0.5)


def test_markers_keep_their_sample_text_duration_and_channel(tmp_path: Path) -> None:
    markers = (
        "New Segment,,1,1,0,20200102030405600000", "Stimulus,S  1,11,1,0", "Comment,a\\1b,21,5,2",
        "Response,,31,0,0", "Stimulus,S  2,no,1,0", "Stimulus,S  3,41,1,0",
    )  # fmt: skip
    recording = read_mne(write(tmp_path, markers=markers))
    assert [m.text for m in recording.marks] == ["S  1", "a,b", "Response"]
    assert [m.time_s for m in recording.marks] == [0.010, 0.020, 0.030]
    assert [m.channel for m in recording.marks] == [None, "Mentalis", None]
    assert isnan(recording.marks[0].duration_s)
    assert recording.marks[1].duration_s == 0.005
    assert recording.start == "2020-01-02T03:04:05.600000"
    assert len(recording.segments) == 1
    assert len(recording.warnings) == 2


def test_dated_segments_are_placed_in_time(tmp_path: Path) -> None:
    markers = (
        "New Segment,,1,1,0,20200102030405000000", "New Segment,,21,1,0,20200102030415000000",
        "Stimulus,S1,25,1,0",
    )  # fmt: skip
    recording = read_mne(write(tmp_path, markers=markers))
    assert [(s.start_s, s.duration_s, s.stored_s) for s in recording.segments] == [
        (0.0, 0.02, 0.0),
        (10.0, 0.02, 0.02),
    ]
    assert recording.marks[0].time_s == pytest.approx(10.004)
    assert recording.sample_index(0, np.array([10.004]))[0] == pytest.approx(24)
    assert recording.warnings == ()


def test_undated_segments_follow_with_a_warning(tmp_path: Path) -> None:
    markers = ("New Segment,,1,1,0", "New Segment,,21,1,0", "Stimulus,S1,25,1,0")
    recording = read_mne(write(tmp_path, markers=markers))
    assert [s.start_s for s in recording.segments] == [0.0, 0.02]
    assert recording.marks[0].time_s == 0.024
    assert "breaks" in recording.warnings[0]


@pytest.mark.parametrize("suffix", [".eeg", ".vmrk"])
def test_the_other_files_lead_to_the_header(tmp_path: Path, suffix: str) -> None:
    header = write(tmp_path)
    part = header.with_suffix(suffix)
    assert recognizes_mne(part.read_bytes()[:4096], part)
    assert read_mne(part).name == "a.vhdr"


def test_a_renamed_recording_is_found_with_a_warning(tmp_path: Path) -> None:
    header = write(tmp_path)
    for suffix in (".vhdr", ".eeg", ".vmrk"):
        header.with_suffix(suffix).rename(tmp_path / f"b{suffix}")
    recording = read_mne(tmp_path / "b.vhdr")
    np.testing.assert_allclose(values(recording, 0), STORED[:, 0] * 0.5)
    assert len(recording.warnings) == 2


def test_missing_markers_are_warned_of(tmp_path: Path) -> None:
    header = write(tmp_path)
    header.with_suffix(".vmrk").unlink()
    assert "a.vmrk" in read_mne(header).warnings[0]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"binary": "BinaryFormat=INT_12"}, "INT_12"),
        ({"common": "DataFormat=ASCII"}, "as text"),
        ({"common": "NumberOfChannels=999999999"}, "channel 4"),
        ({"common": "SamplingInterval=0"}, "interval"),
        ({"channels": ("a,,0.x,uV", "b", "c")}, "0.x"),
        ({"data": b""}, "no samples"),
        ({"common": "DataOrientation=VECTORIZED\nDataPoints=100"}, "cut off"),
    ],
)
def test_what_cannot_be_trusted_is_refused(
    tmp_path: Path, change: dict[str, object], fault: str
) -> None:
    header = write(tmp_path, **change)  # type: ignore[arg-type]
    with pytest.raises(ReadError, match=fault):
        read_mne(header)


def test_a_cut_off_file_gives_what_is_there(tmp_path: Path) -> None:
    recording = read_mne(write(tmp_path, data=STORED.tobytes()[:-3]))
    assert recording.channels[0].n_samples == 39
    assert "cut off" in recording.warnings[0]


def test_missing_parts_are_named(tmp_path: Path) -> None:
    header = write(tmp_path)
    header.with_suffix(".eeg").unlink()
    with pytest.raises(ReadError, match=r"a\.eeg"):
        read_mne(header)
    header.unlink()
    with pytest.raises(ReadError, match=r"a\.vhdr"):
        read_mne(tmp_path / "a.vmrk")


def test_something_else_is_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"anything")
    assert not recognizes_mne(b"anything", path)
    with pytest.raises(UnsupportedFormatError):
        read_mne(path)


def test_shared_units(shared_recordings: Path) -> None:
    folder = shared_recordings / "formats" / "brainvision"
    recording = read_mne(folder / "test_units.vhdr")
    units = [c.unit for c in recording.channels]
    assert units == ["uV"] * 26 + ["BS", "µS", "ARU", "uS", "S", "C"]
    reference = read_mne(folder / "test.vhdr")
    for channel in range(4):
        np.testing.assert_allclose(
            values(recording, channel), values(reference, channel), rtol=1e-6
        )


def test_shared_missing_data(shared_recordings: Path) -> None:
    with pytest.raises(ReadError, match=r"nothere\.eeg"):
        read_mne(shared_recordings / "damaged" / "brainvision_missing_eeg.vhdr")
