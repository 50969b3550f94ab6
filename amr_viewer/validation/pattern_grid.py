"""Which free-running recordings the validation of bursts and patterns is made on."""

from __future__ import annotations

from typing import Any

from amr_viewer.simulate.kinds import free_running_kinds
from amr_viewer.validation.grid import Case

SEEDS = range(1001, 1005)
SMALL_SEEDS = (2001, 2002)
TEN_DB: dict[str, Any] = {"snr_db": 10.0, "electrodes": "surface", "duration_s": 120.0}
BURSTING = ("hfs_clonic", "hfs_tonic", "hfs_clonic_tonic", "blepharospasm", "neuromyotonia")
SMALL: dict[str, Any] = {"electrodes": "surface", "sampling_hz": 2000.0, "duration_s": 180.0}


def pattern_cases() -> tuple[Case, ...]:
    """Return every free-running kind with four seeds, and kinds with bursts at 10 dB.

    Everything but the kind is drawn: electrodes, muscles, length, noise, crosstalk, artefacts.
    """
    each = [
        Case(kind, seed, {}, {"pattern": kind}) for seed in SEEDS for kind in free_running_kinds()
    ]
    return (*each, *_ten_db())


def small_pattern_cases() -> tuple[Case, ...]:
    """Return every free-running kind with two seeds, three minutes on the skin."""
    each = [
        Case(kind, seed, SMALL, {"pattern": kind})
        for seed in SMALL_SEEDS
        for kind in free_running_kinds()
    ]
    return (*each, *_ten_db()[:3])


def _ten_db() -> list[Case]:
    """Return bursts at 10 dB."""
    return [
        Case(kind, seed, TEN_DB, {"level": "10 dB"}) for seed in (3001, 3002) for kind in BURSTING
    ]
