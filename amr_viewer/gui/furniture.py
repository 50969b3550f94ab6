"""Builds the views and docks of a window, part by part, so that the window answers in between.

Each part is imported when it is built: together they cost more than the first paint may take.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from math import nan
from typing import TYPE_CHECKING

from amr_viewer.gui.actions import ActionSpec

if TYPE_CHECKING:
    from amr_viewer.gui.desk import Desk
    from amr_viewer.gui.main_window import MainWindow
    from amr_viewer.gui.sound import Listener
    from amr_viewer.gui.traces import TracesView

Specs = tuple[ActionSpec, ...]


def furniture(window: MainWindow) -> Iterator[None]:
    """Put views, docks and their actions into a window; pauses after each part."""
    from amr_viewer.gui.traces import TracesView

    traces = TracesView(window.desk)
    window.add_view("traces", traces)
    specs = traces.actions()
    yield
    for build in (_docks, _sweeps, _trend, _patterns, _report):
        specs += build(window)
        yield
    specs += (*_sound(window, traces), *_visits(window), *window.batches.actions())
    window.commands.add(specs)
    _fill_toolbar(window)


def _docks(window: MainWindow) -> Specs:
    """Build the panels beside the views, and what they ask for: the protocol."""
    from amr_viewer.gui.contents import ContentsDock
    from amr_viewer.gui.findings import FindingsDock
    from amr_viewer.gui.protocol import ProtocolChooser

    contents, findings = ContentsDock(window.desk), FindingsDock(window.desk)
    chooser = ProtocolChooser(window.desk, window)
    contents.assign_wanted.connect(chooser.assign)
    window.add_dock("contents", "Contents", contents, left=True)
    window.add_dock("findings", "Findings", findings, left=False)
    window.chooser = chooser
    return (*contents.actions(), *findings.actions(), *chooser.actions())


def _sweeps(window: MainWindow) -> Specs:
    """Build the view of sweeps."""
    from amr_viewer.gui.sweeps import SweepsView

    view = SweepsView(window.desk)
    window.add_view("sweeps", view)
    return view.actions()


def _trend(window: MainWindow) -> Specs:
    """Build the view of the course over the session."""
    from amr_viewer.gui.trend import TrendView

    view = TrendView(window.desk)
    window.add_view("trend", view)
    return view.actions()


def _patterns(window: MainWindow) -> Specs:
    """Build the view of bursts and patterns."""
    from amr_viewer.gui.patterns import PatternsView

    view = PatternsView(window.desk)
    window.add_view("patterns", view)
    return view.actions()


def _report(window: MainWindow) -> Specs:
    """Build the view of the report, and what exports it."""
    from amr_viewer.gui.report_view import ReportView

    view = ReportView(window.desk)
    window.add_view("report", view)
    return (*view.actions(), *view.exporter.actions())


def _visits(window: MainWindow) -> Specs:
    """Let recordings of one patient be compared, each comparison in a window of its own."""
    from amr_viewer.gui.visits import VisitsRoom

    return VisitsRoom(window).actions()


def _sound(window: MainWindow, traces: TracesView) -> Specs:
    """Let the EMG be heard, and views see where the sound is."""
    from amr_viewer.gui.sound import Listener

    desk = window.desk
    listener = Listener(desk, window)
    listener.channel_of = lambda: traces.verbs.own.focus
    listener.position_s.connect(desk.session.played)
    listener.playing_changed.connect(partial(_silence, desk, listener))
    return listener.actions()


def _silence(desk: Desk, listener: Listener) -> None:
    """Tell views that the sound has ended."""
    if not listener.is_playing:
        desk.session.played.emit(nan)


def _fill_toolbar(window: MainWindow) -> None:
    """Put the buttons of other rooms into the tool bar."""
    from amr_viewer.gui.toolbar import add_button, add_export_button

    add_button(window.toolbar, window.chooser.button)
    add_export_button(window.toolbar, window.commands)
