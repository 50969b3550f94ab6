"""What a report holds, ready to be printed: words, numbers as text, and drawings as SVG.

Both templates (typst, HTML) print exactly this; a laboratory's own template may print less of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

_UNPRINTABLE = dict.fromkeys(
    [*range(9), *range(11, 32), *range(127, 160), *range(0xD800, 0xE000)],
    "\N{REPLACEMENT CHARACTER}",
)


@dataclass(frozen=True, slots=True)
class Field:
    """A name and its value; an empty value is a line to be filled in by hand."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Headline:
    """The answer: `tone` colors the box, `strong` is printed bold, `wording` small below."""

    tone: str
    strong: str
    rest: str
    wording: str


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """One line of the table of responses; `site` is empty where it repeats the line above."""

    site: str
    muscle: str
    tone: str
    symbol: str
    verdict: str
    persistence: str
    onset: str
    amplitude: str
    amr_to_m: str


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """One pair of site and channel; `text` is the count of responses or the size of M."""

    tone: str
    symbol: str
    text: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One stimulated branch."""

    site: str
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """All pairs at a glance; no columns where the table of responses says it all."""

    columns: tuple[str, ...]
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """Superimposed sweeps of one channel."""

    muscle: str
    side: str
    tone: str
    chip: str
    measures: str
    figure: str
    alt: str


@dataclass(frozen=True, slots=True)
class Stack:
    """Stacked sweeps of one channel."""

    muscle: str
    side: str
    figure: str
    alt: str


@dataclass(frozen=True, slots=True)
class SiteSection:
    """Everything that is drawn for one stimulated branch."""

    title: str
    note: str
    panels: tuple[Panel, ...]
    stacks: tuple[Stack, ...]
    stack_note: str
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CoursePanel:
    """The course of one muscle: persistence, amplitude and states over the session."""

    muscle: str
    site: str
    tone: str
    chip: str
    measures: str
    figure: str
    alt: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change of state: between which times, what was and what is, what happened there."""

    muscle: str
    site: str
    tone: str
    symbol: str
    change: str
    between: str
    before: str
    after: str
    marks: str


@dataclass(frozen=True, slots=True)
class Course:
    """The course over the session; no panels where there is none to show."""

    note: str
    panels: tuple[CoursePanel, ...]
    changes: tuple[ChangeRow, ...]
    remark: str
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BurstRow:
    """Bursts of one muscle; `side` is empty where it repeats the line above."""

    side: str
    muscle: str
    per_min: str
    clonic: str
    tonic: str
    other: str
    duration: str
    load: str
    area: str
    set_aside: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing, what it shows for those who cannot see it, and how to read it."""

    figure: str
    alt: str
    note: str


@dataclass(frozen=True, slots=True)
class PatternSection:
    """What free-running EMG shows; no answer: `remark` says why, or nothing was looked for."""

    remark: str
    tone: str = "none"
    answer: str = ""
    chip: str = ""
    sentence: str = ""
    caution: str = ""
    rows: tuple[BurstRow, ...] = ()
    raster: Drawing | None = None
    matrix: Drawing | None = None
    measures: tuple[Field, ...] = ()
    supporting: tuple[str, ...] = ()
    opposing: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    closing: tuple[Field, ...] = ()
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DetailRow:
    """One pair of site and channel with all that the verdict rests on."""

    site: str
    muscle: str
    valid: str
    p_value: str
    jitter: str
    duration: str
    phases: str
    noise: str
    tone: str
    symbol: str
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """How a channel of the file was understood."""

    label: str
    muscle: str
    side: str
    sampling: str
    unit: str
    filters: str


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """One parameter; `default` is empty where the value is the default."""

    name: str
    value: str
    default: str
    help: str
    source: str


@dataclass(frozen=True, slots=True)
class EditRow:
    """One change by a person."""

    what: str
    was: str
    now: str
    who: str
    when: str


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report; `hidden` names the sections that a person switched off."""

    language: str
    printed: str
    words: Mapping[str, str]
    institution: str
    header: tuple[Field, ...]
    headline: Headline
    responses: tuple[ResponseRow, ...]
    face_map: str
    face_alt: str
    notes: tuple[str, ...]
    matrix: Matrix
    sites: tuple[SiteSection, ...]
    course: Course
    patterns: PatternSection
    meaning: str
    conclusion: tuple[Field, ...]
    details: tuple[DetailRow, ...]
    methods: tuple[Field, ...]
    channels: tuple[ChannelRow, ...]
    parameters: tuple[ParameterRow, ...]
    warnings: tuple[str, ...]
    edits: tuple[EditRow, ...]
    edits_note: str
    provenance: tuple[Field, ...]
    limits: tuple[str, ...]
    footer: str
    footer_right: str
    hidden: tuple[str, ...] = ()


def printable(value: Any) -> Any:
    """Return a value with every character that no font can show replaced, at any depth.

    Headers of recordings hold control characters now and then; PDF/A refuses them.
    """
    if isinstance(value, str):
        return value.translate(_UNPRINTABLE)
    if isinstance(value, tuple):
        return tuple(map(printable, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: printable(getattr(value, f.name)) for f in fields(value)})
    return value
