"""What channels and markers are understood as, and the best guess where nobody knows.

A guess is shown to a person, who confirms it; `assignment` never applies one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Branch, Muscle, Side
from amr_viewer.core.protocol import ChannelRule, Protocol
from amr_viewer.core.recording import Channel, ChannelKind, Mark, Recording
from amr_viewer.io.guess_words import corrected_channel
from amr_viewer.io.labels import parse_channel
from amr_viewer.io.marker_guess import is_strange, marker_kinds
from amr_viewer.io.words import in_a_row

Lab = Mapping[str, Protocol]
"""Other protocols of the laboratory by their names."""


class Sureness(StrEnum):
    """How sure a meaning is."""

    STATED = "stated"
    READ = "read"
    LIKELY = "likely"
    POSSIBLE = "possible"
    NONE = "none"

    @property
    def is_guess(self) -> bool:
        """Whether a person must confirm it."""
        return self in {Sureness.LIKELY, Sureness.POSSIBLE}


@dataclass(frozen=True, slots=True)
class ChannelGuess:
    """What a channel may be.

    Attributes
    ----------
    channel : Channel
        As it is understood now.
    muscle, side : Muscle, Side or None
        Understood, or guessed where that is not known.
    sureness : Sureness
        Of the least sure of the two.
    why : str
        Where it comes from, in words.
    """

    channel: Channel
    muscle: Muscle | None
    side: Side | None
    sureness: Sureness
    why: str


def guess_channels(
    recording: Recording, protocol: Protocol, lab: Lab | None = None
) -> tuple[ChannelGuess, ...]:
    """Return what each channel is understood as, with the best guess where it is not.

    Parameters
    ----------
    recording : Recording
        Assigned under `protocol`.
    protocol : Protocol
    lab : mapping of str to Protocol, optional
        Others to look labels up in.

    Returns
    -------
    tuple of ChannelGuess
        One per channel. A guess comes, in this order, from the same label in another protocol, from
        a word that is misspelled or abbreviated, or from the order of the montage.
    """
    guesses = [_guess(c, protocol, lab or {}) for c in recording.channels]
    open_places = [i for i, g in enumerate(guesses) if _is_open(g)]
    if open_places:
        _from_montage(guesses, open_places, lab or {})
    return tuple(guesses)


def unknowns(source: Analysis | Recording) -> str:
    """Say what of a recording is not known, in one line; empty if all is.

    Parameters
    ----------
    source : Analysis or Recording
        An analysis also tells of stimuli that were found on a trigger channel or by their artefact.

    Returns
    -------
    str
        ``"muscle of Ch 1, Ch 2 unknown; 50 stimuli without a branch"``.
    """
    if isinstance(source, Analysis):
        recording, protocol, branches = source.recording, source.protocol, source.stimuli.site
    else:
        recording, protocol, branches = source, Protocol(), _branches(source.marks)
    parts = []
    muscleless = [
        c.label
        for c in recording.channels
        if c.kind is ChannelKind.EMG and c.muscle is None and not _is_stated(c, protocol)
    ]
    if muscleless:
        parts.append(f"muscle of {in_a_row(muscleless, 3)} unknown")
    unitless = [c.label for c in recording.channels if lacks_unit(c)]
    if unitless:
        parts.append(f"unit of {in_a_row(unitless, 3)} unknown")
    n_nowhere = sum(site is None for site in branches)
    if n_nowhere:
        parts.append(f"{n_nowhere} {'stimulus' if n_nowhere == 1 else 'stimuli'} without a branch")
    strange = [
        f'"{k.text}" ({k.count})' for k in marker_kinds(recording.marks) if is_strange(k, protocol)
    ]
    if strange:
        parts.append(f"markers {in_a_row(strange, 3)} not understood")
    return "; ".join(parts)


def _branches(marks: Sequence[Mark]) -> tuple[Branch | None, ...]:
    """Return the branches of the stimuli among marks."""
    return tuple(m.stimulus.site for m in marks if m.stimulus is not None)


def _is_stated(channel: Channel, protocol: Protocol) -> bool:
    """Whether a protocol, or a file beside it, says that a channel records no facial muscle."""
    if "muscle" in channel.stated:
        return True
    rule = protocol.channel_rule(channel.label)
    return rule is not None and rule.muscle is not None


def lacks_unit(channel: Channel) -> bool:
    """Return whether a channel would be EMG, were its unit known."""
    if channel.unit is not None or channel.kind is not ChannelKind.OTHER:
        return False
    return parse_channel(channel.label).kind is ChannelKind.EMG


def _guess(channel: Channel, protocol: Protocol, lab: Lab) -> ChannelGuess:
    """Return what a channel is, as far as its own label tells."""
    muscle, side = channel.muscle, channel.side
    rule = protocol.channel_rule(channel.label)
    if rule is not None and (rule.muscle is not None or rule.kind not in {None, ChannelKind.EMG}):
        return ChannelGuess(channel, muscle, side, Sureness.STATED, "stated in this protocol")
    if {"muscle", "bad"} & set(channel.stated):
        why = "stated in a file beside the recording"
        return ChannelGuess(channel, muscle, side, Sureness.STATED, why)
    if channel.kind is not ChannelKind.EMG and not lacks_unit(channel):
        why = "trigger channel" if channel.kind is ChannelKind.TRIGGER else "no EMG by its label"
        if channel.unit not in {None, "uV"}:
            why = f"no voltage: its unit is {channel.unit}"
        return ChannelGuess(channel, None, None, Sureness.READ, why)
    if muscle is not None and side is not None:
        return ChannelGuess(channel, muscle, side, Sureness.READ, "known label")
    name = _protocol_with(channel.label, lab)
    if name:
        other = lab[name].channel_rule(channel.label) or ChannelRule()
        muscle = muscle or (other.muscle if isinstance(other.muscle, Muscle) else None)
        side = side or (other.side if isinstance(other.side, Side) else None)
        why = f'same label in protocol "{name}"'
        return ChannelGuess(channel, muscle, side, Sureness.LIKELY, why)
    if muscle is None:
        corrected, changes = corrected_channel(channel.label)
        meaning = parse_channel(corrected)
        if changes and meaning.muscle is not None:
            side = side or meaning.side
            return ChannelGuess(channel, meaning.muscle, side, Sureness.POSSIBLE, changes)
    missing = "label not understood" if muscle is None else "label names no side"
    return ChannelGuess(channel, muscle, side, Sureness.NONE, missing)


def _protocol_with(label: str, lab: Lab) -> str:
    """Return the name of a protocol that knows a label's muscle, empty if none does."""
    for name, protocol in lab.items():
        rule = protocol.channel_rule(label)
        if rule is not None and isinstance(rule.muscle, Muscle):
            return name
    return ""


def _is_open(guess: ChannelGuess) -> bool:
    """Whether muscle or side of a channel of EMG is neither known nor guessed."""
    if guess.sureness in {Sureness.STATED, Sureness.LIKELY}:
        return False
    is_emg = guess.channel.kind is ChannelKind.EMG or lacks_unit(guess.channel)
    return is_emg and (guess.muscle is None or guess.side is None)


def _from_montage(guesses: list[ChannelGuess], places: list[int], lab: Lab) -> None:
    """Fill what is open from the order of the channels."""
    emg = [i for i, g in enumerate(guesses) if g.channel.kind is ChannelKind.EMG]
    known = {i: (guesses[i].muscle, guesses[i].side) for i in emg if i not in places}
    muscleless = [i for i in places if guesses[i].muscle is None]
    template = _same_montage(guesses, emg, lab)
    for i in muscleless:
        if template and i in template:
            muscle, side, name = template[i]
            why = f'order of the channels in protocol "{name}"'
            guesses[i] = _guessed(guesses[i], muscle, side, why)
    if muscleless and not template:
        _mirrored(guesses, muscleless, known)
    for i in places:
        if guesses[i].muscle is not None and guesses[i].side is None:
            _side(guesses, i)


def _mirrored(
    guesses: list[ChannelGuess],
    places: list[int],
    known: dict[int, tuple[Muscle | None, Side | None]],
) -> None:
    """Take as many unknown channels as known ones of one side for those of the other side."""
    sides = {side for _, side in known.values()}
    if not len(places) == len(known) > 1 or len(sides) != 1 or None in sides:
        return
    for i, (muscle, side) in zip(places, known.values(), strict=True):
        if side is not None and guesses[i].side in {None, side.opposite}:
            why = f"as many channels as on the {side.value}: the same muscles, in their order"
            guesses[i] = _guessed(guesses[i], muscle, side.opposite, why)


def _side(guesses: list[ChannelGuess], place: int) -> None:
    """Guess the side of a channel: the other one of its namesake, else the one of all others."""
    guess = guesses[place]
    others = [g for i, g in enumerate(guesses) if i != place and g.muscle and g.side]
    twins = {g.side for g in others if g.muscle is guess.muscle}
    sides = {g.side for g in others}
    if len(twins) == 1 and (twin := twins.pop()) is not None:
        guesses[place] = _guessed(guess, guess.muscle, twin.opposite, "the other side has its pair")
    elif len(sides) == 1 and not twins:
        guesses[place] = _guessed(guess, guess.muscle, sides.pop(), "side of all other channels")


def _same_montage(
    guesses: list[ChannelGuess], emg: list[int], lab: Lab
) -> dict[int, tuple[Muscle, Side | None, str]]:
    """Return muscles by place from a protocol that names as many, none of which contradicts."""
    for name, protocol in lab.items():
        rules = [
            (r.muscle, r.side if isinstance(r.side, Side) else None)
            for r in protocol.channels.values()
            if isinstance(r.muscle, Muscle)
        ]
        if len(rules) != len(emg) or not rules:
            continue
        fits = all(guesses[i].muscle in {None, m} for i, (m, _) in zip(emg, rules, strict=True))
        if fits:
            return {i: (m, s, name) for i, (m, s) in zip(emg, rules, strict=True)}
    return {}


def _guessed(
    guess: ChannelGuess, muscle: Muscle | None, side: Side | None, why: str
) -> ChannelGuess:
    """Return a guess with muscle and side filled in."""
    side = guess.side or side
    return ChannelGuess(guess.channel, muscle, side, Sureness.POSSIBLE, why)
