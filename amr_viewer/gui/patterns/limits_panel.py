"""Durations and intervals with the limits that part them, and what a change of them would count."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from amr_viewer.core.bursts import BurstKind, Bursts
from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.patterns.colors import kind_color
from amr_viewer.gui.patterns.histogram import Histogram, Line, Part
from amr_viewer.gui.patterns.limits import NAMES, Count, Limits, allowed, count_of, intervals_ms
from amr_viewer.gui.theme import GAP, Theme

FIELDS = {
    "clonic_max_ms": ("Clonic ≤", " ms", "Longest clonic burst"),
    "tonic_min_ms": ("Tonic ≥", " ms", "Shortest tonic burst"),
    "salvo_gap_ms": ("Salvo <", " ms", "Bursts whose onsets lie closer belong to one salvo"),
    "episode_gap_s": ("Episode <", " s", "Bursts parted by less belong to one episode"),
}
STACK = (BurstKind.CLONIC, BurstKind.TONIC, BurstKind.OTHER)
NOT_KEPT = "Shown: {what}. Conclusion, synchrony and report follow when it is kept."


class LimitsPanel(QWidget):
    """Fields, histograms and counts; `note` is put where it is seen with every panel.

    Signals
    -------
    changed(name, value)
        A person wants another limit.
    kept()
    discarded()
    pointed(text)
    """

    changed = Signal(str, float)
    kept = Signal()
    discarded = Signal()
    pointed = Signal(str)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._shown: tuple[Bursts, Limits] | None = None
        self.fields: dict[str, QDoubleSpinBox] = {}
        self.durations, self.intervals = empty_histograms(appearance)
        self.count = QLabel()
        self.count.setWordWrap(True)
        self.note, self.note_text = QFrame(), QLabel()
        self.keep, self.discard = (
            QPushButton("Keep in protocol"),
            QPushButton("Back to the report's"),
        )
        self._lay_out()
        for name, field in self.fields.items():
            field.valueChanged.connect(lambda value, name=name: self.changed.emit(name, value))
        for histogram in (self.durations, self.intervals):
            histogram.dragged.connect(self.changed)
            histogram.pointed.connect(self.pointed)
        self.keep.clicked.connect(self.kept)
        self.discard.clicked.connect(self.discarded)
        appearance.changed.connect(self._paint)
        self._paint()

    def _lay_out(self) -> None:
        """Put fields above histograms above counts; in little room they scroll."""
        grid = QGridLayout()
        grid.setSpacing(GAP // 2)
        for i, name in enumerate(NAMES):
            text, unit, tip = FIELDS[name]
            label, field = QLabel(text), QDoubleSpinBox()
            label.setProperty("role", "muted")
            field.setRange(*allowed(name))
            field.setDecimals(1 if name == "episode_gap_s" else 0)
            field.setSingleStep(0.1 if name == "episode_gap_s" else 10)
            field.setSuffix(unit)
            field.setMaximumWidth(112)
            field.setKeyboardTracking(False)
            field.setToolTip(tip)
            field.setAccessibleName(tip)
            label.setBuddy(field)
            self.fields[name] = field
            grid.addWidget(label, i // 2, 2 * (i % 2))
            grid.addWidget(field, i // 2, 2 * (i % 2) + 1)
        grid.setColumnStretch(4, 1)
        self.note_text.setWordWrap(True)
        self.keep.setProperty("primary", True)
        self.keep.setToolTip("Put these limits into the protocol: the recording is analyzed anew")
        self.discard.setToolTip("Show the limits of the report again")
        box = QHBoxLayout(self.note)
        box.setContentsMargins(GAP, GAP // 2, GAP // 2, GAP // 2)
        box.addWidget(self.note_text, 1)
        box.addWidget(self.discard)
        box.addWidget(self.keep)
        self.note.hide()
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP // 2)
        column.addLayout(grid)
        column.addWidget(self.count)
        column.addWidget(self.durations, 1)
        column.addWidget(self.intervals, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def show_bursts(self, bursts: Bursts, limits: Limits, report: Limits, of_report: Count) -> None:
        """Show bursts as named under limits, beside what the report has."""
        self._shown = bursts, limits
        for name, field in self.fields.items():
            with QSignalBlocker(field):
                field.setValue(getattr(limits, name))
        self._draw()
        self.count.setText(count_words(count_of(bursts), of_report))
        differs = limits != report
        self.note.setVisible(differs)
        text = NOT_KEPT.format(what=limits.difference(report)) if differs else ""
        self.note_text.setText(text)

    def _draw(self) -> None:
        """Draw the histograms."""
        if self._shown is None:
            return
        bursts, limits = self._shown
        theme = self._appearance.theme
        show_histograms(self.durations, self.intervals, bursts, limits, theme)

    def _paint(self) -> None:
        """Color note and bars."""
        color, ground = self._appearance.theme.tone("late")
        self.note.setStyleSheet(
            f"QFrame {{ background: {ground}; border: none; border-left: 3px solid {color}; }}"
            f"QLabel {{ color: {color}; border: none; }}"
        )
        self._draw()


def empty_histograms(appearance: Appearance) -> tuple[Histogram, Histogram]:
    """Return the histograms of durations and of intervals."""
    return (
        Histogram(appearance, "Duration of bursts", (5.0, 10_000.0)),
        Histogram(appearance, "Onset to onset, same muscle", (10.0, 100_000.0)),
    )


def show_histograms(
    durations: Histogram, intervals: Histogram, bursts: Bursts, limits: Limits, theme: Theme
) -> None:
    """Show durations by kind, intervals, and the limits that part them."""
    counted = bursts.counted
    parts = tuple(
        Part(bursts.duration_ms[counted & (bursts.kind == kind)], kind_color(theme, kind))
        for kind in STACK
    )
    durations.show_parts(
        parts,
        (
            Line("clonic_max_ms", limits.clonic_max_ms, "clonic to"),
            Line("tonic_min_ms", limits.tonic_min_ms, "tonic from"),
        ),
    )
    intervals.show_parts(
        (Part(intervals_ms(bursts), QColor(theme.sweep_gray)),),
        (Line("salvo_gap_ms", limits.salvo_gap_ms, "salvo within"),),
    )


def count_words(now: Count, report: Count) -> str:
    """Return counts, beside those of the report where they differ.

    Examples
    --------
    >>> count_words(Count(12, 3, 0, 2, 5), Count(13, 2, 0, 2, 5))
    '12 clonic (report: 13), 3 tonic (report: 2), 2 salvos, 5 episodes'
    """
    parts = []
    for name in ("clonic", "tonic", "other", "salvos", "episodes"):
        n, was = getattr(now, name), getattr(report, name)
        if name == "other" and not n and not was:
            continue
        parts.append(f"{n} {name}" + (f" (report: {was})" if n != was else ""))
    return ", ".join(parts)
