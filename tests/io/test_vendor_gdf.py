"""GDF 1 and 2: every sample type, scales, records, events; files are made byte by byte."""

from __future__ import annotations

import struct
from math import isnan
from pathlib import Path

import numpy as np
import pytest

from amr_viewer.errors import ReadError
from amr_viewer.io.mne_formats import read_mne, recognizes_mne

N_RECORDS, PER_RECORD = 10, 100
RAMP = np.arange(N_RECORDS * PER_RECORD) % 200 - 100
EVENTS = [(101, 1, 0, 0), (251, 770, 2, 50)]
NAMES = b"\0Stim L\0\0"


def event_table(version: float, mode: int) -> bytes:
    """Event table at 1 kHz; positions count from 1."""
    n = len(EVENTS)
    if version < 1.94:
        head = bytes([mode]) + (1000).to_bytes(3, "little") + struct.pack("<I", n)
    else:
        head = bytes([mode]) + n.to_bytes(3, "little") + struct.pack("<f", 1000)
    columns = list(zip(*EVENTS, strict=True))
    table = struct.pack(f"<{n}I", *columns[0]) + struct.pack(f"<{n}H", *columns[1])
    if mode & 2:
        table += struct.pack(f"<{n}H", *columns[2]) + struct.pack(f"<{n}I", *columns[3])
    return head + table


def write(
    path: Path,
    version: str = "2.20",
    kind: int = 3,
    unit: bytes = b"mV",
    code: int = 4256 + 18,
    limits: tuple[float, float, float, float] = (-10.0, 10.0, -100, 100),
    n_records: int = N_RECORDS,
    mode: int = 3,
) -> Path:
    """Write a file with two channels of 1 kHz in records of 0.1 s."""
    number, old = float(version), float(version) < 1.9
    head = bytearray(256)
    head[:8] = f"GDF {version}".encode()
    head[8:16] = b"P1 Smith"
    struct.pack_into("<q", head, 236, n_records)
    n_bytes = 768 if old else 1024
    if old:
        head[168:184] = b"2020010203040500"
        struct.pack_into("<q", head, 184, n_bytes)
        struct.pack_into("<I", head, 252, 2)
    else:
        head[87] = 2
        days = 737792 + (3 * 3600 + 4 * 60 + 5) / 86400
        struct.pack_into("<Q", head, 168, round(days * 2**32))
        struct.pack_into("<H", head, 184, n_bytes // 256)
        struct.pack_into("<H", head, 252, 2)
    if number > 2.205:
        struct.pack_into("<d", head, 244, 0.1)
    else:
        struct.pack_into("<2I", head, 244, 1, 10)
    low, high, digital_low, digital_high = limits
    digital = struct.pack("<q" if old else "<d", int(digital_low) if old else digital_low)
    digital_max = struct.pack("<q" if old else "<d", int(digital_high) if old else digital_high)
    width = 8 if old else 6
    columns = [b"Mentalis".ljust(16, b"\0"), bytes(80), unit.ljust(width, b"\0")]
    columns += [] if old else [struct.pack("<H", code)]
    columns += [struct.pack("<d", low), struct.pack("<d", high), digital, digital_max]
    columns += [bytes(80)] if old else [bytes(68), *(struct.pack("<f", f) for f in (3000, 20, 0))]
    columns += [struct.pack("<I", PER_RECORD), struct.pack("<I", kind), bytes(32)]
    variable = b"".join(c * 2 for c in columns)
    tagged = b"" if old else b"\x01" + len(NAMES).to_bytes(3, "little") + NAMES
    stored = encode(RAMP, kind).reshape(N_RECORDS, -1)
    samples = np.concatenate([stored, encode(-RAMP, kind).reshape(N_RECORDS, -1)], axis=1)
    header = (bytes(head) + variable + tagged).ljust(n_bytes, b"\0")
    path.write_bytes(header + samples.tobytes() + event_table(number, mode))
    return path


def encode(values: np.ndarray, kind: int) -> np.ndarray:
    """Bytes of samples in a GDF type."""
    if kind in (279, 535):
        return values.astype("<i4").view(np.uint8).reshape(-1, 4)[:, :3].copy().reshape(-1)
    types = {1: "i1", 3: "<i2", 5: "<i4", 7: "<i8", 16: "<f4", 17: "<f8"}
    return values.astype(types[kind]).view(np.uint8)


@pytest.mark.parametrize("version", ["1.25", "2.20", "2.51"])
@pytest.mark.parametrize("kind", [1, 3, 5, 7, 16, 17, 279])
def test_samples_scale_and_windows(tmp_path: Path, version: str, kind: int) -> None:
    recording = read_mne(write(tmp_path / "a.gdf", version, kind))
    assert [(c.label, c.unit, c.sampling_hz) for c in recording.channels] == [
        ("Mentalis", "uV", 1000.0)
    ] * 2
    np.testing.assert_allclose(recording.source.read(0, 0, 1000), RAMP * 100.0, atol=1e-3)
    np.testing.assert_allclose(recording.source.read(1, 95, 305), -RAMP[95:305] * 100.0, atol=1e-3)
    assert recording.duration_s == pytest.approx(1.0)
    assert recording.warnings == ()


@pytest.mark.parametrize("version", ["1.25", "2.20", "2.51"])
def test_events_start_and_patient(tmp_path: Path, version: str) -> None:
    recording = read_mne(write(tmp_path / "a.gdf", version))
    first, second = recording.marks
    assert (first.time_s, first.channel) == (0.1, None)
    assert first.text == ("1" if version == "1.25" else "Stim L")
    assert isnan(first.duration_s)
    assert (second.time_s, second.text, second.channel) == (0.25, "770", "Mentalis")
    assert second.duration_s == pytest.approx(0.05)
    assert recording.start == "2020-01-02T03:04:05"
    assert recording.patient["id"] == "P1"
    assert recording.patient["name"] == "Smith"


@pytest.mark.parametrize(
    ("unit", "code", "expected"),
    [(b"mV", 0, "uV"), (b"", 0, None), (b"degC", 6048, "degC"), (b"", 6048, "code 6048")],
)
def test_units(tmp_path: Path, unit: bytes, code: int, expected: str | None) -> None:
    recording = read_mne(write(tmp_path / "a.gdf", unit=unit, code=code))
    assert recording.channels[0].unit == expected
    assert len(recording.warnings) == (expected is None)


def test_filters_are_told(tmp_path: Path) -> None:
    assert read_mne(write(tmp_path / "a.gdf")).channels[0].filters == "HP:20Hz LP:3000Hz"


def test_a_cut_off_file_gives_whole_records(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gdf", "2.51")
    path.write_bytes(path.read_bytes()[: 1024 + 400 * 7 + 33])
    recording = read_mne(path)
    assert recording.channels[0].n_samples == 700
    assert recording.marks == ()
    assert "7 of 10" in recording.warnings[0]
    np.testing.assert_allclose(recording.source.read(0, 690, 700), RAMP[690:700] * 100.0)


def test_a_header_that_claims_too_much_allocates_nothing(tmp_path: Path) -> None:
    recording = read_mne(write(tmp_path / "a.gdf", n_records=10**9))
    assert recording.channels[0].n_samples <= 1100
    assert "1000000000" in recording.warnings[0]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"limits": (1.0, 1.0, -100, 100)}, "scale"),
        ({"limits": (-1.0, 1.0, 100, -100)}, "scale"),
        ({"kind": 16, "limits": (float("nan"), 1.0, -100, 100)}, "scale"),
    ],
)
def test_scales_that_cannot_be_true(tmp_path: Path, change: dict[str, object], fault: str) -> None:
    path = write(tmp_path / "a.gdf", **change)  # type: ignore[arg-type]
    with pytest.raises(ReadError, match=fault):
        read_mne(path)


@pytest.mark.parametrize("size", [0, 100, 255, 300, 1000, 1024])
def test_files_that_end_in_the_header(tmp_path: Path, size: int) -> None:
    path = write(tmp_path / "a.gdf")
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(ReadError, match=r"a\.gdf"):
        read_mne(path)


def test_damaged_event_table_is_left_out(tmp_path: Path) -> None:
    recording = read_mne(write(tmp_path / "a.gdf", mode=9))
    assert recording.marks == ()
    assert "event table" in recording.warnings[0]


@pytest.mark.parametrize("name", ["hreflex.gdf", "hreflex_GDF1.gdf"])
def test_shared_equals_fif(shared_recordings: Path, name: str) -> None:
    folder = shared_recordings / "formats" / "same_recording"
    head = (folder / name).read_bytes()[:4096]
    assert recognizes_mne(head, folder / name)
    recording, reference = read_mne(folder / name), read_mne(folder / "hreflex_raw.fif")
    for channel in range(2):
        ours = recording.source.read(channel, 26600, 27600)
        theirs = reference.source.read(channel, 26600, 27600)
        # The copy was quantized twice, in steps of 0.244 uV, of a signal of 10 mV.
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=2 * 0.244)
    if name == "hreflex.gdf":
        assert [m.text for m in recording.marks] == [m.text for m in reference.marks]
        ours_s = [m.time_s for m in recording.marks]
        np.testing.assert_allclose(ours_s, [m.time_s for m in reference.marks], atol=1e-4)
    else:
        trigger = recording.source.read(2, 0, 248000) > 2.5e6
        assert np.count_nonzero(np.diff(trigger.astype(int)) == 1) >= 20
