"""The card of a conclusion: what speaks for it and against it, and what was not tested."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from math import isfinite

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from amr_viewer.core.pattern_words import minutes
from amr_viewer.core.patterns import (
    CONCLUSION_WORDS,
    Conclusion,
    Evidence,
    MuscleActivity,
    PatternFinding,
)
from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.patterns.words import CAUTION, NEGATIVE, code_of, number, side_words
from amr_viewer.gui.theme import GAP, Theme

SIGNS = {1: "+", -1: "−", 0: "·"}


class EvidenceCard(QWidget):
    """Evidence of a finding; the finding is chosen by side.

    Signals
    -------
    side_chosen(index)
        Another of `Analysis.patterns` is wanted.
    """

    side_chosen = Signal(int)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._finding: PatternFinding | None = None
        self._sides = QHBoxLayout()
        self._group = QButtonGroup(self)
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setWordWrap(True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.text.setMargin(GAP // 2)
        self.text.setAccessibleName("Evidence")
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(self.text)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(GAP // 2)
        self._sides.setSpacing(GAP // 2)
        outer.addLayout(self._sides)
        outer.addWidget(scroll, 1)
        self._group.idClicked.connect(self.side_chosen)
        appearance.changed.connect(self._write)

    def show_finding(self, findings: tuple[PatternFinding, ...], at: int) -> None:
        """Show one of the findings; nothing where there is none."""
        self._finding = findings[at] if at < len(findings) else None
        sides = [side_words(f.side) for f in findings]
        if sides != [b.text() for b in self._group.buttons()]:
            self._make_buttons(sides)
        button = self._group.button(at)
        if button:
            button.setChecked(True)
        self._write()

    def _make_buttons(self, sides: list[str]) -> None:
        """Offer the sides that were judged."""
        while (item := self._sides.takeAt(0)) is not None:
            button = item.widget()
            if isinstance(button, QPushButton):
                self._group.removeButton(button)
                button.deleteLater()
        for i, side in enumerate(sides):
            button = QPushButton(side)
            button.setCheckable(True)
            button.setToolTip(f"What was found: {side.lower()}")
            self._group.addButton(button, i)
            self._sides.addWidget(button)
        self._sides.addStretch(1)

    def _write(self) -> None:
        """Write the text in the colors of the theme."""
        finding = self._finding
        self.text.setText(card_html(finding, self._appearance.theme) if finding else "")


def card_html(finding: PatternFinding, theme: Theme) -> str:
    """Return the text of a card."""
    parts = []
    if finding.summary:
        parts.append(f"<p>{escape(finding.summary)}</p>")
    said = tuple(e for e in finding.evidence if e.weight == 0)
    parts += [
        _list("For", _evidence(finding.evidence_for()), theme.absent, theme),
        _list("Against", _evidence(finding.evidence_against()), theme.present, theme),
        _list("Noted", _evidence(said), theme.muted, theme),
        _list("Not tested", finding.missing, theme.unsure, theme),
    ]
    if finding.runner_up is not None:
        runner_up = escape(CONCLUSION_WORDS[finding.runner_up])
        parts.append(f"<p>{_head('Next best explanation', theme)}<br>{runner_up}</p>")
    parts.append(_list("Limits of the recording", finding.flags, theme.late, theme))
    parts.append(_muscles(finding.muscles, theme))
    caution = CAUTION
    is_said = "not exclude" in finding.summary
    if finding.conclusion is Conclusion.NO_ACTIVITY and not is_said:
        caution = f"{NEGATIVE} {caution}"
    seen = f"{minutes(finding.assessed_s)} of rest judged. " if finding.assessed_s else ""
    parts.append(f'<p style="color:{theme.muted}">{seen}{caution}</p>')
    return "".join(parts)


def _evidence(evidence: Iterable[Evidence]) -> list[str]:
    """Return pieces of evidence with their rules."""
    return [f"{e.rule}: {e.words}" if e.rule else e.words for e in evidence]


def _head(text: str, theme: Theme) -> str:
    """Return a small heading."""
    return f'<span style="color:{theme.muted}; font-weight:600">{text}</span>'


def _list(title: str, lines: Iterable[str], color: str, theme: Theme) -> str:
    """Return a heading with lines; nothing without lines."""
    items = [escape(line) for line in lines]
    if not items:
        return ""
    sign = {"For": "+", "Against": "−", "Not tested": "?"}.get(title, "·")
    rows = "".join(
        f'<tr><td style="color:{color}; font-weight:700; padding-right:6px">{sign}</td>'
        f"<td>{item}</td></tr>"
        for item in items
    )
    return f'<p style="margin-bottom:2px">{_head(title, theme)}</p><table>{rows}</table>'


def _muscles(muscles: tuple[MuscleActivity, ...], theme: Theme) -> str:
    """Return the numbers of each muscle as a table."""
    if not muscles:
        return ""
    titles = ("", "per&nbsp;min", "clonic", "tonic", "ms", "%&nbsp;time")
    head = "".join(f'<th align="right">{_head(t, theme)}</th>' for t in titles)
    rows = []
    for m in muscles:
        cells = (
            number(m.bursts_per_min.value, 2),
            str(m.n_clonic),
            str(m.n_tonic),
            number(m.duration_ms.median),
            f"{m.load_percent:.1f}" if isfinite(m.load_percent) else "–",
        )
        name = escape(code_of(m.muscle, m.side, m.label)).replace(" ", "&nbsp;")
        rows.append(
            f"<tr><td>{name}</td>" + "".join(f'<td align="right">{c}</td>' for c in cells) + "</tr>"
        )
    return (
        f'<p style="margin-bottom:2px">{_head("Muscles (ms: median duration)", theme)}</p>'
        f'<table cellspacing="3" cellpadding="2"><tr>{head}</tr>{"".join(rows)}</table>'
    )
