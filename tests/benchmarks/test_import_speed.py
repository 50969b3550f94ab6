"""How long the parts of the program take to start, in processes of their own."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

STARTS = {
    "python alone": ["-c", "pass"],
    "import amr_viewer": ["-c", "import amr_viewer"],
    "amr-viewer --version": ["-m", "amr_viewer", "--version"],
    "amr-viewer --help": ["-m", "amr_viewer", "--help"],
}


@pytest.mark.parametrize("name", STARTS)
def test_start(benchmark: BenchmarkFixture, name: str) -> None:
    benchmark.group = "process start"
    command = [sys.executable, *STARTS[name]]
    result = benchmark.pedantic(
        lambda: subprocess.run(command, capture_output=True, check=False), rounds=5
    )
    assert result.returncode == 0
