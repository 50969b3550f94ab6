"""A batch is started, checked, paused, stopped and done again, with clicks."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from amr_viewer.gui.batch.columns import RECORDING, REMARK, STATE
from amr_viewer.gui.batch.window import BatchWindow
from tests.gui.batch.conftest import ABSENT, NAMES, BrokenError, Engine
from tests.gui.batch.reading import (
    KEY,
    Settled,
    button,
    cells,
    click,
    column,
    finish,
    headline,
    shown_text,
)


def test_the_table_fills_as_recordings_finish(
    chosen: BatchWindow, engine: Engine, qtbot: QtBot, settled: Settled
) -> None:
    engine.rows = {"b.edf": ABSENT}
    engine.failing = {"sub/c.edf": "c.edf: is cut off; get the whole file"}
    click(chosen, "Start", qtbot)
    qtbot.waitUntil(lambda: column(chosen, STATE) == ["running", "waiting", "waiting"])
    assert "Now: a.edf" in shown_text(chosen)
    assert headline(chosen) == "Running   0 of 3 finished"
    assert not chosen.form.isVisible()
    assert "study results" in chosen.parts.places.text()
    engine.allow()
    qtbot.waitUntil(lambda: headline(chosen) == "Running   1 of 3 finished")
    assert cells(chosen, 0) == [
        "a.edf", "done", "present", "L mentalis on L zygomatic +1", "96", "10.4", "182",
        "hemifacial spasm, clonic, L (high)", "2", "2.0", "the unit was guessed",
    ]  # fmt: skip
    assert chosen.windowTitle().startswith("25 %   study")
    engine.allow(2)
    settled()
    assert headline(chosen) == "Finished   2 done, 1 failed"
    assert cells(chosen, 1)[2:4] == ["absent", ""]
    assert cells(chosen, 2)[STATE] == "failed"
    assert cells(chosen, 2)[REMARK] == "is cut off; get the whole file"
    assert not chosen.windowTitle().startswith("100 %")
    chosen.table.selectRow(2)
    assert chosen.detail.text() == "sub/c.edf: is cut off; get the whole file"
    tip = chosen.table.batch_model.index(2, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "is cut off; get the whole file" in tip


def test_a_pause_finishes_what_runs_and_begins_nothing(
    chosen: BatchWindow, engine: Engine, qtbot: QtBot, settled: Settled
) -> None:
    click(chosen, "Start", qtbot)
    qtbot.waitUntil(lambda: "running" in column(chosen, STATE))
    click(chosen, "Pause", qtbot)
    qtbot.waitUntil(lambda: headline(chosen).startswith("Pausing: what runs is finished first"))
    engine.allow(3)
    qtbot.waitUntil(lambda: headline(chosen) == "Paused   1 of 3 finished")
    assert column(chosen, STATE) == ["done", "waiting", "waiting"]
    assert "left" not in chosen.strip.times.text()
    click(chosen, "Go on", qtbot)
    settled()
    assert headline(chosen) == "Finished   3 done"


def test_cancel_keeps_what_is_done_and_continue_goes_on(
    chosen: BatchWindow, engine: Engine, qtbot: QtBot, settled: Settled
) -> None:
    click(chosen, "Start", qtbot)
    engine.allow()
    qtbot.waitUntil(lambda: column(chosen, STATE)[:2] == ["done", "running"])
    qtbot.keyClick(chosen.table, KEY.Key_Escape)
    settled()
    assert column(chosen, STATE) == ["done", "waiting", "waiting"]
    assert headline(chosen) == "Stopped   1 done, 2 waiting"
    assert "Continue goes on from there" in shown_text(chosen)
    click(chosen, "Continue", qtbot)
    engine.allow(3)
    settled()
    assert [a["resume"] for a in engine.asked] == [False, True]
    assert column(chosen, STATE) == ["kept", "done", "done"]


def test_only_what_failed_is_done_once_more(
    chosen: BatchWindow, engine: Engine, qtbot: QtBot, settled: Settled
) -> None:
    engine.failing = {"b.edf": "b.edf: no memory; close other programs"}
    finish(chosen, engine, qtbot, settled)
    engine.failing = {}
    click(chosen, "Retry 1 failed", qtbot)
    qtbot.waitUntil(lambda: column(chosen, STATE) == ["done", "running", "done"])
    assert headline(chosen) == "Running   0 of 1 finished"
    engine.allow()
    settled()
    assert engine.asked[1]["only"] == {"b.edf"}
    assert headline(chosen) == "Finished   3 done"
    assert not button(chosen, "Retry failed").isEnabled()


def test_results_of_an_earlier_run_are_kept_unless_a_person_says_otherwise(
    window: BatchWindow, engine: Engine, qtbot: QtBot, settled: Settled, folder: Path
) -> None:
    engine.stored = {"a.edf", "b.edf"}
    window.choose_folder(folder)
    settled()
    assert "2 recordings analyzed before." in shown_text(window)
    assert window.form.keep.isChecked()
    assert button(window, "Continue").isEnabled()
    window.form.anew.click()
    click(window, "Start", qtbot)
    assert not engine.asked
    assert "Analyzing everything anew replaces them" in window.notice.label.text()
    click(window, "Replace them", qtbot)
    engine.allow(3)
    settled()
    assert [a["resume"] for a in engine.asked] == [False]


def test_a_check_says_what_would_be_done_and_why(
    window: BatchWindow, engine: Engine, qtbot: QtBot, settled: Settled, folder: Path
) -> None:
    engine.stored = {"a.edf"}
    window.choose_folder(folder)
    settled()
    click(window, "Check first", qtbot)
    settled()
    assert column(window, STATE) == ["to keep", "to analyze", "to analyze"]
    assert column(window, REMARK) == ["the result is current", "no result yet", "no result yet"]
    assert headline(window).startswith("2 to analyze, 1 to keep; nothing was written")
    assert not engine.asked
    window.form.parquet.click()
    assert column(window, STATE) == ["waiting"] * 3
    assert column(window, REMARK) == [""] * 3


@pytest.mark.parametrize("error", [BrokenError("no workers; use fewer"), ValueError("odd")])
def test_an_engine_that_cannot_begin_is_told_of_in_the_window(
    error: Exception, chosen: BatchWindow, qtbot: QtBot, settled: Settled,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("amr_viewer.batch.analyze_folder", refuse)
    click(chosen, "Start", qtbot)
    settled()
    assert str(error) in chosen.notice.label.text()
    assert chosen.form.isVisible()
    assert headline(chosen) == "Stopped   3 waiting"
    assert button(chosen, "Start").isEnabled()


def test_a_recording_that_came_later_gets_a_row(
    chosen: BatchWindow, engine: Engine, qtbot: QtBot, settled: Settled
) -> None:
    engine.names = (*NAMES, "late.edf")
    finish(chosen, engine, qtbot, settled)
    assert column(chosen, RECORDING) == ["a.edf", "b.edf", "late.edf", "sub/c.edf"]
    assert set(column(chosen, STATE)) == {"done"}
