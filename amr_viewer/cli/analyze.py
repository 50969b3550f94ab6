"""`amr-viewer analyze`: recordings to result files."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from amr_viewer.cli.options import (
    FreeRunning,
    IgnoreReview,
    ProtocolFile,
    Settings,
    stated_protocol,
)
from amr_viewer.cli.terminal import Failures, progress_bar, say
from amr_viewer.errors import ExportError, ReadError

if TYPE_CHECKING:
    from amr_viewer.core.protocol import Protocol
    from amr_viewer.core.result_key import ResultKey

SUMMARY = "summary.csv"
PARQUET = "summary.parquet"

Expect = Annotated[
    str | None,
    typer.Option(
        metavar="KEY",
        help="Refuse unless recording, protocol, review and program are those of an earlier "
        "result, which names KEY in its command.",
    ),
]


def analyze(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Recordings.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the results.")],
    protocol: ProtocolFile = None,
    settings: Settings = None,
    ignore_review: IgnoreReview = False,
    free_running: FreeRunning = True,
    expect: Expect = None,
    parquet: Annotated[
        bool, typer.Option("--parquet", help=f"Write {PARQUET} beside {SUMMARY}.")
    ] = False,
) -> None:
    """Analyze recordings; write their results and a summary into a folder.

    What a person decided about a recording (its review file) is applied.
    """
    rules = stated_protocol(protocol, settings)
    if expect is not None and len(paths) != 1:
        raise typer.BadParameter("--expect: is the key of one result; name one recording")
    if out.exists() and not out.is_dir():
        raise typer.BadParameter(f"--out {out}: this is a file; name a folder")
    if parquet and find_spec("pyarrow") is None:
        raise typer.BadParameter(
            "--parquet: needs the library pyarrow; install it with: pip install "
            "'amr-viewer[parquet]'"
        )
    failures = Failures()
    how = {"use_review": not ignore_review, "free_running": free_running}
    rows = [
        _row(path, name, out, rules, how, failures, expect)
        for path, name in result_names(paths).items()
    ]
    summary = out / SUMMARY
    with failures.of(summary):
        from amr_viewer.report.results import write_summary

        write_summary(rows, summary)
    if parquet:
        with failures.of(out / PARQUET):
            from amr_viewer.report.parquet import write_summary_parquet

            write_summary_parquet(rows, out / PARQUET)
    failures.close()


def _row(
    path: Path,
    name: str,
    out: Path,
    protocol: Protocol | None,
    how: Mapping[str, bool],
    failures: Failures,
    expect: str | None,
) -> dict[str, Any]:
    """Analyze one recording, write its results, and return its row of the summary."""
    from amr_viewer import workflow
    from amr_viewer.report.results import summary_row, write_results

    with failures.of(path) as caught, progress_bar(path.name) as progress:
        if name.casefold() == SUMMARY:
            raise ExportError(f"{name}: its results would take the place of {SUMMARY}; rename it")
        if expect is not None:
            _check(path, expect, workflow.expected_key(path, protocol, **how))
        analysis = workflow.analyze_file(path, protocol, progress, **how)
        if expect is not None and analysis.key is not None:
            _check(path, expect, analysis.key)
        write_results(analysis, out / name)
        say(f"{path}: {analysis.answer}")
        return summary_row(analysis, name)
    return summary_row(caught[0], name) | {"command": workflow.command_of(path, protocol, **how)}


def _check(path: Path, expect: str, key: ResultKey) -> None:
    """Raise where the result would not be the one that is expected."""
    from amr_viewer.core.result_key import NO_KEY, difference

    differing = difference(expect, key)
    if differing == NO_KEY:
        raise ReadError(f"{path.name}: --expect {expect}: {NO_KEY}; copy the whole command")
    if differing:
        raise ReadError(
            f"{path.name}: {differing} since that result was made; leave --expect out to analyze "
            "it as it is now"
        )


def result_names(paths: list[Path]) -> dict[Path, str]:
    """Return the name of each recording's result folder, each recording once.

    The file's own name where all differ, else its path from the folder that holds all of them.
    Names that differ only in case count as the same, as some file systems see them.

    Examples
    --------
    >>> list(result_names([Path("a/x.edf"), Path("b/x.edf")]).values())
    ['a/x.edf', 'b/x.edf']
    """
    places: dict[Path, Path] = {}
    for path in paths:
        full = Path(os.path.abspath(path))  # noqa: PTH100 - a link keeps its own name
        if full not in places.values():
            places[path] = full
    if max(Counter(full.name.casefold() for full in places.values()).values()) == 1:
        return {path: full.name for path, full in places.items()}
    common = os.path.commonpath([full.parent for full in places.values()])
    return {path: full.relative_to(common).as_posix() for path, full in places.items()}
