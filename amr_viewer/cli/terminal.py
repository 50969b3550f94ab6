"""What the commands share: the two streams, progress, and how a fault is said in one line.

Libraries print nothing; texts that come from files are made harmless before a terminal sees them.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console

from amr_viewer.core.progress import Progress, silent
from amr_viewer.errors import AmrViewerError

WIDTH_IN_FILES = 140

out = Console(
    markup=False,
    highlight=False,
    emoji=False,
    width=None if sys.stdout.isatty() else WIDTH_IN_FILES,
)
err = Console(markup=False, highlight=False, emoji=False, stderr=True)


def printable(text: str) -> str:
    """Replace what could steer a terminal or break a line."""
    return "".join(c if c.isprintable() else " " for c in text)


def say(text: str) -> None:
    """Print one line of plain output."""
    typer.echo(printable(text))


def complain(text: str) -> None:
    """Print one line on standard error."""
    typer.echo(f"amr-viewer: {printable(text)}", err=True)


def fault_of(error: Exception) -> str:
    """Say what went wrong, and the remedy, in one line."""
    if isinstance(error, AmrViewerError):
        return " ".join(str(error).split())
    if isinstance(error, OSError):
        return f"{error.strerror or error}; check that the file is there and may be read"
    if isinstance(error, MemoryError):
        return "not enough memory; close other programs or analyze a shorter recording"
    kind = type(error).__name__
    return f"unexpected fault ({kind}: {error}); please report it with the output of --debug"


class Failures:
    """Counts the files that failed, so that one does not stop the others."""

    def __init__(self) -> None:
        self.count = 0

    @contextmanager
    def of(self, path: Path) -> Iterator[list[Exception]]:
        """Run the work on one file; a fault becomes one line on standard error.

        Yields a list that holds the fault after the block, if there was one.
        """
        caught: list[Exception] = []
        try:
            yield caught
        except (typer.Exit, typer.TyperException, BrokenPipeError):
            raise
        except Exception as error:
            caught.append(error)
            self.count += 1
            fault = fault_of(error).removeprefix(f"{path.name}: ").removeprefix(f"{path}: ")
            complain(f"{path}: {fault}")
            if _debug and not isinstance(error, AmrViewerError):
                traceback.print_exception(error)

    def close(self) -> None:
        """End the command with status 1 if a file failed."""
        if self.count:
            raise typer.Exit(1)


_debug = False


def set_debug(debug: bool) -> None:
    """Choose whether an unexpected fault shows its traceback."""
    global _debug
    _debug = debug


@contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """Show progress on standard error while a person looks at it; else take no notice."""
    if not err.is_terminal:
        yield silent
        return
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = TextColumn("{task.fields[title]}", markup=False), BarColumn(), TimeElapsedColumn()
    status = TextColumn("{task.description}", markup=False)
    with Bar(*columns, status, console=err, transient=True) as bar:
        task = bar.add_task("", total=1.0, title=printable(title))
        yield lambda fraction, message: bar.update(
            task, completed=fraction, description=printable(message)
        )
