"""What a person should know, of the recording that it is about."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from amr_viewer.gui.app import make_window
from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.notice import MOST_LINES, Notice
from amr_viewer.gui.settings import Settings


def test_faults_stand_below_each_other_but_not_without_end(qtbot: QtBot) -> None:
    notice = Notice(Appearance())
    qtbot.addWidget(notice)
    for i in range(MOST_LINES + 2):
        notice.add(f"{i}.edf: is empty")
    lines = notice.label.text().split("\n")
    assert lines == [f"{i}.edf: is empty" for i in range(2, MOST_LINES + 2)]
    notice.hide()
    notice.add("b.edf: is damaged")
    assert notice.label.text() == "b.edf: is damaged"


def test_a_question_about_one_recording_is_not_shown_over_another(
    qtbot: QtBot, sample_signals: Path, tmp_path: Path
) -> None:
    window = make_window(Settings(tmp_path), "light")
    qtbot.addWidget(window)
    window.show()
    session = window.desk.session
    session.open([sample_signals / "ttl_stimuli.edf", sample_signals / "healthy_control.edf"])
    qtbot.waitUntil(lambda: not session.is_busy, timeout=60_000)
    assert window.notice.isVisible()
    assert "Assign" in window.notice.button.text()
    session.show(session.documents[1].key)
    assert not window.notice.isVisible()
    window.close()
