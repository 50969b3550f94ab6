"""The registry: which reader opens which file, and what is said of files that none can open."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from amr_viewer.core.anatomy import Muscle, Side
from amr_viewer.core.protocol import ChannelRule, Protocol
from amr_viewer.core.recording import ChannelKind
from amr_viewer.errors import ReadError, UnsupportedFormatError
from amr_viewer.io.readers import READERS, Reader, choose_reader, formats, read_recording
from tests.io.edf_builder import Edf, Signal, ramp

EDF = Edf([Signal(ramp(2, 10))]).encode()
BDF = Edf([Signal(ramp(2, 10))], bdf=True).encode()


@pytest.mark.parametrize(
    ("name", "content", "reader"),
    [
        ("a.edf", EDF, "EDF"),
        ("a.EDF", EDF, "EDF"),
        ("a.bdf", BDF, "BDF"),
        ("bdf_named.edf", BDF, "BDF"),
        ("edf_named.txt", EDF, "EDF"),
        ("no_suffix", EDF, "EDF"),
        ("cut.edf", EDF[:200], "EDF"),
        ("a.csv", b"time,EMG\n0,1\n", "Text"),
        ("zero.csv", b"0       1.5\n1       1.6\n" * 20, "Text"),
        ("a.unknown", "t\tµV\r\n0\t1\r\n".encode("utf-16"), "Text"),
        ("a.vhdr", b"Brain Vision Data Exchange Header File Version 1.0\r\n", "BrainVision"),
        ("a.fif", b"\0\0\0\x64\0\0\0\x1f\0\0\0\x14", "FIF"),
        ("a.gdf", b"GDF 2.51" + bytes(300), "GDF"),
        ("a.cnt", b"RIFF\1\2\3\4CNT LIST", "ANT Neuro CNT"),
        ("b.cnt", b"RF64\1\2\3\4\5\6\7\x08CNT LIST", "ANT Neuro CNT"),
        ("c.cnt", b"Version 3.0" + bytes(900), "Neuroscan CNT"),
        ("a.eeg", b"EEG-1100A V01.00" + bytes(100), "Nihon Kohden"),
        ("a.smr", b"\4\0(C) CED 87S2", "Spike2"),
        ("a.hea", b"rec 2 2000 100\n", "WFDB"),
        ("a.raw", bytes(30), "EGI raw"),
    ],
)
def test_content_comes_before_the_name(
    tmp_path: Path, name: str, content: bytes, reader: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert choose_reader(path).name == reader


def test_a_part_of_a_recording_is_known_by_the_header_beside_it(tmp_path: Path) -> None:
    for name in ("a.eeg", "a.vmrk", "b.dat"):
        (tmp_path / name).write_bytes(bytes(range(256)))
    with pytest.raises(UnsupportedFormatError, match=r"b\.dat: .*\(\.hea\)"):
        choose_reader(tmp_path / "b.dat")
    (tmp_path / "a.vhdr").write_bytes(b"Brain Vision Data Exchange Header File")
    (tmp_path / "b.hea").write_bytes(b"b 1 100 100")
    assert choose_reader(tmp_path / "a.eeg").name == "BrainVision"
    assert choose_reader(tmp_path / "a.vmrk").name == "BrainVision"
    assert choose_reader(tmp_path / "b.dat").name == "WFDB"


def test_what_no_reader_opens(tmp_path: Path) -> None:
    (tmp_path / "empty.edf").touch()
    (tmp_path / "binary.xyz").write_bytes(bytes(range(256)))
    (tmp_path / "misnamed.edf").write_bytes(b"\x89PNG" + bytes(300))
    (tmp_path / "folder").mkdir()
    cases = {
        "missing.edf": (ReadError, "does not exist"),
        "empty.edf": (ReadError, "is empty"),
        "binary.xyz": (UnsupportedFormatError, "format is unknown"),
        "misnamed.edf": (ReadError, "does not begin like it"),
        "folder": (ReadError, "is a folder"),
    }
    for name, (kind, fault) in cases.items():
        with pytest.raises(kind, match=rf"^{name}: .*{fault}.*[;:] "):
            choose_reader(tmp_path / name)


def test_a_missing_library_is_named(tmp_path: Path) -> None:
    reader = Reader("X", (".x",), "", "amr_viewer.io.edf:read_edf", needs="no_such_library")
    assert not reader.is_available
    with pytest.raises(UnsupportedFormatError, match="needs the library no_such_library"):
        reader.read(tmp_path / "a.x")


def test_a_reader_reads(tmp_path: Path) -> None:
    path = tmp_path / "a.edf"
    path.write_bytes(EDF)
    assert choose_reader(path).read(path).format == "EDF"


def test_read_recording_reads_and_understands(tmp_path: Path) -> None:
    signals = [Signal(ramp(2, 1000), "EMG L_OrbOculi"), Signal(ramp(2, 1000), "R Mentalis", "mV")]
    path = Edf(signals).write(tmp_path / "a.edf")
    recording = read_recording(str(path))
    assert [(c.muscle, c.side, c.kind) for c in recording.channels] == [
        (Muscle.ORBICULARIS_OCULI, Side.LEFT, ChannelKind.EMG),
        (Muscle.MENTALIS, Side.RIGHT, ChannelKind.EMG),
    ]
    rule = ChannelRule(unit="uV")
    stated = read_recording(path, Protocol(channels={"R Mentalis": rule}))
    for i, factor in enumerate((1, 1000)):
        got = stated.source.read(i, 0, 2000) * factor
        np.testing.assert_allclose(got, recording.source.read(i, 0, 2000), rtol=1e-5)
    with pytest.raises(ReadError, match="does not exist"):
        read_recording(tmp_path / "none.edf")


def test_the_table_of_formats() -> None:
    assert formats() == READERS
    assert len({r.name for r in READERS}) == len(READERS)
    for reader in READERS:
        assert all(s.startswith(".") and s == s.lower() for s in reader.suffixes)
        assert reader.description


def test_the_registry_loads_no_reader() -> None:
    code = (
        "import sys, amr_viewer.io;"
        "print([m for m in sys.modules if m in"
        " {'mne', 'pandas', 'scipy', 'neo', 'amr_viewer.io.edf', 'amr_viewer.io.text'}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
