"""The progress of a batch on a terminal, with the time that is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from amr_viewer.cli.terminal import err, printable

Step = Callable[[int, int], None]
"""Called with how many recordings are finished, and of how many."""


@contextmanager
def batch_bar(title: str) -> Iterator[Step]:
    """Show how many recordings are finished while a person looks at it; else take no notice."""
    if not err.is_terminal:
        yield lambda n_finished, n_total: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    name = TextColumn("{task.description}", markup=False)
    left = TextColumn("left", markup=False)
    columns = name, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), left
    with Bar(*columns, console=err, transient=True) as bar:
        shown = bar.add_task(printable(title), total=None)
        yield lambda n_finished, n_total: bar.update(shown, completed=n_finished, total=n_total)
