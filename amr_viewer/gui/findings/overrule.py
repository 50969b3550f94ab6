"""The dialog in which a person puts a verdict in the place of the program's."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.gui.contents.section import heading
from amr_viewer.gui.findings.numbers_table import finding_rows
from amr_viewer.gui.findings.words import finding_title
from amr_viewer.gui.theme import GAP
from amr_viewer.report.wording import EN

SHOWN = ("Persistence", "Onset", "Amplitude", "Detectable from", "Sham rate", "p, corrected")
TIPS = {
    Verdict.PRESENT: "There is a response.",
    Verdict.ABSENT: "There is none.",
    Verdict.INDETERMINATE: "The sweeps neither show nor exclude a response.",
    Verdict.NOT_ASSESSABLE: "The sweeps cannot be judged.",
}


class OverruleDialog(QDialog):
    """Asks for a verdict and the reason for it.

    Signals
    -------
    decided(verdict, comment)
    restored()
        The program's verdict shall count again.
    """

    decided = Signal(object, str)
    restored = Signal()

    def __init__(
        self,
        analysis: Analysis,
        finding: Finding,
        automatic: Finding | None,
        author: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Overrule: {finding_title(finding)}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(420)
        self.choices = QButtonGroup(self)
        self.buttons: dict[Verdict, QRadioButton] = {}
        self.comment = QPlainTextEdit(finding.comment)
        layout = QVBoxLayout(self)
        layout.setSpacing(GAP)
        layout.addWidget(heading("What the program found"))
        layout.addWidget(_automatic(analysis, automatic or finding))
        layout.addWidget(heading("Your verdict"))
        for verdict in Verdict:
            self._add_choice(layout, verdict)
        layout.addWidget(heading("Why (required)"))
        self.comment.setAccessibleName("Why the verdict is another one")
        self.comment.setPlaceholderText("What you see in the sweeps that the program does not")
        self.comment.setTabChangesFocus(True)
        self.comment.setFixedHeight(84)
        layout.addWidget(self.comment)
        signed = QLabel(
            f"Signed: {author}. The program's verdict stays in the report beside yours."
        )
        signed.setProperty("role", "muted")
        signed.setWordWrap(True)
        layout.addWidget(signed)
        self._add_buttons(layout, can_restore=finding.overruled)
        self.buttons[finding.verdict].setChecked(True)
        self.comment.textChanged.connect(self._check)
        self._check()
        self.buttons[finding.verdict].setFocus()

    def _add_choice(self, layout: QVBoxLayout, verdict: Verdict) -> None:
        """Offer a verdict."""
        button = QRadioButton(EN.verdicts[verdict].capitalize())
        button.setToolTip(TIPS[verdict])
        self.choices.addButton(button)
        self.buttons[verdict] = button
        layout.addWidget(button)

    def _add_buttons(self, layout: QVBoxLayout, *, can_restore: bool) -> None:
        """Make the buttons at the bottom."""
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.accept_button = QPushButton("Overrule")
        self.accept_button.setProperty("primary", True)
        self.accept_button.setDefault(True)
        self.restore_button = QPushButton("Restore automatic", self)
        self.restore_button.setToolTip("Let the program's verdict count again")
        self.restore_button.hide()
        self.restore_button.setAutoDefault(False)
        box.addButton(self.accept_button, QDialogButtonBox.ButtonRole.AcceptRole)
        if can_restore:
            box.addButton(self.restore_button, QDialogButtonBox.ButtonRole.ResetRole)
            self.restore_button.show()
        box.accepted.connect(self._decide)
        box.rejected.connect(self.reject)
        self.restore_button.clicked.connect(self._restore)
        layout.addWidget(box)

    @property
    def verdict(self) -> Verdict:
        """The verdict that is chosen."""
        return next(v for v, b in self.buttons.items() if b.isChecked())

    def _check(self) -> None:
        """Let a verdict pass only with its reason."""
        has_reason = bool(self.comment.toPlainText().strip())
        self.accept_button.setEnabled(has_reason)
        self.accept_button.setToolTip("" if has_reason else "Write down why first")

    def _decide(self) -> None:
        """Hand over verdict and reason."""
        self.decided.emit(self.verdict, self.comment.toPlainText().strip())
        self.accept()

    def _restore(self) -> None:
        """Give the verdict back to the program."""
        self.restored.emit()
        self.accept()


def _automatic(analysis: Analysis, finding: Finding) -> QLabel:
    """Return the program's verdict with its numbers and reason."""
    verdict = finding.automatic_verdict or finding.verdict
    rows = dict(finding_rows(analysis, finding))
    lines = [f"{EN.verdicts[verdict].capitalize()}: {finding.reason}."]
    lines += [f"{name}: {rows[name]}" for name in SHOWN if name in rows]
    label = QLabel("\n".join(lines))
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
