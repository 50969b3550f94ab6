"""The kinds of markers of a recording, what they are understood as, and what they may be.

A guess is shown to a person, who confirms it; `assignment` never applies one.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.core.protocol import Protocol
from amr_viewer.core.recording import Mark, StimulusLabel
from amr_viewer.io.guess_words import corrected_marker
from amr_viewer.io.marker_labels import MarkerMeaning, read_marker
from amr_viewer.io.marks import MANY

T = TypeVar("T")

MOST_NUMBERED = 8
"""More texts that differ in nothing but a number are one kind; fewer may be codes."""

_QUANTITY = re.compile(
    r"\d+(?:[.,]\d+)?(?=\s*(?:[munµμ]?a|мка|ма|[munµμ]?s|мс|мкс|hz|гц)\b)", re.IGNORECASE
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


@dataclass(frozen=True, slots=True)
class MarkerKind:
    """Markers with one text, or with texts that differ in their numbers only.

    Attributes
    ----------
    text : str
        Matches all of them as the rules of a protocol do.
    example : Mark
        The first of them.
    count : int
        How many there are.
    n_texts : int
        How many texts they have.
    sites, sides : frozenset
        What they say now; empty for those that are no stimuli.
    is_pulse : bool
        These are pulses of a trigger channel, and `text` is their code.
    """

    text: str
    example: Mark
    count: int
    n_texts: int
    sites: frozenset[Branch | None]
    sides: frozenset[Side | None]
    is_pulse: bool = False

    @property
    def is_stimulus(self) -> bool:
        """Whether they are stimuli, as understood now."""
        return bool(self.sites)


@dataclass(frozen=True, slots=True)
class MarkerGuess:
    """What markers of a kind may be.

    Attributes
    ----------
    kind : MarkerKind
    is_stimulus : bool or None
        None: nothing tells.
    site, side : Branch, Side or None
    certain : bool
        Understood, or stated by the protocol; else a guess that a person must confirm.
    why : str
        Where it comes from, in words.
    """

    kind: MarkerKind
    is_stimulus: bool | None
    site: Branch | None
    side: Side | None
    certain: bool
    why: str


def marker_kinds(marks: Sequence[Mark]) -> tuple[MarkerKind, ...]:
    """Return the kinds of marks, the commonest first.

    Currents and times never part two kinds; other numbers do unless there are many of them.

    Parameters
    ----------
    marks : sequence of Mark
        With their stimuli as understood now.
    """
    texts = Counter(m.text for m in marks)
    by_number: defaultdict[str, set[str]] = defaultdict(set)
    without = {text: _QUANTITY.sub("*", text) for text in texts}
    for kept in without.values():
        by_number[_NUMBER.sub("*", kept)].add(kept)
    key_of = {}
    for text, kept in without.items():
        wide = _NUMBER.sub("*", kept)
        key_of[text] = wide if len(by_number[wide]) > MOST_NUMBERED else kept
    members: defaultdict[str, set[str]] = defaultdict(set)
    for text, key in key_of.items():
        members[key].add(text)
    groups: defaultdict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        groups[key_of[mark.text]].append(mark)
    kinds = [_kind(key, groups[key], members[key]) for key in groups]
    return tuple(sorted(kinds, key=lambda k: -k.count))


def _kind(key: str, marks: Sequence[Mark], texts: set[str]) -> MarkerKind:
    """Return a kind of marks."""
    stimuli = {m.stimulus for m in marks if m.stimulus is not None}
    return MarkerKind(
        text=key if len(texts) > 1 else marks[0].text,
        example=marks[0],
        count=len(marks),
        n_texts=len(texts),
        sites=frozenset(s.site for s in stimuli),
        sides=frozenset(s.side for s in stimuli),
    )


def is_strange(kind: MarkerKind, protocol: Protocol) -> bool:
    """Whether markers are not understood and too many to be remarks."""
    if kind.is_stimulus or kind.count < MANY or protocol.marker_rule(kind.example.text):
        return False
    return not read_marker(kind.example.text).is_remark


def guess_markers(
    marks: Sequence[Mark], protocol: Protocol, lab: Mapping[str, Protocol] | None = None
) -> tuple[MarkerGuess, ...]:
    """Return what each kind of marks is understood as, with the best guess where it is not.

    Parameters
    ----------
    marks : sequence of Mark
        Assigned under `protocol`.
    protocol : Protocol
    lab : mapping of str to Protocol, optional
        Others to look texts up in.
    """
    return tuple(guess_marker(k, protocol, lab or {}) for k in marker_kinds(marks))


def guess_marker(kind: MarkerKind, protocol: Protocol, lab: Mapping[str, Protocol]) -> MarkerGuess:
    """Return what markers of one kind are understood as, or the best guess."""
    text = kind.example.text
    rule = protocol.marker_rule(text)
    meaning = read_marker(text)
    site, side = _only(kind.sites), _only(kind.sides)
    if rule is not None:
        why = "stated in this protocol"
        return MarkerGuess(kind, not rule.ignore, site, side, True, why)
    if site is not None or len(kind.sites) > 1:
        why = "branch taken from a muscle's name" if meaning.from_muscle else "understood"
        if meaning.label.site is None and site is protocol.site:
            why = "branch stated for all"
        return MarkerGuess(kind, True, site, side, True, why)
    from_lab = _from_lab(kind, text, lab)
    if from_lab is not None:
        return from_lab
    guess = _from_words(kind, text, meaning)
    if guess is not None:
        return guess
    if kind.is_stimulus:
        return MarkerGuess(kind, True, None, side, True, "names no branch")
    if meaning.is_remark or kind.count < MANY:
        return MarkerGuess(kind, False, None, None, True, "a remark")
    return MarkerGuess(kind, None, None, None, True, "not understood")


def _from_lab(kind: MarkerKind, text: str, lab: Mapping[str, Protocol]) -> MarkerGuess | None:
    """Return what another protocol of the laboratory says."""
    for name, protocol in lab.items():
        rule = protocol.marker_rule(text)
        if rule is not None:
            why = f'same text in protocol "{name}"'
            return MarkerGuess(kind, not rule.ignore, rule.site, rule.side, False, why)
    return None


def _from_words(kind: MarkerKind, text: str, meaning: MarkerMeaning) -> MarkerGuess | None:
    """Return what a text says when its words are corrected."""
    if meaning.is_remark or not (kind.is_stimulus or kind.count >= MANY):
        return None
    corrected, changes = corrected_marker(text)
    if not changes:
        return None
    label: StimulusLabel = read_marker(corrected).label
    if label.site is None and not read_marker(corrected).is_stimulus:
        return None
    side = label.side or _only(kind.sides)
    return MarkerGuess(kind, True, label.site, side, False, changes)


def _only(values: frozenset[T | None]) -> T | None:
    """Return the value that all agree on."""
    return next(iter(values)) if len(values) == 1 else None
