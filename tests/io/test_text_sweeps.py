"""Sweeps in text tables, wide and long: one segment each, a mark at each stimulus."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from amr_viewer.core.recording import Recording
from amr_viewer.errors import ReadError
from amr_viewer.io.text import read_text

N_SWEEPS, N_TIMES = 4, 100
TIMES_MS = (np.arange(N_TIMES) - 20) * 0.5
SWEEPS_UV = np.round(np.random.default_rng(3).normal(0, 100, (N_SWEEPS, N_TIMES, 2)), 2)


def wide(head: str, sep: str = ",", shift_ms: float = 0.0) -> str:
    rows = [
        sep.join(f"{v:g}" for v in (t + shift_ms, *SWEEPS_UV[:, i, 0]))
        for i, t in enumerate(TIMES_MS)
    ]
    return head + "\n".join(rows) + "\n"


def read(folder: Path, text: str) -> Recording:
    path = folder / "a.csv"
    path.write_text(text, encoding="utf-8")
    return read_text(path)


def check(recording: Recording, channel: int = 0, unit: str | None = "uV") -> None:
    """Check segments and samples; the stimulus is 10 ms after the start of each sweep."""
    assert recording.channels[channel].unit == unit
    assert recording.channels[channel].sampling_hz == 2000.0
    assert [(s.start_s, s.duration_s) for s in recording.segments] == [
        (float(k), 0.05) for k in range(N_SWEEPS)
    ]
    assert [round(m.time_s, 9) for m in recording.marks] == [k + 0.01 for k in range(N_SWEEPS)]
    assert all(m.stimulus is not None for m in recording.marks)
    for k, segment in enumerate(recording.segments):
        first = round(segment.stored_s * 2000.0)
        got = recording.source.read(channel, first, first + N_TIMES)
        np.testing.assert_allclose(got, SWEEPS_UV[k, :, channel], rtol=1e-6)
    assert any("placed 1 s apart" in w for w in recording.warnings)


@pytest.mark.parametrize(
    ("head", "texts", "current_ma", "unit"),
    [
        ("time_ms,Sweep 1 [uV],Sweep 2 [uV],Sweep 3 [uV],Sweep 4 [uV]\n", ["Stim"] * 4, None, "uV"),
        (
            "time_ms,sweep1_0.5V,sweep2_0.75V,sweep3_1V,sweep4_1.5V\n",
            ["Stim 0.5 V", "Stim 0.75 V", "Stim 1 V", "Stim 1.5 V"],
            None,
            None,
        ),
        (
            "ms,3 mA,4 mA,5 mA,6 mA\n",
            ["Stim 3 mA", "Stim 4 mA", "Stim 5 mA", "Stim 6 mA"],
            3.0,
            None,
        ),
        (
            "time_ms,trial 1,trial 2,trial 3,trial 4\nstim_mA,3,4,5,6\n",
            ["Stim 3 mA", "Stim 4 mA", "Stim 5 mA", "Stim 6 mA"],
            3.0,
            None,
        ),
        ("0,1.5,1.5,2,2.5\n", ["Stim 1.5", "Stim 1.5", "Stim 2", "Stim 2.5"], None, None),
    ],
)
def test_one_column_per_sweep(
    tmp_path: Path, head: str, texts: list[str], current_ma: float | None, unit: str | None
) -> None:
    recording = read(tmp_path, wide(head))
    check(recording, unit=unit)
    assert [m.text for m in recording.marks] == texts
    first = recording.marks[0].stimulus
    assert first is not None
    assert first.intensity_ma == current_ma


def test_sweeps_that_start_after_the_stimulus_are_marked_at_their_start(tmp_path: Path) -> None:
    head = "time_ms,Sweep 1,Sweep 2,Sweep 3,Sweep 4\n"
    recording = read(tmp_path, wide(head, shift_ms=15.0))
    assert [m.time_s for m in recording.marks] == [0.0, 1.0, 2.0, 3.0]
    assert any("taken to be at their start" in w for w in recording.warnings)


def test_named_channels_around_zero_are_one_sweep(tmp_path: Path) -> None:
    recording = read(tmp_path, wide("time_ms,L Ment (uV),L OOc (uV),R Ment (uV),R OOc (uV)\n"))
    assert [c.label for c in recording.channels] == ["L Ment", "L OOc", "R Ment", "R OOc"]
    assert [(s.start_s, s.duration_s) for s in recording.segments] == [(0.0, 0.05)]
    assert [round(m.time_s, 9) for m in recording.marks] == [0.01]


def long_rows(order: str = "sweep channel time") -> list[str]:
    rows = [
        (k, c, i, f"{k},{c + 1},{3 + k},{t:g},{SWEEPS_UV[k, i, c]:g}")
        for k in range(N_SWEEPS)
        for c in range(2)
        for i, t in enumerate(TIMES_MS)
    ]
    if order == "sweep time channel":
        rows.sort(key=lambda r: (r[0], r[2], r[1]))
    if order == "channel sweep time":
        rows.sort(key=lambda r: (r[1], r[0], r[2]))
    return [r[3] for r in rows]


LONG_HEAD = "recording_index,channel_index,stimulus_mA,time_ms,amplitude_uV\n"


@pytest.mark.parametrize(
    "order", ["sweep channel time", "sweep time channel", "channel sweep time"]
)
def test_long_sweeps_in_any_order(tmp_path: Path, order: str) -> None:
    recording = read(tmp_path, LONG_HEAD + "\n".join(long_rows(order)))
    assert [c.label for c in recording.channels] == ["channel 1", "channel 2"]
    check(recording, 0)
    check(recording, 1)
    assert [m.stimulus.intensity_ma for m in recording.marks if m.stimulus] == [3.0, 4.0, 5.0, 6.0]


def test_long_sweeps_with_a_column_per_channel(tmp_path: Path) -> None:
    rows = [
        f"{k};{t:g};{a:g};{b:g}".replace(".", ",")
        for k in range(N_SWEEPS)
        for t, (a, b) in zip(TIMES_MS, SWEEPS_UV[k], strict=True)
    ]
    recording = read(tmp_path, "trial;time_ms;L Ment (uV);L OOc (uV)\n" + "\n".join(rows))
    assert [c.label for c in recording.channels] == ["L Ment", "L OOc"]
    check(recording, 0)
    check(recording, 1)


def test_long_sweeps_with_times_of_the_recording(tmp_path: Path) -> None:
    rows = [
        f"{k},{2.5 * k + (t + 10.0) / 1e3:.4f},{x:g}"
        for k in range(N_SWEEPS)
        for t, x in zip(TIMES_MS, SWEEPS_UV[k, :, 0], strict=True)
    ]
    recording = read(tmp_path, "sweep,time_s,amplitude_uV\n" + "\n".join(rows))
    assert [round(s.start_s, 9) for s in recording.segments] == [0.0, 2.5, 5.0, 7.5]
    assert not any("apart" in w for w in recording.warnings)


def test_long_continuous_with_named_channels(tmp_path: Path) -> None:
    x = SWEEPS_UV.reshape(-1, 2)
    rows = [
        f"{i / 2000:g},{n},{v:g}" for i, r in enumerate(x) for n, v in zip("AB", r, strict=True)
    ]
    recording = read(tmp_path, "time_s,channel,value_uV\n" + "\n".join(rows))
    assert [(c.label, c.n_samples) for c in recording.channels] == [("A", 400), ("B", 400)]
    assert recording.marks == ()
    for i in range(2):
        np.testing.assert_allclose(recording.source.read(i, 0, 400), x[:, i], rtol=1e-6)


def test_long_sweeps_on_disk_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amr_viewer.io.text_blocks.IN_MEMORY_BYTES", 100)
    monkeypatch.setattr("amr_viewer.io.text_long.IN_MEMORY_BYTES", 100)
    monkeypatch.setattr("amr_viewer.io.text_encoding.BLOCK_BYTES", 1000)
    check(read(tmp_path, LONG_HEAD + "\n".join(long_rows())), 1)
    check(read(tmp_path, wide("time_ms,Sweep 1 [uV],Sweep 2 [uV],Sweep 3 [uV],Sweep 4 [uV]\n")))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (LONG_HEAD + "\n".join(long_rows()[:-5]), "have different times"),
        (LONG_HEAD + "\n".join(long_rows()[50:] + long_rows()[:50]), "sort the table"),
        (
            LONG_HEAD.replace("channel_index", "sweep_index_2").replace("time_ms", "x_ms")
            + "\n".join(long_rows()),
            "a long table needs",
        ),
        (wide("time_ms,Sweep 1 [uV],Sweep 2 [mV],Sweep 3 [uV],Sweep 4 [uV]\n"), "different units"),
    ],
)
def test_refused_with_a_reason(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ReadError, match=r"^a\.csv: ") as caught:
        read(tmp_path, text)
    assert words in str(caught.value)
