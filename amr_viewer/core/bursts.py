"""Bursts of free-running EMG and the channels they were found in; finding them is in `analysis`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from math import nan

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.anatomy import Muscle, Side
from amr_viewer.core.arrays import freeze


class BurstKind(IntEnum):
    """Shape of a burst in time."""

    OTHER = 0
    CLONIC = 1
    TONIC = 2


class SetAside(IntEnum):
    """Why a burst counts for no pattern."""

    NONE = 0
    STIMULUS_LOCKED = 1
    BLINK = 2
    BELOW_FLOOR = 3
    ARTEFACT = 4
    DECIDED = 5
    CONDUCTED = 6


SET_ASIDE_WORDS = {
    SetAside.NONE: "",
    SetAside.STIMULUS_LOCKED: "follows a stimulus",
    SetAside.BLINK: "blink of both eyes",
    SetAside.BELOW_FLOOR: "below the floor of its muscle: may be volume-conducted",
    SetAside.ARTEFACT: "slower than muscle: movement or heart",
    SetAside.CONDUCTED: "volume-conducted: a copy of a larger burst of another muscle",
    SetAside.DECIDED: "no burst: decided by a person",
}


class Electrode(StrEnum):
    """What recorded a channel."""

    SURFACE = "surface"
    NEEDLE = "needle"


class QualityFlag(StrEnum):
    """What speaks against trusting a channel."""

    CLIPPING = "clipping"
    MAINS = "mains"
    BASELINE = "baseline"
    FLAT = "flat line"
    LOW_SNR = "low signal-to-noise ratio"
    MOVEMENT = "movement or cardiac artefact"


FLAG_WORDS = {
    QualityFlag.CLIPPING: "the amplifier was at its rail",
    QualityFlag.MAINS: "mains makes up much of the quiet signal",
    QualityFlag.BASELINE: "the quiet signal is noisy or active throughout",
    QualityFlag.FLAT: "no signal: electrode off or channel flat",
    QualityFlag.LOW_SNR: "bursts hardly stand out of the noise",
    QualityFlag.MOVEMENT: "movement or heart take up much of the time",
}


@dataclass(frozen=True, slots=True, eq=False)
class BurstChannel:
    """A channel in which bursts were looked for; NaN: could not be measured.

    Attributes
    ----------
    index : int
        Index into ``Recording.channels``.
    label : str
    muscle, side : Muscle, Side or None
    electrode : Electrode
        Surface or needle; `electrode_reason` says how that was decided.
    analyzed_s : float
        Seconds of signal looked at.
    block_start_s : ndarray, shape (n_blocks,)
        Start of each block of the baseline.
    baseline_uv, on_uv, off_uv : ndarray, shape (n_blocks,)
        Envelope at rest, and the levels at which a burst begins and ends.
    floor_uv : float
        Least peak of the envelope that counts as activity of this muscle.
    calibrated : bool
        Whether the floor rests on a maximal contraction that was asked for.
    noise_uv : float
        Envelope at rest, median of the blocks.
    snr_db : float
        Median of the counted bursts: RMS, rest taken off, against rest.
    active_fraction : float
        Fraction of the time in which the envelope was above `off_uv` in a burst.
    clipped_fraction, mains_fraction, low_fraction : float
        Samples at the rail; part of the quiet power that was mains, and was subtracted; part of
        all power that lies below the band.
    artefact_fraction : float
        Part of the time that movement and heart take up.
    flags : tuple of QualityFlag
    """

    index: int
    label: str
    muscle: Muscle | None
    side: Side | None
    electrode: Electrode
    electrode_reason: str = ""
    analyzed_s: float = 0.0
    block_start_s: NDArray[np.float64] = field(default_factory=lambda: np.empty(0), repr=False)
    baseline_uv: NDArray[np.float64] = field(default_factory=lambda: np.empty(0), repr=False)
    on_uv: NDArray[np.float64] = field(default_factory=lambda: np.empty(0), repr=False)
    off_uv: NDArray[np.float64] = field(default_factory=lambda: np.empty(0), repr=False)
    floor_uv: float = nan
    calibrated: bool = False
    noise_uv: float = nan
    snr_db: float = nan
    active_fraction: float = nan
    clipped_fraction: float = nan
    mains_fraction: float = nan
    low_fraction: float = nan
    artefact_fraction: float = nan
    flags: tuple[QualityFlag, ...] = ()

    def __post_init__(self) -> None:
        """Check that the levels have one length, and make them read-only."""
        n = len(self.block_start_s)
        for name in ("baseline_uv", "on_uv", "off_uv"):
            if len(getattr(self, name)) != n:
                raise ValueError(f"block_start_s has {n} entries, {name} differs")
        for name in ("block_start_s", "baseline_uv", "on_uv", "off_uv"):
            freeze(getattr(self, name))

    @property
    def name(self) -> str:
        """Side and muscle as a report prints them, the label where they are unknown."""
        if self.muscle is None:
            return self.label
        return f"{self.side} {self.muscle.title}" if self.side else self.muscle.title

    def levels_at(self, time_s: float) -> tuple[float, float]:
        """Return the levels at which a burst began and ended at some time; NaN without blocks."""
        if not len(self.block_start_s):
            return nan, nan
        k = max(int(np.searchsorted(self.block_start_s, time_s, side="right")) - 1, 0)
        return float(self.on_uv[k]), float(self.off_uv[k])


BURST_ARRAYS = (
    "channel", "start_s", "duration_ms", "peak_uv", "area_uv_s", "kind", "salvo", "episode",
    "n_discharges", "rate_hz", "rate_reliable", "set_aside", "manual",
)  # fmt: skip

SHAPE_ARRAYS = (
    "frequency_hz", "slope_per_s", "fluctuation", "rise", "trough", "isi_cv", "conducted_from",
)  # fmt: skip


def _unknown() -> NDArray[np.float64]:
    """Return an empty array, which stands for NaN throughout."""
    return np.empty(0)


@dataclass(frozen=True, slots=True, eq=False)
class Bursts:
    """The bursts of all channels in order of time; every array has shape (n_bursts,).

    NaN: could not be measured.

    Attributes
    ----------
    channels : tuple of BurstChannel
        Where bursts were looked for, in the order of the recording.
    channel : ndarray of int
        Index into ``Recording.channels``; `channel_of` gives the entry of `channels`.
    start_s, duration_ms : ndarray
        Onset from the start of the recording; duration with the width of the envelope taken off.
    peak_uv, area_uv_s : ndarray
        Highest value of the 10 ms RMS envelope; its integral above the baseline.
    kind : ndarray of int8
        `BurstKind`.
    salvo, episode : ndarray of int
        Running numbers over the recording, per channel one after the other; -1 if set aside.
    n_discharges, rate_hz : ndarray
        Discharges in the burst and their median rate; NaN where the electrode cannot tell.
    rate_reliable : ndarray of bool
        Whether two ways of measuring the rate agree.
    set_aside : ndarray of int8
        `SetAside`.
    manual : ndarray of bool
        Whether a person made or changed the burst.
    frequency_hz : ndarray
        Root of the mean squared frequency, noise taken off. This and what follows may be left
        out: NaN.
    slope_per_s : ndarray
        Slope of the logarithm of the envelope, of bursts of 0.3 s and more.
    fluctuation : ndarray
        Coefficient of variation of the 50 ms envelope, its rise and fall left out.
    rise : ndarray
        Time from onset to 70 % of the peak of the 50 ms envelope, part of the duration.
    trough : ndarray
        Deepest trough between peaks 50-200 ms apart, as part of these peaks; 1 without any.
    isi_cv : ndarray
        Coefficient of variation of the intervals between discharges.
    conducted_from : ndarray
        Index into ``Recording.channels`` of the muscle of which a burst is a copy; NaN otherwise.
    duration_s : float
        Seconds of continuous signal that were looked at.
    not_assessed : str
        Why no bursts were looked for, empty if they were.
    warnings : tuple of str
    """

    channels: tuple[BurstChannel, ...]
    channel: NDArray[np.intp] = field(repr=False)
    start_s: NDArray[np.float64] = field(repr=False)
    duration_ms: NDArray[np.float64] = field(repr=False)
    peak_uv: NDArray[np.float64] = field(repr=False)
    area_uv_s: NDArray[np.float64] = field(repr=False)
    kind: NDArray[np.int8] = field(repr=False)
    salvo: NDArray[np.intp] = field(repr=False)
    episode: NDArray[np.intp] = field(repr=False)
    n_discharges: NDArray[np.float64] = field(repr=False)
    rate_hz: NDArray[np.float64] = field(repr=False)
    rate_reliable: NDArray[np.bool_] = field(repr=False)
    set_aside: NDArray[np.int8] = field(repr=False)
    manual: NDArray[np.bool_] = field(repr=False)
    frequency_hz: NDArray[np.float64] = field(default_factory=_unknown, repr=False)
    slope_per_s: NDArray[np.float64] = field(default_factory=_unknown, repr=False)
    fluctuation: NDArray[np.float64] = field(default_factory=_unknown, repr=False)
    rise: NDArray[np.float64] = field(default_factory=_unknown, repr=False)
    trough: NDArray[np.float64] = field(default_factory=_unknown, repr=False)
    isi_cv: NDArray[np.float64] = field(default_factory=_unknown, repr=False)
    conducted_from: NDArray[np.float64] = field(default_factory=_unknown, repr=False)
    duration_s: float = 0.0
    not_assessed: str = ""
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check that all arrays have one length, and make them read-only."""
        n = len(self.channel)
        for name in SHAPE_ARRAYS:
            if not len(getattr(self, name)):
                object.__setattr__(self, name, np.full(n, nan))
        for name in (*BURST_ARRAYS, *SHAPE_ARRAYS):
            array = getattr(self, name)
            if array.shape != (n,):
                raise ValueError(f"{name} has shape {array.shape}, expected {(n,)}")
            freeze(array)

    def __len__(self) -> int:
        """Return the number of bursts, those set aside included."""
        return len(self.channel)

    @property
    def end_s(self) -> NDArray[np.float64]:
        """End of each burst, seconds from the start of the recording."""
        return np.asarray(self.start_s + 1e-3 * self.duration_ms)

    @property
    def counted(self) -> NDArray[np.bool_]:
        """Which bursts count: those that are not set aside."""
        return np.asarray(self.set_aside == SetAside.NONE)

    def channel_of(self, index: int) -> BurstChannel:
        """Return the entry of a channel; `index` is that of the recording.

        Raises
        ------
        KeyError
            No bursts were looked for in that channel.
        """
        for channel in self.channels:
            if channel.index == index:
                return channel
        raise KeyError(index)


def no_bursts(
    reason: str = "not looked for",
    channels: tuple[BurstChannel, ...] = (),
    *,
    duration_s: float = 0.0,
    warnings: tuple[str, ...] = (),
) -> Bursts:
    """Return an empty list of bursts; `reason` says why none were looked for."""
    return Bursts(
        channels=channels,
        channel=np.empty(0, np.intp),
        start_s=np.empty(0),
        duration_ms=np.empty(0),
        peak_uv=np.empty(0),
        area_uv_s=np.empty(0),
        kind=np.empty(0, np.int8),
        salvo=np.empty(0, np.intp),
        episode=np.empty(0, np.intp),
        n_discharges=np.empty(0),
        rate_hz=np.empty(0),
        rate_reliable=np.empty(0, np.bool_),
        set_aside=np.empty(0, np.int8),
        manual=np.empty(0, np.bool_),
        duration_s=duration_s,
        not_assessed=reason,
        warnings=warnings,
    )
