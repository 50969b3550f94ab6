"""What a report over a batch prints, ready for both templates: words, numbers, drawings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from amr_viewer.report.model import Field
from amr_viewer.report.visits_model import Alert, VisitPanel


@dataclass(frozen=True, slots=True)
class CohortRow:
    """One line of a table; `tone` and `symbol` stand before the cell `signed` of its table.

    `figure` is a small drawing, set behind the last cell; empty for none.
    """

    cells: tuple[str, ...]
    tone: str = "none"
    symbol: str = ""
    figure: str = ""
    is_title: bool = False


@dataclass(frozen=True, slots=True)
class CohortTable:
    """A table; no rows: only its notes are printed.

    Attributes
    ----------
    title : str
    columns : tuple of str
    weights : tuple of float
        Widths of the columns against each other.
    rows : tuple of CohortRow
    notes : tuple of str
    signed : int
        Column in which the symbol of a row stands.
    """

    title: str
    columns: tuple[str, ...]
    weights: tuple[float, ...]
    rows: tuple[CohortRow, ...]
    notes: tuple[str, ...] = ()
    signed: int = 0


@dataclass(frozen=True, slots=True)
class Tile:
    """One recording in small."""

    name: str
    tone: str
    symbol: str
    verdict: str
    pattern: str
    figure: str
    alt: str


@dataclass(frozen=True, slots=True)
class TileGroup:
    """The recordings of one group; no title where nothing divides them."""

    title: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class CohortDocument:
    """A whole report over a batch."""

    language: str
    printed: str
    words: Mapping[str, str]
    header: tuple[Field, ...]
    alerts: tuple[Alert, ...]
    answers: tuple[Field, ...]
    caution: str
    counts: tuple[CohortTable, ...]
    rests_on: tuple[Field, ...]
    agreement: tuple[CohortTable, ...]
    panels: tuple[VisitPanel, ...]
    panels_note: str
    differences: tuple[CohortTable, ...]
    tiles: tuple[TileGroup, ...]
    tiles_notes: tuple[str, ...]
    recordings: CohortTable
    failures: tuple[CohortTable, ...]
    warnings: tuple[CohortTable, ...]
    methods: tuple[Field, ...]
    limits: tuple[str, ...]
    provenance: tuple[Field, ...]
    footer: str
    footer_right: str
