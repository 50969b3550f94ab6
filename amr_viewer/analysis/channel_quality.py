"""What the signal of a channel is worth for bursts: what distorts it, and for how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.channel_bursts import Tally
from amr_viewer.core.bursts import Electrode, QualityFlag, SetAside

CLIPPED = 0.001
MAINS = 0.3
ARTEFACT = 0.2
NOISY_UV = 10.0
FLAT_UV = 0.02
SNR_DB = 6.0
"""Limits from which a channel's quality is flagged. Mains counts as far as subtracting it left
some; movement and heart by the time that they take up: between them bursts are seen as well as
ever."""


LEAST_BURSTS = 5
"""Fewer bursts do not tell how large those of a channel are."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What a channel's signal is worth; the fields are those of `BurstChannel`."""

    noise_uv: float
    snr_db: float
    active_fraction: float
    clipped_fraction: float
    mains_fraction: float
    low_fraction: float
    artefact_fraction: float
    flags: tuple[QualityFlag, ...]


def quality_of(
    tallies: Sequence[Tally],
    electrode: Electrode,
    aside: NDArray[np.int8],
    lasting_s: NDArray[np.float64],
    snr_db: NDArray[np.float64],
) -> Quality:
    """Return the quality of a channel over all its stretches.

    Parameters
    ----------
    tallies : sequence of Tally
    electrode : Electrode
    aside : ndarray of int8, shape (n_events,)
        `SetAside` of the channel's events.
    lasting_s : ndarray, shape (n_events,)
    snr_db : ndarray, shape (n_events,)
        RMS of each event, rest taken off, against rest.
    """
    rests = [t.course.mean_uv for t in tallies if t.course]
    noise = float(np.median(np.concatenate(rests))) if rests else nan
    seconds = max(sum(t.valid_s for t in tallies), 1e-9)
    counted, artefact = aside == SetAside.NONE, aside == SetAside.ARTEFACT
    conducted = np.isin(aside, (SetAside.CONDUCTED, SetAside.BELOW_FLOOR))
    snr = float(np.median(snr_db[counted])) if counted.any() else nan
    faint = snr < SNR_DB and counted.sum() >= LEAST_BURSTS
    clipped = sum(t.n_clipped for t in tallies) / max(sum(t.n_samples for t in tallies), 1)
    mains = [m for t in tallies for m in t.mains]
    left = [m for t in tallies for m in t.mains_left]
    everything = sum(t.everything for t in tallies)
    slowed = float(lasting_s[artefact].sum()) / seconds
    told = (
        (QualityFlag.FLAT, not noise > FLAT_UV),
        (QualityFlag.CLIPPING, clipped > CLIPPED),
        (QualityFlag.MAINS, bool(left) and float(np.median(left)) > MAINS),
        (QualityFlag.BASELINE, electrode is Electrode.SURFACE and noise > NOISY_UV),
        (QualityFlag.LOW_SNR, faint),
        (QualityFlag.MOVEMENT, slowed > ARTEFACT),
    )
    return Quality(
        noise,
        snr,
        float(lasting_s[~artefact & ~conducted].sum()) / seconds,
        clipped,
        float(np.median(mains)) if mains else nan,
        sum(t.slow for t in tallies) / everything if everything > 0.0 else nan,
        slowed,
        tuple(flag for flag, holds in told if holds),
    )
