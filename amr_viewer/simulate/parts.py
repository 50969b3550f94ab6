"""What all simulated recordings are put together from: signals, labels, random streams."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.anatomy import Muscle, Side

MUSCLE_LABELS = {
    Muscle.FRONTALIS: "Frontalis",
    Muscle.CORRUGATOR: "Corrugator",
    Muscle.ORBICULARIS_OCULI: "OrbOculi",
    Muscle.ORBICULARIS_ORIS: "OrbOris",
    Muscle.ZYGOMATICUS: "ZygMaj",
    Muscle.MENTALIS: "Mentalis",
    Muscle.NASALIS: "Nasalis",
    Muscle.PLATYSMA: "Platysma",
    Muscle.MASSETER: "Masseter",
    Muscle.TEMPORALIS: "Temporalis",
}


@dataclass(frozen=True, slots=True, eq=False)
class MemorySource:
    """Signals in memory, as a `SignalSource`."""

    signals: tuple[NDArray[np.float32], ...]

    def read(self, channel: int, start: int, stop: int) -> NDArray[np.float32]:
        """Return samples `start` to `stop` of one channel in its unit, shape (stop - start,)."""
        return self.signals[channel][start:stop]


def stream(seed: int, name: str, index: int = 0) -> np.random.Generator:
    """Return the random stream of one component."""
    return np.random.default_rng((seed, zlib.crc32(name.encode()), index))


def label_of(muscle: Muscle, side: Side) -> str:
    """Return the label of a channel, at most 16 ASCII characters."""
    return f"EMG {side.value[0].upper()} {MUSCLE_LABELS[muscle]}"
