"""Every row of summary.csv names a command, and that command makes its results again."""

from __future__ import annotations

import csv
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from amr_viewer.cli.app import app
from amr_viewer.core.result_command import quoted
from amr_viewer.core.review import Review
from amr_viewer.io.protocol_file import load_protocol
from amr_viewer.io.review_file import save_review

SAMPLES = Path(__file__).parents[2] / "sample_signals"
RUNNER = CliRunner()
SAMPLE = SAMPLES / "ttl_stimuli.edf"


def rows(out: Path) -> list[dict[str, str]]:
    with (out / "summary.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def tree(folder: Path) -> dict[str, bytes]:
    files = (p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a shell in which `amr-viewer` is this program."""
    places = folder / "bin"
    places.mkdir(parents=True)
    script = places / "amr-viewer"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m amr_viewer "$@"\n')
    script.chmod(0o755)
    path = os.pathsep.join((str(places), os.environ["PATH"]))
    root = str(Path(__file__).parents[2])
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, text=True, capture_output=True, check=False,
        env={**os.environ, "PATH": path, "PYTHONPATH": root},
    )  # fmt: skip


NAMES = [b"a.edf", b'-it\'s "a"\n$HOME `x`;.edf', b"\xff\xfe 100%.edf"]


@pytest.mark.skipif(os.name == "nt", reason="the command is for a POSIX shell")
@pytest.mark.parametrize("name", NAMES)
def test_command_makes_the_results_again(tmp_path: Path, name: bytes) -> None:
    recording = tmp_path / "in" / os.fsdecode(name)
    recording.parent.mkdir()
    try:
        shutil.copy(SAMPLE, recording)
    except OSError:
        pytest.skip("the file system takes names of text only")
    protocol = tmp_path / "laboratory.toml"
    shutil.copy(SAMPLES / "ttl_stimuli.protocol.toml", protocol)
    options = f"--protocol {protocol} --set detection.window_end_ms=19.5 --no-free-running"
    first = f"amr-viewer analyze {options} --out ../out -- {quoted(str(recording))}"
    assert run(first, tmp_path / "first").returncode == 0
    protocol.unlink()
    (row,) = rows(tmp_path / "out")
    done = run(row["command"], tmp_path / "elsewhere")
    assert (done.returncode, done.stderr) == (0, "")
    assert tree(tmp_path / "elsewhere" / "again") == tree(tmp_path / "out")


def test_protocol_of_the_review_needs_no_words(tmp_path: Path) -> None:
    recording = Path(shutil.copy(SAMPLE, tmp_path / "a.edf"))
    protocol = load_protocol(SAMPLES / "ttl_stimuli.protocol.toml")
    values = protocol.model_dump(mode="json", exclude_defaults=True)
    save_review(Review().with_protocol(values, "A", "2026-01-01T00:00:00+00:00"), recording)
    made = RUNNER.invoke(app, ["analyze", str(recording), "--out", str(tmp_path / "out")])
    assert made.exit_code == 0
    (row,) = rows(tmp_path / "out")
    assert "--protocol" not in row["command"]
    assert "--set" not in row["command"]
    key = shlex.split(row["command"])[3]
    again = ["analyze", str(recording), "--out", str(tmp_path / "again"), "--expect", key]
    assert RUNNER.invoke(app, again).exit_code == 0
    assert tree(tmp_path / "again") == tree(tmp_path / "out")
    refused = RUNNER.invoke(app, [*again, "--ignore-review"])
    assert refused.exit_code == 1
    assert "the review has changed" in refused.stderr


def test_typed_summary(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    made = RUNNER.invoke(app, ["analyze", str(SAMPLE), "--out", str(tmp_path), "--parquet"])
    assert made.exit_code == 0
    (row,) = parquet.read_table(tmp_path / "summary.parquet").to_pylist()
    assert row["n_stimuli"] == 40
    assert row["command"] == rows(tmp_path)[0]["command"]


def test_failed_recording_names_its_command(tmp_path: Path) -> None:
    bad = tmp_path / "bad.edf"
    bad.write_bytes(b"0       " + b"x" * 300)
    made = RUNNER.invoke(app, ["analyze", str(bad), "--out", str(tmp_path / "out")])
    assert made.exit_code == 1
    (row,) = rows(tmp_path / "out")
    assert row["command"] == f"amr-viewer analyze --out again -- {bad}"


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("00000000-0-00000000-0-1-0-0.0.1", "the recording has changed, the protocol has changed"),
        ("nonsense", "that is no key of a result"),
    ],
)
def test_what_is_not_expected_is_refused(tmp_path: Path, key: str, why: str) -> None:
    out = tmp_path / "out"
    made = RUNNER.invoke(app, ["analyze", str(SAMPLE), "--out", str(out), "--expect", key])
    assert made.exit_code == 1
    assert why in made.stderr
    assert "--expect" in made.stderr
    assert not (out / SAMPLE.name).exists()


def test_expect_is_for_one_recording(tmp_path: Path) -> None:
    paths = [str(SAMPLE), str(SAMPLES / "rest.edf")]
    made = RUNNER.invoke(app, ["analyze", *paths, "--out", str(tmp_path), "--expect", "x"])
    assert made.exit_code == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no valid JSON"),
        ('{"parameters": {"detection": {"window_end_ms": -1}}}', "window_end_ms"),
        ('{"nonsense": 1}', "nonsense"),
    ],
)
def test_protocol_as_text_is_checked(tmp_path: Path, text: str, said: str) -> None:
    made = RUNNER.invoke(
        app, ["analyze", str(SAMPLE), "--out", str(tmp_path / "out"), "--protocol", text]
    )
    assert made.exit_code == 2
    assert said in made.stderr.replace("\n", "")
