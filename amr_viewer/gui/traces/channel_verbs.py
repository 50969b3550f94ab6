"""What a person can do with channels in the Traces view: gain, order, which are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from amr_viewer.core.recording import Channel, ChannelKind
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Document, TraceLayout
from amr_viewer.gui.plot.scale import next_step, nice_step
from amr_viewer.gui.traces.scene import analysis_channels
from amr_viewer.gui.traces.state import DocumentState, TraceState

LEAST_GAIN, MOST_GAIN = 1e-3, 1e7
LEAST_FITTED_UV = 10.0
"""Gains are not fitted to the noise of the amplifier."""


class ChannelVerbs:
    """Gestures on channels as calls on the session."""

    def __init__(self, desk: Desk, state: TraceState) -> None:
        self._session = desk.session
        self.state = state

    @property
    def document(self) -> Document | None:
        """The current recording, None until it was read."""
        document = self._session.document
        return document if document is not None and document.recording is not None else None

    @property
    def own(self) -> DocumentState:
        """The view's state of the current recording."""
        document = self.document
        return self.state.of(document.key if document else None)

    def _change_layout(self, layout: TraceLayout) -> None:
        """Lay out differently."""
        self._session.set_layout(layout)

    def step_gain(self, direction: int, channels: Iterable[int] | None = None) -> None:
        """Draw larger (1) or smaller (-1): all channels, or some."""
        document = self.document
        if document is None:
            return
        layout = document.layout
        if channels is None:
            gains = {c: _stepped(g, direction) for c, g in layout.gains_uv.items()}
            gain = _stepped(layout.gain_uv, direction)
            self._change_layout(replace(layout, gain_uv=gain, gains_uv=gains))
        else:
            new = {c: _stepped(layout.gain_of(c), direction) for c in channels}
            self.set_gains(new)

    def set_gains(self, gains: dict[int, float]) -> None:
        """Give channels a sensitivity of their own; one equal to that of all is none."""
        document = self.document
        if document is not None:
            layout = document.layout
            own = {c: g for c, g in {**layout.gains_uv, **gains}.items() if g != layout.gain_uv}
            self._change_layout(replace(layout, gains_uv=own))

    def fit_gains(self, divisions: float) -> None:
        """Let signals fill their lanes, which have so many divisions above the base line.

        All EMG channels get the same sensitivity, any other channel one of its own.
        """
        document = self.document
        if document is None or document.recording is None or not self.own.baselines:
            return
        channels, layout, own = document.recording.channels, document.layout, self.own
        swings = [own.baseline(c).swing for c in layout.visible if _is_emg(channels[c])]
        fitting = _fitting(float(np.median(swings)), divisions) if swings else layout.gain_uv
        gain = max(fitting, LEAST_FITTED_UV)
        others = {
            c: _fitting(own.baseline(c).swing, divisions)
            for c in layout.order
            if not _is_emg(channels[c])
        }
        self._change_layout(replace(layout, gain_uv=gain, gains_uv=others))

    def fit_others(self, divisions: float) -> None:
        """Give channels that are no EMG a sensitivity, where they have none yet."""
        document = self.document
        if document is None or document.recording is None:
            return
        own, layout = self.own, document.layout
        self.set_gains(
            {
                c: _fitting(own.baseline(c).swing, divisions)
                for c in layout.order
                if not _is_emg(document.recording.channels[c]) and c not in layout.gains_uv
            }
        )

    def equal_gains(self) -> None:
        """Give all EMG channels the same sensitivity."""
        document = self.document
        if document is None or document.recording is None:
            return
        channels, layout = document.recording.channels, document.layout
        own = {c: g for c, g in layout.gains_uv.items() if not _is_emg(channels[c])}
        self._change_layout(replace(layout, gains_uv=own))

    def focus(self, channel: int | None) -> None:
        """Let keys act on a channel; the other views follow where it was analyzed."""
        document = self.document
        if document is None or self.own.focus == channel:
            return
        self.state.change(document.key, focus=channel)
        if channel is None or document.analysis is None or document.recording is None:
            return
        known = analysis_channels(document.recording, document.analysis.responses.channels)
        if channel in known:
            self._session.select(channel=known.index(channel))

    def step_focus(self, direction: int) -> None:
        """Focus the channel below (1) or above (-1)."""
        document = self.document
        if document is None or not document.layout.visible:
            return
        visible, now = document.layout.visible, self.own.focus
        if now not in visible:
            self.focus(visible[0 if direction > 0 else -1])
        else:
            place = visible.index(now) + direction
            self.focus(visible[min(max(place, 0), len(visible) - 1)])

    def move_channel(self, channel: int, place: int) -> None:
        """Move a channel to a place among the visible ones."""
        document = self.document
        if document is None or channel not in document.layout.visible:
            return
        layout = document.layout
        visible = [c for c in layout.visible if c != channel]
        visible.insert(min(max(place, 0), len(visible)), channel)
        hidden = [c for c in layout.order if c in layout.hidden]
        self._change_layout(replace(layout, order=(*visible, *hidden)))

    def step_channel(self, direction: int) -> None:
        """Move the focused channel down (1) or up (-1)."""
        document, channel = self.document, self.own.focus
        if document is not None and channel in document.layout.visible:
            self.move_channel(channel, document.layout.visible.index(channel) + direction)

    def hide(self, channel: int | None) -> None:
        """Hide a channel, unless it is the only one."""
        document = self.document
        if document is None or channel not in document.layout.visible:
            return
        if len(document.layout.visible) > 1:
            self.step_focus(1 if document.layout.visible[-1] != channel else -1)
            hidden = document.layout.hidden | {channel}
            self._change_layout(replace(document.layout, hidden=hidden))

    def switch_channel(self, channel: int) -> None:
        """Hide a channel, or show it again; the last one stays."""
        document = self.document
        if document is None:
            return
        hidden = document.layout.hidden ^ {channel}
        if len(hidden) < len(document.layout.order):
            self._change_layout(replace(document.layout, hidden=hidden))

    def show_channels(self) -> None:
        """Show all channels."""
        document = self.document
        if document is not None:
            self._change_layout(replace(document.layout, hidden=frozenset()))

    def switch_butterfly(self) -> None:
        """Draw all channels over each other, or each in its lane."""
        document = self.document
        if document is not None:
            butterfly = not document.layout.butterfly
            self._change_layout(replace(document.layout, butterfly=butterfly))


def _is_emg(channel: Channel) -> bool:
    """Whether a channel shares its sensitivity with others."""
    return channel.kind is ChannelKind.EMG


def _fitting(swing: float, divisions: float) -> float:
    """Return the sensitivity at which a swing fits into so many divisions."""
    return min(max(nice_step(swing / divisions), LEAST_GAIN), MOST_GAIN) if swing > 0 else 1.0


def _stepped(gain: float, direction: int) -> float:
    """Return the next sensitivity: larger pictures have fewer uV per division."""
    return min(max(next_step(gain, -direction), LEAST_GAIN), MOST_GAIN)
