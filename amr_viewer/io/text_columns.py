"""Which column of a text table is time, sweep, channel, stimulation, signal or remark."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from amr_viewer.errors import ReadError
from amr_viewer.io.text_dialect import is_missing
from amr_viewer.io.text_head import Head
from amr_viewer.io.text_words import (
    ColumnName,
    Meaning,
    SweepName,
    microvolts,
    seconds,
    understand_column,
    understand_sweep,
)

MANY_COLUMNS = 32


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """A column of samples.

    Attributes
    ----------
    index : int
        Its place in the table.
    label : str
    file_unit, unit : str or None
        As the file writes it; as the program uses it.
    scale : float
        What brings the file's unit to `unit`.
    sweep : SweepName or None
        Set where the column's name is that of a sweep.
    """

    index: int
    label: str
    file_unit: str | None = None
    unit: str | None = None
    scale: float = 1.0
    sweep: SweepName | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table by what they hold; None where there is none.

    Attributes
    ----------
    time : int or None
    time_unit : str or None
        As the file states it.
    sweep, channel, stimulus, remark : int or None
        `sweep`, `channel` and `stimulus` are set for long tables only.
    values : tuple of ValueColumn
    stimulus_unit : str or None
    left_out : tuple of str
        Names of columns that hold words.
    """

    time: int | None
    time_unit: str | None
    values: tuple[ValueColumn, ...]
    sweep: int | None = None
    channel: int | None = None
    stimulus: int | None = None
    stimulus_unit: str | None = None
    remark: int | None = None
    left_out: tuple[str, ...] = ()

    @property
    def is_long(self) -> bool:
        """Whether rows, not columns, tell sweeps or channels apart."""
        return self.sweep is not None or self.channel is not None


def understand_columns(head: Head, name: str) -> Columns:
    """Say what each column of a table holds.

    Raises
    ------
    ReadError
        If there are several time columns, no column of samples, or a long table lacks a column.
    """
    parsed = _parse_names(head)
    meanings = [p.meaning for p in parsed]
    if Meaning.VALUE not in meanings:
        parsed = [_as_value(p) for p in parsed]
    times = [i for i, p in enumerate(parsed) if p.meaning is Meaning.TIME]
    if len(times) > 1:
        raise ReadError(
            f"{name}: columns {', '.join(str(i + 1) for i in times)} are all times; export it with "
            f"one time column"
        )
    time = times[0] if times else None
    if head.names is None and head.units is None and _grows(head):
        time = 0
    if time is not None and head.numeric[time] is False:
        raise ReadError(
            f"{name}: the times in column {time + 1} are no numbers ('{head.rows[0][time]}'); "
            f"export seconds from the start"
        )
    columns = Columns(time, _time_unit(head, parsed, time), ())
    columns = _long_columns(columns, parsed)
    return _value_columns(columns, parsed, head, name)


def _parse_names(head: Head) -> list[ColumnName]:
    """Take the names apart; the row of units fills in."""
    names = head.names or ("",) * head.n_columns
    units = head.units or ("",) * head.n_columns
    parsed = []
    for i, (name, unit) in enumerate(zip(names, units, strict=True)):
        column = ColumnName("", None, Meaning.VALUE)
        if name:
            column = understand_column(name, first=i == 0)
        if unit:
            column = replace(column, unit=unit)
        if not name and i == 0 and (seconds(unit) is not None or (head.names and _grows(head))):
            column = replace(column, meaning=Meaning.TIME)
        parsed.append(column)
    return parsed


def _as_value(column: ColumnName) -> ColumnName:
    """Take a column for samples after all: 'time, ch' holds no other."""
    if column.meaning in (Meaning.CHANNEL, Meaning.STIMULUS, Meaning.SWEEP, Meaning.EVENT):
        return replace(column, meaning=Meaning.VALUE)
    return column


def _grows(head: Head) -> bool:
    """Whether the numbers of the first column grow from row to row."""
    if head.n_columns < 2:
        return False
    cells = [r[0].replace(head.dialect.decimal, ".") for r in head.rows if not is_missing(r[0])]
    try:
        numbers = [float(c) for c in cells]
    except ValueError:
        return False
    steps = [b - a for a, b in pairwise(numbers)]
    return (
        len(steps) > 1
        and min(steps) >= 0
        and max(steps) > 0
        and steps.count(0.0) < 0.8 * len(steps)
    )


def _time_unit(head: Head, parsed: list[ColumnName], time: int | None) -> str | None:
    """Return the unit that the file states for its time column."""
    if time is None:
        return None
    return parsed[time].unit or (head.units[time] if head.units else None)


def _long_columns(columns: Columns, parsed: list[ColumnName]) -> Columns:
    """Find the columns that tell sweeps and channels of a long table apart."""

    def first(meaning: Meaning) -> int | None:
        return next((i for i, p in enumerate(parsed) if p.meaning is meaning), None)

    sweep, channel = first(Meaning.SWEEP), first(Meaning.CHANNEL)
    if sweep is None and channel is None:
        return columns
    stimulus = first(Meaning.STIMULUS)
    unit = parsed[stimulus].unit if stimulus is not None else None
    return replace(columns, sweep=sweep, channel=channel, stimulus=stimulus, stimulus_unit=unit)


def _value_columns(columns: Columns, parsed: list[ColumnName], head: Head, name: str) -> Columns:
    """Find the columns of samples, leaving words and indices out."""
    taken = {columns.time, columns.sweep, columns.channel, columns.stimulus}
    remark = None
    values: list[ValueColumn] = []
    left_out: list[str] = []
    for i, column in enumerate(parsed):
        numeric = head.numeric[i]
        if i in taken or column.meaning is Meaning.INDEX:
            continue
        if column.meaning is Meaning.EVENT and not numeric and remark is None:
            remark = i
        elif numeric is False:
            left_out.append(column.label or f"column {i + 1}")
        elif numeric or column.label:
            values.append(_value_column(i, head, column, len(values) + 1))
    if not values:
        raise ReadError(
            f"{name}: no column of samples found; name the columns in a line above them"
        )
    if columns.is_long and (
        columns.time is None or (columns.channel is not None and len(values) > 1)
    ):
        raise ReadError(
            f"{name}: a long table needs the columns time, channel (or sweep) and one value; name "
            f"them, e.g. 'time_ms', 'channel', 'amplitude_mV'"
        )
    return replace(columns, values=tuple(values), remark=remark, left_out=tuple(left_out))


def _value_column(index: int, head: Head, column: ColumnName, number: int) -> ValueColumn:
    """Find label, unit and, for a sweep, the stimulation of a column of samples."""
    name = head.names[index].strip() if head.names else ""
    unit = column.unit
    sweep = None
    if name:
        bracketed = name.rstrip().endswith((")", "]"))
        sweep = understand_sweep(column.label if bracketed else name)
        if sweep is not None and sweep.intensity is not None and not bracketed:
            unit = head.units[index] if head.units else None
    unit = unit or head.common_unit
    factor = microvolts(unit)
    return ValueColumn(
        index,
        column.label or f"channel {number}",
        unit or None,
        "uV" if factor is not None else (unit or None),
        1.0 if factor is None else factor,
        sweep,
    )


def are_sweeps(head: Head, columns: Columns, starts_before_zero: bool) -> tuple[bool, str | None]:
    """Whether the columns are sweeps of one channel, and a warning if that was inferred."""
    n = len(columns.values)
    if columns.is_long:
        return False, None
    if head.intensities is not None or (n > 1 and all(v.sweep is not None for v in columns.values)):
        return True, None
    if head.names is None and starts_before_zero and n > MANY_COLUMNS:
        return True, (
            f"the columns have no names; the {n} columns over a time axis that starts before zero "
            f"are taken as sweeps of one channel"
        )
    if head.names is None and n > 1:
        return False, f"the columns have no names; taken as {n} channels"
    return False, None
