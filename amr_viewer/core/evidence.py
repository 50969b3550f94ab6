"""What the sweeps of a run showed beyond the table: why they were called, or were not."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import nan

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.core.arrays import freeze


def _nothing() -> NDArray[np.float32]:
    """Return an empty array."""
    return np.empty(0, dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class RunEvidence:
    """What the sweeps of one run and channel showed beyond the table.

    Attributes
    ----------
    site, side : Branch, Side or None
    channel : int
        Index into `Responses.channels`.
    stimuli : ndarray of int, shape (n_stimuli,)
        The run's stimuli.
    n_shams, n_shams_called : int
        Sham windows, and those that the sweeps' own rule would have called.
    strength : float
        Discriminability d' of a typical response.
    conducted_uv : float
        Peak of the volume-conducted M response in the channel, 0 if none.
    doubtful_until_ms : float
        Until when early activity may hide a response, NaN if nothing does.
    off : str
        Why the channel says nothing, empty if it does.
    sham_evidence : ndarray of float32, shape (n_kept,)
        Calibrated log Bayes factors of sham windows, at most some thousand of them; empty in
        direct channels and where a recording has no room for sham windows.
    evidence : ndarray of float32, shape (n_stimuli,)
        The same of the run's sweeps; NaN where a sweep was rejected. Empty in direct channels.
    call_limit : float
        Evidence from which a typical sweep of the run is called; NaN in direct channels.
    noise_uv : float
        RMS of a typical sweep's baseline.
    """

    site: Branch | None
    side: Side | None
    channel: int
    stimuli: NDArray[np.intp]
    n_shams: int
    n_shams_called: int
    strength: float
    conducted_uv: float
    doubtful_until_ms: float
    off: str
    sham_evidence: NDArray[np.float32] = field(default_factory=_nothing, repr=False)
    evidence: NDArray[np.float32] = field(default_factory=_nothing, repr=False)
    call_limit: float = nan
    noise_uv: float = nan

    def __post_init__(self) -> None:
        """Check shapes and make the arrays read-only."""
        n, found = len(self.stimuli), len(self.evidence)
        if found not in (0, n):
            raise ValueError(f"evidence has {found} entries, stimuli {n}")
        freeze(self.sham_evidence)
        freeze(self.evidence)
