"""The key of a result: what it holds apart, and the command that makes the result again."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from amr_viewer.core.parameters import Parameters
from amr_viewer.core.protocol import ChannelRule, Protocol
from amr_viewer.core.result_key import (
    ResultKey,
    difference,
    differences,
    key_from,
    protocol_sha256,
    review_sha256,
)
from amr_viewer.core.review import Review

KEY = ResultKey("a1" * 32, "b2" * 32, "c3" * 32, "", True, "1.2.0-rc.1")

CHANGES = {
    "recording_sha256": "ff" * 32,
    "parts_sha256": "",
    "protocol_sha256": "ee" * 32,
    "review_sha256": "dd" * 32,
    "free_running": False,
    "libraries": "numpy 2.4.0",
    "program_version": "1.2.0",
}


def test_key_survives_json() -> None:
    assert key_from(json.loads(json.dumps(KEY.values()))) == KEY


@pytest.mark.parametrize("values", [None, 3, [], {}, {"recording_sha256": "a"}])
def test_what_is_no_key(values: object) -> None:
    assert key_from(values) is None


def test_key_of_wrong_types_is_none() -> None:
    assert key_from(KEY.values() | {"parts_sha256": 7}) is None


@pytest.mark.parametrize("name", list(CHANGES))
def test_each_place_of_the_key_tells_a_difference(name: str) -> None:
    other = replace(KEY, **{name: CHANGES[name]})
    assert difference(KEY.short, KEY) == ""
    assert difference(KEY.short, other) != ""
    alone = {difference(KEY.short, replace(KEY, **{n: v})) for n, v in CHANGES.items()}
    assert len(alone) == len(CHANGES)


def test_differences_are_all_named() -> None:
    other = replace(KEY, recording_sha256="00" * 32, review_sha256="11" * 32)
    assert difference(KEY.short, other) == "the recording has changed, the review has changed"


@pytest.mark.parametrize("text", ["", "abc", "a-b-c"])
def test_no_key(text: str) -> None:
    assert difference(text, KEY) == "that is no key of a result"


def test_hash_of_protocol_sees_every_field() -> None:
    base = Protocol()
    others = [
        Protocol(name="other"),
        Protocol(channels={"A": ChannelRule(negative_up=False)}),
        Protocol(parameters=Parameters().replaced({"detection.window_end_ms": "25"})),
    ]
    assert len({protocol_sha256(p) for p in (base, *others)}) == 4
    assert protocol_sha256(Protocol()) == protocol_sha256(base)


def test_hash_of_review() -> None:
    assert review_sha256(None) == ""
    assert review_sha256(Review()) != review_sha256(Review(texts={"findings": "a"})) != ""


def test_hash_of_review_sees_what_was_wrong_with_its_file() -> None:
    assert review_sha256(Review(), ("its backup was used",)) != review_sha256(Review())


def test_order_of_rules_counts() -> None:
    rules = {"EMG*": ChannelRule(unit="mV"), "EMG 1": ChannelRule(unit="uV")}
    there = Protocol(channels=rules)
    back = Protocol(channels=dict(reversed(rules.items())))
    assert protocol_sha256(there) != protocol_sha256(back)


def test_differences_in_sentences() -> None:
    other = replace(KEY, recording_sha256="00" * 32, libraries="numpy 1")
    assert differences(KEY, KEY) == ()
    assert differences(KEY, other) == (
        "the recording has changed", "the libraries are other versions",
    )  # fmt: skip


def test_versions_are_told() -> None:
    now = replace(KEY, program_version="1.3.0", libraries="numpy 2.4.0")
    assert difference(KEY.short, now) == (
        "the libraries are other versions (now numpy 2.4.0), "
        "the program is another version (then 1.2.0-rc.1, now 1.3.0)"
    )
