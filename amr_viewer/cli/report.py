"""`amr-viewer report`: a recording to a document."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from amr_viewer.cli.options import (
    FreeRunning,
    IgnoreReview,
    ProtocolFile,
    RecordingPath,
    Settings,
    stated_protocol,
)
from amr_viewer.cli.terminal import Failures, progress_bar, say

if TYPE_CHECKING:
    from amr_viewer.core.analysis import Analysis

DOCUMENTS = (".pdf", ".html")


class Language(StrEnum):
    """Languages of the report."""

    EN = "en"
    RU = "ru"


TemplateFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", exists=True, dir_okay=False, help="Template of the document."),
]


def report(
    path: RecordingPath,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Document, .pdf or .html.")],
    template: TemplateFile = None,
    language: Annotated[Language, typer.Option(help="Language of the document.")] = Language.EN,
    protocol: ProtocolFile = None,
    settings: Settings = None,
    ignore_review: IgnoreReview = False,
    free_running: FreeRunning = True,
) -> None:
    """Analyze a recording and write its report as PDF or HTML.

    What a person decided about the recording (its review file) is applied.
    """
    if out.suffix.lower() not in DOCUMENTS:
        raise typer.BadParameter(f"--out {out}: the name must end in {' or '.join(DOCUMENTS)}")
    rules = stated_protocol(protocol, settings)
    failures = Failures()
    with failures.of(path), progress_bar(path.name) as progress:
        from amr_viewer import workflow

        analysis = workflow.analyze_file(
            path, rules, progress, use_review=not ignore_review, free_running=free_running
        )
        write_document(analysis, out, template, language)
        say(f"{path}: {analysis.answer}")
        say(f"Report: {out}")
    failures.close()


def write_document(
    analysis: Analysis, path: Path, template: Path | None = None, language: str = "en"
) -> None:
    """Write the report of an analysis, with its sweeps."""
    from amr_viewer import workflow
    from amr_viewer.report.document import write_report

    sweeps = workflow.report_sweeps(analysis)
    write_report(analysis, sweeps, path, template=template, language=language)
