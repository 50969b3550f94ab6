"""Analyses that know the truth, to validate the validation."""

from __future__ import annotations

import numpy as np

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Role
from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.core.protocol import Protocol
from amr_viewer.core.recording import Recording, StimulusSource
from amr_viewer.core.responses import ARRAY_NAMES, Responses, State
from amr_viewer.core.stimuli import Stimuli
from amr_viewer.simulate import Truth


def stimuli_of(truth: Truth) -> Stimuli:
    """Return the true stimuli."""
    n = len(truth.time_s)
    return Stimuli(
        truth.time_s.copy(),
        truth.site,
        truth.side,
        truth.intensity_ma.copy(),
        np.full(n, 0.2),
        (StimulusSource.ANNOTATION,) * n,
        np.zeros(n),
    )


def perfect(recording: Recording, truth: Truth) -> Analysis:
    """Return the analysis that is right everywhere."""
    shape = truth.present.shape
    state = np.where(truth.present, State.PRESENT, State.ABSENT).astype(np.int8)
    state[truth.failed] = State.REJECTED
    probability = np.where(state == State.REJECTED, np.nan, truth.present).astype(np.float32)
    arrays = {name: np.zeros(shape, dtype=np.float32) for name in ARRAY_NAMES}
    arrays |= {
        "role": truth.role.copy(),
        "by_hand": np.zeros(shape, dtype=np.uint8),
        "state": state,
        "probability": probability,
        "onset_ms": truth.onset_ms.astype(np.float32),
        "amplitude_uv": truth.amplitude_uv.astype(np.float32),
    }
    channels = tuple(c for c in recording.channels if c.label in truth.channels)
    findings = tuple(
        Finding(
            site=site, side=side, channel=label, channel_index=truth.channels.index(label),
            muscle=None, muscle_side=None, role=Role.LATERAL,
            verdict=Verdict.PRESENT if amr else Verdict.ABSENT, label="AMR", reason="",
        )
        for (site, side, label), amr in truth.has_amr.items()
    )  # fmt: skip
    return Analysis(
        recording, Protocol(), stimuli_of(truth), Responses(stimuli_of(truth), channels, **arrays),
        findings, "present", "",
    )  # fmt: skip
