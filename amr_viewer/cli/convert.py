"""`amr-viewer convert`: a recording to EDF+ or BDF+, what was found in it as annotations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from amr_viewer.cli.options import (
    IgnoreReview,
    ProtocolFile,
    RecordingPath,
    Settings,
    stated_protocol,
)
from amr_viewer.cli.terminal import Failures, complain, progress_bar, say

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
) -> None:
    """Analyze a recording and write it as EDF+ or BDF+ with stimuli and findings as annotations.

    What a person decided about the recording (its review file) is applied.
    """
    if out.suffix.lower() not in WRITABLE:
        raise typer.BadParameter(f"--out {out}: the name must end in {' or '.join(WRITABLE)}")
    rules = stated_protocol(protocol, settings)
    failures = Failures()
    with failures.of(path), progress_bar(path.name) as progress:
        from amr_viewer import workflow

        analysis = workflow.analyze_file(path, rules, progress, use_review=not ignore_review)
        notes = workflow.export_edf(analysis, out, overwrite=overwrite)
        say(f"{path}: {analysis.answer}")
        say(f"Recording: {out}")
        for note in notes:
            complain(f"{out}: {note}")
    failures.close()
