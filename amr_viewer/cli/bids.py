"""`amr-viewer bids`: results as a BIDS data set of derivatives."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from amr_viewer.cli.terminal import Failures, complain, progress_bar, say


def bids(
    results: Annotated[
        Path, typer.Argument(metavar="RESULTS", help="Folder that batch or analyze wrote.")
    ],
    out: Annotated[
        Path,
        typer.Option(
            metavar="DERIVATIVES",
            help="Root of the derivatives, usually DATASET/derivatives/amr-viewer.",
        ),
    ],
    dataset: Annotated[
        Path | None,
        typer.Option(metavar="DATASET", help="Root of the BIDS data set that was analyzed."),
    ] = None,
    name: Annotated[str, typer.Option(help="Name of the data set of derivatives.")] = "",
) -> None:
    """Write results as BIDS derivatives: events, findings, patterns and course as tables."""
    failures = Failures()
    with failures.of(results), progress_bar(results.name) as progress:
        from amr_viewer.report.bids import write_derivatives

        written = write_derivatives(results, out, dataset=dataset, name=name, progress=progress)
        count = len(written.recordings)
        say(f"Derivatives of {count} recording{'' if count == 1 else 's'}: {out}")
        for note in written.notes:
            complain(note)
    failures.close()
