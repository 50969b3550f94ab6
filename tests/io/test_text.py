"""Text tables of any dress give the same numbers, or say why they cannot."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from amr_viewer.core.recording import Recording
from amr_viewer.errors import ReadError
from amr_viewer.io import text_source
from amr_viewer.io.text import looks_like_text, read_text

RATE_HZ = 2000.0
N = 600
TIMES_S = np.arange(N) / RATE_HZ
SIGNAL_UV = np.round(np.random.default_rng(5).normal(0.0, 200.0, (N, 2)), 2)


def written(
    sep: str = ",", dec: str = ".", scale: float = 1e-3, times: NDArray[np.float64] = TIMES_S
) -> str:
    """Return rows of time and two channels, in mV unless `scale` says otherwise."""
    rows = zip(times, SIGNAL_UV * scale, strict=True)
    return (
        "\n".join(sep.join(f"{v:.9g}" for v in (t, *x)).replace(".", dec) for t, x in rows) + "\n"
    )


def read(
    folder: Path, text: str | bytes, encoding: str = "utf-8", name: str = "a.csv"
) -> Recording:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return read_text(path)


def samples(recording: Recording, channel: int = 0) -> NDArray[np.float32]:
    return recording.source.read(channel, 0, recording.channels[channel].n_samples)


NAMES_MV = "EMG L Mentalis (mV),R OOc [mV]\n"
TABBED_UV = "time [s]\tEMG L Mentalis [uV]\tR OOc [uV]\n" + written("\t", scale=1)
LABCHART = (
    "Interval=\t0.0005 s\nChannelTitle=\tEMG L Mentalis\tR OOc\nRange=\t10 mV\t10 mV\n"
    "UnitName=\tmV\tmV\n"
)
ACQKNOWLEDGE = (
    "x.acq\n0.5 msec/sample\n2 channels\nEMG L Mentalis\nmV\nR OOc\nmV\nmilliSec\tCH1\tCH2\t\n"
    "\t600\t600\t\n"
)
UNITS_ROW = "time,EMG L Mentalis,R OOc\n(ms),(V),(V)\n"
PREAMBLE = "Patient: A, B\nUnits: mV\n\ntime_s,EMG L Mentalis,R OOc\n"
QUOTED = "\n".join(f'"{row}"' for row in written('","', ",").splitlines())
CONTINUOUS = {
    "comma": ("time_s," + NAMES_MV + written(), "utf-8"),
    "byte-order mark": ("time_s," + NAMES_MV + written(), "utf-8-sig"),
    "CR": (("Time (s)," + NAMES_MV + written()).replace("\n", "\r"), "utf-8"),
    "CRLF": (("sec," + NAMES_MV + written()).replace("\n", "\r\n"), "utf-8"),
    "spaces around": ("time_s , EMG L Mentalis mV , R OOc_mV\n" + written(" , "), "utf-8"),
    "decimal comma": ("Zeit [s];" + NAMES_MV.replace(",", ";") + written(";", ","), "cp1252"),
    "micro sign": (TABBED_UV.replace("[uV]", "[µV]"), "cp1252"),
    "UTF-16 with mark": (TABBED_UV.replace("[uV]", "[μV]"), "utf-16"),
    "UTF-16 LE": (TABBED_UV, "utf-16-le"),
    "UTF-16 BE": (TABBED_UV, "utf-16-be"),
    "units row": (UNITS_ROW + written(scale=1e-6, times=TIMES_S * 1e3), "utf-8"),
    "preamble": (PREAMBLE + written(), "utf-8"),
    "comment sign": ("# Sampling rate: 2000 Hz\n# time," + NAMES_MV + written(), "utf-8"),
    "LabChart": (LABCHART + written("\t"), "utf-8"),
    "AcqKnowledge": (
        ACQKNOWLEDGE + written("\t", times=TIMES_S * 1e3).replace("\n", "\t\n"),
        "utf-8",
    ),
    "minutes": ("min," + NAMES_MV + written(times=TIMES_S / 60), "utf-8"),
    "epoch": ("time_s," + NAMES_MV + written(times=TIMES_S + 3600), "utf-8"),
    "quotes": ("time_s," + NAMES_MV + QUOTED, "utf-8"),
}


@pytest.mark.parametrize("case", CONTINUOUS)
def test_every_dress_gives_the_same_numbers(tmp_path: Path, case: str) -> None:
    text, encoding = CONTINUOUS[case]
    recording = read(tmp_path, text, encoding)
    assert [c.label for c in recording.channels] == ["EMG L Mentalis", "R OOc"]
    assert [(c.unit, c.sampling_hz, c.n_samples) for c in recording.channels] == [
        ("uV", RATE_HZ, N)
    ] * 2
    assert [(s.start_s, s.duration_s) for s in recording.segments] == [(0.0, N / RATE_HZ)]
    for i in range(2):
        np.testing.assert_allclose(samples(recording, i), SIGNAL_UV[:, i], rtol=1e-5, atol=1e-3)
    assert recording.warnings == () or case == "epoch"
    np.testing.assert_array_equal(recording.source.read(1, 10, 20), samples(recording, 1)[10:20])


def test_cyrillic_names_in_their_own_code_page(tmp_path: Path) -> None:
    head = "Время, с;Подбородочная Л, мкВ;Круговая глаза П (мВ)\n"
    recording = read(tmp_path, head + written(";", ",", scale=1), "cp1251")
    assert [c.label for c in recording.channels] == ["Подбородочная Л", "Круговая глаза П"]
    assert [c.file_unit for c in recording.channels] == ["мкВ", "мВ"]
    np.testing.assert_allclose(samples(recording), SIGNAL_UV[:, 0], rtol=1e-5)


@pytest.mark.parametrize(
    ("line", "rate_hz"),
    [
        ("Sampling rate: 4000 Hz", 4000.0),
        ("Sampling Frequency(kHz)=48,0", 48000.0),
        ("fs = 2500", 2500.0),
        ("Sample interval;0.5 ms", 2000.0),
        ("Abtastrate: 20,000 Hz", 20000.0),
        ("Частота дискретизации, кГц: 10", 10000.0),
    ],
)
def test_the_rate_of_the_heading_serves_where_there_are_no_times(
    tmp_path: Path, line: str, rate_hz: float
) -> None:
    body = "\n".join(f"{a:g};{b:g}" for a, b in SIGNAL_UV)
    recording = read(tmp_path, f"{line}\nMent;OOc\nuV;uV\n{body}\n")
    assert [(c.label, c.sampling_hz) for c in recording.channels] == [
        ("Ment", rate_hz),
        ("OOc", rate_hz),
    ]
    np.testing.assert_allclose(samples(recording, 1), SIGNAL_UV[:, 1], rtol=1e-6)


def test_thousands_and_decimal_comma(tmp_path: Path) -> None:
    body = "\n".join(f"{t:.4f};1.234,5;-12,25".replace("0.", "0,") for t in TIMES_S)
    recording = read(tmp_path, "Zeit [s];A [uV];B [uV]\n" + body)
    assert samples(recording)[3] == 1234.5
    assert samples(recording, 1)[3] == -12.25


def test_unknown_amplitude_unit_stays_unknown(tmp_path: Path) -> None:
    recording = read(tmp_path, "time_s,Mentalis,Force (N)\n" + written(scale=1))
    assert [c.unit for c in recording.channels] == [None, "N"]
    assert "unit unknown for 'Mentalis': state it in a protocol" in recording.warnings
    np.testing.assert_allclose(samples(recording), SIGNAL_UV[:, 0], rtol=1e-6)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("time,A (mV),B (mV)\n" + written(times=TIMES_S * 20), "'time_s' or 'time_ms'"),
        ("time,A (mV),B (mV)\n" + written(times=np.arange(N) * 1.0), "'time_s' or 'time_ms'"),
        ("A (mV),B (mV)\n1,2.5\n3,4.5\n2,1.5\n5,0.5\n", "neither a time column nor"),
        ("time_s,A (mV)\n" + written(), "line of names has 2 fields, the rows have 3"),
        (
            "time_s,A (mV),B (mV)\n" + written(times=np.r_[TIMES_S[:300], TIMES_S[:300]]),
            "goes back",
        ),
        (
            "time_s,A (mV),B (mV)\n" + written(times=np.cumsum(np.tile([1, 2], N // 2)) / 2e3),
            "irregular",
        ),
        ("\n".join(f"{i},{i % 7}" for i in range(50)), "commas may divide columns or decimals"),
        ("t_ms;A [uV]\n" + "\n".join(f"{i};1,{100 + i}" for i in range(50)), "may be 1.1"),
        ("time_s;A [mV]\n" + "0,5;1,5\n" * 300 + "1,0;2.5\n", "decimal point where other"),
        ("clock,x\n" + "\n".join(f"10:00:{i:02d},1.5" for i in range(50)), "neither a time"),
        ("time,x\n" + "\n".join(f"10:00:{i:02d},1.5" for i in range(50)), "are no numbers"),
        ("time_s,A,time_s,B\n0,1,0,1.5\n1,2,1,1.5\n2,3,2,1.5\n", "all times"),
        ("", "the file is empty"),
        ("time_s,A\n", "no table of numbers"),
        ("Dear colleague,\nthe file is lost.\n", "no table of numbers"),
        (np.random.default_rng(1).bytes(200_000), "no text file"),
        (bytes(200_000), "no text file"),
        (b"1," * 2_000_000, "first line is longer"),
    ],
)
def test_refused_with_a_reason(tmp_path: Path, text: str | bytes, words: str) -> None:
    with pytest.raises(ReadError, match=r"^a\.csv: ") as caught:
        read(tmp_path, text)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_absent_file_is_a_read_error(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"none\.csv: cannot be read"):
        read_text(tmp_path / "none.csv")


def test_gaps_become_segments(tmp_path: Path) -> None:
    times = TIMES_S + np.where(np.arange(N) >= 200, 0.5, 0.0)
    recording = read(tmp_path, "time_s,A (mV),B (mV)\n" + written(times=times))
    assert [(s.start_s, s.duration_s, s.stored_s) for s in recording.segments] == [
        (0.0, 0.1, 0.0),
        (0.6, 0.2, 0.1),
    ]
    assert any("1 gap (0.5 s" in w for w in recording.warnings)
    at = recording.sample_index(0, np.array([0.05, 0.3, 0.6]))
    np.testing.assert_allclose(at, [100.0, np.nan, 200.0])


def test_coarsely_printed_times_are_no_irregularity(tmp_path: Path) -> None:
    rows = "\n".join(f"{t:.4f},{x:g}" for t, x in zip(TIMES_S * 0.5, SIGNAL_UV[:, 0], strict=True))
    recording = read(tmp_path, "time_s,A (uV)\n" + rows)
    assert recording.channels[0].sampling_hz == 4000.0
    assert len(recording.segments) == 1


def test_damaged_lines_are_missing_and_named(tmp_path: Path) -> None:
    lines = ("time_s,A (mV),B (mV)\n" + written()).split("\n")
    lines[101] = lines[101].rsplit(",", 1)[0]
    lines[202] += ",7"
    lines[303] = lines[303].split(",")[0] + ",0.0067\xed50.0250,0.5"
    lines[404] = lines[404].split(",")[0] + ",,0.25"
    recording = read(tmp_path, "\n".join(lines), "cp1252")
    first, second = samples(recording), samples(recording, 1)
    assert np.flatnonzero(np.isnan(first)).tolist() == [100, 201, 302, 403]
    assert np.flatnonzero(np.isnan(second)).tolist() == [100, 201]
    assert second[302] == 500.0
    said = "\n".join(recording.warnings)
    assert "lines 102, 203: wrong number of fields" in said
    assert "line 304: fields that are no numbers" in said
    assert "6 samples are missing (NaN) in A: 4, B: 2" in said


def test_a_wreck_is_refused(tmp_path: Path) -> None:
    lines = ("time_s,A (mV),B (mV)\n" + written()).split("\n")
    lines[100:300:2] = ["damaged"] * 100
    with pytest.raises(ReadError, match="100 of 600 lines hold no numbers"):
        read(tmp_path, "\n".join(lines))


def test_a_comment_between_samples_is_no_sample(tmp_path: Path) -> None:
    lines = ("time_s,A (mV),B (mV)\n" + written()).split("\n")
    lines.insert(51, "# drilling")
    recording = read(tmp_path, "\n".join(lines))
    assert len(recording.segments) == 1
    np.testing.assert_allclose(samples(recording), SIGNAL_UV[:, 0], rtol=1e-5)
    assert "line 52: no numbers; left out" in recording.warnings


def test_a_first_row_that_is_damaged_is_no_heading(tmp_path: Path) -> None:
    lines = written().split("\n")
    lines[0] = lines[0].replace(",", ",x", 1)
    recording = read(tmp_path, "time_s,A (mV),B (mV)\n" + "\n".join(lines))
    assert recording.channels[0].n_samples == N
    assert np.isnan(samples(recording)[0])


def test_remarks_become_marks_and_triggers_stay_channels(tmp_path: Path) -> None:
    rows = [
        f"{t:g};{x:g};{int(i % 200 == 7)};{'Stim ZYG 8.5 mA' if i % 200 == 7 else ''}".replace(
            ".", ",", 2
        )
        for i, (t, x) in enumerate(zip(TIMES_S, SIGNAL_UV[:, 0], strict=True))
    ]
    recording = read(tmp_path, "time_s;A (uV);trigger;event\n" + "\n".join(rows))
    assert [c.label for c in recording.channels] == ["A", "trigger"]
    assert [(round(m.time_s, 6), m.text[:8]) for m in recording.marks] == [
        (0.0035, "Stim ZYG"),
        (0.1035, "Stim ZYG"),
        (0.2035, "Stim ZYG"),
    ]
    assert np.flatnonzero(samples(recording, 1)).tolist() == [7, 207, 407]


def test_large_files_stand_on_disk_with_the_same_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "time_s,A (mV),B (mV)\n" + written()
    small = read(tmp_path, text)
    monkeypatch.setattr("amr_viewer.io.text_blocks.IN_MEMORY_BYTES", 100)
    monkeypatch.setattr("amr_viewer.io.text_encoding.BLOCK_BYTES", 1000)
    monkeypatch.setattr("amr_viewer.io.text_time.CHUNK_ROWS", 64)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    large = read(tmp_path, text.replace("\n", "\r\n"))
    assert isinstance(large.source, text_source.ColumnSource)
    assert isinstance(large.source.columns[0].base, np.memmap)
    for i in range(2):
        np.testing.assert_array_equal(samples(large, i), samples(small, i))
    assert large.segments == small.segments
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


def test_text_is_told_from_other_files() -> None:
    table = written().encode()
    assert looks_like_text(table, "a.csv")
    assert looks_like_text(table, "a.data")
    assert looks_like_text(table.decode().encode("utf-16"), "a.txt")
    assert looks_like_text(b"any words", "a.txt")
    assert not looks_like_text(b"Brain Vision Data Exchange Header\n[Common]\nA=1\n" * 9, "a.vhdr")
    assert not looks_like_text(b"0       " + bytes(250), "a.edf")
    assert not looks_like_text(np.random.default_rng(0).bytes(4096), "a.csv")
    assert not looks_like_text(b"", "a.csv")
