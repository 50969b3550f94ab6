"""How signals are shown in all views; nothing here changes a value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Display:
    """Settings of drawing that hold for every recording.

    Attributes
    ----------
    negative_up : bool
        Whether negative voltages are drawn upward, as is the custom.
    high_pass_hz, low_pass_hz, notch_hz : float
        Filters of the picture in Traces; 0: none.
    """

    negative_up: bool = True
    high_pass_hz: float = 0.0
    low_pass_hz: float = 0.0
    notch_hz: float = 0.0

    @property
    def sign(self) -> float:
        """Factor from voltage to height on the screen."""
        return -1.0 if self.negative_up else 1.0

    @property
    def filters(self) -> str:
        """The filters in words, empty if there are none."""
        parts = []
        if self.high_pass_hz:
            parts.append(f"HP {self.high_pass_hz:g} Hz")
        if self.low_pass_hz:
            parts.append(f"LP {self.low_pass_hz:g} Hz")
        if self.notch_hz:
            parts.append(f"notch {self.notch_hz:g} Hz")
        return ", ".join(parts)
