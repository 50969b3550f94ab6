"""What is true of a simulated recording, which an analysis is to find out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.anatomy import Branch, Role, Side
from amr_viewer.core.arrays import freeze
from amr_viewer.core.protocol import Protocol
from amr_viewer.core.recording import Recording
from amr_viewer.simulate.free_running_truth import PatternTruth
from amr_viewer.simulate.scenario import Scenario

ONSET_FRACTION = 0.02
"""The onset is where the noise-free response first leaves zero by this part of its peak to peak."""


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Truth about every stimulus and channel.

    Attributes
    ----------
    kind : str
    seed : int
    scenario : Scenario
    channels : tuple of str
        Labels of the EMG channels; a trigger channel is not among them.
    time_s : ndarray, shape (n_stimuli,)
        Edge of the stimulus artefact, seconds from the start of the recording.
    site : tuple of Branch
    side : tuple of Side
    intensity_ma : ndarray, shape (n_stimuli,)
    failed : ndarray of bool, shape (n_stimuli,)
        The stimulus excited no fibre; its sweeps say nothing.
    role : ndarray of int8, shape (n_stimuli, n_channels)
        Index into ``tuple(Role)``.
    present : ndarray of bool, shape (n_stimuli, n_channels)
        An AMR is there.
    onset_ms, amplitude_uv : ndarray, shape (n_stimuli, n_channels)
        Of the noise-free AMR without its afterdischarge; NaN where there is none.
    reflex : ndarray of bool, shape (n_stimuli, n_channels)
        A reflex is there: a late response, but no AMR.
    usable : ndarray of bool, shape (n_channels,)
        False where the electrode is off.
    has_amr : dict of (Branch, Side, str) to bool
        Whether stimulation of this branch and side is ever answered in this channel.
    pattern : PatternTruth or None
        What is true of a free-running recording, which has no stimuli.
    """

    kind: str
    seed: int
    scenario: Scenario
    channels: tuple[str, ...]
    time_s: NDArray[np.float64]
    site: tuple[Branch, ...]
    side: tuple[Side, ...]
    intensity_ma: NDArray[np.float64]
    failed: NDArray[np.bool_]
    role: NDArray[np.int8]
    present: NDArray[np.bool_]
    onset_ms: NDArray[np.float64]
    amplitude_uv: NDArray[np.float64]
    reflex: NDArray[np.bool_]
    usable: NDArray[np.bool_]
    has_amr: dict[tuple[Branch, Side, str], bool] = field(default_factory=dict)
    pattern: PatternTruth | None = None

    def __post_init__(self) -> None:
        """Check shapes and make the arrays read-only."""
        shape = (len(self.time_s), len(self.channels))
        for name in ("role", "present", "onset_ms", "amplitude_uv", "reflex"):
            array = getattr(self, name)
            if array.shape != shape:
                raise ValueError(f"{name} has shape {array.shape}, expected {shape}")
            freeze(array)
        for name in ("time_s", "intensity_ma", "failed", "usable"):
            freeze(getattr(self, name))

    def is_role(self, role: Role) -> NDArray[np.bool_]:
        """Return where a channel has this role, shape (n_stimuli, n_channels)."""
        found: NDArray[np.bool_] = self.role == tuple(Role).index(role)
        return found

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; times to the microsecond, NaN as None."""
        free = {} if self.pattern is None else {"pattern": self.pattern.to_dict(self.channels)}
        return {
            "kind": self.kind,
            "seed": self.seed,
            "scenario": self.scenario.model_dump(mode="json", exclude_defaults=True),
            "channels": list(self.channels),
            "usable": self.usable.tolist(),
            "stimuli": [self._stimulus(i) for i in range(len(self.time_s))],
            "findings": [
                {"site": site.value, "side": side.value, "channel": channel, "amr": amr}
                for (site, side, channel), amr in self.has_amr.items()
            ],
            **free,
        }

    def _stimulus(self, i: int) -> dict[str, Any]:
        """Return what is true of one stimulus; lists run over the channels."""
        return {
            "time_s": round(float(self.time_s[i]), 6),
            "site": self.site[i].value,
            "side": self.side[i].value,
            "intensity_ma": float(self.intensity_ma[i]),
            "failed": bool(self.failed[i]),
            "role": [tuple(Role)[k].value for k in self.role[i]],
            "present": self.present[i].tolist(),
            "onset_ms": _numbers(self.onset_ms[i], 3),
            "amplitude_uv": _numbers(self.amplitude_uv[i], 1),
            "reflex": self.reflex[i].tolist(),
        }


@dataclass(frozen=True, slots=True, eq=False)
class Simulation:
    """A recording in memory, the truth about it, and what a laboratory would have to add.

    `protocol` says site and side where the recording does not (triggers without text, no markers);
    otherwise it is the default.
    """

    recording: Recording
    truth: Truth
    protocol: Protocol


def _numbers(values: NDArray[np.float64], digits: int) -> list[float | None]:
    """Round for JSON; NaN becomes None."""
    return [None if np.isnan(v) else round(float(v), digits) for v in values]
