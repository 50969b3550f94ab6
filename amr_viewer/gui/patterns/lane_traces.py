"""The signal above the bars of each lane, its bursts in the color of their kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor

from amr_viewer.core.bursts import BurstKind, Bursts
from amr_viewer.core.recording import Recording
from amr_viewer.gui.patterns.colors import kind_color
from amr_viewer.gui.patterns.picture import Picture
from amr_viewer.gui.patterns.places import TRACE_FROM, Places
from amr_viewer.gui.session import Session
from amr_viewer.gui.theme import Theme
from amr_viewer.gui.traces.baseline import Baseline, baselines, offset_of
from amr_viewer.gui.traces.loader import PageLoader
from amr_viewer.gui.traces.page import Page, PageRequest, Spans, Trace
from amr_viewer.gui.traces.raster import Brush
from amr_viewer.io.envelope import RAW_SAMPLES

LANE = "rests of the raster"


@dataclass(frozen=True, slots=True)
class Wish:
    """What traces are drawn for; equal ones need not be made again."""

    recording: Recording
    picture: Picture
    places: Places
    ratio: float
    theme: Theme
    negative_up: bool
    rests: tuple[Baseline, ...] = ()


class LaneTraces(QObject):
    """Reads traces in a thread, for stretches that can be read at once.

    Signals
    -------
    arrived()
        Traces that were late are there.
    """

    arrived = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._rests: tuple[Recording | None, tuple[Baseline, ...]] = (None, ())
        self.loader = PageLoader(self)
        self.loader.arrived.connect(self.arrived)
        self._wish: Wish | None = None
        self._request: PageRequest | None = None

    def page(self, wish: Wish) -> Page | None:
        """Return the traces of a wish, None while they are late or where there is no room."""
        if self._wish != wish:
            self._wish, self._request = wish, _request(wish)
        return self.loader.ask(self._request) if self._request else None

    def rests(self, recording: Recording) -> tuple[Baseline, ...]:
        """Return where channels rest; nothing until that was looked at, in a thread."""
        known, rests = self._rests
        if known is not recording:
            self._rests = recording, ()
            self._session.tasks.run(
                LANE,
                f"looking at {recording.name}",
                lambda progress: baselines(recording),
                lambda found: self._rest(recording, found),
                self._session.failed.emit,
            )
            return ()
        return rests

    def _rest(self, recording: Recording, found: tuple[Baseline, ...]) -> None:
        """Take where channels rest."""
        if self._rests[0] is recording:
            self._rests = recording, found
            self.arrived.emit()

    def close(self) -> None:
        """Wait for the thread to end."""
        self.loader.close()


def _request(wish: Wish) -> PageRequest | None:
    """Return what is to be read, None where traces do not fit or would take long to read."""
    places, picture = wish.places, wish.picture
    start, span = places.time.low, places.time.high - places.time.low
    channels = wish.recording.channels
    rates = [channels[x.channel.index].sampling_hz for x in picture.lanes
             if x.channel.index < len(channels)]  # fmt: skip
    if len(rates) < len(picture.lanes):
        return None  # Bursts of another recording than the one that is shown.
    if places.lane_height < TRACE_FROM or not rates or max(rates) * span > RAW_SAMPLES:
        return None
    width = _columns(wish)[1] - _columns(wish)[0]
    traces = tuple(_traces(wish))
    return PageRequest(wish.recording, None, start, span, width, wish.ratio, traces)


def _columns(wish: Wish) -> tuple[int, int]:
    """Return the first and the last column of the plot, in pixels of the device."""
    return round(wish.places.plot.left() * wish.ratio), round(wish.places.plot.right() * wish.ratio)


def _traces(wish: Wish) -> list[Trace]:
    """Return how the channel of each lane is drawn."""
    places, picture, theme, ratio = wish.places, wish.picture, wish.theme, wish.ratio
    scales, out = picture.scales_uv, []
    for lane, top in zip(picture.lanes, places.tops, strict=True):
        height = places.lane_height - places.bars_height
        scale = scales[lane.channel.muscle]
        rows = 0.5 * height * ratio / scale * (-1.0 if wish.negative_up else 1.0)
        out.append(
            Trace(
                lane.channel.index,
                center=(top + 0.5 * height) * ratio,
                rows_per_unit=rows,
                offset=_offset(wish, lane.channel.index, scale),
                reach=(round((top + 1) * ratio), round((top + height) * ratio)),
                color=QColor(theme.sweep_gray).rgb(),
                spans=_spans(picture.bursts, lane.rows, theme),
            )
        )
    return out


def _offset(wish: Wish, channel: int, scale_uv: float) -> float:
    """Return what lies in the middle of a lane: 0 unless an offset would carry the trace away."""
    if channel >= len(wish.rests):
        return 0.0
    return offset_of(wish.recording, channel, wish.rests[channel], 0.2 * scale_uv)


def _spans(bursts: Bursts, rows: NDArray[np.intp], theme: Theme) -> tuple[Spans, ...]:
    """Return the bursts of a lane that count, in the color of their kind."""
    out = []
    for kind in (BurstKind.CLONIC, BurstKind.TONIC):
        own = rows[bursts.counted[rows] & (bursts.kind[rows] == kind)]
        color = kind_color(theme, kind).rgb()
        out.append(Spans(bursts.start_s[own], bursts.end_s[own], color))
    return tuple(out)


def paint_page(pixels: NDArray[np.uint32], page: Page) -> None:
    """Paint traces into the columns of the plot."""
    whole = np.ascontiguousarray(pixels)
    brush = Brush(whole)
    for trace in page.traces:
        if trace.columns is not None:
            brush.paint(trace.columns)
    pixels[:] = whole
