"""EDF and BDF files whose content is known: samples, units, channels, identity."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import edfio
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amr_viewer.core.recording import ChannelKind, Recording
from amr_viewer.errors import ReadError
from amr_viewer.io.edf import read_edf
from amr_viewer.io.edf_fields import microvolts_per
from tests.io.edf_builder import Edf, Signal, ramp, stamp

ANY_FILE = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def everything(recording: Recording, channel: int) -> np.ndarray:
    return recording.source.read(channel, 0, recording.channels[channel].n_samples)


@ANY_FILE
@given(
    n_records=st.integers(1, 40),
    samples=st.lists(st.integers(1, 700), min_size=1, max_size=4),
    bdf=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
def test_any_stretch_of_any_channel_is_what_was_stored(
    tmp_path: Path, n_records: int, samples: list[int], bdf: bool, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    limit = 1 << (23 if bdf else 15)
    signals = [
        Signal(
            rng.integers(-limit, limit, (n_records, n)),
            f"c{i}",
            physical=(-100, 300),
            digital=(-limit, limit - 1),
        )
        for i, n in enumerate(samples)
    ]
    recording = read_edf(Edf(signals, record_s=0.5, bdf=bdf).write(tmp_path / "x.edf"))
    assert [c.sampling_hz for c in recording.channels] == [2.0 * n for n in samples]
    for i, signal in enumerate(signals):
        n = recording.channels[i].n_samples
        truth_uv = (signal.data.ravel() + limit) * (400 / (2 * limit - 1)) - 100
        start, stop = np.sort(rng.integers(0, n + 1, 2))
        got = recording.source.read(i, int(start), int(stop))
        assert got.dtype == np.float32
        np.testing.assert_allclose(got, truth_uv[start:stop], atol=1e-4)


def test_a_stretch_longer_than_one_chunk_is_whole(tmp_path: Path) -> None:
    data = ramp(300, 1000) % 60_000 - 30_000
    signals = [Signal(data, "long"), Signal(-data[:, :500], "half")]
    recording = read_edf(Edf(signals).write(tmp_path / "x.edf"))
    np.testing.assert_allclose(everything(recording, 0), data.ravel() * 0.1, atol=1e-3)
    np.testing.assert_allclose(everything(recording, 1), -data[:, :500].ravel() * 0.1, atol=1e-3)


@pytest.mark.parametrize("bdf", [False, True])
def test_edfio_agrees(tmp_path: Path, bdf: bool) -> None:
    rng = np.random.default_rng(7)
    make, file = (edfio.BdfSignal, edfio.Bdf) if bdf else (edfio.EdfSignal, edfio.Edf)
    values = [rng.normal(0, 200, 4000), rng.normal(0, 0.2, 1000)]
    signals = [
        make(
            values[0],
            2000,
            label="EMG L_OrbOculi",
            physical_dimension="uV",
            prefiltering="HP:20Hz",
        ),
        make(values[1], 500, label="EMG L_Mentalis", physical_dimension="mV"),
    ]
    path = tmp_path / "made.edf"
    file(signals, annotations=[edfio.EdfAnnotation(0.5001234, None, "Stim µ Ж")]).write(path)
    recording = read_edf(path)
    assert recording.format == ("BDF+C" if bdf else "EDF+C")
    assert [c.label for c in recording.channels] == ["EMG L_OrbOculi", "EMG L_Mentalis"]
    assert recording.channels[0].filters == "HP:20Hz"
    assert recording.channels[1].file_unit == "mV"
    for i, factor in enumerate((1, 1000)):
        expected = signals[i].data * factor
        np.testing.assert_allclose(everything(recording, i), expected, rtol=1e-5, atol=1e-3)
    (mark,) = recording.marks
    assert (round(mark.time_s, 7), mark.text) == (0.5001234, "Stim µ Ж")
    assert np.isnan(mark.duration_s)
    assert recording.warnings == ()


@pytest.mark.parametrize(
    ("unit", "uv"),
    [
        ("uV", 1), ("UV", 1), ("mV", 1e3), ("V", 1e6), ("nV", 1e-3), (b"\xb5V", 1),
        ("µV".encode(), 1), ("μV".encode(), 1), (b"\xe6V", 1), (b"\x83\xcaV", 1),
        ("мкВ".encode(), 1), ("мкВ".encode("cp1251"), 1), ("мВ".encode("cp1251"), 1e3),
    ],
)  # fmt: skip
def test_every_voltage_becomes_microvolts(tmp_path: Path, unit: str | bytes, uv: float) -> None:
    signal = Signal(np.array([[1000, -2000]]), unit=unit, physical=(-0.32768, 0.32767))
    recording = read_edf(Edf([signal]).write(tmp_path / "x.edf"))
    assert recording.channels[0].unit == "uV"
    assert microvolts_per((recording.channels[0].file_unit or "").encode()) == uv
    np.testing.assert_allclose(everything(recording, 0), [0.01 * uv, -0.02 * uv], rtol=1e-4)


def test_a_blank_unit_is_asked_for(tmp_path: Path) -> None:
    signals = [Signal(ramp(1, 4), "EMG 1", ""), Signal(ramp(1, 4), "Trigger", "")]
    recording = read_edf(Edf(signals).write(tmp_path / "x.edf"))
    assert [c.unit for c in recording.channels] == [None, None]
    assert recording.warnings == ("unit of channel EMG 1 is blank: state it in a protocol",)


@pytest.mark.parametrize("unit", ["degC", "MV", "mmHg", "%"])
def test_an_unknown_unit_stays_as_the_file_writes_it(tmp_path: Path, unit: str) -> None:
    recording = read_edf(Edf([Signal(ramp(1, 4), unit=unit)]).write(tmp_path / "x.edf"))
    assert recording.channels[0].unit == unit
    np.testing.assert_allclose(everything(recording, 0), [0, 0.1, 0.2, 0.3], atol=1e-5)


def test_an_implausible_range_is_told_and_not_repaired(tmp_path: Path) -> None:
    wrong = Signal(np.array([[32767]]), "Mentalis", "mV", (-8000, 8000))
    trigger = Signal(np.array([[32767]]), "Trigger", "V", (-10, 10))
    recording = read_edf(Edf([wrong, trigger]).write(tmp_path / "x.edf"))
    (warning,) = recording.warnings
    assert "Mentalis" in warning
    assert "-8000 to 8000 mV" in warning
    assert everything(recording, 0)[0] == pytest.approx(8e6)


def test_a_reversed_physical_range_reverses_the_polarity(tmp_path: Path) -> None:
    signal = Signal(np.array([[1000]]), physical=(3276.8, -3276.7))
    recording = read_edf(Edf([signal]).write(tmp_path / "x.edf"))
    assert everything(recording, 0)[0] == pytest.approx(-100, abs=0.1)
    assert recording.warnings == ()


def test_equal_labels_are_kept_each_with_its_samples(tmp_path: Path) -> None:
    signals = [Signal(ramp(2, 5, at), "EMG") for at in (0, 100, 200)]
    recording = read_edf(Edf(signals).write(tmp_path / "x.edf"))
    assert [c.label for c in recording.channels] == ["EMG"] * 3
    assert [round(float(everything(recording, i)[0])) for i in range(3)] == [0, 10, 20]


def test_the_status_of_bdf_is_a_trigger_of_raw_codes(tmp_path: Path) -> None:
    codes = np.array([[0x1C0000, 0x1C0005, -0x680000 + 0x80, 0xFFFF]])
    recording = read_edf(Edf([Signal(codes, "Status", "Boolean")], bdf=True).write(tmp_path / "x"))
    (channel,) = recording.channels
    assert (channel.kind, channel.unit) == (ChannelKind.TRIGGER, None)
    assert everything(recording, 0).tolist() == [0, 5, 0x80, 0xFFFF]


def test_bytes_beyond_sixteen_bits_keep_their_sign(tmp_path: Path) -> None:
    extremes = np.array([[-(1 << 23), -1, 0, 1, (1 << 23) - 1]])
    signal = Signal(extremes, physical=(-8388608, 8388607), digital=(-8388608, 8388607))
    recording = read_edf(Edf([signal], bdf=True).write(tmp_path / "x.bdf"))
    assert everything(recording, 0).tolist() == extremes.ravel().tolist()


def test_identity_of_edf_plus(tmp_path: Path) -> None:
    file = Edf(
        [Signal(ramp(1, 4))],
        reserved="EDF+C",
        lists=[[stamp("+0.25")]],
        overrides={
            "patient": "MCH-0234567 F 02-MAY-1951 Haagse_Harry",
            "recording": "Startdate 02-MAR-2002 PSG-1234/2002 NN Telemetry_03",
            "date": "02.03.02",
            "time": "23.59.59",
        },
    )
    recording = read_edf(file.write(tmp_path / "x.edf"))
    assert recording.patient == {
        "id": "MCH-0234567", "sex": "F", "birthdate": "1951-05-02", "name": "Haagse Harry"
    }  # fmt: skip
    assert recording.equipment == "Telemetry 03"
    assert recording.start == "2002-03-02T23:59:59.250000"


def test_unknown_identity_is_left_out(tmp_path: Path) -> None:
    recording = read_edf(Edf([Signal(ramp(1, 4))]).write(tmp_path / "x.edf"))
    assert recording.patient == {}
    assert recording.equipment is None
    assert (recording.name, recording.size_bytes) == ("x.edf", 520)
    assert recording.sha256 == ""


@pytest.mark.parametrize(("year", "full"), [("84", "2084"), ("85", "1985"), ("04", "2004")])
def test_two_digits_of_a_year(tmp_path: Path, year: str, full: str) -> None:
    overrides = {"recording": "", "date": f"31.12.{year}"}
    file = Edf([Signal(ramp(1, 4))], overrides=overrides)
    assert read_edf(file.write(tmp_path / "x.edf")).start == f"{full}-12-31T10:00:00"


@pytest.mark.parametrize(
    ("raw", "label"),
    [
        ("EMG Лоб".encode(), "EMG Лоб"), ("Лоб лев".encode("cp1251"), "Лоб лев"),
        ("Mü. zyg.".encode("latin-1"), "Mü. zyg."),
    ],
)  # fmt: skip
def test_labels_in_any_encoding(tmp_path: Path, raw: bytes, label: str) -> None:
    recording = read_edf(Edf([Signal(ramp(1, 4), raw)]).write(tmp_path / "x.edf"))
    assert recording.channels[0].label == label


def test_threads_read_the_same_and_a_copy_reads_on(tmp_path: Path) -> None:
    data = ramp(200, 30)
    signals = [Signal(data * (i + 1), f"c{i}") for i in range(4)]
    recording = read_edf(Edf(signals).write(tmp_path / "x.edf"))
    copy = pickle.loads(pickle.dumps(recording.source))
    jobs = [(i, a) for i in range(4) for a in range(0, 6000, 500)]
    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(lambda job: copy.read(job[0], job[1], job[1] + 500), jobs))
    for (i, a), values in zip(jobs, got, strict=True):
        expected = data.ravel()[a : a + 500] * (i + 1) * 0.1
        np.testing.assert_allclose(values, expected, atol=1e-2)


def test_samples_outside_the_file_are_refused(tmp_path: Path) -> None:
    source = read_edf(Edf([Signal(ramp(2, 5))]).write(tmp_path / "x.edf")).source
    assert source.read(0, 10, 10).shape == (0,)
    for start, stop in [(-1, 2), (5, 4), (0, 11)]:
        with pytest.raises(IndexError, match="it has 10"):
            source.read(0, start, stop)


@pytest.mark.parametrize("samples", [5, 5000])
def test_a_file_that_shrinks_or_goes_is_an_error(tmp_path: Path, samples: int) -> None:
    path = Edf([Signal(ramp(4, samples) % 1000)]).write(tmp_path / "x.edf")
    source = read_edf(path).source
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(ReadError, match=r"x\.edf: became shorter"):
        source.read(0, 0, 4 * samples)
    path.unlink()
    with pytest.raises(ReadError, match=r"x\.edf: cannot be read"):
        source.read(0, 0, 2 * samples + 1)


def test_gain_scales_values_and_nothing_else(tmp_path: Path) -> None:
    signal = Signal(ramp(3, 50))
    double = replace(signal, physical=(-6553.6, 6553.4))
    one = read_edf(Edf([signal]).write(tmp_path / "one.edf"))
    two = read_edf(Edf([double]).write(tmp_path / "two.edf"))
    np.testing.assert_allclose(everything(two, 0), 2 * everything(one, 0), atol=1e-3)
    assert (one.channels, one.segments) == (two.channels, two.segments)
