"""Goes from sweep to sweep, muscle to muscle and site to site."""

from __future__ import annotations

from amr_viewer.gui.sweeps.model import Model
from amr_viewer.gui.sweeps.panels import arranged


def choose_all(model: Model) -> None:
    """Choose all sweeps of the run."""
    if len(model.stimuli):
        model.session.select(sweep=int(model.stimuli[-1]))
        model.anchor = 0
        model.sweep_changed.emit()


def step(model: Model, rows: int, *, extend: bool = False) -> None:
    """Select the next or former sweep; with none selected, the first or last."""
    row = model.row
    if row is None:
        model.select_row(0 if rows > 0 else len(model.stimuli) - 1)
    else:
        model.select_row(row + rows, extend=extend)


def step_panel(model: Model, panels: int) -> None:
    """Select the next or former muscle."""
    channels = [p.channel for p in model.panels]
    if channels:
        at = channels.index(model.panel.channel) if model.panel else -panels
        model.select_panel(channels[min(max(at + panels, 0), len(channels) - 1)])


def step_site(model: Model, sites: int) -> None:
    """Look at the next or former site, at the same muscle if it is there."""
    document = model.document
    if document is None or not document.sites:
        return
    known = document.sites
    at = known.index(model.site) if model.site in known else -sites
    site = known[min(max(at + sites, 0), len(known) - 1)]
    if site == model.site:
        return
    findings = [f for group in arranged(document, site, model.look.other_side) for f in group]
    same = [f for f in findings if f.channel_index == document.selection.channel]
    channel = (same or findings)[0].channel_index if findings else None
    model.session.select(site=site, channel=channel, sweep=None)
