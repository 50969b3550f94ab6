"""What a draft of an assignment makes of its recording: cells, roles and what is still unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from amr_viewer.core.anatomy import Branch, Role, Side, role_of
from amr_viewer.core.protocol import Protocol, matches
from amr_viewer.core.recording import ChannelKind, Mark, StimulusLabel
from amr_viewer.gui.protocol.draft import Draft
from amr_viewer.io.assignment import assign
from amr_viewer.io.assignment_guess import ChannelGuess, guess_channels, lacks_unit
from amr_viewer.io.marker_guess import MarkerGuess, MarkerKind, guess_marker, is_strange

CHANNEL_FIELDS = ("unit", "kind", "muscle", "side", "negative_up")
MARKER_FIELDS = ("stimulus", "site", "side", "intensity_ma", "width_ms")

Site = tuple[Branch | None, Side | None]


class Origin(StrEnum):
    """Where the value of a cell comes from."""

    READ = "read"
    STATED = "stated"
    SET = "set"
    GUESS = "guess"
    UNKNOWN = "unknown"
    EMPTY = "empty"

    @property
    def is_open(self) -> bool:
        """Whether a person is asked for it."""
        return self in {Origin.GUESS, Origin.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Cell:
    """A value and where it comes from; `value` is as a rule of the protocol holds it."""

    value: Any
    origin: Origin


Cells = Mapping[str, Cell]
"""The cells of a row by field."""


@dataclass(frozen=True, slots=True, eq=False)
class ChannelLook:
    """A row of the table of channels."""

    guess: ChannelGuess
    cells: Cells

    @property
    def is_open(self) -> bool:
        """Whether a person is asked something."""
        return any(c.origin.is_open for c in self.cells.values())


@dataclass(frozen=True, slots=True, eq=False)
class MarkerLook:
    """A row of the table of markers; `is_strange`: too many not to be understood."""

    guess: MarkerGuess
    cells: Cells
    is_strange: bool

    @property
    def is_open(self) -> bool:
        """Whether a person is asked something."""
        return any(c.origin.is_open for c in self.cells.values())


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What a draft makes of a recording.

    Attributes
    ----------
    draft : Draft
    protocol : Protocol
    channels : tuple of ChannelLook
        In the order of the file.
    markers : tuple of MarkerLook
        In the order of `Draft.kinds`.
    """

    draft: Draft
    protocol: Protocol
    channels: tuple[ChannelLook, ...]
    markers: tuple[MarkerLook, ...]

    @property
    def sites(self) -> tuple[Site, ...]:
        """Branches and sides that are stimulated, as understood."""
        guesses = (m.guess for m in self.markers)
        found = [(g.site, g.side) for g in guesses if g.certain and g.is_stimulus and g.site]
        if self.draft.site is not None and (self.draft.n_unmarked or not found):
            found.append((self.draft.site, self.draft.side))
        return tuple(dict.fromkeys(found))

    def roles(self, site: Site) -> dict[Role, tuple[int, ...]]:
        """Return the channels of EMG by their role for a stimulated branch."""
        rows: dict[Role, list[int]] = {}
        for row, seen in enumerate(self.channels):
            channel = seen.guess.channel
            if channel.kind is ChannelKind.EMG:
                role = role_of(channel.muscle, channel.side, *site)
                rows.setdefault(role, []).append(row)
        return {role: tuple(found) for role, found in rows.items()}

    @property
    def n_guesses(self) -> int:
        """Cells whose guess nobody has confirmed."""
        rows: tuple[ChannelLook | MarkerLook, ...] = (*self.channels, *self.markers)
        return sum(c.origin is Origin.GUESS for row in rows for c in row.cells.values())

    @property
    def n_nowhere(self) -> int:
        """Stimuli without a branch."""
        marked = sum(m.guess.kind.count for m in self.markers if None in m.guess.kind.sites)
        return marked + (self.draft.n_unmarked if self.draft.site is None else 0)

    @property
    def summary(self) -> str:
        """What is not known, in one line."""
        parts = []
        n_open = sum(c.is_open for c in self.channels)
        if n_open:
            parts.append(f"{n_open} of {len(self.channels)} channels unknown")
        if n := self.n_nowhere:
            parts.append(f"{n} {_plural(n, 'stimulus', 'stimuli')} without a branch")
        if n := sum(m.is_strange for m in self.markers):
            parts.append(f"{n} {_plural(n, 'kind', 'kinds')} of markers not understood")
        if n := self.n_guesses:
            parts.append(f"{n} {_plural(n, 'guess', 'guesses')} to confirm")
        return "; ".join(parts) or "Everything is known."


def look(draft: Draft, former: Look | None = None) -> Look:
    """Return what a draft makes of its recording.

    Parameters
    ----------
    draft : Draft
    former : Look, optional
        Of the same recording: only what differs is looked at again.

    Raises
    ------
    ValidationError
        A number is beyond its limits.
    """
    protocol = draft.result()
    again = _affected(draft, former) if former else tuple(range(len(draft.kinds)))
    marked = [row for row in again if not draft.kinds[row].is_pulse]
    light = replace(draft.raw, marks=tuple(draft.raw.marks[row] for row in marked))
    assigned = assign(light, protocol)
    channels = guess_channels(assigned, protocol, draft.lab)
    examples = dict(zip(marked, assigned.marks, strict=True))
    markers = dict(enumerate(former.markers if former else ()))
    for row in again:
        kind = draft.kinds[row]
        now = _now(kind, examples.get(row, kind.example), draft)
        guess = guess_marker(now, protocol, draft.lab)
        cells = _marker_cells(guess, draft, protocol)
        markers[row] = MarkerLook(guess, cells, is_strange(now, protocol))
    return Look(
        draft,
        protocol,
        tuple(ChannelLook(g, _channel_cells(g, draft)) for g in channels),
        tuple(markers[row] for row in range(len(draft.kinds))),
    )


def _affected(draft: Draft, former: Look) -> tuple[int, ...]:
    """Return the kinds of markers of which a draft may make something else than a former one."""
    before = former.draft
    names = {*draft.marker_edits, *before.marker_edits}
    changed = {n for n in names if draft.marker_edits.get(n) != before.marker_edits.get(n)}
    wide = [n for n in changed if "*" in n or "?" in n]
    overall = (draft.site, draft.side) != (before.site, before.side)
    return tuple(
        row
        for row, kind in enumerate(draft.kinds)
        if kind.text in changed
        or any(matches(n, kind.example.text) for n in wide)
        or (overall and former.markers[row].guess.kind.is_stimulus)
    )


def _now(kind: MarkerKind, example: Mark, draft: Draft) -> MarkerKind:
    """Return a kind of markers as it is understood now."""
    stimulus = example.stimulus
    if kind.is_pulse:
        rule = draft.marker_rule(kind.text)
        site, side = (rule.site, rule.side) if rule else (None, None)
        stimulus = StimulusLabel(site or draft.site, side or draft.side)
        stimulus = None if rule and rule.ignore else stimulus
    return replace(
        kind,
        example=example,
        sites=frozenset({stimulus.site} if stimulus else ()),
        sides=frozenset({stimulus.side} if stimulus else ()),
    )


def _channel_cells(guess: ChannelGuess, draft: Draft) -> Cells:
    """Return the cells of a channel."""
    label = guess.channel.label
    edits, rule = draft.channel_edits.get(label, {}), draft.channel_rule(label)
    cells = {}
    for name in CHANNEL_FIELDS:
        stated = getattr(rule, name)
        origin = Origin.SET if edits.get(name) is not None else Origin.STATED
        cells[name] = _read_of(guess, name) if stated is None else Cell(stated, origin)
    return cells


def _read_of(guess: ChannelGuess, name: str) -> Cell:
    """Return a cell of a channel of which the protocol says nothing."""
    channel = guess.channel
    if name in {"muscle", "side"}:
        known, guessed = getattr(channel, name), getattr(guess, name)
        if known is not None:
            return Cell(known, Origin.READ)
        if guessed is not None and guess.sureness.is_guess:
            return Cell(guessed, Origin.GUESS)
        is_emg = channel.kind is ChannelKind.EMG or lacks_unit(channel)
        return Cell(None, Origin.UNKNOWN if is_emg else Origin.EMPTY)
    if name == "unit":
        missing = Origin.UNKNOWN if lacks_unit(channel) else Origin.EMPTY
        unit = channel.file_unit or channel.unit
        return Cell(unit, Origin.READ) if unit else Cell(None, missing)
    return Cell(channel.kind if name == "kind" else True, Origin.READ)


def _marker_cells(guess: MarkerGuess, draft: Draft, protocol: Protocol) -> Cells:
    """Return the cells of a kind of markers."""
    edits = draft.marker_edits.get(guess.kind.text, {})
    rule = protocol.marker_rule(guess.kind.example.text)
    cells = {}
    for name in MARKER_FIELDS:
        origin = Origin.SET if edits.get(name) is not None else Origin.STATED
        stated: Any = None
        if rule is not None:
            stated = not rule.ignore if name == "stimulus" else getattr(rule, name)
        cells[name] = _understood(guess, name) if stated is None else Cell(stated, origin)
    return cells


def _understood(guess: MarkerGuess, name: str) -> Cell:
    """Return a cell of markers of which the protocol says nothing."""
    if name == "stimulus":
        if guess.is_stimulus is None:
            return Cell(None, Origin.UNKNOWN)
        is_guess = not guess.certain and not guess.kind.is_stimulus
        return Cell(guess.is_stimulus, Origin.GUESS if is_guess else Origin.READ)
    if not guess.is_stimulus:
        return Cell(None, Origin.EMPTY)
    if name in {"site", "side"}:
        value = getattr(guess, name)
        known = guess.kind.sites if name == "site" else guess.kind.sides
        if (known and None not in known) or (value is not None and guess.certain):
            return Cell(value, Origin.READ)
        if value is not None:
            return Cell(value, Origin.GUESS)
        return Cell(None, Origin.UNKNOWN if name == "site" else Origin.EMPTY)
    stimulus = guess.kind.example.stimulus
    value = getattr(stimulus, name) if stimulus and guess.kind.n_texts == 1 else None
    return Cell(value, Origin.EMPTY if value is None else Origin.READ)


def _plural(n: int, one: str, many: str) -> str:
    """Choose the word for a number."""
    return one if n == 1 else many


def confirmed(seen: Look, rows: Sequence[int], marker_rows: Sequence[int]) -> Draft:
    """Return the draft in which the guesses of some rows are confirmed."""
    draft = seen.draft
    for row in rows:
        label = seen.channels[row].guess.channel.label
        for name, cell in seen.channels[row].cells.items():
            if cell.origin is Origin.GUESS:
                draft = draft.set_channels([label], name, cell.value)
    for row in marker_rows:
        text = seen.markers[row].guess.kind.text
        for name, cell in seen.markers[row].cells.items():
            if cell.origin is Origin.GUESS:
                draft = draft.set_markers([text], name, cell.value)
    return draft
