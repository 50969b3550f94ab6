"""`amr-viewer compare`: several recordings of one patient to one document and one table."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from amr_viewer.cli.options import IgnoreReview, ProtocolFile, Settings, stated_protocol
from amr_viewer.cli.report import DOCUMENTS, Language
from amr_viewer.cli.terminal import Failures, complain, fault_of, progress_bar, say

if TYPE_CHECKING:
    from amr_viewer.analysis.visit_order import EventNote
    from amr_viewer.analysis.visit_points import VisitFacts
    from amr_viewer.core.visits import Comparison

TABLE = "visits.csv"
DOCUMENT = "comparison.pdf"


class OrderBy(StrEnum):
    """What the visits are ordered by."""

    DATE = "date"
    GIVEN = "given"


Recordings = Annotated[
    list[Path], typer.Argument(metavar="PATH", help="Recordings of one patient.")
]
Out = Annotated[
    Path,
    typer.Option(
        metavar="FILE|DIR",
        help=f"Document, .pdf or .html, or a folder; {TABLE} is written beside it.",
    ),
]
Labels = Annotated[
    list[str] | None,
    typer.Option(metavar="TEXT", help="Name of a visit, once for each PATH, in their order."),
]
Events = Annotated[
    list[str] | None,
    typer.Option(
        metavar="DATE=TEXT",
        help="What happened: YYYY-MM-DD=TEXT, YYYY-MM=TEXT, or N=TEXT for after visit N; may be "
        "given several times.",
    ),
]


def compare(
    paths: Recordings,
    out: Out,
    order: Annotated[
        OrderBy, typer.Option(help="By the dates in the files, or as given.")
    ] = OrderBy.DATE,
    label: Labels = None,
    event: Events = None,
    protocol: ProtocolFile = None,
    settings: Settings = None,
    language: Annotated[Language, typer.Option(help="Language of the document.")] = Language.EN,
    ignore_review: IgnoreReview = False,
) -> None:
    """Compare several recordings of one patient: AMR, direct response and bursts, visit by visit.

    What a person decided about a recording (its review file) is applied.
    """
    document = _document(out)
    if len(paths) < 2:
        raise typer.BadParameter("a comparison takes two recordings or more")
    labels = label or [""] * len(paths)
    if len(labels) != len(paths):
        raise typer.BadParameter(
            f"--label: {len(labels)} for {len(paths)} recordings; give one for each"
        )
    notes = [_note(text) for text in event or []]
    rules = stated_protocol(protocol, settings)
    failures, facts, faults = Failures(), [], []
    for path, name in zip(paths, labels, strict=True):
        with failures.of(path) as caught, progress_bar(path.name) as progress:
            from amr_viewer import visits

            facts.append(
                visits.read_visit(path, rules, progress, label=name, use_review=not ignore_review)
            )
        faults += [(path.name, fault_of(error)) for error in caught]
    comparison = _compared(facts, order, notes, faults)
    _tell(comparison)
    with failures.of(document):
        _write(comparison, document, language)
    failures.close()


def _write(comparison: Comparison, document: Path, language: str) -> None:
    """Write the table and the document."""
    from amr_viewer.report.visits_document import write_visits
    from amr_viewer.report.visits_table import write_visits_table

    table = document.parent / TABLE
    write_visits_table(comparison, table)
    write_visits(comparison, document, language=language)
    say(f"Comparison: {document}")
    say(f"Table: {table}")


def _document(out: Path) -> Path:
    """Return the file of the document."""
    if out.is_dir():
        return out / DOCUMENT
    if out.suffix.lower() in DOCUMENTS:
        return out
    if out.exists() or out.suffix:
        raise typer.BadParameter(
            f"--out {out}: the name must end in {' or '.join(DOCUMENTS)}, or be that of a folder"
        )
    return out / DOCUMENT


def _note(text: str) -> EventNote:
    """Split ``DATE=TEXT``; wrong usage where it is none."""
    from amr_viewer.analysis.visit_order import EventNote, check_when
    from amr_viewer.errors import ParameterError

    when, sign, what = text.partition("=")
    if not (when.strip() and sign and what.strip()):
        raise typer.BadParameter(f"--event {text}: write DATE=TEXT")
    note = EventNote(when.strip(), what.strip())
    try:
        check_when(note.when)
    except ParameterError as error:
        raise typer.BadParameter(str(error)) from error
    return note


def _compared(
    facts: list[VisitFacts],
    order: OrderBy,
    notes: list[EventNote],
    faults: list[tuple[str, str]],
) -> Comparison:
    """Compare; an event that cannot be placed is wrong usage, too few recordings are a failure."""
    from amr_viewer import workflow
    from amr_viewer.analysis import visits
    from amr_viewer.core.visits import (
        Failure,
        Order,
    )
    from amr_viewer.errors import ParameterError

    try:
        return visits.compare(
            facts,
            order=Order(order.value),
            events=notes,
            failures=[Failure(*fault) for fault in faults],
            versions=workflow.versions(),
        )
    except ParameterError as error:
        if len(facts) < visits.LEAST_VISITS:
            complain(str(error))
            raise typer.Exit(1) from error
        raise typer.BadParameter(str(error)) from error


def _tell(comparison: Comparison) -> None:
    """Print a line for each visit, and the warnings; nothing that names the patient."""
    from amr_viewer.report.visits import alerts
    from amr_viewer.report.visits_words import words_of

    for i, visit in enumerate(comparison.visits):
        about = " ".join(part for part in (visit.date, visit.label) if part)
        say(f"Visit {i + 1}{f' ({about})' if about else ''}, {visit.recording}: {visit.headline}")
    words = words_of("en")
    for alert in alerts(comparison, words):
        if alert.title != words["failed_title"]:
            complain(f"warning: {alert.title}. {alert.text}")
