"""The commands as a person types them: what they write, what they say, how they end."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from amr_viewer import __version__, workflow
from amr_viewer.cli.app import app
from amr_viewer.core.tables import SUMMARY_COLUMNS
from amr_viewer.io.readers import formats
from amr_viewer.io.writers import write_edf
from amr_viewer.report.results import RESULT_FILES
from amr_viewer.simulate import make

COMMANDS = ("info", "analyze", "report", "convert", "simulate", "validate", "formats", "demo")


def amr_viewer(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="session")
def edf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short recording with a clear AMR."""
    path = tmp_path_factory.mktemp("recordings") / "clear.edf"
    write_edf(make("clear", 3, n_stimuli=20, sampling_hz=10_000.0).recording, path)
    return path


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A file that is named like EDF and is none."""
    path = tmp_path / "damaged.edf"
    path.write_bytes(b"\x00" * 300)
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def assert_one_line(text: str, beginning: str) -> None:
    assert text.startswith(beginning)
    assert text.count("\n") == 1
    assert "Traceback" not in text


def test_version_and_help() -> None:
    assert amr_viewer("--version").stdout == f"amr-viewer {__version__}\n"
    shown = amr_viewer("--help").stdout
    assert [name for name in COMMANDS if name not in shown] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    result = amr_viewer(command, "--help")
    assert result.exit_code == 0
    assert "Usage: amr-viewer" in result.stdout or f" {command} " in result.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["analyze"],
        ["analyze", "x.edf"],
        ["analyze", "x.edf", "--out", "o", "--set", "window_end_ms"],
        ["analyze", "x.edf", "--out", "o", "--set", "window_end_ms=long"],
        ["analyze", "x.edf", "--out", "o", "--set", "nonsense=1"],
        ["analyze", "x.edf", "--out", "o", "--protocol", "absent.toml"],
        ["info", "x.edf", "--sample", "Men", "noon"],
        ["info", "x.edf", "--sample", "Men", "nan"],
        ["info", "x.edf", "--sample", "Men"],
        ["report", "x.edf", "--out", "report.docx"],
        ["report", "x.edf", "--out", "report.pdf", "--language", "tlh"],
        ["report", "x.edf", "--out", "report.pdf", "--template", "absent.typ"],
        ["simulate"],
        ["simulate", "nonsense", "--out", "o"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_status_2_and_writes_nothing(
    words: Sequence[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = amr_viewer(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Error" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_info_as_json_holds_what_the_contract_names(edf: Path) -> None:
    label = json.loads(amr_viewer("info", edf, "--json").stdout)["channels"][0]["label"]
    result = amr_viewer("info", edf, "--json", "--sample", label, "0.5", "--sample", "#1", "1")
    assert (result.exit_code, result.stderr) == (0, "")
    values = json.loads(result.stdout)
    assert values["format"].startswith("EDF")
    assert len(values["stimuli"]) == 20
    assert {s["source"] for s in values["stimuli"]} == {"annotation"}
    assert values["channels"][0]["unit"] == "uV"
    assert [s["channel"] for s in values["samples"]] == [
        label,
        values["channels"][1]["label"],
    ]
    assert all(isinstance(s["value"], float) for s in values["samples"])
    assert {"duration_s", "patient", "segments", "marks", "warnings"} <= set(values)


def test_info_for_people_shows_channels_stimuli_and_samples(edf: Path) -> None:
    result = amr_viewer("info", edf, "--sample", "#0", "0.5")
    assert result.exit_code == 0
    words = result.stdout.split()
    for word in ("clear.edf", "mentalis", "zygomatic", "annotation", "20", "Samples"):
        assert word in words


def test_info_with_an_unknown_channel_is_wrong_usage(edf: Path) -> None:
    result = amr_viewer("info", edf, "--sample", "Nonsense", "1")
    assert result.exit_code == 2
    assert result.stdout == ""


@pytest.mark.parametrize("command", ["info", "report", "analyze"])
def test_a_recording_that_cannot_be_read_is_one_line_and_status_1(
    command: str, damaged: Path, tmp_path: Path
) -> None:
    place = {"info": [], "report": ["--out", tmp_path / "r.pdf"], "analyze": ["--out", tmp_path]}
    result = amr_viewer(command, damaged, *place[command])
    assert result.exit_code == 1
    assert_one_line(result.stderr, f"amr-viewer: {damaged}: ")
    assert not (tmp_path / "r.pdf").exists()


def test_a_missing_file_is_one_line_and_status_1(tmp_path: Path) -> None:
    result = amr_viewer("info", tmp_path / "absent.edf")
    assert result.exit_code == 1
    assert_one_line(result.stderr, f"amr-viewer: {tmp_path / 'absent.edf'}: does not exist")


def test_analyze_writes_every_result_file_and_one_row_per_recording(
    edf: Path, damaged: Path, tmp_path: Path
) -> None:
    out = tmp_path / "results"
    result = amr_viewer("analyze", damaged, edf, "--out", out)
    assert result.exit_code == 1
    assert_one_line(result.stderr, f"amr-viewer: {damaged}: ")
    assert {p.name for p in (out / "clear.edf").iterdir()} == RESULT_FILES
    assert {p.name for p in out.iterdir()} == {"clear.edf", "summary.csv"}
    failed, analyzed = rows_of(out / "summary.csv")
    assert tuple(analyzed) == SUMMARY_COLUMNS
    assert (failed["recording"], analyzed["recording"]) == ("damaged.edf", "clear.edf")
    assert failed["error"]
    assert (analyzed["error"], analyzed["n_stimuli"], analyzed["amr"]) == ("", "20", "present")


def test_equal_file_names_do_not_collide(edf: Path, tmp_path: Path) -> None:
    paths = [tmp_path / folder / "x.edf" for folder in ("a", "b")]
    for path in paths:
        path.parent.mkdir()
        path.write_bytes(edf.read_bytes())
    out = tmp_path / "results"
    assert amr_viewer("analyze", *paths, "--out", out).exit_code == 0
    assert (out / "a" / "x.edf" / "findings.csv").is_file()
    assert [row["recording"] for row in rows_of(out / "summary.csv")] == ["a/x.edf", "b/x.edf"]


def test_results_never_take_the_place_of_the_recording(edf: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.edf"
    path.write_bytes(edf.read_bytes())
    result = amr_viewer("analyze", path, "--out", tmp_path)
    assert result.exit_code == 1
    assert_one_line(result.stderr, f"amr-viewer: {path}: ")
    assert path.read_bytes() == edf.read_bytes()


def test_settings_and_protocol_reach_the_results(edf: Path, tmp_path: Path) -> None:
    protocol = tmp_path / "lab.toml"
    protocol.write_text(
        'name = "our lab"\n[parameters.detection]\nwindow_start_ms = 7.5\n', encoding="utf-8"
    )
    settings = ["--protocol", protocol, "--set", "detection.window_end_ms=18"]
    assert amr_viewer("analyze", edf, "--out", tmp_path / "o", *settings).exit_code == 0
    values = json.loads((tmp_path / "o" / "clear.edf" / "analysis.json").read_text("utf-8"))
    assert values["protocol"]["name"] == "our lab"
    assert values["protocol"]["parameters"]["detection"]["window_start_ms"] == 7.5
    assert values["protocol"]["parameters"]["detection"]["window_end_ms"] == 18.0


def test_an_interrupt_ends_with_130_and_leaves_nothing(
    edf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(workflow, "analyze", interrupted)
    result = amr_viewer("analyze", edf, "--out", tmp_path / "o")
    assert result.exit_code == 130
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "beginning"), [("r.pdf", b"%PDF-"), ("r.HTML", b"<!")])
def test_report_writes_a_document(edf: Path, tmp_path: Path, name: str, beginning: bytes) -> None:
    result = amr_viewer("report", edf, "--out", tmp_path / name)
    assert (result.exit_code, result.stderr) == (0, "")
    assert (tmp_path / name).read_bytes().lower().startswith(beginning.lower())
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_simulate_lists_and_writes_kinds(tmp_path: Path) -> None:
    assert "volume_conduction" in amr_viewer("simulate", "--list").stdout
    result = amr_viewer("simulate", "slow", "--out", tmp_path)
    assert result.exit_code == 0
    assert {p.name for p in tmp_path.iterdir()} == {"slow.edf", "slow.truth.json"}


def test_formats_lists_every_reader() -> None:
    shown = amr_viewer("formats").stdout
    assert [reader.name for reader in formats() if reader.name not in shown] == []


def test_demo_writes_report_and_results_of_the_sample(tmp_path: Path) -> None:
    result = amr_viewer("demo", "--out", tmp_path)
    assert (result.exit_code, result.stderr) == (0, "")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
    (row,) = rows_of(tmp_path / "results" / "summary.csv")
    assert row["amr"] == "present"
    assert str(tmp_path / "report.pdf") in result.stdout
