from __future__ import annotations

import json
from pathlib import Path

import pytest

from amr_viewer.core.recording import Recording
from amr_viewer.errors import ExportError, ParameterError
from amr_viewer.simulate import kinds, make, write_simulations


def note(recording: Recording, path: Path) -> None:
    """Stand in for a writer."""
    path.write_text(f"{len(recording.channels)} channels")


def test_each_kind_gets_a_recording_and_its_truth(tmp_path: Path) -> None:
    paths = write_simulations(tmp_path / "new", ["clear", "ttl"], write=note, seed=3)
    assert [p.name for p in paths] == ["clear.edf", "ttl.edf"]
    assert paths[1].read_text() == "6 channels"
    truth = json.loads((tmp_path / "new" / "clear.truth.json").read_text())
    expected = make("clear", 3).truth
    assert truth["seed"] == 3
    assert truth["stimuli"][4]["time_s"] == pytest.approx(expected.time_s[4], abs=1e-6)
    assert truth["stimuli"][4]["present"] == expected.present[4].tolist()
    assert {f["channel"] for f in truth["findings"] if f["amr"]} == {
        "EMG L OrbOris",
        "EMG L Mentalis",
    }


def test_progress_names_the_kinds(tmp_path: Path) -> None:
    seen: list[tuple[float, str]] = []
    write_simulations(
        tmp_path, ["slow", "sweeps"], write=note, progress=lambda f, text: seen.append((f, text))
    )
    assert seen == [(0.0, "slow"), (0.5, "sweeps")]


def test_unknown_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="blink"):
        write_simulations(tmp_path, ["blink"], write=note)


def test_a_folder_that_cannot_be_made_is_an_export_error(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(ExportError, match=r"clear\.edf"):
        write_simulations(tmp_path / "taken", ["clear"], write=note)


def test_every_kind_has_a_line() -> None:
    assert all(text and len(text) < 80 for text in kinds().values())
