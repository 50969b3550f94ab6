"""Analyses of free-running recordings that know the truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from amr_viewer.analysis.conclusion import conclude
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.bursts import BurstKind, Bursts
from amr_viewer.core.patterns import (
    Conclusion,
    Confidence,
    Estimate,
    PatternFinding,
    Spread,
    Synchrony,
)
from amr_viewer.core.recording import Recording
from amr_viewer.simulate import Truth
from amr_viewer.simulate.free_running_truth import PatternTruth

from .oracle import perfect


def bursts_of(truth: PatternTruth, **arrays: np.ndarray) -> Bursts:
    """Return the true bursts as if they had been found; some arrays may be given."""
    true = truth.bursts
    n = len(true)
    values = {
        "channel": true.channel.copy(),
        "start_s": true.start_s.copy(),
        "duration_ms": 1e3 * (true.end_s - true.start_s),
        "peak_uv": np.ones(n),
        "area_uv_s": np.ones(n),
        "kind": np.full(n, BurstKind.OTHER, dtype=np.int8),
        "salvo": true.salvo.copy(),
        "episode": true.episode.copy(),
        "n_discharges": np.full(n, np.nan),
        "rate_hz": np.full(n, np.nan),
        "rate_reliable": np.zeros(n, dtype=np.bool_),
        "set_aside": np.zeros(n, dtype=np.int8),
        "manual": np.zeros(n, dtype=np.bool_),
    }
    return Bursts(channels=(), **{**values, **arrays})


def finding_of(truth: PatternTruth) -> PatternFinding:
    """Return the right answer."""
    shared = np.flatnonzero(np.isfinite(truth.lag_ms))
    lags = [
        Synchrony(
            int(a), int(b), Estimate(1.0),
            lag_ms=Spread(float(truth.lag_ms[b] - truth.lag_ms[a]), n=10),
        )
        for a in shared
        for b in shared
        if a < b
    ]  # fmt: skip
    return PatternFinding(
        None,
        Conclusion(truth.conclusion),
        Confidence.HIGH,
        pattern_side=truth.side,
        synchrony=tuple(lags),
    )


def perfect_pattern(recording: Recording, truth: Truth) -> Analysis:
    """Return the analysis that is right everywhere."""
    assert truth.pattern is not None
    amr, headline = conclude((), 0)
    return replace(
        perfect(recording, truth),
        amr=amr,
        headline=headline,
        bursts=bursts_of(truth.pattern),
        patterns=(finding_of(truth.pattern),),
    )
