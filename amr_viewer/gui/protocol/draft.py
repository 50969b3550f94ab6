"""What a person is assigning: values only, so that the dialog shows what would be understood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.core.protocol import ChannelRule, MarkerRule, Protocol
from amr_viewer.core.recording import Recording
from amr_viewer.io.assignment_guess import Lab
from amr_viewer.io.marker_guess import MarkerKind
from amr_viewer.io.rules import with_rules

Edits = Mapping[str, Mapping[str, Any]]
"""By label or text: field and value; a value of None gives it back to the program."""


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """An assignment in the making.

    Attributes
    ----------
    raw : Recording
        As read, before any protocol, with one mark for every kind of marks.
    kinds : tuple of MarkerKind
        Of its marks, in their order, then of the pulses of its trigger channel if these bear codes.
    n_unmarked : int
        Stimuli that only trigger pulses or artefacts show.
    protocol : Protocol
        From which it started.
    lab : mapping of str to Protocol
    channel_edits, marker_edits : mapping
    patterns : mapping of str to frozenset of str
        One rule for several labels.
    site, side, trigger : Branch, Side, str or None
        What holds where markers do not say.
    """

    raw: Recording
    kinds: tuple[MarkerKind, ...]
    n_unmarked: int
    protocol: Protocol
    lab: Lab = field(default_factory=dict)
    channel_edits: Edits = field(default_factory=dict)
    marker_edits: Edits = field(default_factory=dict)
    patterns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    site: Branch | None = None
    side: Side | None = None
    trigger: str | None = None

    def set_channels(self, labels: Iterable[str], name: str, value: Any) -> Draft:
        """Return the draft with one field of some channels set."""
        return replace(self, channel_edits=_edited(self.channel_edits, labels, name, value))

    def set_markers(self, texts: Iterable[str], name: str, value: Any) -> Draft:
        """Return the draft with one field of some kinds of markers set."""
        return replace(self, marker_edits=_edited(self.marker_edits, texts, name, value))

    def channel_rule(self, label: str) -> ChannelRule:
        """Return what the protocol will say of a channel."""
        base = self.protocol.channel_rule(label) or ChannelRule()
        return base.model_copy(update=dict(self.channel_edits.get(label, {})))

    def marker_rule(self, text: str) -> MarkerRule | None:
        """Return what the protocol will say of markers of a kind, None for nothing.

        Raises
        ------
        ValidationError
            A number is beyond its limits.
        """
        edits = dict(self.marker_edits.get(text, {}))
        base = self.protocol.marker_rule(text)
        stimulus = edits.pop("stimulus", "kept")
        if stimulus is False:
            return MarkerRule(ignore=True)
        stated = any(value is not None for value in edits.values())
        if stimulus is None and not stated:
            return None
        if stimulus == "kept" and not stated and not edits:
            return base
        kept = base.model_dump() if base and not base.ignore else {}
        made = MarkerRule.model_validate({**kept, **edits})
        return None if base is None and stimulus == "kept" and made == MarkerRule() else made

    def result(self) -> Protocol:
        """Return the protocol that this assignment makes."""
        channels = {label: self.channel_rule(label) for label in self.channel_edits}
        for pattern, labels in self.patterns.items():
            rules = [channels[label] for label in labels if label in channels]
            if len(rules) == len(labels) and all(r == rules[0] for r in rules):
                channels = {k: r for k, r in channels.items() if k not in labels}
                channels[pattern] = rules[0]
        markers = {text: self.marker_rule(text) for text in self.marker_edits}
        made = with_rules(self.protocol, channels, markers)
        overall = {"site": self.site, "side": self.side, "trigger": self.trigger}
        return made.model_copy(update=overall)


def _edited(edits: Edits, names: Iterable[str], field_name: str, value: Any) -> Edits:
    """Return edits with one more."""
    return {**edits, **{n: {**edits.get(n, {}), field_name: value} for n in names}}
