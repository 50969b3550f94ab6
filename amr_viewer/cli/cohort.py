"""`amr-viewer cohort`: a folder of results, and a table of the user's, to one report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from amr_viewer.cli.report import DOCUMENTS, Language
from amr_viewer.cli.terminal import Failures, complain, fault_of, say
from amr_viewer.errors import ParameterError, ReadError

if TYPE_CHECKING:
    from amr_viewer.core.cohort import Cohort

Results = Annotated[
    Path, typer.Argument(metavar="RESULTS", help="Folder that analyze or batch wrote.")
]
Out = Annotated[
    Path,
    typer.Option(
        metavar="FILE",
        help="Document, .pdf or .html; cohort.csv and agreement.csv are written beside it.",
    ),
]
Table = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Your own CSV, one row per recording; any delimiter and encoding."
    ),
]
Key = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN",
        help="Column that names the recording by path or file; found by itself where it is plain.",
    ),
]
Patient = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN", help="Column that says whose recording it is; one called patient if any."
    ),
]
Group = Annotated[
    str | None, typer.Option(metavar="COLUMN", help="Column that divides the recordings.")
]
Reference = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN", help="Column that says whether there is disease, or which pattern."
    ),
]
Side = Annotated[str | None, typer.Option(metavar="COLUMN", help="Column that says on which side.")]
Positive = Annotated[
    list[str] | None,
    typer.Option(
        metavar="VALUE",
        help="Value of the reference that means disease, all others then mean none; may be given "
        "several times.",
    ),
]


def cohort(
    results: Results,
    out: Out,
    table: Table = None,
    key: Key = None,
    patient: Patient = None,
    group: Group = None,
    reference: Reference = None,
    side: Side = None,
    positive: Positive = None,
    language: Annotated[Language, typer.Option(help="Language of the document.")] = Language.EN,
) -> None:
    """Report over all recordings of a folder of results: counts, groups, agreement.

    Nothing is analyzed again. Without a table, verdicts and patterns are counted.
    """
    if out.suffix.lower() not in DOCUMENTS:
        raise typer.BadParameter(f"--out {out}: the name must end in {' or '.join(DOCUMENTS)}")
    columns = {
        "key": key, "patient": patient, "group": group, "reference": reference, "side": side,
    }  # fmt: skip
    failures = Failures()
    with failures.of(results):
        batch = _read(results, table, columns, positive or ())
        _tell(batch)
    failures.close()
    with failures.of(out):
        from amr_viewer.cohort import write_cohort_report

        for path in (out, *write_cohort_report(batch, out, language=language)):
            say(f"Written: {path}")
    failures.close()


def _read(
    results: Path, table: Path | None, columns: dict[str, str | None], positive: Sequence[str]
) -> Cohort:
    """Read the batch; options that do not go together are wrong usage."""
    from amr_viewer.cohort import read_cohort

    try:
        return read_cohort(results, table, **columns, positive=positive)
    except ParameterError as error:
        raise typer.BadParameter(str(error)) from error
    except ReadError as error:
        # It names the file at fault, which may be the table.
        complain(fault_of(error))
        raise typer.Exit(1) from error


def _tell(batch: Cohort) -> None:
    """Print what was found, and what was left out; no cell of the user's table but keys."""
    from amr_viewer.report.cohort_agreement import amr_answer, pattern_answer
    from amr_viewer.report.cohort_shares import alerts
    from amr_viewer.report.cohort_words import words_of

    words = words_of("en")
    say(f"{batch.name}: {len(batch.recordings)} recordings")
    say(f"AMR: {amr_answer(batch, words)}")
    say(f"Free-running EMG: {pattern_answer(batch.hfs, words)}")
    for alert in alerts(batch, words):
        complain(f"warning: {alert.title}. {alert.text}")
