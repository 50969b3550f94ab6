"""The box of the export dialog that leaves the patient out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from amr_viewer.gui.desk import Desk
from amr_viewer.gui.exporting import Exporter
from amr_viewer.gui.exports import neutral_name
from amr_viewer.io import read_recording

PATIENCE_MS = 60_000


@pytest.fixture
def exporter(qtbot: QtBot, desk: Desk, opened: Callable[..., Desk]) -> Exporter:
    """An exporter with an analyzed recording."""
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    opened("intermittent_weak")
    return Exporter(desk, window)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def test_the_box_belongs_to_recordings_and_is_off_at_first(exporter: Exporter) -> None:
    exporter.export("pdf")
    dialog = exporter.dialog
    assert not dialog.anonymize.isVisible()
    dialog.kinds["edf"].setChecked(True)
    assert dialog.anonymize.isVisible()
    assert not dialog.anonymize.isChecked()
    dialog.anonymize.setChecked(True)
    assert dialog.is_anonymous
    assert dialog.name.text() == "anonymous.edf"
    dialog.kinds["tables"].setChecked(True)
    assert not dialog.is_anonymous
    assert dialog.name.text() == "intermittent_weak_results"
    dialog.reject()


def test_a_name_that_tells_of_the_recording_cannot_be_chosen(exporter: Exporter, out: Path) -> None:
    exporter.export("edf")
    dialog = exporter.dialog
    dialog.folder.setText(str(out))
    assert dialog.name.text() == "intermittent_weak_annotated.edf"
    assert dialog.export.isEnabled()
    dialog.anonymize.setChecked(True)
    assert dialog.export.isEnabled()
    dialog.name.setText("intermittent_weak_annotated.edf")
    assert not dialog.export.isEnabled()
    assert dialog.state.text() == (
        "The name holds a part of the name of the recording; choose a neutral one."
    )
    dialog.reject()


def test_what_was_removed_is_told_after_the_export(
    exporter: Exporter, desk: Desk, qtbot: QtBot, out: Path
) -> None:
    exporter.export("edf")
    dialog = exporter.dialog
    dialog.folder.setText(str(out))
    dialog.anonymize.setChecked(True)
    with qtbot.waitSignal(desk.session.said, timeout=PATIENCE_MS) as said:
        qtbot.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    assert said.args[0] == "Anonymous recording written: anonymous.edf"
    assert [p.name for p in out.iterdir()] == ["anonymous.edf"]
    again, recording = read_recording(out / "anonymous.edf"), desk.session.document.recording
    assert recording.patient
    assert again.patient == {}
    assert [c.label for c in again.channels] == [c.label for c in recording.channels]
    told = exporter.summary.text()
    assert "removed from the header: name, number" in told
    assert "signals are not altered" in told
    assert not exporter.summary.isModal()
    exporter.summary.close()
    qtbot.waitUntil(lambda: exporter.summary is None)


def test_a_fault_is_one_line_and_leaves_nothing(
    exporter: Exporter, desk: Desk, qtbot: QtBot, out: Path
) -> None:
    with qtbot.waitSignal(desk.session.failed, timeout=PATIENCE_MS) as fault:
        exporter.write("edf", out / "intermittent_weak.edf", anonymize=True)
    assert fault.args[0].startswith("Not exported. anonymous export: the name of the file holds")
    assert list(out.iterdir()) == []
    assert exporter.summary is None


def test_a_neutral_name_is_one_that_nothing_bears(out: Path) -> None:
    assert neutral_name(Path("Doe.edf"), str(out)) == "anonymous.edf"
    (out / "anonymous.edf").touch()
    (out / "anonymous-2.edf").touch()
    assert neutral_name(Path("Doe.edf"), str(out)) == "anonymous-3.edf"
    assert neutral_name(Path("Doe.BDF"), str(out)) == "anonymous.bdf"
