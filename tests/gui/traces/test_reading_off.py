"""Values, cursors, the ruler and marks of the Traces view."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from amr_viewer.gui.desk import Desk
from amr_viewer.gui.traces import TracesView
from tests.gui.traces.conftest import (
    LABELS,
    SPIKE_S,
    picture,
    point,
    settle,
    window,
)
from tests.gui.traces.hands import LEFT, drag, run

# ---------------------------------------------------------------------- reading off


def test_the_value_under_the_mouse_is_told(view: TracesView, desk: Desk, qtbot: QtBot) -> None:
    desk.session.set_window(SPIKE_S - 0.005, 0.01)
    settle(view, qtbot)
    with qtbot.waitSignal(desk.session.pointed) as told:
        QTest.mouseMove(view.canvas, point(view, SPIKE_S, 1))
    assert told.args is not None
    assert "1 mV" in told.args[0]
    assert LABELS[1] in told.args[0]
    assert "0:30.2000" in told.args[0]


def test_cursors_tell_differences(view: TracesView, qtbot: QtBot) -> None:
    run(view, "cursors")
    assert view.verbs.own.cursors_s == pytest.approx((10 / 3, 20 / 3))
    view.canvas.repaint()
    drag(view, point(view, 10 / 3, 1), point(view, 5.0, 1))
    cursors = view.verbs.own.cursors_s
    assert cursors is not None
    assert cursors[0] == pytest.approx(5.0, abs=0.02)
    assert window(view) == (0.0, 10.0)
    run(view, "b_right")
    assert view.verbs.own.cursors_s == pytest.approx((cursors[0], 20 / 3 + 0.02))
    run(view, "cursors")
    assert view.verbs.own.cursors_s is None


def test_the_ruler_measures_and_leaves_the_page(view: TracesView, desk: Desk) -> None:
    held = Qt.KeyboardModifier.ShiftModifier
    before = picture(view)
    QTest.mousePress(view.canvas, LEFT, held, point(view, 2.0, 1))
    QTest.mouseMove(view.canvas, point(view, 4.0, 1))
    assert picture(view) != before
    QTest.mouseRelease(view.canvas, LEFT, held, point(view, 4.0, 1))
    assert window(view) == (0.0, 10.0)


# ---------------------------------------------------------------------- marks


def test_a_mark_is_drawn_named_and_undone(view: TracesView, desk: Desk, qtbot: QtBot) -> None:
    run(view, "mark")
    drag(view, point(view, 2.0, 1), point(view, 3.0, 1))
    assert view.mark_editor.isVisible()
    assert not view.state.is_marking
    qtbot.keyClicks(view.mark_editor, "burst")
    qtbot.keyClick(view.mark_editor, Qt.Key.Key_Return)
    document = desk.session.document
    assert document is not None
    added = [m for _, m, by_hand in document.marks if by_hand]
    assert [(m.text, m.channel) for m in added] == [("burst", None)]
    assert added[0].time_s == pytest.approx(2.0, abs=0.02)
    assert added[0].duration_s == pytest.approx(1.0, abs=0.04)
    assert view.scene is not None
    assert "burst" in view.scene.marks.texts
    desk.editor.undo_group.undo()
    assert view.scene is not None
    assert view.scene.marks.texts == ("Dura opened",)


def test_a_mark_for_one_channel(view: TracesView, desk: Desk, qtbot: QtBot) -> None:
    run(view, "mark")
    drag(view, point(view, 2.0, 2), point(view, 3.0, 2), Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(view.mark_editor, Qt.Key.Key_Return)
    assert desk.session.document is not None
    (mark,) = [m for _, m, by_hand in desk.session.document.marks if by_hand]
    assert mark.channel == LABELS[2]


def test_escape_drops_a_mark(view: TracesView, desk: Desk, qtbot: QtBot) -> None:
    run(view, "mark")
    drag(view, point(view, 2.0, 1), point(view, 3.0, 1))
    qtbot.keyClick(view.mark_editor, Qt.Key.Key_Escape)
    assert not view.mark_editor.isVisible()
    assert desk.session.document is not None
    assert desk.session.document.review.is_empty


def test_marks_are_found(view: TracesView, desk: Desk) -> None:
    desk.session.set_window(40.0, 10.0)
    run(view, "last_mark")
    assert desk.session.document is not None
    chosen = desk.session.document.selection.mark
    assert chosen is not None
    start, span = window(view)
    assert start <= 5.5 <= start + span
    desk.editor.remove_marks([chosen])
    assert view.scene is not None
    assert view.scene.marks.texts == ()
    view.canvas.repaint()
