"""`amr-viewer bids` as a person types it, from a data set to its derivatives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from amr_viewer.cli.app import app
from amr_viewer.io.writers import write_edf
from amr_viewer.simulate import make

STEM = "sub-01_task-stim"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("study")
    folder = root / "sub-01" / "emg"
    folder.mkdir(parents=True)
    (root / "dataset_description.json").write_text('{"Name": "Study", "BIDSVersion": "1.11.1"}')
    recording = make("clear", 3, n_stimuli=10, sampling_hz=10_000.0).recording
    write_edf(recording, folder / f"{STEM}_emg.edf")
    lines = ["name\ttype\tunits\ttarget_muscle"]
    lines += [f"{c.label}\tEMG\tuV\tn/a" for c in recording.channels]
    (folder / f"{STEM}_channels.tsv").write_text("\n".join(lines) + "\n")
    return root


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_from_recording_to_derivatives(dataset: Path, tmp_path: Path) -> None:
    recording = dataset / "sub-01" / "emg" / f"{STEM}_emg.edf"
    assert run("analyze", recording, "--out", tmp_path / "r", "--no-free-running").exit_code == 0
    out = dataset / "derivatives" / "amr-viewer"
    result = run("bids", tmp_path / "r", "--out", out, "--dataset", dataset)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"Derivatives of 1 recording: {out}\n"
    about = json.loads((out / "sub-01" / "emg" / f"{STEM}_desc-amr_events.json").read_text())
    assert about["Sources"] == [f"bids:raw:sub-01/emg/{STEM}_emg.edf"]
    info = json.loads(run("info", recording, "--json").stdout)
    assert f"read with the BIDS files {STEM}_channels.tsv" in info["warnings"]


def test_a_fault_is_one_line(dataset: Path, tmp_path: Path) -> None:
    result = run("bids", dataset, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "holds no results" in result.stderr
    assert not (tmp_path / "out").exists()


def test_usage_is_checked(tmp_path: Path) -> None:
    assert run("bids", tmp_path).exit_code == 2
    assert "DERIVATIVES" in run("bids", "--help").stdout
