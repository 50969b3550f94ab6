"""Says which picture and summary a panel needs as it is looked at now."""

from __future__ import annotations

from amr_viewer.gui.sweeps.artist import SummaryWish
from amr_viewer.gui.sweeps.look import Center, Mode
from amr_viewer.gui.sweeps.picture import Request
from amr_viewer.gui.sweeps.scene import Scene
from amr_viewer.gui.sweeps.sweepset import SweepSet


def picture_wish(scene: Scene, sweeps: SweepSet, pixel_ratio: float) -> Request:
    """Return what the picture of a panel depends on."""
    panel, look, theme, plot = scene.panel, scene.look, scene.theme, scene.frame.plot
    width, height = round(plot.width() * pixel_ratio), round(plot.height() * pixel_ratio)
    color = theme.muscle(panel.finding.muscle)
    onsets = hash(panel.onset_ms.tobytes()) if look.mode is Mode.WATERFALL else 0
    key = (
        sweeps.serial,
        panel.channel,
        hash(panel.state.tobytes()),
        onsets,
        look.mode,
        look.rejected,
        scene.span,
        scene.rows,
        width,
        height,
        color,
        theme.name,
    )
    return Request(
        sweeps=sweeps,
        channel=panel.channel,
        state=panel.state,
        onset_ms=panel.onset_ms,
        mode=look.mode,
        span=scene.span,
        rows=scene.rows,
        width=width,
        height=height,
        rejected=look.rejected,
        all_colored=panel.is_direct,
        color=color,
        gray=theme.sweep_gray,
        ground=theme.surface,
        is_dark=theme.is_dark,
        key=key,
    )


def summary_wish(scene: Scene, sweeps: SweepSet) -> SummaryWish | None:
    """Return what the summary of a panel depends on, None where none is shown."""
    look, panel = scene.look, scene.panel
    if look.mode is not Mode.SUPERIMPOSED or look.center is Center.OFF:
        return None
    key = (sweeps.serial, panel.channel, hash(panel.state.tobytes()))
    return SummaryWish(sweeps, panel.channel, panel.state, key)
