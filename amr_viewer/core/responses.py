"""What was found in every sweep."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.anatomy import Role
from amr_viewer.core.arrays import freeze
from amr_viewer.core.recording import Channel
from amr_viewer.core.stimuli import Stimuli

if TYPE_CHECKING:
    import pandas as pd


class State(IntEnum):
    """State of one sweep."""

    ABSENT = 0
    PRESENT = 1
    REJECTED = 2


class Rejection(IntEnum):
    """Why a sweep says nothing."""

    NONE = 0
    DIRECT_RESPONSE_MISSING = 1
    NOISE = 2
    SATURATION = 3
    ARTEFACT = 4
    INCOMPLETE = 5
    ELECTRODE = 6
    OVERLAP = 7
    MANUAL = 8
    UNSURE = 9


REJECTION_WORDS = {
    Rejection.NONE: "",
    Rejection.DIRECT_RESPONSE_MISSING: "direct response missing: the stimulus failed",
    Rejection.NOISE: "baseline too noisy",
    Rejection.SATURATION: "amplifier saturated in the search window",
    Rejection.ARTEFACT: "stimulus artefact reaches into the search window",
    Rejection.INCOMPLETE: "sweep runs into a gap or the end of the file",
    Rejection.ELECTRODE: "no signal: electrode off or channel flat",
    Rejection.OVERLAP: "next stimulus falls into the search window",
    Rejection.MANUAL: "rejected by a person",
    Rejection.UNSURE: "a person could not say",
}


MARKER_BITS = {"onset_ms": 1, "peak_ms": 2, "positive_peak_ms": 4, "end_ms": 8}


@dataclass(frozen=True, slots=True, eq=False)
class Responses:
    """One entry per stimulus and channel, shape (n_stimuli, n_channels) for every array.

    Only EMG channels that were analyzed are here; `channels` names them. NaN: not measurable.

    Attributes
    ----------
    stimuli : Stimuli
    channels : tuple of Channel
    role : ndarray of int8
        Index into ``tuple(Role)``.
    state : ndarray of int8
        `State`.
    rejection : ndarray of int8
        `Rejection`.
    probability : ndarray
        Calibrated probability that this sweep carries a response of the kind; NaN if rejected.
        Always the program's, also where a person decided.
    onset_ms, peak_ms, positive_peak_ms, end_ms : ndarray
        Latencies from the stimulus; `peak_ms` is the largest negative peak.
    amplitude_uv, area_uv_ms : ndarray
        Peak to peak; rectified area from onset to end.
    phases : ndarray
        Number of phases (baseline crossings + 1).
    noise_uv : ndarray
        RMS of the sweep's own baseline (robust).
    snr_db : ndarray
        20 log10(amplitude / (2 x noise)).
    afterdischarge : ndarray of bool
        Further activity after the end of the response.
    m_amplitude_uv, m_onset_ms : ndarray
        Direct response, in direct channels only.
    manual : ndarray of bool
        Whether a person decided on the state or replaced a value.
    by_hand : ndarray of uint8
        Which of the markers a person set: the sum of their `MARKER_BITS`.
    """

    stimuli: Stimuli
    channels: tuple[Channel, ...]
    role: NDArray[np.int8]
    state: NDArray[np.int8]
    rejection: NDArray[np.int8]
    probability: NDArray[np.float32]
    onset_ms: NDArray[np.float32]
    peak_ms: NDArray[np.float32]
    positive_peak_ms: NDArray[np.float32]
    end_ms: NDArray[np.float32]
    amplitude_uv: NDArray[np.float32]
    area_uv_ms: NDArray[np.float32]
    phases: NDArray[np.float32]
    noise_uv: NDArray[np.float32]
    snr_db: NDArray[np.float32]
    afterdischarge: NDArray[np.bool_]
    m_amplitude_uv: NDArray[np.float32]
    m_onset_ms: NDArray[np.float32]
    manual: NDArray[np.bool_]
    by_hand: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, np.uint8))

    def __post_init__(self) -> None:
        """Check shapes and make the arrays read-only."""
        shape = (len(self.stimuli), len(self.channels))
        if self.by_hand.shape == (0,):
            object.__setattr__(self, "by_hand", np.zeros(shape, np.uint8))
        for name in ARRAY_NAMES:
            array = getattr(self, name)
            if array.shape != shape:
                raise ValueError(f"{name} has shape {array.shape}, expected {shape}")
            freeze(array)

    def role_at(self, stimulus: int, channel: int) -> Role:
        """Return the role of a channel for a stimulus."""
        return tuple(Role)[int(self.role[stimulus, channel])]

    def to_dataframe(self) -> pd.DataFrame:
        """Return a tidy table, one row per stimulus x channel, columns as in responses.csv."""
        import pandas as pd

        from amr_viewer.core.tables import response_columns

        return pd.DataFrame(response_columns(self, slice(None)))


ARRAY_NAMES = tuple(f.name for f in fields(Responses) if f.name not in {"stimuli", "channels"})
