"""Reading a one-hour EDF+ file of 16 channels at 10 kHz (1.15 GB): opening, windows, memory.

Bars: opening under 20 ms plus annotations, a window of 10 s under 2 ms, under 150 MB of memory.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from amr_viewer.io.edf import read_edf
from amr_viewer.io.edf_header import read_header
from tests.io.edf_builder import Edf, Signal, stamp

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

N_CHANNELS, RATE_HZ, DURATION_S, WINDOW_S = 16, 10_000, 3600, 10
ANNOTATION_BYTES = 120
PEAK_MEMORY = """
import resource, sys
from pathlib import Path
from amr_viewer.io.edf import read_edf
recording = read_edf(Path(sys.argv[1]))
for channel in range(len(recording.channels)):
    recording.source.read(channel, 0, 100_000)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


@pytest.fixture(scope="module")
def hour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Write the file record by record; the first one is made whole to get its header."""
    path = tmp_path_factory.mktemp("edf") / "hour.edf"
    rng = np.random.default_rng(1)
    data = rng.integers(-2000, 2000, (1, N_CHANNELS * RATE_HZ)).astype("<i2")
    signals = [Signal(data[:, i * RATE_HZ : (i + 1) * RATE_HZ]) for i in range(N_CHANNELS)]
    first = Edf(
        signals,
        reserved="EDF+C",
        lists=[[b" " * ANNOTATION_BYTES]],
        overrides={"n_records": str(DURATION_S)},
    ).encode()
    head = first[: 256 * (N_CHANNELS + 2)]
    with path.open("wb") as file:
        file.write(head)
        for i in range(DURATION_S):
            notes = stamp(f"+{i}") + stamp(f"+{i}.25", "Stim: zygomatic 8 mA")
            file.write(np.roll(data, i).tobytes() + notes.ljust(ANNOTATION_BYTES, b"\0"))
    yield path
    path.unlink()


def test_open_header(benchmark: BenchmarkFixture, hour: Path) -> None:
    assert benchmark(lambda: read_header(hour)).n_records == DURATION_S


def test_open_with_annotations(benchmark: BenchmarkFixture, hour: Path) -> None:
    assert len(benchmark(lambda: read_edf(hour)).marks) == DURATION_S


def test_window_of_all_channels(benchmark: BenchmarkFixture, hour: Path) -> None:
    source = read_edf(hour).source
    start = iter(range(0, DURATION_S * RATE_HZ, 12_345))

    def window() -> int:
        first = next(start)
        last = first + WINDOW_S * RATE_HZ
        return sum(source.read(i, first, last).size for i in range(N_CHANNELS))

    assert benchmark.pedantic(window, rounds=200) == N_CHANNELS * WINDOW_S * RATE_HZ


def test_one_channel_of_the_hour(benchmark: BenchmarkFixture, hour: Path) -> None:
    source = read_edf(hour).source
    step = 1_000_000

    def through() -> int:
        blocks = range(0, DURATION_S * RATE_HZ, step)
        return sum(source.read(3, a, a + step).size for a in blocks)

    assert benchmark.pedantic(through, rounds=3) == DURATION_S * RATE_HZ


def test_peak_memory(benchmark: BenchmarkFixture, hour: Path) -> None:
    command = [sys.executable, "-c", PEAK_MEMORY, str(hour)]
    done = benchmark.pedantic(
        lambda: subprocess.run(command, capture_output=True, text=True, check=True), rounds=1
    )
    benchmark.extra_info["peak_mb"] = float(done.stdout)
    assert float(done.stdout) > 0
