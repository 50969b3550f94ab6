"""`amr-viewer demo`: a sample recording, its results, its report, and the window."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
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
    window: Annotated[
        bool, typer.Option(help="Open the window afterwards, if there is a screen.")
    ] = True,
) -> None:
    """Analyze a sample recording, write its results and its report, and open the window."""
    failures = Failures()
    with failures.of(out), progress_bar("demo") as progress:
        from amr_viewer import workflow
        from amr_viewer.core.protocol import Protocol
        from amr_viewer.io import read_recording
        from amr_viewer.report.results import summary_row, write_results, write_summary
        from amr_viewer.samples import sample_file

        sample = sample_file(SAMPLE, out)
        protocol = Protocol()
        analysis = workflow.analyze(
            read_recording(sample, protocol), protocol, progress, free_running=True
        )
        write_results(analysis, out / "results" / sample.name)
        write_summary([summary_row(analysis, sample.name)], out / "results" / "summary.csv")
        write_document(analysis, out / "report.pdf")
        say(analysis.answer)
        say(f"Recording: {sample}")
        say(f"Results:   {out / 'results'}")
        say(f"Report:    {out / 'report.pdf'}")
    failures.close()
    if window and has_screen() and find_spec("PySide6") is not None:
        from amr_viewer.gui.app import run

        raise typer.Exit(run([sample]))


def has_screen() -> bool:
    """Whether a window could be shown."""
    if sys.platform.startswith("linux"):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True
