"""Scales: from values to pixels and back, and round steps in between."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np
from numpy.typing import NDArray

STEPS = (1.0, 2.0, 5.0)


def nice_step(value: float) -> float:
    """Return the least of 1, 2, 5, 10, 20, ... that is not below a value.

    Examples
    --------
    >>> nice_step(37.0), nice_step(0.2), nice_step(5.0)
    (50.0, 0.2, 5.0)
    """
    decade = 10.0 ** floor(log10(max(value, 1e-12)))
    for step in (*STEPS, 10.0):
        if step * decade >= value * (1 - 1e-9):
            return round(step * decade, 12)
    return 10.0 * decade


def next_step(value: float, direction: int) -> float:
    """Return the 1-2-5 step above (`direction` 1) or below (-1) a value.

    Examples
    --------
    >>> next_step(50.0, 1), next_step(50.0, -1), next_step(100.0, -1)
    (100.0, 20.0, 50.0)
    """
    if direction > 0:
        return nice_step(value * 1.001)
    decade = 10.0 ** floor(log10(value))
    below = [s * d for d in (decade / 10, decade) for s in STEPS if s * d < value * (1 - 1e-9)]
    return round(max(below), 12)


@dataclass(frozen=True, slots=True)
class Axis:
    """A linear scale: `low` lies at pixel `start`, `high` at pixel `stop`."""

    low: float
    high: float
    start: float
    stop: float

    @property
    def pixels_per_unit(self) -> float:
        """Pixels per unit; negative where the scale runs against the pixels."""
        return (self.stop - self.start) / (self.high - self.low)

    def pixel(self, value: float) -> float:
        """Return where a value lies."""
        return self.start + (value - self.low) * self.pixels_per_unit

    def pixels(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return where values lie, shape as `values`."""
        return self.start + (np.asarray(values, np.float64) - self.low) * self.pixels_per_unit

    def value(self, pixel: float) -> float:
        """Return what lies at a pixel."""
        return self.low + (pixel - self.start) / self.pixels_per_unit

    def ticks(self, least_pixels: float = 56.0) -> list[float]:
        """Return round values at least so many pixels apart."""
        per_unit = abs(self.pixels_per_unit)
        step = nice_step(least_pixels / per_unit)
        low, high = sorted((self.low, self.high))
        first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
        return [round(k * step, 12) + 0.0 for k in range(first, last + 1)]


def tick_label(value: float) -> str:
    """Return a tick's number with a true minus sign.

    Examples
    --------
    >>> tick_label(-100.0), tick_label(0.5)
    ('−100', '0.5')
    """
    return f"{value:g}".replace("-", "−")


def clock(seconds: float, decimals: int = 0) -> str:
    """Return a time of the recording as people read it.

    Examples
    --------
    >>> clock(161.318, 3), clock(3725.0)
    ('2:41.318', '1:02:05')
    """
    sign = "−" if seconds < 0 else ""
    total = round(abs(seconds) * 10**decimals)
    whole, fraction = divmod(total, 10**decimals)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    tail = f".{fraction:0{decimals}d}" if decimals else ""
    if hours:
        return f"{sign}{hours}:{minute:02d}:{second:02d}{tail}"
    return f"{sign}{minute}:{second:02d}{tail}"
