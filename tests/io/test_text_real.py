"""Real text files beside the project, against truth that other programs wrote."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from amr_viewer.core.recording import Recording
from amr_viewer.errors import ReadError
from amr_viewer.io.text import read_text


def samples(recording: Recording, channel: int = 0) -> np.ndarray:
    return recording.source.read(channel, 0, recording.channels[channel].n_samples)


@pytest.mark.parametrize(
    ("name", "n_sweeps", "unit_uv"),
    [
        ("formats/same_recording/mwave_84sweeps_wide.csv", 84, 1.0),
        ("formats/same_recording/mwave_84sweeps_semicolon_decimalcomma.csv", 84, 1.0),
        ("formats/same_recording/mwave_10sweeps_utf16_tab.txt", 10, 1.0),
        ("damaged/csv_mixed_line_endings.csv", 84, 1.0),
        ("real/mwave_monstim/Example Data 3.csv", 84, 1e3),
    ],
)
def test_one_set_of_sweeps_in_every_dress(
    shared_recordings: Path, name: str, n_sweeps: int, unit_uv: float
) -> None:
    truth = np.load(shared_recordings / "formats/same_recording/mwave_84sweeps.npz")
    recording = read_text(shared_recordings / name)
    got = samples(recording).reshape(n_sweeps, -1)
    np.testing.assert_allclose(got, truth["sweeps"][:n_sweeps] * unit_uv, rtol=1e-4, atol=1e-9)
    assert recording.channels[0].sampling_hz == 30000.0
    assert [round(m.time_s, 9) for m in recording.marks] == [k + 0.001 for k in range(n_sweeps)]
    if "Stim " in recording.marks[0].text:
        volts = [float(re.findall(r"[\d.]+", m.text)[0]) for m in recording.marks]
        np.testing.assert_allclose(volts, truth["stim_V"], rtol=1e-4)
    assert all(m.stimulus and m.stimulus.intensity_ma is None for m in recording.marks)


def test_float_noise_in_times_is_no_irregularity(shared_recordings: Path) -> None:
    recording = read_text(shared_recordings / "real/mwave_monstim/Example Data 2.csv")
    assert len(recording.segments) == 80
    assert recording.channels[0].sampling_hz == 10000.0
    assert recording.channels[0].unit == "uV"


def test_a_row_of_intensities_is_no_sample(shared_recordings: Path) -> None:
    recording = read_text(shared_recordings / "real/recruitment_csv/example-waveforms.csv")
    raw = np.loadtxt(
        shared_recordings / "real/recruitment_csv/example-waveforms.csv", delimiter=","
    )
    np.testing.assert_allclose(samples(recording).reshape(41, 193), raw[1:, 1:].T, rtol=1e-6)
    assert recording.channels[0].sampling_hz == 3200.0
    assert [m.text for m in recording.marks] == [f"Stim {v:g}" for v in raw[0, 1:]]


@pytest.mark.parametrize(
    ("name", "lines", "n_segments", "n_samples"),
    [
        ("healthy", (639, 41464), 1, 50860),
        ("myopathy", (64468, 93751), 3, 110337),
        ("neuropathy", (71194, 84054), 12, 147858),
    ],
)
def test_damaged_lines_of_needle_recordings(
    shared_recordings: Path, name: str, lines: tuple[int, int], n_segments: int, n_samples: int
) -> None:
    recording = read_text(shared_recordings / f"real/needle_emgdb/emg_{name}.txt")
    (channel,) = recording.channels
    assert (channel.sampling_hz, channel.n_samples, channel.unit) == (4000.0, n_samples, None)
    assert len(recording.segments) == n_segments
    assert np.flatnonzero(np.isnan(samples(recording))).tolist() == [n - 1 for n in lines]
    assert any(f"lines {lines[0]}, {lines[1]}: fields" in w for w in recording.warnings)
    assert any("unit unknown" in w for w in recording.warnings)


def test_acqknowledge_export(shared_recordings: Path) -> None:
    recording = read_text(shared_recordings / "real/facial_biopac_txt/femg_raw_exported_sample.txt")
    assert [(c.label, c.file_unit) for c in recording.channels[:3]] == [
        ("Corr Raw", "mV"),
        ("Zyg Raw", "mV"),
        ("Lev Raw", "Volts"),
    ]
    assert [c.n_samples for c in recording.channels] == [13150] * 15
    assert recording.channels[0].sampling_hz == 1000.0
    np.testing.assert_allclose(samples(recording, 1)[:2], [-1.2207, 0.0], rtol=1e-6)
    assert any("claims 2054992 samples, the file holds 13150" in w for w in recording.warnings)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("damaged/csv_ragged_rows.csv", "82 fields, the rows have 85"),
        ("real/recruitment_csv/example-data1.txt", "neither a time column nor a sampling rate"),
        ("formats/bids_emg/emg_CustomBipolarFace/participants.tsv", "participants.tsv: "),
    ],
)
def test_what_holds_no_signal_or_cannot_be_trusted_is_refused(
    shared_recordings: Path, name: str, words: str
) -> None:
    with pytest.raises(ReadError) as caught:
        read_text(shared_recordings / name)
    assert words in str(caught.value)
