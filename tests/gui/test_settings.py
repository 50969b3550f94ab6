"""What the window remembers."""

from __future__ import annotations

import json
from pathlib import Path

from amr_viewer.gui.settings import FILE, Settings


def test_values_survive_the_program(tmp_path: Path) -> None:
    Settings(tmp_path).set(theme="dark", author="A. Person")
    again = Settings(tmp_path)
    assert (again.values.theme, again.values.author) == ("dark", "A. Person")


def test_a_broken_file_means_defaults(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{ not json", encoding="utf-8")
    assert Settings(tmp_path).values.theme == "system"


def test_unknown_values_survive_saving(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"theme": "dark", "of_a_later_version": 7}', encoding="utf-8")
    Settings(tmp_path).set(author="B")
    assert json.loads((tmp_path / FILE).read_text("utf-8"))["of_a_later_version"] == 7


def test_recent_recordings_are_unique_newest_first_and_still_there(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    paths = [tmp_path / f"{i}.edf" for i in range(3)]
    for path in [*paths, paths[0]]:
        path.touch()
        settings.add_recent(path)
    paths[1].unlink()
    assert settings.recent == (paths[0], paths[2])


def test_a_place_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder", encoding="utf-8")
    settings = Settings(tmp_path / "taken")
    settings.set(theme="dark")
    assert settings.values.theme == "dark"
