"""What the JSON file of a BIDS recording says of devices and settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isclose
from typing import Any

from amr_viewer.core.recording import ChannelKind, Recording
from amr_viewer.io.bids_text import words_of

DEVICE_FIELDS = ("Manufacturer", "ManufacturersModelName")
REFERENCE_FIELDS = ("EMGReference", "EEGReference", "iEEGReference")
FILTER_FIELDS = (("HardwareFilters", "hardware filters"), ("SoftwareFilters", "software filters"))
EMG_COUNT = "EMGChannelCount"
LONGEST_TEXT = 200
LEAST_DIFFERENCE_S = 0.01


def equipment_of(fields: Mapping[str, Any]) -> str:
    """Say with what and how a recording was made, in one line; empty if nothing is known.

    Serial numbers, institutions and addresses are left out: they tell where a patient was.

    Examples
    --------
    >>> equipment_of({"Manufacturer": "Delsys", "EMGReference": "bipolar", "EMGGround": "n/a"})
    'Delsys; reference: bipolar'
    """
    parts = [" ".join(_texts(fields, *DEVICE_FIELDS))]
    parts += [f"reference: {text}" for text in _texts(fields, *REFERENCE_FIELDS)]
    parts += [f"ground: {text}" for text in _texts(fields, "EMGGround", "EEGGround")]
    for name, words in FILTER_FIELDS:
        filters = ", ".join(_filters(fields.get(name)))
        parts.append(f"{words}: {filters}" if filters else "")
    parts += [f"power line: {text} Hz" for text in _texts(fields, "PowerLineFrequency")]
    parts += [f"placement: {text}" for text in _placement(fields)]
    return "; ".join(" ".join(p.split()) for p in parts if p)


def contradictions(fields: Mapping[str, Any], recording: Recording, name: str) -> Iterator[str]:
    """Yield where a JSON file states other numbers than the recording has, which count.

    Parameters
    ----------
    fields : mapping of str to Any
    recording : Recording
        With its channels as the tables describe them.
    name : str
        Of the nearest JSON file.
    """
    rates = {c.sampling_hz for c in recording.channels if c.kind is not ChannelKind.TRIGGER}
    rate_hz = _number(fields, "SamplingFrequency")
    if rate_hz is not None and rates and not any(isclose(rate_hz, r, rel_tol=1e-6) for r in rates):
        own = ", ".join(f"{r:g}" for r in sorted(rates))
        yield (
            f"{name}: SamplingFrequency is {rate_hz:g} Hz and the recording has {own} Hz; the "
            "recording counts"
        )
    length_s = _number(fields, "RecordingDuration")
    if length_s is not None and abs(length_s - recording.duration_s) > max(
        LEAST_DIFFERENCE_S, 1e-3 * recording.duration_s
    ):
        yield (
            f"{name}: RecordingDuration is {length_s:g} s and the recording lasts "
            f"{recording.duration_s:g} s: it may be cut; compare it with the original"
        )
    n_emg = _number(fields, EMG_COUNT)
    described = [c for c in recording.channels if "kind" in c.stated]
    n_own = sum(c.kind is ChannelKind.EMG for c in described)
    if n_emg is not None and described and n_emg != n_own:
        yield f"{name}: {EMG_COUNT} is {n_emg:g} and the table of channels describes {n_own} of EMG"


def _texts(fields: Mapping[str, Any], *names: str) -> list[str]:
    """Return what some fields say."""
    found = (", ".join(words_of(fields.get(name))) for name in names)
    return [text[:LONGEST_TEXT] for text in found if text]


def _number(fields: Mapping[str, Any], name: str) -> float | None:
    """Return a field that is a number."""
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if abs(value) < 1e12 else None


def _filters(value: Any) -> Iterator[str]:
    """Yield filters with their settings: ``Highpass Half amplitude cutoff (Hz) 20``."""
    if not isinstance(value, dict):
        yield from words_of(value)
        return
    for name, settings in value.items():
        inner = settings.items() if isinstance(settings, dict) else [("", settings)]
        words = [" ".join([key, *words_of(v)]).strip() for key, v in inner]
        yield " ".join([str(name), *words])[:LONGEST_TEXT]


def _placement(fields: Mapping[str, Any]) -> list[str]:
    """Return how electrodes were placed: the description where the scheme is another one."""
    return _texts(fields, "EMGPlacementSchemeDescription") or [
        text for text in _texts(fields, "EMGPlacementScheme") if text.casefold() != "other"
    ]
