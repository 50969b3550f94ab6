"""Write a stretch of one channel as a sound file (WAV, 16-bit PCM); playing it is left to others.

Neither filter nor resampling: the file holds the recording's samples at their own rate, scaled as
its comment says. Gaps are refused, or filled with silence.
"""

from __future__ import annotations

import os
import struct
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from math import nan
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.recording import Channel, Recording
from amr_viewer.errors import ExportError
from amr_viewer.io.timeline import timeline

FULL_SCALE = 32767
CHUNK = 1 << 20
MOST_BYTES = (1 << 32) - (1 << 16)

Gaps = Literal["refuse", "silence"]


@dataclass(frozen=True, slots=True)
class WavNote:
    """What was written.

    Attributes
    ----------
    sampling_hz : int
        As it stands in the file.
    n_samples : int
    full_scale : float
        Value, in the unit of the channel, that is 32767 in the file.
    silent_s : float
        How long silence stands for gaps and for samples that are missing.
    n_clipped : int
        Samples beyond full scale.
    remarks : tuple of str
        What a person should know.
    """

    sampling_hz: int
    n_samples: int
    full_scale: float
    silent_s: float
    n_clipped: int
    remarks: tuple[str, ...]


def write_wav(
    recording: Recording,
    channel: int,
    start_s: float,
    stop_s: float,
    path: Path | str,
    *,
    full_scale: float = nan,
    gaps: Gaps = "refuse",
    overwrite: bool = False,
) -> WavNote:
    """Write a stretch of one channel as WAV; the file appears whole or not at all.

    Parameters
    ----------
    recording : Recording
    channel : int
        Index into `Recording.channels`.
    start_s, stop_s : float
        Seconds from the start of the recording; what lies outside it is left out.
    path : Path or str
    full_scale : float
        Value that becomes 32767, in the unit of the channel; NaN: the largest sample of the
        stretch. Samples beyond it are cut, and counted.
    gaps : str
        ``"refuse"`` or ``"silence"``: what becomes of stretches that were not recorded.
    overwrite : bool
        Whether an existing file may be replaced.

    Returns
    -------
    WavNote

    Raises
    ------
    ExportError
        The file exists, the stretch is empty or has gaps, or the file cannot be written.

    References
    ----------
    .. [1] Microsoft/IBM. Multimedia programming interface and data specifications 1.0, 1991
       (RIFF, WAVE, INFO).
    """
    path = Path(path)
    facts = recording.channels[channel]
    first, stop = even_range(recording, channel, start_s, stop_s)
    if path.exists() and not overwrite:
        raise ExportError(f"{path.name}: the file exists already; choose another name")
    if stop <= first:
        raise ExportError(f"{path.name}: the stretch holds no samples of {facts.label}")
    if 2 * (stop - first) > MOST_BYTES:
        raise ExportError(f"{path.name}: a WAV file holds 4 GB at most; choose a shorter stretch")
    peak, n_missing = _survey(recording, channel, first, stop)
    silent_s = n_missing / facts.sampling_hz
    if n_missing and gaps == "refuse":
        raise ExportError(
            f"{path.name}: {silent_s:.3g} s of the stretch were not recorded; choose another "
            "stretch, or fill the gaps with silence"
        )
    scale = full_scale if full_scale > 0 else (peak or 1.0)
    n_clipped = 0
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_header(facts, start_s, stop_s, stop - first, scale))
                n_clipped = _write_samples(file, recording, channel, (first, stop), scale)
            temporary.chmod(0o644)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        why = error.strerror or str(error)
        raise ExportError(f"{path.name}: cannot be written ({why})") from error
    remarks = _remarks(facts, scale, silent_s, n_clipped)
    rate = round(facts.sampling_hz)
    return WavNote(rate, stop - first, scale, silent_s, n_clipped, remarks)


def even_range(
    recording: Recording, channel: int, start_s: float, stop_s: float
) -> tuple[int, int]:
    """Return a stretch as numbers of evenly spaced samples from time 0, gaps counted as if filled.

    Kept within the recording.
    """
    rate = recording.channels[channel].sampling_hz
    start_s, stop_s = max(start_s, 0.0), min(stop_s, recording.duration_s)
    return round(start_s * rate), round(stop_s * rate)


def read_even(
    recording: Recording, channel: int, first: int, stop: int
) -> tuple[NDArray[np.float32], int]:
    """Return evenly spaced samples, 0 where none was recorded.

    Parameters
    ----------
    recording : Recording
    channel : int
    first, stop : int
        Numbers as `even_range` counts them.

    Returns
    -------
    values : ndarray of float32, shape (stop - first,)
        In the channel's unit.
    n_missing : int
        How many of them were not recorded, or are marked as missing.
    """
    facts, line = recording.channels[channel], timeline(recording)
    rate = facts.sampling_hz
    out = np.full(max(stop - first, 0), np.nan, dtype=np.float32)
    stored = line.first_samples(rate, facts.n_samples)
    begins = np.rint(line.starts_s * rate).astype(np.int64)
    ends = begins + np.diff(stored)
    for k in np.flatnonzero((ends > first) & (begins < stop)).tolist():
        low, high = max(first, int(begins[k])), min(stop, int(ends[k]))
        offset = int(stored[k]) - int(begins[k])
        out[low - first : high - first] = recording.source.read(
            channel, low + offset, high + offset
        )
    missing = ~np.isfinite(out)
    out[missing] = 0.0
    return out, int(np.count_nonzero(missing))


def _pieces(
    recording: Recording, channel: int, first: int, stop: int
) -> Iterator[tuple[NDArray[np.float32], int]]:
    """Yield a stretch in pieces that fit into memory."""
    for start in range(first, stop, CHUNK):
        yield read_even(recording, channel, start, min(start + CHUNK, stop))


def _survey(recording: Recording, channel: int, first: int, stop: int) -> tuple[float, int]:
    """Return the largest size of a sample, and how many are missing."""
    peak, n_missing = 0.0, 0
    for values, missing in _pieces(recording, channel, first, stop):
        peak = max(peak, float(np.abs(values).max(initial=0.0)))
        n_missing += missing
    return peak, n_missing


def _write_samples(
    file: BinaryIO, recording: Recording, channel: int, stretch: tuple[int, int], scale: float
) -> int:
    """Write the samples, and return how many were cut."""
    n_clipped = 0
    for values, _ in _pieces(recording, channel, *stretch):
        scaled = np.rint(values.astype(np.float64) * (FULL_SCALE / scale))
        n_clipped += int(np.count_nonzero(np.abs(scaled) > FULL_SCALE))
        file.write(np.clip(scaled, -FULL_SCALE, FULL_SCALE).astype("<i2").tobytes())
    return n_clipped


def _header(facts: Channel, start_s: float, stop_s: float, n_samples: int, scale: float) -> bytes:
    """Return everything that stands before the samples."""
    rate = round(facts.sampling_hz)
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16)
    comment = (
        f"{facts.label}, {start_s:.3f} s to {stop_s:.3f} s of the recording; "
        f"{FULL_SCALE} is {scale:.6g} {facts.unit or '(unit unknown)'}"
    )
    info = b"INFO" + _chunk(b"ISFT", b"AMR Viewer\x00") + _chunk(b"ICMT", _ascii(comment))
    body = b"WAVE" + form + _chunk(b"LIST", info) + struct.pack("<4sI", b"data", 2 * n_samples)
    return struct.pack("<4sI", b"RIFF", len(body) + 2 * n_samples) + body


def _chunk(name: bytes, content: bytes) -> bytes:
    """Return a chunk of a RIFF file, of an even length."""
    return struct.pack("<4sI", name, len(content)) + content + b"\x00" * (len(content) % 2)


def _ascii(text: str) -> bytes:
    """Return a text as INFO chunks hold it."""
    return text.replace("µ", "u").encode("ascii", "replace") + b"\x00"


def _remarks(facts: Channel, scale: float, silent_s: float, n_clipped: int) -> tuple[str, ...]:
    """Say what a person should know of the file."""
    unit = (facts.unit or "(unit unknown)").replace("uV", "µV")
    out = [f"full scale {scale:.3g} {unit}"]
    if silent_s:
        out.append(f"{silent_s:.3g} s of gaps are silence")
    if n_clipped:
        out.append(f"{n_clipped} samples are larger than that and were cut")
    if abs(facts.sampling_hz - round(facts.sampling_hz)) > 1e-9:
        out.append(f"rate {facts.sampling_hz:g} Hz, written as {round(facts.sampling_hz)} Hz")
    return tuple(out)
