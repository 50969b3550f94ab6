"""Set-up and test runner, without installing anything."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

import dev

Calls = list[list[str]]


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder of its own, with an environment that looks installed."""
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n", "utf-8")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    for name, value in {
        "ROOT": tmp_path,
        "VENV": tmp_path / ".venv",
        "BIN": python.parent,
        "PYTHON": python,
        "HAS_WINDOW": False,
    }.items():
        monkeypatch.setattr(dev, name, value)
    return tmp_path


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """Every command that would run; one that holds the word ``mypy`` fails with status 3."""
    seen: Calls = []

    def record(words: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        seen.append([str(word) for word in words])
        return subprocess.CompletedProcess(words, 3 if "mypy" in seen[-1] else 0)

    monkeypatch.setattr(subprocess, "run", record)
    return seen


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["--help"]])
def test_wrong_usage_is_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(arguments) == 2
    assert "dev.py demo | test" in capsys.readouterr().err


def test_a_second_run_installs_nothing(room: Path, calls: Calls) -> None:
    dev.ensure_installed("test")
    assert any("install" in call for call in calls)
    calls.clear()
    dev.ensure_installed("test")
    assert calls == []


def test_a_changed_project_file_installs_again(room: Path, calls: Calls) -> None:
    dev.ensure_installed("demo")
    calls.clear()
    (room / "pyproject.toml").write_text("[project]\nname = 'y'\n", "utf-8")
    dev.ensure_installed("demo")
    assert any("install" in call for call in calls)


def test_demo_installs_no_tools_of_the_tests(room: Path, calls: Calls) -> None:
    dev.ensure_installed("demo")
    assert not any("--group" in call for call in calls)


def test_the_first_failing_step_ends_the_run_with_its_status(
    room: Path, calls: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dev.main(["test"]) == 3
    assert "mypy" in calls[-1]
    assert "dev.py: mypy failed" in capsys.readouterr().err


def test_a_python_without_venv_names_the_package(
    room: Path, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    dev.PYTHON.unlink()
    monkeypatch.setattr(dev, "find_spec", lambda name: None)
    monkeypatch.setattr(dev, "install_packages", lambda packages: False)
    with pytest.raises(dev.StepError, match=r"install python3\.\d+-venv first"):
        dev.make_venv()
    assert calls == []


def test_packages_are_installed_by_root_or_sudo_only(
    calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev.shutil, "which", lambda name: name if name == "apt-get" else None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    assert not dev.install_packages(["libgl1"])
    assert calls == []
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    assert dev.install_packages(["libgl1"])
    assert calls[-1][-1] == "libgl1"


def test_missing_libraries_of_the_window_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev.sys, "platform", "linux")
    monkeypatch.setattr(dev, "has_screen", lambda: False)
    monkeypatch.setattr(dev, "loads", lambda library: library != "libEGL.so.1")
    monkeypatch.setattr(dev, "install_packages", lambda packages: False)
    dev.ensure_qt_libraries()
    assert capsys.readouterr().out.strip().endswith("install: libegl1")


def test_the_check_runs_the_tests_and_nothing_else() -> None:
    script = (dev.Path(dev.__file__).parent / ".ci" / "run").read_text("utf-8")
    commands = [line for line in script.splitlines() if "python3" in line]
    assert commands == ["exec python3 dev.py test"]
