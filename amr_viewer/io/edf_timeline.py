"""When the data records of a file were recorded, and the uninterrupted pieces that they make."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.recording import Segment
from amr_viewer.errors import ReadError
from amr_viewer.io.edf_header import EdfHeader

TOLERANCE_S = 0.0005
"""Record starts are written with few decimals; differences up to this are rounding, not gaps."""

CONTIGUOUS_TOLERANCE_S = 0.01
"""The same for a file that declares its records to be contiguous: clocks may run apart."""


def clock_origin_s(header: EdfHeader, starts_s: NDArray[np.float64], warnings: list[str]) -> float:
    """Return where time zero of the recording lies, seconds after the start in the header.

    The header knows whole seconds; a contiguous file gives the fraction in its first annotation,
    and the recording starts there. A discontinuous file keeps the clock of its header, on which all
    its times are written.
    """
    known = starts_s[~np.isnan(starts_s)]
    if not known.size:
        return 0.0
    first = float(known.min())
    if first < 0:
        warnings.append(
            f"the first data record lies {-first:g} s before the start that the header gives: "
            "times are counted from that record"
        )
        return first
    if header.variant == "+D" or np.isnan(starts_s[0]):
        return 0.0
    if first >= 1:
        warnings.append(
            f"the first data record lies {first:g} s after the start that the header gives: "
            "times are counted from the header's start"
        )
        return 0.0
    return first


def segments(
    header: EdfHeader, starts_s: NDArray[np.float64], warnings: list[str]
) -> tuple[Segment, ...]:
    """Return the uninterrupted pieces of a file, in order of time.

    Parameters
    ----------
    header : EdfHeader
    starts_s : ndarray, shape (n_records,)
        Start of each record from the start of the recording, NaN where unknown.
    warnings : list of str
        Gets what was guessed or left out.

    Raises
    ------
    ReadError
        If the file is discontinuous and no record says when it was recorded.
    """
    if header.variant == "+D":
        return _discontinuous(header, starts_s, warnings)
    if np.isnan(starts_s).all():
        return (Segment(0.0, header.n_records * header.record_s, 0.0),)
    return _contiguous(header, starts_s, warnings)


def _discontinuous(
    header: EdfHeader, starts_s: NDArray[np.float64], warnings: list[str]
) -> tuple[Segment, ...]:
    """Return the pieces of a file whose records stand each at its own time."""
    known = ~np.isnan(starts_s)
    if not known.any():
        raise ReadError(
            f"{header.path.name}: is discontinuous ({header.family}+D) and no data record says "
            "when it was recorded; export the recording again"
        )
    records = np.flatnonzero(known)
    ends = np.maximum.accumulate(starts_s[records]) + header.record_s
    in_order = np.ones(records.size, dtype=np.bool_)
    in_order[1:] = starts_s[records[1:]] >= ends[:-1] - TOLERANCE_S
    records = records[in_order]
    lost = header.n_records - records.size
    if lost:
        warnings.append(
            f"{lost} of {header.n_records} data records are left out: the time at which they were "
            "recorded is unreadable or runs backwards"
        )
    return _pieces(header, records, starts_s[records], TOLERANCE_S, warnings)


def _contiguous(
    header: EdfHeader, starts_s: NDArray[np.float64], warnings: list[str]
) -> tuple[Segment, ...]:
    """Return the one piece of a contiguous file, or several where its own clock has gaps."""
    records = np.arange(header.n_records)
    lag = starts_s - records * header.record_s
    known = np.flatnonzero(~np.isnan(lag))
    latest = np.searchsorted(known, records, side="right") - 1
    lag = lag[known[np.maximum(latest, 0)]]
    steps = np.diff(lag)
    if (steps < -CONTIGUOUS_TOLERANCE_S).any():
        warnings.append(
            "the times of the data records run backwards: the records are taken as contiguous, as "
            f"{header.family}+C promises"
        )
        return (Segment(float(lag[0]), header.n_records * header.record_s, 0.0),)
    n_gaps = int((steps > CONTIGUOUS_TOLERANCE_S).sum())
    if n_gaps:
        warnings.append(
            f"the file declares {header.family}+C, but the times of its data records leave "
            f"{n_gaps} gaps: the gaps are kept"
        )
    starts_s = lag + records * header.record_s
    return _pieces(header, records, starts_s, CONTIGUOUS_TOLERANCE_S, warnings)


def _pieces(
    header: EdfHeader,
    records: NDArray[np.intp],
    starts_s: NDArray[np.float64],
    tolerance_s: float,
    warnings: list[str],
) -> tuple[Segment, ...]:
    """Join records that follow each other in the file and in time."""
    lag = starts_s - records * header.record_s
    new = (np.diff(records) > 1) | (np.abs(np.diff(lag)) > tolerance_s)
    first = np.concatenate(([0], np.flatnonzero(new) + 1))
    stop = np.append(first[1:], records.size)
    drift_s = float(np.abs(lag - np.repeat(lag[first], stop - first)).max())
    if drift_s > tolerance_s:
        warnings.append(
            f"the times of the data records drift by {1000 * drift_s:.3g} ms against their "
            "samples: times far into a piece are less certain"
        )
    return tuple(
        Segment(
            float(starts_s[a]), float(b - a) * header.record_s, float(records[a]) * header.record_s
        )
        for a, b in zip(first, stop, strict=True)
    )
