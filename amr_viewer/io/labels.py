"""What a channel's label means: muscle, side, and what kind of signal it is.

`parse_channel` reads one label; `parse_channels` reads those of a recording together, since ``OOR``
beside ``OOL`` is the right orbicularis oculi, and on its own the orbicularis oris. Units and the
protocol are left to `assignment`, markers to `marker_labels`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from amr_viewer.core.anatomy import Muscle, Side
from amr_viewer.core.recording import ChannelKind, StimulusLabel
from amr_viewer.io import marker_labels
from amr_viewer.io.vocabulary import WEAK_SIDES
from amr_viewer.io.words import CHANNEL_LEXICON, Word, muscle_of, plain, sides_of

ARROW = re.compile(r"[-=–—]+>|[→⇒➔➜»>]")
_ELECTRODE = re.compile(
    r"(?:fp|af|f|ft|fc|c|t|tp|cp|p|po|o|i|n)(?:z|\d{1,2})h?(?:['′]|re|le)?", re.IGNORECASE
)
_REFERENCE = re.compile(r"a[12]|m[12]|ref|avg|av|le|re|eeg|\d+", re.IGNORECASE)
_PAIRS = (
    (re.compile(r"\boo(?P<side>[lr])\d*\b"), Muscle.ORBICULARIS_OCULI),
    (re.compile(r"\bocu(?P<side>[lr])\d*\b"), Muscle.ORBICULARIS_OCULI),
    (re.compile(r"\bcor(?P<side>[lr])\d*\b"), Muscle.CORRUGATOR),
    (re.compile(r"\bf(?P<side>[lr])\d*\b"), Muscle.FRONTALIS),
    (re.compile(r"\bm(?P<side>[lr])\d*\b"), Muscle.MENTALIS),
)
"""Names whose last letter is a side only if its counterpart is there too."""

_PAIR_SIDES = {"l": Side.LEFT, "r": Side.RIGHT}


@dataclass(frozen=True, slots=True)
class ChannelMeaning:
    """What a label says of its channel.

    Attributes
    ----------
    muscle : Muscle or None
        None: the label names no muscle, several, or none that this program knows.
    side : Side or None
        None: the label names no side, or both.
    kind : ChannelKind
        EMG also where nothing speaks against it (``Ch 3``): a recording of this program's field
        holds EMG. Whoever knows the unit must make it OTHER where it is no voltage.
    """

    muscle: Muscle | None
    side: Side | None
    kind: ChannelKind


@lru_cache(maxsize=4096)
def parse_channel(label: str) -> ChannelMeaning:
    """Read a channel's label.

    EMG is a channel that names a muscle or says EMG, and also one whose label is not understood.
    TRIGGER is a channel of triggers, markers, events or stimuli. OTHER is ECG, EEG, EOG, breathing,
    pressure, temperature, evoked potentials..., and what is derived from an EMG (rectified,
    integrated, processed): its latencies and amplitudes are no longer those of the muscle.

    Examples
    --------
    >>> meaning = parse_channel("EMG L_OrbOculi")
    >>> meaning.muscle.value, meaning.side.value, meaning.kind.value
    ('orbicularis_oculi', 'left', 'emg')
    >>> parse_channel("STI 014").kind.value
    'trigger'
    """
    text = plain(label)
    found = CHANNEL_LEXICON.words(ARROW.split(text)[-1])
    if any(w.concept == "stim" for w in found[1:]):
        found = _without_site(found)
    sides = sides_of(found)
    side = next(iter(sides)) if len(sides) == 1 else None
    concepts = [w.concept for w in found]
    muscle, named = muscle_of(concepts)
    kind = _kind(concepts, named, side, _is_electrode(text))
    return ChannelMeaning(muscle if kind is ChannelKind.EMG else None, side, kind)


def parse_channels(labels: Sequence[str]) -> tuple[ChannelMeaning, ...]:
    """Read the labels of a recording together, each in the light of the others.

    ``OOL`` and ``OOR`` (also ``FL`` and ``FR``, ``ML`` and ``MR``) are a pair. ``D`` and ``S``,
    ``G``, ``I`` or ``E`` are sides (dexter, derecha, droite; sinister, gauche, izquierda...) where
    a right and a left one of them appear.

    Examples
    --------
    >>> [m.muscle.value for m in parse_channels(["OOL", "OOR"])]
    ['orbicularis_oculi', 'orbicularis_oculi']
    >>> parse_channel("OOR").muscle.value
    'orbicularis_oris'
    """
    meanings = [parse_channel(label) for label in labels]
    texts = [plain(label).casefold().replace("_", " ") for label in labels]
    for pattern, muscle in _PAIRS:
        sides = [_paired_side(pattern, t, m) for t, m in zip(texts, meanings, strict=True)]
        if {Side.LEFT, Side.RIGHT} <= set(sides):
            meanings = [
                ChannelMeaning(muscle, side, ChannelKind.EMG) if side else m
                for m, side in zip(meanings, sides, strict=True)
            ]
    weak = [_weak_side(text, meaning) for text, meaning in zip(texts, meanings, strict=True)]
    if {Side.LEFT, Side.RIGHT} <= set(weak):
        meanings = [
            replace(m, side=side) if side else m for m, side in zip(meanings, weak, strict=True)
        ]
    return tuple(meanings)


def parse_marker(text: str) -> StimulusLabel | None:
    """Read a marker; None: it is no stimulus, as far as its words tell.

    See `marker_labels.read_marker` for the rules.

    Examples
    --------
    >>> label = parse_marker("MAN L 6.5mA 0.2ms")
    >>> label.site.value, label.side.value, label.intensity_ma, label.width_ms
    ('mandibular', 'left', 6.5, 0.2)
    >>> parse_marker("Dural opening") is None
    True
    """
    meaning = marker_labels.read_marker(text)
    return meaning.label if meaning.is_stimulus else None


def _without_site(found: tuple[Word, ...]) -> tuple[Word, ...]:
    """Leave out the branch stimulated from "Mentalis (zyg stim)", where another muscle is named."""
    rest = tuple(w for w in found if w.concept != "zygomatic")
    return rest if muscle_of([w.concept for w in rest])[1] else found


def _kind(
    concepts: Sequence[str | None], named: bool, side: Side | None, electrode: bool
) -> ChannelKind:
    """Decide what a channel carries; `named`: its label names a muscle."""
    triggers = [i for i, c in enumerate(concepts) if c in {"stim", "trigger", "marking"}]
    emg = [i for i, c in enumerate(concepts) if c == "emg"]
    if triggers:
        # "Mentalis (zyg stim)" and "Trig EMG" are EMG, "Stim zyg" and "EMG trigger" are not.
        muscle_first = named and not muscle_of(concepts[triggers[0] :])[1]
        is_emg = bool(emg and emg[-1] > triggers[-1]) or muscle_first
        return ChannelKind.EMG if is_emg else ChannelKind.TRIGGER
    if "other" in concepts:
        return ChannelKind.OTHER
    if named or emg:
        return ChannelKind.EMG
    temperature = "temp" in concepts and side is None
    is_other = electrode or temperature or "quiet" in concepts
    return ChannelKind.OTHER if is_other else ChannelKind.EMG


def _is_electrode(text: str) -> bool:
    """Whether a label holds nothing but places of the 10-20 system and references (``C3-A2``)."""
    tokens = re.findall(r"[^\W_]+", text)
    places = [t for t in tokens if _ELECTRODE.fullmatch(t)]
    return bool(places) and all(t in places or _REFERENCE.fullmatch(t) for t in tokens)


def _paired_side(pattern: re.Pattern[str], text: str, meaning: ChannelMeaning) -> Side | None:
    """Return the side that a name's last letter may stand for, None if the label tells another."""
    match = pattern.search(text)
    side = _PAIR_SIDES[match["side"]] if match else None
    return side if meaning.kind is ChannelKind.EMG and meaning.side in {None, side} else None


def _weak_side(text: str, meaning: ChannelMeaning) -> Side | None:
    """Return the side that a single letter at the end of a muscle's name may stand for."""
    if meaning.muscle is None or meaning.side is not None:
        return None
    tokens = re.findall(r"[^\W\d_]+", text)
    return WEAK_SIDES.get(tokens[-1]) or WEAK_SIDES.get(tokens[0])
