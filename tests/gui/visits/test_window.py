"""A comparison is made, changed, read off, copied and written, with clicks and keys."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QModelIndex, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from amr_viewer.core.findings import Verdict
from amr_viewer.core.visits import Order
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.theme import DARK, LIGHT
from amr_viewer.gui.visits.event_dialog import EventDialog
from amr_viewer.gui.visits.list_values import EventEntry, VisitEntry
from amr_viewer.gui.visits.statement import SourcesDialog
from amr_viewer.gui.visits.window import ComparisonWindow
from tests.gui.visits.conftest import Reader, drop_files, drop_of

Settled = Callable[[], None]
KEY, NO = Qt.Key, Qt.KeyboardModifier.NoModifier
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def names(window: ComparisonWindow) -> list[str]:
    """The list: number and file of visits, letter and text of events."""
    return [
        f"{e.number} {e.path.stem}" if isinstance(e, VisitEntry) else f"{e.letter} {e.text}"
        for e in window.side.list.entry_model.entries
    ]


def select(window: ComparisonWindow, row: int, qtbot: QtBot) -> None:
    """Click on an entry of the list."""
    view = window.side.list
    center = view.visualRect(view.entry_model.index(row)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=center)
    view.setFocus()
    QApplication.processEvents()


def texts(window: ComparisonWindow, title: str) -> list[list[str]]:
    """The lines of a group of the table as a person reads them."""
    table = window.table.table
    row = next(i for i, g in enumerate(table.groups) if g.title.startswith(title))
    group = table.index(row, 0)
    return [
        [str(table.index(i, c, group).data() or "") for c in range(table.columnCount())]
        for i in range(table.rowCount(group))
    ]


def shown_text(window: QWidget) -> str:
    """Every label that is visible."""
    return "\n".join(w.text() for w in window.findChildren(QLabel) if w.isVisible())


# ---------------------------------------------------------------------- what is shown


def test_an_empty_comparison_says_what_to_do(window: ComparisonWindow, qtbot: QtBot) -> None:
    said = shown_text(window)
    assert "Drop recordings of one patient here" in said
    assert "Add two or more recordings" in said
    assert "nothing is recommended" in said
    qtbot.waitUntil(lambda: not window.actions_by_name["pdf"].isEnabled())
    assert "there is no comparison yet" in window.actions_by_name["pdf"].toolTip()


def test_visits_stand_by_date_with_numbers_and_changes(filled: ComparisonWindow) -> None:
    assert names(filled) == ["1 before", "2 week", "3 year"]
    assert filled.stack.currentWidget() is filled.results
    assert filled.heading.text().split("   ")[:2] == ["Sample, A.", "3 visits"]
    assert texts(filled, "Mentalis L, stimulated")[2][:4] == [
        "3  2025-03-20", "absent", "0/20 (0–17 %)  −90 (−99 to −63) ▼", "< 15  < 11 ▼",
    ]  # fmt: skip
    assert "Hemifacial-spasm pattern, clonic, left" in texts(filled, "Recording")[0][2]
    assert texts(filled, "All muscles, left")[1][6] == "6.0 (1.6–15.4)  33 (8.1–105)"
    assert filled.alerts.isHidden()
    assert "cure is often delayed" in shown_text(filled)


def test_another_patient_is_told_of_before_anything_else(
    filled: ComparisonWindow, settled: Settled, tmp_path: Path
) -> None:
    drop_files(filled, [tmp_path / "other.edf"])
    settled()
    assert filled.alerts.isVisible()
    assert "The files do not name one patient" in filled.alerts.label.text()
    assert filled.heading.text().startswith("Patient not certain")


def test_a_bad_file_is_a_line_and_the_others_go_on(
    window: ComparisonWindow, settled: Settled, tmp_path: Path
) -> None:
    drop_files(window, [tmp_path / n for n in ("before.edf", "broken.edf", "week.edf")])
    settled()
    assert names(window) == ["1 before", "2 week", " broken"]
    bad = window.side.list.entry_model.entries[2]
    assert isinstance(bad, VisitEntry)
    assert bad.is_fault
    assert bad.below == "broken.edf: is no recording; choose another file"
    shown = window.comparing.shown
    assert shown is not None
    assert shown.comparison is not None
    assert [f.recording for f in shown.comparison.failures] == ["broken.edf"]


def test_analyzing_is_told_of_stopped_and_gone_on_with(
    window: ComparisonWindow, settled: Settled, reader: Reader, qtbot: QtBot, tmp_path: Path
) -> None:
    reader.gate.clear()
    drop_files(window, [tmp_path / "before.edf", tmp_path / "week.edf"])
    qtbot.waitUntil(lambda: window.bar.work.text() == "Analyzing 25 %")
    assert "being analyzed" in window.message.text()
    qtbot.waitUntil(window.actions_by_name["stop"].isEnabled)
    qtbot.mouseClick(window.bar.stop, Qt.MouseButton.LeftButton)
    assert window.bar.stop.text() == "Go on"
    assert "Stopped" in window.message.text()
    qtbot.waitUntil(lambda: not window.desk.session.tasks.running)
    reader.gate.set()
    qtbot.mouseClick(window.bar.stop, Qt.MouseButton.LeftButton)
    settled()
    assert names(window) == ["1 before", "2 week"]
    assert window.bar.stop.isHidden()


def test_escape_does_not_close_what_was_put_together(
    filled: ComparisonWindow, qtbot: QtBot
) -> None:
    qtbot.keyClick(filled, KEY.Key_Escape)
    qtbot.keyClick(filled, KEY.Key_Return)
    assert filled.isVisible()


# ---------------------------------------------------------------------- what is changed


def test_a_visit_is_named_with_the_keyboard(
    filled: ComparisonWindow, settled: Settled, qtbot: QtBot
) -> None:
    select(filled, 1, qtbot)
    filled.actions_by_name["rename"].trigger()
    (box,) = filled.side.list.findChildren(QLineEdit)
    qtbot.keyClicks(box, "one week")
    qtbot.keyClick(box, KEY.Key_Return)
    qtbot.waitUntil(lambda: any(r.label == "one week" for r in filled.comparing.plan.rows))
    settled()
    assert "one week" in texts(filled, "Mentalis L")[1][0]
    filled.actions_by_name["undo"].trigger()
    settled()
    assert "one week" not in texts(filled, "Mentalis L")[1][0]


def test_visits_are_moved_by_keys_and_by_drag(
    filled: ComparisonWindow, settled: Settled, qtbot: QtBot
) -> None:
    select(filled, 0, qtbot)
    qtbot.keyClick(filled.side.list, KEY.Key_Down, ALT)
    settled()
    assert names(filled) == ["1 week", "2 before", "3 year"]
    assert filled.comparing.plan.order is Order.GIVEN
    assert filled.bar.order.currentText() == "As placed by hand"
    view = filled.side.list
    data = view.entry_model.mimeData([view.entry_model.index(2)])
    top = view.visualRect(view.entry_model.index(0)).topLeft()
    view.dropEvent(drop_of(data, QPointF(top), Qt.DropAction.MoveAction))
    qtbot.waitUntil(lambda: names(filled)[0].endswith("year"))
    settled()
    assert names(filled) == ["1 year", "2 week", "3 before"]
    filled.bar.order.setCurrentIndex(0)
    filled.bar.order.activated.emit(0)
    settled()
    assert names(filled) == ["1 before", "2 week", "3 year"]


def test_events_stand_between_the_visits(
    filled: ComparisonWindow, settled: Settled, qtbot: QtBot
) -> None:
    dialog = event_dialog(filled, qtbot)
    dialog.what.setEditText("")
    assert not dialog.ok.isEnabled()
    qtbot.keyClicks(dialog.what, "Decompression")
    qtbot.keyClicks(dialog.date, "8.3.2024")
    assert "no date" in dialog.fault.text()
    assert not dialog.ok.isEnabled()
    dialog.date.clear()
    qtbot.keyClicks(dialog.date, "2024-03-08")
    qtbot.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    settled()
    assert names(filled) == ["1 before", "A Decompression", "2 week", "3 year"]
    assert [e[:2] for e in filled.chart.drawing.events] == [(0.5, "A")]
    select(filled, 2, qtbot)
    dialog = event_dialog(filled, qtbot)
    qtbot.keyClicks(dialog.what, "Botulinum toxin")
    qtbot.mouseClick(dialog.by_visit, Qt.MouseButton.LeftButton)
    assert dialog.after.currentText().startswith("after visit 2")
    qtbot.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    settled()
    assert names(filled)[3:] == ["B Botulinum toxin", "3 year"]


def event_dialog(window: ComparisonWindow, qtbot: QtBot) -> EventDialog:
    """The dialog that the button opens."""
    qtbot.waitUntil(lambda: not window.findChildren(EventDialog))
    qtbot.mouseClick(window.bar.add_event, Qt.MouseButton.LeftButton)
    (dialog,) = window.findChildren(EventDialog)
    return dialog


def test_an_event_that_has_no_place_says_why_and_can_be_changed(
    filled: ComparisonWindow, settled: Settled, qtbot: QtBot
) -> None:
    dialog = event_dialog(filled, qtbot)
    qtbot.keyClicks(dialog.what, "Injection")
    qtbot.keyClicks(dialog.date, "2024-03")
    qtbot.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    settled()
    last = filled.side.list.entry_model.entries[-1]
    assert isinstance(last, EventEntry)
    assert "visit 1 lies in the same month" in last.fault
    select(filled, 3, qtbot)
    qtbot.waitUntil(lambda: not filled.findChildren(EventDialog))
    qtbot.keyClick(filled.side.list, KEY.Key_Return)
    (dialog,) = filled.findChildren(EventDialog)
    dialog.date.setText("2024-03-06")
    qtbot.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    settled()
    assert names(filled)[1] == "A Injection"
    select(filled, 1, qtbot)
    filled.run("remove")
    settled()
    assert names(filled) == ["1 before", "2 week", "3 year"]


def test_another_reference_is_chosen(filled: ComparisonWindow, settled: Settled) -> None:
    box = filled.bar.reference
    assert [box.itemText(i) for i in range(2)] == ["the first visit", "the visit before"]
    box.setCurrentIndex(3)
    box.activated.emit(3)
    settled()
    lines = texts(filled, "Mentalis L")
    assert lines[1][3] == "75 (68–82)  reference"
    assert lines[2][3] == "< 15  < 22 ▼"
    assert filled.table.table.columns[3].below == "% of visit 2"
    assert filled.chart.drawing.panels[1].title.endswith("% of visit 2")


def test_removing_asks_for_another_recording_and_undo_needs_no_second_analysis(
    filled: ComparisonWindow, settled: Settled, reader: Reader, qtbot: QtBot
) -> None:
    for _ in range(2):
        select(filled, 1, qtbot)
        filled.run("remove")
        settled()
    assert filled.stack.currentWidget() is filled.message
    assert "Add another one" in filled.message.text()
    for _ in range(2):
        qtbot.keyClick(filled, KEY.Key_Z, CTRL)
    settled()
    assert names(filled) == ["1 before", "2 week", "3 year"]
    assert len(reader.read) == 3


# ---------------------------------------------------------------------- what is pointed at


def test_a_visit_is_selected_everywhere_and_its_recording_opened(
    filled: ComparisonWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    wanted: list[Path] = []
    filled.recording_wanted.connect(wanted.append)
    filled.chart.setFocus()
    for _ in range(2):
        qtbot.keyClick(filled.chart, KEY.Key_Right)
    assert filled.chart.current == 1
    current = filled.side.current
    assert isinstance(current, VisitEntry)
    assert current.number == "2"
    qtbot.keyClick(filled.chart, KEY.Key_Return)
    table = filled.table
    line = table.table.index(2, 0, table.table.index(1, 0))
    table.scrollTo(line)
    center = table.visualRect(line).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=center)
    assert filled.chart.current == 2
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=center)
    view = filled.side.list
    center = view.visualRect(view.entry_model.index(0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=center)
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=center)
    at = filled.chart.places.panels[0]
    point = QPointF(at.x.pixel(1), at.area.center().y()).toPoint()
    qtbot.mouseDClick(filled.chart, Qt.MouseButton.LeftButton, pos=point)
    assert [p.stem for p in wanted] == ["week", "year", "before", "week"]


def test_numbers_are_read_off_the_drawing(filled: ComparisonWindow) -> None:
    assert "Mentalis L (Zygomatic L): 40 (19.1–63.9) %" in filled.chart.words_of(1)
    at = filled.chart.places.panels[0]
    point = QPointF(at.x.pixel(0), at.area.center().y()).toPoint()
    QApplication.sendEvent(
        filled.chart, QHelpEvent(QEvent.Type.ToolTip, point, filled.chart.mapToGlobal(point))
    )
    words = filled.chart.words_of(0, 0)
    assert words.splitlines()[0] == "Visit 1  2024-03-04"
    assert "/min" not in words


def test_groups_are_folded_with_the_keyboard(filled: ComparisonWindow, qtbot: QtBot) -> None:
    table = filled.table
    table.setFocus()
    first = table.table.index(0, 0, QModelIndex())
    table.setCurrentIndex(first)
    assert table.isExpanded(first)
    qtbot.keyClick(table, KEY.Key_Left)
    assert not table.isExpanded(first)
    qtbot.keyClick(table, KEY.Key_Return)
    assert table.isExpanded(first)


# ---------------------------------------------------------------------- what leaves the window


def test_drawings_and_table_are_copied(filled: ComparisonWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(filled, KEY.Key_C, CTRL)
    image = QGuiApplication.clipboard().image()
    assert image.width() == 3000
    assert image.pixelColor(5, image.height() - 5) == Qt.GlobalColor.white
    filled.run("copy_svg")
    mime = QGuiApplication.clipboard().mimeData()
    svg = bytes(mime.data("image/svg+xml").data()).decode()
    assert "Mentalis L (Zygomatic L)" in svg
    filled.run("copy_table")
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert len({len(line) for line in lines}) == 1
    assert lines[0][-1] == "Pattern"
    assert lines[1][-1].startswith("Hemifacial-spasm pattern")


def test_report_and_table_are_written(
    filled: ComparisonWindow, settled: Settled, qtbot: QtBot, tmp_path: Path
) -> None:
    for kind, name in (("html", "comparison.html"), ("csv", "visits.csv")):
        filled.run(kind)
        dialog = filled.exporter.dialog
        assert dialog is not None
        dialog.fileSelected.emit(str(tmp_path / name))
        dialog.reject()
        settled()
        assert filled.notice.label.text() == f"Written: {name}"
    assert "Comparison of visits" in (tmp_path / "comparison.html").read_text("utf-8")
    with (tmp_path / "visits.csv").open(encoding="utf-8", newline="") as stream:
        assert {row["visit"] for row in csv.DictReader(stream)} == {"1", "2", "3"}


def test_a_recording_is_never_written_over(
    filled: ComparisonWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    before = (tmp_path / "week.edf").read_bytes()
    filled.run("csv")
    dialog = filled.exporter.dialog
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "week.edf"))
    dialog.reject()
    assert "is a recording" in filled.notice.label.text()
    assert (tmp_path / "week.edf").read_bytes() == before


def test_limits_and_sources_are_shown(filled: ComparisonWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(filled.statement.more, Qt.MouseButton.LeftButton)
    (dialog,) = filled.findChildren(SourcesDialog)
    text = dialog.text.toPlainText()
    for part in (
        "electrodes were replaced",
        "frequently delayed",
        "Zou and Donner",
        "no treatment",
    ):
        assert part in text
    assert "{" not in text


# ---------------------------------------------------------------------- open recordings


@pytest.mark.usefixtures("remembered_analyses")
def test_decisions_that_are_not_saved_yet_count(
    window: ComparisonWindow,
    settled: Settled,
    opened: Callable[..., Desk],
    reader: Reader,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    desk = opened("hfs_left_preop")
    document = desk.session.document
    assert document is not None
    drop_files(window, [tmp_path / "week.edf"])
    window.bar.add_menu.aboutToShow.emit()
    (entry,) = [a for a in window.bar.add_menu.actions() if a.text() == "hfs_left_preop.edf"]
    entry.trigger()
    settled()
    assert reader.read == ["week.edf"]
    mine = next(e for e in window.comparing.entries if "hfs" in e.spoken)
    assert isinstance(mine, VisitEntry)
    assert mine.word == "present"
    for finding in document.analysis.findings if document.analysis else ():
        if finding.verdict is Verdict.PRESENT:
            desk.editor.overrule(finding, Verdict.ABSENT, "")
    qtbot.waitUntil(lambda: not desk.session.tasks.running)
    settled()
    mine = next(e for e in window.comparing.entries if "hfs" in e.spoken)
    assert isinstance(mine, VisitEntry)
    assert mine.word == "absent"
    assert "absent, by hand" in str([texts(window, g.title) for g in window.table.table.groups])


# ---------------------------------------------------------------------- how it looks


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_it_is_painted_in_the_theme_of_the_window(filled: ComparisonWindow, theme: object) -> None:
    filled.desk.appearance.use(theme)  # type: ignore[arg-type]
    color = filled.chart.grab().toImage().pixelColor(4, filled.chart.height() - 4)
    assert color.name() == theme.surface  # type: ignore[attr-defined]


def test_everything_has_a_name_and_the_room_for_its_text(
    filled: ComparisonWindow, settled: Settled, qtbot: QtBot
) -> None:
    select(filled, 1, qtbot)
    nameless, cut = [], []
    for kind in (QAbstractButton, QComboBox, QLabel):
        for widget in filled.findChildren(kind):
            if not widget.isVisible() or widget.objectName().startswith("qt_"):
                continue
            text = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
            if not (widget.accessibleName() or text or widget.toolTip()):
                nameless.append(type(widget).__name__)
            needed = widget.minimumSizeHint()
            fits = widget.width() >= needed.width() - 1 and widget.height() >= needed.height() - 1
            if isinstance(widget, QLabel | QPushButton) and text and not fits:
                cut.append(text)
    assert nameless == []
    assert cut == []
    tips = [a.toolTip() for a in filled.actions_by_name.values()]
    assert all(tips)
    assert any("Alt+Up" in tip for tip in tips)
