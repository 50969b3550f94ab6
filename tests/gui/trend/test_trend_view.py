from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from amr_viewer.core.recording import Channel, ChannelKind, Mark, Recording, Segment
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Stage
from amr_viewer.gui.theme import DARK
from amr_viewer.gui.trend import TrendView
from amr_viewer.gui.trend.places import Row
from amr_viewer.io.writers import write_edf
from tests.gui.trend.hands import PATIENCE_MS, Opened, action, cell_of, do, settle, shown


@dataclass(frozen=True)
class Samples:
    """A channel that lies in memory."""

    values: np.ndarray

    def read(self, channel: int, start: int, stop: int) -> np.ndarray:
        return self.values[start:stop]


def colors(view: TrendView) -> set[str]:
    """The colors that the drawing shows."""
    image = view.chart.grab().toImage()
    step = 3
    return {
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), step)
        for y in range(0, image.height(), step)
    }


def test_the_lateral_muscles_of_the_selected_branch_are_drawn(view: TrendView) -> None:
    picture = view.chart.picture
    assert picture is not None
    names = [c.full_name for c in view.chart.look.courses(picture)]
    assert names == ["Orbicularis oris L", "Mentalis L", "Frontalis L"]
    boxes = view.header.legend.boxes
    assert [b.text() for b in boxes.values() if b.isChecked()] == names
    assert view.header.site.currentText() == "Zygomatic L"
    theme = view._desk.theme
    seen = colors(view)
    for course in view.chart.look.courses(picture):
        assert theme.muscle(course.trend.muscle) in seen
    assert theme.present in seen
    places = view.chart.places
    assert places is not None
    assert [p.row for p in places.panels] == list(Row)
    labels = [view.chart.look.events.label(i) for i, _ in places.legend]
    assert labels[6] == "G  Vessel moved off (AICA)"
    assert len(labels) == 11


def test_hovering_a_block_says_its_numbers(view: TrendView, qtbot: QtBot) -> None:
    said: list[str] = []
    view._desk.session.pointed.connect(said.append)
    qtbot.mouseMove(view.chart, cell_of(view, 1, 11))
    assert said[-1].startswith("Mentalis L, block 12 of 20, 23:01–23:06; absent: 0 of 15 valid")
    tip = view.chart.tip_at(QPointF(cell_of(view, 1, 11)))
    assert "persistence above 10 % excluded (one-sided 95 %)." in tip
    places = view.chart.places
    assert places is not None
    at_g = QPointF(places.x.pixel(1216.0), 5.0)
    assert view.chart.tip_at(at_g) == "G  Vessel moved off (AICA) (20:16)"
    qtbot.mouseMove(view.chart, QPoint(round(places.x.pixel(1100.0)), 250))
    assert said[-1] in {"18:19", "18:20", "18:21", "18:22"}


def test_keys_walk_from_block_to_block_and_open_one(view: TrendView) -> None:
    session = view._desk.session
    session.set_view("trend")
    assert action(view, "sweeps").blocked() == "no block is selected"
    do(view, "next")
    do(view, "next")
    current = view.walk.current
    assert current is not None
    assert current[1] == 1
    do(view, "last")
    do(view, "next")
    current = view.walk.current
    assert current is not None
    assert current[1] == 19
    do(view, "previous")
    do(view, "muscle_below")
    current = view.walk.current
    assert current is not None
    assert (current[0].name, current[1]) == ("Mentalis L", 18)
    do(view, "first")
    assert session.document is not None
    assert session.document.selection.sweep == 0
    do(view, "muscle_above")
    do(view, "sweeps")
    assert session.view == "sweeps"


def test_muscles_are_chosen_and_the_last_one_stays(view: TrendView, qtbot: QtBot) -> None:
    boxes = {b.text(): b for b in view.header.legend.boxes.values()}
    for name in ("Frontalis L", "Orbicularis oris L"):
        boxes[name].click()
    assert len(view.chart.look.channels) == 1
    boxes["Mentalis L"].click()
    assert boxes["Mentalis L"].isChecked()
    boxes["Orbicularis oculi L"].click()
    picture = view.chart.picture
    assert picture is not None
    names = [c.full_name for c in view.chart.look.courses(picture)]
    assert names == ["Orbicularis oculi L", "Mentalis L"]
    view.refresh()
    settle(view, qtbot)
    assert view.chart.look.channels == {0, 2}


def test_wheel_drag_and_double_click_change_the_time(view: TrendView, qtbot: QtBot) -> None:
    chart = view.chart
    low, high = chart.span
    places = chart.places
    assert places is not None
    at = QPointF(places.x.pixel(1200.0), 300.0)
    turn = QWheelEvent(
        at, chart.mapToGlobal(at), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(chart, turn)
    start, stop = chart.span
    assert stop - start == pytest.approx((high - low) / 1.25**2)
    places = chart.places
    assert places is not None
    assert places.x.value(at.x()) == pytest.approx(1200.0, abs=1.0)
    first, last = (round(places.x.pixel(t)) for t in (1100.0, 1500.0))
    qtbot.mousePress(chart, Qt.MouseButton.LeftButton, pos=QPoint(first, 300))
    move = QPoint(last, 320)
    qtbot.mouseMove(chart, move)
    drag_to(chart, move)
    qtbot.mouseRelease(chart, Qt.MouseButton.LeftButton, pos=move)
    assert chart.span == pytest.approx((1100.0, 1500.0), abs=3.0)
    places = chart.places
    assert places is not None
    assert [chart.look.events.label(i)[0] for i, _ in places.legend] == ["G", "H"]
    qtbot.mouseDClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(first, 300))
    assert chart.span == (low, high)


def drag_to(chart: QWidget, place: QPoint) -> None:
    """Move the mouse with the button down."""
    at = QPointF(place)
    left = Qt.MouseButton.LeftButton
    moved = QMouseEvent(
        QEvent.Type.MouseMove, at, chart.mapToGlobal(at), Qt.MouseButton.NoButton, left,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(chart, moved)


def test_time_is_zoomed_and_moved_by_keys_within_the_whole(view: TrendView) -> None:
    chart = view.chart
    low, high = chart.span
    do(view, "zoom_in")
    do(view, "zoom_in")
    start, stop = chart.span
    assert stop - start < (high - low) / 1.5
    do(view, "later")
    assert chart.span[0] > start
    for _ in range(9):
        do(view, "later")
    assert chart.span[1] == pytest.approx(high)
    for _ in range(20):
        do(view, "earlier")
    assert chart.span[0] == pytest.approx(low)
    do(view, "last")
    assert chart.span[1] > 2385
    do(view, "whole")
    assert chart.span == (low, high)
    do(view, "zoom_out")
    assert chart.span == (low, high)


def test_amplitude_is_shown_in_percent(view: TrendView) -> None:
    places = view.chart.places
    assert places is not None
    microvolts = places.panels[1].y.high
    view.header.relative.click()
    assert view.percent
    assert action(view, "percent").checked is not None
    places = view.chart.places
    assert places is not None
    assert 110 <= places.panels[1].y.high < microvolts
    do(view, "percent")
    assert not view.header.relative.isChecked()
    assert view.header.microvolts.isChecked()


def test_a_mark_that_a_person_adds_becomes_a_line(view: TrendView, qtbot: QtBot) -> None:
    do(view, "zoom_in")
    start = view.chart.span
    mark = Mark(1300.0, float("nan"), "irrigation")
    view._desk.editor.add_marks([mark])
    qtbot.waitUntil(lambda: "irrigation" in view.chart.look.events.texts)
    events = view.chart.look.events
    assert events.manual.tolist().count(True) == 1
    settle(view, qtbot)
    assert view.chart.look.events.manual.any()
    assert view.chart.span == start


def test_the_drawing_follows_the_theme(view: TrendView, qtbot: QtBot) -> None:
    assert DARK.surface not in colors(view)
    view._desk.appearance.use(DARK)
    assert DARK.surface in colors(view)
    assert DARK.muscle(view.chart.picture.courses[2].trend.muscle) in colors(view)  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_figure_is_copied_black_on_white(view: TrendView, kind: str) -> None:
    view._desk.appearance.use(DARK)
    said: list[str] = []
    view._desk.session.said.connect(said.append)
    do(view, f"copy_{kind}")
    data = QGuiApplication.clipboard().mimeData()
    image = QGuiApplication.clipboard().image()
    assert image.pixelColor(2, 2).name() == "#ffffff"
    assert image.width() == 3 * view.chart.width()
    if kind == "svg":
        text = bytes(data.data("image/svg+xml").data()).decode()
        assert "Zygomatic L stimulation; blocks of 10" in text
        assert "Vessel moved off (AICA)" in text
    assert said == [f"copied as {kind.upper()}"]


def test_another_branch_is_followed(opened: Opened, qtbot: QtBot) -> None:
    view = shown(opened("hfs_left_preop"), qtbot)
    header = view.header
    assert header.site.count() == 4
    wanted = header.site.findText("Mandibular L")
    header.site.setCurrentIndex(wanted)
    header.site.activated.emit(wanted)
    settle(view, qtbot)
    assert view.chart.picture is not None
    assert [c.name for c in view.chart.look.courses(view.chart.picture)] == ["Orb. oculi L"]
    document = view._desk.session.document
    assert document is not None
    assert document.selection.site == view.chart.picture.site
    assert document.selection.channel in view.chart.look.channels


def test_one_block_says_that_there_is_nothing_to_compare(opened: Opened, qtbot: QtBot) -> None:
    view = shown(opened("hfs_left_preop"), qtbot)
    assert not view.header.remark.isVisible()
    view.header.block_size.setValue(500)
    settle(view, qtbot)
    assert view.chart.picture is not None
    assert view.chart.picture.n_blocks == 1
    assert view.header.remark.isVisible()
    assert view.header.remark.text().startswith("One block only")


def test_without_a_recording_the_view_says_what_to_do(desk: Desk, qtbot: QtBot) -> None:
    view = shown(desk, qtbot)
    assert view.empty.isVisible()
    assert view.empty.text().startswith("Open a recording")
    assert all(a.blocked() for a in view.actions())


def test_a_recording_that_cannot_be_read_says_why(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    view = shown(desk, qtbot)
    bad = tmp_path / "bad.edf"
    bad.write_bytes(b"no EDF at all")
    desk.session.open([bad])
    assert view.empty.text() == "The recording is being read."
    qtbot.waitUntil(lambda: desk.session.documents[0].stage is Stage.FAILED)
    assert "bad.edf" in view.empty.text()


def test_a_recording_without_stimuli_says_so(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    noise = np.random.default_rng(5).normal(0.0, 5.0, 40000).astype(np.float32)
    channel = Channel("EMG L Mentalis", "uV", 10000.0, 40000, kind=ChannelKind.EMG)
    quiet = Recording(
        "quiet.edf", "", "EDF", (channel,), (Segment(0.0, 4.0, 0.0),), (), Samples(noise)
    )
    write_edf(quiet, tmp_path / "quiet.edf")
    view = shown(desk, qtbot)
    desk.session.open([tmp_path / "quiet.edf"])
    qtbot.waitUntil(lambda: desk.session.documents[0].stage is Stage.READY, timeout=PATIENCE_MS)
    settle(view, qtbot)
    assert view.empty.isVisible()
    assert view.empty.text().startswith("No stimuli were found")
    assert view.blocked() == "there is no course to show"


def test_a_hidden_view_works_only_when_it_is_shown(opened: Opened, qtbot: QtBot) -> None:
    desk = opened("hfs_left_preop")
    view = TrendView(desk)
    qtbot.addWidget(view)
    desk.session.analysis_changed.emit()
    assert "trend" not in desk.session.tasks.running
    assert view.chart.picture is None
    view.show()
    settle(view, qtbot)
    assert view.chart.picture is not None


def test_closing_the_recording_empties_the_view(view: TrendView) -> None:
    session = view._desk.session
    assert session.document is not None
    session.close(session.document.key)
    assert view.chart.picture is None
    assert view.empty.isVisible()


def test_texts_fit_at_the_smallest_and_the_largest_size(view: TrendView, qtbot: QtBot) -> None:
    for width, height in ((640, 560), (1900, 1300)):
        view.resize(width, height)
        QApplication.processEvents()
        for box in view.header.legend.boxes.values():
            assert box.width() >= box.sizeHint().width()
            assert box.geometry().right() <= view.header.width()
        for widget in (view.header.site, view.header.block_size, view.header.baseline):
            assert widget.width() >= widget.minimumSizeHint().width()
        places = view.chart.places
        assert places is not None
        assert np.isfinite([p.area.height() for p in places.panels]).all()
        assert min(p.area.height() for p in places.panels) >= 35
