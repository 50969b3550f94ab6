"""Times `amr-viewer analyze` on an hour of free-running EMG against reading the file once.

Usage: python tests/benchmarks/free_running_speed.py [FOLDER] [--repeat N]

The recording (10 channels at 5 kHz, 360 MB: five minutes of clonic-tonic spasm, twelve times) stays
in FOLDER. The ratio holds on other machines, seconds do not.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.analyze_speed import Bar, best, write_bars, write_cost

MINUTES, REPEATS = 5, 12
SAMPLING_HZ = 5000
UV_PER_BIT = 0.05
MUSCLES = ("frontalis", "orbicularis_oculi", "zygomaticus", "orbicularis_oris", "mentalis")
READ = """
import sys
from amr_viewer.io import read_recording
recording = read_recording(sys.argv[1])
for c, channel in enumerate(recording.channels):
    for first in range(0, channel.n_samples, 300_000):
        recording.source.read(c, first, min(first + 300_000, channel.n_samples)).sum()
"""


def header(labels: list[str], n_records: int) -> bytes:
    """Return the EDF header."""
    n, limit_uv = len(labels), f"{32767 * UV_PER_BIT:.1f}"
    columns = (
        (labels, 16), ([""] * n, 80), (["uV"] * n, 8), ([f"-{limit_uv}"] * n, 8),
        ([limit_uv] * n, 8), (["-32767"] * n, 8), (["32767"] * n, 8), ([""] * n, 80),
        ([str(SAMPLING_HZ)] * n, 8), ([""] * n, 32),
    )  # fmt: skip
    start = (
        "0".ljust(8) + "X X X X".ljust(80) + "Startdate 01-JAN-2026 X X X".ljust(80)
        + "01.01.2610.00.00" + str(256 * (n + 1)).ljust(8) + " " * 44
        + str(n_records).ljust(8) + "1".ljust(8) + str(n).ljust(4)
    )  # fmt: skip
    return (start + "".join(v.ljust(w) for values, w in columns for v in values)).encode("ascii")


def make(path: Path) -> None:
    """Write the recording."""
    from amr_viewer.simulate.free_running import make_free_running

    recording = make_free_running(
        "hfs_clonic_tonic", 9001, electrodes="surface", sampling_hz=float(SAMPLING_HZ),
        duration_s=60.0 * MINUTES, muscles=MUSCLES,
    ).recording  # fmt: skip
    n = 60 * MINUTES * SAMPLING_HZ
    data = np.stack([recording.source.read(c, 0, n) for c in range(len(recording.channels))])
    bits = np.clip(np.rint(data / UV_PER_BIT), -32767, 32767).astype("<i2")
    records = bits.reshape(len(bits), -1, SAMPLING_HZ).swapaxes(0, 1).tobytes()
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    with partial.open("wb") as stream:
        stream.write(header([c.label for c in recording.channels], 60 * MINUTES * REPEATS))
        for _ in range(REPEATS):
            stream.write(records)
    partial.replace(path)


def main() -> int:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = Path(tempfile.gettempdir()) / "bench"
    parser.add_argument("folder", nargs="?", type=Path, default=default)
    parser.add_argument("--repeat", type=int, default=2, help="runs of each program")
    parser.add_argument("--make", action="store_true", help="make the recording, no more")
    arguments = parser.parse_args()
    path = arguments.folder / "free_running_hour.edf"
    if arguments.make:
        make(path)
        return 0
    if not path.exists():
        # In a process of its own: a child's peak memory starts from that of its parent.
        subprocess.run([sys.executable, __file__, arguments.folder, "--make"], check=True)
    reading = best(arguments.repeat, sys.executable, "-c", READ, path)
    out = arguments.folder / "free_running"
    analyzing = best(
        arguments.repeat, sys.executable, "-m", "amr_viewer", "analyze", "--out", out, path
    )
    write_cost("reading every sample", reading)
    write_cost("analyze, bursts and patterns", analyzing)
    sys.stdout.write(f"{'time, analyze / reading':40} {analyzing.wall_s / reading.wall_s:8.1f}\n")
    bars = [
        Bar("seconds, on two cores", analyzing.wall_s, 20.0),
        Bar("peak memory, MB", analyzing.peak_mb, 400.0),
    ]
    write_bars(bars)
    return 0 if all(bar.met for bar in bars) else 1


if __name__ == "__main__":
    sys.exit(main())
