"""Time left, places and rows: values that need no window."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from amr_viewer.core.batch import BatchItem, ItemState
from amr_viewer.gui.batch import request, words
from amr_viewer.gui.batch.ledger import Ledger
from amr_viewer.gui.batch.pace import LEAST_ITEMS, OVERHEAD_BYTES
from amr_viewer.gui.batch.request import caution_about, default_out
from amr_viewer.gui.batch.rows import BatchRow, RowState
from amr_viewer.gui.batch.words import detail_words, pattern_words

MB = 1_000_000


def done(name: str, seconds: float, state: ItemState = ItemState.ANALYZED) -> BatchItem:
    return BatchItem(name, Path(name), state, seconds=seconds)


def ledger(*sizes_mb: int) -> Ledger:
    """The book of recordings named by their number; with the overhead they weigh round numbers."""
    return Ledger.of({str(i): mb * MB - OVERHEAD_BYTES for i, mb in enumerate(sizes_mb)}, 100.0)


def test_nothing_is_said_of_the_time_left_before_it_can_be_known() -> None:
    book = ledger(10, 10, 10, 10)
    for i in range(LEAST_ITEMS):
        assert book.left_s is None
        book = book.after(done(str(i), 5.0))
    assert book.left_s == pytest.approx(5.0)


def test_the_time_left_weighs_recordings_by_their_size() -> None:
    book = ledger(10, 10, 10, 300)
    for i in range(3):
        book = book.after(done(str(i), 5.0))
    assert book.left_s == pytest.approx(150.0)
    assert book.fraction == pytest.approx(30 / 330)
    assert book.at(101.0, 3, is_paused=False).left_s == pytest.approx(50.0)


def test_failures_and_kept_results_do_not_make_it_look_fast() -> None:
    book = ledger(10, 10, 10, 500, 500, 100)
    for i in range(3):
        book = book.after(done(str(i), 5.0))
    book = book.after(done("3", 0.01, ItemState.FAILED)).after(done("4", 0.0, ItemState.KEPT))
    assert book.left_s == pytest.approx(50.0)
    assert (book.n_finished, book.n_failed, book.n_kept) == (5, 1, 1)


def test_a_pause_is_no_time_at_work() -> None:
    book = ledger(10).at(110.0, 1, is_paused=False).at(500.0, 0, is_paused=True)
    assert book.at(505.0, 1, is_paused=False).elapsed_s == pytest.approx(15.0)


def test_a_batch_is_whole_only_when_all_have_finished() -> None:
    book = ledger(10, 10_000_000).after(done("1", 5.0))
    assert book.fraction < 1.0
    assert book.after(done("0", 5.0)).fraction == 1.0


def test_results_lie_beside_the_folder_unless_it_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "a.b"
    assert default_out(folder) == tmp_path / "a.b results"
    assert caution_about(folder, default_out(folder)) == ""
    assert "inside the folder" in caution_about(folder, folder / "x" / "y")


def test_numbers_of_a_kept_row_may_be_text_and_the_unknown_is_empty() -> None:
    row = BatchRow("a", Path("a"), row={"x": "10.4", "nan": float("nan"), "e": "", "w": "no"})
    assert row.number("x") == 10.4
    assert [row.number(n) for n in ("nan", "e", "w", "missing")] == [None] * 4


def test_a_pattern_of_a_later_version_is_shown_as_it_is_called() -> None:
    assert pattern_words(BatchRow("a", Path("a"), row={"pattern": "new_kind"})) == "new_kind"
    assert pattern_words(BatchRow("a", Path("a"), row={"pattern": "insufficient"})) == (
        "too little activity or time to say"
    )


def test_of_many_warnings_the_first_are_told_and_the_rest_counted() -> None:
    row = BatchRow("a", Path("a"), state=RowState.DONE, row={"warnings": "one | two | three"})
    assert detail_words(row).splitlines()[1:] == ["one", "two", "and 1 more warning"]
    assert detail_words(row, 3).splitlines()[1:] == ["one", "two", "three"]


@pytest.mark.parametrize("module", [words, request])
def test_examples(module: object) -> None:
    found = doctest.testmod(module)  # type: ignore[arg-type]
    assert found.attempted
    assert not found.failed
