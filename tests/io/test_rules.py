"""Rules that are put into a protocol count, and patterns hold for the chosen names only."""

from __future__ import annotations

import pytest

from amr_viewer.core.anatomy import Branch, Muscle, Side
from amr_viewer.core.protocol import ChannelRule, MarkerRule, Protocol
from amr_viewer.io.rules import suggest_pattern, with_rules

MENTALIS = ChannelRule(muscle=Muscle.MENTALIS)
LEFT = ChannelRule(side=Side.LEFT)


def test_a_new_rule_counts_before_a_wider_one():
    protocol = Protocol(channels={"EMG R*": LEFT, "EMG *": LEFT, "x": LEFT})
    made = with_rules(protocol, {"EMG L": MENTALIS}, {})
    assert list(made.channels) == ["EMG R*", "EMG L", "EMG *", "x"]
    assert made.channel_rule("emg l") == MENTALIS
    assert made.channel_rule("EMG 3") == LEFT


def test_a_rule_of_the_same_name_is_replaced_in_its_place():
    protocol = Protocol(channels={"a": LEFT, "B": LEFT, "c": LEFT})
    made = with_rules(protocol, {"b ": MENTALIS}, {})
    assert list(made.channels) == ["a", "B", "c"]
    assert made.channel_rule("b") == MENTALIS


def test_a_rule_hidden_behind_a_wider_one_is_moved_before_it():
    protocol = Protocol(channels={"*": LEFT, "b": LEFT})
    made = with_rules(protocol, {"b": MENTALIS}, {})
    assert list(made.channels) == ["b", "*"]


def test_an_empty_rule_goes_unless_it_shields_from_a_wider_one():
    assert with_rules(Protocol(channels={"a": LEFT}), {"a": ChannelRule()}, {}).channels == {}
    shielded = with_rules(Protocol(channels={"*": LEFT}), {"a": ChannelRule()}, {})
    assert shielded.channel_rule("a") == ChannelRule()


def test_marker_rules_are_added_and_taken_away():
    protocol = Protocol(markers={"S  1": MarkerRule(ignore=True)})
    made = with_rules(protocol, {}, {"s  1": None, "S  2": MarkerRule(site=Branch.BUCCAL)})
    assert made.markers == {"S  2": MarkerRule(site=Branch.BUCCAL)}


@pytest.mark.parametrize(
    ("chosen", "others", "pattern"),
    [
        (["EMG L Men", "EMG L OOc"], ["EMG R Men"], "EMG L *"),
        (["Men L", "OOc L"], ["Men R"], "* L"),
        (["EEG Fz-A", "eeg Cz-A"], ["EEG Oz-B"], "*z-A"),
        (["Ch 1", "Ch 2"], ["Ch 3"], ""),
        (["Ch 1", "Ch 2"], [], "Ch *"),
        (["Ch 1"], ["Ch 2"], ""),
    ],
)
def test_patterns_hold_for_the_chosen_only(chosen: list[str], others: list[str], pattern: str):
    assert suggest_pattern(chosen, others) == pattern
