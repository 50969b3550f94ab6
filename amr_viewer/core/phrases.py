"""What the log of a review says, as codes with values; a language puts its words in their place.

A template holds fields in braces, and in brackets what is left out where one of its fields has no
value. Beside Python's formats a field may have ``w`` (a word of the lexicon, else as it is), ``l``
(several of these), ``f`` (the name of a field or section of a report), ``t`` (words and how often
each was said) and ``p`` (other phrases).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

Lexicon = Mapping[str, str]
"""Templates and words by code."""


class Phrase(BaseModel):
    """A code and its values, which stand beside it in a review file.

    Examples
    --------
    >>> str(Phrase(code="sweep", stimulus_s=1.25, channel="EMG"))
    'sweep at 1.2500 s, EMG'
    """

    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)

    code: str

    @model_validator(mode="before")
    @classmethod
    def _as_in_a_file(cls, values: Any) -> Any:
        """Leave out what is not known or empty, so that a phrase is read as it was written."""
        if not isinstance(values, dict):
            return values
        plain = {k: _plain(v) for k, v in values.items()}
        return {k: v for k, v in plain.items() if v is not None and v not in ("", [])}

    @property
    def values(self) -> dict[str, Any]:
        """What is said beside the code."""
        return self.model_extra or {}

    def __str__(self) -> str:
        """Return it in English."""
        return said(self, ENGLISH)


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it."""
    if isinstance(value, Phrase):
        return value.model_dump()
    return [_plain(v) for v in value] if isinstance(value, list | tuple) else value


def as_phrase(words: Phrase | str) -> Phrase:
    """Return a code without values, or what is no code as a text; a phrase as it is."""
    if isinstance(words, Phrase):
        return words
    is_code = bool(words) and "{" not in ENGLISH.get(words, "{")
    return Phrase(code=words) if is_code else Phrase(code="text", text=words)


def said(phrase: Phrase | None, lexicon: Lexicon) -> str:
    """Return a phrase in a language; one that it does not know in English."""
    if phrase is None:
        return ""
    values = phrase.values
    template = lexicon.get(phrase.code, ENGLISH.get(phrase.code, phrase.code))
    speaker = _Speaker(lexicon)

    def part(found: re.Match[str]) -> str:
        is_known = all(name in values for name in _fields(found[1]))
        return speaker.vformat(found[1], (), values) if is_known else ""

    # The optional parts first: what they hold may itself contain braces.
    pieces = re.split(r"(\[[^\]]*\])", template)
    out = [
        part(found) if (found := _OPTIONAL.fullmatch(x)) else speaker.vformat(x, (), values)
        for x in pieces
    ]
    return "".join(out).removeprefix(", ").removeprefix("; ").strip()


_OPTIONAL = re.compile(r"\[([^\]]*)\]")


def _fields(template: str) -> list[str]:
    """Return the names of the values that a template needs."""
    return [name for _, name, _, _ in Formatter().parse(template) if name]


class _Speaker(Formatter):
    """Puts values into a template in the words of a language."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:
        """Return a value, nothing where it is not known."""
        return kwargs.get(key, "")

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return a value as its format says; one of another kind as it is."""
        if format_spec == "w":
            return self._word(value)
        if format_spec == "f":
            return self._lexicon.get(f"field.{value}", str(value))
        if format_spec == "l":
            return ", ".join(self._word(v) for v in value)
        if format_spec == "t":
            return self._tally(value)
        if format_spec == "p":
            return "; ".join(said(p, self._lexicon) for p in _phrases(value))
        return format(value, format_spec) if isinstance(value, int | float) else str(value)

    def _word(self, value: Any) -> str:
        """Return a word of the language, or the value."""
        return self._lexicon.get(str(value), ENGLISH.get(str(value), str(value)))

    def _tally(self, counts: Any) -> str:
        """Return words with how often each was said, unless there is only one."""
        pairs = [(self._word(word), n) for word, n in counts]
        if len(pairs) == 1:
            return pairs[0][0]
        return ", ".join(f"{word} ({n})" for word, n in pairs)


def _phrases(value: Any) -> list[Phrase]:
    """Return one phrase or several."""
    return [Phrase.model_validate(p) for p in (value if isinstance(value, list) else [value])]


ENGLISH: Lexicon = {
    # What was changed.
    "sweep": "sweep at {stimulus_s:.4f} s, {channel}",
    "sweeps": "{n} sweeps from {first_s:.1f} to {last_s:.1f} s, {channel}",
    "verdict": "verdict of {channel} on [{side:w} ][{branch:w} ]stimulation",
    "verdict_nowhere": "verdict of {channel} on unknown site stimulation",
    "mark": "mark",
    "marks": "{n} marks",
    "burst": "burst at {start_s:.3f} s, {channel}",
    "bursts": "{n} bursts from {first_s:.1f} to {last_s:.1f} s, {channel}",
    "baseline": "baseline block on [{side:w} ][{branch:w} ]stimulation",
    "report": "report, {name:f}",
    "section": "section of the report, {name:f}",
    "protocol": "protocol",
    "undo": "undo[: {of:p}][: {title}]",
    "redo": "redo[: {of:p}][: {title}]",
    # What it was, and what it is.
    "sweep_said": (
        "[, {state:w}][, onset {onset_ms:.2f} ms][, N {peak_ms:.2f} ms]"
        "[, P {positive_peak_ms:.2f} ms][, end {end_ms:.2f} ms][, {amplitude_uv:.0f} uV]"
        "[; set by hand: {by_hand:l}]"
    ),
    "sweep_found": "automatic: {state:w}[, onset {onset_ms:.2f} ms, {amplitude_uv:.0f} uV]",
    "tally": "{counts:t}",
    "verdict_said": "{verdict:w}[: {comment}]",
    "mark_said": "{text} at {time_s:.3f} s[ for {duration_s:.3f} s][ ({channel})]",
    "marks_before": "{n} of them there before",
    "marks_removed": "{n} removed",
    "marks_set": "set[ from {first_s:.1f} to {last_s:.1f} s]",
    "burst_said": "{kind:w}, {duration_ms:.0f} ms",
    "burst_found": "automatic: {kind:w}, {duration_ms:.0f} ms",
    "burst_aside": "set aside ({reason:w})",
    "burst_aside_found": "automatic: set aside ({reason:w})",
    "burst_several": "{parts:p}",
    "burst_count": "{n} bursts",
    "baseline_said": "the block at {at_s:.1f} s",
    "baseline_usual": "as for all branches",
    "name": "{name}",
    "text": "{text}",
    # Words.
    "automatic": "automatic",
    "present": "present",
    "absent": "absent",
    "unsure": "unsure",
    "rejected": "rejected",
    "indeterminate": "indeterminate",
    "not_assessable": "not_assessable",
    "measured": "measured",
    "removed": "removed",
    "hidden": "hidden",
    "shown": "shown",
    "default": "default",
    "unnamed": "unnamed",
    "no_burst": "no burst",
    "clonic": "clonic",
    "tonic": "tonic",
    "other": "other",
    "none": "no burst",
    "left": "left",
    "right": "right",
    "both": "both",
    "onset_ms": "onset",
    "peak_ms": "N",
    "positive_peak_ms": "P",
    "end_ms": "end",
}
"""English, of which also the tables hold the log."""
