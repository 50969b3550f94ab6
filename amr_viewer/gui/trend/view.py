"""The Trend view: the course of the responses to one branch, block by block."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QPainter, QShowEvent
from PySide6.QtWidgets import QLabel, QMenu, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from amr_viewer.gui.actions import ActionSpec
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Document, Site, Stage
from amr_viewer.gui.figure_copy import FigureKind, copy_figure
from amr_viewer.gui.theme import GAP
from amr_viewer.gui.trend.actions import trend_actions
from amr_viewer.gui.trend.chart import TrendChart
from amr_viewer.gui.trend.choice import Choice, choice_of
from amr_viewer.gui.trend.header import TrendHeader
from amr_viewer.gui.trend.look import Events, Look, events_of
from amr_viewer.gui.trend.painting import heading_height, paint_figure
from amr_viewer.gui.trend.picture import TrendPicture, make_picture
from amr_viewer.gui.trend.walk import Walk
from amr_viewer.report.names import site_name
from amr_viewer.report.wording import EN

if TYPE_CHECKING:
    from amr_viewer.core.progress import Progress

LANE = "trend"
MARKS_LANE = "trend marks"
NOTHING_OPEN = "Open a recording to see how its responses go over the session."
NO_STIMULI = (
    "No stimuli were found in this recording, so there is no course to show. If it holds stimuli, "
    "say in the protocol which markers they are."
)
NOT_YET = {
    Stage.READING: "The recording is being read.",
    Stage.WAITING: "The recording waits for its analysis; the course is shown when it is done.",
    Stage.ANALYZING: "The recording is being analyzed; the course is shown when it is done.",
}
ONE_BLOCK = "One block only: there is nothing to compare it with."


class TrendView(QWidget):
    """Persistence, amplitude, onset and M over the session, for the selected branch."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._choices: dict[int, Choice] = {}
        self._muscles: dict[tuple[int, Site], frozenset[int]] = {}
        self._percent = False
        self._shown: tuple[int, Site] | None = None
        self._stale = True
        self.header = TrendHeader(desk.appearance)
        self.chart = TrendChart(desk.appearance)
        self.walk = Walk(desk.session, self.chart)
        self.empty = QLabel()
        self.empty.setProperty("role", "muted")
        self.empty.setWordWrap(True)
        self.empty.setMargin(6 * GAP)
        self._build()
        self._connect()

    def _build(self) -> None:
        """Put header and drawing below each other, and the empty state in their place."""
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusProxy(self.chart)
        scroll.setWidget(self.chart)
        full = QWidget()
        layout = QVBoxLayout(full)
        layout.setContentsMargins(GAP, GAP, GAP, GAP // 2)
        layout.setSpacing(GAP // 2)
        layout.addWidget(self.header)
        layout.addWidget(scroll, 1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(full)
        self.setFocusProxy(self.chart)

    def _connect(self) -> None:
        """Follow the session, the header and the drawing."""
        session, header = self._desk.session, self.header
        session.current_changed.connect(self.refresh)
        session.analysis_changed.connect(self.refresh)
        session.documents_changed.connect(self._tell_stage)
        session.recording_changed.connect(self._show_events)
        session.selection_changed.connect(self._follow_selection)
        header.site_chosen.connect(self._choose_site)
        header.block_size_chosen.connect(lambda n: self._choose(block_size=n))
        header.baseline_chosen.connect(self.set_baseline)
        header.percent_chosen.connect(self.set_percent)
        header.kept.connect(self.keep)
        header.discarded.connect(self.discard)
        header.legend.chosen.connect(self._choose_muscles)
        self.chart.pointed.connect(session.pointed)
        self.chart.chosen.connect(self.walk.show_sweeps)
        self.chart.menu_wanted.connect(self._show_menu)

    # ------------------------------------------------------------------ values

    @property
    def document(self) -> Document | None:
        """The recording, if it is analyzed."""
        document = self._desk.session.document
        return document if document and document.analysis else None

    @property
    def site(self) -> Site | None:
        """The branch that is shown: the selected one, else the first."""
        document = self.document
        if document is None or not document.sites:
            return None
        wanted = document.selection.site
        return wanted if wanted in document.sites else document.sites[0]

    @property
    def choice(self) -> Choice | None:
        """Blocks and baseline that are looked at."""
        document = self.document
        if document is None or document.analysis is None:
            return None
        return self._choices.get(document.key) or choice_of(
            document.analysis.protocol.parameters.trend
        )

    @property
    def differs(self) -> bool:
        """Whether other blocks are shown than the report has."""
        document = self.document
        return document is not None and document.key in self._choices

    @property
    def percent(self) -> bool:
        """Whether amplitude is shown in percent of the baseline."""
        return self._percent

    # ------------------------------------------------------------------ drawing anew

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Draw what changed while this was hidden."""
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def refresh(self) -> None:
        """Gather what is drawn, in a thread; nothing while hidden."""
        self._stale = True
        if not self.isVisible():
            return
        self._stale = False
        document, site = self.document, self.site
        if document is None or document.analysis is None or site is None:
            self._desk.session.tasks.cancel(LANE)
            self._show_empty()
            return
        self._forget_idle_choice(document)
        if self._shown != (document.key, site):
            self.chart.show_picture(None, Look())
            self._shown = None
        key, analysis, wanted = document.key, document.analysis, self._choices.get(document.key)
        own = {d.key: d.at_s for d in document.review.baselines}

        def work(progress: Progress) -> tuple[TrendPicture, Events]:
            from amr_viewer.analysis.trend import find_trends

            parameters, trends = analysis.protocol.parameters, analysis.trends
            if wanted:
                parameters = wanted.parameters(parameters)
            if wanted or own:
                trends = find_trends(analysis.responses, analysis.findings, parameters, own)
            picture = make_picture(analysis, trends, site, parameters.trend, own.get(site))
            return picture, events_of(document.marks)

        self._desk.session.tasks.run(
            LANE, "following the responses", work,
            lambda got: self._arrived(key, *got), self._desk.session.failed.emit,
        )  # fmt: skip

    def _forget_idle_choice(self, document: Document) -> None:
        """Drop a choice that the protocol has taken over, and those of closed recordings."""
        assert document.analysis is not None
        if self._choices.get(document.key) == choice_of(
            document.analysis.protocol.parameters.trend
        ):
            del self._choices[document.key]
        open_keys = {d.key for d in self._desk.session.documents}
        self._choices = {k: c for k, c in self._choices.items() if k in open_keys}
        self._muscles = {k: m for k, m in self._muscles.items() if k[0] in open_keys}

    def _arrived(self, key: int, picture: TrendPicture, events: Events) -> None:
        """Draw what was gathered, unless something else is looked at by now."""
        document = self.document
        if document is None or document.key != key or picture.site != self.site:
            return
        if not picture.courses:
            self._show_empty()
            return
        same = self._shown == (key, picture.site)
        look = self.chart.look if same else Look()
        self._shown = key, picture.site
        channels = self._muscles.get(self._shown, picture.usual)
        channels &= {c.channel for c in picture.courses}
        look = replace(
            look,
            channels=channels or picture.usual,
            percent=self._percent,
            events=events,
        )
        self._show(picture, look)

    def _show(self, picture: TrendPicture, look: Look) -> None:
        """Show a picture and what goes with it in the header."""
        document, choice = self.document, self.choice
        assert document is not None
        assert document.analysis is not None
        assert choice is not None
        self.chart.show_picture(picture, look)
        self.header.show_sites(document.sites, picture.site)
        self.header.show_choice(picture, choice, percent=self._percent)
        report = choice_of(document.analysis.protocol.parameters.trend)
        self.header.show_difference(choice, report if self.differs else None)
        self.header.show_remark(ONE_BLOCK if picture.n_blocks == 1 else "")
        self.header.legend.show_muscles(picture, look.channels)
        self._pages.setCurrentIndex(1)
        self.walk.mark_current()

    def _show_empty(self) -> None:
        """Say why there is nothing to see."""
        self._shown = None
        self.chart.show_picture(None, Look())
        self._pages.setCurrentIndex(0)
        self._tell_stage()

    def _tell_stage(self) -> None:
        """Say how far the recording is, where there is nothing to see."""
        document = self._desk.session.document
        if document is None:
            text = NOTHING_OPEN
        elif document.analysis is not None:
            text = NO_STIMULI
        elif document.stage is Stage.FAILED:
            text = document.fault
        else:
            text = NOT_YET.get(document.stage, "")
        self.empty.setText(text)

    def _show_events(self) -> None:
        """Draw the lines anew: marks changed."""
        document = self.document
        if document is None or self.chart.picture is None:
            return

        def done(events: Events) -> None:
            if self.document is not None and self.document.key == document.key:
                look = replace(self.chart.look, events=events)
                self.chart.show_picture(self.chart.picture, look)

        tasks, failed = self._desk.session.tasks, self._desk.session.failed.emit
        tasks.run(MARKS_LANE, "gathering marks", lambda _: events_of(document.marks), done, failed)

    def _follow_selection(self) -> None:
        """Show another branch, or mark another block."""
        document, site = self.document, self.site
        if document and site is not None and self._shown != (document.key, site):
            self.refresh()
        else:
            self.walk.mark_current()

    # ------------------------------------------------------------------ what a person does

    def _choose_site(self, site: Site) -> None:
        """Look at another branch."""
        document = self.document
        if document and site != document.selection.site:
            findings = document.findings_of(site)
            lateral = [f for f in findings if f.role.value == "lateral"] or list(findings)
            channel = lateral[0].channel_index if lateral else None
            self._desk.session.select(site=site, channel=channel, sweep=None)

    def _choose(self, **values: int) -> None:
        """Look at other blocks, or at another baseline; the protocol stays as it is."""
        document, choice = self.document, self.choice
        if document is None or choice is None:
            return
        wanted = replace(choice, **values)
        if wanted.block_size != choice.block_size:
            # A number of a block means another moment once blocks are cut differently.
            wanted = replace(wanted, baseline_block=-1)
        if wanted != choice:
            self._choices[document.key] = wanted
            self.refresh()

    def set_baseline(self, block: int) -> None:
        """Compare the branch with a block of its own, from 0; -1: with that of all branches."""
        picture = self.chart.picture
        if picture is None:
            return
        at_s = float(picture.courses[0].middle_s[block]) if block >= 0 else None
        self._desk.editor.set_baseline(picture.site, at_s)

    def without_own_baseline(self) -> str:
        """Say why there is no baseline of this branch to give up, empty if there is one."""
        picture = self.chart.picture
        has_own = picture is not None and picture.own_baseline >= 0
        return "" if has_own else "this branch has no baseline of its own"

    def set_percent(self, percent: bool) -> None:
        """Show amplitude in percent of the baseline, or in microvolts."""
        self._percent = percent
        self.header.show_unit(percent=percent)
        if self.chart.picture:
            self.chart.show_picture(self.chart.picture, replace(self.chart.look, percent=percent))

    def _choose_muscles(self, channels: frozenset[int]) -> None:
        """Show other muscles; at least one stays."""
        picture = self.chart.picture
        if picture is None or self._shown is None:
            return
        if channels:
            self._muscles[self._shown] = channels
            self.chart.show_picture(picture, replace(self.chart.look, channels=channels))
        self.header.legend.show_muscles(picture, self.chart.look.channels)
        self.walk.mark_current()

    def keep(self) -> None:
        """Put the blocks and the baseline that are shown into the protocol."""
        document, choice = self.document, self.choice
        if document and choice and self.differs:
            self._desk.editor.set_protocol(choice.protocol(document.protocol))

    def discard(self) -> None:
        """Show the blocks and the baseline of the report again."""
        document = self.document
        if document and self._choices.pop(document.key, None):
            self.refresh()

    def _show_menu(self, channel: int, block: int, place: QPoint) -> None:
        """Offer what can be done with a block."""
        menu = QMenu(self)
        done: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Show its sweeps", lambda: self.walk.show_sweeps(channel, block)),
            ("Set as baseline of this branch", lambda: self.set_baseline(block)),
            ("Baseline as of all branches", lambda: self.set_baseline(-1)),
        )
        for text, run in done:
            menu.addAction(text).triggered.connect(run)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    # ------------------------------------------------------------------ figures and actions

    def copy_figure(self, kind: FigureKind) -> None:
        """Copy what is shown as a figure, black on white, with a heading."""
        picture, choice = self.chart.picture, self.choice
        if picture is None or choice is None:
            return
        size = self.chart.size() + QSize(0, heading_height(self.chart.font()))
        words, own = choice.words, picture.own_baseline
        if own >= 0:
            words = f"{choice.sizes}, baseline block {own + 1} (this branch)"
        title = f"{site_name(picture.site, EN)} stimulation; {words}"

        def paint(painter: QPainter) -> None:
            painter.setFont(self.chart.font())
            paint_figure(painter, picture, self.chart.look, title, size)

        copy_figure(paint, size, kind)
        self._desk.session.said.emit(f"copied as {kind.upper()}")

    def blocked(self) -> str:
        """Say why there is no course, empty if there is one."""
        return "" if self.chart.picture else "there is no course to show"

    def actions(self) -> tuple[ActionSpec, ...]:  # type: ignore[override]
        """Return what can be done here."""
        return trend_actions(self)
