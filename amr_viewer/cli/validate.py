"""`amr-viewer validate`: accuracy on simulated truth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from amr_viewer.cli.terminal import Failures, progress_bar, say


def validate(
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder of the document.")] = None,
) -> None:
    """Measure detector and verdicts on simulated recordings; print one table."""
    from amr_viewer import validation

    failures = Failures()
    with failures.of(out or Path("validation")):
        with progress_bar("validate") as progress:
            found = validation.validate(progress)
        for line in validation.report_table(found).splitlines():
            say(line)
        if out is not None:
            for path in validation.write_document(found, out):
                say(f"Written: {path}")
    failures.close()
