"""Exports: files appear where a person wants them, whole, and never over a recording."""

from __future__ import annotations

import csv
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QDialogButtonBox, QWidget
from pytestqt.qtbot import QtBot

from amr_viewer.errors import Cancelled
from amr_viewer.gui import exporting
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.exporting import Exporter
from amr_viewer.gui.exports import KIND, KINDS, Order, refusal, suggested_name, target, write
from amr_viewer.gui.report_preferences import ReportPreferences, preferences_of
from amr_viewer.io import read_recording

PATIENCE_MS = 60_000


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def exporter(window: QWidget, desk: Desk, opened: Callable[..., Desk]) -> Exporter:
    """An exporter with an analyzed recording."""
    opened("intermittent_weak")
    return Exporter(desk, window)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def run(exporter: Exporter, name: str) -> None:
    """Do what an action of the table does."""
    spec = next(s for s in exporter.actions() if s.name == name)
    assert spec.blocked() == ""
    spec.run()


def finished(qtbot: QtBot, desk: Desk) -> None:
    qtbot.waitUntil(lambda: "export" not in desk.session.tasks.running, timeout=PATIENCE_MS)


def press_export(qtbot: QtBot, exporter: Exporter) -> None:
    qtbot.mouseClick(exporter.dialog.export, Qt.MouseButton.LeftButton)


# ---------------------------------------------------------------------- the way of a person


@pytest.mark.parametrize(
    ("action", "name"),
    [
        ("export.report", "intermittent_weak.pdf"),
        ("export.html", "intermittent_weak.html"),
        ("export.tables", "intermittent_weak_results"),
        ("export.edf", "intermittent_weak_annotated.edf"),
    ],
)
def test_what_is_exported_stands_in_the_folder(exporter, desk, qtbot, out, action, name):
    run(exporter, action)
    assert exporter.dialog.name.text() == name
    assert exporter.dialog.folder.text() == str(desk.session.document.path.parent)
    exporter.dialog.folder.setText(str(out))
    with qtbot.waitSignal(desk.session.said, timeout=PATIENCE_MS) as said:
        press_export(qtbot, exporter)
    assert name in said.args[0]
    assert [p.name for p in out.iterdir()] == [name]
    assert exporter.dialog is None


def test_the_files_hold_the_latest_decisions(exporter, desk, qtbot, out):
    desk.editor.set_field("name", "Doe, Jane", "")
    desk.editor.set_section("limits", False)
    exporter.write("html", out / "a.html")
    finished(qtbot, desk)
    text = (out / "a.html").read_text("utf-8")
    assert "Doe, Jane" in text
    assert "<h2>Limits</h2>" not in text
    assert "<h2>Conclusion</h2>" in text


def test_pdf_is_pdf_a_and_tables_hold_every_stimulus(exporter, desk, qtbot, out):
    exporter.write("pdf", out / "a.pdf")
    finished(qtbot, desk)
    data = (out / "a.pdf").read_bytes()
    assert data.startswith(b"%PDF")
    assert b"<pdfaid:part>2</pdfaid:part>" in data
    exporter.write("tables", out / "tables")
    finished(qtbot, desk)
    with (out / "tables" / "responses.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    responses = desk.session.document.analysis.responses
    assert len(rows) == responses.state.size


def test_the_annotated_recording_can_be_read_again(exporter, desk, qtbot, out):
    exporter.write("edf", out / "a.edf")
    finished(qtbot, desk)
    again, recording = read_recording(out / "a.edf"), desk.session.document.recording
    assert [c.label for c in again.channels] == [c.label for c in recording.channels]
    assert len(again.marks) > len(recording.marks)


def test_the_folder_is_remembered(exporter, desk, qtbot, out):
    exporter.write("html", out / "a.html")
    finished(qtbot, desk)
    assert preferences_of(desk.session).values.folder == str(out)
    assert ReportPreferences().values.kind == "html"
    exporter.export()
    assert exporter.dialog.folder.text() == str(out)
    assert exporter.dialog.kind.name == "html"
    exporter.dialog.reject()


# ---------------------------------------------------------------------- nothing is lost


def test_replacing_is_asked_for_and_can_be_refused(exporter, desk, qtbot, out):
    there = out / "intermittent_weak.html"
    there.write_text("precious")
    exporter.export("html")
    dialog = exporter.dialog
    dialog.folder.setText(str(out))
    assert "exists already" in dialog.state.text()
    press_export(qtbot, exporter)
    assert there.name in dialog.question.text()
    assert dialog.question.defaultButton().text() == "Cancel"
    qtbot.mouseClick(dialog.question.defaultButton(), Qt.MouseButton.LeftButton)
    assert dialog.isVisible()
    assert "export" not in desk.session.tasks.running
    assert there.read_text() == "precious"
    press_export(qtbot, exporter)
    replace = next(b for b in dialog.question.buttons() if b.text() == "Replace")
    qtbot.mouseClick(replace, Qt.MouseButton.LeftButton)
    finished(qtbot, desk)
    assert "<h2>Conclusion</h2>" in there.read_text("utf-8")


def test_cancel_leaves_nothing(exporter, desk, qtbot, out):
    exporter.export("pdf")
    exporter.dialog.folder.setText(str(out))
    cancel = exporter.dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel)
    qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
    assert desk.session.tasks.running == ()
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("kind", [k.name for k in KINDS])
def test_an_export_that_is_stopped_leaves_nothing(exporter, desk, out, kind):
    document = desk.session.document
    path = out / suggested_name(document.path, KIND[kind])
    steps: list[float] = []

    def until(limit: float) -> Callable[[float, str], None]:
        def progress(fraction: float, _message: str) -> None:
            steps.append(fraction)
            if fraction >= limit:
                raise Cancelled("export")

        return progress

    order = Order(kind, path, document.analysis, document.review)
    for limit in (0.0, 0.1, 0.3, 0.7 if kind in {"pdf", "html"} else 0.3):
        with pytest.raises(Cancelled):
            write(order, until(limit))
        assert list(out.iterdir()) == []
    if kind != "tables":
        with pytest.raises(Cancelled):
            write(order, until(0.99))
        assert list(out.iterdir()) == []


def test_stopping_from_the_window_says_so(exporter, desk, qtbot, out, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()

    def slow(order, progress):
        begun.set()
        assert go_on.wait(10)
        progress(0.5, "writing")
        order.path.write_text("too late")
        return "written"

    monkeypatch.setattr(exporting, "write", slow)
    exporter.write("pdf", out / "a.pdf")
    assert begun.wait(10)
    assert exporter.blocked() == "an export is running"
    with qtbot.waitSignal(desk.session.said):
        run(exporter, "export.stop")
    go_on.set()
    desk.session.end()
    assert list(out.iterdir()) == []


def test_a_recording_is_never_written_over(exporter, desk, qtbot, out):
    recording = desk.session.document.path
    before = recording.read_bytes()
    exporter.export("edf")
    exporter.dialog.name.setText(recording.name)
    assert "open recording" in exporter.dialog.state.text()
    assert not exporter.dialog.export.isEnabled()
    exporter.dialog.reject()
    other_name = out / "link.edf"
    os.link(recording, other_name)
    assert "never written over" in refusal(str(out), "link.edf", KIND["edf"], [recording])
    with qtbot.waitSignal(desk.session.failed) as fault:
        exporter.write("edf", other_name)
    assert "open recording" in fault.args[0]
    assert recording.read_bytes() == before


def test_a_place_that_cannot_be_written_is_one_clear_line(exporter, desk, qtbot, out):
    foreign = out / "tables"
    foreign.mkdir()
    (foreign / "thesis.docx").write_text("precious")
    with qtbot.waitSignal(desk.session.failed, timeout=PATIENCE_MS) as fault:
        exporter.write("tables", foreign)
    assert fault.args[0].startswith("Not exported. tables: holds thesis.docx")
    assert "--out" not in fault.args[0]
    assert "\n" not in fault.args[0]
    assert (foreign / "thesis.docx").read_text() == "precious"


# ---------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("a", "pdf", "a.pdf"),
        ("a.PDF", "pdf", "a.PDF"),
        ("a.html", "pdf", "a.html.pdf"),
        ("a.htm", "html", "a.htm"),
        ("a.bdf", "edf", "a.bdf"),
        ("case 1.2", "tables", "case 1.2"),
    ],
)
def test_a_missing_suffix_is_added(tmp_path, name, kind, expected):
    assert target(str(tmp_path), f" {name} ", KIND[kind]) == tmp_path / expected


@pytest.mark.parametrize("name", ["", "  ", "..", "a/b", "a:b", "a\\b"])
def test_names_that_no_file_can_bear_are_refused(tmp_path, name):
    assert refusal(str(tmp_path), name, KIND["pdf"], ()).endswith(".")


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    why = refusal(str(tmp_path / "nowhere"), "a", KIND["pdf"], ())
    assert why == "This folder does not exist; choose another one."


def test_a_bdf_stays_a_bdf():
    assert suggested_name(Path("x.bdf"), KIND["edf"]) == "x_annotated.bdf"


# ---------------------------------------------------------------------- printing, and without


def test_the_report_is_printed(exporter, desk, qtbot, out):
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(out / "printed.pdf"))
    with qtbot.waitSignal(desk.session.said, timeout=PATIENCE_MS) as said:
        exporter.print_to(printer)
    assert said.args[0].startswith("Printed: ")
    pages = int(said.args[0].split()[1])
    data = (out / "printed.pdf").read_bytes()
    assert pages >= 2
    assert data.count(b"/Type /Page\n") == pages


def test_without_a_recording_nothing_is_exported(desk, window, qtbot):
    exporter = Exporter(desk, window)
    assert {s.name for s in exporter.actions() if not s.blocked()} == set()
    with qtbot.waitSignal(desk.session.failed) as fault:
        exporter.export()
    assert fault.args[0] == "Nothing can be exported: open a recording first."
    assert exporter.dialog is None
