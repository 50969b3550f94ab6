"""The last look at a de-identified file, byte by byte, before it gets its name.

Nothing is taken from what made the file: header and annotations are cut out of the bytes as the
standard says, so that a slip anywhere before it is found here. Samples are numbers and not looked
at: three bytes of them spell any short name by chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from amr_viewer.errors import ExportError
from amr_viewer.io import edf_fields
from amr_viewer.io.anonymize_who import PERSONAL, Who
from amr_viewer.io.anonymize_words import without_quantities

_GENERAL = {
    "version": 8, "patient": 80, "recording": 80, "date": 8, "time": 8, "length": 8,
    "reserved": 44, "records": 8, "duration": 8, "signals": 4,
}  # fmt: skip
_SIGNAL = {
    "label": 16, "transducer": 80, "unit": 8, "physical_min": 8, "physical_max": 8,
    "digital_min": 8, "digital_max": 8, "filters": 80, "samples": 8, "reserved": 32,
}  # fmt: skip
_FIXED = {
    "recording": "Startdate X X X X", "date": "01.01.85", "time": "00.00.00",
}  # fmt: skip
"""How EDF+ writes that nothing is known of the recording."""

_NUMERIC = (
    "length", "records", "duration", "signals", "physical_min", "physical_max", "digital_min",
    "digital_max", "samples",
)  # fmt: skip
_NUMBER = re.compile(r"-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?")
_TITLES = frozenset({"EDF+C", "EDF+D", "BDF+C", "BDF+D", "EDF Annotations", "BDF Annotations"})
_STAMP = re.compile(rb"[+-]\d+(?:\.\d*)?(?:\x15\d+(?:\.\d*)?)?\x14")


def refuse_leaks(path: Path, who: Who, code: str) -> None:
    """Refuse a file that tells anything of the patient, the study or the place of the recording.

    Parameters
    ----------
    path : Path
        The file as it would be given away.
    who : Who
    code : str
        Stands in the place of the patient; ``X`` is none.

    Raises
    ------
    ExportError
        Names the field and the kind of value, never the value.
    """
    general, signals, data_at = _header(path)
    for field, wanted in (("patient", f"{code} X X X"), *_FIXED.items()):
        if general[field] != wanted:
            raise ExportError(_fault(path, f"its {field} field is not empty"))
    texts: dict[str, str] = {}
    for fields in (general, *signals):
        for field, text in fields.items():
            wanted_number = field in _NUMERIC and _NUMBER.fullmatch(text)
            if not (wanted_number or text in _TITLES or field in {"version", "patient", *_FIXED}):
                texts.setdefault(text, f"a {field.replace('_', ' ')} of its header")
    for text in _annotations(path, signals, data_at):
        texts.setdefault(text, "an annotation")
    for text, where in texts.items():
        kind = who.kind_in(without_quantities(text), spare_ordinary=True)
        if kind:
            raise ExportError(_fault(path, f"{where} holds a part of the {kind}"))
    # The person chose the code, perhaps as the name of a folder; of the patient it tells nothing.
    kind = who.kind_in(code, PERSONAL)
    if kind:
        raise ExportError(
            f"{path.name}: not written, the code holds a part of the {kind}; choose another one"
        )


def _fault(path: Path, what: str) -> str:
    """Say what was found; the name of the file has been looked at before."""
    return f"{path.name}: not written, {what}: a fault of this program, please report it"


def _header(path: Path) -> tuple[dict[str, str], list[dict[str, str]], int]:
    """Return the fields of the general header and of every signal, and where samples begin."""
    with path.open("rb") as file:
        general = {key: edf_fields.text(file.read(width)) for key, width in _GENERAL.items()}
        signals: list[dict[str, str]] = [{} for _ in range(int(general["signals"]))]
        for key, width in _SIGNAL.items():
            for signal in signals:
                signal[key] = edf_fields.text(file.read(width))
        return general, signals, file.tell()


def _annotations(path: Path, signals: list[dict[str, str]], data_at: int) -> Iterator[str]:
    """Yield every text in the annotation signals, without the times before it."""
    sample = 3 if path.suffix.lower() == ".bdf" else 2
    widths = [int(s["samples"]) * sample for s in signals]
    raw = np.memmap(path, dtype=np.uint8, mode="r", offset=data_at)
    records = raw[: raw.size // sum(widths) * sum(widths)].reshape(-1, sum(widths))
    begin = 0
    for signal, width in zip(signals, widths, strict=True):
        if signal["label"] in _TITLES:
            held = records[:, begin : begin + width].tobytes()
            for entry in held.split(b"\0"):
                for text in _STAMP.sub(b"", entry, count=1).split(b"\x14"):
                    if text:
                        yield text.decode("utf-8", errors="replace")
        begin += width
