"""What the README promises, tried."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from amr_viewer.cli.app import app
from amr_viewer.io.protocol_file import load_protocol

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    """Code blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_python_example_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = blocks("python")[0]
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    exec(code, names)
    assert "response" in capsys.readouterr().out
    assert len(names["table"]) > 0  # type: ignore[arg-type]


def test_the_example_of_a_folder_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, code = blocks("python")
    folder = tmp_path / "recordings"
    folder.mkdir()
    for name in ("ttl_stimuli.edf", "volume_conduction.edf"):
        shutil.copy(ROOT / "sample_signals" / name, folder)
    table = "file;group;hfs\nttl_stimuli.edf;a;yes\nvolume_conduction.edf;b;no\n"
    (tmp_path / "patients.csv").write_text(table, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    exec(code, {})
    assert "2 of 2" in capsys.readouterr().out
    assert (tmp_path / "cohort.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "agreement.csv").exists()


def test_the_protocol_example_is_valid(tmp_path: Path) -> None:
    (text,) = blocks("toml")
    path = tmp_path / "lab.toml"
    path.write_text(text, encoding="utf-8")
    protocol = load_protocol(path)
    assert protocol.parameters.detection.window_end_ms == 25.0
    assert protocol.channels["Fac 1"].muscle == "orbicularis_oculi"


def test_every_command_is_described_and_every_described_command_exists() -> None:
    described = set(re.findall(r"`amr-viewer ([a-z]+)", README))
    commands = {c.callback.__name__ for c in app.registered_commands if c.callback}
    assert described == commands


@pytest.mark.parametrize("command", re.findall(r"^amr-viewer ([^#\n]+)", README, re.MULTILINE))
def test_the_tour_can_be_typed(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sample_signals").symlink_to(ROOT / "sample_signals")
    monkeypatch.chdir(tmp_path)
    shown: list[Path] = []
    monkeypatch.setattr("amr_viewer.gui.app.run", lambda paths, theme: shown.extend(paths) or 0)
    words = command.split()
    if "sample_signals/*.edf" in words:
        words[1] = "sample_signals/volume_conduction.edf"
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.stderr
    assert bool(shown) == words[0].endswith(".edf"), "only a recording alone opens the window"


def test_links_lead_somewhere() -> None:
    targets = [t for t in re.findall(r"\]\(([^)]+)\)", README) if "://" not in t]
    assert targets
    assert [t for t in targets if not (ROOT / t).exists()] == []
