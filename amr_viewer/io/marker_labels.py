"""What the text of a marker means: a stimulus with its branch, side and current, or a remark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isclose

from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.core.recording import StimulusLabel
from amr_viewer.io import vocabulary
from amr_viewer.io.words import MARKER_LEXICON, NUMBER, Word, muscle_of, plain, sides_of

MAX_CURRENT_MA = 200.0
MAX_WIDTH_MS = 2.0
"""Stimulators for nerves give pulses of 0.05 to 1 ms; a longer time is a latency or a sweep."""

_UNITS = {
    "ma": ("current", 1.0), "ма": ("current", 1.0), "мa": ("current", 1.0), "mа": ("current", 1.0),
    "milliamp": ("current", 1.0), "milliamps": ("current", 1.0), "milliampere": ("current", 1.0),
    "ua": ("current", 1e-3), "μa": ("current", 1e-3), "мка": ("current", 1e-3),
    "microamps": ("current", 1e-3), "a": ("ampere", 1e3), "а": ("ampere", 1e3),
    "ms": ("time", 1.0), "мс": ("time", 1.0), "msec": ("time", 1.0), "мсек": ("time", 1.0),
    "us": ("time", 1e-3), "μs": ("time", 1e-3), "usec": ("time", 1e-3), "μsec": ("time", 1e-3),
    "мкс": ("time", 1e-3), "мксек": ("time", 1e-3), "hz": ("", 0.0), "гц": ("", 0.0),
    "khz": ("", 0.0), "v": ("", 0.0), "в": ("", 0.0), "%": ("", 0.0), "kohm": ("", 0.0),
}  # fmt: skip
_UNIT_WORDS = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_AMOUNT = r"\d+(?:[.,]\d+)?|[.,]\d+"
_QUANTITY = re.compile(
    rf"(?<![\d.,])(?P<amount>{_AMOUNT})[\s_]*(?P<unit>{_UNIT_WORDS})(?![^\W\d_])"
)
_RANGE_BEFORE = re.compile(r"\d\s*(?:[-–—~…]|\.\.+|to|bis|до)\s*$")
_COUNT_BEFORE = re.compile(
    r"(?:stim\w*|trig\w*|ttl|reiz\w*|стим\w*|sweep|#|no\.?|nr\.?)\s*\d+\s*[-–—]\s*$"
)
_UNIT_FIRST = re.compile(
    rf"(?<![^\W\d_])(?P<unit>ma|ua|μa|ms|us|μs|ма|мс)[\"'\])]*\s*[:=]\s*[\"']?"
    rf"(?P<amount>{_AMOUNT})(?![\d.,]*\d)"
)
_RAMP = re.compile(rf"\d\s*(?:{_UNIT_WORDS})?\s*(?:[-=]+>|[→⇒])\s*\d")
_THOUSANDS = re.compile(r"\d{1,3},\d{3}")
_NUMBERING = re.compile(r"(?:#|№|\b(?:no|nr|num|number|n)\b\.?)\s*[:=]?\s*\d+", re.IGNORECASE)
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_TOWARDS = re.compile(r"[-=–—]+>|[→⇒➔➜»>]")
_LATIN = re.compile(r"[a-z]{4,}(?:us|is|ae|es|um|i)")
_VERB = re.compile(
    r"[a-z]{3,}(?:ed|ing)|[a-z]*ge[a-z]{3,}(?:t|en)|[a-z]{3,}iert"
    r"|[а-я]{4,}(?:ть|ся|ась|ось|ись|ает|яет|ен|ена|ено|ены|ан|ана|ано|аны|ят)"
)
"""Endings of verbs: an unknown word like this says that something was done, which is a remark."""

_HARMLESS = {"left", "right", "neutral", "branch", "towards", "labii", "muscle", NUMBER}
_ANATOMY = {*vocabulary.SITES, *vocabulary.PARTS, *vocabulary.MUSCLES} - _HARMLESS
_MAX_UNKNOWN_BESIDE_STIM = 2


@dataclass(frozen=True, slots=True)
class MarkerMeaning:
    """What the text of a marker says.

    Attributes
    ----------
    is_stimulus : bool
    label : StimulusLabel
        What the text says of a stimulus, also where it does not say that it is one.
    from_muscle : bool
        The branch was concluded from a muscle's name ("stim OOc").
    is_remark : bool
        Known words say that this is an event; neither that nor `is_stimulus`: not understood.
    """

    is_stimulus: bool
    label: StimulusLabel
    from_muscle: bool = False
    is_remark: bool = False


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What the words say, without the numbers."""

    is_stimulus: bool
    site: Branch | None
    side: Side | None
    from_muscle: bool
    is_remark: bool


def read_marker(text: str) -> MarkerMeaning:
    """Read the text of a marker.

    It is a stimulus if it holds a word for one (``stim``, ``trigger``, ``TTL``, ``Reiz``,
    ``стимул``, BrainVision's ``S  1``), or a branch, or a current alone; and no word for an event
    (``stop``, ``opening``, ``increase``, ``electrode``, any verb) and few words that are unknown.
    Behind an arrow (``ZYG->Men``) stands what was recorded. Of several sites, sides or currents
    none is known. A number without a unit is no current.

    Examples
    --------
    >>> read_marker("Stim: zygomatic 8 mA").label.intensity_ma
    8.0
    >>> read_marker("increase stim to 10 mA").is_stimulus
    False
    """
    text = plain(text)
    folded = text.casefold()
    ramp = _RAMP.search(folded) is not None
    current_ma, width_ms, has_current, rest = _quantities(text, folded)
    words = _DIGITS.sub("0", _NUMBERING.sub(" ", rest))
    meaning = _understand(words.strip(), has_current)
    label = StimulusLabel(meaning.site, meaning.side, current_ma, width_ms)
    return MarkerMeaning(
        meaning.is_stimulus and not ramp, label, meaning.from_muscle, meaning.is_remark or ramp
    )


def _quantities(text: str, folded: str) -> tuple[float | None, float | None, bool, str]:
    """Return current, pulse width, whether any current is stated, and the text without them."""
    currents: list[float | None] = []
    widths: list[float] = []
    spans: list[tuple[int, int]] = []
    for match in (*_QUANTITY.finditer(folded), *_UNIT_FIRST.finditer(folded)):
        kind, factor = _UNITS[match["unit"]]
        before = folded[: match.start()]
        is_range = _RANGE_BEFORE.search(before) and not _COUNT_BEFORE.search(before)
        known = not is_range and not _THOUSANDS.fullmatch(match["amount"])
        value = float(match["amount"].replace(",", ".")) * factor
        if kind == "ampere" and value > MAX_CURRENT_MA:
            continue
        if kind in {"current", "ampere"}:
            currents.append(value if known and value <= MAX_CURRENT_MA else None)
        elif kind == "time" and known and 0.0 < value <= MAX_WIDTH_MS:
            widths.append(value)
        spans.append(match.span())
    rest = text if len(text) == len(folded) else folded
    for start, stop in spans:
        rest = rest[:start] + " " * (stop - start) + rest[stop:]
    stated = [c for c in currents if c is not None]
    current = _only(stated) if len(stated) == len(currents) else None
    return current, _only(widths), bool(currents), rest


def _only(values: Sequence[float]) -> float | None:
    """Return the value that all agree on, None if there is none."""
    return round(values[0], 9) if values and all(isclose(v, values[0]) for v in values) else None


@lru_cache(maxsize=8192)
def _understand(text: str, has_current: bool) -> _Meaning:
    """Read the words of a marker, numbers replaced by 0."""
    words = MARKER_LEXICON.words(text)
    stimulated, has_arrow = _stimulated(text, words)
    site, from_muscle = _site(stimulated, has_arrow or has_current)
    sides = sides_of(_without_ramus(stimulated)) or sides_of(_without_ramus(words))
    side = next(iter(sides)) if len(sides) == 1 else None
    concepts = [w.concept for w in words]
    remark = "event" in concepts or any(
        w.concept is None and _VERB.fullmatch(w.text) is not None for w in words
    )
    if "phase" in concepts and not (site is not None and has_current):
        remark = True
    if "temp" in concepts and not (side or has_current or has_arrow or "stim" in concepts):
        # "temp 36.5" is the patient's temperature.
        site = None if NUMBER in concepts else site
    named = site is not None and (has_arrow or not from_muscle)
    is_stimulus = not remark and _says_stimulus(words, named, has_current)
    return _Meaning(is_stimulus, site, side, from_muscle, remark)


def _says_stimulus(words: Sequence[Word], named: bool, has_current: bool) -> bool:
    """Whether words without a remark among them name a stimulus; `named`: they name a branch."""
    concepts = {w.concept for w in words}
    known = {"stim", "trigger", "phase", *_HARMLESS, *_ANATOMY}
    unknown = [w for w in words if w.concept not in known and w.text not in vocabulary.SITE_LETTERS]
    if concepts & {"stim", "trigger"}:
        return len(unknown) <= _MAX_UNKNOWN_BESIDE_STIM
    if named or (concepts & vocabulary.SITES.keys() and "temp" not in concepts):
        return len(unknown) <= has_current
    if has_current:
        return not unknown
    # BrainVision numbers its stimuli: "S  1".
    return [w.text for w in words] == ["s", "0"]


def _stimulated(text: str, words: tuple[Word, ...]) -> tuple[tuple[Word, ...], bool]:
    """Return the words in front of an arrow or of "rec", and whether there are any; else all."""
    head = MARKER_LEXICON.words(_TOWARDS.split(text)[0])
    stop = next((i for i, w in enumerate(head) if w.concept == "towards"), len(head))
    head = head[:stop]
    names_site = any(w.concept in _ANATOMY or w.text in vocabulary.SITE_LETTERS for w in head)
    return (head, True) if names_site and len(head) < len(words) else (words, False)


def _site(words: Sequence[Word], letters: bool) -> tuple[Branch | None, bool]:
    """Return the branch named, and whether only a muscle's name tells it.

    `letters`: a single letter may name it.
    """
    concepts = [w.concept for w in words]
    sites = {vocabulary.SITES[c] for c in concepts if c in vocabulary.SITES}
    if sites:
        return (next(iter(sites)) if len(sites) == 1 else None), False
    muscle, named = muscle_of(concepts)
    if named:
        site = vocabulary.SITE_BY_MUSCLE.get(muscle) if muscle is not None else None
        return site, site is not None and "branch" not in concepts
    by_letter = {
        vocabulary.SITE_LETTERS[w.text] for w in words if w.text in vocabulary.SITE_LETTERS
    }
    return (next(iter(by_letter)) if letters and len(by_letter) == 1 else None), False


def _without_ramus(words: Sequence[Word]) -> list[Word]:
    """Leave out the ``R.`` of "R. marginalis mandibulae", which is a ramus and no side."""
    following = (*words, Word(None, ""))[1:]
    return [
        word
        for word, after in zip(words, following, strict=True)
        if not (word.text == "r" and word.dotted and _LATIN.fullmatch(after.text))
    ]
