"""What the marks of a recording say about free-running EMG: cues, maximal contractions, sleep."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.parameters import Parameters
from amr_viewer.core.recording import Mark, Recording

_CUE = re.compile(
    r"blink|clos|squeez|shut|smil|grin|pucker|whistl|kiss|brow|frown|wrinkl|teeth|grimac|"
    r"\bcue|\bgo\b|contract|movement|\bmove\b|volunt|speak|talk|lift|purse|puff|open mouth|"
    r"task|instruct|trial|gentle|forced|мигн|моргн|зажм|закр|улыб|оскал|губ|бров|нахмур|наморщ|"
    r"движен|blinzel|lid|lach|pfeif|stirn",
    re.IGNORECASE,
)
_MAXIMAL = re.compile(r"\bmvc\b|\bmax|maxim|full effort|calibrat|макс", re.IGNORECASE)
_ASLEEP = re.compile(
    r"\basleep\b|\bsleep(?!.*(?:off|end))|\bn[1-3]\b|\bn?rem\b|stage [1-4nr]|\bсон\b|спит",
    re.IGNORECASE,
)
_AWAKE = re.compile(r"\bawake\b|\bwak(?:e|ing)\b|stage w|sleep (?:off|end)|бодр|проснул", re.I)
_SURGERY = re.compile(
    r"\bdura\b|decompress|teflon|\bmvd\b|craniot|retract|\baica\b|\bpica\b|\brez\b|drill|incision|"
    r"tumou?r|resect|dissect|suture|closure of|skin clos|anaesth|anesth|propofol|декомпресс|"
    r"тефлон|трепан|твёрд|тверд",
    re.IGNORECASE,
)
_REST = re.compile(r"\brest\b|\brelax|\bquiet|eyes open|покой|rest period", re.IGNORECASE)
REPEATED = 5
"""A text without meaning that comes so often is taken for a cue."""

LONGEST_CUE_S = 15.0
"""What lasts longer is a state ("eyes closed"), no movement."""

CUE_LEAD_S = 0.25
"""A movement may begin a little before the mark that somebody set by hand."""


@dataclass(frozen=True, slots=True, eq=False)
class FreeMarks:
    """What the marks say, in seconds from the start; all arrays have shape (n, 2): from, to.

    Attributes
    ----------
    cues, maximal, asleep, awake : ndarray
    intra_operative : bool
    """

    cues: NDArray[np.float64]
    maximal: NDArray[np.float64]
    asleep: NDArray[np.float64]
    awake: NDArray[np.float64]
    intra_operative: bool


def read_marks(recording: Recording, parameters: Parameters) -> FreeMarks:
    """Return what the marks that are no stimuli say about free-running EMG."""
    marks = [m for m in recording.marks if m.stimulus is None and m.text.strip()]
    p = parameters.patterns
    surgical = sum(bool(_SURGERY.search(m.text)) for m in marks)
    cues = [m for m in marks if _is_cue(m)]
    plain: dict[str, list[Mark]] = {}
    for mark in marks:
        if not any(r.search(mark.text) for r in (_CUE, _MAXIMAL, _ASLEEP, _AWAKE, _SURGERY, _REST)):
            plain.setdefault(re.sub(r"\d+", "", mark.text).strip().casefold(), []).append(mark)
    cues += [m for same in plain.values() if len(same) >= REPEATED for m in same]
    maximal = [m for m in marks if _MAXIMAL.search(m.text)]
    states = sorted(
        (m for m in marks if _ASLEEP.search(m.text) or _AWAKE.search(m.text)),
        key=lambda m: m.time_s,
    )
    asleep, awake = _states(states, recording.duration_s)
    return FreeMarks(
        _spans(sorted(cues, key=lambda m: m.time_s), p.cue_s),
        _spans(maximal, p.cue_s, 0.0),
        asleep,
        awake,
        surgical >= p.surgical_marks,
    )


def _is_cue(mark: Mark) -> bool:
    """Whether a mark asks for a movement."""
    text = mark.text
    if mark.duration_s > LONGEST_CUE_S:
        return False
    if _REST.search(text) or _MAXIMAL.search(text) or _SURGERY.search(text):
        return False
    return bool(_CUE.search(text)) and not _ASLEEP.search(text)


def _spans(marks: list[Mark], default_s: float, lead_s: float = CUE_LEAD_S) -> NDArray[np.float64]:
    """Return from when to when marks hold, each up to the next at most."""
    out = np.empty((len(marks), 2))
    for i, mark in enumerate(marks):
        lasting = mark.duration_s if mark.duration_s > 0.0 else 0.0
        end = mark.time_s + max(lasting + 0.5, default_s)
        if i + 1 < len(marks) and marks[i + 1].time_s > mark.time_s:
            end = min(end, marks[i + 1].time_s)
        out[i] = mark.time_s - lead_s, end
    return out


def _states(
    marks: list[Mark], duration_s: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return when the patient slept and when not; empty where nothing says so."""
    asleep: list[tuple[float, float]] = []
    awake: list[tuple[float, float]] = []
    if marks and not _AWAKE.search(marks[0].text) and marks[0].time_s > 0.0:
        awake.append((0.0, marks[0].time_s))
    for i, mark in enumerate(marks):
        end = marks[i + 1].time_s if i + 1 < len(marks) else duration_s
        if mark.duration_s > 0.0:
            end = min(end, mark.time_s + mark.duration_s)
        (awake if _AWAKE.search(mark.text) else asleep).append((mark.time_s, end))
    if not asleep:
        awake = []
    return np.array(asleep).reshape(-1, 2), np.array(awake).reshape(-1, 2)


def within(times_s: NDArray[np.float64], spans: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which times lie in any of the spans."""
    inside = np.zeros(len(times_s), dtype=np.bool_)
    for a, b in spans:
        inside |= (times_s >= a) & (times_s < b)
    return inside


def span_of(times_s: NDArray[np.float64], spans: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the last span that holds each time, -1 for none."""
    index = np.full(len(times_s), -1, dtype=np.intp)
    for i, (a, b) in enumerate(spans):
        index[(times_s >= a) & (times_s < b)] = i
    return index
