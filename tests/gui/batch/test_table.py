"""The table is filtered, sorted, copied and opened; results are opened outside."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from pytestqt.qtbot import QtBot

from amr_viewer.core.protocol import Protocol
from amr_viewer.gui.batch.columns import RECORDING
from amr_viewer.gui.batch.window import BatchWindow
from tests.gui.batch.conftest import ABSENT, Engine
from tests.gui.batch.reading import (
    CTRL,
    KEY,
    PERSISTENCE,
    Settled,
    button,
    click,
    column,
    finish,
    shown_text,
)


def test_the_table_is_filtered_by_text_and_state(
    chosen: BatchWindow, engine: Engine, qtbot: QtBot, settled: Settled
) -> None:
    engine.failing = {"b.edf": "b.edf: is empty; choose another"}
    finish(chosen, engine, qtbot, settled)
    qtbot.keyClick(chosen, KEY.Key_F, CTRL)
    assert chosen.filter.box.hasFocus()
    qtbot.keyClicks(chosen.filter.box, "EMPTY")
    assert column(chosen, RECORDING) == ["b.edf"]
    qtbot.waitUntil(lambda: "1 of 3 shown" in shown_text(chosen))
    chosen.filter.clear()
    box = chosen.filter.states
    assert box.itemText(box.findData("failed")) == "Failed (1)"
    box.setCurrentIndex(box.findData("done"))
    assert column(chosen, RECORDING) == ["a.edf", "sub/c.edf"]


def test_the_table_is_sorted_with_the_unknown_last(
    chosen: BatchWindow, engine: Engine, qtbot: QtBot, settled: Settled
) -> None:
    engine.rows = {"a.edf": ABSENT, "sub/c.edf": {"amr": "present", "amr_persistence": 0.35}}
    finish(chosen, engine, qtbot, settled)
    chosen.table.selectRow(2)
    for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
        chosen.table.sortByColumn(PERSISTENCE, order)
        numbers = ["35", "96"] if order is Qt.SortOrder.AscendingOrder else ["96", "35"]
        assert column(chosen, PERSISTENCE) == [*numbers, ""]
        current = chosen.table.current
        assert current is not None
        assert current.name == "sub/c.edf"  # What is selected stays selected.


def test_rows_are_copied_as_text(
    chosen: BatchWindow, engine: Engine, qtbot: QtBot, settled: Settled
) -> None:
    finish(chosen, engine, qtbot, settled)
    chosen.table.setFocus()
    chosen.table.selectRow(1)
    qtbot.keyClick(chosen.table, KEY.Key_C, CTRL)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 2
    assert lines[0].split("\t")[:3] == ["Recording", "State", "AMR"]
    assert lines[1].split("\t")[:5] == ["b.edf", "done", "present",
                                        "L mentalis on L zygomatic +1", "96"]  # fmt: skip


@pytest.mark.parametrize("how", ["double-click", "enter"])
def test_a_row_opens_its_recording_under_the_protocol(
    how: str, chosen: BatchWindow, folder: Path, qtbot: QtBot
) -> None:
    (folder / "b.edf").touch()
    wanted: list[tuple[Path, Protocol]] = []
    chosen.recording_wanted.connect(lambda *value: wanted.append(value))
    table = chosen.table
    table.setFocus()
    table.selectRow(1)
    if how == "enter":
        qtbot.keyClick(table, KEY.Key_Return)
    else:
        center = table.visualRect(table.batch_model.index(1, 0)).center()
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=center)
        qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=center)
    assert wanted == [(folder / "b.edf", Protocol())]


def test_a_recording_that_is_gone_is_told_of(chosen: BatchWindow, qtbot: QtBot) -> None:
    chosen.table.selectRow(0)
    chosen.run("open")
    assert "a.edf: the recording is no longer there" in chosen.notice.label.text()


def test_results_are_opened_outside(
    chosen: BatchWindow, engine: Engine, qtbot: QtBot, settled: Settled, folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    opened: list[str] = []

    def take(url: QUrl) -> bool:
        opened.append(url.toLocalFile())
        return len(opened) == 1

    monkeypatch.setattr(QDesktopServices, "openUrl", take)
    assert not button(chosen, "Results folder").isEnabled()
    finish(chosen, engine, qtbot, settled)
    out = folder.parent / "study results"
    (out / "summary.csv").touch()
    chosen._refresh()
    click(chosen, "Results folder", qtbot)
    click(chosen, "Summary table", qtbot)
    assert opened == [str(out), str(out / "summary.csv")]
    assert "No program opens it here" in chosen.notice.label.text()


def test_the_report_over_all_recordings_is_written_and_faults_are_told(
    chosen: BatchWindow, engine: Engine, qtbot: QtBot, settled: Settled, folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("amr_viewer.cohort.read_cohort", lambda results: f"cohort of {results}")
    monkeypatch.setattr(
        "amr_viewer.cohort.write_cohort_report",
        lambda cohort, path, language: path.write_text(cohort),
    )
    finish(chosen, engine, qtbot, settled)
    out = folder.parent / "study results"
    assert not button(chosen, "Cohort report...").isEnabled()
    (out / "summary.csv").touch()
    chosen._refresh()
    click(chosen, "Cohort report...", qtbot)
    dialog = chosen.results.dialog
    assert dialog is not None
    dialog.fileSelected.emit(str(out / "cohort.pdf"))
    dialog.reject()
    qtbot.waitUntil(lambda: chosen.notice.label.text().startswith("Written: "))
    assert (out / "cohort.pdf").read_text() == f"cohort of {out}"
    chosen.results.write(out, out / "nowhere" / "cohort.pdf")
    qtbot.waitUntil(lambda: "No report was written." in chosen.notice.label.text())
