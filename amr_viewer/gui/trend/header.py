"""The lines above the drawing of the Trend view: branch, blocks, baseline, unit, muscles."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.document import Site
from amr_viewer.gui.plot.scale import clock
from amr_viewer.gui.theme import GAP
from amr_viewer.gui.trend.choice import Choice
from amr_viewer.gui.trend.controls import BlockSize, Flow, MuscleLegend, StateKey
from amr_viewer.gui.trend.picture import TrendPicture
from amr_viewer.report.names import site_name
from amr_viewer.report.wording import EN

FIRST_WITH_RESPONSE = "first with a response"
ROOM_FOR_ARROW = 44


class TrendHeader(QWidget):
    """What is chosen, and whether the report has it too.

    Signals
    -------
    site_chosen(site)
    block_size_chosen(n)
    baseline_chosen(block)
        From 0, for this branch alone; -1: that of all branches.
    percent_chosen(percent)
    kept()
    discarded()
    """

    site_chosen = Signal(object)
    block_size_chosen = Signal(int)
    baseline_chosen = Signal(int)
    percent_chosen = Signal(bool)
    kept = Signal()
    discarded = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._sites: tuple[Site, ...] = ()
        self.site = QComboBox()
        self.block_size = BlockSize()
        self.baseline = QComboBox()
        self.own = QLabel("this branch only")
        self.microvolts, self.relative = QToolButton(), QToolButton()
        self.note = QFrame()
        self.note_text = QLabel()
        self.keep = QPushButton("Keep in protocol")
        self.discard = QPushButton("Back to the report's")
        self.remark = QLabel()
        self.remark.setProperty("role", "muted")
        self.legend = MuscleLegend(appearance)
        self.key = StateKey(appearance)
        self._describe()
        self._lay_out()
        self._connect()
        self.note.hide()
        self.remark.hide()
        self._paint()

    def _describe(self) -> None:
        """Give every control its name and tip."""
        self.site.setAccessibleName("Stimulated branch")
        self.site.setToolTip("The stimulated branch whose responses are followed")
        self.baseline.setAccessibleName("Baseline block")
        self.baseline.setToolTip(
            "The block of this branch that percent, onset shift and the state reduced refer to; B "
            "makes the selected block the baseline. The first entry is what the parameters say of "
            "all branches."
        )
        self.own.setProperty("role", "muted")
        self.own.setToolTip("A person chose this baseline for this branch; undo takes it back")
        self.own.hide()
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.baseline.setSizeAdjustPolicy(policy)
        text_width = self.baseline.fontMetrics().horizontalAdvance(FIRST_WITH_RESPONSE)
        self.baseline.setMinimumWidth(text_width + ROOM_FOR_ARROW)
        units = QButtonGroup(self)
        for button, text, tip in (
            (self.microvolts, "µV", "Amplitude in microvolts (P)"),
            (self.relative, "%", "Amplitude in percent of the baseline block (P)"),
        ):
            button.setText(text)
            button.setCheckable(True)
            button.setToolTip(tip)
            button.setAccessibleName(tip.removesuffix(" (P)"))
            units.addButton(button)
        self.microvolts.setChecked(True)
        self.keep.setToolTip(
            "Put these blocks and this baseline into the protocol: report and tables follow"
        )
        self.keep.setProperty("primary", True)
        self.discard.setToolTip("Show the blocks and the baseline of the report again")

    def _lay_out(self) -> None:
        """Put controls into lines."""
        flow = Flow()
        for text, *widgets in (
            ("Stimulated", self.site),
            ("Blocks of", self.block_size, "stimuli"),
            ("Baseline", self.baseline, self.own),
            ("Amplitude", self.microvolts, self.relative),
        ):
            flow.addWidget(_line(text, *widgets))
        flow.addWidget(self.key)
        note = QHBoxLayout(self.note)
        note.setContentsMargins(GAP, GAP // 2, GAP // 2, GAP // 2)
        self.note_text.setWordWrap(True)
        note.addWidget(self.note_text, 1)
        note.addWidget(self.discard)
        note.addWidget(self.keep)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(GAP // 2)
        outer.addLayout(flow)
        outer.addWidget(self.note)
        outer.addWidget(self.legend)
        outer.addWidget(self.remark)

    def _connect(self) -> None:
        """Turn what is chosen into signals."""
        self.site.activated.connect(lambda i: self.site_chosen.emit(self._sites[i]))
        self.block_size.valueChanged.connect(self.block_size_chosen)
        self.baseline.activated.connect(lambda i: self.baseline_chosen.emit(i - 1))
        self.relative.toggled.connect(self.percent_chosen)
        self.keep.clicked.connect(self.kept)
        self.discard.clicked.connect(self.discarded)
        self._appearance.changed.connect(self._paint)

    # ------------------------------------------------------------------ what is shown

    def show_sites(self, sites: Sequence[Site], current: Site) -> None:
        """Show the branches that were stimulated."""
        with QSignalBlocker(self.site):
            if tuple(sites) != self._sites:
                self._sites = tuple(sites)
                self.site.clear()
                self.site.addItems([site_name(s, EN) for s in sites])
            self.site.setCurrentIndex(self._sites.index(current))
        self.site.setEnabled(len(sites) > 1)

    def show_choice(self, picture: TrendPicture, choice: Choice, *, percent: bool) -> None:
        """Show size and baseline of the blocks."""
        with QSignalBlocker(self.block_size):
            self.block_size.setValue(choice.block_size)
        starts = picture.courses[0].trend.start_s
        names = [f"block {i + 1}, {clock(float(s))}" for i, s in enumerate(starts)]
        usual = choice.baseline_block
        of_all = FIRST_WITH_RESPONSE if usual < 0 else f"block {usual + 1}, all branches"
        wanted = [of_all, *names]
        with QSignalBlocker(self.baseline):
            if [self.baseline.itemText(i) for i in range(self.baseline.count())] != wanted:
                self.baseline.clear()
                self.baseline.addItems(wanted)
            self.baseline.setCurrentIndex(picture.own_baseline + 1)
        self.own.setVisible(picture.own_baseline >= 0)
        self.show_unit(percent=percent)

    def show_unit(self, *, percent: bool) -> None:
        """Show the unit of amplitude."""
        with QSignalBlocker(self.relative), QSignalBlocker(self.microvolts):
            self.relative.setChecked(percent)
            self.microvolts.setChecked(not percent)

    def show_difference(self, choice: Choice, report: Choice | None) -> None:
        """Say that the report has other blocks; None: it has these."""
        self.note.setVisible(report is not None)
        if report is not None:
            text = f"Shown: {choice.words}. Report and tables: {report.words}."
            self.note_text.setText(text)
            self.note.setAccessibleName(text)

    def show_remark(self, text: str) -> None:
        """Show a remark, or none."""
        self.remark.setText(text)
        self.remark.setVisible(bool(text))

    def _paint(self) -> None:
        """Color the note."""
        color, ground = self._appearance.theme.tone("late")
        self.note.setStyleSheet(
            f"QFrame {{ background: {ground}; border: none; border-left: 3px solid {color}; }}"
            f"QLabel {{ color: {color}; border: none; }}"
        )


def _line(text: str, *parts: QWidget | str) -> QWidget:
    """Return a label with controls beside it."""
    box = QWidget()
    layout = QHBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GAP // 2)
    label = QLabel(text)
    label.setProperty("role", "muted")
    layout.addWidget(label)
    for part in parts:
        if isinstance(part, str):
            after = QLabel(part)
            after.setProperty("role", "muted")
            layout.addWidget(after)
        else:
            if not isinstance(part, QLabel):
                part.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            layout.addWidget(part)
    return box
