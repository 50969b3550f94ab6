"""What contradicts itself in an assignment, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from amr_viewer.core.anatomy import Muscle
from amr_viewer.core.protocol import matches
from amr_viewer.core.recording import ChannelKind
from amr_viewer.gui.protocol.understanding import Look
from amr_viewer.io.words import in_a_row


def conflicts(look: Look) -> tuple[str, ...]:
    """Return what a person should look at again before applying, one line each."""
    return (*_namesakes(look), *_channels(look), *_twins(look), *_rules(look), *_trigger(look))


def _namesakes(look: Look) -> Iterator[str]:
    """Name the channels that no rule can tell apart."""
    labels = Counter(c.guess.channel.label.strip().casefold() for c in look.channels)
    for seen in look.channels:
        label = seen.guess.channel.label
        count = labels.pop(label.strip().casefold(), 0)
        if count > 1:
            yield f'{count} channels are named "{label}": one rule holds for all'


def _channels(look: Look) -> Iterator[str]:
    """Name channels whose muscle is stated though they are no EMG."""
    for seen in look.channels:
        channel = seen.guess.channel
        rule = look.protocol.channel_rule(channel.label)
        if rule is None or not isinstance(rule.muscle, Muscle):
            continue
        if rule.kind not in {None, ChannelKind.EMG}:
            yield f"{channel.label}: a muscle is stated, but its kind is {rule.kind.value}"
        elif channel.kind is not ChannelKind.EMG and channel.unit not in {None, "uV"}:
            yield f"{channel.label}: a muscle is stated, but its unit is {channel.unit}, no voltage"
        elif channel.unit is None:
            yield f"{channel.label}: state its unit too, or it is left out of the analysis"


def _twins(look: Look) -> Iterator[str]:
    """Name muscles that several channels record."""
    found: dict[tuple[Muscle, object], list[str]] = {}
    for seen in look.channels:
        channel = seen.guess.channel
        if channel.kind is ChannelKind.EMG and channel.muscle is not None:
            found.setdefault((channel.muscle, channel.side), []).append(channel.label)
    for (muscle, side), labels in found.items():
        if len(labels) > 1:
            where = f"{side.value} " if side is not None else ""  # type: ignore[attr-defined]
            yield f"{in_a_row(labels)}: all are {where}{muscle.title}"


def _rules(look: Look) -> Iterator[str]:
    """Name markers that a rule for others would take along."""
    edited = look.draft.marker_edits
    wide = [text for text in edited if "*" in text or "?" in text]
    for seen in look.markers if wide else ():
        kind = seen.guess.kind
        text = kind.example.text
        pattern = next((p for p in wide if matches(p, text)), None)
        if kind.text in edited or pattern is None:
            continue
        if look.protocol.marker_rule(text) != look.draft.protocol.marker_rule(text):
            yield f'the rule "{pattern}" also holds for "{kind.text}" ({kind.count})'


def _trigger(look: Look) -> Iterator[str]:
    """Say that no channel has the name that is stated for the trigger."""
    trigger = look.draft.trigger
    labels = [c.guess.channel.label for c in look.channels]
    if trigger is not None and not any(matches(trigger, label) for label in labels):
        yield f'no channel of this recording is named "{trigger}" (trigger channel)'
