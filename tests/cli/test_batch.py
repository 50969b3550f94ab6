"""`amr-viewer batch` as a person types it: what it says, and how it ends."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from amr_viewer.cli.app import app
from amr_viewer.io.writers import write_edf
from amr_viewer.report.results import write_results
from amr_viewer.simulate import make
from amr_viewer.workflow import analyze_file


def batch(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["batch", *map(str, words)])


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two recordings, one damaged, one note."""
    place = tmp_path_factory.mktemp("batch") / "recordings"
    (place / "sub").mkdir(parents=True)
    write_edf(make("clear", 3, n_stimuli=2, sampling_hz=5000.0).recording, place / "a.edf")
    shutil.copy(place / "a.edf", place / "sub" / "b.edf")
    (place / "bad.edf").write_bytes(bytes(300))
    (place / "notes.txt").write_text("Nothing to report.\n")
    return place


def test_lines_and_exit_status(recordings: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = batch(recordings, "--out", out, "--jobs", "1")
    assert result.exit_code == 1
    answer = analyze_file(recordings / "a.edf").answer
    assert result.stdout.splitlines() == [
        f"{recordings}/a.edf: {answer}",
        f"{recordings}/sub/b.edf: {answer}",
        "2 analyzed, 0 kept, 1 failed, 1 left out",
    ]
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith(f"amr-viewer: {recordings}/bad.edf: ")
    assert sorted(p.name for p in out.iterdir()) == ["a.edf", "sub", "summary.csv"]


def test_dry_run_says_why_and_writes_nothing(recordings: Path, tmp_path: Path) -> None:
    result = batch(recordings, "--out", tmp_path / "new" / "out", "--dry-run")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"analyze: {recordings}/a.edf: no result yet",
        f"analyze: {recordings}/bad.edf: no result yet",
        f"analyze: {recordings}/sub/b.edf: no result yet",
        f"leave out: {recordings}/notes.txt: no table of numbers found",
        "3 to analyze, 0 to keep, 1 left out; nothing was written",
    ]
    assert list(tmp_path.iterdir()) == []

    out = tmp_path / "out"
    write_results(analyze_file(recordings / "a.edf"), out / "a.edf")
    write_results(analyze_file(recordings / "a.edf"), out / "gone.edf")
    before = sorted(out.rglob("*"))
    lines = batch(recordings, "--out", out, "--dry-run", "--resume").stdout.splitlines()
    assert lines[0] == f"keep: {recordings}/a.edf: the result is current"
    assert "gone.edf" in lines[-2]
    assert lines[-1] == "2 to analyze, 1 to keep, 1 left out; nothing was written"
    assert sorted(out.rglob("*")) == before


@pytest.mark.parametrize(
    "words",
    [
        ["{folder}"],
        ["{folder}/absent", "--out", "o"],
        ["{folder}/a.edf", "--out", "o"],
        ["{folder}", "--out", "{folder}"],
        ["{folder}", "--out", "{folder}/a.edf"],
        ["{folder}", "--out", "o", "--jobs", "0"],
        ["{folder}", "--out", "o", "--jobs", "2", "--scheduler", "tcp://here:8786"],
        ["{folder}", "--out", "o", "--set", "nonsense=1"],
        ["{folder}", "--out", "o", "--protocol", "absent.toml"],
    ],
)
def test_wrong_usage(recordings: Path, words: list[str]) -> None:
    result = batch(*(word.format(folder=recordings) for word in words))
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_faults_of_a_whole_batch_are_one_line(
    recordings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    result = batch(tmp_path / "empty", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert "holds no recording" in result.stderr
    monkeypatch.setattr("amr_viewer.batch.summary.find_spec", lambda name: None)
    result = batch(recordings, "--out", tmp_path / "out", "--parquet")
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert "pip install 'amr-viewer[parquet]'" in result.stderr
    assert not (tmp_path / "out").exists()


def test_help_and_import_load_no_dask() -> None:
    code = (
        "import sys, amr_viewer.cli.app, amr_viewer.batch.settings, amr_viewer.batch.discovery\n"
        "sys.exit(bool({'dask', 'distributed', 'matplotlib', 'PySide6'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert "--resume" in batch("--help").stdout


def test_workers_load_neither_window_nor_figures() -> None:
    code = (
        "import sys, amr_viewer.batch.work, amr_viewer.workflow, amr_viewer.report.results\n"
        "print(*({'matplotlib', 'PySide6', 'pyqtgraph'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "\n"
