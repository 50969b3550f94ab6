"""Words for the fields of an EDF header, which holds printable ASCII of fixed lengths."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from unicodedata import normalize

from amr_viewer.core.recording import Channel, Recording

if TYPE_CHECKING:
    import edfio

LABEL_LENGTH = 16


def labels(channels: tuple[Channel, ...], notes: list[str]) -> list[str]:
    """Return labels of at most 16 ASCII characters."""
    written = []
    for index, channel in enumerate(channels):
        label = ascii_text(channel.label)[:LABEL_LENGTH].strip() or f"Ch{index + 1}"
        if "?" in label and "?" not in channel.label:
            label = f"Ch{index + 1}"
        if label != channel.label:
            notes.append(f"channel {channel.label!r} is written as {label!r}")
        written.append(label)
    return written


def patient(recording: Recording) -> edfio.Patient:
    """Return the patient field; what the recording does not say stays unknown (X)."""
    import edfio

    facts = recording.patient
    sex = facts.get("sex", "X")[:1].upper()
    try:
        born = date.fromisoformat(facts["birthdate"]) if "birthdate" in facts else None
    except ValueError:
        born = None
    return edfio.Patient(
        code=subfield(facts.get("id"), 20),
        sex="F" if sex == "F" else "M" if sex == "M" else "X",
        birthdate=born,
        name=subfield(facts.get("name"), 40),
    )


def subfield(text: str | None, length: int) -> str:
    """Return a word for the patient and recording fields; X is unknown."""
    return "_".join(ascii_text(text or "").split())[:length] or "X"


def ascii_text(text: str) -> str:
    """Return printable ASCII: accents go, ``µ`` becomes ``u``, any other character ``?``."""
    folded = normalize("NFKD", text.replace("µ", "u").replace("μ", "u"))
    kept = "".join(c for c in folded if ord(c) < 128 or ord(c) > 0x36F)
    plain = kept.encode("ascii", errors="replace").decode()
    return "".join(c if c.isprintable() else " " for c in plain)
