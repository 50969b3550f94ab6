"""What the log of a review says of decisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from amr_viewer.core.decisions import Change, FindingDecision, MarkDecision, SweepDecision, SweepKey

REPORT_ENTRY = "report, "
"""How entries of the log on fields and sentences of the report begin; they may name the patient."""

MANY = 50
"""Decisions on more sweeps or marks at once are told in one entry of the log."""


def sweep_changes(
    decisions: Mapping[SweepKey, SweepDecision],
    was: Mapping[SweepKey, str],
    is_: str = "",
) -> list[Change]:
    """Return what the log says of sweeps: each by itself, or many of a channel in one entry.

    `is_` stands for what they are now; empty: as decided.
    """
    if len(decisions) <= MANY:
        return [
            Change(
                what=f"sweep at {d.stimulus_s:.4f} s, {d.channel}",
                was=was[k],
                is_=is_ or d.words,
                author=d.author,
                at=d.at,
            )
            for k, d in decisions.items()
        ]
    groups: dict[tuple[str, int], list[SweepKey]] = {}
    for key in decisions:
        groups.setdefault(key[1:], []).append(key)
    out = []
    for (channel, _), keys in groups.items():
        first, last = decisions[keys[0]], decisions[keys[-1]]
        when = f"from {first.stimulus_s:.1f} to {last.stimulus_s:.1f} s"
        out.append(
            Change(
                what=f"{len(keys)} sweeps {when}, {channel}",
                was=_tally(was[k] for k in keys),
                is_=is_ or _tally(decisions[k].state or "measured" for k in keys),
                author=first.author,
                at=first.at,
            )
        )
    return out


def mark_changes(decisions: Mapping[str, MarkDecision], was: Mapping[str, str]) -> list[Change]:
    """Return what the log says of marks: each by itself, or many in one entry."""
    if len(decisions) <= MANY:
        return [
            Change(what="mark", was=was.get(k, ""), is_=d.words, author=d.author, at=d.at)
            for k, d in decisions.items()
        ]
    first = next(iter(decisions.values()))
    gone = sum(d.text is None for d in decisions.values())
    times = [d.time_s for d in decisions.values() if d.text is not None]
    when = f" from {min(times):.1f} to {max(times):.1f} s" if times else ""
    return [
        Change(
            what=f"{len(decisions)} marks",
            was=f"{len(was)} of them there before" if was else "",
            is_=f"{gone} removed" if gone else f"set{when}",
            author=first.author,
            at=first.at,
        )
    ]


def _tally(words: Iterable[str]) -> str:
    """Return how often each state was said."""
    counts = Counter(w.partition(",")[0] for w in words)
    if len(counts) == 1:
        return next(iter(counts))
    return ", ".join(f"{word} ({n})" for word, n in counts.most_common())


def finding_words(decision: FindingDecision) -> str:
    """Name a finding for the log."""
    site = " ".join(str(x.value) for x in (decision.side, decision.site) if x) or "unknown site"
    return f"verdict of {decision.channel} on {site} stimulation"


def protocol_words(protocol: Mapping[str, Any] | None) -> str:
    """Name a protocol for the log."""
    return "default" if protocol is None else str(protocol.get("name", "unnamed"))
