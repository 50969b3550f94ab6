"""What channels and marks mean, from their texts and from the laboratory's protocol.

`labels` and `marker_labels` know words; here protocol, file and words are weighed, units and
polarities corrected, and whatever was guessed or not understood becomes a warning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.anatomy import Muscle, Side
from amr_viewer.core.protocol import ChannelRule, Protocol, matches
from amr_viewer.core.recording import Channel, ChannelKind, Recording, SignalSource
from amr_viewer.io.labels import ChannelMeaning, parse_channels
from amr_viewer.io.marks import assign_marks
from amr_viewer.io.vendor_units import understand_unit
from amr_viewer.io.words import in_a_row


@dataclass(frozen=True, slots=True)
class ScaledSource:
    """Samples of another source, each channel multiplied by its factor.

    Attributes
    ----------
    inner : SignalSource
        As the reader made it.
    factors : tuple of float
        One per channel.
    """

    inner: SignalSource = field(repr=False)
    factors: tuple[float, ...]

    def read(self, channel: int, start: int, stop: int) -> NDArray[np.float32]:
        """Return samples `start` to `stop` of one channel, shape (stop - start,), in its unit."""
        samples = self.inner.read(channel, start, stop)
        factor = self.factors[channel]
        return samples if factor == 1.0 else samples * np.float32(factor)


def assign(recording: Recording, protocol: Protocol) -> Recording:
    """Say what every channel and mark of a recording means.

    Channels: a rule of the protocol counts before what a file beside the recording states
    (`Channel.stated`), that before the label, the label before what else the reader knew.
    A channel is EMG only if its samples are a voltage: with another unit it is OTHER, and without
    one too, with a warning, until the protocol states it. A rule's `unit` says what the stored
    numbers are, `negative_up = false` that they have the wrong sign: the source is wrapped so that
    it delivers the stored number x uV per unit, x -1 if reversed.

    Marks: a rule of the protocol makes a mark a stimulus or (`ignore`) none; a mark that the reader
    understood stays a stimulus; for others the words decide. Branch, side, current and width come
    from the rule, else from the reader, else from the text; branch and side at last from
    `protocol.site` and `protocol.side`.

    Assigning twice under one protocol is the same as once. For another protocol start again from
    the recording as read.

    Parameters
    ----------
    recording : Recording
        As read.
    protocol : Protocol

    Returns
    -------
    Recording
        With channels, marks, source and warnings replaced.
    """
    warnings: list[str] = []
    channels, source = _channels(recording, protocol, warnings)
    marks = assign_marks(recording.marks, protocol, warnings)
    return replace(
        recording,
        channels=channels,
        marks=marks,
        source=source,
        warnings=tuple(dict.fromkeys((*recording.warnings, *warnings))),
    )


def _channels(
    recording: Recording, protocol: Protocol, warnings: list[str]
) -> tuple[tuple[Channel, ...], SignalSource]:
    """Return the channels with their meaning, and the source that delivers their units."""
    labels = [c.label for c in recording.channels]
    meanings = parse_channels(labels)
    rules = [protocol.channel_rule(label) or ChannelRule() for label in labels]
    assigned = []
    factors = []
    for channel, meaning, rule in zip(recording.channels, meanings, rules, strict=True):
        unit, factor = _unit(channel, rule, warnings)
        factors.append(-factor if rule.negative_up is False else factor)
        assigned.append(_channel(replace(channel, unit=unit), meaning, rule, protocol, warnings))
    _warn_of_muscles(assigned, rules, warnings)
    unused = [p for p in protocol.channels if not any(matches(p, label) for label in labels)]
    if unused:
        warnings.append(f"no channel is named as the protocol says: {in_a_row(unused)}")
    source = recording.source
    inner = source.inner if isinstance(source, ScaledSource) else source
    plain = all(f == 1.0 for f in factors)
    return tuple(assigned), inner if plain else ScaledSource(inner, tuple(factors))


def _channel(
    channel: Channel,
    meaning: ChannelMeaning,
    rule: ChannelRule,
    protocol: Protocol,
    warnings: list[str],
) -> Channel:
    """Return a channel with its meaning."""
    kind = _kind(channel, meaning, rule, protocol)
    if kind is ChannelKind.EMG and channel.unit != "uV":
        if channel.unit is None:
            warnings.append(
                f"channel {channel.label} is left out of the analysis: its unit is unknown; state "
                f'it in the protocol: [channels."{channel.label}"] unit = "uV"'
            )
        kind = ChannelKind.OTHER
    muscle: Muscle | None = rule.muscle if isinstance(rule.muscle, Muscle) else None
    side: Side | None = rule.side if isinstance(rule.side, Side) else None
    if rule.muscle is None:
        is_stated = "muscle" in channel.stated
        muscle = channel.muscle if is_stated else meaning.muscle or channel.muscle
    if rule.side is None:
        side = channel.side if "side" in channel.stated else meaning.side or channel.side
    return replace(channel, muscle=muscle, side=side, kind=kind)


def _kind(
    channel: Channel, meaning: ChannelMeaning, rule: ChannelRule, protocol: Protocol
) -> ChannelKind:
    """Decide what a channel carries, its unit left aside."""
    if rule.kind is not None:
        return rule.kind
    if protocol.trigger is not None and matches(protocol.trigger, channel.label):
        return ChannelKind.TRIGGER
    if "bad" in channel.stated:
        return ChannelKind.OTHER
    if isinstance(rule.muscle, Muscle):
        return ChannelKind.EMG
    if "kind" in channel.stated:
        return channel.kind
    return ChannelKind.TRIGGER if channel.kind is ChannelKind.TRIGGER else meaning.kind


def _unit(channel: Channel, rule: ChannelRule, warnings: list[str]) -> tuple[str | None, float]:
    """Return the unit of a channel under a rule, and the factor for the reader's samples."""
    if rule.unit is None:
        return channel.unit, 1.0
    stated = understand_unit(channel.file_unit)
    wanted = understand_unit(rule.unit)
    # Where the file says nothing, the reader delivered the stored numbers as they are.
    factor = wanted.scale / (stated.scale if stated.unit == "uV" else 1.0)
    if channel.file_unit and (stated.unit != "uV" or factor != 1.0):
        warnings.append(
            f"channel {channel.label}: its unit is {channel.file_unit} in the file and {rule.unit} "
            "in the protocol; the protocol counts"
        )
    return "uV", factor


def _warn_of_muscles(
    channels: Sequence[Channel], rules: Sequence[ChannelRule], warnings: list[str]
) -> None:
    """Name the EMG channels whose muscle nobody stated."""
    unknown = [
        c.label
        for c, rule in zip(channels, rules, strict=True)
        if c.kind is ChannelKind.EMG
        and c.muscle is None
        and rule.muscle is None
        and "muscle" not in c.stated
    ]
    if unknown:
        warnings.append(
            f"muscle of channel {in_a_row(unknown)} unknown: responses there cannot be called AMR; "
            f'state it in the protocol: [channels."{unknown[0]}"] muscle = "mentalis" (or "none")'
        )
