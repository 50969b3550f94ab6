"""A course holds together, is read-only and knows its changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from amr_viewer.core.tables import TREND_COLUMNS, trend_rows
from amr_viewer.core.trend import BlockState, Trend
from tests.analysis.courses import Stretch, course_of

P, R, A, C = BlockState.PRESENT, BlockState.REDUCED, BlockState.ABSENT, BlockState.CANNOT_SAY


@pytest.fixture(scope="module")
def trend() -> Trend:
    return course_of([Stretch(10), Stretch(10), Stretch(0), Stretch(0), Stretch(9)])


def test_arrays_are_read_only(trend: Trend) -> None:
    with pytest.raises(ValueError, match="read-only"):
        trend.amplitude_uv[0] = 1.0


def test_fields_of_different_length_are_refused(trend: Trend) -> None:
    with pytest.raises(ValueError, match="state has 5 entries, n_valid 2"):
        replace(trend, n_valid=np.array([1, 2]))


@pytest.mark.parametrize(
    ("states", "changes"),
    [
        ((P, P, P), ()),
        ((P, P, C, A, P), ((1, 3), (3, 4))),
        ((C, P, C, P), ()),
        ((P, R, A), ((0, 1), (1, 2))),
        ((C, C), ()),
    ],
)
def test_changes_pass_over_what_cannot_be_said(
    trend: Trend, states: tuple[BlockState, ...], changes: tuple[tuple[int, int], ...]
) -> None:
    n = len(states)
    short = {
        name: getattr(trend, name)[:n]
        for name in Trend.__dataclass_fields__
        if isinstance(getattr(trend, name), np.ndarray)
    }
    made = replace(trend, state=states, reason=("",) * n, **short)
    assert made.changes() == changes


def test_rows_have_the_columns_of_the_contract(trend: Trend) -> None:
    rows = list(trend_rows(trend))
    assert [tuple(row) for row in rows] == [TREND_COLUMNS] * 5
    assert [row["block"] for row in rows] == [0, 1, 2, 3, 4]
    assert [row["state"] for row in rows] == ["present", "present", "absent", "absent", "present"]
    assert rows[0]["site"] == "zygomatic"
    assert rows[0]["side"] == "left"
    assert np.isnan(rows[2]["amplitude_percent"])


def test_unknown_words_are_empty(trend: Trend) -> None:
    row = next(trend_rows(replace(trend, site=None, side=None)))
    assert (row["site"], row["side"]) == ("", "")
