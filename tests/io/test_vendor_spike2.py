"""Spike2: channels, rates, units, pauses, events and damage; files are made byte by byte."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from amr_viewer.core.recording import Recording
from amr_viewer.errors import ReadError, UnsupportedFormatError
from amr_viewer.io.spike2 import read_spike2, recognizes_spike2

pytest.importorskip("neo")

N_CHANNELS = 8
HEADER_BYTES = 512 + 140 * N_CHANNELS


@dataclass
class Blocks:
    """A channel: blocks of (tick of the first item, items as bytes, number of items)."""

    title: bytes
    kind: int
    blocks: list[tuple[int, bytes, int]]
    divide: int = 1
    unit: bytes = b"mV"
    scale: float = 1.0
    offset: float = 0.0
    extra: int = 0


def wave(title: bytes, starts: list[int], pieces: list[np.ndarray], **options: object) -> Blocks:
    """A waveform channel of 16 bits."""
    blocks = [(t, p.astype("<i2").tobytes(), len(p)) for t, p in zip(starts, pieces, strict=True)]
    return Blocks(title, 1, blocks, **options)  # type: ignore[arg-type]


def events(title: bytes, ticks: list[int], kind: int = 3) -> Blocks:
    """An event channel."""
    return Blocks(title, kind, [(ticks[0], struct.pack(f"<{len(ticks)}i", *ticks), len(ticks))])


def pascal(text: bytes, width: int) -> bytes:
    return (bytes([len(text)]) + text).ljust(width, b"\0")


def channel_header(channel: Blocks, positions: list[int]) -> bytes:
    """The 140 bytes that describe a channel."""
    return (
        struct.pack("<hiii", 0, -1, positions[0], positions[-1])
        + struct.pack("<hhhhhh", len(positions), channel.extra, 0, 0, 0, 0)
        + bytes(72 + 4 + 4 + 2)
        + pascal(channel.title, 10)
        + struct.pack("<fBb", 0.0, channel.kind, 0)
        + struct.pack("<ff", channel.scale, channel.offset)
        + pascal(channel.unit, 6)
        + struct.pack("<h", channel.divide)
    )


def write(path: Path, channels: list[Blocks]) -> Path:
    """Write a file of the 32-bit format, version 3, ticks of 10 us."""
    head = bytearray(512)
    head[:12] = struct.pack("<h10s", 3, b"(C) CED 87")
    struct.pack_into("<hh", head, 20, 10, 1)
    struct.pack_into("<ih", head, 26, HEADER_BYTES, N_CHANNELS)
    struct.pack_into("<6BH", head, 52, 25, 5, 4, 3, 2, 1, 2020)
    headers, body = bytes(head), b""
    for number, channel in enumerate(channels):
        lengths = [20 + len(data) for _, data, _ in channel.blocks]
        positions = [HEADER_BYTES + len(body) + sum(lengths[:i]) for i in range(len(lengths))]
        followers = [*positions[1:], -1]
        for (tick, data, n), follower in zip(channel.blocks, followers, strict=True):
            last = tick + (n - 1) * channel.divide if channel.kind == 1 else tick
            body += struct.pack("<iiiihh", -1, follower, tick, last, number, n) + data
        headers += channel_header(channel, positions)
    path.write_bytes(headers.ljust(HEADER_BYTES, b"\0") + body)
    return path


def values(recording: Recording, channel: int) -> np.ndarray:
    return recording.source.read(channel, 0, recording.channels[channel].n_samples)


RAMP = np.arange(-150, 150)
"""300 samples; at `divide` 10 they last 30 ms at 10 kHz."""


def test_units_scales_rates_and_start(tmp_path: Path) -> None:
    channels = [
        wave(b"L Ment", [0, 1000], [RAMP[:100], RAMP[100:]], divide=10, scale=2.0),
        wave(b"R Ment", [0], [RAMP], divide=5, unit=b" Volt"),
        wave(b"HR", [0], [RAMP], divide=10, unit=b"bpm", offset=3.0),
        wave(b"odd", [0], [RAMP], divide=10, unit=b""),
    ]
    path = write(tmp_path / "a.smr", channels)
    assert recognizes_spike2(path.read_bytes()[:512], path)
    recording = read_spike2(path)
    assert [(c.label, c.unit, c.file_unit, c.sampling_hz) for c in recording.channels] == [
        ("L Ment", "uV", "mV", 10000.0),
        ("R Ment", "uV", "Volt", 20000.0),
        ("HR", "bpm", "bpm", 10000.0),
        ("odd", None, None, 10000.0),
    ]
    np.testing.assert_allclose(values(recording, 0), RAMP * 2e3 / 6553.6, rtol=1e-6)
    np.testing.assert_allclose(values(recording, 1), RAMP * 1e6 / 6553.6, rtol=1e-6)
    np.testing.assert_allclose(values(recording, 2), RAMP / 6553.6 + 3, rtol=1e-6)
    np.testing.assert_allclose(recording.source.read(0, 95, 105), RAMP[95:105] * 2e3 / 6553.6)
    assert recording.start == "2020-01-02T03:04:05.250000"
    assert recording.warnings == ('the file gives no unit for "odd"; set it in the protocol',)


def test_pauses_become_gaps(tmp_path: Path) -> None:
    pieces = [RAMP[:100], RAMP[100:]]
    channels = [wave(b"a", [100, 50100], pieces, divide=10)]
    recording = read_spike2(write(tmp_path / "a.smr", channels))
    assert [(s.start_s, s.duration_s, s.stored_s) for s in recording.segments] == [
        (0.001, pytest.approx(0.01), 0.0),
        (0.501, pytest.approx(0.02), pytest.approx(0.01)),
    ]
    np.testing.assert_allclose(values(recording, 0), RAMP * 1e3 / 6553.6, rtol=1e-6)
    assert recording.sample_index(0, np.array([0.501]))[0] == pytest.approx(100)


def test_a_pause_of_one_channel_is_nan_there_and_moves_nothing(tmp_path: Path) -> None:
    channels = [
        wave(b"a", [0], [RAMP], divide=10),
        wave(b"b", [500, 2000], [RAMP[:50], RAMP[50:100]], divide=10),
    ]
    recording = read_spike2(write(tmp_path / "a.smr", channels))
    assert len(recording.segments) == 1
    np.testing.assert_allclose(values(recording, 0), RAMP * 1e3 / 6553.6, rtol=1e-6)
    paused = values(recording, 1)
    assert len(paused) == 250
    expected = np.full(250, np.nan)
    expected[50:100], expected[200:250] = RAMP[:50], RAMP[50:100]
    np.testing.assert_allclose(paused, expected * 1e3 / 6553.6, rtol=1e-6)


def test_samples_off_the_common_time_base_are_warned_of(tmp_path: Path) -> None:
    channels = [
        wave(b"a", [0], [RAMP], divide=100),
        wave(b"b", [40], [RAMP], divide=100),
    ]
    recording = read_spike2(write(tmp_path / "a.smr", channels))
    assert '"b" was sampled 0.40 ms' in recording.warnings[0]


def test_events_markers_and_texts_become_marks(tmp_path: Path) -> None:
    keys = struct.pack("<ii", 700, ord("S")) + struct.pack("<ii", 800, 3)
    text = struct.pack("<ii16s", 650, 0, b"Stim L 5 mA\0junk")
    channels = [
        wave(b"a", [500], [RAMP], divide=10),
        events(b"Hreflex", [100, 1234, 90000]),
        Blocks(b"Keyboard", 5, [(700, keys, 2)]),
        Blocks(b"Memory", 8, [(650, text, 1)], extra=16),
    ]
    recording = read_spike2(write(tmp_path / "a.smr", channels))
    assert [(m.time_s, m.text) for m in recording.marks] == [
        (0.001, "Hreflex"),
        (0.0065, "Stim L 5 mA"),
        (0.007, "Keyboard S"),
        (0.008, "Keyboard #3"),
        (0.01234, "Hreflex"),
        (0.9, "Hreflex"),
    ]


def test_both_edges_of_a_level_are_said(tmp_path: Path) -> None:
    channels = [wave(b"a", [0], [RAMP], divide=10), events(b"TTL", [100, 200], kind=4)]
    recording = read_spike2(write(tmp_path / "a.smr", channels))
    assert len(recording.marks) == 2
    assert "both edges" in recording.warnings[0]


@pytest.mark.parametrize("size", [0, 11, 400, 800, HEADER_BYTES, HEADER_BYTES + 50])
def test_cut_off_files_are_refused(tmp_path: Path, size: int) -> None:
    path = write(tmp_path / "a.smr", [wave(b"a", [0], [RAMP], divide=10)])
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(ReadError, match=r"a\.smr"):
        read_spike2(path)


def test_files_without_waveform_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no waveform"):
        read_spike2(write(tmp_path / "a.smr", [events(b"Hreflex", [100])]))


def test_the_closed_format_is_refused_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "a.smrx"
    path.write_bytes(b"S64 " + bytes(1000))
    assert recognizes_spike2(path.read_bytes(), path)
    with pytest.raises(UnsupportedFormatError, match="export"):
        read_spike2(path)


def test_shared_physiology_equals_fif(shared_recordings: Path) -> None:
    from amr_viewer.io.mne_formats import read_mne

    recording = read_spike2(shared_recordings / "real" / "hreflex_spike2" / "physiology.smr")
    fif = read_mne(shared_recordings / "formats" / "same_recording" / "hreflex_raw.fif")
    labels = [c.label for c in recording.channels]
    for theirs, label in enumerate(("soleus", "FDI")):
        ours = recording.source.read(labels.index(label), 0, 248000)
        np.testing.assert_allclose(ours, fif.source.read(theirs, 0, 248000), rtol=1e-5, atol=1e-3)
    stimuli = [m for m in recording.marks if not m.text.startswith("Keyboard")]
    assert [m.text for m in stimuli] == [m.text for m in fif.marks]
    np.testing.assert_allclose(
        [m.time_s for m in stimuli], [m.time_s for m in fif.marks], atol=1e-5
    )


def test_shared_motor_units(shared_recordings: Path) -> None:
    recording = read_spike2(shared_recordings / "real" / "hreflex_spike2" / "motor_units.smr")
    assert [(c.label, c.unit, c.sampling_hz) for c in recording.channels][:2] == [
        ("DIA SMU", "uV", 25000.0),
        ("flow", "L/s", 1000.0),
    ]
    assert {m.text for m in recording.marks} == {"MU1", "MU2"}
    signal = values(recording, 0)

    def average(unit: str, shift_s: float) -> float:
        """Peak to peak of the average over the unit's discharges."""
        times_s = np.array([m.time_s for m in recording.marks if m.text == unit]) + shift_s
        at = recording.sample_index(0, times_s).astype(int)
        return float(np.ptp(signal[at[:, None] + np.arange(150)].mean(axis=0)))

    for unit in ("MU1", "MU2"):
        assert average(unit, 0.0) > 5 * max(average(unit, -0.02), average(unit, 0.02))


def test_shared_truncated(shared_recordings: Path) -> None:
    with pytest.raises(ReadError, match=r"smr_truncated\.smr"):
        read_spike2(shared_recordings / "damaged" / "smr_truncated.smr")
