"""`amr-viewer demo`: a sample recording, its results and its report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from amr_viewer.cli.report import write_document
from amr_viewer.cli.terminal import Failures, progress_bar, say

SAMPLE = "hfs_left_preop"


def demo(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the results.")] = Path(
        "demo-output"
    ),
) -> None:
    """Analyze a sample recording, and write its results and its report."""
    failures = Failures()
    with failures.of(out), progress_bar("demo") as progress:
        from amr_viewer import workflow
        from amr_viewer.core.protocol import Protocol
        from amr_viewer.io import read_recording
        from amr_viewer.report.results import summary_row, write_results, write_summary
        from amr_viewer.samples import sample_file

        sample = sample_file(SAMPLE, out)
        protocol = Protocol()
        analysis = workflow.analyze(read_recording(sample, protocol), protocol, progress)
        write_results(analysis, out / "results" / sample.name)
        write_summary([summary_row(analysis, sample.name)], out / "results" / "summary.csv")
        write_document(analysis, out / "report.pdf")
        say(analysis.headline)
        say(f"Recording: {sample}")
        say(f"Results:   {out / 'results'}")
        say(f"Report:    {out / 'report.pdf'}")
    failures.close()
