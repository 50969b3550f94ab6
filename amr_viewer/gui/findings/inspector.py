"""The numbers of the selected finding and sweep, the reason in words, and what can be done."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from amr_viewer.core.anatomy import Role
from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.gui.chips import Chip
from amr_viewer.gui.contents.section import heading
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Document, Stage
from amr_viewer.gui.findings.numbers_table import (
    Rows,
    as_tsv,
    finding_rows,
    sweep_rows,
    sweep_title,
    why_lines,
)
from amr_viewer.gui.findings.overrule import OverruleDialog
from amr_viewer.gui.findings.text_label import TextLabel
from amr_viewer.gui.findings.words import direct_or_verdict, finding_title
from amr_viewer.gui.theme import GAP, small_font
from amr_viewer.report.names import tone


class Inspector(QWidget):
    """What is known of the selected finding."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.dialog: OverruleDialog | None = None
        self.title = heading("")
        self.title.setWordWrap(True)
        self.chip = Chip(desk.appearance)
        self.empty = TextLabel("No finding")
        self.empty.setProperty("role", "muted")
        self.numbers = TextLabel("Numbers of the finding")
        self.reason = TextLabel("Reason of the verdict")
        self.evidence = TextLabel("What the verdict rests on")
        self.sweep_title = heading("")
        self.sweep = TextLabel("Numbers of the sweep")
        self.reason.setTextFormat(Qt.TextFormat.PlainText)
        for label in (self.numbers, self.reason, self.evidence, self.sweep):
            label.setFont(small_font(label.font(), 0.92))
        self.why = _button("Why?", "Show what the verdict rests on, and its sweeps (Ctrl+I)")
        self.why.setCheckable(True)
        self.overrule = _button("Overrule…", "Put your own verdict in its place (Ctrl+Shift+V)")
        self.restore = _button("Restore automatic", "Let the program's verdict count again")
        self.copy = _button("Copy", "Copy all numbers as a table of text")
        self._lay_out()
        self.why.clicked.connect(self._clicked_why)
        self.overrule.clicked.connect(self.ask_overrule)
        self.restore.clicked.connect(self.restore_automatic)
        self.copy.clicked.connect(self.copy_numbers)
        session = desk.session
        session.documents_changed.connect(self._follow_stage)
        for signal in (
            session.analysis_changed,
            session.current_changed,
            session.selection_changed,
            desk.appearance.changed,
        ):
            signal.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        """Put the parts below each other."""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP // 2)
        chips = QHBoxLayout()
        chips.addWidget(self.chip)
        chips.addStretch(1)
        buttons = QGridLayout()
        buttons.setSpacing(GAP // 2)
        for place, button in enumerate((self.why, self.overrule, self.copy)):
            buttons.addWidget(button, 0, place)
        buttons.addWidget(self.restore, 1, 0, 1, 3)
        layout.addWidget(self.title)
        layout.addLayout(chips)
        layout.addWidget(self.empty)
        layout.addWidget(self.numbers)
        layout.addWidget(self.reason)
        layout.addLayout(buttons)
        layout.addWidget(self.evidence)
        layout.addWidget(self.sweep_title)
        layout.addWidget(self.sweep)

    # ------------------------------------------------------------------ showing

    @property
    def finding(self) -> Finding | None:
        """The finding that is selected."""
        document = self._desk.session.document
        return document.selected_finding if document else None

    def _follow_stage(self) -> None:
        """Say how far the recording is, as long as there is no finding to show."""
        if self.finding is None:
            self.refresh()

    def refresh(self) -> None:
        """Show the selected finding as it is now."""
        document, finding = self._desk.session.document, self.finding
        for widget in (self.numbers, self.reason, self.why, self.overrule, self.copy, self.chip):
            widget.setVisible(finding is not None)
        self.empty.setVisible(finding is None)
        if document is None or document.analysis is None or finding is None:
            self.title.setText("Finding")
            self.empty.setText(why_no_finding(document))
            for part in (self.evidence, self.sweep_title, self.sweep, self.restore):
                part.hide()
            return
        analysis, muted = document.analysis, self._desk.theme.muted
        self.title.setText(finding_title(finding))
        self.chip.show_verdict(tone(finding), direct_or_verdict(finding))
        rows = finding_rows(analysis, finding)
        is_said = rows[0][1] == direct_or_verdict(finding)  # by the chip
        self.numbers.setText(as_table(rows[1:] if is_said else rows, muted))
        self.reason.setText(f"{finding.reason[:1].upper()}{finding.reason[1:].rstrip('.')}.")
        self.overrule.setEnabled(not self.why_no_overrule())
        self.restore.setVisible(not self.why_no_restore())
        self._show_evidence(document, finding)
        self._show_sweep(document, finding)

    def _show_evidence(self, document: Document, finding: Finding) -> None:
        """Show what the verdict rests on, where it was asked for."""
        lines = why_lines(document.analysis, finding) if document.analysis else ()
        self.evidence.setText("".join(f"<p style='margin: 3px 0'>{escape(x)}</p>" for x in lines))
        self.evidence.setVisible(self.why.isChecked() and bool(lines))

    def _show_sweep(self, document: Document, finding: Finding) -> None:
        """Show the numbers of the selected sweep, where it is one of the finding's."""
        stimulus, analysis = document.selection.sweep, document.analysis
        rows = sweep_rows(analysis, finding, stimulus) if analysis else ()
        self.sweep_title.setVisible(bool(rows))
        self.sweep.setVisible(bool(rows))
        if rows and stimulus is not None:
            self.sweep_title.setText(sweep_title(finding, stimulus))
            self.sweep.setText(as_table(rows, self._desk.theme.muted))

    # ------------------------------------------------------------------ doing

    def why_no_finding_selected(self) -> str:
        """Say why nothing can be done with a finding, empty if something can."""
        return "" if self.finding is not None else "Select a finding first."

    def why_no_overrule(self) -> str:
        """Say why the verdict cannot be overruled, empty if it can."""
        finding = self.finding
        if finding is None:
            return "Select a finding first."
        if finding.role is Role.DIRECT:
            return "A direct response (M) is not judged."
        return ""

    def why_no_restore(self) -> str:
        """Say why the automatic verdict cannot be restored, empty if it can."""
        finding = self.finding
        if finding is None:
            return "Select a finding first."
        if not finding.overruled:
            return "The verdict is the program's own."
        return ""

    def _clicked_why(self) -> None:
        """Show the evidence and the sweeps, or hide the evidence again."""
        if self.why.isChecked():
            self._desk.session.set_view("sweeps")
        self.refresh()

    def show_why(self) -> None:
        """Show what the verdict rests on, and its sweeps."""
        self.why.setChecked(True)
        self._clicked_why()
        self.evidence.setFocus()

    def copy_numbers(self) -> None:
        """Copy all numbers as lines of name and value."""
        document, finding = self._desk.session.document, self.finding
        if document is None or document.analysis is None or finding is None:
            return
        text = as_tsv(document.analysis, finding, document.selection.sweep)
        QGuiApplication.clipboard().setText(text)
        self._desk.session.said.emit(f"Numbers of {finding_title(finding)} copied")

    def ask_overrule(self) -> None:
        """Ask for another verdict."""
        document, finding = self._desk.session.document, self.finding
        if document is None or document.analysis is None or finding is None:
            return
        automatic = document.automatic
        of_program = [
            f
            for f in (automatic.findings if automatic else ())
            if (f.site, f.side, f.channel_index)
            == (finding.site, finding.side, finding.channel_index)
        ]
        editor = self._desk.editor
        dialog = OverruleDialog(
            automatic or document.analysis,
            finding,
            next(iter(of_program), None),
            editor.author,
            self.window(),
        )
        dialog.decided.connect(lambda verdict, why: self._overrule(finding, verdict, why))
        dialog.restored.connect(lambda: editor.restore(finding))
        self.dialog = dialog
        dialog.destroyed.connect(self._forget_dialog)
        dialog.open()

    def _forget_dialog(self) -> None:
        """Let go of a dialog that was closed."""
        self.dialog = None

    def _overrule(self, finding: Finding, verdict: Verdict, comment: str) -> None:
        """Put a person's verdict in the place of the program's."""
        self._desk.editor.overrule(finding, verdict, comment)
        self._desk.session.said.emit(f"{finding_title(finding)} overruled")

    def restore_automatic(self) -> None:
        """Give the verdict back to the program."""
        finding = self.finding
        if finding is not None:
            self._desk.editor.restore(finding)


def why_no_finding(document: Document | None) -> str:
    """Say why no finding is shown."""
    if document is None:
        return "Findings are shown here once a recording is open."
    if document.analysis is None:
        failed = document.stage is Stage.FAILED
        return "There is no analysis." if failed else "Findings are shown after the analysis."
    if not document.analysis.findings:
        if len(document.analysis.stimuli):
            return "No EMG channel of this recording could be analyzed."
        return "No stimuli were found, hence there is nothing to judge."
    return "Select a cell of the matrix or a muscle of the face."


def as_table(rows: Rows, muted: str) -> str:
    """Return rows as two columns of rich text."""
    cells = "".join(
        f"<tr><td width='112' style='color: {muted}; padding: 1px 10px 1px 0; white-space: nowrap'>"
        f"{escape(name)}</td><td style='padding: 1px 0'><b>{escape(value)}</b></td></tr>"
        for name, value in rows
    )
    return f"<table cellspacing='0'>{cells}</table>"


def _button(text: str, tip: str) -> QPushButton:
    """Return a button."""
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAccessibleName(text.rstrip("…?"))
    return button
