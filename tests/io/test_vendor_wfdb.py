"""WFDB: gains, offsets, frames, annotations, missing and short files; records made by wfdb."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from amr_viewer.errors import ReadError
from amr_viewer.io.wfdb import read_wfdb, recognizes_wfdb

wfdb = pytest.importorskip("wfdb")

STORED = np.stack([np.arange(-500, 500), np.arange(1000) % 7], axis=1).astype(np.int16)


def write(folder: Path, lines: tuple[str, ...], first: str = "a 2 4000 1000") -> Path:
    """Write a record of two signals in format 16 and return its header."""
    (folder / "a.hea").write_text("\n".join((first, *lines)) + "\n# <age>: 50\n")
    (folder / "a.dat").write_bytes(STORED.astype("<i2").tobytes())
    return folder / "a.hea"


LINES = ("a.dat 16 200(-20)/mV 16 0 -500 0 0 L Mentalis", "a.dat 16 4/uV 16 0 0 0 0 R Mentalis")


def test_gain_baseline_and_unit(tmp_path: Path) -> None:
    recording = read_wfdb(write(tmp_path, LINES, "a 2 4000 1000 03:04:05 02/01/2020"))
    assert [(c.label, c.unit, c.file_unit) for c in recording.channels] == [
        ("L Mentalis", "uV", "mV"), ("R Mentalis", "uV", "uV")
    ]  # fmt: skip
    window = recording.source.read(0, 11, 20)
    np.testing.assert_allclose(window, (STORED[11:20, 0] + 20) / 200 * 1e3, rtol=1e-6)
    np.testing.assert_allclose(recording.source.read(1, 0, 1000), STORED[:, 1] / 4)
    assert recording.source.read(0, 5, 5).shape == (0,)
    assert recording.start == "2020-01-02T03:04:05"
    assert recording.duration_s == 0.25
    assert recording.warnings == ()


def test_missing_samples_are_nan(tmp_path: Path) -> None:
    header = write(tmp_path, LINES)
    stored = STORED.astype("<i2").copy()
    stored[10, 0] = -32768
    (tmp_path / "a.dat").write_bytes(stored.tobytes())
    samples = read_wfdb(header).source.read(0, 9, 12)
    assert np.isnan(samples).tolist() == [False, True, False]


def test_no_gain_means_no_unit(tmp_path: Path) -> None:
    recording = read_wfdb(write(tmp_path, ("a.dat 16", "a.dat 16 0 16 0 0 0 0 b")))
    assert [c.unit for c in recording.channels] == [None, None]
    assert "no unit" in recording.warnings[-1]


def test_gain_without_unit_is_the_default_of_the_format_and_said_so(tmp_path: Path) -> None:
    recording = read_wfdb(write(tmp_path, ("a.dat 16 100", LINES[1])))
    np.testing.assert_allclose(recording.source.read(0, 0, 3), STORED[:3, 0] * 10.0)
    assert "mV" in recording.warnings[0]


def test_several_samples_per_frame(tmp_path: Path) -> None:
    stored = np.arange(300, dtype="<i2").reshape(100, 3)
    (tmp_path / "a.hea").write_text(
        "a 2 1000 100\na.dat 16x2 1/uV 16 0 0 0 0 fast\na.dat 16 1/uV 16 0 2 0 0 slow\n"
    )
    (tmp_path / "a.dat").write_bytes(stored.tobytes())
    recording = read_wfdb(tmp_path / "a.hea")
    assert [(c.sampling_hz, c.n_samples) for c in recording.channels] == [
        (2000.0, 200), (1000.0, 100)
    ]  # fmt: skip
    fast = stored[:, :2].reshape(-1)
    np.testing.assert_allclose(recording.source.read(0, 7, 18), fast[7:18])
    np.testing.assert_allclose(recording.source.read(1, 7, 18), stored[7:18, 2])


@pytest.mark.filterwarnings("ignore:The inplace keyword:DeprecationWarning")
def test_annotations_become_marks(tmp_path: Path) -> None:
    header = write(tmp_path, LINES)
    wfdb.wrann(
        "a", "atr", np.array([40, 400]), ["N", '"'], aux_note=["", "Stim L 5 mA"], fs=4000,
        write_dir=str(tmp_path),
    )  # fmt: skip
    recording = read_wfdb(header)
    assert [(m.time_s, m.text) for m in recording.marks] == [(0.01, "N"), (0.1, "Stim L 5 mA")]
    (tmp_path / "a.atr").write_bytes(b"\xff\xff\xff")
    damaged = read_wfdb(header)
    assert damaged.marks == ()
    assert "a.atr" in damaged.warnings[-1]


def test_the_signal_file_leads_to_the_header(tmp_path: Path) -> None:
    header = write(tmp_path, LINES)
    assert recognizes_wfdb(b"\1\0", tmp_path / "a.dat")
    assert read_wfdb(tmp_path / "a.dat").name == "a.hea"
    header.rename(tmp_path / "b.hea")
    assert read_wfdb(tmp_path / "a.dat").name == "b.hea"
    (tmp_path / "b.hea").unlink()
    with pytest.raises(ReadError, match=r"a\.hea"):
        read_wfdb(tmp_path / "a.dat")
    assert not recognizes_wfdb(b"1;2;3", tmp_path / "table.dat")


def test_a_short_signal_file_gives_what_is_there(tmp_path: Path) -> None:
    header = write(tmp_path, LINES)
    (tmp_path / "a.dat").write_bytes(STORED[:300].astype("<i2").tobytes()[:-1])
    recording = read_wfdb(header)
    assert recording.channels[0].n_samples == 299
    assert "299 of 1000" in recording.warnings[0]
    np.testing.assert_allclose(recording.source.read(1, 290, 299), STORED[290:299, 1] / 4)


def test_another_signal_file_is_noticed(tmp_path: Path) -> None:
    header = write(tmp_path, LINES)
    (tmp_path / "a.dat").write_bytes(STORED[1:].astype("<i2").tobytes())
    assert any("first sample" in w for w in read_wfdb(header).warnings)


@pytest.mark.parametrize(
    "text", ["", "\0\1\2", "a", "a 2 4000 1000\n", "a 0 4000 0\n", "a 2 0 10\n" + "\n".join(LINES)]
)
def test_damaged_headers(tmp_path: Path, text: str) -> None:
    header = write(tmp_path, LINES)
    header.write_text(text)
    with pytest.raises(ReadError, match=r"a\.hea"):
        read_wfdb(header)


def test_missing_signal_file(tmp_path: Path) -> None:
    header = write(tmp_path, LINES)
    (tmp_path / "a.dat").unlink()
    with pytest.raises(ReadError, match=r"a\.dat"):
        read_wfdb(header)


def test_shared_equals_fif(shared_recordings: Path) -> None:
    from amr_viewer.io.mne_formats import read_mne

    folder = shared_recordings / "formats" / "same_recording"
    recording, fif = read_wfdb(folder / "hreflex_wfdb.hea"), read_mne(folder / "hreflex_raw.fif")
    for channel in range(2):
        ours = recording.source.read(channel, 0, 60000)
        # 16 bits over 10.7 mV: steps of 0.16 uV.
        np.testing.assert_allclose(ours, fif.source.read(channel, 0, 60000), rtol=0, atol=0.17)
    assert [m.text for m in recording.marks] == [m.text for m in fif.marks]
    times_s = [m.time_s for m in recording.marks]
    np.testing.assert_allclose(times_s, [m.time_s for m in fif.marks], atol=1e-4)


def test_shared_short_file(shared_recordings: Path, tmp_path: Path) -> None:
    short = shared_recordings / "damaged" / "wfdb_short.dat"
    with pytest.raises(ReadError, match=r"wfdb_short\.hea"):
        read_wfdb(short)
    shutil.copy(short, tmp_path / "hreflex_wfdb.dat")
    folder = shared_recordings / "formats" / "same_recording"
    shutil.copy(folder / "hreflex_wfdb.hea", tmp_path)
    assert read_wfdb(tmp_path / "hreflex_wfdb.hea").channels[0].n_samples == 50000
