"""A recording without what identifies the patient, written as EDF+ or BDF+.

The texts of a recording are left to `anonymize_texts`, whom they must not name to `anonymize_who`,
and the last look at the file to `anonymize_check`. The samples stay as they are.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.recording import Recording
from amr_viewer.errors import ExportError
from amr_viewer.io.anonymize_check import refuse_leaks
from amr_viewer.io.anonymize_texts import (
    clean_channels,
    clean_marks,
    header_note,
    labels_of,
    notes_on,
)
from amr_viewer.io.anonymize_who import FILE, PERSONAL, Who, fault_of_name, who_is
from amr_viewer.io.writers import FLAVORS, write_edf

UNALTERED = (
    "the signals are not altered: whoever has the original can match them; that EMG alone tells a "
    "person apart is possible in theory only"
)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")
_REMEDY = "choose a neutral one, or name a folder: then the program chooses one"
_HASH_BLOCK = 1 << 20
_HASH_DIGITS = 10

Annotate = Callable[[Analysis], Recording]
"""Puts what was found into a recording as marks; `amr_viewer.report.annotations.annotated`."""


@dataclass(frozen=True, slots=True)
class Anonymity:
    """How a recording is made anonymous.

    Attributes
    ----------
    code : str
        Stands in the place of the patient: 1 to 20 of ``A-Z a-z 0-9 . _ -``; empty for none. What
        it stands for must be kept elsewhere.
    """

    code: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Anonymous:
    """An analysis without what identifies the patient.

    Attributes
    ----------
    analysis : Analysis
        For annotations of a recording only: recording and findings are cleaned.
    who : Who
        What must not get into a file.
    notes : tuple of str
        What was removed, replaced and kept; quotes nothing that was removed.
    """

    analysis: Analysis
    who: Who
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnonymousFile:
    """What was written.

    Attributes
    ----------
    path : Path
    notes : tuple of str
        What was removed, replaced and kept, and what the format could not keep.
    """

    path: Path
    notes: tuple[str, ...]


def anonymized(analysis: Analysis, anonymity: Anonymity) -> Anonymous:
    """Return an analysis whose recording tells nothing of the patient.

    Patient, start, equipment and warnings go. A label stays if all of its words are known and none
    is the patient's, else it is made of muscle and side; filter settings and units likewise. A
    remark stays if it holds nothing but known words, else ``note`` stands in its place, at its
    time.

    Parameters
    ----------
    analysis : Analysis
    anonymity : Anonymity

    Returns
    -------
    Anonymous

    Raises
    ------
    ExportError
        The code cannot stand in a header, or tells of the patient.
    """
    recording, who = analysis.recording, who_is(analysis)
    code = _checked(anonymity.code, who)
    labels = labels_of(recording.channels, who)
    channels, replaced = clean_channels(recording.channels, labels, who)
    renamed: dict[str, str] = {}
    for channel, label in zip(recording.channels, labels, strict=True):
        renamed.setdefault(channel.label, label)
    marks, remarks = clean_marks(recording.marks, renamed, who)
    notes = (header_note(recording), *replaced, remarks, *notes_on(channels), UNALTERED)
    clean = replace(
        recording, name="", path="", channels=channels, marks=marks, start=None, equipment=None,
        patient={"id": code} if code else {}, sha256="", warnings=(),
    )  # fmt: skip
    findings = tuple(
        replace(f, channel=renamed.get(f.channel, ""), comment="") for f in analysis.findings
    )
    analysis = replace(
        analysis, recording=clean, findings=findings, headline="", warnings=(), review=None,
        automatic=None,
    )  # fmt: skip
    return Anonymous(analysis, who, notes)


def write_anonymous(
    analysis: Analysis,
    annotate: Annotate,
    path: Path | str,
    anonymity: Anonymity,
    *,
    overwrite: bool = False,
) -> AnonymousFile:
    """Write a recording as EDF+ or BDF+ without what identifies the patient.

    Samples and times from the start of the recording are those of `write_edf`. The finished file is
    searched for everything that is known of the patient before it gets its name.

    Parameters
    ----------
    analysis : Analysis
    annotate : callable
    path : Path or str
        Ends in ``.edf`` or ``.bdf``, or is a folder: then the file is named after its own content,
        never after the recording, whose hash would let guesses at a name be tried.
    anonymity : Anonymity
    overwrite : bool
        Whether an existing file may be replaced; the recording itself never is.

    Returns
    -------
    AnonymousFile

    Raises
    ------
    ExportError
        As `write_edf`, or the code or the name of the file tells of the patient, or the finished
        file would. Nothing is written then.
    """
    path = Path(path)
    source = analysis.recording
    hidden = anonymized(analysis, anonymity)
    folder, name = (path, "") if path.is_dir() else (path.parent, path.name)
    if name:
        refuse_name(hidden.who, source, path)
        _refuse_place(path, source, overwrite)
    suffix = path.suffix if name else ".bdf" if source.format.startswith("BDF") else ".edf"
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".anonymous-") as aside:
            made = Path(aside) / (name or f"anonymous{suffix}")
            notes = write_edf(annotate(hidden.analysis), made)
            refuse_leaks(made, hidden.who, anonymity.code or "X")
            final = folder / (name or f"anonymous-{_content(made)}{suffix}")
            _refuse_place(final, source, overwrite)
            made.replace(final)
    except OSError as error:
        why = error.strerror or str(error)
        raise ExportError(f"{name or 'the folder'}: cannot be written ({why})") from error
    chosen = () if name else (f"it is called {final.name}, after its own content",)
    return AnonymousFile(final, (*chosen, *hidden.notes, *notes))


def refuse_name(who: Who, recording: Recording, path: Path) -> None:
    """Refuse a name of a file that tells of the patient or of the recording's own name.

    Raises
    ------
    ExportError
        Does not quote the name.
    """
    told = fault_of_name(who, recording, path.stem)
    if told:
        raise ExportError(f"anonymous export: the name of the file holds {told}; {_REMEDY}")


def _refuse_place(path: Path, recording: Recording, overwrite: bool) -> None:
    """Refuse to write over the recording, over what may not be replaced, or in no known format."""
    if path.suffix.lower() not in FLAVORS:
        raise ExportError(f"{path.name}: unknown suffix; end the name in .edf or .bdf")
    source = Path(recording.path) if recording.path else None
    if path.exists() and source is not None and source.exists() and source.samefile(path):
        raise ExportError(f"{path.name}: is the recording itself; choose another name")
    if path.exists() and not overwrite:
        raise ExportError(f"{path.name}: the file exists already; choose another name")


def _checked(code: str, who: Who) -> str:
    """Return the code, or refuse it."""
    if code and _CODE.fullmatch(code) is None:
        raise ExportError(
            "anonymous export: the code takes 1 to 20 letters, digits, points, dashes and "
            "underscores, the first a letter or digit; choose another one"
        )
    kind = who.kind_in(code, PERSONAL) or who.kind_in(code, {FILE}, spare_ordinary=True)
    if kind:
        raise ExportError(
            f"anonymous export: the code holds a part of the {kind} of the recording; "
            "choose another one"
        )
    return "" if code == "X" else code


def _content(path: Path) -> str:
    """Return a short hash of a finished file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_HASH_BLOCK):
            digest.update(block)
    return digest.hexdigest()[:_HASH_DIGITS]
