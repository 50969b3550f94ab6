"""The columns of responses.csv and findings.csv, as the contract fixes them."""

from __future__ import annotations

from typing import Any

import numpy as np

from amr_viewer.core.anatomy import Role
from amr_viewer.core.findings import Finding
from amr_viewer.core.responses import Responses, State

FINDING_COLUMNS = (
    "site", "side", "channel", "muscle", "muscle_side", "role", "n_stimuli", "n_valid",
    "n_present", "persistence", "persistence_low", "persistence_high", "p_value", "verdict",
    "reason", "onset_ms", "onset_low_ms", "onset_high_ms", "jitter_ms", "amplitude_uv",
    "amplitude_low_uv", "amplitude_high_uv", "duration_ms", "phases", "noise_uv",
    "m_amplitude_uv", "amr_to_m", "source", "label", "sham_rate", "n_sham", "detectable_uv",
    "m_onset_ms", "afterdischarge_fraction",
)  # fmt: skip

_ROLES = np.array([r.value for r in Role], dtype=object)
_STATES = np.array([s.name.lower() for s in State], dtype=object)


def response_columns(responses: Responses, stimuli: slice) -> dict[str, Any]:
    """Return the columns of responses.csv for a stretch of stimuli, one row per stimulus x channel.

    Values are numpy arrays of one length; unknown words are empty strings, unmeasurable numbers
    NaN.
    """
    s = responses.stimuli
    index = np.arange(len(s))[stimuli]
    n_channels = len(responses.channels)

    def per_stimulus(values: Any) -> Any:
        return np.repeat(np.asarray(values)[stimuli], n_channels)

    def words(values: Any) -> Any:
        return np.array([v.value if v is not None else "" for v in values], dtype=object)

    def per_channel(values: Any) -> Any:
        return np.tile(values, len(index))

    columns: dict[str, Any] = {
        "stimulus": np.repeat(index, n_channels),
        "time_s": per_stimulus(s.time_s),
        "site": per_stimulus(words(s.site)),
        "side": per_stimulus(words(s.side)),
        "intensity_ma": per_stimulus(s.intensity_ma),
        "channel": per_channel(np.array([c.label for c in responses.channels], dtype=object)),
        "muscle": per_channel(words([c.muscle for c in responses.channels])),
        "muscle_side": per_channel(words([c.side for c in responses.channels])),
        "role": _ROLES[responses.role[stimuli].ravel()],
        "state": _STATES[responses.state[stimuli].ravel()],
    }
    for name in (
        "probability", "onset_ms", "peak_ms", "end_ms", "amplitude_uv", "area_uv_ms", "phases",
        "noise_uv", "snr_db", "afterdischarge",
    ):  # fmt: skip
        columns[name] = getattr(responses, name)[stimuli].ravel()
    columns["source"] = np.where(responses.manual[stimuli].ravel(), "manual", "auto").astype(object)
    for name in ("positive_peak_ms", "m_amplitude_uv", "m_onset_ms"):
        columns[name] = getattr(responses, name)[stimuli].ravel()
    return columns


def finding_row(finding: Finding) -> dict[str, Any]:
    """Return the row of findings.csv of a finding; unknown words are empty strings."""
    row = {name: getattr(finding, name) for name in FINDING_COLUMNS}
    return {k: ("" if v is None else getattr(v, "value", v)) for k, v in row.items()}
