"""What the table of a comparison says: places and visits as rows of words; drawing is left to it.

Words and numbers are those of the report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isfinite

from amr_viewer.core.findings import Verdict
from amr_viewer.core.visit_points import Change, Place, Point, PointState, Quantity, Reason, Track
from amr_viewer.core.visits import Comparison, Visit
from amr_viewer.gui.visits.changes import SAME, change_at, reference_of
from amr_viewer.report import numbers
from amr_viewer.report.visits_overview import AMR_VERDICTS
from amr_viewer.report.visits_rows import never_present
from amr_viewer.report.visits_words import (
    ARROWS,
    TONES,
    Words,
    amplitude,
    caution_words,
    difference,
    measured,
    millivolts,
    part_of_m,
    place_name,
    ratio,
)

REFERENCE = "reference"
WHOLE = "Recording as a whole"


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says: a value, below it what changed; `tone` puts a sign before the value."""

    text: str = ""
    change: str = ""
    tone: str = ""
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One visit of a group; the first cell names it.

    `rest` is what stands from the third column on, over all of them, instead of cells.
    """

    visit: int
    cells: tuple[Cell, ...]
    rest: Cell | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The visits of one place below its name; one that is not `is_open` is folded at first."""

    title: str
    summary: str
    lines: tuple[Line, ...]
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """Head of a column in two lines, and what explains it."""

    title: str
    below: str
    tip: str


EMPTY = Cell()


def columns(of: str) -> tuple[Column, ...]:
    """Return the columns; `of` names the reference: ``the first``, ``visit 2``."""
    short = of.removeprefix("the ")
    percent = f"% of {short}"
    return (
        Column("Visit", "", "Number, date and name of the visit"),
        Column("AMR", "", "Verdict on the abnormal muscle response"),
        Column("Persistence (95 % CI)", f"% points from {short}",
               "Valid sweeps with a response, Clopper-Pearson interval; change in points"),
        Column("AMR, µV", percent, "Median amplitude; < is what would have been seen"),
        Column("AMR/M, %", percent, "Amplitude as part of the direct response"),
        Column("M, mV", percent, "Direct response of the stimulated branch"),
        Column("Bursts/min (CI)", percent, "Bursts at rest; 95 % interval of their episodes"),
        Column("Time in bursts, %", percent, "Part of the time at rest"),
    )  # fmt: skip


def groups(comparison: Comparison, reference: int, words: Words) -> tuple[Group, ...]:
    """Return the rows of the table.

    Parameters
    ----------
    comparison : Comparison
    reference : int
        A visit, or `changes.SAME` or `changes.PREVIOUS`.
    words : Words
    """
    persistence = comparison.of(Quantity.AMR_PERSISTENCE)
    found = [t for t in persistence if not never_present(t)]
    never = [t for t in persistence if never_present(t)]
    maker = _Maker(comparison, reference, words)
    told = {(t.place.muscle, t.place.muscle_side, t.place.channel) for t in persistence}
    rest = [t for t in comparison.of(Quantity.BURSTS) if any(p.tells for p in t.points)]
    sides = [t for t in rest if t.place.muscle is None and not t.place.channel]
    others = [
        t
        for t in rest
        if t not in sides and (t.place.muscle, t.place.muscle_side, t.place.channel) not in told
    ]
    return (
        maker.whole(),
        *(maker.pair(t) for t in found),
        *(maker.at_rest(t) for t in sides),
        *(maker.direct(t) for t in comparison.of(Quantity.M_AMPLITUDE)),
        *(maker.at_rest(t) for t in others),
        *(maker.pair(t, is_open=False) for t in never),
    )


class _Maker:
    """Makes the groups of one comparison and reference."""

    def __init__(self, comparison: Comparison, reference: int, words: Words) -> None:
        self._comparison, self._reference, self._words = comparison, reference, words

    def whole(self) -> Group:
        """Return what each recording says as a whole."""
        lines = []
        for i, visit in enumerate(self._comparison.visits):
            verdict = AMR_VERDICTS.get(visit.amr, Verdict.NOT_ASSESSABLE)
            tested = visit.amr != "no_stimuli"
            text = self._words.common.verdicts[verdict] if tested else self._words["no_amr"]
            tone = TONES[verdict] if tested else "direct"
            amr = Cell(text, "", tone, visit.headline)
            cells = (self._name(i), amr, *(EMPTY,) * 6)
            lines.append(Line(i, cells, self._pattern(visit)))
        return Group(WHOLE, "", tuple(lines))

    def _pattern(self, visit: Visit) -> Cell:
        """Return the pattern of a visit."""
        first, patterns = visit.pattern, self._words.common.patterns
        if first is None:
            return Cell(f"Pattern {self._words['no_pattern']}", "", "", visit.no_pattern)
        text = patterns[f"is_{first.conclusion}"]
        if first.pattern_side and first.confidence:
            text += f", {patterns[f'place_{first.pattern_side}']}"
        sure = patterns[f"sure_{first.confidence}"] if first.confidence else ""
        return Cell(text, sure, "", f"{text}\n{visit.rest_s / 60.0:.1f} min at rest")

    def pair(self, persistence: Track, *, is_open: bool = True) -> Group:
        """Return the visits of one pair of branch and muscle."""
        place = persistence.place
        of = self._comparison.track
        size, part = of(Quantity.AMR_AMPLITUDE, place), of(Quantity.AMR_TO_M, place)
        at_rest = self._rest_of(place)
        lines = []
        for i, point in enumerate(persistence.points):
            if point.state is PointState.NOT_RECORDED:
                continue
            cells = (
                self._name(i),
                self._verdict(point),
                self._cell(persistence, i, _persistence, self._points),
                self._cell(size, i, lambda p: amplitude(p, self._words), self._percent),
                self._cell(part, i, lambda p: part_of_m(p, self._words), self._percent),
                self._cell(self._direct_of(place, point), i, millivolts, self._percent),
                *(self._cell(t, i, measured, self._percent) for t in at_rest),
            )
            lines.append(Line(i, cells))
        summary = " → ".join(f"{p.k}/{p.n}" if p.n else "–" for p in persistence.points)
        return Group(place_name(place, self._words), summary, tuple(lines), is_open)

    def direct(self, track: Track) -> Group:
        """Return a direct response."""
        lines = [
            Line(i, (self._name(i), *(EMPTY,) * 4,
                     self._cell(track, i, millivolts, self._percent), *(EMPTY,) * 2))
            for i in _recorded(track)
        ]  # fmt: skip
        name = place_name(track.place, self._words)
        return Group(f"{name} (direct response)", "", tuple(lines))

    def at_rest(self, track: Track) -> Group:
        """Return the bursts of a side or of a muscle that has no row among the responses."""
        tracks = self._rest_of(track.place)
        lines = [
            Line(i, (self._name(i), *(EMPTY,) * 5,
                     *(self._cell(t, i, measured, self._percent) for t in tracks)))
            for i in _recorded(track)
        ]  # fmt: skip
        name = place_name(track.place, self._words)
        return Group(f"{name[0].upper()}{name[1:]}, at rest", "", tuple(lines))

    # ------------------------------------------------------------------ cells

    def _name(self, visit: int) -> Cell:
        """Return the cell that names a visit."""
        v = self._comparison.visits[visit]
        return Cell(f"{visit + 1}  {v.date}".rstrip(), v.label, "", v.recording)

    def _verdict(self, point: Point) -> Cell:
        """Return the verdict of a visit; what it cannot say is said so."""
        words = self._words
        verdict = point.verdict or Verdict.NOT_ASSESSABLE
        shown = (
            Verdict.INDETERMINATE if point.reason is Reason.NO_DIRECT_RESPONSE else verdict
        )  # As the report has it.
        text = words.common.verdicts[shown]
        if point.overruled:
            text = words["by_hand"].format(verdict=text)
        end = f"at the end {words[f'end_{point.end_state}']}" if point.end_state else ""
        return Cell(text, end, TONES[shown], "\n".join(t for t in (point.words, end) if t))

    def _cell(
        self,
        track: Track | None,
        visit: int,
        text_of: Callable[[Point], str],
        change_of: Callable[[Change], str],
    ) -> Cell:
        """Return value and change of a quantity at a visit."""
        if track is None:
            return EMPTY
        point = track.points[visit]
        if point.state is PointState.NOT_RECORDED:
            return EMPTY
        words = self._words
        reason = words.own.reasons[point.reason] if point.reason is not Reason.NONE else ""
        text = text_of(point) if point.tells or isfinite(point.value) else ""
        if not point.tells and not text:
            return Cell(words["state_cannot_say"], "", "", reason)
        if self._reference == SAME and visit == reference_of(track, SAME):
            return Cell(text, REFERENCE, "", reason)
        if visit == self._reference and reference_of(track, visit) == visit:
            return Cell(text, REFERENCE, "", reason)
        change = change_at(track, visit, self._reference)
        said, why = self._said(change, change_of)
        return Cell(text, said, "", "\n".join(t for t in (reason, why) if t))

    def _said(self, change: Change | None, text: Callable[[Change], str]) -> tuple[str, str]:
        """Return a change, and what limits it or forbids it."""
        words = self._words
        if change is None:
            return "", ""
        versus = f"Against visit {change.reference + 1}"
        if change.refused is not None:
            return words["not_compared"], f"{versus}: {caution_words(change.refused, words)}."
        limits = "; ".join(caution_words(c, words) for c in change.cautions)
        said = text(change)
        if not said:
            return "", ""
        return f"{said}{ARROWS[change.direction]}", f"{versus}. {limits}".strip()

    def _points(self, change: Change) -> str:
        """Return a difference of persistence in points of percent."""
        return difference(change, 100.0, 0, self._words)

    def _percent(self, change: Change) -> str:
        """Return a ratio in percent."""
        return ratio(change, self._words)

    def _rest_of(self, place: Place) -> tuple[Track | None, Track | None]:
        """Return bursts per minute and time in bursts of a muscle or a side."""
        here = place.muscle, place.muscle_side, place.channel
        found: list[Track | None] = []
        for quantity in (Quantity.BURSTS, Quantity.LOAD_TIME):
            tracks = self._comparison.of(quantity)
            same = (
                t for t in tracks if (t.place.muscle, t.place.muscle_side, t.place.channel) == here
            )
            found.append(next(same, None))
        return found[0], found[1]

    def _direct_of(self, place: Place, point: Point) -> Track | None:
        """Return the direct response that the responses of a place are set against."""
        muscle = point.conditions.m_muscle
        tracks = self._comparison.of(Quantity.M_AMPLITUDE)
        here = [t for t in tracks if (t.place.site, t.place.side) == (place.site, place.side)]
        return next((t for t in here if t.place.muscle is muscle), None)


def longest(table: tuple[Group, ...], n: int = 4) -> tuple[tuple[Cell, ...], ...]:
    """Return for every column the cells with the longest values and changes.

    To measure all of them would take long; letters differ little enough in width.
    """
    by_column = zip(*(line.cells for group in table for line in group.lines), strict=True)
    out = []
    for cells in map(set, by_column):
        texts = sorted(cells, key=lambda c: -len(c.text) - 2 * bool(c.tone))[:n]
        out.append((*texts, *sorted(cells, key=lambda c: -len(c.change))[:n]))
    return tuple(out)


def _persistence(point: Point) -> str:
    """Return counts and interval of a response."""
    if not (point.n and isfinite(point.value)):
        return ""
    return numbers.persistence(point.k, point.n, point.low, point.high)


def _recorded(track: Track) -> Iterator[int]:
    """Yield the visits at which something was recorded."""
    return (i for i, p in enumerate(track.points) if p.state is not PointState.NOT_RECORDED)


def as_tsv(table: tuple[Group, ...], of: str) -> str:
    """Return the table as lines parted by tabs, for a spreadsheet."""
    heads = columns(of)
    head = ["Place", heads[0].title]
    for column in heads[1:]:
        head += [column.title, column.below] if column.below else [column.title]
    lines = ["\t".join([*head, "Pattern"])]
    for group in table:
        for line in group.lines:
            first = line.cells[0]
            row = [group.title, f"{first.text} {first.change}".strip()]
            for column, cell in zip(heads[1:], line.cells[1:], strict=True):
                row += [cell.text, cell.change] if column.below else [cell.text]
            rest = line.rest or EMPTY
            row.append(", ".join(t for t in (rest.text, rest.change) if t))
            lines.append("\t".join(row))
    return "\n".join(lines)
