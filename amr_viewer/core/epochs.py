"""Stretches of signal around the stimuli."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.arrays import freeze


@dataclass(frozen=True, slots=True, eq=False)
class Epochs:
    """Sweeps of some stimuli and channels on one time axis.

    Attributes
    ----------
    data_uv : ndarray of float32, shape (n_stimuli, n_channels, n_times)
        NaN outside the recording.
    times_ms : ndarray, shape (n_times,)
        Time from the stimulus.
    stimuli : ndarray of int, shape (n_stimuli,)
        Index of each sweep's stimulus in the recording's `Stimuli`.
    channels : ndarray of int, shape (n_channels,)
        Index of each channel in the recording.
    blank_end_ms : ndarray, shape (n_stimuli, n_channels)
        End of the stimulus artefact.
    """

    data_uv: NDArray[np.float32] = field(repr=False)
    times_ms: NDArray[np.float64] = field(repr=False)
    stimuli: NDArray[np.intp]
    channels: NDArray[np.intp]
    blank_end_ms: NDArray[np.float32] = field(repr=False)

    def __post_init__(self) -> None:
        """Check shapes and make the arrays read-only."""
        shape = (len(self.stimuli), len(self.channels), len(self.times_ms))
        if self.data_uv.shape != shape:
            raise ValueError(f"data_uv has shape {self.data_uv.shape}, expected {shape}")
        if self.blank_end_ms.shape != shape[:2]:
            raise ValueError(
                f"blank_end_ms has shape {self.blank_end_ms.shape}, expected {shape[:2]}"
            )
        for name in ("data_uv", "times_ms", "stimuli", "channels", "blank_end_ms"):
            freeze(getattr(self, name))

    @property
    def sampling_hz(self) -> float:
        """Samples per second."""
        return 1e3 * (len(self.times_ms) - 1) / float(self.times_ms[-1] - self.times_ms[0])
