"""Make a stretch of EMG audible: band, loudness and rate of a loudspeaker; values only.

What is heard is no measurement: nothing that is reported goes through here.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, resample_poly, sosfiltfilt

LOW_HZ = 20.0
"""Below this a loudspeaker only moves; tails of stimulus artefacts would drive it to its limit."""

HIGHEST_PART = 0.9
"""Upper end of the band, as a part of half the sampling rate."""

SETTLING_S = 0.1
"""What a piece needs before and behind it, so that pieces join without a click."""

LOUD = 0.25
"""Where the loudness that is exceeded in 1 % of the time comes to lie, full scale being 1."""

LIMIT = 0.6
"""From here on the limiter bends, so that stimulus artefacts do not hurt."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Rates:
    """How a channel's rate becomes that of the loudspeaker: times `up`, divided by `down`."""

    sampling_hz: float
    output_hz: int
    up: int
    down: int

    def pad(self) -> int:
        """Return how many samples a piece needs at either side, a multiple of `down`."""
        return self.down * -(-round(SETTLING_S * self.sampling_hz) // self.down)

    def piece(self, seconds: float) -> int:
        """Return about so many seconds as samples, a multiple of `down`."""
        return self.down * max(1, round(seconds * self.sampling_hz / self.down))


def rates(sampling_hz: float, output_hz: int) -> Rates:
    """Return the ratio of two rates in small whole numbers.

    Examples
    --------
    >>> rates(10000.0, 48000)
    Rates(sampling_hz=10000.0, output_hz=48000, up=24, down=5)
    """
    ratio = Fraction(output_hz / sampling_hz).limit_denominator(200)
    return Rates(sampling_hz, output_hz, ratio.numerator, ratio.denominator)


def gain_for(values: Floats) -> float:
    """Return the factor that makes a stretch as loud as others; 1 for silence."""
    loud = float(np.quantile(np.abs(values), 0.99)) if len(values) else 0.0
    return LOUD / loud if loud > 0 else 1.0


def audible(values: Floats, rates: Rates, gain: float, pad: int) -> tuple[Floats, float]:
    """Band-limit, resample, amplify and limit a piece of EMG.

    Parameters
    ----------
    values : ndarray of float32, shape (n + 2 * pad,)
        With `pad` neighbouring samples at either side, which are not returned.
    rates : Rates
    gain : float
        From the unit of `values` to full scale.
    pad : int
        A multiple of `rates.down`.

    Returns
    -------
    sound : ndarray of float32, shape (about n * up / down,)
        Within -1 and 1.
    limited : float
        Part of it that the limiter bent.
    """
    half = rates.sampling_hz / 2
    high = min(HIGHEST_PART * half, 0.45 * rates.output_hz)
    band = butter(2, [min(LOW_HZ, high / 4), high], "bandpass", fs=rates.sampling_hz, output="sos")
    filtered = sosfiltfilt(band, values.astype(np.float64), padlen=min(pad, len(values) - 1))
    full = gain * resample_poly(filtered, rates.up, rates.down)
    skip = pad * rates.up // rates.down
    sound = full[skip : len(full) - skip] if skip else full
    loud = np.abs(sound)
    over = loud > LIMIT
    room = 1.0 - LIMIT
    bent = np.sign(sound) * (LIMIT + room * np.tanh((loud - LIMIT) / room))
    limited = np.where(over, bent, sound)
    return limited.astype(np.float32), float(over.mean()) if len(over) else 0.0
