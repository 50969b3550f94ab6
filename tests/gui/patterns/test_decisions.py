"""Bursts renamed, denied, merged, split and added by clicks and keys; undone and counted."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from amr_viewer import workflow
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.bursts import BurstKind, Bursts, SetAside
from amr_viewer.core.patterns import Conclusion
from amr_viewer.core.progress import Progress
from amr_viewer.gui.app import make_window
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Stage
from amr_viewer.gui.figure_copy import SVG_TYPE
from amr_viewer.gui.free_running import search_lane
from amr_viewer.gui.main_window import MainWindow
from amr_viewer.gui.patterns import PatternsView
from amr_viewer.gui.patterns.add_dialog import AddDialog
from amr_viewer.gui.settings import Settings
from tests.gui.patterns.test_view import place_of

PATIENCE_MS = 60_000


@pytest.fixture
def spasm(
    qtbot: QtBot, sample_signals: Path, tmp_path: Path, remembered_analyses: None
) -> MainWindow:
    """The window with a clonic-tonic spasm of the left side, its Patterns view shown."""
    window = make_window(Settings(tmp_path / "settings"), "light")
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    window.furnish()
    path = tmp_path / "spasm.edf"
    path.write_bytes((sample_signals / "hfs_clonic_tonic.edf").read_bytes())
    window.open([path])
    settle(qtbot, window.desk)
    qtbot.keyClick(window, Qt.Key.Key_4)
    qtbot.waitUntil(lambda: view_of(window).raster.picture is not None)
    return window


def view_of(window: MainWindow) -> PatternsView:
    view = window.views["patterns"]
    assert isinstance(view, PatternsView)
    return view


def settle(qtbot: QtBot, desk: Desk) -> None:
    """Wait until nothing is at work."""

    def done() -> bool:
        document = desk.session.document
        return (
            document is not None
            and document.stage is Stage.READY
            and not {lane.split()[0] for lane in desk.session.tasks.running}
            & {"bursts", "review", "decide"}
        )

    qtbot.waitUntil(done, timeout=PATIENCE_MS)
    QApplication.processEvents()


def shown(window: MainWindow) -> tuple[Analysis, Bursts]:
    document = window.desk.session.document
    assert document is not None
    assert document.analysis is not None
    return document.analysis, document.analysis.bursts


def press(qtbot: QtBot, window: MainWindow, key: Qt.Key, **held: Qt.KeyboardModifier) -> None:
    """Press a key in the raster and wait for what follows from it."""
    raster = view_of(window).raster
    raster.setFocus()
    qtbot.keyClick(raster, key, **held)
    settle(qtbot, window.desk)


def counted_rows(bursts: Bursts) -> list[int]:
    """The bursts that count of the muscle that the first of them is in."""
    rows = np.flatnonzero(bursts.counted)
    return rows[bursts.channel[rows] == bursts.channel[rows[0]]].tolist()


def click(
    qtbot: QtBot,
    window: MainWindow,
    burst: int,
    held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    raster = view_of(window).raster
    qtbot.mouseClick(raster, Qt.MouseButton.LeftButton, held, place_of(view_of(window), burst))
    QApplication.processEvents()


def test_the_evoked_answer_does_not_wait_for_the_bursts(
    desk: Desk, qtbot: QtBot, sample_signals: Path, tmp_path: Path, remembered_analyses: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    found = workflow.with_free_running
    may_go_on: list[bool] = []

    def slowly(analysis: Analysis, progress: Progress) -> Analysis:
        while not may_go_on:
            progress(0.1, "finding bursts")
        return found(analysis, progress)

    monkeypatch.setattr(workflow, "with_free_running", slowly)
    view = PatternsView(desk)
    qtbot.addWidget(view)
    view.show()
    copy = tmp_path / "spasm.edf"
    copy.write_bytes((sample_signals / "hfs_clonic_tonic.edf").read_bytes())
    desk.session.open([copy])
    document = desk.session.document
    assert document is not None
    lane = search_lane(document.key)
    qtbot.waitUntil(lambda: lane in desk.session.tasks.running, timeout=PATIENCE_MS)
    document = desk.session.document
    assert document is not None
    assert document.stage is Stage.READY
    assert document.analysis is not None
    assert document.analysis.patterns == ()
    assert "being looked for" in view.empty.text()
    may_go_on.append(True)
    settle(qtbot, desk)
    assert view.headline.text().startswith("Pattern as can be seen in hemifacial spasm")


def test_a_search_that_was_stopped_says_how_to_begin_again(
    spasm: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forever(analysis: Analysis, progress: Progress) -> Analysis:
        while True:
            progress(0.1, "finding bursts")

    session = spasm.desk.session
    document = session.document
    assert document is not None
    lane = search_lane(document.key)
    monkeypatch.setattr(workflow, "with_free_running", forever)
    qtbot.keyClick(spasm, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: lane in session.tasks.running, timeout=PATIENCE_MS)
    qtbot.waitUntil(spasm.commands.action("file.cancel").isEnabled)
    qtbot.keyClick(spasm, Qt.Key.Key_Escape)
    assert lane not in session.tasks.running
    assert "F5" in view_of(spasm).empty.text()


def test_keys_rename_a_burst_and_undo_gives_it_back(spasm: MainWindow, qtbot: QtBot) -> None:
    _, before = shown(spasm)
    row = counted_rows(before)[0]
    click(qtbot, spasm, row)
    assert view_of(spasm).picking.current == row
    press(qtbot, spasm, Qt.Key.Key_T)
    analysis, bursts = shown(spasm)
    assert bursts.kind[row] == BurstKind.TONIC
    assert bursts.manual.sum() == 1
    assert view_of(spasm).picking.current == row
    assert analysis.patterns[0].n_tonic == (bursts.counted & (bursts.kind == 2)).sum()
    assert "tonic, by hand" in view_of(spasm).raster.accessibleDescription()
    press(qtbot, spasm, Qt.Key.Key_R, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert not shown(spasm)[1].manual.any()
    for manual in (1, 0):
        spasm.commands.run("edit.undo")
        settle(qtbot, spasm.desk)
        assert shown(spasm)[1].manual.sum() == manual
    document = spasm.desk.session.document
    assert document is not None
    assert [c.what.split(" at ")[0] for c in document.review.log[:2]] == ["burst", "burst"]


def test_denying_all_bursts_takes_the_pattern_back(spasm: MainWindow, qtbot: QtBot) -> None:
    view = view_of(spasm)
    _, before = shown(spasm)
    view.list.table.setFocus()
    qtbot.keyClick(view.list.table, Qt.Key.Key_A, modifier=Qt.KeyboardModifier.ControlModifier)
    assert len(view.verbs.rows) == before.counted.sum()
    spasm.commands.run("patterns.none")
    settle(qtbot, spasm.desk)
    analysis, bursts = shown(spasm)
    assert len(bursts) == len(before)
    assert not bursts.counted.any()
    assert (bursts.set_aside == SetAside.DECIDED).sum() == before.counted.sum()
    assert analysis.patterns[0].conclusion is Conclusion.NO_ACTIVITY
    assert view.headline.text().startswith("No involuntary activity")
    spasm.commands.run("edit.undo")
    settle(qtbot, spasm.desk)
    assert shown(spasm)[1].counted.sum() == before.counted.sum()
    assert view.headline.text().startswith("Pattern as can be seen in hemifacial spasm")


def test_bursts_are_merged_and_split_again(spasm: MainWindow, qtbot: QtBot) -> None:
    _, before = shown(spasm)
    rows = counted_rows(before)[:3]
    click(qtbot, spasm, rows[0])
    click(qtbot, spasm, rows[2], Qt.KeyboardModifier.ControlModifier)
    assert view_of(spasm).verbs.rows == (rows[0], rows[2])
    press(qtbot, spasm, Qt.Key.Key_M)
    _, bursts = shown(spasm)
    assert len(bursts) == len(before) - 2
    (merged,) = np.flatnonzero(bursts.manual).tolist()
    assert bursts.start_s[merged] == before.start_s[rows[0]]
    assert bursts.end_s[merged] == pytest.approx(before.end_s[rows[2]])
    assert bursts.peak_uv[merged] == pytest.approx(before.peak_uv[rows].max(), rel=0.05)
    assert view_of(spasm).picking.current == merged
    press(qtbot, spasm, Qt.Key.Key_X)
    _, bursts = shown(spasm)
    parts = np.flatnonzero(bursts.manual)
    assert len(parts) == 2
    gaps = [(before.end_s[a], before.start_s[b]) for a, b in pairwise(rows)]
    at = float(bursts.start_s[parts[1]])
    assert any(a - 0.01 <= at <= b + 0.01 for a, b in gaps)  # parted where it was quiet
    press(qtbot, spasm, Qt.Key.Key_R, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert len(shown(spasm)[1]) >= len(before) - 1


def test_a_burst_is_drawn_with_shift_and_goes_away_when_denied(
    spasm: MainWindow, qtbot: QtBot
) -> None:
    view = view_of(spasm)
    _, before = shown(spasm)
    places, picture = view.raster.places, view.raster.picture
    assert places is not None
    assert picture is not None
    y = places.tops[0] + places.lane_height / 2
    left, right = (QPointF(places.time.pixel(t), y).toPoint() for t in (8.0, 8.3))
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.mousePress(view.raster, Qt.MouseButton.LeftButton, shift, left)
    qtbot.mouseMove(view.raster, right)
    qtbot.mouseRelease(view.raster, Qt.MouseButton.LeftButton, shift, right)
    settle(qtbot, spasm.desk)
    _, bursts = shown(spasm)
    (added,) = np.flatnonzero(bursts.manual).tolist()
    assert bursts.channel[added] == picture.lanes[0].channel.index
    assert bursts.start_s[added] == pytest.approx(8.0, abs=0.02)
    assert bursts.duration_ms[added] == pytest.approx(300.0, abs=30.0)
    assert bursts.peak_uv[added] > 0
    click(qtbot, spasm, added)
    press(qtbot, spasm, Qt.Key.Key_R)
    assert len(shown(spasm)[1]) == len(before)
    document = spasm.desk.session.document
    assert document is not None
    assert document.review.bursts == ()


def test_a_burst_is_added_by_the_keyboard_alone(spasm: MainWindow, qtbot: QtBot) -> None:
    view = view_of(spasm)
    n = len(shown(spasm)[1])
    qtbot.keyClick(view.raster, Qt.Key.Key_A)
    (dialog,) = view.findChildren(AddDialog)
    dialog.start.setValue(9.25)
    dialog.duration.setValue(700)
    qtbot.keyClick(dialog.duration, Qt.Key.Key_Return)
    settle(qtbot, spasm.desk)
    _, bursts = shown(spasm)
    assert len(bursts) == n + 1
    (added,) = np.flatnonzero(bursts.manual).tolist()
    assert (bursts.start_s[added], bursts.kind[added]) == (9.25, BurstKind.TONIC)


def test_bursts_of_two_muscles_are_not_merged(spasm: MainWindow, qtbot: QtBot) -> None:
    _, before = shown(spasm)
    heard: list[str] = []
    spasm.desk.session.said.connect(heard.append)
    other = int(np.flatnonzero(before.counted & (before.channel != before.channel[0]))[0])
    click(qtbot, spasm, counted_rows(before)[0])
    click(qtbot, spasm, other, Qt.KeyboardModifier.ControlModifier)
    press(qtbot, spasm, Qt.Key.Key_M)
    assert heard == ["only bursts of one muscle can be merged"]
    assert not shown(spasm)[1].manual.any()


def test_the_menu_splits_where_the_mouse_is(spasm: MainWindow, qtbot: QtBot) -> None:
    view = view_of(spasm)
    _, before = shown(spasm)
    tonic = int(np.flatnonzero(before.counted & (before.kind == BurstKind.TONIC))[0])
    view.picking.choose(tonic)
    at = float(before.start_s[tonic]) + 0.2
    offers = dict(view.verbs._offers(int(before.channel[tonic]), at))
    assert {"Clonic", "Not a burst", "Merge with the next", "Add a burst here..."} <= set(offers)
    assert "As the program found it" not in offers
    offers["Split here"]()
    settle(qtbot, spasm.desk)
    _, bursts = shown(spasm)
    assert bursts.start_s[bursts.manual].tolist() == [before.start_s[tonic], at]


def test_the_answer_names_the_pattern_and_the_figure_can_be_copied(
    spasm: MainWindow, qtbot: QtBot
) -> None:
    from amr_viewer.gui.findings.headline import said_of

    _, sentence, _ = said_of(spasm.desk.session.document)
    assert "Pattern as can be seen in hemifacial spasm, clonic-tonic, left; confidence" in sentence
    spasm.commands.run("patterns.copy_svg")
    data = QApplication.clipboard().mimeData().data(SVG_TYPE).data()
    assert data.startswith(b"<?xml")
    assert data.count(b"<rect") > 20  # bars, not a picture of them
    assert not QApplication.clipboard().image().isNull()


def test_traces_lie_above_the_bars_and_tell_their_scale(spasm: MainWindow, qtbot: QtBot) -> None:
    view = view_of(spasm)
    spasm.desk.session.set_window(1.0, 4.0)
    qtbot.waitUntil(lambda: view.raster.grab() and view.raster.traces.loader.page is not None)
    places, picture = view.raster.places, view.raster.picture
    assert places is not None
    assert picture is not None
    image = view.raster.grab().toImage()
    x = round(places.time.pixel(2.5))
    top = round(places.tops[0])
    column = {
        image.pixelColor(x + dx, top + dy).rgb()
        for dx in range(-20, 20)
        for dy in range(2, round(places.lane_height - places.bars_height))
    }
    assert len(column) > 4  # the trace in its color, mixed at its edges
    assert min(picture.scales_uv.values()) >= 50.0


def test_the_context_menu_key_opens_a_menu(spasm: MainWindow, qtbot: QtBot) -> None:
    view = view_of(spasm)
    view.picking.choose(counted_rows(shown(spasm)[1])[0])
    view.raster.menu_wanted.emit(-1, float("nan"), QPoint(10, 10))
    menu = QApplication.activePopupWidget()
    assert menu is not None
    texts = [a.text() for a in menu.actions()]
    assert "Split here" not in texts
    assert "Not a burst" in texts
    menu.close()
