"""Keys and mouse of the Traces view move what they should."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from amr_viewer.gui.desk import Desk
from amr_viewer.gui.traces import TracesView
from amr_viewer.gui.traces.colors import channel_color
from amr_viewer.gui.traces.margins import badge_lines
from tests.gui.traces.conftest import (
    RATE_HZ,
    SECONDS,
    SPIKE_S,
    picture,
    pixels_like,
    point,
    settle,
    window,
)
from tests.gui.traces.hands import LEFT, NONE, drag, run, turn_wheel

# ---------------------------------------------------------------------- what is painted


def test_without_a_recording_it_says_what_to_do(desk: Desk, qtbot: QtBot) -> None:
    view = TracesView(desk)
    qtbot.addWidget(view)
    view.show()
    assert view.empty.isVisible()
    assert "Drop a recording here" in view.empty.text()
    assert all(s.blocked() for s in view.actions())


def test_each_channel_is_painted_in_its_lane_and_color(view: TracesView) -> None:
    lanes, recording = view.canvas.lanes, view.canvas.recording
    assert lanes is not None
    assert recording is not None
    image = picture(view)
    for place, channel in enumerate(lanes.channels):
        color = channel_color(view.canvas.theme, recording.channels[channel])
        rows, columns = np.nonzero(pixels_like(image, color))
        near = (np.abs(rows - lanes.center(place)) <= 2) & (columns > lanes.area.left() + 5)
        # A flat line across the whole page.
        assert len(np.unique(columns[near])) >= 0.99 * (lanes.area.width() - 5)


@pytest.mark.parametrize("span_s", [0.02, 0.5, 10.0, 60.0])
@pytest.mark.parametrize("negative_up", [True, False])
def test_a_single_sample_is_seen_at_every_zoom(
    view: TracesView, qtbot: QtBot, desk: Desk, span_s: float, negative_up: bool
) -> None:
    desk.session.set_display(negative_up=negative_up)
    desk.session.set_window(max(SPIKE_S - span_s / 3, 0.0), span_s)
    settle(view, qtbot)
    lanes, recording = view.canvas.lanes, view.canvas.recording
    assert lanes is not None
    assert recording is not None
    color = channel_color(view.canvas.theme, recording.channels[1])
    image = picture(view)
    height = min(0.4 * lanes.height, 3 * lanes.division)
    row = round(lanes.center(1) + (height if negative_up else -height))
    columns = np.flatnonzero(pixels_like(image, color, 40)[row])
    columns = columns[columns > lanes.area.left()]
    assert len(columns) >= 1
    sample_pixels = lanes.time.pixels_per_unit / RATE_HZ
    assert np.abs(columns - lanes.time.pixel(SPIKE_S)).max() <= max(2.5, sample_pixels)


def test_a_mark_of_the_file_is_written_above_the_traces(view: TracesView) -> None:
    scene, lanes = view.scene, view.canvas.lanes
    assert scene is not None
    assert lanes is not None
    assert scene.marks.texts == ("Dura opened",)
    assert (scene.marks.stops_s - scene.marks.starts_s).tolist() == [2.0]
    written = pixels_like(picture(view), QColor(view.canvas.theme.mark), 60)
    rows, columns = np.nonzero(written[: int(lanes.area.top()), int(lanes.area.left()) :])
    assert len(rows) > 20
    assert columns.min() + int(lanes.area.left()) >= lanes.time.pixel(5.5)


def test_the_badge_tells_gain_time_base_and_polarity(view: TracesView, desk: Desk) -> None:
    document = desk.session.document
    assert document is not None
    assert badge_lines(document.layout, desk.session.display, 1.0) == (
        "100 µV/div",
        "1 s/div, neg ↑",
        "no filters",
    )
    assert (view.bar.gain.text(), view.bar.time.text()) == ("100 µV/div", "1 s/div")
    desk.session.set_display(high_pass_hz=20.0, notch_hz=50.0)
    assert badge_lines(document.layout, desk.session.display, 300.0) == (
        "100 µV/div",
        "5 min/div, neg ↑",
        "HP 20 Hz, notch 50 Hz",
    )
    assert view.bar.filters.text() == "Filters on"
    assert "HP 20 Hz, notch 50 Hz" in view.bar.filters.toolTip()


def test_the_page_follows_the_device(view: TracesView) -> None:
    page, lanes = view.canvas.page, view.canvas.lanes
    assert page is not None
    assert lanes is not None
    assert page.request.width == round(lanes.area.width() * view.canvas.devicePixelRatioF())


# ---------------------------------------------------------------------- time


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("right", (22.5, 10.0)),
        ("left", (17.5, 10.0)),
        ("page_on", (30.0, 10.0)),
        ("page_back", (10.0, 10.0)),
        ("start", (0.0, 10.0)),
        ("end", (50.0, 10.0)),
        ("less_time", (22.5, 5.0)),
        ("more_time", (15.0, 20.0)),
        ("all_time", (0.0, 60.0)),
    ],
)
def test_actions_move_the_page(
    view: TracesView, desk: Desk, action: str, expected: tuple[float, float]
) -> None:
    desk.session.set_window(20.0, 10.0)
    run(view, action)
    assert window(view) == pytest.approx(expected)


def test_the_page_stays_within_the_recording(view: TracesView) -> None:
    run(view, "left")
    assert window(view) == (0.0, 10.0)
    run(view, "end")
    run(view, "right")
    assert window(view) == (SECONDS - 10.0, 10.0)


def test_a_rectangle_zooms_and_backspace_goes_back(
    view: TracesView, desk: Desk, qtbot: QtBot
) -> None:
    drag(view, point(view, 2.0, 0), point(view, 4.0, 2))
    assert window(view) == pytest.approx((2.0, 2.0), abs=0.03)
    settle(view, qtbot)
    run(view, "back")
    assert window(view) == (0.0, 10.0)


def test_a_plain_click_changes_nothing_but_the_selection(view: TracesView, desk: Desk) -> None:
    before = desk.session.document
    assert before is not None
    QTest.mouseClick(view.canvas, LEFT, NONE, point(view, 3.0, 1))
    after = desk.session.document
    assert after is not None
    assert view.verbs.own.focus == 1
    assert (after.review, after.layout, window(view)) == (before.review, before.layout, (0.0, 10.0))


def test_the_wheel_scrolls_zooms_and_changes_the_gain(view: TracesView, desk: Desk) -> None:
    desk.session.set_window(20.0, 10.0)
    view.canvas.repaint()
    at = point(view, 22.5, 1)
    turn_wheel(view, at, -1, NONE)
    assert window(view) == (22.5, 10.0)
    desk.session.set_window(20.0, 10.0)
    view.canvas.repaint()
    turn_wheel(view, at, 1, Qt.KeyboardModifier.ControlModifier)
    start, span = window(view)
    assert span == 5.0
    # What was under the mouse stays there.
    assert (22.5 - start) / span == pytest.approx(0.25, abs=0.01)
    turn_wheel(view, at, 1, Qt.KeyboardModifier.ShiftModifier)
    document = desk.session.document
    assert document is not None
    assert document.layout.gain_uv == 50.0


# ---------------------------------------------------------------------- channels


def test_gain_of_all_and_of_one_channel(view: TracesView, desk: Desk) -> None:
    run(view, "larger")
    run(view, "channel_down")
    run(view, "channel_smaller")
    document = desk.session.document
    assert document is not None
    assert [document.layout.gain_of(c) for c in range(3)] == [100.0, 50.0, 50.0]
    run(view, "smaller")
    document = desk.session.document
    assert document is not None
    assert [document.layout.gain_of(c) for c in range(3)] == [200.0, 100.0, 100.0]


def test_channels_move_by_key_and_by_dragging_their_names(view: TracesView, desk: Desk) -> None:
    run(view, "channel_down")
    run(view, "move_down")
    assert desk.session.document is not None
    assert desk.session.document.layout.visible == (1, 0, 2)
    view.canvas.repaint()
    lanes = view.canvas.lanes
    assert lanes is not None
    drag(view, QPoint(20, round(lanes.center(2))), QPoint(20, round(lanes.center(0))))
    assert desk.session.document.layout.visible == (2, 1, 0)


def test_channels_are_hidden_and_shown(view: TracesView, desk: Desk, qtbot: QtBot) -> None:
    view.verbs.focus(1)
    run(view, "hide")
    assert desk.session.document is not None
    assert desk.session.document.layout.visible == (0, 2)
    settle(view, qtbot)
    assert view.canvas.lanes is not None
    assert view.canvas.lanes.channels == (0, 2)
    run(view, "hide")
    run(view, "hide")
    assert len(desk.session.document.layout.visible) == 1
    run(view, "show_all")
    assert desk.session.document.layout.visible == (0, 1, 2)


def test_butterfly_draws_all_on_one_base_line(view: TracesView, desk: Desk) -> None:
    run(view, "butterfly")
    view.canvas.repaint()
    lanes = view.canvas.lanes
    assert lanes is not None
    assert {lanes.center(k) for k in range(3)} == {lanes.area.center().y()}
    menu = view.bar.channels.menu()
    assert menu is not None
    menu.aboutToShow.emit()
    assert menu.actions()[0].isChecked()


# ---------------------------------------------------------------------- overview


def test_the_overview_moves_and_resizes_the_page(view: TracesView, desk: Desk) -> None:
    bar, axis = view.overview, view.overview.axis
    assert axis is not None
    middle = bar.height() // 2
    QTest.mouseClick(bar, LEFT, NONE, QPoint(round(axis.pixel(40.0)), middle))
    assert window(view) == pytest.approx((35.0, 10.0), abs=0.1)
    QTest.mousePress(bar, LEFT, NONE, QPoint(round(axis.pixel(40.0)), middle))
    QTest.mouseMove(bar, QPoint(round(axis.pixel(20.0)), middle))
    QTest.mouseRelease(bar, LEFT, NONE, QPoint(round(axis.pixel(20.0)), middle))
    assert window(view) == pytest.approx((15.0, 10.0), abs=0.2)
    QTest.mousePress(bar, LEFT, NONE, QPoint(round(axis.pixel(25.0)), middle))
    QTest.mouseMove(bar, QPoint(round(axis.pixel(35.0)), middle))
    QTest.mouseRelease(bar, LEFT, NONE, QPoint(round(axis.pixel(35.0)), middle))
    assert window(view) == pytest.approx((15.0, 20.0), abs=0.3)


# ---------------------------------------------------------------------- the table of actions


def test_keys_are_unique_and_every_action_can_be_run(view: TracesView) -> None:
    specs = view.actions()
    keys = [k for s in specs for k in s.shortcut.split("; ") if k]
    assert len(keys) == len(set(keys))
    for spec in specs:
        assert spec.tip
        if not spec.blocked():
            spec.run()
    view.canvas.repaint()
    assert view.canvas.page is not None


def test_a_file_that_is_gone_is_told_and_nothing_breaks(
    view_of: Callable[[Path], TracesView], tmp_path: Path, desk: Desk, qtbot: QtBot
) -> None:
    from tests.gui.traces.conftest import known_file

    path = known_file(tmp_path / "gone.edf")
    view = view_of(path)
    path.unlink()
    desk.session.set_window(20.0, 5.0)
    settle(view, qtbot)
    assert view.canvas.page is not None
    assert "gone.edf" in view.canvas.page.fault
