"""What `info --json` prints, from a recording in memory."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import numpy as np
import pytest
import typer
from numpy.typing import NDArray

from amr_viewer.cli.info import SampleRequest
from amr_viewer.cli.info_values import info_values
from amr_viewer.core.anatomy import Branch, Muscle, Side
from amr_viewer.core.recording import (
    Channel,
    ChannelKind,
    Mark,
    Recording,
    Segment,
    StimulusSource,
)
from amr_viewer.core.stimuli import Stimuli


@dataclass
class Counting:
    """Sample n of channel c has the value 1000 c + n; sample 7 is missing."""

    n_samples: int = 20

    def read(self, channel: int, start: int, stop: int) -> NDArray[np.float32]:
        assert 0 <= start < stop <= self.n_samples
        values = 1000.0 * channel + np.arange(start, stop, dtype=np.float32)
        values[np.arange(start, stop) == 7] = np.nan
        return values.astype(np.float32)


def channel(label: str) -> Channel:
    return Channel(label, "uV", 10.0, 20, Muscle.MENTALIS, Side.LEFT, ChannelKind.EMG, "mV")


# Ten samples from 0 s, and ten from 5 s on.
RECORDING = Recording(
    name="x.edf",
    path="x.edf",
    format="EDF+D",
    channels=(channel("Men"), channel("men"), channel("Oris"), channel("Oris")),
    segments=(Segment(0.0, 1.0, 0.0), Segment(5.0, 1.0, 1.0)),
    marks=(Mark(0.25, float("nan"), "start"),),
    source=Counting(),
    warnings=("unit guessed",),
)
STIMULI = Stimuli(
    time_s=np.array([0.5]),
    site=(Branch.ZYGOMATIC,),
    side=(None,),
    intensity_ma=np.array([np.nan]),
    width_ms=np.array([0.2]),
    source=(StimulusSource.TRIGGER,),
    shift_ms=np.array([0.0]),
    warnings=("unit guessed", "one marker moved"),
)


def value_at(name: str, time_s: float) -> float | None:
    (sample,) = info_values(RECORDING, STIMULI, [SampleRequest(name, time_s)])["samples"]
    value: float | None = sample["value"]
    return value


def test_values_are_json_without_nan_and_unknown_is_null() -> None:
    values = json.loads(json.dumps(info_values(RECORDING, STIMULI, []), allow_nan=False))
    assert values["duration_s"] == 6.0
    assert values["segments"][1] == {"start_s": 5.0, "duration_s": 1.0}
    assert values["marks"] == [
        {"time_s": 0.25, "duration_s": None, "text": "start", "channel": None}
    ]
    (stimulus,) = values["stimuli"]
    assert stimulus["site"] == "zygomatic"
    assert stimulus["side"] is None
    assert stimulus["intensity_ma"] is None
    assert stimulus["source"] == "trigger"
    assert values["channels"][0] | {"filters": None} == {
        "label": "Men",
        "unit": "uV",
        "sampling_hz": 10.0,
        "n_samples": 20,
        "muscle": "mentalis",
        "side": "left",
        "kind": "emg",
        "file_unit": "mV",
        "filters": None,
    }
    assert "samples" not in values


def test_warnings_of_reading_and_stimuli_stand_once() -> None:
    assert info_values(RECORDING, STIMULI, [])["warnings"] == ["unit guessed", "one marker moved"]


@pytest.mark.parametrize(
    ("time_s", "value"),
    [
        (0.0, 0.0),
        (0.34, 3.0),
        (0.36, 4.0),
        (0.99, 9.0),  # nearest would be sample 10, which lies four seconds later
        (4.96, 10.0),
        (5.0, 10.0),
        (5.99, 19.0),
    ],
)
def test_a_sample_is_the_stored_one_nearest_in_time(time_s: float, value: float) -> None:
    assert value_at("Men", time_s) == value


@pytest.mark.parametrize("time_s", [-0.2, 1.0, 3.0, 4.9, 6.0, 1e9])
def test_a_time_outside_the_segments_has_no_value_and_a_warning(time_s: float) -> None:
    values = info_values(RECORDING, STIMULI, [SampleRequest("Men", time_s)])
    assert values["samples"][0]["value"] is None
    assert "outside the recording or in a gap" in values["warnings"][-1]


def test_a_missing_sample_is_null_with_a_warning() -> None:
    values = info_values(RECORDING, STIMULI, [SampleRequest("Men", 0.7)])
    assert values["samples"][0]["value"] is None
    assert values["warnings"][-1] == "Men: 0.7 s is missing in the file"


def test_a_channel_is_named_by_label_exactly_or_without_case_or_by_number() -> None:
    assert value_at("men", 0.0) == 1000.0
    assert value_at("#2", 0.0) == 2000.0
    only = replace(RECORDING, channels=RECORDING.channels[:1])
    (sample,) = info_values(only, STIMULI, [SampleRequest("MEN", 0.1)])["samples"]
    assert (sample["channel"], sample["value"]) == ("Men", 1.0)


def test_a_label_that_stands_twice_gives_every_channel_and_a_warning() -> None:
    values = info_values(RECORDING, STIMULI, [SampleRequest("Oris", 0.0)])
    assert [s["value"] for s in values["samples"]] == [2000.0, 3000.0]
    assert values["warnings"][-1] == "Oris: several channels have this label: #2, #3"


@pytest.mark.parametrize("name", ["Nasalis", "#4", "#x", ""])
def test_an_unknown_channel_is_wrong_usage(name: str) -> None:
    with pytest.raises(typer.BadParameter, match="no such channel; there are Men"):
        value_at(name, 0.0)
