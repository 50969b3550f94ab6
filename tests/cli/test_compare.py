"""`amr-viewer compare` as a person types it, and the same from Python."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner, Result

from amr_viewer.cli.app import app
from amr_viewer.core.visits import IdentityState
from amr_viewer.errors import Cancelled, ParameterError
from amr_viewer.io.writers import write_edf
from amr_viewer.simulate import make
from amr_viewer.visits import compare_visits


class Files(NamedTuple):
    """Two visits of one patient, one of another, and a file that is none."""

    before: Path
    after: Path
    other: Path
    damaged: Path


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("visits")
    small = {"n_stimuli": 20, "sampling_hz": 10_000.0}
    with_amr = make("clear", 3, **small).recording
    without = make("none", 4, **small).recording
    one = {"id": "V-17", "name": "Secret Person"}
    made = Files(
        folder / "before.edf", folder / "after.edf", folder / "other.edf", folder / "bad.edf"
    )
    write_edf(replace(with_amr, start="2024-03-04T09:00:00", patient=one), made.before)
    write_edf(replace(without, start="2024-06-04T09:00:00", patient=one), made.after)
    other = {"id": "V-99", "name": "Somebody Else"}
    write_edf(replace(without, start="2024-06-04T09:00:00", patient=other), made.other)
    made.damaged.write_bytes(b"\x00" * 300)
    return made


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["compare", *(str(word) for word in words)])


def test_one_bad_file_costs_a_line_and_the_rest_is_compared(files: Files, tmp_path: Path) -> None:
    result = run(
        files.after, files.damaged, files.before, "--out", tmp_path / "new" / "c.html",
        "--label", "after", "--label", "lost", "--label", "before", "--event", "2024-03-08=MVD",
    )  # fmt: skip
    assert result.exit_code == 1
    assert result.stderr.startswith(f"amr-viewer: {files.damaged}: ")
    assert result.stderr.count("\n") == 1
    assert "Visit 1 (2024-03-04 before), before.edf: Abnormal muscle response present" in (
        result.stdout
    )
    assert "Secret" not in result.output
    page = (tmp_path / "new" / "c.html").read_text("utf-8")
    assert "bad.edf: is named like EDF" in page
    assert "2024-03-08  MVD" in page
    with (tmp_path / "new" / "visits.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    lost = [r for r in rows if r["visit"] == "2" and r["quantity"] == "amr_persistence"]
    assert {r["verdict"] for r in lost} == {"absent"}
    assert all(float(r["first_high"]) < 0.0 for r in lost)


def test_another_patient_is_warned_of_without_a_name(files: Files, tmp_path: Path) -> None:
    result = run(files.before, files.other, "--out", tmp_path, "--language", "ru")
    assert result.exit_code == 0
    assert "warning: The files do not name one patient. Name of visits 1 and 2" in result.stderr
    assert "Secret" not in result.output
    assert "Somebody" not in result.output
    assert (tmp_path / "comparison.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "visits.csv").is_file()


def test_one_good_recording_is_no_comparison(files: Files, tmp_path: Path) -> None:
    result = run(files.damaged, files.before, "--out", tmp_path / "c.pdf")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[1:] == [
        "amr-viewer: 1 recording could be used: a comparison takes two or more"
    ]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        ["a.edf", "--out", "c.pdf"],
        ["a.edf", "b.edf"],
        ["a.edf", "b.edf", "--out", "c.docx"],
        ["a.edf", "b.edf", "--out", "c.pdf", "--label", "one"],
        ["a.edf", "b.edf", "--out", "c.pdf", "--event", "operation"],
        ["a.edf", "b.edf", "--out", "c.pdf", "--event", "08.03.2024=operation"],
        ["a.edf", "b.edf", "--out", "c.pdf", "--order", "size"],
    ],
)
def test_wrong_usage_is_told_before_any_work(words: list[str]) -> None:
    assert run(*words).exit_code == 2


def test_the_same_from_python(files: Files) -> None:
    told: list[tuple[float, str]] = []
    found = compare_visits(
        [files.before, files.damaged, files.other],
        progress=lambda fraction, message: told.append((fraction, message)),
    )
    assert [v.recording for v in found.visits] == ["before.edf", "other.edf"]
    assert [f.recording for f in found.failures] == ["bad.edf"]
    assert found.identity.state is IdentityState.DIFFERENT
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert told[-1][1].startswith("other.edf: ")
    with pytest.raises(ParameterError, match="one for each"):
        compare_visits([files.before, files.after], labels=["one"])


def test_cancelling_ends_it(files: Files) -> None:
    def stop(fraction: float, message: str) -> None:
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        compare_visits([files.before, files.after], progress=stop)
