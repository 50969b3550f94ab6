"""Writes the recordings of the speed benchmark: long EDF+C files with a stimulus every 120 ms.

Usage: python long_recording.py FILE.edf MINUTES
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

LABELS = ("L OOc", "L OOr", "L Mentalis", "L Frontalis", "R OOc", "R OOr", "R Mentalis", "R Fro")
SAMPLING_HZ = 20_000
PERIOD = 2400  # samples between stimuli: 120 ms
BLOCK_S = 3  # the shortest time that holds whole stimuli and whole records
FIRST = 400  # first stimulus at 20 ms, so that no stimulus lies on an edge of a record
ANNOTATION_SAMPLES = 300
TEXT = "Stim: zygomatic L 8 mA"
UV_PER_BIT = 0.2
NOISE_UV = 4.0


def header(n_records: int) -> bytes:
    """Return the EDF+C header."""
    n = len(LABELS) + 1

    def column(values: list[str], width: int) -> str:
        return "".join(v.ljust(width) for v in values)

    limit_uv = f"{32767 * UV_PER_BIT:.1f}"
    emg = len(LABELS)
    text = (
        "0".ljust(8)
        + "X X X X".ljust(80)
        + "Startdate 01-JAN-2026 X X X".ljust(80)
        + "01.01.2610.00.00"
        + str(256 * (n + 1)).ljust(8)
        + "EDF+C".ljust(44)
        + str(n_records).ljust(8)
        + "1".ljust(8)
        + str(n).ljust(4)
        + column([*LABELS, "EDF Annotations"], 16)
        + column([""] * n, 80)
        + column(["uV"] * emg + [""], 8)
        + column([f"-{limit_uv}"] * emg + ["-1"], 8)
        + column([limit_uv] * emg + ["1"], 8)
        + column(["-32767"] * emg + ["-32768"], 8)
        + column(["32767"] * n, 8)
        + column([""] * n, 80)
        + column([str(SAMPLING_HZ)] * emg + [str(ANNOTATION_SAMPLES)], 8)
        + column([""] * n, 32)
    )
    return text.encode("ascii")


def bump(start_ms: float, size_uv: float, width_ms: float) -> np.ndarray:
    """Return a biphasic wave over one period."""
    t = (np.arange(PERIOD) / SAMPLING_HZ * 1e3 - start_ms) / width_ms
    return np.where((t > 0) & (t < 1), size_uv * np.sin(2 * np.pi * t) * np.sin(np.pi * t), 0.0)


def period_uv(channel: int, rng: np.random.Generator) -> np.ndarray:
    """Return what follows a stimulus of the left zygomatic branch in one channel, without noise."""
    t_ms = np.arange(PERIOD) / SAMPLING_HZ * 1e3
    artefact = 300.0 * np.exp(-t_ms / 0.3) * (t_ms < 5)
    if channel == 0:
        return artefact + bump(2.5, 1500.0, 6.0)
    if channel in (1, 2):
        return artefact + bump(9.0 + channel + rng.normal(0, 0.2), rng.uniform(40, 140), 6.0)
    return artefact


def block(rng: np.random.Generator) -> np.ndarray:
    """Return one block of samples, shape (n_channels, BLOCK_S * SAMPLING_HZ), int16."""
    n = BLOCK_S * SAMPLING_HZ
    data = rng.standard_normal((len(LABELS), n), dtype=np.float32) * NOISE_UV
    for channel in range(len(LABELS)):
        for start in range(FIRST, n, PERIOD):
            stop = min(start + PERIOD, n)
            data[channel, start:stop] += period_uv(channel, rng)[: stop - start]
    return np.rint(data / UV_PER_BIT).astype("<i2")


def annotations(record: int) -> bytes:
    """Return the annotation signal of one record."""
    first = -(-(record * SAMPLING_HZ - FIRST) // PERIOD)
    last = ((record + 1) * SAMPLING_HZ - FIRST - 1) // PERIOD
    times_s = [(FIRST + k * PERIOD) / SAMPLING_HZ for k in range(max(first, 0), last + 1)]
    lists = [f"+{record}\x14\x14\x00", *(f"+{t:.2f}\x14{TEXT}\x14\x00" for t in times_s)]
    return "".join(lists).encode("ascii").ljust(2 * ANNOTATION_SAMPLES, b"\x00")


def write(path: Path, minutes: int) -> None:
    """Write a recording; a block of samples at a time."""
    rng = np.random.default_rng(2026)
    blocks = [block(rng) for _ in range(8)]
    n_records = minutes * 60
    partial = path.with_suffix(".part")
    with partial.open("wb") as stream:
        stream.write(header(n_records))
        for record in range(n_records):
            data = blocks[(record // BLOCK_S) % len(blocks)]
            start = record % BLOCK_S * SAMPLING_HZ
            stream.write(np.ascontiguousarray(data[:, start : start + SAMPLING_HZ]).tobytes())
            stream.write(annotations(record))
    partial.replace(path)


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
