"""Deciding on sweeps: verdicts by key, markers by mouse and key, and how to take them back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from amr_viewer.core.responses import Rejection, State
from amr_viewer.gui.desk import Desk
from tests.gui.sweeps.builders import (
    MENTALIS,
    N_SWEEPS,
    Hands,
    small_study,
    state_of,
)
from tests.gui.sweeps.conftest import settle
from tests.gui.sweeps.hands import (
    NO_KEYS,
    Show,
    canvas_of,
    count_like,
    drag,
    moved,
    pixel_of,
    rows_with,
)

# ---------------------------------------------------------------------- deciding


def test_yes_places_markers_measures_and_goes_on(shown: Show, desk: Desk, qtbot: QtBot) -> None:
    view = shown()
    hands = Hands(view)
    absent = rows_with(view, MENTALIS, State.ABSENT)
    view.model.select_row(absent[0])
    hands("present")
    assert view.model.row == absent[0] + 1
    settle(view, qtbot)
    assert state_of(desk, absent[0], MENTALIS) == (State.PRESENT, Rejection.NONE, True)
    document = desk.session.document
    assert document is not None
    (decision,) = document.review.sweeps
    assert decision.state == "present"
    assert decision.onset_ms == pytest.approx(10.4, abs=1.0)
    assert decision.amplitude_uv is not None
    card = next(c for c in view.board.cards if c.panel.channel == MENTALIS)
    assert card.chip.text == "AMR present 7/12"


def test_no_and_unsure_skip_what_is_decided(shown: Show, desk: Desk, qtbot: QtBot) -> None:
    view = shown()
    hands = Hands(view)
    hands("first", "absent", "unsure")
    assert view.model.row == 2
    settle(view, qtbot)
    assert state_of(desk, 0, MENTALIS) == (State.ABSENT, Rejection.NONE, True)
    assert state_of(desk, 1, MENTALIS) == (State.REJECTED, Rejection.UNSURE, True)
    view.model.select_row(0)
    hands("absent")
    assert view.model.row == 2
    settle(view, qtbot)
    card = next(c for c in view.board.cards if c.panel.channel == MENTALIS)
    view.model.select_row(1)
    settle(view, qtbot)
    assert "unsure (by hand)" in card.line.wordings[0]


def test_reject_is_a_switch_and_automatic_gives_back(shown: Show, desk: Desk, qtbot: QtBot) -> None:
    view = shown()
    hands = Hands(view)
    before = state_of(desk, 4, MENTALIS)
    for name, expected in (
        ("reject", (State.REJECTED, Rejection.MANUAL, True)),
        ("reject", before),
        ("unsure", (State.REJECTED, Rejection.UNSURE, True)),
        ("automatic", before),
    ):
        view.model.select_row(4)
        hands(name)
        settle(view, qtbot)
        assert state_of(desk, 4, MENTALIS) == expected, name


def test_what_the_program_rejected_is_not_taken_back_without_a_verdict(
    shown: Show, desk: Desk
) -> None:
    analysis = small_study()
    r = analysis.responses
    rejection, state = r.rejection.copy(), r.state.copy()
    rejection[3, MENTALIS], state[3, MENTALIS] = Rejection.NOISE, State.REJECTED
    view = shown(replace(analysis, responses=replace(r, rejection=rejection, state=state)))
    said: list[str] = []
    desk.session.said.connect(said.append)
    view.model.select_row(3)
    Hands(view)("reject")
    assert "baseline too noisy" in said[-1]
    assert desk.session.document is not None
    assert desk.session.document.review.is_empty


def test_a_range_and_a_whole_run_are_decided_at_once_and_undone_at_once(
    shown: Show, desk: Desk, qtbot: QtBot
) -> None:
    view = shown()
    hands = Hands(view)
    view.model.select_row(2)
    hands("extend_next", "extend_next", "absent")
    settle(view, qtbot)
    assert [state_of(desk, row, MENTALIS)[2] for row in range(6)] == [
        False, False, True, True, True, False,
    ]  # fmt: skip
    hands("choose_all", "reject")
    settle(view, qtbot)
    assert all(state_of(desk, row, MENTALIS)[0] == State.REJECTED for row in range(N_SWEEPS))
    desk.editor.undo_group.undo()
    settle(view, qtbot)
    assert [state_of(desk, row, MENTALIS)[2] for row in range(6)] == [
        False, False, True, True, True, False,
    ]  # fmt: skip


def test_many_sweeps_are_measured_in_a_thread(shown: Show, desk: Desk, qtbot: QtBot) -> None:
    view = shown(small_study(120))
    hands = Hands(view)
    hands("choose_all", "present")
    settle(view, qtbot)
    qtbot.waitUntil(lambda: state_of(desk, 0, MENTALIS)[2])
    settle(view, qtbot)
    assert desk.session.document is not None
    assert len(desk.session.document.review.sweeps) == 120
    assert all(state_of(desk, row, MENTALIS)[0] == State.PRESENT for row in range(120))
    measured = [d for d in desk.session.document.review.sweeps if d.onset_ms is not None]
    assert len(measured) == 60


def test_decided_sweeps_are_marked_where_they_lie_below_each_other(
    shown: Show, desk: Desk, qtbot: QtBot
) -> None:
    view = shown()
    hands = Hands(view)
    hands("stacked", "first", "absent", "none")
    settle(view, qtbot)
    canvas = canvas_of(view, MENTALIS)
    scene = canvas.scene()
    left = int(scene.frame.plot.left())
    y = int(scene.row_center(0))
    dot = canvas.grab().toImage().copy(left - 10, y - 4, 9, 9)
    assert count_like(dot, desk.theme.accent, 90) > 5
    other = canvas.grab().toImage().copy(left - 10, int(scene.row_center(1)) - 4, 9, 9)
    assert count_like(other, desk.theme.accent, 90) == 0
    assert "1 by hand" in next(c.line.wordings[0] for c in view.board.cards if c.canvas is canvas)


# ---------------------------------------------------------------------- markers


def test_a_marker_is_dragged_and_both_are_shown(shown: Show, desk: Desk, qtbot: QtBot) -> None:
    view = shown()
    canvas = canvas_of(view, MENTALIS)
    row = rows_with(view, MENTALIS, State.PRESENT)[0]
    view.model.select_row(row)
    was = canvas.panel.markers(row)["onset_ms"]
    begin = pixel_of(canvas, was, 80.0)
    drag(canvas, begin, begin - QPoint(30, 0))
    settle(view, qtbot)
    document = desk.session.document
    assert document is not None
    (decision,) = document.review.sweeps
    assert decision.onset_ms is not None
    assert was - 6.0 < decision.onset_ms < was - 1.0
    assert decision.by_hand == ("onset_ms",)
    assert (decision.peak_ms, decision.end_ms, decision.amplitude_uv) == (None, None, None)
    assert decision.area_uv_ms is not None
    scene = canvas.scene()
    assert scene.own == {"onset_ms"}
    assert document.analysis is not None
    assert document.automatic is not None
    for name in ("peak_ms", "positive_peak_ms", "end_ms", "amplitude_uv"):
        now, auto = (getattr(a.responses, name) for a in (document.analysis, document.automatic))
        assert now[row, MENTALIS] == auto[row, MENTALIS]
    assert document.review.log[-1].is_.endswith("set by hand: onset")
    assert scene.markers["onset_ms"] == pytest.approx(decision.onset_ms, abs=1e-3)
    assert scene.automatic["onset_ms"] == pytest.approx(was, abs=1e-3)
    times = view.model.sweeps.times_ms if view.model.sweeps else np.empty(0)
    assert np.min(np.abs(times - decision.onset_ms)) < 1e-3
    desk.editor.undo_group.undo()
    settle(view, qtbot)
    assert not canvas.scene().own


def test_only_the_marker_that_was_moved_is_solid_and_a_verdict_leaves_it(
    shown: Show, desk: Desk, qtbot: QtBot
) -> None:
    view = shown()
    canvas = canvas_of(view, MENTALIS)
    row = rows_with(view, MENTALIS, State.PRESENT)[0]
    view.model.select_row(row)
    before = canvas.panel.markers(row)
    begin = pixel_of(canvas, before["end_ms"], 80.0)
    drag(canvas, begin, begin + QPoint(14, 0))
    settle(view, qtbot)

    def inked(marker: str) -> float:
        """The part of the upper half of a marker's line that is drawn."""
        scene, image = canvas.scene(), canvas.grab().toImage()
        x, plot = round(scene.x.pixel(scene.markers[marker])), scene.frame.plot
        rows = range(round(plot.top()) + 30, round(plot.top() + 0.4 * plot.height()))
        ink = QColor(view.desk.theme.text)
        near = [abs(image.pixelColor(x, y).lightness() - ink.lightness()) < 40 for y in rows]
        return sum(near) / len(near)

    view.model.pick("")
    assert inked("end_ms") == 1.0
    assert 0.3 < inked("onset_ms") < 0.9
    view.model.select_row(row)
    view.verdicts.decide("present")
    settle(view, qtbot)
    assert desk.session.document is not None
    (decision,) = desk.session.document.review.sweeps
    assert decision.by_hand == ("end_ms",)
    assert decision.end_ms is not None
    assert decision.end_ms > before["end_ms"]


@pytest.mark.parametrize(
    ("keys", "is_there"),
    [
        (Qt.KeyboardModifier.ControlModifier, "peak"),
        (Qt.KeyboardModifier.ShiftModifier, "zero"),
    ],
)
def test_dragging_snaps(
    shown: Show, desk: Desk, qtbot: QtBot, keys: Qt.KeyboardModifier, is_there: str
) -> None:
    view = shown()
    canvas = canvas_of(view, MENTALIS)
    row = rows_with(view, MENTALIS, State.PRESENT)[0]
    view.model.select_row(row)
    begin = pixel_of(canvas, canvas.panel.markers(row)["end_ms"], 80.0)
    drag(canvas, begin, begin + QPoint(21, 0), keys)
    settle(view, qtbot)
    assert desk.session.document is not None
    at = desk.session.document.review.sweeps[0].end_ms
    assert at is not None
    assert view.model.sweeps is not None
    times, sweep = view.model.sweeps.times_ms, view.model.sweeps.sweep_uv(MENTALIS, row)
    if is_there == "zero":
        assert np.interp(at, times, sweep) == pytest.approx(0.0, abs=0.05)
    else:
        k = int(np.argmin(np.abs(times - at)))
        assert (sweep[k] - sweep[k - 1]) * (sweep[k + 1] - sweep[k]) <= 0


def test_an_onset_never_passes_the_peaks(shown: Show, desk: Desk, qtbot: QtBot) -> None:
    view = shown()
    canvas = canvas_of(view, MENTALIS)
    row = rows_with(view, MENTALIS, State.PRESENT)[0]
    view.model.select_row(row)
    markers = canvas.panel.markers(row)
    begin = pixel_of(canvas, markers["onset_ms"], 80.0)
    drag(canvas, begin, begin + QPoint(200, 0))
    settle(view, qtbot)
    assert desk.session.document is not None
    moved = desk.session.document.review.sweeps[0].onset_ms
    assert moved == pytest.approx(min(markers["peak_ms"], markers["positive_peak_ms"]), abs=1e-3)


def test_escape_lets_go_of_a_marker_where_it_was(shown: Show, desk: Desk, qtbot: QtBot) -> None:
    view = shown()
    canvas = canvas_of(view, MENTALIS)
    row = rows_with(view, MENTALIS, State.PRESENT)[0]
    view.model.select_row(row)
    begin = pixel_of(canvas, canvas.panel.markers(row)["onset_ms"], 80.0)
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(canvas, left, NO_KEYS, begin)
    QApplication.sendEvent(canvas, moved(canvas, QPointF(begin - QPoint(25, 0)), NO_KEYS))
    assert canvas.scene().own == {"onset_ms"}
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert not canvas.scene().own
    QTest.mouseRelease(canvas, left, NO_KEYS, begin - QPoint(25, 0))
    assert desk.session.document is not None
    assert desk.session.document.review.is_empty
    assert view.model.row == row


def test_markers_are_moved_by_keys(shown: Show, desk: Desk, qtbot: QtBot) -> None:
    view = shown()
    hands = Hands(view)
    canvas = canvas_of(view, MENTALIS)
    row = rows_with(view, MENTALIS, State.PRESENT)[0]
    view.model.select_row(row)
    was = canvas.panel.markers(row)["end_ms"]
    hands("pick_marker", "pick_marker", "pick_marker", "pick_marker")
    assert view.model.picked == "end_ms"
    hands("marker_right", "marker_right")
    assert canvas.scene().markers["end_ms"] == pytest.approx(was + 0.2, abs=0.11)
    settle(view, qtbot)
    hands("marker_left")
    settle(view, qtbot)
    assert canvas.scene().markers["end_ms"] == pytest.approx(was + 0.1, abs=0.11)
    for name in ("marker_zero_right", "marker_peak_left"):
        before = canvas.scene().markers["end_ms"]
        hands(name)
        settle(view, qtbot)
        assert canvas.scene().markers["end_ms"] != before
    assert view.desk.editor.undo_group.canUndo()


def test_a_sweep_without_markers_says_how_to_get_some(shown: Show, desk: Desk) -> None:
    view = shown()
    said: list[str] = []
    desk.session.said.connect(said.append)
    view.model.select_row(rows_with(view, MENTALIS, State.ABSENT)[0])
    Hands(view)("pick_marker")
    assert said[-1] == "This sweep has no markers. Y places them."
