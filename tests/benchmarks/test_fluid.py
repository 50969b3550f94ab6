"""The whole window with 10,000 marks or 10,000 sweeps: the longest pause of every operation.

Bar: no pause between two turns of the event loop over 50 ms. Threads that compute and colleagues of
the machine lengthen a pause; the window's own work in its longest turn (`own`) does not know them.
As a script it prints the table; words after it choose operations whose names hold one of them.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from amr_viewer import workflow
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.epochs import Epochs
from amr_viewer.core.recording import Mark
from amr_viewer.gui.app import make_app, make_window
from amr_viewer.gui.contents.mark_model import TEXT, TIME
from amr_viewer.gui.document import Document, Selection, Stage, first_layout
from amr_viewer.gui.main_window import MainWindow
from amr_viewer.gui.session import VIEWS
from amr_viewer.gui.settings import Settings
from amr_viewer.io.marks_csv import write_marks
from tests.gui.sweeps.builders import MANDIBULAR, MENTALIS, ZYGOMATIC, made_sweeps, small_study

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

N, RATE_HZ, MARKED_S = 10_000, 10_000.0, 1000
SIZE = (1600, 1000)
CALM_S, PATIENCE_S, NAP_S = 0.35, 90.0, 0.001
"""Reports are set when nothing has changed for 0.3 s, reviews are saved after 0.5 s."""

SWITCH_S, GARBAGE = 0.002, (20_000, 20, 50)
"""As the program sets them for itself when it starts (`gui.app`)."""


@dataclass
class Table:
    """Pauses by operation; `words` choose operations, `around` is entered for each."""

    words: tuple[str, ...] = ()
    lines: dict[str, tuple[float, float, float]] = field(default_factory=dict)

    def run(self, window: MainWindow, name: str, step: Callable[[], object]) -> None:
        """Do something and note its pauses."""
        found = pauses(window, step)
        if not self.words or any(word in name for word in self.words):
            self.lines[name] = found

    @property
    def text(self) -> str:
        """The table for reading."""
        head = f"{'operation':44s} {'gap, ms':>8s} {'own, ms':>8s} {'calm after, ms':>15s}"
        rows = [
            f"{name:44s} {1e3 * gap:8.1f} {1e3 * own:8.1f} {1e3 * whole:15.0f}"
            for name, (gap, own, whole) in self.lines.items()
        ]
        return "\n".join([head, *rows])


def pauses(window: MainWindow, step: Callable[[], object]) -> tuple[float, float, float]:
    """Return the longest gap between turns, the most own work in one, and the time until calm."""
    begin = last = time.perf_counter()
    own_last = time.thread_time()
    step()
    longest = own = 0.0
    calm_since = begin
    while last - calm_since < CALM_S and last - begin < PATIENCE_S:
        now, own_now = time.perf_counter(), time.thread_time()
        longest, own = max(longest, now - last - NAP_S), max(own, own_now - own_last)
        last, own_last = now, own_now
        QApplication.processEvents()
        if not is_calm(window):
            calm_since = time.perf_counter()
        time.sleep(NAP_S)
    assert last - begin < PATIENCE_S, window.desk.session.tasks.running
    return longest, own, calm_since - begin


def is_calm(window: MainWindow) -> bool:
    """Whether nothing runs, every decision is on disk and every picture is up to date."""
    session = window.desk.session
    drawn = session.view != "sweeps" or getattr(window.views["sweeps"], "board").is_current  # noqa: B009
    return drawn and not session.tasks.running and all(d.is_saved for d in session.documents)


@contextmanager
def furnished(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[MainWindow]:
    """Show the window as the program does, with sweeps that are made by hand."""

    def site_sweeps(
        analysis: Analysis, site: Any, side: Any, channels: Any = None,
        before_ms: float = 10.0, after_ms: float = 60.0, progress: Any = None,
    ) -> Epochs:  # fmt: skip
        return made_sweeps(analysis, (site, side), list(channels), RATE_HZ, before_ms, after_ms)

    monkeypatch.setattr(workflow, "site_sweeps", site_sweeps)
    for name in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"AMR_VIEWER_{name}_DIR", str(folder / name.lower()))
    former = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(SWITCH_S)
    app = make_app()
    window = make_window(Settings(folder / "settings"), "light")
    window.resize(*SIZE)
    window.show()
    window.furnish()
    window.resize(*SIZE)
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    pauses(window, lambda: None)
    try:
        yield window
    finally:
        window.close()
        window.deleteLater()
        app.processEvents()
        gc.set_threshold(*former[1])
        gc.unfreeze()
        sys.setswitchinterval(former[0])


def put_on(window: MainWindow, analysis: Analysis, folder: Path) -> None:
    """Show an analysis as if its recording had been opened."""
    session = window.desk.session
    # The window reads a recording by itself: its marks are equal, but not the same.
    recording = replace(analysis.recording, marks=(*analysis.recording.marks,))
    document = Document(
        len(session.documents) + 1, folder / recording.name, Stage.READY, recording,
        automatic=analysis, analysis=analysis, layout=first_layout(recording),
        selection=Selection(site=ZYGOMATIC, channel=MENTALIS),
    )  # fmt: skip
    session.documents = (*session.documents, document)
    session.show(document.key)


def study(n_per_site: int, marks: tuple[Mark, ...], duration_s: float, name: str) -> Analysis:
    """Return an analysis by hand of a recording with marks."""
    made = small_study(n_per_site, (ZYGOMATIC,) if n_per_site == N else (ZYGOMATIC, MANDIBULAR))
    n = int(duration_s * RATE_HZ)
    recording = replace(
        made.recording,
        name=name,
        path=name,
        channels=tuple(
            replace(c, sampling_hz=RATE_HZ, n_samples=n) for c in made.recording.channels
        ),
        segments=(replace(made.recording.segments[0], duration_s=duration_s),),
        marks=marks,
    )
    channels = recording.channels
    responses = replace(made.responses, channels=channels)
    return replace(made, recording=recording, responses=responses)


def many_marks() -> tuple[Mark, ...]:
    """Return 10,000 marks, every third with a duration, every fifth of one channel."""
    return tuple(
        Mark(
            k * MARKED_S / N, 0.05 if k % 3 == 0 else 0.0, f"mark number {k}",
            "EMG L_Mentalis" if k % 5 == 0 else None,
        )
        for k in range(N)
    )  # fmt: skip


# ------------------------------------------------------------------ marks


def run_marks(window: MainWindow, table: Table, folder: Path) -> None:
    """Work with 10,000 marks of a file, then with 10,000 of a person."""
    session = window.desk.session
    marks = many_marks()
    marked = study(50, marks, MARKED_S, "marks.edf")
    table.run(window, "marks: show the recording", lambda: put_on(window, marked, folder))
    for view in VIEWS:
        table.run(window, f"{view}: show", lambda v=view: session.set_view(v))
        work_on_marks(window, table, f"{view}, marks of the file")
    search_and_look(window, table)
    session.set_view("traces")
    write_marks(folder / "marks.csv", marks)
    empty = study(50, (), MARKED_S, "empty.edf")
    table.run(window, "marks: show a recording without", lambda: put_on(window, empty, folder))
    section = contents(window).marks
    table.run(window, "marks: import 10,000", lambda: section.import_from(folder / "marks.csv"))
    table.run(window, "marks: undo the import", window.desk.editor.undo_group.undo)
    table.run(window, "marks: add 10,000", lambda: window.desk.editor.add_marks(marks))
    for view in VIEWS:
        session.set_view(view)
        pauses(window, lambda: None)
        work_on_marks(window, table, f"{view}, marks of a person")
    table.run(window, "marks: remove 10,000", lambda: remove_all(window))
    table.run(window, "marks: undo removing 10,000", window.desk.editor.undo_group.undo)


def contents(window: MainWindow) -> Any:
    """Return the left dock."""
    return window.docks["contents"].widget()


def work_on_marks(window: MainWindow, table: Table, where: str) -> None:
    """Select, edit, remove and add one mark, and take that back."""
    section, undo = contents(window).marks, window.desk.editor.undo_group
    model, view = section.model, section.table

    def write(column: int, text: str) -> None:
        model.setData(model.index(view.currentIndex().row(), column), text)

    steps: tuple[tuple[str, Callable[[], object]], ...] = (
        ("select", lambda: view.selectRow(6000)),
        ("next", lambda: view.selectRow(6001)),
        ("edit text", lambda: write(TEXT, f"seen in {where}")),
        ("edit time", lambda: write(TIME, "1:02.5")),
        ("remove", section.remove_marks),
        ("add", section.add_mark),
        ("undo", undo.undo),
        ("undo again", undo.undo),
        ("redo", undo.redo),
    )
    for name, step in steps:
        table.run(window, f"{where}: {name}", step)


def search_and_look(window: MainWindow, table: Table) -> None:
    """Search among the marks, and change the appearance."""
    section = contents(window).marks
    for words in ("m", "number 77", "1:02.", ""):
        table.run(window, f"marks: search {words!r}", lambda w=words: section.search.setText(w))
    table.run(window, "marks: list stimuli", section.stimuli.toggle)
    for theme in ("dark", "light"):
        table.run(window, f"marks: {theme}", lambda t=theme: window.wish_theme(t))


def remove_all(window: MainWindow) -> None:
    """Remove all marks that the table shows."""
    section = contents(window).marks
    section.table.selectAll()
    section.remove_marks()


# ------------------------------------------------------------------ sweeps

SWEEP_STEPS = (
    "other_side", "next", "next", "previous", "stacked", "next", "waterfall", "next",
    "superimposed", "coarser", "finer", "faster", "why", "noise", "center", "last", "first",
    "present", "absent", "unsure", "next_panel",
)  # fmt: skip


def run_sweeps(window: MainWindow, table: Table, folder: Path) -> None:
    """Work with 10,000 sweeps of 8 channels."""
    session, editor = window.desk.session, window.desk.editor
    session.set_view("sweeps")
    analysis = study(N, many_marks()[:20], N + 3.0, "sweeps.edf")
    table.run(window, "sweeps: open", lambda: put_on(window, analysis, folder))
    session.select(sweep=0)
    for step in SWEEP_STEPS:
        table.run(window, f"sweeps: {step}", lambda s=step: window.commands.run(f"sweeps.{s}"))
    everything = tuple(range(N))
    for view in VIEWS:
        table.run(window, f"{view}: show with 10,000 sweeps", lambda v=view: session.set_view(v))
        own = f"{view}, 10,000 sweeps"
        table.run(window, f"{own}: select", lambda: session.select(sweep=5000, channel=MENTALIS))
        table.run(window, f"{own}: one", lambda: editor.decide([77], MENTALIS, "present"))
        table.run(window, f"{own}: undo one", editor.undo_group.undo)
        table.run(window, f"{own}: decide", lambda: editor.decide(everything, MENTALIS, "absent"))
        table.run(window, f"{own}: one more", lambda: editor.decide([78], MENTALIS, "present"))
        table.run(window, f"{own}: undo one more", editor.undo_group.undo)
        table.run(window, f"{own}: undo", editor.undo_group.undo)
        table.run(window, f"{own}: redo", editor.undo_group.redo)
        table.run(window, f"{own}: give back", lambda: editor.decide(everything, MENTALIS, None))
    for theme in ("dark", "light"):
        table.run(window, f"sweeps: {theme}", lambda t=theme: window.wish_theme(t))


# ------------------------------------------------------------------ doors

ROOMS: dict[str, Callable[[MainWindow, Table, Path], None]] = {
    "marks": run_marks,
    "sweeps": run_sweeps,
}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("room", list(ROOMS))
def test_pauses(
    benchmark: BenchmarkFixture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, room: str
) -> None:
    table = Table()
    with furnished(monkeypatch, tmp_path) as window:
        benchmark.pedantic(ROOMS[room], args=(window, table, tmp_path), rounds=1)
    longest = max(table.lines, key=lambda name: table.lines[name][1])
    benchmark.extra_info["longest"] = f"{longest}: {1e3 * table.lines[longest][1]:.0f} ms own"
    sys.stdout.write(f"\n{table.text}\n")
    assert np.isfinite(list(table.lines.values())).all()


def main(words: tuple[str, ...]) -> None:
    """Print the table."""
    for run in ROOMS.values():
        table = Table(words)
        with (
            TemporaryDirectory() as folder,
            pytest.MonkeyPatch.context() as monkeypatch,
            furnished(monkeypatch, Path(folder)) as window,
        ):
            run(window, table, Path(folder))
        sys.stdout.write(f"{table.text}\n")


if __name__ == "__main__":
    main(tuple(sys.argv[1:]))
