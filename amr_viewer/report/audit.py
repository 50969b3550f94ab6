"""What a person changed: the log of the review, and where the answer rests on it."""

from __future__ import annotations

from itertools import groupby

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Role
from amr_viewer.core.decisions import Change
from amr_viewer.core.phrases import said
from amr_viewer.report.model import EditRow
from amr_viewer.report.wording import Wording

MOST_ROWS = 200
"""Lines of the log that a report prints; analysis.json holds all of them."""


def edits(analysis: Analysis, words: Wording) -> tuple[EditRow, ...]:
    """Return the log, the newest `MOST_ROWS` lines; what one gesture changed is one line."""
    log = analysis.review.log if analysis.review else ()
    rows = []
    for _, group in groupby(log, key=_gesture):
        same = list(group)
        what, was, now = (
            said(phrase, words.log) for phrase in (same[0].subject, same[0].before, same[0].after)
        )
        if len(same) > 1:
            what = words.sentences["joined"].format(what=what, n=len(same) - 1)
        rows.append(EditRow(what, was, now, same[0].author, _moment(same[0].at)))
    return tuple(rows[-MOST_ROWS:])


def edits_note(analysis: Analysis, shown: int, words: Wording) -> str:
    """Say if older lines are not printed."""
    log = analysis.review.log if analysis.review else ()
    return words.sentences["older_edits"] if shown == MOST_ROWS and len(log) > shown else ""


def _gesture(change: Change) -> tuple[str, ...]:
    """Return what changes of one gesture have in common."""
    kind = change.subject.code
    what = kind if kind in {"sweep", "burst"} else change.what
    return (what, change.was, change.is_, change.author, change.at)


def _moment(at: str) -> str:
    """Return date and time to the minute."""
    return at.replace("T", " ")[:16]


def rests(analysis: Analysis, words: Wording) -> str:
    """Say on how many decisions of a person the answer rests, empty if on none."""
    own = [
        f
        for f in analysis.findings
        if f.source == "manual" and f.role in {Role.LATERAL, Role.OTHER}
    ]
    if not own:
        return ""
    manual = analysis.responses.manual
    sweeps = sum(int(manual[list(f.stimulus_indices), f.channel_index].sum()) for f in own)
    verdicts = sum(f.overruled for f in own)
    return words.sentences["rests"].format(sweeps=sweeps, verdicts=verdicts)
