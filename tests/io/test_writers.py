from __future__ import annotations

from dataclasses import dataclass, replace
from math import isnan, nan
from pathlib import Path

import edfio
import mne
import numpy as np
import pytest

from amr_viewer.core.recording import Channel, ChannelKind, Mark, Recording, Segment
from amr_viewer.errors import ExportError
from amr_viewer.io.edf import read_edf
from amr_viewer.io.writers import write_edf


@dataclass(frozen=True)
class Memory:
    signals: tuple[np.ndarray, ...]

    def read(self, channel: int, start: int, stop: int) -> np.ndarray:
        return self.signals[channel][start:stop]


def recording(
    rates: tuple[float, ...] = (1000.0, 1000.0),
    segments: tuple[tuple[float, float], ...] = ((0.0, 4.0),),
    marks: tuple[Mark, ...] = (),
    scale_uv: float = 100.0,
) -> Recording:
    rng = np.random.default_rng(4)
    stored = np.concatenate(([0.0], np.cumsum([d for _, d in segments])))
    counts = [round(stored[-1] * rate) for rate in rates]
    signals = tuple((scale_uv * rng.standard_normal(n)).astype(np.float32) for n in counts)
    channels = tuple(
        Channel(f"EMG {k}", "uV", rate, n, kind=ChannelKind.EMG, filters="HP:20Hz LP:3kHz")
        for k, (rate, n) in enumerate(zip(rates, counts, strict=True))
    )
    pieces = tuple(Segment(s, d, float(b)) for (s, d), b in zip(segments, stored, strict=False))
    return Recording("r", "", "memory", channels, pieces, marks, Memory(signals))


def samples(source: Recording, channel: int) -> np.ndarray:
    return source.source.read(channel, 0, source.channels[channel].n_samples)


@pytest.mark.parametrize("suffix", [".edf", ".bdf"])
def test_contiguous_recording_comes_back(tmp_path: Path, suffix: str) -> None:
    marks = (Mark(0.1234567, nan, "Stim ZYG L 8 mA"), Mark(3.9, 0.25, "Änderung µ"))
    original = recording(marks=marks)
    path = tmp_path / f"a{suffix}"
    assert write_edf(original, path) == ()
    again = read_edf(path)
    assert again.format == suffix[1:].upper() + "+C"
    assert again.warnings == ()
    assert [m.text for m in again.marks] == [m.text for m in marks]
    assert again.marks[0].time_s == pytest.approx(0.1234567, abs=1e-9)
    assert isnan(again.marks[0].duration_s)
    assert again.marks[1].duration_s == 0.25
    assert again.channels[0].filters == "HP:20Hz LP:3kHz"
    for k in range(2):
        step = np.abs(samples(original, k)).max() / (2**15 if suffix == ".edf" else 2**23)
        error = np.abs(samples(again, k) - samples(original, k)).max()
        assert error <= 0.6 * step + 1e-4


def test_gaps_are_kept(tmp_path: Path) -> None:
    segments = ((0.0, 0.12), (0.3331, 0.12), (7.5, 0.12))
    marks = (Mark(0.0201, nan, "a"), Mark(0.3532, nan, "b"), Mark(5.0, nan, "in a gap"))
    original = recording(segments=segments, marks=marks)
    write_edf(original, tmp_path / "d.edf")
    again = read_edf(tmp_path / "d.edf")
    assert again.format == "EDF+D"
    assert [(s.start_s, s.duration_s) for s in again.segments] == [
        (pytest.approx(s), pytest.approx(d)) for s, d in segments
    ]
    assert [(m.time_s, m.text) for m in again.marks] == [(m.time_s, m.text) for m in marks]
    np.testing.assert_allclose(samples(again, 1), samples(original, 1), atol=0.01)


def test_edfio_and_mne_read_the_same(tmp_path: Path) -> None:
    original = recording(marks=(Mark(1.5, nan, "x"),))
    path = tmp_path / "o.edf"
    write_edf(original, path)
    theirs = edfio.read_edf(path)
    np.testing.assert_allclose(theirs.signals[0].data, samples(original, 0), atol=0.01)
    assert theirs.signals[0].physical_dimension == "uV"
    assert [(a.onset, a.text) for a in theirs.annotations] == [(1.5, "x")]
    raw = mne.io.read_raw_edf(path, preload=True, verbose="error")
    np.testing.assert_allclose(1e6 * raw.get_data()[1], samples(original, 1), atol=0.01)
    assert raw.annotations.onset.tolist() == [1.5]


def test_edfio_reads_discontinuous_annotations(tmp_path: Path) -> None:
    marks = (Mark(0.02, nan, "a"), Mark(7.52, nan, "b"))
    path = tmp_path / "d.bdf"
    write_edf(recording(segments=((0.0, 0.1), (7.5, 0.1)), marks=marks), path)
    theirs = edfio.read_bdf(path)
    assert theirs.reserved == "BDF+D"
    assert [(a.onset, a.text) for a in theirs.annotations] == [(0.02, "a"), (7.52, "b")]


def test_mixed_rates(tmp_path: Path) -> None:
    original = recording(rates=(1000.0, 256.0, 20_000.0), segments=((0.0, 2.0),))
    write_edf(original, tmp_path / "m.edf")
    again = read_edf(tmp_path / "m.edf")
    assert [c.sampling_hz for c in again.channels] == [1000.0, 256.0, 20_000.0]
    np.testing.assert_allclose(samples(again, 1), samples(original, 1), atol=0.01)


def test_odd_length_needs_no_padding(tmp_path: Path) -> None:
    original = recording(segments=((0.0, 13.15),))
    assert write_edf(original, tmp_path / "p.edf") == ()
    assert read_edf(tmp_path / "p.edf").channels[0].n_samples == 13_150


def test_padding_is_told(tmp_path: Path) -> None:
    original = recording(segments=((0.0, 20.011),))
    notes = write_edf(original, tmp_path / "p.edf")
    again = read_edf(tmp_path / "p.edf")
    assert len(notes) == 1
    assert "padded" in notes[0]
    length = original.channels[0].n_samples
    assert again.channels[0].n_samples > length
    got = again.source.read(0, 0, length)
    np.testing.assert_allclose(got, samples(original, 0), atol=0.01)
    assert len(set(again.source.read(0, length - 1, again.channels[0].n_samples))) == 1


def test_padding_never_runs_into_the_next_segment(tmp_path: Path) -> None:
    segments = ((0.0, 1.0007), (1.00075, 1.0))
    with pytest.raises(ExportError, match="follows too closely"):
        write_edf(recording((10_000.0,), segments), tmp_path / "p.edf")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("scale_uv", [0.01, 7.0, 3000.0, 2e6])
def test_nothing_clips_and_steps_are_fine(tmp_path: Path, scale_uv: float) -> None:
    original = recording(scale_uv=scale_uv)
    write_edf(original, tmp_path / "s.edf")
    got, expected = samples(read_edf(tmp_path / "s.edf"), 0), samples(original, 0)
    step = max(np.abs(expected).max(), 1.0) / 32_767
    assert np.abs(got - expected).max() <= 0.51 * step + 1e-6 * scale_uv


def test_a_silent_channel_stays_silent(tmp_path: Path) -> None:
    write_edf(recording(scale_uv=0.0), tmp_path / "z.edf")
    assert not samples(read_edf(tmp_path / "z.edf"), 0).any()


def test_trigger_integers_are_kept(tmp_path: Path) -> None:
    codes = np.zeros(2000, dtype=np.float32)
    codes[500:510] = 7
    channel = Channel("TTL", "uV", 1000.0, 2000, kind=ChannelKind.TRIGGER)
    original = replace(
        recording(segments=((0.0, 2.0),)), channels=(channel,), source=Memory((codes,))
    )
    write_edf(original, tmp_path / "t.edf")
    np.testing.assert_array_equal(samples(read_edf(tmp_path / "t.edf"), 0), codes)


def test_labels_that_do_not_fit_are_told(tmp_path: Path) -> None:
    base = recording()
    labels = ("Круговая", "a label of more than sixteen")
    channels = tuple(
        replace(c, label=label) for c, label in zip(base.channels, labels, strict=True)
    )
    notes = write_edf(replace(base, channels=channels), tmp_path / "l.edf")
    assert [c.label for c in read_edf(tmp_path / "l.edf").channels] == ["Ch1", "a label of more"]
    assert len(notes) == 2
    assert "Круговая" in notes[0]


def test_patient_start_and_channel_of_a_mark(tmp_path: Path) -> None:
    facts = {"id": "S 1", "name": "Sample Ä", "sex": "female", "birthdate": "1960-02-03"}
    original = replace(
        recording(marks=(Mark(1.0, nan, "onset", channel="EMG 1"),)),
        patient=facts,
        start="2024-03-04T09:00:01.250000",
        equipment="amp 3",
    )
    write_edf(original, tmp_path / "n.edf")
    again = read_edf(tmp_path / "n.edf")
    assert again.patient == {
        "id": "S 1", "name": "Sample A", "sex": "F", "birthdate": "1960-02-03",
    }  # fmt: skip
    assert again.start is not None
    assert again.start.startswith("2024-03-04T09:00:01.25")
    assert again.equipment == "amp 3"
    assert (again.marks[0].text, again.marks[0].channel) == ("onset", "EMG 1")
    assert again.marks[0].time_s == pytest.approx(1.0, abs=1e-9)


def test_a_mark_cannot_break_the_annotation_list(tmp_path: Path) -> None:
    write_edf(recording(marks=(Mark(1.0, nan, "a\x14b\x00c"),)), tmp_path / "x.edf")
    assert [m.text for m in read_edf(tmp_path / "x.edf").marks] == ["a b c"]


def test_an_existing_file_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "e.edf"
    path.write_bytes(b"precious")
    with pytest.raises(ExportError, match=r"e\.edf: the file exists"):
        write_edf(recording(), path)
    assert path.read_bytes() == b"precious"
    write_edf(recording(), path, overwrite=True)
    assert read_edf(path).duration_s == 4.0


def test_missing_samples_are_refused_and_nothing_is_left(tmp_path: Path) -> None:
    base = recording()
    broken = samples(base, 0).copy()
    broken[10] = np.nan
    bad = replace(base, source=Memory((broken, samples(base, 1))))
    with pytest.raises(ExportError, match="EMG 0: samples are missing"):
        write_edf(bad, tmp_path / "q.edf")
    assert list(tmp_path.iterdir()) == []


def test_unknown_suffix_and_missing_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="unknown suffix"):
        write_edf(recording(), tmp_path / "a.txt")
    with pytest.raises(ExportError, match="cannot be written"):
        write_edf(recording(), tmp_path / "none" / "a.edf")


def test_an_empty_recording_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no samples"):
        write_edf(replace(recording(), segments=()), tmp_path / "a.edf")
