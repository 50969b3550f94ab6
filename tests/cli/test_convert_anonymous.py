"""`convert --anonymize` as a person types it: what it writes, refuses, and never says."""

from __future__ import annotations

from dataclasses import replace
from math import nan
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from amr_viewer.cli.app import app
from amr_viewer.core.recording import Mark
from amr_viewer.io import read_recording
from amr_viewer.io.writers import write_edf
from amr_viewer.simulate import make

TELLING = ("ivanova", "anna", "4711", "petrov", "case17")


def amr_viewer(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short recording of a named patient, whose name stands in the file's name too."""
    path = tmp_path_factory.mktemp("recordings") / "case17_Ivanova.edf"
    recording = make("clear", 3, n_stimuli=4, sampling_hz=5000.0).recording
    marks = (*recording.marks, Mark(0.9, nan, "Dr. Petrov: decompression"))
    named = replace(
        recording,
        marks=tuple(sorted(marks, key=lambda m: m.time_s)),
        patient={"name": "Ivanova Anna", "id": "4711", "birthdate": "1960-03-12"},
        start="2024-03-04T09:00:01.500000",
    )
    write_edf(named, path)
    return path


def assert_silent(result: Result) -> None:
    said = (result.stdout + result.stderr).casefold()
    assert [word for word in TELLING if word in said] == []


def test_an_anonymous_file_is_written_and_told_of(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "p.bdf"
    result = amr_viewer("convert", source, "--out", out, "--anonymize", "--code", "HFS-07")
    assert result.exit_code == 0
    assert_silent(result)
    assert result.stdout.splitlines() == ["AMR: present", "Recording: p.bdf"]
    assert "removed from the header: name, number, birth date" in result.stderr
    assert "1 replaced by 'note'" in result.stderr
    assert "signals are not altered" in result.stderr
    again = read_recording(out)
    assert again.patient == {"id": "HFS-07"}
    assert [m.text for m in again.marks].count("note") == 1
    assert sum(m.stimulus is not None for m in again.marks) == 4


def test_a_folder_gets_a_neutral_name(source: Path, tmp_path: Path) -> None:
    result = amr_viewer("convert", source, "--out", tmp_path, "--anonymize")
    assert result.exit_code == 0
    assert_silent(result)
    [made] = tmp_path.iterdir()
    assert made.name.startswith("anonymous-")
    assert made.suffix == ".edf"
    assert f"Recording: {made.name}" in result.stdout


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--out", "Ivanova.edf"], "a part of the patient's name"),
        (["--out", "12031960.edf"], "the birth date"),
        (["--out", "visit_case17.edf"], "a part of the name of the recording"),
        (["--out", "p.edf", "--code", "Anna"], "the code holds a part of the name"),
        (["--out", "none/p.edf"], "cannot be written"),
    ],
)
def test_what_would_tell_is_refused_in_one_line(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = amr_viewer("convert", source, "--anonymize", *words)
    assert result.exit_code == 1
    assert why in result.stderr
    assert result.stderr.count("\n") == 1
    assert_silent(result)
    assert result.stdout == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words", [["--out", "p.txt", "--anonymize"], ["--out", "."], ["--out", "p.edf", "--code", "P7"]]
)
def test_wrong_usage(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert amr_viewer("convert", source, *words).exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_without_the_option_nothing_is_left_out(source: Path, tmp_path: Path) -> None:
    result = amr_viewer("convert", source, "--out", tmp_path / "open.edf")
    assert result.exit_code == 0
    again = read_recording(tmp_path / "open.edf")
    assert again.patient["name"] == "Ivanova Anna"
    assert "Dr. Petrov: decompression" in [m.text for m in again.marks]
