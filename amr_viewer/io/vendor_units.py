"""Units of vendor files: voltages become uV, all other units keep the file's own word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from amr_viewer.core.recording import Channel, ChannelKind
from amr_viewer.io import edf_fields


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as the program uses it.

    Attributes
    ----------
    unit : str or None
        ``"uV"`` for every voltage, the file's own word for anything else, None for none.
    scale : float
        What a value in the file's unit must be multiplied by.
    """

    unit: str | None
    scale: float = 1.0


def understand_unit(word: str | None) -> Unit:
    """Understand the unit that a file states; the micro sign may be any of its spellings.

    Examples
    --------
    >>> understand_unit("mV")
    Unit(unit='uV', scale=1000.0)
    >>> understand_unit(" Volt").scale
    1000000.0
    >>> understand_unit("degC")
    Unit(unit='degC', scale=1.0)
    >>> understand_unit("").unit is None
    True
    """
    plain = (word or "").strip()
    scale_uv = edf_fields.microvolts_per(plain.encode())
    return Unit(plain or None) if scale_uv is None else Unit("uV", scale_uv)


def missing_unit_warning(channels: Sequence[Channel]) -> list[str]:
    """Return a warning that names the channels without a unit, or nothing."""
    labels = [c.label for c in channels if c.unit is None and c.kind is not ChannelKind.TRIGGER]
    if not labels:
        return []
    quoted = ", ".join(f'"{label}"' for label in labels)
    return [f"the file gives no unit for {quoted}; set it in the protocol"]
