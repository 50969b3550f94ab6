"""Which recordings the validation is made on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from types import MappingProxyType
from typing import Any

from amr_viewer.simulate.kinds import evoked_kinds

COMPACT: Mapping[str, Any] = MappingProxyType({"sampling_hz": 10_000.0, "low_pass_hz": 3000.0})
"""Half the usual rate: the same latencies in half the time."""

NOISE_UV = (3.0, 6.0, 12.0)
SIZE_UV = (30.0, 60.0, 120.0)
JITTER_MS = (0.1, 0.5)
ARTEFACTS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "short": {"tail_ms": 0.4, "tail_fraction": 0.1},
        "tails": {"tail_ms": 1.8, "tail_fraction": 0.15},
    }
)


@dataclass(frozen=True, slots=True)
class Case:
    """One simulated recording; `levels` says where it stands in the grid."""

    kind: str
    seed: int
    settings: Mapping[str, Any] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)


def default_cases() -> tuple[Case, ...]:
    """Return every evoked kind twice, and clear responses over noise, size, jitter and artefact."""
    each = [
        Case(kind, seed, kind_settings(kind), {"kind": kind})
        for seed in (11, 12)
        for kind in evoked_kinds()
    ]
    return (*each, *_grid())


def kind_settings(kind: str) -> dict[str, Any]:
    """Return the settings with which a kind is simulated here."""
    return {} if kind == "slow" else dict(COMPACT)


def _grid() -> list[Case]:
    """Return clear responses over all levels, at a persistence that leaves sweeps without any."""
    cases = []
    levels = product(NOISE_UV, SIZE_UV, JITTER_MS, ARTEFACTS)
    for seed, (noise, size, jitter, artefact) in enumerate(levels, start=100):
        settings = {
            **COMPACT,
            **ARTEFACTS[artefact],
            "n_stimuli": 24,
            "noise_uv": noise,
            "amr_uv": size,
            "amr_jitter_ms": jitter,
            "amr_persistence": 0.75,
        }
        names = {
            "noise": f"{noise:g} uV",
            "size": f"{size:g} uV",
            "jitter": f"{jitter:g} ms",
            "artefact": artefact,
        }
        cases.append(Case("clear", seed, settings, names))
    return cases
