"""What the log of a review says of decisions, in codes and values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.core.decisions import (
    BurstDecision,
    BurstKey,
    Change,
    Decision,
    FindingDecision,
    MarkDecision,
    SweepDecision,
    SweepKey,
)
from amr_viewer.core.phrases import Phrase, as_phrase

REPORT_ENTRY = "report"
"""Code of entries of the log on fields and sentences of the report; they may name the patient."""

MANY = 50
"""Decisions on more sweeps or marks at once are told in one entry of the log."""

AUTOMATIC = Phrase(code="automatic")
NO_BURST = Phrase(code="no_burst")

Words = Phrase | str
"""A phrase, or a code, or what is no code as a text."""


def change(subject: Phrase, before: Words, after: Words, who: Decision | tuple[str, str]) -> Change:
    """Return an entry of the log; `who` decided, or author and time."""
    author, at = who if isinstance(who, tuple) else (who.author, who.at)
    was, now = (as_phrase(x) if x != "" else None for x in (before, after))
    return Change(subject=subject, before=was, after=now, author=author, at=at)


def sweep_changes(
    decisions: Mapping[SweepKey, SweepDecision],
    was: Mapping[SweepKey, Words],
    is_: Phrase | None = None,
) -> list[Change]:
    """Return what the log says of sweeps: each by itself, or many of a channel in one entry.

    `is_` stands for what they are now; None: as decided.
    """
    if len(decisions) <= MANY:
        return [
            change(
                Phrase(code="sweep", stimulus_s=d.stimulus_s, channel=d.channel),
                was[k], is_ or d.phrase, d,
            )
            for k, d in decisions.items()
        ]  # fmt: skip
    out = []
    for keys in _by_channel(decisions):
        times = [decisions[keys[0]].stimulus_s, decisions[keys[-1]].stimulus_s]
        now = is_ or _tally(decisions[k].state or "measured" for k in keys)
        out.append(_many("sweeps", keys, times, _tally_of(was, keys), now, decisions[keys[0]]))
    return out


def burst_changes(
    decisions: Mapping[BurstKey, BurstDecision],
    was: Mapping[BurstKey, Words],
    is_: Phrase | None = None,
) -> list[Change]:
    """Return what the log says of bursts: each by itself, or many of a channel in one entry.

    `is_` stands for what they are now; None: as decided.
    """
    if len(decisions) <= MANY:
        return [
            change(
                Phrase(code="burst", start_s=d.start_s, channel=d.channel),
                was.get(k, NO_BURST), is_ or d.phrase, d,
            )
            for k, d in decisions.items()
        ]  # fmt: skip
    out = []
    for keys in _by_channel(decisions):
        starts = [decisions[k].start_s for k in keys]
        now = is_ or _tally(_kind(decisions[k].phrase) for k in keys)
        times = [min(starts), max(starts)]
        out.append(_many("bursts", keys, times, _tally_of(was, keys), now, decisions[keys[0]]))
    return out


def _by_channel(decisions: Mapping[Any, Decision]) -> list[list[Any]]:
    """Return the keys of decisions, those of each channel together."""
    groups: dict[Any, list[Any]] = {}
    for key in decisions:
        groups.setdefault(key[1:], []).append(key)
    return list(groups.values())


def _many(
    code: str, keys: Sequence[Any], times: Sequence[float], was: Phrase, now: Phrase, by: Decision
) -> Change:
    """Return the entry of many things of one channel."""
    subject = Phrase(code=code, n=len(keys), first_s=times[0], last_s=times[1], channel=keys[0][1])
    return change(subject, was, now, by)


def _tally_of(was: Mapping[Any, Words], keys: Iterable[Any]) -> Phrase:
    """Return how often each kind was there before."""
    return _tally(_kind(as_phrase(was.get(k, NO_BURST))) for k in keys)


def _kind(phrase: Phrase) -> str:
    """Return the word that a phrase is counted under."""
    values = phrase.values
    word = values.get("state") or values.get("kind") or str(phrase).partition(",")[0]
    return f"automatic: {word}" if phrase.code in ("sweep_found", "burst_found") else str(word)


def _tally(words: Iterable[str]) -> Phrase:
    """Return how often each word was said."""
    counts = Counter(words)
    if len(counts) == 1 and "automatic" in counts:
        return AUTOMATIC
    return Phrase(code="tally", counts=[[word, n] for word, n in counts.most_common()])


def mark_changes(decisions: Mapping[str, MarkDecision], was: Mapping[str, Words]) -> list[Change]:
    """Return what the log says of marks: each by itself, or many in one entry."""
    if len(decisions) <= MANY:
        return [
            change(Phrase(code="mark"), was.get(k, ""), d.phrase, d) for k, d in decisions.items()
        ]
    gone = sum(d.text is None for d in decisions.values())
    times = [d.time_s for d in decisions.values() if d.text is not None]
    ends = {"first_s": min(times), "last_s": max(times)} if times else {}
    return [
        change(
            Phrase(code="marks", n=len(decisions)),
            Phrase(code="marks_before", n=len(was)) if was else "",
            Phrase(code="marks_removed", n=gone) if gone else Phrase(code="marks_set", **ends),
            next(iter(decisions.values())),
        )
    ]


def finding_phrase(decision: FindingDecision) -> Phrase:
    """Name a finding for the log."""
    where = site_values(decision.site, decision.side)
    code = "verdict" if where else "verdict_nowhere"
    return Phrase(code=code, channel=decision.channel, **where)


def site_values(site: Branch | None, side: Side | None) -> dict[str, str]:
    """Return what is known of a stimulated branch, as values of a phrase."""
    known = {"side": side.value if side else "", "branch": site.value if site else ""}
    return {k: v for k, v in known.items() if v}


def protocol_phrase(protocol: Mapping[str, Any] | None) -> Phrase:
    """Name a protocol for the log."""
    if protocol is None:
        return Phrase(code="default")
    return Phrase(code="name", name=str(protocol.get("name", "unnamed")))
