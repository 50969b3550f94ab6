"""The registry of formats: which reader opens a file, by its content first and its name second.

A further format is one module with a function from a path to a `Recording`, and one row in
`READERS`. Modules are imported when their format is met.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from amr_viewer.errors import ReadError, UnsupportedFormatError

if TYPE_CHECKING:
    from amr_viewer.core.protocol import Protocol
    from amr_viewer.core.recording import Recording

HEAD_BYTES = 4096
"""How much of a file is looked at to recognize it."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A format and how it is read.

    Attributes
    ----------
    name : str
    suffixes : tuple of str
        Lower case, of the files that a person opens.
    description : str
        One line for people.
    entry : str
        ``module:function`` of the function from a path to a `Recording`.
    signature : pattern of bytes or None
        Matches the beginning of every file of the format; None if it has no such beginning.
    parts : tuple of str
        Suffixes of the other files of a recording; they count if a file of `suffixes` lies beside.
    is_folder : bool
        Whether a recording of this format is a folder.
    needs : str or None
        Library that is no dependency of the program itself.
    """

    name: str
    suffixes: tuple[str, ...]
    description: str
    entry: str
    signature: re.Pattern[bytes] | None = None
    parts: tuple[str, ...] = ()
    is_folder: bool = False
    needs: str | None = None

    @property
    def is_available(self) -> bool:
        """Whether the library that it needs is installed."""
        return self.needs is None or find_spec(self.needs) is not None

    def has_suffix(self, path: Path) -> bool:
        """Whether a file is named like this format."""
        return path.suffix.lower() in self.suffixes

    def recognizes(self, head: bytes, path: Path) -> bool:
        """Whether the beginning of a file, or the header file beside it, shows this format."""
        if self.signature is not None and self.signature.match(head):
            return True
        return path.suffix.lower() in self.parts and any(
            path.with_suffix(suffix).is_file() for suffix in self.suffixes
        )

    def read(self, path: Path) -> Recording:
        """Read a file, and what the BIDS files beside it say if it lies in a data set.

        Raises
        ------
        UnsupportedFormatError
            If the library that it needs is not installed.
        ReadError
            If the file cannot be read or not be trusted.
        """
        if not self.is_available:
            raise UnsupportedFormatError(
                f"{path.name}: reading {self.name} needs the library {self.needs}; "
                "install it with: pip install 'amr-viewer[formats]'"
            )
        module, function = self.entry.split(":")
        read: Callable[[Path], Recording] = getattr(import_module(module), function)
        recording = read(path)
        if not path.name.startswith("sub-"):
            return recording
        from amr_viewer.io.bids import with_sidecars

        return with_sidecars(recording, path)


_EDF = "amr_viewer.io.edf:read_edf"
_MNE = "amr_viewer.io.mne_formats:read_mne"

TEXT = Reader(
    "Text", (".csv", ".tsv", ".txt", ".asc"),
    "tables of samples or sweeps, any delimiter, encoding and decimal sign",
    "amr_viewer.io.text:read_text",
)  # fmt: skip

READERS: tuple[Reader, ...] = (
    Reader(
        "EDF", (".edf", ".rec"), "EDF, EDF+C and EDF+D (European Data Format)", _EDF,
        re.compile(rb"0[ \0]{7}[^\r\n]{100}", re.DOTALL),
    ),
    Reader(
        "BDF", (".bdf",), "BDF, BDF+C and BDF+D (BioSemi, 24 bit)", _EDF,
        re.compile(rb"\xffBIOSEMI"),
    ),
    Reader(
        "BrainVision", (".vhdr", ".ahdr"), "header, markers and samples in three files", _MNE,
        re.compile(rb"(?:\xef\xbb\xbf)?Brain ?Vision[^\n]*File"),
        parts=(".eeg", ".vmrk", ".avg", ".seg", ".dat", ".amrk"),
    ),
    Reader("FIF", (".fif",), "MNE-Python", _MNE, re.compile(rb"\0\0\0\x64\0\0\0\x1f")),
    Reader("GDF", (".gdf",), "General Data Format 1 and 2", _MNE, re.compile(rb"GDF [12]")),
    Reader(
        "ANT Neuro CNT", (".cnt",), "eego, ASALAB", _MNE,
        re.compile(rb"(?:RIFF.{4}|RF64.{8})CNT ", re.DOTALL),
    ),
    Reader("Neuroscan CNT", (".cnt",), "Neuroscan, Curry", _MNE, re.compile(rb"Version 3\.0")),
    Reader("EGI MFF", (".mff",), "EGI Net Station folder", _MNE, is_folder=True),
    Reader("EGI raw", (".raw",), "EGI simple binary", _MNE),
    Reader(
        "Nihon Kohden", (".eeg",), "EEG-1100, EEG-2100 and relatives", _MNE,
        re.compile(rb"(?:EEG|QI|DAE)-[0-9]"),
    ),
    Reader("Persyst", (".lay",), "layout file with its .dat", _MNE),
    Reader(
        "WFDB", (".hea",), "PhysioNet header with its .dat", "amr_viewer.io.wfdb:read_wfdb",
        parts=(".dat", ".atr"),
    ),
    Reader(
        "Spike2", (".smr", ".smrx"), "CED Spike2", "amr_viewer.io.spike2:read_spike2",
        re.compile(rb"..\(C\) CED 87|S64", re.DOTALL), needs="neo",
    ),
    TEXT,
)  # fmt: skip


def formats() -> tuple[Reader, ...]:
    """Return every format that can be read, in the order in which files are tried."""
    return READERS


def read_recording(path: Path | str, protocol: Protocol | None = None) -> Recording:
    """Read a recording of any known format and understand its channels and marks.

    Parameters
    ----------
    path : Path or str
    protocol : Protocol or None
        The laboratory's names and units; by default the program's own reading of them.

    Returns
    -------
    Recording
        Its samples stay in the file; `Recording.warnings` names what was guessed or repaired.

    Raises
    ------
    ReadError
        If the file cannot be read or not be trusted; the message names file, fault and remedy.
    UnsupportedFormatError
        If no reader knows the file, or the library that its reader needs is not installed.

    Examples
    --------
    >>> recording = read_recording("patient.edf")  # doctest: +SKIP
    >>> [c.label for c in recording.channels]  # doctest: +SKIP
    ['EMG L_OrbOculi', 'EMG L_Mentalis']
    """
    from amr_viewer.core.protocol import Protocol
    from amr_viewer.io.assignment import assign

    path = Path(path)
    recording = choose_reader(path).read(path)
    return assign(recording, protocol or Protocol())


def choose_reader(path: Path) -> Reader:
    """Return the reader of a file.

    Raises
    ------
    ReadError
        If there is no such file, or it is empty, or its content contradicts its name.
    UnsupportedFormatError
        If no reader knows it.
    """
    if path.is_dir():
        return _reader_of_folder(path)
    head = _head(path)
    found = next((r for r in READERS if r.recognizes(head, path)), None)
    if found is not None:
        return found
    named = [r for r in READERS if r.has_suffix(path)]
    nameless = next((r for r in named if r.signature is None), None)
    if nameless is not None:
        return nameless
    if named:
        raise ReadError(
            f"{path.name}: is named like {named[0].name} but does not begin like it; the file is "
            "damaged or misnamed: copy it again from the device"
        )
    if _is_text(head):
        return TEXT
    wholes = [r for r in READERS if path.suffix.lower() in r.parts]
    if wholes:
        headers = " or ".join(f"{r.name} header ({', '.join(r.suffixes)})" for r in wholes)
        raise UnsupportedFormatError(
            f"{path.name}: is part of a recording whose {headers} is missing beside it; copy both"
        )
    raise UnsupportedFormatError(
        f"{path.name}: its format is unknown; `amr-viewer formats` lists what can be read"
    )


def _reader_of_folder(path: Path) -> Reader:
    """Return the reader of a recording that is a folder."""
    for reader in READERS:
        if reader.is_folder and reader.has_suffix(path):
            return reader
    raise ReadError(f"{path.name}: is a folder and no recording; name a file in it")


def _head(path: Path) -> bytes:
    """Return the first bytes of a file."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except FileNotFoundError as error:
        raise ReadError(f"{path.name}: does not exist; check the path") from error
    except OSError as error:
        raise ReadError(f"{path.name}: cannot be read ({error.strerror}); check it") from error
    if not head:
        raise ReadError(f"{path.name}: is empty; copy it again from the device")
    return head


def _is_text(head: bytes) -> bool:
    """Whether a file without a known name begins like text."""
    from amr_viewer.io.text_encoding import find_encoding

    return find_encoding(head) is not None
