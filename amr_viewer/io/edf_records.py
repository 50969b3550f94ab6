"""How a recording is cut into the equal data records of EDF+ and BDF+, for writing.

Every record lasts equally long and holds whole samples of every channel; a record lies within one
segment. Reading is left to `edf`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, gcd, lcm

from amr_viewer.core.recording import Recording
from amr_viewer.errors import ExportError

LONGEST_S = Fraction(1)
SHORTEST_S = Fraction(1, 100)
FIELD_LENGTH = 8


@dataclass(frozen=True, slots=True)
class RecordPlan:
    """The data records of a file.

    Attributes
    ----------
    duration_s : Fraction
        Of one record; its decimal fraction fits the header's eight characters.
    samples : tuple of int
        Samples per record of every channel.
    onsets_s : tuple of float
        Start of every record, seconds from the start of the recording.
    records : tuple of int
        Number of records of every segment.
    padding : tuple of tuple of int
        Samples that the last record of a segment has in excess, per segment and channel.
    """

    duration_s: Fraction
    samples: tuple[int, ...]
    onsets_s: tuple[float, ...]
    records: tuple[int, ...]
    padding: tuple[tuple[int, ...], ...]

    @property
    def padded_s(self) -> float:
        """Most time that a record holds in excess."""
        rates = [n / self.duration_s for n in self.samples]
        return max(
            float(excess / rate)
            for row in self.padding
            for excess, rate in zip(row, rates, strict=True)
        )


def plan_records(recording: Recording, name: str) -> RecordPlan:
    """Cut a recording into records, without excess samples wherever that is possible.

    Raises
    ------
    ExportError
        The rates have no common record, or the padding of a segment would run into the next one.
    """
    rates = [Fraction(c.sampling_hz).limit_denominator(1_000_000) for c in recording.channels]
    unit = _common_period(rates)
    counts = _segment_samples(recording, rates)
    lengths = [max(ceil(n / rate / unit) for n, rate in zip(row, rates, strict=True))
               for row in counts]  # fmt: skip
    duration = _record_duration(lengths, unit)
    if duration is None:
        raise ExportError(
            f"{name}: the sampling rates have no common EDF data record; export one rate at a time"
        )
    records = tuple(ceil(n * unit / duration) for n in lengths)
    samples = tuple(int(rate * duration) for rate in rates)
    padding = tuple(
        tuple(k * per - n for per, n in zip(samples, row, strict=True))
        for k, row in zip(records, counts, strict=True)
    )
    _refuse_overlap(recording, records, duration, name)
    onsets = tuple(
        round(segment.start_s + float(i * duration), 9)
        for segment, k in zip(recording.segments, records, strict=True)
        for i in range(k)
    )
    return RecordPlan(duration, samples, onsets, records, padding)


def _common_period(rates: list[Fraction]) -> Fraction:
    """Return the shortest time that holds whole samples of every rate."""
    denominator = lcm(*(r.denominator for r in rates))
    common_rate = gcd(*(int(r * denominator) for r in rates))
    return Fraction(denominator, common_rate)


def _segment_samples(recording: Recording, rates: list[Fraction]) -> list[list[int]]:
    """Return the samples of every segment and channel; the last segment takes what is stored."""
    rows = [
        [round(segment.duration_s * float(rate)) for rate in rates]
        for segment in recording.segments
    ]
    for channel, facts in enumerate(recording.channels):
        rows[-1][channel] = facts.n_samples - sum(row[channel] for row in rows[:-1])
    return rows


def _record_duration(lengths: list[int], unit: Fraction) -> Fraction | None:
    """Return the best record duration for segments of `lengths` units.

    The longest that divides every segment; where none of at least 10 ms does, the one that wastes
    least.
    """
    longest = max(1, int(LONGEST_S / unit))
    exact = gcd(*lengths)
    fitting = [k for k in range(min(exact, longest), 0, -1) if exact % k == 0 and _fits(k * unit)]
    if fitting and (fitting[0] * unit >= SHORTEST_S or fitting[0] == max(lengths)):
        return fitting[0] * unit
    if len(lengths) == 1 and _fits(lengths[0] * unit) and lengths[0] * unit <= 10 * LONGEST_S:
        return lengths[0] * unit
    least = max(1, ceil(SHORTEST_S / unit))
    allowed = [k for k in range(least, max(longest, least) + 1) if _fits(k * unit)]
    if not allowed:
        return None
    different = Counter(lengths).items()
    return min(allowed, key=lambda k: (sum(-n % k * c for n, c in different), -k)) * unit


def _fits(duration: Fraction) -> bool:
    """Whether the header's eight characters hold a duration exactly."""
    text = duration_text(duration)
    return len(text) <= FIELD_LENGTH and Fraction(text) == duration


def duration_text(duration: Fraction) -> str:
    """Return a duration in seconds as a decimal number without exponent."""
    return f"{float(duration):.10f}".rstrip("0").rstrip(".")


def _refuse_overlap(
    recording: Recording, records: tuple[int, ...], duration: Fraction, name: str
) -> None:
    """Raise where the padded end of a segment lies behind the start of the next."""
    pairs = zip(recording.segments, recording.segments[1:], records, strict=False)
    for segment, following, k in pairs:
        if segment.start_s + float(k * duration) > following.start_s + 1e-6:
            raise ExportError(
                f"{name}: the segment at {segment.start_s:g} s does not fill whole EDF data "
                "records and the next one follows too closely; export the segments apart"
            )
