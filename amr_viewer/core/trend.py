"""The course of a response over a recording, block by block; what decides it is in `analysis`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.anatomy import Branch, Muscle, Role, Side
from amr_viewer.core.arrays import freeze


class BlockState(StrEnum):
    """What a block of stimuli says about a response."""

    PRESENT = "present"
    REDUCED = "reduced"
    ABSENT = "absent"
    CANNOT_SAY = "cannot_say"


SEEN = frozenset({BlockState.PRESENT, BlockState.REDUCED})
"""States in which the response is there."""

COUNT_ARRAYS = ("first_stimulus", "last_stimulus", "n_stimuli", "n_valid", "n_present")
VALUE_ARRAYS = (
    "start_s", "end_s", "persistence", "persistence_low", "persistence_high", "amplitude_uv",
    "amplitude_low_uv", "amplitude_high_uv", "amplitude_percent", "amplitude_percent_low",
    "amplitude_percent_high", "onset_ms", "onset_shift_ms", "m_amplitude_uv", "amr_to_m",
    "noise_uv",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Trend:
    """One stimulated branch and side x one channel; one entry per block, in order of time.

    NaN: could not be measured. That there is no response is a state, never a zero: in a block that
    is absent amplitude and onset are NaN.

    Attributes
    ----------
    site, side : Branch, Side or None
        What was stimulated.
    channel : str
        Label of the channel as in the file.
    channel_index : int
        Index into `Responses.channels`.
    muscle, muscle_side, role
        As in the `Finding`.
    first_stimulus, last_stimulus : ndarray of int, shape (n_blocks,)
        Indices into `Stimuli`; stimuli of other branches may lie between them.
    start_s, end_s : ndarray
        Times of these two.
    n_stimuli, n_valid, n_present : ndarray of int
        Given; usable; with a response.
    persistence, persistence_low, persistence_high : ndarray
        Of the valid sweeps, with its 95 % Clopper-Pearson interval.
    amplitude_uv, amplitude_low_uv, amplitude_high_uv : ndarray
        Median of the sweeps with a response, 95 % interval of a bootstrap of neighbours.
    amplitude_percent, amplitude_percent_low, amplitude_percent_high : ndarray
        The same in percent of the baseline block, whose spread is in the interval.
    onset_ms, onset_shift_ms : ndarray
        Median; difference from the baseline block.
    m_amplitude_uv : ndarray
        Direct response to the same stimuli, median; of this channel itself where it is direct.
    amr_to_m : ndarray
        Ratio of the two amplitudes; NaN in a direct channel.
    noise_uv : ndarray
        RMS, median of the sweeps.
    state : tuple of BlockState
        A direct channel carries no lateral spread: it is `CANNOT_SAY` throughout.
    reason : tuple of str
        Why, in words.
    baseline_block : int
        The block that percent and shift refer to; -1 if there is none.
    baseline_is_own : bool
        Whether a person chose it for this branch alone.
    """

    site: Branch | None
    side: Side | None
    channel: str
    channel_index: int
    muscle: Muscle | None
    muscle_side: Side | None
    role: Role
    first_stimulus: NDArray[np.intp]
    last_stimulus: NDArray[np.intp]
    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]
    n_stimuli: NDArray[np.intp]
    n_valid: NDArray[np.intp]
    n_present: NDArray[np.intp]
    persistence: NDArray[np.float64]
    persistence_low: NDArray[np.float64]
    persistence_high: NDArray[np.float64]
    amplitude_uv: NDArray[np.float64]
    amplitude_low_uv: NDArray[np.float64]
    amplitude_high_uv: NDArray[np.float64]
    amplitude_percent: NDArray[np.float64]
    amplitude_percent_low: NDArray[np.float64]
    amplitude_percent_high: NDArray[np.float64]
    onset_ms: NDArray[np.float64]
    onset_shift_ms: NDArray[np.float64]
    m_amplitude_uv: NDArray[np.float64]
    amr_to_m: NDArray[np.float64]
    noise_uv: NDArray[np.float64]
    state: tuple[BlockState, ...]
    reason: tuple[str, ...]
    baseline_block: int = -1
    baseline_is_own: bool = False

    def __post_init__(self) -> None:
        """Check that all fields have one length, and make the arrays read-only."""
        n = len(self.state)
        for name in (*COUNT_ARRAYS, *VALUE_ARRAYS, "reason"):
            if len(getattr(self, name)) != n:
                raise ValueError(f"state has {n} entries, {name} {len(getattr(self, name))}")
        for name in (*COUNT_ARRAYS, *VALUE_ARRAYS):
            freeze(getattr(self, name))

    def __len__(self) -> int:
        """Return the number of blocks."""
        return len(self.state)

    def block(self, index: int) -> dict[str, Any]:
        """Return one block as plain values; `block` is its number from 0."""
        counts = {name: int(getattr(self, name)[index]) for name in COUNT_ARRAYS}
        values = {name: float(getattr(self, name)[index]) for name in VALUE_ARRAYS}
        said = {"state": self.state[index].value, "reason": self.reason[index]}
        return {"block": index, **counts, **values, **said}

    def changes(self) -> tuple[tuple[int, int], ...]:
        """Return the changes of state as (last block before, first block after).

        Blocks that cannot say stand between the two, and are no change.

        Examples
        --------
        Present, present, cannot say, absent, present: ``((1, 3), (3, 4))``.
        """
        known = [i for i, s in enumerate(self.state) if s is not BlockState.CANNOT_SAY]
        return tuple((a, b) for a, b in pairwise(known) if self.state[a] is not self.state[b])
