"""The whole window: every view in both appearances, every action once, nothing left behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QInputDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from amr_viewer.gui.app import make_window
from amr_viewer.gui.document import Stage
from amr_viewer.gui.main_window import MainWindow
from amr_viewer.gui.screenshot import wait_until_calm
from amr_viewer.gui.session import VIEWS
from amr_viewer.gui.settings import Settings

SIZES = ((1280, 720), (2560, 1440))
PATIENCE_MS = 60_000


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    """A furnished window; when it is closed no thread and no window may be left."""
    before = set(QApplication.topLevelWidgets())
    made = make_window(Settings(tmp_path / "settings"), "light")
    qtbot.addWidget(made)
    made.resize(1280, 720)
    made.show()
    made.furnish()
    yield made
    made.close()
    left = [t.name for t in threading.enumerate() if t.name.startswith("amr-viewer")]
    assert not left
    open_still = [w for w in set(QApplication.topLevelWidgets()) - before if w.isVisible()]
    assert not open_still


@pytest.fixture
def filled(
    window: MainWindow,
    qtbot: QtBot,
    sample_signals: Path,
    tmp_path: Path,
    remembered_analyses: None,
) -> MainWindow:
    """A window with an analyzed recording in it."""
    path = tmp_path / "operation.edf"
    path.write_bytes((sample_signals / "operation.edf").read_bytes())
    window.open([path])
    qtbot.waitUntil(lambda: _is_ready(window), timeout=PATIENCE_MS)
    return window


def _is_ready(window: MainWindow) -> bool:
    document = window.desk.session.document
    return document is not None and document.stage is Stage.READY


def pixels(widget: QWidget) -> NDArray[np.uint8]:
    """What a widget shows, shape (height, width, 4)."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    data = np.frombuffer(image.constBits(), np.uint8)
    return data.reshape(image.height(), image.bytesPerLine() // 4, 4)[:, : image.width()].copy()


def test_every_view_is_drawn_in_both_appearances(filled: MainWindow) -> None:
    for view in VIEWS:
        filled.desk.session.set_view(view)
        for theme in ("light", "dark"):
            filled.wish_theme(theme)
            for size in SIZES:
                filled.resize(*size)
                wait_until_calm(filled, calm_s=0.2)
                seen = pixels(filled.views[view])
                assert len(np.unique(seen[::3, ::3].reshape(-1, 4), axis=0)) > 30, (view, theme)
                is_dark = seen.mean() < 100
                assert is_dark == (theme == "dark") or view == "report", (view, theme)


def test_the_start_page_stands_until_something_is_open(
    window: MainWindow, qtbot: QtBot, sample_signals: Path
) -> None:
    assert window.stack.currentWidget() is window.start
    window.open([sample_signals / "ttl_stimuli.edf"])
    assert window.stack.currentWidget() is window.views["traces"]
    qtbot.waitUntil(lambda: _is_ready(window), timeout=PATIENCE_MS)
    document = window.desk.session.document
    assert document is not None
    window.close_document(document.key)
    assert window.stack.currentWidget() is window.start
    assert window.settings.recent == (sample_signals / "ttl_stimuli.edf",)


def test_recent_recordings_are_in_the_menu(
    window: MainWindow, qtbot: QtBot, sample_signals: Path
) -> None:
    window.settings.add_recent(sample_signals / "ttl_stimuli.edf")
    menu = [m for m in window.menuBar().findChildren(QMenu) if m.title() == "Open recent"][-1]
    menu.aboutToShow.emit()
    (action,) = menu.actions()
    assert action.text() == "ttl_stimuli.edf"
    action.trigger()
    qtbot.waitUntil(lambda: _is_ready(window), timeout=PATIENCE_MS)
    assert [d.path.name for d in window.desk.session.documents] == ["ttl_stimuli.edf"]


def test_what_is_dropped_is_opened(
    window: MainWindow, qtbot: QtBot, sample_signals: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "a.edf"
    copy.write_bytes((sample_signals / "ttl_stimuli.edf").read_bytes())
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(copy))])
    drop = QDropEvent(
        QPointF(200, 200),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(drop)
    qtbot.waitUntil(lambda: _is_ready(window), timeout=PATIENCE_MS)
    assert [d.path for d in window.desk.session.documents] == [copy]


def test_every_action_is_done_once(
    filled: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No action may fail, whatever the state; questions are answered with 'no'."""
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *a, **k: ([], ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *a, **k: ("", ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: ("", ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *a, **k: "")
    monkeypatch.setattr(QInputDialog, "getText", lambda *a, **k: ("", False))
    monkeypatch.setattr("amr_viewer.gui.protocol.asking.agreed", lambda *a, **k: False)
    last = ("file.close", "file.quit")
    names = [n for n in filled.commands.specs if n not in last]
    answering = QTimer(filled)
    answering.timeout.connect(_put_dialogs_away)
    answering.start(20)
    for view in VIEWS:
        filled.desk.session.set_view(view)
        wait_until_calm(filled, calm_s=0.1)
        for name in names:
            if filled.commands.specs[name].scope in ("", view):
                filled.commands.run(name)
                qtbot.wait(1)
                _put_dialogs_away()
        filled.showNormal()
        qtbot.waitUntil(lambda: not filled.desk.session.is_busy, timeout=PATIENCE_MS)
    answering.stop()
    _put_dialogs_away()
    n_open = len(filled.desk.session.documents)
    assert n_open == 2  # the recording, and the sample that an action opened
    filled.commands.run("file.close")
    assert len(filled.desk.session.documents) == n_open - 1


def _put_dialogs_away() -> None:
    """Answer every open question with 'no'."""
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, QDialog) and widget.isVisible():
            widget.reject()
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()


def test_every_action_says_what_it_does_and_can_be_found(filled: MainWindow) -> None:
    keys = filled.commands.keys()
    assert not filled.commands.clashes(keys)
    for spec in filled.commands.specs.values():
        assert spec.text
        assert spec.tip, spec.name
        assert spec.menu, spec.name


def test_undo_of_the_last_decision_is_in_the_menu(filled: MainWindow, qtbot: QtBot) -> None:
    document = filled.desk.session.document
    assert document is not None
    finding = document.selected_finding
    assert finding is not None
    assert filled.commands.specs["edit.undo"].blocked()
    filled.desk.editor.decide([finding.stimulus_indices[0]], finding.channel_index, "rejected")
    qtbot.waitUntil(filled.commands.action("edit.undo").isEnabled)
    filled.commands.action("edit.undo").trigger()
    assert document.review.sweeps == ()


def test_the_layout_is_remembered_and_can_be_reset(
    filled: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    filled.docks["findings"].hide()
    filled.close()
    again = make_window(Settings(tmp_path / "settings"), "light")
    qtbot.addWidget(again)
    again.show()
    again.furnish()
    assert not again.docks["findings"].isVisible()
    again.reset_layout()
    assert again.docks["findings"].isVisible()
    again.close()


def test_every_control_can_be_reached_and_has_a_name(filled: MainWindow) -> None:
    """Whatever takes the focus tells a screen reader what it is."""
    from PySide6.QtWidgets import (
        QAbstractButton,
        QAbstractItemView,
        QComboBox,
        QHeaderView,
        QLineEdit,
    )

    nameless = []
    for view in VIEWS:
        filled.desk.session.set_view(view)
        wait_until_calm(filled, calm_s=0.1)
        for kind in (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit):
            for widget in filled.findChildren(kind):
                part = isinstance(widget, QHeaderView) or widget.objectName().startswith("qt_")
                if part or not widget.isVisible():
                    continue
                text = widget.text() if isinstance(widget, QAbstractButton) else ""
                if not (widget.accessibleName() or text or widget.toolTip()):
                    nameless.append(f"{view}: {type(widget).__name__} {widget.objectName()}")
    assert not nameless


def test_nothing_is_cut_at_the_smallest_size(filled: MainWindow) -> None:
    """Buttons and labels get the room that their text needs."""
    from PySide6.QtWidgets import QLabel, QPushButton

    filled.resize(1280, 720)
    cut = []
    for view in VIEWS:
        filled.desk.session.set_view(view)
        wait_until_calm(filled, calm_s=0.1)
        for kind in (QPushButton, QLabel):
            for widget in filled.findChildren(kind):
                if not widget.isVisible() or not widget.text() or _elides(widget):
                    continue
                needed = widget.minimumSizeHint()
                if widget.width() < needed.width() - 1 or widget.height() < needed.height() - 1:
                    cut.append(f"{view}: {widget.text()[:40]!r} {widget.size()} < {needed}")
    assert not cut


def _elides(widget: QWidget) -> bool:
    """Whether a widget lies in something that scrolls and is not wholly in view."""
    return not widget.visibleRegion().contains(QPoint(widget.width() // 2, widget.height() // 2))
