"""The columns of the table: heading, text, order and width of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from amr_viewer.core.batch import Action
from amr_viewer.gui.batch.rows import BatchRow, RowState
from amr_viewer.gui.batch.words import (
    number_words,
    pattern_words,
    remark_words,
    state_words,
    where_words,
)
from amr_viewer.gui.contents.recordings import ANSWERS

Key = tuple[int, float, str]
"""What rows are sorted by: the unknown last, then a number, then a text."""

STATE_RANK = {state: float(i) for i, state in enumerate(RowState)}
ANSWER_RANK = {answer: float(i) for i, answer in enumerate(ANSWERS)}


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes
    ----------
    title, tip : str
    text : callable
        The cell's text.
    key : callable
        What the rows are sorted by.
    widest : str
        The text that fits into it.
    is_number : bool
    """

    title: str
    tip: str
    text: Callable[[BatchRow], str]
    key: Callable[[BatchRow], Key]
    widest: str
    is_number: bool = False


def answer_of(row: BatchRow) -> tuple[str, str]:
    """Return tone and word of the answer over a recording; empty where there is none."""
    value = row.value("amr")
    return ANSWERS.get(str(value), ("", "")) if value is not None else ("", "")


def _by_text(text: Callable[[BatchRow], str]) -> Callable[[BatchRow], Key]:
    """Return a key that sorts by a text."""

    def key(row: BatchRow) -> Key:
        words = text(row).casefold()
        return (not words, 0.0, words)

    return key


def _by_number(number: Callable[[BatchRow], float | None]) -> Callable[[BatchRow], Key]:
    """Return a key that sorts by a number."""

    def key(row: BatchRow) -> Key:
        value = number(row)
        return (value is None, value or 0.0, "")

    return key


def _measure(title: str, tip: str, name: str, digits: int, widest: str) -> Column:
    """Return the column of a number of summary.csv."""
    return Column(
        title,
        tip,
        lambda row: number_words(row.number(name), digits),
        _by_number(lambda row: row.number(name)),
        widest,
        is_number=True,
    )


def _seconds(row: BatchRow) -> float | None:
    """Return the time that a recording took, None if it was not analyzed."""
    return row.seconds if row.state in (RowState.DONE, RowState.FAILED) and row.seconds else None


def _n_warnings(row: BatchRow) -> float | None:
    """Return the number of warnings, None before there is a result."""
    return float(len(row.warnings)) if row.state in (RowState.DONE, RowState.KEPT) else None


def _state_key(row: BatchRow) -> Key:
    """Sort by state, what is to be kept after what is to be analyzed."""
    return (0, STATE_RANK[row.state] + 0.5 * (row.action is Action.KEEP), "")


def _persistence(row: BatchRow) -> float | None:
    """Return the share of stimuli with a response."""
    return row.number("amr_persistence")


RECORDING, STATE, AMR, REMARK = 0, 1, 2, 10
COLUMNS = (
    Column(
        "Recording", "Path within the folder", lambda r: r.name,
        lambda r: (0, 0.0, r.name.casefold()), "sub-012/visit_2_left.edf",
    ),
    Column("State", "Where the recording is on its way", state_words, _state_key, "to analyze "),
    Column(
        "AMR", "Abnormal muscle response: the answer over the recording",
        lambda r: answer_of(r)[1],
        _by_number(lambda r: ANSWER_RANK.get(str(r.value("amr")))), "not assessable",
    ),
    Column("Where", "The most persistent place, and how many more", where_words,
           _by_text(where_words), "L mentalis on L zygomatic +1"),
    Column(
        "Pers. %", "Persistence: share of stimuli with a response, in percent",
        lambda r: number_words(_persistence(r), factor=100.0), _by_number(_persistence),
        "Pers. %", is_number=True,
    ),
    _measure("Onset ms", "Onset after the stimulus, milliseconds", "amr_onset_ms", 1, "Onset ms"),
    _measure("Ampl. µV", "Amplitude peak to peak, microvolts", "amr_amplitude_uv", 0, "Ampl. µV"),
    Column("Pattern as in", "Free-running EMG: pattern as can be seen in, side, confidence",
           pattern_words, _by_text(pattern_words), "post-paralytic synkinesis, L (low)"),
    Column(
        "Warn.", "Warnings: what was guessed, repaired or left out of the file",
        lambda r: number_words(_n_warnings(r)) if _n_warnings(r) else "",
        _by_number(_n_warnings), "Warn.", is_number=True,
    ),
    Column("Time s", "Time that the analysis took, seconds",
           lambda r: number_words(_seconds(r), 1), _by_number(_seconds), "Time s", is_number=True),
    Column("Remark", "The fault, the first warning, or why it is done", remark_words,
           _by_text(remark_words), "the recording has changed"),
)  # fmt: skip
