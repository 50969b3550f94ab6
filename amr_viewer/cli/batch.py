"""`amr-viewer batch`: a folder of recordings to result files, several recordings at once."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from amr_viewer.cli.batch_bar import batch_bar
from amr_viewer.cli.options import (
    FreeRunning,
    IgnoreReview,
    ProtocolFile,
    Settings,
    stated_protocol,
)
from amr_viewer.cli.terminal import Failures, complain, say
from amr_viewer.core.batch import Action, BatchItem, BatchPlan, ItemState
from amr_viewer.errors import Cancelled

if TYPE_CHECKING:
    from amr_viewer.batch.discovery import Found
    from amr_viewer.batch.settings import BatchSettings
    from amr_viewer.batch.steering import Steering

INTERRUPTED = 130
MOST_NAMES = 3


Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of recordings.")]
Out = Annotated[Path, typer.Option(metavar="DIR", help="Folder of the results.")]
Jobs = Annotated[
    int | None,
    typer.Option(min=1, metavar="N", help="Recordings at once; all cores if not given."),
]
Resume = Annotated[bool, typer.Option("--resume", help="Keep the results that are still current.")]
Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="A Dask scheduler that runs already, such as tcp://server:8786; its workers see both "
        "folders under the same paths.",
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be done and why; write nothing.")
]
Parquet = Annotated[
    bool, typer.Option("--parquet", help="Write summary.parquet beside summary.csv.")
]
Timeout = Annotated[
    float | None,
    typer.Option(min=1.0, metavar="SECONDS", help="Give a recording up after this time."),
]


def batch(
    folder: Folder,
    out: Out,
    jobs: Jobs = None,
    resume: Resume = False,
    scheduler: Scheduler = None,
    dry_run: DryRun = False,
    parquet: Parquet = False,
    timeout: Timeout = None,
    protocol: ProtocolFile = None,
    settings: Settings = None,
    ignore_review: IgnoreReview = False,
    free_running: FreeRunning = True,
) -> None:
    """Analyze all recordings in a folder and the folders in it, several at once.

    Writes what `analyze` writes, and keeps DIR/summary.csv up to date meanwhile.

    Ctrl+C ends it; --resume goes on from there.
    """
    rules = stated_protocol(protocol, settings)
    _check_usage(folder, out)
    if jobs is not None and scheduler is not None:
        raise typer.BadParameter("--jobs: the scheduler's workers do the work; leave it out")
    from amr_viewer.batch.faults import BatchError
    from amr_viewer.batch.settings import BatchSettings
    from amr_viewer.batch.steering import Steering

    asked = BatchSettings(
        folder,
        out,
        rules,
        jobs=jobs,
        scheduler=scheduler,
        resume=resume,
        use_review=not ignore_review,
        free_running=free_running,
        parquet=parquet,
        timeout_s=timeout,
    )
    steering, failures = Steering(), Failures()
    with _stopped_by_signals(steering):
        with failures.of(folder):
            try:
                _run(asked, steering, failures, is_dry=dry_run)
            except BatchError as error:
                complain(str(error))
                failures.count += 1
        if steering.is_stopped:
            raise typer.Exit(INTERRUPTED)
    failures.close()


def _check_usage(folder: Path, out: Path) -> None:
    """Refuse what cannot be meant."""
    if not folder.exists():
        raise typer.BadParameter(f"{folder}: does not exist; name a folder of recordings")
    if not folder.is_dir():
        raise typer.BadParameter(f"{folder}: is a file; analyze it with `amr-viewer analyze`")
    if out.exists() and not out.is_dir():
        raise typer.BadParameter(f"--out {out}: this is a file; name a folder")
    if out.exists() and out.samefile(folder):
        raise typer.BadParameter(f"--out {out}: holds the recordings; name another folder")


def _run(asked: BatchSettings, steering: Steering, failures: Failures, *, is_dry: bool) -> None:
    """Find the recordings, and analyze them or say what would be done."""
    from amr_viewer.batch.discovery import discover
    from amr_viewer.batch.planning import plan

    progress = _until_stopped(steering)
    try:
        found = discover(asked.folder, asked.out, progress)
        if is_dry:
            planned = plan(asked, found, progress)
    except Cancelled:
        complain("stopped before anything was written")
        return
    for fault in found.faults:
        failures.count += fault.is_loss
        complain(f"{fault.path}: {fault.message}")
    if is_dry:
        _show_plan(planned)
    else:
        _analyze(asked, found, steering, failures)


def _analyze(asked: BatchSettings, found: Found, steering: Steering, failures: Failures) -> None:
    """Analyze, and say what became of each recording."""
    from amr_viewer.batch.engine import run_batch
    from amr_viewer.batch.output import result_names
    from amr_viewer.batch.planning import vanished

    stored = result_names(asked.out)
    gone = vanished(stored, found.recordings)
    if gone:
        complain(f"{asked.out}: {_gone(gone)}")
    if not asked.resume and len(stored) > len(gone):
        complain(f"{asked.out}: holds results, which are replaced; --resume keeps what is current")
    counts: Counter[ItemState] = Counter()
    n_total = len(found.recordings)
    with batch_bar(asked.folder.name) as step:
        for item in run_batch(asked, found, steering):
            counts[item.state] += 1
            failures.count += item.state is ItemState.FAILED
            _show_item(asked.folder / item.name, item)
            step(item.n_finished, item.n_total)
    if steering.is_stopped:
        complain(
            f"stopped after {counts.total()} of {n_total} recordings; what is done stands in "
            f"{asked.out}; go on with --resume"
        )
    else:
        say(_closing(counts, found))


def _show_item(path: Path, item: BatchItem) -> None:
    """Say what became of one recording."""
    if item.state is ItemState.FAILED:
        complain(f"{path}: {item.error.removeprefix(f'{path.name}: ')}")
    elif item.state is ItemState.KEPT:
        say(f"{path}: {item.answer} (kept)")
    else:
        say(f"{path}: {item.answer}")


def _show_plan(plan: BatchPlan) -> None:
    """Say what would be done."""
    for recording in plan.recordings:
        say(f"{recording.action}: {recording.path}: {recording.reason}")
    for left_out in plan.left_out:
        say(f"leave out: {plan.folder / left_out.name}: {left_out.reason}")
    if plan.vanished:
        say(f"{plan.out}: {_gone(plan.vanished)}")
    actions = Counter(recording.action for recording in plan.recordings)
    twice = f", {plan.n_linked_twice} linked twice" if plan.n_linked_twice else ""
    say(
        f"{actions[Action.ANALYZE]} to analyze, {actions[Action.KEEP]} to keep, "
        f"{plan.n_left_out} left out{twice}; nothing was written"
    )


def _gone(names: tuple[str, ...]) -> str:
    """Say that recordings are no longer there."""
    shown = ", ".join(names[:MOST_NAMES]) + (", ..." if len(names) > MOST_NAMES else "")
    return (
        f"results without a recording in the folder: {len(names)} ({shown}); they are left as "
        "they are, outside the summary"
    )


def _closing(counts: Counter[ItemState], found: Found) -> str:
    """Sum up a batch."""
    words = [f"{counts[state]} {state}" for state in ItemState]
    words.append(f"{len(found.left_out)} left out")
    if found.n_linked_twice:
        words.append(f"{found.n_linked_twice} linked twice and analyzed once")
    return ", ".join(words)


def _until_stopped(steering: Steering) -> Callable[[float, str], None]:
    """Return a progress that ends the work once it is stopped."""

    def progress(fraction: float, message: str) -> None:
        if steering.is_stopped:
            raise Cancelled("stopped")

    return progress


@contextmanager
def _stopped_by_signals(steering: Steering) -> Iterator[None]:
    """Let Ctrl+C and a polite kill stop the batch, not the program, while the block runs."""

    def stop(number: int, frame: FrameType | None) -> None:
        steering.stop()

    numbers = [signal.SIGINT, signal.SIGTERM]
    hangup = getattr(signal, "SIGHUP", None)
    if hangup is not None and signal.getsignal(hangup) is not signal.SIG_IGN:
        numbers.append(hangup)
    former = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in former.items():
            # Who is impatient must not break off the last steps of the process.
            signal.signal(number, signal.SIG_IGN if steering.is_stopped else handler)
