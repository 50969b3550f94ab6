"""The bars on time and memory of whole processes, as ratios; run by `python3 dev.py bench`."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.benchmarks.analyze_speed import compare, write_bars


@pytest.mark.timeout(900)
def test_analyze_against_the_plain_script() -> None:
    bars = compare(Path(tempfile.gettempdir()) / "bench", repeat=2, with_long=True)
    write_bars(bars)
    assert [bar for bar in bars if not bar.met] == []
