"""The Report view: pages appear, follow every decision, and are never blank."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from amr_viewer.gui.report_preferences import preferences_of
from amr_viewer.gui.report_view import composer as composing
from amr_viewer.gui.report_view.composer import decoded
from amr_viewer.gui.theme import DARK, LIGHT
from tests.gui.report_view.conftest import PATIENCE_MS


def gray(image: QImage) -> np.ndarray:
    """Brightness of an image, 0 to 255."""
    image = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()]


def header_of(view) -> dict[str, str]:
    return {f.label: f.value for f in view.composer.made.report.header}


def first_page(view) -> bytes:
    return view.column.pages[0].png


def test_without_a_recording_it_says_what_to_do(view):
    assert view.message.isVisible()
    assert "Open a recording" in view.message.text()
    assert not view.export_button.isEnabled()
    assert not view.panel.widget().isEnabled()


def test_a_file_that_cannot_be_read_is_named(view, desk, qtbot, tmp_path):
    broken = tmp_path / "broken.edf"
    broken.write_bytes(b"nonsense")
    desk.session.open([broken])
    qtbot.waitUntil(lambda: "broken.edf" in view.message.text(), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: view.message.property("role") == "error", timeout=PATIENCE_MS)
    assert view.column.pages == ()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_pages_are_black_on_white_in_both_themes(report, desk, theme):
    desk.appearance.use(theme)
    seen = gray(report.column.viewport().grab().toImage())
    assert not report.message.isVisible()
    middle = seen[40:, seen.shape[1] // 4 : -seen.shape[1] // 4]
    assert np.median(middle) == 255
    assert 0.01 < (middle < 110).mean() < 0.5
    for page in report.column.pages:
        shown = gray(decoded(page.png))
        assert (shown > 250).mean() > 0.6
        assert (shown < 110).mean() > 0.002


def test_the_answer_is_told_to_a_screen_reader(report):
    assert "Abnormal muscle response present" in report.column.accessibleDescription()


def test_a_field_that_is_filled_in_is_printed(report, desk, qtbot, settled):
    before = first_page(report)
    row = report.panel.form.rows["name"]
    assert row.value == "Sample A"
    row.edit.selectAll()
    qtbot.keyClicks(row.edit, "Doe, Jane")
    qtbot.keyClick(row.edit, Qt.Key.Key_Return)
    assert report.column.is_stale
    assert first_page(report) == before
    settled()
    assert desk.session.document.review.fields["name"] == "Doe, Jane"
    assert header_of(report)["Patient"] == "Doe, Jane"
    assert first_page(report) != before
    assert "Sample A" in row.note.text()
    qtbot.mouseClick(row.use_file, Qt.MouseButton.LeftButton)
    settled()
    assert header_of(report)["Patient"] == "Sample A"
    assert not row.note.isVisible()


def test_filling_in_can_be_undone(report, desk, settled):
    before = first_page(report)
    desk.editor.set_field("spasm", "left", "")
    settled()
    assert header_of(report)["Side of spasm"] == "left"
    assert report.panel.form.rows["spasm"].value == "left"
    desk.editor.undo_group.undo()
    settled()
    assert header_of(report)["Side of spasm"] == ""
    assert report.panel.form.rows["spasm"].value == ""
    # What was done and undone stays in the log at the end; the first page is the former one.
    assert first_page(report) == before


def test_examiner_and_institution_are_printed_where_they_are_filled_in(report, desk, settled):
    assert "Examiner" not in header_of(report)
    desk.editor.set_field("examiner", "Dr. Wu", "")
    desk.editor.set_field("institution", "Clinical Neurophysiology", "")
    settled()
    assert header_of(report)["Examiner"] == "Dr. Wu"
    assert report.composer.made.report.institution == "Clinical Neurophysiology"


def test_a_section_that_is_switched_off_is_not_printed(report, qtbot, settled):
    pages = len(report.column.pages)
    switch = report.panel.sections["stacked"]
    assert switch.isChecked()
    switch.click()
    settled()
    assert "stacked" in report.composer.made.report.hidden
    assert len(report.column.pages) < pages
    switch.click()
    settled()
    assert len(report.column.pages) >= pages


def test_typing_is_one_step_and_restoring_brings_the_automatic_text_back(
    report, desk, qtbot, settled
):
    box = report.panel.texts["findings"]
    automatic = box.edit.toPlainText()
    assert automatic.startswith("Abnormal muscle response present")
    steps = desk.editor.undo_group.activeStack().count()
    box.edit.setFocus()
    box.edit.selectAll()
    qtbot.keyClicks(box.edit, "Lateral spread on the left.")
    box.edit.left.emit()
    assert desk.editor.undo_group.activeStack().count() == steps + 1
    settled()
    assert report.composer.made.report.headline.rest == "Lateral spread on the left."
    assert box.state.text() == "edited by hand"
    box.restore.click()
    settled()
    assert box.edit.toPlainText() == automatic
    assert desk.session.document.review.texts == {}
    assert not box.restore.isEnabled()


def test_a_pause_in_typing_is_enough(report, desk, qtbot):
    box = report.panel.texts["conclusion"]
    box.edit.setFocus()
    qtbot.keyClicks(box.edit, "Seen. ")
    assert "conclusion" not in desk.session.document.review.texts
    qtbot.waitUntil(lambda: "conclusion" in desk.session.document.review.texts, timeout=5000)
    assert desk.session.document.review.texts["conclusion"].startswith("Seen.")


def test_what_is_typed_never_lands_in_another_recording(report, desk, opened, settled):
    first = desk.session.document.key
    report.panel.form.rows["id"].edit.setText("half typed")
    report.panel.texts["findings"].edit.setPlainText("half typed")
    opened("healthy_control")
    settled()
    report.panel.commit()
    assert desk.session.document.key != first
    assert desk.session.document.review.is_empty
    assert report.panel.form.rows["id"].value != "half typed"


def test_a_change_of_text_reads_no_sweeps(report, desk, settled, monkeypatch):
    sweeps = report.composer.made.sweeps
    monkeypatch.setattr(composing, "sweeps_for", composing.sweeps_for)
    monkeypatch.setattr("amr_viewer.workflow.report_sweeps", None)
    desk.editor.set_text("conclusion", "Nothing to add.", "")
    settled()
    assert report.composer.made.sweeps is sweeps
    assert report.composer.made.report.meaning == "Nothing to add."


def test_the_language_changes_all_words(report, desk, qtbot, settled):
    preferences_of(desk.session).set(language="ru")
    qtbot.waitUntil(lambda: report.composer.made.language == "ru", timeout=PATIENCE_MS)
    settled()
    assert report.composer.made.report.words["conclusion"] == "Заключение"
    assert report.panel.language.currentData() == "ru"


def test_a_template_of_a_laboratory_is_used_and_its_faults_are_told(
    report, desk, qtbot, settled, tmp_path: Path
):
    template = tmp_path / "ours.typ"
    template.write_text("#json(bytes(sys.inputs.document)).headline.strong")
    preferences_of(desk.session).set(template=str(template))
    qtbot.waitUntil(lambda: len(report.column.pages) == 1, timeout=PATIENCE_MS)
    settled()
    assert report.panel.template.text() == "ours.typ"
    broken = tmp_path / "broken.typ"
    broken.write_text("#nonsense()")
    preferences_of(desk.session).set(template=str(broken))
    qtbot.waitUntil(report.fault.isVisible, timeout=PATIENCE_MS)
    assert "broken.typ" in report.fault.text()
    assert len(report.column.pages) == 1
    report.panel.clear.click()
    settled()
    assert not report.fault.isVisible()
    assert len(report.column.pages) > 1


def test_zooming_prints_pages_anew_and_keeps_what_was_made(report, qtbot, settled):
    made = report.composer.made
    assert report.column.is_fitted
    at = QPointF(100, 100)
    turned = QWheelEvent(
        at, report.column.viewport().mapToGlobal(at), QPoint(), QPoint(0, 120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    zoom = report.column.zoom
    QApplication.sendEvent(report.column.viewport(), turned)
    assert report.column.zoom == pytest.approx(1.2 * zoom)
    assert not report.column.is_fitted
    assert not report.column.is_stale
    qtbot.waitUntil(lambda: report.composer.made is not made, timeout=PATIENCE_MS)
    assert report.composer.made.report is made.report
    assert decoded(first_page(report)).width() > decoded(made.pages[0].png).width()
    report.zoom_actual()
    assert report.zoom_label.text() == "100 %"
    report.zoom_fit()
    assert report.column.zoom == pytest.approx(zoom)


def test_pages_can_be_walked_through(report):
    count = len(report.column.pages)
    assert report.page_label.text() == f"Page 1 of {count}"
    run = {spec.name: spec.run for spec in report.actions()}
    run["report.next"]()
    assert report.page_label.text() == f"Page 2 of {count}"
    run["report.last"]()
    assert report.page_label.text() == f"Page {count} of {count}"
    run["report.previous"]()
    run["report.first"]()
    assert report.column.verticalScrollBar().value() == 0


def test_pages_that_come_into_sight_are_sharp(report, qtbot):
    report.column.go_to(len(report.column.pages))
    qtbot.waitUntil(lambda: not report.column.missing(), timeout=PATIENCE_MS)
    last = report.column.pages[-1]
    assert last.small.width() < decoded(last.png).width()


def test_closing_the_recording_leaves_no_page(report, desk):
    desk.session.close(desk.session.document.key)
    assert report.column.pages == ()
    assert report.message.isVisible()
    assert report.page_label.text() == ""


def test_the_panel_gives_way_in_a_narrow_window_unless_it_is_wanted(report):
    assert report.panel.isVisible()
    report.resize(700, 600)
    assert not report.panel.isVisible()
    report.toggle_panel()
    assert report.panel.isVisible()
    report.resize(690, 600)
    assert report.panel.isVisible()
    for part in (report.page_label, report.edit_button, report.export_button, report.panel):
        right = part.mapTo(report, part.rect().bottomRight()).x()
        assert right <= report.width(), part


def test_every_control_has_a_name_and_a_tip(report):
    from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit

    kinds = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit)
    for kind in kinds:
        for widget in report.findChildren(kind):
            if widget.objectName().startswith("qt_"):
                continue
            name = widget.accessibleName() or getattr(widget, "text", str)()
            assert name, widget
            assert widget.toolTip(), (widget, name)


def test_the_page_in_sight_can_be_copied(report):
    report.go(1)
    report.copy_page()
    copied = QApplication.clipboard().image().convertToFormat(QImage.Format.Format_RGB32)
    assert copied == decoded(report.column.pages[1].png)
    QApplication.clipboard().clear()


def test_what_is_typed_is_kept_when_the_window_closes(report, desk):
    report.panel.form.rows["examiner"].edit.setText("Dr. Wu")
    report.close()
    assert desk.session.document.review.fields["examiner"] == "Dr. Wu"
