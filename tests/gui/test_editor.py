"""Decisions: applied, undone, logged, saved, and there again after a kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.core.recording import Mark
from amr_viewer.core.responses import State
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Document
from amr_viewer.gui.editor import AT_ONCE
from amr_viewer.gui.saving import Saver
from amr_viewer.io.review_file import load_review, review_path

Opened = Callable[..., Desk]


@pytest.fixture
def reviewed(opened: Opened, qtbot: QtBot) -> Desk:
    return opened("hfs_left_preop")


def document_of(desk: Desk) -> Document:
    assert desk.session.document is not None
    return desk.session.document


def finding_of(desk: Desk) -> Finding:
    finding = document_of(desk).selected_finding
    assert finding is not None
    return finding


def settle(desk: Desk, qtbot: QtBot) -> None:
    key = document_of(desk).key
    qtbot.waitUntil(lambda: f"review {key}" not in desk.session.tasks.running, timeout=20_000)


def test_a_decided_sweep_counts_and_can_be_undone(reviewed: Desk, qtbot: QtBot) -> None:
    before = finding_of(reviewed)
    analysis = document_of(reviewed).analysis
    assert analysis is not None
    answering = [
        s
        for s in before.stimulus_indices
        if analysis.responses.state[s, before.channel_index] == State.PRESENT
    ]
    reviewed.editor.decide(answering[:3], before.channel_index, "absent")
    settle(reviewed, qtbot)
    after = finding_of(reviewed)
    assert after.n_present == before.n_present - 3
    assert after.source == "manual"
    reviewed.editor.undo_group.undo()
    settle(reviewed, qtbot)
    assert finding_of(reviewed).n_present == before.n_present
    assert finding_of(reviewed).source == "auto"
    reviewed.editor.undo_group.redo()
    settle(reviewed, qtbot)
    assert finding_of(reviewed).n_present == before.n_present - 3


def test_the_log_tells_what_was_and_is_and_of_undoing(reviewed: Desk, qtbot: QtBot) -> None:
    finding = finding_of(reviewed)
    reviewed.editor.author = "Dr. Example"
    reviewed.editor.decide([finding.stimulus_indices[0]], finding.channel_index, "unsure")
    reviewed.editor.undo_group.undo()
    settle(reviewed, qtbot)
    first, second = document_of(reviewed).review.log
    assert first.was.startswith("automatic: ")
    assert first.is_ == "unsure"
    assert first.author == "Dr. Example"
    assert second.what.startswith("undo")
    assert document_of(reviewed).review.sweeps == ()


def test_an_overruled_verdict_keeps_the_automatic_one_visible(reviewed: Desk, qtbot: QtBot) -> None:
    reviewed.editor.overrule(finding_of(reviewed), Verdict.INDETERMINATE, "electrode moved")
    settle(reviewed, qtbot)
    finding = finding_of(reviewed)
    assert finding.verdict is Verdict.INDETERMINATE
    assert finding.automatic_verdict is Verdict.PRESENT
    assert "electrode moved" in finding.reason
    reviewed.editor.restore(finding)
    settle(reviewed, qtbot)
    assert finding_of(reviewed).verdict is Verdict.PRESENT


def test_marks_are_added_changed_and_removed(reviewed: Desk) -> None:
    editor = reviewed.editor
    names = editor.add_marks([Mark(2.0, 0.5, "eyes closed", None), Mark(1.0, 0.0, "cough", "X")])
    shown = [(m.time_s, m.text) for _, m, manual in document_of(reviewed).marks if manual]
    assert shown == [(1.0, "cough"), (2.0, "eyes closed")]
    editor.change_mark(names[0], Mark(2.5, 0.5, "eyes open"))
    assert (2.5, "eyes open") in [(m.time_s, m.text) for _, m, _ in document_of(reviewed).marks]
    editor.remove_marks(names)
    assert not [m for _, m, manual in document_of(reviewed).marks if manual]
    editor.undo_group.undo()
    assert len([m for _, m, manual in document_of(reviewed).marks if manual]) == 2


def test_decisions_are_on_disk_soon_and_there_when_opened_again(
    reviewed: Desk, qtbot: QtBot
) -> None:
    saver = Saver(reviewed.session, reviewed.editor)
    finding = finding_of(reviewed)
    reviewed.editor.overrule(finding, Verdict.ABSENT, "artefact")
    qtbot.waitUntil(lambda: document_of(reviewed).is_saved, timeout=10_000)
    path = document_of(reviewed).path
    kept = load_review(path)
    assert kept is not None
    assert kept.findings[0].comment == "artefact"
    assert kept.recording.sha256
    assert saver.save_now() == []
    reviewed.session.close(document_of(reviewed).key)
    reviewed.session.open([path])
    qtbot.waitUntil(lambda: not reviewed.session.is_busy, timeout=60_000)
    assert document_of(reviewed).review.findings == kept.findings
    assert (
        document_of(reviewed).finding((finding.site, finding.side), finding.channel_index).verdict
        is Verdict.ABSENT
    )  # type: ignore[union-attr]


def test_a_review_of_another_file_is_not_applied_and_not_lost(reviewed: Desk, qtbot: QtBot) -> None:
    path = document_of(reviewed).path
    saver = Saver(reviewed.session, reviewed.editor)
    reviewed.editor.overrule(finding_of(reviewed), Verdict.ABSENT, "artefact")
    assert saver.save_now() == []
    values = json.loads(review_path(path).read_text("utf-8"))
    values["recording"]["sha256"] = "0" * 64
    review_path(path).write_text(json.dumps(values), encoding="utf-8")
    reviewed.session.close(document_of(reviewed).key)
    said: list[str] = []
    reviewed.session.failed.connect(said.append)
    reviewed.session.open([path])
    qtbot.waitUntil(lambda: not reviewed.session.is_busy, timeout=60_000)
    assert "another version" in said[0]
    assert finding_of(reviewed).verdict is Verdict.PRESENT
    reviewed.editor.overrule(finding_of(reviewed), Verdict.INDETERMINATE, "again")
    assert saver.save_now() == []
    assert list(path.parent.glob("*.conflict-*"))


EDIT_FOREVER = """
import sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication
from amr_viewer.core.recording import Mark
from amr_viewer.gui.desk import make_desk
from amr_viewer.gui.saving import Saver
app = QApplication([])
desk = make_desk()
saver = Saver(desk.session, desk.editor)
desk.session.open([Path(sys.argv[1])])
while desk.session.document is None or desk.session.document.recording is None:
    app.processEvents()
n = 0
began = time.monotonic()
while time.monotonic() - began < 60:
    app.processEvents()
    desk.editor.add_marks([Mark(0.001 * n, 0.0, f"mark {n}")])
    n += 1
    print(n, flush=True)
    time.sleep(0.01)
"""


def test_a_kill_loses_nothing_older_than_two_seconds(sample_signals: Path, tmp_path: Path) -> None:
    path = tmp_path / "recording.edf"
    path.write_bytes((sample_signals / "ttl_stimuli.edf").read_bytes())
    for life_s in (3.0, 3.7):
        process = subprocess.Popen(
            [sys.executable, "-c", EDIT_FOREVER, str(path)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )
        assert process.stdout is not None
        made: list[float] = []
        while not made or time.monotonic() - made[0] < life_s:
            assert process.stdout.readline()
            made.append(time.monotonic())
        process.send_signal(signal.SIGKILL)
        killed = time.monotonic()
        process.wait()
        process.stdout.close()
        due = sum(killed - at > 2.0 for at in made)
        review = load_review(path)
        assert review is not None
        assert len(review.marks) >= due > 20
        review_path(path).unlink()


def test_many_decisions_wait_for_a_thread_and_lose_none_made_meanwhile(
    reviewed: Desk, qtbot: QtBot
) -> None:
    many = [Mark(0.01 * n, 0.0, f"mark {n}") for n in range(AT_ONCE + 1)]
    assert reviewed.editor.add_marks(many) == ()
    assert document_of(reviewed).review.marks == ()
    (name,) = reviewed.editor.add_marks([Mark(0.005, 0.0, "meanwhile")])
    qtbot.waitUntil(lambda: len(document_of(reviewed).review.marks) == len(many) + 1)
    shown = [mark.text for _, mark, own in document_of(reviewed).marks if own]
    assert shown[:3] == ["mark 0", "meanwhile", "mark 1"]
    reviewed.editor.undo_group.undo()
    assert [d.name for d in document_of(reviewed).review.marks] == [name]
    reviewed.editor.undo_group.redo()
    reviewed.editor.remove_marks(d.name for d in document_of(reviewed).review.marks)
    qtbot.waitUntil(lambda: not document_of(reviewed).review.marks)
    assert [c.what for c in document_of(reviewed).review.log][-1] == f"{len(many) + 1} marks"
