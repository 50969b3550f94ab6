"""The right dock, clicked and typed into; pixels are looked at where colors carry meaning."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Branch, Muscle, Side
from amr_viewer.core.findings import Verdict
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Stage
from amr_viewer.gui.findings import FindingsDock
from amr_viewer.gui.findings.block_cells import cell_font
from amr_viewer.gui.findings.words import compact_lines
from amr_viewer.gui.theme import DARK, LIGHT
from tests.gui.sweeps.builders import put_on
from tests.report.builders import CANNOT_SAY, PRESENT, make_analysis

ZYG_L = (Branch.ZYGOMATIC, Side.LEFT)
MAN_L = (Branch.MANDIBULAR, Side.LEFT)


@pytest.fixture
def dock(desk: Desk, qtbot: QtBot) -> FindingsDock:
    made = FindingsDock(desk)
    qtbot.addWidget(made)
    made.resize(310, 900)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def study(dock: FindingsDock, opened: Callable[..., Desk]) -> Desk:
    """The dock with the sample of both sides, four sites."""
    return opened("hfs_left_preop")


def action(dock: FindingsDock, name: str):
    return next(a for a in dock.actions() if a.name == name)


def click_cell(qtbot: QtBot, table, row: int, column: int, *, double: bool = False) -> None:
    at = table.visualRect(table.model().index(row, column)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    if double:
        qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)


def selected(desk: Desk) -> tuple[object, int | None]:
    selection = desk.session.document.selection
    return selection.site, selection.channel


def test_an_empty_dock_says_what_to_do(dock: FindingsDock) -> None:
    assert "open the sample" in dock.headline.sentence.text()
    assert not dock.matrix.isVisible()
    assert not dock.face_panel.isVisible()
    assert not dock.warnings.isVisible()
    assert "once a recording is open" in dock.inspector.empty.text()
    assert all(a.blocked() for a in dock.actions())


def test_headline_matrix_face_and_numbers_agree(dock: FindingsDock, study: Desk) -> None:
    assert "Abnormal muscle response present on the left:" in dock.headline.sentence.text()
    assert "as can be seen in left hemifacial spasm" in dock.headline.meaning.text()
    assert dock.warnings.button.text() == "1 warning"
    left, right = dock.matrix.tables
    assert [left.model_.rowCount(), left.model_.columnCount()] == [4, 3]
    assert left.isVisible()
    assert not right.isVisible()
    assert [dock.matrix.tabs.tabText(i) for i in range(2)] == ["● Left", "○ Right"]
    assert dock.inspector.title.text() == "Orbicularis oris L on Zygomatic L"
    assert dock.inspector.chip.text == "present"
    assert "17/20" in dock.inspector.numbers.text()
    assert "17/20" in left.model_.data(left.currentIndex())
    assert dock.face.selected.muscle is Muscle.ORBICULARIS_ORIS


def test_a_click_selects_a_finding_and_enter_shows_its_sweeps(
    dock: FindingsDock, study: Desk, qtbot: QtBot
) -> None:
    left = dock.matrix.tables[0]
    click_cell(qtbot, left, 1, 0)
    assert selected(study) == (MAN_L, 0)
    assert study.session.view == "traces"
    qtbot.keyClick(left, Qt.Key.Key_Up)
    qtbot.keyClick(left, Qt.Key.Key_Right)
    qtbot.keyClick(left, Qt.Key.Key_Right)
    assert selected(study) == (ZYG_L, 2)
    qtbot.keyClick(left, Qt.Key.Key_Return)
    assert study.session.view == "sweeps"


def test_a_double_click_shows_the_sweeps(dock: FindingsDock, study: Desk, qtbot: QtBot) -> None:
    click_cell(qtbot, dock.matrix.tables[0], 0, 2, double=True)
    assert selected(study) == (ZYG_L, 2)
    assert study.session.view == "sweeps"


def test_the_side_of_the_selected_finding_comes_to_the_front(
    dock: FindingsDock, study: Desk
) -> None:
    left, right = dock.matrix.tables
    study.session.select_finding(ZYG_L, 4)
    assert right.isVisible()
    assert not left.isVisible()
    assert right.currentIndex().column() == 1
    dock.resize(900, 900)
    QApplication.processEvents()
    assert left.isVisible()
    assert right.isVisible()
    assert not dock.matrix.tabs.isVisible()


def test_no_cell_is_cut(dock: FindingsDock, study: Desk) -> None:
    for width in (260, 310, 420):
        dock.resize(width, 900)
        QApplication.processEvents()
        table = dock.matrix.tables[0]
        assert table.columnWidth(0) >= table._least_column()
        last = table.visualRect(table.model().index(3, 0)).bottom()
        assert last <= table.viewport().height()


def test_the_face_is_clicked_and_walked_through(
    dock: FindingsDock, study: Desk, qtbot: QtBot
) -> None:
    face = dock.face
    spot = next(s for s in face.spots if (s.muscle, s.side) == (Muscle.MENTALIS, Side.LEFT))
    at = face.center_of(spot).toPoint()
    assert face.spot_at(face.center_of(spot)) is spot
    qtbot.mouseClick(face, Qt.MouseButton.LeftButton, pos=at)
    assert selected(study) == (ZYG_L, 2)
    qtbot.mouseMove(face, at)
    assert "20/20 sweeps" in face.tip(spot)
    assert "Click a muscle" in face.tip(face.spot_at(QPoint(1, 1).toPointF()))
    qtbot.keyClick(face, Qt.Key.Key_Left)
    assert selected(study)[1] != 2
    qtbot.keyClick(face, Qt.Key.Key_Right)
    assert selected(study) == (ZYG_L, 2)
    qtbot.keyClick(face, Qt.Key.Key_Return)
    assert study.session.view == "sweeps"


def test_the_face_draws_full_hollow_and_direct_in_the_colors_of_the_theme(
    dock: FindingsDock, study: Desk
) -> None:
    for theme in (LIGHT, DARK):
        study.appearance.use(theme)
        picture = dock.face.grab().toImage()
        ratio = picture.width() / dock.face.width()
        centers = {(s.muscle, s.side): dock.face.center_of(s) * ratio for s in dock.face.spots}

        def color(muscle: Muscle, side: Side, image=picture, places=centers) -> QColor:
            return image.pixelColor(places[muscle, side].toPoint())

        assert color(Muscle.MENTALIS, Side.LEFT) == QColor(theme.present)
        assert color(Muscle.MENTALIS, Side.RIGHT) == QColor(theme.surface)
        assert color(Muscle.ORBICULARIS_OCULI, Side.LEFT) == QColor(theme.direct_soft)


def test_the_switch_shows_the_strongest_answer_of_all_sites(
    dock: FindingsDock, study: Desk
) -> None:
    def tone() -> str:
        oculi = (Muscle.ORBICULARIS_OCULI, Side.LEFT)
        return next(s.tone for s in dock.face.spots if (s.muscle, s.side) == oculi)

    assert tone() == "direct"
    assert [s.name for s in dock.face.stimulated] == ["ZYG"]
    height = dock.face.height()
    action(dock, "findings.all_sites").run()
    assert action(dock, "findings.all_sites").checked()
    assert tone() == "present"
    assert len(dock.face.stimulated) == 4
    assert dock.face.height() == dock.face.heightForWidth(dock.face.width())
    assert height > 200


def test_why_shows_the_evidence_and_the_sweeps(
    dock: FindingsDock, study: Desk, qtbot: QtBot
) -> None:
    assert not dock.inspector.evidence.isVisible()
    qtbot.mouseClick(dock.inspector.why, Qt.MouseButton.LeftButton)
    assert study.session.view == "sweeps"
    assert dock.inspector.evidence.isVisible()
    assert "sham windows" in dock.inspector.evidence.text()
    qtbot.mouseClick(dock.inspector.why, Qt.MouseButton.LeftButton)
    assert not dock.inspector.evidence.isVisible()


def test_the_selected_sweep_is_told_below(dock: FindingsDock, study: Desk) -> None:
    assert not dock.inspector.sweep.isVisible()
    finding = study.session.document.selected_finding
    study.session.select(sweep=finding.stimulus_indices[4])
    assert dock.inspector.sweep_title.text() == "Sweep 5 of 20"
    assert "Negative peak" in dock.inspector.sweep.text()
    study.session.select(site=(Branch.MANDIBULAR, Side.RIGHT))
    assert not dock.inspector.sweep.isVisible()


def test_numbers_are_copied(dock: FindingsDock, study: Desk, qtbot: QtBot) -> None:
    with qtbot.waitSignal(study.session.said) as said:
        qtbot.mouseClick(dock.inspector.copy, Qt.MouseButton.LeftButton)
    assert said.args == ["Numbers of Orbicularis oris L on Zygomatic L copied"]
    text = QGuiApplication.clipboard().text()
    assert text.splitlines()[0] == "Finding\tOrbicularis oris L on Zygomatic L"
    assert "Persistence\t17/20 · 85 % (62–97)" in text


def test_a_verdict_is_overruled_with_a_reason_and_restored(
    dock: FindingsDock, study: Desk, qtbot: QtBot
) -> None:
    qtbot.mouseClick(dock.inspector.overrule, Qt.MouseButton.LeftButton)
    dialog = dock.inspector.dialog
    assert dialog.verdict is Verdict.PRESENT
    assert not dialog.accept_button.isEnabled()
    assert not dialog.restore_button.isVisible()
    dialog.buttons[Verdict.ABSENT].click()
    qtbot.keyClicks(dialog.comment, "volume conduction")
    assert dialog.accept_button.isEnabled()
    with qtbot.waitSignal(study.session.analysis_changed, timeout=30_000):
        qtbot.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dock.inspector.dialog is None)
    finding = study.session.document.selected_finding
    assert (finding.verdict, finding.automatic_verdict) == (Verdict.ABSENT, Verdict.PRESENT)
    assert dock.inspector.chip.text == "absent, by hand"
    assert "absent, by hand (automatic: present)" in dock.inspector.numbers.text()
    assert "volume conduction" in dock.inspector.reason.text()
    table = dock.matrix.tables[0]
    assert "auto: present" in table.model_.data(table.currentIndex())
    assert dock.inspector.restore.isVisible()
    with qtbot.waitSignal(study.session.analysis_changed, timeout=30_000):
        qtbot.mouseClick(dock.inspector.restore, Qt.MouseButton.LeftButton)
    assert study.session.document.selected_finding.verdict is Verdict.PRESENT
    assert dock.inspector.chip.text == "present"
    assert not dock.inspector.restore.isVisible()
    with qtbot.waitSignal(study.session.analysis_changed, timeout=30_000):
        study.editor.undo_group.undo()
    assert study.session.document.selected_finding.verdict is Verdict.ABSENT


def test_the_dialog_restores_the_automatic_verdict(
    dock: FindingsDock, study: Desk, qtbot: QtBot
) -> None:
    finding = study.session.document.selected_finding
    with qtbot.waitSignal(study.session.analysis_changed, timeout=30_000):
        study.editor.overrule(finding, Verdict.NOT_ASSESSABLE, "needle slipped")
    action(dock, "findings.overrule").run()
    dialog = dock.inspector.dialog
    assert dialog.comment.toPlainText() == "needle slipped"
    assert dialog.verdict is Verdict.NOT_ASSESSABLE
    with qtbot.waitSignal(study.session.analysis_changed, timeout=30_000):
        qtbot.mouseClick(dialog.restore_button, Qt.MouseButton.LeftButton)
    assert study.session.document.selected_finding.verdict is Verdict.PRESENT


def test_a_direct_response_cannot_be_overruled(dock: FindingsDock, study: Desk) -> None:
    study.session.select_finding(ZYG_L, 0)
    assert not dock.inspector.overrule.isEnabled()
    assert "is not judged" in action(dock, "findings.overrule").blocked()


def test_an_unknown_site_is_shown_as_unknown(
    dock: FindingsDock, opened: Callable[..., Desk]
) -> None:
    opened("ttl_stimuli")
    assert dock.matrix.tables[0].model_.block.site_names == ("Branch ? (side ?)",)
    assert dock.face.stimulated == ()
    assert "unknown" in dock.face.note()
    assert dock.findings_title.text() == "Findings, left face"
    assert not dock.matrix.tabs.isVisible()


def test_the_headline_is_short_where_the_view_beside_says_it_all(
    dock: FindingsDock, study: Desk
) -> None:
    study.session.set_view("sweeps")
    sentence = dock.headline.sentence.text()
    assert sentence == "<b>Abnormal muscle response present on the left</b>"
    assert not dock.headline.meaning.isVisible()
    assert dock.headline.toolTip() == study.session.document.analysis.headline
    study.session.set_view("trend")
    assert "17/20" in dock.headline.sentence.text()
    assert dock.headline.meaning.isVisible()


def test_warnings_open_and_close(dock: FindingsDock, study: Desk, qtbot: QtBot) -> None:
    assert not dock.warnings.text.isVisible()
    qtbot.mouseClick(dock.warnings.button, Qt.MouseButton.LeftButton)
    assert dock.warnings.text.isVisible()
    assert "moved to the edge of the artefact" in dock.warnings.text.text()


def test_a_failed_recording_is_told_with_its_remedy(
    dock: FindingsDock, desk: Desk, qtbot: QtBot, tmp_path
) -> None:
    path = tmp_path / "no table.txt"
    path.write_text("nothing here")
    with qtbot.waitSignal(desk.session.failed, timeout=10_000):
        desk.session.open([path])
    assert desk.session.document.stage is Stage.FAILED
    assert "Not analyzed." in dock.headline.sentence.text()
    fault = desk.session.document.fault.removeprefix("no table.txt: ").split("; ")[0]
    assert fault[1:20] in dock.headline.sentence.text()
    assert not dock.matrix.isVisible()
    assert dock.inspector.empty.text() == "There is no analysis."


def test_every_control_has_a_tip_and_a_name(dock: FindingsDock, study: Desk) -> None:
    inspector = dock.inspector
    for button in (inspector.why, inspector.overrule, inspector.restore, inspector.copy):
        assert button.toolTip()
        assert button.accessibleName()
    assert "Orbicularis oris L on Zygomatic L" in dock.face.accessibleDescription()
    table = dock.matrix.tables[0]
    words = table.model_.data(table.currentIndex(), Qt.ItemDataRole.AccessibleTextRole)
    assert words.startswith("Orbicularis oris L on Zygomatic L: present, 17/20 sweeps")
    for spec in dock.actions():
        assert spec.tip
        assert spec.menu == "Findings"


def many_muscles(n: int) -> Analysis:
    """A study with so many muscles of each side, all told."""
    sides = (Side.LEFT, Side.RIGHT)
    muscles = list(Muscle)[:n]
    channels = tuple((f"EMG {s.value} {m.value}", m, s) for s in sides for m in muscles)
    specs = {(*ZYG_L, "EMG left mentalis"): PRESENT, (*ZYG_L, "EMG left frontalis"): CANNOT_SAY}
    return make_analysis((ZYG_L, MAN_L), channels, specs)


@pytest.mark.parametrize(
    ("n", "width", "level"), [(4, 420, 0), (6, 310, 1), (8, 300, 2), (12, 300, 3)]
)
def test_many_muscles_fit_in_fewer_words_and_nothing_is_cut(
    dock: FindingsDock, desk: Desk, n: int, width: int, level: int
) -> None:
    put_on(desk, many_muscles(n))
    dock.resize(width, 900)
    QApplication.processEvents()
    table = dock.matrix.tables[0]
    model = table.model_
    assert model.level <= level
    assert table.horizontalScrollBar().maximum() == 0
    header = table.horizontalHeader()
    metrics = QFontMetricsF(cell_font(table.font()))
    for row in range(model.rowCount()):
        for column in range(n):
            room = table.visualRect(model.index(row, column))
            cell = model.cell(model.index(row, column))
            lines = compact_lines(cell, model.level) if model.level else ()
            assert all(metrics.horizontalAdvance(x) <= room.width() - 3 for x in lines)
            assert 11 + metrics.height() * len(lines) <= room.height()
    assert (
        header.widest + 2 <= table.columnWidth(0)
        or header.widest + 6 <= header.height() + 1
        or (model.level == 0)
    )
    place = [model.headerData(c, Qt.Orientation.Horizontal) for c in range(n)]
    assert len(set(place)) == n
    tip = model.headerData(0, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert tip.startswith("Frontalis, left")
