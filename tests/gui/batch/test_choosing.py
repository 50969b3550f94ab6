"""Folders, protocol and options are chosen; what cannot begin is said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from amr_viewer.core.batch import Fault
from amr_viewer.core.protocol import Protocol
from amr_viewer.gui.batch.columns import RECORDING, STATE
from amr_viewer.gui.batch.window import BatchWindow
from amr_viewer.io.protocol_file import save_protocol
from tests.gui.batch.conftest import NAMES, Engine
from tests.gui.batch.reading import (
    KEY,
    Settled,
    button,
    click,
    column,
    finish,
    headline,
    shown_text,
)


def test_an_empty_window_says_what_to_do(window: BatchWindow) -> None:
    assert "Choose a folder, or drop one here" in shown_text(window)
    assert not button(window, "Start").isEnabled()
    assert "there is no recording to analyze" in button(window, "Start").toolTip()
    assert button(window, "Choose folder...").isEnabled()
    assert not window.filter.isVisible()


def test_a_chosen_folder_fills_the_table_at_once(chosen: BatchWindow, folder: Path) -> None:
    assert column(chosen, RECORDING) == list(NAMES)
    assert column(chosen, STATE) == ["waiting"] * 3
    assert chosen.form.out.text() == str(folder.parent / "study results")
    assert headline(chosen) == "3 recordings, 6.0 MB"
    assert not chosen.form.keep.isVisible()
    assert not (folder.parent / "study results").exists()


def test_a_folder_is_typed_and_its_results_follow(
    window: BatchWindow, folder: Path, qtbot: QtBot, settled: Settled
) -> None:
    window.form.folder.setFocus()
    qtbot.keyClicks(window.form.folder, str(folder))
    qtbot.keyClick(window.form.folder, KEY.Key_Tab)
    settled()
    assert window.form.out.text() == str(folder.parent / "study results")
    assert column(window, RECORDING) == list(NAMES)


def test_results_within_the_folder_are_told_of(
    chosen: BatchWindow, folder: Path, settled: Settled
) -> None:
    assert not chosen.form.caution.isVisible()
    chosen.form.choose_out(folder / "results")
    settled()
    assert "inside the folder of the recordings" in shown_text(chosen)


def test_a_long_path_is_elided_in_the_middle(window: BatchWindow, folder: Path) -> None:
    box = window.form.folder
    box.setText("/data/" + "very long name of a department/" * 12 + "study")
    assert box.shown.startswith("/data/")
    assert box.shown.endswith("study")
    assert "…" in box.shown
    assert box.toolTip() == box.text()


@pytest.mark.parametrize("where", ["gone", "file", "same", "unwritable"])
def test_what_cannot_begin_is_said_with_its_remedy(
    where: str, chosen: BatchWindow, folder: Path, qtbot: QtBot, engine: Engine,
    monkeypatch: pytest.MonkeyPatch, settled: Settled,
) -> None:  # fmt: skip
    (folder.parent / "file").touch()
    if where == "gone":
        folder.rmdir()
        click(chosen, "Start", qtbot)
    elif where == "unwritable":
        monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK | os.X_OK)
        click(chosen, "Start", qtbot)
    else:
        chosen.form.choose_out(folder if where == "same" else folder.parent / "file")
    said = {
        "gone": "no such folder any more. Choose the folder again",
        "file": "is a file. Choose another folder",
        "same": "among the recordings. Choose another folder",
        "unwritable": "cannot be written. Choose another folder",
    }
    assert said[where] in chosen.notice.label.text()
    assert chosen.notice.isVisible()
    assert not chosen.conductor.is_running
    assert engine.asked == []
    settled()


def test_a_folder_without_recordings_says_so(
    window: BatchWindow, folder: Path, engine: Engine, settled: Settled
) -> None:
    engine.names = ()
    window.choose_folder(folder)
    settled()
    assert "No recording was found in this folder" in shown_text(window)
    assert not button(window, "Start").isEnabled()


def test_faults_of_the_folder_are_told(
    window: BatchWindow, folder: Path, engine: Engine, settled: Settled
) -> None:
    engine.faults = (Fault(folder / "closed", "cannot be read; ask for the right to read it"),)
    window.choose_folder(folder)
    settled()
    assert "closed: cannot be read; ask" in window.notice.label.text()


def test_a_protocol_comes_from_a_file_and_a_broken_one_changes_nothing(
    chosen: BatchWindow, tmp_path: Path, qtbot: QtBot, engine: Engine, settled: Settled
) -> None:
    box = chosen.form.protocol
    assert box.protocol is None
    (tmp_path / "broken.toml").write_text("name = ")
    box.open_file(tmp_path / "broken.toml")
    assert "broken.toml" in chosen.notice.label.text()
    assert box.protocol is None
    save_protocol(Protocol(name="lab"), tmp_path / "lab.toml")
    box.open_file(tmp_path / "lab.toml")
    assert box.title == "File: lab.toml"
    finish(chosen, engine, qtbot, settled)
    assert engine.asked[0]["protocol"].name == "lab"


def test_every_choice_reaches_the_engine(
    chosen: BatchWindow, qtbot: QtBot, engine: Engine, settled: Settled, folder: Path
) -> None:
    form = chosen.form
    assert not form.scheduler.isVisible()
    for part in (form.review, form.free_running, form.parquet, form.advanced):
        qtbot.mouseClick(part, Qt.MouseButton.LeftButton, pos=part.rect().center() / 8)
        if part.isChecked() is not (part in (form.parquet, form.advanced)):
            part.click()
    form.jobs.setValue(3)
    qtbot.keyClicks(form.scheduler, "tcp://server:8786")
    finish(chosen, engine, qtbot, settled)
    (asked,) = engine.asked
    assert asked["folder"] == folder
    assert asked["jobs"] == 3
    assert asked["scheduler"] == "tcp://server:8786"
    assert (asked["use_review"], asked["free_running"], asked["parquet"]) == (False, False, True)
    assert (asked["resume"], asked["only"]) == (False, None)
