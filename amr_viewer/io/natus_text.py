"""Text exports of Natus (Nicolet, Viking) machines: sections with traces of one channel each.

The layout is known from exports and public parsers, not from a vendor's document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import nan
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.recording import Channel, Mark, Recording, Segment
from amr_viewer.errors import ReadError
from amr_viewer.io.text_encoding import decode, split_lines
from amr_viewer.io.text_source import ColumnSource
from amr_viewer.io.text_sweeps import Stimulation, mark_stimuli, place, segments_of
from amr_viewer.io.text_words import microvolts

MAX_BYTES = 256 << 20
_SECTION = re.compile(r"^\[(?P<number>\d+(?:\.\d+)*)\s*-\s*(?P<title>[^\]]*)\]\s*$")
_TRACE = re.compile(
    r"^(?:Sweep|LongTrace)\s+Data\s*\((?P<unit>[^)]*)\)\s*<(?P<count>\d+)>\s*=(?P<values>.*)$",
    re.IGNORECASE,
)
_STIMULUS = re.compile(r"stimulus intensity\s*\((?P<unit>[^)]*)\)", re.IGNORECASE)
_KEY = re.compile(r"^(?P<key>[^=]+?)\s*=\s*(?P<value>.*)$")


def looks_like_natus(lines: Sequence[str]) -> bool:
    """Whether the first lines of a text file are those of a Natus export."""
    head = [line for line in lines[:200] if line.strip()]
    sections = sum(bool(_SECTION.match(line)) for line in head)
    return sections > 0 and ("natus" in head[0].lower() or any(_TRACE.match(line) for line in head))


@dataclass(slots=True)
class _Section:
    """A section: its number ('1.1.3'), title, keys, and the traces that it holds."""

    number: str
    title: str
    keys: dict[str, str] = field(default_factory=dict)
    traces: list[tuple[str, int, str]] = field(default_factory=list)
    stimulation: Stimulation | None = None

    def get(self, *names: str) -> str | None:
        """Return the value of the first of some keys that is there."""
        return next((self.keys[n] for n in names if self.keys.get(n)), None)


@dataclass(frozen=True, slots=True, eq=False)
class _Trace:
    """One sweep of one channel, in the file's unit."""

    channel: str
    unit: str
    values: NDArray[np.float32]
    stimulation: Stimulation | None


def read_natus_text(path: Path, encoding: str) -> Recording:
    """Read a text export of a Natus machine.

    Raises
    ------
    ReadError
        If it holds no traces, several tests, no sampling rate, or channels that do not fit.
    """
    if path.stat().st_size > MAX_BYTES:
        raise ReadError(
            f"{path.name}: larger than {MAX_BYTES >> 20} MB; export the tests one by one, or as EDF"
        )
    lines = split_lines(decode(path.read_bytes(), encoding))
    sections = _sections(lines)
    warnings: list[str] = []
    traces = _traces(sections, path.name, warnings)
    channels = _by_channel(traces, path.name)
    rate = _rate_hz(sections, path.name)
    lengths = [len(t.values) for t in next(iter(channels.values()))]
    segments, marks, said = _timeline(list(channels.values()), lengths, rate)
    info = sections[0]
    return Recording(
        name=path.name,
        path=str(path),
        format="Natus text",
        channels=tuple(_channel(n, ts, sections, rate) for n, ts in channels.items()),
        segments=segments,
        marks=marks,
        source=ColumnSource(
            tuple(np.concatenate([t.values for t in ts]) for ts in channels.values()),
            tuple(microvolts(ts[0].unit) or 1.0 for ts in channels.values()),
        ),
        start=_start(info),
        patient=_patient(info),
        equipment=lines[0].strip("; \ufeff").strip() or None,
        size_bytes=path.stat().st_size,
        warnings=(*warnings, *_length_warnings(sections, lengths, rate), *said),
    )


def _sections(lines: Sequence[str]) -> list[_Section]:
    """Divide the lines into sections; traces are joined from their lines."""
    sections = [_Section("", "")]
    running = False
    for raw in lines:
        line = raw.strip()
        if match := _SECTION.match(line):
            sections.append(_Section(match["number"], match["title"].strip()))
            running = False
        elif match := _TRACE.match(line):
            sections[-1].traces.append((match["unit"], int(match["count"]), match["values"]))
            running = True
        elif running and line and line[0] in "+-.,0123456789":
            unit, count, values = sections[-1].traces[-1]
            sections[-1].traces[-1] = (unit, count, f"{values} {line}")
        elif match := _KEY.match(line):
            key = re.sub(r"\s+", " ", match["key"])
            sections[-1].keys[key.lower()] = match["value"].strip()
            if stimulus := _STIMULUS.fullmatch(key):
                sections[-1].stimulation = Stimulation(_number(match["value"]), stimulus["unit"])
            running = False
    return sections[1:]


def _traces(sections: Sequence[_Section], name: str, warnings: list[str]) -> list[_Trace]:
    """Read the traces of all sections."""
    traces, channel, tests = [], "1", set()
    for section in sections:
        channel = section.get("channel number") or channel
        for unit, count, text in section.traces:
            values = _numbers(text, count, f"{name}: section {section.number}")
            if len(values) < count:
                warnings.append(
                    f"section {section.number}: {len(values)} of {count} values; the rest is "
                    f"missing (NaN)"
                )
                values = np.pad(values, (0, count - len(values)), constant_values=np.nan)
            tests.add(section.number.split(".")[0])
            traces.append(_Trace(channel, unit, values, section.stimulation))
    if not traces:
        raise ReadError(f"{name}: no traces found; export the test with its sweep data")
    if len(tests) > 1:
        raise ReadError(
            f"{name}: holds the traces of {len(tests)} tests; export each test to a file of its own"
        )
    return traces


def _numbers(text: str, count: int, where: str) -> NDArray[np.float32]:
    """Read the values of a trace; the number of values tells what a comma means."""
    text = text.replace("/", " ").strip()
    tokens = re.split(r"[;\s]+", text) if text else []
    if "," in text and "." not in text:
        if len(tokens) == 1 and count > 1:
            fields = text.split(",")
            pairs = zip(fields[0::2], fields[1::2], strict=False)
            tokens = fields if len(fields) == count else [f"{a}.{b}" for a, b in pairs]
        else:
            tokens = [t.replace(",", ".") for t in tokens]
    elif "," in text:
        tokens = [t for t in re.split(r"[,;\s]+", text) if t]
    try:
        values = np.array([float(t) for t in tokens], dtype=np.float32)
    except ValueError as error:
        raise ReadError(f"{where}: {error}; export the test again") from error
    if len(values) > count:
        raise ReadError(
            f"{where}: {len(values)} values where {count} are announced; export it again"
        )
    return values


def _number(text: str | None) -> float | None:
    """Read one number with a decimal point or comma."""
    match = re.fullmatch(r"[-+]?\d+(?:[.,]\d+)?", (text or "").strip())
    return float(match[0].replace(",", ".")) if match else None


def _by_channel(traces: Sequence[_Trace], name: str) -> dict[str, list[_Trace]]:
    """Group traces by channel; all channels must have the same sweeps."""
    channels: dict[str, list[_Trace]] = {}
    for trace in traces:
        channels.setdefault(trace.channel, []).append(trace)
    shapes = {tuple(len(t.values) for t in ts) for ts in channels.values()}
    if len(shapes) > 1:
        raise ReadError(
            f"{name}: the channels have different numbers of sweeps or samples; export each "
            f"channel to a file of its own"
        )
    if any(len({t.unit for t in ts}) > 1 for ts in channels.values()):
        raise ReadError(
            f"{name}: the sweeps of a channel have different units; export them with one"
        )
    return channels


def _rate_hz(sections: Sequence[_Section], name: str) -> float:
    """Return the rate of the stored samples: the reduced one where the machine reduced it."""
    rates = set()
    for section in sections:
        rate = _number(section.get("subsampled(khz)", "sampling frequency(khz)"))
        if rate:
            rates.add(rate * 1e3)
    if len(rates) != 1:
        what = "no sampling rate" if not rates else "different sampling rates"
        raise ReadError(f"{name}: {what} found; export each channel to a file of its own")
    return float(rates.pop())


def _timeline(
    channels: Sequence[Sequence[_Trace]], lengths: Sequence[int], rate: float
) -> tuple[tuple[Segment, ...], tuple[Mark, ...], list[str]]:
    """Place the sweeps, which carry no times, and mark their stimuli."""
    durations = [n / rate for n in lengths]
    starts = place(durations)
    spacing = starts[1] - starts[0] if len(starts) > 1 else 1.0
    warnings = [
        f"the file does not say when its {len(starts)} sweeps were recorded; they are placed "
        f"{spacing:g} s apart"
    ]
    stimulated = [
        (start, duration, trace.stimulation)
        for start, duration, trace in zip(starts, durations, channels[0], strict=True)
        if trace.stimulation is not None
    ]
    marks: tuple[Mark, ...] = ()
    if stimulated:
        at, lasting, stimuli = zip(*stimulated, strict=True)
        marks, said = mark_stimuli(at, np.full(len(at), nan), lasting, stimuli)
        warnings += said
    return segments_of(starts, lengths, rate), marks, warnings


def _length_warnings(
    sections: Sequence[_Section], lengths: Sequence[int], rate: float
) -> list[str]:
    """Warn where the stated duration of a trace does not fit its samples and rate."""
    for section in sections:
        stated = _number(section.get("trace duration(ms)"))
        if section.traces and stated and lengths:
            found = lengths[0] / rate * 1e3
            if abs(found - stated) > 0.02 * stated + 2e3 / rate:
                return [
                    f"section {section.number} states a trace of {stated:g} ms, its samples take "
                    f"{found:g} ms at {rate:g} Hz; latencies may be wrong"
                ]
    return []


def _channel(
    number: str, traces: Sequence[_Trace], sections: Sequence[_Section], rate: float
) -> Channel:
    """Return a channel with the site and the filters that its section states."""
    own = next(
        (
            s
            for s in sections
            if s.title.lower().startswith("channel") and s.get("channel number") == number
        ),
        sections[0],
    )
    filters = [
        f"{letter}:{own.keys[key]}{unit}"
        for letter, key, unit in (("HP", "low(hz)", "Hz"), ("LP", "high(khz)", "kHz"))
        if own.keys.get(key)
    ]
    unit = traces[0].unit
    return Channel(
        label=own.get("site", "anatomy") or f"channel {number}",
        unit="uV" if microvolts(unit) is not None else unit,
        sampling_hz=rate,
        n_samples=sum(len(t.values) for t in traces),
        file_unit=unit,
        filters=" ".join(filters) or None,
    )


def _patient(info: _Section) -> dict[str, str]:
    """Return what the first section says of the patient."""
    found = {
        "id": info.get("patient id"),
        "name": info.get("full name", "last name", "first name"),
        "sex": info.get("gender", "sex"),
        "birthdate": info.get("birth date", "date of birth"),
    }
    return {key: value for key, value in found.items() if value}


def _start(info: _Section) -> str | None:
    """Return date and time of the start where they are written as ISO 8601."""
    date = info.get("visit date") or ""
    time = info.get("acquisition start time") or ""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", date):
        return None
    return f"{date}T{time}" if re.fullmatch(r"\d{2}:\d{2}:\d{2}", time) else date
