"""Text exports in the layout of Natus machines."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from amr_viewer.core.recording import Recording
from amr_viewer.errors import ReadError
from amr_viewer.io.text import read_text

HEAD = (
    "; Viking v.22.1 - © 2021 Natus\n[1 - Test Info]\nPatient ID=T-1\nGender=Female\n"
    "Visit Date=2026-11-20\nAcquisition Start Time=10:00:00\n\n[1.1 - Channel 1]\n"
    "Channel Number=1\nSite=Mentalis\nSampling Frequency(kHz)=48,0\n"
    "Subsampled(kHz)=10,0\nLow(Hz)=20\nHigh(kHz)=3\n\n"
)
VALUES = np.array([[0.25, -1.5, 2.0, 0.125, 1.0], [0.5, 0.75, -2.25, 3.0, -4.0]])


def trace(k: int, values: str, channel: int = 1) -> str:
    return (
        f"[1.{channel}.{k} - Trace Data]\nChannel Number={channel}\nStimulus Intensity(mA)={k},5\n"
        f"Trace Duration(ms)=0,4\nSweep  Data(mV)<5>={values}\n\n"
    )


def comma(row: np.ndarray) -> list[str]:
    return [f"{v:.4f}".replace(".", ",") for v in row]


def read(folder: Path, text: str, encoding: str = "utf-16") -> Recording:
    path = folder / "a.txt"
    path.write_text(text, encoding=encoding)
    return read_text(path)


FORMS = {
    "continued lines": [" ".join(comma(v)[:3]) + "/\n" + " ".join(comma(v)[3:]) for v in VALUES],
    "decimal point": [",".join(f"{x:.4f}" for x in v) for v in VALUES],
    "commas between decimal commas": [",".join(comma(v)) for v in VALUES],
    "semicolons": [";".join(comma(v)) for v in VALUES],
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_every_form_gives_the_same_numbers(tmp_path: Path, form: str, encoding: str) -> None:
    text = HEAD + "".join(trace(k, v) for k, v in enumerate(FORMS[form], 1))
    recording = read(tmp_path, text, encoding)
    (channel,) = recording.channels
    assert (channel.label, channel.unit, channel.file_unit) == ("Mentalis", "uV", "mV")
    assert (channel.sampling_hz, channel.filters) == (10000.0, "HP:20Hz LP:3kHz")
    np.testing.assert_array_equal(recording.source.read(0, 0, 10), VALUES.ravel() * 1e3)
    assert [(s.start_s, s.duration_s) for s in recording.segments] == [(0.0, 5e-4), (1.0, 5e-4)]
    assert [(m.time_s, m.text) for m in recording.marks] == [
        (0.0, "Stim 1.5 mA"),
        (1.0, "Stim 2.5 mA"),
    ]
    assert [m.stimulus.intensity_ma for m in recording.marks if m.stimulus] == [1.5, 2.5]
    assert recording.format == "Natus text"
    assert recording.patient == {"id": "T-1", "sex": "Female"}
    assert recording.start == "2026-11-20T10:00:00"
    assert any("at their start" in w for w in recording.warnings)


def test_a_cut_trace_is_padded_with_a_warning(tmp_path: Path) -> None:
    recording = read(tmp_path, HEAD + trace(1, "1,0 2,0 3,0"))
    np.testing.assert_array_equal(recording.source.read(0, 0, 5), [1e3, 2e3, 3e3, np.nan, np.nan])
    assert any("3 of 5 values" in w for w in recording.warnings)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD, "no traces found"),
        (HEAD + trace(1, "1 2 3 4 5 6"), "6 values where 5 are announced"),
        (HEAD + trace(1, "1 2 x 4 5"), "section 1.1.1"),
        (HEAD.replace("kHz", "?") + trace(1, "1 2 3 4 5"), "no sampling rate"),
        (
            HEAD + trace(1, "1 2 3 4 5") + trace(1, "1 2 3 4 5", 2) * 2,
            "different numbers of sweeps",
        ),
        (HEAD + trace(1, "1 2 3 4 5") + trace(1, "1 2 3 4 5").replace("[1.1", "[2.1"), "2 tests"),
    ],
)
def test_refused_with_a_reason(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ReadError, match=r"^a\.txt: ") as caught:
        read(tmp_path, text)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "name", ["utf16_decimal_comma", "utf16_decimal_point", "cp1252_point_singleline"]
)
def test_reconstructed_exports_hold_the_sweeps_of_the_mwave_set(
    shared_recordings: Path, name: str
) -> None:
    folder = shared_recordings / "formats"
    path = folder / "natus_text_reconstructed" / f"SYNTHETIC_layout_{name}.txt"
    recording = read_text(path)
    assert [(c.label, c.n_samples) for c in recording.channels] == [
        ("Mentalis", 800),
        ("Orb oculi", 800),
    ]
    reference = read_text(
        folder / "natus_text_reconstructed" / "SYNTHETIC_layout_utf16_decimal_point.txt"
    )
    for i in range(2):
        np.testing.assert_array_equal(
            recording.source.read(i, 0, 800), reference.source.read(i, 0, 800)
        )
    np.testing.assert_allclose(recording.source.read(0, 0, 4), [3.0, -1.6, 0.6, 3.4], rtol=1e-6)
