"""One real recording in every format gives the same numbers; other real ones give no nonsense."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from amr_viewer.analysis.stimuli import find_stimuli
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.core.protocol import MarkerRule, Protocol
from amr_viewer.core.recording import StimulusSource
from amr_viewer.core.responses import State
from amr_viewer.io import read_recording
from amr_viewer.workflow import analyze

SPIKE2 = "real/hreflex_spike2/physiology.smr"
SAME = "formats/same_recording/hreflex"
VARIANTS = [
    SPIKE2,
    f"{SAME}_edf_plain_trigger_channel.edf",
    f"{SAME}_edfplusC_annotations.edf",
    f"{SAME}_edfplusD_discontinuous.edf",
    f"{SAME}_bdf_plain_trigger_channel.bdf",
    f"{SAME}_bdfplusC_annotations.bdf",
    f"{SAME}_bdfplusD_discontinuous.bdf",
    f"{SAME}_brainvision.vhdr",
    f"{SAME}_raw.fif",
    f"{SAME}_wfdb.hea",
    f"{SAME}.gdf",
    f"{SAME}_GDF1.gdf",
]
# wfdb calls pandas in a way that the newest pandas deprecates
pytestmark = pytest.mark.filterwarnings("ignore:.*inplace:DeprecationWarning")


def leg() -> Protocol:
    """Return the protocol for a reflex of the leg; Hreflex is a stimulus, Magnet is none."""
    none = MarkerRule(ignore=True)
    rules = {"Hreflex": MarkerRule(), "S  1": MarkerRule(), "Magnet": none, "S  2": none}
    protocol = Protocol(markers=rules)
    window = {
        "detection.window_start_ms": "25",
        "detection.window_end_ms": "45",
        "detection.response_ms": "25",
    }
    return protocol.model_copy(update={"parameters": protocol.parameters.replaced(window)})


@cache
def analysis_of(path: Path) -> Analysis:
    """Analyze a recording of the leg, once."""
    return analyze(read_recording(path, leg()), leg())


def column(of: Analysis, label: str) -> int:
    """Return the channel of a label."""
    labels = [c.label.casefold() for c in of.responses.channels]
    return labels.index(label)


def finding(of: Analysis, label: str) -> Finding:
    """Return the only finding of a channel."""
    return next(f for f in of.findings if f.channel.casefold() == label)


@pytest.mark.parametrize("name", VARIANTS)
def test_every_format_holds_the_twenty_stimuli(shared_recordings: Path, name: str) -> None:
    stimuli = analysis_of(shared_recordings / name).stimuli
    expected = [13.321, 14.321] + [
        t + k for t in (24.321, 35.321, 46.321, 57.321, 68.321, 79.321, 90.321) for k in (0, 1)
    ]
    expected += [101.321, 102.321, 112.321, 113.321]
    assert stimuli.time_s == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize("name", VARIANTS)
def test_soleus_answers_every_stimulus(shared_recordings: Path, name: str) -> None:
    found = analysis_of(shared_recordings / name)
    soleus = column(found, "soleus")
    assert (found.responses.state[:, soleus] == State.PRESENT).all()
    assert finding(found, "soleus").verdict is Verdict.PRESENT
    # Read by hand from the raw samples: negative peak at 34.0-34.5 ms, 8459 uV peak to peak.
    assert np.median(found.responses.peak_ms[:, soleus]) == pytest.approx(34.2, abs=0.3)
    assert np.median(found.responses.amplitude_uv[:, soleus]) == pytest.approx(8459, rel=0.05)


@pytest.mark.parametrize("name", VARIANTS)
def test_fdi_never_answers(shared_recordings: Path, name: str) -> None:
    found = analysis_of(shared_recordings / name)
    assert not (found.responses.state[:, column(found, "fdi")] == State.PRESENT).any()
    fdi = finding(found, "fdi")
    assert (fdi.n_present, fdi.n_valid, fdi.verdict) == (0, 20, Verdict.ABSENT)


@pytest.mark.parametrize("name", VARIANTS[1:])
def test_every_format_gives_the_same_numbers(shared_recordings: Path, name: str) -> None:
    first, other = (analysis_of(shared_recordings / x).responses for x in (SPIKE2, name))
    a = column(analysis_of(shared_recordings / SPIKE2), "soleus")
    b = column(analysis_of(shared_recordings / name), "soleus")
    assert other.onset_ms[:, b] == pytest.approx(first.onset_ms[:, a], abs=0.1)
    assert other.amplitude_uv[:, b] == pytest.approx(first.amplitude_uv[:, a], rel=0.01)


@pytest.mark.parametrize("name", VARIANTS[1:])
def test_unmarked_the_same_stimuli_are_found(shared_recordings: Path, name: str) -> None:
    recording = read_recording(shared_recordings / name)
    trigger = [i for i, c in enumerate(recording.channels) if c.kind == "trigger"]
    kept = tuple(c for i, c in enumerate(recording.channels) if i not in trigger)
    stimuli = find_stimuli(replace(recording, marks=(), channels=kept))
    marked = analysis_of(shared_recordings / name).stimuli.time_s
    assert stimuli.time_s == pytest.approx(marked, abs=5e-4)
    assert set(stimuli.source) == {StimulusSource.ARTEFACT}


def test_double_and_missing_triggers_are_repaired_and_reported(shared_recordings: Path) -> None:
    found = analysis_of(shared_recordings / "damaged/signal_double_and_missing_triggers.edf")
    assert len(found.stimuli) == 20
    assert "1 doubled stimulus markers merged" in " ".join(found.warnings)
    assert "3 stimuli had no marker" in " ".join(found.warnings)
    assert finding(found, "soleus").n_present == 20


@pytest.mark.parametrize(
    "name",
    [
        "real/hreflex_spike2/motor_units.smr",
        "real/needle_emgdb/emg_healthy.txt",
        "real/needle_emgdb/emg_myopathy.txt",
        "real/needle_emgdb/emg_neuropathy.txt",
        "real/facial_biopac_txt/femg_raw_exported_sample.txt",
        "formats/same_recording/emgdb_neuropathy_4kHz.edf",
    ],
)
def test_without_stimulation_nothing_is_found(shared_recordings: Path, name: str) -> None:
    found = analyze(read_recording(shared_recordings / name))
    assert len(found.stimuli) == 0
    assert "no stimuli" in " ".join(found.warnings)
    assert found.findings == ()


@pytest.mark.parametrize(
    ("name", "n_stimuli"),
    [
        ("real/mwave_monstim/Example Data 2.csv", 80),
        ("real/mwave_monstim/Example Data 3.csv", 84),
        ("real/recruitment_csv/example-waveforms.csv", 41),
        ("formats/natus_text_reconstructed/SYNTHETIC_layout_utf16_decimal_comma.txt", 10),
        ("formats/same_recording/mwave_84sweeps_wide.csv", 84),
    ],
)
def test_sweeps_of_an_unknown_muscle_are_no_amr(
    shared_recordings: Path, name: str, n_stimuli: int
) -> None:
    found = analyze(read_recording(shared_recordings / name))
    assert len(found.stimuli) == n_stimuli
    assert found.amr == "not_assessable"
    assert "abnormal muscle response present" not in found.headline.casefold()
