"""The columns of bursts.csv and patterns.csv; writing them is left to `report`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from math import isfinite, nan
from typing import Any

import numpy as np

from amr_viewer.core.bursts import SET_ASIDE_WORDS, BurstKind, Bursts, SetAside
from amr_viewer.core.patterns import Estimate, PatternFinding, Spread

BURST_COLUMNS = (
    "channel", "muscle", "side", "start_s", "duration_ms", "peak_uv", "kind", "salvo", "episode",
    "n_discharges", "rate_hz", "rate_reliable", "area_uv_s", "set_aside", "source",
)  # fmt: skip

ESTIMATES = (
    "bursts_per_min", "clonic_per_min", "tonic_per_min", "episodes_per_min", "synchrony_index",
    "lateralization", "other_babinski", "cue_contingency", "blink_contingency",
    "sleep_persistence",
)  # fmt: skip

SPREADS = ("duration_ms", "clonic_duration_ms", "tonic_duration_ms", "lag_ms", "rate_hz")
RHYTHMS = ("cv", "cv2", "salvo_cv")
PATTERN_ESTIMATES = (*ESTIMATES, *(f"rhythm_{name}" for name in RHYTHMS))
COUNTS = (
    "n_bursts", "n_clonic", "n_tonic", "n_other", "n_salvos", "n_episodes", "n_clonic_tonic",
    "n_set_aside",
)  # fmt: skip


def _estimate_columns(name: str) -> tuple[str, ...]:
    """Return the columns of a number with its interval."""
    return name, f"{name}_low", f"{name}_high", f"{name}_n"


def _spread_columns(name: str) -> tuple[str, ...]:
    """Return the columns of a median with its quartiles."""
    stem, unit = name.rsplit("_", 1)
    return name, f"{stem}_q25_{unit}", f"{stem}_q75_{unit}"


PATTERN_COLUMNS = (
    "side", "assessed_s", *COUNTS,
    *(c for name in ESTIMATES[:4] for c in _estimate_columns(name)),
    *(c for name in SPREADS for c in _spread_columns(name)),
    "load_percent", "load_uv_s_min",
    *(c for name in ESTIMATES[4:] for c in _estimate_columns(name)),
    "lateralization_area",
    *(c for name in RHYTHMS for c in _estimate_columns(f"rhythm_{name}")),
    "rhythm_index", "rhythm_peak_hz", "rate_reliable", "conclusion", "confidence", "runner_up",
    "pattern_side", "missing", "flags",
)  # fmt: skip


def burst_rows(bursts: Bursts, *, counted: bool = True) -> Iterator[dict[str, Any]]:
    """Yield rows in order of time: of bursts.csv, or of what was set aside and counts for nothing.

    What is not known is an empty string.
    """
    names = {c.index: c for c in bursts.channels}
    for i in np.flatnonzero(bursts.counted == counted):
        channel = names[int(bursts.channel[i])]
        rated = isfinite(float(bursts.rate_hz[i]))
        yield {
            "channel": channel.label,
            "muscle": channel.muscle.value if channel.muscle else "",
            "side": channel.side.value if channel.side else "",
            "start_s": float(bursts.start_s[i]),
            "duration_ms": float(bursts.duration_ms[i]),
            "peak_uv": float(bursts.peak_uv[i]),
            "kind": BurstKind(int(bursts.kind[i])).name.lower(),
            "salvo": int(bursts.salvo[i]) if counted else nan,
            "episode": int(bursts.episode[i]) if counted else nan,
            "n_discharges": float(bursts.n_discharges[i]),
            "rate_hz": float(bursts.rate_hz[i]),
            "rate_reliable": str(bool(bursts.rate_reliable[i])) if rated else "",
            "area_uv_s": float(bursts.area_uv_s[i]),
            "set_aside": SET_ASIDE_WORDS[SetAside(int(bursts.set_aside[i]))],
            "source": "manual" if bursts.manual[i] else "auto",
        }


def pattern_row(finding: PatternFinding) -> dict[str, Any]:
    """Return the row of patterns.csv of a side, or of both."""
    row: dict[str, Any] = {"side": finding.side.value if finding.side else "both"}
    row |= {name: getattr(finding, name) for name in ("assessed_s", *COUNTS)}
    for name in ESTIMATES:
        row |= _estimate_cells(name, getattr(finding, name))
    for name in RHYTHMS:
        row |= _estimate_cells(f"rhythm_{name}", getattr(finding.rhythm, name))
    for name in SPREADS:
        row |= _spread_cells(name, getattr(finding, name))
    return row | {
        "load_percent": finding.load_percent,
        "load_uv_s_min": finding.load_uv_s_min,
        "lateralization_area": finding.lateralization_area,
        "rhythm_index": finding.rhythm.index,
        "rhythm_peak_hz": finding.rhythm.peak_hz,
        "rate_reliable": finding.rate_reliable,
        "conclusion": finding.conclusion.value,
        "confidence": finding.confidence.value if finding.confidence else "",
        "runner_up": finding.runner_up.value if finding.runner_up else "",
        "pattern_side": finding.pattern_side,
        "missing": "; ".join(finding.missing),
        "flags": "; ".join(finding.flags),
    }


def _estimate_cells(name: str, estimate: Estimate) -> dict[str, float]:
    """Return the cells of a number with its interval."""
    values = (estimate.value, estimate.low, estimate.high, estimate.n)
    return dict(zip(_estimate_columns(name), values, strict=True))


def _spread_cells(name: str, spread: Spread) -> dict[str, float]:
    """Return the cells of a median with its quartiles."""
    return dict(zip(_spread_columns(name), (spread.median, spread.q25, spread.q75), strict=True))


def pattern_summary(findings: tuple[PatternFinding, ...]) -> Mapping[str, str]:
    """Return the columns of summary.csv that tell the pattern; empty where none was looked for."""
    if not findings:
        return {}
    whole = findings[0]
    return {
        "pattern": whole.conclusion.value,
        "pattern_side": whole.pattern_side,
        "pattern_confidence": whole.confidence.value if whole.confidence else "",
        "pattern_runner_up": whole.runner_up.value if whole.runner_up else "",
    }


def pattern_values(finding: PatternFinding) -> dict[str, Any]:
    """Return a finding with all its evidence, as analysis.json keeps it."""
    return asdict(finding)


def burst_values(bursts: Bursts) -> dict[str, Any]:
    """Return what analysis.json keeps of the bursts: their channels and how they were found."""
    kept = (
        "index", "label", "muscle", "side", "electrode", "electrode_reason", "analyzed_s",
        "floor_uv", "calibrated", "noise_uv", "snr_db", "active_fraction", "clipped_fraction",
        "mains_fraction", "low_fraction", "flags",
    )  # fmt: skip
    return {
        "n": len(bursts),
        "duration_s": bursts.duration_s,
        "not_assessed": bursts.not_assessed,
        "set_aside": {
            SET_ASIDE_WORDS[s]: int((bursts.set_aside == s).sum())
            for s in SetAside
            if s is not SetAside.NONE
        },
        "channels": [
            {name: getattr(c, name) for name in kept}
            | {
                "blocks": [
                    {
                        "start_s": float(t),
                        "baseline_uv": float(m),
                        "on_uv": float(u),
                        "off_uv": float(d),
                    }
                    for t, m, u, d in np.column_stack(
                        [c.block_start_s, c.baseline_uv, c.on_uv, c.off_uv]
                    ).tolist()
                ]
            }
            for c in bursts.channels
        ],
    }
