"""The window closes, is used by keys, names its controls, and stays fluid."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QSpinBox,
)
from pytestqt.qtbot import QtBot

from amr_viewer.gui.batch.rows import BatchRow
from amr_viewer.gui.batch.window import BatchWindow
from tests.gui.batch.conftest import Engine
from tests.gui.batch.reading import (
    CTRL,
    KEY,
    Settled,
    click,
    finish,
    headline,
)


def test_closing_while_running_asks_and_stopping_closes(
    chosen: BatchWindow, qtbot: QtBot, settled: Settled
) -> None:
    click(chosen, "Start", qtbot)
    chosen.close()
    assert chosen.isVisible()
    question = chosen.question
    assert question is not None
    with qtbot.waitSignal(chosen.finished):
        click(question, "Stop the batch", qtbot)
    assert not chosen.isVisible()
    assert not chosen.conductor.is_running


def test_closing_at_rest_asks_nothing(chosen: BatchWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(chosen.finished):
        chosen.close()
    assert not chosen.isVisible()
    assert chosen.question is None


def test_a_question_about_closing_may_be_taken_back(
    chosen: BatchWindow, engine: Engine, qtbot: QtBot, settled: Settled
) -> None:
    click(chosen, "Start", qtbot)
    chosen.close()
    assert chosen.question is not None
    qtbot.keyClick(chosen.question, KEY.Key_Escape)
    assert chosen.isVisible()
    assert chosen.conductor.is_running
    assert chosen.question is None
    engine.allow(3)
    settled()
    assert headline(chosen) == "Finished   3 done"


def test_everything_is_done_by_keys(
    chosen: BatchWindow, engine: Engine, qtbot: QtBot, settled: Settled
) -> None:
    qtbot.keyClick(chosen, KEY.Key_Return, CTRL)
    qtbot.waitUntil(lambda: chosen.conductor.is_running)
    assert chosen.table.hasFocus()
    qtbot.waitUntil(chosen.actions_by_name["pause"].isEnabled)
    qtbot.keyClick(chosen.table, KEY.Key_Space, CTRL)
    assert chosen.conductor.is_paused
    qtbot.keyClick(chosen.table, KEY.Key_Space, CTRL)
    assert not chosen.conductor.is_paused
    engine.allow(3)
    settled()
    assert headline(chosen) == "Finished   3 done"


def test_every_control_has_a_name_and_is_not_cut(
    chosen: BatchWindow, engine: Engine, qtbot: QtBot, settled: Settled
) -> None:
    finish(chosen, engine, qtbot, settled)
    chosen.parts.show_form(on=True)
    chosen.form.advanced.setChecked(True)
    QApplication.processEvents()
    for kind in (QAbstractButton, QComboBox, QLineEdit, QSpinBox):
        for widget in chosen.findChildren(kind):
            if not widget.isVisible() or widget.objectName().startswith("qt_"):
                continue
            text = widget.text() if isinstance(widget, QAbstractButton) else ""
            assert widget.accessibleName() or text, widget
            assert widget.width() >= widget.minimumSizeHint().width() - 1, (text, widget)
    assert chosen.table.accessibleName()


def test_many_rows_are_told_of_once_per_look(window: BatchWindow) -> None:
    model = window.table.batch_model
    model.put([BatchRow(f"{i:05}.edf", Path(f"{i:05}.edf"), 1000) for i in range(5000)])
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda a, b, *_: told.append((a.row(), b.row())))
    model.take((), {"00003.edf", "00007.edf"})
    assert told == [(3, 7)]
