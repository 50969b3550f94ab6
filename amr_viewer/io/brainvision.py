"""BrainVision recordings (.vhdr or .ahdr with .eeg and .vmrk), memory-mapped.

MNE takes units that it does not know for volts and forgets the breaks between segments, so this
reader is our own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from math import nan
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.recording import Channel, Mark, Recording, Segment
from amr_viewer.errors import ReadError
from amr_viewer.io import brainvision_header
from amr_viewer.io.brainvision_header import HeaderChannel, Marker, Sections
from amr_viewer.io.vendor_units import understand_unit

HEADER_SUFFIXES = (".vhdr", ".ahdr")
MARKER_SUFFIXES = (".vmrk", ".amrk")
DATA_SUFFIXES = (".eeg", ".dat", ".avg", ".seg")
DEFAULT_UNIT = "uV"  # BrainVision Core Data Format 1.0: where a channel line has no unit
NEW_SEGMENT = "new segment"


def recognizes_brainvision(head: bytes, path: str | Path) -> bool:
    """Tell whether a file is part of a BrainVision recording: header, markers or samples."""
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix in HEADER_SUFFIXES or suffix in MARKER_SUFFIXES:
        return True
    if head.removeprefix(b"\xef\xbb\xbf").startswith((b"Brain Vision", b"BrainVision")):
        return b"File" in head.split(b"\n", 1)[0]
    return suffix in DATA_SUFFIXES and _header_beside(path) is not None


def read_brainvision(path: str | Path) -> Recording:
    """Open a BrainVision recording by its header, its markers or its samples.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    Recording
        With `path` and `name` of the header. "New Segment" markers are no marks; they cut the
        recording into segments, placed by their dates where they have some.

    Raises
    ------
    ReadError
        A file is missing or damaged.
    UnsupportedFormatError
        The samples are not binary time series.
    """
    header = _header_path(Path(path))
    sections = brainvision_header.read_sections(header)
    common = sections.get("common infos", {})
    brainvision_header.refuse_other_kinds(common, header)
    warnings: list[str] = []
    described = brainvision_header.channels_of(sections, header)
    data_file = _data_file(header, common, warnings)
    source = BrainVisionSource(data_file, described, sections, header, warnings)
    sampling_hz = brainvision_header.sampling_hz(common, header)
    channels = tuple(_channel(c, sampling_hz, source.n_samples) for c in described)
    warnings += _unit_warnings(described)
    markers = _markers(header, common, source.n_samples, warnings)
    segments = _segments(markers, source.n_samples, sampling_hz, header.name, warnings)
    start = next((m.date for m in markers if _is_new_segment(m) and m.sample == 0), None)
    return Recording(
        name=header.name,
        path=str(header),
        format="BrainVision",
        channels=channels,
        segments=segments,
        marks=_marks(markers, segments, channels, sampling_hz),
        source=source,
        start=start.isoformat() if start else None,
        size_bytes=header.stat().st_size + data_file.stat().st_size,
        warnings=tuple(warnings),
    )


class BrainVisionSource:
    """Samples of the data file, through a memory map."""

    def __init__(
        self,
        data_file: Path,
        described: tuple[HeaderChannel, ...],
        sections: Sections,
        header: Path,
        warnings: list[str],
    ) -> None:
        dtype = brainvision_header.sample_dtype(sections, header)
        row_bytes = dtype.itemsize * len(described)
        size = data_file.stat().st_size
        n_samples = size // row_bytes
        if n_samples == 0:
            raise ReadError(f"{data_file.name}: holds no samples; get the whole file")
        common = sections.get("common infos", {})
        multiplexed = common.get("dataorientation", "MULTIPLEXED").upper() == "MULTIPLEXED"
        claimed = common.get("datapoints", "")
        is_short = claimed.isdecimal() and int(claimed) > n_samples
        if not multiplexed and (is_short or size % row_bytes):
            # One channel after the other: a lost end shifts every channel but the first.
            raise ReadError(f"{data_file.name}: is cut off; get the whole file")
        if is_short or size % row_bytes:
            warnings.append(f"{data_file.name}: is cut off; read {n_samples} samples per channel")
        n_channels = len(described)
        shape = (n_samples, n_channels) if multiplexed else (n_channels, n_samples)
        samples = np.memmap(data_file, dtype=dtype, mode="r", shape=shape)
        self._columns = samples if multiplexed else samples.T
        self._scales = [
            c.resolution * understand_unit(c.unit or DEFAULT_UNIT).scale for c in described
        ]
        self.n_samples = n_samples

    def read(self, channel: int, start: int, stop: int) -> NDArray[np.float32]:
        """Return samples `start` to `stop` of a channel, shape (stop - start,), in its unit."""
        stored = np.asarray(self._columns[start:stop, channel], dtype=np.float64)
        return (stored * self._scales[channel]).astype(np.float32)


def _header_path(path: Path) -> Path:
    """Return the header that a path of any of the three files belongs to."""
    if path.suffix.lower() in HEADER_SUFFIXES:
        return path
    beside = _header_beside(path)
    if beside is None and path.suffix.lower() in {*DATA_SUFFIXES, *MARKER_SUFFIXES}:
        raise ReadError(f"{path.name}: its header {path.stem}.vhdr is missing; put it beside")
    return beside or path


def _header_beside(path: Path) -> Path | None:
    """Return the header of the same name, None if there is none."""
    candidates = (path.with_suffix(s) for x in HEADER_SUFFIXES for s in (x, x.upper()))
    return next((c for c in candidates if c.is_file()), None)


def _bare(name: str) -> str:
    """File name without the folders of the computer that wrote it."""
    return re.split(r"[\\/]", name)[-1]


def _named_file(
    header: Path, name: str, suffixes: tuple[str, ...], warnings: list[str]
) -> Path | None:
    """Find a file that the header names, else one called like the header (after renaming)."""
    bare = _bare(name).replace("$b", header.stem)
    if bare and (header.parent / bare).is_file():
        return header.parent / bare
    candidates = (header.with_suffix(s) for x in suffixes for s in (x, x.upper()))
    found = next((c for c in candidates if c.is_file()), None)
    if found is not None:
        warnings.append(f'{header.name}: names the missing file "{bare}"; {found.name} was read')
    return found


def _data_file(header: Path, common: Mapping[str, str], warnings: list[str]) -> Path:
    """Find the file with the samples."""
    name = common.get("datafile", "")
    path = _named_file(header, name, DATA_SUFFIXES[:2], warnings)
    if path is None:
        raise ReadError(
            f'{header.name}: its data file "{_bare(name)}" is missing; put it beside the header'
        )
    return path


def _channel(described: HeaderChannel, sampling_hz: float, n_samples: int) -> Channel:
    """Describe a channel."""
    return Channel(
        label=described.label,
        unit=understand_unit(described.unit or DEFAULT_UNIT).unit,
        sampling_hz=sampling_hz,
        n_samples=n_samples,
        file_unit=described.unit or None,
    )


def _unit_warnings(described: tuple[HeaderChannel, ...]) -> list[str]:
    """Say which channels have the format's default unit."""
    blank = ", ".join(f'"{c.label}"' for c in described if not c.unit)
    return [f"no unit is written for {blank}; uV, the format's default"] if blank else []


def _markers(
    header: Path, common: Mapping[str, str], n_samples: int, warnings: list[str]
) -> tuple[Marker, ...]:
    """Read the marker file that the header names."""
    name = common.get("markerfile", "")
    path = _named_file(header, name, MARKER_SUFFIXES, warnings)
    if path is None:
        if name:
            warnings.append(f'{header.name}: its marker file "{_bare(name)}" is missing; no marks')
        return ()
    try:
        markers = brainvision_header.read_markers(path, warnings)
    except ReadError as error:
        warnings.append(f"{error}; no marks")
        return ()
    inside = tuple(m for m in markers if m.sample < n_samples)
    if len(inside) < len(markers):
        outside = len(markers) - len(inside)
        warnings.append(f"{outside} markers lie behind the end; left out")
    return tuple(sorted(inside, key=lambda m: m.sample))


def _is_new_segment(marker: Marker) -> bool:
    """Whether a marker begins a segment."""
    return marker.kind.lower() == NEW_SEGMENT


def _segments(
    markers: tuple[Marker, ...],
    n_samples: int,
    sampling_hz: float,
    name: str,
    warnings: list[str],
) -> tuple[Segment, ...]:
    """Cut at "New Segment" markers; the date of each says how long the break before it was."""
    begins = {m.sample: m.date for m in markers if _is_new_segment(m)}
    edges = sorted({0, *begins, n_samples})
    anchor = begins.get(0)
    segments: list[Segment] = []
    for first, end in pairwise(edges):
        date = begins.get(first)
        follows_s = segments[-1].end_s if segments else 0.0
        start_s = (date - anchor).total_seconds() if date and anchor else follows_s
        segments.append(
            Segment(max(start_s, follows_s), (end - first) / sampling_hz, first / sampling_hz)
        )
    if len(segments) > 1 and not all(begins.get(e) for e in edges[:-1]):
        warnings.append(f"{name}: has breaks of unknown length; they count as no time")
    return tuple(segments)


def _marks(
    markers: tuple[Marker, ...],
    segments: tuple[Segment, ...],
    channels: tuple[Channel, ...],
    sampling_hz: float,
) -> tuple[Mark, ...]:
    """Turn markers into marks at the time of their sample."""
    kept = [m for m in markers if not _is_new_segment(m)]
    stored_s = np.array([m.sample / sampling_hz for m in kept])
    edges = np.array([round(s.stored_s * sampling_hz) for s in segments])
    owner = np.searchsorted(edges, [m.sample for m in kept], side="right") - 1
    return tuple(
        Mark(
            float(time_s + (segments[i].start_s - segments[i].stored_s)),
            m.n_samples / sampling_hz if m.n_samples > 1 else nan,
            m.text or m.kind,
            channels[m.channel - 1].label if 0 < m.channel <= len(channels) else None,
        )
        for m, time_s, i in zip(kept, stored_s, owner, strict=True)
    )
