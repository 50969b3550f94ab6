"""Vendor formats that are read lazily through MNE: FIF, CNT, EGI, Nihon Kohden, Persyst.

BrainVision and GDF come in at the same door but have readers of their own.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import warnings as python_warnings
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from math import nan
from pathlib import Path
from typing import Any

from amr_viewer.core.recording import Channel, ChannelKind, Mark, Recording
from amr_viewer.errors import ReadError, UnsupportedFormatError
from amr_viewer.io import mne_signal
from amr_viewer.io.brainvision import read_brainvision, recognizes_brainvision
from amr_viewer.io.gdf import read_gdf, recognizes_gdf
from amr_viewer.io.mne_files import VENDORS, Vendor
from amr_viewer.io.vendor_errors import Translated
from amr_viewer.io.vendor_units import missing_unit_warning

OWN_READERS: tuple[tuple[Callable[[bytes, Path], bool], Callable[[Path], Recording]], ...] = (
    (recognizes_brainvision, read_brainvision),
    (recognizes_gdf, read_gdf),
)
UNITS = {101: "Hz", 107: "uV", 109: "Ohm", 110: "S", 112: "T", 114: "degC", 201: "T/m", 202: "Am"}
SEXES = {1: "M", 2: "F"}
HEAD_BYTES = 4096


def recognizes_mne(head: bytes, path: str | Path) -> bool:
    """Tell whether `read_mne` reads a file that starts with `head`."""
    path = Path(path)
    own = any(recognizes(head, path) for recognizes, _ in OWN_READERS)
    return own or _vendor_of(head, path) is not None


def read_mne(path: str | Path) -> Recording:
    """Open a recording in one of the vendor formats.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    Recording
        Voltages in uV, read from the file when asked for.

    Raises
    ------
    ReadError
        The file is missing, damaged, or says something that cannot be true.
    UnsupportedFormatError
        It is none of the formats, a variant that is not read, or its library is not installed.
    """
    path = Path(path)
    head = _head(path)
    for recognizes, read in OWN_READERS:
        if recognizes(head, path):
            return read(path)
    vendor = _vendor_of(head, path)
    if vendor is None:
        raise UnsupportedFormatError(f"{path.name}: is none of the vendor formats that are read")
    raw, warnings = _open(vendor, path)
    with Translated(lambda error: _translated(vendor, path, error)):
        return _assemble(vendor, path, raw, warnings)


def _head(path: Path) -> bytes:
    """First bytes of a file; none of a folder."""
    if path.is_dir():
        return b""
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError as error:
        raise ReadError(f"{path.name}: cannot be opened ({error.strerror})") from error


def _vendor_of(head: bytes, path: Path) -> Vendor | None:
    """Find the format of a file, None if it is none of them."""
    return next((v for v in VENDORS if v.recognizes(head, path)), None)


def _open(vendor: Vendor, path: Path) -> tuple[Any, list[str]]:
    """Open a file with MNE, which is kept silent; what it would warn of is returned."""
    with python_warnings.catch_warnings(record=True) as caught:
        python_warnings.simplefilter("always")
        with Translated(lambda error: _translated(vendor, path, error)):
            # Its Persyst reader prints.
            with contextlib.redirect_stdout(io.StringIO()):
                raw = vendor.open(path)
            messages = vendor.inspect(path, raw)
    said = [str(w.message) for w in caught if not issubclass(w.category, DeprecationWarning)]
    messages += [_nameless(s, path) for s in said if "naming conventions" not in s]
    return raw, list(dict.fromkeys(messages))


def _translated(vendor: Vendor, path: Path, error: BaseException) -> ReadError:
    """Say in one line what is wrong and what helps."""
    said = _nameless(str(error), path)
    if missing := re.search(r"\b(antio|mffpy|defusedxml|pymef)\b", said):
        library = missing[1]
        return UnsupportedFormatError(
            f"{path.name}: {vendor.name} files need a library; pip install {library}"
        )
    reason = said.split(". ")[0][:200] or type(error).__name__
    return ReadError(
        f"{path.name}: is damaged or an unknown variant of {vendor.name} ({reason}); "
        "get an undamaged copy or export as EDF+"
    )


def _nameless(text: str, path: Path) -> str:
    """One line without the folders of this computer."""
    return " ".join(text.replace(str(path.parent) + os.sep, "").split())


def _assemble(vendor: Vendor, path: Path, raw: Any, warnings: list[str]) -> Recording:
    """Make the recording out of MNE's object."""
    factor = vendor.correct(path)
    sampling_hz = float(raw.info["sfreq"])
    stretches = mne_signal.stretches(raw)
    if not stretches:
        raise ReadError(f"{path.name}: holds no samples; get the whole file")
    if any(a.stop == b.start for a, b in pairwise(stretches)):
        warnings.append("has breaks of unknown length; they count as no time")
    n_samples = sum(s.stop - s.start for s in stretches)
    described = tuple(zip(raw.info["chs"], raw.get_channel_types(), strict=True))
    channels = tuple(
        Channel(
            label=channel["ch_name"].strip(),
            unit=_unit(vendor, channel, kind),
            sampling_hz=sampling_hz,
            n_samples=n_samples,
            kind=ChannelKind.TRIGGER if kind == "stim" else ChannelKind.OTHER,
            file_unit=raw._orig_units.get(channel["ch_name"]),
        )
        for channel, kind in described
    )
    scales = tuple(1e6 * factor if c.unit == "uV" else 1.0 for c in channels)
    source = mne_signal.MneSource(raw, scales, stretches, path.name)
    # Headers claim more than cut-off files hold: the last sample must be there.
    source.read(0, n_samples - 1, n_samples)
    return Recording(
        name=path.name,
        path=str(path),
        format=vendor.name,
        channels=channels,
        segments=mne_signal.segments(stretches, sampling_hz),
        marks=_marks(raw),
        source=source,
        start=_start(vendor, raw),
        patient=_patient(raw.info["subject_info"] or {}),
        equipment=_equipment(raw.info["device_info"] or {}),
        size_bytes=_size(path),
        warnings=(*warnings, *missing_unit_warning(channels)),
    )


def _marks(raw: Any) -> tuple[Mark, ...]:
    """Turn annotations into marks; MNE writes 0 where no duration is given."""
    found = raw.annotations
    rows = zip(
        mne_signal.onsets_s(raw), found.duration, found.description, found.ch_names, strict=True
    )
    return tuple(
        Mark(
            float(onset_s),
            float(duration_s) if duration_s > 0 else nan,
            str(text),
            str(names[0]) if len(names) == 1 else None,
        )
        for onset_s, duration_s, text, names in rows
        if text not in (mne_signal.SKIP, *mne_signal.JOINTS)
    )


def _unit(vendor: Vendor, channel: Any, kind: str) -> str | None:
    """Name the unit of what is delivered; MNE calls the codes of triggers volts."""
    if kind == "stim":
        return None
    return "uV" if vendor.all_voltage else UNITS.get(int(channel["unit"]))


def _start(vendor: Vendor, raw: Any) -> str | None:
    """Time of the first sample, ISO 8601; MNE calls every wall clock UTC, so no zone is given."""
    date = vendor.start(raw)
    if date is None:
        return None
    return (date.replace(tzinfo=None) + timedelta(seconds=float(raw.first_time))).isoformat()


def _patient(subject: Any) -> dict[str, str]:
    """Say what the file tells of the patient."""
    names = (subject.get(k) for k in ("first_name", "middle_name", "last_name"))
    birthday = subject.get("birthday")
    patient = {
        "id": str(subject.get("his_id") or ""),
        "name": " ".join(dict.fromkeys(str(n) for n in names if n)),
        "sex": SEXES.get(int(subject.get("sex") or 0), ""),
        "birthdate": str(birthday or ""),
    }
    return {k: v for k, v in patient.items() if v.strip("X ")}


def _equipment(device: Any) -> str | None:
    """Say what the file tells of the amplifier."""
    parts = (device.get(k) for k in ("type", "model", "serial"))
    return " ".join(str(p) for p in parts if p) or None


def _size(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    files = path.rglob("*") if path.is_dir() else (path,)
    return sum(f.stat().st_size for f in files if f.is_file())
