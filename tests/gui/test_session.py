"""Opening, analyzing, selecting, cancelling; what arrives and what no longer may."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.core.progress import Progress
from amr_viewer.errors import ReadError
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Stage
from amr_viewer.gui.opening import recordings_in

Opened = Callable[..., Desk]
PATIENCE_MS = 60_000


def test_an_opened_recording_is_analyzed_by_itself(opened: Opened) -> None:
    document = opened("hfs_left_preop").session.document
    assert document is not None
    assert document.analysis is not None
    assert document.analysis.amr == "present"
    assert document.sites[0] == (Branch.ZYGOMATIC, Side.LEFT)
    assert document.selected_finding is not None
    assert document.selected_finding.verdict == "present"
    assert np.isfinite(document.seconds)


def test_the_second_recording_waits_and_both_get_done(
    desk: Desk, qtbot: QtBot, sample_signals: Path
) -> None:
    paths = [sample_signals / f"{n}.edf" for n in ("healthy_control", "volume_conduction")]
    desk.session.open(paths)
    stages: set[tuple[Stage, ...]] = set()
    desk.session.documents_changed.connect(
        lambda: stages.add(tuple(d.stage for d in desk.session.documents))
    )
    qtbot.waitUntil(
        lambda: all(d.stage is Stage.READY for d in desk.session.documents), timeout=PATIENCE_MS
    )
    assert not any(s.count(Stage.ANALYZING) > 1 for s in stages)
    assert [d.analysis.amr for d in desk.session.documents if d.analysis] == ["absent", "absent"]
    assert desk.session.document is desk.session.documents[0]


def test_what_cannot_be_read_says_so_and_the_rest_goes_on(
    desk: Desk, qtbot: QtBot, sample_signals: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.edf"
    broken.write_bytes(b"0       " + b"x" * 100)
    said: list[str] = []
    desk.session.failed.connect(said.append)
    desk.session.open([broken, sample_signals / "healthy_control.edf"])
    qtbot.waitUntil(lambda: not desk.session.is_busy, timeout=PATIENCE_MS)
    assert [d.stage for d in desk.session.documents] == [Stage.FAILED, Stage.READY]
    assert len(said) == 1
    assert "broken.edf" in said[0]


def test_opening_twice_shows_what_is_open(opened: Opened) -> None:
    session = opened("healthy_control").session
    session.open([session.documents[0].path])
    assert len(session.documents) == 1


def test_cancel_stops_and_says_so(desk: Desk, qtbot: QtBot, sample_signals: Path) -> None:
    desk.session.open([sample_signals / "operation.edf"])
    desk.session.cancel()
    assert [d.stage for d in desk.session.documents] == [Stage.FAILED]
    assert "stopped" in desk.session.documents[0].fault
    desk.session.open([sample_signals / "operation.edf"])
    qtbot.waitUntil(lambda: not desk.session.is_busy, timeout=PATIENCE_MS)
    assert desk.session.documents[0].stage is Stage.READY


def test_closing_shows_the_neighbor_and_at_last_nothing(opened: Opened) -> None:
    session = opened("healthy_control").session
    session.close(session.documents[0].key)
    assert session.document is None
    assert session.documents == ()


def test_the_visible_window_stays_within_the_recording(opened: Opened) -> None:
    session = opened("healthy_control").session
    document = session.document
    assert document is not None
    assert document.recording is not None
    duration = document.recording.duration_s
    session.set_window(-5.0, 2.0)
    assert session.document is not None
    assert session.document.selection.start_s == 0.0
    session.set_window(duration, 2.0)
    assert session.document.selection.start_s == pytest.approx(duration - 2.0)
    session.set_window(3.0, 10 * duration)
    assert session.document.selection.span_s == pytest.approx(duration)


def test_only_the_latest_work_of_a_lane_arrives(desk: Desk, qtbot: QtBot) -> None:
    gate = threading.Event()
    arrived: list[str] = []

    def slow(progress: Progress) -> str:
        gate.wait(10)
        progress(0.5, "on")
        return "old"

    desk.session.tasks.run("x", "slow", slow, arrived.append, arrived.append)
    desk.session.tasks.run("x", "quick", lambda progress: "new", arrived.append, arrived.append)
    gate.set()
    qtbot.waitUntil(lambda: arrived == ["new"])
    qtbot.waitUntil(lambda: not desk.session.tasks.running)
    assert arrived == ["new"]


def test_a_fault_arrives_in_one_line(desk: Desk, qtbot: QtBot) -> None:
    said: list[str] = []

    def fails(progress: Progress) -> None:
        raise ReadError("a.edf: is\nempty")

    def surprises(progress: Progress) -> None:
        raise KeyError("odd")

    desk.session.tasks.run("a", "fails", fails, lambda v: None, said.append)
    desk.session.tasks.run("b", "surprises", surprises, lambda v: None, said.append)
    qtbot.waitUntil(lambda: len(said) == 2)
    assert "a.edf: is empty" in said
    assert any("KeyError" in text for text in said)


def test_recordings_of_a_folder_are_found(tmp_path: Path) -> None:
    for name in ("b.edf", "a.bdf", "notes.pdf", ".hidden.edf", "a.bdf.amr.json", "deep/c.csv"):
        place = tmp_path / name
        place.parent.mkdir(exist_ok=True)
        place.touch()
    found = recordings_in([tmp_path], 10)
    assert [p.relative_to(tmp_path).as_posix() for p in found] == ["a.bdf", "b.edf", "deep/c.csv"]
    assert len(recordings_in([tmp_path], 2)) == 2
