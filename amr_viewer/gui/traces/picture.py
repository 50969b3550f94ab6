"""The picture of the traces: what is asked of the loader, and the page that is kept."""

from __future__ import annotations

import time
from math import floor

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Document
from amr_viewer.gui.traces.baseline import offset_of
from amr_viewer.gui.traces.colors import channel_color
from amr_viewer.gui.traces.filters import Filters
from amr_viewer.gui.traces.ground import draw_page, paint_ground
from amr_viewer.gui.traces.lanes import Lanes
from amr_viewer.gui.traces.loader import PageLoader
from amr_viewer.gui.traces.page import Page, PageRequest, Spans, Trace
from amr_viewer.gui.traces.scene import REJECTED, Scene, scene_of
from amr_viewer.gui.traces.verbs import Verbs

LINE_WIDTH = 1.25
OVERLAP_LANES = 0.5
"""How far a trace may reach into the lanes of its neighbours; beyond it runs along the edge."""


class Picture:
    """Keeps the page that was painted last, and makes another when it is needed."""

    def __init__(self, desk: Desk, verbs: Verbs, loader: PageLoader) -> None:
        self._desk, self._verbs, self.loader = desk, verbs, loader
        self._scene: tuple[object, Scene] | None = None
        self._spans: tuple[object, dict[int, tuple[Spans, ...]]] | None = None
        self._traces: tuple[object, tuple[Trace, ...]] | None = None
        self._kept: tuple[object, Page, QImage] | None = None
        self.late_since: float | None = None
        """Since when (`time.monotonic`) the page that is wanted has been late."""

    @property
    def page(self) -> Page | None:
        """The page that was painted last."""
        return self._kept[1] if self._kept else None

    def scene(self, document: Document) -> Scene:
        """Return what lies over the traces; made again when marks or the analysis change."""
        basis = (document.key, document.recording, document.analysis, document.review.marks)
        if self._scene is None or self._scene[0] != basis:
            self._scene = (basis, scene_of(document))
        return self._scene[1]

    def offsets(self, document: Document) -> dict[int, float]:
        """Return what is drawn on the base line of each channel."""
        assert document.recording is not None
        own = self._verbs.own
        return {
            c: offset_of(document.recording, c, own.baseline(c), document.layout.gain_of(c))
            for c in document.layout.visible
        }

    def begin(self, lanes: Lanes, document: Document, ratio: float) -> PageRequest:
        """Let a thread begin with the page that is wanted, while other things are painted.

        `ratio` is pixels of the device per pixel of the window.
        """
        request = self._request(document, lanes, ratio)
        self.loader.begin(request)
        return request

    def paint(
        self,
        painter: QPainter,
        lanes: Lanes,
        document: Document,
        request: PageRequest,
        ratio: float,
    ) -> None:
        """Paint the page that is wanted; while it is late, the former one where it belongs."""
        kept = self._kept
        shape = (self.scene(document), self._desk.theme.name, ratio, lanes.height)
        if kept is None or self.loader.page is not kept[1] or kept[0] != (request, shape):
            page = self.loader.ask(request)
            if page is not None:
                picture = paint_ground(lanes, request, shape[0], self._desk.theme, ratio)
                draw_page(picture, lanes, page, self._desk.theme)
                picture.setDevicePixelRatio(ratio)
                self._kept = kept = ((request, shape), page, picture)
                self.late_since = None
            else:
                self.late_since = self.late_since or time.monotonic()
                painter.fillRect(lanes.area, QColor(self._desk.theme.surface))
                if kept is not None and kept[1].request.recording is request.recording:
                    self._paint_former(painter, lanes, kept[1], kept[2])
                return
        painter.drawImage(lanes.area.topLeft(), kept[2])

    def _paint_former(self, painter: QPainter, lanes: Lanes, page: Page, picture: QImage) -> None:
        """Paint a page of another stretch where its times lie now."""
        left = lanes.time.pixel(page.request.start_s)
        right = lanes.time.pixel(page.request.stop_s)
        painter.save()
        painter.setClipRect(lanes.area)
        box = QRectF(left, lanes.area.top(), right - left, lanes.area.height())
        painter.drawImage(box, picture)
        painter.restore()

    def _request(self, document: Document, lanes: Lanes, ratio: float) -> PageRequest:
        """Return which page is wanted."""
        assert document.recording is not None
        s, display = document.selection, self._desk.session.display
        return PageRequest(
            document.recording,
            self._verbs.own.pyramid,
            s.start_s,
            s.span_s,
            max(round(lanes.area.width() * ratio), 1),
            LINE_WIDTH * ratio,
            self._traces_of(document, lanes, ratio),
            Filters(display.high_pass_hz, display.low_pass_hz, display.notch_hz),
        )

    def _traces_of(self, document: Document, lanes: Lanes, ratio: float) -> tuple[Trace, ...]:
        """Return how the channels are painted; kept, as it is the same on every page."""
        area, own = lanes.area, self._verbs.own
        spans = self._spans_of(document)
        basis = (
            *(document.recording, document.layout, own.baselines, spans, self._desk.theme.name),
            *(self._desk.session.display.sign, ratio, area.top(), area.height(), lanes.channels),
        )
        if self._traces is None or self._traces[0] != basis:
            offsets = self.offsets(document)
            traces = tuple(
                self._trace(document, lanes, ratio, place, offsets[channel], spans)
                for place, channel in enumerate(lanes.channels)
            )
            self._traces = (basis, traces)
        return self._traces[1]

    def _trace(
        self,
        document: Document,
        lanes: Lanes,
        ratio: float,
        place: int,
        offset: float,
        spans: dict[int, tuple[Spans, ...]],
    ) -> Trace:
        """Return how the channel at a place is painted."""
        assert document.recording is not None
        channel = lanes.channels[place]
        info = document.recording.channels[channel]
        # In the middle of a row, so that a flat line is crisp.
        center = floor((lanes.center(place) - lanes.area.top()) * ratio) + 0.5
        far = lanes.height * (0.5 + OVERLAP_LANES) * ratio
        height = round(lanes.area.height() * ratio)
        sign = self._desk.session.display.sign if info.unit == "uV" else 1.0
        return Trace(
            channel,
            center,
            sign * ratio * lanes.division / document.layout.gain_of(channel),
            offset,
            (max(round(center - far), 0), min(round(center + far), height)),
            channel_color(self._desk.theme, info).rgba(),
            spans.get(channel, ()),
        )

    def _spans_of(self, document: Document) -> dict[int, tuple[Spans, ...]]:
        """Return the stretches of responses in the colors of the theme."""
        scene, theme = self.scene(document), self._desk.theme
        basis = (scene, theme.name)
        if self._spans is None or self._spans[0] != basis:
            found: dict[int, tuple[Spans, ...]] = {}
            for r in scene.responses:
                if r.tone != REJECTED:
                    spans = Spans(r.starts_s, r.stops_s, QColor(theme.tone(r.tone)[0]).rgba())
                    found[r.channel] = (*found.get(r.channel, ()), spans)
            self._spans = (basis, found)
        return self._spans[1]
