"""Desks with recordings on them, and what must be left when a test ends: no thread, no timer."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QDialog, QFileDialog, QInputDialog, QMessageBox
from pytestqt.qtbot import QtBot

from amr_viewer import workflow
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.progress import Progress, silent
from amr_viewer.core.protocol import Protocol
from amr_viewer.core.recording import Recording
from amr_viewer.gui.desk import Desk, make_desk
from amr_viewer.gui.document import Stage

PATIENCE_MS = 60_000


@pytest.fixture(autouse=True)
def no_garbage_in_threads() -> Iterator[None]:
    """Keep threads from taking down widgets, as `GarbageCollector` does in the program."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep settings, caches and reviews of tests away from those of the person."""
    for name in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"AMR_VIEWER_{name}_DIR", str(tmp_path / name.lower()))


QUESTIONS = (
    (QDialog, "exec"),
    (QMessageBox, "exec"),
    *((QMessageBox, name) for name in ("about", "critical", "information", "question", "warning")),
    *((QInputDialog, name) for name in ("getDouble", "getInt", "getItem", "getText")),
    *(
        (QFileDialog, name)
        for name in (
            "getExistingDirectory",
            "getOpenFileName",
            "getOpenFileNames",
            "getSaveFileName",
        )
    ),
)


@pytest.fixture(autouse=True)
def no_unanswered_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a question that a test does not answer fail it: it would wait without end."""

    def refuse(*words: object, **_: object) -> None:
        raise AssertionError(f"a question that the test does not answer: {words}")

    for asker, name in QUESTIONS:
        monkeypatch.setattr(asker, name, refuse)


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    """An empty desk; its threads must have ended after the test."""
    made = make_desk()
    yield made
    made.session.end()
    left = [t.name for t in threading.enumerate() if t.name.startswith("amr-viewer")]
    made.session.deleteLater()
    assert not left, f"threads left: {left}"


@pytest.fixture(scope="session")
def known_analyses() -> dict[tuple[int, str], Analysis]:
    """Analyses of recordings that tests have seen: they need not be made again."""
    return {}


@pytest.fixture
def remembered_analyses(
    known_analyses: dict[tuple[int, str], Analysis], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let an analysis that was made before under the same protocol be taken again."""

    def with_free_running(analysis: Analysis, progress: Progress = silent) -> Analysis:
        key = (hash(analysis.recording.sha256), f"bursts {analysis.protocol.model_dump_json()}")
        if key not in known_analyses:
            known_analyses[key] = search(analysis, progress)
        known = known_analyses[key]
        warnings = (*analysis.warnings, *known.bursts.warnings)
        return replace(analysis, bursts=known.bursts, patterns=known.patterns, warnings=warnings)

    def analyze(
        recording: Recording, protocol: Protocol | None = None, progress: Progress = silent
    ) -> Analysis:
        content = Path(recording.path).read_bytes()
        key = (hash(content), (protocol or Protocol()).model_dump_json())
        if key not in known_analyses:
            known_analyses[key] = real(recording, protocol, progress)
        known = known_analyses[key]
        progress(1.0, "known")
        here = {"name": recording.name, "path": recording.path, "source": recording.source}
        return replace(known, recording=replace(known.recording, **here))

    real, search = workflow.analyze, workflow.with_free_running
    monkeypatch.setattr(workflow, "with_free_running", with_free_running)
    monkeypatch.setattr(workflow, "analyze", analyze)


@pytest.fixture
def opened(desk: Desk, qtbot: QtBot, sample_signals: Path, tmp_path: Path) -> Callable[..., Desk]:
    """A function that opens a copy of a sample and waits for its analysis."""

    def open_sample(name: str = "hfs_left_preop") -> Desk:
        copy = tmp_path / f"{name}.edf"
        copy.write_bytes((sample_signals / f"{name}.edf").read_bytes())
        desk.session.open([copy])
        qtbot.waitUntil(lambda: _is_ready(desk), timeout=PATIENCE_MS)
        return desk

    return open_sample


def _is_ready(desk: Desk) -> bool:
    """Whether the current recording is analyzed, bursts included; a failed one fails the test."""
    document = desk.session.document
    assert document is None or document.stage is not Stage.FAILED, document.fault
    if document is None or document.stage is not Stage.READY:
        return False
    working = {lane.split()[0] for lane in desk.session.tasks.running}
    return not working & {"bursts", "review"}
