"""The branches that were stimulated: name, current and count; choosing one selects it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.stimuli import sites_in, stimuli_at
from amr_viewer.gui.contents.rows import (
    PAD,
    Index,
    RowDelegate,
    draw_dot,
    draw_text,
    draw_warning,
    text_width,
)
from amr_viewer.gui.contents.section import RowList, Section
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Document, Site, Stage
from amr_viewer.gui.plot.site_colors import site_color
from amr_viewer.gui.theme import small_font
from amr_viewer.report.numbers import span
from amr_viewer.report.wording import EN


@dataclass(frozen=True, slots=True)
class SiteRow:
    """What a row says of a stimulated branch; `current` is empty where no mA are known."""

    site: Site
    name: str
    current: str
    count: int

    @property
    def is_known(self) -> bool:
        """Whether branch and side are known."""
        return None not in self.site

    @property
    def facts(self) -> str:
        """Current and count as they stand at the right."""
        return " · ".join(part for part in (self.current, str(self.count)) if part)

    @property
    def spoken(self) -> str:
        """The row in words."""
        current = f", {self.current}" if self.current else ", current not stated"
        return f"{self.name}{current}, {self.count} stimuli"


def site_rows(analysis: Analysis | None) -> tuple[SiteRow, ...]:
    """Return the branches that were stimulated, in order of time."""
    if analysis is None:
        return ()
    stimuli = analysis.stimuli
    rows = []
    for site in sites_in(stimuli):
        chosen = stimuli_at(stimuli, site)
        currents = stimuli.intensity_ma[chosen]
        known = currents[np.isfinite(currents)]
        current = f"{span(float(known.min()), float(known.max()))} mA" if known.size else ""
        rows.append(SiteRow(site, site_title(site), current, len(chosen)))
    return tuple(rows)


def site_title(site: Site) -> str:
    """Name a stimulated branch and its side in full."""
    if site == (None, None):
        return "Branch and side unknown"
    return f"{EN.branches[site[0] or '']}, {EN.sides[site[1] or '']}"


def why_no_sites(document: Document | None) -> str:
    """Say why no stimulation is listed, empty if some is."""
    if document is None:
        return "No recording is open."
    if document.analysis is not None:
        return "" if document.sites else "No stimuli were found in this recording."
    if document.stage is Stage.FAILED:
        return "The recording was not analyzed."
    return "Stimuli are listed after the analysis."


class SiteModel(QAbstractListModel):
    """The stimulated branches as rows."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: tuple[SiteRow, ...] = ()

    def put(self, rows: tuple[SiteRow, ...]) -> None:
        """Show other rows."""
        if rows != self.rows:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        """Return how many branches were stimulated."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return name and spoken text of a row."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        tip = row.spoken if row.is_known else f"{row.spoken}. Assign the markers to say which."
        return {
            Qt.ItemDataRole.DisplayRole: row.name,
            Qt.ItemDataRole.ToolTipRole: tip,
            Qt.ItemDataRole.AccessibleTextRole: row.spoken,
        }.get(Qt.ItemDataRole(role))


class SiteDelegate(RowDelegate):
    """Paints a dot in the color of Traces, the branch, and at the right current and count."""

    def paint_row(self, painter: QPainter, area: QRectF, index: Index) -> None:
        """Paint a stimulated branch."""
        row: SiteRow = index.model().rows[index.row()]  # type: ignore[attr-defined]
        theme, font = self.theme, painter.font()
        sign = QPointF(area.left() + 5, area.center().y())
        if row.is_known:
            draw_dot(painter, sign, site_color(theme, index.row()))
        else:
            draw_warning(painter, sign, theme)
        painter.setFont(small_font(font))
        taken = text_width(painter.font(), row.facts)
        draw_text(painter, area, row.facts, theme.muted, right=True)
        painter.setFont(font)
        draw_text(painter, area.adjusted(2.25 * PAD, 0, -taken - 6, 0), row.name, theme.text)


class SiteSection(Section):
    """The list of stimulated branches."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        view = RowList("Stimulated branches")
        super().__init__("Stimulation", view, parent)
        self.list, self._desk = view, desk
        self.model = SiteModel(self)
        view.setModel(self.model)
        view.setItemDelegate(SiteDelegate(desk.appearance, view))
        view.setToolTip("Stimulated branches with their current and count")
        session = desk.session
        session.analysis_changed.connect(self.refresh)
        session.current_changed.connect(self.refresh)
        session.documents_changed.connect(self._say_why)
        session.selection_changed.connect(self._follow)
        desk.appearance.changed.connect(view.viewport().update)
        view.chosen.connect(self._choose)
        self.refresh()

    def refresh(self) -> None:
        """Show what was stimulated."""
        document = self._desk.session.document
        self.model.put(site_rows(document.analysis if document else None))
        self._say_why()
        self._follow()

    def _say_why(self) -> None:
        """Say why nothing is listed, as far as reading and analysis are now."""
        self.say(why_no_sites(self._desk.session.document))

    def _follow(self) -> None:
        """Mark the branch that is selected."""
        document = self._desk.session.document
        site = document.selection.site if document else None
        rows = self.model.rows
        self.list.show_row(next((i for i, r in enumerate(rows) if r.site == site), -1))

    def _choose(self, row: int) -> None:
        """Select a branch, with its own first sweep."""
        self._desk.session.select(site=self.model.rows[row].site, sweep=None)
