"""Which vendor files MNE reads for this program, how each is recognized, and what MNE gets wrong.

MNE is imported when a file is opened, never before.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from amr_viewer.errors import ReadError

NIHON_KOHDEN = (b"EEG-1100", b"QI-403A", b"EEG-2100", b"DAE-2100D", b"EEG-1200")
FIF_END = bytes.fromhex("0000006c0000000000000000ffffffff")
FIF_FILE_ID = bytes.fromhex("000000640000001f00000014")
FIF_TAG = struct.Struct(">4i")  # kind, type, size, position of the next (0: it follows)
EGI_VERSIONS = range(2, 8)
EGI_MICROVOLT = 1e-6
ANT_UNITS = {"uv", "µv"}


@dataclass(frozen=True, slots=True)
class Vendor:
    """A format that MNE reads.

    Attributes
    ----------
    name : str
    recognizes : callable
        From the first bytes and the path.
    open : callable
        From the path to MNE's `Raw`, nothing loaded.
    all_voltage : bool
        Whether MNE scales every channel that is no trigger to volts, whatever unit it claims.
    inspect : callable
        From path and `Raw` to what must be warned of.
    correct : callable
        From path to the factor that MNE forgot.
    start : callable
        From `Raw` to the time of the first sample, None if unknown.
    """

    name: str
    recognizes: Callable[[bytes, Path], bool]
    open: Callable[[Path], Any]
    all_voltage: bool = True
    inspect: Callable[[Path, Any], list[str]] = lambda path, raw: []
    correct: Callable[[Path], float] = lambda path: 1.0
    start: Callable[[Any], datetime | None] = lambda raw: raw.info["meas_date"]


def _is_fif(head: bytes, path: Path) -> bool:
    """FIF begins with a file identifier; gzipped FIF is known by its name."""
    return head.startswith(FIF_FILE_ID) or path.name.lower().endswith(".fif.gz")


def _open_fif(path: Path) -> Any:
    """Open a FIF file; missing further parts of a split one are warned of."""
    import mne

    if path.suffix.lower() == ".fif":
        _refuse_endless_tags(path)
    return mne.io.read_raw_fif(path, on_split_missing="warn", verbose="warning")


def _refuse_endless_tags(path: Path) -> None:
    """Follow the chain of tags: where a damaged link leads back, MNE would run for ever."""
    seen: set[int] = set()
    position, size = 0, path.stat().st_size
    with path.open("rb") as file:
        while 0 <= position <= size - FIF_TAG.size:
            if position in seen:
                raise ReadError(f"{path.name}: its tags form a circle; get an undamaged copy")
            seen.add(position)
            file.seek(position)
            _, _, n_bytes, follower = FIF_TAG.unpack(file.read(FIF_TAG.size))
            position = position + FIF_TAG.size + n_bytes if follower == 0 else follower


def _inspect_fif(path: Path, raw: Any) -> list[str]:
    """Warn of a file that does not end with the tag that closes a FIF file."""
    if path.suffix.lower() != ".fif":
        return []
    with path.open("rb") as file:
        file.seek(-len(FIF_END), os.SEEK_END)
        is_whole = file.read() == FIF_END
    return [] if is_whole else ["does not end as FIF files do: it may be cut off"]


def _is_ant(head: bytes, path: Path) -> bool:
    """Look for a RIFF container (its size has 4 or 8 bytes) that holds CNT."""
    return head[:4] in (b"RIFF", b"RF64") and b"CNT" in head[8:16].upper()


def _open_ant(path: Path) -> Any:
    """Open an ANT file; its bipolar inputs are voltages like the others."""
    import mne

    return mne.io.read_raw_ant(path, misc=None, verbose="warning")


def _inspect_ant(path: Path, raw: Any) -> list[str]:
    """Refuse what MNE would take for volts without scaling it."""
    units = set(raw._raw_extras[0]["orig_ch_units"])
    if foreign := sorted(u for u in units if u not in ANT_UNITS):
        raise ReadError(f'{path.name}: unit "{foreign[0]}" is not known; export as EDF+')
    return []


def _is_neuroscan(head: bytes, path: Path) -> bool:
    """Neuroscan files begin with a version."""
    return head[:9] in (b"Version 3", b"Version 2") and path.suffix.lower() == ".cnt"


def _open_neuroscan(path: Path) -> Any:
    """Open a Neuroscan file."""
    import mne

    return mne.io.read_raw_cnt(path, verbose="warning")


def _inspect_neuroscan(path: Path, raw: Any) -> list[str]:
    """Name what Neuroscan files leave open."""
    warnings = ["markers of Neuroscan files may be one sample early; compare with the artefact"]
    if raw.info["meas_date"] is not None:
        warnings.append("the date was read as month/day/year, which the file does not say")
    return warnings


def _is_nihon_kohden(head: bytes, path: Path) -> bool:
    """Nihon Kohden files begin with the name of the device."""
    return head.startswith(NIHON_KOHDEN) and path.suffix.lower() == ".eeg"


def _open_nihon_kohden(path: Path) -> Any:
    """Open a Nihon Kohden file."""
    import mne

    return mne.io.read_raw_nihon(path, verbose="warning")


def _is_egi(head: bytes, path: Path) -> bool:
    """EGI simple binary: a big-endian version number, then a date."""
    version, month = int.from_bytes(head[:4], "big"), int.from_bytes(head[6:8], "big")
    return version in EGI_VERSIONS and 1 <= month <= 12 and path.suffix.lower() == ".raw"


def _open_egi(path: Path) -> Any:
    """Open an EGI simple binary file or an MFF folder."""
    import mne

    return mne.io.read_raw_egi(path, include=None, events_as_annotations=True, verbose="warning")


def _egi_factor(path: Path) -> float:
    """Integers are range / 2**bits microvolts; MNE forgets the micro where both are given."""
    with path.open("rb") as file:
        bits, range_uv = np.frombuffer(file.read(30), ">i2", 2, 26).tolist()
    return EGI_MICROVOLT if bits and range_uv else 1.0


def _egi_start(raw: Any) -> datetime | None:
    """MNE takes the file's wall clock for that of this computer; take it back."""
    date = raw.info["meas_date"]
    return date.astimezone().replace(tzinfo=None) if date else None


def _is_mff(head: bytes, path: Path) -> bool:
    """MFF recordings are folders."""
    return path.suffix.lower() == ".mff" and path.is_dir()


def _is_persyst(head: bytes, path: Path) -> bool:
    """Persyst layout files are INI texts."""
    return path.suffix.lower() == ".lay" and b"[fileinfo]" in head.lower()


def _open_persyst(path: Path) -> Any:
    """Open a Persyst recording."""
    import mne

    return mne.io.read_raw_persyst(path, verbose="warning")


def _inspect_persyst(path: Path, raw: Any) -> list[str]:
    """Warn of breaks, which MNE passes over."""
    text = path.read_text(encoding="utf-8", errors="replace")
    section = re.search(r"\[sampletimes\]([^\[]*)", text, re.IGNORECASE)
    pieces = re.findall(r"^\s*(\d+)\s*=\s*([\d.]+)", section[1] if section else "", re.MULTILINE)
    samples, times_s = np.array([[float(n), float(t)] for n, t in pieces]).reshape(-1, 2).T
    drift_s = (times_s - samples / raw.info["sfreq"]) if len(pieces) else np.zeros(1)
    if np.ptp(drift_s) > 1 / raw.info["sfreq"]:
        return ["has breaks that are not followed: times after the first one are too early"]
    return []


VENDORS = (
    Vendor("FIF", _is_fif, _open_fif, all_voltage=False, inspect=_inspect_fif),
    Vendor("ANT CNT", _is_ant, _open_ant, inspect=_inspect_ant),
    Vendor("Neuroscan CNT", _is_neuroscan, _open_neuroscan, inspect=_inspect_neuroscan),
    Vendor("Nihon Kohden", _is_nihon_kohden, _open_nihon_kohden),
    Vendor("EGI MFF", _is_mff, _open_egi, all_voltage=False),
    Vendor("EGI raw", _is_egi, _open_egi, correct=_egi_factor, start=_egi_start),
    Vendor("Persyst", _is_persyst, _open_persyst, inspect=_inspect_persyst),
)
