"""Trains of intra-operative free-running EMG: A, B and C, and train time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from amr_viewer.analysis.pattern_units import Units

TRAIN_S = 0.1
A_HZ = (60.0, 210.0)
A_UV = 250.0
"""A-trains: 60-210 Hz, 100-200 uV, sudden onset (Romstock 2000)."""


@dataclass(frozen=True, slots=True)
class TrainCounts:
    """Trains of one side or of all channels.

    Attributes
    ----------
    n_a, n_b, n_c : int
        High and even; of single spikes or bursts; irregular and overlapping.
    train_s : float
        Time in A-trains, summed over channels.
    """

    n_a: int
    n_b: int
    n_c: int
    train_s: float


def count_trains(units: Units) -> TrainCounts:
    """Count the trains of a recording made during an operation.

    A-trains need a rate: only needle or wire electrodes show one.
    """
    b = units.bursts
    rows = np.flatnonzero(b.counted)
    long = rows[b.duration_ms[rows] >= 1e3 * TRAIN_S]
    fast = (b.rate_hz[long] >= A_HZ[0]) & (b.rate_hz[long] <= A_HZ[1])
    even = fast & (b.isi_cv[long] < 0.3) & (b.peak_uv[long] <= A_UV)
    irregular = ~even & ~(b.isi_cv[long] < 0.3) & (b.duration_ms[long] >= 500.0)
    n_a, n_c = int(even.sum()), int(irregular.sum())
    return TrainCounts(
        n_a, len(rows) - n_a - n_c, n_c, float(1e-3 * b.duration_ms[long[even]].sum())
    )
