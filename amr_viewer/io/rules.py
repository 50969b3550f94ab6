"""Puts rules into a protocol so that they count, and finds patterns that hold for several names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from amr_viewer.core.protocol import ChannelRule, MarkerRule, Protocol, matches

Rule = TypeVar("Rule", ChannelRule, MarkerRule)

_LEAST_COMMON = 2


def with_rules(
    protocol: Protocol,
    channels: Mapping[str, ChannelRule],
    markers: Mapping[str, MarkerRule | None],
) -> Protocol:
    """Return a protocol in which these rules count for their names, all others as before.

    Parameters
    ----------
    protocol : Protocol
    channels : mapping of str to ChannelRule
        By label or pattern; a rule that says nothing is left out where nothing else would hold.
    markers : mapping of str to MarkerRule or None
        By text or pattern; None takes the rule of exactly this text away.

    Returns
    -------
    Protocol
        Rules for other names stay, in their order.
    """
    rules = dict(protocol.channels)
    for name, rule in channels.items():
        is_empty = rule == ChannelRule()
        rules = _without(rules, name) if is_empty else rules
        if not is_empty or _first_match(rules, name) is not None:
            rules = _placed(rules, name, rule)
    texts = dict(protocol.markers)
    for name, marker in markers.items():
        texts = _without(texts, name) if marker is None else _placed(texts, name, marker)
    return protocol.model_copy(update={"channels": rules, "markers": texts})


def _same(a: str, b: str) -> bool:
    """Whether two names are one for the rules."""
    return a.strip().casefold() == b.strip().casefold()


def _without(rules: dict[str, Rule], name: str) -> dict[str, Rule]:
    """Return rules without the one of exactly this name."""
    return {p: r for p, r in rules.items() if not _same(p, name)}


def _first_match(rules: Mapping[str, Rule], name: str) -> str | None:
    """Return the pattern that counts for a name."""
    return next((p for p in rules if matches(p, name)), None)


def _placed(rules: dict[str, Rule], name: str, rule: Rule) -> dict[str, Rule]:
    """Return rules with one put where it counts: in its place, else before the one that would."""
    first = _first_match(rules, name)
    if first is not None and _same(first, name):
        return {p: (rule if p == first else r) for p, r in rules.items()}
    rest = _without(rules, name)
    if first is None:
        return {**rest, name: rule}
    placed: dict[str, Rule] = {}
    for pattern, other in rest.items():
        if pattern == first:
            placed[name] = rule
        placed[pattern] = other
    return placed


def suggest_pattern(chosen: Sequence[str], others: Sequence[str]) -> str:
    """Return the pattern that holds for the chosen names and for no other, empty if none does.

    Examples
    --------
    >>> suggest_pattern(["EMG L Men", "EMG L OOc"], ["EMG R Men"])
    'EMG L *'
    >>> suggest_pattern(["Ch 1", "Ch 2"], ["Ch 3"])
    ''
    """
    if len(chosen) < _LEAST_COMMON:
        return ""
    folded = [c.casefold() for c in chosen]
    start = chosen[0][: _n_common(folded)]
    end = chosen[0][len(chosen[0]) - _n_common([f[::-1] for f in folded]) :]
    for pattern in (f"{start}*", f"*{end}", f"{start}*{end}"):
        kept = pattern.replace("*", "")
        if len(kept) < _LEAST_COMMON or not kept.strip():
            continue
        holds = all(matches(pattern, c) for c in chosen)
        if holds and not any(matches(pattern, o) for o in others):
            return pattern
    return ""


def _n_common(names: Sequence[str]) -> int:
    """Count the letters that names have in common at their beginning."""
    columns = zip(*names, strict=False)
    return next((i for i, c in enumerate(columns) if len(set(c)) > 1), min(map(len, names)))
