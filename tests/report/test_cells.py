"""Cells of tables: numbers exactly, text harmless."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amr_viewer.report.cells import joined, number_column, text_cell, word_column


def lines(*columns):
    return joined(columns).decode().splitlines()


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.0, 0, "0"),
        (7.0, 0, "7"),
        (1234.0, 0, "1234"),
        (10.4, 3, "10.400"),
        (0.0004, 4, "0.0004"),
        (-0.5, 2, "-0.50"),
        (-0.0001, 2, "0.00"),
        (-12.346, 2, "-12.35"),
        (86399.999999, 6, "86399.999999"),
        (1.5e12, 2, "1500000000000.00"),
        (np.nan, 2, ""),
        (np.inf, 2, ""),
        (1e300, 2, ""),
    ],
)
def test_a_number_has_fixed_decimals(value, decimals, text):
    assert lines(number_column(np.array([value]), decimals)) == [text]


def test_numbers_of_many_sizes_share_a_column():
    values = np.array([0.004, np.nan, -99.5, 123456.789])
    assert lines(number_column(values, 2)) == ["0.00", "", "-99.50", "123456.79"]


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=20), st.integers(0, 6))
def test_numbers_come_back(values, decimals):
    read = [float(x) for x in lines(number_column(np.array(values), decimals))]
    np.testing.assert_allclose(read, values, atol=0.501 * 10.0**-decimals, rtol=1e-15)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_a_formula_is_neutralized(text):
    row = next(csv.reader(io.StringIO(text_cell(text), newline="")))
    assert row == ["'" + text]


def test_words_are_looked_up_quoted_and_may_be_unknown():
    column = word_column(np.array([2, 0, 1, 3]), ["a,b", 'say "µ"', None, True])
    assert lines(column) == ["", '"a,b"', '"say ""µ"""', "true"]


def test_a_broken_character_does_not_stop_the_table():
    assert lines(word_column(np.array([0]), ["EMG \udc80\0"])) == ["EMG ?"]
