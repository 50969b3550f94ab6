"""What has to be read with every comparison: cure can lag, nothing is recommended; and the rest."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from amr_viewer.gui.theme import GAP

STATEMENT = (
    "What was measured, without a judgment of treatment: <b>nothing is recommended</b>. After "
    "decompression <b>cure is often delayed, by months to even a few years</b> (Neurochirurgie "
    "2009;55:236); spasm or an AMR soon after it, or their absence, is not the final result. "
    "Botulinum toxin lowers EMG and AMR. Electrodes are replaced between visits, which alone "
    "changes amplitudes."
)


class Statement(QFrame):
    """The line that is always there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = QLabel(STATEMENT)
        self.label.setTextFormat(Qt.TextFormat.RichText)
        self.label.setWordWrap(True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.more = QPushButton("Limits and sources...")
        self.more.setAutoDefault(False)
        self.more.setToolTip("What limits these comparisons, and what was published of the course")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 6)
        row.setSpacing(2 * GAP)
        row.addWidget(self.label, 1)
        row.addWidget(self.more)


class SourcesDialog(QDialog):
    """What limits the comparisons that are shown, how they are made, and what was published."""

    def __init__(self, cautions: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Limits and sources")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(720, 560)
        self.text = QTextBrowser()
        self.text.setAccessibleName("Limits and sources")
        self.text.setHtml(_text(cautions))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(buttons)


def _text(cautions: Sequence[str]) -> str:
    """Return the text, in the words of the report."""
    from amr_viewer.report.visits import methods
    from amr_viewer.report.visits_words import words_of

    words = words_of("en")
    headings = words.own.headings
    parts = []
    if cautions:
        parts += [_list(headings["cautions"], cautions)]
    parts += [_list(headings["course"], words.own.course)]
    made = [f"{m.label}: {m.value}" for m in methods(words)]
    parts += [_list(headings["methods"], made)]
    # How many changes there are is counted in a document only.
    parts += [_list(headings["limits"], [t for t in words.own.limits if "{n}" not in t])]
    return "".join(parts)


def _list(title: str, lines: Sequence[str]) -> str:
    """Return a heading with lines below it."""
    return f"<h4>{escape(title)}</h4>" + "".join(f"<p>{escape(line)}</p>" for line in lines)
