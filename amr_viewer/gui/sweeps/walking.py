"""Goes from sweep to sweep, muscle to muscle and site to site."""

from __future__ import annotations

from dataclasses import replace

from amr_viewer.gui.document import Block, Document, Site
from amr_viewer.gui.sweeps.model import Model
from amr_viewer.gui.sweeps.panels import arranged
from amr_viewer.gui.sweeps.words import block_title


def choose_all(model: Model) -> None:
    """Choose all sweeps that are shown."""
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


def blocks_of(document: Document | None, site: Site | None) -> Block | None:
    """Return the first of the blocks into which the report cuts a site, None if there are none."""
    trends = document.analysis.trends if document and document.analysis else ()
    found = next((t for t in trends if (t.site, t.side) == site and len(t)), None)
    if found is None:
        return None
    return Block(0, tuple(found.first_stimulus.tolist()), tuple(found.last_stimulus.tolist()))


def step_block(model: Model, blocks: int) -> None:
    """Show the sweeps of the next or former block alone; of all sweeps that of the selected one."""
    document, block = model.document, model.block
    if block is not None:
        number = min(max(block.number + blocks, 0), len(block.firsts) - 1)
    else:
        block = blocks_of(document, model.site)
        if block is None or document is None:
            return
        sweep = document.selection.sweep
        last = len(block.firsts) - 1
        holding = [i for i in range(last + 1) if sweep is not None and sweep <= block.lasts[i]]
        number = holding[0] if holding else (0 if blocks > 0 else last)
    shown = replace(block, number=number)
    model.session.select(block=shown, sweep=None)
    model.session.pointed.emit(block_title(model.panels, shown) if model.panels else "")


def show_all(model: Model) -> None:
    """Show all sweeps of the site; the selected one stays."""
    model.session.select(block=None)
