"""Limits of burst kinds and groups that are looked at, where they differ from the protocol's."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.bursts import BurstKind, Bursts
from amr_viewer.core.parameters import BurstParameters
from amr_viewer.core.protocol import Protocol

WORDS = {
    "clonic_max_ms": ("clonic up to", "ms"),
    "tonic_min_ms": ("tonic from", "ms"),
    "salvo_gap_ms": ("salvo gap", "ms"),
    "episode_gap_s": ("episode gap", "s"),
}
NAMES = tuple(WORDS)


@dataclass(frozen=True, slots=True)
class Limits:
    """Longest clonic and shortest tonic burst; gaps that part salvos and episodes."""

    clonic_max_ms: float
    tonic_min_ms: float
    salvo_gap_ms: float
    episode_gap_s: float

    def changed(self, name: str, value: float) -> Limits:
        """Return limits with one set, kept within what a protocol allows and in order."""
        low, high = allowed(name)
        value = min(max(value, low), high)
        if name == "clonic_max_ms":
            value = min(value, self.tonic_min_ms)
        if name == "tonic_min_ms":
            value = max(value, self.clonic_max_ms)
        return replace(self, **{name: value})

    def parameters(self, ground: BurstParameters) -> BurstParameters:
        """Return parameters with these limits in them."""
        values = {name: getattr(self, name) for name in NAMES}
        return BurstParameters.model_validate(ground.model_dump() | values)

    def protocol(self, ground: Protocol) -> Protocol:
        """Return a protocol with these limits in it."""
        bursts = self.parameters(ground.parameters.bursts)
        parameters = ground.parameters.model_copy(update={"bursts": bursts})
        return ground.model_copy(update={"parameters": parameters})

    def difference(self, report: Limits) -> str:
        """Return the limits that differ from those of the report, in words."""
        parts = []
        for name, (words, unit) in WORDS.items():
            value, was = getattr(self, name), getattr(report, name)
            if value != was:
                parts.append(f"{words} {value:g} {unit} (report: {was:g} {unit})")
        return ", ".join(parts)


def limits_of(parameters: BurstParameters) -> Limits:
    """Return what parameters say."""
    return Limits(**{name: getattr(parameters, name) for name in NAMES})


def allowed(name: str) -> tuple[float, float]:
    """Return the least and the highest value that a protocol allows."""
    found = {type(m).__name__: m for m in BurstParameters.model_fields[name].metadata}
    return float(found["Ge"].ge), float(found["Le"].le)


def recounted(bursts: Bursts, limits: Limits, ground: BurstParameters) -> Bursts:
    """Return bursts named and grouped under other limits; what a person named stays.

    What is found, and what is set aside, stays too: that needs the signal.
    """
    from amr_viewer.analysis.burst_groups import grouped
    from amr_viewer.analysis.burst_shape import kinds

    p = limits.parameters(ground)
    kind = np.where(bursts.manual, bursts.kind, kinds(bursts.duration_ms, bursts.trough, p))
    salvo, episode = grouped(bursts.start_s, bursts.end_s, bursts.channel, bursts.counted, p)
    return replace(bursts, kind=kind.astype(np.int8), salvo=salvo, episode=episode)


@dataclass(frozen=True, slots=True)
class Count:
    """How many bursts and groups count."""

    clonic: int
    tonic: int
    other: int
    salvos: int
    episodes: int


def count_of(bursts: Bursts) -> Count:
    """Return how many bursts of each kind, salvos of two bursts and more, and episodes count."""
    counted = bursts.counted
    n = np.bincount(bursts.kind[counted].astype(np.intp), minlength=len(BurstKind))
    salvos = np.bincount(_known(bursts.salvo))
    return Count(
        int(n[BurstKind.CLONIC]),
        int(n[BurstKind.TONIC]),
        int(n[BurstKind.OTHER]),
        int((salvos >= 2).sum()),
        len(np.unique(_known(bursts.episode))),
    )


def _known(numbers: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the numbers of groups, those set aside left out."""
    return numbers[numbers >= 0]


def intervals_ms(bursts: Bursts) -> NDArray[np.float64]:
    """Return the intervals from onset to onset of bursts that count, channel by channel."""
    rows = np.flatnonzero(bursts.counted)
    rows = rows[np.lexsort((bursts.start_s[rows], bursts.channel[rows]))]
    same = np.diff(bursts.channel[rows]) == 0
    return np.asarray(1e3 * np.diff(bursts.start_s[rows])[same])
