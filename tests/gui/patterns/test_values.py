"""What the view makes of bursts before it draws them: words, limits, lanes, pixels, rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage

from amr_viewer.core.anatomy import Muscle, Side
from amr_viewer.core.bursts import BurstKind, SetAside
from amr_viewer.core.parameters import BurstParameters
from amr_viewer.core.pattern_words import conclusion_words, headline
from amr_viewer.core.patterns import Conclusion, Confidence, PatternFinding
from amr_viewer.core.protocol import Protocol
from amr_viewer.gui.patterns.burst_model import ALL, ASIDE, DURATION, MUSCLE, BurstModel
from amr_viewer.gui.patterns.card import card_html
from amr_viewer.gui.patterns.colors import kind_color
from amr_viewer.gui.patterns.lanes import lanes_of
from amr_viewer.gui.patterns.limits import (
    Limits,
    count_of,
    intervals_ms,
    limits_of,
    recounted,
)
from amr_viewer.gui.patterns.paint import Brush, paint_lane, pixels_of
from amr_viewer.gui.patterns.synchrony import cell_color
from amr_viewer.gui.patterns.words import burst_words, kind_words
from amr_viewer.gui.plot.scale import Axis
from amr_viewer.gui.theme import DARK, LIGHT, Theme, contrast
from tests.gui.patterns.builders import make_bursts, make_patterns

GROUND = BurstParameters()


@pytest.mark.parametrize(
    ("conclusion", "side", "text"),
    [
        (
            Conclusion.HFS_CLONIC_TONIC,
            "left",
            "Pattern as can be seen in hemifacial spasm, clonic-tonic, left",
        ),
        (Conclusion.MYOKYMIA, "right", "Pattern as can be seen in facial myokymia, right"),
        (
            Conclusion.CORTICAL,
            "left",
            "Pattern as can be seen in cortical jerks, left, EEG recommended",
        ),
        (Conclusion.NO_ACTIVITY, "", "No involuntary activity in 10 min"),
        (Conclusion.INDETERMINATE, "", "Indeterminate"),
        (Conclusion.INSUFFICIENT, "", "Too little activity or time to say"),
    ],
)
def test_conclusions_are_worded_as_what_can_be_seen(
    conclusion: Conclusion, side: str, text: str
) -> None:
    finding = PatternFinding(None, conclusion, pattern_side=side, assessed_s=600.0)
    assert conclusion_words(finding) == text


def test_the_headline_ends_with_the_confidence_where_there_is_one() -> None:
    finding = PatternFinding(None, Conclusion.HFS_TONIC, Confidence.LOW, pattern_side="right")
    assert headline(finding).endswith("tonic, right; confidence low")
    assert "confidence" not in headline(PatternFinding(None, Conclusion.INDETERMINATE))


def test_no_conclusion_sounds_like_a_diagnosis() -> None:
    for conclusion in Conclusion:
        finding = PatternFinding(None, conclusion, Confidence.HIGH, pattern_side="left")
        text = (headline(finding) + card_html(finding, LIGHT)).lower()
        for word in ("diagnostic", "diagnosis", "pathognomonic", "confirms", "proves"):
            assert word not in text


def test_the_card_lists_evidence_missing_tests_and_the_runner_up() -> None:
    html = card_html(make_patterns()[0], LIGHT)
    order = ["For", "SI 0.83", "Against", "not calibrated", "Not tested", "sleep", "Next best"]
    places = [html.index(text) for text in order]
    assert places == sorted(places)
    assert "synkinesis-type pattern" in html
    assert "L&nbsp;Orb.&nbsp;oculi" in html


def test_what_the_analysis_says_is_no_markup() -> None:
    finding = replace(make_patterns()[0], summary="a < b & c", missing=("<b>sleep</b>",))
    html = card_html(finding, LIGHT)
    assert "a &lt; b &amp; c" in html
    assert "<b>sleep" not in html


def test_limits_stay_in_order_and_within_what_a_protocol_allows() -> None:
    limits = limits_of(GROUND)
    assert limits.changed("clonic_max_ms", 900.0).clonic_max_ms == 500.0
    assert limits.changed("tonic_min_ms", 10.0).tonic_min_ms == 250.0
    assert limits.changed("salvo_gap_ms", 1.0).salvo_gap_ms == 20.0
    for wanted in (limits.changed("clonic_max_ms", 900.0), limits.changed("tonic_min_ms", 10.0)):
        assert wanted.parameters(GROUND).clonic_max_ms == wanted.clonic_max_ms


def test_limits_are_kept_in_a_protocol_without_touching_the_rest() -> None:
    wanted = Limits(120.0, 400.0, 200.0, 2.0)
    kept = wanted.protocol(Protocol())
    assert limits_of(kept.parameters.bursts) == wanted
    back = limits_of(GROUND).protocol(kept)
    assert back == Protocol()


def test_a_recount_follows_the_limits_and_leaves_what_a_person_named() -> None:
    bursts = make_bursts(200, 30.0)
    limits = limits_of(GROUND)
    same = recounted(bursts, limits, GROUND)
    for name in ("kind", "salvo", "episode"):
        assert np.array_equal(getattr(same, name), getattr(bursts, name))
    shorter = recounted(bursts, limits.changed("clonic_max_ms", 100.0), GROUND)
    expected = bursts.counted & (bursts.duration_ms <= 100.0)
    assert count_of(shorter).clonic == expected.sum()
    assert count_of(shorter).clonic < count_of(bursts).clonic
    apart = recounted(bursts, limits.changed("episode_gap_s", 0.1), GROUND)
    assert count_of(apart).episodes > count_of(bursts).episodes
    by_hand = replace(
        bursts,
        kind=np.full(len(bursts), BurstKind.OTHER, np.int8),
        manual=np.ones(len(bursts), np.bool_),
    )
    assert (recounted(by_hand, limits, GROUND).kind == BurstKind.OTHER).all()


def test_intervals_are_taken_within_a_muscle_and_without_bursts_set_aside() -> None:
    bursts = make_bursts(200, 30.0)
    expected: list[float] = []
    for channel in range(8):
        rows = bursts.counted & (bursts.channel == channel)
        expected += np.diff(1e3 * bursts.start_s[rows]).tolist()
    assert np.allclose(np.sort(intervals_ms(bursts)), np.sort(expected))


def test_lanes_go_from_the_left_forehead_to_the_right_chin_and_hold_every_burst() -> None:
    bursts = make_bursts(200, 30.0)
    lanes = lanes_of(bursts)
    assert [lane.channel.side for lane in lanes] == [Side.LEFT] * 4 + [Side.RIGHT] * 4
    assert lanes[0].channel.muscle is Muscle.FRONTALIS
    assert lanes[7].channel.muscle is Muscle.MENTALIS
    rows = np.concatenate([lane.rows for lane in lanes])
    assert np.array_equal(np.sort(rows), np.arange(len(bursts)))
    start, end = lanes[0].salvos
    assert len(start) > 0
    assert (end > start).all()


def painted(time: Axis, seed: int = 1) -> tuple[np.ndarray, QImage]:
    """A lane of the left orbicularis oculi, 40 pixels high."""
    image = QImage(int(time.stop), 40, QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.surface))
    pixels = pixels_of(image)
    bursts = make_bursts(200, 30.0, seed)
    paint_lane(Brush(pixels, time, 1.0, LIGHT), bursts, lanes_of(bursts)[1], 0.0, 40.0)
    return pixels, image


def test_every_burst_is_seen_even_where_it_is_narrower_than_a_pixel() -> None:
    pixels, _image = painted(Axis(0.0, 3000.0, 0.0, 30000.0))
    bursts = make_bursts(200, 30.0)
    lane = lanes_of(bursts)[1]
    blue = (pixels[30] == kind_color(LIGHT, BurstKind.CLONIC).rgb()).nonzero()[0]
    rows = lane.rows[bursts.counted[lane.rows] & (bursts.kind[lane.rows] == BurstKind.CLONIC)]
    for start in bursts.start_s[rows].tolist():
        assert int(start * 10) in blue


def test_kinds_differ_in_height_and_bursts_set_aside_are_hollow() -> None:
    pixels, _image = painted(Axis(0.0, 30.0, 0.0, 30000.0))
    clonic, tonic = (kind_color(LIGHT, k).rgb() for k in (BurstKind.CLONIC, BurstKind.TONIC))
    gray = QColor(LIGHT.sweep_gray).rgb()
    tops = {color: np.argwhere(pixels == color)[:, 0].min() for color in (clonic, tonic, gray)}
    assert tops[clonic] < tops[tonic]
    bursts = make_bursts(200, 30.0)
    lane = lanes_of(bursts)[1]
    aside = lane.rows[~bursts.counted[lane.rows]]
    alone = next(
        row
        for row in aside.tolist()
        if ((bursts.start_s[lane.rows] < bursts.end_s[row])
            & (bursts.end_s[lane.rows] > bursts.start_s[row])).sum() == 1
    )  # fmt: skip
    left = int(bursts.start_s[alone] * 1000)
    middle = left + int(bursts.duration_ms[alone] / 2)
    assert pixels[30, left] == gray
    assert pixels[30, middle] == QColor(LIGHT.surface).rgb()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda t: t.name)
def test_numbers_can_be_read_on_every_cell_and_kinds_stand_out(theme: Theme) -> None:
    for index in np.linspace(-0.2, 1.0, 25).tolist():
        assert contrast(theme.text, cell_color(theme, index).name()) >= 4.5
    for kind in BurstKind:
        assert contrast(kind_color(theme, kind).name(), theme.surface) >= 3.0


def test_the_table_sorts_and_filters_ten_thousand_bursts() -> None:
    bursts = make_bursts(10_000, 3600.0)
    model = BurstModel()
    model.put(bursts)
    assert model.rowCount() == bursts.counted.sum()
    model.choose(ALL, -1)
    assert model.rowCount() == len(bursts) == 10_000
    model.sort(DURATION, Qt.SortOrder.DescendingOrder)
    shown = bursts.duration_ms[model.order]
    assert (np.diff(shown) <= 0).all()
    assert model.data(model.index(0, DURATION)) == f"{bursts.duration_ms.max():.0f}"
    model.sort(MUSCLE)
    assert model.data(model.index(0, MUSCLE)) == "L Frontalis"
    model.choose(ASIDE, 3)
    assert set(bursts.channel[model.order]) == {3}
    assert set(bursts.set_aside[model.order]) == {SetAside.BLINK}
    burst = model.burst(5)
    assert model.row_of(burst) == 5
    assert model.row_of(int(np.flatnonzero(bursts.counted)[0])) == -1


def test_a_burst_is_told_with_muscle_time_kind_and_duration() -> None:
    bursts = make_bursts(200, 30.0)
    first = int(np.flatnonzero(bursts.counted)[0])
    words = burst_words(bursts, first)
    assert words.startswith("left frontalis, 0:0")
    assert f"{bursts.duration_ms[first]:.0f} ms" in words
    aside = int(np.flatnonzero(~bursts.counted)[0])
    assert kind_words(bursts, aside) == "set aside: blink of both eyes"
