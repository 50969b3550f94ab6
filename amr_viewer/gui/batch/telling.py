"""What the window says of a batch in a line: how far it is, what was found, what will be done."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from amr_viewer.core.batch import Action, BatchPlan
from amr_viewer.gui.batch.conducting import Conductor, Stage
from amr_viewer.gui.batch.rows import RowState
from amr_viewer.gui.batch.words import count_words, left_words, size_words, time_words

MOST_NAMES = 20


@dataclass(frozen=True, slots=True)
class Told:
    """A headline, times, a line about the present; `fraction` is None where there is no bar."""

    headline: str = ""
    times: str = ""
    now: str = ""
    fraction: float | None = None

    @property
    def percent(self) -> str:
        """How far it is, for a title."""
        return "" if self.fraction is None else f"{int(100 * self.fraction)} %"


def told_of(conductor: Conductor, counts: dict[RowState, int], *, is_checked: bool) -> Told:
    """Say how far a batch is."""
    plan = conductor.plan
    if conductor.stage in (Stage.LOOKING, Stage.CHECKING):
        is_check = conductor.stage is Stage.CHECKING
        words = "Checking what is to be done" if is_check else "Looking for recordings"
        return Told(words, "", conductor.looked_at, conductor.ledger.looked if is_check else None)
    if conductor.is_running:
        return _running(conductor)
    if plan is None:
        return Told()
    if conductor.stage is Stage.ENDED:
        return _ended(conductor, counts)
    return Told(_planned(plan, is_checked=is_checked), now=_beside(plan))


def _running(conductor: Conductor) -> Told:
    """Say how far a run is."""
    ledger, running = conductor.ledger, conductor.running
    word = "Running"
    if conductor.is_stopping:
        word = "Stopping..."
    elif conductor.is_paused:
        word = "Pausing: what runs is finished first" if running else "Paused"
    parts = [f"{ledger.n_finished:,} of {ledger.n_total:,} finished"]
    if ledger.n_kept:
        parts.append(f"{ledger.n_kept:,} kept")
    if ledger.n_failed:
        parts.append(f"{ledger.n_failed:,} failed")
    left = "" if conductor.is_paused or conductor.is_stopping else left_words(ledger.left_s)
    times = [f"{time_words(ledger.elapsed_s)} so far", left]
    now = f"Now: {', '.join(running)}" if running else ""
    if not running and not ledger.n_finished and not conductor.is_paused:
        now = "Starting; the first recordings are under way in a few seconds."
    return Told(
        f"{word}   {', '.join(parts)}", ", ".join(t for t in times if t), now, ledger.fraction
    )


def _ended(conductor: Conductor, counts: dict[RowState, int]) -> Told:
    """Say what became of a run."""
    ledger = conductor.ledger
    words = [f"{counts[s]:,} {s}" for s in (RowState.DONE, RowState.KEPT, RowState.FAILED)
             if counts[s]]  # fmt: skip
    waiting = counts[RowState.WAITING]
    word = "Stopped" if conductor.has_broken_off else "Finished"
    now = "What is done is kept; Continue goes on from there." if waiting else ""
    if not waiting and counts[RowState.FAILED]:
        now = "The table says of each that failed why; filter by state to see them."
    if waiting:
        words.append(f"{waiting:,} waiting")
    return Told(
        f"{word}   {', '.join(words)}",
        time_words(ledger.elapsed_s),
        now,
        ledger.fraction,
    )


def _planned(plan: BatchPlan, *, is_checked: bool) -> str:
    """Say what was found, and after a check what will be done."""
    n, size = len(plan.recordings), sum(r.size_bytes for r in plan.recordings)
    found = f"{count_words(n)}, {size_words(size)}"
    if not is_checked:
        return found
    actions = Counter(r.action for r in plan.recordings)
    return (
        f"{actions[Action.ANALYZE]:,} to analyze, {actions[Action.KEEP]:,} to keep; "
        f"nothing was written   {found}"
    )


def _beside(plan: BatchPlan) -> str:
    """Say what else is in the folder."""
    parts = []
    if plan.n_left_out:
        names = ", ".join(f"{x.name} ({x.reason})" for x in plan.left_out[:MOST_NAMES])
        are = "is no recording" if plan.n_left_out == 1 else "are no recordings"
        parts.append(f"{count_words(plan.n_left_out, 'file')} {are}: {names}")
    if plan.n_linked_twice:
        parts.append(f"{count_words(plan.n_linked_twice)} linked twice and analyzed once")
    if plan.vanished:
        names = ", ".join(plan.vanished[:3])
        parts.append(f"{count_words(len(plan.vanished), 'result')} without a recording: {names}")
    return ".  ".join(parts)


def faults_of(plan: BatchPlan) -> tuple[str, ...]:
    """Return the faults of a folder, one line each."""
    return tuple(f"{fault.path}: {fault.message}" for fault in plan.faults)


def message_of(conductor: Conductor, *, has_folder: bool) -> str:
    """Say why there is no table yet, and what to do."""
    if conductor.is_busy:
        return "Looking for recordings..."
    if not has_folder:
        return (
            "Choose a folder, or drop one here: all recordings in it, and in the folders within "
            "it, are analyzed. Recordings are never changed."
        )
    if conductor.plan is None:
        return "Nothing can be analyzed yet; the line above says why."
    return (
        "No recording was found in this folder. Choose another one; `amr-viewer formats` lists "
        "what can be read."
    )
