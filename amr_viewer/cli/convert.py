"""`amr-viewer convert`: a recording to EDF+ or BDF+, what was found in it as annotations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from amr_viewer.cli.options import (
    IgnoreReview,
    ProtocolFile,
    RecordingPath,
    Settings,
    stated_protocol,
)
from amr_viewer.cli.terminal import Failures, complain, progress_bar, say

if TYPE_CHECKING:
    from amr_viewer.core.analysis import Analysis

WRITABLE = (".edf", ".bdf")


def convert(
    path: RecordingPath,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Recording, .edf or .bdf.")],
    protocol: ProtocolFile = None,
    settings: Settings = None,
    ignore_review: IgnoreReview = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a file that stands there.")
    ] = False,
    anonymize: Annotated[
        bool,
        typer.Option(
            "--anonymize",
            help="Leave out what identifies the patient; FILE may be a folder: then a neutral name "
            "is chosen.",
        ),
    ] = False,
    code: Annotated[
        str, typer.Option(metavar="CODE", help="With --anonymize: stands for the patient.")
    ] = "",
) -> None:
    """Analyze a recording and write it as EDF+ or BDF+ with stimuli and findings as annotations.

    What a person decided about the recording (its review file) is applied. With --anonymize the
    file holds nothing that identifies the patient, as far as texts go: signals are not altered.
    """
    named = out.suffix.lower() in WRITABLE and not out.is_dir()
    if not named and not (anonymize and out.is_dir()):
        raise typer.BadParameter(f"--out {out}: the name must end in {' or '.join(WRITABLE)}")
    if code and not anonymize:
        raise typer.BadParameter("--code: stands in an anonymous file only; add --anonymize")
    rules = stated_protocol(protocol, settings)
    failures = Failures()
    title = "recording" if anonymize else path.name
    with failures.of(path), progress_bar(title) as progress:
        from amr_viewer import workflow

        analysis = workflow.analyze_file(path, rules, progress, use_review=not ignore_review)
        if anonymize:
            _write_anonymous(analysis, out, code, overwrite, failures)
        else:
            notes = workflow.export_edf(analysis, out, overwrite=overwrite)
            say(f"{path}: {analysis.answer}")
            _tell(out, notes)
    failures.close()


def _write_anonymous(
    analysis: Analysis, out: Path, code: str, overwrite: bool, failures: Failures
) -> None:
    """Write an anonymous file; names of files and folders may be the patient's and are not said."""
    from amr_viewer.io.anonymize import Anonymity, write_anonymous
    from amr_viewer.report.annotations import annotated

    with failures.of(Path("anonymous export")):
        made = write_anonymous(analysis, annotated, out, Anonymity(code), overwrite=overwrite)
        say(f"AMR: {analysis.amr.replace('_', ' ')}")
        _tell(Path(made.path.name), made.notes)


def _tell(path: Path, notes: tuple[str, ...]) -> None:
    """Say what was written, and what has to be known of it."""
    say(f"Recording: {path}")
    for note in notes:
        complain(f"{path}: {note}")
