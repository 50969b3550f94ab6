"""What the table of channels of a BIDS data set says of the channels of a recording."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isclose

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.recording import Channel, ChannelKind, SignalSource
from amr_viewer.io.bids_muscles import muscle_in, side_in
from amr_viewer.io.bids_text import Row, Table
from amr_viewer.io.labels import parse_channel
from amr_viewer.io.vendor_units import understand_unit
from amr_viewer.io.words import in_a_row

KINDS = {"EMG": ChannelKind.EMG, "TRIG": ChannelKind.TRIGGER}
OTHER_TYPES = frozenset(
    {
        "ACCEL", "ADC", "ANGACCEL", "AUDIO", "DAC", "DBS", "ECG", "ECOG", "EEG", "EOG", "EYEGAZE",
        "FITERR", "GSR", "GYRO", "HEOG", "HLU", "JNTANG", "LATENCY", "MAGN", "MEGGRADAXIAL",
        "MEGGRADPLANAR", "MEGMAG", "MEGOTHER", "MEGREFGRADAXIAL", "MEGREFGRADPLANAR", "MEGREFMAG",
        "MISC", "ORNT", "OTHER", "PD", "POS", "PPG", "PUPIL", "REF", "RESP", "SEEG", "SYSCLOCK",
        "TEMP", "VEL", "VEOG",
    }
)  # fmt: skip
EDF_LABEL_LENGTH = 16
"""EDF cuts longer names of channels."""


@dataclass(frozen=True, slots=True)
class StatedUnits:
    """Samples of another source in the units that a file beside the recording states.

    Attributes
    ----------
    inner : SignalSource
    factors : tuple of float
        One per channel: uV per stored number, 1 where nothing is to be done.
    """

    inner: SignalSource = field(repr=False)
    factors: tuple[float, ...]

    def read(self, channel: int, start: int, stop: int) -> NDArray[np.float32]:
        """Return samples `start` to `stop` of one channel, shape (stop - start,), in its unit."""
        samples = self.inner.read(channel, start, stop)
        factor = self.factors[channel]
        return samples if factor == 1.0 else samples * np.float32(factor)


def apply_channels(
    channels: Sequence[Channel],
    source: SignalSource,
    table: Table,
    sides: Mapping[str, Row],
    warnings: list[str],
) -> tuple[tuple[Channel, ...], SignalSource]:
    """Return the channels as a table describes them, and the source that delivers their units.

    Parameters
    ----------
    channels : sequence of Channel
        As the reader made them.
    source : SignalSource
    table : Table
    sides : mapping of str to Row
        Electrodes by their names.
    warnings : list of str
        Takes what contradicts the file, and what was left out.
    """
    rows = _rows_of([c.label for c in channels], table, warnings)
    doubts = _Doubts(table.name)
    stated, factors = [], []
    for channel, row in zip(channels, rows, strict=True):
        if row is None:
            stated.append(channel)
            factors.append(1.0)
            continue
        channel, factor = _with_unit(channel, row, doubts)
        channel = _with_meaning(_with_filters(channel, row), row, sides, doubts)
        _compare_rate(channel, row, doubts)
        stated.append(channel)
        factors.append(factor)
    warnings += doubts.lines()
    plain = all(f == 1.0 for f in factors)
    return tuple(stated), source if plain else StatedUnits(source, tuple(factors))


class _Doubts:
    """Collects doubts, so that channels with the same one share a line."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._labels: dict[str, list[str]] = {}

    def add(self, channel: Channel, words: str) -> None:
        """Add what is odd about a channel."""
        self._labels.setdefault(words, []).append(channel.label)

    def lines(self) -> list[str]:
        """Return one line for each doubt."""
        return [
            f"{self._table}: channel {in_a_row(labels)}: {words}"
            for words, labels in self._labels.items()
        ]


def _rows_of(labels: Sequence[str], table: Table, warnings: list[str]) -> list[Row | None]:
    """Return the row of each channel, None where the table has none; names decide, not places."""
    rows: dict[str, list[Row]] = {}
    for row in table.rows:
        rows.setdefault(row.cells["name"].strip(), []).append(row)
    counts = Counter(labels)
    names = {label: _name_of(label, rows, counts) for label in counts}
    claims = Counter(names.values())
    left: dict[str, list[Row | None]] = {}
    for label, name in names.items():
        lines = rows[name] if name is not None and claims[name] == 1 else []
        left[label] = [*lines] if len(lines) == counts[label] else [None] * counts[label]
    found = [left[label].pop(0) for label in labels]
    used = {row.line for row in found if row is not None}
    missing = [label for label, row in zip(labels, found, strict=True) if row is None]
    spare = [r.cells["name"].strip() for r in table.rows if r.line not in used]
    if missing:
        warnings.append(
            f"{table.name}: describes no channel {in_a_row(list(dict.fromkeys(missing)))} of the "
            "recording, which is read by its label"
        )
    if spare:
        warnings.append(
            f"{table.name}: the recording has no channel {in_a_row(list(dict.fromkeys(spare)))}, "
            "or several of that name"
        )
    return found


def _name_of(
    label: str, rows: Mapping[str, Sequence[Row]], labels: Mapping[str, int]
) -> str | None:
    """Return the name in the table that means a label: itself, in other case, or cut by EDF."""
    if label in rows:
        return label
    free = [n for n in rows if n not in labels]
    near = [n for n in free if n.casefold() == label.casefold()]
    if not near and len(label) == EDF_LABEL_LENGTH:
        near = [n for n in free if n.startswith(label)]
    return near[0] if len(near) == 1 else None


def _with_unit(channel: Channel, row: Row, doubts: _Doubts) -> tuple[Channel, float]:
    """Return a channel with its unit, and the factor for its samples; the file's own unit counts.

    Writers of tables state the unit of their own program's memory, so that a table contradicts the
    header of many a file whose samples are right.
    """
    word = row.text("units")
    if not word or KINDS.get(row.text("type").upper()) is ChannelKind.TRIGGER:
        return channel, 1.0
    stated, own = understand_unit(word), understand_unit(channel.file_unit)
    if channel.file_unit is None:
        if channel.unit is not None:
            return channel, 1.0
        doubts.add(channel, f"the recording gives no unit, the table {word}: it is taken")
        return replace(channel, unit=stated.unit, file_unit=word), stated.scale
    if "uV" in {stated.unit, own.unit} and stated != own:
        doubts.add(
            channel,
            f"its unit is {channel.file_unit} in the recording and {word} in the table; the "
            "recording counts: state another unit in the protocol if it is wrong",
        )
    return channel, 1.0


def _with_filters(channel: Channel, row: Row) -> Channel:
    """Return a channel with its filters where the recording itself states none."""
    if channel.filters and re.search(r"\d", channel.filters):
        return channel
    low, high = row.number("low_cutoff"), row.number("high_cutoff")
    words = [f"HP:{low:g}Hz" if low is not None else "", f"LP:{high:g}Hz" if high else ""]
    notch = row.text("notch").strip("[]").replace(" ", "")
    words.append(f"N:{notch}Hz" if re.fullmatch(r"[\d.,]+", notch) else "")
    filters = " ".join(w for w in words if w)
    return replace(channel, filters=filters) if filters else channel


def _with_meaning(
    channel: Channel, row: Row, electrodes: Mapping[str, Row], doubts: _Doubts
) -> Channel:
    """Return a channel with what it carries, its muscle and its side."""
    stated = []
    kind = _kind(channel, row, doubts)
    if kind is not None:
        channel = replace(channel, kind=kind)
        stated.append("kind")
    text, found = muscle_in(row)
    if text and found.is_understood:
        channel = replace(channel, muscle=found.muscle)
        stated.append("muscle")
    if text and kind in {None, ChannelKind.EMG}:
        _doubt_muscle(channel, text, found.is_understood, found.is_one_of_several, doubts)
    electrode = electrodes.get(row.text("signal_electrode"))
    side = side_in(row) or (side_in(electrode) if electrode else None)
    if side is not None:
        channel = replace(channel, side=side)
        stated.append("side")
    if row.text("status").casefold() == "bad":
        why = row.text("status_description")
        doubts.add(
            channel,
            f"is marked bad{f' ({why})' if why else ''} and left out of the analysis; to use it "
            'all the same state kind = "emg" for it in the protocol',
        )
        stated.append("bad")
    channel = replace(channel, stated=tuple(stated))
    _doubt_label(channel, doubts)
    return channel


def _kind(channel: Channel, row: Row, doubts: _Doubts) -> ChannelKind | None:
    """Return what a channel carries, None where the table does not say."""
    word = row.text("type").upper()
    if word in KINDS:
        return KINDS[word]
    if word in OTHER_TYPES:
        return ChannelKind.OTHER
    if word:
        doubts.add(channel, f"its type {row.text('type')} is unknown: it is read by its label")
    return None


def _doubt_muscle(
    channel: Channel, text: str, is_understood: bool, is_one_of_several: bool, doubts: _Doubts
) -> None:
    """Say that a muscle is not understood, or one of several."""
    remedy = "state the muscle in the protocol"
    if not is_understood:
        doubts.add(channel, f'its muscle "{text}" is not understood; {remedy}')
    elif is_one_of_several and channel.muscle is not None:
        doubts.add(
            channel,
            f'of its muscles "{text}" {channel.muscle.title} is taken; if that is wrong {remedy}',
        )


def _doubt_label(channel: Channel, doubts: _Doubts) -> None:
    """Say where a table names another muscle or side than the label."""
    meaning = parse_channel(channel.label)
    pairs = (("muscle", meaning.muscle, channel.muscle), ("side", meaning.side, channel.side))
    for what, by_label, by_table in pairs:
        if what in channel.stated and by_label is not None and by_label is not by_table:
            other = by_table.value if by_table is not None else "none of the face"
            doubts.add(
                channel, f"its {what} is {by_label.value} by its label and {other} in the table, "
                "which counts"
            )  # fmt: skip


def _compare_rate(channel: Channel, row: Row, doubts: _Doubts) -> None:
    """Say where a table states another sampling rate than the recording has."""
    rate_hz = row.number("sampling_frequency")
    if rate_hz is not None and not isclose(rate_hz, channel.sampling_hz, rel_tol=1e-6):
        doubts.add(
            channel,
            f"its sampling rate is {channel.sampling_hz:g} Hz in the recording and {rate_hz:g} Hz "
            "in the table; the recording counts",
        )
