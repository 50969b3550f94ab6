"""What is true of a free-running recording: every burst, the pattern, its side, its lags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.arrays import freeze
from amr_viewer.simulate.free_running_scenario import FreeRunning
from amr_viewer.simulate.free_running_volleys import Units, Volley, extent

MERGE_S = 0.020
SALVO_S = 0.250
EPISODE_S = 1.0
"""Pauses and intervals that hold bursts, salvos and episodes apart."""


@dataclass(frozen=True, slots=True, eq=False)
class TrueBursts:
    """Bursts of all channels, one channel after the other; every array has shape (n_bursts,).

    Activity with pauses under 20 ms is one burst. Crosstalk is no burst.

    Attributes
    ----------
    channel : ndarray of int
    start_s, end_s : ndarray
        First and last time at which a potential exceeds a tenth of its largest excursion.
    kind : tuple of str
        ``clonic | tonic | single | blink | voluntary | copy``.
    salvo, episode : ndarray of int
        Running numbers within the channel: onsets less than 250 ms apart make a salvo, pauses of
        1 s part episodes.
    n_discharges : ndarray of int
        Potentials; those that fire together are one.
    rate_hz : ndarray
        One over the median interval of the discharges; NaN for fewer than two.
    snr_db : ndarray
        RMS of the burst alone against the channel's noise.
    """

    channel: NDArray[np.intp]
    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]
    kind: tuple[str, ...]
    salvo: NDArray[np.intp]
    episode: NDArray[np.intp]
    n_discharges: NDArray[np.intp]
    rate_hz: NDArray[np.float64]
    snr_db: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Check shapes and make the arrays read-only."""
        for f in fields(self):
            values = getattr(self, f.name)
            if len(values) != len(self.channel):
                raise ValueError(f"{f.name}: {len(values)} entries for {len(self.channel)} bursts")
            if f.name != "kind":
                freeze(values)

    def __len__(self) -> int:
        """Return the number of bursts."""
        return len(self.channel)

    @property
    def involuntary(self) -> NDArray[np.bool_]:
        """Which bursts are neither a blink nor a movement that was asked for."""
        return np.array([k not in {"blink", "voluntary"} for k in self.kind], dtype=np.bool_)


@dataclass(frozen=True, slots=True, eq=False)
class PatternTruth:
    """Truth about a free-running recording.

    Attributes
    ----------
    conclusion : str
        The right answer, in the words of the results (`pattern` of summary.csv).
    accepted : tuple of str
        Every answer that is not wrong; more than one in borderline recordings.
    side : str
        ``left | right | both`` or empty: where the pattern is.
    settings : FreeRunning
    bursts : TrueBursts
    lag_ms : ndarray, shape (n_channels,)
        How much later a channel has the bursts that it shares with others; NaN where it shares
        none. Two channels with a number are synchronous, others with bursts are not.
    """

    conclusion: str
    accepted: tuple[str, ...]
    side: str
    settings: FreeRunning
    bursts: TrueBursts
    lag_ms: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Make the array read-only."""
        freeze(self.lag_ms)

    def to_dict(self, channels: Sequence[str]) -> dict[str, Any]:
        """Return plain values for JSON; bursts name their channel, NaN is None."""
        b = self.bursts
        names = [channels[c] for c in b.channel]
        columns: dict[str, list[Any]] = {
            "channel": names,
            "kind": list(b.kind),
            "start_s": [round(float(v), 6) for v in b.start_s],
            "end_s": [round(float(v), 6) for v in b.end_s],
            "salvo": b.salvo.tolist(),
            "episode": b.episode.tolist(),
            "n_discharges": b.n_discharges.tolist(),
            "rate_hz": [_number(v) for v in b.rate_hz],
            "snr_db": [_number(v) for v in b.snr_db],
        }
        return {
            "conclusion": self.conclusion,
            "accepted": list(self.accepted),
            "side": self.side,
            "settings": self.settings.model_dump(mode="json"),
            "lag_ms": {c: _number(v) for c, v in zip(channels, self.lag_ms, strict=True)},
            "bursts": [
                dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)
            ],
        }


@dataclass(frozen=True, slots=True)
class Burst:
    """One burst of a channel while it is put together."""

    start_s: float
    end_s: float
    kind: str
    n_discharges: int
    rate_hz: float


def channel_bursts(volleys: Sequence[Volley], units: Units) -> list[Burst]:
    """Return the bursts of one channel in order of time; volleys nearer than 20 ms are one."""
    out: list[Burst] = []
    for volley in sorted(volleys, key=lambda v: float(v.time_s[0])):
        start, end = extent(volley, units)
        interval = np.diff(volley.time_s)
        rate = float(1.0 / np.median(interval)) if len(interval) else float("nan")
        burst = Burst(start, end, volley.kind, len(volley.time_s), rate)
        if out and start - out[-1].end_s < MERGE_S:
            burst = _merged(out.pop(), burst)
        out.append(burst)
    return out


def _merged(first: Burst, second: Burst) -> Burst:
    """Return two bursts as one, which is called what the longer is."""
    longer = max(first, second, key=lambda b: b.end_s - b.start_s)
    return Burst(
        first.start_s,
        max(first.end_s, second.end_s),
        longer.kind,
        first.n_discharges + second.n_discharges,
        longer.rate_hz,
    )


def table(bursts: Sequence[Sequence[Burst]], snr_db: Sequence[Sequence[float]]) -> TrueBursts:
    """Put the bursts of all channels into one table.

    Parameters
    ----------
    bursts : sequence of sequence of Burst
        Of every channel, in order of time.
    snr_db : sequence of sequence of float
        The same shape.
    """
    flat = [b for channel in bursts for b in channel]
    salvo, episode = [], []
    for channel in bursts:
        start = np.array([b.start_s for b in channel])
        end = np.array([b.end_s for b in channel])
        salvo.append(np.cumsum(np.diff(start, prepend=start[:1]) >= SALVO_S))
        episode.append(np.cumsum(np.append(0.0, start[1:] - end[:-1])[: len(start)] >= EPISODE_S))
    return TrueBursts(
        channel=np.repeat(np.arange(len(bursts)), [len(c) for c in bursts]),
        start_s=np.array([b.start_s for b in flat], dtype=np.float64),
        end_s=np.array([b.end_s for b in flat], dtype=np.float64),
        kind=tuple(b.kind for b in flat),
        salvo=np.concatenate(salvo).astype(np.intp),
        episode=np.concatenate(episode).astype(np.intp),
        n_discharges=np.array([b.n_discharges for b in flat], dtype=np.intp),
        rate_hz=np.array([b.rate_hz for b in flat], dtype=np.float64),
        snr_db=np.array([v for channel in snr_db for v in channel], dtype=np.float64),
    )


def _number(value: float) -> float | None:
    """Round for JSON; NaN becomes None."""
    return None if isnan(value) else round(float(value), 2)
