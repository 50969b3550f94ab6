"""The columns of the result files, as the contract fixes them; writing them is left to `report`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.anatomy import Role
from amr_viewer.core.findings import Finding
from amr_viewer.core.responses import Responses, State
from amr_viewer.core.trend import Trend

FINDING_COLUMNS = (
    "site", "side", "channel", "muscle", "muscle_side", "role", "n_stimuli", "n_valid",
    "n_present", "persistence", "persistence_low", "persistence_high", "p_value", "verdict",
    "reason", "onset_ms", "onset_low_ms", "onset_high_ms", "jitter_ms", "amplitude_uv",
    "amplitude_low_uv", "amplitude_high_uv", "duration_ms", "phases", "noise_uv",
    "m_amplitude_uv", "amr_to_m", "source", "label", "sham_rate", "n_sham", "detectable_uv",
    "m_onset_ms", "afterdischarge_fraction", "automatic_verdict", "comment",
)  # fmt: skip

TREND_COLUMNS = (
    "site", "side", "channel", "block", "start_s", "end_s", "n_valid", "persistence",
    "persistence_low", "persistence_high", "amplitude_uv", "amplitude_percent",
    "amplitude_percent_low", "amplitude_percent_high", "onset_shift_ms", "m_amplitude_uv",
    "amr_to_m", "state",
)  # fmt: skip

CHANGE_COLUMNS = (
    "site", "side", "channel", "change", "time_s", "time_low_s", "time_high_s", "stimulus",
    "nearest_mark", "lag_s",
)  # fmt: skip

SUMMARY_COLUMNS = (
    "recording", "duration_s", "n_channels", "n_stimuli", "amr", "amr_where", "amr_persistence",
    "amr_onset_ms", "amr_amplitude_uv", "pattern", "pattern_side", "pattern_confidence",
    "pattern_runner_up", "warnings", "error", "command",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """A column of few different values: `values[codes[i]]` stands in row i; None is unknown."""

    codes: NDArray[np.intp]
    values: tuple[str | bool | None, ...]

    def decoded(self) -> NDArray[Any]:
        """Return the values themselves, shape (n_rows,); unknown is an empty string."""
        table = np.array(["" if v is None else v for v in self.values], dtype=object)
        return np.asarray(table[self.codes])


Column = Coded | NDArray[Any]


def response_table(responses: Responses, stimuli: slice) -> dict[str, Column]:
    """Return the columns of responses.csv for a stretch of stimuli, one row per stimulus x channel.

    Numbers are arrays of shape (n_rows,) with NaN for the unmeasurable, everything else is `Coded`.
    """
    s = responses.stimuli
    index = np.arange(len(s))[stimuli]
    n_channels = len(responses.channels)

    def per_stimulus(column: Sequence[str | None]) -> Coded:
        values = tuple(dict.fromkeys(column))
        place = {v: i for i, v in enumerate(values)}
        codes = np.array([place[v] for v in column], dtype=np.intp)
        return Coded(np.repeat(codes, n_channels), values)

    def per_channel(values: Sequence[str | None]) -> Coded:
        return Coded(np.tile(np.arange(n_channels), len(index)), tuple(values))

    def cells(name: str) -> NDArray[Any]:
        return np.asarray(getattr(responses, name)[stimuli]).ravel()

    columns: dict[str, Column] = {
        "stimulus": np.repeat(index, n_channels),
        "time_s": np.repeat(s.time_s[stimuli], n_channels),
        "site": per_stimulus(s.site[stimuli]),
        "side": per_stimulus(s.side[stimuli]),
        "intensity_ma": np.repeat(s.intensity_ma[stimuli], n_channels),
        "channel": per_channel([c.label for c in responses.channels]),
        "muscle": per_channel([c.muscle for c in responses.channels]),
        "muscle_side": per_channel([c.side for c in responses.channels]),
        "role": Coded(cells("role").astype(np.intp), tuple(r.value for r in Role)),
        "state": Coded(cells("state").astype(np.intp), tuple(x.name.lower() for x in State)),
    }
    for name in (
        "probability", "onset_ms", "peak_ms", "end_ms", "amplitude_uv", "area_uv_ms", "phases",
        "noise_uv", "snr_db",
    ):  # fmt: skip
        columns[name] = cells(name)
    columns["afterdischarge"] = Coded(cells("afterdischarge").astype(np.intp), (False, True))
    columns["source"] = Coded(cells("manual").astype(np.intp), ("auto", "manual"))
    for name in ("positive_peak_ms", "m_amplitude_uv", "m_onset_ms"):
        columns[name] = cells(name)
    return columns


def response_columns(responses: Responses, stimuli: slice) -> dict[str, NDArray[Any]]:
    """Return `response_table` with every word written out, as a data frame takes it."""
    table = response_table(responses, stimuli)
    return {
        name: column.decoded() if isinstance(column, Coded) else column
        for name, column in table.items()
    }


def finding_row(finding: Finding) -> dict[str, Any]:
    """Return the row of findings.csv of a finding; unknown words are empty strings."""
    row = {name: getattr(finding, name) for name in FINDING_COLUMNS}
    return {k: ("" if v is None else getattr(v, "value", v)) for k, v in row.items()}


def trend_rows(trend: Trend) -> Iterator[dict[str, Any]]:
    """Yield the rows of trend.csv of a course, one per block; unknown words are empty strings."""
    where = {"site": trend.site, "side": trend.side, "channel": trend.channel}
    words = {k: "" if v is None else str(v) for k, v in where.items()}
    for index in range(len(trend)):
        row = words | trend.block(index)
        yield {name: row[name] for name in TREND_COLUMNS}
