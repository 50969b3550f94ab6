"""What a comparison of visits prints, ready for both templates: words, numbers, drawings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from amr_viewer.report.model import Drawing, Field


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit at a glance, or what happened between two (`event`, all else empty)."""

    number: str = ""
    date: str = ""
    gap: str = ""
    label: str = ""
    recording: str = ""
    recorded: str = ""
    amr: str = ""
    tone: str = "none"
    symbol: str = ""
    pattern: str = ""
    confidence: str = ""
    event: str = ""


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One line of a table of numbers; `tone` and `symbol` stand before the second cell."""

    cells: tuple[str, ...]
    tone: str = "none"
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class MeasureGroup:
    """The visits of one place below its name, or lines without one.

    `remark` says what cannot be said, and why.
    """

    title: str
    rows: tuple[MeasureRow, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class MeasureTable:
    """A table of numbers by place and visit; no groups: it is left out.

    Attributes
    ----------
    title : str
    columns : tuple of str
    weights : tuple of float
        Widths of the columns against each other.
    groups : tuple of MeasureGroup
    notes : tuple of str
        What is not in the table, and how to read it.
    cautions : tuple of str
        What limits its comparisons.
    """

    title: str
    columns: tuple[str, ...]
    weights: tuple[float, ...]
    groups: tuple[MeasureGroup, ...]
    notes: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VisitPanel:
    """One drawing over the visits."""

    title: str
    unit: str
    drawing: Drawing


@dataclass(frozen=True, slots=True)
class Alert:
    """What must be seen before anything else is read; `tone` colors its box."""

    tone: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class VisitsDocument:
    """A whole comparison; `wide_panels`: one in a row, as there are many visits."""

    language: str
    printed: str
    words: Mapping[str, str]
    institution: str
    header: tuple[Field, ...]
    alerts: tuple[Alert, ...]
    answers: tuple[Field, ...]
    caution: str
    visits: tuple[VisitRow, ...]
    visits_note: str
    panels: tuple[VisitPanel, ...]
    wide_panels: bool
    panels_note: str
    tables: tuple[MeasureTable, ...]
    course: tuple[str, ...]
    methods: tuple[Field, ...]
    warnings: tuple[str, ...]
    provenance: tuple[Field, ...]
    limits: tuple[str, ...]
    footer: str
    footer_right: str
