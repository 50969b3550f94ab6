"""Compares `amr-viewer analyze` with the plain script: whole processes, time and peak memory.

Usage: python tests/benchmarks/analyze_speed.py [FOLDER] [--repeat N] [--no-long]

The recordings (190 MB and 1.2 GB) stay in FOLDER, so that a second run starts at once. Absolute
times are worth nothing on another machine; the ratios hold.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Cost:
    """What a process took."""

    wall_s: float
    peak_mb: float


@dataclass(frozen=True)
class Bar:
    """A figure and the most that it may be; lower is better."""

    name: str
    value: float
    limit: float

    @property
    def met(self) -> bool:
        """Whether the figure is within the limit."""
        return self.value <= self.limit


def measure(*command: str | Path) -> Cost:
    """Run a process to its end and return what it took.

    This process must stay small: on Linux a child's peak memory starts from that of its parent.
    """
    started = time.perf_counter()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command}: exit status {process.returncode}")
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return Cost(wall_s, usage.ru_maxrss / unit)


def best(repeat: int, *command: str | Path) -> Cost:
    """Return the shortest of some runs, which is the one that the machine disturbed least."""
    return min((measure(*command) for _ in range(repeat)), key=lambda cost: cost.wall_s)


def make(folder: Path, minutes: int) -> Path:
    """Return the recording of that length, made in a process of its own where it is missing."""
    path = folder / f"{minutes}_minutes.edf"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        script = HERE / "long_recording.py"
        subprocess.run([sys.executable, script, path, str(minutes)], check=True)
    return path


def compare(folder: Path, repeat: int, with_long: bool) -> list[Bar]:
    """Run both programs and return every figure with its bar."""
    short = make(folder, 10)
    out = folder / "analyzed"
    analyze = [sys.executable, "-m", "amr_viewer", "analyze", "--out", out]
    plain = best(repeat, sys.executable, HERE / "plain_script.py", short, folder / "plain.csv")
    ours = best(repeat, *analyze, short)
    write_cost("plain script, 10 minutes", plain)
    write_cost("analyze, 10 minutes", ours)
    bars = [
        Bar("time, analyze / plain script", ours.wall_s / plain.wall_s, 0.6),
        Bar("peak memory of analyze, MB", ours.peak_mb, 600.0),
    ]
    if with_long:
        longer = best(repeat, *analyze, make(folder, 60))
        write_cost("analyze, 60 minutes", longer)
        bars += [
            Bar("time, 60 minutes / 10 minutes", longer.wall_s / ours.wall_s, 6.5),
            Bar("peak memory, 60 minutes / 10 minutes", longer.peak_mb / ours.peak_mb, 1.2),
        ]
    return bars


def write_cost(name: str, cost: Cost) -> None:
    """Say what a process took."""
    sys.stdout.write(f"{name:40} {cost.wall_s:8.2f} s {cost.peak_mb:8.0f} MB\n")
    sys.stdout.flush()


def write_bars(bars: list[Bar]) -> None:
    """Say every figure, its bar, and whether it is met."""
    for bar in bars:
        verdict = "met" if bar.met else "MISSED"
        sys.stdout.write(f"{bar.name:40} {bar.value:8.2f}   bar {bar.limit:<6g} {verdict}\n")


def main() -> int:
    """Compare as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = Path(tempfile.gettempdir()) / "bench"
    parser.add_argument("folder", nargs="?", type=Path, default=default)
    parser.add_argument("--repeat", type=int, default=2, help="runs of each program")
    parser.add_argument("--no-long", action="store_true", help="leave the 60-minute file out")
    arguments = parser.parse_args()
    bars = compare(arguments.folder, arguments.repeat, not arguments.no_long)
    write_bars(bars)
    return 0 if all(bar.met for bar in bars) else 1


if __name__ == "__main__":
    sys.exit(main())
