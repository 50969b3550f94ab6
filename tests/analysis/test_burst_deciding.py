"""A person's decisions on bursts take the place of the program's, and only where they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from amr_viewer.analysis.burst_deciding import decided_bursts, match_bursts
from amr_viewer.core.bursts import (
    BURST_ARRAYS,
    SHAPE_ARRAYS,
    BurstKind,
    Bursts,
    SetAside,
    no_bursts,
)
from amr_viewer.core.decisions import BurstDecision, BurstSaid
from amr_viewer.core.parameters import BurstParameters
from amr_viewer.core.review import Review
from tests.gui.patterns.builders import make_bursts

P = BurstParameters()
AT = {"author": "A", "at": "2026-11-26T10:00:00+00:00"}


def about(
    bursts: Bursts, rows: list[int], kind: BurstSaid, part: tuple[float, float] = (0.0, 1.0)
) -> BurstDecision:
    """A decision on the stretch of some bursts of one channel, or on a part of it."""
    start, end = float(bursts.start_s[rows].min()), float(bursts.end_s[rows].max())
    first, last = (start + p * (end - start) for p in part)
    label = bursts.channel_of(int(bursts.channel[rows[0]])).label
    return BurstDecision(
        channel=label, start_s=first, duration_ms=1e3 * (last - first), kind=kind, **AT
    )  # fmt: skip


@pytest.fixture(scope="module")
def bursts() -> Bursts:
    return make_bursts(200, 30.0)


def rows_of(bursts: Bursts, channel: int = 0) -> list[int]:
    return np.flatnonzero(bursts.counted & (bursts.channel == channel)).tolist()


def test_without_a_decision_the_value_is_the_same(bursts: Bursts) -> None:
    assert decided_bursts(bursts, (), P) is bursts
    nothing = no_bursts("stimulated throughout")
    assert decided_bursts(nothing, [about(bursts, [0], "tonic")], P) is nothing


def test_another_name_keeps_every_other_value_and_is_marked(bursts: Bursts) -> None:
    row = rows_of(bursts)[3]
    now = decided_bursts(bursts, [about(bursts, [row], "tonic")], P)
    assert np.flatnonzero(now.manual).tolist() == [row]
    assert now.kind[row] == BurstKind.TONIC
    for name in set(BURST_ARRAYS + SHAPE_ARRAYS) - {"kind", "manual"}:
        assert np.array_equal(getattr(now, name), getattr(bursts, name), equal_nan=True), name


def test_no_burst_is_set_aside_but_stays_in_the_list(bursts: Bursts) -> None:
    row = rows_of(bursts)[3]
    now = decided_bursts(bursts, [about(bursts, [row], "none")], P)
    assert len(now) == len(bursts)
    assert now.set_aside[row] == SetAside.DECIDED
    assert now.manual[row]
    assert now.salvo[row] == now.episode[row] == -1
    assert now.counted.sum() == bursts.counted.sum() - 1


def test_a_blink_that_a_person_calls_clonic_counts(bursts: Bursts) -> None:
    blink = int(np.flatnonzero(bursts.set_aside == SetAside.BLINK)[0])
    now = decided_bursts(bursts, [about(bursts, [blink], "clonic")], P)
    row = int(np.flatnonzero(now.manual)[0])
    assert now.start_s[row] == bursts.start_s[blink]
    assert now.set_aside[row] == SetAside.NONE


def test_merged_bursts_are_one_from_the_first_onset_to_the_last_end(bursts: Bursts) -> None:
    rows = rows_of(bursts)[3:5]
    now = decided_bursts(bursts, [about(bursts, rows, "tonic")], P)
    assert len(now) == len(bursts) - 1
    row = int(np.flatnonzero(now.manual)[0])
    assert now.start_s[row] == bursts.start_s[rows].min()
    assert now.end_s[row] == pytest.approx(bursts.end_s[rows].max())
    assert now.peak_uv[row] == bursts.peak_uv[rows].max()
    assert now.area_uv_s[row] == pytest.approx(bursts.area_uv_s[rows].sum())
    assert np.isnan(now.n_discharges[row])


def test_the_parts_of_a_split_burst_replace_it_together(bursts: Bursts) -> None:
    row = rows_of(bursts)[3]
    parts = [about(bursts, [row], "clonic", p) for p in ((0.0, 0.5), (0.5, 1.0))]
    now = decided_bursts(bursts, parts, P)
    assert len(now) == len(bursts) + 1
    assert now.manual.sum() == 2
    first, second = np.flatnonzero(now.manual).tolist()
    assert now.end_s[first] == pytest.approx(now.start_s[second])
    assert now.end_s[second] == pytest.approx(bursts.end_s[row])


def test_an_added_burst_is_in_order_with_what_was_measured(bursts: Bursts) -> None:
    label = bursts.channels[1].label
    added = BurstDecision(
        channel=label, start_s=12.34, duration_ms=40.0, kind="clonic", peak_uv=80.0,
        area_uv_s=2.0, **AT,
    )  # fmt: skip
    now = decided_bursts(bursts, [added], P)
    assert len(now) == len(bursts) + 1
    assert (np.diff(now.start_s) >= 0).all()
    row = int(np.flatnonzero(now.manual)[0])
    assert (now.start_s[row], now.peak_uv[row], now.area_uv_s[row]) == (12.34, 80.0, 2.0)
    assert now.channel[row] == bursts.channels[1].index
    assert now.episode[row] >= 0


def test_decisions_hold_where_the_program_sees_other_limits(bursts: Bursts) -> None:
    row = rows_of(bursts)[3]
    decision = about(bursts, [row], "none")
    wider = replace(bursts, duration_ms=bursts.duration_ms * 1.3, start_s=bursts.start_s - 0.002)
    now = decided_bursts(wider, [decision], P)
    assert now.set_aside[row] == SetAside.DECIDED
    assert now.manual.sum() == 1


def test_what_cannot_be_applied_is_told(bursts: Bursts) -> None:
    elsewhere = about(bursts, [0], "tonic").model_copy(update={"channel": "EMG 99"})
    nowhere = about(bursts, [0], "none").model_copy(update={"start_s": 29.99, "duration_ms": 1.0})
    match = match_bursts(bursts, [elsewhere, nowhere, about(bursts, [0], "tonic")])
    assert match.unmatched == (elsewhere, nowhere)
    assert len(match.decisions) == 1


def test_a_later_decision_takes_the_place_of_those_in_its_stretch(bursts: Bursts) -> None:
    rows = rows_of(bursts)[3:5]
    named = Review().with_bursts(about(bursts, [row], "tonic") for row in rows)
    assert len(named.bursts) == 2
    merged = named.with_bursts([about(bursts, rows, "tonic")], {})
    assert len(merged.bursts) == 1
    parts = [about(bursts, rows, "clonic", p) for p in ((0.0, 0.4), (0.4, 1.0))]
    split = merged.with_bursts(parts)
    assert split.bursts == tuple(parts)
    other = about(bursts, rows_of(bursts, 2)[:1], "none")
    assert len(split.with_bursts([other]).bursts) == 3
    back = split.without_bursts([parts[0].key], **AT)
    assert back.bursts == (parts[1],)
    assert (back.log[-1].was, back.log[-1].is_) == (str(parts[0].phrase), "automatic")
    assert len(back.log) == 2 + 1 + 2 + 1
