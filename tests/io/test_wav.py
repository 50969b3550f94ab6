from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from scipy.io import wavfile

from amr_viewer.core.recording import Channel, ChannelKind, Recording, Segment
from amr_viewer.errors import ExportError
from amr_viewer.io.wav import FULL_SCALE, even_range, read_even, write_wav

HZ = 8000.0


@dataclass(frozen=True)
class Memory:
    signal: np.ndarray

    def read(self, channel: int, start: int, stop: int) -> np.ndarray:
        assert 0 <= start <= stop <= len(self.signal)
        return self.signal[start:stop]


def recording(
    signal: np.ndarray,
    segments: tuple[tuple[float, float], ...] | None = None,
    hz: float = HZ,
    unit: str | None = "uV",
) -> Recording:
    pieces = segments or ((0.0, len(signal) / hz),)
    stored = np.concatenate(([0.0], np.cumsum([d for _, d in pieces])))
    channel = Channel("EMG µ L", unit, hz, len(signal), kind=ChannelKind.EMG)
    return Recording(
        name="r.edf",
        path="",
        format="EDF",
        channels=(channel,),
        segments=tuple(Segment(s, d, float(b)) for (s, d), b in zip(pieces, stored, strict=False)),
        marks=(),
        source=Memory(signal.astype(np.float32)),
    )


def tone(seconds: float, hz: float = 440.0, size: float = 250.0) -> np.ndarray:
    return size * np.sin(2 * np.pi * hz * np.arange(round(seconds * HZ)) / HZ)


def test_the_file_holds_the_signal_at_its_own_rate_and_the_stated_scale(tmp_path: Path) -> None:
    signal = tone(2.0)
    note = write_wav(recording(signal), 0, 0.5, 1.5, tmp_path / "a.wav")
    rate, samples = wavfile.read(tmp_path / "a.wav")
    assert rate == note.sampling_hz == 8000
    assert samples.dtype == np.int16
    assert len(samples) == note.n_samples == 8000
    restored = samples * (note.full_scale / FULL_SCALE)
    np.testing.assert_allclose(restored, signal[4000:12000], atol=note.full_scale / FULL_SCALE)
    spectrum = np.abs(np.fft.rfft(samples.astype(float)))
    assert np.fft.rfftfreq(8000, 1 / rate)[spectrum.argmax()] == pytest.approx(440.0)


def test_the_largest_sample_is_full_scale_and_nothing_is_cut(tmp_path: Path) -> None:
    note = write_wav(recording(tone(1.0, size=37.5)), 0, 0.0, 1.0, tmp_path / "a.wav")
    _, samples = wavfile.read(tmp_path / "a.wav")
    assert note.full_scale == pytest.approx(37.5, rel=1e-3)
    assert np.abs(samples).max() == FULL_SCALE
    assert note.n_clipped == 0
    assert note.remarks == ("full scale 37.5 µV",)


def test_samples_beyond_a_chosen_scale_are_cut_and_counted(tmp_path: Path) -> None:
    signal = np.array([0.0, 50.0, -50.0, 200.0, -300.0])
    note = write_wav(recording(signal), 0, 0.0, 1.0, tmp_path / "a.wav", full_scale=100.0)
    _, samples = wavfile.read(tmp_path / "a.wav")
    assert samples.tolist() == [0, 16384, -16384, FULL_SCALE, -FULL_SCALE]
    assert note.n_clipped == 2
    assert "2 samples are larger than that and were cut" in note.remarks


def test_the_file_says_its_scale_itself(tmp_path: Path) -> None:
    write_wav(recording(tone(0.5, size=120.0)), 0, 0.0, 0.5, tmp_path / "a.wav")
    raw = (tmp_path / "a.wav").read_bytes()
    assert b"EMG u L, 0.000 s to 0.500 s of the recording; 32767 is " in raw.replace(b"?", b"u")
    assert b" uV\x00" in raw
    assert struct.unpack("<4sI", raw[:8]) == (b"RIFF", len(raw) - 8)


def test_gaps_are_refused_unless_silence_is_wanted(tmp_path: Path) -> None:
    signal = np.concatenate([np.full(8000, 10.0), np.full(8000, -20.0)])
    gapped = recording(signal, ((0.0, 1.0), (1.5, 1.0)))
    target = tmp_path / "a.wav"
    with pytest.raises(ExportError, match=r"a\.wav: 0\.5 s of the stretch were not recorded"):
        write_wav(gapped, 0, 0.5, 2.0, target)
    assert list(tmp_path.iterdir()) == []
    note = write_wav(gapped, 0, 0.5, 2.0, target, gaps="silence")
    _, samples = wavfile.read(target)
    assert len(samples) == 12000
    assert note.silent_s == pytest.approx(0.5)
    assert "0.5 s of gaps are silence" in note.remarks
    assert samples[3999] == round(10 / 20 * FULL_SCALE)
    assert not samples[4000:8000].any()
    assert samples[8000] == -FULL_SCALE


def test_missing_samples_are_silence_too(tmp_path: Path) -> None:
    signal = tone(1.0)
    signal[100:150] = np.nan
    note = write_wav(recording(signal), 0, 0.0, 1.0, tmp_path / "a.wav", gaps="silence")
    _, samples = wavfile.read(tmp_path / "a.wav")
    assert note.silent_s == pytest.approx(50 / HZ)
    assert not samples[100:150].any()


def test_an_existing_file_stays_unless_it_may_be_replaced(tmp_path: Path) -> None:
    target = tmp_path / "a.wav"
    target.write_bytes(b"mine")
    with pytest.raises(ExportError, match="exists already"):
        write_wav(recording(tone(0.1)), 0, 0.0, 0.1, target)
    assert target.read_bytes() == b"mine"
    write_wav(recording(tone(0.1)), 0, 0.0, 0.1, target, overwrite=True)
    assert wavfile.read(target)[0] == 8000
    assert [p.name for p in tmp_path.iterdir()] == ["a.wav"]


def test_an_empty_stretch_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="holds no samples of EMG"):
        write_wav(recording(tone(0.1)), 0, 5.0, 6.0, tmp_path / "a.wav")
    with pytest.raises(ExportError, match=r"a\.wav: cannot be written \(No such file"):
        write_wav(recording(tone(0.1)), 0, 0.0, 0.1, tmp_path / "nowhere" / "a.wav")


def test_a_rate_that_is_no_whole_number_is_told(tmp_path: Path) -> None:
    odd = recording(np.ones(5000), hz=4882.8125, unit=None)
    note = write_wav(odd, 0, 0.0, 1.0, tmp_path / "a.wav")
    assert wavfile.read(tmp_path / "a.wav")[0] == 4883
    assert "rate 4882.81 Hz, written as 4883 Hz" in note.remarks
    assert note.remarks[0] == "full scale 1 (unit unknown)"


def test_silence_is_written_as_silence(tmp_path: Path) -> None:
    note = write_wav(recording(np.zeros(800)), 0, 0.0, 0.1, tmp_path / "a.wav")
    assert not wavfile.read(tmp_path / "a.wav")[1].any()
    assert note.full_scale == 1.0


def test_even_samples_do_not_depend_on_how_they_are_cut() -> None:
    rng = np.random.default_rng(3)
    gapped = recording(rng.standard_normal(16000), ((0.25, 1.0), (2.0, 1.0)))
    first, stop = even_range(gapped, 0, -1.0, 99.0)
    assert (first, stop) == (0, 24000)
    whole, missing = read_even(gapped, 0, first, stop)
    parts = [read_even(gapped, 0, a, a + 1600) for a in range(first, stop, 1600)]
    np.testing.assert_array_equal(whole, np.concatenate([p[0] for p in parts]))
    assert missing == sum(p[1] for p in parts) == 8000
    np.testing.assert_array_equal(whole[2000:10000], gapped.source.read(0, 0, 8000))
    np.testing.assert_array_equal(whole[16000:], gapped.source.read(0, 8000, 16000))
