"""What the stored integers of an EDF or BDF signal mean: unit, gain, offset, and doubts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from amr_viewer.core.recording import ChannelKind
from amr_viewer.io import edf_fields
from amr_viewer.io.edf_header import EdfSignal

PLAUSIBLE_RANGE_UV = 1e6
"""A biosignal amplifier takes in some hundred mV; a range beyond 1 V is an amplified output or a
wrong unit."""

BDF_STATUS_MASK = 0xFFFF
"""BioSemi Status: triggers in the low 16 bits, the state of the amplifier above them."""

_LARGEST_INTEGER = {"EDF": 1 << 15, "BDF": 1 << 23}

_SMALLEST, _LARGEST = 1e-18, 1e18
"""Physical ranges beyond these belong to no device and not into float32."""

_TRIGGER_WORDS = re.compile(
    r"trig|ttl|status|marker|event|sync|^sti(?:m|\b|\d)|\bdig(?:ital)?\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Scaling:
    """How stored integers become samples: ``(integer & mask) * gain + offset``.

    Attributes
    ----------
    unit : str or None
        "uV", the file's own word for anything but a voltage, None if the file does not say.
    gain, offset : float
    mask : int
        Bits that count; -1 for all.
    kind : ChannelKind
        TRIGGER where the format itself says so, else OTHER.
    """

    unit: str | None
    gain: float
    offset: float
    mask: int = -1
    kind: ChannelKind = ChannelKind.OTHER


def scaling(signal: EdfSignal, family: str, warnings: list[str]) -> Scaling | None:
    """Return how to scale a signal; None, with a warning, if its header does not allow to tell."""
    if family == "BDF" and signal.label.lower() == "status":
        return Scaling(None, 1.0, 0.0, BDF_STATUS_MASK, ChannelKind.TRIGGER)
    limits = _limits(signal, warnings)
    trigger = _TRIGGER_WORDS.search(signal.label) is not None
    if limits is None:
        if trigger:
            warnings.append(f"channel {signal.label} has no scale: its stored integers are read")
            return Scaling(None, 1.0, 0.0)
        warnings.append(
            f"channel {signal.label} is left out: {_fault(signal)}, so that its samples have no "
            "size; export the recording again"
        )
        return None
    physical_min, physical_max, digital_min, digital_max = limits
    if max(abs(digital_min), abs(digital_max)) > _LARGEST_INTEGER[family]:
        warnings.append(
            f"channel {signal.label} claims a digital range of {digital_min:g} to {digital_max:g}, "
            f"more than {family} can store: its gain is probably wrong"
        )
    unit, factor = _unit(signal, trigger, warnings)
    largest = max(abs(physical_min), abs(physical_max))
    if unit == "uV" and largest * factor > PLAUSIBLE_RANGE_UV and not trigger:
        warnings.append(
            f"channel {signal.label} claims a range of {physical_min:g} to {physical_max:g} "
            f"{edf_fields.text(signal.unit_field)}, too large for a biosignal: its unit or its "
            "gain is probably wrong; state the unit in a protocol"
        )
    gain = (physical_max - physical_min) / (digital_max - digital_min)
    return Scaling(unit, gain * factor, (physical_min - gain * digital_min) * factor)


def _limits(signal: EdfSignal, warnings: list[str]) -> tuple[float, float, float, float] | None:
    """Return the four limits, None if they do not make a scale.

    A reversed physical range means a reversed polarity and is used as it is; the standard allows no
    reversed digital range, so that its limits are taken as swapped.
    """
    physical_min, physical_max, digital_min, digital_max = signal.limits
    if physical_min is None or physical_max is None or digital_min is None or digital_max is None:
        return None
    if digital_min == digital_max:
        return None
    if not _SMALLEST < abs(physical_max - physical_min) < _LARGEST:
        return None
    if digital_min > digital_max:
        warnings.append(
            f"the digital minimum and maximum of channel {signal.label} are swapped: read as "
            f"{digital_max:g} to {digital_min:g}; check its polarity"
        )
        digital_min, digital_max = digital_max, digital_min
    return physical_min, physical_max, digital_min, digital_max


def _fault(signal: EdfSignal) -> str:
    """Return in words why limits make no scale."""
    if None in signal.limits:
        return "a physical or digital limit is no number"
    if signal.limits[2] == signal.limits[3]:
        return "its digital minimum and maximum are equal"
    if signal.limits[0] == signal.limits[1]:
        return "its physical minimum and maximum are equal"
    return "its physical range is absurd"


def _unit(signal: EdfSignal, trigger: bool, warnings: list[str]) -> tuple[str | None, float]:
    """Return the unit of the samples delivered, and the factor from the file's unit to it."""
    field = signal.unit_field
    word = edf_fields.text(field)
    factor = edf_fields.microvolts_per(field)
    if factor is not None:
        if not field.isascii():
            warnings.append(f"the unit of channel {signal.label} is not ASCII: read as uV")
        return "uV", factor
    if word:
        return word, 1.0
    if not trigger:
        warnings.append(f"unit of channel {signal.label} is blank: state it in a protocol")
    return None, 1.0
