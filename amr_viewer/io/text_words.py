"""The words of a text file's heading: units, and what a column's name says that it holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

UV_PER_UNIT = {
    "v": 1e6, "volt": 1e6, "volts": 1e6, "в": 1e6,
    "mv": 1e3, "millivolt": 1e3, "millivolts": 1e3, "мв": 1e3,
    "uv": 1.0, "microv": 1.0, "microvolt": 1.0, "microvolts": 1.0, "мкв": 1.0,
    "nv": 1e-3, "nanovolt": 1e-3, "nanovolts": 1e-3, "нв": 1e-3,
}  # fmt: skip
SECONDS_PER_UNIT = {
    "s": 1.0, "sec": 1.0, "secs": 1.0, "second": 1.0, "seconds": 1.0, "sek": 1.0, "sekunden": 1.0,
    "с": 1.0, "сек": 1.0,
    "ms": 1e-3, "msec": 1e-3, "msecs": 1e-3, "millisec": 1e-3, "millisecs": 1e-3,
    "millisecond": 1e-3, "milliseconds": 1e-3, "мс": 1e-3, "мсек": 1e-3,
    "us": 1e-6, "usec": 1e-6, "microsec": 1e-6, "microseconds": 1e-6, "мкс": 1e-6,
    "min": 60.0, "mins": 60.0, "minute": 60.0, "minutes": 60.0, "мин": 60.0,
    "h": 3600.0, "hour": 3600.0, "hours": 3600.0,
}  # fmt: skip
HZ_PER_UNIT = {
    "hz": 1.0, "khz": 1e3, "s/s": 1.0, "sps": 1.0, "samples/s": 1.0, "samples/sec": 1.0,
    "гц": 1.0, "кгц": 1e3,
}  # fmt: skip
_TIME = (
    r"time|times|t|x|x[ _]?values?|zeit|temps|tiempo|tempo|время|latency|latenz|timestamps?"
    r"|time[ _]?stamps?|time[ _]?points?|elapsed(?:[ _]time)?"
)
_INDEX = r"#|n|nr|no|sample|samples|sample[ _]?(?:index|no|number|nr)|index|idx|frame|row|point"
_SWEEP = (
    r"(?:sweep|trial|epoch|recording|record|trace|curve|stimulus|stim|kurve)[ _]?"
    r"(?:index|idx|id|no|nr|number|#)|sweep|trial|epoch|trace|curve|kurve"
)
_CHANNEL = (
    r"(?:channel|chan|ch|electrode|kanal|muscle)[ _]?(?:index|idx|id|no|nr|number|name|label|#)"
    r"|channel|chan|ch|electrode|kanal|muscle|канал|мышца"
)
_STIMULUS = (
    r"(?:stimulus|stim|stimulation|reiz)(?:[ _]?(?:intensity|strength|current|level|amp))?"
    + (r"|intensity|current|strom|reizstärke|ток")
)
_EVENT = r"events?|markers?|annotations?|comments?|notes?|kommentare?|ereignis|событи[ея]|labels?"
_RUNNING = re.compile(
    r"(?:sweep|trial|trace|curve|kurve|courbe|epoch|stim|stimulus|rec|recording|record|"
    r"messung|проба|кривая|развертка|стимул|sw)[ _#-]*(?P<number>\d+)(?P<rest>.*)",
    re.IGNORECASE,
)
_QUANTITY = re.compile(
    r"(?P<number>[-+]?\d+(?:[.,]\d+)?)\s*(?P<unit>ma|µa|ua|a|mv|v|%|ма|в)(?![a-zа-я])",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"\s*[\(\[\{]\s*(?P<unit>[^\)\]\}\d][^\)\]\}]*?)\s*[\)\]\}]\s*$")
_SUFFIX = re.compile(r"(?:[ _/,]\s*)(?P<unit>[^\W\d_]{1,12})\s*$")


class Meaning(StrEnum):
    """What a column holds, as far as its name tells."""

    TIME = "time"
    INDEX = "index"
    SWEEP = "sweep"
    CHANNEL = "channel"
    STIMULUS = "stimulus"
    EVENT = "event"
    VALUE = "value"


_MEANINGS = tuple(
    (meaning, re.compile(pattern, re.IGNORECASE))
    for meaning, pattern in (
        (Meaning.TIME, _TIME),
        (Meaning.INDEX, _INDEX),
        (Meaning.SWEEP, _SWEEP),
        (Meaning.CHANNEL, _CHANNEL),
        (Meaning.STIMULUS, _STIMULUS),
        (Meaning.EVENT, _EVENT),
    )
)


@dataclass(frozen=True, slots=True)
class ColumnName:
    """A column's name taken apart: the name without its unit, the unit, the meaning."""

    label: str
    unit: str | None
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class SweepName:
    """Name of a column that is one sweep: its strength of stimulation, if the name holds it."""

    intensity: float | None
    unit: str | None


def _word(unit: str) -> str:
    """Write a unit in lower case, the micro signs of all alphabets as u."""
    return unit.strip().replace("µ", "u").replace("μ", "u").strip("()[]{} .").lower()


def microvolts(unit: str | None) -> float | None:
    """Return how many uV one `unit` is, None if it is no voltage.

    A bare ``MV`` counts as millivolt: no amplifier for muscles writes megavolts.
    """
    return None if unit is None else UV_PER_UNIT.get(_word(unit))


def seconds(unit: str | None) -> float | None:
    """Return how many seconds one `unit` is, None if it is no time."""
    return None if unit is None else SECONDS_PER_UNIT.get(_word(unit))


def is_unit(cell: str) -> bool:
    """Whether a cell of a row of units can be a unit: a known one, or a word in brackets."""
    word = _word(cell)
    known = (
        word in UV_PER_UNIT or word in SECONDS_PER_UNIT or word in {"ma", "%", "a.u.", "au", "n"}
    )
    return known or bool(re.fullmatch(r"[\(\[][^\d]{1,8}[\)\]]", cell.strip()))


def understand_column(name: str, *, first: bool = True) -> ColumnName:
    """Take a column's name apart; 'x', 't', 'ms' mean time in the `first` column only.

    Examples
    --------
    >>> understand_column("EMG L Mentalis (mV)").label
    'EMG L Mentalis'
    >>> understand_column("time_ms").meaning.value, understand_column("time_ms").unit
    ('time', 'ms')
    """
    name = name.strip().strip("\"'").strip()
    label, unit = _split_unit(name)
    if seconds(name) is not None:
        return ColumnName(name, name, Meaning.TIME if first else Meaning.VALUE)
    for meaning, pattern in _MEANINGS:
        if (first or len(label) > 1) and (pattern.fullmatch(label) or pattern.fullmatch(name)):
            return ColumnName(label, unit, meaning)
    if (
        unit is not None
        and seconds(unit) is not None
        and label.lower().startswith(("time", "zeit"))
    ):
        return ColumnName(label, unit, Meaning.TIME)
    if unit is not None and seconds(unit) is not None:
        return ColumnName(name, None, Meaning.VALUE)
    return ColumnName(label, unit, Meaning.VALUE)


def _split_unit(name: str) -> tuple[str, str | None]:
    """Split 'name (unit)' and 'name_unit'; a bare word counts only where it can be no name."""
    match = _BRACKETED.search(name)
    if match and (_known(match["unit"]) or _may_be_unit(match["unit"])):
        return name[: match.start()].strip(), match["unit"]
    match = _SUFFIX.search(name)
    if match and _known(match["unit"]) and _bare_unit_is_safe(name[: match.start()], match["unit"]):
        return name[: match.start()].strip(" _"), match["unit"]
    return name, None


def _known(unit: str) -> bool:
    """Whether a word is a unit of voltage, time or current."""
    word = _word(unit)
    return word in UV_PER_UNIT or word in SECONDS_PER_UNIT or word in {"ma", "ua", "ма"}


def _may_be_unit(unit: str) -> bool:
    """Whether a bracket holds a unit of something else ('deg', 'm/s^2') rather than a remark."""
    return len(unit) <= 6 and _word(unit) not in {
        "l",
        "r",
        "left",
        "right",
        "li",
        "re",
        "raw",
        "ref",
    }


def _bare_unit_is_safe(label: str, unit: str) -> bool:
    """Refuse a single letter behind a name: 'CN V' is a nerve, 'Lead_S' an electrode."""
    if len(unit) > 1 and unit.lower() != "min":
        return True
    head = label.strip().lower()
    return any(
        re.fullmatch(p, head, re.IGNORECASE)
        for p in (_TIME, _STIMULUS, r"amplitude|voltage|value|signal|spannung")
    )


def running_number(name: str) -> int | None:
    """Return the number of a column that is named as a sweep ('Sweep 3', 'Kurve 0 [uV]')."""
    match = _RUNNING.match(name.strip())
    return int(match["number"]) if match else None


def understand_sweep(name: str) -> SweepName | None:
    """Read the name of a sweep's column, None if it is none.

    Examples
    --------
    >>> understand_sweep("sweep1_0.5500V")
    SweepName(intensity=0.55, unit='V')
    >>> understand_sweep("Mentalis") is None
    True
    """
    match = _RUNNING.match(name.strip())
    rest = match["rest"] if match else name.strip()
    quantity = _QUANTITY.search(rest)
    if quantity and (match or quantity.span() == (0, len(rest))):
        return SweepName(float(quantity["number"].replace(",", ".")), quantity["unit"])
    return SweepName(None, None) if match else None


_RATE = re.compile(
    r"(?:sampl\w*[ _-]*(?:rate|freq\w*)|(?:rate|frequency)[ _]of[ _]sampling|\bfs\b|\bsrate\b|"
    r"\bsampling[ _]?hz\b|abtast\w*|частота[ _]дискр\w*)(?P<rest>.*)",
    re.IGNORECASE,
)
_INTERVAL = re.compile(
    r"(?:sampl\w*[ _-]*(?:interval|period|time)|^\W*interval\b|\bdt\b)(?P<rest>.*)", re.IGNORECASE
)
_PER_SAMPLE = re.compile(r"(?P<number>\d+(?:[.,]\d+)?)\s*(?P<unit>\w+)\s*/\s*sample", re.IGNORECASE)
LEAST_HZ = 50.0
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?")
_UNIT_LINE = re.compile(
    r"^\W*(?:amplitude[ _])?(?:units?|einheit|единицы?)(?:[ _]of[ _]\w+)?"
    r"\s*[:=;,\t]\s*(?P<unit>\S+)",
    re.IGNORECASE,
)


def stated_rate_hz(lines: tuple[str, ...]) -> float | None:
    """Return the sampling rate that the lines above the table state, with its unit, else None.

    A rate without a unit counts as Hz. Rates below 50 Hz are left out: no muscle is recorded so,
    and the number may be one of kHz.
    """
    for line in lines:
        match = _PER_SAMPLE.search(line)
        if match and (unit := seconds(match["unit"])):
            step_s = float(match["number"].replace(",", ".")) * unit
            return 1.0 / step_s if step_s > 0 else None
        if (match := _RATE.search(line)) and (rate := _rate_in(match["rest"])):
            return rate
        if (match := _INTERVAL.search(line)) and (step := _interval_in(match["rest"])):
            return 1.0 / step
    return None


def _words_of(text: str) -> list[str]:
    """Return the words of a line that may be units."""
    return [_word(w) for w in re.findall(r"[^\W\d_][\w./]*", text)]


def _rate_in(rest: str) -> float | None:
    """Read '(kHz)=48,0', ': 2000 Hz', '= 2000'."""
    number = _NUMBER.search(rest)
    if not number:
        return None
    scale = next((HZ_PER_UNIT[w] for w in _words_of(rest) if w in HZ_PER_UNIT), 1.0)
    value = float(number[0].replace(",", ".")) * scale
    if value < LEAST_HZ and re.fullmatch(r"\d{1,3}[.,]\d{3}", number[0]):
        value *= 1000.0  # '20,000 Hz': the sign stands between thousands
    return value if value >= LEAST_HZ else None


def _interval_in(rest: str) -> float | None:
    """Read '= 0.001 s', '(ms): 0.5'; without a unit it says nothing."""
    number = _NUMBER.search(rest)
    units = [SECONDS_PER_UNIT[w] for w in _words_of(rest) if w in SECONDS_PER_UNIT]
    if not number or not units:
        return None
    value = float(number[0].replace(",", ".")) * units[0]
    return value if value > 0 else None


def stated_unit(lines: tuple[str, ...]) -> str | None:
    """Return the unit of amplitude that the lines above the table state for all columns."""
    for line in lines:
        match = _UNIT_LINE.match(line)
        if match and microvolts(match["unit"]) is not None:
            return match["unit"]
    return None
