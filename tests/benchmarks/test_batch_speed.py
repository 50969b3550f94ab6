"""The bars on a folder of recordings, as ratios; run by `python3 dev.py bench`.

The reference is `analyze` over the same recordings in one process with one thread.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.analyze_speed import Bar, measure, write_bars
from tests.benchmarks.long_recording import write

N_RECORDINGS = 200
MOST_OVER_ANALYZE = 1.05
"""An engine that costs 3 s in all may cost this much of what 200 recordings of a minute take."""

LEAST_GAIN = 1.8


@pytest.fixture
def recordings(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "recordings"
    folder.mkdir()
    write(folder / "000.edf", minutes=1)
    for i in range(1, N_RECORDINGS):
        shutil.copy(folder / "000.edf", folder / f"{i:03d}.edf")
    yield folder
    shutil.rmtree(folder)


@pytest.mark.timeout(1800)
def test_two_jobs_against_one_and_one_against_analyze(
    recordings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMR_VIEWER_THREADS", "1")
    program = [sys.executable, "-m", "amr_viewer"]
    plain = measure(*program, "analyze", *sorted(recordings.iterdir()), "--out", tmp_path / "a")
    one, two = (
        measure(*program, "batch", recordings, "--jobs", jobs, "--out", tmp_path / jobs)
        for jobs in ("1", "2")
    )
    bars = [
        Bar("batch, 1 job / analyze", one.wall_s / plain.wall_s, MOST_OVER_ANALYZE),
        Bar("batch, 2 jobs / 1 job", two.wall_s / one.wall_s, 1.0 / LEAST_GAIN),
    ]
    write_bars(bars)
    assert [bar for bar in bars if not bar.met] == []
