"""Builds the views and docks of a window; imported after the first paint, since they cost time."""

from __future__ import annotations

from functools import partial
from math import nan
from typing import TYPE_CHECKING

from amr_viewer.gui.contents import ContentsDock
from amr_viewer.gui.findings import FindingsDock
from amr_viewer.gui.protocol import ProtocolChooser
from amr_viewer.gui.report_view import ReportView
from amr_viewer.gui.sound import Listener
from amr_viewer.gui.sweeps import SweepsView
from amr_viewer.gui.toolbar import add_button, add_export_button
from amr_viewer.gui.traces import TracesView
from amr_viewer.gui.trend import TrendView

if TYPE_CHECKING:
    from amr_viewer.gui.desk import Desk
    from amr_viewer.gui.main_window import MainWindow


def furnish(window: MainWindow) -> None:
    """Put views, docks and their actions into a window."""
    desk = window.desk
    traces, sweeps, trend = TracesView(desk), SweepsView(desk), TrendView(desk)
    report = ReportView(desk)
    contents, findings = ContentsDock(desk), FindingsDock(desk)
    chooser, listener = ProtocolChooser(desk, window), Listener(desk, window)
    for name, view in (
        ("traces", traces), ("sweeps", sweeps), ("trend", trend), ("report", report),
    ):  # fmt: skip
        window.add_view(name, view)
    listener.channel_of = lambda: traces.verbs.own.focus
    listener.position_s.connect(desk.session.played)
    listener.playing_changed.connect(partial(_silence, desk, listener))
    contents.assign_wanted.connect(chooser.assign)
    window.add_dock("contents", "Contents", contents, left=True)
    window.add_dock("findings", "Findings", findings, left=False)
    for part in (traces, sweeps, trend, report, contents, findings, chooser, listener):
        window.commands.add(part.actions())
    window.commands.add(report.exporter.actions())
    add_button(window.toolbar, chooser.button)
    add_export_button(window.toolbar, window.commands)


def _silence(desk: Desk, listener: Listener) -> None:
    """Tell views that the sound has ended."""
    if not listener.is_playing:
        desk.session.played.emit(nan)
