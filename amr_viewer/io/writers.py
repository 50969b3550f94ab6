"""Write recordings as EDF+ and BDF+; reading them is left to `edf`.

edfio lays out header and samples. It knows contiguous recordings only and places annotations as if
there were no gaps, therefore the annotation signal is reserved through it and filled here.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from math import ceil, isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.recording import ChannelKind, Mark, Recording
from amr_viewer.errors import ExportError
from amr_viewer.io import edf_words
from amr_viewer.io.edf_records import RecordPlan, plan_records

if TYPE_CHECKING:
    import edfio

CHUNK = 1 << 20
LARGEST_NUMBER = 9_999_999
HEADER_BLOCK = 256
RESERVED_AT = 192
SEPARATORS = str.maketrans("\x00\x14\x15", "   ")


@dataclass(frozen=True, slots=True)
class Flavor:
    """What differs between EDF and BDF: bytes of a sample, largest integer, its type in memory."""

    name: Literal["EDF", "BDF"]
    bytes_per_sample: int
    largest: int
    dtype: type[np.signedinteger[Any]]


FLAVORS = {
    ".edf": Flavor("EDF", 2, 2**15 - 1, np.int16),
    ".bdf": Flavor("BDF", 3, 2**23 - 1, np.int32),
}


@dataclass(frozen=True, slots=True)
class Scale:
    """How a channel's samples become integers: written = sample * factor / step."""

    factor: float
    unit: str
    limit: float
    largest: int

    @property
    def per_sample(self) -> float:
        """Integers per unit of the recording's samples."""
        return self.factor * self.largest / self.limit


def write_edf(
    recording: Recording, path: Path | str, *, overwrite: bool = False
) -> tuple[str, ...]:
    """Write a recording as EDF+ or BDF+, by the suffix of the path.

    One segment makes EDF+C, several EDF+D, whose gaps are kept. Each channel is scaled to its own
    largest sample: nothing clips, and the step is as fine as 16 (24) bit allow. Zero is kept
    exactly. The file appears whole or not at all.

    Parameters
    ----------
    recording : Recording
    path : Path or str
        Ends in ``.edf`` or ``.bdf``.
    overwrite : bool
        Whether an existing file may be replaced.

    Returns
    -------
    tuple of str
        What the format could not keep: shortened labels, padding of the last data record.

    Raises
    ------
    ExportError
        The file exists, its suffix is unknown, or the format cannot hold the recording.

    References
    ----------
    .. [1] Kemp B, Olivan J. European data format 'plus' (EDF+). Clin Neurophysiol 2003;114:1755.
    """
    path = Path(path)
    flavor = FLAVORS.get(path.suffix.lower())
    if flavor is None:
        raise ExportError(f"{path.name}: unknown suffix; end the name in .edf or .bdf")
    if path.exists() and not overwrite:
        raise ExportError(f"{path.name}: the file exists already; choose another name")
    if not recording.channels or not recording.segments:
        raise ExportError(f"{path.name}: the recording holds no samples; there is nothing to write")
    plan = plan_records(recording, path.name)
    notes: list[str] = []
    labels = edf_words.labels(recording.channels, notes)
    if plan.padded_s > 0.0:
        notes.append(f"the last data record is padded with up to {1e3 * plan.padded_s:g} ms")
    lists = _annotation_lists(recording, plan)
    signals = [_signal(recording, k, labels[k], plan, flavor) for k in range(len(labels))]
    try:
        _write_whole(path, recording, signals, lists, plan, flavor)
    except (OSError, ValueError) as error:
        raise ExportError(f"{path.name}: cannot be written ({error})") from error
    return tuple(notes)


def _write_whole(
    path: Path,
    recording: Recording,
    signals: list[Any],
    lists: list[bytes],
    plan: RecordPlan,
    flavor: Flavor,
) -> None:
    """Write beside the target, then rename."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    os.close(handle)
    temporary = Path(name)
    try:
        _layout(recording, signals, max(map(len, lists)), plan, flavor).write(temporary)
        _fill_annotations(temporary, lists, plan, flavor, gaps=len(recording.segments) > 1)
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _layout(
    recording: Recording, signals: list[Any], room: int, plan: RecordPlan, flavor: Flavor
) -> edfio.Edf | edfio.Bdf:
    """Return header and samples, with `room` bytes per record for annotations."""
    import edfio

    start = datetime.fromisoformat(recording.start) if recording.start else None
    kind = edfio.Edf if flavor.name == "EDF" else edfio.Bdf
    return kind(
        signals,
        patient=edf_words.patient(recording),
        recording=edfio.Recording(
            startdate=start.date() if start else None,
            equipment_code=edf_words.subfield(recording.equipment, 30),
        ),
        starttime=start.time().replace(microsecond=0, tzinfo=None) if start else None,
        data_record_duration=float(plan.duration_s),
        annotations=[edfio.EdfAnnotation(0.0, None, "x" * room)],
    )


def _fill_annotations(
    path: Path, lists: list[bytes], plan: RecordPlan, flavor: Flavor, *, gaps: bool
) -> None:
    """Replace the reserved annotation signal, and say so in the header if there are gaps."""
    header = HEADER_BLOCK * (len(plan.samples) + 2)
    record = (path.stat().st_size - header) // len(lists)
    signal = sum(plan.samples) * flavor.bytes_per_sample
    room = record - signal
    raw = np.memmap(path, dtype=np.uint8, mode="r+")
    filled = b"".join(entry.ljust(room, b"\x00") for entry in lists)
    raw[header:].reshape(len(lists), record)[:, signal:] = np.frombuffer(
        filled, dtype=np.uint8
    ).reshape(len(lists), room)
    if gaps:
        raw[RESERVED_AT : RESERVED_AT + 5] = np.frombuffer(
            f"{flavor.name}+D".encode(), dtype=np.uint8
        )
    raw.flush()


def _annotation_lists(recording: Recording, plan: RecordPlan) -> list[bytes]:
    """Return the time-stamped annotation lists of every record.

    The first one of a record is empty and gives its onset; marks in gaps stand in the record
    before. The fraction of a second of the start belongs into these onsets (a contiguous file).
    """
    fraction = 0.0
    if recording.start and len(recording.segments) == 1:
        fraction = datetime.fromisoformat(recording.start).microsecond * 1e-6
    entries = [_entry(onset + fraction, float("nan"), "") for onset in plan.onsets_s]
    onsets = np.array(plan.onsets_s)
    for mark in recording.marks:
        record = max(int(np.searchsorted(onsets, mark.time_s + 1e-9, side="right")) - 1, 0)
        entries[record] += _entry(mark.time_s + fraction, mark.duration_s, _words(mark))
    return entries


def _entry(onset_s: float, duration_s: float, text: str) -> bytes:
    """Return one time-stamped annotation list; NaN is no duration."""
    times = f"{onset_s:+.9f}".rstrip("0").rstrip(".")
    if not isnan(duration_s):
        times += "\x15" + f"{duration_s:.9f}".rstrip("0").rstrip(".")
    return f"{times}\x14{text}\x14\x00".encode()


def _words(mark: Mark) -> str:
    """Return a mark's text, with its channel as EDF readers write it."""
    text = mark.text.translate(SEPARATORS)
    return f"{text}@@{mark.channel}" if mark.channel else text


def _signal(
    recording: Recording, channel: int, label: str, plan: RecordPlan, flavor: Flavor
) -> edfio.EdfSignal | edfio.BdfSignal:
    """Return one channel as integers with its header fields."""
    import edfio

    facts = recording.channels[channel]
    scale = _scale(recording, channel, flavor)
    kind = edfio.EdfSignal if flavor.name == "EDF" else edfio.BdfSignal
    per_record = plan.samples[channel]
    return kind.from_digital(
        _integers(recording, channel, plan, scale, flavor),
        per_record / float(plan.duration_s),
        label=label,
        physical_dimension=scale.unit,
        physical_range=(-scale.limit, scale.limit),
        digital_range=(-scale.largest, scale.largest),
        prefiltering=edf_words.ascii_text(facts.filters or "")[:80],
    )


def _scale(recording: Recording, channel: int, flavor: Flavor) -> Scale:
    """Return a scale that holds the largest sample and keeps zero exact.

    Triggers that are small integers keep them; voltages of more than 10 V are written in mV.
    """
    facts = recording.channels[channel]
    peak, whole = 0.0, facts.kind is ChannelKind.TRIGGER
    for start in range(0, facts.n_samples, CHUNK):
        piece = recording.source.read(channel, start, min(start + CHUNK, facts.n_samples))
        if not np.isfinite(piece).all():
            raise ExportError(
                f"channel {facts.label}: samples are missing, which EDF cannot hold; leave the "
                "channel out"
            )
        peak = max(peak, float(np.abs(piece).max()))
        whole = whole and bool((piece == np.round(piece)).all())
    unit = edf_words.ascii_text(facts.unit or "")[:8]
    if whole and peak <= flavor.largest:
        return Scale(1.0, unit, flavor.largest, flavor.largest)
    factor, unit = (1e-3, "mV") if unit == "uV" and peak > LARGEST_NUMBER else (1.0, unit)
    if peak * factor > LARGEST_NUMBER:
        raise ExportError(
            f"channel {facts.label}: its largest value {peak:g} does not fit an EDF header; "
            "state its unit in a protocol"
        )
    return Scale(factor, unit, _limit(peak * factor), flavor.largest)


def _limit(peak: float) -> float:
    """Return the least limit from `peak` on, at least 1, whose decimal text takes 7 characters.

    A binary fraction, because edfio rounds the text of others outward to another number.
    """
    peak = max(peak, 1.0)
    steps: int = 2 ** max(0, 6 - len(str(int(peak))))
    return ceil(peak * steps) / steps


def _integers(
    recording: Recording, channel: int, plan: RecordPlan, scale: Scale, flavor: Flavor
) -> NDArray[Any]:
    """Return the samples as integers, segment by segment, the last one repeated as padding."""
    per_record = plan.samples[channel]
    out = np.zeros(sum(plan.records) * per_record, dtype=flavor.dtype)
    read = written = 0
    for records, padding in zip(plan.records, plan.padding, strict=True):
        length = records * per_record - padding[channel]
        for start in range(0, length, CHUNK):
            stop = min(start + CHUNK, length)
            piece = recording.source.read(channel, read + start, read + stop)
            out[written + start : written + stop] = np.rint(
                piece.astype(np.float64) * scale.per_sample
            )
        if padding[channel] and length:
            out[written + length : written + records * per_record] = out[written + length - 1]
        read += length
        written += records * per_record
    return out
