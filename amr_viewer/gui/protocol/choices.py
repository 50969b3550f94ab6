"""What the cells of an assignment may hold, in words, and how typed words become values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from amr_viewer.core.anatomy import Branch, Muscle, Side
from amr_viewer.core.recording import ChannelKind
from amr_viewer.gui.protocol.numbers import number_text, parse_number
from amr_viewer.report.wording import EN

AUTO = "as read"


@dataclass(frozen=True, slots=True)
class Choice:
    """A value and its name."""

    text: str
    value: Any


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an assignment.

    Attributes
    ----------
    title : str
    field : str
        Of the rule; empty: it only tells.
    choices : tuple of Choice
        Empty: a number is typed.
    unit : str
    width : int
        Pixels; 0: what is left.
    tip : str
    """

    title: str
    field: str = ""
    choices: tuple[Choice, ...] = ()
    unit: str = ""
    width: int = 0
    tip: str = ""

    def words(self, value: Any) -> str:
        """Return a value in words."""
        if value is None:
            return ""
        named = next((c.text for c in self.choices if c.value == value), None)
        return named or number_text(value).replace("uV", "µV")

    def value(self, typed: str) -> Any:
        """Return the value that a person typed; part of a name will do.

        Raises
        ------
        ValueError
            Nothing, or more than one thing, is named so.
        """
        text = " ".join(typed.split()).casefold().replace("uv", "µv")
        if not self.choices:
            return self._number(text)
        if not text:
            return None
        for found in (
            [c for c in self.choices if c.text.casefold() == text],
            [c for c in self.choices if c.text.casefold().startswith(text)],
            [c for c in self.choices if text in c.text.casefold()],
        ):
            if len(found) == 1:
                return found[0].value
        raise ValueError(f'"{typed.strip()}" is no {self.title.lower().rstrip("?")}; choose one')

    def _number(self, text: str) -> float | None:
        """Return a number, its unit left out."""
        bare = text.removesuffix(self.unit.casefold())
        number = parse_number(bare) if bare.strip() else None
        if number is None and bare.strip():
            raise ValueError(f'"{text}" is no number')
        return number


def _named(names: Iterable[tuple[Any, str]]) -> tuple[Choice, ...]:
    """Return choices for values."""
    return tuple(Choice(name, value) for value, name in names)


SIDES = _named((s, s.value) for s in Side)
BRANCHES = _named((b, EN.branches[b]) for b in Branch)
MUSCLES = _named((m, EN.muscles[m]) for m in Muscle)
KINDS = _named(
    ((ChannelKind.EMG, "EMG"), (ChannelKind.TRIGGER, "trigger"), (ChannelKind.OTHER, "other"))
)
UNITS = _named((u, u.replace("u", "µ")) for u in ("uV", "mV", "V", "nV"))
_AUTO = (Choice(AUTO, None),)

CHANNEL_COLUMNS = (
    Column("Channel", width=136, tip="Label as in the file"),
    Column(
        "Unit", "unit", (*_AUTO, *UNITS), width=62,
        tip="Unit of the stored numbers, where the file does not say or says it wrongly",
    ),
    Column("Kind", "kind", (*_AUTO, *KINDS), width=76, tip="What the channel carries"),
    Column(
        "Muscle", "muscle", (*_AUTO, Choice("no muscle of the face", "none"), *MUSCLES), width=158,
        tip="Muscle recorded",
    ),
    Column(
        "Side", "side", (*_AUTO, *SIDES, Choice("no side", "none")), width=72,
        tip="Side of the muscle",
    ),
    Column(
        "Polarity", "negative_up",
        (*_AUTO, Choice("as stored", True), Choice("reversed", False)), width=84,
        tip="Reversed: the amplifier stored the signal with the wrong sign",
    ),
    Column("Signal", width=168, tip="The first sweep, else the first half second"),
    Column("Why", tip="Where muscle and side come from"),
)  # fmt: skip

MARKER_COLUMNS = (
    Column("Marker", width=198, tip="Text as in the file; * stands for numbers that differ"),
    Column("Count", width=60, tip="How many there are"),
    Column(
        "Stimulus?", "stimulus", (*_AUTO, Choice("yes", True), Choice("ignore", False)), width=84,
        tip="Ignore: a remark, no stimulus",
    ),
    Column("Branch", "site", (*_AUTO, *BRANCHES), width=114, tip="Branch stimulated"),
    Column("Side", "side", (*_AUTO, *SIDES), width=72, tip="Side stimulated"),
    Column("mA", "intensity_ma", unit="mA", width=60, tip="Current"),
    Column("ms", "width_ms", unit="ms", width=60, tip="Width of the pulse"),
    Column("Why", tip="Where this comes from"),
)  # fmt: skip
