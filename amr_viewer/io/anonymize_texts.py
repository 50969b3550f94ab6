"""The texts of a recording without what names anybody: labels, filter settings, units, marks.

Which words are known is left to `anonymize_words`, who must not be named to `anonymize_who`. What
is replaced is told in notes that quote nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from amr_viewer.core.recording import Channel, ChannelKind, Mark, Recording
from amr_viewer.io.anonymize_who import PATIENT, Who
from amr_viewer.io.anonymize_words import (
    NOTE,
    is_known_filter,
    is_known_label,
    is_known_remark,
    is_known_unit,
    neutral_label,
    without_quantities,
)
from amr_viewer.io.words import in_a_row

_SOUND = re.compile(r"(?<![a-z])(?:mic|audio|sound|voice|speech)", re.IGNORECASE)
_STRICT = PATIENT | {"hospital", "technician", "examiner"}
_MOST = 12
"""Channels that a note counts up."""

_FACTS = {"name": "name", "id": "number", "sex": "sex", "birthdate": "birth date"}


def header_note(recording: Recording) -> str:
    """Say which kinds of value the header held."""
    gone = [word for key, word in _FACTS.items() if recording.patient.get(key)]
    gone += ["remark on the patient"] if recording.patient.get("comment") else []
    gone += ["date and time of the recording"] if recording.start else []
    gone += ["equipment"] if recording.equipment else []
    said = in_a_row(gone, len(gone)) or "nothing that the program knows of"
    return f"removed from the header: {said}; hospital, technician and transducers are left empty"


def labels_of(channels: Sequence[Channel], who: Who) -> list[str]:
    """Return a label for every channel that names nobody."""
    labels: list[str] = []
    kept = {c.label for c in channels if _is_kept(c.label, who)}
    for index, channel in enumerate(channels):
        label = channel.label
        if label not in kept:
            label = neutral_label(channel, index)
            if label in kept or label in labels:
                label = f"{label} {index + 1}"
        labels.append(label)
    return labels


def _is_kept(label: str, who: Who) -> bool:
    """Whether a label stays as it is."""
    return is_known_label(label) and not who.kind_in(label, spare_ordinary=True)


def clean_channels(
    channels: Sequence[Channel], labels: Sequence[str], who: Who
) -> tuple[tuple[Channel, ...], list[str]]:
    """Return the channels with other labels and texts that name nobody, and what was replaced."""
    made: list[Channel] = []
    replaced: dict[str, list[str]] = {"label": [], "filter settings": [], "unit": []}
    for number, (channel, label) in enumerate(zip(channels, labels, strict=True), start=1):
        filters, unit = channel.filters, channel.unit
        if label != channel.label:
            replaced["label"].append(f"{number} ({label})")
        if filters and not _is_kept_filter(filters, who):
            filters = None
            replaced["filter settings"].append(str(number))
        if unit and not is_known_unit(unit):
            unit = None
            replaced["unit"].append(str(number))
        made.append(replace(channel, label=label, filters=filters, unit=unit, file_unit=unit))
    notes = [
        f"{what} {'replaced' if what == 'label' else 'removed'}, not all of it is a known word: "
        f"channel {in_a_row(numbers, _MOST)}"
        for what, numbers in replaced.items()
        if numbers
    ]
    return tuple(made), notes


def _is_kept_filter(filters: str, who: Who) -> bool:
    """Whether filter settings stay as they are; a frequency is nobody's number."""
    told = who.kind_in(without_quantities(filters), spare_ordinary=True)
    return is_known_filter(filters) and not told


def clean_marks(
    marks: Sequence[Mark], renamed: dict[str, str], who: Who
) -> tuple[tuple[Mark, ...], str]:
    """Return the marks with remarks that name nobody, and how many were kept and replaced."""
    made, kept, removed, stimuli = [], 0, 0, 0
    for mark in marks:
        channel = renamed.get(mark.channel) if mark.channel else None
        if mark.stimulus is not None:
            stimuli += 1
            made.append(replace(mark, text="", channel=channel))
            continue
        if not mark.text.strip():
            removed += 1
            continue
        known = is_known_remark(mark.text) and not who.kind_in(mark.text, _STRICT, least=2)
        kept += known
        made.append(replace(mark, text=mark.text if known else NOTE, channel=channel))
    remarks = len(made) - stimuli
    said = (
        f"of {remarks + removed} other annotations {kept} are kept, {remarks - kept} replaced by "
        f"{NOTE!r} and {removed} without text removed"
        if remarks + removed
        else "there are no other annotations"
    )
    return tuple(made), f"stimuli and findings are written in the program's own words; {said}"


def notes_on(channels: Sequence[Channel]) -> list[str]:
    """Name the channels that are no EMG, and those that may hold speech."""
    others = [c.label for c in channels if c.kind is not ChannelKind.EMG]
    notes = [f"channels other than EMG are kept: {in_a_row(others, _MOST)}"] if others else []
    spoken = [c.label for c in channels if _SOUND.search(c.label)]
    if spoken:
        notes.append(f"channel {in_a_row(spoken)} may hold speech: listen before you give it away")
    return notes
