"""The stimuli of a recording."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.core.arrays import freeze
from amr_viewer.core.recording import StimulusSource


@dataclass(frozen=True, slots=True, eq=False)
class Stimuli:
    """All stimuli in order of time; every field has one entry per stimulus.

    Attributes
    ----------
    time_s : ndarray, shape (n_stimuli,)
        Edge of the stimulus artefact where it was found, else the marker, seconds from the start.
    site, side : tuple of Branch, Side or None
        Branch and side stimulated.
    intensity_ma, width_ms : ndarray, shape (n_stimuli,)
        NaN where unknown.
    source : tuple of StimulusSource
    shift_ms : ndarray, shape (n_stimuli,)
        How far the marker was moved to the edge of the artefact; 0 where it was not.
    warnings : tuple of str
        Duplicates merged, stimuli without a marker, markers without a stimulus.
    """

    time_s: NDArray[np.float64]
    site: tuple[Branch | None, ...]
    side: tuple[Side | None, ...]
    intensity_ma: NDArray[np.float64]
    width_ms: NDArray[np.float64]
    source: tuple[StimulusSource, ...]
    shift_ms: NDArray[np.float64]
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check that all fields have one length, and make the arrays read-only."""
        n = len(self.time_s)
        for name in ("site", "side", "intensity_ma", "width_ms", "source", "shift_ms"):
            if len(getattr(self, name)) != n:
                raise ValueError(f"time_s has {n} entries, {name} {len(getattr(self, name))}")
        for name in ("time_s", "intensity_ma", "width_ms", "shift_ms"):
            freeze(getattr(self, name))

    def __len__(self) -> int:
        """Return the number of stimuli."""
        return len(self.time_s)


@lru_cache(maxsize=16)
def sites_in(stimuli: Stimuli) -> tuple[tuple[Branch | None, Side | None], ...]:
    """Return the branches that were stimulated, in order of time.

    Views ask for them again and again, of ten thousand stimuli each time.
    """
    return tuple(dict.fromkeys(zip(stimuli.site, stimuli.side, strict=True)))


@lru_cache(maxsize=32)
def stimuli_at(stimuli: Stimuli, site: tuple[Branch | None, Side | None]) -> NDArray[np.intp]:
    """Return the indices of the stimuli of a branch, read-only, in order of time."""
    pairs = zip(stimuli.site, stimuli.side, strict=True)
    return freeze(np.array([i for i, pair in enumerate(pairs) if pair == site], np.intp))
