"""Headers that are odd or wrong: repaired with a warning, or refused with a reason."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amr_viewer.errors import ReadError
from amr_viewer.io.edf import read_edf
from tests.io.edf_builder import Edf, Signal, ramp, stamp

GOOD = Edf([Signal(ramp(4, 10), "EMG 1"), Signal(ramp(4, 5, 100), "EMG 2")])


def with_field(key: str, value: str | bytes) -> Edf:
    return replace(GOOD, overrides={key: value})


@pytest.mark.parametrize("stated", ["-1", "2", "9999", "99999999", "", "abc"])
def test_the_number_of_records_is_that_of_the_file(tmp_path: Path, stated: str) -> None:
    recording = read_edf(with_field("n_records", stated).write(tmp_path / "x.edf"))
    assert [c.n_samples for c in recording.channels] == [40, 20]
    assert "by its size the file holds 4" in recording.warnings[0]
    np.testing.assert_allclose(
        recording.source.read(1, 0, 20), np.arange(100, 120) * 0.1, atol=1e-3
    )


@pytest.mark.parametrize("cut", [1, 29, 31])
def test_a_part_of_a_record_is_left_out(tmp_path: Path, cut: int) -> None:
    path = GOOD.write(tmp_path / "x.edf")
    path.write_bytes(path.read_bytes()[:-cut])
    recording = read_edf(path)
    whole = 3 if cut < 30 else 2
    assert recording.channels[0].n_samples == 10 * whole
    assert recording.duration_s == whole
    assert any("ends inside a data record" in w for w in recording.warnings)


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        (with_field("n_signals", "9999"), "claims 9999 signals"),
        (with_field("n_signals", "0"), "how many signals"),
        (with_field("n_signals", "x"), "how many signals"),
        (with_field("n_signals", "1"), "how many samples a record of signal 1"),
        (replace(GOOD, overrides={"header_bytes": "512", "n_records": "-1"}), "is unknown"),
        (with_field("record_s", "0"), "sampling rate"),
        (with_field("record_s", "-1"), "is no number"),
        (with_field("record_s", "1,000"), "is no number"),
        (with_field("record_s", "1e-9"), "sampling rate"),
        (with_field("record_s", "1e999"), "is no number"),
    ],
)
def test_what_cannot_be_trusted_is_refused(tmp_path: Path, file: Edf, fault: str) -> None:
    path = file.write(tmp_path / "x.edf")
    with pytest.raises(ReadError, match=rf"^x\.edf: .*{fault}"):
        read_edf(path)


@pytest.mark.parametrize("stated", ["512", "", "0"])
def test_a_wrong_header_length_is_repaired_if_the_size_fits(tmp_path: Path, stated: str) -> None:
    recording = read_edf(with_field("header_bytes", stated).write(tmp_path / "x.edf"))
    assert recording.source.read(1, 0, 1)[0] == pytest.approx(10, abs=1e-3)
    assert "length of the header" in recording.warnings[0]


def test_a_file_that_ends_in_its_header_is_refused(tmp_path: Path) -> None:
    whole = GOOD.encode()
    for n_bytes, fault in [
        (0, "ends inside its header"), (200, "ends inside its header"), (300, "claims 2 signals"),
        (768, "no whole data record"), (790, "no whole data record"),
    ]:  # fmt: skip
        path = tmp_path / "x.edf"
        path.write_bytes(whole[:n_bytes])
        with pytest.raises(ReadError, match=fault):
            read_edf(path)


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.edf"
    path.write_bytes(b"%PDF-1.7" * 100)
    with pytest.raises(ReadError, match="is no EDF or BDF file"):
        read_edf(path)
    with pytest.raises(ReadError, match=r"none\.edf: cannot be read"):
        read_edf(tmp_path / "none.edf")


def test_an_enormous_claim_allocates_nothing(tmp_path: Path) -> None:
    huge = bytearray(GOOD.encode())
    at = 256 + 2 * (16 + 80 + 8 * 5 + 80)
    huge[at : at + 16] = b"99999999" * 2
    huge[236:244] = b"99999999"
    path = tmp_path / "x.edf"
    path.write_bytes(huge)
    tracemalloc.start()
    with pytest.raises(ReadError, match="no whole data record"):
        read_edf(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**20


def test_a_decimal_comma_is_read_with_a_warning(tmp_path: Path) -> None:
    signal = Signal(ramp(2, 10), physical=("-3276,8", "3276.7"))
    recording = read_edf(Edf([signal], "0,5").write(tmp_path / "x.edf"))
    assert recording.channels[0].sampling_hz == 20
    np.testing.assert_allclose(recording.source.read(0, 0, 20), np.arange(20) * 0.1, atol=1e-3)
    assert sum("decimal comma" in w for w in recording.warnings) == 2


@pytest.mark.parametrize(
    ("signal", "fault"),
    [
        (Signal(ramp(4, 10), "bad", physical=(5, 5)), "physical minimum and maximum are equal"),
        (Signal(ramp(4, 10), "bad", digital=(0, 0)), "digital minimum and maximum are equal"),
        (Signal(ramp(4, 10), "bad", physical=("abc", 5)), "no number"),
        (Signal(ramp(4, 10), "bad", physical=("8,000", 9)), "no number"),
        (Signal(ramp(4, 10), "bad", physical=("-1e300", "1e300")), "absurd"),
    ],
)
def test_a_channel_without_a_scale_is_left_out(tmp_path: Path, signal: Signal, fault: str) -> None:
    path = Edf([signal, GOOD.signals[1]]).write(tmp_path / "x.edf")
    recording = read_edf(path)
    assert [c.label for c in recording.channels] == ["EMG 2"]
    np.testing.assert_allclose(
        recording.source.read(0, 0, 20), np.arange(100, 120) * 0.1, atol=1e-3
    )
    (warning,) = recording.warnings
    assert warning.startswith("channel bad is left out")
    assert fault in warning
    with pytest.raises(ReadError, match="no channel can be trusted"):
        read_edf(Edf([signal]).write(path))


def test_a_trigger_without_a_scale_keeps_its_codes(tmp_path: Path) -> None:
    signal = Signal(np.array([[0, 7, 0]]), "TTL", "", (0, 0))
    recording = read_edf(Edf([signal]).write(tmp_path / "x.edf"))
    assert recording.source.read(0, 0, 3).tolist() == [0, 7, 0]
    assert "stored integers" in recording.warnings[0]


def test_a_swapped_digital_range_is_swapped_back(tmp_path: Path) -> None:
    signal = Signal(np.array([[1000]]), "EMG", digital=(32767, -32768))
    recording = read_edf(Edf([signal]).write(tmp_path / "x.edf"))
    assert recording.source.read(0, 0, 1)[0] == pytest.approx(100)
    assert "swapped" in recording.warnings[0]
    assert "polarity" in recording.warnings[0]


def test_a_digital_range_that_cannot_be_stored_is_told(tmp_path: Path) -> None:
    signal = Signal(np.array([[1000]]), "EMG", digital=(-99999, 99999))
    recording = read_edf(Edf([signal]).write(tmp_path / "x.edf"))
    assert "more than EDF can store" in recording.warnings[0]


def test_a_channel_without_samples_is_left_out(tmp_path: Path) -> None:
    file = Edf([Signal(np.zeros((4, 0), int), "empty"), GOOD.signals[0]])
    recording = read_edf(file.write(tmp_path / "x.edf"))
    assert [c.label for c in recording.channels] == ["EMG 1"]
    assert recording.warnings == ("channel empty holds no samples: left out",)


def test_nul_padding_is_read_with_a_warning(tmp_path: Path) -> None:
    file = with_field("patient", b"X X X X".ljust(80, b"\0"))
    recording = read_edf(file.write(tmp_path / "x.edf"))
    assert recording.patient == {}
    assert recording.warnings == ("the header is padded with NUL characters instead of spaces",)


def test_other_separators_of_date_and_time(tmp_path: Path) -> None:
    file = replace(GOOD, overrides={"recording": "", "date": "03/02/26", "time": "10-01-02"})
    recording = read_edf(file.write(tmp_path / "x.edf"))
    assert recording.start == "2026-02-03T10:01:02"
    assert sum("is written" in w for w in recording.warnings) == 2


@pytest.mark.parametrize("date", ["99.99.99", "yesterda", ""])
def test_a_start_that_is_no_date_is_left_out(tmp_path: Path, date: str) -> None:
    file = replace(GOOD, overrides={"recording": "", "date": date})
    recording = read_edf(file.write(tmp_path / "x.edf"))
    assert recording.start is None
    assert "left out" in recording.warnings[0]


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_damage_escapes_as_another_error(tmp_path: Path, data: st.DataObject) -> None:
    lists = [[stamp("+0"), stamp("+3") + stamp("+3.1", "a"), stamp("+9"), stamp("+10")]]
    whole = bytearray(replace(GOOD, reserved="EDF+D", lists=lists).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        junk = data.draw(
            st.sampled_from([b"\0", b"9", b"-", b",", b" ", b"\xff", b"1e99", b"\x14"])
        )
        whole[at : at + len(junk)] = junk
    path = tmp_path / "x.edf"
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    try:
        recording = read_edf(path)
    except ReadError:
        return
    for i, channel in enumerate(recording.channels):
        values = recording.source.read(i, 0, channel.n_samples)
        assert values.shape == (channel.n_samples,)
        assert np.isfinite(values).all()
