"""WFDB records of PhysioNet (.hea with signal and annotation files), through the wfdb package."""

from __future__ import annotations

import warnings as python_warnings
from math import nan
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.recording import Channel, Mark, Recording, Segment
from amr_viewer.errors import ReadError, UnsupportedFormatError
from amr_viewer.io import wfdb_header
from amr_viewer.io.vendor_errors import FOREIGN_ERRORS
from amr_viewer.io.vendor_units import missing_unit_warning

ANNOTATORS = (
    "atr", "ann", "evt", "event", "events", "trg", "trig", "stim", "man", "mrk", "qrs", "ecg",
)  # fmt: skip
"""Annotators are files of the record's name; these suffixes cannot be anything else."""

BYTES_PER_SAMPLE = {
    "8": 1.0, "16": 2.0, "24": 3.0, "32": 4.0, "61": 2.0, "80": 1.0, "160": 2.0, "212": 1.5,
    "310": 4 / 3, "311": 4 / 3,
}  # fmt: skip


def recognizes_wfdb(head: bytes, path: str | Path) -> bool:
    """Tell whether a file is a WFDB header, or a signal file that has one or lacks one."""
    path = Path(path)
    if path.suffix.lower() == ".hea":
        return True
    return path.suffix.lower() == ".dat" and (
        wfdb_header.header_of(path) is not None or b"\0" in head
    )


def read_wfdb(path: str | Path) -> Recording:
    """Open a WFDB record by its header or by a signal file beside it.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    Recording
        With `path` and `name` of the header; annotations of all annotators as marks.

    Raises
    ------
    ReadError
        A file of the record is missing or damaged.
    UnsupportedFormatError
        The wfdb package is not installed.
    """
    path = Path(path)
    header = path if path.suffix.lower() == ".hea" else wfdb_header.header_of(path)
    if header is None:
        raise ReadError(f"{path.name}: its header {path.stem}.hea is missing; put it beside")
    wfdb = _wfdb(header)
    record = _read_header(wfdb, header)
    warnings: list[str] = []
    n_frames = _frames(record, header, warnings)
    calibrations = wfdb_header.calibrations_of(record, header)
    per_frame = [int(n or 1) for n in record.samps_per_frame]
    channels = _channels(record, calibrations, n_frames)
    warnings += wfdb_header.default_units(channels, calibrations)
    warnings += _first_sample_warning(wfdb, header, record)
    start = record.base_datetime
    size_bytes = sum(f.stat().st_size for f in (header, *_files(record, header)))
    return Recording(
        name=header.name,
        path=str(header),
        format="WFDB",
        channels=channels,
        segments=(Segment(0.0, n_frames / float(record.fs), 0.0),),
        marks=_marks(wfdb, header, channels, warnings),
        source=WfdbSource(wfdb, header, per_frame, [c.unit.scale for c in calibrations]),
        start=start.isoformat() if start else None,
        size_bytes=size_bytes,
        warnings=(*warnings, *missing_unit_warning(channels)),
    )


def _channels(
    record: Any, calibrations: tuple[wfdb_header.Calibration, ...], n_frames: int
) -> tuple[Channel, ...]:
    """Describe the signals; the header may give several samples per frame."""
    described = zip(record.sig_name, record.samps_per_frame, calibrations, strict=True)
    return tuple(
        Channel(
            label=(label or f"signal {i}").strip(),
            unit=calibration.unit.unit,
            sampling_hz=float(record.fs) * int(per_frame or 1),
            n_samples=n_frames * int(per_frame or 1),
            file_unit=calibration.file_unit,
        )
        for i, (label, per_frame, calibration) in enumerate(described)
    )


class WfdbSource:
    """Samples through the wfdb package, window by window."""

    def __init__(self, wfdb: Any, header: Path, per_frame: list[int], scales: list[float]) -> None:
        self._wfdb = wfdb
        self._header = header
        self._per_frame = tuple(per_frame)
        self._scales = tuple(scales)

    def read(self, channel: int, start: int, stop: int) -> NDArray[np.float32]:
        """Return samples `start` to `stop` of a channel, shape (stop - start,), in its unit.

        Raises
        ------
        ReadError
            The signal file has become unreadable.
        """
        if start == stop:
            return np.empty(0, np.float32)
        per_frame = self._per_frame[channel]
        first = start // per_frame
        try:
            record = self._wfdb.rdrecord(
                str(self._header.with_suffix("")),
                sampfrom=first,
                sampto=-(-stop // per_frame),
                channels=[channel],
                smooth_frames=False,
            )
            values = np.asarray(record.e_p_signal[0], dtype=np.float64)
        except FOREIGN_ERRORS as error:
            raise ReadError(
                f"{self._header.name}: samples {start} to {stop} cannot be read; get whole files"
            ) from error
        wanted = values[start - first * per_frame : stop - first * per_frame]
        return (wanted * self._scales[channel]).astype(np.float32)


def _wfdb(header: Path) -> Any:
    """Import the package."""
    try:
        import wfdb
    except ImportError as error:
        raise UnsupportedFormatError(
            f"{header.name}: WFDB records need the wfdb package; pip install amr-viewer[formats]"
        ) from error
    return wfdb


def _read_header(wfdb: Any, header: Path) -> Any:
    """Parse the header; only what can be read is let through."""
    if not wfdb_header.lines(header):
        raise ReadError(f"{header.name}: is an empty header; get an undamaged copy")
    try:
        record = wfdb.rdheader(str(header.with_suffix("")), rd_segments=True)
        if isinstance(record, wfdb.MultiRecord):
            raise UnsupportedFormatError(
                f"{header.name}: the record has several segments; open one of them"
            )
        n_signals, rate_hz = int(record.n_sig), float(record.fs)
    except FOREIGN_ERRORS as error:
        raise ReadError(f"{header.name}: is no valid WFDB header; get an undamaged copy") from error
    if len(record.file_name or ()) != n_signals:
        raise ReadError(f"{header.name}: does not describe all signals; get an undamaged copy")
    if n_signals == 0 or not 0 < rate_hz < 1e9:
        raise ReadError(
            f"{header.name}: has {n_signals} signals at {rate_hz:g} Hz; nothing to read"
        )
    return record


def _files(record: Any, header: Path) -> list[Path]:
    """Signal files of a record, each once."""
    return [header.parent / name for name in dict.fromkeys(record.file_name)]


def _frames(record: Any, header: Path, warnings: list[str]) -> int:
    """Count the frames that the signal files really hold."""
    claimed = int(record.sig_len) if record.sig_len else None
    counts = []
    for file in _files(record, header):
        if not file.is_file():
            raise ReadError(
                f'{header.name}: its signal file "{file.name}" is missing; put it beside'
            )
        mine = [i for i, name in enumerate(record.file_name) if name == file.name]
        bytes_per_sample = BYTES_PER_SAMPLE.get(str(record.fmt[mine[0]]))
        if bytes_per_sample is None:
            continue
        frame_bytes = bytes_per_sample * sum(int(record.samps_per_frame[i] or 1) for i in mine)
        size = file.stat().st_size - int(record.byte_offset[mine[0]] or 0)
        counts.append(int(size / frame_bytes + 1e-6))
    there = min(counts, default=claimed or 0)
    if there <= 0:
        raise ReadError(f"{header.name}: its signal files hold no samples; get whole files")
    if claimed is not None and there < claimed:
        warnings.append(f"signal file is cut off: {there} of {claimed} samples are there")
    return there if claimed is None else min(there, claimed)


def _first_sample_warning(wfdb: Any, header: Path, record: Any) -> list[str]:
    """Compare the first samples with those that the header notes: it may be another file."""
    try:
        first = wfdb.rdrecord(str(header.with_suffix("")), sampto=1, physical=False).d_signal[0]
    except FOREIGN_ERRORS as error:
        raise ReadError(
            f"{header.name}: its signal file cannot be read; get whole files"
        ) from error
    noted = record.init_value
    differs = [
        n is not None and int(n) != int(value) and int(per_frame or 1) == 1
        for n, value, per_frame in zip(noted, first, record.samps_per_frame, strict=True)
    ]
    if any(differs):
        return ["the first sample is not the one that the header notes: wrong or damaged file?"]
    return []


def _marks(
    wfdb: Any, header: Path, channels: tuple[Channel, ...], warnings: list[str]
) -> tuple[Mark, ...]:
    """Read all annotators of the record."""
    found: dict[tuple[float, str], Mark] = {}
    for annotator in ANNOTATORS:
        if not header.with_suffix(f".{annotator}").is_file():
            continue
        try:
            with python_warnings.catch_warnings():
                # wfdb 4.3 uses what pandas 3.1 is about to drop.
                python_warnings.simplefilter("ignore", DeprecationWarning)
                notes = wfdb.rdann(str(header.with_suffix("")), annotator)
            times_s = [sample / float(notes.fs) for sample in notes.sample.tolist()]
            rows = list(zip(times_s, _texts(notes), notes.chan.tolist(), strict=True))
        except FOREIGN_ERRORS:
            warnings.append(f"annotations {header.stem}.{annotator} cannot be read; left out")
            continue
        # All zero: the annotator does not tell channels apart.
        has_channels = any(channel for _, _, channel in rows)
        for time_s, text, channel in rows:
            label = channels[channel].label if has_channels and channel < len(channels) else None
            found.setdefault((time_s, text), Mark(time_s, nan, text, label))
    return tuple(sorted(found.values(), key=lambda m: m.time_s))


def _texts(notes: Any) -> list[str]:
    """Text of each annotation: its note, else its symbol."""
    pairs = zip(notes.aux_note, notes.symbol, strict=True)
    return [str(note or "").strip("\0 ") or str(symbol) for note, symbol in pairs]
